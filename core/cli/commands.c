/* SPDX-License-Identifier: MIT */
/* The table of commands, the options they share, and what outcomes mean to the caller. */
#include "config.h"

#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/escape.h"
#include "cli/commands.h"
#include "cli/content.h"
#include "cli/terminal.h"

const struct vg_cmd *const vg_commands[] = {
    &vg_cmd_completion,
    &vg_cmd_config,
    &vg_cmd_crawl,
    &vg_cmd_explain,
    &vg_cmd_extract,
    &vg_cmd_flags,
    &vg_cmd_frontier,
    &vg_cmd_help,
    &vg_cmd_html,
    &vg_cmd_init,
    &vg_cmd_lexicon,
    &vg_cmd_plugin,
    &vg_cmd_query,
    &vg_cmd_report,
    &vg_cmd_robots,
    &vg_cmd_scan,
    &vg_cmd_shell,
    &vg_cmd_show,
    &vg_cmd_sitemap,
    &vg_cmd_url,
    &vg_cmd_verify,
    &vg_cmd_version,
    &vg_cmd_watch,
    &vg_cmd_why,
    NULL,
};

const struct vg_option vg_global_options[] = {
    {.name = "case",
	.letter = 'C',
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help =
	    "the case to work on (default: the nearest folder upwards that is one)"},
    {.name = "json",
	.kind = VG_OPT_MAYBE,
	.arg = "FIELDS",
	.help = "print JSON; --json=a,b selects fields, --json=? lists them"},
    {.name = "color",
	.kind = VG_OPT_ENUM,
	.arg = "auto|always|never",
	.help = "colour the output (default: only on a terminal)"},
    {.name = "no-pager", .kind = VG_OPT_FLAG, .help = "never start a pager"},
    {.name = "quiet",
	.letter = 'q',
	.kind = VG_OPT_FLAG,
	.help = "no notices and no progress"},
    {.name = "verbose",
	.letter = 'v',
	.kind = VG_OPT_FLAG,
	.flags = VG_OPT_MANY,
	.help = "more log lines; twice for all of them"},
    {.name = "help",
	.letter = 'h',
	.kind = VG_OPT_FLAG,
	.help = "-h prints one screen, --help everything"},
    {.name = "version", .kind = VG_OPT_FLAG, .help = "print the version"},
    {.name = NULL},
};

void vg_cmd_tables(
    const struct vg_cmd *cmd, const struct vg_option *ret[VG_OPTION_TABLES])
{
	size_t n = 0;

	if (cmd && cmd->options)
		ret[n++] = cmd->options;
	if (cmd && cmd->content)
		ret[n++] = vg_content_options;
	ret[n++] = vg_global_options;
	ret[n] = NULL;
}

enum vg_exit vg_exit_code(enum vg_status status)
{
	switch (status) {
	case VG_OK:
		return VG_EXIT_OK;
	case VG_E_INVALID:
	case VG_E_TOO_LARGE:
	case VG_E_LIMIT:
	case VG_E_NOT_FOUND:
	case VG_E_DENIED:
	case VG_E_UNSUPPORTED:
		return VG_EXIT_NEGATIVE;
	case VG_E_NOMEM:
	case VG_E_IO:
	case VG_E_INTERNAL:
		return VG_EXIT_FAILURE;
	case VG_E_CORRUPT:
		return VG_EXIT_VERIFICATION;
	case VG_E_AGAIN:
	case VG_E_NETWORK:
		return VG_EXIT_NETWORK;
	case VG_E_BUSY:
		return VG_EXIT_BUSY;
	case VG_E_STOP:
		return VG_EXIT_INTERRUPTED;
	}
	return VG_EXIT_FAILURE;
}

enum vg_status vg_cli_usage(
    struct vg_cli *cli, struct vg_error *err, const char *fmt, ...)
{
	char text[sizeof(err->msg)];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	cli->exit_code = VG_EXIT_USAGE;
	return vg_fail(err, VG_E_INVALID, "%s", text);
}

void vg_cli_hint(struct vg_cli *cli, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(cli->hint, sizeof(cli->hint), fmt, args);
	va_end(args);
}

void vg_cli_notice(const struct vg_cli *cli, const char *fmt, ...)
{
	struct vg_buf line = VG_BUF_INIT(8192);
	char text[1024];
	va_list args;

	if (cli->quiet)
		return;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	vg_escape_terminal(&line, vg_str(text));
	(void)fprintf(stderr, "vigia: %s\n", vg_buf_cstr(&line));
	vg_buf_release(&line);
}

enum vg_status vg_cli_print(
    const struct vg_cli *cli, struct vg_buf *out, bool paged, struct vg_error *err)
{
	enum vg_status st = vg_buf_status(out, err);

	if (st == VG_OK) {
		if (paged && !vg_option_is_set(&cli->options, "no-pager"))
			vg_pager_start();
		vg_stdout_add(out);
	}
	vg_buf_release(out);
	return st;
}
