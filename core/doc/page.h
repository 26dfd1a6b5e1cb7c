/* SPDX-License-Identifier: MIT */
/* The state of one reading, shared by the files that do it. Internal to doc/. */
#ifndef VG_DOC_PAGE_H
#define VG_DOC_PAGE_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "doc/convert.h"
#include "doc/doc.h"
#include "doc/tags.h"

/* While a page is read, every start and end counts in the UTF-8 text; vg_page_finish() maps them. */

/*
 * Bytes [text, next piece's text) of a flow come from [source, source + source_len) of the page's UTF-8.
 * Equal lengths: byte by byte. Else the whole piece stands for the whole source (a reference, white
 * space).
 */
struct vg_piece {
	uint32_t text, source, source_len;
};

/* Three runs of text grow side by side, so that what is hidden inside a word does not break it. */
enum vg_flow_kind {
	VG_FLOW_SEEN,
	VG_FLOW_UNSEEN, /* hidden, noscript, template */
	VG_FLOW_SIDE, /* attributes, comments, titles, script strings: opened and closed in one go */
	VG_FLOWS,
};
#define VG_FLOW_SHIFT                                                                  \
	30 /* a block's `map`: its flow above this bit, its first piece below */

/* What the text now appended belongs to. */
struct vg_text_place {
	enum vg_where where;
	uint32_t in, element;
};

struct vg_flow {
	struct vg_buf text;
	struct vg_vec pieces; /* struct vg_piece */
	bool open;
	uint32_t block;
	size_t
	    linear_end; /* source offset at which the last piece may simply go on, or SIZE_MAX */
	size_t space, space_len; /* white space not yet written; space_len 0: none */
};

/* An open element. */
struct vg_open {
	enum vg_tag tag;
	uint32_t element; /* VG_NONE past the limit */
	uint32_t block_element;
	uint32_t own_in, in;
	enum vg_where own_where, where; /* VG_WHERE_TEXT: nothing of its own */
	bool skip, own_skip;            /* its text is no text of the page */
	uint8_t foreign;                /* enum vg_foreign of its content */
	uint32_t link;                  /* whose text it is, or VG_NONE */
	enum vg_flow_kind link_flow;
	size_t link_text; /* where that begins in the flow */
	uint32_t link_block;
};

enum vg_foreign { VG_HTML, VG_SVG, VG_MATH };

/* An attribute as scanned: offsets into the UTF-8 text. */
struct vg_attr {
	enum vg_attr_id id;
	uint32_t name, name_len, value, value_len;
};

struct vg_tag_source {
	struct vg_str name;
	enum vg_tag tag;
	size_t start, end, attrs,
	    attrs_end; /* `<` to past `>`; what stands between name and `>` */
	bool self_closing;
};

#define VG_MAX_HIDING 256 /* hidden classes and ids a page may name */

struct vg_page {
	struct vg_arena *arena;
	struct vg_doc *doc;
	const char *s; /* the UTF-8 text */
	size_t len;
	struct vg_flow flows[VG_FLOWS];
	struct vg_vec blocks, elements, links, metas, jsons, attrs;
	uint64_t attrs_seen;                /* bit per enum vg_attr_id */
	uint16_t attr_at[VG_ATTR_COUNT];    /* where in `attrs`, valid when seen */
	struct vg_open stack[VG_MAX_DEPTH]; /* stack[0] is the document itself */
	size_t depth;
	size_t overflow; /* open elements beyond the stack */
	uint64_t hiding
	    [VG_MAX_HIDING]; /* hashes of ".class" and "#id" that a style sheet hides */
	size_t hiding_count;
	struct vg_str base; /* raw value of the first base element */
	bool seen_base, out_of_memory;
};

/* What a document is beside HTML. */
enum vg_page_kind {
	VG_PAGE_HTML,
	VG_PAGE_PLAIN,
	VG_PAGE_JSON,
	VG_PAGE_CSS,
	VG_PAGE_SCRIPT
};

