/* SPDX-License-Identifier: MIT */
/* Fingerprints of layouts, and how many listings of a page have each field. */
#include "config.h"

#include "analyse/layout.h"

#include <inttypes.h>
#include <stdio.h>

#define MAX_ELEMENTS 4096u /* of a page that count */
#define SEEN_BITS 8192u    /* features that are told apart, about */
#define MAX_KEYS 16u       /* fields of the ABI */

bool vg_class_is_stable(struct vg_str word)
{
	if (word.len < 3 || word.len > 40 || !vg_is_alpha(word.ptr[0]))
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (!vg_is_alpha(word.ptr[i]) && word.ptr[i] != '-' &&
		    word.ptr[i] != '_')
			return false;
	return !vg_str_starts(word, VG_STR("css-")) &&
	       !vg_str_starts(word, VG_STR("sc-"));
}

bool vg_class_next(struct vg_str *rest, struct vg_str *ret)
{
	while (rest->len > 0) {
		size_t end = 0;

		*rest = vg_str_trim(*rest);
		while (end < rest->len && !vg_is_space(rest->ptr[end]))
			end++;
		*ret = vg_str_sub(*rest, 0, end);
		*rest = vg_str_sub(*rest, end, rest->len);
		if (vg_class_is_stable(*ret))
			return true;
	}
	return false;
}

/* FNV-1a, mixed at the end so that every bit counts (the finalizer of MurmurHash3). */
static uint64_t add_hash(uint64_t h, struct vg_str s)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
	return (h ^ 0xff) * UINT64_C(0x100000001b3);
}

static uint64_t mix(uint64_t h)
{
	h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ (h >> 33);
}

struct sketch {
	int32_t votes[64];
	uint64_t seen[SEEN_BITS / 64];
};

/* Each feature counts once, however often it stands on the page: a longer list is no other layout. */
static void add_feature(struct sketch *s, uint64_t feature)
{
	uint64_t h = mix(feature), slot = h % SEEN_BITS;

	if (s->seen[slot / 64] >> (slot % 64) & 1)
		return;
	s->seen[slot / 64] |= UINT64_C(1) << (slot % 64);
	for (unsigned bit = 0; bit < 64; bit++)
		s->votes[bit] += (h >> bit & 1) ? 1 : -1;
}

uint64_t vg_layout(const struct vg_doc *doc)
{
	struct sketch s = {.votes = {0}};
	uint64_t ret = 0;

	for (uint32_t i = 0; i < doc->element_count && i < MAX_ELEMENTS; i++) {
		const struct vg_element *e = &doc->elements[i];
		struct vg_str rest = vg_doc_attr(doc, i, "class"), word;
		uint64_t h = UINT64_C(0xcbf29ce484222325);
		bool named = false;

		if (e->parent != VG_NONE)
			h = add_hash(h, doc->elements[e->parent].name);
		h = add_hash(h, e->name);
		while (vg_class_next(&rest, &word)) {
			add_feature(&s, add_hash(h, word));
			named = true;
		}
		if (!named)
			add_feature(&s, h);
	}
	for (unsigned bit = 0; bit < 64; bit++)
		ret |= (uint64_t)(s.votes[bit] > 0) << bit;
	return ret;
}

void vg_coverage_write(const struct vg_doc *doc, const struct vg_plugin_result *found,
    struct vg_json_writer *w)
{
	const char *keys[MAX_KEYS];
	int64_t counts[MAX_KEYS] = {0};
	size_t key_count = 0;
	char hex[17];

	vg_jw_key(w, "coverage");
	vg_jw_object(w);
	vg_jw_kint(w, "listings", (int64_t)found->listing_count);
	if (found->listing_count > 0) {
		(void)snprintf(hex, sizeof(hex), "%016" PRIx64, vg_layout(doc));
		vg_jw_kstrz(w, "layout", hex);
		vg_jw_key(w, "fields");
		vg_jw_object(w);
		for (size_t i = 0; i < found->listing_count; i++) {
			const struct vg_listing *l = &found->listings[i];

			for (size_t f = 0; f < l->field_count; f++) {
				size_t k = 0;

				/* Keys are constants of one table. */
				while (k < key_count && keys[k] != l->fields[f].key)
					k++;
				if (k == MAX_KEYS)
					continue;
				if (k == key_count)
					keys[key_count++] = l->fields[f].key;
				counts[k]++;
			}
		}
		for (size_t k = 0; k < key_count; k++)
			vg_jw_kint(w, keys[k], counts[k]);
		vg_jw_end_object(w);
	}
	vg_jw_end_object(w);
}
