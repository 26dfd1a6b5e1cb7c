/* SPDX-License-Identifier: MIT */
/* Reading a page: terms, scope, rules, medicines, and the features that come of them. */
#include "config.h"

#include "detect/reading.h"

#include <string.h>

#include "detect/lang.h"
#include "detect/page.h"
#include "detect/press.h"
#include "detect/scope.h"

/* "concept:x", "rule:x", "marker:x" made once a page; NULL .ptr when out of memory. */
static struct vg_str name_of(
    const struct vg_doc *doc, const char *prefix, struct vg_str name)
{
	return vg_arena_printf(doc->arena, "%s%.*s", prefix, VG_STR_ARG(name));
}

static bool add_concepts(const struct vg_lexicon *lex, struct vg_reading *r)
{
	const struct vg_doc *doc = r->text->doc;
	struct vg_str names[VG_MAX_CONCEPTS] = {{NULL, 0}};

	for (size_t i = 0; i < r->text->hit_count; i++) {
		const struct vg_hit *h = &r->text->hits[i];

		if (h->kind != VG_TERM_CONCEPT || (h->flags & VG_HIT_VOID))
			continue;
		if (r->text->doc->blocks[h->block].in & VG_IN_NAV)
			continue;
		if (h->flags & (VG_HIT_NEGATED | VG_HIT_REPORTED)) {
			if (!vg_features_add(&r->features, VG_STR("page.taken_back"), 1,
				h->block, h->start, h->end))
				return false;
			continue;
		}
		if (names[h->index].ptr == NULL)
			names[h->index] = name_of(doc,
			    "concept:", vg_str(vg_lexicon_concept_name(lex, h->index)));
		if (names[h->index].ptr == NULL ||
		    !vg_features_add(
			&r->features, names[h->index], 1, h->block, h->start, h->end))
			return false;
	}
	return true;
}

static bool add_markers(const struct vg_lexicon *lex, struct vg_reading *r)
{
	for (size_t i = 0; i < r->text->hit_count; i++) {
		const struct vg_hit *h = &r->text->hits[i];
		const struct vg_marker_row *m;
		struct vg_str name;

		if (h->kind != VG_TERM_MARKER ||
		    (h->flags & (VG_HIT_VOID | VG_HIT_REPORTED)))
			continue;
		m = vg_lexicon_marker(lex, h->index);
		name = name_of(r->text->doc,
		    m->family == VG_TIMESHARE ? "timeshare:" : "cyberscam:", m->kind);
		if (name.ptr == NULL ||
		    !vg_features_add(&r->features, name, 1, h->block, h->start, h->end))
			return false;
	}
	return true;
}

/* Each rule by itself, and once a rule what it is counted with: one sign of a kind is as good as another. */
static bool add_firings(const struct vg_lexicon *lex, struct vg_reading *r)
{
	for (size_t i = 0; i < r->firing_count; i++) {
		const struct vg_firing *f = &r->firings[i];
		const struct vg_rule *rule = vg_vec_at(&lex->rules, f->rule);
		struct vg_str name = name_of(r->text->doc, "rule:", rule->id);
		bool again = i > 0 && r->firings[i - 1].rule == f->rule;

		if (name.ptr == NULL ||
		    !vg_features_add(&r->features, name, 1, f->block, f->start, f->end))
			return false;
		if (again || rule->grade.len == 0)
			continue;
		name = name_of(r->text->doc, "signs:", rule->grade);
		if (name.ptr == NULL ||
		    !vg_features_add(&r->features, name, 1, f->block, f->start, f->end))
			return false;
	}
	return true;
}

/*
 * "We do not ask for a prescription" on a page of a pharmacy that names no medicine: a shop's front
 * page or its FAQ. Kitchens and opticians say so too, of other things.
 */
