/* SPDX-License-Identifier: MIT */
/* A product's page that says so only to people: its heading, its price, and a way to buy. */
#include "generic.h"

#include <string.h>

#define MIN_NAME 6u      /* bytes of a part of a heading that may be a name */
#define MAX_LEAVES 2000u /* elements or texts that may be the price */
#define MAX_CROSSED 500u /* crossed-out elements heeded */

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
		   "[id*=cart], [class*=snipcart], [class*=kosik], [class*=carrito], "
		   "[data-price], [href*=cart], [href*=basket], [href*=carrito], "
		   "[onclick*=cart], [onclick*=Cart]") != NULL;
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

/* What is crossed out, the first of it: whatever may be a price is looked for in all of these. */
static struct vigia_nodes crossed_out(const struct kit *k)
{
	struct vigia_nodes crossed = kit_all(k, NULL, VIGIA_CSS, old_prices);

	if (crossed.count > MAX_CROSSED)
		crossed.count = MAX_CROSSED;
	return crossed;
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

/* Is it written in the page's title? */
static bool is_repeated(struct vigia_str title, struct vigia_str text)
{
	char z[256];

	if (text.len == 0 || text.len >= sizeof(z))
		return false;
	memcpy(z, text.ptr, text.len);
	z[text.len] = '\0';
	return kit_find(title, z) != SIZE_MAX;
}

/* What the title repeats of a heading: all of it, or the longest of its texts without what stands beside. */
static struct vigia_value repeated_part(
    const struct kit *k, const struct vigia_node *heading, struct vigia_str title)
{
	struct vigia_value whole = kit_text(k, heading), best = {{"", 0}, 0, 0};
	struct vigia_nodes texts;

	if (is_repeated(title, whole.text))
		return whole;
	texts = kit_all(k, heading, VIGIA_XPATH, ".//text()[normalize-space()]");
	for (size_t i = 0; texts.count > 1 && i < texts.count; i++) {
		struct vigia_value part = kit_text(k, texts.items[i]);

		if (part.text.len > best.text.len && is_repeated(title, part.text))
			best = part;
	}
	return best.text.len >= MIN_NAME ? best : (struct vigia_value){{"", 0}, 0, 0};
}

/* The last heading before the first price, else the first of all. */
static const struct vigia_node *heading_of_price(
    const struct kit *k, const struct vigia_nodes *heads)
{
	struct vigia_nodes marks = kit_all(k, NULL, VIGIA_CSS, price_marks);
	const struct vigia_node *best = NULL;
	struct kit_money money;
	size_t at = 0;

	while (at < marks.count &&
	       (kit_text(k, marks.items[at]).text.len > 64 ||
		   kit_info(k, marks.items[at]).start <
		       kit_info(k, heads->items[0]).start ||
		   !kit_price(kit_text(k, marks.items[at]).text, "", false, &money)))
		at++;
	for (size_t i = 0; i < heads->count; i++) {
		if (kit_text(k, heads->items[i]).text.len == 0)
			continue;
		if (best == NULL ||
		    (at < marks.count && kit_info(k, heads->items[i]).start <
					     kit_info(k, marks.items[at]).start))
			best = heads->items[i];
	}
	return best;
}

/* The heading that the page's title repeats; its name in *ret_name. */
static const struct vigia_node *find_heading(
    const struct kit *k, struct vigia_value *ret_name)
{
	struct vigia_nodes heads = kit_all(k, NULL, VIGIA_CSS, "h1");
	struct vigia_str title = kit_css_text(k, NULL, "title").text;
	const struct vigia_node *heading;

	for (size_t i = 0; i < heads.count; i++) {
		*ret_name = repeated_part(k, heads.items[i], title);
		if (ret_name->text.len > 0)
			return heads.items[i];
	}
	heading = heads.count > 0 ? heading_of_price(k, &heads) : NULL;
	*ret_name = kit_text(k, heading);
	return heading;
}

static bool is_price_label(struct vigia_str text)
{
	static const char *const words[] = {"price", "our price", "precio", "prix",
	    "preis", "prezzo", "pre\xC3\xA7o", "cena", "cijena", "prijs",
	    "\xD0\xA6\xD0\xB5\xD0\xBD\xD0\xB0"};

	if (text.len > 0 && text.ptr[text.len - 1] == ':')
		text = kit_trim(kit_sub(text, 0, text.len - 1));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (kit_is(text, words[i]))
			return true;
	return false;
}

/*
 * Pages without telling classes: an amount soon after the word "Price", or the amount that the page's own
 * description states, where it stands alone.
 */
static void set_labelled_price(
    const struct kit *k, struct kit_record *r, const struct vigia_node *heading)
{
	struct vigia_nodes leaves =
	    kit_all(k, NULL, VIGIA_CSS, "body *:not(:has(*)):not(script):not(style)");
	struct vigia_nodes crossed = crossed_out(k);
	const char *hint = kit_dollar(k->page);
	uint64_t from = kit_info(k, heading).start;
	struct kit_money told = {"", "", 0, 0}, money;
	size_t since = SIZE_MAX, looked = 0;

	(void)kit_price(kit_meta(k, "og:description").text, hint, false, &told);
	for (size_t i = 0; i < leaves.count && looked < MAX_LEAVES; i++) {
		struct vigia_value text = kit_text(k, leaves.items[i]);

		if (text.start < from || text.text.len == 0 || text.text.len > 64)
			continue;
		if (is_price_label(text.text)) {
			since = 0;
			continue;
		}
		looked++;
		if (is_below(k, leaves.items[i], &crossed))
			continue;
		if (since < 3 && kit_set_price(r, text, hint, false))
			return;
		since += since != SIZE_MAX;
		if (told.amount[0] != '\0' && kit_digits(text.text) == text.text.len &&
		    kit_price(text.text, hint, true, &money) &&
		    strcmp(money.amount, told.amount) == 0) {
			(void)kit_set_price(r, text, hint, true);
			kit_set_currency(r, kit_meta(k, "og:description"), hint);
			return;
		}
	}
}

/* The first price in an element that is not crossed out: it may hold the old one too. */
static bool set_price_of(const struct kit *k, struct kit_record *r,
    const struct vigia_node *mark, const struct vigia_nodes *crossed)
{
	const char *hint = kit_dollar(k->page);
	struct vigia_nodes texts;

	if (kit_first(k, mark, old_prices) == NULL)
		return kit_set_price(r, kit_text(k, mark), hint, false);
	texts = kit_all(k, mark, VIGIA_XPATH, ".//text()[normalize-space()]");
	for (size_t i = 0; i < texts.count && i < MAX_LEAVES; i++)
		if (!is_below(k, kit_info(k, texts.items[i]).parent, crossed) &&
		    kit_set_price(r, kit_text(k, texts.items[i]), hint, false))
			return true;
	return false;
}

/* The first price behind the heading that is not crossed out; never one of a card. */
static void set_visible_price(const struct kit *k, struct kit_record *r,
    const struct vigia_node *heading, const struct vigia_nodes *cards)
{
	struct vigia_nodes marks = kit_all(k, NULL, VIGIA_CSS, price_marks);
	struct vigia_nodes crossed = crossed_out(k);
	uint64_t from = kit_info(k, heading).start;

	for (size_t i = 0; i < marks.count; i++) {
		struct vigia_value text = kit_text(k, marks.items[i]);

		if (text.text.len == 0 || text.text.len > 64 || text.start < from ||
		    is_below(k, marks.items[i], &crossed))
			continue;
		if (is_below(k, marks.items[i], cards))
			return;
		if (set_price_of(k, r, marks.items[i], &crossed))
			return;
	}
}

int32_t read_product_page(
    const struct kit *k, const struct vigia_nodes *cards, size_t *ret_count)
{
	struct kit_record r = {.count = 0};
	struct vigia_str type = kit_meta(k, "og:type").text;
	bool is_product = kit_is(type, "product") || kit_is(type, "og:product");
	struct vigia_value name;
	const struct vigia_node *heading = find_heading(k, &name);

	kit_set(&r, VIGIA_TITLE, name);
	kit_set(&r, VIGIA_TITLE, kit_meta(k, "og:title"));
	if (kit_get(&r, VIGIA_TITLE) == NULL)
		return VIGIA_OK;
	set_meta_price(k, &r);
	if (kit_get(&r, VIGIA_PRICE) == NULL && heading != NULL &&
	    (is_product || can_be_bought(k)))
		set_visible_price(k, &r, heading, cards);
	if (kit_get(&r, VIGIA_PRICE) == NULL && heading != NULL && cards->count == 0)
		set_labelled_price(k, &r, heading);
	if (kit_get(&r, VIGIA_PRICE) == NULL)
		return VIGIA_OK;
	kit_set(&r, VIGIA_URL, kit_css_attr(k, NULL, "link[rel=canonical]", "href"));
	(*ret_count)++;
	return kit_emit(k, &r, VIGIA_KIND_PRODUCT, NULL);
}
