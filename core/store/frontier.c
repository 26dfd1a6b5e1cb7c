/* SPDX-License-Identifier: MIT */
/* Hosts, their leases and URLs; the robots cache. */
#include "config.h"

#include "store/frontier.h"

#include <string.h>

#include "base/vec.h"
#include "store/fingerprint.h"
#include "store/frontier_priv.h"

static enum vg_status host_of(
    struct vg_store *s, struct vg_str name, int64_t *ret, struct vg_error *err)
{
	struct vg_lease lease;

	if (!name.len || name.len >= sizeof(lease.host))
		return vg_fail(err, VG_E_INVALID, "host name of %zu bytes", name.len);
	return vg_store_intern(s, VG_SQL_HOST_FIND, VG_SQL_HOST_ADD, name, ret, err);
}

static enum vg_status remove_url(struct vg_store *s, int64_t id, struct vg_error *err)
{
	return vg_store_run_ints(s, VG_SQL_URL_REMOVE, &id, 1, NULL, err);
}

/* Learns every URL of a host; of doubles the oldest row stays. */
static enum vg_status load_host(struct vg_store *s, int64_t host, struct vg_error *err)
{
	struct vg_vec doubles = VG_VEC_INIT(int64_t, SIZE_MAX / sizeof(int64_t), NULL);
	struct vg_stmt *q = NULL;
	enum vg_status st;

	vg_fingerprints_drop(s->known, host);
	st = vg_db_prepare(s->db, VG_SQL_URL_FINGERPRINTS, &q, err);
	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, host);
	while ((st = vg_stmt_step(q, err)) == VG_OK) {
		bool is_new = false;
		int64_t *twice;

		st = vg_fingerprints_add(
		    s->known, host, vg_column_int(q, 1), &is_new, err);
		if (st != VG_OK)
			break;
		if (is_new)
			continue;
		twice = vg_vec_push(&doubles);
		if (!twice) {
			st = vg_fail(err, VG_E_NOMEM, "out of memory");
			break;
		}
		*twice = vg_column_int(q, 0);
	}
	vg_stmt_end(q);
	if (st == VG_E_NOT_FOUND)
		st = vg_fingerprints_set_loaded(s->known, host, s->others, err);
	for (size_t i = 0; st == VG_OK && i < doubles.len; i++)
		st = remove_url(s, *(int64_t *)vg_vec_at(&doubles, i), err);
	vg_vec_release(&doubles);
	return st;
}

static enum vg_status append(struct vg_store *s, int64_t host, int64_t site,
    const struct vg_new_url *url, int64_t fingerprint, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_URL_ADD, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, host);
	vg_bind_int(q, 2, site);
	vg_bind_int(q, 3, fingerprint);
	vg_bind_text(q, 4, url->url);
	vg_bind_int(q, 5, url->rank);
	vg_bind_int(q, 6, url->depth);
	vg_bind_int(q, 7, url->due_at);
	return vg_stmt_run(q, NULL, err);
}

static enum vg_status check_url(const struct vg_new_url *url, struct vg_error *err)
{
	if (url->rank < 0 || url->rank >= VG_RANKS)
		return vg_fail(err, VG_E_INVALID, "rank %d", url->rank);
	return VG_OK;
}

static enum vg_status add_url(struct vg_store *s, int64_t host, int64_t site,
    const struct vg_new_url *url, struct vg_refresh *refresh, bool *ret_new,
    struct vg_error *err)
{
	int64_t fingerprint = 0;
	enum vg_status st = check_url(url, err);

	if (st == VG_OK)
		st = vg_fingerprint(url->url, &fingerprint, err);
	if (st != VG_OK)
		return st;
	*ret_new = false;
	if (s->max_urls && vg_fingerprints_count(s->known, host) >= s->max_urls &&
	    !vg_fingerprints_has(s->known, host, fingerprint))
		return VG_OK;
	st = vg_fingerprints_add(s->known, host, fingerprint, ret_new, err);
	if (st == VG_OK && *ret_new)
		st = append(s, host, site, url, fingerprint, err);
	else if (st == VG_OK && url->modified_at)
		st = vg_refresh_note(refresh, host, fingerprint, url->modified_at, err);
	return st;
}

void vg_store_limit_urls(struct vg_store *s, size_t per_host)
{
	s->max_urls = per_host;
}

/* A site is needed: rows of url cite it. */
static enum vg_status need_site(
    struct vg_store *s, struct vg_str site, int64_t *ret, struct vg_error *err)
{
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK && !site.len)
		st = vg_fail(err, VG_E_INVALID, "a URL without a site");
	return st == VG_OK ? vg_store_site(s, site, ret, err) : st;
}

