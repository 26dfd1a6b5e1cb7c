/* SPDX-License-Identifier: MIT */
/* Printing a result of detection for people: quotes in their context, everything escaped. */
#ifndef VG_CLI_EVIDENCE_H
#define VG_CLI_EVIDENCE_H

#include "base/json.h"

struct vg_evidence_style {
	bool color;
	struct vg_str
	    document; /* the bytes that start and end count in; .ptr NULL: quotes only */
};

/*
 * Claims with their reasons for and against, offers, entities of `result` (the object of `vigia scan
 * --json`), appended to `out`.
 */
void vg_evidence_print(const struct vg_json *result,
    const struct vg_evidence_style *style, struct vg_buf *out);
/*
 * "…before >quote< after…": bytes start..end of the document with some context, tags left out; the
 * quote alone when the span lies outside the document.
 */
void vg_evidence_quote(const struct vg_evidence_style *style, struct vg_str quote,
    size_t start, size_t end, struct vg_buf *out);
/* "flagged" in red and so on. */
void vg_evidence_verdict(struct vg_str verdict, bool color, struct vg_buf *out);

#endif
