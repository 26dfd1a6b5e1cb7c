/* SPDX-License-Identifier: MIT */
/* Writing down how a page came to its verdict. */
#include "config.h"

#include "detect/explain.h"

#include <math.h>
#include <stdio.h>

#include "detect/reading.h"

#define MAX_BLOCKS 5000 /* written down; of the rest the count */

static void write_place(struct vg_json_writer *w, const struct vg_place *at)
{
	vg_jw_kint(w, "start", (int64_t)at->start);
	vg_jw_kint(w, "end", (int64_t)at->end);
	vg_jw_kstrz(w, "where", vg_where_name(at->where));
}

static void write_number(struct vg_json_writer *w, const char *key, double value)
{
	vg_jw_key(w, key);
	vg_jw_fixed(w, value, 4);
}

static void write_sum(struct vg_json_writer *w, const struct vg_lexicon *lex,
    const struct vg_reading *r, enum vg_sum which)
{
	size_t none;
	double p = vg_score(lex, &r->features, which, NULL, 0, &none);
	const struct vg_weight *bias = vg_weight_find(lex, VG_STR("bias"));

	vg_jw_object(w);
	vg_jw_kstrz(w, "sum", vg_sum_name(which));
	vg_jw_kbool(w, "touches", vg_reading_touches(r, which));
	write_number(w, "bias", bias == NULL ? 0 : bias->value[which]);
	write_number(w, "total", log(p / (1 - p)));
	write_number(w, "confidence", p);
	vg_jw_end_object(w);
}

static void write_feature(
    struct vg_json_writer *w, const struct vg_lexicon *lex, const struct vg_feature *f)
{
	const struct vg_weight *weight = vg_weight_find(lex, f->name);

	vg_jw_object(w);
	vg_jw_kstr(w, "name", f->name);
	write_number(w, "count", f->count);
	write_number(w, "value", vg_feature_value(f->count));
	vg_jw_key(w, "weights");
	vg_jw_object(w);
	for (int s = 0; weight != NULL && s < (int)VG_SUMS; s++)
		if (weight->value[s] < 0 || weight->value[s] > 0)
			write_number(w, vg_sum_name((enum vg_sum)s), weight->value[s]);
	vg_jw_end_object(w);
	vg_jw_kstr(w, "quote", f->quote);
	write_place(w, &f->at);
	vg_jw_end_object(w);
}

static struct vg_str hit_name(const struct vg_lexicon *lex, const struct vg_hit *h)
{
	switch ((enum vg_term_kind)h->kind) {
	case VG_TERM_CONCEPT:
		return vg_str(vg_lexicon_concept_name(lex, h->index));
	case VG_TERM_DRUG:
		return vg_lexicon_drug(lex, h->index)->inn;
	case VG_TERM_MARKER:
		return vg_lexicon_marker(lex, h->index)->id;
	case VG_TERM_SPECIES:
	case VG_TERM_PLACE:
		break;
	}
	return vg_lexicon_term(lex, h->term)->text;
}

static const char *state_of(const struct vg_hit *h)
{
	return h->flags & VG_HIT_VOID        ? "void"
	       : h->flags & VG_HIT_NEGATED   ? "negated"
	       : h->flags & VG_HIT_REPORTED  ? "reported"
	       : h->flags & VG_HIT_DISGUISED ? "disguised"
					     : "counts";
}

static void write_hit(struct vg_json_writer *w, const struct vg_lexicon *lex,
    const struct vg_text *text, const struct vg_hit *h)
{
	static const char *const kinds[] = {
	    "concept", "medicine", "marker", "species", "place"};
	const struct vg_term *term = vg_lexicon_term(lex, h->term);
	char rule[80];

	(void)snprintf(rule, sizeof(rule), "%s:%u", term->table, term->line);
	vg_jw_object(w);
	vg_jw_kstrz(w, "kind", kinds[h->kind]);
	vg_jw_kstr(w, "name", hit_name(lex, h));
	vg_jw_kstrz(w, "rule", rule);
	vg_jw_kint(w, "from", h->start);
	vg_jw_kint(w, "to", h->end);
	vg_jw_kstrz(w, "state", state_of(h));
	if (h->by > 0) {
		const struct vg_hit *by = &text->hits[h->by - 1];

		vg_jw_kstr(w, "by",
		    vg_str_sub(text->doc->blocks[by->block].text, by->start, by->end));
	}
	vg_jw_end_object(w);
}

/* Rules that fired, or would have. */
struct firings {
	const struct vg_firing *list;
	size_t count;
};

static bool any_in(const struct firings *fs, uint32_t block)
{
	for (size_t i = 0; i < fs->count; i++)
		if (fs->list[i].block == block)
			return true;
	return false;
}

