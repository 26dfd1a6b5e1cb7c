/* SPDX-License-Identifier: MIT */
/* Operations that do to an analysis worker what a page that took it over would do. */
#ifndef VG_TESTS_HOSTILE_H
#define VG_TESTS_HOSTILE_H

#include "analyse/ops.h"

extern const struct vg_op hostile_ops[]; /* ended by a NULL name */

#endif
