/* SPDX-License-Identifier: MIT */
/* policy/schedule: the next run after all that may have happened to the last one, and to the clock. */
#include "config.h"

#include "support/times.h"

#include <stdio.h>

#include "policy/schedule.h"

#define MINUTE (60 * VG_SECOND)
#define HOUR (60 * MINUTE)

static struct vg_schedule *schedule(
    const char *when, const char *zone, const char *hours, int64_t every)
{
	const char *list[] = {hours, NULL};
	const struct vg_schedule_rule rule = {.name = "farmacia-sol",
	    .when = when,
	    .zone = zone,
	    .hours = list,
	    .every = every};
	struct vg_schedule *s = NULL;
	struct vg_error err = {.msg = ""};

	if (vg_schedule_new(&rule, &s, &err))
		print_error("%s\n", err.msg);
	assert_non_null(s);
	return s;
}

static void check(const struct vg_schedule *s, const struct vg_schedule_state *state,
    const char *now, const char *want_at, const char *want_why)
{
	struct vg_schedule_run run;

	vg_schedule_next(s, state, at(now), &run);
	if (run.at != at(want_at)) {
		char got[VG_RFC3339_LEN];

		vg_time_format(run.at, got);
		print_error("at %s: %s, want %s\n", now, got, want_at);
	}
	assert_int_equal(run.at, at(want_at));
	assert_string_equal(vg_schedule_why_name(run.why), want_why);
}

static void schedule_next__by_cron__misses_and_makes_up(void **state)
{
	struct vg_schedule *s = schedule("0 6 * * *", "America/Cancun", NULL, 0);
	struct vg_schedule_state st = {.since = at("2026-11-25T00:00:00Z")};

	(void)state;
	check(s, &st, "2026-11-25T00:00:00Z", "2026-11-25T11:00:00Z", "time");
	check(s, &st, "2026-11-25T11:04:59Z", "2026-11-25T11:00:00Z", "time");
	/* Three days asleep: one run, of the last time that was missed. */
	check(s, &st, "2026-11-27T11:05:01Z", "2026-11-27T11:00:00Z", "missed");
	st.planned = at("2026-11-25T11:00:00Z");
	st.end = VG_SCHEDULE_DONE;
	st.started = st.planned;
	st.ended = st.planned + MINUTE;
	check(s, &st, "2026-11-25T11:02:00Z", "2026-11-26T11:00:00Z", "time");
	/* A clock set back by minutes does not run twice; one that was far ahead is forgotten. */
	check(s, &st, "2026-11-25T10:30:00Z", "2026-11-26T11:00:00Z", "time");
	check(s, &st, "2025-11-25T10:30:00Z", "2025-11-25T11:00:00Z", "time");
	vg_schedule_free(s);
}

static void schedule_next__skip__leaves_missed_runs_out(void **state)
{
	const struct vg_schedule_rule rule = {
	    .name = "a", .when = "0 6 * * *", .zone = "UTC", .skip_missed = true};
	struct vg_schedule *s;
	struct vg_schedule_state st = {.since = at("2026-11-20T00:00:00Z")};

	(void)state;
	assert_status(vg_schedule_new(&rule, &s, NULL), VG_OK);
	check(s, &st, "2026-11-25T05:00:00Z", "2026-11-25T06:00:00Z", "time");
	check(s, &st, "2026-11-25T06:05:00Z", "2026-11-25T06:00:00Z", "time");
	check(s, &st, "2026-11-25T06:05:01Z", "2026-11-26T06:00:00Z", "time");
	vg_schedule_free(s);
}

static void schedule_next__by_duration__from_the_end(void **state)
{
	struct vg_schedule *s = schedule("12h", "UTC", NULL, 12 * HOUR);
	struct vg_schedule_state st = {.since = at("2026-11-25T00:00:00Z")};

	(void)state;
	check(s, &st, "2026-11-25T00:00:00Z", "2026-11-25T00:00:00Z", "first");
	st.started = at("2026-11-25T00:00:00Z");
	st.ended = at("2026-11-25T02:00:00Z");
	st.end = VG_SCHEDULE_DONE;
	check(s, &st, "2026-11-25T02:00:00Z", "2026-11-25T14:00:00Z", "time");
	/* The clock was a year ahead when it ended. */
	check(s, &st, "2025-11-25T02:00:00Z", "2025-11-25T14:00:00Z", "time");
	vg_schedule_free(s);
}

