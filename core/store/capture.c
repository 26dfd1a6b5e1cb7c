/* SPDX-License-Identifier: MIT */
/* Captures: one fetch becomes bodies, a row and a leaf of the log. */
#include "config.h"

#include "store/capture.h"

#include "base/vec.h"
#include "store/blob.h"
#include "store/fingerprint.h"

#define LEAF_CAPTURE 1 /* log_leaf.kind; never renumber */
#define MAX_LIST 100000

static enum vg_status column_leaf_digest(
    const struct vg_stmt *q, int i, struct vg_leaf_digest *ret, struct vg_error *err)
{
	ret->present = !vg_column_is_null(q, i);
	return ret->present ? vg_column_digest(q, i, &ret->digest, err) : VG_OK;
}

/* Columns as CAPTURE_SELECT lists them. */
static enum vg_status read_capture(const struct vg_stmt *q, struct vg_arena *arena,
    void *row_out, struct vg_error *err)
{
	struct vg_capture_row *ret = row_out;
	struct vg_capture_row row = {0};
	struct vg_leaf *leaf = &row.capture.leaf;
	const struct {
		int column;
		struct vg_str *to;
	} texts[] = {{2, &row.capture.site}, {3, &leaf->url}, {4, &leaf->method},
	    {11, &leaf->outcome}, {12, &leaf->detail}, {13, &leaf->notes},
	    {19, &leaf->peer}, {20, &leaf->tls_version}, {21, &leaf->tls_cipher},
	    {28, &row.capture.reason}, {29, &row.capture.robots}};
	const struct {
		int column;
		int64_t *to;
	} ints[] = {{1, &row.capture.seq}, {5, &leaf->started}, {6, &leaf->dns_us},
	    {7, &leaf->connect_us}, {8, &leaf->tls_us}, {9, &leaf->first_byte_us},
	    {10, &leaf->total_us}, {14, &leaf->status}, {18, &leaf->payload_length},
	    {25, &row.payload_blob}, {26, &row.fingerprint}, {27, &row.capture.depth}};
	const struct {
		int column;
		struct vg_leaf_digest *to;
	} digests[] = {{15, &leaf->request_head}, {16, &leaf->response_head},
	    {17, &leaf->payload}, {22, &leaf->chain}, {23, &leaf->previous},
	    {24, &leaf->parent}};
	enum vg_status st = vg_column_digest(q, 0, &row.capture.id, err);

	for (size_t i = 0; st == VG_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		st = vg_column_copy(q, texts[i].column, arena, texts[i].to, err);
	for (size_t i = 0; i < sizeof(ints) / sizeof(ints[0]); i++)
		*ints[i].to = vg_column_int(q, ints[i].column);
	for (size_t i = 0; st == VG_OK && i < sizeof(digests) / sizeof(digests[0]); i++)
		st = column_leaf_digest(q, digests[i].column, digests[i].to, err);
	if (st == VG_OK)
		*ret = row;
	return st;
}

/* The only row of a bound statement. */
static enum vg_status read_one(struct vg_store *s, struct vg_stmt *q,
    struct vg_arena *arena, struct vg_capture_row *ret, struct vg_error *err)
{
	enum vg_status st = vg_stmt_step(q, err);

	if (st == VG_OK)
		st = read_capture(q, arena, ret, err);
	else if (st == VG_E_NOT_FOUND)
		vg_fail(err, st, "%s: no such capture", s->path);
	vg_stmt_end(q);
	return st;
}

static enum vg_status read_all(struct vg_stmt *q, struct vg_arena *arena,
    struct vg_capture_row **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_vec rows = VG_VEC_INIT(struct vg_capture_row, MAX_LIST, arena);
	enum vg_status st;

	st = vg_stmt_rows(q, &rows, read_capture, err);
	if (st != VG_OK)
		return st;
	*ret = rows.items;
	*ret_count = rows.len;
	return VG_OK;
}

enum vg_status vg_capture_get(struct vg_store *s, struct vg_arena *arena,
    const struct vg_digest *id, struct vg_capture_row *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_CAPTURE_GET, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_digest(q, 1, id);
	return read_one(s, q, arena, ret, err);
}

static enum vg_status get_before(struct vg_store *s, struct vg_arena *arena,
    struct vg_str url, int64_t fingerprint, int64_t before, struct vg_capture_row *ret,
    struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_CAPTURE_LATEST, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, fingerprint);
	vg_bind_text(q, 2, url);
	vg_bind_int(q, 3, before);
	return read_one(s, q, arena, ret, err);
}

