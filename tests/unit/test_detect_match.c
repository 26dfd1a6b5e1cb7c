/* SPDX-License-Identifier: MIT */
/* Tests of detect/match: every match, against a search that is too simple to be wrong. */
#include "config.h"

#include "support/unit.h"

#include <string.h>

#include "detect/match.h"

enum { MAX_FOUND = 4096 };

struct found {
	size_t count;
	struct {
		uint32_t pattern;
		size_t end;
	} list[MAX_FOUND];
	size_t stop_after;
};

static bool note(void *ctx, uint32_t pattern, size_t end)
{
	struct found *f = ctx;

	assert_true(f->count < MAX_FOUND);
	f->list[f->count].pattern = pattern;
	f->list[f->count++].end = end;
	return f->stop_after == 0 || f->count < f->stop_after;
}

static struct vg_matcher *make(
    const char *const *words, size_t count, struct vg_str *patterns)
{
	struct vg_matcher *m = NULL;

	for (size_t i = 0; i < count; i++)
		patterns[i] = vg_str(words[i]);
	assert_int_equal(vg_matcher_new(patterns, count, &m, NULL), VG_OK);
	return m;
}

static bool has(const struct found *f, uint32_t pattern, size_t end)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->list[i].pattern == pattern && f->list[i].end == end)
			return true;
	return false;
}

static void test_overlapping_and_equal(void **state)
{
	static const char *const words[] = {"he", "she", "hers", "his", "he", "rs"};
	struct vg_str p[6];
	struct vg_matcher *m = make(words, 6, p);
	struct found f = {0};

	(void)state;
	vg_matcher_run(m, VG_STR("ushers"), note, &f);
	assert_int_equal(f.count, 5);
	assert_true(has(&f, 1, 4) && has(&f, 0, 4) && has(&f, 4, 4) && has(&f, 2, 6) &&
		    has(&f, 5, 6));
	vg_matcher_free(m);
}

static void test_separators_are_one(void **state)
{
	static const char *const words[] = {"no rx", "over-the-counter"};
	struct vg_str p[2];
	struct vg_matcher *m = make(words, 2, p);
	struct found f = {0};

	(void)state;
	vg_matcher_run(m, VG_STR("no-rx no_rx norx over the counter"), note, &f);
	assert_int_equal(f.count, 3);
	vg_matcher_free(m);
}

/* All words of two letters over a small alphabet in a pseudo-random text, found one by one too. */
static void test_against_naive_search(void **state)
{
	static const char *const words[] = {"a", "ab", "bab", "abba", "bb", "aaa",
	    "cab", "bca", "abcabc", "c c", "ca b"};
	enum { WORDS = 11, LEN = 600 };
	struct vg_str p[WORDS];
	struct vg_matcher *m = make(words, WORDS, p);
	struct found f = {0};
	char text[LEN];
	uint32_t seed = 12345;
	size_t want = 0;

	(void)state;
	for (size_t i = 0; i < LEN; i++) {
		seed = seed * 1103515245u + 12345u;
		text[i] = "abc "[seed >> 16 & 3];
	}
	vg_matcher_run(m, (struct vg_str){text, LEN}, note, &f);
	for (uint32_t w = 0; w < WORDS; w++)
		for (size_t i = 0; i + p[w].len <= LEN; i++)
			if (memcmp(text + i, p[w].ptr, p[w].len) == 0) {
				want++;
				assert_true(has(&f, w, i + p[w].len));
			}
	assert_int_equal(f.count, want);
	assert_true(want > 100);
	vg_matcher_free(m);
}

static void test_stops_when_told(void **state)
{
	static const char *const words[] = {"a"};
	struct vg_str p[1];
	struct vg_matcher *m = make(words, 1, p);
	struct found f = {.stop_after = 2};

	(void)state;
	vg_matcher_run(m, VG_STR("aaaaaa"), note, &f);
	assert_int_equal(f.count, 2);
	vg_matcher_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_overlapping_and_equal),
	    cmocka_unit_test(test_separators_are_one),
	    cmocka_unit_test(test_against_naive_search),
	    cmocka_unit_test(test_stops_when_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
