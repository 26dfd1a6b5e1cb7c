/* SPDX-License-Identifier: MIT */
/* Free questions on SQLite: temporary views, an authorizer that lets nothing else be read, a deadline. */
#include "config.h"

#include "store/query.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/finding_priv.h"
#include "store/sqlite_priv.h"
#include "store/store_priv.h"

#define STEPS_PER_CHECK 10000 /* of SQLite's machine between two looks at the clock */
#define MAX_COLUMNS 256

static bool is_view(const char *name)
{
	for (const struct vg_query_view *v = vg_query_views; name && v->name; v++)
		if (strcmp(v->name, name) == 0)
			return true;
	return false;
}

/*
 * The views may read the tables; the question may read the views. This keeps people from what may change,
 * and is no wall: `view` is a name, which a common table expression may take too.
 */
static int authorize(void *ctx, int action, const char *first, const char *second,
    const char *database, const char *view)
{
	(void)ctx, (void)first;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return strcmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_READ:
		return is_view(view) || !database || strcmp(database, "temp") == 0
			   ? SQLITE_OK
			   : SQLITE_DENY;
	}
	return SQLITE_DENY;
}

static int past_deadline(void *ctx)
{
	return vg_clock_monotonic() > *(const int64_t *)ctx;
}

/* hex_id(BLOB): lower-case digits of a digest. */
static void hex_id(sqlite3_context *q, int count, sqlite3_value **values)
{
	char hex[VG_SHA256_HEX];
	const void *bytes = sqlite3_value_blob(values[0]);

	(void)count;
	if (sqlite3_value_bytes(values[0]) != VG_SHA256_LEN)
		return;
	vg_hex(bytes, VG_SHA256_LEN, hex);
	sqlite3_result_text(q, hex, -1, SQLITE_TRANSIENT);
}

/* utc(MICROSECONDS): RFC 3339, NULL for a time that has not come or never comes. */
static void utc(sqlite3_context *q, int count, sqlite3_value **values)
{
	char text[VG_RFC3339_LEN];
	int64_t us = sqlite3_value_int64(values[0]);

	(void)count;
	if (us <= 0 || us == VG_NEVER)
		return;
	vg_time_format(us, text);
	sqlite3_result_text(q, text, -1, SQLITE_TRANSIENT);
}

static void severity_word(sqlite3_context *q, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_text(
	    q, vg_severity_word(sqlite3_value_int64(values[0])), -1, SQLITE_STATIC);
}

static int make_views(sqlite3 *db)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
	int code =
	    sqlite3_create_function(db, "hex_id", 1, flags, NULL, hex_id, NULL, NULL);

	if (code == SQLITE_OK)
		code =
		    sqlite3_create_function(db, "utc", 1, flags, NULL, utc, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_create_function(
		    db, "severity_word", 1, flags, NULL, severity_word, NULL, NULL);
	for (const struct vg_query_view *v = vg_query_views;
	     code == SQLITE_OK && v->name; v++) {
		char *sql =
		    sqlite3_mprintf("CREATE TEMP VIEW %s AS %s", v->name, v->select);

		code = sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
		sqlite3_free(sql);
	}
	return code;
}

/* The question is at fault for what SQLite does not understand; the rest is the file's. */
static enum vg_status fail(
    struct vg_store *s, const struct vg_query *query, int code, struct vg_error *err)
{
	sqlite3 *db = vg_sqlite_handle(s->db);

	switch (code & 0xff) {
	case SQLITE_ERROR:
	case SQLITE_MISMATCH:
	case SQLITE_RANGE:
		return vg_fail(err, VG_E_INVALID, "query: %s", sqlite3_errmsg(db));
	case SQLITE_AUTH:
		return vg_fail(err, VG_E_INVALID,
		    "query: only SELECT, and only from the views (%s)",
		    sqlite3_errmsg(db));
	case SQLITE_INTERRUPT:
		return vg_fail(err, VG_E_LIMIT, "query: stopped after %" PRId64 " s",
		    query->deadline / VG_SECOND);
	}
	return vg_sqlite_fail(s->db, code, err);
}

