/* SPDX-License-Identifier: MIT */
/* A recursive-descent parser of selectors that writes XPath conditions as it reads. */
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

/* `div.a[b]`: a node test and the predicates that follow it. */
struct compound {
	char combinator; /* before it: ' ', '>', '+', '~'; 0 on the first */
	struct vg_str test, preds;
};

struct complex {
	struct compound at[MAX_COMPOUNDS];
	size_t count;
};

static enum vg_status parse_list(struct parser *p, bool relative, struct vg_buf *out);

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

/* XPath 1.0 literals know no escapes: a value with both quotes becomes a concat(). */
static void put_literal(struct vg_buf *out, struct vg_str s)
{
	if (vg_str_chr(s, '\'', 0) == SIZE_MAX) {
		vg_buf_addc(out, '\'');
		vg_buf_adds(out, s);
		vg_buf_addc(out, '\'');
		return;
	}
	if (vg_str_chr(s, '"', 0) == SIZE_MAX) {
		vg_buf_addc(out, '"');
		vg_buf_adds(out, s);
		vg_buf_addc(out, '"');
		return;
	}
	vg_buf_addz(out, "concat('");
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\'')
			vg_buf_addz(out, "',\"'\",'");
		else
			vg_buf_addc(out, s.ptr[i]);
	}
	vg_buf_addz(out, "')");
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

/* May stand in an XPath as a name test. */
static bool is_plain_name(struct vg_str s)
{
	if (s.len == 0 || !(vg_is_alpha(s.ptr[0]) || s.ptr[0] == '_'))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!vg_is_alnum(s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '_')
			return false;
	return true;
}

static void put_name_test(struct vg_buf *out, struct vg_str name)
{
	if (is_plain_name(name)) {
		vg_buf_adds(out, name);
		return;
	}
	vg_buf_addz(out, "*[name()=");
	put_literal(out, name);
	vg_buf_addc(out, ']');
}

static void put_word_test(struct vg_buf *out, const char *left, struct vg_str word)
{
	struct vg_buf padded = VG_BUF_INIT(VG_CSS_MAX + 2);

	vg_buf_addc(&padded, ' ');
	vg_buf_adds(&padded, word);
	vg_buf_addc(&padded, ' ');
	vg_buf_addf(out, "contains(concat(' ',normalize-space(%s),' '),", left);
	put_literal(out, vg_buf_str(&padded));
	vg_buf_addc(out, ')');
	vg_buf_release(&padded);
}

/* The comparison `left op value`; `left` is an XPath string expression. */
static void put_attr_test(
    struct vg_buf *out, const char *left, char op, struct vg_str value)
{
	bool spaced = value.len == 0;

	for (size_t i = 0; i < value.len; i++)
		spaced |= vg_is_space(value.ptr[i]);
	/* Selectors 6.3.2: nothing matches an empty substring, or a word with spaces. */
	if ((op == '~' && spaced) ||
	    (value.len == 0 && (op == '^' || op == '$' || op == '*'))) {
		vg_buf_addz(out, "false()");
		return;
	}
	switch (op) {
	case '~':
		put_word_test(out, left, value);
		return;
	case '|':
		vg_buf_addf(out, "(%s=", left);
		put_literal(out, value);
		vg_buf_addf(out, " or starts-with(concat(%s,'-'),concat(", left);
		put_literal(out, value);
		vg_buf_addz(out, ",'-')))");
		return;
	case '^':
		vg_buf_addf(out, "starts-with(%s,", left);
		break;
	case '*':
		vg_buf_addf(out, "contains(%s,", left);
		break;
	case '$':
		vg_buf_addf(
		    out, "substring(%s,string-length(%s)-string-length(", left, left);
		put_literal(out, value);
		vg_buf_addz(out, ")+1)=");
		put_literal(out, value);
		return;
	default:
		vg_buf_addf(out, "%s=", left);
		put_literal(out, value);
		return;
	}
	put_literal(out, value);
	vg_buf_addc(out, ')');
}

static enum vg_status parse_attr(struct parser *p, struct vg_buf *out)
{
	struct vg_str name = {0}, value = {0};
	struct vg_buf left = VG_BUF_INIT(4 * VG_CSS_MAX);
	enum vg_status st;
	char op = '=';
	bool fold = false;

