/* SPDX-License-Identifier: MIT */
/* Each refusal of the loader by its own words, on files and on plugins made to be refused. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "plugin/plugin.h"

static char fixtures[512], scratch[64];

static const char *join(const char *dir, const char *file)
{
	static char path[1024];
	int n = snprintf(path, sizeof(path), "%s/%s", dir, file);

	assert_true(n > 0 && (size_t)n < sizeof(path));
	return path;
}

static struct vg_plugins *empty_set(void)
{
	struct vg_plugins *p = NULL;

	assert_int_equal(vg_plugins_load(NULL, NULL, 0, &p, NULL), VG_OK);
	return p;
}

static void refused(const char *path, enum vg_status status, const char *message)
{
	struct vg_plugins *p = empty_set();
	struct vg_error err = {0};

	assert_int_equal(vg_plugins_add(p, path, &err), status);
	assert_string_equal(err.msg, message);
	assert_int_equal(vg_plugins_count(p), 0);
	vg_plugins_free(p);
}

static void add__faulty_plugin__its_own_message(void **state)
{
	static const struct {
		const char *file;
		enum vg_status status;
		const char *message;
	} rows[] = {
	    {"bad-magic.so", VG_E_INVALID, "magic is 0x21474f4e, not 0x56474931"},
	    {"newer-minor.so", VG_E_UNSUPPORTED, "needs ABI 1.2, this host offers 1.1"},
	    {"wrong-major.so", VG_E_UNSUPPORTED,
		"speaks ABI 2, this host speaks 1"},
	    {"short-struct.so", VG_E_INVALID,
		"struct_size is 64, less than the 128 of version 1.0"},
	    {"huge-struct.so", VG_E_INVALID, "struct_size is 1048576, more than 4096"},
	    {"null-query.so", VG_E_INVALID, "vigia_plugin_v1 returned NULL"},
	    {"null-parse.so", VG_E_INVALID, "has no parse function"},
	    {"bad-caps.so", VG_E_UNSUPPORTED,
		"requires capability bit 63, unknown to this host"},
	    {"bad-seed.so", VG_E_INVALID,
		"seed 0: none of its own rules by host holds"},
	    {"no-symbol.so", VG_E_INVALID, "exports no vigia_plugin_v1"},
	    {"create-fails.so", VG_E_INTERNAL, "create failed with status -5"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refused(join(fixtures, rows[i].file), rows[i].status, rows[i].message);
}

static void add__unsafe_file__refused_before_loading(void **state)
{
	struct vg_buf bytes = VG_BUF_INIT(1 << 24);

	(void)state;
	refused("relative.so", VG_E_INVALID, "relative.so: not an absolute path");
	refused(join(scratch, "absent.so"), VG_E_IO,
	    "cannot be opened: No such file or directory");
	assert_int_equal(symlink(join(fixtures, "good.so"), "link"), 0);
	refused(join(scratch, "link"), VG_E_DENIED, "is a symbolic link");
	assert_int_equal(mkdir("folder.so", 0700), 0);
	refused(join(scratch, "folder.so"), VG_E_DENIED, "is not a regular file");
	assert_int_equal(vg_read_file(join(fixtures, "good.so"), &bytes, NULL), VG_OK);
	assert_int_equal(
	    vg_write_file(join(scratch, "good.so"), vg_buf_str(&bytes), NULL), VG_OK);
	assert_int_equal(chmod("good.so", 0664), 0);
	refused(join(scratch, "good.so"), VG_E_DENIED,
	    "can be written by its group or by everybody");
	assert_int_equal(chmod("good.so", 0644), 0);
	assert_int_equal(
	    vg_write_file(join(scratch, "other.so"), vg_buf_str(&bytes), NULL), VG_OK);
	assert_int_equal(chmod("other.so", 0644), 0);
	refused(join(scratch, "other.so"), VG_E_INVALID,
	    "calls itself good, so its file must be good.so");
	vg_buf_release(&bytes);
}

static void add__no_shared_object__the_loader_says_why(void **state)
{
	struct vg_plugins *p = empty_set();
	struct vg_error err = {0};

	(void)state;
	assert_int_equal(
	    vg_write_file(join(scratch, "text.so"), VG_STR("not an ELF file"), NULL),
	    VG_OK);
	assert_int_equal(chmod("text.so", 0644), 0);
	assert_int_equal(
	    vg_plugins_add(p, join(scratch, "text.so"), &err), VG_E_INVALID);
	assert_non_null(strstr(err.msg, "cannot be loaded: "));
	vg_plugins_free(p);
}

static void add__overlap__names_both(void **state)
{
	struct vg_plugins *p = empty_set();
	struct vg_error err = {0};

	(void)state;
	assert_int_equal(vg_plugins_add(p, join(fixtures, "good.so"), &err), VG_OK);
	assert_int_equal(
	    vg_plugins_add(p, join(fixtures, "overlap.so"), &err), VG_E_DENIED);
	assert_string_equal(err.msg,
	    "good and overlap claim the same pages (www.good.example) at priority 0");
	assert_int_equal(
	    vg_plugins_add(p, join(fixtures, "good.so"), &err), VG_E_DENIED);
	assert_string_equal(err.msg, "the name good is taken");
	assert_int_equal(vg_plugins_count(p), 1);
	vg_plugins_free(p);
}

static void load__folder_of_good_and_bad__keeps_the_good(void **state)
{
	struct vg_plugins *p = NULL;
	struct vg_buf out = VG_BUF_INIT(1 << 20);
	struct vg_json_writer w = vg_json_writer(&out);
	struct vg_arena *arena = vg_arena_new(1 << 22);
	struct vg_json *list = NULL;

	(void)state;
	assert_int_equal(vg_plugins_load(fixtures, NULL, 0, &p, NULL), VG_OK);
	assert_int_equal(vg_plugins_count(p), 9);
	assert_int_equal(vg_plugins_refused(p), 12);
	assert_string_equal(vg_plugins_refusal(p, 0)->file, "bad-caps.so");
	vg_plugins_describe(p, &w);
	assert_int_equal(vg_json_parse(arena, vg_buf_str(&out), 0, &list, NULL), VG_OK);
	assert_int_equal(list->count, 9);
	for (const struct vg_json *l = list->first; l != NULL; l = l->next) {
		assert_int_equal(vg_json_get_str(l, "sha256").len, 64);
		if (!vg_str_eqz(vg_json_get_str(l, "name"), "good"))
			continue;
		assert_true(
		    vg_str_eqz(vg_json_get_str(vg_json_get(l, "seeds")->first, "url"),
			"https://www.good.example/list"));
		assert_true(vg_str_eqz(
		    vg_json_get_str(vg_json_get(l, "limits"), "min_delay_ms"), "2000"));
	}
	vg_arena_free(arena);
	vg_buf_release(&out);
	vg_plugins_free(p);
}

static void load__no_such_folder__an_error(void **state)
{
	struct vg_plugins *p = NULL;
	struct vg_error err = {0};

	(void)state;
	assert_int_equal(
	    vg_plugins_load("/nonexistent/plugins", NULL, 0, &p, &err), VG_E_IO);
	assert_string_equal(
	    err.msg, "plugin folder /nonexistent/plugins: No such file or directory");
	assert_int_equal(vg_plugins_load("plugins", NULL, 0, &p, &err), VG_E_INVALID);
	assert_null(p);
}

static int enter_scratch(void **state)
{
	const char *build = getenv("VIGIA_BUILD_DIR");

	(void)state;
	assert_non_null(build);
	(void)snprintf(fixtures, sizeof(fixtures), "%s/tests/plugins/.libs", build);
	(void)snprintf(scratch, sizeof(scratch), "/tmp/vigia-load-XXXXXX");
	return mkdtemp(scratch) != NULL ? chdir(scratch) : -1;
}

static int leave_scratch(void **state)
{
	(void)state;
	(void)unlink("link");
	(void)unlink("good.so");
	(void)unlink("other.so");
	(void)unlink("text.so");
	(void)rmdir("folder.so");
	return chdir("/") == 0 ? rmdir(scratch) : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(add__faulty_plugin__its_own_message),
	    cmocka_unit_test(add__unsafe_file__refused_before_loading),
	    cmocka_unit_test(add__no_shared_object__the_loader_says_why),
	    cmocka_unit_test(add__overlap__names_both),
	    cmocka_unit_test(load__folder_of_good_and_bad__keeps_the_good),
	    cmocka_unit_test(load__no_such_folder__an_error),
	};

	return cmocka_run_group_tests_name(
	    "plugin/load", tests, enter_scratch, leave_scratch);
}
