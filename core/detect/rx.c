/* SPDX-License-Identifier: MIT */
/* Medicines: mentions, offers and their surroundings. */
#include "config.h"

#include "detect/rx.h"

#include <string.h>

#include "base/limits.h"
#include "detect/price.h"

enum { NEAR_BEFORE = 3, NEAR_AFTER = 4, STRENGTH_REACH = 26 };
/* Bytes: from a name to its own strength and form, from another's name to a strength that is that one's. */
enum { OWN_REACH = 14, FORM_REACH = 24, OTHERS_REACH = 4 };

struct ids {
	uint32_t no_rx, required, order, contact, form, money, delivery, payment, cart;
	uint32_t sell, call, street;
};

struct reading {
	const struct vg_lexicon *lex;
	const struct vg_text *text;
	const struct vg_concepts *sentences, *blocks; /* concepts of each */
	struct vg_features *fs;
	struct ids ids;
	struct vg_vec mentions;
};

/* Where something was read: bytes of a block's text; none when end is 0. */
struct spot {
	uint32_t block, start, end;
};

/* "400 mg/day", "5 mg per kg": how much is taken, not what is in a tablet. */
static bool is_dose(struct vg_str s, size_t unit_end)
{
	static const char *const per[] = {"/d", "/kg", "/h", " per ", " a day",
	    " daily", " al d", " por d", " cada ", " every", " par jour", " pro tag",
	    " diari", " t\u00e4glich", " \u0432 "};
	struct vg_str after = vg_str_sub(s, unit_end, s.len);

	for (size_t i = 0; i < sizeof(per) / sizeof(per[0]); i++)
		if (vg_str_istarts(after, vg_str(per[i])))
			return true;
	return false;
}

/* "2 mg", "250mg/ml", "5 000 UI" within a few bytes of either side; with its place in the text. */
static bool find_strength(
    struct vg_str text, size_t from, size_t to, size_t *ret_start, size_t *ret_end)
{
	static const char *const units[] = {"mg", "mcg", "ml", "iu", "ui", "g/",
	    "\xc2\xb5g", "\xd0\xbc\xd0\xb3", "\xd0\x9c\xd0\x93", "meq"};
	size_t base = from > STRENGTH_REACH ? from - STRENGTH_REACH : 0;
	struct vg_str s = vg_str_sub(text, base, to + STRENGTH_REACH);

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
				!vg_is_alpha(s.ptr[k + strlen(units[u])]))) {
				if (is_dose(s, k + strlen(units[u])))
					break;
				*ret_start = base + i;
				*ret_end = base + k + strlen(units[u]);
				return true;
			}
		i = k > i ? k - 1 : i;
	}
	return false;
}

static bool block_has(const struct reading *r, size_t block, uint32_t concept)
{
	return vg_concepts_has(&r->blocks[block], concept);
}

/* Where a concept stands in a block. */
static struct spot concept_in(const struct reading *r, uint32_t block, uint32_t concept)
{
	const struct vg_text *t = r->text;

	for (uint32_t i = t->block_hits[block]; i < t->block_hits[block + 1]; i++) {
		const struct vg_hit *h = &t->hits[i];

		if (h->kind == VG_TERM_CONCEPT && h->index == concept &&
		    !(h->flags & (VG_HIT_VOID | VG_HIT_REPORTED)))
			return (struct spot){block, h->start, h->end};
	}
	/* not a term but figures: the sentence that holds them */
	for (uint32_t i = t->block_sentences[block]; i < t->block_sentences[block + 1];
	     i++)
		if (vg_concepts_has(&r->sentences[i], concept))
			return (struct spot){
			    block, t->sentences[i].start, t->sentences[i].end};
	return (struct spot){block, 0, 0};
}

static bool is_drug(const struct vg_hit *h)
{
	return h->kind == VG_TERM_DRUG && !(h->flags & VG_HIT_VOID);
}

/* True for a block that names medicines, and only such as are sold freely. */
static bool only_free(const struct reading *r, uint32_t block)
{
	const struct vg_text *t = r->text;
	bool any = false;

	for (uint32_t i = t->block_hits[block]; i < t->block_hits[block + 1]; i++) {
		if (!is_drug(&t->hits[i]))
			continue;
		if (!vg_lexicon_drug(r->lex, t->hits[i].index)->otc)
			return false;
		any = true;
	}
	return any;
}