	skip_space(p);
	st = read_ident(p, &name);
	if (st != VG_OK)
		return st;
	name = lower_copy(p, name);
	if (name.ptr == NULL)
		return vg_fail(p->err, VG_E_NOMEM, "out of memory");
	vg_buf_addc(&left, '@');
	put_name_test(&left, name);
	skip_space(p);
	if (accept(p, ']')) {
		vg_buf_addc(out, '[');
		vg_buf_adds(out, vg_buf_str(&left));
		vg_buf_addc(out, ']');
		goto out;
	}
	if (peek(p) != '=' && vg_str_chr(VG_STR("~|^$*"), peek(p), 0) != SIZE_MAX &&
	    peek(p))
		op = p->in.ptr[p->pos++];
	if (!accept(p, '=')) {
		st = bad(p, "an attribute operator is expected");
		goto out;
	}
	skip_space(p);
	st = peek(p) == '"' || peek(p) == '\'' ? read_string(p, &value)
					       : read_ident(p, &value);
	if (st != VG_OK)
		goto out;
	skip_space(p);
	if (vg_lower(peek(p)) == 'i' || vg_lower(peek(p)) == 's') {
		fold = vg_lower(p->in.ptr[p->pos++]) == 'i';
		skip_space(p);
	}
	if (!accept(p, ']')) {
		st = bad(p, "] is expected");
		goto out;
	}
	if (fold || op != '=') { /* an absent attribute is no empty one */
		vg_buf_addc(out, '[');
		vg_buf_adds(out, vg_buf_str(&left));
		vg_buf_addc(out, ']');
	}
	if (fold) {
		struct vg_str plain = vg_arena_str(p->arena, vg_buf_str(&left));

		value = lower_copy(p, value);
		if (plain.ptr == NULL || value.ptr == NULL) {
			st = vg_fail(p->err, VG_E_NOMEM, "out of memory");
			goto out;
		}
		vg_buf_clear(&left);
		vg_buf_addf(&left,
		    "translate(%s,'ABCDEFGHIJKLMNOPQRSTUVWXYZ','"
		    "abcdefghijklmnopqrstuvwxyz')",
		    plain.ptr);
	}
	vg_buf_addc(out, '[');
	put_attr_test(out, vg_buf_cstr(&left), op, value);
	vg_buf_addc(out, ']');
out:
	vg_buf_release(&left);
	return st;
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

static void put_nth(
    struct vg_buf *out, const char *axis, struct vg_str test, int a, int b)
{
	char count[160];
	int n = snprintf(
	    count, sizeof(count), "(count(%s::%.*s)+1)", axis, VG_STR_ARG(test));

	if (n < 0 || (size_t)n >= sizeof(count)) {
		out->status = VG_E_TOO_LARGE;
		return;
	}
	if (a == 0)
		vg_buf_addf(out, "[%s=%d]", count, b);
	else
		vg_buf_addf(out, "[%s%s%d and (%s - %d) mod %d = 0]", count,
		    a > 0 ? ">=" : "<=", b, count, b, a > 0 ? a : -a);
}

static const struct vg_str any = {"*", 1};

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
		if (!vg_str_eqz(name, rows[i].name))
			continue;
		*ret_last = rows[i].last;
		*ret_type = rows[i].type;
		*ret_arg = rows[i].arg;
		return true;
	}
	return false;
}

static enum vg_status parse_positional(struct parser *p, struct vg_str name, bool last,
    bool of_type, bool arg, struct vg_str test, struct vg_buf *out)
{
	int a = 0, b = 1;

	if (arg) {
		enum vg_status st;

		if (!accept(p, '('))
			return bad(p, "( is expected");
		st = parse_nth(p, &a, &b);
		if (st != VG_OK)
			return st;
	}
	if (of_type && vg_str_eqz(test, "*"))
		return vg_fail(p->err, VG_E_UNSUPPORTED,
		    "selector: :%.*s needs an element name", VG_STR_ARG(name));
	put_nth(out, last ? "following-sibling" : "preceding-sibling",
	    of_type ? test : any, a, b);
	return VG_OK;
}

static enum vg_status parse_nested(
    struct parser *p, bool negate, bool relative, struct vg_buf *out)
{
	enum vg_status st;

