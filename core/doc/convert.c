/* SPDX-License-Identifier: MIT */
/* Converters: UTF-8 and UTF-16 here, single bytes by table, the rest by iconv a character at a time. */
#include "config.h"

#include "doc/convert.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/size.h"
#include "base/utf8.h"
#include "doc/charset.h"

#define MAX_RUNS ((size_t)4 << 20)
#define RUN_BYTES 256 /* of UTF-8: how far an offset is walked */

enum multibyte { GB18030, BIG5, EUC_JP, ISO_2022_JP, SHIFT_JIS, EUC_KR, MULTIBYTES };

/* glibc's converters that come nearest to the standard's indexes. */
static const struct {
	const char *charset, *iconv;
} converters[MULTIBYTES] = {
    [GB18030] = {"gb18030", "GB18030"},
    [BIG5] = {"big5", "BIG5-HKSCS"},
    [EUC_JP] = {"euc-jp", "EUC-JP-MS"},
    [ISO_2022_JP] = {"iso-2022-jp", "ISO-2022-JP"},
    [SHIFT_JIS] = {"shift_jis", "CP932"},
    [EUC_KR] = {"euc-kr", "CP949"},
};

/*
 * The one mutable state of this room: converters are loaded by dlopen, which a sandbox forbids later.
 * Written once, before the first page; one thread reads pages.
 */
static iconv_t handles[MULTIBYTES];
static bool prepared;

enum vg_status vg_convert_prepare(struct vg_error *err)
{
	if (prepared)
		return VG_OK;
	for (size_t i = 0; i < MULTIBYTES; i++) {
		iconv_t handle = iconv_open("UTF-8", converters[i].iconv);

		if (handle == (iconv_t)-1) {
			while (i)
				iconv_close(handles[--i]);
			return vg_fail(err, VG_E_UNSUPPORTED,
			    "iconv cannot convert %s: gconv modules are missing",
			    converters[i].iconv);
		}
		handles[i] = handle;
	}
	prepared = true;
	return VG_OK;
}

size_t vg_convert_valid_utf8(struct vg_str s, bool *ret_ascii)
{
	size_t i = 0;
	bool ascii = true;

	while (i < s.len) {
		size_t at = i;
		uint64_t word;

		while (s.len - i >= 8) {
			memcpy(&word, s.ptr + i, 8);
			if (word & UINT64_C(0x8080808080808080))
				break;
			i += 8;
		}
		while (i < s.len && (unsigned char)s.ptr[i] < 0x80)
			i++;
		if (i >= s.len)
			break;
		at = i;
		/* U+FFFD itself is three bytes that begin with EF. */
		if (vg_utf8_next(s, &i) == VG_REPLACEMENT &&
		    !vg_str_starts(vg_str_sub(s, at, s.len), VG_STR("\xEF\xBF\xBD"))) {
			i = at;
			break;
		}
		ascii = false;
	}
	*ret_ascii = ascii;
	return i;
}

struct convert {
	struct vg_str in;
	size_t pos; /* document bytes read */
	struct vg_buf out;
	struct vg_vec runs;
	size_t expected; /* where the last run would go on */
	bool full;
};

/* Tells the map that what is appended next stands at c->pos, `bytes` of the document a character. */
static void map_here(struct convert *c, unsigned bytes)
{
	struct vg_convert_run *run =
	    c->runs.len ? vg_vec_at(&c->runs, c->runs.len - 1) : NULL;

	if (run && run->bytes == bytes && c->expected == c->pos &&
	    (!bytes || c->out.len - run->utf8 < RUN_BYTES))
		return;
	run = vg_vec_push(&c->runs);
	if (!run) {
		c->full = true;
		return;
	}
	run->utf8 = (uint32_t)c->out.len;
	run->document = (uint32_t)c->pos & 0x1FFFFFFFu;
	run->bytes = bytes & 7u;
}

