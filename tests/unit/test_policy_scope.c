/* SPDX-License-Identifier: MIT */
/* What belongs to a site, and what only pretends to. */
#include "config.h"

#include "support/unit.h"

#include "policy/scope.h"

static const char *check(const struct vg_scope *s, const char *address, uint32_t depth)
{
	struct vg_url u = VG_URL_INIT;
	enum vg_scope_answer answer;

	assert_status(vg_url_parse(vg_str(address), NULL, &u, NULL), VG_OK);
	answer = vg_scope_check(s, &u, depth);
	vg_url_release(&u);
	return vg_scope_answer_name(answer);
}

static struct vg_scope *scope(enum vg_scope_kind kind, const char *seed)
{
	struct vg_scope_limits limits = {.max_depth = 3};
	struct vg_scope *s = vg_scope_new(&limits);
	struct vg_url u = VG_URL_INIT;

	assert_non_null(s);
	assert_status(vg_url_parse(vg_str(seed), NULL, &u, NULL), VG_OK);
	assert_status(vg_scope_add(s, kind, &u, NULL), VG_OK);
	vg_url_release(&u);
	return s;
}

static void host__table(void **state)
{
	struct vg_scope *s = scope(VG_SCOPE_HOST, "https://www.shop.com.mx/a");

	(void)state;
	assert_string_equal(check(s, "http://shop.com.mx:8080/b", 0), "in");
	assert_string_equal(check(s, "https://blog.shop.com.mx/", 0), "other_site");
	assert_string_equal(
	    check(s, "https://shop.com.mx.evil.example/", 0), "other_site");
	assert_string_equal(
	    check(s, "https://shop.com.mx@evil.example/", 0), "credentials");
	assert_string_equal(check(s, "ftp://shop.com.mx/", 0), "not_web");
	assert_string_equal(check(s, "mailto:a@shop.com.mx", 0), "not_web");
	assert_string_equal(check(s, "https://shop.com.mx/", 4), "too_deep");
	assert_string_equal(check(s, "https://shop.com.mx/", 3), "in");
	vg_scope_free(s);
}

static void domain__table(void **state)
{
	struct vg_scope *s = scope(VG_SCOPE_DOMAIN, "https://www.shop.com.mx/a");

	(void)state;
	assert_string_equal(check(s, "https://blog.shop.com.mx/", 0), "in");
	assert_string_equal(check(s, "https://other.com.mx/", 0), "other_site");
	assert_string_equal(check(s, "https://notshop.com.mx/", 0), "other_site");
	vg_scope_free(s);
	s = scope(VG_SCOPE_DOMAIN, "http://127.0.1.7:8080/");
	assert_string_equal(check(s, "http://127.0.1.7/", 0), "in");
	assert_string_equal(check(s, "http://126.0.1.7/", 0), "other_site");
	vg_scope_free(s);
}

static void prefix_and_excludes__table(void **state)
{
	struct vg_scope *s = scope(VG_SCOPE_PREFIX, "https://t.example/s/channel?x=1");

	(void)state;
	assert_status(vg_scope_exclude(s, VG_STR("/*/admin"), NULL), VG_OK);
	assert_status(vg_scope_exclude(s, VG_STR("*.pdf$"), NULL), VG_OK);
	assert_string_equal(check(s, "https://t.example/s/channel?before=9", 0), "in");
	assert_string_equal(check(s, "https://t.example/s/other", 0), "other_site");
	assert_string_equal(check(s, "http://t.example/s/channel", 0), "other_site");
	assert_string_equal(
	    check(s, "https://t.example/s/channel/admin/x", 0), "excluded");
	assert_string_equal(
	    check(s, "https://t.example/s/channel/x.pdf", 0), "excluded");
	assert_string_equal(check(s, "https://t.example/s/channel/x.pdf?y", 0), "in");
	vg_scope_free(s);
}

static void traps__refused(void **state)
{
	struct vg_scope *s = scope(VG_SCOPE_HOST, "https://shop.example/");
	char address[2100] = "https://shop.example/";

	(void)state;
	assert_string_equal(check(s, "https://shop.example/a/b/a/b/a/b", 0), "in");
	assert_string_equal(
	    check(s, "https://shop.example/a/b/a/b/a/b/a", 0), "repeats");
	memset(address + 21, 'x', 2050);
	assert_string_equal(check(s, address, 0), "too_long");
	for (size_t i = 21; i < 2071; i += 2)
		address[i] = '/';
	address[1990] = '\0';
	assert_string_equal(check(s, address, 0), "repeats");
	vg_scope_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(host__table),
	    cmocka_unit_test(domain__table),
	    cmocka_unit_test(prefix_and_excludes__table),
	    cmocka_unit_test(traps__refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
