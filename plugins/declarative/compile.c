/* SPDX-License-Identifier: MIT */
/* From the settings of a .site file to records and expressions. */
#include "site.h"

#include <stdlib.h>
#include <string.h>

#define POOL_BYTES 65536u

struct pool {
	struct pool *next;
	size_t used;
	max_align_t bytes[];
};

struct compiler {
	const struct vigia_host_api *api;
	struct vigia_host *host;
	struct site *site;
	bool failed; /* out of memory */
};

static const char *const field_names[FIELDS] = {NULL, "title", "price", "currency",
    "phone", "email", "address", "text", "date", "url", "id", "lat", "lon", "seller",
    "stock"};
static const char *const link_names[LINKS] = {
    NULL, "item", "next", "older", "detail", "seed"};
static const char *const kind_names[] = {
    NULL, "product", "place", "advert", "message", "entry"};
static const char *const readers[] = {"fields", "schema", "cards", "places", "product"};

static void *take(struct compiler *c, size_t size)
{
	struct pool *p = c->site->pool;
	void *ret;

	size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) *
	       sizeof(max_align_t);
	if (p == NULL || p->used + size > POOL_BYTES) {
		p = size <= POOL_BYTES ? calloc(1, sizeof(*p) + POOL_BYTES) : NULL;
		if (p == NULL) {
			c->failed = true;
			return NULL;
		}
		p->next = c->site->pool;
		c->site->pool = p;
	}
	ret = (char *)p->bytes + p->used;
	p->used += size;
	return ret;
}

static const char *keep(struct compiler *c, struct vigia_str s)
{
	char *z = take(c, s.len + 1);

	if (z == NULL)
		return "";
	memcpy(z, s.ptr, s.len);
	z[s.len] = '\0';
	return z;
}

/* The first fault is the one to tell. Both texts are our own and short. */
static void complain(struct compiler *c, const char *where, const char *what)
{
	char *out = c->site->error;
	size_t a = strlen(where), b = strlen(what);

	if (out[0] != '\0' || a + b + 3 > sizeof(c->site->error))
		return;
	memcpy(out, where, a);
	memcpy(out + a, ": ", 2);
	memcpy(out + a + 2, what, b);
	out[a + 2 + b] = '\0';
}

/* "NAME.key" of the file. */
static struct vigia_str setting(
    struct compiler *c, const char *section, const char *key)
{
	struct vigia_str value = {"", 0};
	char name[96];
	size_t a = strlen(section), b = strlen(key);

	if (a + b + 2 > sizeof(name))
		return value;
	memcpy(name, section, a);
	name[a] = '.';
	memcpy(name + a + 1, key, b + 1);
	if (c->api->config(c->host, name, &value) != VIGIA_OK)
		return (struct vigia_str){"", 0};
	return kit_trim(value);
}

static bool take_prefix(struct vigia_str *s, const char *word)
{
	if (!kit_starts(*s, word))
		return false;
	*s = kit_trim(kit_sub(*s, strlen(word), s->len));
	return true;
}

static size_t last_of(struct vigia_str s, const char *z)
{
	size_t len = strlen(z);

	for (size_t i = s.len; i-- > 0;)
		if (s.len - i >= len && memcmp(s.ptr + i, z, len) == 0)
			return i;
	return SIZE_MAX;
}

static struct expr *compile_line(
    struct compiler *c, const char *where, struct vigia_str line);

/* "join:{!a}, {b}": text and parts in turn. */
static void compile_join(
    struct compiler *c, const char *where, struct expr *join, struct vigia_str text)
{
	struct expr **end = &join->parts;
	size_t count = 0;

