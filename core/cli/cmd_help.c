/* SPDX-License-Identifier: MIT */
/* vigia help [COMMAND]: what --help prints. */
#include "config.h"

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/terminal.h"

#include <stdio.h>

static enum vg_status help(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(1 << 20);
	const struct vg_cmd *cmd = NULL;
	enum vg_status st = VG_OK;
	char path[64] = "";

	if (cli->operand_count > 0) {
		cmd = vg_help_find(cli->operands, cli->operand_count, path);
		if (!cmd) {
			const char *near =
			    vg_help_nearest(vg_commands, cli->operands[0]);

			vg_cli_hint(
			    cli, "vigia help%s%s", near ? " " : "", near ? near : "");
			st = vg_cli_usage(
			    cli, err, "unknown command: %s", cli->operands[0]);
			goto out;
		}
	}
	if (vg_option_is_set(&cli->options, "man"))
		vg_help_man(&out, cmd);
	else
		vg_help_print(&out, cmd, path, true);
	st = vg_cli_print(cli, &out, true, err);
out:
	vg_buf_release(&out);
	return st;
}

static const struct vg_option options[] = {
    {.name = "man",
	.kind = VG_OPT_FLAG,
	.help = "print the manual page as man(7) source"},
    {.name = NULL},
};

const struct vg_cmd vg_cmd_help = {
    .name = "help",
    .summary = "explain a command",
    .usage = "[COMMAND]",
    .options = options,
    .max_operands = 2,
    .run = help,
};
