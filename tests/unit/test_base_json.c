/* SPDX-License-Identifier: MIT */
/* base/json against RFC 8259, and against jansson as an independent reader. */
#include "config.h"

#include "support/unit.h"

#include <stdlib.h>

#include <jansson.h>

#include "base/json.h"

static const char *const accepted[] = {"0", "-0", "1e5", "9007199254740993", "\"\"",
    "[]", "{}", " [1 , 2]\n", "{\"a\":{\"b\":[null,true,false]}}", "\"\\u00e9\\n\\\"\"",
    "\"\\ud83d\\ude00\"", "\"\xE2\x82\xAC\"", "[1.5E-3]", "\"\\/\""};
static const char *const refused[] = {"", "[1,2,]", "[01]", "[1] x", "{'a':1}", "[NaN]",
    "[+1]", "[.5]", "[1.]", "\"\n\"", "\"\\x\"", "\"\\u12g4\"", "\"\xFF\"", "{\"a\"}",
    "{\"a\":1,}", "[1", "\"abc", "tru", "{1:2}", "\"\\", "[1e]", "// c\n1"};

static void json_parse__accepted_and_refused__as_jansson(void **state)
{
	struct vg_arena *a = vg_arena_new(1 << 20);
	struct vg_json *root;

	(void)state;
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		json_t *oracle =
		    json_loads(accepted[i], JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

		assert_non_null(oracle);
		json_decref(oracle);
		assert_status(
		    vg_json_parse(a, vg_str(accepted[i]), 0, &root, NULL), VG_OK);
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_null(json_loads(refused[i], JSON_DECODE_ANY, NULL));
		assert_status(
		    vg_json_parse(a, vg_str(refused[i]), 0, &root, NULL), VG_E_INVALID);
	}
	vg_arena_free(a);
}

static void json_parse__values__have_spans_and_exact_numbers(void **state)
{
	struct vg_str text =
	    VG_STR("{ \"price\": 9007199254740993.10, \"n\\u0061me\": \"a\\nb\" }");
	struct vg_arena *a = vg_arena_new(1 << 20);
	struct vg_json *root;
	const struct vg_json *price;

	(void)state;
	assert_status(vg_json_parse(a, text, 0, &root, NULL), VG_OK);
	price = vg_json_get(root, "price");
	assert_str(price->text, "9007199254740993.10");
	assert_str(vg_str_sub(text, price->start, price->end), "9007199254740993.10");
	assert_str(vg_json_get_str(root, "name"), "a\nb");
	assert_int_equal(root->count, 2);
	assert_null(vg_json_get(root, "absent"));
	assert_null(vg_json_get_str(NULL, "x").ptr);
	vg_arena_free(a);
}

static void json_parse__lone_surrogates__become_replacements(void **state)
{
	static const char *const cases[][2] = {{"\"\\ud800\"", "\xEF\xBF\xBD"},
	    {"\"\\udc00x\"", "\xEF\xBF\xBDx"},
	    {"\"\\ud800\\u0041\"", "\xEF\xBF\xBD"
				   "A"},
	    {"\"\\ud800\\ud83d\\ude00\"", "\xEF\xBF\xBD\xF0\x9F\x98\x80"}};
	struct vg_arena *a = vg_arena_new(1 << 20);
	struct vg_json *root;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_status(
		    vg_json_parse(a, vg_str(cases[i][0]), 0, &root, NULL), VG_OK);
		assert_str(root->text, cases[i][1]);
	}
	assert_status(vg_json_parse(a, VG_STR("\"a\\u0000b\""), 0, &root, NULL), VG_OK);
	assert_int_equal(root->text.len, 3);
	vg_arena_free(a);
}

