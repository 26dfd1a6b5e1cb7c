/* SPDX-License-Identifier: MIT */
/* Which elements of a tree a selector selects: right to left, every element looked at being a step. */
#include "config.h"

#include "doc/tree_priv.h"

#include "base/limits.h"

#define STEP_BYTES 64u /* bytes of an attribute that cost a step to compare */

struct matcher {
	struct vg_tree *t;
	bool spent; /* VG_XPATH_STEPS used up: every answer is false from now on */
};

static bool matches_list(struct matcher *m, const struct vg_css *list, uint32_t node);
static bool has_list(struct matcher *m, const struct vg_css *list, uint32_t node);

/* t->steps never exceeds the limit. */
static bool spend(struct matcher *m, size_t steps)
{
	if (steps > VG_XPATH_STEPS - m->t->steps)
		m->spent = true;
	else
		m->t->steps += (uint32_t)steps;
	return !m->spent;
}

static bool step(struct matcher *m)
{
	return spend(m, 1);
}

/* The nearest sibling element before or behind a node; 0: none. */
static uint32_t sibling(struct matcher *m, uint32_t node, bool behind)
{
	do {
		const struct vg_tree_item *n = vg_tree_item(m->t, node);

		node = behind ? n->next : n->previous;
	} while (node != 0 && step(m) && !vg_tree_is_element(vg_tree_item(m->t, node)));
	return m->spent ? 0 : node;
}

static struct vg_str name_of(const struct matcher *m, uint32_t node)
{
	return m->t->doc->elements[vg_tree_item(m->t, node)->element].name;
}

static bool same(struct vg_str a, struct vg_str b, bool fold)
{
	return fold ? vg_str_ieq(a, b) : vg_str_eq(a, b);
}

static bool has_word(struct vg_str list, struct vg_str word, bool fold)
{
	size_t at = 0;

	while (at < list.len) {
		size_t from = at;

		while (at < list.len && !vg_is_space(list.ptr[at]))
			at++;
		if (same(vg_str_sub(list, from, at), word, fold))
			return true;
		at++;
	}
	return false;
}

static bool compare(const struct vg_css_test *test, struct vg_str value)
{
	struct vg_str want = test->value;
	size_t len = value.len;

	switch (test->op) {
	case '\0':
		return true;
	case '~':
		return has_word(value, want, test->fold);
	case '|':
		return same(vg_str_sub(value, 0, want.len), want, test->fold) &&
		       (len == want.len || value.ptr[want.len] == '-');
	case '^':
		return same(vg_str_sub(value, 0, want.len), want, test->fold);
	case '$':
		return len >= want.len &&
		       same(vg_str_sub(value, len - want.len, len), want, test->fold);
	case '*':
		return (test->fold ? vg_str_ifind(value, want, 0)
				   : vg_str_find(value, want, 0)) != SIZE_MAX;
	default:
		return same(value, want, test->fold);
	}
}

static bool attribute_matches(
    struct matcher *m, const struct vg_css_test *test, uint32_t node)
{
	const struct vg_tree_attribute *a =
	    vg_tree_attributes(m->t, vg_tree_item(m->t, node));

	for (; a != NULL; a = a->next)
		if (vg_str_ieq(a->name, test->name))
			return spend(m, a->value.len / STEP_BYTES) &&
			       compare(test, a->value);
	return false;
}

static bool nth_matches(
    struct matcher *m, const struct vg_css_test *test, uint32_t node)
{
	int place = 1, from_b;

	for (uint32_t at = node; (at = sibling(m, at, test->last)) != 0;)
		place += !test->of_type || vg_str_eq(name_of(m, at), name_of(m, node));
	from_b = place - test->b;
	if (test->a == 0)
		return from_b == 0;
	return from_b % test->a == 0 && from_b / test->a >= 0;
}

static bool test_matches(
    struct matcher *m, const struct vg_css_test *test, uint32_t node)
{
	const struct vg_tree_item *n = vg_tree_item(m->t, node);

