/* SPDX-License-Identifier: MIT */
/* Judging a page. */
#include "config.h"

#include "detect/detect.h"

#include <string.h>

#include "base/limits.h"
#include "base/size.h"
#include "detect/missing.h"
#include "detect/reading.h"

enum { MAX_WHY = 12 };

/*
 * Confidence from which a page is flagged, by family: where held-out pages have precision and recall
 * balance (plugins/lexicon/README.md). From `review_from` on a person should look.
 */
static const double flag_from[VG_FAMILIES] = {
    [VG_RX] = 0.7, [VG_TIMESHARE] = 0.6, [VG_CYBERSCAM] = 0.6, [VG_WILDLIFE] = 0.5};
static const double review_from = 0.3, policy_most = 0.55;

static struct vg_str subkind_of(
    const struct vg_lexicon *lex, const struct vg_reading *r, enum vg_family family)
{
	size_t best = 0;
	struct vg_str name = VG_STR("other");

	if (family == VG_RX)
		return vg_features_count(&r->features, "concept:no_prescription") > 0
			   ? VG_STR("no-prescription")
			   : VG_STR("implicit");
	if (family == VG_WILDLIFE)
		return VG_STR("offer");
	for (size_t i = 0; i < r->firing_count; i++) {
		const struct vg_rule *rule = vg_vec_at(&lex->rules, r->firings[i].rule);
		size_t count = 0;

		if (rule->family != family || rule->subkind.len == 0)
			continue;
		for (size_t k = 0; k < r->firing_count; k++) {
			const struct vg_rule *other =
			    vg_vec_at(&lex->rules, r->firings[k].rule);

			count += other->family == family &&
				 vg_str_eq(other->subkind, rule->subkind);
		}
		if (count > best) {
			best = count;
			name = rule->subkind;
		}
	}
	return name;
}

static enum vg_severity severity_of(const struct vg_reading *r, enum vg_family family)
{
	if (family == VG_RX)
		return r->medicines.severity;
	return family == VG_WILDLIFE ? VG_SEVERITY_MEDIUM : VG_SEVERITY_HIGH;
}

/* The family a sum speaks of on this page. */
static enum vg_family family_of(
    const struct vg_lexicon *lex, const struct vg_reading *r, enum vg_sum which)
{
	size_t none;

	if (which == VG_SUM_RX)
		return VG_RX;
	if (which == VG_SUM_WILDLIFE)
		return VG_WILDLIFE;
	return vg_score(lex, &r->features, VG_SUM_TIMESHARE, NULL, 0, &none) >= 0.5
		   ? VG_TIMESHARE
		   : VG_CYBERSCAM;
}

static enum vg_status judge(const struct vg_lexicon *lex, const struct vg_reading *r,
    struct vg_result *ret, struct vg_error *err)
{
	static const enum vg_sum sums[] = {VG_SUM_RX, VG_SUM_FRAUD, VG_SUM_WILDLIFE};
	enum { SUMS = sizeof(sums) / sizeof(sums[0]) };
	struct vg_arena *arena = r->text->doc->arena;
	struct vg_claim *claims = vg_arena_array(arena, SUMS, sizeof(*claims));

