/* SPDX-License-Identifier: MIT */
/* Terms that are said twice, that contradict each other, or that no page can hold. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "detect/check_priv.h"
#include "detect/text.h"

/* A literal term and what it becomes. */
struct entry {
	struct vg_str folded;
	const struct vg_term *term;
	uint32_t index;
};

static char canon(char c)
{
	return c == '-' || c == '_' ? ' ' : c;
}

/* As the matcher compares: space, dash and underscore are one. */
static int compare_folded(struct vg_str a, struct vg_str b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		int diff = (unsigned char)canon(a.ptr[i]) -
			   (unsigned char)canon(b.ptr[i]);

		if (diff != 0)
			return diff;
	}
	return (a.len > b.len) - (a.len < b.len);
}

static int by_folded(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int diff = compare_folded(x->folded, y->folded);

	return diff != 0 ? diff : (x->index > y->index) - (x->index < y->index);
}

/* Several rows can be of one species. */
static bool same_species(const struct vg_lexicon *lex, uint32_t a, uint32_t b)
{
	const struct vg_table *t = vg_lexicon_table(lex, "wildlife_markers");
	struct vg_str name = vg_check_cell(t, a, "species");

	return name.len > 0 && vg_str_eq(name, vg_check_cell(t, b, "species"));
}

static bool same_thing(
    const struct vg_lexicon *lex, const struct vg_term *a, const struct vg_term *b)
{
	return a->kind == b->kind &&
	       (a->index == b->index || (a->kind == VG_TERM_SPECIES &&
					    same_species(lex, a->index, b->index)));
}

/* Columns that name a thing in another way may repeat it: a brand can be its substance's name. */
static bool may_repeat(const struct vg_term *a, const struct vg_term *b)
{
	return a->kind != VG_TERM_CONCEPT && a->kind != VG_TERM_MARKER &&
	       (strcmp(a->column, b->column) != 0 || strcmp(a->column, "inn") == 0 ||
		   strcmp(a->column, "inn_es") == 0 ||
		   strcmp(a->column, "species") == 0);
}

static bool is_concept(
    const struct vg_lexicon *lex, const struct vg_term *t, const char *name)
{
	return t->kind == VG_TERM_CONCEPT &&
	       strcmp(vg_lexicon_concept_name(lex, t->index), name) == 0;
}

static bool names_thing(const struct vg_term *t)
{
	return t->kind == VG_TERM_DRUG || t->kind == VG_TERM_SPECIES ||
	       t->kind == VG_TERM_PLACE;
}

/* Why two meanings of one word cannot stand side by side, or NULL when they can. */
static const char *conflict(
    const struct vg_lexicon *lex, const struct vg_term *a, const struct vg_term *b)
{
	static const char *const against[] = {
	    "prescription_required", "refusal", "homonym"};

	for (size_t i = 0; i < sizeof(against) / sizeof(against[0]); i++)
		if (is_concept(lex, a, "no_prescription") &&
		    is_concept(lex, b, against[i]))
			return "one takes the other back, so it never counts";
	if ((a->kind == VG_TERM_DRUG || a->kind == VG_TERM_SPECIES) &&
	    is_concept(lex, b, "homonym"))
		return "one takes the other back, so it never counts";
	if (a->kind == VG_TERM_PLACE && b->kind == VG_TERM_PLACE)
		return NULL; /* a coast has many towns */
	if (names_thing(a) && names_thing(b) &&
	    !((a->flags | b->flags) & VG_TERM_AMBIGUOUS))
		return "a page that says it would be read as naming both; call it "
		       "ambiguous in one of them";
	if (a->kind == VG_TERM_MARKER && b->kind == VG_TERM_MARKER &&
	    strcmp(a->table, b->table) != 0)
		return "a page that says it would be marked as both";
	return NULL;
}

/* True when that was worth telling. */
static bool compare_pair(
    const struct vg_lexicon *lex, const struct vg_term *a, const struct vg_term *b)
{
	const char *why;

	if (same_thing(lex, a, b)) {
		if (may_repeat(a, b))
			return false;
		vg_check_tell_term(lex, b, "\"%.*s\" is in %s:%u already",
		    VG_STR_ARG(b->text), a->table, a->line);
		return true;
	}
	why = conflict(lex, a, b);
	if (why == NULL)
		why = conflict(lex, b, a);
	if (why != NULL)
		vg_check_tell_term(lex, b, "\"%.*s\" is in %s:%u too: %s",
		    VG_STR_ARG(b->text), a->table, a->line, why);
	return why != NULL;
}