static inline struct vg_open *vg_page_top(struct vg_page *p)
{
	return &p->stack[p->depth - 1];
}
static inline struct vg_str vg_page_sub(
    const struct vg_page *p, size_t start, size_t end)
{
	return (struct vg_str){p->s + start, end - start};
}
/* A limit or the end of memory: what was read so far stands. */
static inline void vg_page_cut(struct vg_page *p)
{
	p->doc->truncated = true;
}

/* text.c */
enum vg_text_rule {
	VG_TEXT_RAW,       /* no references */
	VG_TEXT_REFS,      /* references as in text */
	VG_TEXT_ATTRIBUTE, /* references as in attribute values */
	VG_TEXT_LINES,     /* as REFS; a newline ends the block */
	VG_TEXT_STRING,    /* escapes of a JSON or JavaScript string */
};
void vg_text_add(struct vg_page *p, enum vg_flow_kind kind,
    const struct vg_text_place *place, size_t start, size_t end,
    enum vg_text_rule rule);
void vg_text_end_block(struct vg_page *p, enum vg_flow_kind kind);
/* A block by itself in the side flow. Returns its index, or VG_NONE when it holds nothing. */
uint32_t vg_text_aside(struct vg_page *p, const struct vg_text_place *place,
    size_t start, size_t end, enum vg_text_rule rule);
/* Text of a block while flows still grow: valid until the next append. */
struct vg_str vg_text_of_block(const struct vg_page *p, const struct vg_block *b);
/* UTF-8 span behind bytes [start, end) of a block's text. */
void vg_text_source(const struct vg_flow flows[VG_FLOWS], const struct vg_block *b,
    size_t start, size_t end, size_t *ret_start, size_t *ret_end);

/* string.c: one escape of a string literal; returns the source bytes it takes, 0 when it is none */
size_t vg_string_escape(struct vg_str s, char ret[4], size_t *ret_len);
/* script.c: strings of a script, JSON or JavaScript, as blocks */
void vg_script_strings(struct vg_page *p, size_t start, size_t end,
    const struct vg_text_place *place, bool json);

/* open.c: the stack of open elements */
void vg_open_init(struct vg_page *p);
void vg_open_start(struct vg_page *p, const struct vg_tag_source *t);
void vg_open_end_tag(
    struct vg_page *p, enum vg_tag tag, struct vg_str name, size_t start, size_t end);
void vg_open_finish(struct vg_page *p);

/* attributes.c */
struct vg_str vg_attr_raw(
    const struct vg_page *p, enum vg_attr_id id); /* .ptr NULL: absent */
struct vg_str vg_attr_value(struct vg_page *p, enum vg_attr_id id); /* decoded */
/* Scans attributes from `at` to the end of the tag; returns past `>`, or SIZE_MAX at the end of the text. */
size_t vg_attrs_scan(struct vg_page *p, size_t at, struct vg_tag_source *t);
/* VG_IN_ bits that class, id, role and itemprop of the tag speak of. */
uint32_t vg_attrs_in(struct vg_page *p, enum vg_tag tag);
/* What the tag's attributes say and show: blocks, metas. */
void vg_attrs_text(struct vg_page *p, const struct vg_tag_source *t,
    const struct vg_text_place *place);

/* hide.c */
bool vg_hide_tag(struct vg_page *p); /* by the attributes just scanned */
void vg_hide_learn(struct vg_page *p, struct vg_str css); /* rules of a style sheet */

/* links.c */
void vg_links_tag(struct vg_page *p, const struct vg_tag_source *t, uint32_t element);
void vg_links_css(struct vg_page *p, size_t start, size_t end);
void vg_links_comment(struct vg_page *p, size_t start, size_t end);
void vg_links_script(struct vg_page *p, size_t start, size_t end);
void vg_links_doctype(struct vg_page *p, size_t start, size_t end);
void vg_links_block(struct vg_page *p, const struct vg_block *b);
void vg_links_resolve(struct vg_page *p);

/* parse.c */
void vg_page_parse(struct vg_page *p, enum vg_page_kind kind);

#endif
