/* SPDX-License-Identifier: MIT */
/* Scoping hits inside their block and sentence. */
#include "config.h"

#include "detect/scope.h"

#include <string.h>

enum { NEGATION_REACH = 80, QUOTE_REACH = 160, MAX_BACK = 64 };

struct ids {
	uint32_t no_rx, required, refusal, homonym, negation, reported, advice;
	uint32_t rx_word, must_word; /* parts of "no prescription required" */
};

static bool is_concept(const struct vg_hit *h, uint32_t concept)
{
	return h->kind == VG_TERM_CONCEPT && h->index == concept;
}

static bool inside(const struct vg_hit *a, const struct vg_hit *b)
{
	return a->start >= b->start && a->end <= b->end && a != b;
}

static bool overlap(const struct vg_hit *a, const struct vg_hit *b)
{
	return a->start < b->end && b->start < a->end;
}

/* True when `by`, which overlaps `h` in one block, leaves nothing of it. */
static bool consumes(
    const struct ids *ids, const struct vg_hit *by, const struct vg_hit *h)
{
	if (is_concept(h, ids->no_rx))
		return (is_concept(by, ids->required) || is_concept(by, ids->refusal) ||
			   is_concept(by, ids->homonym)) &&
		       overlap(by, h) &&
		       !(is_concept(by, ids->required) && inside(by, h));
	if (is_concept(h, ids->required))
		return is_concept(by, ids->no_rx) && inside(h, by);
	if (is_concept(h, ids->rx_word) || is_concept(h, ids->must_word))
		return is_concept(by, ids->no_rx) && inside(h, by);
	if (h->kind == VG_TERM_DRUG)
		return (is_concept(by, ids->homonym) && overlap(by, h)) ||
		       (by->kind == VG_TERM_DRUG && inside(h, by) &&
			   by->end - by->start > h->end - h->start);
	if (h->kind == VG_TERM_SPECIES)
		return (is_concept(by, ids->homonym) && overlap(by, h)) ||
		       (by->kind == VG_TERM_SPECIES && inside(h, by) &&
			   by->end - by->start > h->end - h->start);
	return false;
}

static void void_consumed(
    const struct ids *ids, struct vg_hit *hits, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		size_t from = i > first + MAX_BACK ? i - MAX_BACK : first;

		for (size_t k = from; k < end && hits[k].start < hits[i].end; k++)
			if (k != i && consumes(ids, &hits[k], &hits[i])) {
				hits[i].flags |= VG_HIT_VOID;
				break;
			}
	}
}

static void mark_negated(
    const struct ids *ids, struct vg_hit *hits, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		bool refusal = is_concept(&hits[i], ids->refusal);

		if (!refusal && !is_concept(&hits[i], ids->negation))
			continue;
		for (size_t k = i + 1; k < end && hits[k].sentence == hits[i].sentence;
		     k++)
			if (refusal || hits[k].start < hits[i].end + NEGATION_REACH)
				hits[k].flags |= VG_HIT_NEGATED;
		for (size_t k = i;
		     refusal && k-- > first && hits[k].sentence == hits[i].sentence;)
			hits[k].flags |= VG_HIT_NEGATED;
	}
}

/* True inside a pair of quotation marks that opens and closes within a few words. */
static bool in_marks(struct vg_str text, const struct vg_hit *h)
{
	static const char *const marks[][2] = {{"\"", "\""},
	    {"\xe2\x80\x9c", "\xe2\x80\x9d"}, {"\xc2\xab", "\xc2\xbb"},
	    {"\xe2\x80\x9e", "\xe2\x80\x9c"}};
	struct vg_str before = vg_str_sub(
	    text, h->start > QUOTE_REACH ? h->start - QUOTE_REACH : 0, h->start);
	struct vg_str after = vg_str_sub(text, h->end, h->end + QUOTE_REACH);

	for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++) {
		struct vg_str open = vg_str(marks[m][0]), close = vg_str(marks[m][1]);
		size_t opened = 0, at = 0;

		while ((at = vg_str_find(before, open, at)) != SIZE_MAX) {
			opened++;
			at += open.len;
		}
		if (opened % 2 == 1 && vg_str_find(after, close, 0) != SIZE_MAX)
			return true;
	}
	return false;
}

/* Most blocks hold no mark of those. */
static bool has_marks(struct vg_str text)
{
	return vg_str_chr(text, '"', 0) != SIZE_MAX ||
	       vg_str_find(text, VG_STR("\xe2\x80"), 0) != SIZE_MAX ||
	       vg_str_find(text, VG_STR("\xc2\xab"), 0) != SIZE_MAX;
}

static void mark_reported(const struct ids *ids, const struct vg_block *block,
    struct vg_hit *hits, size_t first, size_t end)
{
	bool marks = has_marks(block->text);

	for (size_t i = first; i < end; i++) {
		if ((block->in & (VG_IN_QUOTE | VG_IN_CODE)) ||
		    (marks && in_marks(block->text, &hits[i])))
			hits[i].flags |= VG_HIT_REPORTED;
		bool warning = is_concept(&hits[i], ids->advice);

		if (!warning && !is_concept(&hits[i], ids->reported))
			continue;
		/* a warning itself counts: it is what the page says */
		for (size_t k = first; k < end; k++)
			if (hits[k].sentence == hits[i].sentence &&
			    !(warning && is_concept(&hits[k], ids->advice)))
				hits[k].flags |= VG_HIT_REPORTED;
	}
}

void vg_scope(const struct vg_lexicon *lex, struct vg_text *text)
{
	struct ids ids = {
	    .no_rx = vg_lexicon_concept(lex, "no_prescription"),
	    .required = vg_lexicon_concept(lex, "prescription_required"),
	    .refusal = vg_lexicon_concept(lex, "refusal"),
	    .homonym = vg_lexicon_concept(lex, "homonym"),
	    .negation = vg_lexicon_concept(lex, "negation"),
	    .reported = vg_lexicon_concept(lex, "reported_speech"),
	    .advice = vg_lexicon_concept(lex, "advice"),
	    .rx_word = vg_lexicon_concept(lex, "prescription_word"),
	    .must_word = vg_lexicon_concept(lex, "mandatory_word"),
	};

	for (size_t b = 0; b < text->doc->block_count; b++) {
		size_t first = text->block_hits[b], end = text->block_hits[b + 1];

		if (first == end)
			continue;
		void_consumed(&ids, text->hits, first, end);
		mark_negated(&ids, text->hits, first, end);
		mark_reported(&ids, &text->doc->blocks[b], text->hits, first, end);
	}
}
