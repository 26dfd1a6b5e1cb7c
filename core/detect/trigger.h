/* SPDX-License-Identifier: MIT */
/* Literals that any match of a regex must contain, so that the matcher decides when to run it. */
#ifndef VG_DETECT_TRIGGER_H
#define VG_DETECT_TRIGGER_H

#include "base/arena.h"
#include "base/buf.h"

#define VG_MAX_TRIGGERS 64u

/*
 * Fills `ret` with literals of which every match contains at least one, and returns their count: 0
 * when the pattern demands none of two bytes or more. Reads the common subset of PCRE2: what
 * it does not understand demands nothing. Literals come from `arena`.
 */
size_t vg_regex_triggers(
    struct vg_arena *arena, struct vg_str pattern, struct vg_str ret[VG_MAX_TRIGGERS]);

#endif
