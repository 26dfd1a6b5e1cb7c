/* SPDX-License-Identifier: MIT */
/* How visits end: when to come again, what to ask with, what they cost. */
#include "config.h"

#include "store/frontier_priv.h"

enum vg_status vg_lease_lost(const struct vg_lease *lease, struct vg_error *err)
{
	return vg_fail(err, VG_E_NOT_FOUND, "the lease of %s went to another process",
	    lease->host);
}

static enum vg_status put_validators(
    struct vg_store *s, int64_t url, const struct vg_visit *visit, struct vg_error *err)
{
	bool any = visit->etag.len || visit->last_modified.len;
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(
	    s->db, any ? VG_SQL_VALIDATOR_PUT : VG_SQL_VALIDATOR_DROP, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, url);
	if (any) {
		vg_bind_text(q, 2, visit->etag);
		vg_bind_text(q, 3, visit->last_modified);
	}
	return vg_stmt_run(q, NULL, err);
}

enum vg_status vg_store_visited(struct vg_store *s, const struct vg_lease *lease,
    const struct vg_due_url *url, const struct vg_visit *visit, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	int64_t changes = 0;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_URL_VISITED, &q, err);
	if (st == VG_OK) {
		vg_bind_int(q, 1, url->ref);
		vg_bind_int(q, 2, lease->host_ref);
		vg_bind_int(q, 3, lease->token);
		vg_bind_int(q, 4, visit->now);
		vg_bind_int(q, 5, visit->due_at);
		vg_bind_int(q, 6, visit->failures);
		vg_bind_int(q, 7, visit->pause);
		vg_bind_text(q, 8, visit->note);
		st = vg_stmt_run(q, &changes, err);
	}
	if (st == VG_OK && !changes)
		st = vg_lease_lost(lease, err);
	if (st == VG_OK && visit->validators)
		st = put_validators(s, url->ref, visit, err);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_missing(struct vg_store *s, int64_t url, int64_t visited_at,
    int64_t pause, int64_t due_at, struct vg_error *err)
{
	const struct vg_visit none = {0};
	const int64_t values[] = {url, visited_at, pause, due_at};
	int64_t changes = 0;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_store_run_ints(
		    s, VG_SQL_URL_MISSING, values, 4, &changes, err);
	if (st == VG_OK && changes)
		st = put_validators(s, url, &none, err);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_spend(struct vg_store *s, struct vg_str site, int64_t day,
    int64_t requests, int64_t bytes, int64_t *ret_requests, int64_t *ret_bytes,
    struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	int64_t id = 0;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_store_site(s, site, &id, err);
	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_SPENT_ADD, &q, err);
	if (st == VG_OK) {
		vg_bind_int(q, 1, id);
		vg_bind_int(q, 2, day);
		vg_bind_int(q, 3, requests);
		vg_bind_int(q, 4, bytes);
		st = vg_stmt_step(q, err);
		if (st == VG_OK) {
			*ret_requests = vg_column_int(q, 0);
			*ret_bytes = vg_column_int(q, 1);
		}
		vg_stmt_end(q);
	}
	return vg_store_settle(s, st);
}
