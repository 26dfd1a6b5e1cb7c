/* SPDX-License-Identifier: MIT */
/*
 * Offers of a page. In text a price takes the words before it in its own block; a price that
 * stands alone takes the nearest block before it that names a medicine, inside the smallest
 * element around both: a card, a row, a list item.
 */
#include "config.h"

#include "detect/offer.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "detect/entity_priv.h"
#include "detect/offer_priv.h"
#include "detect/price.h"

enum { LEVELS = 6, BLOCKS_BACK = 12 };

/* Words that make a price something else than the price of a product. */
static const char *const not_prices[] = {"shipping", "env\u00edo", "envio",
    "env\u00edos", "envios", "delivery", "frete", "livraison", "versand", "entrega",
    "minimum", "minimo", "m\u00ednimo", "min", "total", "subtotal", "save", "ahorra",
    "ahorras", "descuento", "off", "orders over", "over", "was", "antes", "before",
    "deposit", "fee", "copay", "consulta", "spend", "compra m\u00ednima",
    "mindestbestellwert", "\u0434\u043e\u0441\u0442\u0430\u0432\u043a\u0430", NULL};

static int by_start(const void *a, const void *b)
{
	const struct vg_substance *const *x = a, *const *y = b;
	return ((*x)->at.start > (*y)->at.start) - ((*x)->at.start < (*y)->at.start);
}

const struct vg_substance *vg_offer_substance(
    const struct vg_offer_scan *s, size_t start, size_t end)
{
	size_t low = 0, high = s->substance_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (s->substances[mid]->at.start < start)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->substance_count && s->substances[low]->at.start < end
		   ? s->substances[low]
		   : NULL;
}

static const struct vg_substance *substance_in(
    const struct vg_offer_scan *s, const struct vg_block *block, size_t from, size_t to)
{
	size_t start, end;

	if (from >= to)
		return NULL;
	vg_doc_block_span(s->doc, block, from, to, &start, &end);
	return vg_offer_substance(s, start, end);
}

/* Without the separators that stand between a title and its price. */
static struct vg_str tidy(struct vg_str title)
{
	static const char *const marks[] = {" ", ":", "-", "=", ",", ";", ".", "|", "*",
	    "(", ")", "\u2013", "\u2014", "\u2022", "\u00b7", "\u00a0", "\u2192", "@",
	    "\u2705", "/"};
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
			struct vg_str mark = vg_str(marks[i]);
			if (vg_str_ends(title, mark) && !vg_str_eqz(mark, ")")) {
				title = vg_str_sub(title, 0, title.len - mark.len);
				more = true;
			}
			if (vg_str_starts(title, mark) && !vg_str_eqz(mark, "(")) {
				title = vg_str_sub(title, mark.len, title.len);
				more = true;
			}
		}
	}
	return title;
}

static bool same(struct vg_str a, struct vg_str b)
{
	return a.len == b.len && (a.len == 0 || vg_str_ieq(a, b));
}

/* Equal amounts: "40" and "40.00". */
static bool same_price(struct vg_str a, struct vg_str b)
{
	struct vg_str shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a;

	if (!vg_str_starts(longer, shorter))
		return false;
	bool point = vg_str_chr(shorter, '.', 0) != SIZE_MAX;
	for (size_t i = shorter.len; i < longer.len; i++) {
		if (longer.ptr[i] == '.' && !point)
			point = true;
		else if (longer.ptr[i] != '0' || !point)
			return false;
	}
	return true;
}

