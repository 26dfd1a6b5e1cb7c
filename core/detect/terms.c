/* SPDX-License-Identifier: MIT */
/* From the rows of the lexicon's tables to terms, patterns and regexes. */
#include "config.h"

#include <string.h>

#include "base/utf8.h"
#include "detect/lexicon_data.h"
#include "detect/trigger.h"

enum { MAX_PATTERN = 250 };

/* The row being read: everything an error or a term needs to name it. */
struct row {
	struct vg_lexicon *lex;
	const struct vg_table *table;
	size_t index;
	const char *column;
	struct vg_error *err;
};

static uint32_t row_line(const struct row *r)
{
	return vg_table_line(r->table, r->index);
}

static enum vg_status nomem(const struct row *r)
{
	return vg_fail(
	    r->err, VG_E_NOMEM, "%s:%u: out of memory", r->table->name, row_line(r));
}

/* Something is wrong with the row; VG_OK when that was told, and the row or term is to be left out. */
#define FAULT(r, ...)                                                                  \
	vg_table_fault((r)->table, row_line(r), (r)->column, (r)->err, __VA_ARGS__)

static enum vg_status add_term(
    const struct row *r, const struct vg_term *like, struct vg_str text, uint32_t *ret)
{
	struct vg_term *term = vg_vec_push(&r->lex->terms);

	if (term == NULL)
		return nomem(r);
	*term = *like;
	term->text = text;
	term->table = r->table->name;
	term->line = row_line(r);
	term->column = r->column;
	*ret = (uint32_t)(r->lex->terms.len - 1);
	return VG_OK;
}

static enum vg_status add_pattern(
    const struct row *r, struct vg_str folded, struct vg_pattern pattern)
{
	struct vg_pattern *slot = vg_vec_push(&r->lex->patterns);
	struct vg_str *literal = vg_vec_push(&r->lex->literals);

	if (slot == NULL || literal == NULL)
		return nomem(r);
	pattern.len = (uint16_t)folded.len;
	*slot = pattern;
	*literal = folded;
	return VG_OK;
}

static bool ends_in_word(struct vg_str s, bool at_start)
{
	size_t pos = 0;

	if (!at_start)
		for (pos = s.len - 1;
		     pos > 0 && ((unsigned char)s.ptr[pos] & 0xc0) == 0x80;)
			pos--;
	return vg_is_word(vg_utf8_next(s, &pos));
}

static enum vg_status add_literal(
    const struct row *r, const struct vg_term *like, struct vg_str text, bool prefix)
{
	struct vg_str folded = vg_lexicon_fold(r->lex, text);
	struct vg_pattern p = {.regex = UINT32_MAX};
	enum vg_status status;

	if (folded.ptr == NULL)
		return nomem(r);
	if (folded.len == 0)
		return FAULT(r, "nothing is left of \"%.*s\" once it is normalised",
		    VG_STR_ARG(text));
	if (folded.len > MAX_PATTERN)
		return FAULT(r, "a term is longer than %d bytes", MAX_PATTERN);
	status = add_term(r, like, text, &p.term);
	if (status != VG_OK)
		return status;
	p.left = ends_in_word(folded, true);
	p.right = !prefix && ends_in_word(folded, false);
	return add_pattern(r, folded, p);
}

/* The pattern is folded like the pages it will meet; escapes such as \S keep their case. */
static struct vg_str fold_regex(const struct row *r, struct vg_str text)
{
	struct vg_str folded = vg_lexicon_fold(r->lex, text);
	char *bytes;

	if (folded.ptr == NULL || vg_ascii_only(text)) {
		folded = vg_arena_str(r->lex->arena, text);
		return folded;
	}
	/* the letters after a backslash in order: folding changes neither their number nor order */
	bytes = vg_arena_alloc(r->lex->arena, folded.len + 1);
	if (bytes == NULL)
		return (struct vg_str){NULL, 0};
	memcpy(bytes, folded.ptr, folded.len);
	for (size_t from = 0, to = 0;; from += 2, to += 2) {
		from = vg_str_chr(text, '\\', from);
		to = vg_str_chr(folded, '\\', to);
		if (from == SIZE_MAX || to == SIZE_MAX || from + 1 >= text.len ||
		    to + 1 >= folded.len)
			break;
		bytes[to + 1] = text.ptr[from + 1];
	}
	return (struct vg_str){bytes, folded.len};
}

