/* SPDX-License-Identifier: MIT */
/* Reading a page: terms, scope, rules, medicines, and the features that come of them. */
#include "config.h"

#include "detect/reading.h"

#include <math.h>
#include <string.h>

#include "detect/lang.h"
#include "detect/page.h"
#include "detect/press.h"
#include "detect/scope.h"

/* Bytes of what the page itself says: below the one it is a note, from the other on a page like any. */
enum { BRIEF_TEXT = 120, LONG_TEXT = 320, USUAL_TEXT = 1500 };

/* "concept:x", "rule:x", "marker:x" made once a page; NULL .ptr when out of memory. */
static struct vg_str name_of(
    const struct vg_doc *doc, const char *prefix, struct vg_str name)
{
	return vg_arena_printf(doc->arena, "%s%.*s", prefix, VG_STR_ARG(name));
}

/* Menus and footers say the same on every page of a site, and little about this one. */
static bool is_boilerplate(const struct vg_block *block)
{
	return block->in & (VG_IN_NAV | VG_IN_FOOTER);
}

/* What the page says of itself to whoever reads it. */
static bool is_own_text(const struct vg_block *block)
{
	return block->where == VG_WHERE_TEXT && !is_boilerplate(block);
}

/* State in scripts, labels of buttons nobody pressed among it: it speaks only for a page that shows nothing. */
static bool is_idle_state(const struct vg_reading *r, uint32_t block)
{
	return r->text->doc->blocks[block].where == VG_WHERE_SCRIPT &&
	       r->length >= LONG_TEXT;
}

static size_t own_length(const struct vg_doc *doc)
{
	size_t length = 0;

	for (size_t i = 0; i < doc->block_count; i++)
		if (is_own_text(&doc->blocks[i]))
			length += doc->blocks[i].text.len;
	return length;
}

static bool add_concepts(const struct vg_lexicon *lex, struct vg_reading *r)
{
	const struct vg_doc *doc = r->text->doc;
	struct vg_str names[VG_MAX_CONCEPTS] = {{NULL, 0}};

	for (size_t i = 0; i < r->text->hit_count; i++) {
		const struct vg_hit *h = &r->text->hits[i];

		if (h->kind != VG_TERM_CONCEPT || (h->flags & VG_HIT_VOID))
			continue;
		if ((is_boilerplate(&doc->blocks[h->block]) ||
			is_idle_state(r, h->block)) &&
		    !vg_concepts_has(&r->outright, h->index))
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
		    !vg_features_add(&r->features, names[h->index], r->share, h->block,
			h->start, h->end))
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
		bool fraud =
		    rule->family == VG_TIMESHARE || rule->family == VG_CYBERSCAM;

		if (fraud && is_idle_state(r, f->block))
			continue;
		r->fraud_rules += fraud;
		if (name.ptr == NULL ||
		    !vg_features_add(&r->features, name, fraud ? r->share : 1, f->block,
			f->start, f->end))
			return false;
		if (again || rule->grade.len == 0)
			continue;
		name = name_of(r->text->doc, "signs:", rule->grade);
		if (name.ptr == NULL ||
		    !vg_features_add(&r->features, name, fraud ? r->share : 1, f->block,
			f->start, f->end))
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
	    "concept:advice", "concept:vet_word", "page.press", "page.academic",
	    "rx.otc_drugs"};
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

/* A medicine that needs a prescription, with its price: the surest sign of a shop. */
static bool add_offers(const struct vg_lexicon *lex, struct vg_reading *r)
{
	for (size_t i = 0; i < r->offer_count; i++) {
		const struct vg_offer *o = &r->offers[i];
		uint32_t drug = vg_lexicon_find_drug(lex, o->substance);

		if (drug == UINT32_MAX || o->price.ptr == NULL ||
		    vg_lexicon_drug(lex, drug)->otc)
			continue;
		if (!vg_features_cite(
			&r->features, VG_STR("rx.offers"), 1, o->title, o->at))
			return false;
	}
	return true;
}

