/* SPDX-License-Identifier: MIT */
/*
 * What plugins read in the pages of each run, and the alerts that came of comparing it with what they read before.
 * Who compares is crawl/drift.c.
 */
#ifndef VG_STORE_DRIFT_H
#define VG_STORE_DRIFT_H

#include "store/store.h"

/* One page of the run. Coverages are the JSON texts of the operation "page". */
struct vg_reading {
	struct vg_str site, plugin, coverage;
	/* Of the judgement that this one replaced; the same when the page was only seen again. */
	struct vg_str was_plugin, was_coverage;
	int64_t capture; /* position in the log */
};

/* What was captured since the last vg_store_readings_done(), by site. VG_OK from `take` goes on. */
VG_WARN_UNUSED enum vg_status vg_store_readings(struct vg_store *s,
    enum vg_status (*take)(void *ctx, const struct vg_reading *r, struct vg_error *err),
    void *ctx, struct vg_error *err);
VG_WARN_UNUSED enum vg_status vg_store_readings_done(
    struct vg_store *s, int64_t run, struct vg_error *err);

struct vg_coverage {
	struct vg_str site, plugin;
	int64_t pages, listings;
	struct vg_str fields; /* JSON object: field to count */
	struct vg_str layout; /* 16 hex digits */
};
/* Once a run, site and plugin. Inside a transaction. */
VG_WARN_UNUSED enum vg_status vg_store_coverage_add(struct vg_store *s, int64_t run,
    const struct vg_coverage *coverage, struct vg_error *err);

/* An alert: a plugin no longer reads on a site what it used to. Rows of one alert share site, plugin and time. */
struct vg_drift {
	int64_t id;
	struct vg_str site, plugin;
	struct vg_str what; /* "listings", "layout", or the name of a field */
	/* Listings: how many; a field: per cent of the listings; layout: bits of 64 that differ. */
	int64_t was, now;
	int64_t pages, of_pages; /* so many of those that could show it do */
	int64_t capture_seq;     /* read by vg_store_drift_add() only */
	struct vg_digest
	    capture;           /* a page that shows it; set by vg_store_drift_list() */
	struct vg_str url;     /* of that page; likewise */
	int64_t at, closed_at; /* UTC microseconds; closed_at 0: open */
};

/* Inside a transaction. */
VG_WARN_UNUSED enum vg_status vg_store_drift_add(struct vg_store *s, int64_t run,
    const struct vg_drift *drift, struct vg_error *err);
VG_WARN_UNUSED enum vg_status vg_store_drift_close(
    struct vg_store *s, int64_t id, int64_t now, struct vg_error *err);
/* The newest first; `plugin` empty: of all. Closed ones too with `all`. An array in the arena. */
VG_WARN_UNUSED enum vg_status vg_store_drift_list(struct vg_store *s,
    struct vg_arena *arena, struct vg_str plugin, bool all, struct vg_drift **ret,
    size_t *ret_count, struct vg_error *err);

#endif
