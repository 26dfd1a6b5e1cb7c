/* SPDX-License-Identifier: MIT */
/* Shared by the builder and the reader of the tree. */
#ifndef VG_DOC_TREE_PRIV_H
#define VG_DOC_TREE_PRIV_H

#include <libxml/tree.h>
#include <libxml/xpath.h>

#include "base/buf.h"
#include "doc/tree.h"

#define VG_TREE_SELECTORS 64u /* compiled selections kept; a power of two */

/* A selection as compiled: plugins ask the same of every card of a page. */
struct vg_tree_selector {
	struct vg_str text;
	bool css;
	xmlXPathCompExpr *compiled; /* NULL: free */
};

struct vg_tree {
	const struct vg_doc *doc;
	xmlDoc *xml;
	xmlXPathContext *xpath;
	xmlNode **nodes;               /* per element, NULL when left out */
	struct vg_tree_node **handles; /* per element, made when asked for */
	struct vg_str *scripts;        /* per element, slices of doc->utf8 */
	size_t count;                  /* elements taken */
	struct vg_buf scratch;
	struct vg_tree_selector selectors[VG_TREE_SELECTORS]; /* by hash of the text */
};

/* An attribute of a start tag's source; both are slices of it, undecoded. */
struct vg_attr_source {
	struct vg_str name, value;
};

/* Takes the next attribute off *rest (vg_element.attrs); false at the end. */
bool vg_attr_next(struct vg_str *rest, struct vg_attr_source *ret);
/* Appends `s` with character references decoded, without NUL bytes. */
void vg_tree_decode(struct vg_str s, bool attribute, struct vg_buf *out);
/* Fills t->xml. False when out of memory. */
bool vg_tree_fill(struct vg_tree *t);

#endif
