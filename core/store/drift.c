/* SPDX-License-Identifier: MIT */
/* Readings of a run, coverage and alerts, as rows. */
#include "config.h"

#include "store/drift.h"

#include "store/store_priv.h"

#define MAX_ROWS 10000

enum vg_status vg_store_readings(struct vg_store *s,
    enum vg_status (*take)(void *ctx, const struct vg_reading *r, struct vg_error *err),
    void *ctx, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_READINGS, &q, err);

	if (st != VG_OK)
		return st;
	while ((st = vg_stmt_step(q, err)) == VG_OK) {
		bool fresh = vg_column_int(q, 5) != 0;
		struct vg_reading r = {.site = vg_column_str(q, 0),
		    .plugin = vg_column_str(q, 1),
		    .coverage = vg_column_str(q, 2),
		    .capture = vg_column_int(q, 6)};

		r.was_plugin = fresh ? vg_column_str(q, 3) : r.plugin;
		r.was_coverage = fresh ? vg_column_str(q, 4) : r.coverage;
		st = take(ctx, &r, err);
		if (st != VG_OK)
			break;
	}
	vg_stmt_end(q);
	return st == VG_E_NOT_FOUND ? VG_OK : st;
}

enum vg_status vg_store_readings_done(
    struct vg_store *s, int64_t run, struct vg_error *err)
{
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_store_run_ints(s, VG_SQL_RUN_JUDGED, &run, 1, NULL, err);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_coverage_add(struct vg_store *s, int64_t run,
    const struct vg_coverage *coverage, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_COVERAGE_ADD, &q, err);
	if (st == VG_OK) {
		vg_bind_int(q, 1, run);
		vg_bind_text(q, 2, coverage->site);
		vg_bind_text(q, 3, coverage->plugin);
		vg_bind_int(q, 4, coverage->pages);
		vg_bind_int(q, 5, coverage->listings);
		vg_bind_text(q, 6, coverage->fields);
		vg_bind_text(q, 7, coverage->layout);
		st = vg_stmt_run(q, NULL, err);
	}
	return vg_store_settle(s, st);
}

enum vg_status vg_store_drift_add(
    struct vg_store *s, int64_t run, const struct vg_drift *drift, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_DRIFT_ADD, &q, err);
	if (st == VG_OK) {
		vg_bind_int(q, 1, run);
		vg_bind_text(q, 2, drift->site);
		vg_bind_text(q, 3, drift->plugin);
		vg_bind_text(q, 4, drift->what);
		vg_bind_int(q, 5, drift->was);
		vg_bind_int(q, 6, drift->now);
		vg_bind_int(q, 7, drift->pages);
		vg_bind_int(q, 8, drift->of_pages);
		vg_bind_int(q, 9, drift->capture_seq);
		vg_bind_int(q, 10, drift->at);
		st = vg_stmt_run(q, NULL, err);
	}
	return vg_store_settle(s, st);
}

enum vg_status vg_store_drift_close(
    struct vg_store *s, int64_t id, int64_t now, struct vg_error *err)
{
	const int64_t values[] = {id, now};
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_store_run_ints(s, VG_SQL_DRIFT_CLOSE, values, 2, NULL, err);
	return vg_store_settle(s, st);
}

static enum vg_status read_drift(const struct vg_stmt *q, struct vg_arena *arena,
    void *row_out, struct vg_error *err)
{
	struct vg_drift *ret = row_out;
	const struct {
		int column;
		struct vg_str *to;
	} texts[] = {
	    {1, &ret->site}, {2, &ret->plugin}, {3, &ret->what}, {11, &ret->url}};
	const struct {
		int column;
		int64_t *to;
	} ints[] = {{0, &ret->id}, {4, &ret->was}, {5, &ret->now}, {6, &ret->pages},
	    {7, &ret->of_pages}, {8, &ret->at}, {9, &ret->closed_at}};
	enum vg_status st = vg_column_digest(q, 10, &ret->capture, err);

	for (size_t i = 0; st == VG_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		st = vg_column_copy(q, texts[i].column, arena, texts[i].to, err);
	for (size_t i = 0; i < sizeof(ints) / sizeof(ints[0]); i++)
		*ints[i].to = vg_column_int(q, ints[i].column);
	return st;
}

enum vg_status vg_store_drift_list(struct vg_store *s, struct vg_arena *arena,
    struct vg_str plugin, bool all, struct vg_drift **ret, size_t *ret_count,
    struct vg_error *err)
{
	struct vg_vec rows = VG_VEC_INIT(struct vg_drift, MAX_ROWS, arena);
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_DRIFT_LIST, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, all);
	vg_bind_text(q, 2, plugin);
	vg_bind_int(q, 3, MAX_ROWS);
	st = vg_stmt_rows(q, &rows, read_drift, err);
	if (st != VG_OK)
		return st;
	*ret = rows.items;
	*ret_count = rows.len;
	return VG_OK;
}
