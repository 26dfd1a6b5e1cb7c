/* SPDX-License-Identifier: MIT */
/*
 * The stack of open elements: as much of HTML's tree construction as decides which text belongs
 * together, what encloses it and whether it shows.
 */
#include "config.h"

#include "doc/page.h"

#include <string.h>

#include "base/size.h"
#define MAX_ELEMENTS ((size_t)400000)
#define MAX_KEPT 32 /* formatting elements that outlive the end of a block */
#define MAX_LINK_TEXT ((size_t)2048)

static struct vg_element *element_at(struct vg_page *p, uint32_t i)
{
	return i == VG_NONE ? NULL : vg_vec_at(&p->elements, i);
}

static bool has(enum vg_tag tag, unsigned flag)
{
	return vg_tags[tag].flags & flag;
}

/* Which foreign vocabulary the children of an element are in. */
static uint8_t foreign_inside(uint8_t around, enum vg_tag tag)
{
	if (tag == VG_TAG_SVG)
		return VG_SVG;
	if (tag == VG_TAG_MATH)
		return VG_MATH;
	switch (tag) {
	case VG_TAG_FOREIGNOBJECT:
	case VG_TAG_DESC:
	case VG_TAG_TITLE:
		return around == VG_SVG ? VG_HTML : around;
	case VG_TAG_MI:
	case VG_TAG_MO:
	case VG_TAG_MN:
	case VG_TAG_MS:
	case VG_TAG_MTEXT:
	case VG_TAG_ANNOTATION_XML:
		return VG_HTML;
	default:
		return around;
	}
}

/* Brings what an entry inherits up to date with the one below it. */
static void inherit(struct vg_open *e, const struct vg_open *below)
{
	e->in = below->in | e->own_in;
	e->skip = below->skip || e->own_skip;
	e->where = below->where != VG_WHERE_TEXT ? below->where : e->own_where;
	/* What is hidden inside noscript stays noscript. */
}

void vg_open_init(struct vg_page *p)
{
	p->stack[0] = (struct vg_open){.tag = VG_TAG_COUNT,
	    .element = VG_NONE,
	    .block_element = VG_NONE,
	    .link = VG_NONE};
	p->depth = 1;
}

/* Gathers the text between the start of a link and here. */
static void finish_link(struct vg_page *p, const struct vg_open *e)
{
	struct vg_flow *f = &p->flows[e->link_flow];
	struct vg_link *link = vg_vec_at(&p->links, e->link);
	struct vg_buf text = VG_BUF_INIT(MAX_LINK_TEXT);
	struct vg_str alt = {NULL, 0};

	for (size_t i = e->link_block; i < p->blocks.len && text.len < MAX_LINK_TEXT;
	     i++) {
		const struct vg_block *b = vg_vec_at(&p->blocks, i);
		size_t from, to;

		if (b->where == VG_WHERE_ATTRIBUTE && !alt.ptr)
			alt = vg_text_of_block(p, b);
		if (b->map >> VG_FLOW_SHIFT != e->link_flow)
			continue;
		from = (b->map & ((1u << VG_FLOW_SHIFT) - 1)) < f->pieces.len
			   ? ((struct vg_piece *)vg_vec_at(
				  &f->pieces, b->map & ((1u << VG_FLOW_SHIFT) - 1)))
				 ->text
			   : f->text.len;
		to = f->open && f->block == i ? f->text.len : from + b->text.len;
		if (from < e->link_text)
			from = e->link_text;
		if (to <= from)
			continue;
		if (text.len)
			vg_buf_addc(&text, ' ');
		vg_buf_adds(&text,
		    vg_str_sub(vg_buf_str(&f->text), from,
			from + vg_size_min(to - from, MAX_LINK_TEXT - text.len)));
	}
	link->text =
	    vg_arena_str(p->arena, text.len ? vg_str_trim(vg_buf_str(&text))
					    : vg_str_sub(alt, 0, MAX_LINK_TEXT));
	vg_buf_release(&text);
}

static void end_blocks(struct vg_page *p, enum vg_where where)
{
	/* What does not show does not part what does. */
	if (where == VG_WHERE_TEXT)
		vg_text_end_block(p, VG_FLOW_SEEN);
	vg_text_end_block(p, VG_FLOW_UNSEEN);
}

static void close_entry(struct vg_page *p, struct vg_open *e, size_t end)
{
	struct vg_element *element = element_at(p, e->element);

	if (e->link != VG_NONE)
		finish_link(p, e);
	if (!element)
		return;
	element->end = end;
	element->end_block = (uint32_t)p->blocks.len;
}

