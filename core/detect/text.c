/* SPDX-License-Identifier: MIT */
/* One pass over a page: fold, cut into sentences, find every term. */
#include "config.h"

#include "detect/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "detect/lexicon_data.h"
#include "detect/trigger.h"

enum {
	MIN_INFLECTED = 4
}; /* letters of a name that may take an s or a number without a space */

/* A stretch of folded text: a block as it stands, or once more without its disguise. */
struct segment {
	uint32_t block, start, end;
	bool unmasked;
};

/* What of a regex was met where, in folded offsets. */
struct wake {
	uint32_t done; /* up to where it has run */
	uint32_t seen
	    [VG_TRIGGER_PARTS]; /* one past the start of the last sentence that has it */
};

#define SEGMENT_ROOM 32u /* bytes that folding one block asks for beyond its length */

struct pass {
	const struct vg_lexicon *lex;
	const struct vg_doc *doc;
	struct vg_folded text;
	struct vg_vec segments, hits, sentences;
	struct wake *wakes; /* of a regex each */
	size_t at;          /* segment of the match at hand */
	size_t from, to;    /* the sentence a regex last ran over */
	bool failed;
};

/* Bytes: nobody writes longer ones, and what reads sentences may look at each word of one for each other. */
enum { LONGEST_SENTENCE = 4000 };

static inline bool ends_sentence(struct vg_str s, size_t i)
{
	char c = s.ptr[i], next;

	if ((unsigned char)c > '?') /* letters, and whatever else is no mark */
		return false;
	next = i + 1 < s.len ? s.ptr[i + 1] : ' ';
	if (c == '\n')
		return true;
	if (c != '.' && c != '!' && c != '?' && c != ';')
		return false;
	return next == ' ' || next == '\n' ||
	       (i > 0 && (unsigned char)s.ptr[i - 1] >= 0xe0) ||
	       (unsigned char)next >= 0xe0;
}

static bool add_segment(struct pass *p, uint32_t block, size_t start, bool unmasked)
{
	struct segment *seg = vg_vec_push(&p->segments);

	if (seg == NULL || !vg_folded_reserve(&p->text, 1))
		return false;
	*seg =
	    (struct segment){block, (uint32_t)start, (uint32_t)p->text.len, unmasked};
	p->text.map[p->text.len] = p->text.stop[p->text.len] = UINT32_MAX;
	p->text.text[p->text.len++] = '\n';
	return true;
}

static bool cut_sentences(struct pass *p, const struct segment *seg)
{
	struct vg_str all = {p->text.text, seg->end};
	size_t from = seg->start;

	for (size_t i = seg->start; i < seg->end; i++) {
		struct vg_sentence *s;

		if (i + 1 < seg->end && !ends_sentence(all, i) &&
		    !(i - from >= LONGEST_SENTENCE && all.ptr[i] == ' ') &&
		    i - from < 2 * LONGEST_SENTENCE)
			continue;
		s = vg_vec_push(&p->sentences);
		if (s == NULL)
			return false;
		*s = (struct vg_sentence){
		    seg->block, p->text.map[from], p->text.stop[i]};
		from = i + 1;
	}
	return true;
}

static bool fold_block(struct pass *p, uint32_t block)
{
	size_t start = p->text.len, end;
	unsigned disguises;

	if (!vg_fold(p->lex->folder, p->doc->blocks[block].text, &p->text))
		return false;
	end = p->text.len;
	disguises = end - start > 3 ? vg_disguises(&p->text, start) : 0;
	if (!add_segment(p, block, start, false) ||
	    !cut_sentences(p, vg_vec_at(&p->segments, p->segments.len - 1)))
		return false;
	for (int twice = 0; twice < 2 && disguises != 0; twice++) {
		unsigned how = disguises & ~(twice == 0 ? (unsigned)VG_UNMASK_LEET_L
							: (unsigned)VG_UNMASK_LEET_I);
		size_t at = p->text.len;

		if (!vg_unmask(&p->text, start, end, how) ||
		    !add_segment(p, block, at, true))
			return false;
		if (!(disguises & VG_UNMASK_LEET_L))
			break;
	}
	return true;
}

static bool is_boundary(struct vg_str text, size_t at)
{
	size_t pos = at;

	if (at == text.len || at == 0)
		return true;
	return !vg_is_word(vg_utf8_next(text, &pos));
}

