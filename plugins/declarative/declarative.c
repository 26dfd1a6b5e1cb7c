/* SPDX-License-Identifier: MIT */
/* The reader of .site files: one instance a file. */
#include "site.h"

#include <string.h>

#include "generic/generic.h"

struct building {
	struct place at;
	struct kit_record r;
	const char *dollar; /* what '$' means here */
	char date[32];
	char currency[4];
	uint32_t key;
};

static struct vigia_value remade(struct vigia_str text, struct vigia_value from)
{
	return (struct vigia_value){text, from.start, from.end};
}

static struct vigia_str stock_word(struct vigia_str text)
{
	static const char *const in[] = {
	    "true", "instock", "in stock", "in", "1", "in_stock", "available"};
	static const char *const out[] = {"false", "outofstock", "out of stock", "out",
	    "0", "out_of_stock", "unavailable"};
	static const char *const gone[] = {
	    "out-of", "out_of", "sold", "unavailable", "agotado", "esgotado"};
	struct vigia_str schema = stock_of(text);

	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++) {
		if (kit_is(text, in[i]))
			return KIT_STR("in");
		if (kit_is(text, out[i]))
			return KIT_STR("out");
	}
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		if (kit_find(text, gone[i]) != SIZE_MAX)
			return KIT_STR("out");
	return schema;
}

/* "tel:+52 998…", "whatsapp://…phone=…", or a number in a sentence. */
static struct vigia_value phone(struct vigia_value v)
{
	struct vigia_str number = kit_phone(v.text);

	return remade(number.len > 0 ? number : v.text, v);
}

/* True: the field has what it wants. */
static bool take_value(void *ctx, struct vigia_value v)
{
	struct building *b = ctx;

	switch (b->key) {
	case VIGIA_PRICE:
		return kit_set_price(
		    &b->r, v, b->currency[0] != '\0' ? b->currency : b->dollar, true);
	case VIGIA_CURRENCY:
		kit_currency(v.text, b->dollar, b->currency);
		if (b->currency[0] == '\0')
			return false;
		v.text = kit_str(b->currency);
		break;
	case VIGIA_PHONE:
		v = phone(v);
		break;
	case VIGIA_STOCK:
		v.text = stock_word(v.text);
		break;
	case VIGIA_DATE:
		v.text = site_date(v.text, b->date);
		break;
	case VIGIA_EMAIL:
		if (kit_starts(v.text, "mailto:"))
			v.text = kit_sub(v.text, 7, v.text.len);
		break;
	case VIGIA_LAT:
	case VIGIA_LON:
		kit_set_coordinate(&b->r, b->key, v);
		return kit_get(&b->r, b->key) != NULL;
	default:
		break;
	}
	kit_set(&b->r, b->key, v);
	return kit_get(&b->r, b->key) != NULL;
}

static void set_field(struct building *b, const struct record *r, uint32_t key)
{
	b->key = key;
	(void)value_each(&b->at, r->fields[key], take_value, b);
}

/* A currency that was only looked up tells what a sign means; what the price shows wins. */
static void set_price(struct building *b, const struct record *r)
{
	uint64_t before = b->r.count;

	b->key = VIGIA_CURRENCY;
	(void)value_each(&b->at, r->fields[VIGIA_CURRENCY], take_value, b);
	if (b->r.count > before) {
		struct vigia_value declared = b->r.fields[b->r.count - 1].value;

		b->r.count--;
		set_field(b, r, VIGIA_PRICE);
		if (kit_get(&b->r, VIGIA_PRICE) != NULL)
			kit_set(&b->r, VIGIA_CURRENCY, declared);
		return;
	}
	set_field(b, r, VIGIA_PRICE);
}

static bool is_complete(const struct record *r, const struct kit_record *built)
{
	for (uint32_t key = 1; key < FIELDS; key++)
		if ((r->required & (1u << key)) && kit_get(built, key) == NULL)
			return false;
	return r->required != 0 || kit_get(built, VIGIA_TITLE) != NULL;
}

