/* SPDX-License-Identifier: MIT */
/*
 * Features of a page and the logistic sum over them. A feature has a name, a count and the place where it
 * was first seen; weights.tsv says what it is worth to each family.
 */
#ifndef VG_DETECT_SCORE_H
#define VG_DETECT_SCORE_H

#include "detect/lexicon_data.h"
#include "detect/text.h"

struct vg_feature {
	struct vg_str name;
	double count;
	struct vg_str quote; /* the page's own words */
	struct vg_place at;
};

struct vg_features {
	const struct vg_text *text;
	struct vg_vec list; /* struct vg_feature */
};

void vg_features_init(struct vg_features *fs, const struct vg_text *text);
/*
 * Counts a feature seen in bytes [start, end) of a block. `name` must outlive the features. The first
 * place is kept. False when out of memory; a count of 0 or less adds nothing.
 */
bool vg_features_add(struct vg_features *fs, struct vg_str name, double count,
    uint32_t block, uint32_t start, uint32_t end);
/* The same where the place is no part of a block; `quote` must outlive the features too. */
bool vg_features_cite(struct vg_features *fs, struct vg_str name, double count,
    struct vg_str quote, struct vg_place at);
/* NULL when it was not seen; valid until the next one is added. */
const struct vg_feature *vg_features_find(
    const struct vg_features *fs, const char *name);
double vg_features_count(const struct vg_features *fs, const char *name);
/* What a count is worth: 1 + ln(count), at most 2.5: repetition alone convinces nobody. */
double vg_feature_value(double count);

/* A decimal number of at most 31 bytes, nothing being 0; false otherwise. */
bool vg_number_read(struct vg_str text, double *ret);
/* The weights of a feature by its name, or of the "bias"; NULL when weights.tsv does not name it. */
const struct vg_weight *vg_weight_find(
    const struct vg_lexicon *lex, struct vg_str feature);
/* "rx", "fraud", "timeshare" or "wildlife": a column of weights.tsv. */
const char *vg_sum_name(enum vg_sum which);

/*
 * Probability 0..1 of one of the sums, and the features that decided it, strongest first, at most `max`.
 * The present feature with the highest "key" of weights.tsv that speaks for the claim is among them and
 * marked; it comes first when little outweighs it.
 */
double vg_score(const struct vg_lexicon *lex, const struct vg_features *fs,
    enum vg_sum which, struct vg_reason *ret_why, size_t max, size_t *ret_count);

#endif
