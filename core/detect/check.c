/* SPDX-License-Identifier: MIT */
/* Checking a lexicon folder: what each table may hold and what it refers to. */
#include "config.h"

#include "detect/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "detect/check_priv.h"
#include "detect/rule.h"
#include "detect/score.h"

void vg_check_tell(
    const struct vg_table *t, size_t row, const char *column, const char *fmt, ...)
{
	char message[400];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	(void)vg_table_fault(t, vg_table_line(t, row), column, NULL, "%s", message);
}

void vg_check_tell_term(const struct vg_lexicon *lex, const struct vg_term *term,
    const char *fmt, ...)
{
	char message[400];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	lex->faults->found(lex->faults->ctx,
	    &(struct vg_fault){term->table, term->line, term->column, message});
}

struct vg_str vg_check_cell(const struct vg_table *t, size_t row, const char *column)
{
	size_t i = vg_table_column(t, column);

	return i == SIZE_MAX ? (struct vg_str){NULL, 0} : vg_table_cell(t, row, i);
}

/* ---- single tables */

static void check_header(const struct vg_table *t)
{
	for (size_t i = 0; i < t->column_count; i++)
		for (size_t k = 0; k < i; k++)
			if (vg_str_eq(t->cells[i], t->cells[k]))
				(void)vg_table_fault(t, t->lines[0], NULL, NULL,
				    "two columns are called \"%.*s\"",
				    VG_STR_ARG(t->cells[i]));
}

/* Names that must be there and differ: tables have some hundred rows. */
static void check_unique(const struct vg_table *t, const char *column)
{
	size_t c = vg_table_column(t, column);

	for (size_t i = 0; c != SIZE_MAX && i < t->row_count; i++) {
		struct vg_str name = vg_table_cell(t, i, c);

		if (name.len == 0)
			vg_check_tell(t, i, column, "empty");
		for (size_t k = 0; k < i && name.len > 0; k++)
			if (vg_str_eq(vg_table_cell(t, k, c), name)) {
				vg_check_tell(t, i, column,
				    "\"%.*s\" is the name of line %u already",
				    VG_STR_ARG(name), vg_table_line(t, k));
				break;
			}
	}
}

static bool is_one_of(struct vg_str text, const char *words)
{
	struct vg_str rest = vg_str(words), word;

	while (vg_str_split(&rest, '|', &word))
		if (vg_str_eq(word, text))
			return true;
	return false;
}

static void check_words(const struct vg_table *t, const char *column, const char *words)
{
	size_t c = vg_table_column(t, column);

	for (size_t i = 0; c != SIZE_MAX && i < t->row_count; i++)
		if (!is_one_of(vg_table_cell(t, i, c), words))
			vg_check_tell(t, i, column, "\"%.*s\" is none of %s",
			    VG_STR_ARG(vg_table_cell(t, i, c)), words);
}

/* A decimal number in [-most, most]; `empty`: what no number at all is. */
static bool is_number(struct vg_str text, double most, bool empty)
{
	double value = 0;

	return text.len == 0 ? empty
			     : vg_number_read(text, &value) && value >= -most &&
				   value <= most;
}

static void check_number(const struct vg_table *t, const char *column, double most)
{
	for (size_t i = 0; i < t->row_count; i++)
		if (!is_number(vg_check_cell(t, i, column), most, false))
			vg_check_tell(t, i, column,
			    "\"%.*s\" is no number from -%g to %g",
			    VG_STR_ARG(vg_check_cell(t, i, column)), most, most);
}

static bool lists(struct vg_str list, struct vg_str item)
{
	struct vg_str piece;

	while (vg_str_split(&list, ';', &piece))
		if (vg_str_ieq(vg_str_trim(piece), item))
			return true;
	return false;
}

