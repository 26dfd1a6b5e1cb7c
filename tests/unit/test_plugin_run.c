/* SPDX-License-Identifier: MIT */
/* A plugin at work: selections, spans, quotas, and the choice between plugins. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "plugin/plugin.h"

static char fixtures[512];
static struct vg_arena *arena;
static struct vg_plugins *plugins;

static const struct vg_plugin_setting settings[] = {{"good", "greeting", "buenas"}};

static struct vg_doc *read_page(const char *url, const char *html)
{
	struct vg_doc_input in = {.payload = vg_str(html),
	    .content_type = VG_STR("text/html; charset=utf-8"),
	    .url = vg_str(url)};
	struct vg_doc *doc = NULL;

	assert_int_equal(vg_doc_read(arena, &in, &doc, NULL), VG_OK);
	return doc;
}

static struct vg_plugin_result run(const char *name, const struct vg_doc *doc)
{
	struct vg_page_facts facts = {0};
	struct vg_plugin_result result = {0};

	assert_int_equal(
	    vg_plugins_run(plugins, vg_str(name), doc, &facts, &result, NULL), VG_OK);
	return result;
}

static const char page[] =
    "<ul><li class=row><b>Uno &amp; m\xC3\xA1s</b> <a href=/1>x</a></li>"
    "<li class='row odd'><b>Dos</b><a href='/2?a=1&amp;b=2'>y</a></ul>";

static void run__matching_host__records_links_and_spans(void **state)
{
	struct vg_doc *doc = read_page("https://www.good.example/list/3", page);
	struct vg_plugin_result r = run("auto", doc);
	const struct vg_listing *l;

	(void)state;
	assert_true(vg_str_eqz(r.plugin, "good"));
	assert_null(r.problem.ptr);
	assert_int_equal(r.listing_count, 3);
	assert_true(vg_str_eqz(r.listings[0].fields[0].value, "buenas"));
	assert_true(r.listings[0].start == SIZE_MAX);
	l = &r.listings[1];
	assert_string_equal(l->kind, "product");
	assert_true(vg_str_eqz(l->fields[0].value, "Uno & m\xC3\xA1s"));
	assert_memory_equal(page + l->start, "<li class=row>", 14);
	assert_memory_equal(page + l->fields[0].start, "<b>Uno", 6);
	assert_true(vg_str_eqz(l->fields[1].value, "https://www.good.example/1"));
	assert_memory_equal(page + l->fields[1].start, "/1>", 3);
	assert_true(vg_str_eqz(l->natural_key, "https://www.good.example/1"));
	assert_int_equal(r.link_count, 2);
	assert_true(vg_str_eqz(r.links[1].url, "https://www.good.example/2?a=1&b=2"));
	assert_string_equal(r.links[1].kind, "item");
}

static void run__other_host_or_path__nobody(void **state)
{
	(void)state;
	assert_null(
	    run("auto", read_page("https://www.good.example/about", page)).plugin.ptr);
	assert_null(
	    run("auto", read_page("https://notgood.example/list", page)).plugin.ptr);
	assert_null(run("auto", read_page("", page)).plugin.ptr);
	/* named, it runs anywhere */
	assert_int_equal(run("good", read_page("", page)).listing_count, 3);
}

static void run__plugin_passes__nobody_read_the_page(void **state)
{
	(void)state;
	assert_null(
	    run("auto", read_page("https://good.example/list", "<p>nothing</p>"))
		.plugin.ptr);
}

static void run__flood__quota_holds(void **state)
{
	struct vg_plugin_result r = run("flood", read_page("", "x"));

	(void)state;
	assert_int_equal(r.listing_count, VG_MAX_RECORDS);
	assert_true(
	    vg_str_eqz(r.problem, "flood: more records than the limit of a page"));
}

static void run__bad_utf8__refused_with_a_problem(void **state)
{
	struct vg_plugin_result r = run("bad-utf8", read_page("", "x"));

	(void)state;
	assert_int_equal(r.listing_count, 0);
	assert_true(vg_str_eqz(
	    r.problem, "bad-utf8: it made an invalid request (a field is not UTF-8)"));
}

static void run__unknown_name__not_found(void **state)
{
	struct vg_page_facts facts = {0};
	struct vg_plugin_result result = {0};
	struct vg_error err = {0};

	(void)state;
	assert_int_equal(vg_plugins_run(plugins, VG_STR("nobody"), read_page("", "x"),
			     &facts, &result, &err),
	    VG_E_NOT_FOUND);
	assert_string_equal(err.msg, "no plugin is called nobody");
}

static int setup(void **state)
{
	const char *build = getenv("VIGIA_BUILD_DIR");

	(void)state;
	assert_non_null(build);
	(void)snprintf(fixtures, sizeof(fixtures), "%s/tests/plugins/.libs", build);
	arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	assert_non_null(arena);
	return vg_plugins_load(fixtures, settings, 1, &plugins, NULL);
}

static int teardown(void **state)
{
	(void)state;
	vg_arena_free(arena);
	vg_plugins_free(plugins);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(run__matching_host__records_links_and_spans),
	    cmocka_unit_test(run__other_host_or_path__nobody),
	    cmocka_unit_test(run__plugin_passes__nobody_read_the_page),
	    cmocka_unit_test(run__flood__quota_holds),
	    cmocka_unit_test(run__bad_utf8__refused_with_a_problem),
	    cmocka_unit_test(run__unknown_name__not_found),
	};

	return cmocka_run_group_tests_name("plugin/run", tests, setup, teardown);
}
