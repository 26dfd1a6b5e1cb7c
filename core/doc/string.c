/* SPDX-License-Identifier: MIT */
/* Escapes of JSON and JavaScript string literals (RFC 8259, section 7; ECMA-262, section 12.9.4). */
#include "config.h"

#include "doc/page.h"

#include "base/utf8.h"

/* `digits` hexadecimal digits at s[at]; false when they are not there. */
static bool hex_value(struct vg_str s, size_t at, size_t digits, uint32_t *ret)
{
	uint32_t value = 0;

	if (s.len < at + digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		int digit = vg_hex_digit(s.ptr[at + i]);

		if (digit < 0)
			return false;
		value = value << 4 | (uint32_t)digit;
	}
	*ret = value;
	return true;
}

static size_t unicode_escape(struct vg_str s, uint32_t *ret)
{
	uint32_t low;

	if (s.len > 2 && s.ptr[2] == '{') {
		size_t end = vg_str_chr(vg_str_sub(s, 0, 12), '}', 3);

		return end != SIZE_MAX && end > 3 && hex_value(s, 3, end - 3, ret)
			   ? end + 1
			   : 0;
	}
	if (!hex_value(s, 2, 4, ret))
		return 0;
	if (*ret >= 0xD800 && *ret <= 0xDBFF && s.len >= 12 && s.ptr[6] == '\\' &&
	    s.ptr[7] == 'u' && hex_value(s, 8, 4, &low) && low >= 0xDC00 &&
	    low <= 0xDFFF) {
		*ret = 0x10000 + ((*ret - 0xD800) << 10) + (low - 0xDC00);
		return 12;
	}
	return 6;
}

size_t vg_string_escape(struct vg_str s, char ret[4], size_t *ret_len)
{
	static const char letters[] = "bfnrtv0", meanings[] = "\b\f\n\r\t\v\0";
	uint32_t point;
	size_t used = 0;

	*ret_len = 0;
	if (s.len < 2 || s.ptr[0] != '\\')
		return 0;
	if (s.ptr[1] == 'u')
		used = unicode_escape(s, &point);
	else if (s.ptr[1] == 'x' && hex_value(s, 2, 2, &point))
		used = 4;
	if (used) {
		*ret_len = vg_utf8_put(point, ret);
		return used;
	}
	if (s.ptr[1] == '\n' || (unsigned char)s.ptr[1] >= 0x80)
		return s.ptr[1] == '\n'
			   ? 2
			   : 1; /* a line goes on; the backslash means nothing */
	ret[0] = s.ptr[1];
	for (size_t i = 0; letters[i]; i++)
		if (s.ptr[1] == letters[i])
			ret[0] = meanings[i];
	*ret_len = ret[0] ? 1 : 0;
	/* A control character parts words as white space does. */
	if (ret[0] == '\b')
		ret[0] = ' ';
	return 2;
}
