/* SPDX-License-Identifier: MIT */
/* conf: layers, inheritance, lists, and files that are wrong. */
#include "config.h"

#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "conf/ini.h"

static struct vg_conf *parse(const char *text)
{
	struct vg_error err = {.msg = ""};
	struct vg_conf *conf = NULL;

	if (vg_conf_parse("t.ini", vg_str(text), &conf, &err) != VG_OK)
		print_error("%s\n", err.msg);
	assert_non_null(conf);
	return conf;
}

static void vg_conf_parse__empty__defaults(void **state)
{
	struct vg_conf *conf = parse("");

	(void)state;
	assert_int_equal(conf->limits.delay, VG_SECOND);
	assert_int_equal(conf->limits.max_bytes, 8 << 20);
	assert_int_equal(conf->workers, -1);
	assert_string_equal(conf->contact, "");
	assert_string_equal(conf->accept_encoding, "identity");
	assert_non_null(conf->connect_to);
	assert_null(conf->connect_to[0]);
	assert_int_equal(conf->site_count, 0);
	vg_conf_free(conf);
}

static void vg_conf_parse__sites__inherit_and_override(void **state)
{
	struct vg_conf *conf = parse(
	    "[crawl]\ndelay=3s\nmax_pages=7\n"
	    "[site a]\nseeds=http://a/\ndelay=9s\ntags = x, y z\n"
	    "[site b]\nseeds=http://b/ \n\thttp://b/2\nscope=prefix\nenabled=no\n");

	(void)state;
	assert_int_equal(conf->site_count, 2);
	assert_int_equal(conf->sites[0].limits.delay, 9 * VG_SECOND);
	assert_int_equal(conf->sites[0].limits.max_pages, 7);
	assert_string_equal(conf->sites[0].tags[2], "z");
	assert_null(conf->sites[0].tags[3]);
	assert_string_equal(conf->sites[0].plugin, "auto");
	assert_true(conf->sites[0].enabled);
	assert_int_equal(conf->sites[1].limits.delay, 3 * VG_SECOND);
	assert_string_equal(conf->sites[1].seeds[1], "http://b/2");
	assert_null(conf->sites[1].seeds[2]);
	assert_int_equal(conf->sites[1].scope, VG_CONF_SCOPE_PREFIX);
	assert_false(conf->sites[1].enabled);
	assert_ptr_equal(vg_conf_find_site(conf, VG_STR("b")), &conf->sites[1]);
	assert_null(vg_conf_find_site(conf, VG_STR("c")));
	vg_conf_free(conf);
}

static void vg_conf_set__a_limit__wins_over_sites(void **state)
{
	struct vg_conf *conf = parse("[site a]\nseeds=http://a/\ndelay=9s\n");
	struct vg_error err;

	(void)state;
	assert_status(vg_conf_set(conf, "crawl.delay", "2s", "--delay", &err), VG_OK);
	assert_int_equal(conf->sites[0].limits.delay, 2 * VG_SECOND);
	assert_status(
	    vg_conf_set(conf, "crawl.delay", "2", "--delay", &err), VG_E_INVALID);
	assert_non_null(strstr(err.msg, "--delay"));
	assert_int_equal(conf->sites[0].limits.delay, 2 * VG_SECOND);
	assert_status(
	    vg_conf_set(conf, "crawl.nothing", "2", "--x", &err), VG_E_INVALID);
	assert_status(vg_conf_set(conf, "site.delay", "2s", "--x", &err), VG_E_INVALID);
	vg_conf_free(conf);
}

static void vg_conf_add_site__an_address__crawls_it(void **state)
{
	struct vg_conf *conf = parse("[crawl]\nmax_depth=4\n");

	(void)state;
	assert_status(vg_conf_add_site(conf, "http://a.example/x", "http://a.example/x",
			  "command line", NULL),
	    VG_OK);
	assert_int_equal(conf->site_count, 1);
	assert_string_equal(conf->sites[0].seeds[0], "http://a.example/x");
	assert_int_equal(conf->sites[0].limits.max_depth, 4);
	assert_status(
	    vg_conf_add_site(conf, "x", "file:///etc/passwd", "command line", NULL),
	    VG_E_INVALID);
	vg_conf_free(conf);
}

static void vg_conf_user_agent__names_the_contact_or_refuses(void **state)
{
	struct vg_conf *conf = parse("");
	struct vg_buf out = VG_BUF_INIT(1000);

	(void)state;
	assert_status(vg_conf_user_agent(conf, &out, NULL), VG_E_INVALID);
	vg_conf_free(conf);
	conf = parse(
	    "[operator]\ncontact = me@a.example\n[crawl]\nuser_agent_extra = test\n");
	assert_status(vg_conf_user_agent(conf, &out, NULL), VG_OK);
	assert_string_equal(
	    vg_buf_cstr(&out), "vigia/" PACKAGE_VERSION " (+me@a.example) test");
	vg_buf_release(&out);
	vg_conf_free(conf);
}

