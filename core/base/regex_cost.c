/* SPDX-License-Identifier: MIT */
/*
 * Regexes that run away. A page's author chooses the text: a regex that some text keeps busy until PCRE2
 * gives up finds nothing there, and costs a worker its time. It is run, with the limits of production, over
 * texts made of its own words and of what its classes take, repeated.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/regex.h"
#include "base/size.h"

enum { MAX_WORDS = 96, USUAL = 12, MAX_STARTS = 12, SUBJECT = 2500 };

struct words {
	struct vg_str list[MAX_WORDS];
	size_t count;
};

static void add_word(struct words *w, struct vg_str word)
{
	for (size_t i = 0; i < w->count; i++)
		if (vg_str_eq(w->list[i], word))
			return;
	if (w->count < MAX_WORDS && word.len > 0)
		w->list[w->count++] = word;
}

static bool is_literal(char c)
{
	return vg_is_alnum(c) || c == ' ' || c == '\'' || (unsigned char)c >= 0x80;
}

/* The literal runs of a pattern, blanks included: what its repeated groups are made of. */
static void find_words(struct vg_str pattern, struct words *w)
{
	static const char *const usual[USUAL] = {
	    " ", "a", "1", "a ", "1 ", "-", ".", "1.", ", ", "aa ", "$1 ", "@"};
	size_t from = 0;

	w->count = 0;
	for (size_t i = 0; i < USUAL; i++)
		add_word(w, vg_str(usual[i]));
	for (size_t i = 0; i <= pattern.len; i++) {
		if (i < pattern.len && is_literal(pattern.ptr[i]))
			continue;
		add_word(w, vg_str_sub(pattern, from, i));
		/* \w, \d: the letter is no literal */
		if (i + 1 < pattern.len && pattern.ptr[i] == '\\')
			i++;
		from = i + 1;
	}
}

/* Runs it as detection does: from match to match. False when a limit was met. */
static bool ends(struct vg_regex *re, struct vg_str subject)
{
	size_t pos = 0;

	while (pos < subject.len) {
		struct vg_regex_match m;
		enum vg_status status = vg_regex_find(re, subject, pos, &m);

		if (status == VG_E_LIMIT)
			return false;
		if (status != VG_OK)
			break;
		pos = m.group[0].end > pos ? m.group[0].end : pos + 1;
	}
	return true;
}

/*
 * `start`, then `pump` again and again, blanks as `blanks` says; then what no match goes on with, and the
 * words of the pattern apart, since PCRE2 gives up early on a text that lacks one.
 */
static bool survives(struct vg_regex *re, const struct words *w, struct vg_str start,
    struct vg_str pump, int blanks, struct vg_buf *subject)
{
	vg_buf_clear(subject);
	vg_buf_adds(subject, start);
	if (blanks > 0)
		vg_buf_addc(subject, ' ');
	while (subject->len < SUBJECT) {
		vg_buf_adds(subject, pump);
		if (blanks > 1)
			vg_buf_addc(subject, ' ');
	}
	vg_buf_addc(subject, '\x01');
	for (size_t i = USUAL; i < w->count; i++) {
		vg_buf_adds(subject, w->list[i]);
		vg_buf_addc(subject, '\x01');
	}
	return vg_buf_status(subject, NULL) != VG_OK || ends(re, vg_buf_str(subject));
}

/* Empty when it stands every text, else the words that it fell for. False when out of memory. */
static bool try_regex(struct vg_regex *re, struct vg_str pattern,
    struct vg_buf *subject, struct vg_str *ret)
{
	struct words *w = malloc(sizeof(*w));
	size_t starts;

	*ret = VG_STR("");
	if (w == NULL)
		return false;
	find_words(pattern, w);
	/* nothing, then the pattern's own first words */
	starts = vg_size_min(w->count, USUAL + MAX_STARTS);
	for (size_t s = USUAL - 1; s < starts && ret->len == 0; s++)
		for (size_t p = 0; p < w->count && ret->len == 0; p++)
			for (int blanks = 0; blanks < 3 && ret->len == 0; blanks++)
				if (!survives(re, w,
					s < USUAL ? VG_STR("") : w->list[s], w->list[p],
					blanks, subject))
					*ret = w->list[p];
	free(w);
	return true;
}