/* Equal neighbours, each told once, against the first that it is at odds with. */
static void compare_group(
    const struct vg_lexicon *lex, const struct entry *group, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (compare_pair(lex, group[k].term, group[i].term))
				break;
}

/* A letter by itself is chance, except beside a number or where one sign is a word. */
static void check_length(const struct vg_lexicon *lex, const struct entry *e)
{
	size_t pos = 0;
	uint32_t c = vg_utf8_next(e->folded, &pos);

	if (pos < e->folded.len || c >= 0x2e80 || !vg_is_word(c) ||
	    is_concept(lex, e->term, "currency_word") ||
	    is_concept(lex, e->term, "per_weight"))
		return;
	vg_check_tell_term(lex, e->term, "\"%.*s\" is a single letter",
	    VG_STR_ARG(e->term->text));
}

static void add_text(struct vg_buf *out, struct vg_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '<')
			vg_buf_addz(out, "&lt;");
		else if (text.ptr[i] == '&')
			vg_buf_addz(out, "&amp;");
		else
			vg_buf_addc(out, text.ptr[i]);
	}
}

/* Reads a page that holds nothing but the terms [from, to), each in a paragraph; those it does not find no page can hold. */
static bool check_found(struct vg_lexicon *lex, const struct entry *all, size_t from,
    size_t to, bool *found)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_buf page = VG_BUF_INIT(VG_MAX_DOCUMENT);
	struct vg_doc_input in = {.content_type = VG_STR("text/html; charset=utf-8")};
	struct vg_doc *doc;
	struct vg_text *text;
	bool ok = false;

	for (size_t i = from; i < to; i++) {
		vg_buf_addz(&page, "<p>");
		add_text(&page, all[i].term->text);
	}
	if (arena == NULL || vg_buf_status(&page, NULL) != VG_OK)
		goto out;
	in.payload = vg_buf_str(&page);
	if (vg_doc_read(arena, &in, &doc, NULL) != VG_OK ||
	    vg_text_read(lex, doc, &text, NULL) != VG_OK)
		goto out;
	for (size_t i = 0; i < text->hit_count; i++)
		found[text->hits[i].term] = true;
	for (size_t i = from; i < to; i++)
		if (!found[all[i].index])
			vg_check_tell_term(lex, all[i].term,
			    "\"%.*s\" is on no page: written like this it reads "
			    "otherwise there",
			    VG_STR_ARG(all[i].term->text));
	ok = true;
out:
	vg_buf_release(&page);
	vg_arena_free(arena);
	return ok;
}

bool vg_check_terms(struct vg_lexicon *lex)
{
	enum { AT_ONCE = 1000 };
	struct entry *all = vg_arena_array(
	    lex->arena, lex->patterns.len + 1, sizeof(*all));
	bool *found = vg_arena_array(lex->arena, lex->terms.len + 1, sizeof(*found));
	size_t count = 0;
	bool ok = all != NULL && found != NULL;

	for (size_t i = 0; ok && i < lex->patterns.len; i++) {
		const struct vg_pattern *p = vg_vec_at(&lex->patterns, i);

		if (p->regex != UINT32_MAX)
			continue;
		all[count++] = (struct entry){
		    .folded = *(struct vg_str *)vg_vec_at(&lex->literals, i),
		    .term = vg_lexicon_term(lex, p->term),
		    .index = p->term};
	}
	for (size_t i = 0; ok && i < count; i += AT_ONCE)
		ok = check_found(lex, all, i,
		    i + AT_ONCE < count ? i + AT_ONCE : count, found);
	if (ok && count > 0)
		qsort(all, count, sizeof(*all), by_folded);
	for (size_t i = 0, to; ok && i < count; i = to) {
		for (to = i + 1; to < count && compare_folded(all[i].folded,
						   all[to].folded) == 0;)
			to++;
		compare_group(lex, all + i, to - i);
		for (size_t k = i; k < to; k++)
			check_length(lex, &all[k]);
	}
	return ok;
}
