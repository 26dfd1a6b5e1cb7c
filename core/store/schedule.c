/* SPDX-License-Identifier: MIT */
/* The state of the scheduler. */
#include "config.h"

#include "store/schedule.h"

#include "base/vec.h"
#include "store/store_priv.h"

#define MAX_ROWS 100000

static enum vg_status read_row(const struct vg_stmt *q, struct vg_arena *arena,
    void *row_out, struct vg_error *err)
{
	struct vg_store_schedule *ret = row_out;
	int64_t *const numbers[] = {&ret->since, &ret->planned, &ret->started,
	    &ret->ended, &ret->failures, &ret->end};
	enum vg_status st = vg_column_copy(q, 0, arena, &ret->site, err);

	if (st == VG_OK)
		st = vg_column_copy(q, 1, arena, &ret->text, err);
	for (int i = 0; i < 6; i++)
		*numbers[i] = vg_column_int(q, i + 2);
	return st;
}

enum vg_status vg_store_schedules(struct vg_store *s, struct vg_arena *arena,
    struct vg_store_schedule **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_vec rows = VG_VEC_INIT(struct vg_store_schedule, MAX_ROWS, arena);
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_SCHEDULE_LIST, &q, err);

	if (st == VG_OK)
		st = vg_stmt_rows(q, &rows, read_row, err);
	if (st != VG_OK)
		return st;
	*ret = rows.items;
	*ret_count = rows.len;
	return VG_OK;
}

enum vg_status vg_store_put_schedule(
    struct vg_store *s, const struct vg_store_schedule *schedule, struct vg_error *err)
{
	const int64_t numbers[] = {schedule->since, schedule->planned,
	    schedule->started, schedule->ended, schedule->failures, schedule->end};
	struct vg_stmt *q = NULL;
	int64_t site = 0;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_store_site(s, schedule->site, &site, err);
	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_SCHEDULE_PUT, &q, err);
	if (st == VG_OK) {
		vg_bind_int(q, 1, site);
		vg_bind_text(q, 2, schedule->text);
		for (int i = 0; i < 6; i++)
			vg_bind_int(q, i + 3, numbers[i]);
		st = vg_stmt_run(q, NULL, err);
	}
	return vg_store_settle(s, st);
}