/* What a row calls ambiguous must be a name of that row, or of its substance. */
static void check_ambiguous(const struct vg_table *t, const char *column,
    const char *const *names, const char *owner)
{
	for (size_t i = 0; i < t->row_count; i++) {
		struct vg_str rest = vg_check_cell(t, i, column), piece;

		while (vg_str_split(&rest, ';', &piece)) {
			bool known = false;

			piece = vg_str_trim(piece);
			for (size_t k = 0; k < t->row_count && !known; k++)
				for (size_t n = 0; names[n] != NULL && !known; n++)
					known = vg_str_ieq(vg_check_cell(t, k, owner),
						    vg_check_cell(t, i, owner)) &&
						lists(vg_check_cell(t, k, names[n]),
						    piece);
			if (piece.len > 0 && !known)
				vg_check_tell(t, i, column,
				    "\"%.*s\" is no name of this row",
				    VG_STR_ARG(piece));
		}
	}
}

static void check_tables(const struct vg_lexicon *lex)
{
	static const char *const drug_names[] = {
	    "inn", "inn_es", "names", "brands_us", "brands_mx", "slang", NULL};
	static const char *const species_names[] = {
	    "species", "name_en", "name_es", "name_zh", "names", NULL};
	static const char languages[] = "de|en|es|fr|pt|ru|zh|*";
	const struct vg_table *t;

	for (size_t i = 0; i < lex->tables.len; i++)
		if ((t = *(struct vg_table **)vg_vec_at(&lex->tables, i)) != NULL) {
			check_header(t);
			check_words(t, "lang", languages);
		}
	if ((t = vg_lexicon_table(lex, "drugs")) != NULL)
		check_ambiguous(t, "slang_ambiguous", drug_names, "inn");
	if ((t = vg_lexicon_table(lex, "wildlife_markers")) != NULL) {
		check_unique(t, "marker_id");
		check_ambiguous(t, "ambiguous", species_names, "marker_id");
	}
	if ((t = vg_lexicon_table(lex, "timeshare_markers")) != NULL)
		check_unique(t, "marker_id");
	if ((t = vg_lexicon_table(lex, "cyberscam_markers")) != NULL)
		check_unique(t, "marker_id");
	if ((t = vg_lexicon_table(lex, "places")) != NULL) {
		check_unique(t, "place");
		check_number(t, "lat", 90);
		check_number(t, "lon", 180);
	}
	if ((t = vg_lexicon_table(lex, "identifiers")) != NULL)
		check_unique(t, "kind");
	if ((t = vg_lexicon_table(lex, "sanctioned_timeshare_entities")) != NULL)
		check_unique(t, "name");
	if ((t = vg_lexicon_table(lex, "rules")) != NULL) {
		check_unique(t, "rule");
		check_words(t, "report", "no|marker");
	}
	if ((t = vg_lexicon_table(lex, "weights")) != NULL)
		check_unique(t, "feature");
}

/* ---- references */

/* Concepts that detection makes itself, besides those that the rows of phrases give. */
static bool is_made(struct vg_str name)
{
	return is_one_of(name, "drug|species|money|percent|place");
}

static bool has_phrases(const struct vg_lexicon *lex, struct vg_str concept)
{
	static const char *const tables[] = {"concepts", "phrases"};

	for (size_t n = 0; n < sizeof(tables) / sizeof(tables[0]); n++) {
		const struct vg_table *t = vg_lexicon_table(lex, tables[n]);

		for (size_t i = 0; t != NULL && i < t->row_count; i++)
			if (vg_str_eq(vg_check_cell(t, i, "kind"), concept))
				return true;
	}
	return false;
}

/* The row of a table whose `column` holds that; SIZE_MAX: none. */
static size_t find_row(
    const struct vg_table *t, const char *column, struct vg_str value)
{
	for (size_t i = 0; t != NULL && i < t->row_count; i++)
		if (vg_str_eq(vg_check_cell(t, i, column), value))
			return i;
	return SIZE_MAX;
}

