/* SPDX-License-Identifier: MIT */
/* JSON of the page as nodes, and the small path language that walks it. */
#include "config.h"

#include "plugin/plugin_priv.h"

#include <stdio.h>

#include "base/limits.h"

#define MAX_NODES VG_MAX_SELECTED

enum step_kind { STEP_NAME, STEP_INDEX, STEP_ALL, STEP_DEEP };

struct step {
	enum step_kind kind;
	struct vg_str name; /* STEP_NAME, STEP_DEEP */
	uint64_t index;
};

static int32_t kind_of(enum vg_json_type type)
{
	switch (type) {
	case VG_JSON_OBJECT:
		return VIGIA_NODE_OBJECT;
	case VG_JSON_ARRAY:
		return VIGIA_NODE_ARRAY;
	case VG_JSON_STRING:
		return VIGIA_NODE_STRING;
	case VG_JSON_NUMBER:
		return VIGIA_NODE_NUMBER;
	case VG_JSON_TRUE:
	case VG_JSON_FALSE:
		return VIGIA_NODE_BOOL;
	case VG_JSON_NULL:
		break;
	}
	return VIGIA_NODE_NULL;
}

static const struct vigia_node *new_json_node(struct vigia_call *call,
    const struct vg_json *json, size_t base, const struct vigia_node *parent,
    struct vg_str name)
{
	struct vigia_node *n = vg_arena_alloc(call->doc->arena, sizeof(*n));
	size_t quote = json->type == VG_JSON_STRING;

	if (n == NULL)
		return NULL;
	*n = (struct vigia_node){.kind = kind_of(json->type),
	    .name = name,
	    .parent = parent,
	    .json = json,
	    .json_base = base,
	    .text_at = SIZE_MAX};
	if (json->type == VG_JSON_STRING || json->type == VG_JSON_NUMBER)
		n->text = json->text;
	else if (json->type == VG_JSON_TRUE)
		n->text = VG_STR("true");
	else if (json->type == VG_JSON_FALSE)
		n->text = VG_STR("false");
	vg_doc_utf8_span(call->doc, base + json->start + quote,
	    base + json->end - quote, &n->start, &n->end);
	return n;
}

static int32_t push(struct vg_vec *v, const struct vigia_node *node)
{
	const struct vigia_node **slot;

	if (node == NULL)
		return VIGIA_E_NOMEM;
	slot = vg_vec_push(v);
	if (slot == NULL)
		return v->len >= v->max ? VIGIA_E_LIMIT : VIGIA_E_NOMEM;
	*slot = node;
	return VIGIA_OK;
}

/* Parses text that lies in doc->utf8; text that is no JSON is left out. */
static int32_t add_root(
    struct vigia_call *call, struct vg_str text, struct vg_str type, struct vg_vec *v)
{
	struct vg_json *json = NULL;
	size_t base = (size_t)(text.ptr - call->doc->utf8.ptr);
	enum vg_status st =
	    vg_json_parse(call->doc->arena, text, VG_JSON_LENIENT, &json, NULL);

	if (st == VG_E_NOMEM)
		return VIGIA_E_NOMEM;
	if (st != VG_OK)
		return VIGIA_OK;
	return push(v, new_json_node(call, json, base, NULL, type));
}

static int32_t read_roots(struct vigia_call *call)
{
	const struct vg_doc *doc = call->doc;
	struct vg_vec v = VG_VEC_INIT(const struct vigia_node *, MAX_NODES, doc->arena);
	struct vg_str all = vg_str_trim(doc->utf8);
	int32_t st = VIGIA_OK;

	if (call->roots_read)
		return VIGIA_OK;
	call->roots_read = true;
	if (all.len > 0 && (all.ptr[0] == '{' || all.ptr[0] == '['))
		st = add_root(call, all, (struct vg_str){0}, &v);
	if (st == VIGIA_OK && v.len == 0)
		for (size_t i = 0; i < doc->json_count && st == VIGIA_OK; i++)
			st = add_root(call, doc->jsons[i].text, doc->jsons[i].type, &v);
	if (st != VIGIA_OK)
		return st;
	call->roots = v.items;
	call->root_count = v.len;
	return VIGIA_OK;
}

static bool is_bare(char c)
{
	return vg_is_alnum(c) || c == '_' || c == '-' || c == '@' || c == '$' ||
	       (unsigned char)c >= 0x80;
}

static bool read_bare(struct vg_str path, size_t *at, struct vg_str *ret)
{
	size_t from = *at;

	while (*at < path.len && is_bare(path.ptr[*at]))
		(*at)++;
	*ret = vg_str_sub(path, from, *at);
	return ret->len > 0;
}

/* "[0]", "[*]" or "['name']"; *at is behind the bracket. */
static bool read_bracket(struct vg_str path, size_t *at, struct step *ret)
{
	size_t close;
	struct vg_str inside;
	char quote = *at < path.len ? path.ptr[*at] : '\0';

	if (quote == '\'' || quote == '"') {
		close = vg_str_chr(path, quote, *at + 1);
		if (close == SIZE_MAX || close + 1 >= path.len ||
		    path.ptr[close + 1] != ']')
			return false;
		*ret = (struct step){STEP_NAME, vg_str_sub(path, *at + 1, close), 0};
		*at = close + 2;
		return true;
	}
	close = vg_str_chr(path, ']', *at);
	if (close == SIZE_MAX)
		return false;
	inside = vg_str_sub(path, *at, close);
	*at = close + 1;
	*ret = (struct step){.kind = vg_str_eqz(inside, "*") ? STEP_ALL : STEP_INDEX};
	return ret->kind == STEP_ALL || vg_str_to_u64(inside, &ret->index);
}

