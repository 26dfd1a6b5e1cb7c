/* SPDX-License-Identifier: MIT */
/* Shops on WooCommerce: its product loops, product pages and both of its JSON interfaces. */
#include "kit/kit.h"

#include <string.h>

static const char loop_items[] =
    "ul.products li.product, .products .product.type-product, "
    "li.wc-block-grid__product, "
    "li.wc-block-product, .products .product-small.product, .products li.product-item";
static const char titles[] =
    ".woocommerce-loop-product__title, .wc-block-grid__product-title, "
    ".wc-block-components-product-title, .product-title, .wd-entities-title, "
    ".product_title, "
    "h2, h3, h4, .name";

/* The amount to pay: inside <ins> when a sale crosses the old one out; the lowest of a range. */
static void set_price(
    const struct kit *k, struct kit_record *r, const struct vigia_node *price)
{
	const struct vigia_node *now = kit_first(k, price, "ins");
	struct vigia_nodes amounts;
	const char *hint = kit_dollar(k->page);

	if (price == NULL)
		return;
	amounts = kit_all(k, now != NULL ? now : price, VIGIA_CSS,
	    ".woocommerce-Price-amount:not(del *), .amount:not(del *)");
	for (size_t i = 0; i < amounts.count; i++)
		if (kit_set_price(r, kit_text(k, amounts.items[i]), hint, true))
			return;
	if (amounts.count == 0 && kit_first(k, price, "del") == NULL)
		(void)kit_set_price(
		    r, kit_text(k, now != NULL ? now : price), hint, true);
}

static void set_stock(
    const struct kit *k, struct kit_record *r, const struct vigia_node *node)
{
	struct vigia_value classes = kit_attr(k, node, "class");
	struct vigia_value v = {{"", 0}, classes.start, classes.end};

	if (kit_has_word(classes.text, "instock") ||
	    kit_has_word(classes.text, "in-stock"))
		v.text = KIT_STR("in");
	else if (kit_has_word(classes.text, "outofstock") ||
		 kit_has_word(classes.text, "out-of-stock"))
		v.text = KIT_STR("out");
	kit_set(r, VIGIA_STOCK, v);
}

/* What the shop says its currency is, for amounts that show only a bare '$' or nothing. */
static void set_page_currency(const struct kit *k, struct kit_record *r)
{
	struct vigia_nodes found;

	if (kit_get(r, VIGIA_PRICE) == NULL || kit_get(r, VIGIA_CURRENCY) != NULL)
		return;
	kit_set_currency(r, kit_meta(k, "product:price:currency"), "");
	kit_set_currency(r, kit_meta(k, "og:price:currency"), "");
	kit_set_currency(
	    r, kit_css_attr(k, NULL, "meta[itemprop=priceCurrency]", "content"), "");
	found = kit_all(k, NULL, VIGIA_REGEX,
	    "\"(?:priceCurrency|currency_code|currencyCode|currency)\"\\s*:\\s*\"([A-Z]"
	    "{3})\"");
	if (found.count > 0)
		kit_set_currency(r, kit_attr(k, found.items[0], "1"), "");
}

static int32_t loop_item(const struct kit *k, const struct vigia_node *item)
{
	struct kit_record r = {.count = 0};
	struct vigia_nodes names = kit_all(k, item, VIGIA_CSS, titles);
	struct vigia_value id =
	    kit_css_attr(k, item, "[data-product_id]", "data-product_id");
	struct vigia_value href = kit_css_attr(k, item,
	    "a.woocommerce-LoopProduct-link, a.woocommerce-loop-product__link", "href");

	for (size_t i = 0; i < names.count && kit_get(&r, VIGIA_TITLE) == NULL; i++)
		kit_set(&r, VIGIA_TITLE, kit_text(k, names.items[i]));
	if (kit_get(&r, VIGIA_TITLE) == NULL)
		kit_set(&r, VIGIA_TITLE, kit_css_attr(k, item, "img[alt]", "alt"));
	if (kit_get(&r, VIGIA_TITLE) == NULL)
		return VIGIA_OK;
	set_price(k, &r, kit_first(k, item, ".price, .wc-block-grid__product-price"));
	set_page_currency(k, &r);
	if (href.text.len == 0)
		href = kit_css_attr(k, item,
		    "h2 a[href], h3 a[href], .product-title a[href], "
		    "a[href]:not([href^='?']):"
		    "not([href^='#']):not(.add_to_cart_button)",
		    "href");
	kit_set(&r, VIGIA_URL, href);
	kit_set(&r, VIGIA_ID, id);
	set_stock(k, &r, item);
	if (kit_link(k, VIGIA_LINK_ITEM, href.text) != VIGIA_OK)
		return VIGIA_E_LIMIT;
	return kit_emit(k, &r, VIGIA_KIND_PRODUCT, item);
}

