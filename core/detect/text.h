/* SPDX-License-Identifier: MIT */
/*
 * The page's text once for all of detection: folded, cut into sentences, and every lexicon term in it.
 * Hits are sorted by block, then start; all their offsets are bytes of the block's own text.
 */
#ifndef VG_DETECT_TEXT_H
#define VG_DETECT_TEXT_H

#include "detect/lexicon.h"

enum {
	VG_HIT_DISGUISED =
	    1 << 0, /* found only after undoing leet, spacing or look-alike letters */
	VG_HIT_NEGATED = 1 << 1,  /* under negation in its sentence */
	VG_HIT_REPORTED = 1 << 2, /* quotation or reported speech */
	VG_HIT_VOID =
	    1 << 3, /* consumed by a longer or contrary term: counts for nothing */
};

struct vg_hit {
	uint32_t block;
	uint32_t start, end; /* bytes of doc->blocks[block].text */
	uint32_t sentence;   /* number within the page, growing */
	uint32_t term;       /* vg_lexicon_term() */
	uint32_t index;      /* the term's index, kind and flags, at hand */
	uint8_t kind, flags; /* enum vg_term_kind; VG_HIT_ bits */
	uint16_t term_flags; /* VG_TERM_ bits */
	uint32_t
	    by; /* 1 + index of the hit that took it back; 0: none, or quotation marks */
};

struct vg_sentence {
	uint32_t block, start, end; /* bytes of the block's text */
};

struct vg_text {
	const struct vg_doc *doc;
	struct vg_hit *hits; /* flags are set by vg_scope() */
	const struct vg_sentence *sentences;
	size_t hit_count, sentence_count;
	const uint32_t
	    *block_hits; /* block_count + 1: hits of block b are [b, b + 1) */
	const uint32_t *block_sentences; /* the same for sentences */
};

/* Folds, matches and cuts; from doc->arena. */
VG_WARN_UNUSED enum vg_status vg_text_read(const struct vg_lexicon *lex,
    const struct vg_doc *doc, struct vg_text **ret, struct vg_error *err);
/* The document place of bytes [start, end) of a block. */
struct vg_place vg_text_place(
    const struct vg_doc *doc, uint32_t block, uint32_t start, uint32_t end);

#endif
