/* SPDX-License-Identifier: MIT */
/*
 * plugin.guess: selectors for a page, from what a plugin already reads in it. Each value of a listing knows its
 * bytes, so the element around it is known; what tells that element from its neighbours in most listings
 * is the selector.
 */
#include "config.h"

#include "analyse/layout.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CARDS 200u /* listings looked at */
#define MAX_WAYS 64u   /* ways to name one field */
#define MAX_UP 4u      /* elements around it that may help */

/* One way to name an element: its name, class or mark, or its name below an element with one of these. */
struct way {
	struct vg_str tag, word, under,
	    above;        /* above: the name of an element around it */
	const char *mark; /* an attribute that tells elements apart, and its value */
	struct vg_str value;
	bool attr; /* the value is an attribute of it */
	size_t right, wrong;
};

static const char *const marks[] = {
    "data-testid", "data-hook", "data-qa", "data-cy", "data-aut-id", "itemprop"};

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

static bool has_word(const struct guess *g, uint32_t i, struct vg_str word)
{
	struct vg_str rest = attr(g, i, "class"), one;

	while (vg_class_next(&rest, &one))
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
	if (way->mark && !vg_str_eq(attr(g, i, way->mark), way->value))
		return false;
	if (way->under.len == 0 && way->above.len == 0)
		return true;
	for (uint32_t up = at(g, i)->parent;
	     up != VG_NONE && up != card && is_inside(g, up, card);
	     up = at(g, up)->parent)
		if (way->under.len > 0 ? has_word(g, up, way->under)
				       : vg_str_eq(at(g, up)->name, way->above))
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

static bool holds_number(struct vg_str source, struct vg_str number)
{
	size_t at = 0;

	while ((at = vg_str_find(source, number, at)) != SIZE_MAX) {
		size_t end = at + number.len;
		bool begins = at == 0 || (!vg_is_digit(source.ptr[at - 1]) &&
					     source.ptr[at - 1] != '.' &&
					     source.ptr[at - 1] != ',');

		if (begins && (end == source.len || !vg_is_digit(source.ptr[end])))
			return true;
		at = end;
	}
	return false;
}

/* The smallest element of a card that writes a price out; VG_NONE: none does. */
static uint32_t priced(const struct guess *g, uint32_t card, struct vg_str price)
{
	struct vg_str whole = vg_str_sub(price, 0, vg_str_chr(price, '.', 0));
	char comma[40];
	struct vg_str spelt[] = {price, {comma, price.len}, whole};
	uint32_t best = VG_NONE;

	if (card == VG_NONE || price.len >= sizeof(comma))
		return VG_NONE;
	for (size_t i = 0; i < price.len; i++)
		comma[i] = price.ptr[i] == '.' ? ',' : price.ptr[i];
	for (size_t s = 0; s < 3 && best == VG_NONE; s++)
		for (uint32_t i = card + 1;
		     i < g->doc->element_count && at(g, i)->start < at(g, card)->end;
		     i++)
			/* Children follow their parents. */
			if (is_inside(g, i, card) &&
			    holds_number(vg_str_sub(g->doc->document, at(g, i)->start,
					     at(g, i)->end),
				spelt[s]) &&
			    (best == VG_NONE || is_inside(g, i, best)))
				best = i;
	return best;
}

static bool same_way(const struct way *a, const struct way *b)
{
	return vg_str_eq(a->tag, b->tag) && vg_str_eq(a->word, b->word) &&
	       vg_str_eq(a->under, b->under) && vg_str_eq(a->above, b->above) &&
	       a->mark == b->mark && vg_str_eq(a->value, b->value) &&
	       a->attr == b->attr;
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

/* By its own class or mark, then below an element that has one, or a telling name. */
static void offer_ways(const struct guess *g, uint32_t card, uint32_t i,
    bool attr_wanted, struct way *ways, size_t *count)
{
	struct vg_str rest = attr(g, i, "class"), word, own = {0};
	struct vg_str tag = at(g, i)->name;

	while (vg_class_next(&rest, &word)) {
		own = own.len > 0 ? own : word;
		offer(ways, count, &(struct way){.word = word, .attr = attr_wanted});
	}
	for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++)
		if (vg_class_is_stable(attr(g, i, marks[m])))
			offer(ways, count,
			    &(struct way){.mark = marks[m],
				.value = attr(g, i, marks[m]),
				.attr = attr_wanted});
	if (!is_plain(tag))
		offer(ways, count, &(struct way){.tag = tag, .attr = attr_wanted});
	for (uint32_t up = at(g, i)->parent, levels = 0;
	     up != VG_NONE && up != card && is_inside(g, up, card) && levels < MAX_UP;
	     up = at(g, up)->parent, levels++) {
		struct way way = {.tag = tag, .word = own, .attr = attr_wanted};

		if (own.len > 0)
			way.tag = (struct vg_str){0};
		rest = attr(g, up, "class");
		while (vg_class_next(&rest, &word)) {
			way.under = word;
			offer(ways, count, &way);
		}
		way.under = (struct vg_str){0};
		way.above = at(g, up)->name;
		if (!is_plain(way.above))
			offer(ways, count, &way);
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

static void add_way(struct vg_buf *text, const struct way *way, struct vg_str attr_name)
{
	size_t from = text->len;

	if (way->under.len > 0)
		vg_buf_addf(text, ".%.*s ", VG_STR_ARG(way->under));
	if (way->above.len > 0)
		vg_buf_addf(text, "%.*s ", VG_STR_ARG(way->above));
	vg_buf_adds(text, way->tag);
	if (way->word.len > 0)
		vg_buf_addf(text, ".%.*s", VG_STR_ARG(way->word));
	if (way->mark)
		vg_buf_addf(text, "[%s='%.*s']", way->mark, VG_STR_ARG(way->value));
	if (way->attr && attr_name.len > 0)
		vg_buf_addf(text, "%s@%.*s", text->len > from ? " " : "",
		    VG_STR_ARG(attr_name));
	if (text->len == from)
		vg_buf_addc(text, '.'); /* the item itself */
}

static bool is_name(char c)
{
	return vg_is_alnum(c) || c == '-' || c == '_' || c == ':';
}

/* The name of the attribute whose value the bytes are; empty: they are no attribute's. */
static struct vg_str attr_at(const struct guess *g, uint32_t i, size_t start)
{
	size_t tag = at(g, i)->start + 1 + at(g, i)->name.len, pos, end;
	struct vg_str attrs = at(g, i)->attrs;

	if (start < tag || start >= tag + attrs.len)
		return (struct vg_str){0};
	pos = start - tag;
	while (pos > 0 && attrs.ptr[pos - 1] != '=')
		pos--;
	while (
	    pos > 0 && (attrs.ptr[pos - 1] == '=' || vg_is_space(attrs.ptr[pos - 1])))
		pos--;
	for (end = pos; pos > 0 && is_name(attrs.ptr[pos - 1]);)
		pos--;
	return vg_str_sub(attrs, pos, end);
}

/* What a selector may hold as it stands: the page wrote it. */
static bool is_plain_name(struct vg_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_name(s.ptr[i]) && s.ptr[i] != '.')
			return false;
	return s.len > 0;
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
	if (is_plain_name(name))
		vg_jw_kstr(g->out, key, vg_buf_str(&text));
	vg_buf_release(&text);
	return is_plain_name(name);
}

/* How a way does on the cards that no line gives yet. */
static void judge(
    const struct guess *g, const uint32_t *found, const bool *done, struct way *way)
{
	bool own = !way->mark && way->tag.len + way->word.len == 0;

	way->right = way->wrong = 0;
	for (size_t i = 0; i < g->count; i++) {
		uint32_t hit;

		if (found[i] == VG_NONE || done[i])
			continue;
		hit = own ? g->cards[i] : first(g, g->cards[i], way);
		way->right += hit == found[i];
		way->wrong += hit != found[i] && hit != VG_NONE;
	}
}

static bool is_better(const struct way *a, const struct way *b)
{
	if ((a->wrong == 0) != (b->wrong == 0))
		return a->wrong == 0 && a->right > 0;
	return a->right > b->right;
}

/* Up to three lines: those that are never wrong first, then what is right for the rest. */
static void write_lines(struct guess *g, const char *key, const uint32_t *found,
    struct way *ways, size_t count, struct vg_str attr_name)
{
	struct vg_buf text = VG_BUF_INIT(4096);
	bool done[MAX_CARDS] = {false};

	for (int line = 0; line < 3; line++) {
		struct way *best = NULL;

		for (size_t w = 0; w < count; w++) {
			judge(g, found, done, &ways[w]);
			if (!best || is_better(&ways[w], best))
				best = &ways[w];
		}
		if (!best || best->right == 0 || best->wrong > best->right)
			break;
		if (text.len > 0)
			vg_buf_addz(&text, "\n        ");
		add_way(&text, best, attr_name);
		for (size_t i = 0; i < g->count; i++)
			if (found[i] != VG_NONE && !done[i])
				done[i] = (!best->mark &&
					      best->tag.len + best->word.len == 0) ||
					  first(g, g->cards[i], best) != VG_NONE;
	}
	if (text.len > 0)
		vg_jw_kstr(g->out, key, vg_buf_str(&text));
	vg_buf_release(&text);
}

static void guess_field(struct guess *g, const char *key)
{
	uint32_t found[MAX_CARDS];
	struct way ways[MAX_WAYS];
	struct vg_str named = {0};
	size_t count = 0, told = 0;

	for (size_t i = 0; i < g->count; i++) {
		const struct vg_listing_field *f =
		    field_of(&g->result.listings[i], key);
		struct vg_str name;

		found[i] = VG_NONE;
		if (!f)
			continue;
		found[i] = around(g, g->cards[i], f->start, f->end);
		if (found[i] == VG_NONE || vg_str_eqz(at(g, found[i])->name, "script"))
			continue;
		/* A price that was put together has all of the card for its place, which holds other numbers, too. */
		if (found[i] == g->cards[i] && strcmp(key, "price") == 0)
			found[i] = priced(g, g->cards[i], f->value);
		if (found[i] == VG_NONE)
			continue;
		if (told++ == 0 && write_head(g, key, found[i]))
			return;
		name = attr_at(g, found[i], f->start);
		/* A part of an attribute was found by a pattern that is not ours to guess. */
		if (name.len > 0 && strcmp(key, "id") == 0 &&
		    f->value.len != f->end - f->start) {
			found[i] = VG_NONE;
			continue;
		}
		if (name.len > 0)
			named = name;
		if (found[i] == g->cards[i])
			offer(ways, &count, &(struct way){.attr = name.len > 0});
		else
			offer_ways(
			    g, g->cards[i], found[i], name.len > 0, ways, &count);
	}
	write_lines(g, key, found, ways, count, named);
}

/* The class, or name below a class, that most cards share and few others have. */
static bool guess_item(struct guess *g)
{
	struct vg_buf text = VG_BUF_INIT(1024);
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
	if (!best || cards < 2)
		return false;
	add_way(&text, best, (struct vg_str){0});
	vg_jw_kstr(g->out, "item", vg_buf_str(&text));
	vg_buf_release(&text);
	return true;
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
		while (vg_class_next(&rest, &word))
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
	    "email", "address", "date", "url", "id", "lat", "lon", "seller", "text"};
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
