/* SPDX-License-Identifier: MIT */
/* What a crawl would visit first, found by starting one and taking everything back. */
#include "config.h"

#include "crawl/crawl_priv.h"
#include "store/operate.h"

static bool is_planned(
    struct crawl *c, const struct vg_frontier_row *row, struct vg_url *url)
{
	const struct site *site = site_named(c, row->site);

	return site && !row->held && vg_url_parse(row->url, NULL, url, NULL) == VG_OK &&
	       vg_scope_check(site->scope, url, (uint32_t)row->depth) == VG_SCOPE_IN;
}

enum vg_status vg_crawl_plan(const struct vg_crawl_config *config,
    struct vg_store *store, struct vg_arena *arena, struct vg_frontier_row **ret,
    size_t *ret_count, struct vg_error *err)
{
	struct crawl c = {.config = config, .store = store};
	struct vg_frontier_filter due = {.max = SIZE_MAX};
	struct vg_frontier_row *rows = NULL;
	struct vg_url url = VG_URL_INIT;
	size_t count = 0, kept = 0;
	enum vg_status status = sites_new(&c, err);

	if (!status)
		status = vg_store_begin(store, VG_HERE, err);
	if (!status)
		status = crawl_horizon(&c, err);
	if (!status)
		status = sites_add_seeds(&c, err);
	due.due_by = c.horizon;
	if (!status)
		status = vg_store_frontier_list(store, arena, &due, &rows, &count, err);
	for (size_t i = 0; !status && i < count; i++)
		if (is_planned(&c, &rows[i], &url))
			rows[kept++] = rows[i];
	vg_store_rollback(store);
	vg_url_release(&url);
	sites_free(&c);
	*ret = rows;
	*ret_count = kept;
	return status;
}
