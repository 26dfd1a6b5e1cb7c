/* SPDX-License-Identifier: MIT */
/* crawl/watch: a month of schedules with a faked clock, summer time begins in it; crashes, reloads, wrong clocks. */
#include "config.h"

#include "support/times.h"

#include <stdio.h>
#include <stdlib.h>

#include "crawl/watch.h"

#define MINUTE (60 * VG_SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define MAX_JOBS 8

/* The world: a clock, and crawls that last as long as their longest site. */
struct world {
	struct vg_watch *watch;
	int64_t now;
	int64_t last_job;
	struct {
		int64_t job, ends;
	} running[MAX_JOBS];
	enum vg_schedule_end outcome; /* of what ends next */
	bool broken;                  /* nothing can be started */
	char log[200000]; /* "2026-03-08 03:00 -0400 EDT name\n" of each start */
	size_t log_len;
	int starts;
};

/* "slow-300" lasts 300 minutes, everything else two. */
static int64_t lasts(const char *name)
{
	const char *dash = strstr(name, "slow-");

	return dash ? strtol(dash + 5, NULL, 10) * MINUTE : 2 * MINUTE;
}

static enum vg_status world_start(void *ctx, const struct vg_watch_site *const *sites,
    size_t count, int64_t *ret_job, struct vg_error *err)
{
	struct world *w = ctx;
	int64_t longest = 0;
	size_t slot = 0;

	if (w->broken)
		return vg_fail(err, VG_E_IO, "no more processes");
	while (slot < MAX_JOBS && w->running[slot].job)
		slot++;
	assert_true(slot < VG_WATCH_JOBS);
	for (size_t i = 0; i < count; i++) {
		char text[VG_ZONE_TEXT];

		vg_zone_format(vg_schedule_zone(sites[i]->schedule), w->now, text);
		w->log_len += (size_t)snprintf(w->log + w->log_len,
		    sizeof(w->log) - w->log_len, "%s %s\n", text, sites[i]->name);
		assert_true(w->log_len < sizeof(w->log));
		if (lasts(sites[i]->name) > longest)
			longest = lasts(sites[i]->name);
	}
	w->starts++;
	w->running[slot].job = *ret_job = ++w->last_job;
	w->running[slot].ends = w->now + longest;
	return VG_OK;
}

static void world_open(struct world *w, const char *now)
{
	const struct vg_watch_ops ops = {.start = world_start, .ctx = w};

	*w = (struct world){.now = at(now), .outcome = VG_SCHEDULE_DONE};
	w->watch = vg_watch_new(&ops);
	assert_non_null(w->watch);
}

struct config {
	const char *name, *when, *zone, *hours;
	int64_t every, jitter;
	bool skip;
};

static void world_configure(struct world *w, const struct config *rows, size_t count)
{
	const char *names[16];
	struct vg_schedule *schedules[16];
	struct vg_error err = {.msg = ""};

	for (size_t i = 0; i < count; i++) {
		const char *hours[] = {rows[i].hours, NULL};
		const struct vg_schedule_rule rule = {.name = rows[i].name,
		    .when = rows[i].when,
		    .zone = rows[i].zone,
		    .hours = hours,
		    .every = rows[i].every,
		    .jitter = rows[i].jitter,
		    .skip_missed = rows[i].skip};

		names[i] = rows[i].name;
		if (vg_schedule_new(&rule, &schedules[i], &err))
			fail_msg("%s", err.msg);
	}
	assert_status(
	    vg_watch_configure(w->watch, names, schedules, count, w->now, &err), VG_OK);
}

/* The loop as the command runs it: step, wait for what comes first, at most half a minute. */
static void world_run(struct world *w, const char *until)
{
	int64_t end = at(until);

	while (w->now < end) {
		int64_t next = vg_watch_step(w->watch, w->now);

		for (size_t i = 0; i < MAX_JOBS; i++)
			if (w->running[i].job && w->running[i].ends < next)
				next = w->running[i].ends;
		assert_true(next >= w->now);
		w->now = next < end ? next : end;
		for (size_t i = 0; i < MAX_JOBS; i++)
			if (w->running[i].job && w->running[i].ends <= w->now) {
				vg_watch_ended(
				    w->watch, w->running[i].job, w->outcome, w->now);
				w->running[i].job = 0;
			}
	}
}

