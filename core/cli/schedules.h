/* SPDX-License-Identifier: MIT */
/* The schedules of a case's sites, as its configuration has them. */
#ifndef VG_CLI_SCHEDULES_H
#define VG_CLI_SCHEDULES_H

#include "conf/conf.h"
#include "policy/schedule.h"

/* vg_schedule_free() it. */
VG_WARN_UNUSED enum vg_status vg_cli_schedule(
    const struct vg_conf_site *site, struct vg_schedule **ret, struct vg_error *err);

#endif
