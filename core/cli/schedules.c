/* SPDX-License-Identifier: MIT */
/* From configuration to schedule. */
#include "config.h"

#include "cli/schedules.h"

enum vg_status vg_cli_schedule(
    const struct vg_conf_site *site, struct vg_schedule **ret, struct vg_error *err)
{
	const struct vg_schedule_rule rule = {.name = site->name,
	    .when = site->limits.schedule.text,
	    .every = site->limits.schedule.every,
	    .zone = site->limits.time_zone,
	    .hours = site->limits.allowed_hours,
	    .jitter = site->limits.schedule_jitter,
	    .skip_missed = site->limits.missed_runs == VG_CONF_MISSED_SKIP};
	enum vg_status st = vg_schedule_new(&rule, ret, err);

	if (st)
		vg_error_prefix(err, "site %s", site->name);
	return st;
}