/* A register's address of a place is another site's, not a page of this list. */
static bool leads_on(
    const struct kit *k, const struct record *r, const struct vigia_node *item)
{
	return r->kind != VIGIA_KIND_ENTRY &&
	       (r->kind != VIGIA_KIND_PLACE ||
		   kit_info(k, item).kind == VIGIA_NODE_ELEMENT);
}

static int32_t read_item(
    struct building *b, const struct record *r, bool listed, size_t *ret_count)
{
	const struct vigia_value *url;
	int32_t st;

	b->r.count = 0;
	b->at.used = 0;
	b->currency[0] = '\0';
	for (uint32_t key = 1; key < FIELDS; key++)
		if (key == VIGIA_PRICE)
			set_price(b, r);
		else if (key != VIGIA_CURRENCY)
			set_field(b, r, key);
	if (!is_complete(r, &b->r))
		return VIGIA_OK;
	(*ret_count)++;
	url = kit_get(&b->r, VIGIA_URL);
	if (listed && url != NULL && leads_on(b->at.k, r, b->at.item)) {
		st = kit_link(b->at.k, VIGIA_LINK_ITEM, url->text);
		if (st != VIGIA_OK)
			return st;
	}
	return kit_emit(b->at.k, &b->r, r->kind, b->at.item);
}

static int32_t read_table(struct building *b, const struct record *r, size_t *ret_count)
{
	struct row_names names;
	struct vigia_nodes rows = table_rows(b->at.k, &r->table, &names);
	int32_t st = VIGIA_OK;

	for (size_t i = 0; i < rows.count && st == VIGIA_OK; i++) {
		struct row row = {rows.items[i], &names};

		b->at.item = rows.items[i];
		b->at.table = &r->table;
		b->at.row = &row;
		st = read_item(b, r, true, ret_count);
	}
	return st;
}

static int32_t read_fields(
    const struct kit *k, const struct record *r, size_t *ret_count)
{
	struct building b = {.at = {.k = k}, .dollar = kit_dollar(k->page)};
	struct vigia_nodes items;
	int32_t st = VIGIA_OK;

	if (r->table.divider != '\0')
		return read_table(&b, r, ret_count);
	if (r->item == NULL)
		return read_item(&b, r, false, ret_count);
	items = value_nodes(&b.at, r->item);
	for (size_t i = 0; i < items.count && st == VIGIA_OK; i++) {
		b.at.item = items.items[i];
		st = read_item(&b, r, true, ret_count);
	}
	return st;
}

static int32_t read_record(
    const struct kit *k, const struct record *r, size_t *ret_count)
{
	struct place at = {.k = k};
	struct vigia_nodes cards;
	int32_t st;

	if ((r->when != NULL && !value_exists(&at, r->when)) ||
	    value_exists(&at, r->unless))
		return VIGIA_OK;
	switch (r->reader) {
	case READ_SCHEMA:
		st = read_jsonld(k, ret_count);
		return st == VIGIA_OK && *ret_count == 0 ? read_microdata(k, ret_count)
							 : st;
	case READ_CARDS:
	case READ_PLACES:
		cards = kit_find_cards(k, r->reader == READ_PLACES);
		return kit_emit_cards(k, &cards, r->reader == READ_PLACES, ret_count);
	case READ_PRODUCT:
		cards = kit_find_cards(k, false);
		return read_product_page(k, &cards, ret_count);
	case READ_FIELDS:
		break;
	}
	return read_fields(k, r, ret_count);
}

struct linking {
	const struct kit *k;
	uint32_t kind;
	int32_t st;
};

static bool take_link(void *ctx, struct vigia_value v)
{
	struct linking *l = ctx;

	l->st = kit_link(l->k, l->kind, v.text);
	return l->st != VIGIA_OK || l->kind == VIGIA_LINK_NEXT ||
	       l->kind == VIGIA_LINK_OLDER;
}