/* The starts of one site, and how many. */
static size_t starts_of(const struct world *w, const char *name, char *ret, size_t room)
{
	struct vg_str rest = {w->log, w->log_len}, line;
	size_t count = 0, len = 0;

	ret[0] = '\0';
	while (vg_str_split(&rest, '\n', &line))
		if (vg_str_ends(line, vg_str(name)) && line.len > strlen(name) &&
		    line.ptr[line.len - strlen(name) - 1] == ' ') {
			count++;
			len += (size_t)snprintf(ret + len, room - len, "%.*s;",
			    (int)(line.len - strlen(name) - 1), line.ptr);
		}
	return count;
}

static void assert_starts(
    const struct world *w, const char *name, size_t count, const char *part)
{
	char got[60000];
	size_t n = starts_of(w, name, got, sizeof(got));

	if (n != count || !strstr(got, part))
		print_error("%s: %zu starts: %s\n", name, n, got);
	assert_int_equal(n, count);
	assert_non_null(strstr(got, part));
}

static void watch__a_month_with_summer_time__runs_when_expected(void **state)
{
	/* 1 to 31 March 2026: the United States change on the 8th, Spain on the 29th, Mexico never. */
	static const struct config rows[] = {
	    {"daily-ny", "30 2 * * *", "America/New_York", NULL, 0, 0, false},
	    {"daily-tijuana", "30 2 * * *", "America/Tijuana", NULL, 0, 0, false},
	    {"daily-cancun", "30 2 * * *", "America/Cancun", NULL, 0, 0, false},
	    {"daily-madrid", "30 2 * * *", "Europe/Madrid", NULL, 0, 0, false},
	    {"hourly-ny", "15 * * * *", "America/New_York", NULL, 0, 0, false},
	    {"weekday-madrid", "0 9 * * mon-fri", "Europe/Madrid", NULL, 0, 0, false},
	    {"night-madrid", "0 12 * * *", "Europe/Madrid", "22:00-06:00", 0, 0, false},
	    {"every-6h", "6h", "UTC", NULL, 6 * HOUR, 0, false},
	    {"jitter", "@daily", "America/New_York", NULL, 0, HOUR, false},
	    {"slow-300", "0 */4 * * *", "UTC", NULL, 0, 0, true},
	    {"by-hand", "always", "UTC", NULL, 0, 0, false},
	};
	struct world *w = malloc(sizeof(*w));
	char got[60000];

	(void)state;
	world_open(w, "2026-03-01T00:00:00Z");
	world_configure(w, rows, sizeof(rows) / sizeof(rows[0]));
	world_run(w, "2026-04-01T00:00:00Z");
	assert_starts(w, "daily-ny", 31,
	    "2026-03-07 02:30 -0500 EST;2026-03-08 03:00 -0400 EDT;2026-03-09 02:30 "
	    "-0400 EDT;");
	assert_starts(w, "daily-tijuana", 31,
	    "2026-03-07 02:30 -0800 PST;2026-03-08 03:00 -0700 PDT;2026-03-09 02:30 "
	    "-0700 PDT;");
	assert_starts(w, "daily-cancun", 31,
	    "2026-03-07 02:30 -0500 EST;2026-03-08 02:30 -0500 EST;2026-03-09 02:30 "
	    "-0500 EST;");
	assert_starts(w, "daily-madrid", 31,
	    "2026-03-28 02:30 +0100 CET;2026-03-29 03:00 +0200 CEST;2026-03-30 02:30 "
	    "+0200 CEST;");
	assert_starts(w, "hourly-ny", 31 * 24,
	    "2026-03-08 01:15 -0500 EST;2026-03-08 03:15 -0400 EDT;2026-03-08 04:15 "
	    "-0400 EDT;");
	assert_starts(w, "weekday-madrid", 22,
	    "2026-03-27 09:00 +0100 CET;2026-03-30 09:00 +0200 CEST;");
	assert_starts(w, "night-madrid", 31,
	    "2026-03-28 22:00 +0100 CET;2026-03-29 22:00 +0200 CEST;");
	/* Six hours after the end of the last, two minutes, or that of a slow one it shared once. */
	assert_starts(w, "every-6h", 123,
	    "2026-03-01 00:00 +0000 UTC;2026-03-01 06:02 +0000 UTC;2026-03-01 12:04 "
	    "+0000 UTC;");
	assert_int_equal(starts_of(w, "jitter", got, sizeof(got)), 31);
	/* It takes longer than its pause, and leaves out what it cannot keep. */
	assert_starts(w, "slow-300", 93,
	    "2026-03-01 04:00 +0000 UTC;2026-03-01 12:00 +0000 UTC;2026-03-01 20:00 "
	    "+0000 UTC;");
	assert_starts(w, "by-hand", 0, "");
	vg_watch_free(w->watch);
	free(w);
}

