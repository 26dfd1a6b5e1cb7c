/* SPDX-License-Identifier: MIT */
/* vigia explain: what was found where on a page, what took it back, and what each part was worth. */
#include "config.h"

#include <stdio.h>

#include "base/escape.h"
#include "cli/commands.h"
#include "cli/content.h"
#include "cli/evidence.h"
#include "cli/explain_html.h"
#include "cli/terminal.h"

static const struct vg_option options[] = {
    {.name = "url",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "URL",
	.help = "the address the page came from"},
    {.name = "content-type",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "TYPE",
	.help = "the Content-Type header that came with it"},
    {.name = "content-encoding",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "CODING",
	.help = "the Content-Encoding header that came with it"},
    {.name = "html",
	.kind = VG_OPT_FLAG,
	.flags = VG_OPT_REQUEST,
	.help = "write a page of HTML with every block of the page; in answers as JSON: "
		"every block"},
    {.name = NULL}};

static double number(const struct vg_json *object, const char *key)
{
	const struct vg_json *value = vg_json_get(object, key);
	double n = 0;

	if (value != NULL)
		(void)vg_json_to_double(value, &n);
	return n;
}

/* One sum: its bias, then every feature of the page that it weighs. */
static void print_sum(
    const struct vg_json *result, const struct vg_json *sum, struct vg_buf *out)
{
	const struct vg_json *features = vg_json_get(result, "features");
	struct vg_str name = vg_json_get_str(sum, "sum");
	char key[32];

	(void)snprintf(key, sizeof(key), "%.*s", VG_STR_ARG(name));
	vg_buf_addf(out, "\n%s: %.2f, confidence %.2f%s\n  %6.2f  bias\n", key,
	    number(sum, "total"), number(sum, "confidence"),
	    vg_json_get_true(sum, "touches") ? ""
						 : " (the page does not speak of it)",
	    number(sum, "bias"));
	for (const struct vg_json *f = features ? features->first : NULL; f;
	     f = f->next) {
		double weight = number(vg_json_get(f, "weights"), key);

		if (weight >= 0 && weight <= 0)
			continue;
		vg_buf_addf(out, "  %6.2f  ", weight * number(f, "value"));
		vg_escape_terminal(out, vg_json_get_str(f, "name"));
		vg_buf_addf(out, " x%g  ", number(f, "count"));
		vg_escape_terminal_cut(out, vg_json_get_str(f, "quote"), 80);
		vg_buf_addc(out, '\n');
	}
}

/* A block: its text, what was found in it, what took that back, which rules fired. */
static void print_block(const struct vg_json *block, bool color, struct vg_buf *out)
{
	const struct vg_json *hits = vg_json_get(block, "hits");
	const struct vg_json *rules = vg_json_get(block, "rules");
	const struct vg_json *voided = vg_json_get(block, "voided");
	struct vg_str text = vg_json_get_str(block, "text");

	vg_buf_addf(out, "\n%s", vg_sgr(color, VG_SGR_BOLD));
	vg_escape_terminal(out, vg_json_get_str(block, "where"));
	vg_buf_addf(out, " %.0f..%.0f%s  ", number(block, "start"),
	    number(block, "end"), vg_sgr(color, VG_SGR_RESET));
	vg_escape_terminal_cut(out, text, 300);
	vg_buf_addc(out, '\n');
	for (const struct vg_json *h = hits ? hits->first : NULL; h; h = h->next) {
		struct vg_str by = vg_json_get_str(h, "by");

		vg_buf_addz(out, "    ");
		vg_escape_terminal(out, vg_json_get_str(h, "state"));
		vg_buf_addz(out, "  ");
		vg_escape_terminal(out, vg_json_get_str(h, "name"));
		vg_buf_addz(out, "  >");
		vg_escape_terminal_cut(out,
		    vg_str_sub(
			text, (size_t)number(h, "from"), (size_t)number(h, "to")),
		    80);
		vg_buf_addz(out, "<  ");
		vg_escape_terminal(out, vg_json_get_str(h, "rule"));
		if (by.len > 0) {
			vg_buf_addz(out, ", taken back by >");
			vg_escape_terminal_cut(out, by, 80);
			vg_buf_addc(out, '<');
		}
		vg_buf_addc(out, '\n');
	}
	for (const struct vg_json *f = rules ? rules->first : NULL; f; f = f->next) {
		vg_buf_addz(out, "    rule  ");
		vg_escape_terminal(out, vg_json_get_str(f, "rule"));
		vg_buf_addc(out, '\n');
	}
	for (const struct vg_json *f = voided ? voided->first : NULL; f; f = f->next) {
		struct vg_str by = vg_json_get_str(f, "by");

		vg_buf_addz(out, "    voided rule  ");
		vg_escape_terminal(out, vg_json_get_str(f, "rule"));
		vg_buf_addz(out, ", by ");
		vg_escape_terminal(out, vg_json_get_str(f, "none"));
		if (by.len > 0) {
			vg_buf_addz(out, " >");
			vg_escape_terminal_cut(out, by, 80);
			vg_buf_addc(out, '<');
		}
		vg_buf_addc(out, '\n');
	}
}

static void print_explain(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	const struct vg_json *sums = vg_json_get(result, "sums");
	const struct vg_json *blocks = vg_json_get(result, "blocks");

	(void)content;
	if (vg_option_is_set(&cli->options, "html")) {
		vg_explain_html(result, out);
		return;
	}
	vg_evidence_verdict(vg_json_get_str(result, "verdict"), cli->color, out);
	vg_buf_addc(out, '\n');
	for (const struct vg_json *b = blocks ? blocks->first : NULL; b; b = b->next)
		print_block(b, cli->color, out);
	if (number(result, "blocks_left_off") > 0)
		vg_buf_addf(out, "\n%.0f more blocks were read and are not shown\n",
		    number(result, "blocks_left_off"));
	for (const struct vg_json *s = sums ? sums->first : NULL; s; s = s->next)
		print_sum(result, s, out);
}

const struct vg_cmd vg_cmd_explain = {
    .name = "explain",
    .summary = "take a page's judgement apart: every rule, every weight",
    .usage = "[--url URL] [--html] FILE | --batch",
    .about =
	"For authors of the lexicon. Prints the verdict, each block of the page with "
	"what was found in it and what took that back, and each sum with the "
	"features that went into it. With --json also those that "
	"have no weight: contrib/train fits the weights from them.",
    .examples = "  vigia explain --url https://shop.example/ saved.html\n"
		"  vigia explain --html saved.html >why.html\n"
		"  vigia explain --json saved.html\n",
    .options = options,
    .content =
	&(const struct vg_content_row){
	    .op = "explain", .lexicon = true, .print = print_explain},
    .max_operands = 1,
    .run = vg_content_run,
};
