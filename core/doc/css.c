/* SPDX-License-Identifier: MIT */
/* A recursive-descent parser of selectors. */
#include "config.h"

#include "doc/css.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

#define MAX_NESTING 8u    /* :not(:is(:not(…))) */
#define MAX_COMPOUNDS 32u /* of one complex selector */

struct parser {
	struct vg_arena *arena;
	struct vg_str in;
	size_t pos;
	unsigned depth;
	struct vg_error *err;
};

/* Where tests are hung as they are read. */
struct tests {
	struct vg_css_test *first, *last;
};

static enum vg_status parse_list(
    struct parser *p, bool relative, const struct vg_css **ret);

static enum vg_status bad(struct parser *p, const char *what)
{
	return vg_fail(p->err, VG_E_INVALID, "selector, byte %zu: %s", p->pos, what);
}

static char peek(const struct parser *p)
{
	return p->pos < p->in.len ? p->in.ptr[p->pos] : '\0';
}

static bool accept(struct parser *p, char c)
{
	if (p->pos >= p->in.len || p->in.ptr[p->pos] != c)
		return false;
	p->pos++;
	return true;
}

static bool skip_space(struct parser *p)
{
	size_t from = p->pos;

	while (p->pos < p->in.len && vg_is_space(p->in.ptr[p->pos]))
		p->pos++;
	return p->pos > from;
}

