/* SPDX-License-Identifier: MIT */
/*
 * plugin.guess: selectors for a page, from what a plugin already reads in it. Each value of a listing knows its
 * bytes, so the element around it is known; what tells that element from its neighbours in most listings
 * is the selector.
 */
#include "config.h"

#include "analyse/ops.h"

#include <stdlib.h>
#include <string.h>

#include "doc/doc.h"
#include "plugin/plugin.h"

#define MAX_CARDS 200u /* listings looked at */
#define MAX_WAYS 64u   /* ways to name one field */

/* One way to name an element: by its class, by its name, or by its name below a class. */
struct way {
	struct vg_str tag, word, under; /* any may be empty, not all */
	bool attr;                      /* the value is the attribute `name` */
	size_t votes;
};

struct guess {
	const struct vg_doc *doc;
	struct vg_plugin_result result;
	uint32_t cards[MAX_CARDS]; /* elements; VG_NONE: the listing has none */
	size_t count;
	struct vg_json_writer *out;
};

static const struct vg_element *at(const struct guess *g, uint32_t i)
{
	return &g->doc->elements[i];
}

static struct vg_str attr(const struct guess *g, uint32_t i, const char *name)
{
	return vg_doc_attr(g->doc, i, name);
}

/* Words of a class list that mean the same tomorrow: no digits, no generated names. */
static bool is_stable(struct vg_str word)
{
	if (word.len < 3 || word.len > 40 || !vg_is_alpha(word.ptr[0]))
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (!vg_is_alpha(word.ptr[i]) && word.ptr[i] != '-' &&
		    word.ptr[i] != '_')
			return false;
	return !vg_str_starts(word, VG_STR("css-")) &&
	       !vg_str_starts(word, VG_STR("sc-"));
}

static bool next_word(struct vg_str *rest, struct vg_str *ret)
{
	while (rest->len > 0) {
		size_t end = 0;

		*rest = vg_str_trim(*rest);
		while (end < rest->len && !vg_is_space(rest->ptr[end]))
			end++;
		*ret = vg_str_sub(*rest, 0, end);
		*rest = vg_str_sub(*rest, end, rest->len);
		if (is_stable(*ret))
			return true;
	}
	return false;
}

static bool has_word(const struct guess *g, uint32_t i, struct vg_str word)
{
	struct vg_str rest = attr(g, i, "class"), one;

	while (next_word(&rest, &one))
		if (vg_str_eq(one, word))
			return true;
	return false;
}

static bool is_inside(const struct guess *g, uint32_t i, uint32_t card)
{
	return card == VG_NONE || (at(g, i)->start >= at(g, card)->start &&
				      at(g, i)->end <= at(g, card)->end);
}

static bool fits(
    const struct guess *g, uint32_t i, uint32_t card, const struct way *way)
{
	if (way->tag.len > 0 && !vg_str_eq(at(g, i)->name, way->tag))
		return false;
	if (way->word.len > 0 && !has_word(g, i, way->word))
		return false;
	if (way->under.len == 0)
		return true;
	for (uint32_t up = at(g, i)->parent;
	     up != VG_NONE && up != card && is_inside(g, up, card);
	     up = at(g, up)->parent)
		if (has_word(g, up, way->under))
			return true;
	return false;
}

/* What the selector finds first in a card, or in the page. */
static uint32_t first(const struct guess *g, uint32_t card, const struct way *way)
{
	uint32_t from = card == VG_NONE ? 0 : card + 1;

	for (uint32_t i = from; i < g->doc->element_count; i++) {
		if (card != VG_NONE && at(g, i)->start >= at(g, card)->end)
			break;
		if (is_inside(g, i, card) && fits(g, i, card, way))
			return i;
	}
	return VG_NONE;
}

/* The innermost element around a value, within the card. */
static uint32_t around(const struct guess *g, uint32_t card, size_t start, size_t end)
{
	uint32_t best = VG_NONE;

	for (uint32_t i = 0; i < g->doc->element_count; i++) {
		if (at(g, i)->start > start)
			break;
		if (at(g, i)->end >= end && is_inside(g, i, card))
			best = i;
	}
	return best;
}

static bool same_way(const struct way *a, const struct way *b)
{
	return vg_str_eq(a->tag, b->tag) && vg_str_eq(a->word, b->word) &&
	       vg_str_eq(a->under, b->under) && a->attr == b->attr;
}

static void offer(struct way *ways, size_t *count, const struct way *way)
{
	for (size_t i = 0; i < *count; i++)
		if (same_way(&ways[i], way))
			return;
	if (*count < MAX_WAYS)
		ways[(*count)++] = *way;
}

static bool is_plain(struct vg_str tag)
{
	return vg_str_eqz(tag, "div") || vg_str_eqz(tag, "span") ||
	       vg_str_eqz(tag, "p") || vg_str_eqz(tag, "td");
}

