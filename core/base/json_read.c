/* SPDX-License-Identifier: MIT */
/* The JSON reader: recursive descent with a depth limit, spans, and a lenient mode for JSON-LD. */
#include "config.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct reader {
	struct vg_arena *arena;
	struct vg_str text;
	size_t pos;
	bool lenient;
	unsigned depth;
	struct vg_error *err;
};

static enum vg_status read_value(struct reader *r, struct vg_json *ret);

static enum vg_status reader_fail(
    struct reader *r, enum vg_status status, const char *reason)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < r->pos && i < r->text.len; i++) {
		column = r->text.ptr[i] == '\n' ? 1 : column + 1;
		line += r->text.ptr[i] == '\n';
	}
	return vg_fail(r->err, status, "line %zu column %zu: %s", line, column, reason);
}

static bool peek_is(const struct reader *r, char c)
{
	return r->pos < r->text.len && r->text.ptr[r->pos] == c;
}

static bool take(struct reader *r, struct vg_str word)
{
	if (!vg_str_starts(vg_str_sub(r->text, r->pos, r->text.len), word))
		return false;
	r->pos += word.len;
	return true;
}

/* Comments that templates leave around JSON-LD. */
static bool skip_comment(struct reader *r)
{
	static const struct {
		struct vg_str open, close;
	} kinds[] = {
	    {{"<!--", 4}, {"\n", 1}},
	    {{"-->", 3}, {"", 0}},
	    {{"//", 2}, {"\n", 1}},
	    {{"/*", 2}, {"*/", 2}},
	    {{"<![CDATA[", 9}, {"", 0}},
	    {{"]]>", 3}, {"", 0}},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t end;

		if (!take(r, kinds[i].open))
			continue;
		/* "<!--" alone opens; its JSON follows on the same line as often as on the next. */
		if (i == 0 || !kinds[i].close.len)
			return true;
		end = vg_str_find(r->text, kinds[i].close, r->pos);
		r->pos = end == SIZE_MAX ? r->text.len : end + kinds[i].close.len;
		return true;
	}
	return false;
}

static void skip_space(struct reader *r)
{
	do {
		while (r->pos < r->text.len && strchr(" \t\r\n", r->text.ptr[r->pos]) &&
		       r->text.ptr[r->pos])
			r->pos++;
	} while (r->lenient && skip_comment(r));
}

static bool read_hex4(struct reader *r, uint32_t *ret)
{
	uint32_t value = 0;

	if (r->text.len - r->pos < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		int digit = vg_hex_digit(r->text.ptr[r->pos + i]);

		if (digit < 0)
			return false;
		value = value << 4 | (uint32_t)digit;
	}
	r->pos += 4;
	*ret = value;
	return true;
}

/* After "\u": one code point, two escapes when they are a surrogate pair. */
static enum vg_status read_unicode_escape(struct reader *r, uint32_t *ret)
{
	uint32_t high, low;
	size_t after;

	if (!read_hex4(r, &high))
		return reader_fail(
		    r, VG_E_INVALID, "four hexadecimal digits must follow \\u");
	*ret = high;
	if (high < 0xD800 || high > 0xDFFF)
		return VG_OK;
	after = r->pos;
	*ret = VG_REPLACEMENT;
	if (high > 0xDBFF || !take(r, VG_STR("\\u")))
		return VG_OK;
	if (read_hex4(r, &low) && low >= 0xDC00 && low <= 0xDFFF)
		*ret = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
	else
		r->pos = after; /* the second escape stands for itself */
	return VG_OK;
}

static enum vg_status read_escape(struct reader *r, char *out, size_t *len)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	char c;

	r->pos++; /* the backslash */
	if (r->pos == r->text.len)
		return reader_fail(r, VG_E_INVALID, "the text ends inside a string");
	c = r->text.ptr[r->pos];
	found = c ? strchr(from, c) : NULL;
	if (c == 'u') {
		uint32_t point;
		enum vg_status status;

		r->pos++;
		status = read_unicode_escape(r, &point);
		if (!status)
			*len += vg_utf8_put(point, out + *len);
		return status;
	}
	if (!found && !r->lenient)
		return reader_fail(r, VG_E_INVALID, "unknown escape in a string");
	out[(*len)++] = found ? to[found - from] : c;
	r->pos++;
	return VG_OK;
}

