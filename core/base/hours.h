/* SPDX-License-Identifier: MIT */
/* Hours of the day in which something is allowed, by the clock of a zone. */
#ifndef VG_BASE_HOURS_H
#define VG_BASE_HOURS_H

#include "base/zone.h"

#define VG_HOURS_MAX 8

struct vg_hours {
	int count; /* 0: always */
	struct {
		int from, to; /* minutes of the day; from > to passes midnight */
	} spans[VG_HOURS_MAX];
};

/* Adds "08:00-20:00", "22:00-06:00", "20:00-24:00". False when it is none, or there are too many. */
bool vg_hours_add(struct vg_hours *io_hours, struct vg_str text);
bool vg_hours_open(
    const struct vg_hours *hours, const struct vg_zone *zone, int64_t utc);
/* The first instant at or after `utc` when it is open, or when it is closed; VG_ZONE_NEVER. */
int64_t vg_hours_next(
    const struct vg_hours *hours, const struct vg_zone *zone, int64_t utc, bool open);

#endif
