/* SPDX-License-Identifier: MIT */
/*
 * Rules of the lexicon: which concepts together in one sentence, in neighbouring sentences, in one block or
 * on the page say something that none of them says alone.
 */
#ifndef VG_DETECT_RULE_H
#define VG_DETECT_RULE_H

#include "detect/lexicon_data.h"
#include "detect/text.h"

/* A passage is what surrounds a sentence that holds the first part. */
enum vg_rule_scope {
	VG_RULE_SENTENCE,
	VG_RULE_NEAR,
	VG_RULE_BLOCK,
	VG_RULE_PASSAGE,
	VG_RULE_PAGE
};

#define VG_RULE_PARTS 6u

struct vg_rule {
	struct vg_str id, kind, subkind;
	enum vg_family family;
	enum vg_rule_scope scope;
	struct vg_concepts part[VG_RULE_PARTS]; /* one of each is due */
	size_t part_count;
	struct vg_concepts none; /* any of these voids it */
	bool marker;             /* reported as a marker of its family */
	struct vg_str grade;     /* what it is counted with; empty: by itself alone */
	uint32_t gives; /* concept that a firing adds to its sentence, or UINT32_MAX */
};

/* A rule that fired, at its first and last concept within one block. */
struct vg_firing {
	uint32_t rule, block, start, end, sentence;
	uint32_t by;     /* of a voided rule: the concept of `none` that was said */
	uint32_t by_hit; /* 1 + index of the hit that said it, 0: no single one */
};

void vg_concepts_add(struct vg_concepts *set, uint32_t concept);
bool vg_concepts_meet(const struct vg_concepts *a, const struct vg_concepts *b);
bool vg_concepts_has(const struct vg_concepts *a, uint32_t concept);

/*
 * The concepts of each sentence from hits that count, amounts and the like included. From doc->arena; NULL
 * when out of memory.
 */
struct vg_concepts *vg_sentence_concepts(
    const struct vg_lexicon *lex, const struct vg_text *text);
/*
 * Every firing rule by rule, each rule at most 20 times; from doc->arena. A rule whose name is a part of
 * later rules adds that concept to the sentence where it fires.
 */
VG_WARN_UNUSED enum vg_status vg_rules_run(const struct vg_lexicon *lex,
    const struct vg_text *text, struct vg_concepts *sentences,
    const struct vg_firing **ret, size_t *ret_count, struct vg_error *err);
/*
 * Where rules would have fired but for a concept of their `none`, each at most 20 times; `sentences` as
 * vg_rules_run() left them. From doc->arena. False when out of memory.
 */
VG_WARN_UNUSED bool vg_rules_voided(const struct vg_lexicon *lex,
    const struct vg_text *text, const struct vg_concepts *sentences,
    const struct vg_firing **ret, size_t *ret_count);

#endif
