/* SPDX-License-Identifier: MIT */
/* Operations of the analyser: one function a name, the table in ops.c. Internal to analyse/. */
#ifndef VG_ANALYSE_OPS_H
#define VG_ANALYSE_OPS_H

#include "analyse/analyse.h"

struct vg_lexicon;
struct vg_plugins; /* plugin/plugin.h */

struct vg_op_call {
	const struct vg_lexicon *lexicon; /* NULL when not loaded */
	struct vg_plugins *plugins;       /* NULL when not loaded */
	const struct vg_json *params;     /* an object */
	struct vg_str content;
	struct vg_arena *arena;     /* of this call */
	struct vg_json_writer *out; /* write exactly one value, on success */
	struct vg_error *err;
};

typedef enum vg_status vg_op_run(struct vg_op_call *call);

struct vg_op {
	const char *name;
	vg_op_run *run;
};

/* NULL when there is none. `extra` (NULL allowed, ended by a NULL name) is searched after the table. */
const struct vg_op *vg_op_find(struct vg_str name, const struct vg_op *extra);

/*
 * params of all that read a document: "url"?, "base"?, "content_type"?, "content_encoding"?.
 * Results: ../conformance contract. ops_html.c
 */
vg_op_run vg_op_html_text;  /* {"text","truncated"} */
vg_op_run vg_op_html_links; /* [{"url","raw","tag","attr","text"}] in document order */
vg_op_run vg_op_html_charset; /* {"charset","source"} */
/* "url"?: {"kind","urls","sitemaps","truncated"} of the same contract. ops_sitemap.c */
vg_op_run vg_op_sitemap_parse;
/* The result of vg_result_write(). ops_scan.c */
vg_op_run vg_op_scan;
/* What vg_explain() writes. ops_scan.c */
vg_op_run vg_op_explain;
/* "plugin" ("auto" or a name): {"plugin":name or null,"listings":[…],"links":[…]}. ops_plugin.c */
vg_op_run vg_op_plugin_run;
/* "language", "expression": the result of vg_plugins_select(). ops_plugin.c */
vg_op_run vg_op_plugin_select;
/*
 * The same params: {"plugin","listings":count,"kind","data":bool,"selectors":{"item","title",…,"next"}}, lines of a
 * .site file that give again what "plugin" reads there; those that cannot be told are left out. "data": it
 * was read from the page's JSON. ops_guess.c
 */
vg_op_run vg_op_plugin_guess;
/*
 * What a crawl stores of a page, from one reading of it. params: "url", "status" (HTTP), "fetched_at" (RFC 3339),
 * "headers" ([[name, value], …]; the last of one name counts), "plugin" ("auto" or a name),
 * "plugin_problem" (why plugins are not to be asked; answered as it is). ops_page.c. Answers
 *	{"title":…,"noindex":bool,"nofollow":bool,"plugin":name or null,"plugin_problem":text or null,
 *	 "rules":rule-set version,"scan":{result},
 *	 "listings":[{"kind":…,"natural_key":…,"fields":{key:value},"start","end"}],
 *	 "coverage":{"listings":count,"layout":fingerprint?,"fields":{key:count}?},
 *	 "links":[{"url":…,"kind":"item|next|older|detail|seed|sitemap|page|part|asset","modified":RFC 3339?}]}
 * "links" holds http and https addresses only, each once, rel=nofollow left out. Style sheets, scripts,
 * sitemaps and feeds are read for them; only feeds and pages are judged.
 */
vg_op_run vg_op_page;

/*
 * Identifiers of a plain text, results as the conformance contract says. ops_extract.c. params:
 * price "currency_hint"?, "decimal_separator"?; phone "region"?; wallet none.
 */
vg_op_run vg_op_extract_price;
vg_op_run vg_op_extract_phone;
vg_op_run vg_op_extract_wallet;

#endif
