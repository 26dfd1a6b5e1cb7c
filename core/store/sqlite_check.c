/* SPDX-License-Identifier: MIT */
/* Is the file sound, and is its schema still the one we made, guards included? */
#include "config.h"

#include <string.h>

#include "store/schema.h"
#include "store/sqlite_priv.h"

static const char objects[] =
    "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1";

struct checker {
	vg_store_fault *fault;
	void *ctx;
	int64_t faults;
};

static void report(struct checker *c, const char *what, const char *detail)
{
	struct vg_buf line = VG_BUF_INIT(4096);

	vg_buf_addf(&line, "%s%s", what, detail);
	c->faults++;
	if (c->fault)
		c->fault(c->ctx, vg_buf_cstr(&line));
	vg_buf_release(&line);
}

static enum vg_status check_pages(
    struct vg_db *db, struct checker *c, struct vg_error *err)
{
	sqlite3_stmt *q = NULL;
	int code = sqlite3_prepare_v2(
	    vg_sqlite_handle(db), "PRAGMA integrity_check", -1, &q, NULL);
	enum vg_status st;

	if (code == SQLITE_OK) {
		while ((code = sqlite3_step(q)) == SQLITE_ROW) {
			const char *line = (const char *)sqlite3_column_text(q, 0);

			if (line && strcmp(line, "ok"))
				report(c, "database file: ", line);
		}
	}
	st = code == SQLITE_DONE ? VG_OK : vg_sqlite_fail(db, code, err);
	sqlite3_finalize(q);
	return st;
}

static const char *column(sqlite3_stmt *q, int i)
{
	const char *text = (const char *)sqlite3_column_text(q, i);

	return text ? text : "";
}

/* Merges two lists in the same order; each object is in one, in the other, or must be equal. */
static int compare_objects(sqlite3_stmt *ours, sqlite3_stmt *theirs, struct checker *c)
{
	int a = sqlite3_step(ours), b = sqlite3_step(theirs);

	while (a == SQLITE_ROW || b == SQLITE_ROW) {
		int order = a != SQLITE_ROW ? 1
			    : b != SQLITE_ROW
				? -1
				: strcmp(column(ours, 0), column(theirs, 0));

		if (order < 0)
			report(c, "schema: missing: ", column(ours, 0));
		else if (order > 0)
			report(c, "schema: not ours: ", column(theirs, 0));
		else if (strcmp(column(ours, 1), column(theirs, 1)))
			report(c, "schema: changed: ", column(ours, 0));
		if (order <= 0)
			a = sqlite3_step(ours);
		if (order >= 0)
			b = sqlite3_step(theirs);
	}
	return a != SQLITE_DONE ? a : b;
}

static enum vg_status check_schema(
    struct vg_db *db, struct checker *c, struct vg_error *err)
{
	sqlite3 *model = NULL;
	sqlite3_stmt *ours = NULL, *theirs = NULL;
	int code = sqlite3_open_v2(
	    ":memory:", &model, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	enum vg_status st;

	for (int i = 0; i < VG_SCHEMA_VERSION; i++)
		for (const char *const *sql = vg_schema_sqlite[i];
		     code == SQLITE_OK && *sql; sql++)
			code = sqlite3_exec(model, *sql, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(model, objects, -1, &ours, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(
		    vg_sqlite_handle(db), objects, -1, &theirs, NULL);
	if (code == SQLITE_OK)
		code = compare_objects(ours, theirs, c);
	st = code == SQLITE_DONE ? VG_OK : vg_sqlite_fail(db, code, err);
	sqlite3_finalize(ours);
	sqlite3_finalize(theirs);
	sqlite3_close(model);
	return st;
}

enum vg_status vg_db_check(struct vg_db *db, vg_store_fault *fault, void *ctx,
    int64_t *ret_faults, struct vg_error *err)
{
	struct checker c = {.fault = fault, .ctx = ctx};
	enum vg_status st = check_pages(db, &c, err);

	if (st == VG_OK)
		st = check_schema(db, &c, err);
	if (st == VG_OK)
		*ret_faults = c.faults;
	return st;
}
