/* SPDX-License-Identifier: MIT */
/* What a lexicon is made of; for the files that build it and the ones that match with it. */
#ifndef VG_DETECT_LEXICON_DATA_H
#define VG_DETECT_LEXICON_DATA_H

#include "base/digest.h"
#include "base/regex.h"
#include "base/vec.h"
#include "detect/lexicon.h"
#include "detect/match.h"
#include "detect/normalise.h"

struct vg_identifiers;

#define VG_MAX_TERMS 200000u
#define VG_CONCEPT_WORDS (VG_MAX_CONCEPTS / 64)

/* A set of concepts. */
struct vg_concepts {
	uint64_t bits[VG_CONCEPT_WORDS];
};

/* A literal the matcher looks for: a term itself, or what wakes a regex up. */
struct vg_pattern {
	uint32_t term;
	uint32_t regex;   /* index into regexes, or UINT32_MAX */
	uint16_t len;     /* folded bytes */
	bool left, right; /* a word boundary is due there; of a regex, an ASCII one */
	uint8_t part, parts; /* of what its regex demands; a match has one of each */
};

/*
 * The logistic sums. Timeshare fraud and other fraud are made of the same parts (money first, authority,
 * haste), so one sum finds both; the third says which of the two it is.
 */
enum vg_sum { VG_SUM_RX, VG_SUM_FRAUD, VG_SUM_TIMESHARE, VG_SUM_WILDLIFE, VG_SUMS };

/* What a feature is worth to each sum. */
struct vg_weight {
	struct vg_str feature;
	double value[VG_SUMS];
	double key; /* rank among the reasons that name the missing step; 0: none */
};

struct vg_lexicon {
	struct vg_arena *arena;
	const struct vg_faults *faults; /* NULL: the first fault ends loading */
	bool partial; /* with faults: a whole table is missing or unreadable */
	struct vg_folder *folder;
	struct vg_folded scratch; /* of vg_lexicon_fold() */
	struct vg_vec tables;     /* struct vg_table * */
	struct vg_vec terms;      /* struct vg_term */
	struct vg_vec patterns;   /* struct vg_pattern */
	struct vg_vec literals;   /* struct vg_str, folded, in step with patterns */
	struct vg_vec regexes;    /* struct vg_regex * */
	struct vg_vec drugs;      /* struct vg_drug */
	struct vg_vec markers;    /* struct vg_marker_row */
	struct vg_vec concepts;   /* const char * */
	struct vg_vec rules;      /* struct vg_rule */
	struct vg_vec weights;    /* struct vg_weight */
	struct vg_matcher *matcher;
	struct vg_identifiers *identifiers;
	char version[VG_SHA256_HEX];
};

/*
 * As vg_lexicon_load(), but with `faults`, which must outlive it, those are told and the rest is loaded: for
 * vg_lexicon_check().
 */
VG_WARN_UNUSED enum vg_status vg_lexicon_read(const char *dir,
    const struct vg_faults *faults, struct vg_lexicon **ret, struct vg_error *err);
/* Reads a table of the folder that detection does not need (features); not part of the version. */
VG_WARN_UNUSED enum vg_status vg_lexicon_extra_table(struct vg_lexicon *lex,
    const char *dir, const char *name, const struct vg_table **ret,
    struct vg_error *err);
/* Folds a term as pages are folded; .ptr NULL when out of memory. */
struct vg_str vg_lexicon_fold(struct vg_lexicon *lex, struct vg_str text);
/* The number of a concept, made when new; VG_E_LIMIT past VG_MAX_CONCEPTS. */
VG_WARN_UNUSED enum vg_status vg_lexicon_intern(
    struct vg_lexicon *lex, struct vg_str name, uint32_t *ret, struct vg_error *err);

/*
 * Reads one table into the lexicon. Errors say "table:line: reason". terms.c, except vg_rules_read (rule.c)
 * and vg_weights_read (score.c).
 */
typedef enum vg_status vg_table_reader(
    struct vg_lexicon *lex, const struct vg_table *t, struct vg_error *err);
vg_table_reader vg_drugs_read, vg_concepts_read, vg_timeshare_read, vg_cyberscam_read,
    vg_wildlife_read, vg_places_read, vg_rules_read, vg_weights_read;

#endif