static void offer_ways(const struct guess *g, uint32_t card, uint32_t i,
    bool attr_wanted, struct way *ways, size_t *count)
{
	struct vg_str rest = attr(g, i, "class"), word, tag = at(g, i)->name;

	while (next_word(&rest, &word))
		offer(ways, count, &(struct way){.word = word, .attr = attr_wanted});
	if (!is_plain(tag))
		offer(ways, count, &(struct way){.tag = tag, .attr = attr_wanted});
	for (uint32_t up = at(g, i)->parent;
	     up != VG_NONE && up != card && is_inside(g, up, card);
	     up = at(g, up)->parent) {
		rest = attr(g, up, "class");
		while (next_word(&rest, &word))
			offer(ways, count,
			    &(struct way){
				.tag = tag, .under = word, .attr = attr_wanted});
		if (!is_plain(at(g, up)->name))
			break;
	}
}

static const struct vg_listing_field *field_of(
    const struct vg_listing *l, const char *key)
{
	for (size_t i = 0; i < l->field_count; i++)
		if (strcmp(l->fields[i].key, key) == 0 &&
		    l->fields[i].start != SIZE_MAX)
			return &l->fields[i];
	return NULL;
}

static void write_way(
    struct guess *g, const char *key, const struct way *way, const char *attr_name)
{
	struct vg_buf text = VG_BUF_INIT(1024);

	if (way->under.len > 0)
		vg_buf_addf(&text, ".%.*s ", VG_STR_ARG(way->under));
	vg_buf_adds(&text, way->tag);
	if (way->word.len > 0)
		vg_buf_addf(&text, ".%.*s", VG_STR_ARG(way->word));
	if (attr_name)
		vg_buf_addf(&text, "%s@%s", text.len > 0 ? " " : "", attr_name);
	if (text.len == 0)
		vg_buf_addc(&text, '.'); /* the item itself */
	vg_jw_kstr(g->out, key, vg_buf_str(&text));
	vg_buf_release(&text);
}

/* Whether the bytes are an attribute's: they end before the start tag does. */
static bool in_start_tag(const struct guess *g, uint32_t i, size_t end)
{
	size_t tag_end = at(g, i)->start + 1 + at(g, i)->name.len + at(g, i)->attrs.len;

	return at(g, i)->attrs.len > 0 && end <= tag_end;
}

static const char *attr_name(const char *key, const struct guess *g, uint32_t i)
{
	static const char *const names[] = {"href", "content", "datetime", "value",
	    "data-id", "data-product-id", "data-lat", "data-lng", "title", "alt"};

	if (strcmp(key, "url") == 0)
		return "href";
	for (size_t n = 1; n < sizeof(names) / sizeof(names[0]); n++)
		if (attr(g, i, names[n]).ptr)
			return names[n];
	return "href";
}

/* A <meta> or <link> of the head is named by what it says it is. */
static bool write_head(struct guess *g, const char *key, uint32_t i)
{
	struct vg_buf text = VG_BUF_INIT(1024);
	struct vg_str name = attr(g, i, "property");

	if (vg_str_eqz(at(g, i)->name, "meta")) {
		if (name.len == 0)
			name = attr(g, i, "name");
		vg_buf_addf(&text, "meta:%.*s", VG_STR_ARG(name));
	} else if (vg_str_eqz(at(g, i)->name, "link")) {
		name = attr(g, i, "rel");
		vg_buf_addf(&text, "link[rel=%.*s] @href", VG_STR_ARG(name));
	}
	if (name.len > 0)
		vg_jw_kstr(g->out, key, vg_buf_str(&text));
	vg_buf_release(&text);
	return name.len > 0;
}

static void guess_field(struct guess *g, const char *key)
{
	uint32_t found[MAX_CARDS];
	struct way ways[MAX_WAYS], *best = NULL;
	size_t count = 0, told = 0;
	const char *named = NULL;

	for (size_t i = 0; i < g->count; i++) {
		const struct vg_listing_field *f =
		    field_of(&g->result.listings[i], key);

		found[i] = VG_NONE;
		if (!f)
			continue;
		found[i] = around(g, g->cards[i], f->start, f->end);
		if (found[i] == VG_NONE || vg_str_eqz(at(g, found[i])->name, "script"))
			continue;
		if (told++ == 0 && write_head(g, key, found[i]))
			return;
		if (in_start_tag(g, found[i], f->end))
			named = attr_name(key, g, found[i]);
		if (found[i] == g->cards[i])
			offer(ways, &count, &(struct way){.attr = named != NULL});
		else
			offer_ways(
			    g, g->cards[i], found[i], named != NULL, ways, &count);
	}
	for (size_t w = 0; w < count; w++) {
		bool own = ways[w].tag.len + ways[w].word.len + ways[w].under.len == 0;

		for (size_t i = 0; i < g->count; i++)
			ways[w].votes +=
			    found[i] != VG_NONE &&
			    (own ? found[i] == g->cards[i]
				 : first(g, g->cards[i], &ways[w]) == found[i]);
		if (!best || ways[w].votes > best->votes)
			best = &ways[w];
	}
	if (best && best->votes * 2 >= told && best->votes > 0)
		write_way(g, key, best, named);
}

