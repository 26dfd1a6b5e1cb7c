/* SPDX-License-Identifier: MIT */
/* schema.org as microdata (itemscope, itemprop) or RDFa Lite (typeof, property). */
#include "generic.h"

#include <string.h>

/* How the two spell the same three words. */
struct dialect {
	const char *items, *type, *scope, *prop;
	const char *select; /* %s-free: every property below an item */
};

static const struct dialect dialects[] = {
    {"[itemscope][itemtype]", "itemtype", "itemscope", "itemprop", "[itemprop]"},
    {"[typeof]", "typeof", "typeof", "property", "[property]"},
};

static const struct vigia_value none = {{"", 0}, VIGIA_NO_SPAN, VIGIA_NO_SPAN};

static bool has_attr(
    const struct kit *k, const struct vigia_node *node, const char *name)
{
	struct vigia_value v;

	return k->api->attr(k->call, node, name, &v) == VIGIA_OK;
}

/* The item that a property belongs to: the nearest scope around it. */
static const struct vigia_node *owner(
    const struct kit *k, const struct dialect *d, const struct vigia_node *prop)
{
	const struct vigia_node *at = kit_info(k, prop).parent;

	while (at != NULL && !has_attr(k, at, d->scope))
		at = kit_info(k, at).parent;
	return at;
}

/* HTML 5.2.4: content, an address, a machine's date, else what is read. */
static struct vigia_value value_of(const struct kit *k, const struct vigia_node *prop)
{
	static const char *const attrs[] = {"content", "datetime"};
	struct vigia_str name = kit_info(k, prop).name;
	struct vigia_value v = none;

	for (size_t i = 0; i < 2 && v.text.len == 0; i++)
		v = kit_attr(k, prop, attrs[i]);
	if (v.text.len == 0 && (kit_is(name, "a") || kit_is(name, "link")))
		v = kit_attr(k, prop, "href");
	if (v.text.len == 0 && kit_is(name, "img"))
		v = kit_attr(k, prop, "alt");
	return v.text.len > 0 ? v : kit_text(k, prop);
}

/* What is read, for names: a link's text, not its address. */
static struct vigia_value text_of(const struct kit *k, const struct vigia_node *prop)
{
	struct vigia_value v = kit_attr(k, prop, "content");

	if (v.text.len == 0)
		v = kit_text(k, prop);
	return v.text.len > 0 ? v : value_of(k, prop);
}

static bool names_prop(const struct kit *k, const struct dialect *d,
    const struct vigia_node *node, const char *name)
{
	struct vigia_str words = kit_attr(k, node, d->prop).text;
	char prefixed[64] = "schema:";

	if (kit_has_word(words, name))
		return true;
	if (strlen(name) + sizeof("schema:") > sizeof(prefixed))
		return false;
	memcpy(prefixed + 7, name, strlen(name) + 1);
	return kit_has_word(words, prefixed);
}

/* A property of an item; of its nested offer too when `deep`. Items named by itemref count. */
static const struct vigia_node *find_prop(const struct kit *k, const struct dialect *d,
    const struct vigia_node *item, const char *name, bool deep)
{
	struct vigia_nodes props = kit_all(k, item, VIGIA_CSS, d->select);

	for (size_t i = 0; i < props.count; i++)
		if (names_prop(k, d, props.items[i], name) &&
		    (deep || owner(k, d, props.items[i]) == item))
			return props.items[i];
	return NULL;
}