static bool is_name_char(char c)
{
	return vg_is_alnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* CSS Syntax 4.3.7: a backslash, then hex digits and one space, or any other character. */
static void read_escape(struct parser *p, struct vg_buf *out)
{
	uint32_t code = 0;
	int digits = 0;

	p->pos++;
	while (digits < 6 && p->pos < p->in.len && vg_hex_digit(peek(p)) >= 0) {
		code = code * 16 + (uint32_t)vg_hex_digit(peek(p));
		p->pos++;
		digits++;
	}
	if (digits > 0) {
		if (vg_is_space(peek(p)))
			p->pos++;
		vg_buf_add_utf8(out, code == 0 ? VG_REPLACEMENT : code);
	} else if (p->pos < p->in.len) {
		vg_buf_add_utf8(out, vg_utf8_next(p->in, &p->pos));
	}
}

static enum vg_status keep(struct parser *p, struct vg_buf *b, struct vg_str *ret)
{
	enum vg_status st = vg_buf_status(b, p->err);
	struct vg_str copy;

	if (st == VG_OK) {
		copy = vg_arena_str(p->arena, vg_buf_str(b));
		if (copy.ptr == NULL)
			st = vg_fail(p->err, VG_E_NOMEM, "out of memory");
		else
			*ret = copy;
	}
	vg_buf_release(b);
	return st;
}

static enum vg_status read_ident(struct parser *p, struct vg_str *ret)
{
	struct vg_buf b = VG_BUF_INIT(VG_CSS_MAX);

	if (vg_is_digit(peek(p)))
		return bad(p, "a name begins with a digit");
	while (p->pos < p->in.len && (is_name_char(peek(p)) || peek(p) == '\\')) {
		if (peek(p) == '\\')
			read_escape(p, &b);
		else
			vg_buf_addc(&b, p->in.ptr[p->pos++]);
	}
	if (b.len == 0) {
		vg_buf_release(&b);
		return bad(p, "a name is expected");
	}
	return keep(p, &b, ret);
}

static enum vg_status read_string(struct parser *p, struct vg_str *ret)
{
	struct vg_buf b = VG_BUF_INIT(VG_CSS_MAX);
	char quote = p->in.ptr[p->pos++];

	while (p->pos < p->in.len && peek(p) != quote) {
		if (peek(p) == '\\')
			read_escape(p, &b);
		else
			vg_buf_addc(&b, p->in.ptr[p->pos++]);
	}
	if (!accept(p, quote)) {
		vg_buf_release(&b);
		return bad(p, "the string does not end");
	}
	return keep(p, &b, ret);
}

static struct vg_str lower_copy(struct parser *p, struct vg_str s)
{
	char *copy = vg_arena_alloc(p->arena, s.len + 1);

	if (copy == NULL)
		return (struct vg_str){0};
	for (size_t i = 0; i < s.len; i++)
		copy[i] = vg_lower(s.ptr[i]);
	return (struct vg_str){copy, s.len};
}

static enum vg_status out_of_memory(struct parser *p)
{
	return vg_fail(p->err, VG_E_NOMEM, "out of memory");
}

static enum vg_status add_test(
    struct parser *p, struct tests *out, struct vg_css_test like)
{
	struct vg_css_test *t = vg_arena_alloc(p->arena, sizeof(*t));

	if (t == NULL)
		return out_of_memory(p);
	*t = like;
	if (out->first == NULL)
		out->first = t;
	else
		out->last->next = t;
	out->last = t;
	return VG_OK;
}

/* Selectors 6.3.2: nothing matches an empty substring, or a word with spaces. */
static bool can_match(char op, struct vg_str value)
{
	if (op == '~')
		for (size_t i = 0; i < value.len; i++)
			if (vg_is_space(value.ptr[i]))
				return false;
	return value.len > 0 || (op != '~' && op != '^' && op != '$' && op != '*');
}

/* Behind `[`: the operator and the value. */
static enum vg_status parse_attr_value(struct parser *p, struct vg_css_test *ret)
{
	enum vg_status st;

	ret->op = '=';
	if (peek(p) != '=' && peek(p) != '\0' &&
	    vg_str_chr(VG_STR("~|^$*"), peek(p), 0) != SIZE_MAX)
		ret->op = p->in.ptr[p->pos++];
	if (!accept(p, '='))
		return bad(p, "an attribute operator is expected");
	skip_space(p);
	st = peek(p) == '"' || peek(p) == '\'' ? read_string(p, &ret->value)
					       : read_ident(p, &ret->value);
	if (st != VG_OK)
		return st;
	skip_space(p);
	if (vg_lower(peek(p)) == 'i' || vg_lower(peek(p)) == 's') {
		ret->fold = vg_lower(p->in.ptr[p->pos++]) == 'i';
		skip_space(p);
	}
	if (!accept(p, ']'))
		return bad(p, "] is expected");
	if (!can_match(ret->op, ret->value))
		ret->kind = VG_CSS_NEVER;
	return VG_OK;
}

static enum vg_status parse_attr(struct parser *p, struct tests *out)
{
	struct vg_css_test test = {.kind = VG_CSS_ATTRIBUTE};
	enum vg_status st;

	skip_space(p);
	st = read_ident(p, &test.name);
	if (st != VG_OK)
		return st;
	skip_space(p);
	if (!accept(p, ']'))
		st = parse_attr_value(p, &test);
	return st == VG_OK ? add_test(p, out, test) : st;
}

/* an+b, even, odd (Selectors 6.6.5.1). */
static enum vg_status parse_nth(struct parser *p, int *ret_a, int *ret_b)
{
	struct vg_str arg;
	size_t end = vg_str_chr(p->in, ')', p->pos);
	char text[32];
	size_t n = 0;
	int a = 0, b = 0, used = 0;
	char *at;

	if (end == SIZE_MAX)
		return bad(p, ") is expected");
	arg = vg_str_sub(p->in, p->pos, end);
	for (size_t i = 0; i < arg.len && n < sizeof(text) - 1; i++)
		if (!vg_is_space(arg.ptr[i]))
			text[n++] = vg_lower(arg.ptr[i]);
	text[n] = '\0';
	at = text;
	if (vg_str_eqz(vg_str(text), "even") || vg_str_eqz(vg_str(text), "odd")) {
		*ret_a = 2;
		*ret_b = text[0] == 'o';
		p->pos = end + 1;
		return VG_OK;
	}
	if (vg_str_chr(vg_str(text), 'n', 0) != SIZE_MAX) {
		int sign = *at == '-' ? -1 : 1;

		if (*at == '-' || *at == '+')
			at++;
		if (*at == 'n')
			a = 1;
		else if (sscanf(at, "%4d%n", &a, &used) == 1 && used > 0)
			at += used;
		if (*at != 'n')
			return bad(p, "an+b is expected");
		at++;
		a *= sign;
		if (*at == '\0')
			goto done;
		if (*at != '+' && *at != '-')
			return bad(p, "an+b is expected");
	}
	used = 0;
	if (sscanf(at, "%5d%n", &b, &used) != 1 || at[used] != '\0')
		return bad(p, "an+b is expected");
done:
	*ret_a = a;
	*ret_b = b;
	p->pos = end + 1;
	return VG_OK;
}

/* :nth-child() and its kin; false when `name` is none of them. */
static bool is_positional(
    struct vg_str name, bool *ret_last, bool *ret_type, bool *ret_arg)
{
	static const struct {
		const char *name;
		bool last, type, arg;
	} rows[] = {
	    {"first-child", false, false, false},
	    {"last-child", true, false, false},
	    {"first-of-type", false, true, false},
	    {"last-of-type", true, true, false},
	    {"nth-child", false, false, true},
	    {"nth-last-child", true, false, true},
	    {"nth-of-type", false, true, true},
	    {"nth-last-of-type", true, true, true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!vg_str_ieqz(name, rows[i].name))
			continue;
		*ret_last = rows[i].last;
		*ret_type = rows[i].type;
		*ret_arg = rows[i].arg;
		return true;
	}
	return false;
}

static enum vg_status parse_positional(struct parser *p, struct vg_str name,
    struct vg_css_test test, bool arg, bool typed, struct tests *out)
{
	if (arg) {
		enum vg_status st;

		if (!accept(p, '('))
			return bad(p, "( is expected");
		st = parse_nth(p, &test.a, &test.b);
		if (st != VG_OK)
			return st;
	}
	if (test.of_type && !typed)
		return vg_fail(p->err, VG_E_UNSUPPORTED,
		    "selector: :%.*s needs an element name", VG_STR_ARG(name));
	return add_test(p, out, test);
}

static enum vg_status parse_nested(
    struct parser *p, struct vg_css_test test, struct tests *out)
{
	enum vg_status st;

	if (!accept(p, '('))
		return bad(p, "( is expected");
	if (++p->depth > MAX_NESTING)
		return vg_fail(p->err, VG_E_LIMIT, "selector: nested too deeply");
	st = parse_list(p, test.kind == VG_CSS_HAS, &test.list);
	if (st != VG_OK)
		return st;
	p->depth--;
	if (!accept(p, ')'))
		return bad(p, ") is expected");
	return add_test(p, out, test);
}

static enum vg_status parse_pseudo(struct parser *p, bool typed, struct tests *out)
{
	static const struct {
		const char *name;
		enum vg_css_kind kind;
		bool nested;
	} rows[] = {
	    {"not", VG_CSS_NOT, true},
	    {"is", VG_CSS_IS, true},
	    {"where", VG_CSS_IS, true},
	    {"matches", VG_CSS_IS, true},
	    {"has", VG_CSS_HAS, true},
	    {"only-child", VG_CSS_ONLY, false},
	    {"empty", VG_CSS_EMPTY, false},
	    {"root", VG_CSS_ROOT, false},
	};
	struct vg_css_test test = {.kind = VG_CSS_NTH, .b = 1};
	struct vg_str name = {0};
	bool arg;
	enum vg_status st;

	if (peek(p) == ':')
		return vg_fail(p->err, VG_E_UNSUPPORTED,
		    "selector: pseudo-elements select nothing");
	st = read_ident(p, &name);
	if (st != VG_OK)
		return st;
	if (is_positional(name, &test.last, &test.of_type, &arg))
		return parse_positional(p, name, test, arg, typed, out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!vg_str_ieqz(name, rows[i].name))
			continue;
		test.kind = rows[i].kind;
		return rows[i].nested ? parse_nested(p, test, out)
				      : add_test(p, out, test);
	}
	return vg_fail(p->err, VG_E_UNSUPPORTED, "selector: :%.*s is not offered",
	    VG_STR_ARG(name));
}

