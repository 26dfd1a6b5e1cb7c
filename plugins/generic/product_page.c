/* SPDX-License-Identifier: MIT */
/* A product's page that says so only to people: its heading, its price, and a way to buy. */
#include "generic.h"

#include <string.h>

static const char price_marks[] =
    "[itemprop=price], "
    "[class*=price]:not([class*=old]):not([class*=before]):not([class*=regular])"
    ":not(del):not(s):not(label), [id*=price], [class*=precio], [class*=preis], "
    "[class*=prezzo]";
static const char old_prices[] = "del, s, strike, [class*=old], [class*=before], "
				 "[class*=strike], [class*=was], [class*=lista]";

static bool can_be_bought(const struct kit *k)
{
	return kit_first(k, NULL,
		   "form[action*=cart], form[action*=basket], [class*=cart], "
		   "[class*=Cart], "
		   "[class*=basket], [class*=Basket], [class*=buy], [class*=Buy], "
		   "[id*=buy], "
		   "[id*=cart], [class*=snipcart], [class*=kosik], [class*=carrito]") !=
	       NULL;
}

static bool is_below(
    const struct kit *k, const struct vigia_node *node, const struct vigia_nodes *of)
{
	for (; node != NULL; node = kit_info(k, node).parent)
		for (size_t i = 0; i < of->count; i++)
			if (node == of->items[i])
				return true;
	return false;
}

static void set_meta_price(const struct kit *k, struct kit_record *r)
{
	static const char *const rows[][2] = {
	    {"product:price:amount", "product:price:currency"},
	    {"og:price:amount", "og:price:currency"},
	    {"product:sale_price:amount", "product:sale_price:currency"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vigia_value currency = kit_meta(k, rows[i][1]);
		char iso[4];

		kit_currency(currency.text, "", iso);
		if (kit_set_price(r, kit_meta(k, rows[i][0]), iso, true))
			kit_set_currency(r, currency, "");
	}
}

/* The heading that the page's title repeats, else the first that says something. */
static const struct vigia_node *find_heading(const struct kit *k)
{
	struct vigia_nodes heads = kit_all(k, NULL, VIGIA_CSS, "h1");
	struct vigia_str title = kit_css_text(k, NULL, "title").text;
	const struct vigia_node *first = NULL;
	char text[256];

	for (size_t i = 0; i < heads.count; i++) {
		struct vigia_str head = kit_text(k, heads.items[i]).text;

		if (head.len == 0)
			continue;
		if (first == NULL)
			first = heads.items[i];
		if (head.len >= sizeof(text))
			continue;
		memcpy(text, head.ptr, head.len);
		text[head.len] = '\0';
		if (kit_find(title, text) != SIZE_MAX)
			return heads.items[i];
	}
	return first;
}

/* The first price behind the heading that is not crossed out; never one of a card. */
static void set_visible_price(const struct kit *k, struct kit_record *r,
    const struct vigia_node *heading, const struct vigia_nodes *cards)
{
	struct vigia_nodes marks = kit_all(k, NULL, VIGIA_CSS, price_marks);
	struct vigia_nodes crossed = kit_all(k, NULL, VIGIA_CSS, old_prices);
	const char *hint = kit_dollar(k->page);
	uint64_t from = kit_info(k, heading).start;

	for (size_t i = 0; i < marks.count; i++) {
		struct vigia_value text = kit_text(k, marks.items[i]);

		if (text.text.len == 0 || text.text.len > 64 || text.start < from ||
		    is_below(k, marks.items[i], &crossed))
			continue;
		if (is_below(k, marks.items[i], cards))
			return;
		if (kit_set_price(r, text, hint, false))
			return;
	}
}

int32_t read_product_page(
    const struct kit *k, const struct vigia_nodes *cards, size_t *ret_count)
{
	struct kit_record r = {.count = 0};
	struct vigia_str type = kit_meta(k, "og:type").text;
	bool is_product = kit_is(type, "product") || kit_is(type, "og:product");
	const struct vigia_node *heading = find_heading(k);

	kit_set(&r, VIGIA_TITLE, kit_text(k, heading));
	kit_set(&r, VIGIA_TITLE, kit_meta(k, "og:title"));
	if (kit_get(&r, VIGIA_TITLE) == NULL)
		return VIGIA_OK;
	set_meta_price(k, &r);
	if (kit_get(&r, VIGIA_PRICE) == NULL && heading != NULL &&
	    (is_product || can_be_bought(k)))
		set_visible_price(k, &r, heading, cards);
	if (kit_get(&r, VIGIA_PRICE) == NULL)
		return VIGIA_OK;
	kit_set(&r, VIGIA_URL, kit_css_attr(k, NULL, "link[rel=canonical]", "href"));
	(*ret_count)++;
	return kit_emit(k, &r, VIGIA_KIND_PRODUCT, NULL);
}