/* True when a block says a concept of what stands around it: "ibuprofen without prescription" speaks of itself. */
static bool block_lends(const struct reading *r, uint32_t block, uint32_t concept)
{
	return block_has(r, block, concept) &&
	       !(concept == r->ids.no_rx && only_free(r, block));
}

/* Where a concept stands nearest to a block, itself included. */
static struct spot nearest(const struct reading *r, uint32_t block, uint32_t concept)
{
	if (block_has(r, block, concept))
		return concept_in(r, block, concept);
	for (uint32_t far = 1; far <= NEAR_AFTER; far++) {
		if (block + far < r->text->doc->block_count &&
		    block_lends(r, block + far, concept))
			return concept_in(r, block + far, concept);
		if (far <= NEAR_BEFORE && far <= block &&
		    block_lends(r, block - far, concept))
			return concept_in(r, block - far, concept);
	}
	return (struct spot){block, 0, 0};
}

/* The amount inside the sentence that holds one. */
static struct spot amount_of(const struct reading *r, struct spot in)
{
	struct vg_str text =
	    vg_str_sub(r->text->doc->blocks[in.block].text, in.start, in.end);
	const struct vg_price *prices;
	size_t count = 0;

	if (vg_prices_find(r->text->doc->arena, text, &prices, &count, NULL) != VG_OK ||
	    count == 0)
		return in;
	return (struct spot){in.block, in.start + (uint32_t)prices[0].start,
	    in.start + (uint32_t)prices[0].end};
}

/* A medicine's name together with its strength. */
static struct spot strength_of(const struct reading *r, const struct vg_hit *h)
{
	size_t start, end;

	if (!find_strength(
		r->text->doc->blocks[h->block].text, h->start, h->end, &start, &end))
		return (struct spot){h->block, 0, 0};
	return (struct spot){h->block, h->start < start ? h->start : (uint32_t)start,
	    h->end > end ? h->end : (uint32_t)end};
}

/* True when another medicine ends right before a byte of the hit's block: what follows is that one's. */
static bool belongs_to_other(
    const struct reading *r, const struct vg_hit *h, uint32_t at)
{
	const struct vg_text *t = r->text;

	for (uint32_t i = t->block_hits[h->block]; i < t->block_hits[h->block + 1]; i++)
		if (is_drug(&t->hits[i]) && t->hits[i].index != h->index &&
		    t->hits[i].end <= at && at - t->hits[i].end <= OTHERS_REACH)
			return true;
	return false;
}

/* A name that is a common word too has its strength beside it, not somewhere near. */
static bool own_strength(const struct reading *r, const struct vg_hit *h)
{
	size_t start, end;

	if (!find_strength(
		r->text->doc->blocks[h->block].text, h->start, h->end, &start, &end))
		return false;
	if (!(h->term_flags & VG_TERM_AMBIGUOUS))
		return true;
	if (start < h->end)
		return !belongs_to_other(r, h, (uint32_t)start);
	return start - h->end <= OWN_REACH;
}

/* A form ("tablets", "box") beside the name, and no part of it. */
static bool own_form(const struct reading *r, const struct vg_hit *h)
{
	const struct vg_text *t = r->text;

	for (uint32_t i = t->block_hits[h->block]; i < t->block_hits[h->block + 1];
	     i++) {
		const struct vg_hit *form = &t->hits[i];

		if (form->kind != VG_TERM_CONCEPT || form->index != r->ids.form)
			continue;
		if ((form->end <= h->start && h->start - form->end <= FORM_REACH) ||
		    (form->start >= h->end && form->start - h->end <= FORM_REACH))
			return true;
	}
	return false;
}

