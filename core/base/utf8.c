/* SPDX-License-Identifier: MIT */
/* UTF-8 decoding by the WHATWG decoder's table of lead bytes. */
#include "config.h"

#include "base/utf8.h"

#include <string.h>

uint32_t vg_utf8_next(struct vg_str s, size_t *pos)
{
	unsigned char lead = (unsigned char)s.ptr[(*pos)++], lower = 0x80, upper = 0xBF;
	uint32_t point;
	int need;

	if (lead < 0x80)
		return lead;
	if (lead >= 0xC2 && lead <= 0xDF) {
		need = 1;
		point = lead & 0x1Fu;
	} else if (lead >= 0xE0 && lead <= 0xEF) {
		need = 2;
		point = lead & 0xFu;
		if (lead == 0xE0)
			lower = 0xA0;
		if (lead == 0xED)
			upper = 0x9F;
	} else if (lead >= 0xF0 && lead <= 0xF4) {
		need = 3;
		point = lead & 7u;
		if (lead == 0xF0)
			lower = 0x90;
		if (lead == 0xF4)
			upper = 0x8F;
	} else {
		return VG_REPLACEMENT;
	}
	for (; need; need--) {
		unsigned char c;

		if (*pos >= s.len)
			return VG_REPLACEMENT;
		c = (unsigned char)s.ptr[*pos];
		if (c < lower || c > upper)
			return VG_REPLACEMENT; /* the byte may start the next code point */
		lower = 0x80;
		upper = 0xBF;
		point = point << 6 | (c & 0x3Fu);
		(*pos)++;
	}
	return point;
}

size_t vg_utf8_put(uint32_t c, char ret[4])
{
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = VG_REPLACEMENT;
	if (c < 0x80) {
		ret[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		ret[0] = (char)(0xC0 | c >> 6);
		ret[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		ret[0] = (char)(0xE0 | c >> 12);
		ret[1] = (char)(0x80 | (c >> 6 & 63));
		ret[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	ret[0] = (char)(0xF0 | c >> 18);
	ret[1] = (char)(0x80 | (c >> 12 & 63));
	ret[2] = (char)(0x80 | (c >> 6 & 63));
	ret[3] = (char)(0x80 | (c & 63));
	return 4;
}

/* Length of the run of ASCII bytes that starts at `pos`, eight at a time. */
static size_t ascii_run(struct vg_str s, size_t pos)
{
	size_t start = pos;

	while (s.len - pos >= 8) {
		uint64_t word;

		memcpy(&word, s.ptr + pos, 8);
		if (word & 0x8080808080808080u)
			break;
		pos += 8;
	}
	while (pos < s.len && (unsigned char)s.ptr[pos] < 0x80)
		pos++;
	return pos - start;
}

bool vg_utf8_valid(struct vg_str s)
{
	size_t pos = 0;

	while (pos < s.len) {
		size_t start;

		pos += ascii_run(s, pos);
		if (pos == s.len)
			break;
		start = pos;
		/* A real U+FFFD takes three bytes that begin with 0xEF 0xBF 0xBD. */
		if (vg_utf8_next(s, &pos) == VG_REPLACEMENT &&
		    (pos - start != 3 || memcmp(s.ptr + start, "\xEF\xBF\xBD", 3) != 0))
			return false;
	}
	return true;
}

bool vg_ascii_only(struct vg_str s)
{
	return ascii_run(s, 0) == s.len;
}