static bool add_policy(struct vg_reading *r)
{
	static const char *const about[] = {
	    "concept:pharmacy", "concept:tourist_storefront"};
	static const char *const other[] = {"concept:cooking", "concept:optics",
	    "concept:homonym", "concept:otc_word", "concept:news_word",
	    "concept:advice", "concept:vet_word", "page.press"};
	const struct vg_feature *f =
	    vg_features_find(&r->features, "concept:no_prescription");
	bool pharmacy = false;

	/* "Do I need a prescription? No." asks before it tells */
	if (f == NULL || r->medicines.any_offered ||
	    vg_features_count(&r->features, "concept:prescription_required") > f->count)
		return true;
	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++)
		pharmacy |= vg_features_count(&r->features, about[i]) > 0;
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		pharmacy &= vg_features_count(&r->features, other[i]) <= 0;
	return !pharmacy || vg_features_cite(&r->features, VG_STR("rx.norx_policy"), 1,
				f->quote, f->at);
}

static bool add_species(struct vg_reading *r)
{
	for (size_t i = 0; i < r->text->hit_count; i++) {
		const struct vg_hit *h = &r->text->hits[i];
		bool sure = !(h->term_flags & VG_TERM_AMBIGUOUS);

		if (h->kind != VG_TERM_SPECIES || (h->flags & VG_HIT_VOID))
			continue;
		if (!vg_features_add(&r->features,
			sure ? VG_STR("wildlife.species") : VG_STR("wildlife.hint"), 1,
			h->block, h->start, h->end))
			return false;
	}
	return true;
}

/* Ways to be paid and to be reached, by kind. */
static bool add_entities(struct vg_reading *r)
{
	for (size_t i = 0; i < r->entity_count; i++) {
		struct vg_str name;

		if (r->entities[i].ubiquitous)
			continue;
		name = name_of(r->text->doc, "entity:", r->entities[i].kind);
		if (name.ptr == NULL || !vg_features_cite(&r->features, name, 1,
					    r->entities[i].surface, r->entities[i].at))
			return false;
	}
	return true;
}

static enum vg_status find_entities(const struct vg_lexicon *lex,
    const struct vg_doc *doc, struct vg_reading *r, struct vg_error *err)
{
	r->lang = vg_lang_of(doc);
	vg_region_of(doc, r->lang, &r->region);
	return vg_entities_find(
	    lex->identifiers, doc, &r->region, &r->entities, &r->entity_count, err);
}

enum vg_status vg_reading_of(const struct vg_lexicon *lex, const struct vg_doc *doc,
    struct vg_reading *ret, struct vg_error *err)
{
	struct vg_concepts *sentences;
	enum vg_status status;

	memset(ret, 0, sizeof(*ret));
	status = vg_text_read(lex, doc, &ret->text, err);
	if (status != VG_OK)
		return status;
	vg_scope(lex, ret->text);
	vg_features_init(&ret->features, ret->text);
	sentences = vg_sentence_concepts(lex, ret->text);
	ret->sentences = sentences;
	if (sentences == NULL || !vg_page_features(&ret->features))
		return vg_fail(err, VG_E_NOMEM, "out of memory for a page's features");
	status = vg_rules_run(
	    lex, ret->text, sentences, &ret->firings, &ret->firing_count, err);
	if (status == VG_OK)
		status = vg_rx_read(lex, ret->text, ret->sentences, &ret->features,
		    &ret->medicines, err);
	if (status == VG_OK)
		status = find_entities(lex, doc, ret, err);
	if (status == VG_OK &&
	    !(add_entities(ret) && add_concepts(lex, ret) && add_markers(lex, ret) &&
		add_firings(lex, ret) && add_species(ret) &&
		vg_press_feature(
		    lex, &ret->features, ret->entities, ret->entity_count) &&
		add_policy(ret)))
		status =
		    vg_fail(err, VG_E_NOMEM, "out of memory for a page's features");
	return status;
}

bool vg_reading_touches(const struct vg_reading *r, enum vg_sum which)
{
	if (which == VG_SUM_RX)
		return r->medicines.any_offered ||
		       vg_features_count(&r->features, "rx.norx_policy") > 0;
	if (which == VG_SUM_WILDLIFE)
		return vg_features_count(&r->features, "wildlife.species") > 0 ||
		       vg_features_count(&r->features, "wildlife.hint") > 0;
	return true;
}
