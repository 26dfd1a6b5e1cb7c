/* SPDX-License-Identifier: MIT */
/* Folding text for matching, with a map back to its source. */
#include "config.h"

#include "detect/normalise.h"

#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

enum {
	TABLE_SIZE = 0x600,
	MAX_FOLD = 18 * 4
}; /* U+FDFA decomposes into 18 code points */

struct entry {
	char bytes[7];
	uint8_t len;
};

struct vg_folder {
	struct entry
	    table[TABLE_SIZE]; /* Latin, Greek, Cyrillic: no call a character */
};

/* Letters drawn like a Latin one, after folding. */
struct twin {
	uint32_t cp;
	char latin;
};

static const struct twin twins[] = {
    {0x3b1, 'a'},
    {0x3b5, 'e'},
    {0x3b7, 'n'},
    {0x3b9, 'i'},
    {0x3ba, 'k'},
    {0x3bd, 'v'},
    {0x3bf, 'o'},
    {0x3c1, 'p'},
    {0x3c4, 't'},
    {0x3c5, 'u'},
    {0x3c7, 'x'},
    {0x3c9, 'w'},
    {0x430, 'a'},
    {0x432, 'b'},
    {0x433, 'r'},
    {0x435, 'e'},
    {0x437, '3'},
    {0x43a, 'k'},
    {0x43c, 'm'},
    {0x43d, 'h'},
    {0x43e, 'o'},
    {0x43f, 'n'},
    {0x440, 'p'},
    {0x441, 'c'},
    {0x442, 't'},
    {0x443, 'y'},
    {0x445, 'x'},
    {0x455, 's'},
    {0x456, 'i'},
    {0x458, 'j'},
    {0x4bb, 'h'},
    {0x501, 'd'},
    {0x51b, 'q'},
    {0x51d, 'w'},
};

/* Small capitals and the like, which have no decomposition. */
static const struct twin styled[] = {
    {0x131, 'i'},
    {0x251, 'a'},
    {0x261, 'g'},
    {0x262, 'g'},
    {0x26a, 'i'},
    {0x274, 'n'},
    {0x280, 'r'},
    {0x28f, 'y'},
    {0x29c, 'h'},
    {0x29f, 'l'},
    {0x299, 'b'},
    {0x1d00, 'a'},
    {0x1d04, 'c'},
    {0x1d05, 'd'},
    {0x1d07, 'e'},
    {0x1d0a, 'j'},
    {0x1d0b, 'k'},
    {0x1d0d, 'm'},
    {0x1d0f, 'o'},
    {0x1d18, 'p'},
    {0x1d1b, 't'},
    {0x1d1c, 'u'},
    {0x1d20, 'v'},
    {0x1d21, 'w'},
    {0x1d22, 'z'},
    {0xa730, 'f'},
    {0xa731, 's'},
};

static char find_twin(const struct twin *list, size_t count, uint32_t cp)
{
	size_t lo = 0, hi = count;

	for (size_t i = 0; count < 30 && i < count; i++)
		if (list[i].cp == cp)
			return list[i].latin;
	if (count < 30)
		return 0;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (list[mid].cp == cp)
			return list[mid].latin;
		if (list[mid].cp < cp)
			lo = mid + 1;
		else
			hi = mid;
	}
	return 0;
}

char vg_latin_twin(uint32_t cp)
{
	return find_twin(twins, sizeof(twins) / sizeof(twins[0]), cp);
}

bool vg_is_word(uint32_t cp)
{
	if (cp < 0x80)
		return vg_is_alnum((char)cp);
	if (cp >= 0x2e80) /* scripts without word boundaries, symbols, emoji */
		return cp >= 0xa640 && cp <= 0xab6f;
	if (cp >= 0x2000 && cp <= 0x2bff)
		return false;
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_MN:
		return true;
	default:
		return false;
	}
}

static bool is_invisible(uint32_t cp)
{
	return cp == 0xad || cp == 0x34f || cp == 0x180e ||
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x202a && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x2069) || (cp >= 0xfe00 && cp <= 0xfe0f) ||
	       cp == 0xfeff || (cp >= 0xe0000 && cp <= 0xe0fff);
}

/* Punctuation that is one sign to a reader; 0 when the code point is no such sign. */
static char plain_sign(uint32_t cp)
{
	if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0x2043)
		return '-';
	if ((cp >= 0x2018 && cp <= 0x201b) || cp == 0xb4 || cp == 0x2032 || cp == 0x2bc)
		return '\'';
	if ((cp >= 0x201c && cp <= 0x201f) || cp == 0xab || cp == 0xbb)
		return '"';
	if (cp == 0xa0 || cp == 0x3000 || (cp >= 0x2000 && cp <= 0x200a) ||
	    cp == 0x202f)
		return ' ';
	if (cp == 0x3002 || cp == 0xff0e)
		return '.';
	if (cp >= 0x1f150 &&
	    cp <= 0x1f169) /* white letters in black circles and squares */
		return (char)('a' + (cp - 0x1f150));
	if (cp >= 0x1f170 && cp <= 0x1f189)
		return (char)('a' + (cp - 0x1f170));
	return 0;
}

