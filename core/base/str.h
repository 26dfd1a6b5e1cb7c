/* SPDX-License-Identifier: MIT */
/* A borrowed slice of bytes, usually UTF-8; never promised to end in NUL. */
#ifndef VG_BASE_STR_H
#define VG_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct vg_str {
	const char *ptr; /* may be NULL only when len is 0 */
	size_t len;      /* bytes */
};

#define VG_STR(lit) ((struct vg_str){(lit), sizeof(lit) - 1}) /* a string literal */
#define VG_STR_ARG(s) (int)(s).len, (s).ptr /* for "%.*s"; lengths up to INT_MAX */

/* Small questions are inline: pages are compared with thousands of literals. */

/* The slice of a NUL-terminated string; NULL gives an empty slice. */
static inline struct vg_str vg_str(const char *z)
{
	return (struct vg_str){z, z ? strlen(z) : 0};
}
static inline bool vg_str_eq(struct vg_str a, struct vg_str b)
{
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}
static inline bool vg_str_eqz(struct vg_str a, const char *z)
{
	return vg_str_eq(a, vg_str(z));
}
static inline bool vg_str_starts(struct vg_str s, struct vg_str prefix)
{
	return s.len >= prefix.len &&
	       (!prefix.len || !memcmp(s.ptr, prefix.ptr, prefix.len));
}
bool vg_str_ends(struct vg_str s, struct vg_str suffix);
/* <0, 0, >0 in byte order; a prefix sorts first. */
int vg_str_cmp(struct vg_str a, struct vg_str b);
/* Offset of the first match at or after `from`, or SIZE_MAX. An empty needle matches at `from`. */
size_t vg_str_find(struct vg_str s, struct vg_str needle, size_t from);
size_t vg_str_ifind(struct vg_str s, struct vg_str needle, size_t from);
size_t vg_str_chr(struct vg_str s, char c, size_t from);
/* Without ASCII white space (space, \t \n \v \f \r) at both ends. */
struct vg_str vg_str_trim(struct vg_str s);
/* Bytes [start, end) of s; both are clamped to its length. */
static inline struct vg_str vg_str_sub(struct vg_str s, size_t start, size_t end)
{
	end = end < s.len ? end : s.len;
	start = start < end ? start : end;
	/* An empty slice keeps a NULL pointer: NULL + 0 is undefined in C. */
	return (struct vg_str){start ? s.ptr + start : s.ptr, end - start};
}
/*
 * Takes the piece before the next `sep` off the front of *rest, false when *rest is spent.
 * "a,,b" gives "a", "", "b". Start with *rest = the whole string.
 */
bool vg_str_split(struct vg_str *rest, char sep, struct vg_str *ret_piece);
/* A whole decimal number without sign or space that fits; false otherwise. */
bool vg_str_to_u64(struct vg_str s, uint64_t *ret);
bool vg_str_to_i64(struct vg_str s, int64_t *ret);
/* FNV-1a over the bytes: for tables only, an enemy can make it collide. */
uint64_t vg_str_hash(struct vg_str s);

/* ASCII only, and safe for any byte: locale never matters to what a page means. */
static inline bool vg_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool vg_is_digit(char c)
{
	return c >= '0' && c <= '9';
}
static inline char vg_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
static inline bool vg_is_alpha(char c)
{
	return vg_lower(c) >= 'a' && vg_lower(c) <= 'z';
}
static inline bool vg_is_alnum(char c)
{
	return vg_is_alpha(c) || vg_is_digit(c);
}
/* Equality and prefix under ASCII case folding. */
static inline bool vg_str_istarts(struct vg_str s, struct vg_str prefix)
{
	if (s.len < prefix.len)
		return false;
	for (size_t i = 0; i < prefix.len; i++)
		if (vg_lower(s.ptr[i]) != vg_lower(prefix.ptr[i]))
			return false;
	return true;
}
static inline bool vg_str_ieq(struct vg_str a, struct vg_str b)
{
	return a.len == b.len && vg_str_istarts(a, b);
}
static inline bool vg_str_ieqz(struct vg_str a, const char *z)
{
	return vg_str_ieq(a, vg_str(z));
}
/* 0..15, or -1 when c is no hexadecimal digit. */
int vg_hex_digit(char c);

#endif
