/* SPDX-License-Identifier: MIT */
/*
 * Repeated blocks without any markup to trust. Every price (or telephone number) votes for the classes
 * of the elements around it; the class that repeats most, one vote an element, is the card.
 */
#include "kit.h"

#include <stdlib.h>
#include <string.h>

#define MAX_KEYS 2048u
#define MAX_LEAVES 4000u
#define MAX_CLIMB 10
#define MAX_CLASSES 6
#define MAX_CARD_TEXT                                                                  \
	3000u /* bytes: a larger block is a part of the page, not a card */

struct key { /* an element name, with or without one of its classes */
	struct vigia_str tag, word;
	const struct vigia_node *last; /* the element that voted last */
	size_t elements, leaves;
	size_t height; /* summed: how far above the leaves */
};

struct ballot {
	struct key *keys;
	size_t count;
};

static bool same(struct vigia_str a, struct vigia_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static void vote(struct ballot *b, struct vigia_str tag, struct vigia_str word,
    const struct vigia_node *element, size_t height)
{
	struct key *at = NULL;

	for (size_t i = 0; i < b->count && at == NULL; i++)
		if (same(b->keys[i].word, word) && same(b->keys[i].tag, tag))
			at = &b->keys[i];
	if (at == NULL && b->count < MAX_KEYS) {
		at = &b->keys[b->count++];
		*at = (struct key){.tag = tag, .word = word};
	}
	if (at == NULL)
		return;
	if (at->last != element) {
		at->elements++;
		at->height += height;
		at->last = element;
	}
	at->leaves++;
}

/* Class words that say where in the row a card stands, not what it is. */
static bool is_plain_word(struct vigia_str word)
{
	if (word.len == 0 || word.len > 60)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
			c == '_' || (i > 0 && c >= '0' && c <= '9')))
			return false;
	}
	return !kit_is(word, "first") && !kit_is(word, "last") &&
	       !kit_is(word, "odd") && !kit_is(word, "even") &&
	       !kit_is(word, "active") && !kit_is(word, "row");
}

static bool may_be_bare(struct vigia_str tag)
{
	return kit_is(tag, "li") || kit_is(tag, "article") || kit_is(tag, "tr");
}

static void vote_around(
    const struct kit *k, struct ballot *b, const struct vigia_node *leaf)
{
	const struct vigia_node *at = leaf;

	for (size_t height = 1; height <= MAX_CLIMB && at != NULL; height++) {
		struct vigia_info info = kit_info(k, at);
		struct vigia_str classes = kit_attr(k, at, "class").text;
		size_t from = 0, words = 0;

		if (kit_is(info.name, "body") || kit_is(info.name, "html"))
			return;
		while (from < classes.len && words < MAX_CLASSES) {
			size_t end = from;
			struct vigia_str word;

			while (end < classes.len && classes.ptr[end] != ' ' &&
			       classes.ptr[end] > ' ')
				end++;
			word = kit_sub(classes, from, end);
			if (is_plain_word(word)) {
				vote(b, info.name, word, at, height);
				words++;
			}
			from = end + 1;
		}
		if (words == 0 && may_be_bare(info.name))
			vote(b, info.name, (struct vigia_str){"", 0}, at, height);
		at = info.parent;
	}
}

/* One card an element: few leaves each. Most elements win, then the outermost. */
static const struct key *winner(const struct ballot *b)
{
	const struct key *best = NULL;

	for (size_t i = 0; i < b->count; i++) {
		const struct key *key = &b->keys[i];

		if (key->elements < 2 || key->leaves > key->elements * 4)
			continue;
		if (best == NULL || key->elements > best->elements ||
		    (key->elements == best->elements && key->height >= best->height))
			best = key;
	}
	return best;
}

static bool in_crossed_out(const struct kit *k, const struct vigia_node *node)
{
	for (int i = 0; i < 4 && node != NULL; i++) {
		struct vigia_info info = kit_info(k, node);
		struct vigia_str classes = kit_attr(k, node, "class").text;

		if (kit_is(info.name, "del") || kit_is(info.name, "s") ||
		    kit_is(info.name, "strike") || kit_find(classes, "old") != SIZE_MAX)
			return true;
		node = info.parent;
	}
	return false;
}

