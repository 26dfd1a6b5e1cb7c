/* SPDX-License-Identifier: MIT */
/* One selection as a plugin would make it, for people who try expressions. */
#include "config.h"

#include "plugin/plugin.h"

#include <string.h>

#include "plugin/plugin_priv.h"

#define MAX_SHOWN 200u

static uint32_t language_of(struct vg_str name)
{
	static const char *const names[] = {NULL, "xpath", "css", "json", "regex"};

	for (uint32_t i = 1; i < sizeof(names) / sizeof(names[0]); i++)
		if (vg_str_eqz(name, names[i]))
			return i;
	return 0;
}

static void write_offset(uint64_t at, struct vg_json_writer *w)
{
	if (at == VIGIA_NO_SPAN)
		vg_jw_null(w);
	else
		vg_jw_int(w, (int64_t)at);
}

static void write_node(
    struct vigia_call *call, const struct vigia_node *node, struct vg_json_writer *w)
{
	struct vigia_value v = {{"", 0}, VIGIA_NO_SPAN, VIGIA_NO_SPAN};

	if (vg_host_text(call, node, &v) != VIGIA_OK)
		return;
	vg_jw_object(w);
	vg_jw_kstr(w, "name", node->name);
	vg_jw_kstr(w, "text", (struct vg_str){v.text.ptr, v.text.len});
	vg_jw_key(w, "start");
	write_offset(v.start, w);
	vg_jw_key(w, "end");
	write_offset(v.end, w);
	vg_jw_end_object(w);
}

enum vg_status vg_plugins_select(struct vg_plugins *p, const struct vg_doc *doc,
    struct vg_str language, struct vg_str expression, struct vg_json_writer *w,
    struct vg_error *err)
{
	struct vg_loaded *self = vg_arena_alloc(doc->arena, sizeof(*self));
	struct vigia_call *call = vg_arena_alloc(doc->arena, sizeof(*call));
	struct vg_str text = vg_arena_str(doc->arena, expression);
	struct vigia_nodes found = {NULL, 0};
	int32_t st;

	if (!self || !call || !text.ptr)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	self->desc.caps_required = VIGIA_CAP_TREE;
	call->set = p;
	call->plugin = self;
	call->doc = doc;
	st = vg_host_select(call, NULL, language_of(language), text.ptr, &found);
	if (st != VIGIA_OK && st != VIGIA_E_NOT_FOUND)
		return vg_fail(err, VG_E_INVALID, "%.*s",
		    (int)(call->problem.len < 200 ? call->problem.len : 200),
		    call->problem.ptr ? call->problem.ptr : "it cannot be evaluated");
	vg_jw_object(w);
	vg_jw_kint(w, "count", (int64_t)found.count);
	vg_jw_key(w, "nodes");
	vg_jw_array(w);
	for (size_t i = 0; i < found.count && i < MAX_SHOWN; i++)
		write_node(call, found.items[i], w);
	vg_jw_end_array(w);
	vg_jw_end_object(w);
	return VG_OK;
}
