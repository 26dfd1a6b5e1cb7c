/* SPDX-License-Identifier: MIT */
/* What the frontier's files share. */
#ifndef VG_STORE_FRONTIER_PRIV_H
#define VG_STORE_FRONTIER_PRIV_H

#include "base/vec.h"
#include "store/frontier.h"
#include "store/store_priv.h"

/* One that was dropped only comes back to `revive`. */
VG_WARN_UNUSED enum vg_status vg_url_make_due(
    struct vg_store *s, int64_t id, int64_t due_at, bool revive, struct vg_error *err);

/* An answer, not a fault: the rest of the transaction stands. VG_E_NOT_FOUND. */
enum vg_status vg_lease_lost(const struct vg_lease *lease, struct vg_error *err);

/* Known URLs of which a batch says when they changed. */
struct vg_refresh {
	struct vg_vec changes; /* struct change */
};

struct vg_change {
	int64_t host, fingerprint, modified_at;
};

#define VG_REFRESH_INIT                                                                \
	((struct vg_refresh){VG_VEC_INIT(struct vg_change, 1u << 20, NULL)})

VG_WARN_UNUSED enum vg_status vg_refresh_note(struct vg_refresh *r, int64_t host,
    int64_t fingerprint, int64_t modified_at, struct vg_error *err);
/*
 * Those that were visited by `due_at`, and changed after their visit, become due then, unless they were
 * dropped. One pass over each host.
 */
VG_WARN_UNUSED enum vg_status vg_refresh_apply(
    struct vg_store *s, struct vg_refresh *r, int64_t due_at, struct vg_error *err);
void vg_refresh_release(struct vg_refresh *r);

#endif
