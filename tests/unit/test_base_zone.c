/* SPDX-License-Identifier: MIT */
/* base/zone: against the C library, which knows one zone at a time, and where clocks jump. */
#include "config.h"

#include "support/times.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/zone.h"

#define HOUR (3600 * VG_SECOND)

static const char *const zones[] = {"UTC", "America/Cancun", "America/Mexico_City",
    "America/Tijuana", "America/Hermosillo", "America/New_York", "Europe/Madrid",
    "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca",
    "Pacific/Apia", "America/Santiago", "Asia/Tehran", "America/Havana",
    "Antarctica/Troll", "Pacific/Chatham", "America/Nuuk"};

static void zone_local__many_zones__as_the_c_library(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		struct vg_zone *z = zone(zones[i]);

		setenv("TZ", zones[i], 1);
		tzset();
		/* 1900 to 2120: past the end of the tables, where the rule goes on. */
		for (int64_t s = -2208988800; s < 4733510400; s += 6 * 3600 + 1) {
			struct vg_zone_type type;
			time_t t = (time_t)s;
			struct tm tm;

			assert_non_null(localtime_r(&t, &tm));
			vg_zone_at(z, s * VG_SECOND, &type);
			if (type.offset != tm.tm_gmtoff * VG_SECOND ||
			    strcmp(type.abbreviation, tm.tm_zone) != 0)
				print_error("%s at %lld\n", zones[i], (long long)s);
			assert_int_equal(type.offset, tm.tm_gmtoff * VG_SECOND);
			assert_string_equal(type.abbreviation, tm.tm_zone);
			assert_int_equal(vg_zone_local(z, s * VG_SECOND),
			    s * VG_SECOND + type.offset);
		}
		vg_zone_free(z);
	}
	unsetenv("TZ");
	tzset();
}

/* Each change is where the C library says, and the way back never runs backwards. */
static void zone_utc__every_half_hour__inverts_and_never_decreases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		struct vg_zone *z = zone(zones[i]);
		int64_t last = INT64_MIN, utc;
		const int64_t from = at("2009-01-01T00:00:00Z"),
			      to = at("2050-01-01T00:00:00Z");

		for (int64_t local = from; local < to; local += HOUR / 4) {
			enum vg_zone_fit fit = vg_zone_utc(z, local, &utc);

			assert_true(utc >= last);
			last = utc;
			if (fit == VG_ZONE_SKIPPED) {
				assert_true(vg_zone_local(z, utc) > local);
				assert_true(vg_zone_local(z, utc - 1) < local);
				continue;
			}
			assert_int_equal(vg_zone_local(z, utc), local);
			if (fit == VG_ZONE_TWICE) {
				int64_t change = vg_zone_next_change(z, utc);
				int64_t before = vg_zone_local(z, change - 1) + 1;

				assert_int_equal(
				    vg_zone_local(
					z, utc + before - vg_zone_local(z, change)),
				    local);
			}
		}
		vg_zone_free(z);
	}
}