static const struct vigia_node *find_ref(const struct kit *k, const struct dialect *d,
    const struct vigia_node *item, const char *name)
{
	struct vigia_str refs = kit_attr(k, item, "itemref").text;
	struct vigia_nodes marked;

	if (refs.len == 0)
		return NULL;
	marked = kit_all(k, NULL, VIGIA_CSS, "[id]");
	for (size_t i = 0; i < marked.count; i++) {
		struct vigia_str id = kit_attr(k, marked.items[i], "id").text;
		const struct vigia_node *found = NULL;
		char word[64];

		if (id.len == 0 || id.len >= sizeof(word))
			continue;
		memcpy(word, id.ptr, id.len);
		word[id.len] = '\0';
		if (!kit_has_word(refs, word))
			continue;
		if (names_prop(k, d, marked.items[i], name))
			return marked.items[i];
		found = find_prop(k, d, marked.items[i], name, true);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static const struct vigia_node *prop(const struct kit *k, const struct dialect *d,
    const struct vigia_node *item, const char *name, bool deep)
{
	const struct vigia_node *found = find_prop(k, d, item, name, deep);

	return found != NULL ? found : find_ref(k, d, item, name);
}

static struct vigia_value prop_value(const struct kit *k, const struct dialect *d,
    const struct vigia_node *item, const char *name, bool deep)
{
	const struct vigia_node *node = prop(k, d, item, name, deep);

	return node != NULL ? value_of(k, node) : none;
}

static int32_t emit_product(const struct kit *k, const struct dialect *d,
    const struct vigia_node *item, size_t *ret_count)
{
	struct kit_record r = {.count = 0};
	struct vigia_value currency = prop_value(k, d, item, "priceCurrency", true);
	struct vigia_value stock = prop_value(k, d, item, "availability", true);
	const struct vigia_node *name = prop(k, d, item, "name", false);
	const struct vigia_node *price = prop(k, d, item, "price", true);
	char iso[4] = "";

	if (price == NULL)
		price = prop(k, d, item, "lowPrice", true);
	if (name == NULL || price == NULL)
		return VIGIA_OK; /* named, not offered */
	kit_set(&r, VIGIA_TITLE, text_of(k, name));
	kit_currency(currency.text, "", iso);
	if (!kit_set_price(
		&r, value_of(k, price), iso[0] ? iso : kit_dollar(k->page), true))
		(void)kit_set_price(
		    &r, kit_text(k, price), iso[0] ? iso : kit_dollar(k->page), true);
	if (iso[0] != '\0' && kit_get(&r, VIGIA_PRICE) != NULL)
		kit_set_currency(&r, currency, "");
	if (kit_get(&r, VIGIA_TITLE) == NULL || kit_get(&r, VIGIA_PRICE) == NULL)
		return VIGIA_OK;
	stock.text = stock_of(stock.text);
	kit_set(&r, VIGIA_STOCK, stock);
	kit_set(&r, VIGIA_ID, prop_value(k, d, item, "sku", false));
	kit_set(&r, VIGIA_ID, prop_value(k, d, item, "productID", false));
	kit_set(&r, VIGIA_URL, prop_value(k, d, item, "url", false));
	kit_set(&r, VIGIA_TEXT, prop_value(k, d, item, "description", false));
	(*ret_count)++;
	return kit_emit(k, &r, VIGIA_KIND_PRODUCT, item);
}

static int32_t emit_place(const struct kit *k, const struct dialect *d,
    const struct vigia_node *item, size_t *ret_count)
{
	struct kit_record r = {.count = 0};
	const struct vigia_node *name = prop(k, d, item, "name", false);
	const struct vigia_node *address = prop(k, d, item, "address", false);

	if (name == NULL)
		return VIGIA_OK;
	kit_set(&r, VIGIA_TITLE, text_of(k, name));
	kit_set(&r, VIGIA_PHONE, prop_value(k, d, item, "telephone", true));
	if (address != NULL)
		kit_set(&r, VIGIA_ADDRESS, text_of(k, address));
	if (kit_get(&r, VIGIA_TITLE) == NULL ||
	    (kit_get(&r, VIGIA_PHONE) == NULL && kit_get(&r, VIGIA_ADDRESS) == NULL))
		return VIGIA_OK;
	kit_set(&r, VIGIA_EMAIL, prop_value(k, d, item, "email", false));
	kit_set(&r, VIGIA_URL, prop_value(k, d, item, "url", false));
	kit_set_coordinate(&r, VIGIA_LAT, prop_value(k, d, item, "latitude", true));
	kit_set_coordinate(&r, VIGIA_LON, prop_value(k, d, item, "longitude", true));
	(*ret_count)++;
	return kit_emit(k, &r, VIGIA_KIND_PLACE, item);
}

/* Is it a part of another item that is itself a listing, or of an article? */
static bool is_part(
    const struct kit *k, const struct dialect *d, const struct vigia_node *item)
{
	const struct vigia_node *around = owner(k, d, item);

	for (; around != NULL; around = owner(k, d, around)) {
		enum thing thing = thing_of(kit_attr(k, around, d->type).text);

		if (thing == THING_PRODUCT || thing == THING_ARTICLE)
			return true;
	}
	return false;
}

static int32_t read_dialect(
    const struct kit *k, const struct dialect *d, size_t *ret_count)
{
	struct vigia_nodes items = kit_all(k, NULL, VIGIA_CSS, d->items);
	int32_t st = VIGIA_OK;

	for (size_t i = 0; i < items.count && st == VIGIA_OK; i++) {
		enum thing thing = thing_of(kit_attr(k, items.items[i], d->type).text);

		if ((thing != THING_PRODUCT && thing != THING_PLACE) ||
		    is_part(k, d, items.items[i]))
			continue;
		st = thing == THING_PRODUCT
			 ? emit_product(k, d, items.items[i], ret_count)
			 : emit_place(k, d, items.items[i], ret_count);
	}
	return st;
}

int32_t read_microdata(const struct kit *k, size_t *ret_count)
{
	int32_t st = VIGIA_OK;

	if (kit_find(k->page->text, "itemscope") != SIZE_MAX)
		st = read_dialect(k, &dialects[0], ret_count);
	if (st == VIGIA_OK && *ret_count == 0 &&
	    kit_find(k->page->text, "typeof=") != SIZE_MAX)
		st = read_dialect(k, &dialects[1], ret_count);
	return st;
}
