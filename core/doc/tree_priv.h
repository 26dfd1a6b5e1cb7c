/* SPDX-License-Identifier: MIT */
/* Shared by the builder, the selectors and the reader of the tree. */
#ifndef VG_DOC_TREE_PRIV_H
#define VG_DOC_TREE_PRIV_H

#include "base/buf.h"
#include "base/vec.h"
#include "doc/css.h"
#include "doc/tags.h"
#include "doc/tree.h"

#define VG_TREE_SELECTORS 64u /* compiled selections kept; a power of two */

/* A selector as compiled: plugins ask the same of every card of a page. */
struct vg_tree_selector {
	struct vg_str text; /* .ptr NULL: free */
	const struct vg_css *css;
};

/* An attribute of a start tag's source; both are slices of it, undecoded. */
struct vg_attr_source {
	struct vg_str name, value;
};

/* The same, read: the first of its name, in the order of the source. */
struct vg_tree_attribute {
	const struct vg_tree_attribute *next;
	struct vg_str name;       /* as written */
	struct vg_str raw, value; /* undecoded, decoded */
};

/* Links are indices of vg_tree.nodes; 0, the document, stands for none. */
struct vg_tree_item {
	uint32_t parent, previous, next, first, last;
	uint32_t element; /* of an element: its index; else VG_NONE */
	/* of an element */
	uint16_t tag; /* enum vg_tag */
	bool has_attributes;
	const struct vg_tree_attribute *attributes; /* once has_attributes is set */
	uint64_t have; /* with them: vg_css_bit() of their names and of its classes */
	/* of a text */
	bool raw;             /* nothing to decode: a script, a style */
	struct vg_str source; /* slice of doc->utf8 */
	uint32_t more, tail; /* next and last piece: markup between them left no node */
	struct vg_str value; /* decoded when asked for; .ptr NULL: not yet */
};

struct vg_tree_xml; /* what libxml2 holds; tree_xml.c */

struct vg_tree {
	const struct vg_doc *doc;
	struct vg_vec nodes; /* struct vg_tree_item, parents first; 0 is the document */
	uint32_t *of_element;          /* per element its node; 0: left out */
	struct vg_tree_node **handles; /* per element, made when asked for */
	struct vg_str *scripts;        /* per element, slices of doc->utf8 */
	size_t count;                  /* elements taken */
	uint32_t steps;                /* of VG_XPATH_STEPS, used by selectors */
	size_t text_left;              /* of VG_MAX_TREE_TEXT bytes of elements' text */
	struct vg_buf scratch, text;   /* for decoding; for reading elements */
	struct vg_tree_xml *xml;       /* made for the first XPath */
	bool xml_failed;               /* it could not be made */
	struct vg_tree_selector selectors[VG_TREE_SELECTORS]; /* by hash of the text */
};

static inline struct vg_tree_item *vg_tree_item(const struct vg_tree *t, uint32_t i)
{
	return (struct vg_tree_item *)t->nodes.items + i;
}
static inline bool vg_tree_is_element(const struct vg_tree_item *n)
{
	return n->element != VG_NONE;
}
/* The node behind `at` in document order, not leaving `top`; 0 at the end. */
static inline uint32_t vg_tree_after(const struct vg_tree *t, uint32_t top, uint32_t at)
{
	uint32_t down = vg_tree_item(t, at)->first;

	while (down == 0 && at != top) {
		down = vg_tree_item(t, at)->next;
		at = vg_tree_item(t, at)->parent;
	}
	return down;
}

/* Takes the next attribute off *rest (vg_element.attrs); false at the end. */
bool vg_attr_next(struct vg_str *rest, struct vg_attr_source *ret);
/* `s` with character references decoded, without NUL bytes; itself when there is nothing to do. */
struct vg_str vg_tree_decode(struct vg_tree *t, struct vg_str s, bool attribute);
/* Fills t->nodes. False when out of memory. */
bool vg_tree_fill(struct vg_tree *t);
/* Attributes of an element; NULL: none, or out of memory. */
const struct vg_tree_attribute *vg_tree_attributes(
    struct vg_tree *t, struct vg_tree_item *n);
/* The value of a text; .ptr NULL when out of memory. */
struct vg_str vg_tree_value(struct vg_tree *t, struct vg_tree_item *n);
/* A handle of node `i`. NULL when out of memory. */
const struct vg_tree_node *vg_tree_wrap(struct vg_tree *t, uint32_t i);
/* A text node that stands nowhere; value empty. */
struct vg_tree_node *vg_tree_loose(struct vg_tree *t, enum vg_tree_kind kind);

/* css_match.c: elements below `top` (0: all) that a selector selects, pushed as uint32_t. */
VG_WARN_UNUSED enum vg_status vg_css_select(struct vg_tree *t, const struct vg_css *css,
    uint32_t top, struct vg_vec *out, struct vg_error *err);

#endif