enum vg_status vg_store_add_urls(struct vg_store *s, struct vg_str site,
    const struct vg_new_url *urls, size_t count, size_t *ret_added,
    struct vg_error *err)
{
	int64_t site_id = 0, host = 0;
	size_t added = 0;
	struct vg_refresh refresh = VG_REFRESH_INIT;
	enum vg_status st = need_site(s, site, &site_id, err);

	for (size_t i = 0; st == VG_OK && i < count; i++) {
		bool is_new = false;

		/* Links of a page mostly share their host. */
		if (i == 0 || !vg_str_eq(urls[i].host, urls[i - 1].host))
			st = host_of(s, urls[i].host, &host, err);
		if (st == VG_OK && vg_fingerprints_is_stale(s->known, host))
			st = load_host(s, host, err);
		if (st == VG_OK)
			st =
			    add_url(s, host, site_id, &urls[i], &refresh, &is_new, err);
		added += is_new;
	}
	if (st == VG_OK)
		st = vg_refresh_apply(s, &refresh, urls[0].due_at, err);
	vg_refresh_release(&refresh);
	if (st == VG_OK && ret_added)
		*ret_added = added;
	return vg_store_settle(s, st);
}

static enum vg_status find_url(struct vg_store *s, int64_t host, struct vg_str url,
    int64_t fingerprint, int64_t *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_URL_FIND, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, host);
	vg_bind_int(q, 2, fingerprint);
	vg_bind_text(q, 3, url);
	st = vg_stmt_step(q, err);
	if (st == VG_OK)
		*ret = vg_column_int(q, 0);
	vg_stmt_end(q);
	return st;
}

enum vg_status vg_url_make_due(
    struct vg_store *s, int64_t id, int64_t due_at, bool revive, struct vg_error *err)
{
	const int64_t values[] = {id, due_at, revive};

	return vg_store_run_ints(s, VG_SQL_URL_AGAIN, values, 3, NULL, err);
}

enum vg_status vg_store_add_seed(struct vg_store *s, struct vg_str site,
    const struct vg_new_url *url, enum vg_seed_known known, struct vg_error *err)
{
	int64_t site_id = 0, host = 0, fingerprint = 0, id = 0;
	bool is_new;
	enum vg_status st = need_site(s, site, &site_id, err);

	if (st == VG_OK)
		st = check_url(url, err);
	if (st == VG_OK)
		st = host_of(s, url->host, &host, err);
	if (st == VG_OK)
		st = vg_fingerprint(url->url, &fingerprint, err);
	if (st == VG_OK)
		st = find_url(s, host, url->url, fingerprint, &id, err);
	if (st == VG_OK && known != VG_SEED_KEEP)
		st = vg_url_make_due(s, id, url->due_at, known == VG_SEED_REVIVE, err);
	if (st == VG_E_NOT_FOUND)
		st = append(s, host, site_id, url, fingerprint, err);
	if (st == VG_OK)
		st = vg_fingerprints_add(s->known, host, fingerprint, &is_new, err);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_claim_host(struct vg_store *s, int64_t due_by, int64_t now,
    int64_t until, struct vg_lease *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	struct vg_lease lease = {.until = until};
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_HOST_CLAIM, &q, err);
	if (st != VG_OK)
		goto out;
	vg_bind_int(q, 1, due_by);
	vg_bind_int(q, 2, now);
	vg_bind_int(q, 3, until);
	vg_bind_int(q, 4, s->run);
	st = vg_stmt_step(q, err);
	if (st == VG_OK) {
		struct vg_str name = vg_column_str(q, 1);

		if (!name.len || name.len >= sizeof(lease.host))
			st = vg_fail(err, VG_E_CORRUPT, "%s: a host name of %zu bytes",
			    s->path, name.len);
		else
			memcpy(lease.host, name.ptr, name.len);
		lease.host_ref = vg_column_int(q, 0);
		lease.next_at = vg_column_int(q, 2);
		lease.failures = vg_column_int(q, 3);
		lease.token = vg_column_int(q, 4);
		lease.orphaned = vg_column_int(q, 5) != 0;
	}
	vg_stmt_end(q);
	if (st == VG_OK)
		st = load_host(s, lease.host_ref, err);
	if (st == VG_OK)
		*ret = lease;
out:
	return vg_store_settle(s, st);
}

