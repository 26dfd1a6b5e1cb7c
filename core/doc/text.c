/* SPDX-License-Identifier: MIT */
/* Growing blocks of text: references decoded, white space collapsed, every byte traced to its source. */
#include "config.h"

#include "doc/page.h"

#include <string.h>

#include "doc/references.h"

#define MAX_PIECES ((size_t)4 << 20)

/* Bytes that need a decision; all others are copied as they come. */
static const uint8_t special[256] = {['\0'] = 1,
    ['\t'] = 1,
    ['\n'] = 1,
    ['\v'] = 1,
    ['\f'] = 1,
    ['\r'] = 1,
    [' '] = 1,
    ['&'] = 1,
    ['\\'] = 1};

static bool open_block(struct vg_page *p, struct vg_flow *f, enum vg_flow_kind kind,
    const struct vg_text_place *place)
{
	struct vg_block *b = vg_vec_push(&p->blocks);

	if (!b) {
		vg_page_cut(p);
		return false;
	}
	f->open = true;
	f->block = (uint32_t)(p->blocks.len - 1);
	f->linear_end = SIZE_MAX;
	f->space_len = 0;
	b->where = place->where;
	b->in = UINT32_MAX;
	b->element = place->element;
	b->map = (uint32_t)kind << VG_FLOW_SHIFT | (uint32_t)f->pieces.len;
	return true;
}

static bool add_piece(
    struct vg_page *p, struct vg_flow *f, size_t source, size_t source_len)
{
	struct vg_piece *piece =
	    f->pieces.len < MAX_PIECES ? vg_vec_push(&f->pieces) : NULL;

	if (!piece) {
		vg_page_cut(p);
		return false;
	}
	*piece = (struct vg_piece){
	    (uint32_t)f->text.len, (uint32_t)source, (uint32_t)source_len};
	return true;
}

/* `len` bytes that stand in the text as they stand in the source, in other letters at most. */
static void add_linear(
    struct vg_page *p, struct vg_flow *f, const char *bytes, size_t source, size_t len)
{
	if (f->linear_end == source) {
		struct vg_piece *last = vg_vec_at(&f->pieces, f->pieces.len - 1);

		last->source_len += (uint32_t)len;
	} else if (!add_piece(p, f, source, len)) {
		return;
	}
	vg_buf_add(&f->text, bytes, len);
	f->linear_end = source + len;
}

/* Other bytes than the source's. */
static void add_whole(struct vg_page *p, struct vg_flow *f, struct vg_str bytes,
    size_t source, size_t source_len)
{
	if (!add_piece(p, f, source, source_len))
		return;
	vg_buf_adds(&f->text, bytes);
	f->linear_end = SIZE_MAX;
}

/* Opens a block if there is none and writes the space that is due. False: nothing more fits. */
static bool before_ink(
    struct vg_page *p, enum vg_flow_kind kind, const struct vg_text_place *place)
{
	struct vg_flow *f = &p->flows[kind];
	struct vg_block *b;

	if (f->open &&
	    ((struct vg_block *)p->blocks.items)[f->block].where != place->where)
		vg_text_end_block(p, kind);
	if (!f->open && !open_block(p, f, kind, place))
		return false;
	if (f->space_len == 1)
		add_linear(p, f, " ", f->space, 1);
	else if (f->space_len)
		add_whole(p, f, VG_STR(" "), f->space, f->space_len);
	f->space_len = 0;
	b = vg_vec_at(&p->blocks, f->block);
	b->in &= place->in;
	return true;
}

static void add_space(struct vg_flow *f, size_t source, size_t len)
{
	if (!f->open)
		return;
	if (!f->space_len)
		f->space = source;
	if (f->space + f->space_len == source || !f->space_len)
		f->space_len += len;
}

/* The run of plain bytes at `i`, with single spaces between words in it. */
static size_t plain_run(const char *s, size_t i, size_t end)
{
	for (;;) {
		while (i < end && !special[(unsigned char)s[i]])
			i++;
		if (end - i < 2 || s[i] != ' ' || special[(unsigned char)s[i + 1]])
			return i;
		i += 2;
	}
}