static void zone_next_change__table__instants(void **state)
{
	static const struct {
		const char *zone, *after, *want;
	} cases[] = {
	    {"America/New_York", "2026-01-01T00:00:00Z", "2026-03-08T07:00:00Z"},
	    {"America/New_York", "2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"},
	    {"Europe/Madrid", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"},
	    {"Europe/Madrid", "2070-07-01T00:00:00Z", "2070-10-26T01:00:00Z"},
	    {"Australia/Lord_Howe", "2026-01-01T00:00:00Z", "2026-04-04T15:00:00Z"},
	    {"America/Mexico_City", "2022-05-01T00:00:00Z", "2022-10-30T07:00:00Z"},
	    {"America/Tijuana", "2026-01-01T00:00:00Z", "2026-03-08T10:00:00Z"},
	    /* No more summer time in Mexico since 2022, in Quintana Roo since 2015. */
	    {"America/Mexico_City", "2022-10-30T07:00:00Z", NULL},
	    {"America/Cancun", "2015-02-02T00:00:00Z", NULL},
	    {"UTC", "1970-01-01T00:00:00Z", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vg_zone *z = zone(cases[i].zone);
		int64_t got = vg_zone_next_change(z, at(cases[i].after));

		assert_int_equal(
		    got, cases[i].want ? at(cases[i].want) : VG_ZONE_NEVER);
		vg_zone_free(z);
	}
}

static void zone_format__table__text(void **state)
{
	static const struct {
		const char *zone, *utc, *want;
	} cases[] = {
	    {"America/Cancun", "2026-11-25T11:30:00Z", "2026-11-25 06:30 -0500 EST"},
	    {"Asia/Kathmandu", "2026-11-25T11:30:07Z",
		"2026-11-25 17:15:07 +0545 +0545"},
	    {"UTC", "2026-11-25T11:30:00Z", "2026-11-25 11:30 +0000 UTC"},
	    {"America/St_Johns", "2026-07-01T00:00:00Z", "2026-06-30 21:30 -0230 NDT"},
	};
	char got[VG_ZONE_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vg_zone *z = zone(cases[i].zone);

		vg_zone_format(z, at(cases[i].utc), got);
		assert_string_equal(got, cases[i].want);
		vg_zone_free(z);
	}
}

static void zone_open__bad_names__refused(void **state)
{
	static const char *const names[] = {"", "Mars/Olympus", "../../../etc/passwd",
	    "/etc/passwd", "America", "America/Cancun\n", "EST5EDT,M3.2.0", "zone.tab"};
	struct vg_zone *z = NULL;
	struct vg_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_not_equal(vg_zone_open(names[i], &z, &err), VG_OK);
		assert_null(z);
		assert_true(err.msg[0] != '\0');
	}
}

static void zone_open__local__follows_tz(void **state)
{
	static const struct {
		const char *tz, *want;
	} cases[] = {{"Asia/Kathmandu", "2026-07-01 05:45 +0545 +0545"},
	    {":America/New_York", "2026-06-30 20:00 -0400 EDT"},
	    {"", "2026-07-01 00:00 +0000 UTC"},
	    {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01 02:00 +0200 CEST"},
	    {"<-03>3", "2026-06-30 21:00 -0300 -03"},
	    {"ABC3EDT4,0/0,J365/23", "2026-06-30 20:00 -0400 EDT"},
	    {"EST5EDT,0/0,J365/25", "2026-06-30 20:00 -0400 EDT"},
	    {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01 10:00 +1000 AEST"}};
	char got[VG_ZONE_TEXT];
	struct vg_zone *z;
	struct vg_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		setenv("TZ", cases[i].tz, 1);
		z = zone("local");
		vg_zone_format(z, at("2026-07-01T00:00:00Z"), got);
		assert_string_equal(got, cases[i].want);
		vg_zone_free(z);
	}
	setenv("TZ", "nonsense,", 1);
	assert_status(vg_zone_open("local", &z, &err), VG_E_NOT_FOUND);
	unsetenv("TZ");
}

/* Any cut and any flipped byte: refused or read, never followed out of the file. */
static void zone_parse__damaged_files__safe(void **state)
{
	struct vg_buf file = VG_BUF_INIT(1 << 20);
	struct vg_error err;
	struct vg_zone *z;

	(void)state;
	assert_status(
	    vg_read_file("/usr/share/zoneinfo/Australia/Lord_Howe", &file, &err),
	    VG_OK);
	for (size_t n = 0; n < file.len; n++) {
		char *copy = malloc(n ? n : 1);

		memcpy(copy, file.ptr, n);
		assert_status(vg_zone_parse("cut", (struct vg_str){copy, n}, &z, &err),
		    VG_E_INVALID);
		free(copy);
	}
	for (size_t i = 0; i < file.len; i++) {
		const char kept = file.ptr[i];

		file.ptr[i] = (char)(kept ^ 0x81);
		if (!vg_zone_parse("flipped", vg_buf_str(&file), &z, &err)) {
			int64_t utc = at("1950-01-01T00:00:00Z");

			for (int hops = 0; hops < 300 && utc != VG_ZONE_NEVER; hops++) {
				int64_t next = vg_zone_next_change(z, utc);

				assert_true(next > utc);
				utc = next;
			}
			(void)vg_zone_utc(z, at("2026-11-25T00:00:00Z"), &utc);
			vg_zone_free(z);
		}
		file.ptr[i] = kept;
	}
	vg_buf_release(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(zone_local__many_zones__as_the_c_library),
	    cmocka_unit_test(zone_utc__every_half_hour__inverts_and_never_decreases),
	    cmocka_unit_test(zone_next_change__table__instants),
	    cmocka_unit_test(zone_format__table__text),
	    cmocka_unit_test(zone_open__bad_names__refused),
	    cmocka_unit_test(zone_open__local__follows_tz),
	    cmocka_unit_test(zone_parse__damaged_files__safe),
	};

	return cmocka_run_group_tests_name("base/zone", tests, NULL, NULL);
}
