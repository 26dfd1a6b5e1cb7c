/* SPDX-License-Identifier: MIT */
/* A product's page that says so only to people: its heading, its price, and a way to buy. */
#include "generic.h"

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
		   "form[action*=cart], [class*=add-to-cart], [class*=addtocart], "
		   "[class*=add_to_cart], "
		   "[class*=addToCart], [class*=buy-button], [class*=buyButton], "
		   "[id*=addtocart], "
		   "[id*=add-to-cart], [class*=add-cart], [class*=snipcart-add-item], "
		   "[id*=buy], "
		   "button[name=add], [class*=btn-buy], [data-action*=cart]") != NULL;
}

static bool is_old(const struct kit *k, const struct vigia_node *node)
{
	struct vigia_nodes crossed = kit_all(k, NULL, VIGIA_CSS, old_prices);

	for (size_t i = 0; i < crossed.count; i++)
		for (const struct vigia_node *at = node; at != NULL;
		     at = kit_info(k, at).parent)
			if (at == crossed.items[i])
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

static void set_visible_price(const struct kit *k, struct kit_record *r)
{
	struct vigia_nodes marks = kit_all(k, NULL, VIGIA_CSS, price_marks);
	const char *hint = kit_dollar(k->page);

	for (size_t i = 0; i < marks.count; i++) {
		struct vigia_value text = kit_text(k, marks.items[i]);

		if (text.text.len == 0 || text.text.len > 64 ||
		    is_old(k, marks.items[i]))
			continue;
		if (kit_set_price(r, text, hint, false))
			return;
	}
}

int32_t read_product_page(const struct kit *k, size_t *ret_count)
{
	struct kit_record r = {.count = 0};
	bool is_product = kit_is(kit_meta(k, "og:type").text, "product") ||
			  kit_is(kit_meta(k, "og:type").text, "og:product");

	kit_set(&r, VIGIA_TITLE, kit_css_text(k, NULL, "h1"));
	kit_set(&r, VIGIA_TITLE, kit_meta(k, "og:title"));
	if (kit_get(&r, VIGIA_TITLE) == NULL)
		return VIGIA_OK;
	set_meta_price(k, &r);
	if (kit_get(&r, VIGIA_PRICE) == NULL && (is_product || can_be_bought(k)))
		set_visible_price(k, &r);
	if (kit_get(&r, VIGIA_PRICE) == NULL)
		return VIGIA_OK;
	kit_set(&r, VIGIA_URL, kit_css_attr(k, NULL, "link[rel=canonical]", "href"));
	(*ret_count)++;
	return kit_emit(k, &r, VIGIA_KIND_PRODUCT, NULL);
}