/* One character made of the next `bytes` bytes of the document. */
static void put_point(struct convert *c, uint32_t point, unsigned bytes)
{
	char text[4];

	map_here(c, bytes);
	if (c->full)
		return;
	vg_buf_add(&c->out, text, vg_utf8_put(point, text));
	c->pos += bytes;
	c->expected = c->pos;
}

static void put_ascii(struct convert *c, size_t len)
{
	map_here(c, 0);
	if (c->full)
		return;
	vg_buf_add(&c->out, c->in.ptr + c->pos, len);
	c->pos += len;
	c->expected = c->pos;
}

static bool going(const struct convert *c)
{
	return c->pos < c->in.len && !c->full && !c->out.status;
}

static void convert_utf8(struct convert *c)
{
	while (going(c)) {
		bool ascii;
		size_t valid =
		    vg_convert_valid_utf8(vg_str_sub(c->in, c->pos, c->in.len), &ascii);

		if (valid)
			put_ascii(c, valid);
		if (going(c)) {
			size_t next = c->pos;

			(void)vg_utf8_next(c->in, &next);
			put_point(c, VG_REPLACEMENT, (unsigned)(next - c->pos));
		}
	}
}

static void convert_utf16(struct convert *c, bool big)
{
	while (going(c)) {
		const unsigned char *p = (const unsigned char *)c->in.ptr + c->pos;
		size_t left = c->in.len - c->pos;
		uint32_t unit, low;

		if (left < 2) {
			put_point(c, VG_REPLACEMENT, 1);
			break;
		}
		unit = big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
		if (unit >= 0xD800 && unit <= 0xDBFF && left >= 4) {
			low = big ? (uint32_t)p[2] << 8 | p[3]
				  : (uint32_t)p[3] << 8 | p[2];
			if (low >= 0xDC00 && low <= 0xDFFF) {
				put_point(c,
				    0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00),
				    4);
				continue;
			}
		}
		put_point(c, unit, 2); /* a lone surrogate becomes U+FFFD */
	}
}

/* Bytes of the front of `in` that are below 0x80. */
static size_t ascii_run(struct vg_str in)
{
	size_t i = 0;

	while (i < in.len && (unsigned char)in.ptr[i] < 0x80)
		i++;
	return i;
}

static void convert_table(struct convert *c, const uint16_t *high)
{
	while (going(c)) {
		struct vg_str rest = vg_str_sub(c->in, c->pos, c->pos + RUN_BYTES);
		size_t len = ascii_run(rest);

		if (len) {
			map_here(c, 1);
			vg_buf_add(&c->out, rest.ptr, len);
			c->expected = c->pos += len;
		} else {
			put_point(c, high[(unsigned char)rest.ptr[0] - 0x80], 1);
		}
	}
}

/* How many bytes the character at the front would have by its lead byte. */
static size_t char_length(enum multibyte kind, struct vg_str in)
{
	unsigned char lead = (unsigned char)in.ptr[0];
	unsigned char second = in.len > 1 ? (unsigned char)in.ptr[1] : 0;

	switch (kind) {
	case GB18030:
		return second >= 0x30 && second <= 0x39 ? 4 : 2;
	case EUC_JP:
		return lead == 0x8F ? 3 : 2;
	case SHIFT_JIS:
		return (lead >= 0xA1 && lead <= 0xDF) || lead == 0x80 ? 1 : 2;
	default:
		return 2;
	}
}

/* Feeds one character; false when it is none. Big5 has pairs that become two code points. */
static bool iconv_char(iconv_t handle, struct vg_str in, char out[16], size_t *ret_len)
{
	char copy[8], *from = copy, *to = out;
	size_t left = in.len, room = 16;

	memcpy(copy, in.ptr, in.len);
	if (iconv(handle, &from, &left, &to, &room) == (size_t)-1 || left ||
	    iconv(handle, NULL, NULL, &to, &room) == (size_t)-1)
		return false;
	*ret_len = 16 - room;
	return *ret_len > 0;
}

