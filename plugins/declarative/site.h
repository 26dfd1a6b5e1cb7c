/* SPDX-License-Identifier: MIT */
/*
 * A compiled .site file: records, each with its expressions. Strings point into the host's settings or into
 * the site's own pool and live as long as the site.
 */
#ifndef DECLARATIVE_SITE_H
#define DECLARATIVE_SITE_H

#include "kit/kit.h"

enum language { CSS, XPATH, JSON, REGEX, META, CSV, LITERAL, JOIN };

/* One line of a value: what to select, and what of it. */
struct expr {
	enum language language;
	bool page;            /* asks the document, not the item */
	const char *selector; /* "": the item itself */
	const char *attr;     /* NULL: the text */
	const char *pattern;  /* a regex: its first group; NULL: all of it */
	const char *before;   /* of a JOIN's part: what is written before it */
	bool needed;          /* of a JOIN's part: without it there is no value */
	struct expr *parts;   /* of a JOIN */
	struct expr *next;    /* the alternative, or the next part */
};

enum { FIELDS = VIGIA_STOCK + 1, LINKS = VIGIA_LINK_SEED + 1, MAX_PARTS = 12 };
enum reader { READ_FIELDS, READ_SCHEMA, READ_CARDS, READ_PLACES, READ_PRODUCT };

/* How lines of a table are divided; 0 when the record reads no table. */
struct table {
	char divider;
	const char *columns; /* NULL: named by the first line */
};

struct record {
	const char *name;
	uint32_t kind;
	enum reader reader;
	struct expr *when, *unless, *item;
	struct expr *fields[FIELDS];
	uint32_t required; /* bits of the fields an item must have */
	struct table table;
	const char *page_parameter; /* NULL, or what counts the pages of an address */
	bool go_on;                 /* later records are read too */
	struct record *next;
};

struct pool; /* memory of a site */

struct site {
	struct record *records;
	struct expr *links[LINKS];
	bool pass;  /* a page without a listing is left to others */
	bool check; /* every expression is evaluated on whatever page comes */
	struct pool *pool;
	char error[160]; /* why the file cannot be used; "" when it can */
};

/* compile.c: NULL when out of memory; other faults are in site->error. */
struct site *site_new(const struct vigia_host_api *api, struct vigia_host *host);
void site_free(struct site *site);

/* table.c: CSV and the like. A row is borrowed from the call. */
struct row {
	const struct vigia_node *node;
	const struct row_names *names;
};
struct row_names {
	struct vigia_str name[96];
	size_t count;
};
/* Lines of the document that are no comment; the first is dropped when it names the columns. */
struct vigia_nodes table_rows(
    const struct kit *k, const struct table *t, struct row_names *ret_names);
/* The cell of a column; NULL when the row is too short or there is no such column. */
const struct vigia_node *table_cell(const struct kit *k, const struct table *t,
    const struct row *row, const char *column);
/* What a cell says, unquoted; `room` is written when quotes were doubled. */
struct vigia_value table_text(
    const struct kit *k, const struct vigia_node *cell, char *room, size_t size);

/* value.c: where an expression is evaluated */
struct place {
	const struct kit *k;
	const struct vigia_node *item; /* NULL: the document */
	const struct table *table;     /* NULL unless `row` is set */
	const struct row *row;
	char room[4096]; /* of values that were put together */
	size_t used;
};
/*
 * Values of all alternatives in order, until `take` answers true. False: it never did.
 * An expression that the host refuses has already been reported by it.
 */
bool value_each(struct place *at, const struct expr *e,
    bool (*take)(void *ctx, struct vigia_value value), void *ctx);
/* The first that is not empty. */
struct vigia_value value_of(struct place *at, const struct expr *e);
/* Evaluates all alternatives, for what the host has to say about them. */
void value_check(struct place *at, const struct expr *e);
/* Does any alternative select something? A literal never does. */
bool value_exists(struct place *at, const struct expr *e);
/* Items of a record: nodes in document order. */
struct vigia_nodes value_nodes(struct place *at, const struct expr *e);

/* date.c: ISO 8601 out of a timestamp of 14 digits or seconds since 1970; else as it stands. */
struct vigia_str site_date(struct vigia_str text, char room[32]);

#endif
