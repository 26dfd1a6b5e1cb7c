/* SPDX-License-Identifier: MIT */
/* base/cron: what expressions mean, and when they happen where clocks change. */
#include "config.h"

#include "support/times.h"

#include <stdlib.h>

#include "base/cron.h"

#define HOUR (3600 * VG_SECOND)

static struct vg_cron cron(const char *text)
{
	struct vg_cron c;
	struct vg_error err = {.msg = ""};

	if (vg_cron_parse(vg_str(text), 1, &c, &err))
		print_error("%s: %s\n", text, err.msg);
	assert_status(vg_cron_parse(vg_str(text), 1, &c, &err), VG_OK);
	return c;
}

/* Each row: the times that follow `after`, in UTC. */
static const struct {
	const char *zone, *expression, *after, *want[6];
} rows[] = {
    {"UTC", "* * * * *", "2026-11-25T10:00:00Z", {"2026-11-25T10:01:00Z"}},
    {"UTC", "* * * * *", "2026-11-25T10:00:59.999999Z", {"2026-11-25T10:01:00Z"}},
    {"UTC", "*/15 9-10 * * *", "2026-11-25T09:40:00Z",
	{"2026-11-25T09:45:00Z", "2026-11-25T10:00:00Z", "2026-11-25T10:15:00Z"}},
    {"UTC", "5,10-20/5 0 * * *", "2026-11-25T00:00:00Z",
	{"2026-11-25T00:05:00Z", "2026-11-25T00:10:00Z", "2026-11-25T00:15:00Z",
	    "2026-11-25T00:20:00Z", "2026-11-26T00:05:00Z"}},
    {"UTC", "30 6 * * mon-fri", "2026-11-25T07:00:00Z",
	{"2026-11-26T06:30:00Z", "2026-11-27T06:30:00Z", "2026-11-30T06:30:00Z"}},
    {"UTC", "0 0 * * 7", "2026-11-25T00:00:00Z",
	{"2026-11-29T00:00:00Z", "2026-12-06T00:00:00Z"}},
    {"UTC", "0 0 * * Fri-Sun", "2026-11-25T00:00:00Z",
	{"2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z",
	    "2026-12-04T00:00:00Z"}},
    /* Both kinds of day: either fits. With a star, both must. */
    {"UTC", "0 0 13 * fri", "2026-11-25T00:00:00Z",
	{"2026-11-27T00:00:00Z", "2026-12-04T00:00:00Z", "2026-12-11T00:00:00Z",
	    "2026-12-13T00:00:00Z"}},
    {"UTC", "0 0 */2 * fri", "2026-11-25T00:00:00Z",
	{"2026-11-27T00:00:00Z", "2026-12-11T00:00:00Z", "2026-12-25T00:00:00Z"}},
    {"UTC", "0 12 31 * *", "2026-11-25T00:00:00Z",
	{"2026-12-31T12:00:00Z", "2027-01-31T12:00:00Z", "2027-03-31T12:00:00Z"}},
    {"UTC", "0 0 29 2 *", "2096-03-01T00:00:00Z", {"2104-02-29T00:00:00Z"}},
    {"UTC", "0 0 29 feb */7", "2026-01-01T00:00:00Z", {"2032-02-29T00:00:00Z"}},
    {"UTC", "@yearly", "2026-11-25T00:00:00Z", {"2027-01-01T00:00:00Z"}},
    {"UTC", "@MONTHLY", "2026-11-25T00:00:00Z", {"2026-12-01T00:00:00Z"}},
    {"UTC", "@weekly", "2026-11-25T00:00:00Z", {"2026-11-29T00:00:00Z"}},
    {"UTC", "0 0 1 1 *", "9999-06-01T00:00:00Z", {NULL}},

    {"America/Cancun", "30 6 * * mon-fri", "2026-11-25T00:00:00Z",
	{"2026-11-25T11:30:00Z", "2026-11-26T11:30:00Z"}},
    /* Mexico: its last change was on 30 October 2022. */
    {"America/Mexico_City", "@daily", "2022-10-28T12:00:00Z",
	{"2022-10-29T05:00:00Z", "2022-10-30T05:00:00Z", "2022-10-31T06:00:00Z"}},
    {"America/Mexico_City", "@daily", "2026-03-07T12:00:00Z",
	{"2026-03-08T06:00:00Z", "2026-03-09T06:00:00Z"}},
    /* The border follows the United States: 2:00 is skipped on 8 March. */
    {"America/Tijuana", "30 2 * * *", "2026-03-07T08:00:00Z",
	{"2026-03-07T10:30:00Z", "2026-03-08T10:00:00Z", "2026-03-09T09:30:00Z"}},
    {"America/Tijuana", "30 1 * * *", "2026-10-31T08:00:00Z",
	{"2026-10-31T08:30:00Z", "2026-11-01T08:30:00Z", "2026-11-02T09:30:00Z"}},

    /* Skipped at 2:00, right after the change and once. */
    {"America/New_York", "15,45 2 * * *", "2026-03-08T00:00:00Z",
	{"2026-03-08T07:00:00Z", "2026-03-09T06:15:00Z", "2026-03-09T06:45:00Z"}},
    {"America/New_York", "30 2,3 * * *", "2026-03-08T00:00:00Z",
	{"2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z"}},
    {"America/New_York", "0 2,3 * * *", "2026-03-08T00:00:00Z",
	{"2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z", "2026-03-09T07:00:00Z"}},
    /* Shown twice at 1:30: the first time. */
    {"America/New_York", "30 1 * * *", "2026-11-01T00:00:00Z",
	{"2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"}},
    {"America/New_York", "30 1 * * *", "2026-11-01T06:10:00Z",
	{"2026-11-02T06:30:00Z"}},
    /* Every hour: the clock is followed, an hour each. */
    {"America/New_York", "30 * * * *", "2026-11-01T04:40:00Z",
	{"2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"}},
    {"America/New_York", "30 * * * *", "2026-03-08T06:00:00Z",
	{"2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z"}},
    {"America/New_York", "*/20 0-23 * * *", "2026-03-08T06:30:00Z",
	{"2026-03-08T06:40:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:20:00Z"}},
    {"Europe/Madrid", "30 2 * * *", "2026-03-28T12:00:00Z",
	{"2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}},
    {"Europe/Madrid", "30 2 * * *", "2026-10-24T12:00:00Z",
	{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
    {"Europe/Madrid", "0 3 * * *", "2026-10-24T12:00:00Z",
	{"2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z"}},
    {"Europe/Madrid", "0 4 * * sun", "2060-10-30T12:00:00Z",
	{"2060-10-31T03:00:00Z", "2060-11-07T03:00:00Z"}},
    /* Half an hour: 2:00 becomes 2:30 in October, 2:00 becomes 1:30 in April. */
    {"Australia/Lord_Howe", "10 2 * * *", "2026-10-03T00:00:00Z",
	{"2026-10-03T15:30:00Z", "2026-10-04T15:10:00Z"}},
    {"Australia/Lord_Howe", "45 1 * * *", "2026-04-03T20:00:00Z",
	{"2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"}},
    {"Australia/Lord_Howe", "0 * * * *", "2026-04-04T13:30:00Z",
	{"2026-04-04T14:00:00Z", "2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z"}},
    /* Midnight itself is skipped, and a whole day. */
    {"America/Havana", "@daily", "2026-03-07T12:00:00Z",
	{"2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"}},
    {"Pacific/Apia", "0 9 * * *", "2011-12-29T00:00:00Z",
	{"2011-12-29T19:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"}},
};

static void cron_next__table__instants(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vg_zone *z = zone(rows[i].zone);
		struct vg_cron c = cron(rows[i].expression);
		int64_t utc = at(rows[i].after);

		for (size_t n = 0; n < 6 && (rows[i].want[n] || !n); n++) {
			char got[VG_RFC3339_LEN];
			int64_t want =
			    rows[i].want[n] ? at(rows[i].want[n]) : VG_ZONE_NEVER;

			utc = vg_cron_next(&c, z, utc);
			vg_time_format(utc, got);
			if (utc != want)
				print_error("%s %s after %s, number %zu: %s, want %s\n",
				    rows[i].zone, rows[i].expression, rows[i].after,
				    n + 1, got,
				    rows[i].want[n] ? rows[i].want[n] : "never");
			assert_int_equal(utc, want);
		}
		vg_zone_free(z);
	}
}

/* Each minute asked: does the clock show it? The slow way, for days without a change of clocks. */
static void cron_next__every_minute__as_the_clock_shows(void **state)
{
	static const char *const expressions[] = {"*/7 * * * *", "0 0 * * *",
	    "5,17-40/9 3-8/2 1-15 * *", "0 12 * jan,jul tue", "59 23 31 * 0",
	    "13 4 */3 * */2"};
	struct vg_zone *z = zone("Asia/Kathmandu");

	(void)state;
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
		struct vg_cron c = cron(expressions[i]);
		int64_t utc = at("2025-12-31T18:15:00Z") - VG_SECOND;
		int64_t next = vg_cron_next(&c, z, utc);

		for (int minute = 0; minute < 366 * 1440; minute++) {
			int64_t now = utc + VG_SECOND + minute * 60 * VG_SECOND;
			int64_t local = vg_zone_local(z, now), year;
			int64_t days = local / (24 * HOUR);
			int month, day, hour = (int)(local % (24 * HOUR) / HOUR);
			bool a, b, fits;

			vg_civil_from_days(days, &year, &month, &day);
			a = c.days >> day & 1;
			b = c.weekdays >> ((days + 4) % 7) & 1;
			fits = c.minutes >> (local % HOUR / (60 * VG_SECOND)) & 1 &&
			       c.hours >> hour & 1 && c.months >> month & 1 &&
			       (c.any_day ? a && b : a || b);
			assert_int_equal(fits, next == now);
			if (fits)
				next = vg_cron_next(&c, z, next);
		}
	}
	vg_zone_free(z);
}

/* A year with both changes: each local day has its run, and only one. */
static void cron_next__each_time_of_day__once_a_day(void **state)
{
	static const char *const names[] = {"America/New_York", "Europe/Madrid",
	    "Australia/Lord_Howe", "America/Havana", "America/Santiago",
	    "America/Mexico_City", "Africa/Casablanca"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct vg_zone *z = zone(names[i]);

		for (int minute = 0; minute < 1440; minute += 10) {
			struct vg_cron c = {.minutes = UINT64_C(1) << minute % 60,
			    .hours = UINT32_C(1) << minute / 60,
			    .days = UINT32_MAX,
			    .months = UINT16_MAX,
			    .weekdays = 0x7F,
			    .any_day = true};
			int64_t utc, first;

			(void)vg_zone_utc(z, at("2026-01-01T00:00:00Z"), &first);
			utc = first - 1;
			for (int64_t day = 0; day < 366; day++) {
				int64_t local;

				utc = vg_cron_next(&c, z, utc);
				local = vg_zone_local(z, utc);
				assert_int_equal(
				    (local - at("2026-01-01T00:00:00Z")) / (24 * HOUR),
				    day);
			}
		}
		vg_zone_free(z);
	}
}

static void cron_parse__bad__says_which_field(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {{"", "here are 0"}, {"* * * *", "here are 4"},
	    {"0 * * * * *", "here are 6"},
	    {"60 * * * *", "minute: '60' is not 0 to 59"}, {"* 24 * * *", "hour: '24'"},
	    {"* * 0 * *", "day of the month: '0'"}, {"* * * 13 *", "month: '13'"},
	    {"* * * * 8", "day of the week: '8'"},
	    {"* * * * funday", "name of three letters"}, {"* * * janu *", "month"},
	    {"1,,2 * * * *", "minute: ''"}, {"1, * * * *", "minute"},
	    {"20-10 * * * *", "runs backwards"}, {"* 22-6 * * *", "22-23,0-6"},
	    {"5/10 * * * *", "a step needs a range: 5-59/10"},
	    {"*/0 * * * *", "no step"}, {"*/61 * * * *", "no step"},
	    {"*/x * * * *", "no step"}, {"-5 * * * *", "minute"},
	    {"1-2-3 * * * *", "minute"}, {"+5 * * * *", "minute"},
	    {"* * 30 2 *", "never happens"}, {"* * 31 feb,apr,jun *", "never happens"},
	    {"@reboot", "'@reboot' is not"}, {"@daily x", "is not @hourly"},
	    {"? * * * *", "minute"}, {"99999999999999999999 * * * *", "minute"}};
	struct vg_cron c;
	struct vg_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_status(
		    vg_cron_parse(vg_str(cases[i].text), 0, &c, &err), VG_E_INVALID);
		if (!strstr(err.msg, cases[i].want))
			print_error("'%s': %s\n", cases[i].text, err.msg);
		assert_non_null(strstr(err.msg, cases[i].want));
	}
}

static void cron_parse__hash__spreads_by_seed(void **state)
{
	uint64_t minutes = 0;
	uint32_t hours = 0;
	struct vg_cron c, again;
	struct vg_error err;

	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		assert_status(
		    vg_cron_parse(VG_STR("H H H * *"), seed, &c, &err), VG_OK);
		assert_status(
		    vg_cron_parse(VG_STR("H H H * *"), seed, &again, &err), VG_OK);
		assert_int_equal(__builtin_popcountll(c.minutes), 1);
		assert_int_equal(__builtin_popcount(c.hours), 1);
		assert_int_equal(c.minutes, again.minutes);
		assert_int_equal(c.days & ~UINT32_C(0x1FFFFFFE), 0);
		minutes |= c.minutes;
		hours |= c.hours;
		assert_status(
		    vg_cron_parse(VG_STR("H/15 * * * *"), seed, &c, &err), VG_OK);
		assert_int_equal(__builtin_popcountll(c.minutes), 4);
		assert_int_equal(vg_cron_gap(&c), 15 * 60 * VG_SECOND);
	}
	assert_int_equal(minutes, (UINT64_C(1) << 60) - 1);
	assert_int_equal(hours, (UINT32_C(1) << 24) - 1);
}

static void cron_gap__table__shortest(void **state)
{
	static const struct {
		const char *text;
		int64_t hours;
	} cases[] = {{"0 9,10 * * *", 1}, {"@hourly", 1}, {"@daily", 24},
	    {"@weekly", 168}, {"@monthly", 28 * 24}, {"@yearly", 365 * 24},
	    {"0 0 29 2 *", 1461 * 24}, {"0 6 * * mon-fri", 24},
	    {"0 22 * * sat,mon", 48}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vg_cron c = cron(cases[i].text);

		assert_int_equal(vg_cron_gap(&c) / HOUR, cases[i].hours);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cron_next__table__instants),
	    cmocka_unit_test(cron_next__every_minute__as_the_clock_shows),
	    cmocka_unit_test(cron_next__each_time_of_day__once_a_day),
	    cmocka_unit_test(cron_parse__bad__says_which_field),
	    cmocka_unit_test(cron_parse__hash__spreads_by_seed),
	    cmocka_unit_test(cron_gap__table__shortest),
	};

	return cmocka_run_group_tests_name("base/cron", tests, NULL, NULL);
}