/* A part of a rule: a concept, or the name of an earlier rule. */
static void check_part(const struct vg_lexicon *lex, const struct vg_table *rules,
    size_t row, const char *column, struct vg_str name)
{
	size_t rule = find_row(rules, "rule", name);

	if (is_made(name) || has_phrases(lex, name))
		return;
	if (rule == SIZE_MAX)
		vg_check_tell(rules, row, column,
		    name.len == 0 ? "an empty name beside a \"|\"%.*s"
				  : "no concept and no rule is called \"%.*s\"",
		    VG_STR_ARG(name));
	else if (rule >= row)
		vg_check_tell(rules, row, column,
		    "the rule \"%.*s\" comes later, in line %u: it has not fired yet",
		    VG_STR_ARG(name), vg_table_line(rules, rule));
}

static void check_rules(const struct vg_lexicon *lex)
{
	static const char *const columns[] = {"all", "none"};
	const struct vg_table *t = vg_lexicon_table(lex, "rules");

	for (size_t i = 0; t != NULL && i < t->row_count; i++) {
		struct vg_str id = vg_check_cell(t, i, "rule");

		if (is_made(id) || has_phrases(lex, id))
			vg_check_tell(t, i, "rule",
			    "\"%.*s\" is the name of a concept too",
			    VG_STR_ARG(id));
		for (size_t c = 0; c < 2; c++) {
			struct vg_str rest = vg_check_cell(t, i, columns[c]), part, name;

			while (vg_str_split(&rest, ' ', &part))
				while (part.len > 0 && vg_str_split(&part, '|', &name))
					check_part(lex, t, i, columns[c], name);
		}
	}
}

/* What a feature is made of must be in the tables; those without a colon are made by detection. */
static void check_feature(const struct vg_lexicon *lex, const struct vg_table *t,
    size_t row, struct vg_str feature)
{
	static const struct {
		const char *prefix, *table, *column;
	} of[] = {{"rule:", "rules", "rule"}, {"signs:", "rules", "grade"},
	    {"timeshare:", "timeshare_markers", "kind"},
	    {"cyberscam:", "cyberscam_markers", "kind"}};
	struct vg_str name;

	if (vg_str_chr(feature, '*', 0) != SIZE_MAX ||
	    vg_str_chr(feature, '?', 0) != SIZE_MAX)
		return;
	if (vg_str_starts(feature, VG_STR("concept:"))) {
		name = vg_str_sub(feature, 8, feature.len);
		if (!has_phrases(lex, name))
			vg_check_tell(t, row, "feature", "no concept is called \"%.*s\"",
			    VG_STR_ARG(name));
	}
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		const struct vg_table *source = vg_lexicon_table(lex, of[i].table);

		if (source == NULL || !vg_str_starts(feature, vg_str(of[i].prefix)))
			continue;
		name = vg_str_sub(feature, strlen(of[i].prefix), feature.len);
		if (find_row(source, of[i].column, name) == SIZE_MAX)
			vg_check_tell(t, row, "feature",
			    "%s.tsv has no \"%.*s\" in its column %s", of[i].table,
			    VG_STR_ARG(name), of[i].column);
	}
}

/* "", "+", "-", "free", a number, or "low..high". */
static bool is_bound(struct vg_str cell)
{
	size_t dots = vg_str_find(cell, VG_STR(".."), 0);
	double low = 0, high = 0;

	if (is_one_of(cell, "|+|-|free"))
		return true;
	if (dots == SIZE_MAX)
		return is_number(cell, 1000, false);
	return vg_number_read(vg_str_sub(cell, 0, dots), &low) &&
	       vg_number_read(vg_str_sub(cell, dots + 2, cell.len), &high) &&
	       low <= high && dots > 0 && dots + 2 < cell.len;
}

static void check_features(const struct vg_lexicon *lex, const struct vg_table *t)
{
	for (size_t i = 0; i < t->row_count; i++) {
		check_feature(lex, t, i, vg_check_cell(t, i, "feature"));
		for (int s = 0; s < (int)VG_SUMS; s++) {
			const char *column = vg_sum_name((enum vg_sum)s);
			struct vg_str cell = vg_check_cell(t, i, column);

			if (!is_bound(cell))
				vg_check_tell(t, i, column,
				    "\"%.*s\" is none of +, -, free, a number, "
				    "low..high",
				    VG_STR_ARG(cell));
		}
		if (!is_number(vg_check_cell(t, i, "key"), 1000, true))
			vg_check_tell(t, i, "key", "not a number");
	}
}

