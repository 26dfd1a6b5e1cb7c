/* SPDX-License-Identifier: MIT */
/* Replays plugins' golden cases: plugins/<name>/golden/<case>/{page.html or page.json,url,expect.txt}. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "plugin/plugin.h"

static struct vg_plugins *plugins;

static bool read_text(const char *folder, const char *file, struct vg_buf *ret)
{
	char path[1024];
	int n = snprintf(path, sizeof(path), "%s/%s", folder, file);

	return n > 0 && (size_t)n < sizeof(path) &&
	       vg_read_file(path, ret, NULL) == VG_OK;
}

static void print(const struct vg_plugin_result *r, struct vg_buf *out)
{
	vg_buf_addf(out, "plugin %.*s\n", VG_STR_ARG(r->plugin));
	if (r->problem.ptr != NULL)
		vg_buf_addf(out, "problem %.*s\n", VG_STR_ARG(r->problem));
	for (size_t i = 0; i < r->listing_count; i++) {
		const struct vg_listing *l = &r->listings[i];

		vg_buf_addf(out, "%s %.*s\n", l->kind, VG_STR_ARG(l->natural_key));
		for (size_t k = 0; k < l->field_count; k++)
			vg_buf_addf(out, "  %s: %.*s\n", l->fields[k].key,
			    VG_STR_ARG(l->fields[k].value));
	}
	for (size_t i = 0; i < r->link_count; i++)
		vg_buf_addf(out, "link %s %.*s\n", r->links[i].kind,
		    VG_STR_ARG(r->links[i].url));
}

/* Every value's bytes in the document must exist, and lie inside it. */
static void check_spans(const struct vg_plugin_result *r, const struct vg_doc *doc)
{
	for (size_t i = 0; i < r->listing_count; i++)
		for (size_t k = 0; k < r->listings[i].field_count; k++) {
			const struct vg_listing_field *f = &r->listings[i].fields[k];

			assert_true(f->start <= f->end);
			assert_true(f->end == SIZE_MAX || f->end <= doc->document.len);
		}
}

/* True when the case holds. */
static bool replay(const char *folder)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_buf page = VG_BUF_INIT(VG_MAX_BODY), url = VG_BUF_INIT(VG_MAX_URL),
		      expect = VG_BUF_INIT(1 << 20), got = VG_BUF_INIT(1 << 20);
	struct vg_doc_input in = {.content_type = VG_STR("")};
	struct vg_page_facts facts = {.http_status = 200};
	struct vg_plugin_result result = {0};
	struct vg_doc *doc = NULL;
	bool same;

	static const char *const pages[][2] = {{"page.html", "text/html; charset=utf-8"},
	    {"page.json", "application/json"}, {"page.csv", "text/csv"},
	    {"page.txt", "text/plain"}};
	size_t i = 0;

	while (i < 4 && !read_text(folder, pages[i][0], &page))
		i++;
	assert_true(i < 4);
	in.content_type = vg_str(pages[i][1]);
	assert_true(read_text(folder, "url", &url));
	in.payload = vg_buf_str(&page);
	in.url = vg_str_trim(vg_buf_str(&url));
	assert_int_equal(vg_doc_read(arena, &in, &doc, NULL), VG_OK);
	assert_int_equal(
	    vg_plugins_run(plugins, VG_STR("auto"), doc, &facts, &result, NULL), VG_OK);
	check_spans(&result, doc);
	print(&result, &got);
	if (getenv("VIGIA_GOLDEN_WRITE") != NULL) {
		char path[1100];

		(void)snprintf(path, sizeof(path), "%s/expect.txt", folder);
		assert_int_equal(vg_write_file(path, vg_buf_str(&got), NULL), VG_OK);
	}
	same = read_text(folder, "expect.txt", &expect) &&
	       vg_str_eq(vg_buf_str(&expect), vg_buf_str(&got));
	if (!same)
		print_error("%s:\n--- expected\n%s--- got\n%s", folder,
		    vg_buf_cstr(&expect), vg_buf_cstr(&got));
	vg_buf_release(&page);
	vg_buf_release(&url);
	vg_buf_release(&expect);
	vg_buf_release(&got);
	vg_arena_free(arena);
	return same;
}

static void replay_all(const char *plugin)
{
	const char *source = getenv("VIGIA_SOURCE_DIR");
	char folder[512], path[1024];
	size_t cases = 0, held = 0;
	struct dirent *entry;
	DIR *dir;

	assert_non_null(source);
	(void)snprintf(folder, sizeof(folder), "%s/plugins/%s/golden", source, plugin);
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		held += replay(path);
		cases++;
	}
	(void)closedir(dir);
	assert_true(cases >= 3);
	assert_int_equal(held, cases);
}

static void golden__every_plugin__its_cases_hold(void **state)
{
	static const char *const names[] = {"blocklist", "classifieds", "ctlog", "denue", "directory", "generic", "googlemaps", "magento", "ofac", "opencart", "osm", "prestashop", "rdap", "shopify", "squarespace", "telegram", "wayback", "wix", "woocommerce"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		replay_all(names[i]);
}

static int setup(void **state)
{
	const char *dir = getenv("VIGIA_PLUGIN_DIR");

	(void)state;
	assert_non_null(dir);
	if (vg_plugins_load(dir, NULL, 0, &plugins, NULL) != VG_OK)
		return -1;
	for (size_t i = 0; i < vg_plugins_refused(plugins); i++)
		print_error("%s: %s\n", vg_plugins_refusal(plugins, i)->file,
		    vg_plugins_refusal(plugins, i)->error.msg);
	return vg_plugins_refused(plugins) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	vg_plugins_free(plugins);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(golden__every_plugin__its_cases_hold),
	};

	return cmocka_run_group_tests_name("plugin/golden", tests, setup, teardown);
}
