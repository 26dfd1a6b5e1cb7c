/* SPDX-License-Identifier: MIT */
/* HTTP/1 framing (RFC 9112), read from bytes that were kept. Pure, fuzzed. */
#ifndef VG_FETCH_HTTP_H
#define VG_FETCH_HTTP_H

#include "base/buf.h"

/*
 * Reads "HTTP/1.1 200 …". `ret_version` gets "1.1" or "1.0", cut to 7 bytes. False when the head
 * does not begin with a status line.
 */
bool vg_http_status_line(struct vg_str head, int *ret_status, char ret_version[8]);
/*
 * The n-th (from 0) field of that name, without white space around it; .ptr NULL when absent. Folded
 * lines are not joined: the first line counts. Borrowed from `head`.
 */
struct vg_str vg_http_header(struct vg_str head, const char *name, size_t n);
/*
 * The media type that counts: the last one that is one (Fetch Standard 2.2.2 "extract a MIME type"), with
 * its parameters; empty when there is none. Borrowed.
 */
struct vg_str vg_http_content_type(struct vg_str head);
/* Whether a request may carry it: no control bytes but tabs (RFC 9110 5.5), at most 4,096 bytes. */
bool vg_http_is_field_value(struct vg_str value);
/* True when the last transfer coding is chunked. */
bool vg_http_is_chunked(struct vg_str head);

enum vg_chunked {
	VG_CHUNKED_DONE,       /* the last chunk was seen; bytes after it are ignored */
	VG_CHUNKED_INCOMPLETE, /* sound as far as it goes */
	VG_CHUNKED_BROKEN,     /* not chunked coding from some point on */
};

/* Appends the data of the chunks to `out`, whatever the end; `out` failing counts as broken. */
enum vg_chunked vg_http_dechunk(struct vg_str raw, struct vg_buf *out);

#endif
