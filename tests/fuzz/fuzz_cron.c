/* SPDX-License-Identifier: MIT */
/* cron: an expression is read or refused in one line; its times ascend, are whole minutes and end. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/cron.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A summer time of half an hour, and one that takes a day: the bytes are read as a zone file first. */
static struct vg_zone *zone_of(struct vg_str *text)
{
	size_t end = vg_str_find(*text, VG_STR("\n--\n"), 0);
	struct vg_zone *zone = NULL;
	struct vg_error err;

	if (end != SIZE_MAX) {
		if (vg_zone_parse("fuzz", vg_str_sub(*text, 0, end), &zone, &err))
			zone = NULL;
		*text = vg_str_sub(*text, end + 4, text->len);
	}
	if (!zone && vg_zone_open("UTC", &zone, &err))
		abort();
	return zone;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_str text = {(const char *)data, size};
	struct vg_zone *zone = zone_of(&text);
	struct vg_error err = {.msg = ""};
	struct vg_cron cron;
	int64_t utc = INT64_C(1795543451500000);

	if (vg_cron_parse(text, size, &cron, &err) != VG_OK) {
		if (!err.msg[0] || strchr(err.msg, '\n'))
			abort();
		vg_zone_free(zone);
		return 0;
	}
	if (vg_cron_gap(&cron) < 60 * VG_SECOND)
		abort();
	for (int i = 0; i < 50 && utc != VG_ZONE_NEVER; i++) {
		int64_t next = vg_cron_next(&cron, zone, utc);

		if (next <= utc)
			abort();
		utc = next;
	}
	vg_zone_free(zone);
	return 0;
}