	if (!accept(p, '('))
		return bad(p, "( is expected");
	if (++p->depth > MAX_NESTING)
		return vg_fail(p->err, VG_E_LIMIT, "selector: nested too deeply");
	vg_buf_addz(out, negate ? "[not(" : "[(");
	st = parse_list(p, relative, out);
	if (st != VG_OK)
		return st;
	p->depth--;
	if (!accept(p, ')'))
		return bad(p, ") is expected");
	vg_buf_addz(out, ")]");
	return VG_OK;
}

static enum vg_status parse_pseudo(
    struct parser *p, struct vg_str test, struct vg_buf *out)
{
	struct vg_str name = {0};
	bool last, of_type, arg;
	enum vg_status st;

	if (peek(p) == ':')
		return vg_fail(p->err, VG_E_UNSUPPORTED,
		    "selector: pseudo-elements select nothing");
	st = read_ident(p, &name);
	if (st != VG_OK)
		return st;
	name = lower_copy(p, name);
	if (name.ptr == NULL)
		return vg_fail(p->err, VG_E_NOMEM, "out of memory");
	if (is_positional(name, &last, &of_type, &arg))
		return parse_positional(p, name, last, of_type, arg, test, out);
	if (vg_str_eqz(name, "not"))
		return parse_nested(p, true, false, out);
	if (vg_str_eqz(name, "is") || vg_str_eqz(name, "where") ||
	    vg_str_eqz(name, "matches"))
		return parse_nested(p, false, false, out);
	if (vg_str_eqz(name, "has"))
		return parse_nested(p, false, true, out);
	if (vg_str_eqz(name, "only-child"))
		vg_buf_addz(
		    out, "[count(preceding-sibling::*)+count(following-sibling::*)=0]");
	else if (vg_str_eqz(name, "empty"))
		vg_buf_addz(out, "[not(node())]");
	else if (vg_str_eqz(name, "root"))
		vg_buf_addz(out, "[not(parent::*)]");
	else
		return vg_fail(p->err, VG_E_UNSUPPORTED,
		    "selector: :%.*s is not offered", VG_STR_ARG(name));
	return VG_OK;
}

static enum vg_status parse_part(
    struct parser *p, struct vg_str test, struct vg_buf *preds)
{
	struct vg_str name = {0};
	enum vg_status st;

	switch (p->in.ptr[p->pos++]) {
	case '.':
		st = read_ident(p, &name);
		if (st != VG_OK)
			return st;
		vg_buf_addc(preds, '[');
		put_word_test(preds, "@class", name);
		vg_buf_addc(preds, ']');
		return VG_OK;
	case '#':
		st = read_ident(p, &name);
		if (st != VG_OK)
			return st;
		vg_buf_addz(preds, "[@id=");
		put_literal(preds, name);
		vg_buf_addc(preds, ']');
		return VG_OK;
	case '[':
		return parse_attr(p, preds);
	default:
		return parse_pseudo(p, test, preds);
	}
}

static bool starts_part(char c)
{
	return c == '.' || c == '#' || c == '[' || c == ':';
}

static enum vg_status parse_compound(struct parser *p, struct compound *ret)
{
	struct vg_buf preds = VG_BUF_INIT(VG_CSS_MAX_XPATH),
		      test = VG_BUF_INIT(VG_CSS_MAX);
	struct vg_str name = {0};
	enum vg_status st = VG_OK;

	ret->test = any;
	if (peek(p) == '*') {
		p->pos++;
	} else if (!starts_part(peek(p))) {
		st = read_ident(p, &name);
		if (st != VG_OK)
			goto out;
		name = lower_copy(p, name);
		if (name.ptr == NULL) {
			st = vg_fail(p->err, VG_E_NOMEM, "out of memory");
			goto out;
		}
		put_name_test(&test, name);
		st = keep(p, &test, &ret->test);
		if (st != VG_OK)
			goto out;
	}
	if (peek(p) == '|') {
		st = vg_fail(
		    p->err, VG_E_UNSUPPORTED, "selector: namespaces are not offered");
		goto out;
	}
	while (st == VG_OK && p->pos < p->in.len && starts_part(peek(p)))
		st = parse_part(p, ret->test, &preds);
	if (st == VG_OK)
		st = keep(p, &preds, &ret->preds);
out:
	vg_buf_release(&preds);
	vg_buf_release(&test);
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

static enum vg_status parse_complex(
    struct parser *p, bool relative, struct complex *ret)
{
	char combinator = '\0';