enum vg_status vg_capture_before(struct vg_store *s, struct vg_arena *arena,
    struct vg_str url, int64_t before, struct vg_capture_row *ret, struct vg_error *err)
{
	int64_t fingerprint = 0;
	enum vg_status st = vg_fingerprint(url, &fingerprint, err);

	return st == VG_OK ? get_before(s, arena, url, fingerprint, before, ret, err)
			   : st;
}

enum vg_status vg_capture_list(struct vg_store *s, struct vg_arena *arena, int64_t from,
    size_t max, struct vg_capture_row **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_CAPTURE_LIST, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, from);
	vg_bind_int(q, 2, max < MAX_LIST ? (int64_t)max : MAX_LIST);
	return read_all(q, arena, ret, ret_count, err);
}

enum vg_status vg_store_get_capture(struct vg_store *s, struct vg_arena *arena,
    const struct vg_digest *id, struct vg_store_capture *ret, struct vg_error *err)
{
	struct vg_capture_row row;
	enum vg_status st = vg_capture_get(s, arena, id, &row, err);

	if (st == VG_OK)
		*ret = row.capture;
	return st;
}

enum vg_status vg_store_latest_capture(struct vg_store *s, struct vg_arena *arena,
    struct vg_str url, struct vg_store_capture *ret, struct vg_error *err)
{
	struct vg_capture_row row;
	enum vg_status st = vg_capture_before(s, arena, url, INT64_MAX, &row, err);

	if (st == VG_OK)
		*ret = row.capture;
	return st;
}

/* The public part of the rows. */
static enum vg_status strip(struct vg_arena *arena, const struct vg_capture_row *rows,
    size_t count, struct vg_store_capture **ret, struct vg_error *err)
{
	struct vg_store_capture *all = vg_arena_array(arena, count, sizeof(*all));

	if (!all)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		all[i] = rows[i].capture;
	*ret = all;
	return VG_OK;
}

enum vg_status vg_store_list_captures(struct vg_store *s, struct vg_arena *arena,
    int64_t from, size_t max, struct vg_store_capture **ret, size_t *ret_count,
    struct vg_error *err)
{
	struct vg_capture_row *rows = NULL;
	size_t count = 0;
	enum vg_status st = vg_capture_list(s, arena, from, max, &rows, &count, err);

	if (st == VG_OK)
		st = strip(arena, rows, count, ret, err);
	if (st == VG_OK)
		*ret_count = count;
	return st;
}

/* What waits for analysis, up to a log position, is this run's to analyse. */
static enum vg_status take(struct vg_store *s, int64_t upto, struct vg_error *err)
{
	const int64_t values[] = {upto, s->run};
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_store_run_ints(s, VG_SQL_CAPTURE_TAKE, values, 2, NULL, err);
	return st;
}

enum vg_status vg_store_pending(struct vg_store *s, struct vg_arena *arena, size_t max,
    struct vg_store_capture **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	struct vg_capture_row *rows = NULL;
	size_t count = 0;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_CAPTURE_PENDING, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, max < MAX_LIST ? (int64_t)max : MAX_LIST);
	vg_bind_int(q, 2, s->run);
	st = read_all(q, arena, &rows, &count, err);
	if (st == VG_OK && count && s->run)
		st = take(s, rows[count - 1].capture.seq, err);
	if (st == VG_OK)
		st = strip(arena, rows, count, ret, err);
	if (st == VG_OK)
		*ret_count = count;
	return st;
}

