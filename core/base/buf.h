/* SPDX-License-Identifier: MIT */
/*
 * A growing byte buffer with a maximum given at birth. It is sticky-failed: append freely and
 * ask vg_buf_status() once. After a failure it holds what fitted before and takes no more.
 */
#ifndef VG_BASE_BUF_H
#define VG_BASE_BUF_H

#include "base/status.h"
#include "base/str.h"

struct vg_buf {
	char *ptr; /* NUL-terminated whenever len > 0 or after vg_buf_cstr() */
	size_t len, cap, max;
	enum vg_status status; /* VG_OK, VG_E_NOMEM or VG_E_TOO_LARGE */
};

#define VG_BUF_INIT(limit)                                                             \
	((struct vg_buf){.max = (limit)}) /* bytes, terminator not counted */

void vg_buf_release(struct vg_buf *b); /* back to empty and usable; NULL allowed */
void vg_buf_clear(struct vg_buf *b);   /* length 0, failure forgotten, memory kept */
void vg_buf_add(struct vg_buf *b, const void *bytes, size_t len);
void vg_buf_adds(struct vg_buf *b, struct vg_str s);
void vg_buf_addz(struct vg_buf *b, const char *z);
void vg_buf_addc(struct vg_buf *b, char c);
void vg_buf_addf(struct vg_buf *b, const char *fmt, ...) VG_PRINTF(2, 3);
void vg_buf_add_utf8(
    struct vg_buf *b, uint32_t code_point); /* surrogates become U+FFFD */
/* Room for `len` more bytes at ptr + len, or NULL after failing the buffer; then add to len. */
char *vg_buf_reserve(struct vg_buf *b, size_t len);
/* Shortens to `len`; longer is a no-op. */
void vg_buf_truncate(struct vg_buf *b, size_t len);
/* Drops `n` bytes from the front. */
void vg_buf_consume(struct vg_buf *b, size_t n);
struct vg_str vg_buf_str(const struct vg_buf *b); /* borrowed until the next append */
const char *vg_buf_cstr(struct vg_buf *b);        /* "" on an empty or failed buffer */
/* Heap memory of the caller, NUL-terminated, NULL if failed; the buffer is empty afterwards. */
char *vg_buf_take(struct vg_buf *b, size_t *ret_len);
VG_WARN_UNUSED enum vg_status vg_buf_status(
    const struct vg_buf *b, struct vg_error *err);

#endif
