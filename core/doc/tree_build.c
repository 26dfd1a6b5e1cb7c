/* SPDX-License-Identifier: MIT */
/*
 * From the tokenizer's elements to a tree. The tokenizer decided what is an element and where it
 * ends; this walk over the source only finds the text between tags and hangs it where it belongs.
 */
#include "config.h"

#include "doc/tree_priv.h"

#include <string.h>

#include "base/limits.h"
#include "base/size.h"

#define MAX_NAME 63u /* bytes of an element's name; longer ones are left out */

struct builder {
	struct vg_tree *t;
	const struct vg_doc *doc;
	uint16_t *depth;  /* per element */
	bool *pruned;     /* per element: inside a template */
	size_t next;      /* first element not yet made */
	uint32_t current; /* innermost open element */
	bool failed;
};

static size_t doc_offset(const struct builder *b, size_t utf8)
{
	size_t start, end;

	vg_doc_utf8_span(b->doc, utf8, utf8, &start, &end);
	return start;
}

static bool is_tag_end(char c)
{
	return c == '>' || c == '/' || vg_is_space(c);
}

bool vg_attr_next(struct vg_str *rest, struct vg_attr_source *ret)
{
	const char *p = rest->ptr, *end;
	struct vg_attr_source a = {0};

	if (p == NULL)
		return false;
	end = p + rest->len;
	while (p < end && (vg_is_space(*p) || *p == '/'))
		p++;
	if (p == end || *p == '>')
		return false;
	a.name.ptr = p;
	p++; /* HTML 13.2.5.32: a leading '=' belongs to the name */
	while (p < end && !is_tag_end(*p) && *p != '=')
		p++;
	a.name.len = (size_t)(p - a.name.ptr);
	while (p < end && vg_is_space(*p))
		p++;
	if (p < end && *p == '=') {
		p++;
		while (p < end && vg_is_space(*p))
			p++;
		if (p < end && (*p == '"' || *p == '\'')) {
			const char *close = memchr(p + 1, *p, (size_t)(end - p - 1));

			a.value.ptr = p + 1;
			a.value.len = (size_t)((close != NULL ? close : end) - p - 1);
			p = close != NULL ? close + 1 : end;
		} else {
			a.value.ptr = p;
			while (p < end && *p != '>' && !vg_is_space(*p))
				p++;
			a.value.len = (size_t)(p - a.value.ptr);
		}
	} else {
		a.value.ptr = p;
	}
	*rest = (struct vg_str){p, (size_t)(end - p)};
	*ret = a;
	return true;
}

/* The offset behind the start tag whose '<' is at `at`: quotes hide '>'. */
static size_t skip_tag(struct vg_str s, size_t at)
{
	struct vg_str rest;
	struct vg_attr_source a;
	size_t end;

	at++;
	while (at < s.len && !is_tag_end(s.ptr[at]))
		at++;
	rest = vg_str_sub(s, at, s.len);
	while (vg_attr_next(&rest, &a))
		;
	at = s.len - rest.len;
	end = vg_str_chr(s, '>', at);
	return end == SIZE_MAX ? s.len : end + 1;
}

static bool is_raw_text(uint16_t tag)
{
	switch (tag) {
	case VG_TAG_SCRIPT:
	case VG_TAG_STYLE:
	case VG_TAG_TITLE:
	case VG_TAG_TEXTAREA:
	case VG_TAG_XMP:
	case VG_TAG_IFRAME:
	case VG_TAG_NOEMBED:
	case VG_TAG_NOFRAMES:
		return true;
	default:
		return false;
	}
}

/* The offset of `</name` at or after `from`, or the end. */
static size_t raw_text_end(struct vg_str s, struct vg_str name, size_t from)
{
	for (;;) {
		size_t at = vg_str_find(s, VG_STR("</"), from);
		size_t after;

		if (at == SIZE_MAX)
			return s.len;
		after = at + 2 + name.len;
		if (after < s.len && is_tag_end(s.ptr[after]) &&
		    vg_str_ieq(vg_str_sub(s, at + 2, after), name))
			return at;
		from = at + 2;
	}
}

