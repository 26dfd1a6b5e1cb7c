/* SPDX-License-Identifier: MIT */
/* conf/value: what people write, exactly. */
#include "config.h"

#include "support/unit.h"

#include "base/clock.h"
#include "conf/value.h"

static void vg_value_duration__texts__microseconds_or_refused(void **state)
{
	static const struct {
		const char *text;
		int64_t us; /* -1: refused */
	} rows[] = {{"0", 0}, {"250ms", 250000}, {"5s", 5 * VG_SECOND},
	    {"1h30m", 5400 * VG_SECOND}, {"2d", 172800 * VG_SECOND},
	    {"1w", 604800 * VG_SECOND}, {"7us", 7}, {"", -1}, {"5", -1}, {"s", -1},
	    {"-5s", -1}, {"5 s", -1}, {"1.5s", -1}, {"5S", -1}, {"5s ", -1},
	    {"99999999999999999999s", -1}, {"9223372036854775807w", -1},
	    {"9223372036854775807us1us", -1}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t us = -1;
		bool ok = vg_value_duration(vg_str(rows[i].text), &us);

		assert_int_equal(ok, rows[i].us >= 0);
		assert_int_equal(us, rows[i].us);
	}
}

static void vg_value_size__texts__bytes_or_refused(void **state)
{
	static const struct {
		const char *text;
		int64_t bytes;
	} rows[] = {{"0", 0}, {"4096", 4096}, {"512K", 524288}, {"8M", 8 << 20},
	    {"1GiB", INT64_C(1) << 30}, {"10B", 10}, {"", -1}, {"M", -1}, {"8m", -1},
	    {"8M1", -1}, {"9223372036854775807K", -1}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t bytes = -1;
		bool ok = vg_value_size(vg_str(rows[i].text), &bytes);

		assert_int_equal(ok, rows[i].bytes >= 0);
		assert_int_equal(bytes, rows[i].bytes);
	}
}

static void vg_value_address__texts__ip_and_port(void **state)
{
	static const char *const bad[] = {"", ":80", "127.0.0.1",
	    "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.1:80", "localhost:80",
	    "::1:80", "[::1:80", "[::1]", "[127.0.0.1]:80"};
	struct vg_address a;

	(void)state;
	assert_true(vg_value_address(VG_STR("127.0.1.7:8080"), &a));
	assert_string_equal(a.ip, "127.0.1.7");
	assert_int_equal(a.port, 8080);
	assert_true(vg_value_address(VG_STR("[0::1]:443"), &a));
	assert_string_equal(a.ip, "::1");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(vg_value_address(vg_str(bad[i]), &a));
}

static void vg_duration_format__values__read_back(void **state)
{
	static const int64_t rows[] = {0, 1, 999, 1000, VG_SECOND, 90 * VG_SECOND,
	    3600 * VG_SECOND, 604800 * VG_SECOND, 1234567};
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t us = -1;

		vg_duration_format(rows[i], text);
		assert_true(vg_value_duration(vg_str(text), &us));
		assert_int_equal(us, rows[i]);
		vg_size_format(rows[i], text);
		assert_true(vg_value_size(vg_str(text), &us));
		assert_int_equal(us, rows[i]);
	}
}

static void vg_word_distance__pairs__counts_changes(void **state)
{
	char longest[66];

	(void)state;
	assert_int_equal(vg_word_distance(VG_STR("delay"), VG_STR("delay")), 0);
	assert_int_equal(vg_word_distance(VG_STR("dealy"), VG_STR("delay")), 1);
	assert_int_equal(vg_word_distance(VG_STR("dely"), VG_STR("delay")), 1);
	assert_int_equal(vg_word_distance(VG_STR(""), VG_STR("abc")), 3);
	assert_int_equal(vg_word_distance(VG_STR("kitten"), VG_STR("sitting")), 3);
	memset(longest, 'a', sizeof(longest));
	assert_true(
	    vg_word_distance((struct vg_str){longest, 65}, VG_STR("a")) == SIZE_MAX);
	assert_int_equal(
	    vg_word_distance((struct vg_str){longest, 64}, VG_STR("a")), 63);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vg_value_duration__texts__microseconds_or_refused),
	    cmocka_unit_test(vg_value_size__texts__bytes_or_refused),
	    cmocka_unit_test(vg_value_address__texts__ip_and_port),
	    cmocka_unit_test(vg_duration_format__values__read_back),
	    cmocka_unit_test(vg_word_distance__pairs__counts_changes),
	};

	return cmocka_run_group_tests_name("conf/value", tests, NULL, NULL);
}
