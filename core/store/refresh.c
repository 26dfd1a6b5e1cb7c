/* SPDX-License-Identifier: MIT */
/* URLs that a sitemap says have changed since they were visited. */
#include "config.h"

#include <stdlib.h>

#include "store/frontier_priv.h"

enum vg_status vg_refresh_note(struct vg_refresh *r, int64_t host, int64_t fingerprint,
    int64_t modified_at, struct vg_error *err)
{
	struct vg_change *change = vg_vec_push(&r->changes);

	if (!change)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	*change = (struct vg_change){host, fingerprint, modified_at};
	return VG_OK;
}

void vg_refresh_release(struct vg_refresh *r)
{
	vg_vec_release(&r->changes);
}

static int compare(const void *a, const void *b)
{
	const struct vg_change *x = a, *y = b;

	if (x->host != y->host)
		return x->host < y->host ? -1 : 1;
	return (x->fingerprint > y->fingerprint) - (x->fingerprint < y->fingerprint);
}

/* Row numbers of the host's URLs that changed after their visit; one since `due_at` has seen the change. */
static enum vg_status find_stale(struct vg_store *s, const struct vg_refresh *r,
    int64_t host, int64_t due_at, struct vg_vec *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_URL_VISITS, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, host);
	vg_bind_int(q, 2, due_at);
	while ((st = vg_stmt_step(q, err)) == VG_OK) {
		struct vg_change key = {
		    .host = host, .fingerprint = vg_column_int(q, 1)};
		const struct vg_change *change = bsearch(
		    &key, r->changes.items, r->changes.len, sizeof(key), compare);
		int64_t *id;

		if (!change || change->modified_at <= vg_column_int(q, 2))
			continue;
		id = vg_vec_push(ret);
		if (!id) {
			st = vg_fail(err, VG_E_NOMEM, "out of memory");
			break;
		}
		*id = vg_column_int(q, 0);
	}
	vg_stmt_end(q);
	return st == VG_E_NOT_FOUND ? VG_OK : st;
}

enum vg_status vg_refresh_apply(
    struct vg_store *s, struct vg_refresh *r, int64_t due_at, struct vg_error *err)
{
	struct vg_vec stale = VG_VEC_INIT(int64_t, 1u << 20, NULL);
	const struct vg_change *changes = r->changes.items;
	enum vg_status st = VG_OK;

	if (r->changes.len)
		qsort(r->changes.items, r->changes.len, sizeof(*changes), compare);
	for (size_t i = 0; st == VG_OK && i < r->changes.len; i++)
		if (!i || changes[i].host != changes[i - 1].host)
			st = find_stale(s, r, changes[i].host, due_at, &stale, err);
	for (size_t i = 0; st == VG_OK && i < stale.len; i++)
		st = vg_url_make_due(
		    s, *(int64_t *)vg_vec_at(&stale, i), due_at, false, err);
	vg_vec_release(&stale);
	return st;
}
