/* SPDX-License-Identifier: MIT */
/*
 * Where detect/ says it read something, it stands: terms of the shipped lexicon, planted at random under
 * a disguise, in a charset, somewhere in a page. Each is found, and the document bytes at its start..end
 * read again hold it. VIGIA_TEST_SEED gives other pages.
 */
#include "config.h"

#include "support/lexicon.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "detect/detect.h"
#include "detect/lexicon_data.h"
#include "detect/reading.h"

enum { ROUNDS = 60, PLANTS = 8 };

static uint32_t seed;

static uint32_t next_random(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* Charsets as headers name them and as iconv does; UTF-8 and UTF-16 are written here. */
static const struct charset {
	const char *type, *iconv;
} charsets[] = {
    {"text/html; charset=utf-8", NULL},
    {"text/html; charset=utf-16le", NULL},
    {"text/html; charset=windows-1252", "CP1252"},
    {"text/html; charset=windows-1251", "CP1251"},
    {"text/html; charset=iso-8859-2", "ISO-8859-2"},
    {"text/html; charset=shift_jis", "CP932"},
    {"text/html; charset=gb18030", "GB18030"},
};

/* A page being written in its charset. */
struct page {
	struct vg_buf bytes;
	const struct charset *charset;
	iconv_t cd; /* from UTF-8, when the charset has an iconv name */
	bool json;  /* inside a JSON string: \u escapes, not &# references */
};

static bool is_wide(const struct charset *c)
{
	return c == &charsets[1];
}

static struct page page_new(const struct charset *charset)
{
	struct page p = {.bytes = VG_BUF_INIT(1 << 20), .charset = charset};

	if (charset->iconv != NULL) {
		p.cd = iconv_open(charset->iconv, "UTF-8");
		assert_true(p.cd != (iconv_t)-1);
	}
	return p;
}

static void page_release(struct page *p)
{
	if (p->charset->iconv != NULL)
		iconv_close(p->cd);
	vg_buf_release(&p->bytes);
}

static void put_unit(struct page *p, uint32_t unit)
{
	vg_buf_addc(&p->bytes, (char)(unit & 0xff));
	if (is_wide(p->charset))
		vg_buf_addc(&p->bytes, (char)(unit >> 8));
}

static void put_ascii(struct page *p, const char *z)
{
	for (; *z != '\0'; z++)
		put_unit(p, (unsigned char)*z);
}

static void put_escape(struct page *p, uint32_t cp)
{
	char text[32];

	if (!p->json)
		snprintf(text, sizeof(text), "&#%u;", cp);
	else if (cp < 0x10000)
		snprintf(text, sizeof(text), "\\u%04x", cp);
	else
		snprintf(text, sizeof(text), "\\u%04x\\u%04x",
		    0xd800 + ((cp - 0x10000) >> 10), 0xdc00 + ((cp - 0x10000) & 0x3ff));
	put_ascii(p, text);
}

/* The character itself where the charset has it, else by its number. */
static void put(struct page *p, uint32_t cp)
{
	char in[4], out[16], *from = in, *to = out;
	size_t len = vg_utf8_put(cp, in), left = len, room = sizeof(out);

	if (cp < 0x80 || (is_wide(p->charset) && cp < 0x10000))
		put_unit(p, cp);
	else if (is_wide(p->charset)) {
		put_unit(p, 0xd800 + ((cp - 0x10000) >> 10));
		put_unit(p, 0xdc00 + ((cp - 0x10000) & 0x3ff));
	} else if (p->charset->iconv == NULL)
		vg_buf_add(&p->bytes, in, len);
	/* letters alone: iconv and browsers differ on some signs */
	else if ((vg_is_word(cp) || (cp >= 0x3040 && cp < 0xa000)) &&
		 iconv(p->cd, &from, &left, &to, &room) == 0)
		vg_buf_add(&p->bytes, out, sizeof(out) - room);
	else
		put_escape(p, cp);
}

enum disguise {
	PLAIN,
	SOFT_HYPHEN,
	ZERO_WIDTH,
	TAGS,
	COMMENTS,
	NUMBERS,
	FULLWIDTH,
	BOLD,
	TWINS,
	LEET,
	PARTED,
	DISGUISES
};

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_word_byte(char c)
{
	return vg_is_alnum(c) || (unsigned char)c >= 0x80;
}

/* Text that stands for itself in every place it is planted, and of which nothing is trimmed off. */
static bool is_plantable(const struct vg_term *t)
{
	struct vg_str s = t->text;

	if ((t->flags & VG_TERM_REGEX) || s.len == 0 || vg_is_space(s.ptr[0]) ||
	    vg_is_space(s.ptr[s.len - 1]))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (strchr("<>&\"\\", s.ptr[i]) != NULL)
			return false;
	return true;
}

/* Sets a mark for letters that leet replaces: letters on both sides, three of a word left, one sign for 1. */
static bool choose_leet(struct vg_str s, char *signs)
{
	static const char letters[] = "oeastbil", digits[] = "03457811";
	char one = next_random(2) == 0 ? 'i' : 'l';
	size_t start = 0;

	memset(signs, 0, s.len);
	for (size_t i = 0; i <= s.len; i++) {
		size_t left = i - start, made = 0;

		if (i < s.len && is_lower(s.ptr[i]))
			continue;
		if (i < s.len && s.ptr[i] != ' ')
			return false;
		for (size_t k = start + 1; k + 1 < i && left > 3; k++) {
			const char *at = strchr(letters, s.ptr[k]);

			if (at == NULL || signs[k - 1] != 0 ||
			    (made > 0 && next_random(2)))
				continue;
			if ((*at == 'i' || *at == 'l') && *at != one)
				continue;
			signs[k] = *at == 'a' && next_random(2) ? '@'
				   : *at == 's' && next_random(2)
				       ? '$'
				       : digits[at - letters];
			made++;
			left--;
		}
		start = i + 1;
	}
	for (size_t i = 0; i < s.len; i++)
		if (signs[i] != 0)
			return true;
	return false;
}

/*
 * What vigia does not promise to undo: look-alikes in a word of another alphabet or of nothing else; leet in
 * words with signs or digits of their own, at their ends, for fewer than three letters left; parted letters
 * of more than one word or fewer than five letters. Tags cannot stand in attributes or strings.
 */
static enum disguise possible(
    enum disguise want, struct vg_str s, bool tags, char *signs)
{
	bool lower = true;

	if ((want == TAGS || want == COMMENTS) && !tags)
		return SOFT_HYPHEN;
	for (size_t i = 0; i < s.len; i++)
		lower &= is_lower(s.ptr[i]);
	if (want == PARTED && (!lower || s.len < 5))
		return PLAIN;
	if (want == LEET && !choose_leet(s, signs))
		return PLAIN;
	for (size_t i = 0; want == TWINS && i < s.len;)
		if (vg_utf8_next(s, &i) >= 0x250)
			return PLAIN;
	return want;
}

/* A letter of another alphabet that looks like `c`, or c. */
static uint32_t twin(char c)
{
	static const struct {
		char c;
		uint32_t twin;
	} twins[] = {{'a', 0x430}, {'a', 0x3b1}, {'c', 0x441}, {'e', 0x435},
	    {'i', 0x456}, {'j', 0x458}, {'k', 0x43a}, {'m', 0x43c}, {'o', 0x43e},
	    {'o', 0x3bf}, {'p', 0x440}, {'p', 0x3c1}, {'s', 0x455}, {'t', 0x442},
	    {'u', 0x3c5}, {'v', 0x3bd}, {'x', 0x445}, {'y', 0x443}};
	size_t from = next_random(18);

	for (size_t i = 0; i < 18; i++)
		if (twins[(from + i) % 18].c == c)
			return twins[(from + i) % 18].twin;
	return (unsigned char)c;
}

static void put_between(struct page *p, enum disguise how)
{
	if (how == SOFT_HYPHEN)
		put_escape(p, 0xad);
	else if (how == ZERO_WIDTH)
		put(p, next_random(2) == 0 ? 0x200b : 0x200d);
	else if (how == TAGS)
		put_ascii(p, "<b></b>");
	else if (how == COMMENTS)
		put_ascii(p, "<!-- x -->");
}

static void put_hidden(
    struct page *p, struct vg_str s, enum disguise how, const char *signs)
{
	static const char part[] = ".-_*|~+ ";
	char sign[2] = {part[next_random(sizeof(part) - 1)], '\0'};
	bool latin = false; /* the word has a letter left that is not a twin */

	for (size_t i = 0; i < s.len;) {
		size_t at = i;
		char c = s.ptr[i];
		uint32_t cp = vg_utf8_next(s, &i);

		if (how == NUMBERS && vg_is_alnum(c))
			put_escape(p, cp);
		else if (how == FULLWIDTH && is_lower(c))
			put(p, 0xff41 + cp - 'a');
		else if (how == BOLD && is_lower(c))
			put(p, 0x1d41a + cp - 'a');
		else if (how == TWINS && is_lower(c) && latin)
			put(p, next_random(3) > 0 ? twin(c) : cp);
		else if (how == LEET && signs[at] != 0)
			put(p, (unsigned char)signs[at]);
		else
			put(p, cp);
		latin = is_word_byte(c) && (latin || vg_is_alpha(c));
		if (how == PARTED && i < s.len)
			put_ascii(p, sign);
		if (vg_is_alpha(c) && i < s.len && vg_is_alpha(s.ptr[i]))
			put_between(p, how);
	}
}

static struct vg_doc *read_bytes(
    struct vg_arena *a, struct vg_str bytes, const struct charset *charset)
{
	struct vg_doc_input in = {.payload = bytes,
	    .content_type = vg_str(charset->type),
	    .url = VG_STR("http://page.example/")};
	struct vg_doc *doc = NULL;

	assert_int_equal(vg_doc_read(a, &in, &doc, NULL), VG_OK);
	return doc;
}

/* The document bytes of a place as a page of their own. */
static struct vg_doc *read_cut(struct vg_arena *a, const struct vg_doc *doc,
    struct vg_place at, const struct charset *charset)
{
	struct page p = page_new(charset);
	bool json = at.where == VG_WHERE_JSONLD || at.where == VG_WHERE_SCRIPT;
	struct vg_doc *again;
	struct vg_str bytes;
	char *copy;

	assert_true(at.start <= at.end && at.end <= doc->document.len);
	bytes = vg_str_sub(doc->document, at.start, at.end);
	if (json)
		put_ascii(&p, "<script type='application/ld+json'>[\"");
	if (bytes.len > 0 && bytes.ptr[0] == ' ')
		put_ascii(&p, "x"); /* a first space is lost */
	vg_buf_adds(&p.bytes, bytes);
	if (json)
		put_ascii(&p, "\"]</script>");
	bytes = vg_buf_str(&p.bytes);
	copy = vg_arena_alloc(a, bytes.len + 1);
	assert_non_null(copy);
	if (bytes.len > 0)
		memcpy(copy, bytes.ptr, bytes.len);
	again = read_bytes(a, (struct vg_str){copy, bytes.len}, charset);
	page_release(&p);
	return again;
}

/* What is left of text under any disguise: letters and digits, those that look alike made one. */
static struct vg_str skeleton(struct vg_folded *to, struct vg_str s)
{
	static const char signs[] = "013457!8@$l", letters[] = "oieastibasi";
	struct vg_folded folded = {.arena = to->arena};
	size_t start = to->len;

	assert_true(vg_fold(lex->folder, s, &folded));
	assert_true(vg_folded_reserve(to, folded.len));
	for (size_t i = 0; i < folded.len;) {
		size_t from = i;
		struct vg_str all = {folded.text, folded.len};
		char twin_of = vg_latin_twin(vg_utf8_next(all, &i));
		char c = twin_of != 0 ? twin_of : folded.text[from];
		const char *sign = strchr(signs, c);

		if (twin_of == 0 && (unsigned char)c >= 0x80)
			for (; from < i; from++)
				to->text[to->len++] = folded.text[from];
		else if (sign != NULL)
			to->text[to->len++] = letters[sign - signs];
		else if (vg_is_alnum(c))
			to->text[to->len++] = c;
	}
	return (struct vg_str){to->text + start, to->len - start};
}

/* A piece of a disguised word is no disguise by itself: its letters are compared. */
static bool is_disguised(
    const struct vg_doc *cut, const struct vg_hit *h, struct vg_arena *a)
{
	struct vg_folded said = {.arena = a}, want = {.arena = a};
	struct vg_str term = skeleton(&want, vg_lexicon_term(lex, h->term)->text);

	for (size_t i = 0; (h->flags & VG_HIT_DISGUISED) && i < cut->block_count; i++)
		if (cut->blocks[i].where != VG_WHERE_URL &&
		    vg_str_eq(skeleton(&said, cut->blocks[i].text), term))
			return true;
	return false;
}

static void check_hits(const struct vg_reading *r, const struct charset *charset)
{
	const struct vg_doc *doc = r->text->doc;

	for (size_t i = 0; i < r->text->hit_count; i++) {
		const struct vg_hit *h = &r->text->hits[i];
		struct vg_place at = vg_text_place(doc, h->block, h->start, h->end);
		struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
		struct vg_text *again = NULL;
		const struct vg_doc *cut;
		bool found = false;

		assert_true(at.start < at.end);
		cut = read_cut(a, doc, at, charset);
		assert_int_equal(vg_text_read(lex, cut, &again, NULL), VG_OK);
		for (size_t k = 0; k < again->hit_count; k++)
			found |= again->hits[k].term == h->term;
		if (!found && !(h->term_flags & VG_TERM_REGEX) &&
		    !is_disguised(cut, h, a))
			fail_msg("%s: \"%.*s\" does not hold the term of %s:%u",
			    charset->type,
			    VG_STR_ARG(vg_str_sub(doc->document, at.start, at.end)),
			    vg_lexicon_term(lex, h->term)->table,
			    vg_lexicon_term(lex, h->term)->line);
		vg_arena_free(a);
	}
}

/* Folded, without spaces: cutting trims and collapses them. */
static struct vg_str fold_into(struct vg_folded *to, struct vg_str s)
{
	size_t start = to->len, kept = start;

	assert_true(vg_fold(lex->folder, s, to));
	for (size_t i = start; i < to->len; i++)
		if (!vg_is_space(to->text[i]))
			to->text[kept++] = to->text[i];
	to->len = kept;
	return (struct vg_str){to->text + start, kept - start};
}

/* The bytes at the place say the quote. */
static void check_quote(const struct vg_doc *doc, const struct charset *charset,
    const char *what, struct vg_str quote, struct vg_place at)
{
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_folded said = {.arena = a}, want = {.arena = a};
	const struct vg_doc *again = read_cut(a, doc, at, charset);
	struct vg_str all, some = fold_into(&want, quote);
	bool exact;

	for (size_t i = 0; i < again->block_count; i++)
		if (again->blocks[i].where != VG_WHERE_URL &&
		    again->blocks[i].where != VG_WHERE_COMMENT)
			(void)fold_into(&said, again->blocks[i].text);
	all = (struct vg_str){said.text, said.len};
	/* why[] quotes the beginning; an entity may stand in an address or be put together */
	exact = strcmp(what, "reason") != 0 && strcmp(what, "entity") != 0;
	if (exact
		? !vg_str_eq(all, some)
		: some.len > 0 && memmem(all.ptr, all.len, some.ptr, some.len) == NULL)
		fail_msg("%s: %s at %zu to %zu says \"%.*s\", not \"%.*s\"",
		    charset->type, what, at.start, at.end, VG_STR_ARG(all),
		    VG_STR_ARG(some));
	vg_arena_free(a);
}

static void check_result(const struct vg_doc *doc, const struct charset *charset)
{
	struct vg_result *r = NULL;

	assert_int_equal(vg_detect(lex, doc, &r, NULL), VG_OK);
	for (size_t i = 0; i < r->claim_count; i++)
		for (size_t k = 0; k < r->claims[i].why_count; k++)
			check_quote(doc, charset, "reason", r->claims[i].why[k].quote,
			    r->claims[i].why[k].at);
	for (size_t i = 0; i < r->substance_count; i++)
		check_quote(doc, charset, "substance", r->substances[i].surface,
		    r->substances[i].at);
	for (size_t i = 0; i < r->marker_count; i++)
		check_quote(
		    doc, charset, "marker", r->markers[i].quote, r->markers[i].at);
	for (size_t i = 0; i < r->species_count; i++)
		check_quote(
		    doc, charset, "species", r->species[i].surface, r->species[i].at);
	for (size_t i = 0; i < r->entity_count; i++)
		check_quote(
		    doc, charset, "entity", r->entities[i].surface, r->entities[i].at);
	for (size_t i = 0; i < r->offer_count; i++)
		assert_true(r->offers[i].at.start <= r->offers[i].at.end &&
			    r->offers[i].at.end <= doc->document.len);
}

static const struct {
	const char *open, *close;
	bool json, tags;
} wraps[] = {
    {"<p>", "</p>", false, true},
    {"<ul><li>", "</li></ul>", false, true},
    {"<div hidden>", "</div>", false, true},
    {"<img src=x alt=\"", "\">", false, false},
    {"<p title=\"", "\">x</p>", false, false},
    {"<p>caf&eacute; ", " &#128138;</p>", false, true},
    {"<script type=\"application/ld+json\">{\"name\": \"", "\"}</script>", true, false},
    {"<script type=\"application/json\">{\"a\": [\"", "\"]}</script>", true, false},
    {"<script>window.shop = {\"name\": \"", ", now\"};</script>", true, false},
};

/* Plants a term of the lexicon; what it is under, or DISGUISES when the term cannot be planted. */
static enum disguise plant(struct page *p, size_t number, enum disguise want)
{
	const struct vg_term *t = vg_lexicon_term(lex, number);
	size_t wrap = next_random(sizeof(wraps) / sizeof(wraps[0]));
	char signs[256];

	if (!is_plantable(t) || t->text.len > sizeof(signs))
		return DISGUISES;
	want = possible(want, t->text, wraps[wrap].tags, signs);
	put_ascii(p, wraps[wrap].open);
	p->json = wraps[wrap].json;
	put_hidden(p, t->text, want, signs);
	p->json = false;
	put_ascii(p, wraps[wrap].close);
	return want;
}

static bool has_term(const struct vg_text *text, size_t term)
{
	for (size_t i = 0; i < text->hit_count; i++)
		if (text->hits[i].term == term)
			return true;
	return false;
}

static void check_page(const struct charset *charset, size_t *planted)
{
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct page p = page_new(charset);
	size_t terms[PLANTS];
	enum disguise hows[PLANTS];
	struct vg_reading r;
	struct vg_doc *doc;

	if (is_wide(charset))
		put_unit(&p, 0xfeff);
	put_ascii(&p, "<p>Buy tramadol 50mg, no prescription needed, $120, mail "
		      "sales@rx.example or WhatsApp +52 998 555 0123.</p>");
	for (int i = 0; i < PLANTS; i++) {
		terms[i] = next_random((uint32_t)vg_lexicon_term_count(lex));
		hows[i] = plant(&p, terms[i], next_random(DISGUISES));
		if (hows[i] != DISGUISES)
			planted[hows[i]]++;
	}
	doc = read_bytes(a, vg_buf_str(&p.bytes), charset);
	assert_int_equal(vg_reading_of(lex, doc, &r, NULL), VG_OK);
	for (int i = 0; i < PLANTS; i++)
		if (hows[i] != DISGUISES && !has_term(r.text, terms[i]))
			fail_msg("%s: the term of %s:%u, \"%.*s\", is lost under "
				 "disguise %d:\n%s",
			    charset->type, vg_lexicon_term(lex, terms[i])->table,
			    vg_lexicon_term(lex, terms[i])->line,
			    VG_STR_ARG(vg_lexicon_term(lex, terms[i])->text),
			    (int)hows[i], vg_buf_cstr(&p.bytes));
	check_hits(&r, charset);
	check_result(doc, charset);
	page_release(&p);
	vg_arena_free(a);
}

static void spans__terms_hidden_at_random__hold_their_terms(void **state)
{
	const char *given = getenv("VIGIA_TEST_SEED");
	size_t planted[DISGUISES] = {0};

	(void)state;
	seed = given != NULL ? (uint32_t)strtoul(given, NULL, 10) : 20261125;
	for (size_t i = 0; i < ROUNDS; i++)
		check_page(
		    &charsets[i % (sizeof(charsets) / sizeof(charsets[0]))], planted);
	for (size_t i = 0; given == NULL && i < DISGUISES; i++)
		assert_true(planted[i] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spans__terms_hidden_at_random__hold_their_terms),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