static bool is_inside(
    const struct kit *k, const struct vigia_node *node, const char *class_prefix)
{
	for (; node != NULL; node = kit_info(k, node).parent) {
		struct vigia_str classes = kit_attr(k, node, "class").text;

		if (kit_find(classes, class_prefix) != SIZE_MAX)
			return true;
	}
	return false;
}

/* Loops of the main list; on a product's page only those are left that recommend others. */
static int32_t read_loops(const struct kit *k, size_t *ret_count)
{
	struct vigia_nodes items = kit_all(k, NULL, VIGIA_CSS, loop_items);
	int32_t st = VIGIA_OK;

	for (size_t i = 0; i < items.count && st == VIGIA_OK; i++) {
		if (is_inside(k, items.items[i], "widget") ||
		    is_inside(k, items.items[i], "product-category product"))
			continue;
		st = loop_item(k, items.items[i]);
		*ret_count += st == VIGIA_OK;
	}
	return st;
}

static int32_t read_product(const struct kit *k, const struct vigia_node *product)
{
	struct kit_record r = {.count = 0};
	const struct vigia_node *summary =
	    kit_first(k, product, ".summary, .entry-summary");
	const struct vigia_node *price;
	struct vigia_value canonical =
	    kit_css_attr(k, NULL, "link[rel=canonical]", "href");
	const struct vigia_node *form;

	if (summary == NULL)
		summary = product;
	kit_set(&r, VIGIA_TITLE,
	    kit_css_text(k, product, "h1.product_title, .product_title, h1"));
	if (kit_get(&r, VIGIA_TITLE) == NULL)
		kit_set(&r, VIGIA_TITLE, kit_css_text(k, NULL, "h1"));
	if (kit_get(&r, VIGIA_TITLE) == NULL)
		kit_set(&r, VIGIA_TITLE, kit_meta(k, "og:title"));
	price =
	    kit_first(k, summary, "p.price, .price:not(.related *):not(.upsells *)");
	if (price == NULL)
		price = kit_first(k, product, "p.price");
	set_price(k, &r, price);
	set_page_currency(k, &r);
	kit_set(
	    &r, VIGIA_URL, canonical.text.len > 0 ? canonical : kit_meta(k, "og:url"));
	if (kit_get(&r, VIGIA_URL) == NULL)
		kit_set(&r, VIGIA_URL,
		    (struct vigia_value){k->page->url, VIGIA_NO_SPAN, VIGIA_NO_SPAN});
	kit_set(&r, VIGIA_ID, kit_css_text(k, summary, ".sku"));
	form = kit_first(k, summary, "form.cart [name=add-to-cart]");
	kit_set(&r, VIGIA_ID, kit_attr(k, form, "value"));
	kit_set(&r, VIGIA_TEXT,
	    kit_css_text(k, summary,
		".woocommerce-product-details__short-description, "
		"[itemprop=description]"));
	set_stock(k, &r, kit_first(k, summary, ".stock"));
	set_stock(k, &r, product);
	if (kit_get(&r, VIGIA_TITLE) == NULL)
		return VIGIA_OK;
	return kit_emit(k, &r, VIGIA_KIND_PRODUCT, product);
}

static int32_t read_next(const struct kit *k)
{
	struct vigia_value next = kit_css_attr(k, NULL,
	    "a.next.page-numbers, .woocommerce-pagination a[rel=next], "
	    "a.wp-block-query-pagination-next",
	    "href");

	if (next.text.len == 0)
		next = kit_css_attr(k, NULL, "link[rel=next]", "href");
	return kit_link(k, VIGIA_LINK_NEXT, next.text);
}

static int32_t parse_html(const struct kit *k)
{
	const struct vigia_node *product = kit_first(k, NULL,
	    "body.single-product .product.type-product:not(li), "
	    "div.product.type-product:has(form.cart), "
	    "div.product.type-product:has(.summary)");
	size_t count = 0;
	int32_t st = VIGIA_OK;

	if (product == NULL && kit_first(k, NULL, "body.single-product") != NULL)
		product = kit_first(k, NULL, "body");
	if (product != NULL) {
		st = read_product(k, product);
		count++;
	} else {
		st = read_loops(k, &count);
		if (st == VIGIA_OK && count > 0)
			st = read_next(k);
	}
	return st == VIGIA_OK && count == 0 ? VIGIA_PASS : st;
}

/* "1105" in minor units with 2 digits is 11.05. */
static void set_minor_price(
    const struct kit *k, struct kit_record *r, const struct vigia_node *prices)
{
	struct vigia_value amount = kit_attr(k, prices, "price");
	struct vigia_value unit = kit_attr(k, prices, "currency_minor_unit");
	size_t fraction = unit.text.len == 1 ? (size_t)(unit.text.ptr[0] - '0') : 2;
	size_t whole, from = 0, out = 0;

	kit_set_currency(r, kit_attr(k, prices, "currency_code"), "");
	if (amount.text.len == 0 || amount.text.len > 15 || fraction > 4 ||
	    kit_digits(amount.text) != amount.text.len)
		return;
	whole = amount.text.len > fraction ? amount.text.len - fraction : 0;
	if (whole == 0)
		r->extra[out++] = '0';
	memcpy(r->extra + out, amount.text.ptr, whole);
	out += whole;
	if (fraction > 0) {
		r->extra[out++] = '.';
		for (from = amount.text.len; from < fraction; from++)
			r->extra[out++] = '0';
		memcpy(
		    r->extra + out, amount.text.ptr + whole, amount.text.len - whole);
		out += amount.text.len - whole;
	}
	amount.text = (struct vigia_str){r->extra, out};
	kit_set(r, VIGIA_PRICE, amount);
}

