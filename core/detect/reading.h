/* SPDX-License-Identifier: MIT */
/* A page read to the end but not yet judged: what vg_detect() and the training tool share. */
#ifndef VG_DETECT_READING_H
#define VG_DETECT_READING_H

#include "detect/entity.h"
#include "detect/offer.h"
#include "detect/rule.h"
#include "detect/rx.h"
#include "detect/score.h"

struct vg_reading {
	struct vg_str lang;
	struct vg_region region;
	const struct vg_entity *entities;
	size_t entity_count;
	struct vg_text *text;
	const struct vg_concepts *sentences;
	const struct vg_firing *firings;
	size_t firing_count;
	struct vg_mentions medicines;
	double share; /* of a word or rule: one among many thousands means little */
	struct vg_features features;
	size_t fraud_rules;          /* firings of rules of the fraud families */
	size_t length;               /* bytes of text that the page itself says */
	struct vg_concepts outright; /* concepts that count even in a footer */
	struct vg_substance
	    *substances; /* in step with medicines.list; `offered` not yet decided */
	const struct vg_offer *offers;
	size_t offer_count;
};

/* What `ret` points to comes from doc->arena; offers borrow from `ret` itself. */
VG_WARN_UNUSED enum vg_status vg_reading_of(const struct vg_lexicon *lex,
    const struct vg_doc *doc, struct vg_reading *ret, struct vg_error *err);
/* What a reading comes to, in the reading's arena; the result borrows from it. vg_detect() is both. */
VG_WARN_UNUSED enum vg_status vg_reading_judge(const struct vg_lexicon *lex,
    const struct vg_reading *r, struct vg_result **ret, struct vg_error *err);
/* True when the page speaks of what a sum judges at all; without it there is no claim. */
bool vg_reading_touches(const struct vg_reading *r, enum vg_sum which);

#endif
