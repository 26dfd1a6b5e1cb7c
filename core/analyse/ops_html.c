/* SPDX-License-Identifier: MIT */
/* html.text, html.links and html.charset: what a document says, links to and is written in. */
#include "config.h"

#include "analyse/ops.h"

#include "base/limits.h"
#include "doc/doc.h"

static enum vg_status read_doc(struct vg_op_call *call, struct vg_doc **ret)
{
	struct vg_doc_input in = {
	    .payload = call->content,
	    .content_type = vg_json_get_str(call->params, "content_type"),
	    .content_encoding = vg_json_get_str(call->params, "content_encoding"),
	    .url = vg_json_get_str(call->params, "base"),
	};

	if (!in.url.len)
		in.url = vg_json_get_str(call->params, "url");
	return vg_doc_read(call->arena, &in, ret, call->err);
}

enum vg_status vg_op_html_text(struct vg_op_call *call)
{
	struct vg_buf text = VG_BUF_INIT(VG_MAX_FRAME);
	struct vg_doc *doc;
	enum vg_status status = read_doc(call, &doc);

	if (status)
		return status;
	for (size_t i = 0; i < doc->block_count; i++) {
		const struct vg_block *b = &doc->blocks[i];

		if (b->where != VG_WHERE_TEXT && b->where != VG_WHERE_HIDDEN)
			continue;
		vg_buf_adds(&text, b->text);
		vg_buf_addc(&text, '\n');
	}
	status = vg_buf_status(&text, call->err);
	if (!status) {
		vg_buf_truncate(&text, text.len ? text.len - 1 : 0);
		vg_jw_object(call->out);
		vg_jw_kstr(
		    call->out, "text", text.len ? vg_buf_str(&text) : VG_STR(""));
		vg_jw_kbool(call->out, "truncated", doc->truncated);
		vg_jw_end_object(call->out);
	}
	vg_buf_release(&text);
	return status;
}

static struct vg_str never_null(struct vg_str s)
{
	return s.ptr ? s : VG_STR("");
}

enum vg_status vg_op_html_links(struct vg_op_call *call)
{
	struct vg_doc *doc;
	enum vg_status status = read_doc(call, &doc);

	if (status)
		return status;
	vg_jw_array(call->out);
	for (size_t i = 0; i < doc->link_count; i++) {
		const struct vg_link *link = &doc->links[i];

		vg_jw_object(call->out);
		vg_jw_kstr(call->out, "url", never_null(link->url));
		vg_jw_kstr(call->out, "raw", never_null(link->raw));
		vg_jw_kstrz(call->out, "tag", link->tag);
		vg_jw_kstrz(call->out, "attr", link->attr);
		vg_jw_kstr(call->out, "text", never_null(link->text));
		vg_jw_end_object(call->out);
	}
	vg_jw_end_array(call->out);
	return VG_OK;
}

enum vg_status vg_op_html_charset(struct vg_op_call *call)
{
	struct vg_doc *doc;
	enum vg_status status = read_doc(call, &doc);

	if (status)
		return status;
	vg_jw_object(call->out);
	vg_jw_kstr(call->out, "charset", doc->charset);
	vg_jw_kstrz(call->out, "source", vg_charset_source_name(doc->charset_source));
	vg_jw_end_object(call->out);
	return VG_OK;
}
