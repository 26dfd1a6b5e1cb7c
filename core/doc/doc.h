/* SPDX-License-Identifier: MIT */
/*
 * A page as a person sees it, with every byte accounted for: content-decoding, charset, then one
 * pass that gives text blocks, elements, links and page data. Offsets handed out are bytes of
 * the *document* (the payload after content-decoding, before charset conversion).
 */
#ifndef VG_DOC_DOC_H
#define VG_DOC_DOC_H

#include "base/arena.h"

#define VG_NONE UINT32_MAX /* no element */

/* What kind of place a text stood in; the `where` word of results. */
enum vg_where {
	VG_WHERE_TEXT,      /* running text of the page */
	VG_WHERE_TITLE,     /* <title> */
	VG_WHERE_META,      /* content of a meta element */
	VG_WHERE_ATTRIBUTE, /* alt, title, aria-label, placeholder, value of a button */
	VG_WHERE_SCRIPT,    /* a string of JSON or JavaScript state inside <script> */
	VG_WHERE_JSONLD,    /* a string inside application/ld+json */
	VG_WHERE_HIDDEN,    /* text that CSS, `hidden` or aria-hidden keeps from view */
	VG_WHERE_COMMENT,   /* <!-- --> */
	VG_WHERE_NOSCRIPT,  /* noscript and template content */
	VG_WHERE_URL,       /* the page's own address */
};

const char *vg_where_name(enum vg_where where);

/* What encloses a block: bits, all that apply. */
enum {
	VG_IN_LINK = 1 << 0,    /* a[href] */
	VG_IN_BUTTON = 1 << 1,  /* button, input type=submit */
	VG_IN_HEADING = 1 << 2, /* h1..h6 */
	VG_IN_LIST = 1 << 3,    /* li, dt, dd */
	VG_IN_TABLE = 1 << 4,   /* td, th */
	VG_IN_QUOTE = 1 << 5,   /* blockquote, q, cite */
	VG_IN_NAV = 1 << 6,     /* nav, header, breadcrumb by class or role */
	VG_IN_FOOTER = 1 << 7,  /* footer, or so by class or role */
	VG_IN_ASIDE = 1 << 8,   /* aside, sidebar by class or role */
	VG_IN_COMMENTS =
	    1 << 9, /* readers' comments and reviews by class, id or itemprop */
	VG_IN_DEL = 1 << 10, /* del, s, strike */
	VG_IN_FORM = 1 << 11,
	VG_IN_ARTICLE = 1 << 12, /* article, main */
	VG_IN_CODE = 1 << 13,    /* code, pre, kbd, samp */
	VG_IN_LABEL = 1 << 14,   /* label, legend, option */
};

/* An element in document order; a parent precedes its children. */
struct vg_element {
	struct vg_str name; /* lower case */
	struct vg_str
	    attrs; /* the source of the start tag after its name, UTF-8, undecoded */
	uint32_t parent; /* index, or VG_NONE */
	/* Its blocks are [first_block, end_block); an inline element counts the one it stands in. */
	uint32_t first_block, end_block;
	size_t start,
	    end; /* document bytes, from `<` of the start tag to the end of the end tag */
	bool hidden;
};

/*
 * One run of text that a reader takes in one piece: a paragraph, list item, cell, attribute.
 * Inline elements do not end a block; block elements and <br> do.
 */
struct vg_block {
	struct vg_str
	    text; /* UTF-8, references decoded, white space collapsed, ends trimmed */
	enum vg_where where;
	uint32_t in;      /* VG_IN_ bits that hold for all of its text */
	uint32_t element; /* index of the innermost block-level element, or VG_NONE */
	uint32_t map, map_len; /* internal: its pieces in the offset map */
};

