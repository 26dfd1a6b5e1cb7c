/* SPDX-License-Identifier: MIT */
/* Medicines: mentions, offers and their surroundings. */
#include "config.h"

#include "detect/rx.h"

#include <string.h>

#include "base/limits.h"

enum { NEAR_BEFORE = 3, NEAR_AFTER = 4, STRENGTH_REACH = 26 };

struct ids {
	uint32_t no_rx, required, order, contact, form, money, delivery, payment, cart;
};

struct reading {
	const struct vg_lexicon *lex;
	const struct vg_text *text;
	const struct vg_concepts *blocks; /* concepts of each block */
	struct vg_features *fs;
	struct ids ids;
	struct vg_vec mentions;
};

/* "2 mg", "250mg/ml", "5 000 UI" within a few bytes of either side. */
static bool has_strength(struct vg_str text, size_t from, size_t to)
{
	static const char *const units[] = {"mg", "mcg", "ml", "iu", "ui", "g/",
	    "\xc2\xb5g", "\xd0\xbc\xd0\xb3", "\xd0\x9c\xd0\x93", "meq"};
	struct vg_str s = vg_str_sub(text,
	    from > STRENGTH_REACH ? from - STRENGTH_REACH : 0, to + STRENGTH_REACH);

	for (size_t i = 0; i < s.len; i++) {
		size_t k = i;

		if (!vg_is_digit(s.ptr[i]))
			continue;
		while (k < s.len && (vg_is_digit(s.ptr[k]) || s.ptr[k] == '.' ||
					s.ptr[k] == ',' || s.ptr[k] == '/'))
			k++;
		while (k < s.len && s.ptr[k] == ' ')
			k++;
		for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++)
			if (vg_str_istarts(vg_str_sub(s, k, s.len), vg_str(units[u])) &&
			    (k + strlen(units[u]) >= s.len ||
				!vg_is_alpha(s.ptr[k + strlen(units[u])])))
				return true;
		i = k > i ? k - 1 : i;
	}
	return false;
}

static bool block_has(const struct reading *r, size_t block, uint32_t concept)
{
	return vg_concepts_has(&r->blocks[block], concept);
}

static bool near_has(const struct reading *r, size_t block, uint32_t concept)
{
	size_t from = block > NEAR_BEFORE ? block - NEAR_BEFORE : 0;
	size_t to = block + NEAR_AFTER;

	for (size_t b = from; b <= to && b < r->text->doc->block_count; b++)
		if (block_has(r, b, concept))
			return true;
	return false;
}

static bool strength_of(const struct reading *r, const struct vg_hit *h)
{
	return has_strength(r->text->doc->blocks[h->block].text, h->start, h->end);
}

/* How sure a name is without the help of others: 0 not at all, 1 with company, 2 alone. */
static int certainty(const struct reading *r, const struct vg_hit *h)
{
	bool ambiguous = h->term_flags & VG_TERM_AMBIGUOUS,
	     slang = h->term_flags & VG_TERM_SLANG;

	if (!ambiguous && !slang)
		return 2;
	if (strength_of(r, h))
		return ambiguous && h->end - h->start < 4 ? 1 : 2;
	if (block_has(r, h->block, r->ids.form))
		return ambiguous && h->end - h->start < 4 ? 0 : 1;
	return ambiguous ? 0 : 1;
}

static bool is_drug(const struct vg_hit *h)
{
	return h->kind == VG_TERM_DRUG && !(h->flags & VG_HIT_VOID);
}

static enum vg_status collect(struct reading *r, struct vg_error *err)
{
	const struct vg_text *t = r->text;
	bool company = false;

	for (size_t i = 0; i < t->hit_count && !company; i++)
		company = is_drug(&t->hits[i]) && certainty(r, &t->hits[i]) == 2;
	for (uint32_t i = 0; i < t->hit_count; i++) {
		struct vg_mention *m;
		int sure;

		if (!is_drug(&t->hits[i]))
			continue;
		sure = certainty(r, &t->hits[i]);
		if (sure == 0 || (sure == 1 && !company))
			continue;
		m = vg_vec_push(&r->mentions);
		if (m == NULL)
			return r->mentions.len >= r->mentions.max
				   ? VG_OK
				   : vg_fail(err, VG_E_NOMEM,
					 "out of memory for medicines");
		*m = (struct vg_mention){i, t->hits[i].index, false};
	}
	return VG_OK;
}

static bool note(struct reading *r, const char *name, const struct vg_hit *h, bool yes)
{
	return !yes ||
	       vg_features_add(r->fs, vg_str(name), 1, h->block, h->start, h->end);
}

