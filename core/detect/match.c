/* SPDX-License-Identifier: MIT */
/*
 * Aho and Corasick's automaton over byte classes. The few states that text is mostly in have a full row of
 * next states; the many that lead from one letter to the next keep only their children and the state of
 * their longest suffix. A table of full rows would not fit into a cache, and takes longer to fill than to use.
 */
#include "config.h"

#include "detect/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"

enum { MAX_STATES = 1 << 20 };
#define NOTHING UINT32_MAX

enum { MANY_CHILDREN = 4 }; /* from which a state has a row of its own */

/* While building: children as a list, so that memory follows the patterns and not the alphabet. */
struct node {
	uint32_t child, sibling; /* 0: none, since the root is nobody's child */
	uint32_t pattern;
	uint8_t class, children;
};

/* States are numbered breadth first, so that children stand together and suffixes before. */
struct state {
	uint32_t suffix, first; /* the longest suffix; the first child */
	uint32_t row;           /* index of its row, or NOTHING */
	uint8_t children, class;
	bool ends; /* a pattern ends here or in a suffix */
};

struct vg_matcher {
	uint8_t class_of[256];
	uint32_t classes, states;
	struct state *state;
	uint32_t *rows;    /* `classes` next states each; the top bit is their `ends` */
	uint32_t *pattern; /* of a state: a pattern ending there, or NOTHING */
	uint32_t *link;    /* the next state that ends something, or 0 */
	uint32_t *same;    /* of a pattern: the next equal one, or NOTHING */
};

#define ENDS 0x80000000u

static unsigned char canon(unsigned char c)
{
	return c == '-' || c == '_' ? ' ' : c;
}

static void find_classes(
    struct vg_matcher *m, const struct vg_str *patterns, size_t count)
{
	bool used[256] = {false};

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < patterns[i].len; k++)
			used[canon((unsigned char)patterns[i].ptr[k])] = true;
	m->classes = 1; /* class 0: bytes in no pattern */
	for (unsigned c = 0; c < 256; c++)
		if (used[c])
			m->class_of[c] = (uint8_t)m->classes++;
	m->class_of['-'] = m->class_of['_'] = m->class_of[' '];
}

static uint32_t find_child(const struct node *nodes, uint32_t at, uint8_t class)
{
	uint32_t child = nodes[at].child;

	while (child != 0 && nodes[child].class != class)
		child = nodes[child].sibling;
	return child;
}

/* Adds a pattern to the trie; returns the state it ends in, or NOTHING when there are too many. */
static uint32_t add_pattern(const struct vg_matcher *m, struct node *nodes,
    uint32_t *count, struct vg_str pattern)
{
	uint32_t at = 0;

	for (size_t i = 0; i < pattern.len; i++) {
		uint8_t class = m->class_of[(unsigned char)pattern.ptr[i]];
		uint32_t child = find_child(nodes, at, class);

		if (child == 0) {
			if (*count == MAX_STATES)
				return NOTHING;
			child = (*count)++;
			nodes[child] = (struct node){.sibling = nodes[at].child,
			    .pattern = NOTHING,
			    .class = class};
			nodes[at].child = child;
			nodes[at].children++;
		}
		at = child;
	}
	return at;
}

static enum vg_status build_trie(struct vg_matcher *m, const struct vg_str *patterns,
    size_t count, struct node *nodes, struct vg_error *err)
{
	nodes[0] = (struct node){.pattern = NOTHING};
	m->states = 1;
	for (size_t i = 0; i < count; i++) {
		uint32_t at = add_pattern(m, nodes, &m->states, patterns[i]);

		if (at == NOTHING)
			return vg_fail(
			    err, VG_E_LIMIT, "the lexicon has too many terms");
		m->same[i] = nodes[at].pattern;
		nodes[at].pattern = (uint32_t)i;
	}
	return VG_OK;
}

/* The state behind `at` by a byte of class `class`, ENDS set when something ends there. */
static inline uint32_t next_state(
    const struct vg_matcher *m, uint32_t at, uint8_t class)
{
	const struct state *s = &m->state[at];

	while (s->row == NOTHING) {
		for (uint32_t c = s->first; c < s->first + s->children; c++)
			if (m->state[c].class == class)
				return c | (m->state[c].ends ? ENDS : 0);
		s = &m->state[s->suffix];
	}
	return m->rows[(size_t)s->row * m->classes + class];
}

/* Breadth first numbers, from the trie's in `nodes`; ret[number] is the trie's. Counts the rows. */
static size_t number_states(
    struct vg_matcher *m, const struct node *nodes, uint32_t *ret)
{
	uint32_t tail = 1;
	size_t rows = 0;