/* The class, or name below a class, that most cards share and few others have. */
static bool guess_item(struct guess *g)
{
	struct way ways[MAX_WAYS], *best = NULL;
	size_t count = 0, cards = 0;
	int64_t best_score = 0;

	for (size_t i = 0; i < g->count; i++)
		if (g->cards[i] != VG_NONE) {
			cards++;
			offer_ways(g, VG_NONE, g->cards[i], false, ways, &count);
		}
	for (size_t w = 0; w < count; w++) {
		int64_t hits = 0, others = 0, score;

		for (uint32_t i = 0; i < g->doc->element_count; i++)
			others += fits(g, i, VG_NONE, &ways[w]);
		for (size_t i = 0; i < g->count; i++)
			hits += g->cards[i] != VG_NONE &&
				fits(g, g->cards[i], VG_NONE, &ways[w]);
		others -= hits;
		score = hits * 4 - others;
		if (score > best_score) {
			best_score = score;
			best = &ways[w];
		}
	}
	if (best && cards > 1)
		write_way(g, "item", best, NULL);
	return best && cards > 1;
}

static void find_cards(struct guess *g)
{
	g->count =
	    g->result.listing_count < MAX_CARDS ? g->result.listing_count : MAX_CARDS;
	for (size_t i = 0; i < g->count; i++) {
		const struct vg_listing *l = &g->result.listings[i];

		g->cards[i] = VG_NONE;
		for (uint32_t k = 0; l->start != SIZE_MAX && k < g->doc->element_count;
		     k++)
			if (at(g, k)->start == l->start && at(g, k)->end == l->end &&
			    !vg_str_eqz(at(g, k)->name, "script"))
				g->cards[i] = k;
	}
}

static void guess_next(struct guess *g)
{
	for (uint32_t i = 0; i < g->doc->element_count; i++) {
		struct vg_str name = at(g, i)->name, rel = attr(g, i, "rel");
		struct vg_str rest = attr(g, i, "class"), word;

		if (!vg_str_eqz(name, "a") && !vg_str_eqz(name, "link"))
			continue;
		if (attr(g, i, "href").len == 0)
			continue;
		if (vg_str_ieqz(rel, "next")) {
			vg_jw_kstrz(g->out, "next",
			    vg_str_eqz(name, "a") ? "a[rel=next] @href"
						  : "link[rel=next] @href");
			return;
		}
		while (next_word(&rest, &word))
			if (vg_str_eqz(name, "a") && vg_str_eqz(word, "next")) {
				vg_jw_kstrz(g->out, "next", "a.next @href");
				return;
			}
	}
}

/* In page data, where no element stands around a value. */
static bool is_data(const struct guess *g)
{
	const struct vg_listing_field *f =
	    g->count > 0 ? field_of(&g->result.listings[0], "title") : NULL;
	uint32_t i = f ? around(g, VG_NONE, f->start, f->end) : VG_NONE;

	return i != VG_NONE && vg_str_eqz(at(g, i)->name, "script");
}

enum vg_status vg_op_plugin_guess(struct vg_op_call *call)
{
	static const char *const keys[] = {"title", "price", "currency", "phone",
	    "email", "address", "date", "url", "id", "lat", "lon", "seller"};
	struct vg_doc_input in = {
	    .payload = call->content,
	    .content_type = vg_json_get_str(call->params, "content_type"),
	    .url = vg_json_get_str(call->params, "url"),
	};
	struct vg_page_facts facts = {.content_type = in.content_type};
	struct guess *g = vg_arena_alloc(call->arena, sizeof(*g));
	struct vg_doc *doc = NULL;
	enum vg_status st;

	if (!g)
		return vg_fail(call->err, VG_E_NOMEM, "out of memory");
	if (!call->plugins)
		return vg_fail(call->err, VG_E_UNSUPPORTED, "no plugins are loaded");
	st = vg_doc_read(call->arena, &in, &doc, call->err);
	if (st == VG_OK)
		st = vg_plugins_run(call->plugins,
		    vg_json_get_str(call->params, "plugin"), doc, &facts, &g->result,
		    call->err);
	if (st != VG_OK)
		return st;
	g->doc = doc;
	g->out = call->out;
	find_cards(g);
	vg_jw_object(g->out);
	vg_jw_kstr(g->out, "plugin", g->result.plugin);
	vg_jw_kint(g->out, "listings", (int64_t)g->result.listing_count);
	vg_jw_kstrz(
	    g->out, "kind", g->count > 0 ? g->result.listings[0].kind : "product");
	vg_jw_kbool(g->out, "data", is_data(g));
	vg_jw_key(g->out, "selectors");
	vg_jw_object(g->out);
	if (!guess_item(g) && g->count > 1)
		g->count = 1; /* the first: a page about one thing */
	if (g->count == 1)
		g->cards[0] = VG_NONE;
	for (size_t i = 0; g->count > 0 && i < sizeof(keys) / sizeof(keys[0]); i++)
		guess_field(g, keys[i]);
	guess_next(g);
	vg_jw_end_object(g->out);
	vg_jw_end_object(g->out);
	return VG_OK;
}
