/* SPDX-License-Identifier: MIT */
/* vigia completion SHELL: completion scripts written from the command rows, and the names they ask for. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "conf/conf.h"

static void add_words(struct vg_buf *out, const struct vg_cmd *const *table)
{
	for (const struct vg_cmd *const *row = table; row && *row; row++)
		if (!((*row)->flags & VG_CMD_HIDDEN))
			vg_buf_addf(out, "%s%s", row == table ? "" : " ", (*row)->name);
}

static void add_options(struct vg_buf *out, const struct vg_cmd *cmd)
{
	const struct vg_option *tables[VG_OPTION_TABLES];
	bool first = true;

	vg_cmd_tables(cmd, tables);
	for (size_t i = 0; tables[i]; i++)
		for (const struct vg_option *row = tables[i]; row->name; row++) {
			vg_buf_addf(out, "%s--%s", first ? "" : " ", row->name);
			first = false;
		}
}

typedef void visit_command(
    struct vg_buf *out, const struct vg_cmd *cmd, const struct vg_cmd *parent);

static void for_each(struct vg_buf *out, visit_command *visit)
{
	for (const struct vg_cmd *const *row = vg_commands; *row; row++) {
		visit(out, *row, NULL);
		for (const struct vg_cmd *const *sub = (*row)->commands; sub && *sub;
		     sub++)
			visit(out, *sub, *row);
	}
}

/* One arm of a case over "command subcommand"; bash and zsh share it. */
static void add_arm(
    struct vg_buf *out, const struct vg_cmd *cmd, const struct vg_cmd *parent)
{
	if (cmd->flags & VG_CMD_HIDDEN)
		return;
	vg_buf_addf(out, "\t\"%s%s%s\") words=\"", parent ? parent->name : "",
	    parent ? " " : "", cmd->name);
	add_words(out, cmd->commands);
	vg_buf_addz(out, "\" options=\"");
	add_options(out, cmd);
	vg_buf_addz(out, "\" ;;\n");
}

/* What may follow an option: the words of an enumeration, or a list that vigia prints. */
static void add_values(
    struct vg_buf *out, const struct vg_cmd *cmd, const struct vg_cmd *parent)
{
	const struct vg_option *tables[VG_OPTION_TABLES];

	vg_cmd_tables(cmd, tables);
	for (size_t i = 0; tables[i] && tables[i] != vg_global_options; i++)
		for (const struct vg_option *row = tables[i]; row->name; row++) {
			if (row->kind != VG_OPT_ENUM)
				continue;
			vg_buf_addf(out, "\t\"%s%s%s --%s\") compgen -W \"",
			    parent ? parent->name : "", parent ? " " : "", cmd->name,
			    row->name);
			for (const char *c = row->arg; *c; c++)
				vg_buf_addc(out, *c == '|' ? ' ' : *c);
			vg_buf_addz(out, "\" -- \"$2\" ;;\n");
		}
}

static void write_bash(struct vg_buf *out)
{
	vg_buf_addz(out, "# Completion for vigia; written by 'vigia completion bash'.\n"
			 "_vigia_rows()\n{\n\tcase $1 in\n\t\"\") words=\"");
	add_words(out, vg_commands);
	vg_buf_addz(out, "\" options=\"");
	add_options(out, NULL);
	vg_buf_addz(out, "\" ;;\n");
	for_each(out, add_arm);
	vg_buf_addz(out,
	    "\t*) return 1 ;;\n\tesac\n}\n\n"
	    "# What may follow the command or option $1, for the word $2.\n"
	    "_vigia_values()\n{\n\tcase $1 in\n");
	for_each(out, add_values);
	vg_buf_addz(out,
	    "\t*\" --color\") compgen -W \"auto always never\" -- \"$2\" ;;\n"
	    "\t*\" --site\" | \"config explain\") compgen -W \"$(_vigia_ask sites)\" "
	    "-- \"$2\" ;;\n"
	    "\t*\" --plugin\" | \"plugin info\") compgen -W \"$(_vigia_ask plugins)\" "
	    "-- \"$2\" ;;\n"
	    "\t*\" --case\" | *\" -C\" | *\" --lexicon\" | *\" --plugins\") compgen -d "
	    "-- \"$2\" ;;\n"
	    "\t*) compgen -f -- \"$2\" ;;\n\tesac\n}\n\n"
	    "# The names of the case at hand, asked of the vigia that is being typed.\n"
	    "_vigia_ask()\n{\n"
	    "\t\"${COMP_WORDS[0]/#\\~/$HOME}\" ${case:+-C \"$case\"} completion \"$1\" "
	    "2>/dev/null\n}\n\n"
	    "_vigia()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	    "\tlocal path= words= options= case= i\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "\t\tcase ${COMP_WORDS[i]} in\n"
	    "\t\t-C | --case) ((i++)); case=${COMP_WORDS[i]} ;;\n"
	    "\t\t-*) ;;\n"
	    "\t\t*)\n"
	    "\t\t\tif _vigia_rows \"${path:+$path }${COMP_WORDS[i]}\"; then\n"
	    "\t\t\t\tpath=${path:+$path }${COMP_WORDS[i]}\n"
	    "\t\t\tfi\n"
	    "\t\t\t;;\n"
	    "\t\tesac\n"
	    "\tdone\n"
	    "\t_vigia_rows \"$path\"\n"
	    "\tif [[ $cur == -* ]]; then\n"
	    "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
	    "\telif [[ $prev == -* ]]; then\n"
	    "\t\tCOMPREPLY=($(_vigia_values \"$path $prev\" \"$cur\"))\n"
	    "\telif [[ -n $words ]]; then\n"
	    "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	    "\telse\n"
	    "\t\tCOMPREPLY=($(_vigia_values \"$path\" \"$cur\"))\n"
	    "\tfi\n}\n"
	    "complete -o filenames -F _vigia vigia\n");
}