static void convert_multibyte(struct convert *c, enum multibyte kind)
{
	while (going(c)) {
		struct vg_str rest = vg_str_sub(c->in, c->pos, c->in.len);
		size_t len = ascii_run(rest), made;
		char text[16];

		if (len) {
			put_ascii(c, len);
			continue;
		}
		len = char_length(kind, rest);
		if (len <= rest.len &&
		    iconv_char(handles[kind], vg_str_sub(rest, 0, len), text, &made)) {
			map_here(c, (unsigned)len);
			vg_buf_add(&c->out, text, made);
			c->pos += len;
			/* Two code points of one character: the run cannot go on. */
			c->expected = made > 4 ? SIZE_MAX : c->pos;
			continue;
		}
		(void)iconv(handles[kind], NULL, NULL, NULL, NULL);
		/* An ASCII byte is never swallowed by a broken lead byte. */
		put_point(c, VG_REPLACEMENT,
		    rest.len > 1 && (unsigned char)rest.ptr[1] >= 0x80 && len > 1 ? 2
										  : 1);
	}
}

/* Both bytes of a character of two: iconv takes control bytes for characters of one even there. */
static bool is_pair(struct vg_str in)
{
	return in.len >= 2 && in.ptr[0] > ' ' && in.ptr[0] <= '~' && in.ptr[1] > ' ' &&
	       in.ptr[1] <= '~';
}

/* ISO-2022-JP: escapes switch between one and two bytes a character. */
static void convert_iso2022jp(struct convert *c)
{
	static const struct {
		struct vg_str escape;
		size_t bytes;
	} sets[] = {{{"\x1B(B", 3}, 1}, {{"\x1B(J", 3}, 1}, {{"\x1B$@", 3}, 2},
	    {{"\x1B$B", 3}, 2}};
	const struct vg_str *escape = &sets[0].escape;
	size_t bytes = 1, made;

	while (going(c)) {
		struct vg_str rest = vg_str_sub(c->in, c->pos, c->in.len);
		char in[8], text[16];
		bool switched = false;

		for (size_t i = 0; i < 4; i++) {
			if (vg_str_starts(rest, sets[i].escape)) {
				escape = &sets[i].escape;
				bytes = sets[i].bytes;
				c->pos += 3;
				switched = true;
				break;
			}
		}
		if (switched)
			continue;
		/* A line's end returns to ASCII. */
		if (bytes == 2 && (rest.ptr[0] == '\n' || rest.ptr[0] == '\r'))
			bytes = 1;
		if (bytes == 1) {
			unsigned char byte = (unsigned char)rest.ptr[0];

			put_point(c, byte < 0x80 ? byte : VG_REPLACEMENT, 1);
			continue;
		}
		memcpy(in, escape->ptr, 3);
		memcpy(in + 3, rest.ptr, vg_size_min(2, rest.len));
		if (is_pair(rest) && iconv_char(handles[ISO_2022_JP],
					 (struct vg_str){in, 5}, text, &made)) {
			map_here(c, 2);
			vg_buf_add(&c->out, text, made);
			c->expected = c->pos += 2;
			continue;
		}
		(void)iconv(handles[ISO_2022_JP], NULL, NULL, NULL, NULL);
		put_point(c, VG_REPLACEMENT, 1);
	}
}

static const uint16_t *table_of(const char *charset)
{
	if (!strcmp(charset, "iso-8859-8-i"))
		charset = "iso-8859-8"; /* the same bytes, written in logical order */
	for (size_t i = 0; i < VG_SINGLE_BYTE_COUNT; i++)
		if (!strcmp(vg_single_bytes[i].name, charset))
			return vg_single_bytes[i].high;
	return NULL;
}