/*
 * Takes entry `i` off the stack. Of those above it, all stay when a formatting element ends, only
 * formatting ones when something else does (HTML standard: the adoption agency and the list of active
 * formatting elements, seen from the text), none at the end of a cell.
 */
static void close_at(struct vg_page *p, size_t i, size_t start, size_t end)
{
	enum vg_tag tag = p->stack[i].tag;
	bool keep_all = has(tag, VG_TAG_FORMAT), keep_none = has(tag, VG_TAG_SCOPE);
	bool blocks = has(tag, VG_TAG_BLOCK);
	size_t to = i, kept = 0;

	for (size_t k = i + 1; k < p->depth && !keep_all; k++)
		blocks |= has(p->stack[k].tag, VG_TAG_BLOCK);
	if (blocks)
		end_blocks(p, p->stack[i].where);
	else if (p->stack[i].own_where != VG_WHERE_TEXT)
		vg_text_end_block(p, VG_FLOW_UNSEEN);
	for (size_t k = p->depth - 1; k > i; k--) {
		struct vg_open *e = &p->stack[k];
		bool keep = keep_all || (!keep_none && has(e->tag, VG_TAG_FORMAT) &&
					    kept < MAX_KEPT);

		kept += keep;
		if (!keep) {
			close_entry(p, e, start);
			e->tag = VG_TAG_COUNT;
			e->element = VG_NONE;
			e->block_element = VG_NONE - 1; /* marks it for removal below */
		}
	}
	close_entry(p, &p->stack[i], end);
	for (size_t k = i + 1; k < p->depth; k++) {
		if (p->stack[k].block_element == VG_NONE - 1)
			continue;
		p->stack[to] = p->stack[k];
		if (!has(p->stack[to].tag, VG_TAG_BLOCK))
			p->stack[to].block_element = p->stack[to - 1].block_element;
		inherit(&p->stack[to], &p->stack[to - 1]);
		to++;
	}
	p->depth = to;
	p->overflow = 0;
}

/* Index of the innermost open `tag`, or 0; elements for which `stops` says so end the search. */
static size_t find_open(const struct vg_page *p, enum vg_tag tag,
    bool (*stops)(enum vg_tag wanted, enum vg_tag met))
{
	for (size_t i = p->depth - 1; i > 0; i--) {
		if (p->stack[i].tag == tag)
			return i;
		if (stops(tag, p->stack[i].tag))
			return 0;
	}
	return 0;
}

static bool stops_at_scope(enum vg_tag wanted, enum vg_tag met)
{
	(void)wanted;
	return has(met, VG_TAG_SCOPE);
}

static bool stops_never(enum vg_tag wanted, enum vg_tag met)
{
	return wanted != VG_TAG_TEMPLATE && met == VG_TAG_TEMPLATE;
}

/* Table parts are found through anything but their table. */
static bool stops_at_table(enum vg_tag wanted, enum vg_tag met)
{
	(void)wanted;
	return met == VG_TAG_TABLE || met == VG_TAG_TEMPLATE || met == VG_TAG_HTML;
}

static bool stops_at_item(enum vg_tag wanted, enum vg_tag met)
{
	(void)wanted;
	return has(met, VG_TAG_BLOCK | VG_TAG_SCOPE) && met != VG_TAG_DIV &&
	       met != VG_TAG_ADDRESS && met != VG_TAG_P;
}

static bool stops_at_block(enum vg_tag wanted, enum vg_tag met)
{
	(void)wanted;
	return has(met, VG_TAG_BLOCK | VG_TAG_SCOPE);
}

static bool is_table_part(enum vg_tag tag)
{
	return tag == VG_TAG_TD || tag == VG_TAG_TH || tag == VG_TAG_TR ||
	       tag == VG_TAG_TBODY || tag == VG_TAG_THEAD || tag == VG_TAG_TFOOT ||
	       tag == VG_TAG_CAPTION || tag == VG_TAG_TABLE;
}

static void close_if(struct vg_page *p, enum vg_tag tag,
    bool (*stops)(enum vg_tag, enum vg_tag), size_t at)
{
	size_t i = find_open(p, tag, stops);

	if (i)
		close_at(p, i, at, at);
}

