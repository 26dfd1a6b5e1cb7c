/* SPDX-License-Identifier: MIT */
/* Selecting from the tree and reading what was selected. */
#include "config.h"

#include "doc/tree_priv.h"

#include <string.h>

#include <libxml/HTMLtree.h>
#include <libxml/parser.h>
#include <libxml/xpathInternals.h>

#include "base/limits.h"
#include "base/size.h"
#include "doc/css.h"

static void ignore_error(void *ctx, xmlError *error)
{
	(void)ctx;
	(void)error;
}

/* XPath still reports unknown functions here; the status says it. */
static void ignore_message(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

static void free_tree(void *ctx)
{
	struct vg_tree *t = ctx;

	for (size_t i = 0; i < VG_TREE_SELECTORS; i++)
		xmlXPathFreeCompExpr(t->selectors[i].compiled);
	xmlXPathFreeContext(t->xpath);
	xmlFreeDoc(t->xml);
	vg_buf_release(&t->scratch);
}

enum vg_status vg_tree_new(
    const struct vg_doc *doc, struct vg_tree **ret, struct vg_error *err)
{
	struct vg_arena *a = doc->arena;
	struct vg_tree *t = vg_arena_alloc(a, sizeof(*t));

	if (t == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	t->doc = doc;
	t->count = vg_size_min(doc->element_count, VG_MAX_TREE_NODES);
	t->scratch = VG_BUF_INIT(VG_MAX_PAGE_ARENA);
	t->nodes = vg_arena_array(a, t->count, sizeof(xmlNode *));
	t->handles = vg_arena_array(a, t->count, sizeof(struct vg_tree_node *));
	t->scripts = vg_arena_array(a, t->count, sizeof(struct vg_str));
	if (t->nodes == NULL || t->handles == NULL || t->scripts == NULL ||
	    vg_arena_defer(a, free_tree, t) != VG_OK)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	xmlSetGenericErrorFunc(NULL, ignore_message);
	t->xml = htmlNewDocNoDtD(NULL, NULL);
	if (t->xml == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	t->xpath = xmlXPathNewContext(t->xml);
	if (t->xpath == NULL || !vg_tree_fill(t))
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	t->xpath->error = ignore_error;
	t->xpath->opLimit = VG_XPATH_STEPS;
	*ret = t;
	return VG_OK;
}

const struct vg_tree_node *vg_tree_element(struct vg_tree *t, uint32_t element)
{
	const struct vg_element *e;
	struct vg_tree_node *n;

	if (element >= t->count || t->nodes[element] == NULL)
		return NULL;
	if (t->handles[element] != NULL)
		return t->handles[element];
	n = vg_arena_alloc(t->doc->arena, sizeof(*n));
	if (n == NULL)
		return NULL;
	e = &t->doc->elements[element];
	*n = (struct vg_tree_node){.kind = VG_TREE_ELEMENT,
	    .element = element,
	    .name = e->name,
	    .start = e->start,
	    .end = e->end,
	    .xml = t->nodes[element]};
	t->handles[element] = n;
	return n;
}

static uint32_t element_of(const xmlNode *node)
{
	uintptr_t id;

	if (node == NULL || node->type != XML_ELEMENT_NODE)
		return VG_NONE;
	id = (uintptr_t)node->_private;
	return id == 0 ? VG_NONE : (uint32_t)(id - 1);
}

const struct vg_tree_node *vg_tree_parent(
    struct vg_tree *t, const struct vg_tree_node *node)
{
	if (node->kind != VG_TREE_ELEMENT)
		return vg_tree_element(t, node->element);
	return vg_tree_element(t, element_of(((const xmlNode *)node->xml)->parent));
}

static struct vg_tree_node *new_node(
    struct vg_tree *t, enum vg_tree_kind kind, const xmlNode *owner)
{
	struct vg_tree_node *n = vg_arena_alloc(t->doc->arena, sizeof(*n));

	if (n != NULL)
		*n = (struct vg_tree_node){.kind = kind,
		    .element = element_of(owner),
		    .start = SIZE_MAX,
		    .end = SIZE_MAX};
	return n;
}

/* Source bytes of a text node: up to the next tag. */
static void text_span(struct vg_tree *t, const xmlNode *node, struct vg_tree_node *n)
{
	uintptr_t id = (uintptr_t)node->_private;
	size_t start, end;

	if (id == 0)
		return;
	start = (size_t)(id - 1);
	end = vg_str_chr(t->doc->utf8, '<', start);
	vg_doc_utf8_span(t->doc, start, end == SIZE_MAX ? t->doc->utf8.len : end,
	    &n->start, &n->end);
}

static const struct vg_tree_node *wrap(struct vg_tree *t, const xmlNode *node)
{
	struct vg_tree_node *n;

	switch (node->type) {
	case XML_ELEMENT_NODE:
		return vg_tree_element(t, element_of(node));
	case XML_ATTRIBUTE_NODE:
		n = new_node(t, VG_TREE_ATTRIBUTE, node->parent);
		if (n == NULL)
			return NULL;
		n->name = vg_str((const char *)node->name);
		n->value = vg_tree_attr(
		    t, vg_tree_element(t, n->element), n->name.ptr, &n->start, &n->end);
		return n->value.ptr != NULL ? n : NULL;
	case XML_TEXT_NODE:
		n = new_node(t, VG_TREE_TEXT, node->parent);
		if (n == NULL)
			return NULL;
		n->value =
		    vg_arena_str(t->doc->arena, vg_str((const char *)node->content));
		text_span(t, node, n);
		return n->value.ptr != NULL ? n : NULL;
	default:
		return NULL;
	}
}

static enum vg_status collect_nodes(struct vg_tree *t, const xmlNodeSet *set,
    const struct vg_tree_node *const **ret, size_t *ret_count, struct vg_error *err)
{
	size_t count = set != NULL ? (size_t)set->nodeNr : 0, kept = 0;
	const struct vg_tree_node **nodes;

	if (count > VG_MAX_SELECTED)
		return vg_fail(err, VG_E_LIMIT, "the selection has %zu nodes", count);
	nodes =
	    vg_arena_array(t->doc->arena, count, sizeof(const struct vg_tree_node *));
	if (nodes == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; i < count; i++) {
		if (set->nodeTab[i]->type == XML_HTML_DOCUMENT_NODE ||
		    set->nodeTab[i]->type == XML_NAMESPACE_DECL)
			continue;
		nodes[kept] = wrap(t, set->nodeTab[i]);
		if (nodes[kept] == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		kept++;
	}
	*ret = nodes;
	*ret_count = kept;
	return VG_OK;
}

/* A string, number or boolean becomes one text node. */
static enum vg_status collect_value(struct vg_tree *t, xmlXPathObject *object,
    const struct vg_tree_node *const **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_tree_node *n = new_node(t, VG_TREE_TEXT, NULL);
	const struct vg_tree_node **nodes =
	    vg_arena_alloc(t->doc->arena, sizeof(*nodes));
	xmlChar *text = xmlXPathCastToString(object);

	if (text != NULL && n != NULL)
		n->value = vg_arena_str(t->doc->arena, vg_str((const char *)text));
	xmlFree(text);
	if (nodes == NULL || n == NULL || n->value.ptr == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	nodes[0] = n;
	*ret = nodes;
	*ret_count = 1;
	return VG_OK;
}

static enum vg_status compile(struct vg_tree *t, struct vg_str text, bool css,
    xmlXPathCompExpr **ret, struct vg_error *err)
{
	struct vg_str xpath = text;
	enum vg_status st = VG_OK;

	if (css)
		st = vg_css_to_xpath(t->doc->arena, text, &xpath, err);
	if (st != VG_OK)
		return st;
	*ret = xmlXPathCtxtCompile(t->xpath, (const xmlChar *)xpath.ptr);
	return *ret != NULL ? VG_OK
			    : vg_fail(err, VG_E_INVALID, "no XPath: %.200s", xpath.ptr);
}

/* The compiled selection, from an earlier call when there was one. The tree keeps it. */
static enum vg_status selector(struct vg_tree *t, const char *expression, bool css,
    xmlXPathCompExpr **ret, struct vg_error *err)
{
	struct vg_str text = vg_str(expression);
	struct vg_tree_selector *slot =
	    &t->selectors[vg_str_hash(text) & (VG_TREE_SELECTORS - 1)];
	xmlXPathCompExpr *compiled = NULL;
	enum vg_status st;

	if (slot->compiled == NULL || slot->css != css ||
	    !vg_str_eq(slot->text, text)) {
		text = vg_arena_str(t->doc->arena, text);
		if (text.ptr == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		st = compile(t, text, css, &compiled, err);
		if (st != VG_OK)
			return st;
		xmlXPathFreeCompExpr(slot->compiled);
		*slot = (struct vg_tree_selector){text, css, compiled};
	}
	*ret = slot->compiled;
	return VG_OK;
}

static enum vg_status evaluate(struct vg_tree *t, const struct vg_tree_node *context,
    const char *expression, bool css, const struct vg_tree_node *const **ret,
    size_t *ret_count, struct vg_error *err)
{
	xmlXPathCompExpr *compiled = NULL;
	xmlXPathObject *object = NULL;
	enum vg_status st;

	if (context != NULL && context->kind != VG_TREE_ELEMENT)
		return vg_fail(
		    err, VG_E_INVALID, "the context of a selection is no element");
	st = selector(t, expression, css, &compiled, err);
	if (st != VG_OK)
		return st;
	t->xpath->node = context != NULL ? context->xml : (xmlNode *)t->xml;
	object = xmlXPathCompiledEval(compiled, t->xpath);
	if (object == NULL)
		return t->xpath->opCount >= t->xpath->opLimit
			   ? vg_fail(err, VG_E_LIMIT,
				 "XPath steps of this page are used up")
			   : vg_fail(err, VG_E_INVALID,
				 "XPath cannot be evaluated: %.190s", expression);
	if (object->type == XPATH_NODESET)
		st = collect_nodes(t, object->nodesetval, ret, ret_count, err);
	else
		st = collect_value(t, object, ret, ret_count, err);
	xmlXPathFreeObject(object);
	return st;
}

enum vg_status vg_tree_xpath(struct vg_tree *t, const struct vg_tree_node *context,
    const char *xpath, const struct vg_tree_node *const **ret, size_t *ret_count,
    struct vg_error *err)
{
	return evaluate(t, context, xpath, false, ret, ret_count, err);
}

enum vg_status vg_tree_css(struct vg_tree *t, const struct vg_tree_node *context,
    const char *css, const struct vg_tree_node *const **ret, size_t *ret_count,
    struct vg_error *err)
{
	return evaluate(t, context, css, true, ret, ret_count, err);
}

static bool one_of(const xmlChar *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp((const char *)name, list[i]) == 0)
			return true;
	return false;
}

static bool is_inline(const xmlChar *name)
{
	static const char *const names[] = {"a", "abbr", "acronym", "b", "bdi", "bdo",
	    "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
	    "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike",
	    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"};

	return one_of(name, names, sizeof(names) / sizeof(names[0]));
}

static bool is_unread(const xmlChar *name)
{
	static const char *const names[] = {"noscript", "script", "style", "template"};

	return one_of(name, names, sizeof(names) / sizeof(names[0]));
}

/* Appends with runs of white space as one space, none at the start. */
static void add_collapsed(struct vg_buf *out, struct vg_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		bool nbsp =
		    s.ptr[i] == '\xC2' && i + 1 < s.len && s.ptr[i + 1] == '\xA0';

		if (!nbsp && !vg_is_space(s.ptr[i])) {
			vg_buf_addc(out, s.ptr[i]);
			continue;
		}
		i += nbsp;
		if (out->len > 0 && out->ptr[out->len - 1] != ' ')
			vg_buf_addc(out, ' ');
	}
}

static void add_break(struct vg_buf *out, const xmlNode *n)
{
	if (n->type == XML_ELEMENT_NODE && !is_inline(n->name))
		add_collapsed(out, VG_STR(" "));
}

static void add_element_text(struct vg_buf *out, const xmlNode *top)
{
	const xmlNode *n = top->children;

	while (n != NULL) {
		add_break(out, n);
		if (n->type == XML_TEXT_NODE)
			add_collapsed(out, vg_str((const char *)n->content));
		if (n->type == XML_ELEMENT_NODE && n->children != NULL &&
		    !is_unread(n->name)) {
			n = n->children;
			continue;
		}
		while (n->next == NULL) { /* up, to top at the latest */
			n = n->parent;
			if (n == top)
				return;
			add_break(out, n);
		}
		n = n->next;
	}
}

struct vg_str vg_tree_text(struct vg_tree *t, const struct vg_tree_node *node)
{
	struct vg_str text = {0};

	if (node->kind != VG_TREE_ELEMENT)
		return node->value;
	vg_buf_clear(&t->scratch);
	add_element_text(&t->scratch, node->xml);
	if (t->scratch.status == VG_OK)
		text =
		    vg_arena_str(t->doc->arena, vg_str_trim(vg_buf_str(&t->scratch)));
	return text;
}

struct vg_str vg_tree_attr(struct vg_tree *t, const struct vg_tree_node *node,
    const char *name, size_t *ret_start, size_t *ret_end)
{
	struct vg_str none = {0}, rest, value;
	struct vg_attr_source a;
	size_t start;

	if (node->kind != VG_TREE_ELEMENT)
		return none;
	rest = t->doc->elements[node->element].attrs;
	for (unsigned n = 0; n < VG_MAX_ATTRS && vg_attr_next(&rest, &a); n++) {
		if (!vg_str_ieqz(a.name, name))
			continue;
		vg_buf_clear(&t->scratch);
		vg_tree_decode(a.value, true, &t->scratch);
		value = t->scratch.status == VG_OK
			    ? vg_arena_str(t->doc->arena, vg_buf_str(&t->scratch))
			    : none;
		if (value.ptr == NULL)
			return none;
		start = (size_t)(a.value.ptr - t->doc->utf8.ptr);
		vg_doc_utf8_span(
		    t->doc, start, start + a.value.len, ret_start, ret_end);
		return value;
	}
	return none;
}

struct vg_str vg_tree_script(struct vg_tree *t, const struct vg_tree_node *node)
{
	return node->kind == VG_TREE_ELEMENT ? t->scripts[node->element]
					     : (struct vg_str){0};
}