struct vg_link {
	struct vg_str url; /* resolved and serialised; empty when it does not resolve */
	struct vg_str raw; /* as written, references decoded, trimmed */
	struct vg_str text; /* anchor text or alt, collapsed; may be empty */
	/* "a", "area", "img", …; "#text", "#script", "#comment", "#style" for one that stands there */
	const char *tag;
	const char *attr;  /* "href", "src", …; "" with the # ones */
	struct vg_str rel; /* rel attribute, lower case */
	uint32_t element;  /* index of its element, or VG_NONE */
	size_t start, end; /* document bytes of the value */
};

/* A <meta>, or a JSON text (ld+json, application/json) with its place. */
struct vg_meta {
	struct vg_str name,
	    content; /* name, property, http-equiv or itemprop, lower case; decoded */
	size_t start, end; /* document bytes of the content value */
};
struct vg_page_json {
	struct vg_str type; /* script type, lower case, without parameters */
	struct vg_str id;   /* id attribute */
	struct vg_str text; /* UTF-8 source of the script element */
	size_t utf8_start;  /* offset of text inside doc->utf8 */
	size_t start, end;  /* document bytes */
};

enum vg_charset_source {
	VG_CHARSET_BOM,
	VG_CHARSET_HEADER,
	VG_CHARSET_META,
	VG_CHARSET_GUESS,
	VG_CHARSET_DEFAULT,
};

const char *vg_charset_source_name(enum vg_charset_source source);

struct vg_doc_input {
	struct vg_str payload;          /* body after de-chunking, as received */
	struct vg_str content_type;     /* header value, may be empty */
	struct vg_str content_encoding; /* header value, may be empty */
	struct vg_str url; /* the page's own address, base of its links; may be empty */
	size_t max_document; /* bytes; 0 means VG_MAX_DOCUMENT */
};

struct vg_doc {
	struct vg_arena *arena;
	struct vg_str url, base; /* own address; base element applied */
	struct vg_str document;  /* decoded bytes: what start and end count in */
	struct vg_str utf8;      /* the same text in UTF-8 */
	struct vg_str charset;   /* WHATWG name, lower case */
	enum vg_charset_source charset_source;
	struct vg_str declared_lang; /* html lang attribute, may be empty */
	struct vg_str title;
	const struct vg_block *blocks;
	const struct vg_element *elements;
	const struct vg_link *links;
	const struct vg_meta *metas;
	const struct vg_page_json *jsons;
	size_t block_count, element_count, link_count, meta_count, json_count;
	bool truncated;         /* a limit was met: what is here is a beginning */
	struct vg_doc_map *map; /* internal */
};

/*
 * Opens what reading needs from the system (iconv modules), once a process: call it before a sandbox
 * closes; without one the first vg_doc_read() does it. VG_E_UNSUPPORTED names a missing converter.
 */
VG_WARN_UNUSED enum vg_status vg_doc_prepare(struct vg_error *err);

/*
 * Reads a page. Never fails because of what the page holds, save VG_E_TOO_LARGE when content-decoding
 * gives nothing usable and VG_E_INVALID for a body that is not in its declared encoding.
 * Everything lives in `arena`; `in` must outlive it.
 */
VG_WARN_UNUSED enum vg_status vg_doc_read(struct vg_arena *arena,
    const struct vg_doc_input *in, struct vg_doc **ret, struct vg_error *err);

/* Document bytes behind bytes [start, end) of a block's text. */
void vg_doc_block_span(const struct vg_doc *doc, const struct vg_block *block,
    size_t start, size_t end, size_t *ret_start, size_t *ret_end);
/* Document bytes behind bytes [start, end) of doc->utf8. */
void vg_doc_utf8_span(const struct vg_doc *doc, size_t start, size_t end,
    size_t *ret_start, size_t *ret_end);
/*
 * Value of an attribute of an element, references decoded; .ptr NULL when absent. `name` in lower
 * case.
 */
struct vg_str vg_doc_attr(const struct vg_doc *doc, uint32_t element, const char *name);

#endif
