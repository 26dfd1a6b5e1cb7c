/* SPDX-License-Identifier: MIT */
/* schema.org as JSON-LD: products with their offers, places with their contacts. */
#include "generic.h"

#include <string.h>

#define MAX_DEPTH 12

static const struct vigia_value none = {{"", 0}, VIGIA_NO_SPAN, VIGIA_NO_SPAN};

enum thing thing_of(struct vigia_str type)
{
	static const char *const products[] = {"Product", "ProductGroup",
	    "IndividualProduct", "ProductModel", "SomeProducts", "Drug",
	    "DietarySupplement", "Vehicle", "Car", "Event", "TheaterEvent",
	    "MusicEvent", "Course", "Book", "SoftwareApplication", "Accommodation",
	    "Apartment", "House", "RealEstateListing"};
	static const char *const places[] = {"Pharmacy", "LocalBusiness", "Store",
	    "MedicalBusiness", "MedicalClinic", "Hospital", "HealthAndBeautyBusiness",
	    "ConvenienceStore", "DepartmentStore", "GroceryStore", "PetStore",
	    "ShoppingCenter", "Hotel", "Resort", "LodgingBusiness", "RealEstateAgent",
	    "TravelAgency", "VeterinaryCare"};
	static const char *const articles[] = {"Article", "NewsArticle", "BlogPosting",
	    "Report", "MedicalScholarlyArticle", "ReportageNewsArticle",
	    "AnalysisNewsArticle", "OpinionNewsArticle", "FAQPage", "MedicalWebPage",
	    "Recipe"};
	size_t from = 0;

	for (size_t i = 0; i < type.len; i++)
		if (type.ptr[i] == '/' || type.ptr[i] == '#' || type.ptr[i] == ':')
			from = i + 1;
	type = kit_sub(type, from, type.len);
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++)
		if (kit_is(type, products[i]))
			return THING_PRODUCT;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (kit_is(type, places[i]))
			return THING_PLACE;
	for (size_t i = 0; i < sizeof(articles) / sizeof(articles[0]); i++)
		if (kit_is(type, articles[i]))
			return THING_ARTICLE;
	return THING_OTHER;
}

struct vigia_str stock_of(struct vigia_str availability)
{
	if (kit_find(availability, "OutOfStock") != SIZE_MAX ||
	    kit_find(availability, "SoldOut") != SIZE_MAX ||
	    kit_find(availability, "Discontinued") != SIZE_MAX)
		return KIT_STR("out");
	if (kit_find(availability, "PreOrder") != SIZE_MAX ||
	    kit_find(availability, "BackOrder") != SIZE_MAX)
		return KIT_STR("preorder");
	if (kit_find(availability, "InStock") != SIZE_MAX ||
	    kit_find(availability, "LimitedAvailability") != SIZE_MAX ||
	    kit_find(availability, "OnlineOnly") != SIZE_MAX)
		return KIT_STR("in");
	return (struct vigia_str){"", 0};
}

/* The first child of that name, whatever it is; names are matched in either case (Wix). */
static const struct vigia_node *child(
    const struct kit *k, const struct vigia_node *object, const char *name)
{
	struct vigia_nodes all = kit_all(k, object, VIGIA_JSON, "$.*");

	for (size_t i = 0; i < all.count; i++)
		if (kit_is(kit_info(k, all.items[i]).name, name))
			return all.items[i];
	return NULL;
}

/* A value, or the first of an array; objects give their name, or @value. */
static struct vigia_value scalar(const struct kit *k, const struct vigia_node *node)
{
	struct vigia_nodes first;
	struct vigia_value v;

	for (int depth = 0; node != NULL && depth < 4; depth++) {
		switch (kit_info(k, node).kind) {
		case VIGIA_NODE_ARRAY:
			first = kit_all(k, node, VIGIA_JSON, "$[0]");
			node = first.count > 0 ? first.items[0] : NULL;
			continue;
		case VIGIA_NODE_OBJECT:
			v = kit_attr(k, node, "name");
			return v.text.len > 0 ? v : kit_attr(k, node, "@value");
		default:
			return kit_text(k, node);
		}
	}
	return none;
}

static struct vigia_value member(
    const struct kit *k, const struct vigia_node *object, const char *name)
{
	return scalar(k, child(k, object, name));
}

static enum thing type_of(const struct kit *k, const struct vigia_node *object)
{
	struct vigia_nodes types = kit_all(k, object, VIGIA_JSON, "$['@type']");
	enum thing best = THING_OTHER;

