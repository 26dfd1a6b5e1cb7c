/* SPDX-License-Identifier: MIT */
/* What the two files of the operation "page" share. */
#ifndef VG_ANALYSE_OPS_PAGE_H
#define VG_ANALYSE_OPS_PAGE_H

#include "analyse/ops.h"
#include "doc/doc.h"
#include "doc/sitemap.h"
#include "plugin/plugin.h"
#include "url/url.h"

struct vg_page_links {
	const struct vg_doc *doc;
	const struct vg_page_facts *facts;
	const struct vg_plugin_result *found;
	struct vg_sitemap sitemap; /* zero: it is none */
};

/* Writes "links": […], each address once. */
VG_WARN_UNUSED enum vg_status vg_page_links_write(
    struct vg_op_call *call, const struct vg_page_links *from);

#endif
