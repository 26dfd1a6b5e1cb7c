/* SPDX-License-Identifier: MIT */
/* Node handles: elements, attributes and texts of the tree, and what can be asked of any node. */
#include "config.h"

#include "plugin/plugin_priv.h"

#include <string.h>

int32_t vg_abi_status(enum vg_status st)
{
	switch (st) {
	case VG_OK:
		return VIGIA_OK;
	case VG_E_NOMEM:
		return VIGIA_E_NOMEM;
	case VG_E_TOO_LARGE:
	case VG_E_LIMIT:
		return VIGIA_E_LIMIT;
	case VG_E_NOT_FOUND:
		return VIGIA_E_NOT_FOUND;
	case VG_E_INVALID:
	case VG_E_UNSUPPORTED:
		return VIGIA_E_INVALID;
	case VG_E_IO:
	case VG_E_AGAIN:
	case VG_E_STOP:
	case VG_E_DENIED:
	case VG_E_NETWORK:
	case VG_E_CORRUPT:
	case VG_E_BUSY:
	case VG_E_INTERNAL:
		break;
	}
	return VIGIA_E_INTERNAL;
}

/* The first failure of a select is what an author needs to read. */
static int32_t report(
    struct vigia_call *call, const char *expression, const struct vg_error *err)
{
	int32_t st = vg_abi_status(err->status);

	if (st != VIGIA_E_NOT_FOUND)
		vg_call_tell(call, expression, err->msg);
	return st;
}

static int32_t open_tree(struct vigia_call *call)
{
	struct vg_error err = {0};

	if (!((call->plugin->desc.caps_required | call->plugin->desc.caps_optional) &
		VIGIA_CAP_TREE)) {
		(void)vg_fail(
		    &err, VG_E_INVALID, "selects from the tree without VIGIA_CAP_TREE");
		return report(call, NULL, &err);
	}
	if (call->tree != NULL)
		return VIGIA_OK;
	call->elements = vg_arena_array(call->doc->arena, call->doc->element_count,
	    sizeof(const struct vigia_node *));
	if (call->elements == NULL)
		return VIGIA_E_NOMEM;
	if (vg_tree_new(call->doc, &call->tree, &err) != VG_OK)
		return report(call, NULL, &err);
	return VIGIA_OK;
}

static const struct vigia_node *wrap(
    struct vigia_call *call, const struct vg_tree_node *tree)
{
	struct vigia_node *n;

	if (tree->kind == VG_TREE_ELEMENT && call->elements[tree->element] != NULL)
		return call->elements[tree->element];
	n = vg_arena_alloc(call->doc->arena, sizeof(*n));
	if (n == NULL)
		return NULL;
	*n = (struct vigia_node){.tree = tree,
	    .name = tree->name,
	    .text = tree->value,
	    .start = tree->start,
	    .end = tree->end,
	    .text_at = SIZE_MAX};
	switch (tree->kind) {
	case VG_TREE_ELEMENT:
		n->kind = VIGIA_NODE_ELEMENT;
		call->elements[tree->element] = n;
		break;
	case VG_TREE_ATTRIBUTE:
		n->kind = VIGIA_NODE_ATTRIBUTE;
		break;
	case VG_TREE_TEXT:
		n->kind = VIGIA_NODE_TEXT;
		break;
	}
	return n;
}

static int32_t select_tree(struct vigia_call *call, const struct vigia_node *context,
    bool css, const char *expression, struct vigia_nodes *ret)
{
	const struct vg_tree_node *const *found = NULL;
	const struct vg_tree_node *from = context != NULL ? context->tree : NULL;
	const struct vigia_node **nodes;
	struct vg_error err = {0};
	size_t count = 0;
	enum vg_status st;
	int32_t opened = open_tree(call);

	if (opened != VIGIA_OK)
		return opened;
	if (context != NULL && context->kind != VIGIA_NODE_ELEMENT) {
		(void)vg_fail(
		    &err, VG_E_INVALID, "the context of %s is no element", expression);
		return report(call, expression, &err);
	}
	st = css ? vg_tree_css(call->tree, from, expression, &found, &count, &err)
		 : vg_tree_xpath(call->tree, from, expression, &found, &count, &err);
	if (st != VG_OK)
		return report(call, expression, &err);
	nodes =
	    vg_arena_array(call->doc->arena, count, sizeof(const struct vigia_node *));
	if (nodes == NULL)
		return VIGIA_E_NOMEM;
	for (size_t i = 0; i < count; i++) {
		nodes[i] = wrap(call, found[i]);
		if (nodes[i] == NULL)
			return VIGIA_E_NOMEM;
	}
	*ret = (struct vigia_nodes){nodes, count};
	return VIGIA_OK;
}

int32_t vg_host_select(struct vigia_call *call, const struct vigia_node *context,
    uint32_t language, const char *expression, struct vigia_nodes *ret)
{
	if (call == NULL || expression == NULL || ret == NULL)
		return VIGIA_E_INVALID;
	switch (language) {
	case VIGIA_XPATH:
		return select_tree(call, context, false, expression, ret);
	case VIGIA_CSS:
		return select_tree(call, context, true, expression, ret);
	case VIGIA_JSON:
		return vg_json_select(call, context, expression, ret);
	case VIGIA_REGEX:
		return vg_regex_select(call, context, expression, ret);
	default:
		return VIGIA_E_INVALID;
	}
}

