/* SPDX-License-Identifier: MIT */
/* Sitemaps and feeds: what they name, when it changed, and what is neither. */
#include "config.h"

#include "support/unit.h"

#include "base/clock.h"
#include "doc/sitemap.h"

static void feed_date__table(void **state)
{
	static const struct {
		const char *text, *utc; /* NULL: none */
	} rows[] = {
	    {"2005", "2005-01-01T00:00:00.000000Z"},
	    {"2005-02", "2005-02-01T00:00:00.000000Z"},
	    {" 2005-02-03\n", "2005-02-03T00:00:00.000000Z"},
	    {"2005-02-03T04:05+01:00", "2005-02-03T03:05:00.000000Z"},
	    {"2005-02-03T04:05:06.5-02:30", "2005-02-03T06:35:06.500000Z"},
	    {"Thu, 03 Feb 2005 04:05:06 GMT", "2005-02-03T04:05:06.000000Z"},
	    {"3 Feb 05 04:05 EST", "2005-02-03T09:05:00.000000Z"},
	    {"3 February 2005 04:05:06 +0530", "2005-02-02T22:35:06.000000Z"},
	    {"3 Feb 2005 04:05:06", NULL},
	    {"yesterday", NULL},
	    {"", NULL},
	    {"2005-13-40", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[VG_RFC3339_LEN];
		int64_t us = 0;
		bool is = vg_feed_date_parse(vg_str(rows[i].text), &us);

		assert_int_equal(is, rows[i].utc != NULL);
		vg_time_format(us, text);
		if (is)
			assert_string_equal(text, rows[i].utc);
	}
}

static struct vg_sitemap read_good(struct vg_arena *arena, const char *text)
{
	struct vg_sitemap map = {0};
	struct vg_error err;

	assert_int_equal(vg_sitemap_read(arena, vg_str(text),
			     VG_STR("http://shop.example/m/sitemap.xml"), &map, &err),
	    VG_OK);
	return map;
}

static void sitemap_read__kinds__named(void **state)
{
	static const struct {
		const char *text;
		enum vg_sitemap_kind kind;
		const char *loc;
	} rows[] = {
	    {"<urlset><url><loc> /a?x=1&amp;y=2 </loc></url></urlset>",
		VG_SITEMAP_URLSET, "http://shop.example/a?x=1&y=2"},
	    {"<s:urlset xmlns:s='u'><s:url><s:loc>b</s:loc></s:url></s:urlset>",
		VG_SITEMAP_URLSET, "http://shop.example/m/b"},
	    {"<urlset><url><i:loc xmlns:i='i'>/pic</i:loc><loc>/c</loc></url></urlset>",
		VG_SITEMAP_URLSET, "http://shop.example/c"},
	    {"<sitemapindex><sitemap><loc>/d.gz</loc></sitemap></sitemapindex>",
		VG_SITEMAP_INDEX, "http://shop.example/d.gz"},
	    {"<rss><channel><link>/no</link><item><link>/e</link></item></channel></"
	     "rss>",
		VG_SITEMAP_RSS, "http://shop.example/e"},
	    {"<feed><link href='/no'/><entry><link rel='self' href='/no'/>"
	     "<link href='/f'/></entry></feed>",
		VG_SITEMAP_ATOM, "http://shop.example/f"},
	    {"http://shop.example/g\nnonsense\n", VG_SITEMAP_TEXT,
		"http://shop.example/g"},
	};
	struct vg_arena *arena = vg_arena_new(1u << 24);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vg_sitemap map = read_good(arena, rows[i].text);

		assert_int_equal(map.kind, rows[i].kind);
		assert_int_equal(map.count, 1);
		assert_str(map.entries[0].loc, rows[i].loc);
		assert_false(map.truncated);
	}
	vg_arena_free(arena);
}

/* Entities that a file declares are not replaced, whatever they would hold. */
static void sitemap_read__declared_entities__stay_out(void **state)
{
	struct vg_arena *arena = vg_arena_new(1u << 24);
	struct vg_sitemap map = read_good(arena,
	    "<!DOCTYPE u [<!ENTITY f SYSTEM 'file:///etc/passwd'><!ENTITY a 'zz'>]>"
	    "<urlset><url><loc>/a&f;&a;b</loc></url></urlset>");

	(void)state;
	assert_int_equal(map.count, 1);
	assert_str(map.entries[0].loc, "http://shop.example/ab");
	vg_arena_free(arena);
}

static void sitemap_read__cut_anywhere__keeps_what_came(void **state)
{
	static const char text[] =
	    "<urlset><url><loc>/a</loc></url><url><loc>/b</loc></url></urlset>";
	struct vg_arena *arena = vg_arena_new(1u << 24);

	(void)state;
	for (size_t n = 40; n < sizeof(text) - 1; n++) {
		struct vg_sitemap map;

		assert_int_equal(vg_sitemap_read(arena, (struct vg_str){text, n},
				     VG_STR("http://shop.example/"), &map, NULL),
		    VG_OK);
		assert_true(map.truncated);
		assert_true(map.count >= 1);
		vg_arena_reset(arena);
	}
	vg_arena_free(arena);
}

static void sitemap_read__something_else__is_refused(void **state)
{
	static const char *const rows[] = {"", "a bogus sitemap", "<html><a href=x>",
	    "<urls><url><loc>/a</loc></url></urls>", "\x1f\x8bjunk"};
	struct vg_arena *arena = vg_arena_new(1u << 24);
	struct vg_sitemap map;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(vg_sitemap_read(arena, vg_str(rows[i]),
				     (struct vg_str){0}, &map, NULL),
		    VG_E_INVALID);
		assert_false(vg_sitemap_is(arena, vg_str(rows[i])));
	}
	assert_true(vg_sitemap_is(
	    arena, VG_STR("\n<?xml version='1.0'?><!-- <html> --><x:urlset>")));
	vg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(feed_date__table),
	    cmocka_unit_test(sitemap_read__kinds__named),
	    cmocka_unit_test(sitemap_read__declared_entities__stay_out),
	    cmocka_unit_test(sitemap_read__cut_anywhere__keeps_what_came),
	    cmocka_unit_test(sitemap_read__something_else__is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