	switch (test->kind) {
	case VG_CSS_ATTRIBUTE:
		return attribute_matches(m, test, node);
	case VG_CSS_NEVER:
		return false;
	case VG_CSS_NTH:
		return nth_matches(m, test, node);
	case VG_CSS_NOT:
		return !matches_list(m, test->list, node);
	case VG_CSS_IS:
		return matches_list(m, test->list, node);
	case VG_CSS_HAS:
		return has_list(m, test->list, node);
	case VG_CSS_ONLY:
		return sibling(m, node, false) == 0 && sibling(m, node, true) == 0;
	case VG_CSS_EMPTY:
		return n->first == 0;
	case VG_CSS_ROOT:
		return n->parent == 0;
	}
	return false;
}

static bool compound_matches(
    struct matcher *m, const struct vg_css_compound *c, uint32_t node)
{
	struct vg_tree_item *n = vg_tree_item(m->t, node);

	if (!step(m) || (c->tag.ptr != NULL && !vg_str_eq(c->tag, name_of(m, node))))
		return false;
	if (c->need != 0)
		(void)vg_tree_attributes(m->t, n);
	if ((c->need & ~n->have) != 0)
		return false;
	for (const struct vg_css_test *t = c->tests; t != NULL; t = t->next)
		if (!test_matches(m, t, node))
			return false;
	return !m->spent;
}

/* Whether what stands before compound `i` holds around `node`, which matched it. */
static bool holds_before(
    struct matcher *m, const struct vg_css *css, size_t i, uint32_t node)
{
	char combinator = css->at[i].combinator;
	bool up = combinator == ' ' || combinator == '>';
	bool once = combinator == '>' || combinator == '+';

	if (i == 0)
		return true;
	do {
		node = up ? vg_tree_item(m->t, node)->parent : sibling(m, node, false);
		if (node != 0 && compound_matches(m, &css->at[i - 1], node) &&
		    holds_before(m, css, i - 1, node))
			return true;
	} while (node != 0 && !once && !m->spent);
	return false;
}

static bool matches_list(struct matcher *m, const struct vg_css *list, uint32_t node)
{
	for (; list != NULL; list = list->next)
		if (compound_matches(m, &list->at[list->count - 1], node) &&
		    holds_before(m, list, list->count - 1, node))
			return true;
	return false;
}

/* Whether compound `i` and what follows it can be found from `node`. */
static bool found_behind(
    struct matcher *m, const struct vg_css *css, size_t i, uint32_t node)
{
	char combinator = css->at[i].combinator;
	uint32_t top = node, at = node;

	if (combinator == '>')
		at = vg_tree_item(m->t, node)->first;
	for (;;) {
		if (combinator == ' ')
			at = vg_tree_after(m->t, top, at);
		else if (combinator != '>')
			at = sibling(m, at, true);
		if (at == 0 || !step(m))
			return false;
		if (vg_tree_is_element(vg_tree_item(m->t, at)) &&
		    compound_matches(m, &css->at[i], at) &&
		    (i + 1 == css->count || found_behind(m, css, i + 1, at)))
			return true;
		if (combinator == '+')
			return false;
		if (combinator == '>')
			at = vg_tree_item(m->t, at)->next;
	}
}

static bool has_list(struct matcher *m, const struct vg_css *list, uint32_t node)
{
	for (; list != NULL; list = list->next)
		if (found_behind(m, list, 0, node))
			return true;
	return false;
}

enum vg_status vg_css_select(struct vg_tree *t, const struct vg_css *css, uint32_t top,
    struct vg_vec *out, struct vg_error *err)
{
	struct matcher m = {.t = t};

	for (uint32_t at = top; (at = vg_tree_after(t, top, at)) != 0 && !m.spent;) {
		uint32_t *kept;

		if (!vg_tree_is_element(vg_tree_item(t, at)) ||
		    !matches_list(&m, css, at))
			continue;
		if (out->len == out->max)
			return vg_fail(err, VG_E_LIMIT,
			    "the selection has more than %zu nodes", out->max);
		kept = vg_vec_push(out);
		if (kept == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		*kept = at;
	}
	return m.spent ? vg_fail(err, VG_E_LIMIT,
			     "steps of this page's selectors are used up")
		       : VG_OK;
}