	while (text.len > 0 && !c->failed) {
		size_t open = kit_find(text, "{"), close = kit_find(text, "}");
		struct expr *part;
		bool needed;

		if (open == SIZE_MAX)
			open = text.len;
		if (open < text.len && (close == SIZE_MAX || close < open)) {
			complain(c, where, "a '{' without its '}'");
			return;
		}
		if (++count > MAX_PARTS) {
			complain(c, where, "join: has too many parts");
			return;
		}
		if (open < text.len &&
		    kit_find(kit_sub(text, open + 1, close), "{") != SIZE_MAX) {
			complain(c, where, "a part of join: holds a '{'");
			return;
		}
		needed = open + 1 < text.len && text.ptr[open + 1] == '!';
		part = open < text.len ? compile_line(c, where,
					     kit_sub(text, open + 1 + needed, close))
				       : take(c, sizeof(*part));
		if (part == NULL)
			return;
		if (open == text.len) {
			part->language = LITERAL;
			part->selector = "";
		}
		part->needed = needed;
		part->before = keep(c, kit_sub(text, 0, open));
		text = kit_sub(text, open < text.len ? close + 1 : text.len, text.len);
		*end = part;
		end = &part->next;
	}
}

static struct expr *compile_line(
    struct compiler *c, const char *where, struct vigia_str line)
{
	struct expr *e = take(c, sizeof(*e));
	size_t at;

	if (e == NULL)
		return NULL;
	line = kit_trim(line);
	e->page = take_prefix(&line, "page:");
	if (take_prefix(&line, "text:"))
		e->language = LITERAL;
	else if (take_prefix(&line, "join:"))
		e->language = JOIN;
	else if (take_prefix(&line, "xpath:"))
		e->language = XPATH;
	else if (take_prefix(&line, "json:"))
		e->language = JSON;
	else if (take_prefix(&line, "regex:"))
		e->language = REGEX;
	else if (take_prefix(&line, "meta:"))
		e->language = META;
	else if (take_prefix(&line, "csv:"))
		e->language = CSV;
	if (e->language == JOIN) {
		e->selector = "";
		compile_join(c, where, e, line);
		return e;
	}
	at = e->language != LITERAL && e->language != REGEX ? last_of(line, " =~ ")
							    : SIZE_MAX;
	if (at != SIZE_MAX && e->language == META)
		complain(c, where, "meta: takes no =~; select the element instead");
	if (at != SIZE_MAX) {
		e->pattern = keep(c, kit_trim(kit_sub(line, at + 4, line.len)));
		line = kit_trim(kit_sub(line, 0, at));
	}
	if (e->language == CSS && line.len > 0 && line.ptr[0] == '@') {
		e->attr = keep(c, kit_sub(line, 1, line.len));
		line.len = 0;
	} else if (e->language == CSS && (at = last_of(line, " @")) != SIZE_MAX) {
		e->attr = keep(c, kit_trim(kit_sub(line, at + 2, line.len)));
		line = kit_trim(kit_sub(line, 0, at));
	}
	if (e->language == CSS && kit_is(line, "."))
		line.len = 0;
	if (line.len == 0 && e->attr == NULL && e->language != CSS)
		complain(c, where, "nothing to select");
	e->selector = keep(c, line);
	return e;
}

static struct expr *compile(struct compiler *c, const char *section, const char *key)
{
	struct vigia_str text = setting(c, section, key);
	struct expr *first = NULL, **end = &first;

	while (text.len > 0 && !c->failed) {
		size_t nl = kit_find(text, "\n");
		struct vigia_str line =
		    kit_trim(kit_sub(text, 0, nl == SIZE_MAX ? text.len : nl));

		text = kit_sub(text, nl == SIZE_MAX ? text.len : nl + 1, text.len);
		if (line.len == 0)
			continue;
		*end = compile_line(c, key, line);
		if (*end == NULL)
			return NULL;
		end = &(*end)->next;
	}
	return first;
}

