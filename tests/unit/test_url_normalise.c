/* SPDX-License-Identifier: MIT */
/* Crawl identity, fingerprints and registrable domains. */
#include "config.h"

#include "support/unit.h"

#include "url/url.h"

static void identities(void **state)
{
	static const struct {
		const char *input, *expect; /* NULL: refused */
	} rows[] = {
	    {"https://Shop.Example:443/a/./b//c/?b=2&a=1#top",
		"https://shop.example/a/b/c/?a=1&b=2"},
	    {"shop.example/x", "http://shop.example/x"},
	    {"http://shop.example./", "http://shop.example/"},
	    {"http://shop.example/%7e%c3%b1%2F%zz",
		"http://shop.example/~%C3%B1%2F%25zz"},
	    {"http://shop.example/?utm_source=x&id=7&UTM_Medium=y&fbclid=z",
		"http://shop.example/?id=7"},
	    {"http://shop.example/p;jsessionid=AB12?x", "http://shop.example/p?x"},
	    {"http://shop.example/?PHPSESSID=1&sid=7", "http://shop.example/?sid=7"},
	    {"http://shop.example/?sid=0123456789abcdef0123456789abcdef",
		"http://shop.example/"},
	    {"http://shop.example/?a=2&a=1&&=x&c=", "http://shop.example/?a=2&a=1&c"},
	    {"http://shop.example/?q=a%2Bb+c%26d",
		"http://shop.example/?q=a%2Bb+c%26d"},
	    {"ftp://shop.example/a#b", "ftp://shop.example/a"},
	    {"ftp:/", NULL},
	    {"http://", NULL},
	    {"http:////", NULL},
	    /* One spelling of a file. */
	    {"file:/a/./b", "file:///a/b"},
	    {"file:///a/b", "file:///a/b"},
	    /* IDNA 2008 has letters and digits, no symbols. */
	    {"http://farmacia-\xC3\xB1.example/", "http://xn--farmacia--t6a.example/"},
	    {"http://\xE2\x98\x82.example/", NULL},
	};
	struct vg_buf out = VG_BUF_INIT(1000), twice = VG_BUF_INIT(1000);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum vg_status rc;

		vg_buf_clear(&out);
		vg_buf_clear(&twice);
		rc = vg_url_normalise(vg_str(rows[i].input), &out, NULL);
		if (rows[i].expect == NULL) {
			assert_int_equal(rc, VG_E_INVALID);
			continue;
		}
		assert_int_equal(rc, VG_OK);
		assert_string_equal(vg_buf_cstr(&out), rows[i].expect);
		assert_int_equal(
		    vg_url_normalise(vg_buf_str(&out), &twice, NULL), VG_OK);
		assert_string_equal(vg_buf_cstr(&twice), rows[i].expect);
	}
	vg_buf_release(&out);
	vg_buf_release(&twice);
}

/* Values computed by an independent implementation of SipHash-2-4. */
static void fingerprints(void **state)
{
	(void)state;
	assert_true(vg_url_fingerprint(VG_STR(""), 0) == UINT64_C(0x4d0617e48cf8737b));
	assert_true(vg_url_fingerprint(VG_STR("http://shop.example/"), 0) ==
		    UINT64_C(0xc2a2b4bfb3982a4e));
	assert_true(vg_url_fingerprint(VG_STR("http://shop.example/"),
			UINT64_C(0x0123456789abcdef)) == UINT64_C(0x5d6a6256da506609));
}

static void domains(void **state)
{
	static const struct {
		const char *host, *domain, *suffix;
	} rows[] = {
	    {"www.shop.co.uk", "shop.co.uk", "co.uk"},
	    {"shop.com.mx", "shop.com.mx", "com.mx"},
	    {"com.mx", NULL, "com.mx"},
	    {"a.b.github.io", "b.github.io", "github.io"},
	    {"WWW.Shop.Example", "Shop.Example", "Example"},
	    {"localhost", NULL, "localhost"},
	    {".example.com", NULL, NULL},
	    {"127.0.0.1", NULL, NULL},
	    {"[::1]", NULL, NULL},
	    {"", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vg_str domain, suffix;

		vg_url_domain(vg_str(rows[i].host), &domain, &suffix);
		assert_int_equal(domain.ptr == NULL, rows[i].domain == NULL);
		assert_true(vg_str_eq(domain, vg_str(rows[i].domain)));
		assert_int_equal(suffix.ptr == NULL, rows[i].suffix == NULL);
		assert_true(vg_str_eq(suffix, vg_str(rows[i].suffix)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(identities),
	    cmocka_unit_test(fingerprints),
	    cmocka_unit_test(domains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