	if (claims == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory for claims");
	ret->claims = claims;
	for (size_t i = 0; i < SUMS; i++) {
		struct vg_reason *why = vg_arena_array(arena, MAX_WHY, sizeof(*why));
		struct vg_claim *c = &claims[ret->claim_count];
		enum vg_verdict verdict;

		if (why == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory for claims");
		if (!vg_reading_touches(r, sums[i]))
			continue;
		*c = (struct vg_claim){.why = why};
		c->confidence =
		    vg_score(lex, &r->features, sums[i], why, MAX_WHY, &c->why_count);
		/* a shop's policy alone is for a person to look at */
		if (sums[i] == VG_SUM_RX && !r->medicines.any_offered &&
		    c->confidence >= flag_from[VG_RX])
			c->confidence = policy_most;
		if (c->confidence < review_from)
			continue;
		c->family = family_of(lex, r, sums[i]);
		c->subkind = subkind_of(lex, r, c->family);
		c->severity = severity_of(r, c->family);
		verdict =
		    c->confidence >= flag_from[c->family] ? VG_FLAGGED : VG_REVIEW;
		if (verdict > ret->verdict)
			ret->verdict = verdict;
		ret->claim_count++;
	}
	return VG_OK;
}

/* A flagged page carries no weaker claims of other families: one page, one accusation at a time. */
static void drop_weak(struct vg_result *r)
{
	struct vg_claim *claims = (struct vg_claim *)(uintptr_t)r->claims;
	size_t kept = 0;

	for (size_t i = 0; i < r->claim_count; i++)
		if (r->verdict != VG_FLAGGED ||
		    claims[i].confidence >= flag_from[claims[i].family])
			claims[kept++] = claims[i];
	r->claim_count = kept;
}

static bool is_flagged(const struct vg_result *r, enum vg_family family)
{
	for (size_t i = 0; i < r->claim_count; i++)
		if (r->claims[i].family == family)
			return r->claims[i].confidence >= flag_from[family];
	return false;
}

static struct vg_str surface_of(const struct vg_doc *doc, const struct vg_hit *h)
{
	return vg_str_sub(doc->blocks[h->block].text, h->start, h->end);
}

/* Whether each medicine is offered without a prescription: only on a page that is flagged for it. */
static void list_substances(
    const struct vg_lexicon *lex, const struct vg_reading *r, struct vg_result *ret)
{
	const struct vg_mentions *m = &r->medicines;
	bool sells = is_flagged(ret, VG_RX);

	for (size_t i = 0; i < m->count; i++)
		r->substances[i].offered = sells && m->list[i].offered &&
					   !vg_lexicon_drug(lex, m->list[i].drug)->otc;
	ret->substances = r->substances;
	ret->substance_count = m->count;
}

static bool push_marker(struct vg_vec *out, const struct vg_doc *doc,
    struct vg_marker like, uint32_t block, uint32_t start, uint32_t end)
{
	struct vg_marker *m = vg_vec_push(out);

	if (m == NULL)
		return out->len >= out->max;
	*m = like;
	m->quote = vg_str_trim(vg_str_sub(doc->blocks[block].text, start, end));
	m->at = vg_text_place(doc, block, start, end);
	return true;
}

static enum vg_status list_markers(const struct vg_lexicon *lex,
    const struct vg_reading *r, struct vg_result *ret, struct vg_error *err)
{
	const struct vg_doc *doc = r->text->doc;
	struct vg_vec out = VG_VEC_INIT(struct vg_marker, VG_MAX_FINDINGS, doc->arena);
	bool ok = true;

	for (size_t i = 0; ok && i < r->text->hit_count; i++) {
		const struct vg_hit *h = &r->text->hits[i];
		const struct vg_marker_row *m;

		if (h->kind != VG_TERM_MARKER || (h->flags & VG_HIT_VOID))
			continue;
		m = vg_lexicon_marker(lex, h->index);
		ok = push_marker(&out, doc,
		    (struct vg_marker){.id = m->id,
			.kind = m->kind,
			.family = m->family,
			.weight = m->weight},
		    h->block, h->start, h->end);
	}
	for (size_t i = 0; ok && i < r->firing_count; i++) {
		const struct vg_firing *f = &r->firings[i];
		const struct vg_rule *rule = vg_vec_at(&lex->rules, f->rule);

		if (rule->marker)
			ok = push_marker(&out, doc,
			    (struct vg_marker){.id = rule->id,
				.kind = rule->kind,
				.family = rule->family,
				.weight = 1},
			    f->block, f->start, f->end);
	}
	if (!ok)
		return vg_fail(err, VG_E_NOMEM, "out of memory for markers");
	ret->markers = out.items;
	ret->marker_count = out.len;
	return VG_OK;
}

/*
 * A name that is a common word too, or that several species share, needs a page that trades and an owner
 * beside which no other is unsure.
 */
static bool names_species(const struct vg_text *text, size_t i, bool trades)
{
	const struct vg_hit *h = &text->hits[i];

	if (h->kind != VG_TERM_SPECIES || (h->flags & VG_HIT_VOID))
		return false;
	if (!(h->term_flags & VG_TERM_AMBIGUOUS))
		return true;
	for (size_t k = i > 8 ? i - 8 : 0; k < text->hit_count && k < i + 8; k++)
		if (text->hits[k].kind == VG_TERM_SPECIES &&
		    text->hits[k].index != h->index &&
		    text->hits[k].block == h->block &&
		    (text->hits[k].term_flags & VG_TERM_AMBIGUOUS ||
			text->hits[k].end - text->hits[k].start > h->end - h->start) &&
		    text->hits[k].start <= h->start && text->hits[k].end >= h->end)
			return false;
	return trades;
}

/* Which species the page names beside a toy, a carving or a cast of it: rows of the table that are no trade. */
static bool *imitated(
    const struct vg_lexicon *lex, const struct vg_text *text, size_t rows)
{
	enum { BESIDE = 3 }; /* blocks */
	uint32_t concept = vg_lexicon_concept(lex, "imitation");
	bool *list = vg_arena_array(text->doc->arena, rows + 1, sizeof(*list));

	for (size_t i = 0; list != NULL && i < text->hit_count; i++) {
		const struct vg_hit *h = &text->hits[i];
		uint32_t from = h->block > BESIDE ? h->block - BESIDE : 0;
		size_t to =
		    vg_size_min((size_t)h->block + BESIDE + 1, text->doc->block_count);

		if (h->kind != VG_TERM_CONCEPT || h->index != concept)
			continue;
		for (uint32_t k = text->block_hits[from]; k < text->block_hits[to]; k++)
			if (text->hits[k].kind == VG_TERM_SPECIES &&
			    text->hits[k].index < rows)
				list[text->hits[k].index] = true;
	}
	return list;
}

static enum vg_status list_species(const struct vg_lexicon *lex,
    const struct vg_reading *r, struct vg_result *ret, struct vg_error *err)
{
	const struct vg_doc *doc = r->text->doc;
	const struct vg_table *t = vg_lexicon_table(lex, "wildlife_markers");
	size_t column = vg_table_column(t, "species");
	bool trades = is_flagged(ret, VG_WILDLIFE);
	const bool *toys = imitated(lex, r->text, t->row_count);
	struct vg_vec out = VG_VEC_INIT(struct vg_species, VG_MAX_FINDINGS, doc->arena);

	if (toys == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory for species");
	for (size_t i = 0; i < r->text->hit_count; i++) {
		const struct vg_hit *h = &r->text->hits[i];
		struct vg_species *s;
		struct vg_str name;

		if (!names_species(r->text, i, trades) || (!trades && toys[h->index]))
			continue;
		name = vg_table_cell(t, h->index, column);
		if (name.len == 0)
			continue;
		s = vg_vec_push(&out);
		if (s == NULL && out.len < out.max)
			return vg_fail(err, VG_E_NOMEM, "out of memory for species");
		if (s == NULL)
			break;
		*s = (struct vg_species){name, surface_of(doc, h),
		    vg_text_place(doc, h->block, h->start, h->end)};
	}
	ret->species = out.items;
	ret->species_count = out.len;
	return VG_OK;
}

enum vg_status vg_reading_judge(const struct vg_lexicon *lex,
    const struct vg_reading *r, struct vg_result **ret, struct vg_error *err)
{
	const struct vg_doc *doc = r->text->doc;
	struct vg_result *result = vg_arena_alloc(doc->arena, sizeof(*result));
	enum vg_status status;

	if (result == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory for a result");
	result->url = doc->url;
	result->charset = doc->charset;
	result->lang = r->lang;
	result->entities = r->entities;
	result->entity_count = r->entity_count;
	status = judge(lex, r, result, err);
	if (status != VG_OK)
		return status;
	drop_weak(result);
	result->missing = result->verdict == VG_CLEAR && vg_says_missing(lex, r);
	list_substances(lex, r, result);
	result->offers = r->offers;
	result->offer_count = r->offer_count;
	status = list_markers(lex, r, result, err);
	if (status == VG_OK)
		status = list_species(lex, r, result, err);
	if (status == VG_OK)
		*ret = result;
	return status;
}

enum vg_status vg_detect(const struct vg_lexicon *lex, const struct vg_doc *doc,
    struct vg_result **ret, struct vg_error *err)
{
	/* offers borrow the region's currency from it */
	struct vg_reading *r = vg_arena_alloc(doc->arena, sizeof(*r));
	enum vg_status status;

	if (r == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory for a result");
	status = vg_reading_of(lex, doc, r, err);
	if (status == VG_OK)
		status = vg_reading_judge(lex, r, ret, err);
	return status;
}