void vg_offer_add(struct vg_offer_scan *s, struct vg_offer offer)
{
	offer.title = tidy(offer.title);
	if (offer.title.len < 2 || offer.title.len > 300 ||
	    offer.at.start >= offer.at.end)
		return;
	if (s->offers.len == s->offers.max)
		return; /* before the search, which is the dear part of a long list */
	for (size_t i = 0; i < s->offers.len; i++) {
		const struct vg_offer *o = vg_vec_at(&s->offers, i);
		bool machine = offer.at.where == VG_WHERE_JSONLD ||
			       offer.at.where == VG_WHERE_SCRIPT ||
			       offer.at.where == VG_WHERE_META ||
			       offer.at.where == VG_WHERE_ATTRIBUTE;
		/* What JSON repeats of the visible page, or the page of itself. */
		if (same(o->substance, offer.substance) &&
		    same_price(o->price, offer.price) &&
		    same(o->currency, offer.currency) &&
		    (machine || same(o->title, offer.title)))
			return;
	}
	struct vg_offer *kept = vg_vec_push(&s->offers);
	if (kept == NULL) {
		s->status = VG_E_NOMEM;
		return;
	}
	*kept = offer;
	kept->strength = vg_offer_strength(s->doc->arena, kept->title);
	kept->quantity = vg_offer_quantity(kept->title);
}

/* Where the title of a price comes from. */
struct source {
	const struct vg_block *block;
	size_t start, end; /* bytes of its text */
	const struct vg_substance *substance;
};

/* The smallest element, at most LEVELS up, that has blocks before `index`; VG_NONE: none. */
static bool inside(const struct vg_doc *doc, uint32_t element, size_t index)
{
	return element != VG_NONE && doc->elements[element].first_block <= index &&
	       index < doc->elements[element].end_block;
}

/*
 * The block that names the medicine of a price alone in block `index`: backwards, level by level;
 * `last` is the newest block that already has its price.
 */
static bool title_around(
    const struct vg_offer_scan *s, size_t index, size_t last, struct source *ret)
{
	const struct vg_doc *doc = s->doc;
	uint32_t element = doc->blocks[index].element;

	for (int level = 0; level < LEVELS && element != VG_NONE; level++) {
		const struct vg_element *e = &doc->elements[element];
		bool row = vg_str_eqz(e->name, "tr");
		for (size_t back = 1; back <= BLOCKS_BACK && back <= index; back++) {
			size_t k = index - back;
			if (!inside(doc, element, k) || (k < last && !row))
				break;
			const struct vg_block *b = &doc->blocks[k];
			const struct vg_substance *found =
			    substance_in(s, b, 0, b->text.len);
			if (found != NULL && b->text.len <= 200) {
				*ret = (struct source){b, 0, b->text.len, found};
				return true;
			}
		}
		for (size_t k = index + 1; level > 0 && level < 4 && k < index + 4;
		     k++) {
			if (!inside(doc, element, k) ||
			    e->end_block - e->first_block > 8)
				break;
			const struct vg_block *b = &doc->blocks[k];
			const struct vg_substance *found =
			    substance_in(s, b, 0, b->text.len);
			if (found != NULL && b->text.len <= 120) {
				*ret = (struct source){b, 0, b->text.len, found};
				return true;
			}
		}
		if (row)
			break;
		element = e->parent;
	}
	return false;
}

static void add_from(struct vg_offer_scan *s, const struct source *from,
    const struct vg_price *price, const struct vg_block *priced)
{
	struct vg_offer offer = {
	    .title = vg_str_sub(from->block->text, from->start, from->end)};
	size_t start, end;

	offer.substance = from->substance->inn;
	offer.price = price->amount;
	offer.currency = s->currency;
	if (price->currency[0] != '\0')
		offer.currency = vg_arena_str(s->doc->arena, vg_str(price->currency));
	offer.at.where = priced->where;
	vg_doc_block_span(s->doc, from->block, from->start, from->end, &offer.at.start,
	    &offer.at.end);
	vg_doc_block_span(s->doc, priced, price->start, price->end, &start, &end);
	if (priced == from->block && end > offer.at.end)
		offer.at.end = end;
	vg_offer_add(s, offer);
}

/* The start of the last clause of text[from, to): behind a full stop, a line mark, a colon. */
static size_t clause(struct vg_str text, size_t from, size_t to)
{
	for (size_t p = to; p > from + 1; p--) {
		char c = text.ptr[p - 1];
		if ((c == ';' || c == '|' || c == '!' || c == '?' || c == '.' ||
			c == ',') &&
		    p < to && text.ptr[p] == ' ')
			return p;
	}
	return from;
}

