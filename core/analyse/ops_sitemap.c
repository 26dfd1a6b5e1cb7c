/* SPDX-License-Identifier: MIT */
/* sitemap.parse: the addresses that a sitemap or feed names. */
#include "config.h"

#include "analyse/ops.h"

#include "base/clock.h"
#include "doc/sitemap.h"

static void write_modified(struct vg_json_writer *w, int64_t modified)
{
	char text[VG_RFC3339_LEN];
	struct vg_str when;

	vg_jw_key(w, "lastmod");
	if (modified == INT64_MIN) {
		vg_jw_null(w);
		return;
	}
	vg_time_format(modified, text);
	when = vg_str(text);
	/* Whole seconds are written so. */
	if (vg_str_ends(when, VG_STR(".000000Z"))) {
		text[when.len - 8] = 'Z';
		when.len -= 7;
	}
	vg_jw_str(w, when);
}

static void write_entry(
    struct vg_json_writer *w, const struct vg_sitemap_entry *entry, bool page)
{
	vg_jw_object(w);
	vg_jw_kstr(w, "loc", entry->loc);
	write_modified(w, entry->modified);
	if (page) {
		vg_jw_kstr(w, "changefreq",
		    entry->changefreq.len ? entry->changefreq : (struct vg_str){0});
		vg_jw_key(w, "priority");
		if (entry->priority < 0)
			vg_jw_null(w);
		else
			vg_jw_fixed(w, entry->priority, 4);
	}
	vg_jw_end_object(w);
}

enum vg_status vg_op_sitemap_parse(struct vg_op_call *call)
{
	struct vg_sitemap sitemap;
	bool index;
	enum vg_status st = vg_sitemap_read(call->arena, call->content,
	    vg_json_get_str(call->params, "url"), &sitemap, call->err);

	if (st != VG_OK)
		return st;
	index = sitemap.kind == VG_SITEMAP_INDEX;
	vg_jw_object(call->out);
	vg_jw_kstrz(call->out, "kind", vg_sitemap_kind_name(sitemap.kind));
	for (int list = 0; list < 2; list++) {
		vg_jw_key(call->out, list ? "sitemaps" : "urls");
		vg_jw_array(call->out);
		for (size_t i = 0; index == (list == 1) && i < sitemap.count; i++)
			write_entry(call->out, &sitemap.entries[i], !index);
		vg_jw_end_array(call->out);
	}
	vg_jw_kbool(call->out, "truncated", sitemap.truncated);
	vg_jw_end_object(call->out);
	return VG_OK;
}