static void convert_named(struct convert *c, const char *charset)
{
	const uint16_t *table = table_of(charset);
	uint16_t private_use[128];

	if (table) {
		convert_table(c, table);
		return;
	}
	if (!strcmp(charset, "utf-16le") || !strcmp(charset, "utf-16be")) {
		convert_utf16(c, charset[6] == 'b');
		return;
	}
	if (!strcmp(charset, "gbk"))
		charset = "gb18030"; /* the standard decodes both alike */
	for (size_t i = 0; i < MULTIBYTES; i++) {
		if (strcmp(converters[i].charset, charset))
			continue;
		if (i == ISO_2022_JP)
			convert_iso2022jp(c);
		else
			convert_multibyte(c, (enum multibyte)i);
		return;
	}
	if (!strcmp(charset, "x-user-defined")) {
		for (size_t i = 0; i < 128; i++)
			private_use[i] = (uint16_t)(0xF780 + i);
		convert_table(c, private_use);
		return;
	}
	convert_utf8(c); /* "replacement" too: its ASCII stays readable */
}

static void release_convert(void *ctx)
{
	struct convert *c = ctx;

	vg_buf_release(&c->out);
	vg_vec_release(&c->runs);
}

static bool is_ascii_compatible(const char *charset)
{
	return strncmp(charset, "utf-16", 6) && strcmp(charset, "iso-2022-jp");
}

enum vg_status vg_convert(struct vg_arena *arena, const struct vg_convert_input *in,
    struct vg_converted *ret, struct vg_error *err)
{
	struct vg_str document = vg_str_sub(in->document, 0, VG_CONVERT_MAX);
	bool truncated = document.len < in->document.len;
	struct convert *c;
	enum vg_status status;

	if (in->valid >= document.len &&
	    (!strcmp(in->charset, "utf-8") ||
		(in->ascii && is_ascii_compatible(in->charset)))) {
		*ret = (struct vg_converted){.truncated = truncated};
		ret->utf8 = vg_str_sub(document, in->bom, document.len);
		ret->map.bom = in->bom;
		ret->map.document_len = document.len;
		return VG_OK;
	}
	status = vg_convert_prepare(err);
	if (status)
		return status;
	c = vg_arena_alloc(arena, sizeof(*c));
	if (!c || vg_arena_defer(arena, release_convert, c))
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	c->in = document;
	c->pos = in->bom;
	c->out = VG_BUF_INIT((size_t)UINT32_MAX / 4 * 3);
	c->runs = VG_VEC_INIT(struct vg_convert_run, MAX_RUNS, NULL);
	(void)vg_buf_reserve(&c->out, document.len + document.len / 8);
	convert_named(c, in->charset);
	status = vg_buf_status(&c->out, err);
	if (status)
		return status;
	*ret = (struct vg_converted){vg_buf_str(&c->out),
	    {c->runs, in->bom, document.len}, truncated || c->full};
	return VG_OK;
}

/* The last run that begins at or before `at`. */
static const struct vg_convert_run *run_at(const struct vg_convert_map *map, size_t at)
{
	const struct vg_convert_run *runs = map->runs.items;
	size_t low = 0, high = map->runs.len;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (runs[mid].utf8 <= at)
			low = mid;
		else
			high = mid;
	}
	return &runs[low];
}

size_t vg_convert_offset(const struct vg_converted *c, size_t at, bool end)
{
	const struct vg_convert_run *run;
	size_t document, max = c->map.document_len;

	if (!c->map.runs.len)
		return vg_size_min(at + c->map.bom, max);
	/* The end of a span is the end of its last character, wherever the next begins. */
	run = run_at(&c->map, end && at ? at - 1 : at);
	if (!run->bytes)
		return vg_size_min(run->document + (at - run->utf8), max);
	document = run->document;
	for (size_t i = run->utf8; i < at && i < c->utf8.len;) {
		size_t next = i + 1;

		while (next < c->utf8.len &&
		       ((unsigned char)c->utf8.ptr[next] & 0xC0) == 0x80)
			next++;
		if (next > at && !end)
			break;
		document += run->bytes;
		i = next;
	}
	return vg_size_min(document, max);
}
