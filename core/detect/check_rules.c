/* SPDX-License-Identifier: MIT */
/* The examples of the rules, read as any page is. */
#include "config.h"

#include "base/limits.h"
#include "detect/check_priv.h"
#include "detect/reading.h"
#include "detect/rule.h"

/* What an example says of a rule. */
struct outcome {
	bool fires, related; /* related: it says a part of it, taken back or not */
};

static bool says_part(const struct vg_lexicon *lex, const struct vg_rule *rule,
    const struct vg_reading *r)
{
	struct vg_concepts said = {{0}};

	for (size_t i = 0; i < r->text->hit_count; i++) {
		const struct vg_hit *h = &r->text->hits[i];

		if (h->kind == VG_TERM_CONCEPT)
			vg_concepts_add(&said, h->index);
		if (h->kind == VG_TERM_DRUG)
			vg_concepts_add(&said, vg_lexicon_concept(lex, "drug"));
		if (h->kind == VG_TERM_SPECIES)
			vg_concepts_add(&said, vg_lexicon_concept(lex, "species"));
	}
	for (size_t i = 0; i < rule->part_count; i++) {
		if (vg_concepts_meet(&rule->part[i], &said))
			return true;
		for (size_t k = 0; k < r->text->sentence_count; k++)
			if (vg_concepts_meet(&rule->part[i], &r->sentences[k]))
				return true;
	}
	return false;
}

static enum vg_status read_example(const struct vg_lexicon *lex, uint32_t rule,
    struct vg_str page, struct outcome *ret)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_doc_input in = {
	    .payload = page, .content_type = VG_STR("text/html; charset=utf-8")};
	enum vg_status status = VG_E_NOMEM;
	struct vg_reading *r = NULL;
	struct vg_doc *doc;

	*ret = (struct outcome){false, false};
	if (arena != NULL)
		r = vg_arena_alloc(arena, sizeof(*r));
	if (r != NULL)
		status = vg_doc_read(arena, &in, &doc, NULL);
	if (status == VG_OK)
		status = vg_reading_of(lex, doc, r, NULL);
	for (size_t i = 0; status == VG_OK && i < r->firing_count; i++)
		ret->fires |= r->firings[i].rule == rule;
	if (status == VG_OK)
		ret->related = says_part(lex, vg_vec_at(&lex->rules, rule), r);
	vg_arena_free(arena);
	return status;
}

static bool check_example(const struct vg_lexicon *lex, const struct vg_table *t,
    size_t row, const char *column, bool must)
{
	struct vg_str page = vg_check_cell(t, row, column);
	struct outcome outcome;

	if (page.len == 0) {
		vg_check_tell(t, row, column, "no example: write a text on which the rule "
					      "%s",
		    must ? "fires" : "must not fire");
		return true;
	}
	if (read_example(lex, (uint32_t)row, page, &outcome) != VG_OK)
		return false;
	if (must && !outcome.fires)
		vg_check_tell(t, row, column, "the rule does not fire on its example");
	if (!must && outcome.fires)
		vg_check_tell(
		    t, row, column, "the rule fires on what it must not fire on");
	if (!must && !outcome.related)
		vg_check_tell(t, row, column,
		    "says nothing of the rule's parts, so it proves nothing");
	return true;
}

bool vg_check_examples(struct vg_lexicon *lex)
{
	const struct vg_table *t = vg_lexicon_table(lex, "rules");
	size_t column;

	if (vg_table_need(t, "fires", &column, NULL) != VG_OK ||
	    vg_table_need(t, "silent", &column, NULL) != VG_OK)
		return true;
	/* rows and rules are in step: faulty rows keep a rule that cannot fire */
	for (size_t i = 0; i < lex->rules.len; i++) {
		const struct vg_rule *rule = vg_vec_at(&lex->rules, i);

		if (rule->part_count == 0)
			continue;
		if (!check_example(lex, t, i, "fires", true) ||
		    !check_example(lex, t, i, "silent", false))
			return false;
	}
	return true;
}