static void set_title(
    const struct kit *k, struct kit_record *r, const struct vigia_node *card)
{
	static const char *const places[] = {"h1, h2, h3, h4, h5, h6",
	    "[class*=title], [class*=titulo]", "[class*=name], [class*=nombre]",
	    "a[href][title]", "a[href]", "strong, b", "td, th"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct vigia_nodes found = kit_all(k, card, VIGIA_CSS, places[i]);

		for (size_t n = 0; n < found.count; n++) {
			struct vigia_value text = kit_text(k, found.items[n]);
			struct kit_money money;

			if (text.text.len < 3 || text.text.len > 300 ||
			    kit_digits(text.text) * 2 > text.text.len)
				continue;
			if (kit_price(text.text, "", false, &money) &&
			    text.text.len < 20)
				continue;
			kit_set(r, VIGIA_TITLE, text);
			return;
		}
	}
}

static void set_price(
    const struct kit *k, struct kit_record *r, const struct vigia_node *card)
{
	struct vigia_nodes texts =
	    kit_all(k, card, VIGIA_CSS, "[class*=price]:not(:has(*)), *:not(:has(*))");
	const char *hint = kit_dollar(k->page);

	for (size_t i = 0; i < texts.count; i++) {
		struct vigia_value text = kit_text(k, texts.items[i]);

		if (text.text.len > 0 && text.text.len < 60 &&
		    !in_crossed_out(k, texts.items[i]) &&
		    kit_set_price(r, text, hint, false))
			return;
	}
	(void)kit_set_price(r, kit_text(k, card), hint, false);
}

static void set_phone(
    const struct kit *k, struct kit_record *r, const struct vigia_node *card)
{
	struct vigia_value tel = kit_css_attr(k, card, "a[href^='tel:']", "href");
	struct vigia_value text = kit_text(k, card);

	if (tel.text.len > 4) {
		tel.text = kit_sub(tel.text, 4, tel.text.len);
	} else {
		tel = text;
		tel.text = kit_phone(text.text);
	}
	kit_set(r, VIGIA_PHONE, tel);
	kit_set(r, VIGIA_ADDRESS,
	    kit_css_text(k, card,
		"address, [class*=address], [class*=direccion], [class*=adresse]"));
	kit_set(r, VIGIA_LAT, kit_css_attr(k, card, "[data-lat]", "data-lat"));
	kit_set(
	    r, VIGIA_LON, kit_css_attr(k, card, "[data-lng], [data-lon]", "data-lng"));
}

/* False: the block is no card after all. */
static bool build_card(const struct kit *k, const struct vigia_node *card, bool phones,
    struct kit_record *r)
{
	struct vigia_value href = kit_css_attr(
	    k, card, "h1 a[href], h2 a[href], h3 a[href], h4 a[href]", "href");

	if (kit_text(k, card).text.len > MAX_CARD_TEXT)
		return false;
	set_title(k, r, card);
	if (kit_get(r, VIGIA_TITLE) == NULL)
		return false;
	if (phones)
		set_phone(k, r, card);
	else
		set_price(k, r, card);
	if (phones && kit_get(r, VIGIA_PHONE) == NULL)
		return false;
	if (href.text.len == 0)
		href = kit_css_attr(k, card,
		    "a[href]:not([href^='tel:']):not([href^='mailto:']):not([href^='#']"
		    ")",
		    "href");
	if (href.text.len == 0 && kit_is(kit_info(k, card).name, "a"))
		href = kit_attr(k, card, "href");
	kit_set(r, VIGIA_URL, href);
	return true;
}

