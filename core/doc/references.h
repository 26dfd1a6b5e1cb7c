/* SPDX-License-Identifier: MIT */
/* Character references (HTML standard, section 13.2.5.72 on). Internal to doc/. */
#ifndef VG_DOC_REFERENCES_H
#define VG_DOC_REFERENCES_H

#include "base/arena.h"

#define VG_REFERENCE_MAX 8 /* bytes one reference can stand for, rounded up */

/*
 * Reads the reference at the front of `s`, which begins with &. Returns the bytes it takes, 0 when it is
 * none. `attribute`: the rule for values, where "&copy=" is no reference.
 */
size_t vg_reference(
    struct vg_str s, bool attribute, char ret[VG_REFERENCE_MAX], size_t *ret_len);

/* An attribute's value with references decoded; borrows when there are none. .ptr NULL: no memory. */
struct vg_str vg_reference_decode(struct vg_arena *arena, struct vg_str value);

#endif
