/* SPDX-License-Identifier: MIT */
/* Tests of detect/trigger: the literals a regex cannot do without. */
#include "config.h"

#include "support/unit.h"

#include "base/buf.h"
#include "detect/trigger.h"

static void check(const char *pattern, const char *want)
{
	struct vg_arena *a = vg_arena_new(1 << 20);
	struct vg_str list[VG_MAX_TRIGGERS];
	struct vg_buf got = VG_BUF_INIT(4096);
	size_t n = vg_regex_triggers(a, vg_str(pattern), list);

	for (size_t i = 0; i < n; i++)
		vg_buf_addf(&got, "%s%.*s", i > 0 ? "|" : "", VG_STR_ARG(list[i]));
	assert_string_equal(vg_buf_cstr(&got), want);
	vg_buf_release(&got);
	vg_arena_free(a);
}

static void test_triggers(void **state)
{
	(void)state;
	check("\\bprescription\\b", "prescription");
	check("no\\s+rx", "no ");
	check("colou?r", "colo");
	check("(?:alpha|beta)\\s*gamma", "gamma");
	check("(?:alpha|beta)x", "alpha|beta");
	check("(?:alpha|b*)", "");
	check("(?:tablet)?s", "");
	check("a(?=bcd)ef", "ef");
	check("[oo]xy", "oxy");
	check("[0-9]+", "");
	check("ab{0,3}cdef", "cdef");
	check("p\\.o\\.", "p.o.");
	check("(?:open", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_triggers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
