/* SPDX-License-Identifier: MIT */
/* A page's judgement taken apart: what was found where, what took it back, what each part was worth. */
#ifndef VG_DETECT_EXPLAIN_H
#define VG_DETECT_EXPLAIN_H

#include "detect/detect.h"

/*
 * Writes one JSON object:
 *	"url", "charset", "lang", "verdict" and "claims" as vg_result_write() does,
 *	"sums": [{"sum", "touches": whether the page speaks of its subject at all, "bias", "total", "confidence"}],
 *	"features": [{"name", "count", "value", "weights": {sum: weight}, "quote", "start", "end", "where"}].
 *	"blocks": [{"where", "start", "end", "text", "hits", "rules", "voided"}], those in which something was
 *	found, with `every` all, the first 5000; "blocks_left_off": the count of the rest;
 *	hits: [{"kind", "name", "rule": table and line, "from", "to": bytes of the block's text, "state":
 *	"counts", "disguised", "void", "negated" or "reported", "by": the term that took it back}],
 *	rules: [{"rule", "from", "to"}],
 *	voided: [{"rule", "from", "to", "none": the concept that voided it, "by": the words that said it}].
 * Features without a weight are listed too: contrib/train fits the weights from this.
 */
VG_WARN_UNUSED enum vg_status vg_explain(const struct vg_lexicon *lex,
    const struct vg_doc *doc, bool every, struct vg_json_writer *w,
    struct vg_error *err);

#endif
