/* SPDX-License-Identifier: MIT */
/* Slices of bytes. */
#include "config.h"

#include "base/str.h"

#include <string.h>

#include "base/size.h"

struct vg_str vg_str(const char *z)
{
	return (struct vg_str){z, z ? strlen(z) : 0};
}

bool vg_str_eq(struct vg_str a, struct vg_str b)
{
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

bool vg_str_eqz(struct vg_str a, const char *z)
{
	return vg_str_eq(a, vg_str(z));
}

bool vg_str_ieq(struct vg_str a, struct vg_str b)
{
	return a.len == b.len && vg_str_istarts(a, b);
}

bool vg_str_ieqz(struct vg_str a, const char *z)
{
	return vg_str_ieq(a, vg_str(z));
}

bool vg_str_starts(struct vg_str s, struct vg_str prefix)
{
	return s.len >= prefix.len &&
	       (!prefix.len || !memcmp(s.ptr, prefix.ptr, prefix.len));
}

bool vg_str_istarts(struct vg_str s, struct vg_str prefix)
{
	if (s.len < prefix.len)
		return false;
	for (size_t i = 0; i < prefix.len; i++)
		if (vg_lower(s.ptr[i]) != vg_lower(prefix.ptr[i]))
			return false;
	return true;
}

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
	for (size_t i = from; i <= s.len && needle.len <= s.len - i; i++)
		if (vg_str_istarts(vg_str_sub(s, i, s.len), needle))
			return i;
	return SIZE_MAX;
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

struct vg_str vg_str_sub(struct vg_str s, size_t start, size_t end)
{
	end = vg_size_min(end, s.len);
	start = vg_size_min(start, end);
	/* An empty slice keeps a NULL pointer: NULL + 0 is undefined in C. */
	return (struct vg_str){start ? s.ptr + start : s.ptr, end - start};
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
