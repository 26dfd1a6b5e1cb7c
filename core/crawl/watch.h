/* SPDX-License-Identifier: MIT */
/*
 * The scheduler: which sites are to be crawled now, and when to look again. It starts nothing and reads no clock
 * itself, so that a test runs a month in a moment. One thread. UTC microseconds.
 */
#ifndef VG_CRAWL_WATCH_H
#define VG_CRAWL_WATCH_H

#include "policy/schedule.h"

#define VG_WATCH_JOBS 4 /* crawls at once: a long one must not hold up the others */

struct vg_watch;

struct vg_watch_site {
	const char *name;
	const struct vg_schedule
	    *schedule; /* NULL: no longer configured, but it runs */
	struct vg_schedule_state state;
	struct vg_schedule_run next; /* as of the last step, unless it runs */
	int64_t job;                 /* what it runs in; 0: it does not run */
	bool
	    unsaved; /* `state` differs from what was restored: the caller saves and clears */
};

struct vg_watch_ops {
	/*
	 * Starts one crawl of all these sites; it ends with vg_watch_ended(). *ret_job is above 0. A failure counts
	 * as a crawl that failed.
	 */
	enum vg_status (*start)(void *ctx, const struct vg_watch_site *const *sites,
	    size_t count, int64_t *ret_job, struct vg_error *err);
	void (*failed)(
	    void *ctx, const struct vg_error *err); /* to start; NULL allowed */
	void *ctx;
};

/* NULL when out of memory. */
struct vg_watch *vg_watch_new(const struct vg_watch_ops *ops);
void vg_watch_free(struct vg_watch *w); /* NULL allowed */

/* What is kept from the last time; `text` was vg_schedule_text() then. Before vg_watch_configure(). */
VG_WARN_UNUSED enum vg_status vg_watch_restore(struct vg_watch *w, struct vg_str name,
    struct vg_str text, const struct vg_schedule_state *state, struct vg_error *err);
/*
 * The sites from now on, at first and after each reload. Takes the schedules, also when it fails; names are copied.
 * A schedule that is new or has changed begins now: it has missed nothing.
 */
VG_WARN_UNUSED enum vg_status vg_watch_configure(struct vg_watch *w,
    const char *const *names, struct vg_schedule **schedules, size_t count, int64_t now,
    struct vg_error *err);
/* Starts what is due. Returns when to call again; VG_ZONE_NEVER: not before a job ends or a reload. */
int64_t vg_watch_step(struct vg_watch *w, int64_t now);
/* A job ended: DONE, STOPPED, FAILED or BUSY. */
void vg_watch_ended(
    struct vg_watch *w, int64_t job, enum vg_schedule_end end, int64_t now);

size_t vg_watch_count(const struct vg_watch *w);
/* Borrowed until the next vg_watch_configure(). */
struct vg_watch_site *vg_watch_at(struct vg_watch *w, size_t i);
/* The next run of a site, if the one that runs ended now. */
void vg_watch_next(
    const struct vg_watch_site *site, int64_t now, struct vg_schedule_run *ret);

#endif
