/* SPDX-License-Identifier: MIT */
/* Help screens written from the command rows. */
#include "config.h"

#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "conf/value.h"

#define HELP_COLUMN 26 /* where the help of an option starts */
#define HELP_WIDTH 79

const char *vg_help_nearest(const struct vg_cmd *const *table, const char *word)
{
	const char *best = NULL;
	size_t distance = SIZE_MAX;

	for (; *table; table++)
		if (!((*table)->flags & VG_CMD_HIDDEN) &&
		    vg_word_nearer(vg_str(word), (*table)->name, &distance))
			best = (*table)->name;
	return best;
}

const struct vg_cmd *vg_help_find(char *const *words, int count, char path[64])
{
	const struct vg_cmd *const *table = vg_commands;
	const struct vg_cmd *found = NULL;

	path[0] = '\0';
	for (int i = 0; i < count; i++) {
		const struct vg_cmd *const *row = table;

		while (row && *row && strcmp((*row)->name, words[i]) != 0)
			row++;
		if (!row || !*row)
			return NULL;
		found = *row;
		table = found->commands;
		(void)snprintf(path + strlen(path), 64 - strlen(path), "%s%s",
		    i ? " " : "", found->name);
	}
	return found;
}

/* Wraps `text` at HELP_WIDTH, further lines indented; a newline in `text` starts a new line. */
static void add_wrapped(
    struct vg_buf *out, const char *text, size_t column, size_t indent)
{
	while (*text) {
		size_t word = strcspn(text, " \n");

		if (column > indent && column + 1 + word > HELP_WIDTH) {
			vg_buf_addf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			vg_buf_addc(out, ' ');
			column++;
		}
		vg_buf_add(out, text, word);
		column += word;
		text += word;
		if (*text == '\n') {
			vg_buf_addf(out, "\n%*s", (int)indent, "");
			column = indent;
		}
		if (*text)
			text++;
	}
	vg_buf_addc(out, '\n');
}

static void add_entry(struct vg_buf *out, const char *left, const char *help)
{
	size_t len = strlen(left);

	vg_buf_addf(out, "  %s", left);
	if (len + 4 > HELP_COLUMN)
		vg_buf_addf(out, "\n%*s", HELP_COLUMN, "");
	else
		vg_buf_addf(out, "%*s", (int)(HELP_COLUMN - 2 - len), "");
	add_wrapped(out, help, HELP_COLUMN, HELP_COLUMN);
}

static void add_options(struct vg_buf *out, const struct vg_option *rows)
{
	for (; rows && rows->name; rows++) {
		char left[128];
		char letter[8] = "    ";

		if (rows->letter)
			(void)snprintf(letter, sizeof(letter), "-%c, ", rows->letter);
		(void)snprintf(left, sizeof(left),
		    rows->kind == VG_OPT_FLAG    ? "%s--%s"
		    : rows->kind == VG_OPT_MAYBE ? "%s--%s[=%s]"
						 : "%s--%s %s",
		    letter, rows->name, rows->arg ? rows->arg : "");
		add_entry(out, left, rows->help);
	}
}

static void add_commands(struct vg_buf *out, const struct vg_cmd *const *table)
{
	for (; table && *table; table++)
		if (!((*table)->flags & VG_CMD_HIDDEN))
			add_entry(out, (*table)->name, (*table)->summary);
}

static void add_exit_codes(struct vg_buf *out)
{
	vg_buf_addz(out,
	    "\nExit codes:\n"
	    "  0 done                     4 verification failed\n"
	    "  1 a negative answer        5 some targets failed\n"
	    "  2 usage or configuration   6 busy: another process holds the lock\n"
	    "  3 failure                  7 network: try again     130 interrupted\n");
}

static void print_top(struct vg_buf *out, bool full)
{
	vg_buf_addz(out, "vigia " PACKAGE_VERSION
			 ": watch listings, flag illicit offers, keep the proof\n\n"
			 "Usage: vigia [options] COMMAND [arguments]\n\nCommands:\n");
	add_commands(out, vg_commands);
	vg_buf_addz(out, "\nOptions of every command:\n");
	add_options(out, vg_global_options);
	if (full) {
		add_exit_codes(out);
		vg_buf_addz(out, "\nStart here:\n"
				 "  vigia init mycase --contact you@newsroom.example\n"
				 "  vigia -C mycase crawl\n"
				 "  vigia -C mycase flags\n");
	}
	vg_buf_addz(out, "\nMore: vigia help COMMAND, man vigia\n");
}

void vg_help_print(
    struct vg_buf *out, const struct vg_cmd *cmd, const char *path, bool full)
{
	const struct vg_option *tables[VG_OPTION_TABLES];

	if (!cmd) {
		print_top(out, full);
		return;
	}
	vg_buf_addf(out, "vigia %s: %s\n\nUsage: vigia %s %s\n", path, cmd->summary,
	    path, cmd->commands ? "COMMAND [arguments]" : cmd->usage);
	if (full && cmd->about) {
		vg_buf_addc(out, '\n');
		add_wrapped(out, cmd->about, 0, 0);
	}
	if (cmd->commands) {
		vg_buf_addz(out, "\nCommands:\n");
		add_commands(out, cmd->commands);
	}
	vg_cmd_tables(cmd, tables);
	if (tables[0] != vg_global_options)
		vg_buf_addz(out, "\nOptions:\n");
	for (size_t i = 0; tables[i] != vg_global_options; i++)
		add_options(out, tables[i]);
	if (full) {
		vg_buf_addz(out, "\nOptions of every command:\n");
		add_options(out, vg_global_options);
		if (cmd->json_fields) {
			vg_buf_addz(out, "\nFields of --json:\n  ");
			add_wrapped(out, cmd->json_fields, 2, 2);
		}
		if (cmd->examples)
			vg_buf_addf(out, "\nExamples:\n%s", cmd->examples);
		add_exit_codes(out);
	} else {
		vg_buf_addf(out, "\nMore: vigia %s --help\n", path);
	}
}