static uint64_t abi_offset(size_t at)
{
	return at == SIZE_MAX ? VIGIA_NO_SPAN : at;
}

static struct vigia_str abi_str(struct vg_str s)
{
	return (struct vigia_str){s.ptr, s.len};
}

int32_t vg_host_info(
    struct vigia_call *call, const struct vigia_node *node, struct vigia_info *ret)
{
	struct vigia_info info = {0};
	const struct vg_tree_node *parent = NULL;

	if (call == NULL || node == NULL || ret == NULL ||
	    ret->struct_size < offsetof(struct vigia_info, end) + sizeof(ret->end))
		return VIGIA_E_INVALID;
	if (node->tree != NULL)
		parent = vg_tree_parent(call->tree, node->tree);
	info.struct_size = ret->struct_size;
	info.kind = node->kind;
	info.name = abi_str(node->name);
	info.parent = parent != NULL ? wrap(call, parent) : node->parent;
	if (parent != NULL && info.parent == NULL)
		return VIGIA_E_NOMEM;
	info.start = abi_offset(node->start);
	info.end = abi_offset(node->end);
	memcpy(ret, &info,
	    ret->struct_size < sizeof(info) ? ret->struct_size : sizeof(info));
	return VIGIA_OK;
}

int32_t vg_host_text(
    struct vigia_call *call, const struct vigia_node *node, struct vigia_value *ret)
{
	struct vg_str text;

	if (call == NULL || node == NULL || ret == NULL)
		return VIGIA_E_INVALID;
	text = node->text;
	if (node->kind == VIGIA_NODE_ELEMENT && text.ptr == NULL) {
		struct vg_error err = {0};

		if (vg_tree_text(call->tree, node->tree, &text, &err) != VG_OK)
			return report(call, NULL, &err);
	}
	*ret = (struct vigia_value){
	    abi_str(text), abi_offset(node->start), abi_offset(node->end)};
	return VIGIA_OK;
}

static int32_t attr_of_json(struct vigia_call *call, const struct vigia_node *node,
    const char *name, struct vigia_value *ret)
{
	const struct vg_json *member = vg_json_get(node->json, name);
	size_t quote, start, end;
	struct vg_str text;

	if (member == NULL)
		return VIGIA_E_NOT_FOUND;
	text = member->text;
	switch (member->type) {
	case VG_JSON_STRING:
	case VG_JSON_NUMBER:
		break;
	case VG_JSON_TRUE:
		text = VG_STR("true");
		break;
	case VG_JSON_FALSE:
		text = VG_STR("false");
		break;
	case VG_JSON_NULL:
	case VG_JSON_ARRAY:
	case VG_JSON_OBJECT:
		return VIGIA_E_NOT_FOUND;
	}
	quote = member->type == VG_JSON_STRING;
	vg_doc_utf8_span(call->doc, node->json_base + member->start + quote,
	    node->json_base + member->end - quote, &start, &end);
	*ret = (struct vigia_value){abi_str(text), start, end};
	return VIGIA_OK;
}

static int32_t attr_of_match(struct vigia_call *call, const struct vigia_node *node,
    const char *name, struct vigia_value *ret)
{
	uint64_t group;
	struct vg_str text;
	size_t start = SIZE_MAX, end = SIZE_MAX;

	if (!vg_str_to_u64(vg_str(name), &group) || group >= node->group_count ||
	    node->groups[group].ptr == NULL)
		return VIGIA_E_NOT_FOUND;
	text = node->groups[group];
	if (node->text_at != SIZE_MAX) {
		size_t at = node->text_at + (size_t)(text.ptr - node->text.ptr);

		vg_doc_utf8_span(call->doc, at, at + text.len, &start, &end);
	}
	*ret = (struct vigia_value){abi_str(text), abi_offset(start), abi_offset(end)};
	return VIGIA_OK;
}

int32_t vg_host_attr(struct vigia_call *call, const struct vigia_node *node,
    const char *name, struct vigia_value *ret)
{
	struct vg_str text;
	size_t start = SIZE_MAX, end = SIZE_MAX;

	if (call == NULL || node == NULL || name == NULL || ret == NULL)
		return VIGIA_E_INVALID;
	if (node->json != NULL)
		return attr_of_json(call, node, name, ret);
	if (node->kind == VIGIA_NODE_MATCH)
		return attr_of_match(call, node, name, ret);
	if (node->kind != VIGIA_NODE_ELEMENT)
		return VIGIA_E_NOT_FOUND;
	text = vg_tree_attr(call->tree, node->tree, name, &start, &end);
	if (text.ptr == NULL)
		return VIGIA_E_NOT_FOUND;
	*ret = (struct vigia_value){abi_str(text), abi_offset(start), abi_offset(end)};
	return VIGIA_OK;
}
