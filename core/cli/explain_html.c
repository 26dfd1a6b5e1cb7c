/* SPDX-License-Identifier: MIT */
/* An explanation as one page of HTML that needs nothing else: no script, no font, no picture. */
#include "config.h"

#include "cli/explain_html.h"

#include <stdio.h>

#include "base/escape.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>vigia explain</title>\n"
    "<style>\n"
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;"
    "--counts:#fff0b3;--gone:#e6e9ed;--bad:#b3261e;--warn:#8a5300;--good:#1a6e34;"
    "--rule:#0b57d0}\n"
    "@media(prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#e6e9ec;--dim:#9aa4ae;"
    "--line:#353c44;--counts:#5a4a00;--gone:#2c333a;--bad:#ff8a80;--warn:#f0b35e;"
    "--good:#7dd38f;--rule:#8ab4f8}}\n"
    "body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--bg);"
    "color:var(--fg);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\n"
    "h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}\n"
    ".flagged{color:var(--bad)}.review{color:var(--warn)}.clear{color:var(--good)}\n"
    "section{border-top:1px solid var(--line);padding:.6rem 0}\n"
    "section p,section ul{margin:.2rem 0}.at,.dim{color:var(--dim);font-size:.85rem}\n"
    "ul{padding-left:1.2rem;font-size:.9rem}\n"
    "mark{background:var(--counts);color:inherit;border-radius:.2rem;padding:0 .1rem}\n"
    "mark.void,mark.negated,mark.reported{background:var(--gone);"
    "text-decoration:line-through}\n"
    ".fired{color:var(--rule);font-weight:600}\n"
    "table{border-collapse:collapse;width:100%;font-size:.9rem;table-layout:fixed}\n"
    "th:nth-child(1){width:4rem}th:nth-child(2){width:40%}\n"
    "th,td{text-align:left;padding:.2rem .5rem .2rem 0;vertical-align:top;"
    "border-bottom:1px solid var(--line)}\n"
    ".n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    "</style>\n</head>\n<body>\n<main>\n";

/* What a terminal would not show is spelled out here too: a page may not turn lines around. */
static void add_text(struct vg_buf *out, struct vg_str text)
{
	struct vg_buf plain = VG_BUF_INIT(out->max);
	struct vg_str s;

	vg_escape_terminal(&plain, text);
	s = vg_buf_str(&plain);
	for (size_t i = 0; i < s.len; i++)
		switch (s.ptr[i]) {
		case '&':
			vg_buf_addz(out, "&amp;");
			break;
		case '<':
			vg_buf_addz(out, "&lt;");
			break;
		case '>':
			vg_buf_addz(out, "&gt;");
			break;
		case '"':
			vg_buf_addz(out, "&quot;");
			break;
		case '\'':
			vg_buf_addz(out, "&#39;");
			break;
		default:
			vg_buf_addc(out, s.ptr[i]);
		}
	vg_buf_release(&plain);
}

static void add_member(struct vg_buf *out, const struct vg_json *object, const char *key)
{
	add_text(out, vg_json_get_str(object, key));
}

static double number(const struct vg_json *object, const char *key)
{
	const struct vg_json *value = vg_json_get(object, key);
	double n = 0;

	if (value != NULL)
		(void)vg_json_to_double(value, &n);
	return n;
}

static const struct vg_json *first_of(const struct vg_json *object, const char *key)
{
	const struct vg_json *list = vg_json_get(object, key);

	return list != NULL ? list->first : NULL;
}

/* The bytes of a block's text that an item names. */
static struct vg_str span(struct vg_str text, const struct vg_json *item)
{
	return vg_str_sub(
	    text, (size_t)number(item, "from"), (size_t)number(item, "to"));
}

/* The text with its hits marked; of those that overlap the first and longest. */
static void add_marked(
    struct vg_buf *out, struct vg_str text, const struct vg_json *block)
{
	size_t at = 0;

	for (const struct vg_json *h = first_of(block, "hits"); h; h = h->next) {
		size_t from = (size_t)number(h, "from"), to = (size_t)number(h, "to");

		if (from < at || to > text.len || from >= to)
			continue;
		add_text(out, vg_str_sub(text, at, from));
		vg_buf_addz(out, "<mark class=\"");
		add_member(out, h, "state");
		vg_buf_addz(out, "\" title=\"");
		add_member(out, h, "name");
		vg_buf_addz(out, ", ");
		add_member(out, h, "state");
		vg_buf_addz(out, "\">");
		add_text(out, vg_str_sub(text, from, to));
		vg_buf_addz(out, "</mark>");
		at = to;
	}
	add_text(out, vg_str_sub(text, at, text.len));
}

static void add_hit(struct vg_buf *out, struct vg_str text, const struct vg_json *h)
{
	vg_buf_addz(out, "<li>");
	add_member(out, h, "name");
	vg_buf_addz(out, " <q>");
	add_text(out, span(text, h));
	vg_buf_addz(out, "</q> ");
	add_member(out, h, "state");
	vg_buf_addz(out, " <span class=\"dim\">");
	add_member(out, h, "rule");
	vg_buf_addz(out, "</span>");
	if (vg_json_get_str(h, "by").len > 0) {
		vg_buf_addz(out, ", taken back by <q>");
		add_member(out, h, "by");
		vg_buf_addz(out, "</q>");
	}
	vg_buf_addz(out, "</li>\n");
}

