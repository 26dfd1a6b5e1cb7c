/* SPDX-License-Identifier: MIT */
/* The table of operations. */
#include "config.h"

#include "analyse/ops.h"

static const struct vg_op ops[] = {
    {"html.text", vg_op_html_text},
    {"html.links", vg_op_html_links},
    {"html.charset", vg_op_html_charset},
    {"page", vg_op_page},
    {"plugin.guess", vg_op_plugin_guess},
    {"plugin.select", vg_op_plugin_select},
    {"plugin.run", vg_op_plugin_run},
    {"scan", vg_op_scan},
    {"sitemap.parse", vg_op_sitemap_parse},
    {"explain", vg_op_explain},
    {"extract.price", vg_op_extract_price},
    {"extract.phone", vg_op_extract_phone},
    {"extract.wallet", vg_op_extract_wallet},
    {NULL, NULL},
};

static const struct vg_op *find(struct vg_str name, const struct vg_op *table)
{
	for (; table && table->name; table++) {
		if (vg_str_eqz(name, table->name))
			return table;
	}
	return NULL;
}

const struct vg_op *vg_op_find(struct vg_str name, const struct vg_op *extra)
{
	const struct vg_op *op = find(name, ops);

	return op ? op : find(name, extra);
}
