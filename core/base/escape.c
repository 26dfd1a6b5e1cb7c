/* SPDX-License-Identifier: MIT */
/* Escaping for terminals and logs. */
#include "config.h"

#include "base/escape.h"

#include <stdio.h>

#include "base/utf8.h"

#define MAX_MARKS 4 /* combining marks on one character */

/* Characters that move, hide or reorder text rather than show a glyph. */
static bool is_dangerous(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C ||
	       c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
	       c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 ||
	       c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
	       (c >= 0xE0000 && c <= 0xE0FFF);
}

/* Columns by the ranges that terminals agree on; locale plays no part. */
static size_t columns_of(uint32_t c)
{
	if ((c >= 0x300 && c <= 0x36F) || (c >= 0xFE00 && c <= 0xFE0F) ||
	    (c >= 0x20D0 && c <= 0x20FF) || (c >= 0x483 && c <= 0x489) ||
	    (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF))
		return 0;
	return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
		       (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
		       (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
		       (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
		       (c >= 0x20000 && c <= 0x3FFFD)
		   ? 2
		   : 1;
}

/* The printable form of the next character, NUL-terminated, and its columns. */
static size_t next_printable(struct vg_str s, size_t *pos, char ret[16])
{
	size_t start = *pos;
	uint32_t c = vg_utf8_next(s, pos);
	bool malformed = c == VG_REPLACEMENT && (unsigned char)s.ptr[start] != 0xEF;

	if (c == '\n' || c == '\t' || c == '\r')
		c = ' ';
	if (malformed) {
		*pos = start + 1; /* byte by byte: each is shown */
		return (size_t)snprintf(
		    ret, 16, "\\x%02X", (unsigned char)s.ptr[start]);
	}
	if (is_dangerous(c))
		return (size_t)(c < 0x100 ? snprintf(ret, 16, "\\x%02X", (unsigned)c)
					  : snprintf(ret, 16, "\\u{%X}", (unsigned)c));
	ret[vg_utf8_put(c, ret)] = '\0';
	return columns_of(c);
}

void vg_escape_terminal(struct vg_buf *out, struct vg_str s)
{
	for (size_t pos = 0; pos < s.len;) {
		char piece[16];

		(void)next_printable(s, &pos, piece);
		vg_buf_addz(out, piece);
	}
}

size_t vg_escape_terminal_cut(struct vg_buf *out, struct vg_str s, size_t columns)
{
	size_t used = 0, fits_len = out->len, fits_used = 0, marks = 0;

	for (size_t pos = 0; pos < s.len;) {
		char piece[16];
		size_t width = next_printable(s, &pos, piece);

		/* A tower of combining marks takes no column and no end. */
		marks = width ? 0 : marks + 1;
		if (marks > MAX_MARKS)
			continue;
		if (used + width > columns) {
			vg_buf_truncate(out, fits_len);
			if (columns)
				vg_buf_add_utf8(out, 0x2026); /* … */
			return fits_used + (columns != 0);
		}
		vg_buf_addz(out, piece);
		used += width;
		/* What is kept when an ellipsis must still fit behind it. */
		if (used + 1 <= columns) {
			fits_len = out->len;
			fits_used = used;
		}
	}
	return used;
}