static bool bounded_left(struct vg_str text, size_t start)
{
	size_t pos = start;

	if (start == 0)
		return true;
	do
		pos--;
	while (pos > 0 && ((unsigned char)text.ptr[pos] & 0xc0) == 0x80);
	return !vg_is_word(vg_utf8_next(text, &pos));
}

static bool bounded_right(
    struct vg_str text, size_t end, const struct vg_term *term, size_t len)
{
	if (is_boundary(text, end))
		return true;
	if (term->kind != VG_TERM_DRUG || len < MIN_INFLECTED)
		return false;
	return vg_is_digit(text.ptr[end]) ||
	       (text.ptr[end] == 's' && is_boundary(text, end + 1));
}

static void add_hit(
    struct pass *p, const struct segment *seg, uint32_t term, size_t start, size_t end)
{
	const struct vg_term *t = vg_lexicon_term(p->lex, term);
	struct vg_hit *hit;

	if (end <= start || p->hits.len >= p->hits.max)
		return;
	hit = vg_vec_push(&p->hits);
	if (hit == NULL) {
		p->failed = true;
		return;
	}
	*hit = (struct vg_hit){.block = seg->block,
	    .start = p->text.map[start],
	    .end = p->text.stop[end - 1],
	    .term = term,
	    .index = t->index,
	    .kind = (uint8_t)t->kind,
	    .flags = seg->unmasked ? VG_HIT_DISGUISED : 0,
	    .term_flags = (uint16_t)t->flags};
}

static bool is_ascii_word(char c)
{
	return vg_is_alnum(c) || c == '_';
}

/* The sentence around `at` becomes p's. */
static void find_sentence(struct pass *p, const struct segment *seg, size_t at)
{
	struct vg_str all = {p->text.text, seg->end};
	size_t from = at, to = at;

	if (at >= p->from && at <= p->to)
		return;
	while (from > seg->start && !ends_sentence(all, from - 1))
		from--;
	while (to < seg->end && !ends_sentence(all, to))
		to++;
	p->from = from;
	p->to = to;
}

/* Runs a regex over the sentence around a trigger that ends at `at`, once, if all its triggers are there. */
static void run_regex(struct pass *p, const struct segment *seg,
    const struct vg_pattern *pattern, size_t at)
{
	struct wake *wake = &p->wakes[pattern->regex];
	struct vg_regex *re;
	struct vg_regex_match m;
	struct vg_str sentence;
	size_t pos = 0;

	if (at <= wake->done)
		return;
	if ((pattern->left && at > pattern->len &&
		is_ascii_word(p->text.text[at - pattern->len - 1])) ||
	    (pattern->right && at < p->text.len && is_ascii_word(p->text.text[at])))
		return;
	find_sentence(p, seg, at);
	wake->seen[pattern->part] = (uint32_t)p->from + 1;
	for (unsigned i = 0; i < pattern->parts; i++)
		if (wake->seen[i] != p->from + 1)
			return;
	wake->done = (uint32_t)p->to;
	re = *(struct vg_regex **)vg_vec_at(&p->lex->regexes, pattern->regex);
	sentence = (struct vg_str){p->text.text + p->from, p->to - p->from};
	while (pos < sentence.len && vg_regex_find(re, sentence, pos, &m) == VG_OK) {
		add_hit(p, seg, pattern->term, p->from + m.group[0].start,
		    p->from + m.group[0].end);
		pos = m.group[0].end > pos ? m.group[0].end : pos + 1;
	}
}

static bool on_match(void *ctx, uint32_t index, size_t end)
{
	struct pass *p = ctx;
	const struct vg_pattern *pattern = vg_vec_at(&p->lex->patterns, index);
	const struct segment *seg = vg_vec_at(&p->segments, p->at);
	struct vg_str all = {p->text.text, p->text.len};
	size_t start = end - pattern->len;

	while (end > seg->end)
		seg = vg_vec_at(&p->segments, ++p->at);
	if (pattern->regex != UINT32_MAX) {
		run_regex(p, seg, pattern, end);
		return !p->failed;
	}
	/* two letters under a disguise are chance */
	if (seg->unmasked && pattern->len < 3)
		return true;
	if (pattern->left && !bounded_left(all, start))
		return true;
	if (pattern->right && !bounded_right(all, end,
				  vg_lexicon_term(p->lex, pattern->term), pattern->len))
		return true;
	add_hit(p, seg, pattern->term, start, end);
	return !p->failed;
}

