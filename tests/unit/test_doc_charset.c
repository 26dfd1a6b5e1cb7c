/* SPDX-License-Identifier: MIT */
/* Content codings, charset detection, and conversion with its way back. */
#include "config.h"

#include "support/unit.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "doc/doc.h"

#define LIT(s)                                                                         \
	{                                                                              \
		(s), sizeof(s) - 1                                                     \
	}

static void detection(void **state)
{
	static const struct {
		struct vg_str payload;
		const char *type, *charset, *source;
	} cases[] = {
	    {LIT(""), "", "windows-1252", "default"},
	    {LIT("plain"), "", "windows-1252", "default"},
	    {LIT("ni\xC3\xB1o"), "", "utf-8", "guess"},
	    {LIT("ni\xF1o"), "", "windows-1252", "default"},
	    {LIT("x"), "text/html; charset=\"UTF-8\"", "utf-8", "header"},
	    {LIT("x"), "text/html; charset = latin1", "windows-1252", "header"},
	    {LIT("<meta charset=koi8-r>"), "text/html; charset=nonsense", "koi8-r",
		"meta"},
	    {LIT("<meta charset=koi8-r>"), "text/html; charset=big5", "big5", "header"},
	    {LIT("\xEF\xBB\xBFx"), "text/html; charset=big5", "utf-8", "bom"},
	    {LIT("\xFF\xFEx\0"), "", "utf-16le", "bom"},
	    {LIT("\xFE\xFF\0x"), "", "utf-16be", "bom"},
	    {LIT("<meta charset=utf-16>"), "", "utf-8", "meta"},
	    {LIT("<meta charset=x-user-defined>"), "", "windows-1252", "meta"},
	    {LIT("<meta content='text/html;charset=sjis' http-equiv=content-type>"), "",
		"shift_jis", "meta"},
	    {LIT("<!-- <meta charset=big5> --><meta charset=euc-kr>"), "", "euc-kr",
		"meta"},
	    {LIT("<?xml version=\"1.0\" encoding='windows-1251'?><r/>"), "",
		"windows-1251", "meta"},
	    {LIT("\xD2\xF0\xE0\xEC\xE0\xE4\xEE\xEB \xE1\xE5\xE7 "
		 "\xF0\xE5\xF6\xE5\xEF\xF2\xE0, "
		 "\xEA\xF3\xEF\xE8\xF2\xFC \xEE\xED\xEB\xE0\xE9\xED \xF1 "
		 "\xE4\xEE\xF1\xF2\xE0\xE2\xEA\xEE\xE9 \xEF\xEE \xE2\xF1\xE5\xE9 "
		 "\xD0\xEE\xF1\xF1\xE8\xE8"),
		"", "windows-1251", "guess"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
		struct vg_doc_input in = {
		    .payload = cases[i].payload, .content_type = vg_str(cases[i].type)};
		struct vg_doc *doc;
		struct vg_error err;

		assert_int_equal(vg_doc_read(arena, &in, &doc, &err), VG_OK);
		assert_true(vg_str_eqz(doc->charset, cases[i].charset));
		assert_string_equal(
		    vg_charset_source_name(doc->charset_source), cases[i].source);
		vg_arena_free(arena);
	}
}

/* Each: bytes, charset, text, and the document span of one word in it. */
static void conversion(void **state)
{
	static const struct {
		struct vg_str payload;
		const char *charset, *text, *word;
		size_t start, end;
	} cases[] = {
	    {LIT("a ni\xF1o \x80 z"), "windows-1252", "a niño € z", "€", 7, 8},
	    {LIT("a ni\xF1o \x80 z"), "windows-1252", "a niño € z", "niño", 2, 6},
	    {LIT("\xD2\xF0 z"), "windows-1251", "Тр z", "z", 3, 4},
	    {LIT("\xF4\xD2 z"), "koi8-r", "Тр z", "р", 1, 2},
	    {LIT("\xFF\xFE"
		 "a\0 \0\xF1\0b\0\x3D\xD8\x00\xDE z\0"),
		"utf-16", NULL,
		"\xC3\xB1"
		"b",
		6, 10},
	    {LIT("a \x83\x65\x83\x58 z"), "shift_jis", "a テス z", "ス", 4, 6},
	    {LIT("a \xA5\xC6\xA5\xB9 z"), "euc-jp", "a テス z", "z", 7, 8},
	    {LIT("a \x1B$B%F%9\x1B(B z"), "iso-2022-jp", "a テス z", "ス", 7, 9},
	    {LIT("\xC4\xE3\xBA\xC3 z"), "gb2312", "你好 z", "好", 2, 4},
	    {LIT("\xA7\x41\xA6\x6E z"), "big5", "你好 z", "z", 5, 6},
	    {LIT("\xC7\xD1 z"), "euc-kr", "한 z", "z", 3, 4},
	    {LIT("\x81\x30\x81\x30 z"), "gb18030", "\xC2\x80 z", "z", 5, 6},
	    {LIT("a \xFF\xE2\x82 z"), "utf-8", "a \xEF\xBF\xBD\xEF\xBF\xBD z", "z", 6,
		7},
	    {LIT("\x81z x"), "shift_jis", NULL, "x", 3, 4},
	    {LIT("\xE3\x81"), "euc-jp", "\xEF\xBF\xBD", NULL, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
		struct vg_str type =
		    vg_arena_printf(arena, "text/html; charset=%s", cases[i].charset);
		struct vg_doc_input in = {
		    .payload = cases[i].payload, .content_type = type};
		struct vg_doc *doc;
		struct vg_error err;
		size_t at, start, end;

		assert_int_equal(vg_doc_read(arena, &in, &doc, &err), VG_OK);
		assert_int_equal(doc->block_count, 1);
		if (cases[i].text)
			assert_true(vg_str_eqz(doc->blocks[0].text, cases[i].text));
		if (cases[i].word) {
			at = vg_str_find(doc->blocks[0].text, vg_str(cases[i].word), 0);
			assert_true(at != SIZE_MAX);
			vg_doc_block_span(doc, &doc->blocks[0], at,
			    at + strlen(cases[i].word), &start, &end);
			assert_int_equal(start, cases[i].start);
			assert_int_equal(end, cases[i].end);
		}
		vg_arena_free(arena);
	}
}

static struct vg_str gzip_of(struct vg_arena *arena, struct vg_str text, int window)
{
	z_stream z = {0};
	size_t room = text.len + 1024;
	char *out = vg_arena_alloc(arena, room);

	assert_int_equal(
	    deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
	memcpy(&z.next_in, &text.ptr, sizeof(text.ptr));
	z.avail_in = (uInt)text.len;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return (struct vg_str){out, room - z.avail_out};
}

static enum vg_status try_read(struct vg_arena *arena, struct vg_str payload,
    const char *encoding, size_t max, struct vg_doc **ret)
{
	struct vg_doc_input in = {.payload = payload,
	    .content_encoding = vg_str(encoding),
	    .max_document = max};
	struct vg_error err;

	return vg_doc_read(arena, &in, ret, &err);
}

static void codings(void **state)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_str text = VG_STR("<p>tramadol sin receta</p>"), packed, twice, zeros;
	static const char brotli[] = "\x0b\x02\x80hello\x03";
	char *z = vg_arena_alloc(arena, 256), *blank = vg_arena_alloc(arena, 8u << 20);
	struct vg_doc *doc;

	(void)state;
	packed = gzip_of(arena, text, 15 + 16);
	assert_int_equal(try_read(arena, packed, "gzip", 0, &doc), VG_OK);
	assert_true(vg_str_eq(doc->document, text));
	assert_false(doc->truncated);
	assert_int_equal(
	    try_read(arena, gzip_of(arena, text, 15), "deflate", 0, &doc), VG_OK);
	assert_true(vg_str_eq(doc->document, text));
	assert_int_equal(
	    try_read(arena, gzip_of(arena, text, -15), "Deflate", 0, &doc), VG_OK);
	assert_true(vg_str_eq(doc->document, text));
	twice = gzip_of(arena, packed, 15);
	assert_int_equal(
	    try_read(arena, twice, "x-gzip, identity, deflate", 0, &doc), VG_OK);
	assert_true(vg_str_eq(doc->document, text));
	packed.len -= 10;
	assert_int_equal(try_read(arena, packed, "gzip", 0, &doc), VG_OK);
	assert_true(doc->truncated && doc->document.len > 0);
	assert_true(vg_str_starts(text, doc->document));
	assert_int_equal(try_read(arena, text, "gzip", 0, &doc), VG_E_INVALID);
	assert_int_equal(try_read(arena, text, "br", 0, &doc), VG_E_INVALID);
	assert_int_equal(try_read(arena, text, "zstd", 0, &doc), VG_E_INVALID);
	assert_int_equal(
	    try_read(arena, text, "gzip,gzip,gzip,gzip,gzip", 0, &doc), VG_E_INVALID);
	assert_int_equal(try_read(arena, text, "utf-8", 0, &doc), VG_OK);
	assert_true(vg_str_eq(doc->document, text));
	packed = (struct vg_str){z, ZSTD_compress(z, 256, text.ptr, text.len, 1)};
	assert_int_equal(try_read(arena, packed, "zstd", 0, &doc), VG_OK);
	assert_true(vg_str_eq(doc->document, text));
	assert_int_equal(
	    try_read(arena, (struct vg_str){brotli, sizeof(brotli) - 1}, "br", 0, &doc),
	    VG_OK);
	assert_true(vg_str_eqz(doc->document, "hello"));
	/* A bomb stops at the cap, whichever it meets first. */
	zeros = gzip_of(arena, (struct vg_str){blank, 8u << 20}, 15 + 16);
	assert_int_equal(try_read(arena, zeros, "gzip", 0, &doc), VG_OK);
	assert_true(doc->truncated && doc->document.len <= 4u << 20);
	assert_int_equal(try_read(arena, zeros, "gzip", 1000, &doc), VG_OK);
	assert_true(doc->truncated && doc->document.len == 1000);
	assert_int_equal(try_read(arena, text, "", 5, &doc), VG_OK);
	assert_true(doc->truncated && doc->document.len == 5);
	vg_arena_free(arena);
}

/* The tables against the C library, where both follow the same standard. */
static void tables(void **state)
{
	static const char *const same[] = {"koi8-r", "iso-8859-2", "iso-8859-5",
	    "iso-8859-15", "windows-1251", "windows-1250", "windows-1256", "ibm866"};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		iconv_t cd = iconv_open("UTF-8", same[i]);

		assert_true(cd != (iconv_t)-1);
		for (unsigned b = 0xA1; b < 0x100; b++) {
			struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
			char byte = (char)b, out[8] = "", *in = &byte, *to = out;
			size_t left = 1, room = sizeof(out) - 1;
			struct vg_doc_input page = {.payload = {&byte, 1},
			    .content_type = vg_arena_printf(
				arena, "text/plain;charset=%s", same[i])};
			struct vg_doc *doc;
			struct vg_error err;

			if (iconv(cd, &in, &left, &to, &room) != (size_t)-1) {
				assert_int_equal(
				    vg_doc_read(arena, &page, &doc, &err), VG_OK);
				assert_true(vg_str_eqz(doc->utf8, out));
			}
			vg_arena_free(arena);
		}
		iconv_close(cd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(detection),
	    cmocka_unit_test(conversion),
	    cmocka_unit_test(codings),
	    cmocka_unit_test(tables),
	};
	struct vg_error err;

	if (vg_doc_prepare(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
