/* SPDX-License-Identifier: MIT */
/*
 * From the tokenizer's elements to an xmlDoc. The tokenizer decided what is an element and where it
 * ends; this walk over the source only finds the text between tags and hangs it where it belongs.
 */
#include "config.h"

#include "doc/tree_priv.h"

#include <string.h>

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>

#include "base/limits.h"
#include "base/size.h"

struct builder {
	struct vg_tree *t;
	const struct vg_doc *doc;
	uint32_t *depth;  /* per element */
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

static bool is_raw_text(struct vg_str name)
{
	static const char *const names[] = {"script", "style", "title", "textarea",
	    "xmp", "iframe", "noembed", "noframes"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (vg_str_eqz(name, names[i]))
			return true;
	return false;
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

static void add_attrs(struct builder *b, const struct vg_element *e, xmlNode *node)
{
	struct vg_str rest = e->attrs;
	struct vg_attr_source a;
	struct vg_buf *scratch = &b->t->scratch;

	for (unsigned n = 0; n < VG_MAX_ATTRS && vg_attr_next(&rest, &a); n++) {
		char name[128];
		size_t len = vg_size_min(a.name.len, sizeof(name) - 1);
		bool twice = false;

		if (len < a.name.len || memchr(a.name.ptr, '\0', len) != NULL)
			continue;
		for (size_t i = 0; i < len; i++)
			name[i] = vg_lower(a.name.ptr[i]);
		name[len] = '\0';
		for (xmlAttr *p = node->properties; p != NULL && !twice; p = p->next)
			twice = strcmp((const char *)p->name, name) == 0;
		if (twice)
			continue;
		vg_buf_clear(scratch);
		vg_tree_decode(a.value, true, scratch);
		if (scratch->status != VG_OK ||
		    xmlNewNsProp(node, NULL, (const xmlChar *)name,
			(const xmlChar *)vg_buf_cstr(scratch)) == NULL) {
			b->failed = true;
			return;
		}
	}
}

/* Makes the node of element `i`, its ancestors being there already. */
static void make_element(struct builder *b, size_t i)
{
	const struct vg_element *e = &b->doc->elements[i];
	uint32_t parent = e->parent < i ? e->parent : VG_NONE;
	char name[64];
	xmlNode *node, *under = (xmlNode *)b->t->xml;

	while (parent != VG_NONE && b->depth[parent] >= VG_MAX_DEPTH)
		parent = b->doc->elements[parent].parent;
	if (parent != VG_NONE) {
		b->depth[i] = b->depth[parent] + 1;
		b->pruned[i] = b->pruned[parent] ||
			       vg_str_eqz(b->doc->elements[parent].name, "template");
		under = b->t->nodes[parent];
	}
	b->current = (uint32_t)i;
	if (b->pruned[i] || under == NULL || e->name.len == 0 ||
	    e->name.len >= sizeof(name) ||
	    memchr(e->name.ptr, '\0', e->name.len) != NULL)
		return;
	memcpy(name, e->name.ptr, e->name.len);
	name[e->name.len] = '\0';
	node = xmlNewDocNode(b->t->xml, NULL, (const xmlChar *)name, NULL);
	if (node == NULL) {
		b->failed = true;
		return;
	}
	node->_private = (void *)(uintptr_t)(i + 1);
	if (xmlAddChild(under, node) == NULL) {
		xmlFreeNode(node);
		b->failed = true;
		return;
	}
	b->t->nodes[i] = node;
	add_attrs(b, e, node);
}

/* Hangs source bytes [start, end) as text below the element that is open there. */
static void add_text(struct builder *b, size_t start, size_t end)
{
	struct vg_str raw = vg_str_sub(b->doc->utf8, start, end);
	struct vg_buf *scratch = &b->t->scratch;
	xmlNode *text;
	size_t at;

	if (raw.len == 0)
		return;
	at = doc_offset(b, start);
	while (b->current != VG_NONE && b->doc->elements[b->current].end <= at)
		b->current = b->doc->elements[b->current].parent;
	if (b->current == VG_NONE || b->t->nodes[b->current] == NULL ||
	    vg_str_eqz(b->doc->elements[b->current].name, "template"))
		return;
	vg_buf_clear(scratch);
	vg_tree_decode(raw, false, scratch);
	if (scratch->status != VG_OK || scratch->len > INT32_MAX) {
		b->failed = true;
		return;
	}
	text = xmlNewDocTextLen(
	    b->t->xml, (const xmlChar *)vg_buf_cstr(scratch), (int)scratch->len);
	if (text == NULL) {
		b->failed = true;
		return;
	}
	text->_private = (void *)(uintptr_t)(start + 1);
	if (xmlAddChild(b->t->nodes[b->current], text) == NULL) {
		xmlFreeNode(text);
		b->failed = true;
	}
}

static void add_raw_text(struct builder *b, size_t element, size_t start, size_t end)
{
	struct vg_str raw = vg_str_sub(b->doc->utf8, start, end);
	xmlNode *node = b->t->nodes[element];

	if (vg_str_eqz(b->doc->elements[element].name, "script"))
		b->t->scripts[element] = raw;
	if (node == NULL || raw.len == 0)
		return;
	if (vg_str_eqz(b->doc->elements[element].name, "title") ||
	    vg_str_eqz(b->doc->elements[element].name, "textarea")) {
		b->current = (uint32_t)element;
		add_text(b, start, end);
		return;
	}
	if (raw.len <= INT32_MAX) {
		xmlNode *text =
		    xmlNewDocTextLen(b->t->xml, (const xmlChar *)raw.ptr, (int)raw.len);

		if (text == NULL || xmlAddChild(node, text) == NULL)
			b->failed = true;
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
		if (is_raw_text(name)) {
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
		size_t close = vg_str_find(s, VG_STR("-->"), lt + 2);
		size_t bang = vg_str_find(s, VG_STR("--!>"), lt + 4);

		if (close != SIZE_MAX && close < bang)
			return close + 3;
		return bang != SIZE_MAX ? bang + 4 : s.len;
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

	b.depth = vg_arena_array(t->doc->arena, t->count, sizeof(*b.depth));
	b.pruned = vg_arena_array(t->doc->arena, t->count, sizeof(*b.pruned));
	if (b.depth == NULL || b.pruned == NULL)
		return false;
	walk(&b);
	return !b.failed;
}