static int32_t api_product(const struct kit *k, const struct vigia_node *item)
{
	struct kit_record r = {.count = 0};
	struct vigia_nodes prices = kit_all(k, item, VIGIA_JSON, "$.prices");
	struct vigia_str in_stock = kit_attr(k, item, "is_in_stock").text;
	struct vigia_str status = kit_attr(k, item, "stock_status").text;
	struct vigia_value stock = {{"", 0}, VIGIA_NO_SPAN, VIGIA_NO_SPAN};

	kit_set(&r, VIGIA_TITLE, kit_attr(k, item, "name"));
	if (kit_get(&r, VIGIA_TITLE) == NULL)
		return VIGIA_OK;
	kit_set(&r, VIGIA_ID, kit_attr(k, item, "id"));
	kit_set(&r, VIGIA_URL, kit_attr(k, item, "permalink"));
	if (prices.count > 0)
		set_minor_price(k, &r, prices.items[0]);
	else
		(void)kit_set_price(&r, kit_attr(k, item, "price"), "", true);
	if (kit_is(in_stock, "true") || kit_is(status, "instock"))
		stock.text = KIT_STR("in");
	else if (kit_is(in_stock, "false") || kit_is(status, "outofstock"))
		stock.text = KIT_STR("out");
	kit_set(&r, VIGIA_STOCK, stock);
	kit_set(&r, VIGIA_TEXT, kit_attr(k, item, "short_description"));
	return kit_emit(k, &r, VIGIA_KIND_PRODUCT, item);
}

static int32_t parse_json(const struct kit *k, const struct vigia_node *root)
{
	struct vigia_nodes items = kit_all(k, root, VIGIA_JSON, "$[*]");
	int32_t st = VIGIA_OK;
	size_t count = 0;

	if (kit_info(k, root).kind == VIGIA_NODE_OBJECT)
		items = (struct vigia_nodes){&root, 1};
	for (size_t i = 0; i < items.count && st == VIGIA_OK; i++) {
		if (kit_attr(k, items.items[i], "permalink").text.len == 0)
			continue;
		st = api_product(k, items.items[i]);
		count++;
	}
	return st == VIGIA_OK && count == 0 ? VIGIA_PASS : st;
}

static int32_t parse(const struct vigia_host_api *api, struct vigia_call *call,
    void *self, const struct vigia_page *page)
{
	struct kit k = {api, call, page};
	struct vigia_str text = kit_trim(page->text);

	(void)self;
	if (text.len > 0 && (text.ptr[0] == '{' || text.ptr[0] == '[')) {
		struct vigia_nodes roots = kit_all(&k, NULL, VIGIA_JSON, "$");

		return roots.count == 1 ? parse_json(&k, roots.items[0]) : VIGIA_PASS;
	}
	return parse_html(&k);
}

#define BY(kind, what, rank)                                                           \
	{                                                                              \
		.by = (kind), .content = (what), .priority = (rank)                    \
	}

static const struct vigia_match rules[] = {
    BY(VIGIA_BY_GENERATOR, "WooCommerce", 100),
    BY(VIGIA_BY_CLASS, "woocommerce", 100),
    BY(VIGIA_BY_CLASS, "woocommerce-page", 100),
    BY(VIGIA_BY_CLASS, "woocommerce-Price-amount", 90),
    BY(VIGIA_BY_CLASS, "wc-block-*", 90),
    BY(VIGIA_BY_PATH, "/wp-content/plugins/woocommerce/", 80),
    BY(VIGIA_BY_JSON, "\"currency_minor_unit\"", 100),
    BY(VIGIA_BY_JSON, "/wp-json/wc/", 90),
};

static const struct vigia_plugin woocommerce = {
    .magic = VIGIA_PLUGIN_MAGIC,
    .struct_size = sizeof(woocommerce),
    .abi_major = VIGIA_ABI_MAJOR,
    .caps_required = VIGIA_CAP_TREE | VIGIA_CAP_LINKS,
    .name = "woocommerce",
    .version = "1.0",
    .license = "MIT",
    .summary =
	"shops on WooCommerce: product lists, product pages, Store API and REST API",
    .matches = rules,
    .match_count = sizeof(rules) / sizeof(rules[0]),
    .parse = parse,
};

const struct vigia_plugin *vigia_plugin_v1(void)
{
	return &woocommerce;
}
