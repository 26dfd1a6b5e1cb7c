/* SPDX-License-Identifier: MIT */
/* robots.txt: who is meant, which rule decides, and files that are not what they should be. */
#include "config.h"

#include <stdlib.h>

#include "support/unit.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "policy/robots.h"

static struct vg_robots *parse(struct vg_str text)
{
	struct vg_robots *r = NULL;

	assert_status(vg_robots_parse(text, &r, NULL), VG_OK);
	return r;
}

struct row {
	const char *text, *url;
	bool allowed;
	uint32_t line;
};

static void test__table__verdict_and_line(void **state)
{
	static const struct row rows[] = {
	    {"", "http://a.example/x", true, 0},
	    {"User-agent: *\nDisallow: /x", "http://a.example/x/y", false, 2},
	    {"User-agent: *\nDisallow: /x", "http://a.example/", true, 0},
	    {"User-agent: *\nDisallow:", "http://a.example/x", true, 0},
	    {"User-agent: *\nDisallow: /\nAllow: /p", "/p/1", true, 3},
	    {"User-agent: *\nAllow: /p\nDisallow: /p", "/p", true, 2},
	    {"User-agent: *\nDisallow: /p\nAllow: /p", "/p", true, 3},
	    {"User-agent: *\nDisallow: /\n\nUser-agent: vigia\nDisallow: /q", "/p",
		true, 0},
	    {"user-agent: VIGIA/9\ndisallow: /a\nUser-agent: x\nDisallow: /\n"
	     "User-Agent: vigia\nDisallow: /b",
		"/b", false, 6},
	    {"User-agent: a\nUser-agent: vigia\nDisallow: /", "/", false, 3},
	    {"User-agent: vigiabot\nDisallow: /", "/", true, 0},
	    {"Disallow: /\nUser-agent: *\nAllow: /", "/", true, 3},
	    {"User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", false, 2},
	    {"User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", true, 0},
	    {"User-agent: *\nDisallow: /a*b*c", "/a-b-c-d", false, 2},
	    {"User-agent: *\nDisallow: /a*b*c", "/a-c-b", true, 0},
	    {"User-agent: *\nDisallow: /$", "/", false, 2},
	    {"User-agent: *\nDisallow: /$", "/x", true, 0},
	    {"User-agent: *\nDisallow: /\xc3\xb1", "/%C3%B1", false, 2},
	    {"User-agent: *\nDisallow: /%c3%b1", "/%C3%B1", false, 2},
	    {"User-agent *\nDissallow: /x # why\r\rAllow: /y", "/x", false, 2},
	    {"User-agent: *\r\nDisallow: /x\r\nDisallow: /yy", "/yy", false, 3},
	    {"User-agent: *\nDisallow: /\nAllow: /index.html", "/", true, 3},
	    {"\xEF\xBB\xBFUser-agent: *\nDisallow: /", "/x", false, 2},
	    {"<html><body>Not found</body></html>", "/x", true, 0},
	    {"User-agent: *\nDisallow: /?q=", "http://a.example?q=1", false, 2},
	    {"User-agent: *\nDisallow: /x", "http://a.example/#/x", true, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vg_robots *r = parse(vg_str(rows[i].text));
		struct vg_robots_verdict v =
		    vg_robots_test(r, VG_STR("vigia"), vg_str(rows[i].url));

		if (v.allowed != rows[i].allowed || v.line != rows[i].line)
			print_error("row %zu: %d line %u\n", i, v.allowed, v.line);
		assert_int_equal(v.allowed, rows[i].allowed);
		assert_int_equal(v.line, rows[i].line);
		assert_int_equal(v.rule.ptr == NULL, v.line == 0);
		vg_robots_free(r);
	}
}

static void show__groups_delay_sitemaps(void **state)
{
	struct vg_robots *r =
	    parse(VG_STR("Sitemap: /map.xml\nUser-agent: a\nUser-agent: vigia\n"
			 "Crawl-delay: 2.5\nAllow: /x\nDisallow: /\n"
			 "User-agent: *\nCrawl-delay: soon\n"));

	(void)state;
	assert_int_equal(vg_robots_group_count(r), 2);
	assert_int_equal(vg_robots_group(r, 0).agent_count, 2);
	assert_int_equal(vg_robots_group(r, 0).rule_count, 2);
	assert_str(vg_robots_group_agent(r, 0, 1), "vigia");
	assert_str(vg_robots_group_rule(r, 0, 0).pattern, "/x");
	assert_true(vg_robots_delay(r, VG_STR("vigia")) == 5 * VG_SECOND / 2);
	assert_true(vg_robots_delay(r, VG_STR("other")) == -1);
	assert_int_equal(vg_robots_sitemap_count(r), 1);
	assert_str(vg_robots_sitemap(r, 0), "/map.xml");
	vg_robots_free(r);
}

static void parse__utf16__read(void **state)
{
	static const char text[] = "User-agent: *\nDisallow: /x";
	char wide[2 * sizeof(text)] = "\xFF\xFE";
	struct vg_robots *r;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(text); i++)
		wide[2 + 2 * i] = text[i];
	r = parse((struct vg_str){wide, 2 * sizeof(text)});
	assert_false(vg_robots_test(r, VG_STR("vigia"), VG_STR("/x")).allowed);
	vg_robots_free(r);
}

