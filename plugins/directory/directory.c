/* SPDX-License-Identifier: MIT */
/* Registers of pharmacies and shops: JSON arrays of places, tables, repeated cards with a telephone. */
#include "kit/kit.h"

#include <string.h>

enum { NAME, PHONE, ADDRESS, CITY, LAT, LON, EMAIL, ID, DATE, ROLES };

/* Words inside a member's or column's name, most telling first. */
static const char *const words[ROLES][8] = {
    [NAME] = {"nombre_comercial", "local_nombre", "nombre", "name", "title", "farmacia",
	"nm", NULL},
    [PHONE] = {"telefono",
	"tel\xC3\xA9"
	"fono",
	"phone", "telephone", "tl", "tel", NULL},
    [ADDRESS] = {"direccion", "direcci\xC3\xB3n", "formatted_address", "address",
	"domicilio", "adresse", "dr", NULL},
    [CITY] = {"comuna_nombre", "localidad", "municipio", "ciudad", "city", NULL},
    [LAT] = {"latitud", "latitude", "lat", NULL},
    [LON] = {"longitud", "longitude", "lng", "lon", NULL},
    [EMAIL] = {"correo", "email", "e-mail", NULL},
    [ID] = {"local_id", "place_id", "id", NULL},
    [DATE] = {"fecha", "date", NULL},
};
static const uint32_t keys[ROLES] = {VIGIA_TITLE, VIGIA_PHONE, VIGIA_ADDRESS, 0,
    VIGIA_LAT, VIGIA_LON, VIGIA_EMAIL, VIGIA_ID, VIGIA_DATE};

/* 0: no; else the better the smaller. Whole names before parts of names. */
static int rank(struct vigia_str name, int role)
{
	for (int i = 0; i < 8 && words[role][i] != NULL; i++)
		if (kit_is(name, words[role][i]))
			return 1 + i;
	for (int i = 0; i < 8 && words[role][i] != NULL; i++) {
		size_t at = kit_find(name, words[role][i]);
		size_t len = strlen(words[role][i]);

		/* "local_telefono", "Teléfono 1": a part between separators */
		if (at == SIZE_MAX || len < 3)
			continue;
		if ((at == 0 || name.ptr[at - 1] == '_' || name.ptr[at - 1] == ' ') &&
		    (at + len == name.len || name.ptr[at + len] == '_' ||
			name.ptr[at + len] == ' '))
			return 20 + i;
	}
	return 0;
}

static void offer(const struct kit *k, struct vigia_value best[ROLES], int ranks[ROLES],
    const struct vigia_node *member, struct vigia_str name)
{
	struct vigia_value v = kit_text(k, member);

	if (v.text.len == 0 || v.text.len > 2000)
		return;
	for (int role = 0; role < ROLES; role++) {
		int r = rank(name, role);

		if (r > 0 && (ranks[role] == 0 || r < ranks[role])) {
			best[role] = v;
			ranks[role] = r;
		}
	}
}

/* GeoJSON: [longitude, latitude] of a point. */
static void offer_point(const struct kit *k, struct vigia_value best[ROLES],
    int ranks[ROLES], const struct vigia_node *object)
{
	struct vigia_nodes at =
	    kit_all(k, object, VIGIA_JSON, "$.geometry.coordinates[*]");

	if (at.count < 2)
		return;
	best[LON] = kit_text(k, at.items[0]);
	best[LAT] = kit_text(k, at.items[1]);
	ranks[LON] = ranks[LAT] = 1;
}

