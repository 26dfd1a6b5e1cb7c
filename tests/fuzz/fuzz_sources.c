/* SPDX-License-Identifier: MIT */
/* Any bytes as what a source of places and seeds answers; the first two choose it and the media type. */
#include "config.h"

#include <stdio.h>

#include "site.h"

static const char *const sources[] = {
    "blocklist", "ctlog", "denue", "ofac", "osm", "rdap", "wayback"};
static const char *const types[] = {
    "", "application/json", "text/csv", "text/plain", "text/html"};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct vg_plugins *load(void)
{
	struct vg_plugins *set = new_set();
	const char *folder = getenv("VIGIA_PLUGIN_DIR");
	char path[4096];

	for (size_t i = 0; set != NULL && i < COUNT(sources); i++) {
		struct vg_error err = {0};

		(void)snprintf(path, sizeof(path), "%s/%s.site",
		    folder != NULL ? folder : "", sources[i]);
		if (vg_plugins_add(set, path, &err) != VG_OK) {
			(void)fprintf(stderr, "%s: %s\n", path, err.msg);
			abort();
		}
	}
	return set;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vg_plugins *set;

	if (set == NULL)
		set = load();
	if (set == NULL || size < 2)
		return 0;
	read_page(set, sources[data[0] % COUNT(sources)], types[data[1] % COUNT(types)],
	    (struct vg_str){(const char *)data + 2, size - 2});
	return 0;
}
