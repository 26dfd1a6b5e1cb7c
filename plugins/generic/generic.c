/* SPDX-License-Identifier: MIT */
/* The plugin of last resort: what any page says by schema.org, by its meta tags, by its shape. */
#include "generic.h"

static int32_t read_next(const struct kit *k)
{
	struct vigia_value next =
	    kit_css_attr(k, NULL, "link[rel~=next], a[rel~=next]", "href");

	return kit_link(k, VIGIA_LINK_NEXT, next.text);
}

/* What is told, not offered: an article may list prices and numbers, none of them its own. */
static bool is_article(const struct kit *k)
{
	if (has_article(k) || kit_is(kit_meta(k, "og:type").text, "article"))
		return true;
	return kit_first(k, NULL,
		   "[itemtype*='schema.org/NewsArticle'], [itemtype$='/Article'], "
		   "[itemtype$='/BlogPosting']") != NULL;
}

/* A product's page, or a list: the price next to the heading is no card's. */
static int32_t read_shape(const struct kit *k, size_t *ret_count)
{
	struct vigia_nodes cards = kit_find_cards(k, false);
	int32_t st = read_product_page(k, &cards, ret_count);

	if (st != VIGIA_OK || *ret_count > 0)
		return st;
	if (cards.count > 0)
		return kit_emit_cards(k, &cards, false, ret_count);
	cards = kit_find_cards(k, true);
	return cards.count >= 3 ? kit_emit_cards(k, &cards, true, ret_count) : VIGIA_OK;
}

static int32_t parse(const struct vigia_host_api *api, struct vigia_call *call,
    void *self, const struct vigia_page *page)
{
	struct kit k = {api, call, page};
	struct vigia_str text = kit_trim(page->text);
	bool json = text.len > 0 && (text.ptr[0] == '{' || text.ptr[0] == '[');
	size_t count = 0;
	int32_t st = read_jsonld(&k, &count);

	(void)self;
	if (json)
		return st;
	if (st == VIGIA_OK && count == 0)
		st = read_microdata(&k, &count);
	if (st == VIGIA_OK && count == 0 && !is_article(&k))
		st = read_shape(&k, &count);
	if (st == VIGIA_OK && count > 1)
		st = read_next(&k);
	return st;
}

static const struct vigia_match rules[] = {{.by = VIGIA_BY_ANY}};

static const struct vigia_plugin generic = {
    .magic = VIGIA_PLUGIN_MAGIC,
    .struct_size = sizeof(generic),
    .abi_major = VIGIA_ABI_MAJOR,
    .caps_required = VIGIA_CAP_TREE | VIGIA_CAP_LINKS,
    .name = "generic",
    .version = "1.0",
    .license = "MIT",
    .summary = "any page: schema.org data, product pages, repeated blocks with a price "
	       "or a telephone",
    .matches = rules,
    .match_count = 1,
    .parse = parse,
};

const struct vigia_plugin *vigia_plugin_v1(void)
{
	return &generic;
}
