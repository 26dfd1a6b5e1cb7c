/* SPDX-License-Identifier: MIT */
/*
 * Ids that tie sites to one operator: analytics, tag managers, pixels, chat boxes, keys. Each is
 * found by a fixed text of its snippet, then read by its own alphabet.
 */
#include "config.h"

#include "detect/entity_priv.h"

#include <string.h>

enum { UPPER = 1, LOWER = 2, DIGITS = 4, WORD = 8 /* _ and - */ };

static const struct snippet {
	const char *kind;
	const char *mark;    /* what to look for */
	const char *between; /* bytes that may stand between mark and id */
	const char *prefix;  /* what the value begins with */
	int alphabet;
	size_t min, max;   /* bytes of the id after the prefix */
	const char *needs; /* text within 200 bytes before the mark, or NULL */
} snippets[] = {
    {"ga", "UA-", "", "UA-", DIGITS | WORD, 6, 16, NULL},
    {"ga", "G-", "", "G-", UPPER | DIGITS, 8, 12, NULL},
    {"gtm", "GTM-", "", "GTM-", UPPER | DIGITS, 4, 9, NULL},
    {"fbpixel", "fbq(", " '\"init,", "", DIGITS, 13, 17, NULL},
    {"fbpixel", "facebook.com/tr?id=", "", "", DIGITS, 13, 17, NULL},
    {"fbapp", "facebookAppId", " \"':=", "", DIGITS, 13, 17, NULL},
    {"fbapp", "fb:app_id", " \"':=contet", "", DIGITS, 13, 17, NULL},
    {"fbapp", "sdk.js#", "abcdefghijklmnopqrstuvwxyzI&=;.0123456789", "", DIGITS, 13,
	17, "appId"},
    {"adsense", "pub-", "", "ca-pub-", DIGITS, 16, 16, NULL},
    {"clarity", "clarity.ms/tag/", "", "", LOWER | DIGITS, 8, 12, NULL},
    {"clarity", "\"clarity\"", ", \"'script", "", LOWER | DIGITS, 8, 12, NULL},
    {"clarity", "'clarity'", ", \"'script", "", LOWER | DIGITS, 8, 12, NULL},
    {"tawk", "embed.tawk.to/", "", "", LOWER | DIGITS, 24, 24, NULL},
    {"tiktok", "ttq.load(", " '\"", "", UPPER | DIGITS, 18, 22, NULL},
    {"yandex", "ym(", " ", "", DIGITS, 5, 9, NULL},
    {"yandex", "mc.yandex.ru/watch/", "", "", DIGITS, 5, 9, NULL},
    {"yandex", "mc.yandex.com/watch/", "", "", DIGITS, 5, 9, NULL},
    {"recaptcha", "6L", "", "6L", UPPER | LOWER | DIGITS | WORD, 38, 38, NULL},
};

enum { SNIPPETS = sizeof(snippets) / sizeof(snippets[0]) };
_Static_assert(SNIPPETS <= 32, "a bit each");

static bool in_alphabet(char c, int alphabet)
{
	if (vg_is_digit(c))
		return (alphabet & DIGITS) != 0;
	if (c >= 'A' && c <= 'Z')
		return (alphabet & UPPER) != 0;
	if (c >= 'a' && c <= 'z')
		return (alphabet & LOWER) != 0;
	return (c == '_' || c == '-') && (alphabet & WORD) != 0;
}

static bool name_byte(char c)
{
	return vg_is_alnum(c) || c == '_' || c == '-';
}

/* Inside a tag, or in the text of a script? */
static enum vg_where place_of(struct vg_str utf8, size_t at)
{
	for (size_t p = at, left = 4096; p > 0 && left > 0; p--, left--) {
		if (utf8.ptr[p - 1] == '<')
			return vg_is_alpha(utf8.ptr[p]) ? VG_WHERE_ATTRIBUTE
							: VG_WHERE_SCRIPT;
		if (utf8.ptr[p - 1] == '>')
			break;
	}
	return VG_WHERE_SCRIPT;
}

/* The id behind the mark at `at`, if it is one; the mark itself may be its beginning. */
static void read_id(struct vg_entity_scan *s, const struct snippet *k, size_t at)
{
	struct vg_str text = s->doc->utf8;
	size_t p = at + strlen(k->mark), start, skipped = 0;
	char value[64];
	size_t len = strlen(k->prefix);
	bool glued = k->prefix[0] != '\0'; /* the mark opens the value */

	if (at > 0 && name_byte(text.ptr[at - 1]) && k->alphabet != (DIGITS) && glued)
		return;
	if (strcmp(k->kind, "ga") == 0 && at > 0 &&
	    strchr("'\"=/", text.ptr[at - 1]) == NULL)
		return;
	while (p < text.len && skipped < 60 && k->between[0] != '\0' &&
	       strchr(k->between, text.ptr[p]) != NULL &&
	       !(vg_is_digit(text.ptr[p]) && k->alphabet == DIGITS)) {
		p++;
		skipped++;
	}
	start = p;
	while (p < text.len && in_alphabet(text.ptr[p], k->alphabet))
		p++;
	if (p - start < k->min || p - start > k->max ||
	    (p < text.len && name_byte(text.ptr[p])))
		return;
	memcpy(value, k->prefix, len);
	memcpy(value + len, text.ptr + start, p - start);
	len += p - start;
	size_t from = glued ? at : start;
	struct vg_place place = {.where = place_of(text, from)};
	vg_doc_utf8_span(s->doc, from, p, &place.start, &place.end);
	vg_entity_add(
	    s, k->kind, (struct vg_str){value, len}, vg_str_sub(text, from, p), place);
}

/* Bits of the snippets whose mark is in the text at all: one pass by the first two bytes of each. */
static uint32_t present(struct vg_str text)
{
	uint32_t first[256] = {0}, second[256] = {0}, found = 0;

	for (uint32_t i = 0; i < SNIPPETS; i++) {
		first[(unsigned char)snippets[i].mark[0]] |= 1u << i;
		second[(unsigned char)snippets[i].mark[1]] |= 1u << i;
	}
	for (size_t at = 0; at + 1 < text.len; at++) {
		uint32_t may = first[(unsigned char)text.ptr[at]] &
			       second[(unsigned char)text.ptr[at + 1]] & ~found;

		for (uint32_t i = 0; may != 0; i++, may >>= 1)
			if ((may & 1) && vg_str_starts(vg_str_sub(text, at, text.len),
					     vg_str(snippets[i].mark)))
				found |= 1u << i;
	}
	return found;
}

void vg_site_ids_find(struct vg_entity_scan *s)
{
	struct vg_str text = s->doc->utf8;
	uint32_t found = present(text);

	for (size_t i = 0; i < SNIPPETS; i++) {
		struct vg_str mark = vg_str(snippets[i].mark);

		for (size_t at = 0;
		     (found >> i & 1) && (at = vg_str_find(text, mark, at)) != SIZE_MAX;
		     at += mark.len)
			read_id(s, &snippets[i], at);
	}
}