static enum vg_status prepare(struct vg_store *s, const struct vg_query *query,
    sqlite3_stmt **ret, struct vg_error *err)
{
	sqlite3 *db = vg_sqlite_handle(s->db);
	struct vg_str sql = query->sql, rest;
	const char *tail = NULL;
	int code;

	sqlite3_set_authorizer(db, NULL, NULL);
	code = sqlite3_exec(db, "PRAGMA query_only = OFF", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = make_views(db);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "PRAGMA query_only = ON", NULL, NULL, NULL);
	if (code != SQLITE_OK)
		return vg_sqlite_fail(s->db, code, err);
	sqlite3_set_authorizer(db, authorize, NULL);
	code = sqlite3_prepare_v2(db, sql.ptr, (int)sql.len, ret, &tail);
	if (code != SQLITE_OK)
		return fail(s, query, code, err);
	rest = vg_str_trim((struct vg_str){tail, sql.len - (size_t)(tail - sql.ptr)});
	if (!*ret || rest.len > 0)
		return vg_fail(
		    err, VG_E_INVALID, "query: one statement, not none or several");
	if (!sqlite3_stmt_readonly(*ret) || sqlite3_column_count(*ret) > MAX_COLUMNS)
		return vg_fail(err, VG_E_INVALID,
		    "query: only SELECT, of at most %d columns", MAX_COLUMNS);
	return VG_OK;
}

static enum vg_status tell_columns(
    sqlite3_stmt *q, const struct vg_query_reader *reader, struct vg_error *err)
{
	const char *names[MAX_COLUMNS];
	int count = sqlite3_column_count(q);

	for (int i = 0; i < count; i++)
		names[i] = sqlite3_column_name(q, i);
	return reader->columns(reader->ctx, names, (size_t)count, err);
}

static enum vg_status tell_row(
    sqlite3_stmt *q, const struct vg_query_reader *reader, struct vg_error *err)
{
	struct vg_query_value values[MAX_COLUMNS];
	int count = sqlite3_column_count(q);

	for (int i = 0; i < count; i++) {
		struct vg_query_value *v = &values[i];
		int type = sqlite3_column_type(q, i);

		*v = (struct vg_query_value){
		    .type = type == SQLITE_INTEGER ? VG_QUERY_INT
			    : type == SQLITE_FLOAT ? VG_QUERY_REAL
			    : type == SQLITE_NULL  ? VG_QUERY_NULL
						   : VG_QUERY_TEXT};
		v->integer = sqlite3_column_int64(q, i);
		v->real = sqlite3_column_double(q, i);
		v->text.ptr =
		    (const char *)sqlite3_column_text(q, i); /* a blob's bytes */
		v->text.len = (size_t)sqlite3_column_bytes(q, i);
	}
	return reader->row(reader->ctx, values, (size_t)count, err);
}

enum vg_status vg_store_query(struct vg_store *s, const struct vg_query *query,
    const struct vg_query_reader *reader, bool *ret_cut, struct vg_error *err)
{
	sqlite3 *db = vg_sqlite_handle(s->db);
	int64_t end = vg_clock_monotonic() + query->deadline, rows = 0;
	sqlite3_stmt *q = NULL;
	enum vg_status st = VG_OK;
	int code;

	*ret_cut = false;
	if (query->sql.len > INT32_MAX)
		return vg_fail(err, VG_E_TOO_LARGE, "query: too long");
	sqlite3_progress_handler(db, STEPS_PER_CHECK, past_deadline, &end);
	st = prepare(s, query, &q, err);
	if (st == VG_OK)
		st = tell_columns(q, reader, err);
	while (st == VG_OK && (code = sqlite3_step(q)) != SQLITE_DONE) {
		if (code != SQLITE_ROW)
			st = fail(s, query, code, err);
		else if ((*ret_cut = rows++ >= query->max_rows))
			break;
		else
			st = tell_row(q, reader, err);
	}
	sqlite3_finalize(q);
	sqlite3_progress_handler(db, 0, NULL, NULL);
	return st;
}
