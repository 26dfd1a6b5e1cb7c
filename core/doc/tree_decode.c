/* SPDX-License-Identifier: MIT */
/* Texts and attributes of the tree, decoded when asked for. No NUL, which would end a string of libxml2. */
#include "config.h"

#include "doc/tree_priv.h"

#include <string.h>

#include "base/limits.h"
#include "doc/references.h"

#define MAX_ATTR_NAME 127u /* bytes; longer ones are left out */

static void decode(struct vg_str s, bool attribute, struct vg_buf *out)
{
	size_t from = 0;

	while (from < s.len) {
		char decoded[VG_REFERENCE_MAX];
		size_t stop = from, taken, len;

		while (stop < s.len && s.ptr[stop] != '&' && s.ptr[stop] != '\0')
			stop++;
		vg_buf_add(out, s.ptr + from, stop - from);
		if (stop == s.len)
			return;
		from = stop + 1;
		if (s.ptr[stop] == '\0')
			continue;
		taken =
		    vg_reference(vg_str_sub(s, stop, s.len), attribute, decoded, &len);
		if (taken > 0) {
			vg_buf_add(out, decoded, len);
			from = stop + taken;
		} else {
			vg_buf_addc(out, '&');
		}
	}
}

static bool is_plain(struct vg_str s)
{
	return vg_str_chr(s, '&', 0) == SIZE_MAX && vg_str_chr(s, '\0', 0) == SIZE_MAX;
}

struct vg_str vg_tree_decode(struct vg_tree *t, struct vg_str s, bool attribute)
{
	if (is_plain(s))
		return s;
	vg_buf_clear(&t->scratch);
	decode(s, attribute, &t->scratch);
	if (t->scratch.status != VG_OK)
		return (struct vg_str){0};
	return vg_arena_str(t->doc->arena, vg_buf_str(&t->scratch));
}

struct vg_str vg_tree_value(struct vg_tree *t, struct vg_tree_item *n)
{
	if (n->value.ptr != NULL)
		return n->value;
	if (n->more == 0 && (n->raw || is_plain(n->source))) {
		n->value = n->source;
		return n->value;
	}
	vg_buf_clear(&t->scratch);
	for (const struct vg_tree_item *piece = n;;
	     piece = vg_tree_item(t, piece->more)) {
		if (piece->raw)
			vg_buf_adds(&t->scratch, piece->source);
		else
			decode(piece->source, false, &t->scratch);
		if (piece->more == 0)
			break;
	}
	if (t->scratch.status == VG_OK)
		n->value = vg_arena_str(t->doc->arena, vg_buf_str(&t->scratch));
	return n->value;
}

static uint64_t bits_of(const struct vg_tree_attribute *a)
{
	uint64_t bits = vg_css_bit(a->name);
	struct vg_str value = a->value;
	size_t at = 0;

	if (!vg_str_ieqz(a->name, "class"))
		return bits;
	while (at < value.len) {
		size_t from = at;

		while (at < value.len && !vg_is_space(value.ptr[at]))
			at++;
		bits |= vg_css_bit(vg_str_sub(value, from, at));
		at++;
	}
	return bits;
}

const struct vg_tree_attribute *vg_tree_attributes(
    struct vg_tree *t, struct vg_tree_item *n)
{
	const struct vg_tree_attribute **last = &n->attributes;
	struct vg_attr_source a;
	struct vg_str rest;

	if (n->has_attributes)
		return n->attributes;
	n->has_attributes = true;
	rest = t->doc->elements[n->element].attrs;
	for (unsigned i = 0; i < VG_MAX_ATTRS && vg_attr_next(&rest, &a); i++) {
		struct vg_tree_attribute *kept;

		if (a.name.len > MAX_ATTR_NAME ||
		    memchr(a.name.ptr, '\0', a.name.len) != NULL)
			continue;
		kept = vg_arena_alloc(t->doc->arena, sizeof(*kept));
		if (kept == NULL)
			break;
		*kept = (struct vg_tree_attribute){
		    NULL, a.name, a.value, vg_tree_decode(t, a.value, true)};
		if (kept->value.ptr == NULL)
			break;
		n->have |= bits_of(kept);
		*last = kept;
		last = &kept->next;
	}
	return n->attributes;
}
