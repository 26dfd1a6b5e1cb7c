/* SPDX-License-Identifier: MIT */
/* Reading findings, listings, results and problems. */
#include "config.h"

#include "base/limits.h"
#include "base/vec.h"
#include "store/codec.h"
#include "store/finding_priv.h"

#define MAX_ROWS 100000
#define DEFAULT_ROWS 10000

/* Copies several columns; the first failure ends it. */
struct text_column {
	int column;
	struct vg_str *to;
};

static enum vg_status copy_texts(const struct vg_stmt *q, struct vg_arena *arena,
    const struct text_column *texts, size_t count, struct vg_error *err)
{
	enum vg_status st = VG_OK;

	for (size_t i = 0; st == VG_OK && i < count; i++)
		st = vg_column_copy(q, texts[i].column, arena, texts[i].to, err);
	return st;
}

/* Columns as FINDING_SELECT lists them. */
static enum vg_status read_finding(const struct vg_stmt *q, struct vg_arena *arena,
    void *row_out, struct vg_error *err)
{
	struct vg_finding *ret = row_out;
	struct vg_finding f = {0};
	const struct text_column texts[] = {{3, &f.site}, {4, &f.url}, {5, &f.plugin},
	    {6, &f.title}, {7, &f.natural_key}, {8, &f.verdict}, {9, &f.family},
	    {10, &f.subkind}, {12, &f.rules}, {14, &f.what}, {15, &f.price},
	    {16, &f.currency}, {17, &f.why}, {18, &f.why_rule}};
	enum vg_status st = vg_column_digest(q, 0, &f.id, err);

	if (st == VG_OK)
		st = vg_column_digest(q, 1, &f.capture, err);
	if (st == VG_OK)
		st = vg_column_digest(q, 2, &f.listing, err);
	if (st == VG_OK)
		st = copy_texts(q, arena, texts, sizeof(texts) / sizeof(texts[0]), err);
	f.severity = vg_str(vg_severity_word(vg_column_int(q, 11)));
	f.confidence = vg_column_real(q, 13);
	f.why_start = vg_column_int(q, 19);
	f.why_end = vg_column_int(q, 20);
	f.captured_at = vg_column_int(q, 21);
	f.first_seen = vg_column_int(q, 22);
	f.last_seen = vg_column_int(q, 23);
	f.current = vg_column_int(q, 24) != 0;
	if (st == VG_OK)
		*ret = f;
	return st;
}

static enum vg_status read_findings(struct vg_stmt *q, struct vg_arena *arena,
    struct vg_finding **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_vec rows = VG_VEC_INIT(struct vg_finding, MAX_ROWS, arena);
	enum vg_status st;

	st = vg_stmt_rows(q, &rows, read_finding, err);
	if (st != VG_OK)
		return st;
	*ret = rows.items;
	*ret_count = rows.len;
	return VG_OK;
}

enum vg_status vg_store_list_findings(struct vg_store *s, struct vg_arena *arena,
    const struct vg_finding_filter *filter, struct vg_finding **ret, size_t *ret_count,
    struct vg_error *err)
{
	size_t max = filter->max ? filter->max : DEFAULT_ROWS;
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_FINDING_LIST, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_text(q, 1, filter->verdict);
	vg_bind_text(q, 2, filter->site);
	vg_bind_text(q, 3, filter->family);
	vg_bind_int(q, 4, filter->since ? filter->since : INT64_MIN);
	vg_bind_int(q, 5, filter->history);
	vg_bind_int(q, 6, max < MAX_ROWS ? (int64_t)max : MAX_ROWS);
	return read_findings(q, arena, ret, ret_count, err);
}

enum vg_status vg_store_listing_findings(struct vg_store *s, struct vg_arena *arena,
    const struct vg_digest *key, struct vg_finding **ret, size_t *ret_count,
    struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_FINDING_OF_LISTING, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_digest(q, 1, key);
	vg_bind_int(q, 2, DEFAULT_ROWS);
	return read_findings(q, arena, ret, ret_count, err);
}

enum vg_status vg_store_get_finding(struct vg_store *s, struct vg_arena *arena,
    const struct vg_digest *id, struct vg_finding *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_FINDING_GET, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_digest(q, 1, id);
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		st = read_finding(q, arena, ret, err);
	else if (st == VG_E_NOT_FOUND)
		vg_fail(err, st, "%s: no such finding", s->path);
	vg_stmt_end(q);
	return st;
}

enum vg_status vg_store_get_listing(struct vg_store *s, struct vg_arena *arena,
    const struct vg_digest *key, struct vg_listing *ret, struct vg_error *err)
{
	struct vg_listing l = {.key = *key};
	const struct text_column texts[] = {{0, &l.site}, {1, &l.plugin}, {2, &l.url},
	    {3, &l.natural_key}, {4, &l.kind}, {5, &l.title}, {6, &l.fields}};
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_LISTING_GET, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_digest(q, 1, key);
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		st = copy_texts(q, arena, texts, sizeof(texts) / sizeof(texts[0]), err);
	else if (st == VG_E_NOT_FOUND)
		vg_fail(err, st, "%s: no such listing", s->path);
	if (st == VG_OK)
		st = vg_column_digest(q, 9, &l.first_capture, err);
	if (st == VG_OK)
		st = vg_column_digest(q, 10, &l.last_capture, err);
	if (st == VG_OK) {
		l.start = vg_column_int(q, 7);
		l.end = vg_column_int(q, 8);
		l.first_seen = vg_column_int(q, 11);
		l.last_seen = vg_column_int(q, 12);
		*ret = l;
	}
	vg_stmt_end(q);
	return st;
}

enum vg_status vg_store_get_scan(struct vg_store *s, struct vg_arena *arena,
    const struct vg_digest *capture, struct vg_str *ret, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(VG_MAX_FRAME);
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_ANALYSIS_SCAN, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_digest(q, 1, capture);
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		st = vg_codec_unpack_text(s->codec, vg_column_str(q, 0), &text, err);
	else if (st == VG_E_NOT_FOUND)
		vg_fail(err, st, "%s: this capture was not analysed", s->path);
	vg_stmt_end(q);
	if (st == VG_OK) {
		struct vg_str copy = vg_arena_str(arena, vg_buf_str(&text));

		if (copy.ptr)
			*ret = copy;
		else
			st = vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	vg_buf_release(&text);
	return st;
}

static enum vg_status read_problem(const struct vg_stmt *q, struct vg_arena *arena,
    void *row_out, struct vg_error *err)
{
	struct vg_problem *ret = row_out;
	const struct text_column texts[] = {
	    {1, &ret->url}, {2, &ret->site}, {3, &ret->reason}};
	enum vg_status st = vg_column_digest(q, 0, &ret->capture, err);

	ret->at = vg_column_int(q, 4);
	ret->count = vg_column_int(q, 5);
	return st == VG_OK ? copy_texts(q, arena, texts, 3, err) : st;
}

enum vg_status vg_store_list_problems(struct vg_store *s, struct vg_arena *arena,
    size_t max, struct vg_problem **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_vec rows = VG_VEC_INIT(struct vg_problem, MAX_ROWS, arena);
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_PROBLEM_LIST, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, max < MAX_ROWS ? (int64_t)max : MAX_ROWS);
	st = vg_stmt_rows(q, &rows, read_problem, err);
	if (st != VG_OK)
		return st;
	*ret = rows.items;
	*ret_count = rows.len;
	return VG_OK;
}