static void watch__autumn__the_hour_shown_twice_runs_once(void **state)
{
	static const struct config rows[] = {
	    {"daily", "30 1 * * *", "America/New_York", NULL, 0, 0, false},
	    {"hourly", "30 * * * *", "America/New_York", NULL, 0, 0, false},
	    {"howe", "45 1 * * *", "Australia/Lord_Howe", NULL, 0, 0, false},
	};
	struct world *w = malloc(sizeof(*w));

	(void)state;
	world_open(w, "2026-10-31T04:00:00Z");
	world_configure(w, rows, 3);
	world_run(w, "2026-11-03T05:00:00Z");
	assert_starts(w, "daily", 3,
	    "2026-10-31 01:30 -0400 EDT;2026-11-01 01:30 -0400 EDT;2026-11-02 01:30 "
	    "-0500 EST;");
	assert_starts(w, "hourly", 73,
	    "2026-11-01 01:30 -0400 EDT;2026-11-01 01:30 -0500 EST;2026-11-01 02:30 "
	    "-0500 EST;");
	assert_starts(w, "howe", 3, "2026-11-01 01:45 +1100 +11;");
	vg_watch_free(w->watch);
	free(w);
}

static void watch__a_long_crawl__does_not_hold_up_the_others(void **state)
{
	static const struct config rows[] = {
	    {"slow-3000", "0 1 * * *", "UTC", NULL, 0, 0, false},
	    {"hourly", "@hourly", "UTC", NULL, 0, 0, false},
	    {"quick", "5 * * * *", "UTC", NULL, 0, 0, false},
	};
	struct world *w = malloc(sizeof(*w));

	(void)state;
	world_open(w, "2026-11-25T00:30:00Z");
	world_configure(w, rows, 3);
	world_run(w, "2026-11-25T12:30:00Z");
	/* At one o'clock both were in one crawl; that one goes on. */
	assert_starts(
	    w, "quick", 12, "2026-11-25 01:05 +0000 UTC;2026-11-25 02:05 +0000 UTC;");
	assert_starts(w, "slow-3000", 1, "2026-11-25 01:00 +0000 UTC;");
	vg_watch_free(w->watch);
	free(w);
}

