/* SPDX-License-Identifier: MIT */
/* `vigia watch --dry-run`: the next runs, for a person to check. */
#ifndef VG_CLI_WATCH_PLAN_H
#define VG_CLI_WATCH_PLAN_H

#include "cli/command.h"
#include "crawl/watch.h"

/* Prints at most `max` runs up to `until`, as if each ended as it started. */
VG_WARN_UNUSED enum vg_status vg_watch_plan(const struct vg_cli *cli,
    struct vg_watch *watch, int64_t now, size_t max, int64_t until,
    struct vg_error *err);
/* "2026-11-25 06:00 -0500 EST", without parts of a second. */
void vg_watch_time(
    const struct vg_watch_site *site, int64_t utc, char ret[VG_ZONE_TEXT]);

#endif
