/* SPDX-License-Identifier: MIT */
/* Parsing and resolving: parts, references, hosts in disguise, and the fast path against the parser. */
#include "config.h"

#include "support/unit.h"

#include "url/url.h"

struct row {
	const char *input, *base, *href; /* href NULL: must be refused */
};

static const struct row rows[] = {
    {"HTTP://Shop.Example:80/a/../b?x=1#y", NULL, "http://shop.example/b?x=1#y"},
    {"  https://shop.example\t/a\nb ", NULL, "https://shop.example/ab"},
    {"https:shop.example", NULL, "https://shop.example/"},
    {"https:\\\\shop.example\\a\\b", NULL, "https://shop.example/a/b"},
    {"https://shop.example/%7Ea/%2e%2E/b c\"<>", NULL,
	"https://shop.example/b%20c%22%3C%3E"},
    {"http://u%20ser:p@ss@shop.example/", NULL, "http://u%20ser:p%40ss@shop.example/"},
    {"http://:@shop.example/", NULL, "http://shop.example/"},
    {"http://farmacia-peña.example/ñ?q=ñ'", NULL,
	"http://xn--farmacia-pea-khb.example/%C3%B1?q=%C3%B1%27"},
    {"http://ＳＨＯＰ。example/", NULL, "http://shop.example/"},
    {"http://a\xff.example/", NULL, NULL},
    {"http://shop.example/\xff", NULL, "http://shop.example/%EF%BF%BD"},
    {"http://[2001:DB8:0:0:1:0:0:1]:443/", NULL, "http://[2001:db8::1:0:0:1]:443/"},
    {"http://[::ffff:1.2.3.4]/", NULL, "http://[::ffff:102:304]/"},
    {"http://[::1", NULL, NULL},
    {"http://[1:2:3:4:5:6:7:8:9]/", NULL, NULL},
    {"http://shop.example:65536/", NULL, NULL},
    {"http://shop.example:8o/", NULL, NULL},
    {"http://", NULL, NULL},
    {"http://user@/", NULL, NULL},
    {"http://a b/", NULL, NULL},
    {"http://a%00b/", NULL, NULL},
    {"/no/base", NULL, NULL},
    {"", NULL, NULL},
    {"mailto:a@shop.example", NULL, "mailto:a@shop.example"},
    {"javascript:alert(1)", "http://shop.example/", "javascript:alert(1)"},
    {"web:/..//x", NULL, "web:/.//x"},
    {"", "http://shop.example/a?b#c", "http://shop.example/a?b"},
    {"#z", "http://shop.example/a?b#c", "http://shop.example/a?b#z"},
    {"?z", "http://shop.example/a/b?c", "http://shop.example/a/b?z"},
    {"../../../z", "http://shop.example/a/b/c", "http://shop.example/z"},
    {"./z/.", "http://shop.example/a/b", "http://shop.example/a/z/"},
    {"//other.example", "https://shop.example/a", "https://other.example/"},
    {"///other.example/x", "https://shop.example/a", "https://other.example/x"},
    {"http:z", "http://shop.example/a/b", "http://shop.example/a/z"},
    {"https:z", "http://shop.example/a/b", "https://z/"},
    {"x:y", "http://shop.example/", "x:y"},
    {"z", "mailto:a@b", NULL},
    {"#z", "mailto:a@b", "mailto:a@b#z"},
    {"x", "web:/.//a/b", "web:/.//a/x"},
    {"C|/x", "file:///D:/y/z", "file:///C:/x"},
    {"/x", "file:///D:/y/z", "file:///D:/x"},
    {"..", "file:///C:/", "file:///C:/"},
};

static void parse_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct vg_url base = VG_URL_INIT, u = VG_URL_INIT;
		struct vg_buf out = VG_BUF_INIT(1000);
		struct vg_error err;
		enum vg_status rc;

		if (r->base != NULL)
			assert_int_equal(
			    vg_url_parse(vg_str(r->base), NULL, &base, &err), VG_OK);
		rc = vg_url_parse(
		    vg_str(r->input), r->base != NULL ? &base : NULL, &u, &err);
		assert_int_equal(vg_url_resolve(vg_str(r->input),
				     r->base != NULL ? &base : NULL, &out, NULL),
		    rc);
		if (r->href == NULL) {
			assert_int_equal(rc, VG_E_INVALID);
			assert_true(err.msg[0] != '\0');
			assert_int_equal(out.len, 0);
		} else {
			assert_int_equal(rc, VG_OK);
			assert_string_equal(vg_buf_cstr(&u.href), r->href);
			assert_string_equal(vg_buf_cstr(&out), r->href);
		}
		vg_buf_release(&out);
		vg_url_release(&u);
		vg_url_release(&base);
	}
}