/* Writes the folding of one code point, at most MAX_FOLD bytes; returns their count. */
static size_t fold_slow(uint32_t cp, char *ret)
{
	utf8proc_int32_t parts[MAX_FOLD / 4];
	int boundary = 0;
	utf8proc_ssize_t n;
	size_t len = 0;
	char sign = plain_sign(cp);

	if (is_invisible(cp))
		return 0;
	if (sign == 0)
		sign = find_twin(styled, sizeof(styled) / sizeof(styled[0]), cp);
	if (sign != 0) {
		ret[0] = sign;
		return 1;
	}
	n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, MAX_FOLD / 4,
	    UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
		UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
	    &boundary);
	if (n < 0 || n > MAX_FOLD / 4)
		return vg_utf8_put(cp, ret);
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		uint32_t part = (uint32_t)parts[i];

		if (part < 0x80)
			ret[len++] = vg_lower((char)part);
		else
			len += vg_utf8_put(part, ret + len);
	}
	return len;
}

enum vg_status vg_folder_new(
    struct vg_arena *arena, struct vg_folder **ret, struct vg_error *err)
{
	struct vg_folder *f = vg_arena_alloc(arena, sizeof(*f));

	if (f == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (uint32_t cp = 0x80; cp < TABLE_SIZE; cp++) {
		char bytes[MAX_FOLD];
		size_t len = fold_slow(cp, bytes);

		if (len > sizeof(f->table[cp].bytes)) {
			f->table[cp].len = UINT8_MAX;
			continue;
		}
		memcpy(f->table[cp].bytes, bytes, len);
		f->table[cp].len = (uint8_t)len;
	}
	*ret = f;
	return VG_OK;
}

bool vg_folded_reserve(struct vg_folded *out, size_t more)
{
	size_t cap = out->cap == 0 ? 4096 : out->cap;
	char *text;
	uint32_t *map, *stop;

	if (out->cap - out->len >= more)
		return true;
	while (cap - out->len < more) {
		if (cap > UINT32_MAX / 2)
			return false;
		cap *= 2;
	}
	text = vg_arena_bytes(out->arena, cap);
	map = vg_arena_bytes(out->arena, cap * sizeof(*map));
	stop = vg_arena_bytes(out->arena, cap * sizeof(*stop));
	if (text == NULL || map == NULL || stop == NULL)
		return false;
	if (out->len > 0) {
		memcpy(text, out->text, out->len);
		memcpy(map, out->map, out->len * sizeof(*map));
		memcpy(stop, out->stop, out->len * sizeof(*stop));
	}
	out->text = text;
	out->map = map;
	out->stop = stop;
	out->cap = cap;
	return true;
}

static void put(struct vg_folded *out, char c, uint32_t from, uint32_t to)
{
	out->text[out->len] = c;
	out->map[out->len] = from;
	out->stop[out->len++] = to;
}

/* In the word [start, len) rewrites look-alike letters to the Latin ones. */
static void resolve_twins(struct vg_folded *out, size_t start)
{
	struct vg_str all = {out->text, out->len};
	size_t to = start;

	for (size_t i = start; i < all.len;) {
		size_t next = i;
		uint32_t cp = vg_utf8_next(all, &next);
		char latin = cp < 0x80 ? 0 : vg_latin_twin(cp);
		uint32_t from = out->map[i], until = out->stop[next - 1];

		if (latin != 0) {
			out->text[to] = latin;
			out->map[to] = from;
			out->stop[to++] = until;
			i = next;
			continue;
		}
		for (; i < next; i++, to++) {
			out->text[to] = out->text[i];
			out->map[to] = out->map[i];
			out->stop[to] = out->stop[i];
		}
	}
	out->len = to;
}

/* The word being written: where it starts and which alphabets it uses. */
struct word {
	size_t start;
	bool latin, other, open;
};

static void end_word(struct vg_folded *out, struct word *w)
{
	if (w->open && w->latin && w->other)
		resolve_twins(out, w->start);
	w->open = w->latin = w->other = false;
}

static void note_letter(struct word *w, size_t at, uint32_t cp)
{
	if (!w->open)
		*w = (struct word){.start = at, .open = true};
	if (cp < 0x80)
		w->latin |= vg_is_alpha((char)cp);
	else if (cp >= 0x370 && cp < 0x530)
		w->other = true;
	else
		w->latin |= cp < 0x250;
}

bool vg_fold(const struct vg_folder *f, struct vg_str in, struct vg_folded *out)
{
	struct word w = {0};
	size_t i = 0;

	if (!vg_folded_reserve(out, in.len + MAX_FOLD))
		return false;
	while (i < in.len) {
		size_t next = i, len, at;
		unsigned char c = (unsigned char)in.ptr[i];
		char bytes[MAX_FOLD];
		uint32_t cp, first;

		if (c < 0x80) {
			if (vg_is_alnum((char)c))
				note_letter(&w, out->len, c);
			else
				end_word(out, &w);
			put(out, vg_lower((char)c), (uint32_t)i, (uint32_t)i + 1);
			i++;
			continue;
		}
		cp = vg_utf8_next(in, &next);
		if (cp < TABLE_SIZE && f->table[cp].len <= sizeof(f->table[cp].bytes)) {
			len = f->table[cp].len;
			memcpy(bytes, f->table[cp].bytes, sizeof(f->table[cp].bytes));
		} else {
			len = fold_slow(cp, bytes);
		}
		if (!vg_folded_reserve(out, in.len - i + len + MAX_FOLD))
			return false;
		at = 0;
		first = len > 0 ? vg_utf8_next((struct vg_str){bytes, len}, &at) : 0;
		if (len > 0 && vg_is_word(first))
			note_letter(&w, out->len, first);
		else if (len > 0)
			end_word(out, &w);
		for (size_t k = 0; k < len; k++)
			put(out, bytes[k], (uint32_t)i, (uint32_t)next);
		i = next;
	}
	end_word(out, &w);
	return true;
}