static void schedule_next__always__never(void **state)
{
	struct vg_schedule *s = schedule("always", "UTC", NULL, 0);
	struct vg_schedule_state st = {.since = 1};
	struct vg_schedule_run run;

	(void)state;
	vg_schedule_next(s, &st, at("2026-11-25T00:00:00Z"), &run);
	assert_int_equal(run.at, VG_ZONE_NEVER);
	assert_false(vg_schedule_is_automatic(s));
	vg_schedule_free(s);
}

static void schedule_next__unfinished__goes_on_sooner(void **state)
{
	struct vg_schedule *s = schedule("@weekly", "UTC", NULL, 0);
	struct vg_schedule_state st = {.since = at("2026-11-22T00:00:00Z"),
	    .planned = at("2026-11-22T00:00:00Z"),
	    .started = at("2026-11-22T00:00:00Z"),
	    .ended = at("2026-11-22T01:00:00Z")};

	(void)state;
	st.end = VG_SCHEDULE_RUNNING;
	check(s, &st, "2026-11-22T01:00:00Z", "2026-11-22T01:00:00Z", "goes-on");
	st.end = VG_SCHEDULE_STOPPED;
	check(s, &st, "2026-11-22T01:00:00Z", "2026-11-22T01:00:00Z", "goes-on");
	st.end = VG_SCHEDULE_BUSY;
	check(s, &st, "2026-11-22T01:00:00Z", "2026-11-22T01:01:00Z", "waited");
	st.end = VG_SCHEDULE_FAILED;
	st.failures = 1;
	check(s, &st, "2026-11-22T01:00:00Z", "2026-11-22T01:05:00Z", "again");
	st.failures = 4;
	check(s, &st, "2026-11-22T01:00:00Z", "2026-11-22T01:40:00Z", "again");
	st.failures = 400;
	check(s, &st, "2026-11-22T01:00:00Z", "2026-11-22T07:00:00Z", "again");
	st.end = VG_SCHEDULE_DONE;
	check(s, &st, "2026-11-22T01:00:00Z", "2026-11-29T00:00:00Z", "time");
	vg_schedule_free(s);
}

static void schedule_next__allowed_hours__waits_for_them(void **state)
{
	struct vg_schedule *s =
	    schedule("0 3 * * *", "America/New_York", "08:00-20:00", 0);
	struct vg_schedule_state st = {.since = at("2026-11-25T00:00:00Z")};

	(void)state;
	check(s, &st, "2026-11-25T07:00:00Z", "2026-11-25T13:00:00Z", "time");
	/* In its hours, what waited for them was not missed. */
	check(s, &st, "2026-11-25T10:00:00Z", "2026-11-25T13:00:00Z", "time");
	check(s, &st, "2026-11-25T13:00:30Z", "2026-11-25T08:00:00Z", "time");
	check(s, &st, "2026-11-25T15:00:00Z", "2026-11-25T08:00:00Z", "missed");
	st.planned = at("2026-11-25T08:00:00Z");
	st.ended = at("2026-11-26T01:00:10Z");
	st.end = VG_SCHEDULE_STOPPED;
	check(s, &st, "2026-11-26T01:00:10Z", "2026-11-26T13:00:00Z", "goes-on");
	assert_true(vg_schedule_closed_between(
	    s, at("2026-11-25T13:00:00Z"), at("2026-11-26T01:00:10Z")));
	assert_false(vg_schedule_closed_between(
	    s, at("2026-11-25T13:00:00Z"), at("2026-11-25T15:00:00Z")));
	vg_schedule_free(s);
}

