/* SPDX-License-Identifier: MIT */
/* vigia html text|links|charset: how a saved page is read. */
#include "config.h"

#include "cli/commands.h"
#include "cli/content.h"
#include "cli/terminal.h"
#include "base/escape.h"

static const struct vg_option html_options[] = {
    VG_ROW_CONTENT_TYPE, VG_ROW_CONTENT_ENCODING, {.name = NULL}};

static const struct vg_option links_options[] = {
    {.name = "base",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "URL",
	.help = "the address of the page, against which links are resolved"},
    VG_ROW_CONTENT_TYPE, VG_ROW_CONTENT_ENCODING, {.name = NULL}};

static void print_text(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	struct vg_str text = vg_json_get_str(result, "text");

	(void)content;
	vg_escape_lines(out, text);
	if (text.len > 0 && text.ptr[text.len - 1] != '\n')
		vg_buf_addc(out, '\n');
	if (vg_json_get_true(result, "truncated"))
		vg_cli_notice(cli, "html text: a limit was met, the text is cut");
}

static void print_links(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	(void)cli;
	(void)content;
	for (const struct vg_json *link = result->first; link; link = link->next) {
		vg_escape_terminal(out, vg_json_get_str(link, "url"));
		vg_buf_addc(out, '\n');
	}
}

static void print_charset(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	(void)cli;
	(void)content;
	vg_escape_terminal(out, vg_json_get_str(result, "charset"));
	vg_buf_addz(out, " (");
	vg_escape_terminal(out, vg_json_get_str(result, "source"));
	vg_buf_addz(out, ")\n");
}

static const struct vg_cmd cmd_text = {
    .name = "text",
    .summary = "print the text that a reader of the page sees",
    .usage = "FILE | --batch",
    .options = html_options,
    .content = &(const struct vg_content_row){.op = "html.text", .print = print_text},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd cmd_links = {
    .name = "links",
    .summary = "list the links of the page, one address a line",
    .usage = "[--base URL] FILE | --batch",
    .options = links_options,
    .content = &(const struct vg_content_row){.op = "html.links", .print = print_links},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd cmd_charset = {
    .name = "charset",
    .summary = "say which character encoding the page is in, and how we know",
    .usage = "FILE | --batch",
    .options = html_options,
    .content =
	&(const struct vg_content_row){.op = "html.charset", .print = print_charset},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd *const commands[] = {
    &cmd_charset, &cmd_links, &cmd_text, NULL};

const struct vg_cmd vg_cmd_html = {
    .name = "html",
    .summary = "read a saved page: its text, links or character encoding",
    .commands = commands,
};
