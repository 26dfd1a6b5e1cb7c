/* SPDX-License-Identifier: MIT */
/* Tests of detect/table: rows, comments, and errors that name their line. */
#include "config.h"

#include "support/unit.h"

#include "detect/table.h"

static enum vg_status parse(
    struct vg_arena *a, const char *text, struct vg_table **ret, struct vg_error *err)
{
	return vg_table_parse(a, "t.tsv", vg_str(text), NULL, ret, err);
}

static void test_rows(void **state)
{
	struct vg_arena *a = vg_arena_new(1 << 20);
	struct vg_table *t;

	(void)state;
	assert_int_equal(parse(a, "# note\na\tb\r\n\n1\t 2 \n\t\n", &t, NULL), VG_OK);
	assert_int_equal(t->row_count, 2);
	assert_int_equal(vg_table_column(t, "b"), 1);
	assert_int_equal(vg_table_column(t, "c"), SIZE_MAX);
	assert_true(vg_str_eqz(vg_table_cell(t, 0, 1), "2"));
	assert_int_equal(vg_table_cell(t, 1, 0).len, 0);
	assert_int_equal(vg_table_line(t, 0), 4);
	vg_arena_free(a);
}

static void test_errors_name_the_line(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
	    {"a\tb\n1\t2\n3\n", "t.tsv:3: 1 fields where the header has 2"},
	    {"a\tb\n1\t2\t3\n", "t.tsv:2: 3 fields where the header has 2"},
	    {"a\n\xff\n", "t.tsv:2: not UTF-8"},
	    {"# only a comment\n", "t.tsv:1: no header row"},
	    {"", "t.tsv:1: no header row"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vg_arena *a = vg_arena_new(1 << 20);
		struct vg_table *t = NULL;
		struct vg_error err = {0};

		assert_int_equal(parse(a, cases[i].text, &t, &err), VG_E_INVALID);
		assert_string_equal(err.msg, cases[i].message);
		assert_null(t);
		vg_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_errors_name_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
