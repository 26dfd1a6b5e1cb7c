/* SPDX-License-Identifier: MIT */
/* vigia completion SHELL: completion scripts written from the command rows. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/terminal.h"

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
	    "_vigia()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} path= words= options= i\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "\t\tcase ${COMP_WORDS[i]} in\n"
	    "\t\t-C | --case) ((i++)) ;;\n"
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
	    "\telif [[ -n $words ]]; then\n"
	    "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	    "\telse\n"
	    "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
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
			    "%s%s -d ",
			    cmd->name, row->name,
			    row->kind == VG_OPT_FLAG ? "" : " -r");
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

static enum vg_status completion(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(1 << 20);
	const char *shell = cli->operands[0];
	enum vg_status st;

	if (strcmp(shell, "bash") == 0) {
		write_bash(&out);
	} else if (strcmp(shell, "zsh") == 0) {
		write_zsh(&out);
	} else if (strcmp(shell, "fish") == 0) {
		write_fish(&out);
	} else {
		vg_cli_hint(cli, "vigia completion bash");
		return vg_cli_usage(
		    cli, err, "no completion for '%s': bash, zsh or fish", shell);
	}
	st = vg_buf_status(&out, err);
	if (st == VG_OK)
		vg_stdout_add(&out);
	vg_buf_release(&out);
	return st;
}

const struct vg_cmd vg_cmd_completion = {
    .name = "completion",
    .summary = "print a completion script for bash, zsh or fish",
    .usage = "bash | zsh | fish",
    .examples = "  eval \"$(vigia completion bash)\"\n",
    .min_operands = 1,
    .max_operands = 1,
    .run = completion,
};
