/* SPDX-License-Identifier: MIT */
/* Hours of the day. */
#include "config.h"

#include "base/hours.h"

#define MINUTE (60 * VG_SECOND)
#define DAY (1440 * MINUTE)

/* "08:30" as minutes; 24:00 is the end of a day. */
static bool read_time(struct vg_str text, int *ret)
{
	size_t colon = vg_str_chr(text, ':', 0);
	uint64_t hour, minute;

	if (colon == SIZE_MAX || colon > 2 || text.len != colon + 3 ||
	    !vg_str_to_u64(vg_str_sub(text, 0, colon), &hour) ||
	    !vg_str_to_u64(vg_str_sub(text, colon + 1, text.len), &minute) ||
	    hour > 24 || minute > 59 || (hour == 24 && minute))
		return false;
	*ret = (int)(hour * 60 + minute);
	return true;
}

bool vg_hours_add(struct vg_hours *io_hours, struct vg_str text)
{
	size_t dash = vg_str_chr(text, '-', 0);
	int from, to;

	if (dash == SIZE_MAX || io_hours->count == VG_HOURS_MAX ||
	    !read_time(vg_str_sub(text, 0, dash), &from) ||
	    !read_time(vg_str_sub(text, dash + 1, text.len), &to) || from == to ||
	    from == 1440)
		return false;
	io_hours->spans[io_hours->count].from = from;
	io_hours->spans[io_hours->count++].to = to;
	return true;
}

bool vg_hours_open(
    const struct vg_hours *hours, const struct vg_zone *zone, int64_t utc)
{
	int64_t local = vg_zone_local(zone, utc);
	int minute = (int)((local % DAY + DAY) % DAY / MINUTE);
	bool open = hours->count == 0;

	for (int i = 0; i < hours->count; i++) {
		int from = hours->spans[i].from, to = hours->spans[i].to;

		open |= from < to ? minute >= from && minute < to
				  : minute >= from || minute < to;
	}
	return open;
}

int64_t vg_hours_next(
    const struct vg_hours *hours, const struct vg_zone *zone, int64_t utc, bool open)
{
	int64_t local = vg_zone_local(zone, utc);
	int64_t midnight = local - (local % DAY + DAY) % DAY, next = VG_ZONE_NEVER;
	int64_t change = vg_zone_next_change(zone, utc);

	if (vg_hours_open(hours, zone, utc) == open)
		return utc;
	/* It turns where a span begins or ends, or where the clock jumps into it or out of it. */
	if (change != VG_ZONE_NEVER && vg_hours_open(hours, zone, change) == open)
		next = change;
	for (int day = -1; day <= 3; day++)
		for (int i = 0; i < 2 * hours->count; i++) {
			int edge =
			    i % 2 ? hours->spans[i / 2].to : hours->spans[i / 2].from;
			int64_t at;

			(void)vg_zone_utc(
			    zone, midnight + day * DAY + edge * MINUTE, &at);
			if (at > utc && at < next &&
			    vg_hours_open(hours, zone, at) == open)
				next = at;
		}
	return next;
}
