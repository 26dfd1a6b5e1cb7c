/* SPDX-License-Identifier: MIT */
/* plugin.run: what a site plugin reads in one document. */
#include "config.h"

#include "analyse/ops.h"

#include "plugin/plugin.h"

enum vg_status vg_op_plugin_select(struct vg_op_call *call)
{
	struct vg_doc_input in = {
	    .payload = call->content, .url = vg_json_get_str(call->params, "url")};
	struct vg_doc *doc = NULL;
	enum vg_status st;

	if (call->plugins == NULL)
		return vg_fail(call->err, VG_E_UNSUPPORTED, "no plugins are loaded");
	st = vg_doc_read(call->arena, &in, &doc, call->err);
	if (st != VG_OK)
		return st;
	return vg_plugins_select(call->plugins, doc,
	    vg_json_get_str(call->params, "language"),
	    vg_json_get_str(call->params, "expression"), call->out, call->err);
}

/* How many listings the caller wants. */
static size_t limit_of(const struct vg_op_call *call, size_t count)
{
	uint64_t limit;

	if (!vg_str_to_u64(vg_json_get_str(call->params, "limit"), &limit))
		return count;
	return limit < count ? (size_t)limit : count;
}

enum vg_status vg_op_plugin_run(struct vg_op_call *call)
{
	struct vg_doc_input in = {
	    .payload = call->content,
	    .content_type = vg_json_get_str(call->params, "content_type"),
	    .content_encoding = vg_json_get_str(call->params, "content_encoding"),
	    .url = vg_json_get_str(call->params, "url"),
	};
	struct vg_page_facts facts = {.content_type = in.content_type};
	struct vg_plugin_result result = {0};
	struct vg_doc *doc = NULL;
	enum vg_status st;

	if (call->plugins == NULL)
		return vg_fail(call->err, VG_E_UNSUPPORTED, "no plugins are loaded");
	st = vg_doc_read(call->arena, &in, &doc, call->err);
	if (st == VG_OK)
		st = vg_plugins_run(call->plugins,
		    vg_json_get_str(call->params, "plugin"), doc, &facts, &result,
		    call->err);
	if (st != VG_OK)
		return st;
	vg_jw_object(call->out);
	vg_jw_kstr(call->out, "plugin", result.plugin);
	vg_jw_kstr(call->out, "problem", result.problem);
	vg_jw_key(call->out, "listings");
	vg_jw_array(call->out);
	result.listing_count = limit_of(call, result.listing_count);
	for (size_t i = 0; i < result.listing_count; i++)
		vg_listing_write(&result.listings[i], true, call->out);
	vg_jw_end_array(call->out);
	vg_jw_key(call->out, "links");
	vg_jw_array(call->out);
	for (size_t i = 0; i < result.link_count; i++) {
		vg_jw_object(call->out);
		vg_jw_kstr(call->out, "url", result.links[i].url);
		vg_jw_kstrz(call->out, "kind", result.links[i].kind);
		vg_jw_end_object(call->out);
	}
	vg_jw_end_array(call->out);
	vg_jw_end_object(call->out);
	return VG_OK;
}