static enum vg_status add_regex(
    const struct row *r, const struct vg_term *like, struct vg_str text)
{
	struct vg_trigger triggers[VG_TRIGGER_PARTS * VG_MAX_TRIGGERS];
	struct vg_str pattern = fold_regex(r, text);
	struct vg_pattern p = {.regex = (uint32_t)r->lex->regexes.len};
	struct vg_regex *regex = NULL, **slot;
	struct vg_term term = *like;
	struct vg_error reason = {.msg = ""};
	enum vg_status status;
	size_t count;

	if (pattern.ptr == NULL)
		return nomem(r);
	count = vg_regex_triggers(r->lex->arena, pattern, triggers);
	status = vg_regex_new(pattern, VG_REGEX_ICASE, &regex, &reason);
	if (status == VG_E_INVALID)
		return FAULT(r, "%s", reason.msg);
	if (status != VG_OK)
		return nomem(r);
	slot = vg_vec_push(&r->lex->regexes);
	if (slot == NULL) {
		vg_regex_free(regex);
		return nomem(r);
	}
	*slot = regex;
	if (count == 0)
		return FAULT(r, "the regex demands no literal of two letters, so it "
				"would run on every text");
	term.flags |= VG_TERM_REGEX;
	status = add_term(r, &term, text, &p.term);
	for (size_t i = 0; i < count && status == VG_OK; i++) {
		struct vg_str folded = vg_lexicon_fold(r->lex, triggers[i].text);

		p.left = triggers[i].left;
		p.right = triggers[i].right;
		p.part = triggers[i].part;
		p.parts = (uint8_t)(triggers[count - 1].part + 1);
		if (folded.ptr == NULL)
			status = nomem(r);
		else if (folded.len == 0 || folded.len > MAX_PATTERN)
			status = FAULT(r, "a literal of the regex is empty or longer "
					  "than %d bytes once it is normalised",
			    MAX_PATTERN);
		else
			status = add_pattern(r, folded, p);
	}
	return status;
}

/* The next term of a cell, parted by `;`. An empty one is no term, and worth a word to who asks. */
static bool next_piece(const struct row *r, struct vg_str *cell, struct vg_str *ret,
    enum vg_status *status)
{
	bool some = vg_str_trim(*cell).len > 0;

	while (some && *status == VG_OK && vg_str_split(cell, ';', ret)) {
		*ret = vg_str_trim(*ret);
		if (ret->len > 0)
			return true;
		if (r->table->faults != NULL)
			*status = FAULT(r, "an empty term beside a \";\"");
	}
	return false;
}

/* One cell of phrases, parted by `;` when literal. */
static enum vg_status add_phrases(const struct row *r, const struct vg_term *like,
    struct vg_str form, struct vg_str cell)
{
	enum vg_status status = VG_OK;
	struct vg_str piece;

	if (vg_str_eqz(form, "descriptor"))
		return VG_OK;
	if (vg_str_eqz(form, "regex"))
		return add_regex(r, like, cell);
	if (!vg_str_eqz(form, "literal") && !vg_str_eqz(form, "prefix"))
		return FAULT(r,
		    "form \"%.*s\" is none of literal, prefix, regex, descriptor",
		    VG_STR_ARG(form));
	while (next_piece(r, &cell, &piece, &status))
		status = add_literal(r, like, piece, vg_str_eqz(form, "prefix"));
	return status;
}

enum vg_status vg_concepts_read(
    struct vg_lexicon *lex, const struct vg_table *t, struct vg_error *err)
{
	size_t kind, phrase, form;
	enum vg_status status = vg_table_need(t, "kind", &kind, err);