static void parts(void **state)
{
	struct vg_url u = VG_URL_INIT;

	(void)state;
	assert_int_equal(
	    vg_url_parse(
		VG_STR("https://me:pw@shop.example:8443/a/b?c=d#e"), NULL, &u, NULL),
	    VG_OK);
	assert_true(vg_str_eqz(vg_url_scheme(&u), "https"));
	assert_true(vg_str_eqz(vg_url_username(&u), "me"));
	assert_true(vg_str_eqz(vg_url_password(&u), "pw"));
	assert_true(vg_str_eqz(vg_url_host(&u), "shop.example"));
	assert_true(vg_str_eqz(vg_url_path(&u), "/a/b"));
	assert_true(vg_str_eqz(vg_url_query(&u), "c=d"));
	assert_true(vg_str_eqz(vg_url_fragment(&u), "e"));
	assert_true(vg_str_eqz(vg_url_target(&u), "/a/b?c=d"));
	assert_int_equal(vg_url_port(&u), 8443);
	assert_true(vg_url_has_credentials(&u) && vg_url_is_web(&u));
	assert_int_equal(
	    vg_url_parse(VG_STR("http://shop.example"), NULL, &u, NULL), VG_OK);
	assert_int_equal(vg_url_port(&u), 80);
	assert_int_equal(vg_url_query(&u).len + vg_url_password(&u).len, 0);
	assert_false(vg_url_has_credentials(&u));
	assert_int_equal(
	    vg_url_parse(VG_STR("nonsense"), NULL, &u, NULL), VG_E_INVALID);
	assert_int_equal(vg_url_href(&u).len, 0);
	vg_url_release(&u);
}

/* Addresses of 127.0.0.1 and 169.254.169.254 in the spellings that filters miss. */
static void disguised_addresses(void **state)
{
	static const struct {
		const char *input, *host;
	} hosts[] = {
	    {"http://2130706433/", "127.0.0.1"},
	    {"http://0x7f000001/", "127.0.0.1"},
	    {"http://0x7F.1/", "127.0.0.1"},
	    {"http://017700000001/", "127.0.0.1"},
	    {"http://0177.0.0.01/", "127.0.0.1"},
	    {"http://127.1/", "127.0.0.1"},
	    {"http://127.0.1/", "127.0.0.1"},
	    {"http://127.0.0.1./", "127.0.0.1"},
	    {"http://%31%32%37.0.0.1/", "127.0.0.1"},
	    {"http://１２７.0.0.1/", "127.0.0.1"},
	    {"http://①②⑦.⓪.⓪.①/", "127.0.0.1"},
	    {"http://127。0。0。1/", "127.0.0.1"},
	    {"http://0/", "0.0.0.0"},
	    {"http://0xA9FEA9FE/", "169.254.169.254"},
	    {"http://2852039166/", "169.254.169.254"},
	    {"http://0251.0376.0251.0376/", "169.254.169.254"},
	    {"http://[0:0:0:0:0:ffff:127.0.0.1]/", "[::ffff:7f00:1]"},
	    {"http://[::FFFF:7F00:0001]/", "[::ffff:7f00:1]"},
	    {"http://good.example@127.1/", "127.0.0.1"},
	    {"http://good.example\\@127.1/", "good.example"},
	    {"http://good.example#@127.1/", "good.example"},
	    {"http:\\/\\127.1/", "127.0.0.1"},
	    {"http://good.example:80@0x7f.1:81/", "127.0.0.1"},
	};
	static const char *const refused[] = {"http://127.0.0.256/",
	    "http://0x100000000/", "http://1.2.3.4.5/", "http://127.0.0.1.0x/x",
	    "http://09.0.0.1/", "http://127..1/", "http://[::1%25eth0]/",
	    "http://[127.0.0.1]/", "http://127.0.0.1%00.good.example/"};
	struct vg_url u = VG_URL_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		assert_int_equal(
		    vg_url_parse(vg_str(hosts[i].input), NULL, &u, NULL), VG_OK);
		assert_true(vg_str_eqz(vg_url_host(&u), hosts[i].host));
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_int_equal(
		    vg_url_parse(vg_str(refused[i]), NULL, &u, NULL), VG_E_INVALID);
	vg_url_release(&u);
}

