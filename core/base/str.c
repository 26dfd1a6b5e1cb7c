/* SPDX-License-Identifier: MIT */
/* Slices of bytes. */
#include "config.h"

#include "base/str.h"

#include <string.h>

#include "base/size.h"

bool vg_str_ends(struct vg_str s, struct vg_str suffix)
{
	return s.len >= suffix.len &&
	       vg_str_eq(vg_str_sub(s, s.len - suffix.len, s.len), suffix);
}

int vg_str_cmp(struct vg_str a, struct vg_str b)
{
	size_t shared = vg_size_min(a.len, b.len);
	int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

size_t vg_str_find(struct vg_str s, struct vg_str needle, size_t from)
{
	const char *hit;

	if (from > s.len || needle.len > s.len - from)
		return SIZE_MAX;
	if (!needle.len)
		return from;
	hit = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
	return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

size_t vg_str_ifind(struct vg_str s, struct vg_str needle, size_t from)
{
	char low = needle.len ? vg_lower(needle.ptr[0]) : '\0';
	char up = vg_is_alpha(low) ? (char)(low - ('a' - 'A')) : low;
	size_t at_low, at_up;

	if (!needle.len)
		return from <= s.len ? from : SIZE_MAX;
	at_low = vg_str_chr(s, low, from);
	at_up = up == low ? SIZE_MAX : vg_str_chr(s, up, from);
	for (;;) {
		size_t at = vg_size_min(at_low, at_up);

		if (at == SIZE_MAX || vg_str_istarts(vg_str_sub(s, at, s.len), needle))
			return at;
		if (at == at_low)
			at_low = vg_str_chr(s, low, at + 1);
		else
			at_up = vg_str_chr(s, up, at + 1);
	}
}

size_t vg_str_chr(struct vg_str s, char c, size_t from)
{
	const char *hit;

	if (from >= s.len)
		return SIZE_MAX;
	hit = memchr(s.ptr + from, c, s.len - from);
	return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

struct vg_str vg_str_trim(struct vg_str s)
{
	while (s.len && vg_is_space(s.ptr[0]))
		s = vg_str_sub(s, 1, s.len);
	while (s.len && vg_is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool vg_str_split(struct vg_str *rest, char sep, struct vg_str *ret_piece)
{
	size_t at;

	if (!rest->ptr)
		return false;
	at = vg_str_chr(*rest, sep, 0);
	if (at == SIZE_MAX) {
		*ret_piece = *rest;
		*rest = (struct vg_str){NULL, 0};
	} else {
		*ret_piece = vg_str_sub(*rest, 0, at);
		*rest = vg_str_sub(*rest, at + 1, rest->len);
	}
	return true;
}

bool vg_str_to_u64(struct vg_str s, uint64_t *ret)
{
	uint64_t value = 0;

	if (!s.len)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!vg_is_digit(s.ptr[i]) ||
		    __builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(s.ptr[i] - '0'), &value))
			return false;
	*ret = value;
	return true;
}

bool vg_str_to_i64(struct vg_str s, int64_t *ret)
{
	bool negative = s.len && s.ptr[0] == '-';
	uint64_t magnitude;

	if (!vg_str_to_u64(negative ? vg_str_sub(s, 1, s.len) : s, &magnitude) ||
	    magnitude > (uint64_t)INT64_MAX + negative)
		return false;
	*ret = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	return true;
}

uint64_t vg_str_hash(struct vg_str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.ptr[i]) * 0x100000001b3u;
	return h;
}

int vg_hex_digit(char c)
{
	if (vg_is_digit(c))
		return c - '0';
	c = vg_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