/* Ends that a start tag implies. */
static void imply_ends(struct vg_page *p, enum vg_tag tag, size_t at)
{
	/* A row ends what comes after the three kinds of section. */
	static const enum vg_tag parts[] = {VG_TAG_TBODY, VG_TAG_THEAD, VG_TAG_TFOOT,
	    VG_TAG_TR, VG_TAG_CAPTION, VG_TAG_TD, VG_TAG_TH};

	switch (tag) {
	case VG_TAG_LI:
		close_if(p, VG_TAG_LI, stops_at_item, at);
		break;
	case VG_TAG_DT:
	case VG_TAG_DD:
		close_if(p, VG_TAG_DT, stops_at_item, at);
		close_if(p, VG_TAG_DD, stops_at_item, at);
		break;
	case VG_TAG_OPTGROUP:
		close_if(p, VG_TAG_OPTION, stops_at_block, at);
		close_if(p, VG_TAG_OPTGROUP, stops_at_block, at);
		break;
	case VG_TAG_TBODY:
	case VG_TAG_THEAD:
	case VG_TAG_TFOOT:
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
			close_if(p, parts[i], stops_at_table, at);
		break;
	case VG_TAG_TR:
		for (size_t i = 3; i < sizeof(parts) / sizeof(*parts); i++)
			close_if(p, parts[i], stops_at_table, at);
		break;
	case VG_TAG_TD:
	case VG_TAG_TH:
		close_if(p, VG_TAG_TD, stops_at_table, at);
		close_if(p, VG_TAG_TH, stops_at_table, at);
		break;
	case VG_TAG_A:
	case VG_TAG_NOBR:
	case VG_TAG_BUTTON:
		close_if(
		    p, tag, tag == VG_TAG_BUTTON ? stops_at_table : stops_at_scope, at);
		break;
	case VG_TAG_OPTION:
		close_if(p, VG_TAG_OPTION, stops_at_block, at);
		break;
	default:
		break;
	}
	if (has(tag, VG_TAG_CLOSES_P))
		close_if(p, VG_TAG_P, stops_at_scope, at);
}

/* HTML inside svg or math ends it. */
static void break_out(struct vg_page *p, size_t at)
{
	size_t i = p->depth - 1;

	while (i > 0 && p->stack[i].foreign != VG_HTML)
		i--;
	if (i + 1 < p->depth)
		close_at(p, i + 1, at, at);
}

static enum vg_where own_where(
    struct vg_page *p, const struct vg_tag_source *t, uint8_t foreign)
{
	if (t->tag == VG_TAG_NOSCRIPT || t->tag == VG_TAG_TEMPLATE)
		return VG_WHERE_NOSCRIPT;
	if (foreign == VG_SVG && t->tag == VG_TAG_TITLE)
		return VG_WHERE_ATTRIBUTE;
	return vg_hide_tag(p) ? VG_WHERE_HIDDEN : VG_WHERE_TEXT;
}

static uint32_t push_element(
    struct vg_page *p, const struct vg_tag_source *t, bool hidden)
{
	struct vg_flow *f = &p->flows[VG_FLOW_SEEN];
	struct vg_element *e =
	    p->elements.len < MAX_ELEMENTS ? vg_vec_push(&p->elements) : NULL;

	if (!e) {
		vg_page_cut(p);
		return VG_NONE;
	}
	if (t->tag != VG_TAG_COUNT) {
		e->name = vg_str(vg_tags[t->tag].name);
	} else {
		char *copy;

		e->name = vg_arena_str(p->arena, t->name);
		memcpy(&copy, &e->name.ptr, sizeof(copy)); /* our own copy */
		for (size_t i = 0; copy && i < e->name.len; i++)
			copy[i] = vg_lower(copy[i]);
	}
	e->attrs = vg_page_sub(p, t->attrs, t->attrs_end);
	e->parent = vg_page_top(p)->element;
	e->first_block = f->open ? f->block : (uint32_t)p->blocks.len;
	e->end_block = (uint32_t)p->blocks.len;
	e->start = t->start;
	e->end = t->end;
	e->hidden = hidden;
	return (uint32_t)(p->elements.len - 1);
}

static void begin_link(struct vg_page *p, struct vg_open *e, size_t first)
{
	const struct vg_flow *f;

	if (e->tag != VG_TAG_A)
		return;
	for (size_t i = first; i < p->links.len && e->link == VG_NONE; i++)
		if (!strcmp(((struct vg_link *)vg_vec_at(&p->links, i))->attr, "href"))
			e->link = (uint32_t)i;
	e->link_flow = e->where == VG_WHERE_TEXT ? VG_FLOW_SEEN : VG_FLOW_UNSEEN;
	f = &p->flows[e->link_flow];
	e->link_text = f->text.len;
	e->link_block = f->open ? f->block : (uint32_t)p->blocks.len;
}

