/* SPDX-License-Identifier: MIT */
/* CSS selectors as read, for trees of HTML whose names are in lower case and in no namespace. */
#ifndef VG_DOC_CSS_H
#define VG_DOC_CSS_H

#include "base/arena.h"

#define VG_CSS_MAX 4096u /* bytes of a selector */

enum vg_css_kind {
	VG_CSS_ATTRIBUTE, /* name op value; op 0: it is there */
	VG_CSS_NEVER,     /* nothing can match */
	VG_CSS_NTH,       /* place among its siblings: a*n + b */
	VG_CSS_NOT,       /* none of list matches */
	VG_CSS_IS,        /* one of list matches */
	VG_CSS_HAS,       /* one of list, relative to it, matches something */
	VG_CSS_ONLY,      /* no sibling element */
	VG_CSS_EMPTY,     /* neither text nor element inside */
	VG_CSS_ROOT,      /* no parent element */
};

/* One condition on an element. */
struct vg_css_test {
	enum vg_css_kind kind;
	char op;            /* '=', '~', '|', '^', '$', '*' */
	bool fold;          /* ASCII case of the value does not matter */
	bool last, of_type; /* count from the end; only elements of its name */
	int a, b;
	struct vg_str name, value;
	const struct vg_css *list;
	const struct vg_css_test *next;
};

/* `div.a[b]`. */
struct vg_css_compound {
	char combinator;   /* before it: ' ', '>', '+', '~'; 0 on the first */
	struct vg_str tag; /* lower case; .ptr NULL: any */
	const struct vg_css_test *tests;
	uint64_t need; /* vg_css_bit() of what the tests ask for */
};

/* `a > b c`; alternatives are chained. */
struct vg_css {
	const struct vg_css_compound *at;
	size_t count; /* at least one */
	const struct vg_css *next;
};

/*
 * One bit of 64 for an attribute's name or a word of its class, whatever its case: an element without it
 * need not be looked at closer.
 */
uint64_t vg_css_bit(struct vg_str word);

/*
 * Reads a selector list (Selectors Level 3; of Level 4 :is(), :where(), :has(), :not() of a
 * list, and the `i` flag of attributes). It selects descendants of the context node; as in
 * querySelectorAll, ancestors named by the selector may lie above the context. Left out, with
 * VG_E_UNSUPPORTED: namespaces, pseudo-elements, states (:hover), *-of-type without a type.
 * VG_E_INVALID names the byte; VG_E_TOO_LARGE, VG_E_LIMIT, VG_E_NOMEM. The result is in `arena`.
 */
VG_WARN_UNUSED enum vg_status vg_css_read(struct vg_arena *arena, struct vg_str css,
    const struct vg_css **ret, struct vg_error *err);

#endif