/* A restart with what was saved: the run that was under way goes on, what was missed is made up for once. */
static void watch__restart__goes_on_and_makes_up(void **state)
{
	static const struct config rows[] = {
	    {"running", "@weekly", "UTC", NULL, 0, 0, false},
	    {"missed", "0 6 * * *", "UTC", NULL, 0, 0, false},
	    {"skips", "0 6 * * *", "UTC", NULL, 0, 0, true},
	    {"changed", "0 7 * * *", "UTC", NULL, 0, 0, false},
	    {"done", "@weekly", "UTC", NULL, 0, 0, false},
	    {"new", "0 6 * * *", "UTC", NULL, 0, 0, false},
	};
	static const struct {
		const char *name, *text;
		enum vg_schedule_end end;
	} saved[] = {{"running", "@weekly UTC", VG_SCHEDULE_RUNNING},
	    {"missed", "0 6 * * * UTC", VG_SCHEDULE_DONE},
	    {"skips", "0 6 * * * UTC", VG_SCHEDULE_DONE},
	    {"changed", "0 6 * * * UTC", VG_SCHEDULE_DONE},
	    {"done", "@weekly UTC", VG_SCHEDULE_DONE}};
	struct world *w = malloc(sizeof(*w));
	struct vg_error err;

	(void)state;
	world_open(w, "2026-11-27T12:00:00Z");
	for (size_t i = 0; i < sizeof(saved) / sizeof(saved[0]); i++) {
		const struct vg_schedule_state st = {
		    .since = at("2026-11-01T00:00:00Z"),
		    .planned = at("2026-11-22T06:00:00Z"),
		    .started = at("2026-11-22T06:00:00Z"),
		    .ended = at("2026-11-22T06:10:00Z"),
		    .end = saved[i].end};

		assert_status(vg_watch_restore(w->watch, vg_str(saved[i].name),
				  vg_str(saved[i].text), &st, &err),
		    VG_OK);
	}
	world_configure(w, rows, sizeof(rows) / sizeof(rows[0]));
	world_run(w, "2026-11-28T08:00:00Z");
	assert_starts(w, "running", 1, "2026-11-27 12:00 +0000 UTC;");
	assert_starts(
	    w, "missed", 2, "2026-11-27 12:00 +0000 UTC;2026-11-28 06:00 +0000 UTC;");
	assert_starts(w, "skips", 1, "2026-11-28 06:00 +0000 UTC;");
	assert_starts(w, "changed", 1, "2026-11-28 07:00 +0000 UTC;");
	assert_starts(w, "done", 0, "");
	assert_starts(w, "new", 1, "2026-11-28 06:00 +0000 UTC;");
	for (size_t i = 0; i < vg_watch_count(w->watch); i++)
		assert_int_equal(vg_watch_at(w->watch, i)->job, 0);
	vg_watch_free(w->watch);
	free(w);
}

static void watch__reload__keeps_what_runs(void **state)
{
	static const struct config before[] = {
	    {"slow-60", "0 1 * * *", "UTC", NULL, 0, 0, false},
	    {"gone-slow-60", "0 1 * * *", "UTC", NULL, 0, 0, false},
	    {"kept", "0 3 * * *", "UTC", NULL, 0, 0, false}};
	static const struct config after[] = {
	    {"slow-60", "30 1 * * *", "UTC", NULL, 0, 0, false},
	    {"kept", "0 3 * * *", "UTC", NULL, 0, 0, false},
	    {"more", "10 1 * * *", "UTC", NULL, 0, 0, false}};
	struct world *w = malloc(sizeof(*w));

	(void)state;
	world_open(w, "2026-11-25T00:30:00Z");
	world_configure(w, before, 3);
	world_run(w, "2026-11-25T01:05:00Z");
	assert_int_equal(w->starts, 1);
	world_configure(w, after, 3);
	assert_int_equal(vg_watch_count(w->watch), 4);
	world_run(w, "2026-11-25T04:00:00Z");
	/* The new time of the slow one passed while it ran. */
	assert_starts(
	    w, "slow-60", 2, "2026-11-25 01:00 +0000 UTC;2026-11-25 02:00 +0000 UTC;");
	assert_starts(w, "kept", 1, "2026-11-25 03:00 +0000 UTC;");
	assert_starts(w, "more", 1, "2026-11-25 01:10 +0000 UTC;");
	world_configure(w, after, 3);
	assert_int_equal(vg_watch_count(w->watch), 3);
	vg_watch_free(w->watch);
	free(w);
}