/* ---- structure */

/* Passes over \x, [...], or one character at `at`. */
static size_t after_atom(struct vg_str s, size_t at)
{
	if (s.ptr[at] == '\\')
		return at + 2;
	if (s.ptr[at] != '[')
		return at + 1;
	for (at += at + 1 < s.len && s.ptr[at + 1] == '^' ? 3 : 2;
	     at < s.len && s.ptr[at] != ']'; at++)
		if (s.ptr[at] == '\\')
			at++;
	return at + 1;
}

static bool repeats(struct vg_str s, size_t at)
{
	size_t close;

	if (at >= s.len)
		return false;
	if (s.ptr[at] == '*' || s.ptr[at] == '+')
		return at + 1 >= s.len || s.ptr[at + 1] != '+'; /* possessive */
	close = vg_str_chr(s, '}', at);
	return s.ptr[at] == '{' && close != SIZE_MAX && s.ptr[close - 1] == ',';
}

static bool may_lack(struct vg_str s, size_t at)
{
	return at < s.len &&
	       (s.ptr[at] == '?' || s.ptr[at] == '*' ||
		   (s.ptr[at] == '{' && at + 1 < s.len && s.ptr[at + 1] == '0'));
}

static size_t group_end(struct vg_str s, size_t at)
{
	unsigned depth = 0;

	while (at < s.len) {
		if (s.ptr[at] == '(')
			depth++;
		if (s.ptr[at] == ')' && --depth == 0)
			return at + 1;
		at = s.ptr[at] == '(' || s.ptr[at] == ')' ? at + 1 : after_atom(s, at);
	}
	return s.len;
}

/*
 * Whether an alternative of a repeated group can be one repeated thing and nothing else: (a+)*, (\w+\s*)+.
 * Such a text can be cut into turns in as many ways as it has bytes, to the power of itself.
 */
static bool is_nested(struct vg_str inner)
{
	size_t at = 0, loops = 0, firm = 0;

	if (inner.len > 1 && inner.ptr[0] == '?')
		at = vg_str_chr(inner, ':', 0) == SIZE_MAX
			 ? inner.len
			 : vg_str_chr(inner, ':', 0) + 1;
	for (size_t next; at < inner.len; at = next) {
		if (inner.ptr[at] == '|') {
			if (loops > 0 && firm == 0)
				return true;
			loops = firm = 0;
			next = at + 1;
			continue;
		}
		next =
		    inner.ptr[at] == '(' ? group_end(inner, at) : after_atom(inner, at);
		if (repeats(inner, next))
			loops++;
		else if (!may_lack(inner, next))
			firm++;
		while (next < inner.len && strchr("*+?", inner.ptr[next]) != NULL)
			next++;
		if (next < inner.len && inner.ptr[next] == '{')
			next = vg_str_chr(inner, '}', next) == SIZE_MAX
				   ? inner.len
				   : vg_str_chr(inner, '}', next) + 1;
	}
	return loops > 0 && firm == 0;
}

static bool has_nested(struct vg_str s)
{
	size_t at = 0;

	while (at < s.len) {
		if (s.ptr[at] == '(') {
			size_t end = group_end(s, at);

			if (repeats(s, end) &&
			    is_nested(vg_str_sub(s, at + 1, end - 1)))
				return true;
			at++;
		} else {
			at = after_atom(s, at);
		}
	}
	return false;
}

bool vg_regex_runs_away(
    struct vg_regex *re, struct vg_str pattern, char ret[VG_REGEX_WHY])
{
	struct vg_buf subject = VG_BUF_INIT(4 * SUBJECT);
	struct vg_str pump = VG_STR("");
	bool ok = true;

	ret[0] = '\0';
	if (has_nested(pattern))
		(void)snprintf(ret, VG_REGEX_WHY,
		    "regex runs away: it repeats a group that is itself one "
		    "repetition");
	else
		ok = try_regex(re, pattern, &subject, &pump);
	if (pump.len > 0)
		(void)snprintf(ret, VG_REGEX_WHY,
		    "regex runs away on \"%.*s\" repeated",
		    (int)vg_size_min(pump.len, 100), pump.ptr);
	vg_buf_release(&subject);
	return ok;
}
