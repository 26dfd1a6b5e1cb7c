/* SPDX-License-Identifier: MIT */
/* Does the evidence still say what it said? Every digest, leaf and link is computed again. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "store/blob.h"
#include "store/capture.h"
#include "store/fingerprint.h"

#define BATCH 256
#define ARENA_MAX (64u << 20)

struct verifier {
	struct vg_store *s;
	vg_store_fault *fault;
	void *ctx;
	int64_t faults;
};

static void report(struct verifier *v, const char *fmt, ...) VG_PRINTF(2, 3);

static void report(struct verifier *v, const char *fmt, ...)
{
	va_list ap;
	char text[256];

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	v->faults++;
	if (v->fault)
		v->fault(v->ctx, text);
}

/* The link to the capture before must be the one that the log gives. */
static enum vg_status check_previous(struct verifier *v, struct vg_arena *arena,
    const struct vg_capture_row *row, struct vg_error *err)
{
	const struct vg_leaf *leaf = &row->capture.leaf;
	struct vg_capture_row before;
	enum vg_status st =
	    vg_capture_before(v->s, arena, leaf->url, row->capture.seq, &before, err);

	if (st != VG_OK && st != VG_E_NOT_FOUND)
		return st;
	if (leaf->previous.present != (st == VG_OK) ||
	    (st == VG_OK && !vg_digest_eq(&leaf->previous.digest, &before.capture.id)))
		report(v, "capture %lld: its link to the visit before does not hold",
		    (long long)row->capture.seq);
	return VG_OK;
}

static enum vg_status check_capture(struct verifier *v, struct vg_arena *arena,
    const struct vg_capture_row *row, int64_t expected, struct vg_error *err)
{
	struct vg_digest id;
	int64_t fingerprint = 0;
	enum vg_status st = vg_leaf_id(&row->capture.leaf, &id, err);

	if (st == VG_OK)
		st = vg_fingerprint(row->capture.leaf.url, &fingerprint, err);
	if (st != VG_OK)
		return st;
	if (row->capture.seq != expected)
		report(v, "log: captures %lld to %lld are missing", (long long)expected,
		    (long long)row->capture.seq - 1);
	if (!vg_digest_eq(&id, &row->capture.id))
		report(v, "capture %lld: its fields do not match its leaf",
		    (long long)row->capture.seq);
	if (fingerprint != row->fingerprint)
		report(v, "capture %lld: the fingerprint is of another address",
		    (long long)row->capture.seq);
	return check_previous(v, arena, row, err);
}

static enum vg_status check_captures(struct verifier *v, struct vg_error *err)
{
	struct vg_arena *arena = vg_arena_new(ARENA_MAX);
	int64_t next = 0;
	size_t count = 0;
	enum vg_status st = VG_OK;

	if (!arena)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	do {
		struct vg_capture_row *rows = NULL;

		vg_arena_reset(arena);
		st = vg_capture_list(v->s, arena, next, BATCH, &rows, &count, err);
		for (size_t i = 0; st == VG_OK && i < count; i++) {
			st = check_capture(v, arena, &rows[i], next, err);
			next = rows[i].capture.seq + 1;
		}
	} while (st == VG_OK && count);
	vg_arena_free(arena);
	return st;
}

static enum vg_status check_log(struct verifier *v, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(v->s->db, VG_SQL_LEAF_COUNT, &q, err);

	if (st != VG_OK)
		return st;
	st = vg_stmt_step(q, err);
	if (st == VG_OK && vg_column_int(q, 0) != vg_column_int(q, 1))
		report(v, "log: %lld leaves up to position %lld",
		    (long long)vg_column_int(q, 0), (long long)vg_column_int(q, 1));
	if (st == VG_OK && vg_column_int(q, 0) != vg_column_int(q, 2))
		report(v, "log: %lld leaves for %lld captures",
		    (long long)vg_column_int(q, 0), (long long)vg_column_int(q, 2));
	vg_stmt_end(q);
	return st;
}

static enum vg_status next_blob(struct vg_store *s, int64_t *id, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_BLOB_NEXT, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, *id);
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		*id = vg_column_int(q, 0);
	vg_stmt_end(q);
	return st;
}

static enum vg_status check_blobs(struct verifier *v, struct vg_error *err)
{
	struct vg_buf bytes = VG_BUF_INIT(VG_BLOB_MAX);
	int64_t id = INT64_MIN;
	enum vg_status st;

	while ((st = next_blob(v->s, &id, err)) == VG_OK) {
		struct vg_error why;

		vg_buf_clear(&bytes);
		st = vg_blob_get(v->s, id, &bytes, &why);
		if (st == VG_E_CORRUPT) {
			report(v, "%s", why.msg);
		} else if (st != VG_OK) {
			if (err)
				*err = why;
			break;
		}
	}
	vg_buf_release(&bytes);
	return st == VG_E_NOT_FOUND ? VG_OK : st;
}

enum vg_status vg_store_verify(struct vg_store *s, vg_store_fault *fault, void *ctx,
    int64_t *ret_faults, struct vg_error *err)
{
	struct verifier v = {.s = s, .fault = fault, .ctx = ctx};
	enum vg_status st = vg_db_check(s->db, fault, ctx, &v.faults, err);

	if (st == VG_OK)
		st = check_log(&v, err);
	if (st == VG_OK)
		st = check_captures(&v, err);
	if (st == VG_OK)
		st = check_blobs(&v, err);
	if (st == VG_OK)
		*ret_faults = v.faults;
	return st;
}
