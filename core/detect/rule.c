/* SPDX-License-Identifier: MIT */
/* Reading and running the rules of the lexicon. */
#include "config.h"

#include "detect/rule.h"

#include <string.h>

#include "base/limits.h"
#include "base/size.h"

enum { MAX_FIRINGS = 20, PASSAGE = 12 }; /* sentences to either side */

void vg_concepts_add(struct vg_concepts *set, uint32_t concept)
{
	if (concept < VG_MAX_CONCEPTS)
		set->bits[concept / 64] |= UINT64_C(1) << (concept % 64);
}

bool vg_concepts_has(const struct vg_concepts *a, uint32_t concept)
{
	return concept < VG_MAX_CONCEPTS &&
	       (a->bits[concept / 64] >> (concept % 64) & 1);
}

bool vg_concepts_meet(const struct vg_concepts *a, const struct vg_concepts *b)
{
	uint64_t common = 0;

	for (size_t i = 0; i < VG_CONCEPT_WORDS; i++)
		common |= a->bits[i] & b->bits[i];
	return common != 0;
}

static void join(struct vg_concepts *a, const struct vg_concepts *b)
{
	for (size_t i = 0; i < VG_CONCEPT_WORDS; i++)
		a->bits[i] |= b->bits[i];
}

static enum vg_status read_set(struct vg_lexicon *lex, struct vg_str names,
    struct vg_concepts *ret, struct vg_error *err)
{
	enum vg_status status = VG_OK;
	struct vg_str name;

	while (status == VG_OK && vg_str_split(&names, '|', &name)) {
		uint32_t concept = 0;

		status = vg_lexicon_intern(lex, name, &concept, err);
		vg_concepts_add(ret, concept);
	}
	return status;
}