	ret->count = 0;
	skip_space(p);
	if (relative) {
		combinator = read_combinator(p);
		if (combinator == '\0')
			combinator = ' ';
	}
	do {
		struct compound *c = &ret->at[ret->count];
		enum vg_status st;

		if (ret->count == MAX_COMPOUNDS)
			return vg_fail(
			    p->err, VG_E_LIMIT, "selector: too many combinators");
		*c = (struct compound){.combinator = combinator};
		st = parse_compound(p, c);
		if (st != VG_OK)
			return st;
		ret->count++;
		combinator = read_combinator(p);
	} while (combinator != '\0');
	return VG_OK;
}

/* As a condition on the last compound's node, looking back: `a > b` is b[parent::a]. */
static void put_backwards(struct vg_buf *out, const struct complex *c)
{
	const struct compound *last = &c->at[c->count - 1];

	vg_buf_adds(out, last->test);
	vg_buf_adds(out, last->preds);
	for (size_t i = c->count - 1; i > 0; i--) {
		switch (c->at[i].combinator) {
		case '>':
			vg_buf_addz(out, "[parent::");
			break;
		case '+':
			vg_buf_addz(out, "[preceding-sibling::*[1]/self::");
			break;
		case '~':
			vg_buf_addz(out, "[preceding-sibling::");
			break;
		default:
			vg_buf_addz(out, "[ancestor::");
			break;
		}
		vg_buf_adds(out, c->at[i - 1].test);
		vg_buf_adds(out, c->at[i - 1].preds);
	}
	for (size_t i = c->count - 1; i > 0; i--)
		vg_buf_addc(out, ']');
}

/* As a path from the node that :has() judges. */
static void put_forwards(struct vg_buf *out, const struct complex *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (i > 0)
			vg_buf_addc(out, '/');
		switch (c->at[i].combinator) {
		case '>':
			vg_buf_addz(out, "child::");
			break;
		case '+':
			vg_buf_addz(out, "following-sibling::*[1]/self::");
			break;
		case '~':
			vg_buf_addz(out, "following-sibling::");
			break;
		default:
			vg_buf_addz(out, "descendant::");
			break;
		}
		vg_buf_adds(out, c->at[i].test);
		vg_buf_adds(out, c->at[i].preds);
	}
}

static enum vg_status parse_list(struct parser *p, bool relative, struct vg_buf *out)
{
	bool first = true;

	do {
		struct complex *c = vg_arena_alloc(p->arena, sizeof(*c));
		enum vg_status st;

		if (c == NULL)
			return vg_fail(p->err, VG_E_NOMEM, "out of memory");
		st = parse_complex(p, relative, c);
		if (st != VG_OK)
			return st;
		if (p->depth == 0)
			vg_buf_addz(out, first ? "descendant::" : "|descendant::");
		else if (!first)
			vg_buf_addz(out, " or ");
		if (relative) {
			put_forwards(out, c);
		} else {
			if (p->depth > 0)
				vg_buf_addz(out, "self::");
			put_backwards(out, c);
		}
		first = false;
	} while (accept(p, ','));
	return VG_OK;
}

enum vg_status vg_css_to_xpath(
    struct vg_arena *arena, struct vg_str css, struct vg_str *ret, struct vg_error *err)
{
	struct parser p = {.arena = arena, .in = css, .err = err};
	struct vg_buf out = VG_BUF_INIT(VG_CSS_MAX_XPATH);
	enum vg_status st;

	if (css.len > VG_CSS_MAX)
		return vg_fail(
		    err, VG_E_TOO_LARGE, "selector: longer than %u bytes", VG_CSS_MAX);
	if (css.len > 0 && memchr(css.ptr, '\0', css.len) != NULL)
		return vg_fail(err, VG_E_INVALID, "selector: holds a NUL");
	st = parse_list(&p, false, &out);
	if (st == VG_OK && p.pos < css.len)
		st = bad(&p, "unexpected character");
	if (st == VG_OK)
		st = keep(&p, &out, ret);
	vg_buf_release(&out);
	return st;
}