static int32_t emit(const struct kit *k, const struct vigia_value best[ROLES],
    const struct vigia_node *node, size_t *ret_count)
{
	struct kit_record r = {.count = 0};
	struct vigia_value address = best[ADDRESS];
	char line[512];
	size_t len = address.text.len;

	kit_set(&r, VIGIA_TITLE, best[NAME]);
	kit_set(&r, VIGIA_PHONE, best[PHONE]);
	if (kit_digits(best[PHONE].text) < 5 && r.count > 1)
		r.count--;
	if (len > 0 && best[CITY].text.len > 0 &&
	    len + best[CITY].text.len + 2 < sizeof(line)) {
		memcpy(line, address.text.ptr, len);
		memcpy(line + len, ", ", 2);
		memcpy(line + len + 2, best[CITY].text.ptr, best[CITY].text.len);
		address.text = (struct vigia_str){line, len + 2 + best[CITY].text.len};
	}
	kit_set(&r, VIGIA_ADDRESS, address);
	if (kit_get(&r, VIGIA_TITLE) == NULL ||
	    (kit_get(&r, VIGIA_PHONE) == NULL && kit_get(&r, VIGIA_ADDRESS) == NULL &&
		best[LAT].text.len == 0))
		return VIGIA_OK;
	kit_set_coordinate(&r, VIGIA_LAT, best[LAT]);
	kit_set_coordinate(&r, VIGIA_LON, best[LON]);
	for (int role = EMAIL; role < ROLES; role++)
		kit_set(&r, keys[role], best[role]);
	(*ret_count)++;
	return kit_emit(k, &r, VIGIA_KIND_PLACE, node);
}

/* Members of a place, those one or two levels down too (properties, geometry.location). */
static void offer_members(const struct kit *k, const struct vigia_node *object,
    int depth, struct vigia_value best[ROLES], int ranks[ROLES])
{
	struct vigia_nodes members = kit_all(k, object, VIGIA_JSON, "$.*");

	for (size_t i = 0; i < members.count; i++) {
		struct vigia_info info = kit_info(k, members.items[i]);

		if (info.kind == VIGIA_NODE_OBJECT && depth < 2)
			offer_members(k, members.items[i], depth + 1, best, ranks);
		else if (info.kind == VIGIA_NODE_STRING ||
			 info.kind == VIGIA_NODE_NUMBER)
			offer(k, best, ranks, members.items[i], info.name);
	}
}

static int32_t read_array(
    const struct kit *k, const struct vigia_nodes *items, size_t *ret_count)
{
	int32_t st = VIGIA_OK;

	for (size_t i = 0; i < items->count && st == VIGIA_OK; i++) {
		struct vigia_value best[ROLES];
		int ranks[ROLES] = {0};

		if (kit_info(k, items->items[i]).kind != VIGIA_NODE_OBJECT)
			continue;
		memset(best, 0, sizeof(best));
		offer_members(k, items->items[i], 0, best, ranks);
		offer_point(k, best, ranks, items->items[i]);
		st = emit(k, best, items->items[i], ret_count);
	}
	return st;
}

static int32_t parse_json(const struct kit *k, size_t *ret_count)
{
	static const char *const lists[] = {"$[*]", "$.features[*]", "$.results[*]",
	    "$.candidates[*]", "$.data[*]", "$.items[*]", "$.records[*]",
	    "$.farmacias[*]", "$.locales[*]"};
	int32_t st = VIGIA_OK;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]) && st == VIGIA_OK;
	     i++) {
		struct vigia_nodes items = kit_all(k, NULL, VIGIA_JSON, lists[i]);

		st = read_array(k, &items, ret_count);
		if (*ret_count > 0)
			break;
	}
	return st;
}

/* Rows of a table whose head names a name and a telephone or an address. */
static int32_t parse_table(
    const struct kit *k, const struct vigia_node *table, size_t *ret_count)
{
	struct vigia_nodes head =
	    kit_all(k, table, VIGIA_CSS, "tr:first-child > th, tr:first-child > td");
	struct vigia_nodes rows = kit_all(k, table, VIGIA_CSS, "tr");
	bool roles[ROLES] = {false};
	int32_t st = VIGIA_OK;

	for (size_t i = 0; i < head.count; i++)
		for (int role = 0; role < ROLES; role++)
			roles[role] |= rank(kit_text(k, head.items[i]).text, role) > 0;
	if (!roles[NAME] || (!roles[PHONE] && !roles[ADDRESS]))
		return VIGIA_OK;
	for (size_t n = 1; n < rows.count && st == VIGIA_OK; n++) {
		struct vigia_nodes cells =
		    kit_all(k, rows.items[n], VIGIA_XPATH, "td|th");
		struct vigia_value best[ROLES];
		int ranks[ROLES] = {0};

		memset(best, 0, sizeof(best));
		for (size_t i = 0; i < cells.count && i < head.count; i++)
			offer(k, best, ranks, cells.items[i],
			    kit_text(k, head.items[i]).text);
		st = emit(k, best, rows.items[n], ret_count);
	}
	return st;
}