	if (types.count > 0 && kit_info(k, types.items[0]).kind == VIGIA_NODE_ARRAY)
		types = kit_all(k, types.items[0], VIGIA_JSON, "$[*]");
	for (size_t i = 0; i < types.count && best == THING_OTHER; i++)
		best = thing_of(kit_text(k, types.items[i]).text);
	return best;
}

/* An object, or each of an array of them. */
static struct vigia_nodes objects(
    const struct kit *k, const struct vigia_node *const *node)
{
	struct vigia_nodes one = {node, *node != NULL};

	if (*node != NULL && kit_info(k, *node).kind == VIGIA_NODE_ARRAY)
		return kit_all(k, *node, VIGIA_JSON, "$[*]");
	return one;
}

/* Offer, AggregateOffer, or an offer's priceSpecification. */
static bool offer_price(
    const struct kit *k, struct kit_record *r, const struct vigia_node *offer)
{
	static const char *const prices[] = {"price", "lowPrice"};
	const struct vigia_node *spec = child(k, offer, "priceSpecification");
	struct vigia_nodes specs = objects(k, &spec);
	struct vigia_value currency = member(k, offer, "priceCurrency");
	const struct vigia_node *inner;
	char iso[4] = "";

	kit_currency(currency.text, "", iso);
	for (size_t i = 0; i < 2; i++)
		if (kit_set_price(r, member(k, offer, prices[i]), iso, true)) {
			kit_set_currency(r, currency, "");
			return true;
		}
	for (size_t i = 0; i < specs.count; i++) {
		if (!kit_set_price(r, member(k, specs.items[i], "price"), iso, true))
			continue;
		kit_set_currency(r, member(k, specs.items[i], "priceCurrency"), "");
		kit_set_currency(r, currency, "");
		return true;
	}
	inner = child(k, offer, "offers");
	if (inner != NULL && inner != offer) {
		struct vigia_nodes list = objects(k, &inner);

		for (size_t i = 0; i < list.count; i++)
			if (kit_set_price(
				r, member(k, list.items[i], "price"), iso, true)) {
				kit_set_currency(
				    r, member(k, list.items[i], "priceCurrency"), "");
				kit_set_currency(r, currency, "");
				return true;
			}
	}
	return false;
}

static void read_offers(
    const struct kit *k, struct kit_record *r, const struct vigia_node *thing)
{
	const struct vigia_node *offers = child(k, thing, "offers");
	struct vigia_nodes list = objects(k, &offers);

	for (size_t i = 0; i < list.count; i++) {
		struct vigia_value stock = member(k, list.items[i], "availability");

		if (!offer_price(k, r, list.items[i]))
			continue;
		stock.text = stock_of(stock.text);
		kit_set(r, VIGIA_STOCK, stock);
		kit_set(r, VIGIA_SELLER, member(k, list.items[i], "seller"));
		kit_set(r, VIGIA_URL, member(k, list.items[i], "url"));
		return;
	}
}

static int32_t emit_product(
    const struct kit *k, const struct vigia_node *thing, size_t *ret_count)
{
	static const char *const ids[] = {"sku", "productID", "gtin13", "mpn"};
	struct kit_record r = {.count = 0};

	kit_set(&r, VIGIA_TITLE, member(k, thing, "name"));
	if (kit_get(&r, VIGIA_TITLE) == NULL)
		return VIGIA_OK;
	kit_set(&r, VIGIA_URL, member(k, thing, "url"));
	read_offers(k, &r, thing);
	if (kit_get(&r, VIGIA_PRICE) == NULL && kit_get(&r, VIGIA_STOCK) == NULL)
		return VIGIA_OK; /* named, not offered */
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		kit_set(&r, VIGIA_ID, member(k, thing, ids[i]));
	kit_set(&r, VIGIA_TEXT, member(k, thing, "description"));
	(*ret_count)++;
	return kit_emit(k, &r, VIGIA_KIND_PRODUCT, thing);
}

/* A PostalAddress on one line; `line` holds it as long as the record is built. */
static struct vigia_value address_of(
    const struct kit *k, const struct vigia_node *thing, char *line, size_t size)
{
	static const char *const parts[] = {"streetAddress", "postalCode",
	    "addressLocality", "addressRegion", "addressCountry"};
	const struct vigia_node *node = child(k, thing, "address");
	struct vigia_info info = kit_info(k, node);
	struct vigia_value v = none;
	size_t len = 0;

	if (node == NULL || info.kind != VIGIA_NODE_OBJECT)
		return scalar(k, node);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct vigia_str part = member(k, node, parts[i]).text;

		if (part.len == 0 || len + part.len + 2 > size)
			continue;
		if (len > 0) {
			line[len++] = ',';
			line[len++] = ' ';
		}
		memcpy(line + len, part.ptr, part.len);
		len += part.len;
	}
	v.text = (struct vigia_str){line, len};
	v.start = info.start;
	v.end = info.end;
	return v;
}

