/* SPDX-License-Identifier: MIT */
/*
 * A tree of the page for CSS and XPath. It is built from the tokenizer's elements, so that every node
 * knows its document bytes. libxml2 gets a copy of it when an XPath is to be evaluated, and never
 * parses a hostile byte. `template` content is left out. One thread; everything lives in doc->arena.
 */
#ifndef VG_DOC_TREE_H
#define VG_DOC_TREE_H

#include "doc/doc.h"

struct vg_tree;

enum vg_tree_kind { VG_TREE_ELEMENT, VG_TREE_ATTRIBUTE, VG_TREE_TEXT };

struct vg_tree_node { /* read-only outside tree.c */
	enum vg_tree_kind kind;
	uint32_t element;    /* its index, or that of the owner or parent; VG_NONE */
	struct vg_str name;  /* of an element or attribute, lower case */
	struct vg_str value; /* of an attribute or text */
	size_t start, end;   /* document bytes, SIZE_MAX when not known */
	uint32_t node;       /* internal; 0: stands nowhere */
};

/* VG_E_NOMEM only. More than VG_MAX_TREE_NODES elements are left out. */
VG_WARN_UNUSED enum vg_status vg_tree_new(
    const struct vg_doc *doc, struct vg_tree **ret, struct vg_error *err);
/* The node of an element, always the same pointer; NULL when it is not in the tree. */
const struct vg_tree_node *vg_tree_element(struct vg_tree *t, uint32_t element);
/* The element around a node; NULL at the root. */
const struct vg_tree_node *vg_tree_parent(
    struct vg_tree *t, const struct vg_tree_node *node);

/*
 * Nodes that an XPath 1.0 expression selects from `context` (NULL: the document), in document
 * order; a string, number or boolean result is one text node without a span. All XPath selections of
 * a tree share VG_XPATH_STEPS steps, all CSS selections as many. VG_E_INVALID, VG_E_LIMIT, VG_E_NOMEM.
 */
VG_WARN_UNUSED enum vg_status vg_tree_xpath(struct vg_tree *t,
    const struct vg_tree_node *context, const char *xpath,
    const struct vg_tree_node *const **ret, size_t *ret_count, struct vg_error *err);
/* The same for a CSS selector; see doc/css.h. */
VG_WARN_UNUSED enum vg_status vg_tree_css(struct vg_tree *t,
    const struct vg_tree_node *context, const char *css,
    const struct vg_tree_node *const **ret, size_t *ret_count, struct vg_error *err);

/*
 * What a reader sees: white space (no-break spaces too) collapsed, ends trimmed, a space between
 * blocks; without script, style, template and noscript unless the node itself is one.
 * All elements' texts of a tree share VG_MAX_TREE_TEXT bytes. VG_E_LIMIT, VG_E_NOMEM.
 */
VG_WARN_UNUSED enum vg_status vg_tree_text(struct vg_tree *t,
    const struct vg_tree_node *node, struct vg_str *ret, struct vg_error *err);
/* An element's attribute, decoded, with the document bytes of its value; .ptr NULL: absent. */
struct vg_str vg_tree_attr(struct vg_tree *t, const struct vg_tree_node *node,
    const char *name, size_t *ret_start, size_t *ret_end);
/* The source of a script element as a slice of doc->utf8; .ptr NULL when it is no script. */
struct vg_str vg_tree_script(struct vg_tree *t, const struct vg_tree_node *node);

#endif
