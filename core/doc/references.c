/* SPDX-License-Identifier: MIT */
/* Decoding character references. */
#include "config.h"

#include "doc/references.h"

#include <string.h>

#include "base/size.h"
#include "base/utf8.h"
#include "doc/charset.h"
#include "doc/entities.h"

/* Position of `name` among the sorted names, or SIZE_MAX. */
static size_t find_name(struct vg_str name)
{
	size_t low = 0, high = VG_ENTITY_COUNT;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strncmp(vg_entities[mid].name, name.ptr, name.len);

		if (!order && vg_entities[mid].name[name.len])
			order = 1;
		if (!order)
			return mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return SIZE_MAX;
}

static bool is_legacy(struct vg_str name)
{
	size_t low = 0, high = VG_ENTITY_LEGACY_COUNT;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strncmp(vg_entities_legacy[mid], name.ptr, name.len);

		if (!order && vg_entities_legacy[mid][name.len])
			order = 1;
		if (!order)
			return true;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static size_t put_name(size_t entity, char ret[VG_REFERENCE_MAX])
{
	size_t len = strlen(vg_entities[entity].value);

	memcpy(ret, vg_entities[entity].value, len);
	return len;
}

static size_t named(
    struct vg_str s, bool attribute, char ret[VG_REFERENCE_MAX], size_t *ret_len)
{
	size_t len = 1, found;

	while (len < s.len && len <= VG_ENTITY_MAX && vg_is_alnum(s.ptr[len]))
		len++;
	if (len < s.len && s.ptr[len] == ';' && len > 1) {
		found = find_name(vg_str_sub(s, 1, len));
		if (found != SIZE_MAX) {
			*ret_len = put_name(found, ret);
			return len + 1;
		}
	}
	for (len = vg_size_min(len, 1 + VG_ENTITY_LEGACY_MAX); len > 2; len--) {
		struct vg_str name = vg_str_sub(s, 1, len);

		if (!is_legacy(name))
			continue;
		if (attribute && len < s.len &&
		    (s.ptr[len] == '=' || vg_is_alnum(s.ptr[len])))
			return 0;
		*ret_len = put_name(find_name(name), ret);
		return len;
	}
	return 0;
}

static size_t numeric(struct vg_str s, char ret[VG_REFERENCE_MAX], size_t *ret_len)
{
	bool hex = s.len > 2 && (s.ptr[2] == 'x' || s.ptr[2] == 'X');
	size_t i = hex ? 3 : 2, first = i;
	uint32_t point = 0;

	for (; i < s.len; i++) {
		int digit = hex                     ? vg_hex_digit(s.ptr[i])
			    : vg_is_digit(s.ptr[i]) ? s.ptr[i] - '0'
						    : -1;

		if (digit < 0)
			break;
		if (point <= 0x10FFFF)
			point = point * (hex ? 16 : 10) + (uint32_t)digit;
	}
	if (i == first)
		return 0;
	if (!point)
		point = VG_REPLACEMENT;
	if (point >= 0x80 && point <= 0x9F) {
		/* Authors meant the bytes of windows-1252. */
		for (size_t k = 0; k < VG_SINGLE_BYTE_COUNT; k++)
			if (!strcmp(vg_single_bytes[k].name, "windows-1252"))
				point = vg_single_bytes[k].high[point - 0x80];
	}
	*ret_len = vg_utf8_put(point, ret);
	return i < s.len && s.ptr[i] == ';' ? i + 1 : i;
}

size_t vg_reference(
    struct vg_str s, bool attribute, char ret[VG_REFERENCE_MAX], size_t *ret_len)
{
	if (s.len < 2)
		return 0;
	return s.ptr[1] == '#' ? numeric(s, ret, ret_len)
			       : named(s, attribute, ret, ret_len);
}

struct vg_str vg_reference_decode(struct vg_arena *arena, struct vg_str value)
{
	size_t at = vg_str_chr(value, '&', 0), len;
	char *out;

	if (at == SIZE_MAX)
		return value;
	/* No reference stands for more bytes than it has, save two that give 6 for 5. */
	out = vg_arena_alloc(arena, value.len + value.len / 4 + 2);
	if (!out)
		return (struct vg_str){NULL, 0};
	memcpy(out, value.ptr, at);
	len = at;
	while (at < value.len) {
		char text[VG_REFERENCE_MAX];
		size_t made = 0,
		       used = value.ptr[at] == '&'
				  ? vg_reference(vg_str_sub(value, at, value.len), true,
					text, &made)
				  : 0;

		if (used) {
			memcpy(out + len, text, made);
			len += made;
			at += used;
		} else {
			out[len++] = value.ptr[at++];
		}
	}
	return (struct vg_str){out, len};
}
