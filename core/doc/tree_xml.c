/* SPDX-License-Identifier: MIT */
/* XPath: a copy of the tree for libxml2, made when one is first asked for. */
#include "config.h"

#include "doc/tree_xml.h"

#include <string.h>

#include <libxml/HTMLtree.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "base/limits.h"

/* libxml2's own nodes carry the index of ours in _private. */
struct vg_tree_xml {
	xmlDoc *doc;
	xmlXPathContext *xpath;
	xmlNode **nodes; /* per node of ours; NULL for pieces of texts */
	struct {
		struct vg_str text;
		xmlXPathCompExpr *compiled; /* NULL: free */
	} compiled[VG_TREE_SELECTORS];      /* by hash of the text */
};

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

static void free_xml(void *ctx)
{
	struct vg_tree_xml *x = ctx;

	for (size_t i = 0; i < VG_TREE_SELECTORS; i++)
		xmlXPathFreeCompExpr(x->compiled[i].compiled);
	xmlXPathFreeContext(x->xpath);
	xmlFreeDoc(x->doc);
}

static bool copy_attributes(struct vg_tree *t, struct vg_tree_item *n, xmlNode *node)
{
	const struct vg_tree_attribute *a = vg_tree_attributes(t, n);

	for (; a != NULL; a = a->next) {
		struct vg_str value = vg_arena_str(t->doc->arena, a->value);
		char *name = vg_arena_alloc(t->doc->arena, a->name.len + 1);
		bool twice = false;

		if (name == NULL || value.ptr == NULL)
			return false;
		for (size_t i = 0; i < a->name.len; i++)
			name[i] = vg_lower(a->name.ptr[i]);
		for (xmlAttr *p = node->properties; p != NULL && !twice; p = p->next)
			twice = strcmp((const char *)p->name, name) == 0;
		if (!twice && xmlNewNsProp(node, NULL, (const xmlChar *)name,
				  (const xmlChar *)value.ptr) == NULL)
			return false;
	}
	return true;
}

static bool copy_node(struct vg_tree *t, uint32_t at)
{
	struct vg_tree_item *n = vg_tree_item(t, at);
	struct vg_tree_xml *x = t->xml;
	xmlNode *node, *under = x->nodes[n->parent];

	if (vg_tree_is_element(n)) {
		struct vg_str name =
		    vg_arena_str(t->doc->arena, t->doc->elements[n->element].name);

		if (name.ptr == NULL)
			return false;
		node = xmlNewDocNode(x->doc, NULL, (const xmlChar *)name.ptr, NULL);
	} else {
		struct vg_str value = vg_tree_value(t, n);

		if (value.ptr == NULL || value.len > INT32_MAX)
			return false;
		node = xmlNewDocTextLen(
		    x->doc, (const xmlChar *)value.ptr, (int)value.len);
	}
	if (node == NULL)
		return false;
	node->_private = (void *)(uintptr_t)at;
	x->nodes[at] = node;
	if (xmlAddChild(under, node) == NULL) {
		xmlFreeNode(node);
		return false;
	}
	return !vg_tree_is_element(n) || copy_attributes(t, n, node);
}

static enum vg_status open_xml(struct vg_tree *t, struct vg_error *err)
{
	struct vg_arena *a = t->doc->arena;
	struct vg_tree_xml *x;

	if (t->xml != NULL)
		return VG_OK;
	if (t->xml_failed)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	t->xml_failed = true; /* until it is whole */
	x = vg_arena_alloc(a, sizeof(*x));
	if (x == NULL || vg_arena_defer(a, free_xml, x) != VG_OK)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	xmlSetGenericErrorFunc(NULL, ignore_message);
	x->nodes = vg_arena_array(a, t->nodes.len, sizeof(xmlNode *));
	x->doc = htmlNewDocNoDtD(NULL, NULL);
	if (x->nodes == NULL || x->doc == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	x->nodes[0] = (xmlNode *)x->doc;
	x->xpath = xmlXPathNewContext(x->doc);
	if (x->xpath == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	t->xml = x;
	for (uint32_t at = 0; (at = vg_tree_after(t, 0, at)) != 0;)
		if (!copy_node(t, at)) {
			t->xml = NULL;
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		}
	x->xpath->error = ignore_error;
	x->xpath->opLimit = VG_XPATH_STEPS;
	t->xml_failed = false;
	return VG_OK;
}

static const struct vg_tree_node *wrap(struct vg_tree *t, const xmlNode *node)
{
	struct vg_tree_node *n;

	if (node->type != XML_ATTRIBUTE_NODE)
		return vg_tree_wrap(t, (uint32_t)(uintptr_t)node->_private);
	n = vg_tree_loose(t, VG_TREE_ATTRIBUTE);
	if (n == NULL)
		return NULL;
	n->node = (uint32_t)(uintptr_t)node->parent->_private;
	n->element = vg_tree_item(t, n->node)->element;
	n->name = vg_str((const char *)node->name);
	n->value = vg_tree_attr(
	    t, vg_tree_element(t, n->element), n->name.ptr, &n->start, &n->end);
	return n->value.ptr != NULL ? n : NULL;
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
	struct vg_tree_node *n = vg_tree_loose(t, VG_TREE_TEXT);
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

/* The compiled expression, from an earlier call when there was one. */
static enum vg_status compile(struct vg_tree *t, const char *expression,
    xmlXPathCompExpr **ret, struct vg_error *err)
{
	struct vg_str text = vg_str(expression);
	size_t slot = vg_str_hash(text) & (VG_TREE_SELECTORS - 1);
	struct vg_tree_xml *x = t->xml;

	if (x->compiled[slot].compiled == NULL ||
	    !vg_str_eq(x->compiled[slot].text, text)) {
		xmlXPathCompExpr *compiled;

		text = vg_arena_str(t->doc->arena, text);
		if (text.ptr == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		compiled = xmlXPathCtxtCompile(x->xpath, (const xmlChar *)text.ptr);
		if (compiled == NULL)
			return vg_fail(
			    err, VG_E_INVALID, "no XPath: %.200s", expression);
		xmlXPathFreeCompExpr(x->compiled[slot].compiled);
		x->compiled[slot].text = text;
		x->compiled[slot].compiled = compiled;
	}
	*ret = x->compiled[slot].compiled;
	return VG_OK;
}

enum vg_status vg_tree_xml_select(struct vg_tree *t, uint32_t context,
    const char *expression, const struct vg_tree_node *const **ret, size_t *ret_count,
    struct vg_error *err)
{
	xmlXPathCompExpr *compiled = NULL;
	xmlXPathObject *object = NULL;
	enum vg_status st = open_xml(t, err);

	if (st == VG_OK)
		st = compile(t, expression, &compiled, err);
	if (st != VG_OK)
		return st;
	t->xml->xpath->node = t->xml->nodes[context];
	object = xmlXPathCompiledEval(compiled, t->xml->xpath);
	if (object == NULL)
		return t->xml->xpath->opCount >= t->xml->xpath->opLimit
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
