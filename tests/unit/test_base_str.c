/* SPDX-License-Identifier: MIT */
/* base/str, base/utf8, base/escape, base/digest: pure functions over bytes. */
#include "config.h"

#include "support/unit.h"

#include "base/digest.h"
#include "base/escape.h"
#include "base/utf8.h"

static void str_split__empty_pieces__are_kept(void **state)
{
	struct vg_str rest = VG_STR("a,,b"), piece;

	(void)state;
	assert_true(vg_str_split(&rest, ',', &piece));
	assert_str(piece, "a");
	assert_true(vg_str_split(&rest, ',', &piece));
	assert_str(piece, "");
	assert_true(vg_str_split(&rest, ',', &piece));
	assert_str(piece, "b");
	assert_false(vg_str_split(&rest, ',', &piece));
}

static void str_to_i64__limits__are_exact(void **state)
{
	int64_t value = 7;

	(void)state;
	assert_true(vg_str_to_i64(VG_STR("-9223372036854775808"), &value));
	assert_true(value == INT64_MIN);
	assert_true(vg_str_to_i64(VG_STR("9223372036854775807"), &value));
	assert_true(value == INT64_MAX);
	assert_false(vg_str_to_i64(VG_STR("9223372036854775808"), &value));
	assert_false(vg_str_to_i64(VG_STR("-"), &value));
	assert_false(vg_str_to_i64(VG_STR("1x"), &value));
	assert_true(value == INT64_MAX);
}

static void str_find__table__first_offset(void **state)
{
	static const struct {
		const char *text, *needle;
		size_t from, want;
	} cases[] = {
	    {"abcabc", "bc", 0, 1},
	    {"abcabc", "bc", 2, 4},
	    {"abc", "", 3, 3},
	    {"abc", "", 4, SIZE_MAX},
	    {"abc", "abcd", 0, SIZE_MAX},
	    {"ABC", "bc", 0, SIZE_MAX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(vg_str_find(vg_str(cases[i].text),
				     vg_str(cases[i].needle), cases[i].from),
		    cases[i].want);
	assert_int_equal(vg_str_ifind(VG_STR("xABC"), VG_STR("bc"), 0), 2);
}

static void str_sub__null_slice__stays_null(void **state)
{
	struct vg_str none = {NULL, 0};

	(void)state;
	assert_null(vg_str_sub(none, 3, 9).ptr);
	assert_str(vg_str_sub(VG_STR("abc"), 2, 99), "c");
	assert_str(vg_str_trim(VG_STR(" \t\n")), "");
}

static void utf8_next__malformed__maximal_subparts(void **state)
{
	static const struct {
		const char *bytes;
		size_t replacements;
	} cases[] = {
	    {"\xC0\xAF", 2},
	    {"\xE0\x80\xAF", 3},
	    {"\xED\xA0\x80", 3},
	    {"\xF0\x9F\x98", 1},
	    {"\xE2\x82", 1},
	    {"\xF4\x90\x80\x80", 4},
	    {"\xFF", 1},
	    {"\xE2\x82\xAC", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vg_str s = vg_str(cases[i].bytes);
		size_t count = 0;

		for (size_t pos = 0; pos < s.len;)
			count += vg_utf8_next(s, &pos) == VG_REPLACEMENT;
		assert_int_equal(count, cases[i].replacements);
		assert_int_equal(vg_utf8_valid(s), cases[i].replacements == 0);
	}
	assert_true(vg_utf8_valid(VG_STR("12345678\xEF\xBF\xBD")));
}

static void utf8_put__every_code_point__round_trips(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x110000; c += c < 0x3000 ? 1 : 97) {
		char bytes[4];
		struct vg_str s = {bytes, vg_utf8_put(c, bytes)};
		bool scalar = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
		size_t pos = 0;

		assert_int_equal(vg_utf8_next(s, &pos), scalar ? c : VG_REPLACEMENT);
		assert_int_equal(pos, s.len);
	}
}

static void escape_terminal__hostile_text__is_harmless(void **state)
{
	struct vg_buf out = VG_BUF_INIT(1000);

	(void)state;
	vg_escape_terminal(&out, VG_STR("a\x1b[31mb\nc\xE2\x80\xAE\xFFñ"));
	assert_str(vg_buf_str(&out), "a\\x1B[31mb c\\u{202E}\\xFFñ");
	vg_buf_clear(&out);
	assert_int_equal(vg_escape_terminal_cut(&out, VG_STR("receta"), 4), 4);
	assert_str(vg_buf_str(&out), "rec…");
	vg_buf_clear(&out);
	assert_int_equal(vg_escape_terminal_cut(&out, VG_STR("药药药"), 5), 5);
	assert_str(vg_buf_str(&out), "药药…");
	vg_buf_clear(&out);
	assert_int_equal(vg_escape_terminal_cut(&out, VG_STR("sin"), 3), 3);
	assert_str(vg_buf_str(&out), "sin");
	vg_buf_release(&out);
}

static void sha256__fips_180_vector__matches(void **state)
{
	struct vg_digest digest, read;
	char hex[VG_SHA256_HEX];

	(void)state;
	assert_status(vg_sha256(VG_STR("abc"), &digest, NULL), VG_OK);
	vg_hex(digest.bytes, sizeof(digest.bytes), hex);
	assert_string_equal(
	    hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(vg_unhex(vg_str(hex), read.bytes, sizeof(read.bytes)));
	assert_true(vg_digest_eq(&digest, &read));
	assert_false(vg_unhex(VG_STR("zz"), read.bytes, 1));
}

static void base64__rfc4648_vectors__round_trip(void **state)
{
	static const char *const cases[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
	    {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
	struct vg_buf out = VG_BUF_INIT(100);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vg_buf_clear(&out);
		vg_base64_encode(vg_str(cases[i][0]), &out);
		assert_str(vg_buf_str(&out), cases[i][1]);
		vg_buf_clear(&out);
		assert_status(vg_base64_decode(vg_str(cases[i][1]), &out, NULL), VG_OK);
		assert_str(vg_buf_str(&out), cases[i][0]);
	}
	assert_status(vg_base64_decode(VG_STR("Zg="), &out, NULL), VG_E_INVALID);
	assert_status(vg_base64_decode(VG_STR("Z!=="), &out, NULL), VG_E_INVALID);
	vg_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(str_split__empty_pieces__are_kept),
	    cmocka_unit_test(str_to_i64__limits__are_exact),
	    cmocka_unit_test(str_find__table__first_offset),
	    cmocka_unit_test(str_sub__null_slice__stays_null),
	    cmocka_unit_test(utf8_next__malformed__maximal_subparts),
	    cmocka_unit_test(utf8_put__every_code_point__round_trips),
	    cmocka_unit_test(escape_terminal__hostile_text__is_harmless),
	    cmocka_unit_test(sha256__fips_180_vector__matches),
	    cmocka_unit_test(base64__rfc4648_vectors__round_trip),
	};

	return cmocka_run_group_tests_name("base/str", tests, NULL, NULL);
}
