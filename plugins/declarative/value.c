/* SPDX-License-Identifier: MIT */
/* Evaluating expressions. */
#include "site.h"

#include <string.h>

static const struct vigia_value none = {{"", 0}, VIGIA_NO_SPAN, VIGIA_NO_SPAN};

static bool is_json(const struct kit *k, const struct vigia_node *node)
{
	int32_t kind = node != NULL ? kit_info(k, node).kind : 0;

	return kind >= VIGIA_NODE_OBJECT && kind <= VIGIA_NODE_NULL;
}

static struct vigia_nodes select_nodes(struct place *at, const struct expr *e)
{
	static const uint32_t languages[] = {[CSS] = VIGIA_CSS,
	    [XPATH] = VIGIA_XPATH,
	    [JSON] = VIGIA_JSON,
	    [REGEX] = VIGIA_REGEX};
	const struct vigia_node *item = e->page ? NULL : at->item;

	if (e->language > REGEX)
		return (struct vigia_nodes){NULL, 0};
	/* JSON inside an HTML item is the page's: scripts are no part of a card. */
	if (e->language == JSON && !is_json(at->k, item))
		item = NULL;
	if (e->language == CSS && e->selector[0] == '\0') {
		if (item == NULL)
			return (struct vigia_nodes){NULL, 0};
		return (struct vigia_nodes){&at->item, 1};
	}
	return kit_all(at->k, item, languages[e->language], e->selector);
}

struct vigia_nodes value_nodes(struct place *at, const struct expr *e)
{
	struct vigia_nodes nodes = {NULL, 0};

	for (; e != NULL && nodes.count == 0; e = e->next)
		nodes = select_nodes(at, e);
	return nodes;
}

/* The first group of the pattern, or all of it; the span is the source's when the host has none. */
static struct vigia_value match(
    const struct kit *k, const struct vigia_node *node, const char *pattern)
{
	struct vigia_nodes found = kit_all(k, node, VIGIA_REGEX, pattern);
	struct vigia_info from = kit_info(k, node);
	struct vigia_value v;

	if (found.count == 0)
		return none;
	v = kit_attr(k, found.items[0], "1");
	if (v.text.len == 0)
		v = kit_text(k, found.items[0]);
	if (v.start == VIGIA_NO_SPAN) {
		v.start = from.start;
		v.end = from.end;
	}
	return v;
}

static struct vigia_value read_node(
    struct place *at, const struct expr *e, const struct vigia_node *node)
{
	if (e->language == REGEX) {
		struct vigia_value v = kit_attr(at->k, node, "1");

		return v.text.len > 0 ? v : kit_text(at->k, node);
	}
	if (e->attr != NULL && e->pattern != NULL) {
		struct vigia_nodes attrs = kit_all(at->k, node, VIGIA_XPATH, "@*");

		for (size_t i = 0; i < attrs.count; i++)
			if (kit_is(kit_info(at->k, attrs.items[i]).name, e->attr))
				return match(at->k, attrs.items[i], e->pattern);
		return none;
	}
	if (e->pattern != NULL)
		return match(at->k, node, e->pattern);
	return e->attr != NULL ? kit_attr(at->k, node, e->attr) : kit_text(at->k, node);
}

static struct vigia_str made(struct place *at, size_t from)
{
	return kit_trim((struct vigia_str){at->room + from, at->used - from});
}

static void write(struct place *at, struct vigia_str s)
{
	size_t left = sizeof(at->room) - at->used;

	if (s.len > left) {
		s.len = left;
		while (s.len > 0 && ((unsigned char)s.ptr[s.len] & 0xC0) == 0x80)
			s.len--; /* not half a character */
	}
	memcpy(at->room + at->used, s.ptr, s.len);
	at->used += s.len;
}

/*
 * A part that is missing takes the text before it along; nothing but the first text may stand before
 * the first part that is there.
 */
static struct vigia_value join(struct place *at, const struct expr *e)
{
	struct vigia_value v = none;
	const struct expr *first = e->parts;
	struct expr part;
	bool any = false;
	size_t from;

