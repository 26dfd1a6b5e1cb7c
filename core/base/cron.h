/* SPDX-License-Identifier: MIT */
/*
 * Cron expressions: minute, hour, day of the month, month, day of the week, as crontab(5) has them, with
 * names, ranges, steps, lists and @daily; and H, a value chosen by `seed`, so that many sites with one
 * schedule do not all start at once.
 *
 * Where clocks change, as cronie does: a time of day that is skipped happens right after the change, one that
 * is shown twice happens the first time. Expressions of every hour follow the clock instead.
 */
#ifndef VG_BASE_CRON_H
#define VG_BASE_CRON_H

#include "base/zone.h"

struct vg_cron {
	uint64_t minutes;
	uint32_t hours, days; /* days: bits 1..31 */
	uint16_t months;      /* bits 1..12 */
	uint8_t weekdays;     /* bit 0: Sunday */
	bool any_day; /* a field of days begins with '*': both must fit, else either */
};

/*
 * VG_E_INVALID names the field, or says that no date ever fits (30 2). The message is one line about `text`.
 */
VG_WARN_UNUSED enum vg_status vg_cron_parse(
    struct vg_str text, uint64_t seed, struct vg_cron *ret, struct vg_error *err);
/* The first time strictly after `utc`; VG_ZONE_NEVER past the year 9999. UTC microseconds, whole minutes. */
int64_t vg_cron_next(
    const struct vg_cron *cron, const struct vg_zone *zone, int64_t utc);
/* The shortest distance of two times that follow each other, in microseconds. */
int64_t vg_cron_gap(const struct vg_cron *cron);

#endif