	if (status == VG_OK)
		status = vg_table_need(t, "phrase", &phrase, err);
	if (status == VG_OK)
		status = vg_table_need(t, "form", &form, err);
	for (size_t i = 0; status == VG_OK && i < t->row_count; i++) {
		struct row r = {lex, t, i, "phrase", err};
		struct vg_term like = {.kind = VG_TERM_CONCEPT};

		status =
		    vg_lexicon_intern(lex, vg_table_cell(t, i, kind), &like.index, err);
		if (status == VG_OK)
			status = add_phrases(&r, &like, vg_table_cell(t, i, form),
			    vg_table_cell(t, i, phrase));
	}
	return status;
}

static bool read_severity(struct vg_str text, enum vg_severity *ret)
{
	for (int s = VG_SEVERITY_LOW; s <= (int)VG_SEVERITY_CRITICAL; s++)
		if (vg_str_eqz(text, vg_severity_name((enum vg_severity)s))) {
			*ret = (enum vg_severity)s;
			return true;
		}
	return false;
}

/* Finds the substance of the row or makes it; combinations share the INN they are sold for. */
static enum vg_status drug_of_row(struct row *r, const size_t *col, uint32_t *ret)
{
	struct vg_str inn = vg_table_cell(r->table, r->index, col[0]);
	struct vg_str severity = vg_table_cell(r->table, r->index, col[2]);
	struct vg_str sale = vg_table_cell(r->table, r->index, col[3]);
	enum vg_status status = VG_OK;
	struct vg_drug *drug;

	*ret = vg_lexicon_find_drug(r->lex, inn);
	if (*ret != UINT32_MAX)
		return VG_OK;
	drug = vg_vec_push(&r->lex->drugs);
	if (drug == NULL)
		return nomem(r);
	*ret = (uint32_t)(r->lex->drugs.len - 1);
	drug->inn = inn;
	drug->cls = vg_table_cell(r->table, r->index, col[1]);
	drug->otc = vg_str_eqz(sale, "otc");
	r->column = "sale";
	if (!drug->otc && !vg_str_eqz(sale, "rx"))
		status = FAULT(
		    r, "\"%.*s\" is neither rx nor otc", VG_STR_ARG(sale));
	r->column = "severity";
	if (status == VG_OK && !read_severity(severity, &drug->severity))
		status = FAULT(r, "\"%.*s\" is none of low, medium, high, critical",
		    VG_STR_ARG(severity));
	r->column = "inn";
	if (status == VG_OK && inn.len == 0)
		status = FAULT(r, "a substance without a name");
	return status;
}

static bool list_has(struct vg_str list, struct vg_str item)
{
	struct vg_str piece;

	while (vg_str_split(&list, ';', &piece))
		if (vg_str_ieq(vg_str_trim(piece), item))
			return true;
	return false;
}

static enum vg_status add_names(const struct row *r, uint32_t drug, struct vg_str cell,
    struct vg_str ambiguous, unsigned flags)
{
	enum vg_status status = VG_OK;
	struct vg_str piece;

	while (next_piece(r, &cell, &piece, &status)) {
		struct vg_term like = {
		    .kind = VG_TERM_DRUG, .index = drug, .flags = flags};

		if (list_has(ambiguous, piece))
			like.flags |= VG_TERM_AMBIGUOUS;
		status = add_literal(r, &like, piece, false);
	}
	return status;
}

enum vg_status vg_drugs_read(
    struct vg_lexicon *lex, const struct vg_table *t, struct vg_error *err)
{
	static const char *const needed[] = {"inn", "class", "severity", "sale",
	    "inn_es", "names", "brands_us", "brands_mx", "slang", "slang_ambiguous"};
	static const uint8_t names[] = {4, 5, 6, 7, 8, 0};
	enum {
		COLUMNS = sizeof(needed) / sizeof(needed[0]),
		NAMES = sizeof(names) / sizeof(names[0])
	};
	size_t col[COLUMNS];
	enum vg_status status = VG_OK;

