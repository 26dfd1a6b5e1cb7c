/* SPDX-License-Identifier: MIT */
/*
 * What most plugins need besides the ABI: short ways to select, prices as people write them, records
 * that fill themselves. Compiled into each plugin; it uses <vigia/plugin.h> only.
 */
#ifndef KIT_KIT_H
#define KIT_KIT_H

#include <stdbool.h>

#include <vigia/plugin.h>

#define KIT_STR(lit) ((struct vigia_str){(lit), sizeof(lit) - 1})

struct kit { /* one parse call */
	const struct vigia_host_api *api;
	struct vigia_call *call;
	const struct vigia_page *page;
};

/* strings */
struct vigia_str kit_str(const char *z);
struct vigia_str kit_trim(struct vigia_str s);
bool kit_is(struct vigia_str s, const char *z);     /* equal, ASCII case ignored */
bool kit_starts(struct vigia_str s, const char *z); /* ASCII case ignored */
size_t kit_find(struct vigia_str s, const char *z); /* ASCII case ignored; SIZE_MAX */
bool kit_has_word(struct vigia_str list, const char *word); /* one of a class list */
struct vigia_str kit_sub(struct vigia_str s, size_t start, size_t end);
size_t kit_digits(struct vigia_str s); /* how many */

/* selections; ctx NULL is the document. Failures count as nothing found. */
struct vigia_nodes kit_all(const struct kit *k, const struct vigia_node *ctx,
    uint32_t language, const char *expression);
const struct vigia_node *kit_first(
    const struct kit *k, const struct vigia_node *ctx, const char *css);
struct vigia_info kit_info(const struct kit *k, const struct vigia_node *node);
/* Trimmed; text.len 0 when there is nothing. node NULL allowed. */
struct vigia_value kit_text(const struct kit *k, const struct vigia_node *node);
struct vigia_value kit_attr(
    const struct kit *k, const struct vigia_node *node, const char *name);
struct vigia_value kit_css_text(
    const struct kit *k, const struct vigia_node *ctx, const char *css);
struct vigia_value kit_css_attr(const struct kit *k, const struct vigia_node *ctx,
    const char *css, const char *name);
/* Content of <meta property=… or name=…>. */
struct vigia_value kit_meta(const struct kit *k, const char *name);

/* money.c */
struct kit_money {
	char amount[40];   /* "1234.50"; empty: no amount */
	char currency[4];  /* ISO 4217; empty: not told, or ambiguous */
	size_t start, end; /* of the number inside the text */
};
/*
 * The first price in a text. `hint` is what '$' and the like mean here, may be "". A number counts
 * without a currency only when `bare`.
 */
bool kit_price(
    struct vigia_str text, const char *hint, bool bare, struct kit_money *ret);
/* ISO code of a symbol, word or code ("zł", "Kč", "eur"); "" when none. */
void kit_currency(struct vigia_str text, const char *hint, char ret[4]);
/* What '$' means by the page's top-level domain; "" when open. */
const char *kit_dollar(const struct vigia_page *page);

/* contact.c: the first telephone number in a text, as written; len 0 when none */
struct vigia_str kit_phone(struct vigia_str text);

/* record.c */
struct kit_record {
	struct vigia_field fields[14];
	uint64_t count;
	struct kit_money money;
	char extra[64]; /* storage of a plugin for one made value */
	char coordinates[2][32];
};
void kit_set(
    struct kit_record *r, uint32_t key, struct vigia_value value); /* first wins */
const struct vigia_value *kit_get(
    const struct kit_record *r, uint32_t key); /* NULL: not set */
/* Price and currency from a text; true when an amount was found. */
bool kit_set_price(
    struct kit_record *r, struct vigia_value text, const char *hint, bool bare);
void kit_set_currency(struct kit_record *r, struct vigia_value text, const char *hint);
/* A coordinate when the text is one; a decimal comma becomes a point. */
void kit_set_coordinate(struct kit_record *r, uint32_t key, struct vigia_value text);
int32_t kit_emit(const struct kit *k, const struct kit_record *r, uint32_t kind,
    const struct vigia_node *node);
int32_t kit_link(const struct kit *k, uint32_t kind, struct vigia_str href);

/* cards.c: repeated blocks that hold a title and a price, or a title and a telephone number */
struct vigia_nodes kit_find_cards(const struct kit *k, bool phones); /* count 0: none */
int32_t kit_emit_cards(const struct kit *k, const struct vigia_nodes *cards,
    bool phones, size_t *ret_emitted);

#endif
