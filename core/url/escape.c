/* SPDX-License-Identifier: MIT */
/* Percent-encoding: which bytes each part of an address may hold as they are. */
#include "config.h"

#include "url/url_priv.h"

#include <string.h>

#include "base/utf8.h"

#define FRAGMENT_ONLY (VG_SET_FRAGMENT | VG_SET_PATH | VG_SET_USERINFO)
#define QUERY_UP (VG_SET_QUERY | VG_SET_SPECIAL_QUERY | VG_SET_PATH | VG_SET_USERINFO)
#define PATH_UP (VG_SET_PATH | VG_SET_USERINFO)

/* Printable ASCII only; controls are in every set. */
static const uint8_t escape_sets[128] = {
    [' '] = VG_SET_FRAGMENT | QUERY_UP,
    ['"'] = VG_SET_FRAGMENT | QUERY_UP,
    ['<'] = VG_SET_FRAGMENT | QUERY_UP,
    ['>'] = VG_SET_FRAGMENT | QUERY_UP,
    ['`'] = FRAGMENT_ONLY,
    ['#'] = QUERY_UP,
    ['\''] = VG_SET_SPECIAL_QUERY,
    ['?'] = PATH_UP,
    ['{'] = PATH_UP,
    ['}'] = PATH_UP,
    ['/'] = VG_SET_USERINFO,
    [':'] = VG_SET_USERINFO,
    [';'] = VG_SET_USERINFO,
    ['='] = VG_SET_USERINFO,
    ['@'] = VG_SET_USERINFO,
    ['['] = VG_SET_USERINFO,
    ['\\'] = VG_SET_USERINFO,
    [']'] = VG_SET_USERINFO,
    ['^'] = PATH_UP,
    ['|'] = VG_SET_USERINFO,
};

bool vg_url_must_escape(char c, unsigned set)
{
	unsigned char u = (unsigned char)c;

	return u < 0x20 || u > 0x7E || (escape_sets[u] & set) != 0;
}

void vg_url_add_hex(struct vg_buf *out, char c)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char u = (unsigned char)c;
	char hex[3] = {'%', digits[u >> 4], digits[u & 15]};

	vg_buf_add(out, hex, sizeof(hex));
}

void vg_url_add_escaped(struct vg_buf *out, struct vg_str s, unsigned set)
{
	size_t i = 0;

	while (i < s.len) {
		size_t start = i;
		char bytes[4];
		size_t n;

		while (i < s.len && !vg_url_must_escape(s.ptr[i], set))
			i++;
		vg_buf_add(out, s.ptr + start, i - start);
		if (i == s.len)
			break;
		n = vg_utf8_put(vg_utf8_next(s, &i), bytes);
		for (size_t k = 0; k < n; k++)
			vg_url_add_hex(out, bytes[k]);
	}
}
