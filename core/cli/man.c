/* SPDX-License-Identifier: MIT */
/* The manual pages, written from the command rows: vigia(1) and one a command. */
#include "config.h"

#include "cli/help.h"

#include <stdio.h>
#include <string.h>

/* Text for roff: backslashes, hyphens and a dot or quote at the start of a line. */
static void add_text(struct vg_buf *out, const char *text)
{
	bool start = true;

	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			vg_buf_addz(out, "\\&");
		start = *text == '\n';
		if (*text == '\\')
			vg_buf_addz(out, "\\e");
		else if (*text == '-')
			vg_buf_addz(out, "\\-");
		else
			vg_buf_addc(out, *text);
	}
}

static void add_options(struct vg_buf *out, const struct vg_option *rows)
{
	for (; rows && rows->name; rows++) {
		vg_buf_addz(out, ".TP\n");
		if (rows->letter)
			vg_buf_addf(out, "\\fB\\-%c\\fR, ", rows->letter);
		vg_buf_addz(out, "\\fB\\-\\-");
		add_text(out, rows->name);
		vg_buf_addz(out, "\\fR");
		if (rows->arg) {
			vg_buf_addz(
			    out, rows->kind == VG_OPT_MAYBE ? "[=\\fI" : " \\fI");
			add_text(out, rows->arg);
			vg_buf_addz(out, rows->kind == VG_OPT_MAYBE ? "\\fR]" : "\\fR");
		}
		vg_buf_addc(out, '\n');
		add_text(out, rows->help);
		vg_buf_addz(out, ".\n");
	}
}

static void add_name(struct vg_buf *out, const char *parent, const char *name)
{
	vg_buf_addz(out, "vigia ");
	if (parent)
		vg_buf_addf(out, "%s ", parent);
	add_text(out, name);
}

/* What the command does, its options, fields and examples. */
static void add_command(struct vg_buf *out, const struct vg_cmd *cmd)
{
	const struct vg_option *tables[VG_OPTION_TABLES];

	if (cmd->about) {
		vg_buf_addz(out, ".PP\n");
		add_text(out, cmd->about);
		vg_buf_addc(out, '\n');
	}
	vg_cmd_tables(cmd, tables);
	for (size_t i = 0; tables[i] != vg_global_options; i++)
		add_options(out, tables[i]);
	if (cmd->json_fields) {
		vg_buf_addz(out, ".PP\nFields of \\-\\-json: ");
		add_text(out, cmd->json_fields);
		vg_buf_addz(out, ".\n");
	}
	if (cmd->examples) {
		vg_buf_addz(out, ".PP\n.nf\n");
		add_text(out, cmd->examples);
		vg_buf_addz(out, ".fi\n");
	}
}

static void add_subcommand(
    struct vg_buf *out, const struct vg_cmd *cmd, const char *parent)
{
	vg_buf_addz(out, ".SS \"");
	add_name(out, parent, cmd->name);
	if (*cmd->usage)
		vg_buf_addc(out, ' ');
	add_text(out, cmd->usage);
	vg_buf_addz(out, "\"\n");
	add_text(out, cmd->summary);
	vg_buf_addz(out, ".\n");
	add_command(out, cmd);
}

static const char exit_codes[] =
    ".SH EXIT STATUS\n"
    ".TP\n\\fB0\\fR\nDone.\n"
    ".TP\n\\fB1\\fR\nA negative answer, or an input that was refused.\n"
    ".TP\n\\fB2\\fR\nThe command line or the configuration is wrong.\n"
    ".TP\n\\fB3\\fR\nFailure.\n"
    ".TP\n\\fB4\\fR\nVerification failed: stored bytes do not match their digest.\n"
    ".TP\n\\fB5\\fR\nSome targets failed.\n"
    ".TP\n\\fB6\\fR\nBusy: another process holds the lock.\n"
    ".TP\n\\fB7\\fR\nThe network failed: trying again is sensible.\n"
    ".TP\n\\fB130\\fR\nInterrupted.\n";

