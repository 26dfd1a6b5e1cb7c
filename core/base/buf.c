/* SPDX-License-Identifier: MIT */
/* The bounded, sticky-failed byte buffer. */
#include "config.h"

#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/utf8.h"

void vg_buf_release(struct vg_buf *b)
{
	if (!b)
		return;
	free(b->ptr);
	*b = VG_BUF_INIT(b->max);
}

void vg_buf_clear(struct vg_buf *b)
{
	b->len = 0;
	b->status = VG_OK;
	if (b->ptr)
		b->ptr[0] = '\0';
}

char *vg_buf_reserve(struct vg_buf *b, size_t len)
{
	size_t need, cap;
	char *grown;

	if (b->status)
		return NULL;
	if (!vg_size_add(b->len, len, &need) || need > b->max) {
		b->status = VG_E_TOO_LARGE;
		return NULL;
	}
	if (need < b->cap)
		return b->ptr + b->len;
	/* One byte more than asked, for the terminator. */
	cap = vg_size_max(
	    64, vg_size_max(need + 1, b->cap > SIZE_MAX / 2 ? 0 : b->cap * 2));
	if (b->max < SIZE_MAX)
		cap = vg_size_min(cap, b->max + 1);
	grown = realloc(b->ptr, cap);
	if (!grown) {
		b->status = VG_E_NOMEM;
		return NULL;
	}
	b->ptr = grown;
	b->cap = cap;
	return b->ptr + b->len;
}

void vg_buf_add(struct vg_buf *b, const void *bytes, size_t len)
{
	char *room = vg_buf_reserve(b, len);

	if (!room)
		return;
	if (len)
		memcpy(room, bytes, len);
	b->len += len;
	b->ptr[b->len] = '\0';
}

void vg_buf_adds(struct vg_buf *b, struct vg_str s)
{
	vg_buf_add(b, s.ptr, s.len);
}

void vg_buf_addz(struct vg_buf *b, const char *z)
{
	vg_buf_add(b, z, strlen(z));
}

void vg_buf_addc(struct vg_buf *b, char c)
{
	vg_buf_add(b, &c, 1);
}

void vg_buf_addf(struct vg_buf *b, const char *fmt, ...)
{
	va_list args, again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len < 0) {
		b->status = b->status ? b->status : VG_E_INVALID;
	} else {
		char *room = vg_buf_reserve(b, (size_t)len);

		if (room) {
			(void)vsnprintf(room, (size_t)len + 1, fmt, again);
			b->len += (size_t)len;
		}
	}
	va_end(again);
	va_end(args);
}

void vg_buf_add_utf8(struct vg_buf *b, uint32_t code_point)
{
	char bytes[4];

	vg_buf_add(b, bytes, vg_utf8_put(code_point, bytes));
}

void vg_buf_truncate(struct vg_buf *b, size_t len)
{
	if (len >= b->len)
		return;
	b->len = len;
	b->ptr[len] = '\0';
}

void vg_buf_consume(struct vg_buf *b, size_t n)
{
	assert(n <= b->len);
	if (!n)
		return;
	memmove(b->ptr, b->ptr + n, b->len - n);
	b->len -= n;
	b->ptr[b->len] = '\0';
}

struct vg_str vg_buf_str(const struct vg_buf *b)
{
	return (struct vg_str){b->ptr ? b->ptr : "", b->len};
}

const char *vg_buf_cstr(struct vg_buf *b)
{
	return b->ptr && !b->status ? b->ptr : "";
}

char *vg_buf_take(struct vg_buf *b, size_t *ret_len)
{
	char *taken = NULL;

	vg_buf_add(b, "", 0);
	if (!b->status) {
		taken = b->ptr;
		if (ret_len)
			*ret_len = b->len;
		b->ptr = NULL;
	}
	vg_buf_release(b);
	return taken;
}

enum vg_status vg_buf_status(const struct vg_buf *b, struct vg_error *err)
{
	if (b->status == VG_E_TOO_LARGE)
		return vg_fail(err, b->status, "more than %zu bytes", b->max);
	if (b->status)
		return vg_fail(err, b->status, "%s", vg_status_name(b->status));
	return VG_OK;
}
