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
	uint32_t block, start, end; /* block UINT32_MAX: of the page as a whole */
};

struct vg_features {
	const struct vg_text *text;
	struct vg_vec list; /* struct vg_feature */
};

void vg_features_init(struct vg_features *fs, const struct vg_text *text);
/*
 * Counts a feature. `name` must outlive the features. The first place is kept. False when out of
 * memory; a count of 0 or less adds nothing.
 */
bool vg_features_add(struct vg_features *fs, struct vg_str name, double count,
    uint32_t block, uint32_t start, uint32_t end);
bool vg_features_page(struct vg_features *fs, const char *name, double count);
double vg_features_count(const struct vg_features *fs, const char *name);
/* What a count is worth: 1 + ln(count), at most 2.5: repetition alone convinces nobody. */
double vg_feature_value(double count);

/*
 * Probability 0..1 of one of the sums, and the features that decided it, strongest first, at most `max`.
 */
double vg_score(const struct vg_lexicon *lex, const struct vg_features *fs,
    enum vg_sum which, struct vg_reason *ret_why, size_t max, size_t *ret_count);

#endif