static int32_t emit_place(
    const struct kit *k, const struct vigia_node *thing, size_t *ret_count)
{
	struct kit_record r = {.count = 0};
	const struct vigia_node *geo = child(k, thing, "geo");
	const struct vigia_node *contact = child(k, thing, "contactPoint");
	struct vigia_nodes contacts = objects(k, &contact);
	char line[512];

	kit_set(&r, VIGIA_TITLE, member(k, thing, "name"));
	kit_set(&r, VIGIA_PHONE, member(k, thing, "telephone"));
	if (contacts.count > 0)
		kit_set(&r, VIGIA_PHONE, member(k, contacts.items[0], "telephone"));
	kit_set(&r, VIGIA_ADDRESS, address_of(k, thing, line, sizeof(line)));
	if (kit_get(&r, VIGIA_TITLE) == NULL ||
	    (kit_get(&r, VIGIA_PHONE) == NULL && kit_get(&r, VIGIA_ADDRESS) == NULL))
		return VIGIA_OK;
	kit_set(&r, VIGIA_EMAIL, member(k, thing, "email"));
	kit_set(&r, VIGIA_URL, member(k, thing, "url"));
	kit_set(&r, VIGIA_TEXT, member(k, thing, "description"));
	kit_set_coordinate(&r, VIGIA_LAT, member(k, geo, "latitude"));
	kit_set_coordinate(&r, VIGIA_LON, member(k, geo, "longitude"));
	(*ret_count)++;
	return kit_emit(k, &r, VIGIA_KIND_PLACE, thing);
}

static int32_t visit(const struct kit *k, const struct vigia_node *node,
    bool in_article, int depth, size_t *ret_count);

static int32_t visit_children(const struct kit *k, const struct vigia_node *node,
    const char *path, bool in_article, int depth, size_t *ret_count)
{
	struct vigia_nodes list = kit_all(k, node, VIGIA_JSON, path);
	int32_t st = VIGIA_OK;

	for (size_t i = 0; i < list.count && st == VIGIA_OK; i++)
		st = visit(k, list.items[i], in_article, depth + 1, ret_count);
	return st;
}

/*
 * Only what a page is about or lists is followed: an article's `about`, `mentions`, publisher or
 * author are not on offer.
 */
static int32_t visit(const struct kit *k, const struct vigia_node *node,
    bool in_article, int depth, size_t *ret_count)
{
	static const char *const paths[] = {"$['@graph']", "$.itemListElement",
	    "$.item", "$.mainEntity", "$.itemOffered", "$.hasOfferCatalog",
	    "$.department", "$.itemList"};
	int32_t kind = kit_info(k, node).kind;
	int32_t st = VIGIA_OK;
	enum thing thing;

	if (depth > MAX_DEPTH)
		return VIGIA_OK;
	if (kind == VIGIA_NODE_ARRAY)
		return visit_children(k, node, "$[*]", in_article, depth, ret_count);
	if (kind != VIGIA_NODE_OBJECT)
		return VIGIA_OK;
	thing = type_of(k, node);
	in_article |= thing == THING_ARTICLE;
	if (thing == THING_PRODUCT && !in_article)
		return emit_product(k, node, ret_count);
	if (thing == THING_PLACE && !in_article)
		st = emit_place(k, node, ret_count);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && st == VIGIA_OK; i++)
		st = visit_children(k, node, paths[i], in_article, depth, ret_count);
	return st;
}

int32_t read_jsonld(const struct kit *k, size_t *ret_count)
{
	struct vigia_nodes roots = kit_all(k, NULL, VIGIA_JSON, "$");
	int32_t st = VIGIA_OK;

	for (size_t i = 0; i < roots.count && st == VIGIA_OK; i++) {
		struct vigia_str type = kit_info(k, roots.items[i]).name;

		if (type.len == 0 || kit_find(type, "ld+json") != SIZE_MAX)
			st = visit(k, roots.items[i], false, 0, ret_count);
	}
	return st;
}

bool has_article(const struct kit *k)
{
	struct vigia_nodes types = kit_all(k, NULL, VIGIA_JSON, "$..@type");

	for (size_t i = 0; i < types.count; i++) {
		struct vigia_nodes words = {&types.items[i], 1};

		if (kit_info(k, types.items[i]).kind == VIGIA_NODE_ARRAY)
			words = kit_all(k, types.items[i], VIGIA_JSON, "$[*]");
		for (size_t n = 0; n < words.count; n++)
			if (thing_of(kit_text(k, words.items[n]).text) == THING_ARTICLE)
				return true;
	}
	return false;
}