static bool read_scope(struct vg_str text, enum vg_rule_scope *ret)
{
	static const char *const names[] = {
	    "sentence", "near", "block", "passage", "page"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (vg_str_eqz(text, names[i])) {
			*ret = (enum vg_rule_scope)i;
			return true;
		}
	return false;
}

static bool read_family(struct vg_str text, enum vg_family *ret)
{
	for (int f = VG_RX; f < (int)VG_FAMILIES; f++)
		if (vg_str_eqz(text, vg_family_name((enum vg_family)f))) {
			*ret = (enum vg_family)f;
			return true;
		}
	return false;
}

static enum vg_status read_sets(struct vg_lexicon *lex, struct vg_rule *rule,
    const struct vg_table *t, size_t row, struct vg_str all, struct vg_str none,
    struct vg_error *err)
{
	enum vg_status status = VG_OK;
	struct vg_str part;

	while (status == VG_OK && vg_str_split(&all, ' ', &part)) {
		if (part.len == 0)
			continue;
		if (rule->part_count == VG_RULE_PARTS)
			return vg_table_fault(t, vg_table_line(t, row), "all", err,
			    "more than %u parts", VG_RULE_PARTS);
		status = read_set(lex, part, &rule->part[rule->part_count++], err);
	}
	if (status == VG_OK && rule->part_count == 0)
		status = vg_table_fault(t, vg_table_line(t, row), "all", err,
		    "a rule without concepts fires on everything");
	if (status == VG_OK && none.len > 0)
		status = read_set(lex, none, &rule->none, err);
	return status;
}

/* A rule gives a concept when other rules ask for one of its name. */
static void name_given(struct vg_lexicon *lex)
{
	for (size_t i = 0; i < lex->rules.len; i++) {
		struct vg_rule *rule = vg_vec_at(&lex->rules, i);

		rule->gives = UINT32_MAX;
		for (uint32_t c = 0; c < lex->concepts.len; c++)
			if (vg_str_eqz(rule->id, vg_lexicon_concept_name(lex, c)))
				rule->gives = c;
	}
}

enum vg_status vg_rules_read(
    struct vg_lexicon *lex, const struct vg_table *t, struct vg_error *err)
{
	static const char *const needed[] = {"rule", "family", "subkind", "kind",
	    "scope", "all", "none", "report", "grade"};
	enum { COLUMNS = sizeof(needed) / sizeof(needed[0]) };
	size_t col[COLUMNS];
	enum vg_status status = VG_OK;

	for (size_t c = 0; c < COLUMNS && status == VG_OK; c++)
		status = vg_table_need(t, needed[c], &col[c], err);
	for (size_t i = 0; status == VG_OK && i < t->row_count; i++) {
		struct vg_rule *rule = vg_vec_push(&lex->rules);

		if (rule == NULL)
			return vg_fail(err, VG_E_LIMIT, "%s:%u: too many rules",
			    t->name, vg_table_line(t, i));
		rule->id = vg_table_cell(t, i, col[0]);
		rule->subkind = vg_table_cell(t, i, col[2]);
		rule->kind = vg_table_cell(t, i, col[3]);
		rule->marker = vg_str_eqz(vg_table_cell(t, i, col[7]), "marker");
		rule->grade = vg_table_cell(t, i, col[8]);
		if (!read_family(vg_table_cell(t, i, col[1]), &rule->family))
			status = vg_table_fault(t, vg_table_line(t, i), "family", err,
			    "none of rx, timeshare, cyberscam, wildlife");
		if (status == VG_OK &&
		    !read_scope(vg_table_cell(t, i, col[4]), &rule->scope))
			status = vg_table_fault(t, vg_table_line(t, i), "scope", err,
			    "none of sentence, near, block, passage, page");
		if (status == VG_OK)
			status = read_sets(lex, rule, t, i, vg_table_cell(t, i, col[5]),
			    vg_table_cell(t, i, col[6]), err);
	}
	name_given(lex);
	return status;
}

/* Amounts in figures: a currency sign or word beside a number, and percentages. */
static void note_figures(const struct vg_text *text, const struct vg_sentence *s,
    bool currency_word, bool *ret_money, bool *ret_percent)
{
	struct vg_str line =
	    vg_str_sub(text->doc->blocks[s->block].text, s->start, s->end);
	bool digit = false, sign = false;

	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];

		digit |= c >= '0' && c <= '9';
		sign |= c == '$' ||
			(c == 0xc2 && i + 1 < line.len &&
			    ((unsigned char)line.ptr[i + 1] == 0xa3 ||
				(unsigned char)line.ptr[i + 1] == 0xa5)) ||
			(c == 0xe2 && i + 2 < line.len &&
			    (unsigned char)line.ptr[i + 1] == 0x82);
		*ret_percent |= c == '%' && digit;
	}
	*ret_money = digit && (sign || currency_word);
}

/* 1..6 of a heading that is read as one, else 0. */
static char heading_level(const struct vg_doc *doc, const struct vg_block *b)
{
	if (!(b->in & VG_IN_HEADING) || b->where != VG_WHERE_TEXT ||
	    b->element >= doc->element_count || doc->elements[b->element].name.len != 2)
		return 0;
	return (char)(doc->elements[b->element].name.ptr[1] - '0');
}

/* "How to spot a fake buyer": what a heading warns of, its whole section does. */
static void spread_warnings(
    const struct vg_text *text, struct vg_concepts *sets, uint32_t advice)
{
	char warned = 0; /* level of the heading that warns */

	for (uint32_t b = 0; b < text->doc->block_count; b++) {
		char level = heading_level(text->doc, &text->doc->blocks[b]);

		if (level > 0 && level <= warned)
			warned = 0;
		for (uint32_t s = text->block_sentences[b];
		     s < text->block_sentences[b + 1]; s++) {
			if (warned > 0)
				vg_concepts_add(&sets[s], advice);
			else if (level > 0 && vg_concepts_has(&sets[s], advice))
				warned = level;
		}
	}
}

