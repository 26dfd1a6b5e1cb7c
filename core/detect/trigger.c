/* SPDX-License-Identifier: MIT */
/* Finding the literals a regex cannot do without. */
#include "config.h"

#include "detect/trigger.h"

#include <string.h>

enum { MAX_NESTING = 16, MIN_LITERAL = 2 };

struct set {
	struct vg_str items[VG_MAX_TRIGGERS];
	size_t count; /* 0: demands nothing */
};

struct reader {
	struct vg_arena *arena;
	struct vg_str text;
	size_t at;
	unsigned depth;
	bool confused;
};

static size_t shortest(const struct set *s)
{
	size_t len = SIZE_MAX;

	for (size_t i = 0; i < s->count; i++)
		if (s->items[i].len < len)
			len = s->items[i].len;
	return s->count == 0 ? 0 : len;
}

/* Keeps the more selective of two sets: longer literals, then fewer. */
static void keep_better(struct set *best, const struct set *other)
{
	size_t a = shortest(best), b = shortest(other);

	if (a > 6)
		a = 6;
	if (b > 6)
		b = 6;
	if (other->count > 0 && b >= MIN_LITERAL &&
	    (best->count == 0 || b > a || (b == a && other->count < best->count)))
		*best = *other;
}

static void flush(struct reader *r, struct vg_buf *run, struct set *best)
{
	struct set one = {.count = 1};

	(void)r;
	if (run->len >= MIN_LITERAL) {
		one.items[0] = vg_arena_str(r->arena, vg_buf_str(run));
		if (one.items[0].ptr == NULL)
			r->confused = true;
		else
			keep_better(best, &one);
	}
	vg_buf_clear(run);
}

static char peek(const struct reader *r)
{
	return r->at < r->text.len ? r->text.ptr[r->at] : '\0';
}

/* Passes over a quantifier. True when what it follows may be missing; *ret_many when it may repeat. */
static bool quantifier(struct reader *r, bool *ret_many)
{
	char c = peek(r);
	bool optional = false;

	*ret_many = false;
	if (c == '?' || c == '*' || c == '+') {
		optional = c != '+';
		*ret_many = c != '?';
		r->at++;
	} else if (c == '{') {
		optional = r->at + 1 < r->text.len && r->text.ptr[r->at + 1] == '0';
		*ret_many = true;
		while (r->at < r->text.len && r->text.ptr[r->at] != '}')
			r->at++;
		r->at++;
	} else {
		return false;
	}
	if (peek(r) == '?' || peek(r) == '+')
		r->at++;
	return optional;
}

/* Passes over [...]. Returns its one character when all members are the same, else 0. */
static char bracket(struct reader *r)
{
	size_t start = ++r->at, n = 0;
	char first = 0;
	bool same = true;

	if (peek(r) == '^')
		same = false;
	while (r->at < r->text.len && (r->text.ptr[r->at] != ']' || r->at == start)) {
		char c = r->text.ptr[r->at];

		if (c == '\\') {
			same = false;
			r->at++;
		}
		if (n++ == 0)
			first = c;
		same = same && c == first && (unsigned char)c < 0x80;
		r->at++;
	}
	r->at++;
	return same ? first : 0;
}

static void sequence(struct reader *r, struct set *ret);

/* Alternatives up to `)` or the end. */
static void alternation(struct reader *r, struct set *ret)
{
	bool all = true;

	ret->count = 0;
	for (;;) {
		struct set one = {.count = 0};

		sequence(r, &one);
		if (one.count == 0 || ret->count + one.count > VG_MAX_TRIGGERS)
			all = false;
		for (size_t i = 0; all && i < one.count; i++)
			ret->items[ret->count++] = one.items[i];
		if (peek(r) != '|')
			break;
		r->at++;
	}
	if (!all)
		ret->count = 0;
}

static void group(struct reader *r, struct set *ret)
{
	bool counts = true;

	r->at++;
	if (peek(r) == '?') {
		r->at++;
		counts = peek(r) == ':';
		while (r->at < r->text.len && strchr("=!<>P", peek(r)) != NULL)
			r->at++;
		if (peek(r) == ':')
			r->at++;
	}
	if (++r->depth > MAX_NESTING)
		r->confused = true;
	else
		alternation(r, ret);
	r->depth--;
	if (peek(r) != ')')
		r->confused = true;
	r->at++;
	if (!counts)
		ret->count = 0;
}

/* A literal character at the reader, or 0 after passing over something else. */
static char literal(struct reader *r)
{
	char c = peek(r);

	if (c == '[')
		return bracket(r);
	r->at++;
	if (c == '\\') {
		char e = peek(r);

		r->at++;
		if (e == 's')
			return ' ';
		return vg_is_alnum(e) ? '\0' : e;
	}
	return c == '.' || c == '^' || c == '$' ? '\0' : vg_lower(c);
}

static void sequence(struct reader *r, struct set *best)
{
	struct vg_buf run = VG_BUF_INIT(200);

	while (
	    r->at < r->text.len && !r->confused && peek(r) != '|' && peek(r) != ')') {
		bool many, optional;
		char c;

		if (peek(r) == '(') {
			struct set inner = {.count = 0};

			flush(r, &run, best);
			group(r, &inner);
			if (!quantifier(r, &many))
				keep_better(best, &inner);
			continue;
		}
		if (peek(r) == '\\' && r->at + 1 < r->text.len &&
		    (r->text.ptr[r->at + 1] == 'b' || r->text.ptr[r->at + 1] == 'B')) {
			r->at += 2;
			continue;
		}
		c = literal(r);
		optional = quantifier(r, &many);
		if (c != 0 && !optional)
			vg_buf_addc(&run, c);
		if (c == 0 || optional || many)
			flush(r, &run, best);
	}
	flush(r, &run, best);
	vg_buf_release(&run);
}

size_t vg_regex_triggers(
    struct vg_arena *arena, struct vg_str pattern, struct vg_str ret[VG_MAX_TRIGGERS])
{
	struct reader r = {.arena = arena, .text = pattern};
	struct set all = {.count = 0};

	alternation(&r, &all);
	if (r.confused || r.at < pattern.len)
		return 0;
	memcpy(ret, all.items, all.count * sizeof(*ret));
	return all.count;
}
