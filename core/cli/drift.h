/* SPDX-License-Identifier: MIT */
/* Alerts of drift for people and programs. */
#ifndef VG_CLI_DRIFT_H
#define VG_CLI_DRIFT_H

#include "base/json.h"
#include "store/drift.h"

/*
 * One alert: the rows from `rows` on that share site, plugin and time, "PLUGIN on SITE: price in 0 % of listings, was 98 %
 * (12 of 12 pages); capture ID, URL". Returns how many they are, at least 1.
 */
size_t vg_drift_print(const struct vg_drift *rows, size_t count, struct vg_buf *out);
/* The same as members of the open object: "site","plugin","url","capture","at","changes":[{"what","was","now","pages","of"}]. */
size_t vg_drift_write(
    const struct vg_drift *rows, size_t count, struct vg_json_writer *w);

#endif