static const char environment[] =
    ".SH ENVIRONMENT\n"
    "\\fBVIGIA_CASE\\fR names the case; "
    "\\fBVIGIA_LEXICON_DIR\\fR and \\fBVIGIA_PLUGIN_DIR\\fR the detection tables and "
    "the plugins.\n"
    "\\fBVIGIA_\\fISECTION\\fB_\\fIKEY\\fR overrides a configuration key, for instance "
    "\\fBVIGIA_OPERATOR_CONTACT\\fR.\n"
    "\\fBNO_COLOR\\fR, \\fBCLICOLOR\\fR, \\fBCLICOLOR_FORCE\\fR, \\fBVIGIA_PAGER\\fR "
    "and \\fBPAGER\\fR work as elsewhere.\n"
    ".SH FILES\n"
    "\\fIvigia.ini\\fR and \\fIvigia.db\\fR in the folder of a case; "
    "\\fI$XDG_CONFIG_HOME/vigia/vigia.ini\\fR for what all cases of a user share.\n";

static void add_heading(struct vg_buf *out, const char *page, const char *summary)
{
	vg_buf_addz(out,
	    ".\\\" SPDX-License-Identifier: MIT\n"
	    ".\\\" Written by 'vigia help --man' from the option rows.\n.TH ");
	vg_buf_addf(out,
	    "\"%s\" 1 \"\" \"vigia " VERSION "\" \"User Commands\"\n.SH NAME\n", page);
	add_text(out, page);
	vg_buf_addz(out, " \\- ");
	add_text(out, summary);
	vg_buf_addc(out, '\n');
}

/* vigia(1): the commands in a line each, and what they share. */
static void add_overview(struct vg_buf *out)
{
	add_heading(
	    out, "vigia", "watch listings, flag illicit offers, keep the proof");
	vg_buf_addz(out,
	    ".SH SYNOPSIS\n"
	    ".B vigia\n[\\fIoptions\\fR] \\fICOMMAND\\fR "
	    "[\\fIarguments\\fR]\n"
	    ".SH COMMANDS\n"
	    "Each has a page of its own: \\fBvigia\\-crawl\\fR(1) and so on.\n");
	for (const struct vg_cmd *const *row = vg_commands; *row; row++) {
		if ((*row)->flags & VG_CMD_HIDDEN)
			continue;
		vg_buf_addz(out, ".TP\n\\fB");
		add_text(out, (*row)->name);
		vg_buf_addz(out, "\\fR\n");
		add_text(out, (*row)->summary);
		vg_buf_addz(out, ".\n");
	}
	vg_buf_addz(out, ".SH OPTIONS OF EVERY COMMAND\n"
			 "Long options are never abbreviated; \\fB\\-\\-\\fR ends the "
			 "options; a FILE may be \\fB\\-\\fR for standard input.\n");
	add_options(out, vg_global_options);
	vg_buf_addz(out, exit_codes);
	vg_buf_addz(out, environment);
}

void vg_help_man(struct vg_buf *out, const struct vg_cmd *cmd)
{
	char page[64];

	if (!cmd) {
		add_overview(out);
		return;
	}
	(void)snprintf(page, sizeof(page), "vigia-%s", cmd->name);
	add_heading(out, page, cmd->summary);
	vg_buf_addz(out, ".SH SYNOPSIS\n.B ");
	add_name(out, NULL, cmd->name);
	vg_buf_addc(out, '\n');
	add_text(out, cmd->commands ? "COMMAND [arguments]" : cmd->usage);
	vg_buf_addz(out, "\n.SH DESCRIPTION\n");
	add_text(out, cmd->summary);
	vg_buf_addz(out, ".\n");
	for (const struct vg_cmd *const *sub = cmd->commands; sub && *sub; sub++)
		add_subcommand(out, *sub, cmd->name);
	add_command(out, cmd);
	vg_buf_addz(out,
	    ".SH SEE ALSO\n\\fBvigia\\fR(1) for the options of every command, exit "
	    "codes and environment.\n");
}
