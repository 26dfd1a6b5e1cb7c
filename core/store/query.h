/* SPDX-License-Identifier: MIT */
/*
 * Free questions to a case: one SELECT over documented views, on a connection that cannot write, with a
 * deadline. The views are what stays; the tables behind them may change.
 */
#ifndef VG_STORE_QUERY_H
#define VG_STORE_QUERY_H

#include "store/store.h"

struct vg_query_view {
	const char *name, *about;
	const char *columns; /* a line each: name, blanks, what it holds */
	const char
	    *select; /* over the tables, and the functions hex_id, utc, severity_word */
};

/* Every view, sorted by name, ended by a NULL name. */
extern const struct vg_query_view vg_query_views[];

/* A value of a row. Text is UTF-8 as stored; the views hold no blobs, others come as their bytes. */
struct vg_query_value {
	enum { VG_QUERY_NULL, VG_QUERY_INT, VG_QUERY_REAL, VG_QUERY_TEXT } type;
	int64_t integer;
	double real;
	struct vg_str text; /* of every type: as people read it; empty for NULL */
};

/* What is told of the answer; all borrowed until it returns. */
struct vg_query_reader {
	/* Once, before the first row. */
	enum vg_status (*columns)(
	    void *ctx, const char *const *names, size_t count, struct vg_error *err);
	enum vg_status (*row)(void *ctx, const struct vg_query_value *values,
	    size_t count, struct vg_error *err);
	void *ctx;
};

struct vg_query {
	struct vg_str sql; /* one statement */
	int64_t max_rows;  /* told to the reader; more set *ret_cut */
	int64_t deadline;  /* microseconds it may take */
};

/*
 * On a store opened with VG_STORE_READ, which serves nothing else from then on. VG_E_INVALID: no single
 * SELECT, or an unknown name; VG_E_LIMIT: past the deadline; else what the reader returns.
 */
VG_WARN_UNUSED enum vg_status vg_store_query(struct vg_store *s,
    const struct vg_query *query, const struct vg_query_reader *reader, bool *ret_cut,
    struct vg_error *err);

#endif