enum vg_status vg_store_update_host(struct vg_store *s, struct vg_lease *lease,
    int64_t until, int64_t next_at, int64_t failures, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	int64_t changes = 0;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_HOST_UPDATE, &q, err);
	if (st == VG_OK) {
		vg_bind_int(q, 1, lease->host_ref);
		vg_bind_int(q, 2, lease->token);
		vg_bind_int(q, 3, until);
		vg_bind_int(q, 4, next_at);
		vg_bind_int(q, 5, failures);
		st = vg_stmt_run(q, &changes, err);
	}
	if (st == VG_OK && !changes)
		st = vg_lease_lost(lease, err);
	if (st == VG_OK) {
		lease->until = until;
		lease->next_at = next_at;
		lease->failures = failures;
	}
	if (!until || st == VG_E_NOT_FOUND)
		vg_fingerprints_drop(s->known, lease->host_ref);
	return vg_store_settle(s, st);
}

static enum vg_status read_due(const struct vg_stmt *q, struct vg_arena *arena,
    int rank, struct vg_due_url *ret, struct vg_error *err)
{
	enum vg_status st = vg_column_copy(q, 1, arena, &ret->url, err);

	if (st == VG_OK)
		st = vg_column_copy(q, 2, arena, &ret->site, err);
	ret->ref = vg_column_int(q, 0);
	ret->rank = rank;
	ret->depth = (int)vg_column_int(q, 3);
	ret->due_at = vg_column_int(q, 4);
	ret->failures = vg_column_int(q, 5);
	ret->visited = vg_column_int(q, 6) != 0;
	ret->pause = vg_column_int(q, 7);
	if (st == VG_OK)
		st = vg_column_copy(q, 8, arena, &ret->etag, err);
	if (st == VG_OK)
		st = vg_column_copy(q, 9, arena, &ret->last_modified, err);
	return st;
}

/* One rank at a time, so that each is a seek in the index. */
static enum vg_status due_of_rank(struct vg_store *s, struct vg_arena *arena,
    const struct vg_lease *lease, int64_t now, int rank, struct vg_vec *rows,
    struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_URL_DUE, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, lease->host_ref);
	vg_bind_int(q, 2, rank);
	vg_bind_int(q, 3, now);
	vg_bind_int(q, 4, (int64_t)(rows->max - rows->len));
	vg_bind_int(q, 5, s->ruleset);
	vg_bind_int(q, 6, s->run);
	while ((st = vg_stmt_step(q, err)) == VG_OK) {
		struct vg_due_url *row = vg_vec_push(rows);

		st = row ? read_due(q, arena, rank, row, err)
			 : vg_fail(err, VG_E_NOMEM, "out of memory");
		if (st != VG_OK)
			break;
	}
	vg_stmt_end(q);
	return st == VG_E_NOT_FOUND ? VG_OK : st;
}

enum vg_status vg_store_due_urls(struct vg_store *s, struct vg_arena *arena,
    const struct vg_lease *lease, int64_t now, size_t max, struct vg_due_url **ret,
    size_t *ret_count, struct vg_error *err)
{
	struct vg_vec rows = VG_VEC_INIT(struct vg_due_url, max, arena);
	enum vg_status st = VG_OK;

	/* What others added meanwhile may be double. */
	if (vg_db_in_transaction(s->db) &&
	    vg_fingerprints_is_behind(s->known, lease->host_ref, s->others))
		st = load_host(s, lease->host_ref, err);
	for (int rank = 0; st == VG_OK && rank < VG_RANKS && rows.len < max; rank++)
		st = due_of_rank(s, arena, lease, now, rank, &rows, err);
	if (st == VG_OK) {
		*ret = rows.items;
		*ret_count = rows.len;
	}
	return st;
}

enum vg_status vg_store_get_robots(struct vg_store *s, struct vg_arena *arena,
    struct vg_str origin, struct vg_robots_entry *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	struct vg_robots_entry entry;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_ROBOTS_GET, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_text(q, 1, origin);
	st = vg_stmt_step(q, err);
	if (st == VG_OK) {
		entry.fetched_at = vg_column_int(q, 0);
		entry.expires_at = vg_column_int(q, 1);
		entry.status = vg_column_int(q, 2);
		st = vg_column_copy(q, 3, arena, &entry.body, err);
	}
	if (st == VG_OK)
		*ret = entry;
	vg_stmt_end(q);
	return st;
}

enum vg_status vg_store_put_robots(struct vg_store *s, struct vg_str origin,
    const struct vg_robots_entry *entry, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_ROBOTS_PUT, &q, err);
	if (st == VG_OK) {
		vg_bind_text(q, 1, origin);
		vg_bind_int(q, 2, entry->fetched_at);
		vg_bind_int(q, 3, entry->expires_at);
		vg_bind_int(q, 4, entry->status);
		vg_bind_blob(q, 5, entry->body);
		st = vg_stmt_run(q, NULL, err);
	}
	return vg_store_settle(s, st);
}