/* The same address with its page number one higher. */
static int32_t count_on(const struct kit *k, const char *parameter)
{
	struct vigia_str url = k->page->url;
	size_t len = strlen(parameter), at, digits, number = 0, out = 0;
	char next[2048], figures[12];

	for (at = kit_find(url, "?"); at < url.len; at++)
		if ((url.ptr[at] == '?' || url.ptr[at] == '&') &&
		    kit_starts(kit_sub(url, at + 1, url.len), parameter) &&
		    at + 1 + len < url.len && url.ptr[at + 1 + len] == '=')
			break;
	if (url.len == 0 || url.len + len + 16 > sizeof(next))
		return VIGIA_OK;
	at = at < url.len ? at + len + 2 : url.len;
	for (digits = at; digits < url.len && digits - at < 8 &&
			  url.ptr[digits] >= '0' && url.ptr[digits] <= '9';
	     digits++)
		number = number * 10 + (size_t)(url.ptr[digits] - '0');
	memcpy(next, url.ptr, at);
	out = at;
	if (at == url.len) {
		next[out++] = kit_find(url, "?") == SIZE_MAX ? '?' : '&';
		memcpy(next + out, parameter, len);
		out += len;
		next[out++] = '=';
		number = 1;
	}
	number++;
	len = 0;
	do
		figures[len++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (len > 0)
		next[out++] = figures[--len];
	memcpy(next + out, url.ptr + digits, url.len - digits);
	out += url.len - digits;
	return kit_link(k, VIGIA_LINK_NEXT, (struct vigia_str){next, out});
}

static int32_t read_links(const struct kit *k, const struct site *site)
{
	struct place at = {.k = k};
	struct linking l = {.k = k, .st = VIGIA_OK};

	for (l.kind = 1; l.kind < LINKS && l.st == VIGIA_OK; l.kind++)
		(void)value_each(&at, site->links[l.kind], take_link, &l);
	return l.st;
}

static void check(const struct kit *k, const struct site *site)
{
	struct place at = {.k = k};

	for (const struct record *r = site->records; r != NULL; r = r->next) {
		value_check(&at, r->when);
		value_check(&at, r->unless);
		value_check(&at, r->item);
		for (uint32_t i = 1; i < FIELDS; i++)
			value_check(&at, r->fields[i]);
	}
	for (uint32_t i = 1; i < LINKS; i++)
		value_check(&at, site->links[i]);
}

static int32_t parse(const struct vigia_host_api *api, struct vigia_call *call,
    void *self, const struct vigia_page *page)
{
	const struct kit k = {api, call, page};
	const struct site *site = self;
	int32_t st = VIGIA_OK;
	size_t count = 0;

	if (site->error[0] != '\0') {
		(void)api->emit_problem(call, VIGIA_E_INVALID, kit_str(site->error));
		return VIGIA_E_INVALID;
	}
	if (site->check) {
		check(&k, site);
		return VIGIA_OK;
	}
	for (const struct record *r = site->records; r != NULL && st == VIGIA_OK;
	     r = r->next) {
		size_t before = count;

		st = read_record(&k, r, &count);
		if (st == VIGIA_OK && count > before && r->page_parameter != NULL)
			st = count_on(&k, r->page_parameter);
		if (count > before && !r->go_on)
			break;
	}
	if (st != VIGIA_OK)
		return st;
	/* Before any link: a page with one is no longer left to others. */
	return count == 0 && site->pass ? VIGIA_PASS : read_links(&k, site);
}

static int32_t create(
    const struct vigia_host_api *api, struct vigia_host *host, void **ret_self)
{
	struct site *site = site_new(api, host);

	*ret_self = site;
	return site != NULL ? VIGIA_OK : VIGIA_E_NOMEM;
}

static void destroy(void *self)
{
	site_free(self);
}

static const struct vigia_plugin declarative = {
    .magic = VIGIA_PLUGIN_MAGIC,
    .struct_size = sizeof(declarative),
    .abi_major = VIGIA_ABI_MAJOR,
    .abi_minor = 1,
    .caps_required = VIGIA_CAP_TREE | VIGIA_CAP_LINKS | VIGIA_CAP_SITE,
    .name = "declarative",
    .version = "1.0",
    .license = "MIT",
    .summary = "reads .site files: sites described by selectors, without C",
    .create = create,
    .destroy = destroy,
    .parse = parse,
};

const struct vigia_plugin *vigia_plugin_v1(void)
{
	return &declarative;
}
