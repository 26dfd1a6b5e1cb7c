/* SPDX-License-Identifier: MIT */
/* Phone numbers: plans, prefixes, what is none. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "detect/phone.h"

static void expect(const char *text, const char *region, const char *e164)
{
	struct vg_arena *arena = vg_arena_new(1 << 20);
	const struct vg_phone *found;
	size_t count;

	assert_int_equal(
	    vg_phones_find(arena, vg_str(text), region, &found, &count, NULL), VG_OK);
	assert_int_equal(count, e164 == NULL ? 0 : 1);
	if (e164 != NULL)
		assert_string_equal(found[0].e164, e164);
	vg_arena_free(arena);
}

static void test_prefixes(void **state)
{
	(void)state;
	expect("Tel. (322) 555-0134", "MX", "+523225550134");
	expect("044 33 5555 0134", "MX", "+523355550134");
	expect("+52 1 998 555 0134", "US", "+529985550134");
	expect("011 44 20 7946 0958", "US", "+442079460958");
	expect("011 15 5555-0134", "AR", "+5491155550134");
	expect("(11) 95555-0134", "BR", "+5511955550134");
	expect("020 7946 0958", "GB", "+442079460958");
	expect("20 7946 0958", "GB", NULL); /* nobody writes it without the 0 */
}

static void test_none(void **state)
{
	(void)state;
	expect("$5,551,234,567.89", "MX", NULL);
	expect("2024-10-05 12:30", "US", NULL);
	expect("31/8/2011", "US", NULL);
	expect("item5512345678", "MX", NULL);
	expect("123-456-7890", "US", NULL);
	expect("", "MX", NULL);
	expect("((((((((", "MX", NULL);
}

static void test_extension_and_place(void **state)
{
	struct vg_arena *arena = vg_arena_new(1 << 20);
	struct vg_str text = VG_STR("call 415-555-0134 ext. 22 or later");
	const struct vg_phone *found;
	size_t count;

	(void)state;
	assert_int_equal(
	    vg_phones_find(arena, text, "US", &found, &count, NULL), VG_OK);
	assert_int_equal(count, 1);
	assert_string_equal(found[0].e164, "+14155550134");
	assert_string_equal(found[0].extension, "22");
	assert_int_equal(found[0].start, 5);
	assert_int_equal(found[0].end, 25);
	vg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_prefixes),
	    cmocka_unit_test(test_none),
	    cmocka_unit_test(test_extension_and_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