static void watch__clock_steps__neither_repeat_nor_stop(void **state)
{
	static const struct config rows[] = {
	    {"daily", "0 6 * * *", "UTC", NULL, 0, 0, false},
	    {"every", "6h", "UTC", NULL, 6 * HOUR, 0, false}};
	struct world *w = malloc(sizeof(*w));
	char got[60000];

	(void)state;
	world_open(w, "2026-11-25T05:59:00Z");
	world_configure(w, rows, 2);
	world_run(w, "2026-11-25T06:30:00Z");
	w->now = at("2026-11-25T05:30:00Z"); /* an hour back: not twice */
	world_run(w, "2026-11-25T23:00:00Z");
	assert_starts(w, "daily", 1, "2026-11-25 06:00 +0000 UTC;");
	w->now = at("2036-11-25T00:00:00Z"); /* ten years ahead, and back again */
	world_run(w, "2036-11-26T00:00:00Z");
	w->now = at("2026-11-26T00:00:00Z");
	world_run(w, "2026-11-29T00:00:00Z");
	assert_starts(w, "daily", 6,
	    "2026-11-26 06:00 +0000 UTC;2026-11-27 06:00 +0000 UTC;2026-11-28 06:00 "
	    "+0000 UTC;");
	assert_true(starts_of(w, "every", got, sizeof(got)) >= 3 + 4 + 11);
	vg_watch_free(w->watch);
	free(w);
}

static void watch__failures__are_tried_again_ever_later(void **state)
{
	static const struct config rows[] = {
	    {"weekly", "0 6 * * sun", "UTC", NULL, 0, 0, false}};
	struct world *w = malloc(sizeof(*w));

	(void)state;
	world_open(w, "2026-11-22T05:00:00Z");
	world_configure(w, rows, 1);
	w->outcome = VG_SCHEDULE_FAILED;
	world_run(w, "2026-11-22T07:00:00Z");
	assert_starts(w, "weekly", 4,
	    "2026-11-22 06:00 +0000 UTC;2026-11-22 06:07 +0000 UTC;2026-11-22 06:19 "
	    "+0000 UTC;");
	w->outcome = VG_SCHEDULE_DONE;
	world_run(w, "2026-11-28T00:00:00Z");
	assert_starts(
	    w, "weekly", 5, "2026-11-22 06:41 +0000 UTC;2026-11-22 07:23 +0000 UTC;");
	w->broken = true; /* no process can be started */
	world_run(w, "2026-11-29T06:30:00Z");
	assert_starts(w, "weekly", 5, "");
	assert_int_equal(vg_watch_at(w->watch, 0)->state.failures, 3);
	w->broken = false;
	world_run(w, "2026-11-29T07:00:00Z");
	assert_starts(w, "weekly", 6, "2026-11-29 06:35 +0000 UTC;");
	vg_watch_free(w->watch);
	free(w);
}

static void watch__hours_end__goes_on_when_they_begin(void **state)
{
	static const struct config rows[] = {
	    {"slow-300", "0 18 * * sun", "America/Cancun", "16:00-20:00", 0, 0, false}};
	struct world *w = malloc(sizeof(*w));

	(void)state;
	world_open(w, "2026-11-22T12:00:00Z");
	world_configure(w, rows, 1);
	world_run(w, "2026-11-24T12:00:00Z");
	assert_starts(
	    w, "slow-300", 2, "2026-11-22 18:00 -0500 EST;2026-11-23 16:00 -0500 EST;");
	vg_watch_free(w->watch);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(watch__a_month_with_summer_time__runs_when_expected),
	    cmocka_unit_test(watch__autumn__the_hour_shown_twice_runs_once),
	    cmocka_unit_test(watch__a_long_crawl__does_not_hold_up_the_others),
	    cmocka_unit_test(watch__restart__goes_on_and_makes_up),
	    cmocka_unit_test(watch__reload__keeps_what_runs),
	    cmocka_unit_test(watch__clock_steps__neither_repeat_nor_stop),
	    cmocka_unit_test(watch__failures__are_tried_again_ever_later),
	    cmocka_unit_test(watch__hours_end__goes_on_when_they_begin),
	};

	return cmocka_run_group_tests_name("crawl/watch", tests, NULL, NULL);
}
