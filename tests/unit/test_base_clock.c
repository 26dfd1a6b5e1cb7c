/* SPDX-License-Identifier: MIT */
/* base/clock: RFC 3339 both ways. */
#include "config.h"

#include "support/unit.h"

#include "base/clock.h"

static void time_parse__table__microseconds(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = {
	    {"1970-01-01T00:00:00Z", 0},
	    {"1969-12-31T23:59:59.999999Z", -1},
	    {"2026-11-24T18:04:11.5Z", 1795543451500000},
	    {"2026-11-24T12:04:11.5-06:00", 1795543451500000},
	    {"2000-02-29 00:00:00.1234567z", 951782400123456},
	    {"0000-01-01T00:00:00Z", -62167219200000000},
	    {"9999-12-31T23:59:59Z", 253402300799000000},
	};
	static const char *const refused[] = {"", "2026-11-24", "2026-02-29T00:00:00Z",
	    "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-24T24:00:00Z",
	    "2026-11-24T18:04:11", "2026-11-24T18:04:11.Z", "2026-11-24T18:04:11+25:00",
	    "2026-11-24T18:04:11Zx", "2026-11-2"};
	int64_t got = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(vg_time_parse(vg_str(cases[i].text), &got));
		assert_int_equal(got, cases[i].want);
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_false(vg_time_parse(vg_str(refused[i]), &got));
}

static void time_format__any_instant__parses_back(void **state)
{
	char text[VG_RFC3339_LEN];
	int64_t back;

	(void)state;
	for (int64_t us = -62167219200000000; us < 253402300799000000;
	     us += 86399123456789) {
		vg_time_format(us, text);
		assert_int_equal(strlen(text), VG_RFC3339_LEN - 1);
		assert_true(vg_time_parse(vg_str(text), &back));
		assert_int_equal(back, us);
	}
	vg_time_format(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
	vg_time_format(INT64_MIN, text);
	assert_string_equal(text, "0000-01-01T00:00:00.000000Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(time_parse__table__microseconds),
	    cmocka_unit_test(time_format__any_instant__parses_back),
	};

	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