	for (size_t c = 0; c < COLUMNS && status == VG_OK; c++)
		status = vg_table_need(t, needed[c], &col[c], err);
	for (size_t i = 0; status == VG_OK && i < t->row_count; i++) {
		struct row r = {lex, t, i, NULL, err};
		struct vg_str ambiguous = vg_table_cell(t, i, col[9]);
		uint32_t drug = 0;

		status = drug_of_row(&r, col, &drug);
		for (size_t n = 0; n < NAMES && status == VG_OK; n++) {
			size_t c = names[n];

			r.column = needed[c];
			status =
			    add_names(&r, drug, vg_table_cell(t, i, col[c]), ambiguous,
				c == 8             ? VG_TERM_SLANG
				: c == 6 || c == 7 ? VG_TERM_BRAND
						   : 0);
		}
	}
	return status;
}

static enum vg_status read_markers(struct vg_lexicon *lex, const struct vg_table *t,
    enum vg_family family, struct vg_error *err)
{
	static const char *const needed[] = {
	    "marker_id", "kind", "phrase", "form", "weight"};
	size_t col[5];
	enum vg_status status = VG_OK;

	for (size_t c = 0; c < 5 && status == VG_OK; c++)
		status = vg_table_need(t, needed[c], &col[c], err);
	for (size_t i = 0; status == VG_OK && i < t->row_count; i++) {
		struct row r = {lex, t, i, "weight", err};
		struct vg_term like = {
		    .kind = VG_TERM_MARKER, .index = (uint32_t)lex->markers.len};
		struct vg_marker_row *m = vg_vec_push(&lex->markers);
		struct vg_str weight = vg_table_cell(t, i, col[4]);
		int64_t value = 0;

		if (m == NULL)
			return nomem(&r);
		if (!vg_str_to_i64(weight, &value))
			status = FAULT(&r, "\"%.*s\" is not a whole number",
			    VG_STR_ARG(weight));
		m->id = vg_table_cell(t, i, col[0]);
		m->kind = vg_table_cell(t, i, col[1]);
		m->family = family;
		m->weight = (double)value;
		r.column = "phrase";
		if (status == VG_OK)
			status = add_phrases(&r, &like, vg_table_cell(t, i, col[3]),
			    vg_table_cell(t, i, col[2]));
	}
	return status;
}

enum vg_status vg_timeshare_read(
    struct vg_lexicon *lex, const struct vg_table *t, struct vg_error *err)
{
	return read_markers(lex, t, VG_TIMESHARE, err);
}

enum vg_status vg_cyberscam_read(
    struct vg_lexicon *lex, const struct vg_table *t, struct vg_error *err)
{
	return read_markers(lex, t, VG_CYBERSCAM, err);
}

/* Columns of names, each parted by `;`, become terms that point at the row. */
static enum vg_status read_named(struct vg_lexicon *lex, const struct vg_table *t,
    enum vg_term_kind kind, const char *const *columns, struct vg_error *err)
{
	enum vg_status status = VG_OK;

	for (; *columns != NULL && status == VG_OK; columns++) {
		size_t col, amb = vg_table_column(t, "ambiguous");

		status = vg_table_need(t, *columns, &col, err);
		for (size_t i = 0; status == VG_OK && i < t->row_count; i++) {
			struct row r = {lex, t, i, *columns, err};
			struct vg_str cell = vg_table_cell(t, i, col), piece;

			while (next_piece(&r, &cell, &piece, &status)) {
				struct vg_term like = {
				    .kind = kind, .index = (uint32_t)i};

				if (amb != SIZE_MAX &&
				    list_has(vg_table_cell(t, i, amb), piece))
					like.flags |= VG_TERM_AMBIGUOUS;
				status = add_literal(&r, &like, piece, false);
			}
		}
	}
	return status;
}

enum vg_status vg_wildlife_read(
    struct vg_lexicon *lex, const struct vg_table *t, struct vg_error *err)
{
	static const char *const columns[] = {
	    "species", "name_en", "name_es", "name_zh", "names", NULL};

	return read_named(lex, t, VG_TERM_SPECIES, columns, err);
}

enum vg_status vg_places_read(
    struct vg_lexicon *lex, const struct vg_table *t, struct vg_error *err)
{
	static const char *const columns[] = {"place", "aliases", NULL};

	return read_named(lex, t, VG_TERM_PLACE, columns, err);
}
