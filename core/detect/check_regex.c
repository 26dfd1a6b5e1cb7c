/* SPDX-License-Identifier: MIT */
/* Regexes of the lexicon that run away, and examples of identifiers that theirs do not find. */
#include "config.h"

#include "detect/check_priv.h"

static bool check_terms(struct vg_lexicon *lex)
{
	uint32_t last = UINT32_MAX;
	bool ok = true;

	for (size_t i = 0; ok && i < lex->patterns.len; i++) {
		const struct vg_pattern *p = vg_vec_at(&lex->patterns, i);
		const struct vg_term *term = vg_lexicon_term(lex, p->term);
		char wrong[VG_REGEX_WHY];

		if (p->regex == UINT32_MAX || p->regex == last)
			continue;
		last = p->regex;
		ok = vg_regex_runs_away(
		    *(struct vg_regex **)vg_vec_at(&lex->regexes, p->regex),
		    term->text, wrong);
		if (wrong[0] != '\0')
			vg_check_tell_term(lex, term, "%s", wrong);
	}
	return ok;
}

/* The examples that a row of identifiers.tsv gives must be what its regex finds, from end to end. */
static void check_valid(const struct vg_table *t, size_t row, struct vg_regex *re)
{
	struct vg_str rest = vg_check_cell(t, row, "valid_examples"), one;
	bool some = false;

	while (vg_str_split(&rest, ';', &one)) {
		struct vg_regex_match m;

		one = vg_str_trim(one);
		if (one.len == 0)
			continue;
		some = true;
		if (vg_regex_find(re, one, 0, &m) != VG_OK)
			vg_check_tell(t, row, "valid_examples",
			    "the regex does not find \"%.*s\"", VG_STR_ARG(one));
	}
	if (!some)
		vg_check_tell(t, row, "valid_examples", "empty");
}

static bool check_identifiers(struct vg_lexicon *lex)
{
	const struct vg_table *t = vg_lexicon_table(lex, "identifiers");
	bool ok = true;

	for (size_t i = 0; ok && t != NULL && i < t->row_count; i++) {
		struct vg_str pattern = vg_check_cell(t, i, "regex");
		struct vg_error err = {.msg = ""};
		struct vg_regex *re = NULL;
		enum vg_status status = vg_regex_new(pattern, VG_REGEX_UTF, &re, &err);
		char wrong[VG_REGEX_WHY] = "";

		if (status == VG_E_INVALID) {
			vg_check_tell(t, i, "regex", "%s", err.msg);
			continue;
		}
		ok = status == VG_OK && vg_regex_runs_away(re, pattern, wrong);
		if (wrong[0] != '\0')
			vg_check_tell(t, i, "regex", "%s", wrong);
		if (ok)
			check_valid(t, i, re);
		vg_regex_free(re);
	}
	return ok;
}

bool vg_check_regexes(struct vg_lexicon *lex)
{
	return check_terms(lex) && check_identifiers(lex);
}
