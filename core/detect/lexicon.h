/* SPDX-License-Identifier: MIT */
/*
 * The loaded lexicon as the rest of detect/ sees it: tables, terms, concepts and substances. A concept is
 * a thing a page can say in many words ("no_prescription"); its terms are rows of phrases.tsv and
 * concepts.tsv. Everything here is read-only after vg_lexicon_load().
 */
#ifndef VG_DETECT_LEXICON_H
#define VG_DETECT_LEXICON_H

#include "detect/detect.h"
#include "detect/table.h"

enum vg_term_kind {
	VG_TERM_CONCEPT, /* index: concept */
	VG_TERM_DRUG,    /* index: vg_lexicon_drug() */
	VG_TERM_MARKER,  /* index: vg_lexicon_marker() */
	VG_TERM_SPECIES, /* index: row of the table "wildlife_markers" */
	VG_TERM_PLACE,   /* index: row of the table "places" */
};

enum {
	VG_TERM_AMBIGUOUS =
	    1 << 0, /* a common word too: means nothing without context */
	VG_TERM_SLANG = 1 << 1,
	VG_TERM_BRAND = 1 << 2,
	VG_TERM_REGEX = 1 << 3, /* found by a regex, not literally */
	VG_TERM_CASE = 1 << 4,  /* must be written in capitals, as in its table */
};

struct vg_term {
	enum vg_term_kind kind;
	uint32_t index;
	unsigned flags;
	struct vg_str text; /* as its table writes it */
	const char *table;  /* file name and line of its row: names the rule */
	uint32_t line;
	const char *column;
};

struct vg_drug {
	struct vg_str inn, cls;
	enum vg_severity severity;
	bool
	    otc; /* sold without prescription by law nearly everywhere: never an offence */
};

struct vg_marker_row {
	struct vg_str id, kind;
	enum vg_family family;
	double weight;
};

/* A table by its file name without ".tsv" ("identifiers"), or NULL. */
const struct vg_table *vg_lexicon_table(const struct vg_lexicon *lex, const char *name);
size_t vg_lexicon_term_count(const struct vg_lexicon *lex);
const struct vg_term *vg_lexicon_term(const struct vg_lexicon *lex, size_t i);
const struct vg_drug *vg_lexicon_drug(const struct vg_lexicon *lex, size_t i);
const struct vg_marker_row *vg_lexicon_marker(const struct vg_lexicon *lex, size_t i);
/* Concepts are numbered from 0; UINT32_MAX for a name no table uses. */
#define VG_MAX_CONCEPTS 256u
uint32_t vg_lexicon_concept(const struct vg_lexicon *lex, const char *name);
const char *vg_lexicon_concept_name(const struct vg_lexicon *lex, uint32_t concept);
/* Index of the substance of that INN (any spelling of the table, folded), or UINT32_MAX. */
uint32_t vg_lexicon_find_drug(const struct vg_lexicon *lex, struct vg_str name);

#endif
