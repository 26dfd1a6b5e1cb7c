/* SPDX-License-Identifier: MIT */
/* The operation "scan": a page and what detection says about it. */
#include "config.h"

#include "analyse/ops.h"
#include "detect/detect.h"
#include "doc/doc.h"

enum vg_status vg_op_scan(struct vg_op_call *call)
{
	struct vg_doc_input in = {
	    .payload = call->content,
	    .content_type = vg_json_get_str(call->params, "content_type"),
	    .content_encoding = vg_json_get_str(call->params, "content_encoding"),
	    .url = vg_json_get_str(call->params, "url"),
	};
	struct vg_doc *doc;
	struct vg_result *result;
	enum vg_status status;

	if (call->lexicon == NULL)
		return vg_fail(call->err, VG_E_UNSUPPORTED, "no lexicon is loaded");
	status = vg_doc_read(call->arena, &in, &doc, call->err);
	if (status == VG_OK)
		status = vg_detect(call->lexicon, doc, &result, call->err);
	if (status == VG_OK)
		vg_result_write(result, call->out);
	return status;
}