/* A new last child of `parent`; 0 when out of memory. */
static uint32_t add_node(struct builder *b, uint32_t parent, uint32_t element)
{
	struct vg_tree_item *n = vg_vec_push(&b->t->nodes), *under;
	uint32_t at = (uint32_t)(b->t->nodes.len - 1);

	if (n == NULL) {
		b->failed = true;
		return 0;
	}
	under = vg_tree_item(b->t, parent);
	n->element = element;
	n->parent = parent;
	n->previous = under->last;
	if (under->last != 0)
		vg_tree_item(b->t, under->last)->next = at;
	else
		under->first = at;
	under->last = at;
	return at;
}

/* Makes the node of element `i`, its ancestors being there already. */
static void make_element(struct builder *b, size_t i)
{
	const struct vg_element *e = &b->doc->elements[i];
	uint32_t parent = e->parent < i ? e->parent : VG_NONE, under = 0, at;

	while (parent != VG_NONE && b->depth[parent] >= VG_MAX_DEPTH)
		parent = b->doc->elements[parent].parent;
	if (parent != VG_NONE) {
		under = b->t->of_element[parent];
		b->depth[i] = (uint16_t)(b->depth[parent] + 1);
		b->pruned[i] = b->pruned[parent] || under == 0 ||
			       vg_tree_item(b->t, under)->tag == VG_TAG_TEMPLATE;
	}
	b->current = (uint32_t)i;
	if (b->pruned[i] || e->name.len == 0 || e->name.len > MAX_NAME ||
	    memchr(e->name.ptr, '\0', e->name.len) != NULL)
		return;
	at = add_node(b, under, (uint32_t)i);
	if (at == 0)
		return;
	b->t->of_element[i] = at;
	vg_tree_item(b->t, at)->tag = (uint16_t)vg_tag_find(e->name);
}

/* Adds a text below a node, or goes on with the one that is last there. */
static void add_source(
    struct builder *b, uint32_t under, struct vg_str source, bool raw)
{
	uint32_t last = vg_tree_item(b->t, under)->last, at;
	struct vg_tree_item *n;

	if (last == 0 || vg_tree_is_element(vg_tree_item(b->t, last))) {
		at = add_node(b, under, VG_NONE);
	} else {
		at = (uint32_t)b->t->nodes.len;
		n = vg_vec_push(&b->t->nodes); /* a piece: no child of anything */
		if (n == NULL) {
			b->failed = true;
			return;
		}
		n->element = VG_NONE;
		n = vg_tree_item(b->t, last);
		vg_tree_item(b->t, n->tail != 0 ? n->tail : last)->more = at;
		n->tail = at;
	}
	n = vg_tree_item(b->t, at);
	n->source = source;
	n->raw = raw;
}

/* Hangs source bytes [start, end) as text below the element that is open there. */
static void add_text(struct builder *b, size_t start, size_t end)
{
	struct vg_str raw = vg_str_sub(b->doc->utf8, start, end);
	uint32_t under;
	size_t at;

	if (raw.len == 0)
		return;
	at = doc_offset(b, start);
	while (b->current != VG_NONE && b->doc->elements[b->current].end <= at)
		b->current = b->doc->elements[b->current].parent;
	under = b->current != VG_NONE ? b->t->of_element[b->current] : 0;
	if (under != 0 && vg_tree_item(b->t, under)->tag != VG_TAG_TEMPLATE)
		add_source(b, under, raw, false);
}