/* Firings are few; every block looks through them all. */
static void write_rules(struct vg_json_writer *w, const struct vg_lexicon *lex,
    const struct vg_text *text, const struct firings *fs, uint32_t block)
{
	for (size_t i = 0; i < fs->count; i++) {
		const struct vg_firing *f = &fs->list[i];
		const struct vg_rule *rule = vg_vec_at(&lex->rules, f->rule);

		if (f->block != block)
			continue;
		vg_jw_object(w);
		vg_jw_kstr(w, "rule", rule->id);
		vg_jw_kint(w, "from", f->start);
		vg_jw_kint(w, "to", f->end);
		if (f->by != UINT32_MAX)
			vg_jw_kstrz(w, "none", vg_lexicon_concept_name(lex, f->by));
		if (f->by_hit > 0) {
			const struct vg_hit *h = &text->hits[f->by_hit - 1];

			vg_jw_kstr(w, "by",
			    vg_str_sub(text->doc->blocks[h->block].text, h->start,
				h->end));
		}
		vg_jw_end_object(w);
	}
}

static void write_block(struct vg_json_writer *w, const struct vg_lexicon *lex,
    const struct vg_reading *r, const struct firings *voided, uint32_t block)
{
	const struct firings fired = {r->firings, r->firing_count};
	const struct vg_text *t = r->text;
	const struct vg_block *b = &t->doc->blocks[block];
	struct vg_place at = {.where = b->where};

	vg_doc_block_span(t->doc, b, 0, b->text.len, &at.start, &at.end);
	vg_jw_object(w);
	write_place(w, &at);
	vg_jw_kstr(w, "text", b->text);
	vg_jw_key(w, "hits");
	vg_jw_array(w);
	for (uint32_t i = t->block_hits[block]; i < t->block_hits[block + 1]; i++)
		write_hit(w, lex, t, &t->hits[i]);
	vg_jw_end_array(w);
	vg_jw_key(w, "rules");
	vg_jw_array(w);
	write_rules(w, lex, t, &fired, block);
	vg_jw_end_array(w);
	vg_jw_key(w, "voided");
	vg_jw_array(w);
	write_rules(w, lex, t, voided, block);
	vg_jw_end_array(w);
	vg_jw_end_object(w);
}

/* Blocks with anything in them, or `every` block with text. */
static void write_blocks(struct vg_json_writer *w, const struct vg_lexicon *lex,
    const struct vg_reading *r, const struct firings *voided, bool every)
{
	const struct vg_doc *doc = r->text->doc;
	const uint32_t *hits = r->text->block_hits;
	int64_t count = 0;

	vg_jw_key(w, "blocks");
	vg_jw_array(w);
	for (uint32_t b = 0; b < doc->block_count; b++)
		if (((every && doc->blocks[b].text.len > 0) || hits[b] < hits[b + 1] ||
			any_in(voided, b)) &&
		    ++count <= MAX_BLOCKS)
			write_block(w, lex, r, voided, b);
	vg_jw_end_array(w);
	vg_jw_kint(w, "blocks_left_off", count > MAX_BLOCKS ? count - MAX_BLOCKS : 0);
}

enum vg_status vg_explain(const struct vg_lexicon *lex, const struct vg_doc *doc,
    bool every, struct vg_json_writer *w, struct vg_error *err)
{
	struct firings voided;
	struct vg_reading *r = vg_arena_alloc(doc->arena, sizeof(*r));
	struct vg_result *result;
	enum vg_status status;

	if (r == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory for an explanation");
	status = vg_reading_of(lex, doc, r, err);
	if (status == VG_OK)
		status = vg_reading_judge(lex, r, &result, err);
	if (status != VG_OK)
		return status;
	if (!vg_rules_voided(
		lex, r->text, r->sentences, &voided.list, &voided.count))
		return vg_fail(err, VG_E_NOMEM, "out of memory for an explanation");
	vg_jw_object(w);
	vg_jw_kstr(w, "url", result->url);
	vg_jw_kstr(w, "charset", result->charset);
	vg_jw_kstr(w, "lang", result->lang);
	vg_jw_kstrz(w, "verdict", vg_verdict_name(result->verdict));
	vg_jw_key(w, "claims");
	vg_claims_write(result, w);
	write_blocks(w, lex, r, &voided, every);
	vg_jw_key(w, "sums");
	vg_jw_array(w);
	for (int s = 0; s < (int)VG_SUMS; s++)
		write_sum(w, lex, r, (enum vg_sum)s);
	vg_jw_end_array(w);
	vg_jw_key(w, "features");
	vg_jw_array(w);
	for (size_t i = 0; i < r->features.list.len; i++)
		write_feature(w, lex, vg_vec_at(&r->features.list, i));
	vg_jw_end_array(w);
	vg_jw_end_object(w);
	return VG_OK;
}
