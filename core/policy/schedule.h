/* SPDX-License-Identifier: MIT */
/*
 * When a site is crawled: its schedule, time zone, jitter, allowed hours, and what becomes of runs that were
 * missed. Pure: the clock is passed in, and may have been set back or forward since. UTC microseconds.
 */
#ifndef VG_POLICY_SCHEDULE_H
#define VG_POLICY_SCHEDULE_H

#include "base/hours.h"

#define VG_SCHEDULE_LATE (300 * VG_SECOND) /* a later start is a missed run */

struct vg_schedule;

/* As configured. Strings are borrowed until vg_schedule_new() returns. */
struct vg_schedule_rule {
	const char *name; /* of the site: spreads H and jitter */
	const char *when; /* "always", a duration such as "12h", or a cron expression */
	const char *zone; /* of vg_zone_open() */
	const char *const
	    *hours;       /* NULL-terminated, of vg_hours_add(); NULL or empty: any */
	int64_t every;    /* the duration, when `when` is one; else 0 */
	int64_t jitter;   /* each run starts up to so much later */
	bool skip_missed; /* else one run makes up for those that were missed */
};

VG_WARN_UNUSED enum vg_status vg_schedule_new(const struct vg_schedule_rule *rule,
    struct vg_schedule **ret, struct vg_error *err);
void vg_schedule_free(struct vg_schedule *s); /* NULL allowed */
/* False for "always": such a site is crawled by hand only. */
bool vg_schedule_is_automatic(const struct vg_schedule *s);
const struct vg_zone *vg_schedule_zone(const struct vg_schedule *s);
/* What tells one schedule from another: "30 6 * * * America/Cancun". */
const char *vg_schedule_text(const struct vg_schedule *s);

/* Least time between two visits of a page; 0: any crawl may visit. */
int64_t vg_schedule_interval(const struct vg_schedule *s);
/*
 * When a page visited `now` is due again. `pause` is what its visits taught (policy/revisit.h), at least the
 * interval. By cron it is due at the time of a run, so that none comes a moment too early.
 */
int64_t vg_schedule_due(const struct vg_schedule *s, int64_t now, int64_t pause);

bool vg_schedule_is_open(const struct vg_schedule *s, int64_t now);
/* The first time at or after `at` within the allowed hours. */
int64_t vg_schedule_opens(const struct vg_schedule *s, int64_t at);
/* Whether the allowed hours ended in that time. */
bool vg_schedule_closed_between(
    const struct vg_schedule *s, int64_t from, int64_t until);

/* How the last run ended. */
enum vg_schedule_end {
	VG_SCHEDULE_NEVER,   /* there was none */
	VG_SCHEDULE_RUNNING, /* or whoever watched it died */
	VG_SCHEDULE_DONE,
	VG_SCHEDULE_STOPPED, /* by the operator, or its hours were over: it goes on */
	VG_SCHEDULE_FAILED,
	VG_SCHEDULE_BUSY, /* the case was held by another crawl */
};

/* What is kept of a site from run to run. */
struct vg_schedule_state {
	int64_t since;   /* what the schedule named before was not missed */
	int64_t planned; /* the time, by the schedule, of the last run; 0: none */
	int64_t started, ended;
	int64_t failures; /* in a row */
	enum vg_schedule_end end;
};

enum vg_schedule_why {
	VG_SCHEDULE_WHY_TIME,    /* its time has come */
	VG_SCHEDULE_WHY_FIRST,   /* of a duration: never crawled */
	VG_SCHEDULE_WHY_MISSED,  /* makes up for runs that were missed */
	VG_SCHEDULE_WHY_GOES_ON, /* the last one was interrupted */
	VG_SCHEDULE_WHY_AGAIN,   /* the last one failed */
	VG_SCHEDULE_WHY_WAITED,  /* for another crawl of the case */
};

struct vg_schedule_run {
	int64_t at;      /* when to start; not after `now`: at once. VG_ZONE_NEVER */
	int64_t planned; /* the time by the schedule, before jitter and hours */
	enum vg_schedule_why why;
	bool moved; /* to the start of the allowed hours */
};

/* Whether the state was written under a clock that was far ahead: its future is taken back to now. */
bool vg_schedule_mend(struct vg_schedule_state *io_state, int64_t now);
/* The next run of a site that is not being crawled. */
void vg_schedule_next(const struct vg_schedule *s,
    const struct vg_schedule_state *state, int64_t now, struct vg_schedule_run *ret);
/* "time", "missed", … for people and JSON. */
const char *vg_schedule_why_name(enum vg_schedule_why why);

#endif