static bool is_string_byte(const struct reader *r, unsigned char c)
{
	return c != '"' && c != '\\' && (c >= 0x20 || r->lenient);
}

/* The reader stands on the opening quote. Without escapes the slice is borrowed. */
static enum vg_status read_string(struct reader *r, struct vg_str *ret)
{
	size_t start = ++r->pos, len = 0, end;
	char *out;

	while (r->pos < r->text.len &&
	       is_string_byte(r, (unsigned char)r->text.ptr[r->pos]))
		r->pos++;
	if (peek_is(r, '"')) {
		*ret = vg_str_sub(r->text, start, r->pos++);
		return vg_utf8_valid(*ret) || r->lenient
			   ? VG_OK
			   : reader_fail(r, VG_E_INVALID, "a string is not UTF-8");
	}
	for (end = r->pos; end < r->text.len && r->text.ptr[end] != '"'; end++)
		end += r->text.ptr[end] == '\\';
	if (end >= r->text.len)
		return reader_fail(r, VG_E_INVALID, "the text ends inside a string");
	/* No escape is shorter than what it stands for, so the source length is room enough;
	 * only a lone surrogate (6 bytes) and U+FFFD (3) come near. */
	out = vg_arena_alloc(r->arena, end - start + 4);
	if (!out)
		return vg_fail(r->err, VG_E_NOMEM, "out of memory");
	for (r->pos = start; !peek_is(r, '"');) {
		enum vg_status status = VG_OK;

		if (r->pos >= r->text.len)
			return reader_fail(
			    r, VG_E_INVALID, "the text ends inside a string");
		if (peek_is(r, '\\'))
			status = read_escape(r, out, &len);
		else if (is_string_byte(r, (unsigned char)r->text.ptr[r->pos]))
			out[len++] = r->text.ptr[r->pos++];
		else
			status = reader_fail(
			    r, VG_E_INVALID, "a control character in a string");
		if (status)
			return status;
	}
	r->pos++;
	*ret = (struct vg_str){out, len};
	return vg_utf8_valid(*ret) || r->lenient
		   ? VG_OK
		   : reader_fail(r, VG_E_INVALID, "a string is not UTF-8");
}

static size_t take_digits(struct reader *r)
{
	size_t start = r->pos;

	while (r->pos < r->text.len && vg_is_digit(r->text.ptr[r->pos]))
		r->pos++;
	return r->pos - start;
}

static enum vg_status read_number(struct reader *r, struct vg_json *ret)
{
	size_t start = r->pos;
	bool good = true;

	if (peek_is(r, '-'))
		r->pos++;
	if (peek_is(r, '0'))
		r->pos++;
	else
		good = take_digits(r) > 0;
	if (good && peek_is(r, '.')) {
		r->pos++;
		good = take_digits(r) > 0;
	}
	if (good && (peek_is(r, 'e') || peek_is(r, 'E'))) {
		r->pos++;
		if (peek_is(r, '+') || peek_is(r, '-'))
			r->pos++;
		good = take_digits(r) > 0;
	}
	if (!good)
		return reader_fail(r, VG_E_INVALID, "not a JSON value");
	ret->type = VG_JSON_NUMBER;
	ret->text = vg_str_sub(r->text, start, r->pos);
	return VG_OK;
}

static enum vg_status read_member(
    struct reader *r, struct vg_json *parent, struct vg_json **last)
{
	struct vg_json *child = vg_arena_alloc(r->arena, sizeof(*child));
	enum vg_status status;

	if (!child)
		return vg_fail(r->err, VG_E_NOMEM, "out of memory");
	if (parent->type == VG_JSON_OBJECT) {
		if (!peek_is(r, '"'))
			return reader_fail(r, VG_E_INVALID,
			    "a member name in double quotes must come here");
		status = read_string(r, &child->key);
		if (status)
			return status;
		skip_space(r);
		if (!take(r, VG_STR(":")))
			return reader_fail(
			    r, VG_E_INVALID, "a colon must follow a member name");
		skip_space(r);
	}
	status = read_value(r, child);
	if (status)
		return status;
	if (*last)
		(*last)->next = child;
	else
		parent->first = child;
	*last = child;
	parent->count++;
	return VG_OK;
}