static void vg_conf_parse__contacts__only_sound_ones(void **state)
{
	static const struct {
		const char *contact;
		bool good;
	} rows[] = {{"a@b.example", true}, {"https://b.example/about", true},
	    {"nobody", false}, {"a@b", false}, {"@b.example", false},
	    {"a@b@c.example", false}, {"a b@c.example", false}, {"a@b.example)", false},
	    {"ftp://b.example/", false}, {"\xC3\xB1@b.example", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vg_conf *conf = NULL;
		char text[128];

		(void)snprintf(
		    text, sizeof(text), "[operator]\ncontact = %s\n", rows[i].contact);
		assert_status(vg_conf_parse("t.ini", vg_str(text), &conf, NULL),
		    rows[i].good ? VG_OK : VG_E_INVALID);
		vg_conf_free(conf);
	}
}

static void vg_conf_parse__wrong_files__name_their_line(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
	    {"[crawl]\n\ndealy=1s\n",
		"t.ini:3: unknown key 'dealy' in [crawl]; did you mean 'delay'?"},
	    {"# c\n; c\n[crawl]\ndelay=1s\ndelay=1s\n",
		"t.ini:5: delay is given twice, first at t.ini:4"},
	    {"[crawl]\nmax_pages=0\n",
		"t.ini:2: max_pages: 0 is not between 1 and 10000000"},
	    {"[crawl]\ndelay=2h\n", "t.ini:2: delay: 2h is not between 0 and 1h"},
	    {"[site]\n", "t.ini:1: unknown section [site]; did you mean [site NAME]?"},
	    {"[site a/b]\n", "t.ini:1: site name 'a/b': up to 40 of a-z A-Z 0-9 . _ -"},
	    {"[crawl] x\n", "t.ini:1: text after a section's ']'"},
	    {"  [crawl]\n", "t.ini:1: a section starts in the first column"},
	    {"[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\n",
		"t.ini:1: a section name longer than 49 bytes"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vg_error err = {.msg = ""};
		struct vg_conf *conf = NULL;

		assert_status(vg_conf_parse("t.ini", vg_str(rows[i].text), &conf, &err),
		    VG_E_INVALID);
		assert_string_equal(err.msg, rows[i].message);
		assert_null(conf);
	}
}

static void vg_conf_write_template__both_forms__parse(void **state)
{
	struct vg_buf out = VG_BUF_INIT(1 << 20);
	struct vg_conf *conf;

	(void)state;
	vg_conf_write_template(&out, NULL, false);
	conf = parse(vg_buf_cstr(&out));
	assert_string_equal(conf->contact, "");
	vg_conf_free(conf);
	vg_buf_clear(&out);
	vg_conf_write_template(&out, "a@b.example", true);
	conf = parse(vg_buf_cstr(&out));
	assert_string_equal(conf->contact, "a@b.example");
	vg_conf_free(conf);
	vg_buf_release(&out);
}

static enum vg_status collect(
    void *ctx, const struct vg_ini_entry *e, struct vg_error *err)
{
	(void)err;
	vg_buf_addf(ctx, "%u[%s]%s=%s|", e->line, e->section, e->key ? e->key : "",
	    e->key ? e->value : "");
	return VG_OK;
}

static void vg_ini_parse__lines__sections_and_values(void **state)
{
	struct vg_buf out = VG_BUF_INIT(1000);

	(void)state;
	assert_status(vg_ini_parse("t",
			  VG_STR("\xEF\xBB\xBF[a]\r\n# c\r\nk = v ; no comment\r\n  "
				 "more\n\n[b]\nx: y"),
			  collect, &out, NULL),
	    VG_OK);
	assert_string_equal(
	    vg_buf_cstr(&out), "1[a]=|3[a]k=v ; no comment\nmore|6[b]=|7[b]x=y|");
	vg_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vg_conf_parse__empty__defaults),
	    cmocka_unit_test(vg_conf_parse__sites__inherit_and_override),
	    cmocka_unit_test(vg_conf_set__a_limit__wins_over_sites),
	    cmocka_unit_test(vg_conf_add_site__an_address__crawls_it),
	    cmocka_unit_test(vg_conf_user_agent__names_the_contact_or_refuses),
	    cmocka_unit_test(vg_conf_parse__contacts__only_sound_ones),
	    cmocka_unit_test(vg_conf_parse__wrong_files__name_their_line),
	    cmocka_unit_test(vg_conf_write_template__both_forms__parse),
	    cmocka_unit_test(vg_ini_parse__lines__sections_and_values),
	};

	return cmocka_run_group_tests_name("conf/conf", tests, NULL, NULL);
}