static void check_weights(const struct vg_lexicon *lex)
{
	const struct vg_table *t = vg_lexicon_table(lex, "weights");

	for (size_t i = 0; t != NULL && i < t->row_count; i++)
		check_feature(lex, t, i, vg_check_cell(t, i, "feature"));
	if (t != NULL && find_row(t, "feature", VG_STR("bias")) == SIZE_MAX)
		(void)vg_table_fault(t, 0, NULL, NULL, "no row \"bias\"");
}

/* Concepts that detection asks for by name. */
static void check_asked_for(const struct vg_lexicon *lex)
{
	static const char *const names[] = {"no_prescription", "prescription_required",
	    "refusal", "homonym", "negation", "reported_speech", "advice",
	    "prescription_word", "mandatory_word", "asks", "answer_yes", "answer_no",
	    "currency_word", "order_now", "vendor_contact", "dose_form",
	    "discreet_shipping", "payment_crypto", "cart", "sell_act", "call_now",
	    "street", "pharmacy", "tourist_storefront"};
	const struct vg_table *t = vg_lexicon_table(lex, "concepts");

	for (size_t i = 0; t != NULL && i < sizeof(names) / sizeof(names[0]); i++)
		if (!has_phrases(lex, vg_str(names[i])))
			(void)vg_table_fault(t, 0, NULL, NULL,
			    "no phrase of \"%s\", which detection looks for", names[i]);
}

/* ---- all of it */

static enum vg_status check_extra(
    struct vg_lexicon *lex, const char *dir, size_t *tables, struct vg_error *err)
{
	static const char *const columns[] = {
	    "feature", "key", "rx", "fraud", "timeshare", "wildlife"};
	const struct vg_table *t;
	enum vg_status status;
	size_t c, missing = 0;

	status = vg_lexicon_extra_table(lex, dir, "features", &t, err);
	if (status == VG_OK) {
		check_header(t);
		for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
			missing += vg_table_need(t, columns[i], &c, err) != VG_OK;
		if (missing == 0)
			check_features(lex, t);
		++*tables;
	}
	if (status == VG_OK || status == VG_E_INVALID)
		status = vg_lexicon_extra_table(lex, dir, "ubiquitous", &t, err);
	if (status == VG_OK) {
		++*tables;
		check_header(t);
		for (size_t i = 0; i < t->row_count; i++)
			if (vg_check_cell(t, i, "kind").len == 0 ||
			    vg_check_cell(t, i, "value").len == 0)
				vg_check_tell(t, i, NULL, "needs a kind and a value");
	}
	return status == VG_E_INVALID ? VG_OK : status;
}

enum vg_status vg_lexicon_check(const char *dir, const struct vg_faults *faults,
    struct vg_check_size *ret, struct vg_error *err)
{
	struct vg_lexicon *lex = NULL;
	enum vg_status status = vg_lexicon_read(dir, faults, &lex, err);

	if (status != VG_OK)
		return status;
	*ret = (struct vg_check_size){.terms = lex->terms.len,
	    .regexes = lex->regexes.len,
	    .rules = lex->rules.len};
	for (size_t i = 0; i < lex->tables.len; i++)
		ret->tables += *(struct vg_table **)vg_vec_at(&lex->tables, i) != NULL;
	check_tables(lex);
	check_rules(lex);
	check_weights(lex);
	check_asked_for(lex);
	status = check_extra(lex, dir, &ret->tables, err);
	/* words that are not there would be missed in places that are right */
	if (status == VG_OK &&
	    !(vg_check_terms(lex) && vg_check_regexes(lex) &&
		(lex->partial || vg_check_examples(lex))))
		status = vg_fail(err, VG_E_NOMEM, "out of memory");
	vg_lexicon_free(lex);
	return status;
}
