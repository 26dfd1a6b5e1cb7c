/* SPDX-License-Identifier: MIT */
/* When a page is worth another visit, from what its visits showed. Pure; times in microseconds. */
#ifndef VG_POLICY_REVISIT_H
#define VG_POLICY_REVISIT_H

#include <stdbool.h>
#include <stdint.h>

#define VG_REVISIT_MAX 8 /* times the site's interval, for what never changes */

/*
 * The pause after this visit: `base` is the site's interval, `pause` what came before this visit (0: the
 * first). It grows by half while nothing changes and halves when something did, within base and
 * VG_REVISIT_MAX times base.
 */
int64_t vg_revisit_pause(int64_t base, int64_t pause, bool changed);

#endif
