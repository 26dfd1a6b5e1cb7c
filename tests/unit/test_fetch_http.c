/* SPDX-License-Identifier: MIT */
/* Framing: status lines, fields, chunks, whole and broken at every byte. */
#include "config.h"

#include "support/unit.h"

#include "fetch/http.h"

static void status_line__table(void **state)
{
	static const char *const bad[] = {"", "HTTP/1.1", "HTTP/1.1 20",
	    "HTTP/1.1 2x0 OK", "ICY 200 OK", "HTTP/1.1\n200 OK"};
	int status = 0;
	char version[8];

	(void)state;
	assert_true(
	    vg_http_status_line(VG_STR("HTTP/1.1 200 OK\r\n"), &status, version));
	assert_int_equal(status, 200);
	assert_string_equal(version, "1.1");
	assert_true(
	    vg_http_status_line(VG_STR("HTTP/1.000000000 404"), &status, version));
	assert_int_equal(status, 404);
	assert_string_equal(version, "1.00000");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(vg_http_status_line(vg_str(bad[i]), &status, version));
}

static void header__table(void **state)
{
	struct vg_str head =
	    VG_STR("HTTP/1.1 200 OK\r\nA: 1\r\na:\t2 \r\nAb: 3\r\nC:\nD : 4\r\n"
		   "Transfer-Encoding: gzip,\r\ntransfer-encoding: chunked ,\r\n\r\n");

	(void)state;
	assert_str(vg_http_header(head, "a", 0), "1");
	assert_str(vg_http_header(head, "A", 1), "2");
	assert_null(vg_http_header(head, "A", 2).ptr);
	assert_non_null(vg_http_header(head, "C", 0).ptr);
	assert_int_equal(vg_http_header(head, "C", 0).len, 0);
	assert_null(vg_http_header(head, "D", 0).ptr);
	assert_null(vg_http_header((struct vg_str){0}, "D", 0).ptr);
	assert_true(vg_http_is_chunked(head));
	assert_false(vg_http_is_chunked(
	    VG_STR("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n")));
}

static void is_field_value__table(void **state)
{
	(void)state;
	assert_true(vg_http_is_field_value(VG_STR("")));
	assert_true(vg_http_is_field_value(VG_STR("W/\"a b\t\xe9\"")));
	assert_false(vg_http_is_field_value(VG_STR("a\rb")));
	assert_false(vg_http_is_field_value(VG_STR("a\x01")));
	assert_false(vg_http_is_field_value((struct vg_str){"a\0b", 3}));
	assert_false(vg_http_is_field_value(VG_STR("\x7f")));
}

static void content_type__table(void **state)
{
	static const struct {
		const char *head, *type;
	} rows[] = {
	    {"HTTP/1.1 200 OK\r\n\r\n", ""},
	    {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", "text/html"},
	    {"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
	     "content-type: text/html; charset=utf-8\r\n\r\n",
		"text/html; charset=utf-8"},
	    {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: */*\r\n"
	     "Content-Type: nonsense\r\n\r\n",
		"text/html"},
	    {"HTTP/1.1 200 OK\r\nContent-Type: image/gif, text/html\r\n\r\n",
		"text/html"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_str(vg_http_content_type(vg_str(rows[i].head)), rows[i].type);
}

static void dechunk__table(void **state)
{
	static const struct {
		const char *raw, *data;
		enum vg_chunked end;
	} rows[] = {
	    {"5\r\nhello\r\n0\r\n\r\n", "hello", VG_CHUNKED_DONE},
	    {"5;a=b\r\nhello\r\n00\r\nTrailer: x\r\n\r\n", "hello", VG_CHUNKED_DONE},
	    {"5\nhello\n0\n\n", "hello", VG_CHUNKED_DONE},
	    {"A \r\n0123456789\r\n0\r\n", "0123456789", VG_CHUNKED_DONE},
	    {"0\r\n\r\nsurplus", "", VG_CHUNKED_DONE},
	    {"", "", VG_CHUNKED_INCOMPLETE},
	    {"5\r\nhel", "hel", VG_CHUNKED_INCOMPLETE},
	    {"5\r\nhello\r\n", "hello", VG_CHUNKED_INCOMPLETE},
	    {"5\r\nhelloX", "hello", VG_CHUNKED_BROKEN},
	    {"x\r\n", "", VG_CHUNKED_BROKEN},
	    {"-5\r\nhello", "", VG_CHUNKED_BROKEN},
	    {" 5\r\nhello", "", VG_CHUNKED_BROKEN},
	    {"0x5\r\nhello", "", VG_CHUNKED_BROKEN},
	    {"ffffffffffffffff\r\nabc", "abc", VG_CHUNKED_INCOMPLETE},
	    {"fffffffffffffffff\r\nabc", "", VG_CHUNKED_BROKEN},
	    {"5\r\nhello\r\n\r\n", "hello", VG_CHUNKED_BROKEN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vg_buf out = VG_BUF_INIT(100);

		assert_int_equal(
		    vg_http_dechunk(vg_str(rows[i].raw), &out), rows[i].end);
		assert_str(vg_buf_str(&out), rows[i].data);
		vg_buf_release(&out);
	}
}

static void dechunk__every_cut__incomplete(void **state)
{
	struct vg_str raw = VG_STR("5\r\nhello\r\n3;x=\"y\"\r\n wo\r\n0\r\n");

	(void)state;
	for (size_t n = 0; n < raw.len; n++) {
		struct vg_buf out = VG_BUF_INIT(100);

		assert_int_equal(vg_http_dechunk(vg_str_sub(raw, 0, n), &out),
		    VG_CHUNKED_INCOMPLETE);
		assert_true(vg_str_starts(VG_STR("hello wo"), vg_buf_str(&out)));
		vg_buf_release(&out);
	}
}

static void dechunk__full_buffer__broken(void **state)
{
	struct vg_buf out = VG_BUF_INIT(4);

	(void)state;
	assert_int_equal(
	    vg_http_dechunk(VG_STR("5\r\nhello\r\n0\r\n"), &out), VG_CHUNKED_BROKEN);
	vg_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(status_line__table),
	    cmocka_unit_test(header__table),
	    cmocka_unit_test(is_field_value__table),
	    cmocka_unit_test(content_type__table),
	    cmocka_unit_test(dechunk__table),
	    cmocka_unit_test(dechunk__every_cut__incomplete),
	    cmocka_unit_test(dechunk__full_buffer__broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