static enum vg_status parse_part(struct parser *p, bool typed, struct tests *out)
{
	struct vg_css_test test = {.kind = VG_CSS_ATTRIBUTE};
	char mark = p->in.ptr[p->pos++];
	enum vg_status st;

	if (mark == '[')
		return parse_attr(p, out);
	if (mark == ':')
		return parse_pseudo(p, typed, out);
	test.op = mark == '.' ? '~' : '=';
	test.name = mark == '.' ? VG_STR("class") : VG_STR("id");
	st = read_ident(p, &test.value);
	return st == VG_OK ? add_test(p, out, test) : st;
}

static bool starts_part(char c)
{
	return c == '.' || c == '#' || c == '[' || c == ':';
}

uint64_t vg_css_bit(struct vg_str word)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < word.len; i++)
		hash = (hash ^ (unsigned char)vg_lower(word.ptr[i])) * 16777619u;
	return UINT64_C(1) << (hash >> 26);
}

static uint64_t need_of(const struct vg_css_test *t)
{
	uint64_t need = 0;

	for (; t != NULL; t = t->next) {
		if (t->kind != VG_CSS_ATTRIBUTE)
			continue;
		need |= vg_css_bit(t->name);
		if (t->op == '~' && vg_str_ieqz(t->name, "class"))
			need |= vg_css_bit(t->value);
	}
	return need;
}

