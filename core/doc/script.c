/* SPDX-License-Identifier: MIT */
/*
 * Strings inside scripts, where shops keep what they show: JSON of any kind, and string literals of
 * JavaScript that look like data. A lexical pass, so that broken JSON gives its strings too.
 */
#include "config.h"

#include "doc/page.h"

#include <string.h>

/* Just past the closing quote of the string that begins at `i`, or SIZE_MAX. */
static size_t string_end(const char *s, size_t i, size_t end, bool one_line)
{
	char quote = s[i++];

	for (; i < end && s[i] != quote; i++) {
		if (s[i] == '\\')
			i++;
		else if (s[i] == '\n' && one_line)
			return SIZE_MAX;
	}
	return i < end ? i + 1 : SIZE_MAX;
}

static bool has_word(struct vg_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (vg_is_alnum(s.ptr[i]) || (unsigned char)s.ptr[i] >= 0x80)
			return true;
	return false;
}

static void json_strings(
    struct vg_page *p, size_t start, size_t end, const struct vg_text_place *place)
{
	size_t i = start;
	const char *quote;

	while (i < end && (quote = memchr(p->s + i, '"', end - i))) {
		size_t from = (size_t)(quote - p->s),
		       to = string_end(p->s, from, end, false);

		if (to == SIZE_MAX)
			return;
		for (i = to; i < end && vg_is_space(p->s[i]);)
			i++;
		if (i < end && p->s[i] == ':')
			continue; /* a member's name */
		if (has_word(vg_page_sub(p, from + 1, to - 1)))
			(void)vg_text_aside(p, place, from + 1, to - 1, VG_TEXT_STRING);
	}
}

/* Past the regular expression literal at `i`, or the end of a line that holds none. */
static size_t regex_end(const char *s, size_t i, size_t end)
{
	bool in_class = false;
	size_t k;

	for (k = i + 1; k < end && s[k] != '\n'; k++) {
		if (s[k] == '\\')
			k++;
		else if (s[k] == '[')
			in_class = true;
		else if (s[k] == ']')
			in_class = false;
		else if (s[k] == '/' && !in_class)
			return k + 1;
	}
	return k < end ? k : end;
}

/* A literal after `before` that reads like something said, not like a name in a program. */
static bool is_data(struct vg_str s, char before)
{
	bool wordy = false, letter = false;

	if (!before || !strchr(":[,=(+?", before) || s.len < 3)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		wordy |= s.ptr[i] == ' ' || s.ptr[i] == '\\' ||
			 (unsigned char)s.ptr[i] >= 0x80;
		letter |= vg_is_alnum(s.ptr[i]);
	}
	return wordy || (letter && (before == ':' || before == '[' || before == ','));
}

static size_t skip_comment(const char *s, size_t i, size_t end)
{
	const char *close;

	if (s[i + 1] == '/') {
		close = memchr(s + i, '\n', end - i);
		return close ? (size_t)(close - s) : end;
	}
	for (i += 2; i + 1 < end; i++)
		if (s[i] == '*' && s[i + 1] == '/')
			return i + 2;
	return end;
}

static void javascript_strings(
    struct vg_page *p, size_t start, size_t end, const struct vg_text_place *place)
{
	const char *s = p->s;
	char before = ';';
	bool templates = true;
	size_t i = start, next;

	while (i < end) {
		switch (s[i]) {
		case '"':
		case '\'':
		case '`':
			next = s[i] == '`' && !templates
				   ? SIZE_MAX
				   : string_end(s, i, end, s[i] != '`');
			if (next == SIZE_MAX) {
				const char *line = memchr(s + i, '\n', end - i);

				/* No string: this line is not what it seems. */
				templates &= s[i] != '`'; /* none ends from here on */
				i = line ? (size_t)(line - s) : end;
				continue;
			}
			if (is_data(vg_page_sub(p, i + 1, next - 1), before))
				(void)vg_text_aside(
				    p, place, i + 1, next - 1, VG_TEXT_STRING);
			i = next;
			before = '"';
			continue;
		case '/':
			if (i + 1 < end && (s[i + 1] == '/' || s[i + 1] == '*')) {
				i = skip_comment(s, i, end);
				continue;
			}
			next = strchr("(,=:[!&|?{};\n", before) ? regex_end(s, i, end)
								: i + 1;
			before = '/';
			i = next;
			continue;
		default:
			if (!vg_is_space(s[i]))
				before = s[i];
			i++;
		}
	}
}

void vg_script_strings(struct vg_page *p, size_t start, size_t end,
    const struct vg_text_place *place, bool json)
{
	if (json)
		json_strings(p, start, end, place);
	else
		javascript_strings(p, start, end, place);
}
