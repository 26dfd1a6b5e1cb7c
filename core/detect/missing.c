/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "detect/missing.h"

enum {
	MAX_TEXT = 600, /* characters of main text */
	BESIDE = VG_IN_NAV | VG_IN_FOOTER | VG_IN_ASIDE | VG_IN_FORM | VG_IN_COMMENTS
};

static bool is_main(const struct vg_block *b)
{
	return b->where == VG_WHERE_TEXT && (b->in & BESIDE) == 0;
}

static bool is_h1(const struct vg_doc *doc, const struct vg_block *b)
{
	return b->element != VG_NONE &&
	       vg_str_eqz(doc->elements[b->element].name, "h1");
}

/* The first h1, else the first heading; UINT32_MAX: there is none. */
static uint32_t main_heading(const struct vg_doc *doc)
{
	uint32_t first = UINT32_MAX;

	for (uint32_t i = 0; i < doc->block_count; i++) {
		const struct vg_block *b = &doc->blocks[i];

		if (!is_main(b) || !(b->in & VG_IN_HEADING))
			continue;
		if (is_h1(doc, b))
			return i;
		if (first == UINT32_MAX)
			first = i;
	}
	return first;
}

static bool is_short(const struct vg_doc *doc)
{
	size_t chars = 0;

	for (size_t i = 0; i < doc->block_count && chars <= MAX_TEXT; i++) {
		const struct vg_block *b = &doc->blocks[i];

		for (size_t k = 0; is_main(b) && k < b->text.len; k++)
			chars += ((unsigned char)b->text.ptr[k] & 0xc0) != 0x80;
	}
	return chars <= MAX_TEXT;
}

bool vg_says_missing(const struct vg_lexicon *lex, const struct vg_reading *r)
{
	const struct vg_doc *doc = r->text->doc;
	uint32_t concept = vg_lexicon_concept(lex, "not_found");
	uint32_t heading = main_heading(doc);

	if (r->offer_count > 0 || r->medicines.any_offered || doc->truncated ||
	    !is_short(doc))
		return false;
	for (size_t i = 0; i < r->text->hit_count; i++) {
		const struct vg_hit *h = &r->text->hits[i];

		if (h->kind == VG_TERM_CONCEPT && h->index == concept &&
		    (h->block == heading ||
			doc->blocks[h->block].where == VG_WHERE_TITLE))
			return true;
	}
	return false;
}
