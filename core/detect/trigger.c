/* SPDX-License-Identifier: MIT */
/* Finding the literals a regex cannot do without. */
#include "config.h"

#include "detect/trigger.h"

#include <string.h>

enum { MAX_NESTING = 16, MIN_LITERAL = 2 };
#define COMMON 3e-4 /* a second literal this frequent costs more than it saves */

struct item {
	struct vg_str text;
	bool left, right; /* a boundary is due there */
	bool starts,
	    ends; /* first or last of the sequence: a boundary outside is its own */
};

struct set {
	struct item items[VG_MAX_TRIGGERS];
	size_t count; /* 0: demands nothing */
	double cost;  /* how often one of them stands at a byte of text, about */
};

/* The two rarest sets seen. */
struct demand {
	struct set best, second;
};

struct reader {
	struct vg_arena *arena;
	struct vg_str text;
	size_t at;
	unsigned depth;
	bool confused;
};

/* How often letters stand in text, about, of English and Spanish; the rest by kind. */
static double frequency(char c)
{
	static const double letters[26] = {.08, .01, .03, .03, .10, .01, .02, .03, .06,
	    .003, .004, .03, .02, .06, .07, .02, .003, .05, .06, .07, .03, .008, .01,
	    .002, .01, .002};

	if (c >= 'a' && c <= 'z')
		return letters[c - 'a'];
	return c == ' ' ? .17 : .01;
}

static double cost_of(const struct set *s)
{
	double sum = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct item *item = &s->items[i];
		double cost = (item->left ? .25 : 1) * (item->right ? .25 : 1);

		for (size_t k = 0; k < item->text.len; k++)
			cost *= frequency(item->text.ptr[k]);
		sum += cost < 1e-6 ? 1e-6 : cost; /* words are no chance of letters */
	}
	return sum;
}

static void add_set(struct demand *d, struct set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].text.len < MIN_LITERAL)
			return;
	if (set->count == 0)
		return;
	set->cost = cost_of(set);
	if (d->best.count == 0 || set->cost < d->best.cost) {
		d->second = d->best;
		d->best = *set;
	} else if (d->second.count == 0 || set->cost < d->second.cost) {
		d->second = *set;
	}
}

/* The literal read so far, and whether word boundaries are due at its ends. */
struct run {
	struct vg_buf text;
	bool left, starts;
};

static void flush(
    struct reader *r, struct run *run, bool right, bool ends, struct demand *d)
{
	struct set one = {.count = 1};
	struct vg_str text = vg_arena_str(r->arena, vg_buf_str(&run->text));

	if (text.ptr == NULL) {
		r->confused = true;
	} else if (text.len >= MIN_LITERAL) {
		one.items[0] = (struct item){text,
		    run->left && vg_is_alnum(text.ptr[0]),
		    right && vg_is_alnum(text.ptr[text.len - 1]), run->starts, ends};
		add_set(d, &one);
	}
	vg_buf_clear(&run->text);
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

static void sequence(struct reader *r, struct demand *ret);

/* Alternatives up to `)` or the end: of each its best. */
static void alternation(struct reader *r, struct demand *ret)
{
	struct set all = {.count = 0};
	bool complete = true;

	sequence(r, ret);
	if (peek(r) != '|')
		return;
	for (;;) {
		if (ret->best.count == 0 ||
		    all.count + ret->best.count > VG_MAX_TRIGGERS)
			complete = false;
		for (size_t i = 0; complete && i < ret->best.count; i++)
			all.items[all.count++] = ret->best.items[i];
		*ret = (struct demand){.best = {.count = 0}};
		if (peek(r) != '|')
			break;
		r->at++;
		sequence(r, ret);
	}
	if (complete)
		add_set(ret, &all);
}

static void group(struct reader *r, struct demand *ret)
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
		*ret = (struct demand){.best = {.count = 0}};
}

/* A set of a group as one of the sequence around it. */
static void add_inner(
    struct demand *d, struct set *set, bool left, bool right, bool starts)
{
	for (size_t i = 0; i < set->count; i++) {
		struct item *item = &set->items[i];
		size_t len = item->text.len;

		item->left |= left && item->starts && vg_is_alnum(item->text.ptr[0]);
		item->right |=
		    right && item->ends && vg_is_alnum(item->text.ptr[len - 1]);
		item->starts &= starts;
		item->ends = false;
	}
	add_set(d, set);
}

/* Passes over a boundary if one stands here. */
static bool boundary(struct reader *r)
{
	if (peek(r) != '\\' || r->at + 1 >= r->text.len ||
	    r->text.ptr[r->at + 1] != 'b')
		return false;
	r->at += 2;
	return true;
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

static void sequence(struct reader *r, struct demand *ret)
{
	struct run run = {.text = VG_BUF_INIT(200)};
	bool starts = true, word = false; /* nothing before; a boundary just before */

	while (
	    r->at < r->text.len && !r->confused && peek(r) != '|' && peek(r) != ')') {
		bool many, optional;
		char c;

		if (boundary(r)) {
			word = true;
			continue;
		}
		if (peek(r) == '(') {
			struct demand inner = {.best = {.count = 0}};

			flush(r, &run, word, false, ret);
			group(r, &inner);
			optional = quantifier(r, &many);
			if (!optional) {
				bool right = !many && boundary(r);

				add_inner(ret, &inner.best, word && !many, right,
				    starts && !many);
				add_inner(ret, &inner.second, word && !many, right,
				    starts && !many);
				word = right;
			} else {
				word = false;
			}
			starts = false;
			continue;
		}
		if (peek(r) == '\\' && r->at + 1 < r->text.len &&
		    r->text.ptr[r->at + 1] == 'B') {
			r->at += 2;
			continue;
		}
		c = literal(r);
		optional = quantifier(r, &many);
		if (run.text.len == 0) {
			run.left = word;
			run.starts = starts;
		}
		if (c != 0 && !optional) {
			vg_buf_addc(&run.text, c);
			word = false;
		}
		if (c == 0 || optional || many)
			flush(r, &run, word, false, ret);
		word = starts = false;
	}
	flush(r, &run, word, true, ret);
	vg_buf_release(&run.text);
}

static size_t put(struct vg_trigger *ret, const struct set *set, uint8_t part)
{
	for (size_t i = 0; i < set->count; i++)
		ret[i] = (struct vg_trigger){
		    set->items[i].text, part, set->items[i].left, set->items[i].right};
	return set->count;
}

size_t vg_regex_triggers(struct vg_arena *arena, struct vg_str pattern,
    struct vg_trigger ret[VG_TRIGGER_PARTS * VG_MAX_TRIGGERS])
{
	struct reader r = {.arena = arena, .text = pattern};
	struct demand all = {.best = {.count = 0}};
	size_t count;

	alternation(&r, &all);
	if (r.confused || r.at < pattern.len)
		return 0;
	count = put(ret, &all.best, 0);
	if (all.second.count > 0 && all.second.cost < COMMON)
		count += put(ret + count, &all.second, 1);
	return count;
}
