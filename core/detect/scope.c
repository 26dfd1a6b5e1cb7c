/* SPDX-License-Identifier: MIT */
/* Scoping hits inside their block and sentence. */
#include "config.h"

#include "detect/scope.h"

#include <string.h>

enum { NEGATION_REACH = 80, QUOTE_REACH = 160, MAX_BACK = 64 };
/* Bytes: of a label and of its value in a table of attributes; before an answer's first word. */
enum { LABEL_MOST = 48, VALUE_MOST = 40, ANSWER_AT = 18 };

struct ids {
	uint32_t no_rx, required, refusal, homonym, negation, reported, advice,
	    stop_pay;
	uint32_t rx_word, must_word; /* parts of "no prescription required" */
	uint32_t asks, yes, no;      /* questions and how they are answered */
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
	/* "we never ask for a script", "hang up on the resort" are no warnings */
	if (is_concept(h, ids->advice))
		return (is_concept(by, ids->no_rx) && overlap(by, h)) ||
		       (is_concept(by, ids->stop_pay) && inside(h, by));
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
				hits[i].by = (uint32_t)k + 1;
				break;
			}
	}
}

static void take_back(struct vg_hit *hits, size_t k, unsigned how, size_t by)
{
	hits[k].flags |= (uint8_t)how;
	if (hits[k].by == 0)
		hits[k].by = (uint32_t)by + 1;
}

