/* SPDX-License-Identifier: MIT */
/* cli/options: how a command line is read against its rows; exit codes; progress lines. */
#include "config.h"

#include "support/unit.h"

#include "cli/options.h"
#include "cli/progress.h"

static const struct vg_option rows[] = {
    {.name = "flag", .letter = 'f', .kind = VG_OPT_FLAG},
    {.name = "word", .letter = 'w', .kind = VG_OPT_STR, .arg = "W"},
    {.name = "count", .kind = VG_OPT_INT, .arg = "N", .min = -1, .max = 9},
    {.name = "kind", .kind = VG_OPT_ENUM, .arg = "red|green"},
    {.name = "item", .kind = VG_OPT_STR, .flags = VG_OPT_MANY, .arg = "I"},
    {.name = "maybe", .kind = VG_OPT_MAYBE, .arg = "M"}, {.name = NULL}};
static const struct vg_option *const tables[] = {rows, NULL};

static enum vg_status parse(char *const *argv, struct vg_options *ret, char hint[256])
{
	int argc = 0, next = 0;

	while (argv[argc])
		argc++;
	while (next < argc) {
		enum vg_status st =
		    vg_option_parse(tables, argc, argv, &next, ret, hint, NULL);

		if (st != VG_OK)
			return st;
	}
	return VG_OK;
}

static void vg_option_parse__spellings__same_value(void **state)
{
	static const char *const lines[][3] = {{"--word=x", NULL},
	    {"--word", "x", NULL}, {"-w", "x", NULL}, {"-wx", NULL}, {"-fwx", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct vg_options o = {.count = 0};
		char hint[256];

		assert_status(
		    parse((char *const *)(uintptr_t)lines[i], &o, hint), VG_OK);
		assert_string_equal(vg_option_str(&o, "word", ""), "x");
	}
}

static void vg_option_parse__wrong_lines__refused(void **state)
{
	static const struct {
		const char *line[4];
		const char *hint;
	} wrong[] = {{{"--wrod", "x", NULL}, "--word"}, {{"--wo", "x", NULL}, ""},
	    {{"--word", NULL}, ""}, {{"-w", NULL}, ""}, {{"--flag=x", NULL}, ""},
	    {{"--count", "10", NULL}, ""}, {{"--count", "x", NULL}, ""},
	    {{"--count=", NULL}, ""}, {{"--kind", "blue", NULL}, ""},
	    {{"--word=a", "--word=b", NULL}, ""}, {{"-x", NULL}, ""}};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct vg_options o = {.count = 0};
		char hint[256];

		assert_status(parse((char *const *)(uintptr_t)wrong[i].line, &o, hint),
		    VG_E_INVALID);
		assert_string_equal(hint, wrong[i].hint);
	}
}

static void vg_option_parse__kinds__values(void **state)
{
	static const char *const line[] = {"--count=-1", "--kind", "green", "--item",
	    "a", "--item=b", "--maybe", "--flag", "--flag", NULL};
	struct vg_options o = {.count = 0};
	char hint[256];

	(void)state;
	assert_status(parse((char *const *)(uintptr_t)line, &o, hint), VG_OK);
	assert_int_equal(vg_option_num(&o, "count", 5), -1);
	assert_int_equal(vg_option_num(&o, "kind", 5), 1);
	assert_string_equal(vg_option_nth(&o, "item", 1)->text, "b");
	assert_null(vg_option_nth(&o, "item", 2));
	assert_true(vg_option_is_set(&o, "maybe"));
	assert_null(vg_option_str(&o, "maybe", NULL));
	assert_false(vg_option_is_set(&o, "word"));
}

static void vg_exit_code__each_status__documented_code(void **state)
{
	static const struct {
		enum vg_status status;
		int code;
	} codes[] = {{VG_OK, 0}, {VG_E_INVALID, 1}, {VG_E_NOT_FOUND, 1},
	    {VG_E_TOO_LARGE, 1}, {VG_E_LIMIT, 1}, {VG_E_UNSUPPORTED, 1},
	    {VG_E_DENIED, 1}, {VG_E_IO, 3}, {VG_E_NOMEM, 3}, {VG_E_INTERNAL, 3},
	    {VG_E_CORRUPT, 4}, {VG_E_BUSY, 6}, {VG_E_NETWORK, 7}, {VG_E_AGAIN, 7},
	    {VG_E_STOP, 130}};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_int_equal((int)vg_exit_code(codes[i].status), codes[i].code);
}

static void vg_progress_line__any_width__fits(void **state)
{
	const struct vg_progress_state s = {.pages = 120,
	    .queue = 4,
	    .flags = 3,
	    .elapsed = 60000000,
	    .classes = {{"timeout", 2}, {"tls", 0}}};
	struct vg_buf out = VG_BUF_INIT(1000);

	(void)state;
	vg_progress_line(&s, 0, &out);
	assert_string_equal(
	    vg_buf_cstr(&out), "120 pages, 2.0/s, 4 waiting, 3 flagged, 2 timeout");
	vg_buf_clear(&out);
	vg_progress_line(&s, 40, &out);
	assert_int_equal(out.len, 39);
	vg_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vg_option_parse__spellings__same_value),
	    cmocka_unit_test(vg_option_parse__wrong_lines__refused),
	    cmocka_unit_test(vg_option_parse__kinds__values),
	    cmocka_unit_test(vg_exit_code__each_status__documented_code),
	    cmocka_unit_test(vg_progress_line__any_width__fits),
	};

	return cmocka_run_group_tests_name("cli/options", tests, NULL, NULL);
}