void vg_open_start(struct vg_page *p, const struct vg_tag_source *t)
{
	struct vg_open e = {.tag = t->tag, .link = VG_NONE};
	struct vg_text_place place;
	size_t links_before;
	bool block, empty;

	if (vg_page_top(p)->foreign != VG_HTML && has(t->tag, VG_TAG_BREAKS_OUT))
		break_out(p, t->start);
	e.foreign = vg_page_top(p)->foreign;
	if (e.foreign == VG_HTML)
		imply_ends(p, t->tag, t->start);
	block = has(t->tag, VG_TAG_BLOCK) && e.foreign == VG_HTML;
	empty = e.foreign == VG_HTML ? has(t->tag, VG_TAG_VOID) : t->self_closing;
	e.own_where = own_where(p, t, e.foreign);
	e.own_skip =
	    e.foreign != VG_HTML && (t->tag == VG_TAG_STYLE || t->tag == VG_TAG_SCRIPT);
	e.own_in = vg_attrs_in(p, t->tag);
	inherit(&e, vg_page_top(p));
	if (block)
		end_blocks(p, e.where);
	else if (e.own_where != VG_WHERE_TEXT)
		vg_text_end_block(p, VG_FLOW_UNSEEN);
	e.element = push_element(p, t, e.where == VG_WHERE_HIDDEN);
	e.block_element =
	    block && e.element != VG_NONE ? e.element : vg_page_top(p)->block_element;
	place = (struct vg_text_place){e.where, e.in, e.block_element};
	vg_attrs_text(p, t, &place);
	links_before = p->links.len;
	vg_links_tag(p, t, e.element);
	begin_link(p, &e, links_before);
	if (empty) {
		if (e.link != VG_NONE)
			finish_link(p, &e);
		if (block)
			end_blocks(p, e.where);
		return;
	}
	e.foreign = foreign_inside(e.foreign, t->tag);
	if (p->depth < VG_MAX_DEPTH)
		p->stack[p->depth++] = e;
	else
		p->overflow++;
}

void vg_open_end_tag(
    struct vg_page *p, enum vg_tag tag, struct vg_str name, size_t start, size_t end)
{
	size_t i;

	if (tag == VG_TAG_BR ||
	    (tag == VG_TAG_P && !find_open(p, tag, stops_at_scope))) {
		end_blocks(p, vg_page_top(p)->where);
		return;
	}
	if (p->overflow) {
		p->overflow--;
		if (has(tag, VG_TAG_BLOCK))
			end_blocks(p, vg_page_top(p)->where);
		return;
	}
	if (tag == VG_TAG_BODY || tag == VG_TAG_HTML || has(tag, VG_TAG_VOID))
		return; /* text after </html> is text of the body */
	if (tag == VG_TAG_COUNT) {
		for (i = p->depth - 1; i > 0; i--) {
			const struct vg_element *e;

			if (has(p->stack[i].tag, VG_TAG_BLOCK | VG_TAG_SCOPE))
				return;
			e = p->stack[i].tag == tag ? element_at(p, p->stack[i].element)
						   : NULL;
			if (e && vg_str_ieq(e->name, name))
				break;
		}
	} else if (tag == VG_TAG_TABLE || tag == VG_TAG_TEMPLATE) {
		i = find_open(p, tag, stops_never);
	} else if (is_table_part(tag)) {
		i = find_open(p, tag, stops_at_table);
	} else if (vg_tags[tag].name[0] == 'h' && vg_is_digit(vg_tags[tag].name[1])) {
		/* Any heading's end tag ends the open heading. */
		for (i = p->depth - 1; i > 0; i--) {
			enum vg_tag open = p->stack[i].tag;

			if (has(open, VG_TAG_SCOPE))
				return;
			if (open >= VG_TAG_H1 && open <= VG_TAG_H6)
				break;
		}
	} else if (has(tag, VG_TAG_BLOCK | VG_TAG_FORMAT) || tag == VG_TAG_A) {
		i = p->depth - 1;
		if (p->stack[i].tag != tag)
			i = has(p->stack[i].tag, VG_TAG_SCOPE)
				? 0
				: find_open(p, tag, stops_at_scope);
	} else {
		i = find_open(p, tag, stops_at_block);
	}
	if (i)
		close_at(p, i, start, end);
}

void vg_open_finish(struct vg_page *p)
{
	vg_text_end_block(p, VG_FLOW_SEEN);
	vg_text_end_block(p, VG_FLOW_UNSEEN);
	while (p->depth > 1)
		close_entry(p, &p->stack[--p->depth], p->len);
}