static void add_raw_text(struct builder *b, size_t element, size_t start, size_t end)
{
	struct vg_str raw = vg_str_sub(b->doc->utf8, start, end);
	uint32_t under = b->t->of_element[element];
	uint16_t tag = under != 0 ? vg_tree_item(b->t, under)->tag : VG_TAG_COUNT;

	if (vg_str_eqz(b->doc->elements[element].name, "script"))
		b->t->scripts[element] = raw;
	if (under == 0 || raw.len == 0)
		return;
	if (tag == VG_TAG_TITLE || tag == VG_TAG_TEXTAREA) {
		b->current = (uint32_t)element;
		add_text(b, start, end);
	} else {
		add_source(b, under, raw, true);
	}
}

/* A start tag at `lt`: makes what the tokenizer saw up to here. Returns the offset behind it. */
static size_t on_start_tag(struct builder *b, size_t lt)
{
	struct vg_str s = b->doc->utf8;
	size_t at = doc_offset(b, lt), end = skip_tag(s, lt);

	while (b->next < b->t->count && b->doc->elements[b->next].start <= at &&
	       !b->failed) {
		size_t i = b->next++;
		struct vg_str name = b->doc->elements[i].name;
		struct vg_str here = vg_str_sub(s, lt + 1, lt + 1 + name.len);

		make_element(b, i);
		/* An implied element starts here too, but has another name. */
		if (b->doc->elements[i].start != at || !vg_str_ieq(here, name))
			continue;
		if (is_raw_text((uint16_t)vg_tag_find(name))) {
			size_t stop = raw_text_end(s, name, end);

			add_raw_text(b, i, end, stop);
			return stop;
		}
		break;
	}
	return end;
}

static size_t skip_markup(struct vg_str s, size_t lt)
{
	size_t end;

	if (vg_str_starts(vg_str_sub(s, lt, s.len), VG_STR("<!--"))) {
		/* HTML 13.2.5.43: "<!-->" and "<!--->" are whole comments. */
		for (size_t at = lt + 2;
		     (at = vg_str_find(s, VG_STR("--"), at)) != SIZE_MAX; at++) {
			struct vg_str rest = vg_str_sub(s, at + 2, s.len);

			if (vg_str_starts(rest, VG_STR(">")))
				return at + 3;
			if (at >= lt + 4 && vg_str_starts(rest, VG_STR("!>")))
				return at + 4;
		}
		return s.len;
	}
	end = vg_str_chr(s, '>', lt);
	return end == SIZE_MAX ? s.len : end + 1;
}

static void walk(struct builder *b)
{
	struct vg_str s = b->doc->utf8;
	size_t text = 0, from = 0;

	while (!b->failed) {
		size_t lt = vg_str_chr(s, '<', from);
		char c;

		if (lt == SIZE_MAX || lt + 1 >= s.len)
			break;
		c = s.ptr[lt + 1];
		if (!vg_is_alpha(c) && c != '/' && c != '!' && c != '?') {
			from = lt + 1;
			continue;
		}
		add_text(b, text, lt);
		if (vg_is_alpha(c))
			from = on_start_tag(b, lt);
		else if (c == '/' && lt + 2 < s.len && vg_is_alpha(s.ptr[lt + 2]))
			from = skip_tag(s, lt + 1);
		else
			from = skip_markup(s, lt);
		text = from;
	}
	add_text(b, text, s.len);
	while (b->next < b->t->count && !b->failed)
		make_element(b, b->next++);
}

bool vg_tree_fill(struct vg_tree *t)
{
	struct builder b = {.t = t, .doc = t->doc, .current = VG_NONE};
	struct vg_tree_item *document = vg_vec_push(&t->nodes);

	b.depth = vg_arena_array(t->doc->arena, t->count, sizeof(*b.depth));
	b.pruned = vg_arena_array(t->doc->arena, t->count, sizeof(*b.pruned));
	if (document == NULL || b.depth == NULL || b.pruned == NULL)
		return false;
	document->element = VG_NONE;
	document->tag = VG_TAG_COUNT;
	walk(&b);
	return !b.failed;
}
