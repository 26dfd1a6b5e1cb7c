/* SPDX-License-Identifier: MIT */
/* Literals that any match of a regex must contain, so that the matcher decides when to run it. */
#ifndef VG_DETECT_TRIGGER_H
#define VG_DETECT_TRIGGER_H

#include "base/arena.h"
#include "base/buf.h"

#define VG_MAX_TRIGGERS 64u /* of a part */
#define VG_TRIGGER_PARTS 2u

struct vg_trigger {
	struct vg_str text;
	uint8_t part;     /* 0 or 1 */
	bool left, right; /* no ASCII letter, digit or underscore stands there */
};

/*
 * Fills `ret` with literals of which every match contains at least one of part 0, and at least one of
 * part 1 when there are any; returns their count: 0 when the pattern demands none of two bytes or more.
 * Of all that it demands the rarest are taken. Reads the common subset of PCRE2: what it does not
 * understand demands nothing. Literals come from `arena`.
 */
size_t vg_regex_triggers(struct vg_arena *arena, struct vg_str pattern,
    struct vg_trigger ret[VG_TRIGGER_PARTS * VG_MAX_TRIGGERS]);

#endif
