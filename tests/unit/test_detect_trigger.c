/* SPDX-License-Identifier: MIT */
/* Tests of detect/trigger: the literals a regex cannot do without; < and > for boundaries, & between parts. */
#include "config.h"

#include "support/unit.h"

#include "base/buf.h"
#include "detect/trigger.h"

static void check(const char *pattern, const char *want)
{
	struct vg_arena *a = vg_arena_new(1 << 20);
	struct vg_trigger list[VG_TRIGGER_PARTS * VG_MAX_TRIGGERS];
	struct vg_buf got = VG_BUF_INIT(4096);
	size_t n = vg_regex_triggers(a, vg_str(pattern), list);

	for (size_t i = 0; i < n; i++)
		vg_buf_addf(&got, "%s%s%.*s%s",
		    i == 0                             ? ""
		    : list[i].part == list[i - 1].part ? "|"
						       : " & ",
		    list[i].left ? "<" : "", VG_STR_ARG(list[i].text),
		    list[i].right ? ">" : "");
	assert_string_equal(vg_buf_cstr(&got), want);
	vg_buf_release(&got);
	vg_arena_free(a);
}

static void test_triggers(void **state)
{
	(void)state;
	check("\\bprescription\\b", "<prescription>");
	check("no\\s+rx", "rx");
	check("colou?r", "colo");
	check("(?:alpha|beta)\\s*gamma", "gamma & alpha|beta");
	check("(?:alpha|beta)x", "alpha|beta");
	check("(?:alpha|b*)", "");
	check("(?:tablet)?s", "");
	check("a(?=bcd)ef", "ef");
	check("[oo]xy", "oxy");
	check("[0-9]+", "");
	check("ab{0,3}cdef", "cdef");
	check("p\\.o\\.", "p.o.");
	check("(?:open", "");
	check("\\bno\\b", "<no>");
	check("\\b(?:no|sin)\\b\\s*receta", "receta & <no>|<sin>");
	check("\\b(?:a )?receta(?:s)?\\b", "receta");
	check("\\b(?:ab)+\\b", "ab");
	check("\\b(?:xy|(?:zw)k)\\b", "<xy>|<zw");
	check("w\\s*o\\s+(?:rx|script)", "rx|script");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_triggers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
