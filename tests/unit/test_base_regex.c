/* SPDX-License-Identifier: MIT */
/* base/regex: groups, options, and no way to run away. */
#include "config.h"

#include "support/unit.h"

#include "base/regex.h"

static void regex_find__groups__are_spans(void **state)
{
	struct vg_str subject = VG_STR("Tramadol 50 mg");
	struct vg_regex_match m;
	struct vg_regex *re;

	(void)state;
	assert_status(
	    vg_regex_new(VG_STR("(\\d+) ?(mg|ml)(x)?"), VG_REGEX_UTF, &re, NULL),
	    VG_OK);
	assert_status(vg_regex_find(re, subject, 0, &m), VG_OK);
	assert_int_equal(m.group[0].start, 9);
	assert_str(vg_regex_group(&m, subject, 1), "50");
	assert_str(vg_regex_group(&m, subject, 2), "mg");
	assert_null(vg_regex_group(&m, subject, 3).ptr);
	assert_status(vg_regex_find(re, subject, 11, &m), VG_E_NOT_FOUND);
	assert_status(vg_regex_find(re, subject, 99, &m), VG_E_NOT_FOUND);
	vg_regex_free(re);
}

static void regex_find__unicode_case__folds(void **state)
{
	struct vg_regex_match m;
	struct vg_regex *re;

	(void)state;
	assert_status(vg_regex_new(VG_STR("\\bñandú\\b"), VG_REGEX_UTF | VG_REGEX_ICASE,
			  &re, NULL),
	    VG_OK);
	assert_status(vg_regex_find(re, VG_STR("un ÑANDÚ"), 0, &m), VG_OK);
	assert_status(vg_regex_find(re, VG_STR("bad \xFF"), 0, &m), VG_E_INVALID);
	vg_regex_free(re);
}

static void regex_find__inside_a_character__is_the_next_one(void **state)
{
	struct vg_str subject = VG_STR("\xC3\xB1\xC3\xB1");
	struct vg_regex_match m;
	struct vg_regex *re;

	(void)state;
	assert_status(vg_regex_new(VG_STR("\\w?"), VG_REGEX_UTF, &re, NULL), VG_OK);
	assert_status(vg_regex_find(re, subject, 0, &m), VG_OK);
	assert_int_equal(m.group[0].end, 2);
	assert_status(vg_regex_find(re, subject, 1, &m), VG_OK);
	assert_int_equal(m.group[0].start, 2);
	assert_status(vg_regex_find(re, subject, 3, &m), VG_OK);
	assert_int_equal(m.group[0].start, 4);
	vg_regex_free(re);
}

static void regex_find__many_repetitions__get_a_stack(void **state)
{
	static char text[8000];
	struct vg_regex_match m;
	struct vg_regex *re;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_status(vg_regex_new(VG_STR("(?:(a)|(b))+"), 0, &re, NULL), VG_OK);
	assert_status(
	    vg_regex_find(re, (struct vg_str){text, sizeof(text)}, 0, &m), VG_OK);
	assert_int_equal(m.group[0].end, sizeof(text));
	vg_regex_free(re);
}

static void regex_new__bad_pattern__names_the_offset(void **state)
{
	struct vg_regex *re = NULL;
	struct vg_error err;

	(void)state;
	assert_status(vg_regex_new(VG_STR("ab(c"), 0, &re, &err), VG_E_INVALID);
	assert_non_null(strstr(err.msg, "offset 4"));
	assert_status(vg_regex_new(VG_STR("a\\Cb"), 0, &re, &err), VG_E_INVALID);
	assert_null(re);
}

static void regex_find__catastrophic_pattern__meets_its_limit(void **state)
{
	struct vg_regex_match m;
	struct vg_regex *re;
	char text[64];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = 'b';
	assert_status(vg_regex_new(VG_STR("(a|aa)+$"), 0, &re, NULL), VG_OK);
	assert_status(
	    vg_regex_find(re, (struct vg_str){text, sizeof(text)}, 0, &m), VG_E_LIMIT);
	vg_regex_free(re);
	assert_status(vg_regex_new(VG_STR("a+"), VG_REGEX_FULL, &re, NULL), VG_OK);
	assert_status(vg_regex_find(re, VG_STR("aab"), 0, &m), VG_E_NOT_FOUND);
	assert_status(vg_regex_find(re, VG_STR("aa"), 0, &m), VG_OK);
	vg_regex_free(re);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(regex_find__groups__are_spans),
	    cmocka_unit_test(regex_find__unicode_case__folds),
	    cmocka_unit_test(regex_find__inside_a_character__is_the_next_one),
	    cmocka_unit_test(regex_find__many_repetitions__get_a_stack),
	    cmocka_unit_test(regex_new__bad_pattern__names_the_offset),
	    cmocka_unit_test(regex_find__catastrophic_pattern__meets_its_limit),
	};

	return cmocka_run_group_tests_name("base/regex", tests, NULL, NULL);
}