/* The index of a word among `names`, or `otherwise`. */
static uint32_t word(struct compiler *c, const char *section, const char *key,
    const char *const *names, uint32_t count, uint32_t otherwise)
{
	struct vigia_str text = setting(c, section, key);

	for (uint32_t i = 0; i < count; i++)
		if (names[i] != NULL && kit_is(text, names[i]))
			return i;
	if (text.len > 0)
		complain(c, key, "a word that means nothing here");
	return otherwise;
}

static uint32_t required_fields(struct compiler *c, const char *section)
{
	struct vigia_str words = setting(c, section, "require");
	uint32_t bits = 0;

	for (uint32_t i = 1; i < FIELDS; i++)
		if (kit_has_word(words, field_names[i]))
			bits |= 1u << i;
	if (words.len > 0 && bits == 0)
		complain(c, "require", "no field is called so");
	return bits;
}

/* "csv:", "csv:;", "csv:tab", "csv:blank" as an item. */
static void set_table(struct compiler *c, struct record *r)
{
	struct vigia_str columns = setting(c, r->name, "columns");
	struct vigia_str item = setting(c, r->name, "item");

	if (!take_prefix(&item, "csv:"))
		return;
	r->item = NULL;
	r->table.divider = ',';
	if (kit_is(item, "tab"))
		r->table.divider = '\t';
	else if (kit_is(item, "blank"))
		r->table.divider = ' ';
	else if (kit_is(item, ";") || kit_is(item, "|"))
		r->table.divider = item.ptr[0];
	else if (item.len > 0)
		complain(c, "item", "csv: is followed by ; | tab, blank or nothing");
	if (columns.len > 0)
		r->table.columns = keep(c, columns);
}

static struct record *compile_record(struct compiler *c, struct vigia_str name)
{
	struct record *r = take(c, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->name = keep(c, name);
	r->kind = word(c, r->name, "kind", kind_names,
	    sizeof(kind_names) / sizeof(kind_names[0]), VIGIA_KIND_PRODUCT);
	r->reader = (enum reader)word(c, r->name, "read", readers,
	    sizeof(readers) / sizeof(readers[0]), READ_FIELDS);
	r->when = compile(c, r->name, "when");
	r->unless = compile(c, r->name, "unless");
	if (!kit_starts(setting(c, r->name, "item"), "csv:"))
		r->item = compile(c, r->name, "item");
	set_table(c, r);
	for (uint32_t i = 1; i < FIELDS; i++)
		r->fields[i] = compile(c, r->name, field_names[i]);
	r->required = required_fields(c, r->name);
	if (setting(c, r->name, "page_parameter").len > 0)
		r->page_parameter = keep(c, setting(c, r->name, "page_parameter"));
	r->go_on = kit_is(setting(c, r->name, "go_on"), "yes");
	return r;
}

struct site *site_new(const struct vigia_host_api *api, struct vigia_host *host)
{
	struct site *site = calloc(1, sizeof(*site));
	struct compiler c = {.api = api, .host = host, .site = site};
	struct vigia_str names = {"", 0};
	struct record **end;

	if (site == NULL)
		return NULL;
	end = &site->records;
	(void)api->config(host, "records", &names);
	while (names.len > 0 && !c.failed) {
		size_t nl = kit_find(names, "\n");

		if (nl == SIZE_MAX)
			nl = names.len;
		*end = compile_record(&c, kit_sub(names, 0, nl));
		if (*end == NULL)
			break;
		end = &(*end)->next;
		names = kit_sub(names, nl + 1, names.len);
	}
	for (uint32_t i = 1; i < LINKS; i++)
		site->links[i] = compile(&c, "links", link_names[i]);
	(void)api->config(host, "check", &names);
	site->check = kit_is(names, "yes");
	site->pass = kit_is(setting(&c, "site", "own"), "no");
	if (c.failed) {
		site_free(site);
		return NULL;
	}
	return site;
}

void site_free(struct site *site)
{
	if (site == NULL)
		return;
	while (site->pool != NULL) {
		struct pool *next = site->pool->next;

		free(site->pool);
		site->pool = next;
	}
	free(site);
}
