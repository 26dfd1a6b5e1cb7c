/* SPDX-License-Identifier: MIT */
/* The pattern language of robots.txt (RFC 9309 2.2.3), used for excludes too. */
#ifndef VG_POLICY_PATTERN_H
#define VG_POLICY_PATTERN_H

#include "base/str.h"

/*
 * True when `text` begins as `pattern` says: `*` is any run of bytes, a final `$` the end. Linear,
 * since each piece between stars is looked for leftmost.
 */
bool vg_pattern_match(struct vg_str pattern, struct vg_str text);

#endif