static void parse__beyond_the_limit__ignored(void **state)
{
	struct vg_buf text = VG_BUF_INIT(2 * VG_MAX_ROBOTS);
	struct vg_robots *r;

	(void)state;
	vg_buf_addz(&text, "User-agent: *\nDisallow: /early\n");
	while (text.len < VG_MAX_ROBOTS)
		vg_buf_addz(&text, "Disallow: /*a*a*a*a*a*a*a*a*a*a*a*b\n");
	vg_buf_addz(&text, "\nDisallow: /late\n");
	r = parse(vg_buf_str(&text));
	assert_false(vg_robots_test(r, VG_STR("vigia"), VG_STR("/early")).allowed);
	assert_true(vg_robots_test(r, VG_STR("vigia"), VG_STR("/late")).allowed);
	vg_robots_free(r);
	vg_buf_release(&text);
}

static void outcome__by_status(void **state)
{
	(void)state;
	assert_int_equal(vg_robots_outcome(200), VG_ROBOTS_RULES);
	assert_int_equal(vg_robots_outcome(301), VG_ROBOTS_REDIRECT);
	assert_int_equal(vg_robots_outcome(404), VG_ROBOTS_ALLOW_ALL);
	assert_int_equal(vg_robots_outcome(403), VG_ROBOTS_ALLOW_ALL);
	assert_int_equal(vg_robots_outcome(429), VG_ROBOTS_DISALLOW_ALL);
	assert_int_equal(vg_robots_outcome(503), VG_ROBOTS_DISALLOW_ALL);
	assert_int_equal(vg_robots_outcome(0), VG_ROBOTS_DISALLOW_ALL);
}

static void tag__merged_by_agent(void **state)
{
	struct vg_robots_tag tag = {0};

	(void)state;
	vg_robots_tag_add(&tag, VG_STR("otherbot: noindex, nofollow"), VG_STR("vigia"));
	assert_false(tag.noindex || tag.nofollow || tag.noarchive);
	vg_robots_tag_add(
	    &tag, VG_STR("unavailable_after: 1 Jan 2030, NoFollow"), VG_STR("vigia"));
	assert_true(tag.nofollow && !tag.noindex);
	vg_robots_tag_add(
	    &tag, VG_STR("otherbot: none, Vigia: noindex"), VG_STR("vigia"));
	assert_true(tag.noindex && !tag.noarchive);
	vg_robots_tag_add(&tag, VG_STR("none"), VG_STR("vigia"));
	assert_true(tag.noarchive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test__table__verdict_and_line),
	    cmocka_unit_test(show__groups_delay_sitemaps),
	    cmocka_unit_test(parse__utf16__read),
	    cmocka_unit_test(parse__beyond_the_limit__ignored),
	    cmocka_unit_test(outcome__by_status),
	    cmocka_unit_test(tag__merged_by_agent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