/* A prescription is asked for and nothing on the page says otherwise. */
static bool add_demand(struct vg_reading *r)
{
	const struct vg_feature *f =
	    vg_features_find(&r->features, "concept:prescription_required");

	if (f == NULL || vg_features_count(&r->features, "concept:no_prescription") > 0)
		return true;
	return vg_features_cite(
	    &r->features, VG_STR("rx.demanded"), f->count, f->quote, f->at);
}

/* A note that sells says what it costs, that no prescription is asked, or where to answer; a glossary does not. */
static bool is_note(const struct vg_reading *r)
{
	static const char *const signs[] = {"rx.price_near", "rx.norx_near",
	    "entity:phone", "entity:whatsapp", "entity:telegram", "entity:signal",
	    "entity:wechat", "entity:email", "entity:instagram"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (vg_features_count(&r->features, signs[i]) > 0)
			return true;
	return false;
}

/* How short the page is, 0..1: what a long page would have said counts less against it. */
static bool add_brevity(struct vg_reading *r)
{
	const struct vg_doc *doc = r->text->doc;
	const struct vg_block *first = NULL;
	struct vg_place at = {0};
	double brief;

	for (size_t i = 0; i < doc->block_count && first == NULL; i++)
		if (doc->blocks[i].text.len > 0 && is_own_text(&doc->blocks[i]))
			first = &doc->blocks[i];
	if (first == NULL || r->length >= LONG_TEXT)
		return true;
	at.where = first->where;
	vg_doc_block_span(doc, first, 0, first->text.len, &at.start, &at.end);
	brief = r->length <= BRIEF_TEXT ? 1
					: (double)(LONG_TEXT - r->length) /
					      (double)(LONG_TEXT - BRIEF_TEXT);
	return vg_features_cite(
		   &r->features, VG_STR("page.brief"), brief, first->text, at) &&
	       (!is_note(r) || vg_features_cite(&r->features, VG_STR("rx.brief"), brief,
				   first->text, at));
}

static enum vg_status find_offers(const struct vg_lexicon *lex,
    const struct vg_doc *doc, struct vg_reading *r, struct vg_error *err)
{
	const struct vg_mentions *m = &r->medicines;
	struct vg_substance *list =
	    vg_arena_array(doc->arena, m->count + 1, sizeof(*list));

	if (list == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory for substances");
	for (size_t i = 0; i < m->count; i++) {
		const struct vg_hit *h = &r->text->hits[m->list[i].hit];
		const struct vg_drug *d = vg_lexicon_drug(lex, m->list[i].drug);

		list[i] = (struct vg_substance){.inn = d->inn,
		    .surface = vg_str_sub(doc->blocks[h->block].text, h->start, h->end),
		    .severity = d->severity,
		    .at = vg_text_place(doc, h->block, h->start, h->end)};
	}
	r->substances = list;
	return vg_offers_find(
	    doc, &r->region, list, m->count, &r->offers, &r->offer_count, err);
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
	vg_concepts_add(&ret->outright, vg_lexicon_concept(lex, "no_prescription"));
	vg_concepts_add(
	    &ret->outright, vg_lexicon_concept(lex, "prescription_required"));
	vg_concepts_add(&ret->outright, vg_lexicon_concept(lex, "refusal"));
	ret->length = own_length(doc);
	ret->share = ret->length > USUAL_TEXT
			 ? sqrt((double)USUAL_TEXT / (double)ret->length)
			 : 1;
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
	if (status == VG_OK)
		status = find_offers(lex, doc, ret, err);
	if (status == VG_OK &&
	    !(add_entities(ret) && add_concepts(lex, ret) && add_markers(lex, ret) &&
		add_firings(lex, ret) && add_species(ret) &&
		vg_press_feature(
		    lex, &ret->features, ret->entities, ret->entity_count) &&
		add_policy(ret) && add_offers(lex, ret) && add_demand(ret) &&
		add_brevity(ret)))
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
	/* loose words are no mechanism */
	return r->fraud_rules > 0;
}
