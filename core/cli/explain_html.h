/* SPDX-License-Identifier: MIT */
/* An explanation (detect/explain.h) as a page to look at. */
#ifndef VG_CLI_EXPLAIN_HTML_H
#define VG_CLI_EXPLAIN_HTML_H

#include "base/buf.h"
#include "base/json.h"

/*
 * Appends a whole HTML document; everything of the judged page is escaped in it, and its policy forbids
 * scripts and whatever lies outside. Failures show in the buffer's status.
 */
void vg_explain_html(const struct vg_json *result, struct vg_buf *out);

#endif
