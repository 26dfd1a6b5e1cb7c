/* SPDX-License-Identifier: MIT */
/* Site files in a fuzz target: the engine is linked in, so that the sanitizers see into it. */
#ifndef VG_FUZZ_SITE_H
#define VG_FUZZ_SITE_H

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "plugin/plugin_priv.h"

/* A set of plugins that reads .site files by vg_plugins_add(). NULL when out of memory. */
static inline struct vg_plugins *new_set(void)
{
	struct vg_plugins *set = NULL;

	if (vg_plugins_load(NULL, NULL, 0, &set, NULL) != VG_OK)
		return NULL;
	set->engine = calloc(1, sizeof(*set->engine));
	if (set->engine == NULL) {
		vg_plugins_free(set);
		return NULL;
	}
	set->engine->desc = *vigia_plugin_v1();
	set->engine->fd = -1;
	return set;
}

static inline void check_span(size_t start, size_t end, size_t len)
{
	if (start == SIZE_MAX && end == SIZE_MAX)
		return;
	if (start > end || end > len)
		abort();
}

/* Reads a page; what comes of it must lie in the page, be UTF-8, and lead to the web only. */
static inline void read_page(struct vg_plugins *set, const char *plugin,
    const char *content_type, struct vg_str page)
{
	struct vg_arena *arena = vg_arena_new((size_t)256 << 20);
	struct vg_doc_input in = {.payload = page,
	    .content_type = vg_str(content_type),
	    .url = VG_STR("http://source.example/list?page=1")};
	struct vg_page_facts facts = {
	    .http_status = 200, .content_type = in.content_type};
	struct vg_plugin_result result = {0};
	struct vg_doc *doc = NULL;

	if (arena == NULL || vg_doc_read(arena, &in, &doc, NULL) != VG_OK ||
	    vg_plugins_run(set, vg_str(plugin), doc, &facts, &result, NULL) != VG_OK)
		goto out;
	for (size_t i = 0; i < result.listing_count; i++) {
		const struct vg_listing *l = &result.listings[i];

		check_span(l->start, l->end, doc->document.len);
		for (size_t k = 0; k < l->field_count; k++) {
			check_span(
			    l->fields[k].start, l->fields[k].end, doc->document.len);
			if (!vg_utf8_valid(l->fields[k].value))
				abort();
		}
	}
	for (size_t i = 0; i < result.link_count; i++)
		if (!vg_str_starts(result.links[i].url, VG_STR("http")))
			abort();
out:
	vg_arena_free(arena);
}

#endif