static void schedule_opens__table__instants(void **state)
{
	static const struct {
		const char *hours, *zone, *at, *want;
	} cases[] = {
	    {"08:00-20:00", "Europe/Madrid", "2026-11-25T06:59:59Z",
		"2026-11-25T07:00:00Z"},
	    {"08:00-20:00", "Europe/Madrid", "2026-11-25T18:59:59Z",
		"2026-11-25T18:59:59Z"},
	    {"08:00-20:00", "Europe/Madrid", "2026-11-25T19:00:00Z",
		"2026-11-26T07:00:00Z"},
	    {"22:00-06:00", "UTC", "2026-11-25T05:59:00Z", "2026-11-25T05:59:00Z"},
	    {"22:00-06:00", "UTC", "2026-11-25T06:00:00Z", "2026-11-25T22:00:00Z"},
	    {"20:00-24:00", "UTC", "2026-11-25T19:00:00Z", "2026-11-25T20:00:00Z"},
	    {"0:00-24:00", "UTC", "2026-11-25T19:00:00Z", "2026-11-25T19:00:00Z"},
	    /* 2:00 to 3:00 does not exist that night; the next one it does. */
	    {"02:00-03:00", "America/New_York", "2026-03-08T05:00:00Z",
		"2026-03-09T06:00:00Z"},
	    {"02:30-04:00", "America/New_York", "2026-03-08T05:00:00Z",
		"2026-03-08T07:00:00Z"},
	    /* 1:30 twice: open again after the clock went back. */
	    {"01:00-02:00", "America/New_York", "2026-11-01T05:59:00Z",
		"2026-11-01T05:59:00Z"},
	    {"01:00-02:00", "America/New_York", "2026-11-01T06:30:00Z",
		"2026-11-01T06:30:00Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vg_schedule *s =
		    schedule("always", cases[i].zone, cases[i].hours, 0);

		assert_int_equal(
		    vg_schedule_opens(s, at(cases[i].at)), at(cases[i].want));
		vg_schedule_free(s);
	}
}

static void schedule_jitter__many_sites__spread_and_steady(void **state)
{
	int64_t least = INT64_MAX, most = 0;
	char name[32];

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct vg_schedule_rule rule = {
		    .name = name, .when = "@daily", .zone = "UTC", .jitter = 2 * HOUR};
		struct vg_schedule_state st = {.since = at("2026-11-25T00:00:00Z")};
		struct vg_schedule_run run, again;
		struct vg_schedule *s;

		(void)snprintf(name, sizeof(name), "site-%d", i);
		assert_status(vg_schedule_new(&rule, &s, NULL), VG_OK);
		vg_schedule_next(s, &st, at("2026-11-25T12:00:00Z"), &run);
		vg_schedule_next(s, &st, at("2026-11-26T00:00:00Z"), &again);
		assert_int_equal(run.at, again.at);
		assert_int_equal(run.planned, at("2026-11-26T00:00:00Z"));
		assert_true(run.at >= run.planned && run.at < run.planned + 2 * HOUR);
		least = run.at < least ? run.at : least;
		most = run.at > most ? run.at : most;
		vg_schedule_free(s);
		rule.when = "*/10 * * * *";
		assert_status(vg_schedule_new(&rule, &s, NULL), VG_OK);
		vg_schedule_next(s, &st, at("2026-11-25T00:00:01Z"), &run);
		assert_true(run.at < at("2026-11-25T00:20:00Z"));
		vg_schedule_free(s);
	}
	assert_true(most - least > HOUR);
}

/* A page is due at the time of a run, so that the run does not come a moment too early for it. */
static void schedule_due__by_cron__at_a_run(void **state)
{
	struct vg_schedule *s = schedule("@daily", "Europe/Madrid", NULL, 0);
	const int64_t visit = at("2026-03-28T23:00:07Z"), day = 24 * HOUR;

	(void)state;
	assert_int_equal(vg_schedule_interval(s), day);
	/* The day that follows has 23 hours. */
	assert_int_equal(vg_schedule_due(s, visit, day), at("2026-03-29T22:00:00Z"));
	assert_int_equal(
	    vg_schedule_due(s, visit, day + day / 2), at("2026-03-29T22:00:00Z"));
	assert_int_equal(
	    vg_schedule_due(s, visit, 2 * day + 1), at("2026-03-30T22:00:00Z"));
	vg_schedule_free(s);
	s = schedule("12h", "UTC", NULL, 12 * HOUR);
	assert_int_equal(vg_schedule_due(s, visit, 12 * HOUR), visit + 12 * HOUR);
	vg_schedule_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(schedule_next__by_cron__misses_and_makes_up),
	    cmocka_unit_test(schedule_next__skip__leaves_missed_runs_out),
	    cmocka_unit_test(schedule_next__by_duration__from_the_end),
	    cmocka_unit_test(schedule_next__always__never),
	    cmocka_unit_test(schedule_next__unfinished__goes_on_sooner),
	    cmocka_unit_test(schedule_next__allowed_hours__waits_for_them),
	    cmocka_unit_test(schedule_opens__table__instants),
	    cmocka_unit_test(schedule_jitter__many_sites__spread_and_steady),
	    cmocka_unit_test(schedule_due__by_cron__at_a_run),
	};

	return cmocka_run_group_tests_name("policy/schedule", tests, NULL, NULL);
}