static enum vg_status read_container(struct reader *r, struct vg_json *ret)
{
	char close = r->text.ptr[r->pos] == '{' ? '}' : ']';
	struct vg_json *last = NULL;

	ret->type = close == '}' ? VG_JSON_OBJECT : VG_JSON_ARRAY;
	if (++r->depth > VG_JSON_DEPTH)
		return reader_fail(r, VG_E_LIMIT, "nested too deep");
	r->pos++;
	skip_space(r);
	while (!peek_is(r, close)) {
		enum vg_status status = read_member(r, ret, &last);

		if (status)
			return status;
		skip_space(r);
		if (peek_is(r, close))
			break;
		if (!take(r, VG_STR(",")))
			return reader_fail(r, VG_E_INVALID,
			    "a comma or the end of the list must come here");
		skip_space(r);
		if (peek_is(r, close) && !r->lenient)
			return reader_fail(
			    r, VG_E_INVALID, "a comma before the end of the list");
	}
	r->pos++;
	r->depth--;
	return VG_OK;
}

static enum vg_status read_value(struct reader *r, struct vg_json *ret)
{
	enum vg_status status = VG_OK;
	size_t start = r->pos;

	if (r->pos >= r->text.len)
		return reader_fail(
		    r, VG_E_INVALID, "the text ends where a value must come");
	if (peek_is(r, '{') || peek_is(r, '[')) {
		status = read_container(r, ret);
	} else if (peek_is(r, '"')) {
		ret->type = VG_JSON_STRING;
		status = read_string(r, &ret->text);
	} else if (take(r, VG_STR("true"))) {
		ret->type = VG_JSON_TRUE;
	} else if (take(r, VG_STR("false"))) {
		ret->type = VG_JSON_FALSE;
	} else if (take(r, VG_STR("null"))) {
		ret->type = VG_JSON_NULL;
	} else {
		status = read_number(r, ret);
	}
	ret->start = start;
	ret->end = r->pos;
	return status;
}

enum vg_status vg_json_parse(struct vg_arena *arena, struct vg_str text, unsigned flags,
    struct vg_json **ret, struct vg_error *err)
{
	struct reader r = {.arena = arena,
	    .text = text,
	    .err = err,
	    .lenient = flags & VG_JSON_LENIENT};
	struct vg_json *root = vg_arena_alloc(arena, sizeof(*root));
	enum vg_status status;

	if (!root)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	skip_space(&r);
	status = read_value(&r, root);
	if (status)
		return status;
	skip_space(&r);
	while (r.lenient && take(&r, VG_STR(";")))
		skip_space(&r);
	if (r.pos != text.len)
		return reader_fail(&r, VG_E_INVALID, "something follows the value");
	*ret = root;
	return VG_OK;
}

const struct vg_json *vg_json_get(const struct vg_json *object, const char *key)
{
	if (!object || object->type != VG_JSON_OBJECT)
		return NULL;
	for (const struct vg_json *child = object->first; child; child = child->next)
		if (vg_str_eqz(child->key, key))
			return child;
	return NULL;
}

struct vg_str vg_json_get_str(const struct vg_json *object, const char *key)
{
	const struct vg_json *member = vg_json_get(object, key);

	if (!member ||
	    (member->type != VG_JSON_STRING && member->type != VG_JSON_NUMBER))
		return (struct vg_str){NULL, 0};
	return member->text;
}

bool vg_json_get_true(const struct vg_json *object, const char *key)
{
	const struct vg_json *member = vg_json_get(object, key);

	return member && member->type == VG_JSON_TRUE;
}

bool vg_json_to_i64(const struct vg_json *number, int64_t *ret)
{
	return number && number->type == VG_JSON_NUMBER &&
	       vg_str_to_i64(number->text, ret);
}

bool vg_json_to_double(const struct vg_json *number, double *ret)
{
	char digits[64], *end;

	if (!number || number->type != VG_JSON_NUMBER ||
	    number->text.len >= sizeof(digits))
		return false;
	memcpy(digits, number->text.ptr, number->text.len);
	digits[number->text.len] = '\0';
	*ret = strtod(digits, &end);
	return !*end;
}