static void mark_negated(
    const struct ids *ids, struct vg_hit *hits, size_t first, size_t end)
{
	size_t refused = SIZE_MAX; /* the refusal that took back the sentence at hand */

	for (size_t i = first; i < end; i++) {
		bool refusal = is_concept(&hits[i], ids->refusal);

		if (!refusal && !is_concept(&hits[i], ids->negation))
			continue;
		if (refusal && refused != SIZE_MAX &&
		    hits[refused].sentence == hits[i].sentence) {
			take_back(hits, refused, VG_HIT_NEGATED, i);
			continue;
		}
		for (size_t k = i + 1;
		     k < end && hits[k].sentence == hits[i].sentence &&
		     (refusal || hits[k].start < hits[i].end + NEGATION_REACH);
		     k++)
			take_back(hits, k, VG_HIT_NEGATED, i);
		for (size_t k = i;
		     refusal && k-- > first && hits[k].sentence == hits[i].sentence;)
			take_back(hits, k, VG_HIT_NEGATED, i);
		if (refusal)
			refused = i;
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

/* The first hit of the sentence of hit `i`; hits stand in the order of the text. */
static size_t sentence_start(const struct vg_hit *hits, size_t first, size_t i)
{
	while (i > first && hits[i - 1].sentence == hits[i].sentence)
		i--;
	return i;
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

		if ((!warning && !is_concept(&hits[i], ids->reported)) ||
		    (hits[i].flags & VG_HIT_VOID))
			continue;
		/* a warning itself counts: it is what the page says */
		for (size_t k = sentence_start(hits, first, i);
		     k < end && hits[k].sentence == hits[i].sentence; k++)
			if (!is_concept(&hits[k], ids->advice))
				take_back(hits, k, VG_HIT_REPORTED, i);
	}
}

/* The first hit of a block that starts at byte `from` of it or later. */
static uint32_t first_hit(const struct vg_text *text, uint32_t block, uint32_t from)
{
	uint32_t low = text->block_hits[block], high = text->block_hits[block + 1];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (text->hits[middle].start < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum answer { ANSWER_NONE, ANSWER_NO, ANSWER_YES };

/* What the first words of a sentence, from byte `from` of its block on, say to a question. */
static enum answer answer_in(
    const struct ids *ids, const struct vg_text *text, uint32_t sentence, uint32_t from)
{
	uint32_t block = text->sentences[sentence].block;

	for (uint32_t i = first_hit(text, block, from);
	     i < text->block_hits[block + 1] && text->hits[i].start <= from + ANSWER_AT;
	     i++) {
		const struct vg_hit *h = &text->hits[i];

		if (h->sentence != sentence)
			continue;
		if (is_concept(h, ids->no) || is_concept(h, ids->no_rx))
			return ANSWER_NO;
		if (is_concept(h, ids->yes))
			return ANSWER_YES;
	}
	return ANSWER_NONE;
}

/* The sentence that a person reads after this one; SIZE_MAX at the end. */
static size_t next_sentence(const struct vg_text *text, size_t sentence)
{
	for (size_t i = sentence + 1; i < text->sentence_count && i <= sentence + 3;
	     i++) {
		const struct vg_sentence *s = &text->sentences[i];

		if (text->doc->blocks[s->block].where != VG_WHERE_ATTRIBUTE &&
		    s->end > s->start)
			return i;
	}
	return SIZE_MAX;
}

static struct vg_str sentence_text(const struct vg_text *text, size_t sentence)
{
	const struct vg_sentence *s = &text->sentences[sentence];

	return vg_str_trim(
	    vg_str_sub(text->doc->blocks[s->block].text, s->start, s->end));
}

/*
 * How the page answers the question or fills in the label that holds a hit: "Prescription: none" in one
 * sentence, "Prescription" and "none" in two cells, "Do I need a prescription?" and "No." after it.
 */
static enum answer answer_to(
    const struct ids *ids, const struct vg_text *text, const struct vg_hit *h)
{
	struct vg_str own = sentence_text(text, h->sentence);
	struct vg_str after =
	    vg_str_sub(text->doc->blocks[h->block].text, h->end, h->end + VALUE_MOST);
	size_t colon = vg_str_chr(after, ':', 0),
	       next = next_sentence(text, h->sentence);
	bool question = vg_str_ends(own, VG_STR("?"));
	enum answer answer = ANSWER_NONE;

	if (!question && colon != SIZE_MAX && colon <= ANSWER_AT)
		answer =
		    answer_in(ids, text, h->sentence, h->end + (uint32_t)colon + 1);
	if (answer != ANSWER_NONE || next == SIZE_MAX)
		return answer;
	if (!question &&
	    (own.len > LABEL_MOST || sentence_text(text, next).len > VALUE_MOST ||
		text->sentences[next].block == h->block))
		return ANSWER_NONE;
	return answer_in(ids, text, (uint32_t)next, text->sentences[next].start);
}

static bool asks(
    const struct ids *ids, const struct vg_text *text, const struct vg_hit *h)
{
	if (!vg_str_ends(sentence_text(text, h->sentence), VG_STR("?")))
		return false;
	for (uint32_t i =
		 first_hit(text, h->block, text->sentences[h->sentence].start);
	     i < text->block_hits[h->block + 1] &&
	     text->hits[i].sentence <= h->sentence;
	     i++)
		if (text->hits[i].sentence == h->sentence &&
		    is_concept(&text->hits[i], ids->asks))
			return true;
	return false;
}

/* A question about prescriptions says what its answer says. */
static void mark_answered(const struct ids *ids, const struct vg_text *text)
{
	for (size_t i = 0; i < text->hit_count; i++) {
		struct vg_hit *h = &text->hits[i];
		bool demand =
		    is_concept(h, ids->rx_word) || is_concept(h, ids->required);
		enum answer answer;

		if ((h->flags & VG_HIT_VOID) || !(demand || is_concept(h, ids->no_rx)))
			continue;
		answer = answer_to(ids, text, h);
		if (demand && answer == ANSWER_NO)
			h->index = ids->no_rx;
		else if (demand && answer == ANSWER_YES)
			h->index = ids->required;
		else if (!demand && answer != ANSWER_YES && asks(ids, text, h))
			h->flags |= VG_HIT_REPORTED;
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
	    .stop_pay = vg_lexicon_concept(lex, "stop_pay"),
	    .rx_word = vg_lexicon_concept(lex, "prescription_word"),
	    .must_word = vg_lexicon_concept(lex, "mandatory_word"),
	    .asks = vg_lexicon_concept(lex, "asks"),
	    .yes = vg_lexicon_concept(lex, "answer_yes"),
	    .no = vg_lexicon_concept(lex, "answer_no"),
	};

	for (size_t b = 0; b < text->doc->block_count; b++) {
		size_t first = text->block_hits[b], end = text->block_hits[b + 1];

		if (first == end)
			continue;
		void_consumed(&ids, text->hits, first, end);
		mark_negated(&ids, text->hits, first, end);
		mark_reported(&ids, &text->doc->blocks[b], text->hits, first, end);
	}
	mark_answered(&ids, text);
}