/* The piece of a block that is the title of the price: its clause, or back to the medicine. */
static bool title_inside(const struct vg_offer_scan *s, const struct vg_block *b,
    size_t from, size_t to, struct source *ret)
{
	size_t start = clause(b->text, from, to);

	for (;;) {
		const struct vg_substance *found = substance_in(s, b, start, to);
		if (found != NULL) {
			*ret = (struct source){b, start, to, found};
			return true;
		}
		if (start == from || to - start > 120)
			return false;
		start = clause(b->text, from, start - 1);
	}
}

/* Prices of one block; returns whether one of them found its product. */
static bool read_block(struct vg_offer_scan *s, size_t index, size_t last)
{
	const struct vg_block *b = &s->doc->blocks[index];
	const struct vg_price *prices;
	struct source from = {0};
	size_t count, at = 0;
	bool used = false;

	if (vg_prices_find(s->doc->arena, b->text, &prices, &count, NULL) != VG_OK) {
		s->status = VG_E_NOMEM;
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		size_t begin = at;
		at = prices[i].end;
		size_t window =
		    prices[i].start - begin > 40 ? prices[i].start - 40 : begin;
		if (vg_any_word(b->text, clause(b->text, window, prices[i].start),
			prices[i].start, not_prices))
			continue;
		size_t next = i + 1 < count ? prices[i + 1].start : b->text.len;
		if (title_inside(s, b, begin, prices[i].start, &from)) {
			add_from(s, &from, &prices[i], b);
			used = true;
			continue;
		}
		struct vg_str before =
		    tidy(vg_str_sub(b->text, begin, prices[i].start));
		struct vg_str after = vg_str_sub(b->text, at, next);
		const struct vg_substance *behind = substance_in(s, b, at, next);
		if (before.len == 0 && i == 0 && behind != NULL && after.len <= 120) {
			from = (struct source){b, at, next, behind};
		} else if (from.block == NULL && before.len <= 60 &&
			   !title_around(s, index, last, &from)) {
			continue;
		} else if (from.block == NULL || before.len > 60) {
			continue;
		}
		add_from(s, &from, &prices[i], b);
		used = true;
	}
	return used;
}

static bool may_price(struct vg_str text)
{
	bool digit = false;
	for (size_t i = 0; i < text.len && !digit; i++)
		digit = vg_is_digit(text.ptr[i]);
	return digit;
}

enum vg_status vg_offers_find(const struct vg_doc *doc, const struct vg_region *region,
    const struct vg_substance *substances, size_t substance_count,
    const struct vg_offer **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_offer_scan s = {
	    .doc = doc, .region = region, .substance_count = substance_count};
	size_t last = 0;

	s.currency = vg_arena_str(doc->arena, vg_str(region->currency));
	s.offers = VG_VEC_INIT(struct vg_offer, VG_MAX_RECORDS, doc->arena);
	s.substances =
	    vg_arena_array(doc->arena, substance_count, sizeof(*s.substances));
	if (s.substances == NULL || s.currency.ptr == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; i < substance_count; i++)
		s.substances[i] = &substances[i];
	if (substance_count > 1)
		qsort(s.substances, substance_count, sizeof(*s.substances), by_start);
	for (size_t i = 0; i < doc->block_count && substance_count > 0; i++) {
		const struct vg_block *b = &doc->blocks[i];
		bool text = b->where == VG_WHERE_TEXT || b->where == VG_WHERE_HIDDEN ||
			    b->where == VG_WHERE_NOSCRIPT;
		if (text && (b->in & VG_IN_DEL) == 0 && may_price(b->text) &&
		    read_block(&s, i, last))
			last = i + 1;
	}
	if (substance_count > 0)
		vg_offer_scan_json(&s);
	if (s.status != VG_OK)
		return vg_fail(err, s.status, "out of memory");
	*ret = s.offers.items;
	*ret_count = s.offers.len;
	return VG_OK;
}
