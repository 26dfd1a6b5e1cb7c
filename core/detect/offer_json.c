/* SPDX-License-Identifier: MIT */
/* Offers in JSON: schema.org products, and objects of page state that have a name and a price. */
#include "config.h"

#include "base/json.h"
#include "detect/offer_priv.h"
#include "detect/price.h"

#include <string.h>

struct walk {
	struct vg_offer_scan *s;
	const struct vg_page_json *page;
};

static const struct vg_json *first_of(
    const struct vg_json *object, const char *const *keys)
{
	for (; *keys != NULL; keys++) {
		const struct vg_json *v = vg_json_get(object, *keys);
		if (v != NULL && v->type != VG_JSON_NULL)
			return v;
	}
	return NULL;
}

static bool has_text(const struct vg_json *v)
{
	return v != NULL && (v->type == VG_JSON_STRING || v->type == VG_JSON_NUMBER) &&
	       v->text.len > 0;
}

/* The price of an object: its own member, or one level down in offers or a price object. */
static const struct vg_json *price_of(
    const struct vg_json *object, const struct vg_json **ret_in)
{
	static const char *const prices[] = {"price", "lowPrice", "salePrice", "precio",
	    "preco", "prix", "preis", "amount", "value", NULL};
	static const char *const nests[] = {"offers", "priceSpecification", "price",
	    "precio", "sellingPrice", "prices", NULL};

	for (const char *const *k = prices; *k != NULL; k++) {
		const struct vg_json *v = vg_json_get(object, *k);
		if (has_text(v)) {
			*ret_in = object;
			return v;
		}
	}
	for (const char *const *k = nests; *k != NULL; k++) {
		const struct vg_json *in = vg_json_get(object, *k);
		if (in != NULL && in->type == VG_JSON_ARRAY)
			in = in->first;
		if (in == NULL || in->type != VG_JSON_OBJECT)
			continue;
		const struct vg_json *v = first_of(in, prices);
		if (!has_text(v) && (v = vg_json_get(in, "priceSpecification")) != NULL)
			v = first_of(in = v, prices);
		if (has_text(v)) {
			*ret_in = in;
			return v;
		}
	}
	return NULL;
}

static void span(const struct walk *w, const struct vg_json *v, struct vg_place *ret)
{
	bool ld = vg_str_eqz(w->page->type, "application/ld+json");

	ret->where = ld ? VG_WHERE_JSONLD : VG_WHERE_SCRIPT;
	vg_doc_utf8_span(w->s->doc, w->page->utf8_start + v->start,
	    w->page->utf8_start + v->end, &ret->start, &ret->end);
}

static void product(const struct walk *w, const struct vg_json *object)
{
	static const char *const names[] = {"name", "title", "productName", "nombre",
	    "titulo", "titre", "nome", "label", NULL};
	static const char *const currencies[] = {"priceCurrency", "currency",
	    "currencyCode", "currency_code", "moneda", NULL};
	const struct vg_json *name = first_of(object, names), *in = object, *price,
			     *currency;
	const struct vg_price *parsed;
	struct vg_price_options options = {.decimal_separator = 0};
	struct vg_place at;
	size_t count = 0;

	if (name == NULL || name->type != VG_JSON_STRING ||
	    (price = price_of(object, &in)) == NULL)
		return;
	currency = first_of(in, currencies);
	if (!has_text(currency))
		currency = first_of(object, currencies);
	if (has_text(currency))
		options.currency_hint = currency->text;
	if (price->type == VG_JSON_NUMBER ||
	    vg_str_chr(price->text, ',', 0) == SIZE_MAX)
		options.decimal_separator =
		    vg_str_chr(price->text, '.', 0) == SIZE_MAX ? 0 : '.';
	if (vg_price_parse(w->s->doc->arena, price->text, &options, &parsed, &count,
		NULL) != VG_OK) {
		w->s->status = VG_E_NOMEM;
		return;
	}
	if (count == 0)
		return;
	span(w, name, &at);
	struct vg_offer offer = {
	    .title = name->text, .price = parsed[0].amount, .at = at};
	const struct vg_substance *substance =
	    vg_offer_substance(w->s, at.start, at.end);
	if (substance == NULL)
		return;
	offer.substance = substance->inn;
	offer.currency = w->s->currency;
	if (parsed[0].currency[0] != '\0')
		offer.currency =
		    vg_arena_str(w->s->doc->arena, vg_str(parsed[0].currency));
	vg_offer_add(w->s, offer);
}

static void visit(const struct walk *w, const struct vg_json *v)
{
	if (v->type == VG_JSON_OBJECT)
		product(w, v);
	if (v->type != VG_JSON_OBJECT && v->type != VG_JSON_ARRAY)
		return;
	for (const struct vg_json *child = v->first; child != NULL; child = child->next)
		visit(w, child); /* no deeper than VG_JSON_DEPTH */
}

void vg_offer_scan_json(struct vg_offer_scan *s)
{
	for (size_t i = 0; i < s->doc->json_count; i++) {
		struct walk w = {.s = s, .page = &s->doc->jsons[i]};
		struct vg_json *root;
		if (vg_json_parse(s->doc->arena, w.page->text, VG_JSON_LENIENT, &root,
			NULL) == VG_OK)
			visit(&w, root);
	}
}