/* What stands around one mention; sets `offered`. */
static bool judge(struct reading *r, struct vg_mention *m)
{
	const struct vg_hit *h = &r->text->hits[m->hit];
	const struct vg_block *block = &r->text->doc->blocks[h->block];
	const struct ids *ids = &r->ids;
	bool taken_back = h->flags & (VG_HIT_NEGATED | VG_HIT_REPORTED);
	bool no_rx = block_has(r, h->block, ids->no_rx),
	     money = block_has(r, h->block, ids->money);
	bool order = block_has(r, h->block, ids->order), strength = strength_of(r, h);
	bool near_no_rx = near_has(r, h->block, ids->no_rx);
	bool near_money = near_has(r, h->block, ids->money);
	bool near_order =
	    near_has(r, h->block, ids->order) || near_has(r, h->block, ids->cart);
	bool near_required = near_has(r, h->block, ids->required);
	bool title = block->where == VG_WHERE_TITLE || (block->in & VG_IN_HEADING);

	m->offered = !taken_back && (no_rx || money || order || near_money ||
					near_order || near_no_rx || strength || title ||
					block->where == VG_WHERE_HIDDEN);
	if (taken_back)
		return note(r, "rx.taken_back", h, true);
	return note(r, "rx.norx_block", h, no_rx) &&
	       note(r, "rx.norx_near", h, near_no_rx) &&
	       note(r, "rx.price_block", h, money) &&
	       note(r, "rx.price_near", h, near_money) &&
	       note(r, "rx.order_block", h, order) &&
	       note(r, "rx.order_near", h, near_order) &&
	       note(r, "rx.required_near", h, near_required) &&
	       note(r, "rx.strength", h, strength) &&
	       note(r, "rx.contact_near", h, near_has(r, h->block, ids->contact)) &&
	       note(r, "rx.payment_near", h, near_has(r, h->block, ids->payment)) &&
	       note(r, "rx.delivery_near", h, near_has(r, h->block, ids->delivery)) &&
	       note(r, "rx.title", h, title) &&
	       note(r, "rx.disguised", h, h->flags & VG_HIT_DISGUISED) &&
	       note(r, "rx.hidden", h, block->where == VG_WHERE_HIDDEN) &&
	       note(r, "rx.data", h,
		   block->where == VG_WHERE_JSONLD ||
		       block->where == VG_WHERE_SCRIPT) &&
	       note(r, "rx.comment", h, block->in & VG_IN_COMMENTS) &&
	       note(r, "rx.slang", h, h->term_flags & VG_TERM_SLANG);
}

/* Distinct medicines and what they are. */
static bool count_kinds(struct reading *r, struct vg_mentions *ret)
{
	bool *seen =
	    vg_arena_array(r->text->doc->arena, r->lex->drugs.len + 1, sizeof(*seen));
	const struct vg_mention *list = r->mentions.items;
	bool ok = seen != NULL;

	for (size_t i = 0; ok && i < r->mentions.len; i++) {
		const struct vg_drug *d = vg_lexicon_drug(r->lex, list[i].drug);
		const struct vg_hit *h = &r->text->hits[list[i].hit];

		if (list[i].offered && !d->otc) {
			ret->any_offered = true;
			if (d->severity > ret->severity)
				ret->severity = d->severity;
		}
		if (seen[list[i].drug])
			continue;
		seen[list[i].drug] = true;
		ok =
		    note(r, d->otc ? "rx.otc_drugs" : "rx.drugs", h, true) &&
		    note(r, "rx.controlled", h,
			!d->otc && d->severity >= VG_SEVERITY_HIGH) &&
		    note(r, "rx.mild", h, !d->otc && d->severity <= VG_SEVERITY_MEDIUM);
	}
	ret->list = list;
	ret->count = r->mentions.len;
	return ok;
}

enum vg_status vg_rx_read(const struct vg_lexicon *lex, const struct vg_text *text,
    const struct vg_concepts *sentences, struct vg_features *fs,
    struct vg_mentions *ret, struct vg_error *err)
{
	const struct vg_doc *doc = text->doc;
	struct vg_concepts *blocks =
	    vg_arena_array(doc->arena, doc->block_count + 1, sizeof(*blocks));
	struct reading r = {.lex = lex, .text = text, .blocks = blocks, .fs = fs};
	enum vg_status status;

	if (blocks == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory for medicines");
	for (size_t i = 0; i < text->sentence_count; i++)
		for (size_t w = 0; w < VG_CONCEPT_WORDS; w++)
			blocks[text->sentences[i].block].bits[w] |=
			    sentences[i].bits[w];
	r.ids = (struct ids){.no_rx = vg_lexicon_concept(lex, "no_prescription"),
	    .required = vg_lexicon_concept(lex, "prescription_required"),
	    .order = vg_lexicon_concept(lex, "order_now"),
	    .contact = vg_lexicon_concept(lex, "vendor_contact"),
	    .form = vg_lexicon_concept(lex, "dose_form"),
	    .money = vg_lexicon_concept(lex, "money"),
	    .delivery = vg_lexicon_concept(lex, "discreet_shipping"),
	    .payment = vg_lexicon_concept(lex, "payment_crypto"),
	    .cart = vg_lexicon_concept(lex, "cart")};
	r.mentions = VG_VEC_INIT(struct vg_mention, VG_MAX_FINDINGS, doc->arena);
	status = collect(&r, err);
	for (size_t i = 0; status == VG_OK && i < r.mentions.len; i++)
		if (!judge(&r, vg_vec_at(&r.mentions, i)))
			status =
			    vg_fail(err, VG_E_NOMEM, "out of memory for medicines");
	if (status == VG_OK && !count_kinds(&r, ret))
		status = vg_fail(err, VG_E_NOMEM, "out of memory for medicines");
	return status;
}
