/* SPDX-License-Identifier: MIT */
/* The frontier for people. */
#include "config.h"

#include "store/operate.h"

#include "store/frontier_priv.h"

#define MAX_ROWS 1000000

static enum vg_status read_row(const struct vg_stmt *q, struct vg_arena *arena,
    void *row_out, struct vg_error *err)
{
	struct vg_frontier_row *ret = row_out;
	const struct {
		int column;
		struct vg_str *to;
	} texts[] = {{0, &ret->url}, {1, &ret->site}, {2, &ret->host}, {9, &ret->note}};
	const struct {
		int column;
		int64_t *to;
	} ints[] = {{3, &ret->rank}, {4, &ret->depth}, {5, &ret->due_at},
	    {6, &ret->visited_at}, {7, &ret->failures}, {8, &ret->pause},
	    {10, &ret->host_next_at}, {11, &ret->host_failures},
	    {12, &ret->lease_until}};
	enum vg_status st = VG_OK;

	for (size_t i = 0; st == VG_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		st = vg_column_copy(q, texts[i].column, arena, texts[i].to, err);
	for (size_t i = 0; i < sizeof(ints) / sizeof(ints[0]); i++)
		*ints[i].to = vg_column_int(q, ints[i].column);
	ret->held = ret->rank >= VG_RANKS;
	ret->rank %= VG_RANKS;
	return st;
}

enum vg_status vg_store_frontier_list(struct vg_store *s, struct vg_arena *arena,
    const struct vg_frontier_filter *filter, struct vg_frontier_row **ret,
    size_t *ret_count, struct vg_error *err)
{
	struct vg_vec rows = VG_VEC_INIT(struct vg_frontier_row, MAX_ROWS, arena);
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_FRONTIER_LIST, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_text(q, 1, filter->url);
	vg_bind_text(q, 2, filter->host);
	vg_bind_text(q, 3, filter->site);
	vg_bind_int(q, 4, filter->due_by);
	vg_bind_int(q, 5, filter->held);
	vg_bind_int(q, 6,
	    filter->max && filter->max < MAX_ROWS ? (int64_t)filter->max : MAX_ROWS);
	st = vg_stmt_rows(q, &rows, read_row, err);
	if (st != VG_OK)
		return st;
	*ret = rows.items;
	*ret_count = rows.len;
	return VG_OK;
}

enum vg_status vg_store_frontier_act(struct vg_store *s, struct vg_str what,
    enum vg_frontier_act act, int64_t *ret_count, struct vg_error *err)
{
	static const enum vg_sql statements[] = {
	    VG_SQL_FRONTIER_HOLD, VG_SQL_FRONTIER_RELEASE, VG_SQL_FRONTIER_DROP};
	struct vg_stmt *q = NULL;
	int64_t hosts = 0;
	enum vg_status st = vg_store_check_open(s, err);

	/* What will be discovered of a host goes with what is known. */
	if (st == VG_OK && act != VG_FRONTIER_DROP)
		st = vg_db_prepare(s->db, VG_SQL_HOST_HOLD, &q, err);
	if (st == VG_OK && act != VG_FRONTIER_DROP) {
		vg_bind_text(q, 1, what);
		vg_bind_int(q, 2, act == VG_FRONTIER_HOLD ? VG_RANKS : 0);
		st = vg_stmt_run(q, &hosts, err);
	}
	if (st == VG_OK)
		st = vg_db_prepare(s->db, statements[act], &q, err);
	if (st == VG_OK) {
		vg_bind_text(q, 1, what);
		st = vg_stmt_run(q, ret_count, err);
	}
	return vg_store_settle(s, st);
}

static enum vg_status read_host(const struct vg_stmt *q, struct vg_arena *arena,
    void *row_out, struct vg_error *err)
{
	struct vg_frontier_host *ret = row_out;

	ret->urls = vg_column_int(q, 1);
	ret->due = vg_column_int(q, 2);
	ret->held = vg_column_int(q, 3);
	ret->visited = vg_column_int(q, 4);
	ret->failing = vg_column_int(q, 5);
	ret->next_at = vg_column_int(q, 6);
	return vg_column_copy(q, 0, arena, &ret->host, err);
}

enum vg_status vg_store_frontier_stats(struct vg_store *s, struct vg_arena *arena,
    int64_t now, struct vg_frontier_host **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_vec rows = VG_VEC_INIT(struct vg_frontier_host, MAX_ROWS, arena);
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_FRONTIER_STATS, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, now);
	st = vg_stmt_rows(q, &rows, read_host, err);
	if (st != VG_OK)
		return st;
	*ret = rows.items;
	*ret_count = rows.len;
	return VG_OK;
}

enum vg_status vg_store_frontier_count(struct vg_store *s, int64_t now,
    struct vg_frontier_count *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_FRONTIER_COUNT, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, now);
	vg_bind_int(q, 2, VG_NEVER);
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		*ret = (struct vg_frontier_count){.due = vg_column_int(q, 0),
		    .waiting = vg_column_int(q, 1),
		    .held = vg_column_int(q, 2),
		    .dropped = vg_column_int(q, 3)};
	vg_stmt_end(q);
	return st;
}

enum vg_status vg_store_find_run(
    struct vg_store *s, int64_t id, struct vg_run_row *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_RUN_FIND, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, id);
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		*ret = (struct vg_run_row){.id = vg_column_int(q, 0),
		    .started = vg_column_int(q, 1),
		    .ended = vg_column_int(q, 2)};
	vg_stmt_end(q);
	return st;
}

static enum vg_status read_request(const struct vg_stmt *q, struct vg_arena *arena,
    void *row_out, struct vg_error *err)
{
	struct vg_request_row *ret = row_out;
	enum vg_status st = vg_column_copy(q, 0, arena, &ret->url, err);

	if (st == VG_OK)
		st = vg_column_copy(q, 1, arena, &ret->peer, err);
	ret->started = vg_column_int(q, 2);
	ret->total_us = vg_column_int(q, 3);
	ret->status = vg_column_int(q, 4);
	ret->has_head = !vg_column_is_null(q, 5);
	ret->proxied = vg_str_find(vg_column_str(q, 6), VG_STR("proxied"), 0) != SIZE_MAX;
	if (st == VG_OK && ret->has_head)
		st = vg_column_digest(q, 5, &ret->head, err);
	return st;
}

enum vg_status vg_store_requests(struct vg_store *s, struct vg_arena *arena,
    int64_t from, int64_t to, struct vg_request_row **ret, size_t *ret_count,
    struct vg_error *err)
{
	struct vg_vec rows = VG_VEC_INIT(struct vg_request_row, MAX_ROWS, arena);
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_REQUESTS, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, from);
	vg_bind_int(q, 2, to);
	st = vg_stmt_rows(q, &rows, read_request, err);
	if (st != VG_OK)
		return st;
	*ret = rows.items;
	*ret_count = rows.len;
	return VG_OK;
}