struct vg_concepts *vg_sentence_concepts(
    const struct vg_lexicon *lex, const struct vg_text *text)
{
	uint32_t drug = vg_lexicon_concept(lex, "drug"),
		 species = vg_lexicon_concept(lex, "species");
	uint32_t money = vg_lexicon_concept(lex, "money");
	uint32_t percent = vg_lexicon_concept(lex, "percent");
	uint32_t currency = vg_lexicon_concept(lex, "currency_word");
	uint32_t place = vg_lexicon_concept(lex, "place");
	struct vg_concepts *sets =
	    vg_arena_array(text->doc->arena, text->sentence_count + 1, sizeof(*sets));

	if (sets == NULL)
		return NULL;
	for (size_t i = 0; i < text->hit_count; i++) {
		const struct vg_hit *h = &text->hits[i];
		struct vg_concepts *set = &sets[h->sentence];

		if (h->flags & (VG_HIT_VOID | VG_HIT_REPORTED))
			continue;
		if (h->kind == VG_TERM_CONCEPT)
			vg_concepts_add(set, h->index);
		else if (h->kind == VG_TERM_DRUG)
			vg_concepts_add(set, drug);
		else if (h->kind == VG_TERM_SPECIES &&
			 !(h->term_flags & VG_TERM_AMBIGUOUS))
			vg_concepts_add(set, species);
		else if (h->kind == VG_TERM_PLACE)
			vg_concepts_add(set, place);
	}
	for (size_t i = 0; i < text->sentence_count; i++) {
		bool is_money = false, is_percent = false;

		note_figures(text, &text->sentences[i],
		    vg_concepts_has(&sets[i], currency), &is_money, &is_percent);
		if (is_money)
			vg_concepts_add(&sets[i], money);
		if (is_percent)
			vg_concepts_add(&sets[i], percent);
	}
	spread_warnings(text, sets, vg_lexicon_concept(lex, "advice"));
	return sets;
}

/* Whether every part is said, and with `voided` something of `none` too, else nothing of it. */
static bool fires(
    const struct vg_rule *rule, const struct vg_concepts *set, bool voided)
{
	for (size_t i = 0; i < rule->part_count; i++)
		if (!vg_concepts_meet(&rule->part[i], set))
			return false;
	return vg_concepts_meet(&rule->none, set) == voided;
}

/* The sentences a rule reads at once when it looks at sentence i. */
static void reach(const struct vg_text *text, enum vg_rule_scope scope, uint32_t i,
    uint32_t *from, uint32_t *to)
{
	uint32_t block = text->sentences[i].block;

	*from = i;
	*to = i + 1;
	if (scope == VG_RULE_NEAR && i + 1 < text->sentence_count)
		*to = i + 2;
	if (scope == VG_RULE_BLOCK)
		*to = text->block_sentences[block + 1];
	if (scope == VG_RULE_PASSAGE) {
		*from = i > PASSAGE ? i - PASSAGE : 0;
		*to = (uint32_t)vg_size_min(i + PASSAGE + 1, text->sentence_count);
	}
	if (scope == VG_RULE_PAGE) {
		*from = 0;
		*to = (uint32_t)text->sentence_count;
	}
}

static bool push(
    struct vg_vec *out, const struct vg_text *text, uint32_t rule, uint32_t sentence)
{
	const struct vg_sentence *s = &text->sentences[sentence];
	struct vg_firing *f = vg_vec_push(out);

	if (f == NULL)
		return false;
	*f = (struct vg_firing){.rule = rule,
	    .block = s->block,
	    .start = s->start,
	    .end = s->end,
	    .sentence = sentence,
	    .by = UINT32_MAX};
	return true;
}

/* Names what of `none` is said in the sentences [from, to), and where. */
static void name_voider(const struct vg_text *text, const struct vg_concepts *sets,
    const struct vg_rule *rule, uint32_t from, uint32_t to, struct vg_firing *f)
{
	for (uint32_t k = from; k < to && f->by == UINT32_MAX; k++)
		for (uint32_t c = 0; c < VG_MAX_CONCEPTS && f->by == UINT32_MAX; c++)
			if (vg_concepts_has(&rule->none, c) &&
			    vg_concepts_has(&sets[k], c))
				f->by = c;
	for (size_t i = 0; i < text->hit_count && f->by_hit == 0; i++) {
		const struct vg_hit *h = &text->hits[i];

		if (h->kind == VG_TERM_CONCEPT && h->index == f->by &&
		    h->sentence >= from && h->sentence < to &&
		    !(h->flags & (VG_HIT_VOID | VG_HIT_REPORTED)))
			f->by_hit = (uint32_t)i + 1;
	}
}

