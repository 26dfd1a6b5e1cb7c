/* SPDX-License-Identifier: MIT */
/* Undoing what sellers do to words: leet, letters parted by signs, words of look-alike letters. */
#include "config.h"

#include <string.h>

#include "base/utf8.h"
#include "detect/normalise.h"

enum { MIN_PARTED = 4, MIN_SPACED = 5, MAX_PIECE = 3 };

static char leet(char c, char one)
{
	switch (c) {
	case '0':
		return 'o';
	case '1':
		return one;
	case '!':
		return one;
	case '3':
		return 'e';
	case '4':
		return 'a';
	case '5':
		return 's';
	case '7':
		return 't';
	case '8':
		return 'b';
	case '@':
		return 'a';
	case '$':
		return 's';
	default:
		return 0;
	}
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_token(char c)
{
	return is_letter(c) || vg_is_digit(c) || c == '@' || c == '$' || c == '!';
}

static size_t token_end(const char *s, size_t i, size_t end)
{
	while (i < end && is_token(s[i]))
		i++;
	return i;
}

/* A sign for a letter with letters on both sides, in a token of three letters or more. */
static bool is_leet_word(const char *s, size_t start, size_t end, bool *ret_one)
{
	size_t letters = 0, inner = 0;

	for (size_t i = start; i < end; i++) {
		letters += is_letter(s[i]);
		if (i > start && i + 1 < end && leet(s[i], 'i') != 0 &&
		    is_letter(s[i - 1]) && is_letter(s[i + 1])) {
			inner++;
			*ret_one |= s[i] == '1' || s[i] == '!';
		}
	}
	return inner > 0 && letters >= 3;
}

/* "500mg", "m30" and "10": numbers, not letters in disguise. */
static bool is_measure(const char *s, size_t start, size_t end)
{
	size_t i = start, digits;

	while (i < end && !is_letter(s[i]))
		i++;
	if (i == end)
		return true;
	if (i > start) { /* a leading number */
		while (i < end && is_letter(s[i]))
			i++;
		return i == end;
	}
	while (i < end && is_letter(s[i]))
		i++;
	digits = end - i;
	while (i < end && vg_is_digit(s[i]))
		i++;
	return i == end && digits != 1;
}

static bool is_separator(char c)
{
	return c == '.' || c == '-' || c == '_' || c == '*' || c == '|' || c == '/' ||
	       c == ' ' || c == '~' || c == '+' || c == ',';
}

/*
 * The end of a run of pieces parted by one and the same sign, starting at a piece; `start` when it is none.
 * Single letters after any sign; up to three letters where the sign is rare inside words.
 */
static size_t parted_end(const char *s, size_t start, size_t end)
{
	size_t i = start, pieces = 0, last = start;
	char sign = 0;

	while (i < end) {
		size_t piece = i;

		while (i < end && is_letter(s[i]))
			i++;
		if (i == piece || i - piece > MAX_PIECE ||
		    (i < end && vg_is_digit(s[i])))
			break;
		if ((sign == ' ' || sign == '-' || sign == ',' || sign == '/') &&
		    i - piece > 1)
			break;
		pieces++;
		last = i;
		if (i == end || !is_separator(s[i]) || (sign != 0 && s[i] != sign))
			break;
		sign = s[i++];
		if ((sign == ' ' || sign == '-' || sign == ',' || sign == '/') &&
		    pieces == 1 && i - 1 - piece > 1)
			break;
	}
	return pieces >= (sign == ' ' ? MIN_SPACED : MIN_PARTED) ? last : start;
}

unsigned vg_disguises(const struct vg_folded *text, size_t start)
{
	const char *s = text->text;
	size_t end = text->len, latin = 0, other = 0, i = start;
	unsigned bits = 0;

	while (i < end) {
		size_t letters = i, stop;
		bool one = false;

		if (!is_token(s[i])) {
			other += (unsigned char)s[i++] >= 0xc0;
			continue;
		}
		while (letters < end && is_letter(s[letters]))
			letters++;
		stop = token_end(s, letters, end);
		/* Once found it is not looked for again: one endless run must not cost its square. */
		if (!(bits & VG_UNMASK_JOIN) && letters > i &&
		    letters - i <= MAX_PIECE && parted_end(s, i, end) > i)
			bits |= VG_UNMASK_JOIN;
		if (!(bits & VG_UNMASK_LEET_L) && stop > letters &&
		    is_leet_word(s, i, stop, &one))
			bits |= VG_UNMASK_LEET_I | (one ? VG_UNMASK_LEET_L : 0u);
		latin += letters - i;
		for (i = letters; i < stop; i++)
			latin += is_letter(s[i]);
	}
	if (other > 3 && latin > 2 * other)
		bits |= VG_UNMASK_SCRIPT;
	return bits;
}

static void copy(struct vg_folded *t, char c, size_t from, size_t last)
{
	t->text[t->len] = c;
	t->map[t->len] = t->map[from];
	t->stop[t->len++] = t->stop[last];
}

bool vg_unmask(struct vg_folded *t, size_t start, size_t end, unsigned disguises)
{
	char one = disguises & VG_UNMASK_LEET_L ? 'l' : 'i';
	size_t i = start;

	if (!vg_folded_reserve(t, end - start + 1))
		return false;
	while (i < end) {
		bool word_start = i == start || !is_token(t->text[i - 1]);
		size_t stop = word_start ? token_end(t->text, i, end) : i;

		if (word_start && (disguises & VG_UNMASK_JOIN) &&
		    is_letter(t->text[i])) {
			size_t last = parted_end(t->text, i, end);

			if (last > i) {
				for (; i < last; i++)
					if (is_letter(t->text[i]))
						copy(t, t->text[i], i, i);
				continue;
			}
		}
		if (stop > i && (disguises & (VG_UNMASK_LEET_I | VG_UNMASK_LEET_L)) &&
		    !is_measure(t->text, i, stop)) {
			for (; i < stop; i++) {
				char c = leet(t->text[i], one);

				copy(t, c != 0 ? c : t->text[i], i, i);
			}
			continue;
		}
		if ((disguises & VG_UNMASK_SCRIPT) &&
		    (unsigned char)t->text[i] >= 0xc0) {
			size_t next = i;
			char c = vg_latin_twin(
			    vg_utf8_next((struct vg_str){t->text, end}, &next));

			if (c != 0) {
				copy(t, c, i, next - 1);
				i = next;
				continue;
			}
		}
		copy(t, t->text[i], i, i);
		i++;
	}
	return true;
}