/* Every reference made of these pieces resolves as the parser says. */
static void fast_path_agrees(void **state)
{
	static const char *const pieces[] = {"", "/", "//", "a", "A", ".", "..", "%2e",
	    "%41", "?", "#", ":", "http://", "https:", "b.example", "1.1", " ", "\\",
	    "'", "^", "{", "`", "@", "\xc3\xb1", "xn--a"};
	static const char *const bases[] = {"http://shop.example/a/b?c#d",
	    "https://u:p@h.example", "web:/a/b", "file:///a/b"};
	enum { N = sizeof(pieces) / sizeof(pieces[0]) };
	struct vg_url base = VG_URL_INIT, u = VG_URL_INIT;
	struct vg_buf ref = VG_BUF_INIT(100), out = VG_BUF_INIT(1000);

	(void)state;
	for (size_t b = 0; b < sizeof(bases) / sizeof(bases[0]); b++) {
		assert_int_equal(
		    vg_url_parse(vg_str(bases[b]), NULL, &base, NULL), VG_OK);
		for (size_t i = 0; i < (size_t)N * N * N; i++) {
			vg_buf_clear(&ref);
			vg_buf_clear(&out);
			vg_buf_addz(&ref, pieces[i % N]);
			vg_buf_addz(&ref, pieces[i / N % N]);
			vg_buf_addz(&ref, pieces[i / N / N]);
			assert_int_equal(
			    vg_url_resolve(vg_buf_str(&ref), &base, &out, NULL),
			    vg_url_parse(vg_buf_str(&ref), &base, &u, NULL));
			assert_true(vg_str_eq(vg_buf_str(&out), vg_url_href(&u)));
		}
	}
	vg_buf_release(&ref);
	vg_buf_release(&out);
	vg_url_release(&u);
	vg_url_release(&base);
}

/* What was serialised parses to itself. */
static void parsing_is_stable(void **state)
{
	struct vg_url u = VG_URL_INIT, again = VG_URL_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].href == NULL)
			continue;
		assert_int_equal(
		    vg_url_parse(vg_str(rows[i].href), NULL, &u, NULL), VG_OK);
		assert_int_equal(
		    vg_url_parse(vg_url_href(&u), NULL, &again, NULL), VG_OK);
		assert_string_equal(vg_buf_cstr(&u.href), rows[i].href);
		assert_string_equal(vg_buf_cstr(&again.href), rows[i].href);
	}
	vg_url_release(&u);
	vg_url_release(&again);
}

static void limits(void **state)
{
	struct vg_buf big = VG_BUF_INIT(2 * VG_URL_MAX_PARSE + 100);
	struct vg_url u = VG_URL_INIT;
	struct vg_error err;

	(void)state;
	vg_buf_addz(&big, "http://shop.example/");
	while (big.len < VG_URL_MAX_PARSE / 2)
		vg_buf_addz(&big, "\xc3\xb1\xc3\xb1\xc3\xb1\xc3\xb1");
	assert_int_equal(
	    vg_url_parse(vg_buf_str(&big), NULL, &u, &err), VG_E_TOO_LARGE);
	while (big.len <= VG_URL_MAX_PARSE)
		vg_buf_addz(&big, "aaaaaaaaaaaaaaaa");
	assert_int_equal(
	    vg_url_parse(vg_buf_str(&big), NULL, &u, &err), VG_E_TOO_LARGE);
	vg_buf_release(&big);
	vg_url_release(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parse_rows),
	    cmocka_unit_test(parts),
	    cmocka_unit_test(disguised_addresses),
	    cmocka_unit_test(fast_path_agrees),
	    cmocka_unit_test(parsing_is_stable),
	    cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
