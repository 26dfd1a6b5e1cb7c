/* SPDX-License-Identifier: MIT */
/* Character references inside the tree's text and attributes (HTML 13.2.5.72 and following). */
#include "config.h"

#include "doc/tree_priv.h"

#include <string.h>

#include <libxml/HTMLparser.h>

#include "base/utf8.h"

/* &#128; to &#159; mean windows-1252 (HTML 13.2.5.84). */
static const uint16_t c1[32] = {0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020,
    0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018,
    0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153,
    0x9D, 0x17E, 0x178};

/* Reads "#123;" or "#x7b;" behind an ampersand; returns the bytes taken, 0 for none. */
static size_t decode_number(struct vg_str s, uint32_t *ret)
{
	bool hex = s.len > 1 && vg_lower(s.ptr[1]) == 'x';
	size_t at = hex ? 2 : 1, first = at;
	uint32_t code = 0;

	while (at < s.len &&
	       (hex ? vg_hex_digit(s.ptr[at]) >= 0 : vg_is_digit(s.ptr[at]))) {
		if (code <= 0x10FFFF)
			code =
			    code * (hex ? 16 : 10) + (uint32_t)vg_hex_digit(s.ptr[at]);
		at++;
	}
	if (at == first)
		return 0;
	if (at < s.len && s.ptr[at] == ';')
		at++;
	*ret = code >= 0x80 && code <= 0x9F ? c1[code - 0x80] : code;
	if (code == 0 || code > 0x10FFFF)
		*ret = VG_REPLACEMENT;
	return at;
}

static size_t decode_name(struct vg_str s, bool attribute, uint32_t *ret)
{
	char name[32];
	size_t len = 0;
	const htmlEntityDesc *found;
	bool closed;

	while (len < s.len && len < sizeof(name) - 1 && vg_is_alnum(s.ptr[len])) {
		name[len] = s.ptr[len];
		len++;
	}
	closed = len < s.len && s.ptr[len] == ';';
	name[len] = '\0';
	if (len == 0 || (!closed && attribute))
		return 0;
	found = htmlEntityLookup((const xmlChar *)name);
	/* Only those of HTML 2 and Latin-1 may miss their semicolon. */
	if (found == NULL || (!closed && found->value > 255))
		return 0;
	*ret = found->value;
	return len + closed;
}

void vg_tree_decode(struct vg_str s, bool attribute, struct vg_buf *out)
{
	size_t from = 0;

	while (from < s.len) {
		size_t stop = from, taken = 0;
		uint32_t code = 0;

		while (stop < s.len && s.ptr[stop] != '&' && s.ptr[stop] != '\0')
			stop++;
		vg_buf_add(out, s.ptr + from, stop - from);
		if (stop == s.len)
			return;
		from = stop + 1;
		if (s.ptr[stop] == '\0')
			continue;
		if (from < s.len && s.ptr[from] == '#')
			taken = decode_number(vg_str_sub(s, from, s.len), &code);
		else
			taken =
			    decode_name(vg_str_sub(s, from, s.len), attribute, &code);
		if (taken > 0)
			vg_buf_add_utf8(out, code);
		else
			vg_buf_addc(out, '&');
		from += taken;
	}
}