static bool one_by_one(enum vg_rule_scope scope)
{
	return scope == VG_RULE_NEAR || scope == VG_RULE_PASSAGE;
}

/* Steps over what is read at once, so that a block or the page counts once. */
static bool run_rule(const struct vg_text *text, const struct vg_concepts *sets,
    uint32_t index, const struct vg_rule *rule, bool voided, struct vg_vec *out)
{
	size_t count = 0;

	for (uint32_t i = 0; i < text->sentence_count && count < MAX_FIRINGS;) {
		struct vg_concepts set = {{0}};
		uint32_t from, to, best = i;

		reach(text, rule->scope, i, &from, &to);
		if ((rule->scope == VG_RULE_SENTENCE ||
			rule->scope == VG_RULE_PASSAGE) &&
		    !vg_concepts_meet(&rule->part[0], &sets[i])) {
			i++;
			continue;
		}
		for (uint32_t k = from; k < to; k++)
			join(&set, &sets[k]);
		if (!fires(rule, &set, voided)) {
			i = one_by_one(rule->scope) ? i + 1 : to;
			continue;
		}
		for (uint32_t k = to; k-- > i;)
			if (vg_concepts_meet(&rule->part[0], &sets[k]))
				best = k;
		if (!push(out, text, index, best))
			return false;
		if (voided)
			name_voider(text, sets, rule, from, to,
			    vg_vec_at(out, out->len - 1));
		count++;
		i = to;
	}
	return true;
}

/* Every part of the rule is said somewhere on the page. */
static bool is_possible(const struct vg_rule *rule, const struct vg_concepts *page)
{
	for (size_t k = 0; k < rule->part_count; k++)
		if (!vg_concepts_meet(&rule->part[k], page))
			return false;
	return true;
}

enum vg_status vg_rules_run(const struct vg_lexicon *lex, const struct vg_text *text,
    struct vg_concepts *sentences, const struct vg_firing **ret, size_t *ret_count,
    struct vg_error *err)
{
	struct vg_vec out =
	    VG_VEC_INIT(struct vg_firing, VG_MAX_FINDINGS, text->doc->arena);
	struct vg_concepts page = {{0}};

	for (size_t i = 0; i < text->sentence_count; i++)
		join(&page, &sentences[i]);
	for (uint32_t r = 0; r < lex->rules.len; r++) {
		const struct vg_rule *rule = vg_vec_at(&lex->rules, r);
		size_t first = out.len;

		if (is_possible(rule, &page) && !run_rule(text, sentences, r, rule, false, &out))
			return vg_fail(err, VG_E_NOMEM, "out of memory for rules");
		if (rule->gives == UINT32_MAX)
			continue;
		for (size_t i = first; i < out.len; i++) {
			const struct vg_firing *f = vg_vec_at(&out, i);

			vg_concepts_add(&sentences[f->sentence], rule->gives);
			vg_concepts_add(&page, rule->gives);
		}
	}
	*ret = out.items;
	*ret_count = out.len;
	return VG_OK;
}

bool vg_rules_voided(const struct vg_lexicon *lex, const struct vg_text *text,
    const struct vg_concepts *sentences, const struct vg_firing **ret,
    size_t *ret_count)
{
	struct vg_vec out =
	    VG_VEC_INIT(struct vg_firing, VG_MAX_FINDINGS, text->doc->arena);

	struct vg_concepts page = {{0}};

	for (size_t i = 0; i < text->sentence_count; i++)
		join(&page, &sentences[i]);
	for (uint32_t r = 0; r < lex->rules.len; r++) {
		const struct vg_rule *rule = vg_vec_at(&lex->rules, r);

		if (is_possible(rule, &page) && vg_concepts_meet(&rule->none, &page) &&
		    !run_rule(text, sentences, r, rule, true, &out))
			return false;
	}
	*ret = out.items;
	*ret_count = out.len;
	return true;
}
