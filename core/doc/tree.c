/* SPDX-License-Identifier: MIT */
/* Selecting from the tree and reading what was selected. */
#include "config.h"

#include "doc/tree_xml.h"

#include <string.h>

#include "base/limits.h"
#include "base/size.h"

static void free_tree(void *ctx)
{
	struct vg_tree *t = ctx;

	vg_vec_release(&t->nodes);
	vg_buf_release(&t->scratch);
	vg_buf_release(&t->text);
}

enum vg_status vg_tree_new(
    const struct vg_doc *doc, struct vg_tree **ret, struct vg_error *err)
{
	struct vg_arena *a = doc->arena;
	struct vg_tree *t = vg_arena_alloc(a, sizeof(*t));

	if (t == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	t->doc = doc;
	t->count = vg_size_min(doc->element_count, VG_MAX_TREE_NODES);
	t->text_left = VG_MAX_TREE_TEXT;
	t->scratch = t->text = VG_BUF_INIT(VG_MAX_PAGE_ARENA);
	t->nodes = VG_VEC_INIT(struct vg_tree_item, UINT32_MAX, NULL);
	t->of_element = vg_arena_array(a, t->count, sizeof(*t->of_element));
	t->handles = vg_arena_array(a, t->count, sizeof(struct vg_tree_node *));
	t->scripts = vg_arena_array(a, t->count, sizeof(struct vg_str));
	if (t->of_element == NULL || t->handles == NULL || t->scripts == NULL ||
	    vg_arena_defer(a, free_tree, t) != VG_OK || !vg_tree_fill(t))
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	*ret = t;
	return VG_OK;
}

const struct vg_tree_node *vg_tree_element(struct vg_tree *t, uint32_t element)
{
	const struct vg_element *e;
	struct vg_tree_node *n;

	if (element >= t->count || t->of_element[element] == 0)
		return NULL;
	if (t->handles[element] != NULL)
		return t->handles[element];
	n = vg_arena_alloc(t->doc->arena, sizeof(*n));
	if (n == NULL)
		return NULL;
	e = &t->doc->elements[element];
	*n = (struct vg_tree_node){.kind = VG_TREE_ELEMENT,
	    .element = element,
	    .name = e->name,
	    .start = e->start,
	    .end = e->end,
	    .node = t->of_element[element]};
	t->handles[element] = n;
	return n;
}

const struct vg_tree_node *vg_tree_parent(
    struct vg_tree *t, const struct vg_tree_node *node)
{
	uint32_t parent;

	if (node->kind != VG_TREE_ELEMENT)
		return vg_tree_element(t, node->element);
	parent = vg_tree_item(t, node->node)->parent;
	return parent == 0 ? NULL
			   : vg_tree_element(t, vg_tree_item(t, parent)->element);
}

struct vg_tree_node *vg_tree_loose(struct vg_tree *t, enum vg_tree_kind kind)
{
	struct vg_tree_node *n = vg_arena_alloc(t->doc->arena, sizeof(*n));

	if (n != NULL)
		*n = (struct vg_tree_node){.kind = kind,
		    .element = VG_NONE,
		    .start = SIZE_MAX,
		    .end = SIZE_MAX};
	return n;
}

const struct vg_tree_node *vg_tree_wrap(struct vg_tree *t, uint32_t i)
{
	struct vg_tree_item *item = vg_tree_item(t, i);
	struct vg_tree_node *n;
	size_t start, end;

	if (vg_tree_is_element(item))
		return vg_tree_element(t, item->element);
	n = vg_tree_loose(t, VG_TREE_TEXT);
	if (n == NULL)
		return NULL;
	n->node = i;
	n->element = vg_tree_item(t, item->parent)->element;
	n->value = vg_tree_value(t, item);
	if (item->raw)
		return n->value.ptr != NULL ? n : NULL;
	/* The bytes up to the next tag. */
	start = (size_t)(item->source.ptr - t->doc->utf8.ptr);
	end = start + item->source.len;
	vg_doc_utf8_span(t->doc, start, end, &n->start, &n->end);
	return n->value.ptr != NULL ? n : NULL;
}

static enum vg_status wrap_all(struct vg_tree *t, const struct vg_vec *found,
    const struct vg_tree_node *const **ret, size_t *ret_count, struct vg_error *err)
{
	const uint32_t *at = found->items;
	const struct vg_tree_node **nodes = vg_arena_array(
	    t->doc->arena, found->len, sizeof(const struct vg_tree_node *));

	if (nodes == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; i < found->len; i++) {
		nodes[i] = vg_tree_wrap(t, at[i]);
		if (nodes[i] == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	*ret = nodes;
	*ret_count = found->len;
	return VG_OK;
}

static bool has_ink(struct vg_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != ' ' && s.ptr[i] != '\t' && s.ptr[i] != '\n' &&
		    s.ptr[i] != '\r')
			return true;
	return false;
}

/* The texts below `top`, those of nothing but white space left out when `inked`. */
static enum vg_status every_text(struct vg_tree *t, uint32_t top, bool inked,
    struct vg_vec *out, struct vg_error *err)
{
	for (uint32_t at = top; (at = vg_tree_after(t, top, at)) != 0;) {
		struct vg_tree_item *n = vg_tree_item(t, at);
		uint32_t *kept;

		if (vg_tree_is_element(n) || (inked && !has_ink(vg_tree_value(t, n))))
			continue;
		if (out->len == out->max)
			return vg_fail(err, VG_E_LIMIT,
			    "the selection has more than %zu nodes", out->max);
		kept = vg_vec_push(out);
		if (kept == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		*kept = at;
	}
	return VG_OK;
}

/* The selector as read, from an earlier call when there was one. The tree keeps it. */
static enum vg_status read_selector(struct vg_tree *t, const char *expression,
    const struct vg_css **ret, struct vg_error *err)
{
	struct vg_str text = vg_str(expression);
	struct vg_tree_selector *slot =
	    &t->selectors[vg_str_hash(text) & (VG_TREE_SELECTORS - 1)];

	if (slot->text.ptr == NULL || !vg_str_eq(slot->text, text)) {
		struct vg_tree_selector made = {
		    vg_arena_str(t->doc->arena, text), NULL};
		enum vg_status st;

		if (made.text.ptr == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		st = vg_css_read(t->doc->arena, made.text, &made.css, err);
		if (st != VG_OK)
			return st;
		*slot = made;
	}
	*ret = slot->css;
	return VG_OK;
}

static enum vg_status check_context(
    const struct vg_tree_node *context, uint32_t *ret, struct vg_error *err)
{
	if (context != NULL && context->kind != VG_TREE_ELEMENT)
		return vg_fail(
		    err, VG_E_INVALID, "the context of a selection is no element");
	*ret = context != NULL ? context->node : 0;
	return VG_OK;
}

enum vg_status vg_tree_xpath(struct vg_tree *t, const struct vg_tree_node *context,
    const char *xpath, const struct vg_tree_node *const **ret, size_t *ret_count,
    struct vg_error *err)
{
	struct vg_vec found = VG_VEC_INIT(uint32_t, VG_MAX_SELECTED, NULL);
	uint32_t top = 0;
	enum vg_status st = check_context(context, &top, err);

	if (st != VG_OK)
		return st;
	/* Two that need no evaluator: the plugin of last resort asks them of most pages. */
	if (strcmp(xpath, "//text()") == 0)
		st = every_text(t, 0, false, &found, err);
	else if (strcmp(xpath, ".//text()[normalize-space()]") == 0)
		st = every_text(t, top, true, &found, err);
	else
		return vg_tree_xml_select(t, top, xpath, ret, ret_count, err);
	if (st == VG_OK)
		st = wrap_all(t, &found, ret, ret_count, err);
	vg_vec_release(&found);
	return st;
}

enum vg_status vg_tree_css(struct vg_tree *t, const struct vg_tree_node *context,
    const char *css, const struct vg_tree_node *const **ret, size_t *ret_count,
    struct vg_error *err)
{
	struct vg_vec found = VG_VEC_INIT(uint32_t, VG_MAX_SELECTED, NULL);
	const struct vg_css *selector = NULL;
	uint32_t top = 0;
	enum vg_status st = check_context(context, &top, err);

	if (st == VG_OK)
		st = read_selector(t, css, &selector, err);
	if (st == VG_OK)
		st = vg_css_select(t, selector, top, &found, err);
	if (st == VG_OK)
		st = wrap_all(t, &found, ret, ret_count, err);
	vg_vec_release(&found);
	return st;
}

static bool is_inline(uint16_t tag)
{
	switch (tag) {
	case VG_TAG_A:
	case VG_TAG_ABBR:
	case VG_TAG_B:
	case VG_TAG_BDI:
	case VG_TAG_BDO:
	case VG_TAG_BIG:
	case VG_TAG_CITE:
	case VG_TAG_CODE:
	case VG_TAG_DATA:
	case VG_TAG_DEL:
	case VG_TAG_DFN:
	case VG_TAG_EM:
	case VG_TAG_FONT:
	case VG_TAG_I:
	case VG_TAG_INS:
	case VG_TAG_KBD:
	case VG_TAG_LABEL:
	case VG_TAG_MARK:
	case VG_TAG_NOBR:
	case VG_TAG_Q:
	case VG_TAG_S:
	case VG_TAG_SAMP:
	case VG_TAG_SMALL:
	case VG_TAG_SPAN:
	case VG_TAG_STRIKE:
	case VG_TAG_STRONG:
	case VG_TAG_SUB:
	case VG_TAG_SUP:
	case VG_TAG_TIME:
	case VG_TAG_TT:
	case VG_TAG_U:
	case VG_TAG_VAR:
	case VG_TAG_WBR:
		return true;
	default:
		return false;
	}
}

static bool is_unread(uint16_t tag)
{
	return tag == VG_TAG_NOSCRIPT || tag == VG_TAG_SCRIPT || tag == VG_TAG_STYLE ||
	       tag == VG_TAG_TEMPLATE;
}

static void add_space(struct vg_buf *out)
{
	if (out->len > 0 && out->ptr[out->len - 1] != ' ')
		vg_buf_addc(out, ' ');
}

/* Appends with runs of white space as one space, none at the start. */
static void add_collapsed(struct vg_buf *out, struct vg_str s)
{
	size_t from = 0, i = 0;

	while (i < s.len) {
		bool nbsp =
		    s.ptr[i] == '\xC2' && i + 1 < s.len && s.ptr[i + 1] == '\xA0';

		if (!nbsp && !vg_is_space(s.ptr[i])) {
			i++;
			continue;
		}
		vg_buf_add(out, s.ptr + from, i - from);
		add_space(out);
		i += nbsp ? 2 : 1;
		from = i;
	}
	vg_buf_add(out, s.ptr + from, s.len - from);
}

static void add_break(struct vg_buf *out, const struct vg_tree_item *n)
{
	if (vg_tree_is_element(n) && !is_inline(n->tag))
		add_space(out);
}

/* Texts below `top`; a text that must be decoded uses the scratch buffer, so that `out` is another. */
static bool add_element_text(struct vg_tree *t, uint32_t top, struct vg_buf *out)
{
	uint32_t at = vg_tree_item(t, top)->first;

	while (at != 0) {
		struct vg_tree_item *n = vg_tree_item(t, at);

		add_break(out, n);
		if (!vg_tree_is_element(n)) {
			struct vg_str value = vg_tree_value(t, n);

			if (value.ptr == NULL)
				return false;
			add_collapsed(out, value);
		} else if (n->first != 0 && !is_unread(n->tag)) {
			at = n->first;
			continue;
		}
		while (n->next == 0) { /* up, to top at the latest */
			at = n->parent;
			if (at == top)
				return true;
			n = vg_tree_item(t, at);
			add_break(out, n);
		}
		at = n->next;
	}
	return true;
}

enum vg_status vg_tree_text(struct vg_tree *t, const struct vg_tree_node *node,
    struct vg_str *ret, struct vg_error *err)
{
	*ret = node->value;
	if (node->kind != VG_TREE_ELEMENT)
		return VG_OK;
	vg_buf_clear(&t->text);
	if (t->text_left > 0 &&
	    (!add_element_text(t, node->node, &t->text) || t->text.status != VG_OK))
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	if (t->text.len >= t->text_left) {
		t->text_left = 0; /* the next one is not even built */
		return vg_fail(err, VG_E_LIMIT,
		    "more text of this page's elements is read than %u bytes",
		    VG_MAX_TREE_TEXT);
	}
	t->text_left -= t->text.len;
	*ret = vg_arena_str(t->doc->arena, vg_str_trim(vg_buf_str(&t->text)));
	return ret->ptr != NULL ? VG_OK : vg_fail(err, VG_E_NOMEM, "out of memory");
}

struct vg_str vg_tree_attr(struct vg_tree *t, const struct vg_tree_node *node,
    const char *name, size_t *ret_start, size_t *ret_end)
{
	const struct vg_tree_attribute *a;
	struct vg_str none = {0}, want = vg_str(name);
	size_t start;

	if (node->kind != VG_TREE_ELEMENT)
		return none;
	a = vg_tree_attributes(t, vg_tree_item(t, node->node));
	for (; a != NULL; a = a->next) {
		if (!vg_str_ieq(a->name, want))
			continue;
		start = (size_t)(a->raw.ptr - t->doc->utf8.ptr);
		vg_doc_utf8_span(t->doc, start, start + a->raw.len, ret_start, ret_end);
		return a->value;
	}
	return none;
}

struct vg_str vg_tree_script(struct vg_tree *t, const struct vg_tree_node *node)
{
	return node->kind == VG_TREE_ELEMENT ? t->scripts[node->element]
					     : (struct vg_str){0};
}