/* Leaves: elements around a text that holds a price, or links and texts with a telephone. */
static void collect(const struct kit *k, bool phones, struct ballot *b)
{
	struct vigia_nodes texts = kit_all(k, NULL, VIGIA_XPATH, "//text()");
	const struct vigia_node *last = NULL;
	size_t used = 0;

	if (phones) {
		struct vigia_nodes links =
		    kit_all(k, NULL, VIGIA_CSS, "a[href^='tel:']");

		for (; used < links.count && used < MAX_LEAVES; used++)
			vote_around(k, b, links.items[used]);
	}
	for (size_t i = 0; i < texts.count && used < MAX_LEAVES; i++) {
		struct vigia_str text = kit_text(k, texts.items[i]).text;
		const struct vigia_node *leaf;
		struct kit_money money;

		/* Digits are counted here: XPath's translate() takes quadratic time. */
		if (text.len > 200 || kit_digits(text) < (phones ? 7u : 1u))
			continue;
		leaf = kit_info(k, texts.items[i]).parent;
		if (leaf == NULL || leaf == last ||
		    kit_is(kit_info(k, leaf).name, "script") ||
		    kit_is(kit_info(k, leaf).name, "style"))
			continue;
		/* The sign may stand in an element of its own beside the digits. */
		last = leaf;
		text = kit_text(k, leaf).text;
		if (text.len > 200)
			continue;
		if (phones ? kit_phone(text).len == 0
			   : !kit_price(text, "", false, &money) ||
				 in_crossed_out(k, leaf))
			continue;
		used++;
		vote_around(k, b, leaf);
	}
}

/* "tag.word" as a selector; names were checked to need no escapes, but tags were not. */
static bool selector_of(const struct key *key, char *ret, size_t size)
{
	if (key->tag.len + key->word.len + 2 > size ||
	    memchr(key->tag.ptr, ':', key->tag.len) != NULL)
		return false;
	memcpy(ret, key->tag.ptr, key->tag.len);
	ret[key->tag.len] = '\0';
	if (key->word.len > 0) {
		ret[key->tag.len] = '.';
		memcpy(ret + key->tag.len + 1, key->word.ptr, key->word.len);
		ret[key->tag.len + 1 + key->word.len] = '\0';
	}
	return true;
}

/* Cards say different things, and most of them say what cards are for. */
static bool convince(const struct kit *k, const struct vigia_nodes *cards, bool phones)
{
	size_t good = 0, told = 0, same_title = 0;
	struct vigia_str last = {"", 0};

	for (size_t i = 0; i < cards->count; i++) {
		struct kit_record r = {.count = 0};
		struct vigia_str title;

		if (!build_card(k, cards->items[i], phones, &r))
			continue;
		title = kit_get(&r, VIGIA_TITLE)->text;
		same_title += good > 0 && same(title, last);
		last = title;
		good++;
		told += kit_get(&r, phones ? VIGIA_PHONE : VIGIA_PRICE) != NULL;
	}
	return good >= 2 && good * 2 >= cards->count && told * 2 > good &&
	       same_title * 2 < good;
}

struct vigia_nodes kit_find_cards(const struct kit *k, bool phones)
{
	struct ballot b = {malloc(MAX_KEYS * sizeof(struct key)), 0};
	const struct key *best;
	struct vigia_nodes cards = {NULL, 0};
	char selector[160];

	if (b.keys == NULL)
		return cards;
	collect(k, phones, &b);
	best = winner(&b);
	if (best != NULL && selector_of(best, selector, sizeof(selector)))
		cards = kit_all(k, NULL, VIGIA_CSS, selector);
	if (!convince(k, &cards, phones))
		cards.count = 0;
	free(b.keys);
	return cards;
}

int32_t kit_emit_cards(const struct kit *k, const struct vigia_nodes *cards,
    bool phones, size_t *ret_emitted)
{
	int32_t st = VIGIA_OK;

	for (size_t i = 0; i < cards->count && st == VIGIA_OK; i++) {
		struct kit_record r = {.count = 0};
		const struct vigia_value *href;

		if (!build_card(k, cards->items[i], phones, &r))
			continue;
		(*ret_emitted)++;
		href = kit_get(&r, VIGIA_URL);
		st = href != NULL ? kit_link(k, VIGIA_LINK_ITEM, href->text) : VIGIA_OK;
		if (st == VIGIA_OK)
			st = kit_emit(k, &r,
			    phones ? VIGIA_KIND_PLACE : VIGIA_KIND_ADVERT,
			    cards->items[i]);
	}
	return st;
}