static int compare_hits(const void *a, const void *b)
{
	const struct vg_hit *x = a, *y = b;

	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	if (x->term != y->term)
		return x->term < y->term ? -1 : 1;
	return (int)x->flags - (int)y->flags;
}

/* The same term at the same place, plain and unmasked, is one hit. */
static void drop_doubles(struct vg_vec *hits)
{
	struct vg_hit *all = hits->items;
	size_t kept = 0;

	for (size_t i = 0; i < hits->len; i++)
		if (kept == 0 || all[kept - 1].block != all[i].block ||
		    all[kept - 1].start != all[i].start ||
		    all[kept - 1].term != all[i].term)
			all[kept++] = all[i];
	hits->len = kept;
}

static void number_sentences(struct pass *p)
{
	struct vg_hit *hits = p->hits.items;
	const struct vg_sentence *s = p->sentences.items;
	size_t at = 0;

	for (size_t i = 0; i < p->hits.len; i++) {
		while (at + 1 < p->sentences.len &&
		       (s[at].block < hits[i].block || (s[at].block == hits[i].block &&
							   s[at].end <= hits[i].start)))
			at++;
		hits[i].sentence = (uint32_t)at;
	}
}

/* first[b]: index of the first item of block b; `stride` bytes apart, `block` first in each. */
static uint32_t *index_blocks(struct pass *p, const struct vg_vec *items)
{
	size_t blocks = p->doc->block_count, at = 0;
	uint32_t *first = vg_arena_array(p->doc->arena, blocks + 1, sizeof(*first));

	if (first == NULL)
		return NULL;
	for (size_t b = 0; b <= blocks; b++) {
		while (at < items->len &&
		       *(const uint32_t *)vg_vec_at(items, at) < (uint32_t)b)
			at++;
		first[b] = (uint32_t)at;
	}
	return first;
}

enum vg_status vg_text_read(const struct vg_lexicon *lex, const struct vg_doc *doc,
    struct vg_text **ret, struct vg_error *err)
{
	struct vg_arena *arena = doc->arena;
	struct pass p = {.lex = lex, .doc = doc, .text = {.arena = arena}};
	struct vg_text *text = vg_arena_alloc(arena, sizeof(*text));
	size_t length = 0; /* of the folded text, about: growing copies it */

	p.segments = VG_VEC_INIT(struct segment, 3 * (size_t)VG_MAX_BLOCKS, arena);
	p.hits = VG_VEC_INIT(struct vg_hit, 10 * (size_t)VG_MAX_FINDINGS, arena);
	p.sentences = VG_VEC_INIT(struct vg_sentence, VG_MAX_DOCUMENT, arena);
	p.wakes = vg_arena_array(arena, lex->regexes.len + 1, sizeof(*p.wakes));
	for (uint32_t b = 0; b < doc->block_count; b++)
		length += doc->blocks[b].text.len + SEGMENT_ROOM;
	if (text == NULL || p.wakes == NULL || !vg_folded_reserve(&p.text, length))
		goto nomem;
	for (uint32_t b = 0; b < doc->block_count; b++)
		if (doc->blocks[b].text.len > 0 && !fold_block(&p, b))
			goto nomem;
	if (p.segments.len > 0)
		vg_matcher_run(lex->matcher, (struct vg_str){p.text.text, p.text.len},
		    on_match, &p);
	if (p.failed)
		goto nomem;
	if (p.hits.len > 0)
		qsort(p.hits.items, p.hits.len, sizeof(struct vg_hit), compare_hits);
	drop_doubles(&p.hits);
	number_sentences(&p);
	*text = (struct vg_text){.doc = doc,
	    .hits = p.hits.items,
	    .sentences = p.sentences.items,
	    .hit_count = p.hits.len,
	    .sentence_count = p.sentences.len,
	    .block_hits = index_blocks(&p, &p.hits),
	    .block_sentences = index_blocks(&p, &p.sentences)};
	if (text->block_hits == NULL || text->block_sentences == NULL)
		goto nomem;
	*ret = text;
	return VG_OK;
nomem:
	return vg_fail(err, VG_E_NOMEM, "out of memory for the page's text");
}

struct vg_place vg_text_place(
    const struct vg_doc *doc, uint32_t block, uint32_t start, uint32_t end)
{
	const struct vg_block *b = &doc->blocks[block];
	struct vg_place place = {.where = b->where};

	vg_doc_block_span(doc, b, start, end, &place.start, &place.end);
	return place;
}