static void write_zsh(struct vg_buf *out)
{
	vg_buf_addz(out, "#compdef vigia\n"
			 "# written by 'vigia completion zsh'\n"
			 "autoload -U +X bashcompinit && bashcompinit\n");
	write_bash(out);
}

static void add_quoted(struct vg_buf *out, const char *text)
{
	vg_buf_addc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			vg_buf_addc(out, '\\');
		vg_buf_addc(out, *text);
	}
	vg_buf_addc(out, '\'');
}

/* What may follow an option in fish: "" for an ordinary file. */
static void add_fish_values(struct vg_buf *out, const struct vg_option *row)
{
	if (row->kind == VG_OPT_ENUM) {
		vg_buf_addz(out, " -x -a '");
		for (const char *c = row->arg; *c; c++)
			vg_buf_addc(out, *c == '|' ? ' ' : *c);
		vg_buf_addc(out, '\'');
	} else if (strcmp(row->name, "site") == 0 || strcmp(row->name, "plugin") == 0) {
		vg_buf_addf(
		    out, " -x -a '(vigia completion %ss 2>/dev/null)'", row->name);
	} else if (row->kind != VG_OPT_FLAG) {
		vg_buf_addz(out, " -r");
	}
}

static void add_fish(
    struct vg_buf *out, const struct vg_cmd *cmd, const struct vg_cmd *parent)
{
	const struct vg_option *tables[VG_OPTION_TABLES];

	if (cmd->flags & VG_CMD_HIDDEN)
		return;
	if (parent)
		vg_buf_addf(out,
		    "complete -c vigia -n '__fish_seen_subcommand_from %s' -f -a %s "
		    "-d ",
		    parent->name, cmd->name);
	else
		vg_buf_addf(out,
		    "complete -c vigia -n __fish_use_subcommand -f -a %s -d ",
		    cmd->name);
	add_quoted(out, cmd->summary);
	vg_buf_addc(out, '\n');
	vg_cmd_tables(cmd, tables);
	for (size_t i = 0; tables[i] != vg_global_options; i++)
		for (const struct vg_option *row = tables[i]; row->name; row++) {
			vg_buf_addf(out,
			    "complete -c vigia -n '__fish_seen_subcommand_from %s' -l "
			    "%s",
			    cmd->name, row->name);
			add_fish_values(out, row);
			vg_buf_addz(out, " -d ");
			add_quoted(out, row->help);
			vg_buf_addc(out, '\n');
		}
}

static void write_fish(struct vg_buf *out)
{
	vg_buf_addz(out, "# written by 'vigia completion fish'\n");
	for (const struct vg_option *row = vg_global_options; row->name; row++) {
		vg_buf_addf(out, "complete -c vigia -l %s -d ", row->name);
		add_quoted(out, row->help);
		vg_buf_addc(out, '\n');
	}
	for_each(out, add_fish);
}

static enum vg_status write_sites(
    struct vg_cli *cli, struct vg_buf *out, struct vg_error *err)
{
	enum vg_status st = vg_cli_open(cli, VG_CMD_CASE | VG_CMD_CONF, err);

	for (size_t i = 0; st == VG_OK && i < cli->conf->site_count; i++)
		vg_buf_addf(out, "%s\n", cli->conf->sites[i].name);
	return st;
}

static int is_plugin(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 3 && strcmp(entry->d_name + n - 3, ".so") == 0;
}

static enum vg_status write_plugins(
    struct vg_cli *cli, struct vg_buf *out, struct vg_error *err)
{
	struct dirent **entries = NULL;
	int n = scandir(vg_cli_plugin_dir(cli), &entries, is_plugin, alphasort);

	if (n < 0)
		return vg_fail_errno(err, errno, "%s", vg_cli_plugin_dir(cli));
	for (int i = 0; i < n; i++) {
		vg_buf_addf(out, "%.*s\n", (int)strlen(entries[i]->d_name) - 3,
		    entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return VG_OK;
}

static enum vg_status completion(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(1 << 20);
	const char *word = cli->operands[0];
	enum vg_status st = VG_OK;

	if (strcmp(word, "bash") == 0) {
		write_bash(&out);
	} else if (strcmp(word, "zsh") == 0) {
		write_zsh(&out);
	} else if (strcmp(word, "fish") == 0) {
		write_fish(&out);
	} else if (strcmp(word, "sites") == 0) {
		st = write_sites(cli, &out, err);
	} else if (strcmp(word, "plugins") == 0) {
		st = write_plugins(cli, &out, err);
	} else {
		vg_cli_hint(cli, "vigia completion bash");
		return vg_cli_usage(
		    cli, err, "no completion for '%s': bash, zsh or fish", word);
	}
	if (st == VG_OK)
		st = vg_cli_print(cli, &out, false, err);
	vg_buf_release(&out);
	return st;
}

const struct vg_cmd vg_cmd_completion = {
    .name = "completion",
    .summary = "print a completion script for bash, zsh or fish",
    .usage = "bash | zsh | fish | sites | plugins",
    .about = "The script completes commands and options, and asks vigia for the sites "
	     "of the "
	     "case and for the plugins; 'sites' and 'plugins' print those names.",
    .examples = "  eval \"$(vigia completion bash)\"\n",
    .min_operands = 1,
    .max_operands = 1,
    .run = completion,
};
