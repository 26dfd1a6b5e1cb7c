/* SPDX-License-Identifier: MIT */
/* Gaps, back-off, dates: nobody can make us faster than the floor. */
#include "config.h"

#include "support/unit.h"

#include "policy/rate.h"

#define MS INT64_C(1000)

static void gap__table__longest_wins(void **state)
{
	static const struct {
		struct vg_rate_rules rules;
		int64_t response_time, gap;
	} rows[] = {
	    {{0, 0, -1, false}, 0, VG_SECOND},
	    {{500 * MS, 0, -1, false}, 0, VG_SECOND},
	    {{0, 2 * VG_SECOND, -1, false}, 0, 2 * VG_SECOND},
	    {{3 * VG_SECOND, 2 * VG_SECOND, VG_SECOND, false}, 0, 3 * VG_SECOND},
	    {{0, 0, 7 * VG_SECOND, false}, 0, 7 * VG_SECOND},
	    {{0, 0, 9999 * VG_SECOND, false}, 0, 300 * VG_SECOND},
	    {{0, 0, -1, false}, 400 * MS, 2 * VG_SECOND},
	    {{0, 0, -1, false}, 60 * VG_SECOND, 30 * VG_SECOND},
	    {{40 * VG_SECOND, 0, -1, false}, 60 * VG_SECOND, 40 * VG_SECOND},
	    {{0, 0, -1, true}, 60 * VG_SECOND, 0},
	    {{10 * MS, 0, -1, true}, 0, 10 * MS},
	    {{0, 0, 20 * MS, true}, 0, 20 * MS},
	    {{0, 0, -1, false}, INT64_MAX, 30 * VG_SECOND},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vg_rate_state s = {.response_time = rows[i].response_time};

		assert_true(vg_rate_gap(&rows[i].rules, &s) == rows[i].gap);
	}
}

static void note__errors__never_shorten(void **state)
{
	struct vg_rate_rules rules = {.crawl_delay = -1};
	struct vg_rate_state s = {0};
	int64_t start = 1000 * VG_SECOND;

	(void)state;
	assert_true(vg_rate_next(&rules, &s) == 0);
	vg_rate_note(&s, &(struct vg_rate_result){200, start, 2 * VG_SECOND, 0, 0, 0});
	assert_true(vg_rate_next(&rules, &s) == start + 10 * VG_SECOND);
	vg_rate_note(&s, &(struct vg_rate_result){404, start, MS, 0, 0, 0});
	assert_true(vg_rate_next(&rules, &s) == start + 10 * VG_SECOND);
	vg_rate_note(&s, &(struct vg_rate_result){503, start, MS, 0, 0, 0});
	assert_int_equal(s.failures, 1);
	assert_true(vg_rate_next(&rules, &s) == start + 15 * VG_SECOND);
	vg_rate_note(&s, &(struct vg_rate_result){0, start, MS, 0, 0, 0});
	assert_int_equal(s.failures, 2);
	assert_true(vg_rate_next(&rules, &s) == start + 30 * VG_SECOND);
	vg_rate_note(&s,
	    &(struct vg_rate_result){429, start, MS, start + 900 * VG_SECOND, 0, 0});
	assert_true(vg_rate_next(&rules, &s) == start + 900 * VG_SECOND);
	vg_rate_note(&s, &(struct vg_rate_result){200, start, MS, 0, 0, 0});
	assert_int_equal(s.failures, 0);
	assert_true(vg_rate_next(&rules, &s) == start + 900 * VG_SECOND);
}

static void backoff__any_attempt__bounded(void **state)
{
	(void)state;
	assert_true(vg_rate_backoff(VG_RATE_BACKOFF, 1, 0) == 15 * VG_SECOND);
	assert_true(vg_rate_backoff(VG_RATE_BACKOFF, 3, 0) == 60 * VG_SECOND);
	assert_true(vg_rate_backoff(VG_RATE_BACKOFF, 4, 0) == 120 * VG_SECOND);
	/* The breaker opens: a probe an hour. */
	assert_true(
	    vg_rate_backoff(VG_RATE_BACKOFF, VG_RATE_BREAK, 0) == 3600 * VG_SECOND);
	assert_true(
	    vg_rate_backoff(VG_RATE_BACKOFF, UINT32_MAX, 0) == 3600 * VG_SECOND);
	for (uint32_t attempt = 1; attempt < 40; attempt++) {
		int64_t full = vg_rate_backoff(VG_RATE_BACKOFF, attempt, 0);

		assert_true(
		    vg_rate_backoff(VG_RATE_BACKOFF, attempt, UINT64_MAX) > full / 2);
		assert_true(
		    vg_rate_backoff(VG_RATE_BACKOFF, attempt, UINT64_MAX) <= full);
	}
}

static void classify__statuses(void **state)
{
	(void)state;
	assert_int_equal(vg_rate_classify(0), VG_RATE_RETRY);
	assert_int_equal(vg_rate_classify(429), VG_RATE_RETRY);
	assert_int_equal(vg_rate_classify(503), VG_RATE_RETRY);
	assert_int_equal(vg_rate_classify(200), VG_RATE_DONE);
	assert_int_equal(vg_rate_classify(404), VG_RATE_DONE);
	assert_int_equal(vg_rate_classify(501), VG_RATE_DONE);
}

static void http_date__three_formats(void **state)
{
	static const char *const same[] = {"Sun, 06 Nov 1994 08:49:37 GMT",
	    "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
	    "  sun, 06 nov 1994 08:49:37 gmt "};
	static const char *const bad[] = {"", "Sun, 06 Nov 1994",
	    "31 Feb 2026 00:00:00", "Sun, 06 Nov 1994 24:00:00 GMT",
	    "06 Nov 1994 8:49:37 GMT", "06 Nov 99999 08:49:37",
	    "06 Nov 1994 08:49:37 08:49:37", "06/11/1994 08:49:37",
	    "29 Feb 2025 00:00:00 GMT"};
	int64_t now = INT64_C(1795500000) * VG_SECOND, t;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		t = 0;
		assert_true(vg_http_date_parse(vg_str(same[i]), now, &t));
		assert_true(t == INT64_C(784111777) * VG_SECOND);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(vg_http_date_parse(vg_str(bad[i]), now, &t));
	assert_true(
	    vg_http_date_parse(VG_STR("Tue, 29 Feb 2028 00:00:00 GMT"), now, &t));
	assert_true(t == INT64_C(1835395200) * VG_SECOND);
}

static void retry_after__clamped(void **state)
{
	int64_t now = INT64_C(1795500000) * VG_SECOND, at = 0;

	(void)state;
	assert_true(vg_retry_after_parse(VG_STR(" 120 "), now, &at) &&
		    at == now + 120 * VG_SECOND);
	assert_true(vg_retry_after_parse(VG_STR("999999999999"), now, &at));
	assert_true(at == now + VG_RATE_RETRY_AFTER_MAX);
	assert_true(
	    vg_retry_after_parse(VG_STR("Sun, 06 Nov 1994 08:49:37 GMT"), now, &at));
	assert_true(at == now);
	assert_false(vg_retry_after_parse(VG_STR("-5"), now, &at));
	assert_false(vg_retry_after_parse(VG_STR("soon"), now, &at));
	assert_false(vg_retry_after_parse(VG_STR("1234567890123"), now, &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gap__table__longest_wins),
	    cmocka_unit_test(note__errors__never_shorten),
	    cmocka_unit_test(backoff__any_attempt__bounded),
	    cmocka_unit_test(classify__statuses),
	    cmocka_unit_test(http_date__three_formats),
	    cmocka_unit_test(retry_after__clamped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