/* One product's page, with its seller's telephone numbers around it. */
static bool is_product(const struct kit *k)
{
	return kit_is(kit_meta(k, "og:type").text, "product") ||
	       kit_first(k, NULL,
		   "[itemtype$='schema.org/Product']:has([itemprop=name])") != NULL;
}

static int32_t parse_html(const struct kit *k, size_t *ret_count)
{
	struct vigia_nodes tables =
	    kit_all(k, NULL, VIGIA_CSS, "table:not(:has(table))");
	int32_t st = VIGIA_OK;

	if (is_product(k))
		return VIGIA_OK;
	for (size_t i = 0; i < tables.count && st == VIGIA_OK; i++)
		st = parse_table(k, tables.items[i], ret_count);
	if (st == VIGIA_OK && *ret_count == 0 &&
	    kit_first(k, NULL, "[itemscope], article[class*=post]") == NULL) {
		struct vigia_nodes cards = kit_find_cards(k, true);

		if (cards.count >= 3)
			st = kit_emit_cards(k, &cards, true, ret_count);
	}
	return st;
}

static int32_t read_next(const struct kit *k)
{
	return kit_link(k, VIGIA_LINK_NEXT,
	    kit_css_attr(
		k, NULL, "link[rel~=next], a[rel~=next], .pagination .next a", "href")
		.text);
}

static int32_t parse(const struct vigia_host_api *api, struct vigia_call *call,
    void *self, const struct vigia_page *page)
{
	struct kit k = {api, call, page};
	struct vigia_str text = kit_trim(page->text);
	bool json = text.len > 0 && (text.ptr[0] == '{' || text.ptr[0] == '[');
	size_t count = 0;
	int32_t st;

	(void)self;
	st = json ? parse_json(&k, &count) : parse_html(&k, &count);
	if (st == VIGIA_OK && count > 0 && !json)
		st = read_next(&k);
	return st == VIGIA_OK && count == 0 ? VIGIA_PASS : st;
}

#define BY(kind, what)                                                                 \
	{                                                                              \
		.by = (kind), .content = (what), .priority = 10                        \
	}

static const struct vigia_match rules[] = {
    BY(VIGIA_BY_LITERAL, "farmacia"),
    BY(VIGIA_BY_LITERAL, "pharmac"),
    BY(VIGIA_BY_LITERAL, "apotheke"),
    BY(VIGIA_BY_LITERAL, "botica"),
    BY(VIGIA_BY_LITERAL, "drugstore"),
    BY(VIGIA_BY_JSON, "\"formatted_address\""),
    BY(VIGIA_BY_JSON, "\"FeatureCollection\""),
};

static const struct vigia_plugin directory = {
    .magic = VIGIA_PLUGIN_MAGIC,
    .struct_size = sizeof(directory),
    .abi_major = VIGIA_ABI_MAJOR,
    .caps_required = VIGIA_CAP_TREE | VIGIA_CAP_LINKS,
    .name = "directory",
    .version = "1.0",
    .license = "MIT",
    .summary = "directories of pharmacies and shops: JSON registers, tables, cards "
	       "with a telephone",
    .matches = rules,
    .match_count = sizeof(rules) / sizeof(rules[0]),
    .parse = parse,
};

const struct vigia_plugin *vigia_plugin_v1(void)
{
	return &directory;
}