static void add_rules(struct vg_buf *out, struct vg_str text, const struct vg_json *block)
{
	for (const struct vg_json *f = first_of(block, "rules"); f; f = f->next) {
		vg_buf_addz(out, "<li><span class=\"fired\">rule ");
		add_member(out, f, "rule");
		vg_buf_addz(out, "</span> fires at <q>");
		add_text(out, span(text, f));
		vg_buf_addz(out, "</q></li>\n");
	}
	for (const struct vg_json *f = first_of(block, "voided"); f; f = f->next) {
		vg_buf_addz(out, "<li>rule <s>");
		add_member(out, f, "rule");
		vg_buf_addz(out, "</s> is voided by ");
		add_member(out, f, "none");
		if (vg_json_get_str(f, "by").len > 0) {
			vg_buf_addz(out, " <q>");
			add_member(out, f, "by");
			vg_buf_addz(out, "</q>");
		}
		vg_buf_addz(out, "</li>\n");
	}
}

static void add_block(struct vg_buf *out, const struct vg_json *block)
{
	struct vg_str text = vg_json_get_str(block, "text");

	vg_buf_addz(out, "<section>\n<p class=\"at\">");
	add_member(out, block, "where");
	vg_buf_addf(out, ", bytes %.0f to %.0f</p>\n<p dir=\"auto\">",
	    number(block, "start"), number(block, "end"));
	add_marked(out, text, block);
	vg_buf_addz(out, "</p>\n");
	if (first_of(block, "hits") || first_of(block, "rules") ||
	    first_of(block, "voided")) {
		vg_buf_addz(out, "<ul>\n");
		add_rules(out, text, block);
		for (const struct vg_json *h = first_of(block, "hits"); h; h = h->next)
			add_hit(out, text, h);
		vg_buf_addz(out, "</ul>\n");
	}
	vg_buf_addz(out, "</section>\n");
}

static void add_sum(
    struct vg_buf *out, const struct vg_json *result, const struct vg_json *sum)
{
	char key[32];

	(void)snprintf(
	    key, sizeof(key), "%.*s", VG_STR_ARG(vg_json_get_str(sum, "sum")));
	vg_buf_addz(out, "<h2>");
	add_member(out, sum, "sum");
	vg_buf_addf(out,
	    ": %.2f, confidence %.2f%s</h2>\n<table>\n<thead><tr><th scope=\"col\" "
	    "class=\"n\">weight</th><th scope=\"col\">feature</th><th "
	    "scope=\"col\">first seen</th></tr></thead>\n<tbody>\n<tr><td "
	    "class=\"n\">%+.2f</td><td>bias</td><td></td></tr>\n",
	    number(sum, "total"), number(sum, "confidence"),
	    vg_json_get_true(sum, "touches")
		? ""
		: " (the page does not speak of it)",
	    number(sum, "bias"));
	for (const struct vg_json *f = first_of(result, "features"); f; f = f->next) {
		double weight = number(vg_json_get(f, "weights"), key);

		if (weight >= 0 && weight <= 0)
			continue;
		vg_buf_addf(out, "<tr><td class=\"n\">%+.2f</td><td>",
		    weight * number(f, "value"));
		add_member(out, f, "name");
		vg_buf_addf(out, " &times;%g</td><td dir=\"auto\">", number(f, "count"));
		add_member(out, f, "quote");
		vg_buf_addz(out, "</td></tr>\n");
	}
	vg_buf_addz(out, "</tbody>\n</table>\n");
}

void vg_explain_html(const struct vg_json *result, struct vg_buf *out)
{
	int64_t left_off;

	vg_buf_addz(out, head);
	vg_buf_addz(out, "<h1>Verdict: <span class=\"");
	add_member(out, result, "verdict");
	vg_buf_addz(out, "\">");
	add_member(out, result, "verdict");
	vg_buf_addz(out, "</span></h1>\n<p class=\"at\">");
	add_member(out, result, "url");
	vg_buf_addz(out, " ");
	add_member(out, result, "charset");
	vg_buf_addz(out, "</p>\n");
	vg_buf_addz(out, "<h2>The page, block by block</h2>\n");
	for (const struct vg_json *b = first_of(result, "blocks"); b; b = b->next)
		add_block(out, b);
	if (vg_json_to_i64(vg_json_get(result, "blocks_left_off"), &left_off) && left_off)
		vg_buf_addf(out, "<p>%lld more blocks were read and are not shown.</p>\n",
		    (long long)left_off);
	for (const struct vg_json *s = first_of(result, "sums"); s; s = s->next)
		add_sum(out, result, s);
	vg_buf_addz(out, "</main>\n</body>\n</html>\n");
}