/* How sure a name is without the help of others: 0 not at all, 1 with company, 2 alone. */
static int certainty(const struct reading *r, const struct vg_hit *h)
{
	bool ambiguous = h->term_flags & VG_TERM_AMBIGUOUS,
	     slang = h->term_flags & VG_TERM_SLANG;

	if (!ambiguous && !slang)
		return 2;
	if (own_strength(r, h))
		return ambiguous && h->end - h->start < 4 ? 1 : 2;
	/* a dealer's note: slang, its price and how to meet */
	if (!ambiguous && block_has(r, h->block, r->ids.money) &&
	    (nearest(r, h->block, r->ids.street).end > 0 ||
		nearest(r, h->block, r->ids.contact).end > 0))
		return 2;
	if (ambiguous)
		return h->end - h->start >= 4 && own_form(r, h);
	return 1;
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

static bool note(struct reading *r, const char *name, struct spot at)
{
	return at.end == 0 ||
	       vg_features_add(r->fs, vg_str(name), 1, at.block, at.start, at.end);
}

static bool note_name(
    struct reading *r, const char *name, const struct vg_hit *h, bool yes)
{
	return !yes || note(r, name, (struct spot){h->block, h->start, h->end});
}

/* `near` when it stands in the medicine's own block. */
static struct spot same_block(struct spot near, const struct vg_hit *h)
{
	return near.block == h->block ? near : (struct spot){h->block, 0, 0};
}

/* What stands around one mention; sets `offered`. */
static bool judge(struct reading *r, struct vg_mention *m)
{
	const struct vg_hit *h = &r->text->hits[m->hit];
	const struct vg_block *block = &r->text->doc->blocks[h->block];
	const struct ids *ids = &r->ids;
	bool taken_back = h->flags & (VG_HIT_NEGATED | VG_HIT_REPORTED);
	struct spot no_rx = nearest(r, h->block, ids->no_rx),
		    money = nearest(r, h->block, ids->money),
		    order = nearest(r, h->block, ids->order),
		    cart = nearest(r, h->block, ids->cart),
		    contact = nearest(r, h->block, ids->contact),
		    call = nearest(r, h->block, ids->call),
		    strength = strength_of(r, h);
	bool title = block->where == VG_WHERE_TITLE || (block->in & VG_IN_HEADING);
	bool hidden = block->where == VG_WHERE_HIDDEN;

	m->offered = !taken_back && (no_rx.end > 0 || money.end > 0 || order.end > 0 ||
					cart.end > 0 || strength.end > 0 || title ||
					hidden || block_has(r, h->block, ids->sell) ||
					block_has(r, h->block, ids->call) ||
					block_has(r, h->block, ids->contact));
	if (taken_back)
		return note_name(r, "rx.taken_back", h, true);
	/* what is sold freely says nothing by its price, strength or lack of a prescription */
	if (vg_lexicon_drug(r->lex, m->drug)->otc)
		return true;
	if (money.end > 0 &&
	    vg_features_count(r->fs,
		money.block == h->block ? "rx.price_block" : "rx.price_near") == 0)
		money = amount_of(r, money);
	return note(r, "rx.norx_block", same_block(no_rx, h)) &&
	       note(r, "rx.norx_near", no_rx) &&
	       (money.end + order.end + cart.end + contact.end + call.end == 0 ||
		   note(r, "rx.norx_sale", no_rx)) &&
	       note(r, "rx.price_block", same_block(money, h)) &&
	       note(r, "rx.price_near", money) &&
	       note(r, "rx.order_block", same_block(order, h)) &&
	       note(r, "rx.order_near", order.end > 0 ? order : cart) &&
	       note(r, "rx.required_near", nearest(r, h->block, ids->required)) &&
	       note(r, "rx.strength", strength) &&
	       note(r, "rx.contact_near", contact) &&
	       note(r, "rx.payment_near", nearest(r, h->block, ids->payment)) &&
	       note(r, "rx.delivery_near", nearest(r, h->block, ids->delivery)) &&
	       note_name(r, "rx.title", h, title) &&
	       note_name(r, "rx.disguised", h, h->flags & VG_HIT_DISGUISED) &&
	       note_name(r, "rx.hidden", h, hidden) &&
	       note_name(r, "rx.data", h,
		   block->where == VG_WHERE_JSONLD ||
		       block->where == VG_WHERE_SCRIPT) &&
	       note_name(r, "rx.comment", h, block->in & VG_IN_COMMENTS) &&
	       note_name(r, "rx.slang", h, h->term_flags & VG_TERM_SLANG);
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
		ok = note_name(r, d->otc ? "rx.otc_drugs" : "rx.drugs", h, true) &&
		     note_name(r, "rx.controlled", h,
			 !d->otc && d->severity >= VG_SEVERITY_HIGH) &&
		     note_name(
			 r, "rx.mild", h, !d->otc && d->severity <= VG_SEVERITY_MEDIUM);
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
	struct reading r = {.lex = lex,
	    .text = text,
	    .sentences = sentences,
	    .blocks = blocks,
	    .fs = fs};
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
	    .cart = vg_lexicon_concept(lex, "cart"),
	    .sell = vg_lexicon_concept(lex, "sell_act"),
	    .call = vg_lexicon_concept(lex, "call_now"),
	    .street = vg_lexicon_concept(lex, "street")};
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
