/* SPDX-License-Identifier: MIT */
/* doc/sitemap: any bytes; what comes out is web addresses only. */
#include "config.h"

#include <stdlib.h>

#include "doc/sitemap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_arena *arena = vg_arena_new((size_t)256 << 20);
	struct vg_str text = {(const char *)data, size};
	struct vg_sitemap map;

	if (arena == NULL)
		return 0;
	(void)vg_sitemap_is(arena, text);
	if (vg_sitemap_read(arena, text, VG_STR("http://a.example/"), &map, NULL) ==
	    VG_OK)
		for (size_t i = 0; i < map.count; i++)
			if (!vg_str_starts(map.entries[i].loc, VG_STR("http")))
				abort();
	vg_arena_free(arena);
	return 0;
}
