/* SPDX-License-Identifier: MIT */
/* What `vigia watch` remembers of each site, so that a restart knows what was missed. */
#ifndef VG_STORE_SCHEDULE_H
#define VG_STORE_SCHEDULE_H

#include "store/store.h"

/* Times UTC microseconds; meanings in policy/schedule.h. */
struct vg_store_schedule {
	struct vg_str site, text; /* name; the schedule that all this is about */
	int64_t since, planned, started, ended, failures;
	int64_t end; /* a number of the caller's */
};

/* By name. An array in the arena. */
VG_WARN_UNUSED enum vg_status vg_store_schedules(struct vg_store *s,
    struct vg_arena *arena, struct vg_store_schedule **ret, size_t *ret_count,
    struct vg_error *err);
/* Replaces what is known of the site. Inside a transaction. */
VG_WARN_UNUSED enum vg_status vg_store_put_schedule(
    struct vg_store *s, const struct vg_store_schedule *schedule, struct vg_error *err);

#endif
