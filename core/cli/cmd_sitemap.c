/* SPDX-License-Identifier: MIT */
/* vigia sitemap parse: which addresses a saved sitemap or feed names. */
#include "config.h"

#include "base/escape.h"
#include "cli/commands.h"
#include "cli/content.h"

static const struct vg_option options[] = {
    {.name = "url",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "URL",
	.help = "the address of the file, against which entries are resolved"},
    {.name = NULL}};

static void print_parse(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	(void)content;
	for (int list = 0; list < 2; list++) {
		const struct vg_json *entries =
		    vg_json_get(result, list ? "sitemaps" : "urls");

		for (const struct vg_json *e = entries ? entries->first : NULL; e;
		     e = e->next) {
			struct vg_str when = vg_json_get_str(e, "lastmod");

			vg_escape_terminal(out, vg_json_get_str(e, "loc"));
			if (when.len) {
				vg_buf_addc(out, '\t');
				vg_escape_terminal(out, when);
			}
			vg_buf_addc(out, '\n');
		}
	}
	if (vg_json_get_true(result, "truncated"))
		vg_cli_notice(
		    cli, "sitemap parse: the file is cut, or a limit was met");
}

static const struct vg_cmd cmd_parse = {
    .name = "parse",
    .summary = "list the addresses of a sitemap, sitemap index, RSS or Atom feed",
    .usage = "[--url URL] FILE | --batch",
    .options = options,
    .content =
	&(const struct vg_content_row){.op = "sitemap.parse", .print = print_parse},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd *const commands[] = {&cmd_parse, NULL};

const struct vg_cmd vg_cmd_sitemap = {
    .name = "sitemap",
    .summary = "read a saved sitemap or feed",
    .commands = commands,
};