static enum vg_status parse_compound(struct parser *p, struct vg_css_compound *ret)
{
	struct tests tests = {0};
	enum vg_status st = VG_OK;

	if (peek(p) == '*') {
		p->pos++;
	} else if (!starts_part(peek(p))) {
		st = read_ident(p, &ret->tag);
		if (st != VG_OK)
			return st;
		ret->tag = lower_copy(p, ret->tag);
		if (ret->tag.ptr == NULL)
			return out_of_memory(p);
	}
	if (peek(p) == '|')
		return vg_fail(
		    p->err, VG_E_UNSUPPORTED, "selector: namespaces are not offered");
	while (st == VG_OK && p->pos < p->in.len && starts_part(peek(p)))
		st = parse_part(p, ret->tag.ptr != NULL, &tests);
	ret->tests = tests.first;
	ret->need = need_of(tests.first);
	return st;
}

static char read_combinator(struct parser *p)
{
	bool space = skip_space(p);
	char c = peek(p);

	if (c == '>' || c == '+' || c == '~') {
		p->pos++;
		skip_space(p);
		return c;
	}
	return space && c != '\0' && c != ',' && c != ')' ? ' ' : '\0';
}

static enum vg_status parse_complex(struct parser *p, bool relative, struct vg_css *ret)
{
	struct vg_css_compound at[MAX_COMPOUNDS], *kept;
	char combinator = '\0';

	skip_space(p);
	if (relative) {
		combinator = read_combinator(p);
		if (combinator == '\0')
			combinator = ' ';
	}
	do {
		enum vg_status st;

		if (ret->count == MAX_COMPOUNDS)
			return vg_fail(
			    p->err, VG_E_LIMIT, "selector: too many combinators");
		at[ret->count] = (struct vg_css_compound){.combinator = combinator};
		st = parse_compound(p, &at[ret->count]);
		if (st != VG_OK)
			return st;
		ret->count++;
		combinator = read_combinator(p);
	} while (combinator != '\0');
	kept = vg_arena_array(p->arena, ret->count, sizeof(*kept));
	if (kept == NULL)
		return out_of_memory(p);
	memcpy(kept, at, ret->count * sizeof(*kept));
	ret->at = kept;
	return VG_OK;
}

static enum vg_status parse_list(
    struct parser *p, bool relative, const struct vg_css **ret)
{
	struct vg_css *last = NULL;

	do {
		struct vg_css *c = vg_arena_alloc(p->arena, sizeof(*c));
		enum vg_status st;

		if (c == NULL)
			return out_of_memory(p);
		st = parse_complex(p, relative, c);
		if (st != VG_OK)
			return st;
		if (last == NULL)
			*ret = c;
		else
			last->next = c;
		last = c;
	} while (accept(p, ','));
	return VG_OK;
}

enum vg_status vg_css_read(struct vg_arena *arena, struct vg_str css,
    const struct vg_css **ret, struct vg_error *err)
{
	struct parser p = {.arena = arena, .in = css, .err = err};
	const struct vg_css *list = NULL;
	enum vg_status st;

	if (css.len > VG_CSS_MAX)
		return vg_fail(
		    err, VG_E_TOO_LARGE, "selector: longer than %u bytes", VG_CSS_MAX);
	if (css.len > 0 && memchr(css.ptr, '\0', css.len) != NULL)
		return vg_fail(err, VG_E_INVALID, "selector: holds a NUL");
	st = parse_list(&p, false, &list);
	if (st == VG_OK && p.pos < css.len)
		st = bad(&p, "unexpected character");
	if (st == VG_OK)
		*ret = list;
	return st;
}