static void json_parse__nesting__stops_at_its_limit(void **state)
{
	struct vg_arena *a = vg_arena_new(1 << 20);
	struct vg_json *root;
	struct vg_error err;
	char deep[200000];

	(void)state;
	memset(deep, '[', sizeof(deep));
	assert_status(
	    vg_json_parse(a, (struct vg_str){deep, sizeof(deep)}, 0, &root, &err),
	    VG_E_LIMIT);
	assert_string_equal(err.msg, "line 1 column 65: nested too deep");
	vg_arena_free(a);
}

static void json_parse__lenient__reads_what_templates_write(void **state)
{
	static const char *const cases[] = {"<!-- {\"a\":\"b\"} -->", "{\"a\":\"b\",}",
	    "/* c */ {\"a\":\"b\"};", "//<![CDATA[\n{\"a\":\"b\"}\n//]]>",
	    "{\"a\":\"b\"}\n<!-- -->"};
	struct vg_arena *a = vg_arena_new(1 << 20);
	struct vg_json *root;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_status(
		    vg_json_parse(a, vg_str(cases[i]), VG_JSON_LENIENT, &root, NULL),
		    VG_OK);
		assert_str(vg_json_get_str(root, "a"), "b");
	}
	assert_status(
	    vg_json_parse(a, VG_STR("{\"a\":\"x\ny\"}"), VG_JSON_LENIENT, &root, NULL),
	    VG_OK);
	assert_str(vg_json_get_str(root, "a"), "x\ny");
	vg_arena_free(a);
}

static void json_write__any_bytes__are_read_back_by_jansson(void **state)
{
	struct vg_buf out = VG_BUF_INIT(10000);
	struct vg_json_writer w = vg_json_writer(&out);
	json_t *oracle;

	(void)state;
	vg_jw_object(&w);
	vg_jw_kstr(&w, "text", VG_STR("q\"\\\n\x01\x7F\xC3\xA9\xFF"));
	vg_jw_kint(&w, "min", INT64_MIN);
	vg_jw_key(&w, "list");
	vg_jw_array(&w);
	vg_jw_bool(&w, true);
	vg_jw_null(&w);
	vg_jw_fixed(&w, 0.98765, 3);
	vg_jw_array(&w);
	vg_jw_end_array(&w);
	vg_jw_end_array(&w);
	vg_jw_kstr(&w, "none", (struct vg_str){NULL, 0});
	vg_jw_end_object(&w);
	assert_str(vg_buf_str(&out),
	    "{\"text\":\"q\\\"\\\\\\n\\u0001\\u007f\xC3\xA9\xEF\xBF\xBD\",\"min\":"
	    "-9223372036854775808,\"list\":[true,null,0.988,[]],\"none\":null}");
	oracle = json_loadb(out.ptr, out.len, 0, NULL);
	assert_non_null(oracle);
	json_decref(oracle);
	vg_buf_release(&out);
}

static void json_write__parsed_value__round_trips(void **state)
{
	struct vg_str text = VG_STR("{\"a\":[1,{\"b\":null}],\"c\":\"x\",\"d\":1.50}");
	struct vg_arena *a = vg_arena_new(1 << 20);
	struct vg_buf out = VG_BUF_INIT(10000);
	struct vg_json_writer w = vg_json_writer(&out);
	struct vg_json *root;

	(void)state;
	assert_status(vg_json_parse(a, text, 0, &root, NULL), VG_OK);
	vg_jw_value(&w, root);
	assert_true(vg_str_eq(vg_buf_str(&out), text));
	vg_buf_release(&out);
	vg_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(json_parse__accepted_and_refused__as_jansson),
	    cmocka_unit_test(json_parse__values__have_spans_and_exact_numbers),
	    cmocka_unit_test(json_parse__lone_surrogates__become_replacements),
	    cmocka_unit_test(json_parse__nesting__stops_at_its_limit),
	    cmocka_unit_test(json_parse__lenient__reads_what_templates_write),
	    cmocka_unit_test(json_write__any_bytes__are_read_back_by_jansson),
	    cmocka_unit_test(json_write__parsed_value__round_trips),
	};

	return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
