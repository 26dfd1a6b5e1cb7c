/* SPDX-License-Identifier: MIT */
/* The operations "scan" and "explain": a page and what detection says about it. */
#include "config.h"

#include "analyse/ops.h"
#include "detect/detect.h"
#include "detect/explain.h"
#include "doc/doc.h"

static enum vg_status read_page(struct vg_op_call *call, struct vg_doc **ret)
{
	struct vg_doc_input in = {
	    .payload = call->content,
	    .content_type = vg_json_get_str(call->params, "content_type"),
	    .content_encoding = vg_json_get_str(call->params, "content_encoding"),
	    .url = vg_json_get_str(call->params, "url"),
	};

	if (call->lexicon == NULL)
		return vg_fail(call->err, VG_E_UNSUPPORTED, "no lexicon is loaded");
	return vg_doc_read(call->arena, &in, ret, call->err);
}

enum vg_status vg_op_scan(struct vg_op_call *call)
{
	struct vg_doc *doc;
	struct vg_result *result;
	enum vg_status status = read_page(call, &doc);

	if (status == VG_OK)
		status = vg_detect(call->lexicon, doc, &result, call->err);
	if (status == VG_OK)
		vg_result_write(result, call->out);
	return status;
}

enum vg_status vg_op_explain(struct vg_op_call *call)
{
	struct vg_doc *doc;
	enum vg_status status = read_page(call, &doc);

	if (status == VG_OK)
		status = vg_explain(call->lexicon, doc,
		    vg_json_get_true(call->params, "html"), call->out, call->err);
	return status;
}