static bool read_step(struct vg_str path, size_t *at, struct step *ret)
{
	*ret = (struct step){0};
	if (path.ptr[*at] == '[') {
		(*at)++;
		return read_bracket(path, at, ret);
	}
	if (path.ptr[*at] != '.')
		return false;
	(*at)++;
	if (*at < path.len && path.ptr[*at] == '.') {
		(*at)++;
		ret->kind = STEP_DEEP;
		return read_bare(path, at, &ret->name);
	}
	if (*at < path.len && path.ptr[*at] == '*') {
		(*at)++;
		ret->kind = STEP_ALL;
		return true;
	}
	ret->kind = STEP_NAME;
	return read_bare(path, at, &ret->name);
}

static int32_t add_child(struct vigia_call *call, const struct vigia_node *parent,
    const struct vg_json *child, struct vg_vec *out)
{
	return push(
	    out, new_json_node(call, child, parent->json_base, parent, child->key));
}

/* Depth is bounded by VG_JSON_DEPTH. */
static int32_t add_deep(struct vigia_call *call, const struct vigia_node *from,
    struct vg_str name, struct vg_vec *out)
{
	int32_t st = VIGIA_OK;
	bool object = from->json->type == VG_JSON_OBJECT;

	for (const struct vg_json *c = from->json->first; c != NULL && st == VIGIA_OK;
	     c = c->next) {
		const struct vigia_node *child;
		bool hit = object && vg_str_eq(c->key, name);

		if (!hit && c->type != VG_JSON_OBJECT && c->type != VG_JSON_ARRAY)
			continue;
		child = new_json_node(call, c, from->json_base, from, c->key);
		if (child == NULL)
			return VIGIA_E_NOMEM;
		if (hit)
			st = push(out, child);
		if (st == VIGIA_OK)
			st = add_deep(call, child, name, out);
	}
	return st;
}

static int32_t take_step(struct vigia_call *call, const struct vigia_node *from,
    const struct step *step, struct vg_vec *out)
{
	const struct vg_json *json = from->json;
	int32_t st = VIGIA_OK;
	uint64_t index = 0;

	if (step->kind == STEP_DEEP)
		return add_deep(call, from, step->name, out);
	for (const struct vg_json *c = json->first; c != NULL && st == VIGIA_OK;
	     c = c->next) {
		bool hit = step->kind == STEP_ALL;

		if (step->kind == STEP_NAME)
			hit = json->type == VG_JSON_OBJECT &&
			      vg_str_eq(c->key, step->name);
		else if (step->kind == STEP_INDEX)
			hit = json->type == VG_JSON_ARRAY && index == step->index;
		index++;
		if (!hit)
			continue;
		st = add_child(call, from, c, out);
		if (step->kind != STEP_ALL)
			break; /* of duplicate names the first counts */
	}
	return st;
}

/* Where a path starts: the context, a script's JSON, or every root of the page. */
static int32_t start(
    struct vigia_call *call, const struct vigia_node *context, struct vg_vec *out)
{
	struct vg_str script;
	int32_t st;

	if (context != NULL && context->json != NULL)
		return push(out, context);
	if (context != NULL) {
		script = context->kind == VIGIA_NODE_ELEMENT
			     ? vg_tree_script(call->tree, context->tree)
			     : (struct vg_str){0};
		if (script.ptr == NULL)
			return VIGIA_E_INVALID;
		st = add_root(call, script, (struct vg_str){0}, out);
	} else {
		st = read_roots(call);
		for (size_t i = 0; i < call->root_count && st == VIGIA_OK; i++)
			st = push(out, call->roots[i]);
	}
	if (st == VIGIA_OK && out->len == 0)
		return VIGIA_E_NOT_FOUND;
	return st;
}

/* Read whole, whatever the page holds; false: the problem is told. */
static bool is_path(struct vigia_call *call, struct vg_str path)
{
	size_t at = 1;
	struct step step;
	char what[64];

	if (path.len > 0 && path.ptr[0] == '$') {
		while (at < path.len && read_step(path, &at, &step))
			;
		if (at >= path.len)
			return true;
	}
	(void)snprintf(what, sizeof(what), "no JSON path, from byte %zu", at);
	vg_call_tell(call, path.ptr, what);
	return false;
}

int32_t vg_json_select(struct vigia_call *call, const struct vigia_node *context,
    const char *text, struct vigia_nodes *ret)
{
	struct vg_str path = vg_str(text);
	struct vg_vec now =
	    VG_VEC_INIT(const struct vigia_node *, MAX_NODES, call->doc->arena);
	size_t at = 1;
	int32_t st;

	if (!is_path(call, path))
		return VIGIA_E_INVALID;
	st = start(call, context, &now);
	while (st == VIGIA_OK && at < path.len) {
		struct vg_vec next =
		    VG_VEC_INIT(const struct vigia_node *, MAX_NODES, call->doc->arena);
		struct step step;

		(void)read_step(path, &at, &step);
		for (size_t i = 0; i < now.len && st == VIGIA_OK; i++)
			st = take_step(call,
			    *(const struct vigia_node **)vg_vec_at(&now, i), &step,
			    &next);
		now = next;
	}
	if (st == VIGIA_OK)
		*ret = (struct vigia_nodes){now.items, now.len};
	return st;
}