/* Row numbers behind a new capture. */
struct refs {
	int64_t seq, fingerprint, host, site, previous, parent;
	int64_t request_head, response_head, payload, chain;
	bool has_previous, has_parent;
};

static enum vg_status put(struct vg_store *s, struct vg_str bytes,
    enum vg_blob_role role, int64_t host, int64_t previous, int64_t *ret_id,
    struct vg_leaf_digest *ret, struct vg_error *err)
{
	const struct vg_blob_input in = {
	    .bytes = bytes, .role = role, .host = host, .previous = previous};

	*ret_id = 0;
	ret->present = bytes.ptr != NULL;
	return bytes.ptr ? vg_blob_put(s, &in, ret_id, &ret->digest, err) : VG_OK;
}

static enum vg_status put_bodies(struct vg_store *s, const struct vg_fetch_record *r,
    int64_t previous, struct refs *refs, struct vg_leaf *leaf, struct vg_error *err)
{
	enum vg_status st = put(s, r->request_head, VG_BLOB_REQUEST, refs->host, 0,
	    &refs->request_head, &leaf->request_head, err);

	if (st == VG_OK)
		st = put(s, r->response_head, VG_BLOB_RESPONSE, refs->host, 0,
		    &refs->response_head, &leaf->response_head, err);
	if (st == VG_OK)
		st = put(s, r->payload, VG_BLOB_PAYLOAD, refs->host, previous,
		    &refs->payload, &leaf->payload, err);
	if (st == VG_OK)
		st = put(
		    s, r->chain, VG_BLOB_OTHER, 0, 0, &refs->chain, &leaf->chain, err);
	leaf->payload_length = r->payload.ptr ? (int64_t)r->payload.len : 0;
	return st;
}

static enum vg_status add_leaf(
    struct vg_store *s, int64_t seq, const struct vg_digest *id, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_LEAF_ADD, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, seq);
	vg_bind_int(q, 2, LEAF_CAPTURE);
	vg_bind_digest(q, 3, id);
	return vg_stmt_run(q, NULL, err);
}

static enum vg_status add_row(struct vg_store *s, const struct vg_leaf *leaf,
    const struct refs *refs, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_CAPTURE_ADD, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, refs->seq);
	vg_bind_int(q, 2, refs->fingerprint);
	vg_bind_text(q, 3, leaf->url);
	vg_bind_text(q, 4, leaf->method);
	vg_bind_int(q, 5, leaf->started);
	vg_bind_int(q, 6, leaf->dns_us);
	vg_bind_int(q, 7, leaf->connect_us);
	vg_bind_int(q, 8, leaf->tls_us);
	vg_bind_int(q, 9, leaf->first_byte_us);
	vg_bind_int(q, 10, leaf->total_us);
	vg_bind_text(q, 11, leaf->outcome);
	vg_bind_text(q, 12, leaf->detail);
	vg_bind_text(q, 13, leaf->notes);
	vg_bind_int(q, 14, leaf->status);
	vg_bind_ref(q, 15, refs->request_head);
	vg_bind_ref(q, 16, refs->response_head);
	vg_bind_ref(q, 17, refs->payload);
	vg_bind_text(q, 18, leaf->peer);
	vg_bind_text(q, 19, leaf->tls_version);
	vg_bind_text(q, 20, leaf->tls_cipher);
	vg_bind_ref(q, 21, refs->chain);
	if (refs->has_previous)
		vg_bind_int(q, 22, refs->previous);
	if (refs->has_parent)
		vg_bind_int(q, 23, refs->parent);
	return vg_stmt_run(q, NULL, err);
}

static enum vg_status add_visit(struct vg_store *s, const struct vg_fetch_record *r,
    const struct refs *refs, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_VISIT_ADD, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, refs->seq);
	vg_bind_ref(q, 2, refs->site);
	vg_bind_ref(q, 3, r->run);
	vg_bind_int(q, 4, r->unjudged.len == 0);
	vg_bind_int(q, 5, r->depth);
	vg_bind_text(q, 6, r->unjudged);
	vg_bind_text(q, 7, r->robots);
	vg_bind_int(q, 8, r->run);
	return vg_stmt_run(q, NULL, err);
}

