/* SPDX-License-Identifier: MIT */
/* What kind of page it is, from its structure: article, shop, forum, recipe, journal. */
#ifndef VG_DETECT_PAGE_H
#define VG_DETECT_PAGE_H

#include "detect/score.h"

/* Adds features "page.…". False when out of memory. */
VG_WARN_UNUSED bool vg_page_features(struct vg_features *fs);

#endif