	ret[0] = 0;
	for (uint32_t at = 0; at < m->states; at++) {
		const struct node *n = &nodes[ret[at]];
		struct state *s = &m->state[at];
		bool top = at <= m->state[0].children; /* the root and its children */

		*s = (struct state){.first = tail,
		    .row =
			top || n->children >= MANY_CHILDREN ? (uint32_t)rows : NOTHING,
		    .children = n->children,
		    .class = n->class};
		rows += s->row != NOTHING;
		m->pattern[at] = n->pattern;
		for (uint32_t c = n->child; c != 0; c = nodes[c].sibling)
			ret[tail++] = c;
	}
	return rows;
}

static void fill_row(struct vg_matcher *m, uint32_t at)
{
	const struct state *s = &m->state[at];
	uint32_t *row;

	if (s->row == NOTHING)
		return;
	row = m->rows + (size_t)s->row * m->classes;
	for (uint32_t k = 0; at != 0 && k < m->classes; k++)
		row[k] = next_state(m, s->suffix, (uint8_t)k);
	for (uint32_t c = s->first; c < s->first + s->children; c++)
		row[m->state[c].class] = c | (m->state[c].ends ? ENDS : 0);
}

/* Parents first: a suffix is of a smaller depth, so what it needs is there already. */
static void link_states(struct vg_matcher *m)
{
	for (uint32_t at = 0; at < m->states; at++) {
		const struct state *s = &m->state[at];

		for (uint32_t c = s->first; c < s->first + s->children; c++) {
			struct state *child = &m->state[c];

			child->suffix =
			    at == 0 ? 0
				    : next_state(m, s->suffix, child->class) & ~ENDS;
			m->link[c] = m->pattern[child->suffix] != NOTHING
					 ? child->suffix
					 : m->link[child->suffix];
			child->ends = m->pattern[c] != NOTHING || m->link[c] != 0;
		}
		fill_row(m, at);
	}
}

static enum vg_status build_states(struct vg_matcher *m, const struct node *nodes,
    uint32_t *numbers, struct vg_error *err)
{
	size_t cells, rows;

	m->state = malloc(m->states * sizeof(*m->state));
	m->pattern = malloc(m->states * sizeof(*m->pattern));
	m->link = calloc(m->states, sizeof(*m->link));
	if (m->state == NULL || m->pattern == NULL || m->link == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	m->state[0].children = nodes[0].children;
	rows = number_states(m, nodes, numbers);
	if (vg_size_mul(rows, m->classes, &cells))
		m->rows = calloc(cells, sizeof(*m->rows));
	if (m->rows == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	link_states(m);
	return VG_OK;
}

enum vg_status vg_matcher_new(const struct vg_str *patterns, size_t count,
    struct vg_matcher **ret, struct vg_error *err)
{
	enum vg_status status;
	struct vg_matcher *m = calloc(1, sizeof(*m));
	struct node *nodes = NULL;
	uint32_t *numbers = NULL;
	size_t bytes = 1;

	for (size_t i = 0; i < count; i++)
		bytes += patterns[i].len;
	bytes = vg_size_min(bytes, MAX_STATES);
	if (m != NULL)
		m->same = calloc(count + 1, sizeof(*m->same));
	nodes = malloc(bytes * sizeof(*nodes));
	numbers = malloc(bytes * sizeof(*numbers));
	if (m == NULL || m->same == NULL || nodes == NULL || numbers == NULL) {
		status = vg_fail(err, VG_E_NOMEM, "out of memory");
		goto out;
	}
	find_classes(m, patterns, count);
	status = build_trie(m, patterns, count, nodes, err);
	if (status == VG_OK)
		status = build_states(m, nodes, numbers, err);
	if (status != VG_OK)
		goto out;
	*ret = m;
	m = NULL;
out:
	free(nodes);
	free(numbers);
	vg_matcher_free(m);
	return status;
}

void vg_matcher_free(struct vg_matcher *m)
{
	if (m == NULL)
		return;
	free(m->state);
	free(m->rows);
	free(m->pattern);
	free(m->link);
	free(m->same);
	free(m);
}

static bool report(const struct vg_matcher *m, uint32_t state, size_t end,
    vg_match_found *found, void *ctx)
{
	if (m->pattern[state] == NOTHING)
		state = m->link[state];
	for (; state != 0; state = m->link[state])
		for (uint32_t p = m->pattern[state]; p != NOTHING; p = m->same[p])
			if (!found(ctx, p, end))
				return false;
	return true;
}

void vg_matcher_run(
    const struct vg_matcher *m, struct vg_str text, vg_match_found *found, void *ctx)
{
	uint32_t state = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint32_t to =
		    next_state(m, state, m->class_of[(unsigned char)text.ptr[i]]);

		state = to & ~ENDS;
		if ((to & ENDS) && !report(m, state, i + 1, found, ctx))
			return;
	}
}

size_t vg_matcher_states(const struct vg_matcher *m)
{
	return m->states;
}
