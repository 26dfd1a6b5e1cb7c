/* SPDX-License-Identifier: MIT */
/* vigia scan: judge one saved page, or a batch of them. */
#include "config.h"

#include "base/escape.h"
#include "cli/commands.h"
#include "cli/content.h"
#include "cli/evidence.h"

static const struct vg_option options[] = {
    VG_ROW_URL, VG_ROW_CONTENT_TYPE, VG_ROW_CONTENT_ENCODING, {.name = NULL}};

static void print_scan(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	struct vg_evidence_style style = {.color = cli->color, .document = content};
	struct vg_str url = vg_json_get_str(result, "url");

	/* Offsets count in the decoded document, which we do not hold then. */
	if (vg_option_is_set(&cli->options, "content-encoding"))
		style.document = (struct vg_str){NULL, 0};
	vg_evidence_verdict(vg_json_get_str(result, "verdict"), cli->color, out);
	vg_buf_addz(out, "  ");
	vg_escape_terminal(out, url.len > 0 ? url : vg_str(cli->operands[0]));
	vg_buf_addz(out, "  (");
	vg_escape_terminal(out, vg_json_get_str(result, "lang"));
	vg_buf_addz(out, ", ");
	vg_escape_terminal(out, vg_json_get_str(result, "charset"));
	vg_buf_addz(out, ")\n");
	vg_evidence_print(result, &style, out);
}

const struct vg_cmd vg_cmd_scan = {
    .name = "scan",
    .summary = "judge a saved page: flagged, review or clear, and why",
    .usage = "[--url URL] FILE | --batch",
    .about =
	"Prints the verdict, then each claim with the reasons for and against it: the "
	"weight, the page's own words in their context, the rule, and the bytes where "
	"they stand. The page is read by a sandboxed process; nothing is fetched.",
    .examples = "  vigia scan --url https://shop.example/ saved.html\n"
		"  vigia scan --json saved.html\n"
		"  vigia scan --batch < requests.jsonl > answers.jsonl\n",
    .options = options,
    .content =
	&(const struct vg_content_row){
	    .op = "scan", .lexicon = true, .print = print_scan},
    .max_operands = 1,
    .run = vg_content_run,
};