/* A byte or more that are not plain; returns how many. */
static size_t add_special(struct vg_page *p, enum vg_flow_kind kind,
    const struct vg_text_place *place, struct vg_str rest, enum vg_text_rule rule)
{
	size_t at = (size_t)(rest.ptr - p->s), used = 0, made = 0;
	struct vg_flow *f = &p->flows[kind];
	char text[VG_REFERENCE_MAX];

	if (vg_is_space(rest.ptr[0])) {
		for (used = 1; used < rest.len && vg_is_space(rest.ptr[used]);)
			used++;
		if (rule == VG_TEXT_LINES &&
		    (memchr(rest.ptr, '\n', used) || memchr(rest.ptr, '\r', used)))
			vg_text_end_block(p, kind);
		else
			add_space(f, at, used);
		return used;
	}
	if (!rest.ptr[0])
		return 1;
	if (rest.ptr[0] == '&' && rule != VG_TEXT_RAW && rule != VG_TEXT_STRING)
		used = vg_reference(rest, rule == VG_TEXT_ATTRIBUTE, text, &made);
	else if (rest.ptr[0] == '\\' && rule == VG_TEXT_STRING)
		used = vg_string_escape(rest, text, &made);
	if (!used) {
		if (before_ink(p, kind, place))
			add_linear(p, f, rest.ptr, at, 1);
		return 1;
	}
	if (made == 1 && vg_is_space(text[0]))
		add_space(f, at, used);
	else if (made && before_ink(p, kind, place))
		add_whole(p, f, (struct vg_str){text, made}, at, used);
	return used;
}

void vg_text_add(struct vg_page *p, enum vg_flow_kind kind,
    const struct vg_text_place *place, size_t start, size_t end, enum vg_text_rule rule)
{
	struct vg_flow *f = &p->flows[kind];
	size_t i = start;

	while (i < end) {
		size_t run = plain_run(p->s, i, end);

		if (p->s[i] == ' ')
			run = i; /* leading white space is not plain */
		if (run > i) {
			if (before_ink(p, kind, place))
				add_linear(p, f, p->s + i, i, run - i);
			i = run;
		} else {
			i += add_special(p, kind, place, vg_page_sub(p, i, end), rule);
		}
	}
}

void vg_text_end_block(struct vg_page *p, enum vg_flow_kind kind)
{
	struct vg_flow *f = &p->flows[kind];
	struct vg_block *b;
	size_t first;

	if (!f->open)
		return;
	f->open = false;
	f->space_len = 0;
	b = vg_vec_at(&p->blocks, f->block);
	first = b->map & ((1u << VG_FLOW_SHIFT) - 1);
	b->map_len = (uint32_t)(f->pieces.len - first);
	if (!b->map_len) {
		/* No piece fitted any more. */
		b->in = 0;
		return;
	}
	b->text.len =
	    f->text.len - ((struct vg_piece *)vg_vec_at(&f->pieces, first))->text;
	if (kind != VG_FLOW_SIDE)
		vg_links_block(p, b);
}

uint32_t vg_text_aside(struct vg_page *p, const struct vg_text_place *place,
    size_t start, size_t end, enum vg_text_rule rule)
{
	struct vg_flow *f = &p->flows[VG_FLOW_SIDE];

	vg_text_add(p, VG_FLOW_SIDE, place, start, end, rule);
	if (!f->open)
		return VG_NONE;
	vg_text_end_block(p, VG_FLOW_SIDE);
	return f->block;
}

static const struct vg_piece *block_pieces(
    const struct vg_flow flows[VG_FLOWS], const struct vg_block *b)
{
	const struct vg_flow *f = &flows[b->map >> VG_FLOW_SHIFT];

	return (const struct vg_piece *)f->pieces.items +
	       (b->map & ((1u << VG_FLOW_SHIFT) - 1));
}

struct vg_str vg_text_of_block(const struct vg_page *p, const struct vg_block *b)
{
	if (!b->map_len)
		return (struct vg_str){"", 0};
	return (struct vg_str){p->flows[b->map >> VG_FLOW_SHIFT].text.ptr +
				   block_pieces(p->flows, b)->text,
	    b->text.len};
}

/* One side of a span; `at` counts from the start of the flow's text. */
static size_t source_at(
    const struct vg_piece *pieces, size_t count, size_t text_end, size_t at, bool end)
{
	size_t low = 0, high = count, text_len, key = end && at ? at - 1 : at;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (pieces[mid].text <= key)
			low = mid;
		else
			high = mid;
	}
	text_len =
	    (low + 1 < count ? pieces[low + 1].text : text_end) - pieces[low].text;
	if (text_len == pieces[low].source_len)
		return pieces[low].source + (at - pieces[low].text);
	return pieces[low].source + (end ? pieces[low].source_len : 0);
}

void vg_text_source(const struct vg_flow flows[VG_FLOWS], const struct vg_block *b,
    size_t start, size_t end, size_t *ret_start, size_t *ret_end)
{
	const struct vg_piece *pieces = block_pieces(flows, b);
	size_t first, text_end;

	if (!b->map_len) {
		*ret_start = *ret_end = 0;
		return;
	}
	first = pieces->text;
	text_end = first + b->text.len;
	*ret_start = source_at(pieces, b->map_len, text_end, first + start, false);
	*ret_end = end > start
		       ? source_at(pieces, b->map_len, text_end, first + end, true)
		       : *ret_start;
}