static enum vg_status next_seq(struct vg_store *s, int64_t *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_LEAF_NEXT, &q, err);

	if (st != VG_OK)
		return st;
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		*ret = vg_column_int(q, 0);
	vg_stmt_end(q);
	return st;
}

/* What the new capture refers to: host, site, log position, redirect parent. */
static enum vg_status resolve(struct vg_store *s, const struct vg_fetch_record *r,
    struct refs *refs, struct vg_error *err)
{
	enum vg_status st = vg_fingerprint(r->leaf.url, &refs->fingerprint, err);

	if (st == VG_OK && r->host.len)
		st = vg_store_intern(
		    s, VG_SQL_HOST_FIND, VG_SQL_HOST_ADD, r->host, &refs->host, err);
	if (st == VG_OK)
		st = vg_store_site(s, r->site, &refs->site, err);
	if (st == VG_OK)
		st = next_seq(s, &refs->seq, err);
	if (st != VG_OK || !r->leaf.parent.present)
		return st;
	refs->has_parent = true;
	st = vg_store_capture_seq(s, &r->leaf.parent.digest, &refs->parent, err);
	return st == VG_E_NOT_FOUND ? vg_fail(err, VG_E_INVALID,
					  "the capture that redirected is not here")
				    : st;
}

/* The blob of the URL's last body: an answer that says "not changed" brought none. */
enum vg_status vg_capture_last_body(struct vg_store *s, struct vg_str url,
    int64_t fingerprint, int64_t *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_CAPTURE_BODY, &q, err);

	*ret = 0;
	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, fingerprint);
	vg_bind_text(q, 2, url);
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		*ret = vg_column_int(q, 0);
	vg_stmt_end(q);
	return st == VG_E_NOT_FOUND ? VG_OK : st;
}

static enum vg_status record(struct vg_store *s, const struct vg_fetch_record *r,
    struct vg_arena *arena, struct vg_recorded *ret, struct vg_error *err)
{
	struct vg_leaf leaf = r->leaf;
	struct refs refs = {0};
	struct vg_capture_row before = {0};
	struct vg_recorded made = {0};
	enum vg_status st = resolve(s, r, &refs, err);

	if (st != VG_OK)
		return st;
	st = get_before(s, arena, leaf.url, refs.fingerprint, INT64_MAX, &before, err);
	refs.has_previous = leaf.previous.present = made.had_previous = st == VG_OK;
	refs.previous = before.capture.seq;
	leaf.previous.digest = before.capture.id;
	if (st == VG_OK && !before.payload_blob)
		st = vg_capture_last_body(
		    s, leaf.url, refs.fingerprint, &before.payload_blob, err);
	if (st == VG_OK || st == VG_E_NOT_FOUND)
		st = put_bodies(s, r, before.payload_blob, &refs, &leaf, err);
	made.unchanged =
	    made.had_previous && refs.payload && refs.payload == before.payload_blob;
	if (st == VG_OK)
		st = vg_leaf_id(&leaf, &made.id, err);
	if (st == VG_OK)
		st = add_leaf(s, refs.seq, &made.id, err);
	if (st == VG_OK)
		st = add_row(s, &leaf, &refs, err);
	if (st == VG_OK)
		st = add_visit(s, r, &refs, err);
	if (st == VG_OK)
		*ret = made;
	return st;
}

enum vg_status vg_store_record_fetch(struct vg_store *s,
    const struct vg_fetch_record *r, struct vg_recorded *ret, struct vg_error *err)
{
	struct vg_arena *arena = NULL;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK && !(arena = vg_arena_new(1u << 20)))
		st = vg_fail(err, VG_E_NOMEM, "out of memory");
	if (st == VG_OK)
		st = record(s, r, arena, ret, err);
	vg_arena_free(arena);
	return vg_store_settle(s, st);
}
