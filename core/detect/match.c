/* SPDX-License-Identifier: MIT */
/* Aho and Corasick's automaton over byte classes. */
#include "config.h"

#include "detect/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"

enum { MAX_STATES = 1 << 20 };
#define NOTHING UINT32_MAX

/* While building: children as a list, so that memory follows the patterns and not the alphabet. */
struct node {
	uint32_t child, sibling; /* 0: none, since the root is nobody's child */
	uint32_t fail, pattern;
	uint8_t class;
};

struct vg_matcher {
	uint8_t class_of[256];
	uint32_t classes, states;
	uint32_t
	    *next; /* states * classes; the top bit says that something ends there */
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

/* Names a child in its parent's row. Its suffix is of a smaller depth, so it is complete. */
static void enter(struct vg_matcher *m, struct node *nodes, uint32_t child,
    uint32_t fail, uint32_t *slot)
{
	nodes[child].fail = fail;
	m->pattern[child] = nodes[child].pattern;
	m->link[child] = m->pattern[fail] != NOTHING ? fail : m->link[fail];
	*slot = child;
	if (m->pattern[child] != NOTHING || m->link[child] != 0)
		*slot |= ENDS;
}

/* Breadth first: a state's row is its suffix's row, overwritten by its own children. */
static void fill_table(struct vg_matcher *m, struct node *nodes, uint32_t *queue)
{
	size_t width = m->classes, head = 0, tail = 0;

	queue[tail++] = 0;
	while (head < tail) {
		uint32_t at = queue[head++];
		uint32_t *row = m->next + at * width;

		if (at != 0)
			memcpy(row, m->next + nodes[at].fail * width,
			    width * sizeof(*row));
		for (uint32_t c = nodes[at].child; c != 0; c = nodes[c].sibling) {
			uint32_t *slot = &row[nodes[c].class];

			enter(m, nodes, c, at == 0 ? 0 : *slot & ~ENDS, slot);
			queue[tail++] = c;
		}
	}
}

static enum vg_status alloc_tables(struct vg_matcher *m, struct vg_error *err)
{
	size_t cells;

	if (vg_size_mul(m->states, m->classes, &cells))
		m->next = calloc(cells, sizeof(*m->next));
	m->pattern = malloc(m->states * sizeof(*m->pattern));
	m->link = calloc(m->states, sizeof(*m->link));
	if (m->next == NULL || m->pattern == NULL || m->link == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	m->pattern[0] = NOTHING;
	return VG_OK;
}

enum vg_status vg_matcher_new(const struct vg_str *patterns, size_t count,
    struct vg_matcher **ret, struct vg_error *err)
{
	enum vg_status status;
	struct vg_matcher *m = calloc(1, sizeof(*m));
	struct node *nodes = NULL;
	uint32_t *queue = NULL;
	size_t bytes = 1;

	for (size_t i = 0; i < count; i++)
		bytes += patterns[i].len;
	bytes = vg_size_min(bytes, MAX_STATES);
	if (m != NULL)
		m->same = calloc(count + 1, sizeof(*m->same));
	nodes = malloc(bytes * sizeof(*nodes));
	queue = malloc(bytes * sizeof(*queue));
	if (m == NULL || m->same == NULL || nodes == NULL || queue == NULL) {
		status = vg_fail(err, VG_E_NOMEM, "out of memory");
		goto out;
	}
	find_classes(m, patterns, count);
	status = build_trie(m, patterns, count, nodes, err);
	if (status == VG_OK)
		status = alloc_tables(m, err);
	if (status != VG_OK)
		goto out;
	fill_table(m, nodes, queue);
	*ret = m;
	m = NULL;
out:
	free(nodes);
	free(queue);
	vg_matcher_free(m);
	return status;
}

void vg_matcher_free(struct vg_matcher *m)
{
	if (m == NULL)
		return;
	free(m->next);
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
	const uint32_t *next = m->next;
	size_t width = m->classes;
	uint32_t state = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint32_t to =
		    next[state * width + m->class_of[(unsigned char)text.ptr[i]]];

		state = to & ~ENDS;
		if ((to & ENDS) && !report(m, state, i + 1, found, ctx))
			return;
	}
}

size_t vg_matcher_states(const struct vg_matcher *m)
{
	return m->states;
}