	/* Parts may be put together themselves, so they are read before anything is written. */
	struct vigia_value values[MAX_PARTS];
	size_t count = 0;

	for (const struct expr *p = first; p != NULL && count < MAX_PARTS;
	     p = p->next) {
		part = *p;
		part.next = NULL;
		values[count] = value_of(at, &part);
		if (p->needed && values[count].text.len == 0)
			return none;
		count++;
	}
	from = at->used;
	count = 0;
	for (const struct expr *p = first; p != NULL && count < MAX_PARTS;
	     p = p->next) {
		const struct vigia_value *value = &values[count++];

		if (p->language == LITERAL && p->selector[0] == '\0') {
			if (any)
				write(at, kit_str(p->before));
			continue;
		}
		if (value->text.len == 0)
			continue;
		if (any || p == first)
			write(at, kit_str(p->before));
		write(at, value->text);
		if (!any || value->start < v.start)
			v.start = value->start;
		if (!any || (value->end > v.end && value->end != VIGIA_NO_SPAN))
			v.end = value->end;
		any = true;
	}
	v.text = made(at, from);
	return any ? v : none;
}

static struct vigia_value read_cell(struct place *at, const struct expr *e)
{
	const struct vigia_node *cell =
	    table_cell(at->k, at->table, at->row, e->selector);
	char *room = at->room + at->used;
	struct vigia_value v;

	if (cell == NULL)
		return none;
	if (e->pattern != NULL)
		return match(at->k, cell, e->pattern);
	v = table_text(at->k, cell, room, sizeof(at->room) - at->used);
	if (v.text.ptr == room)
		at->used += v.text.len;
	return v;
}

/* What is read without nodes. */
static struct vigia_value read_plain(struct place *at, const struct expr *e)
{
	switch (e->language) {
	case META:
		return kit_meta(at->k, e->selector);
	case LITERAL:
		return (struct vigia_value){
		    kit_str(e->selector), VIGIA_NO_SPAN, VIGIA_NO_SPAN};
	case JOIN:
		return join(at, e);
	case CSV:
		return at->row != NULL ? read_cell(at, e) : none;
	case CSS:
	case XPATH:
	case JSON:
	case REGEX:
		break;
	}
	return none;
}

bool value_each(struct place *at, const struct expr *e,
    bool (*take)(void *ctx, struct vigia_value value), void *ctx)
{
	for (; e != NULL; e = e->next) {
		struct vigia_nodes nodes;
		struct vigia_value v;

		if (e->language > REGEX) {
			v = read_plain(at, e);
			if (v.text.len > 0 && take(ctx, v))
				return true;
			continue;
		}
		nodes = select_nodes(at, e);
		for (size_t i = 0; i < nodes.count; i++) {
			v = read_node(at, e, nodes.items[i]);
			if (v.text.len > 0 && take(ctx, v))
				return true;
		}
	}
	return false;
}

static bool take_first(void *ctx, struct vigia_value value)
{
	*(struct vigia_value *)ctx = value;
	return true;
}

struct vigia_value value_of(struct place *at, const struct expr *e)
{
	struct vigia_value v = none;

	(void)value_each(at, e, take_first, &v);
	return v;
}

void value_check(struct place *at, const struct expr *e)
{
	const struct vigia_node *body = kit_first(at->k, NULL, "body");

	for (; e != NULL; e = e->next) {
		(void)select_nodes(at, e);
		if (e->pattern != NULL)
			(void)match(at->k, body, e->pattern);
		value_check(at, e->parts);
	}
}

bool value_exists(struct place *at, const struct expr *e)
{
	for (; e != NULL; e = e->next) {
		struct expr one = *e;

		one.next = NULL;
		if (e->language > REGEX || e->pattern != NULL) {
			if (e->language != LITERAL && value_of(at, &one).text.len > 0)
				return true;
		} else if (select_nodes(at, e).count > 0) {
			return true;
		}
	}
	return false;
}
