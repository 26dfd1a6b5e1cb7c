/* SPDX-License-Identifier: MIT */
/* Pages that say they do not exist, whatever the status they came with. */
#ifndef VG_DETECT_MISSING_H
#define VG_DETECT_MISSING_H

#include "detect/reading.h"

/*
 * True when the title or the main heading says so (concept "not_found"), the page says little else and offers nothing.
 * What it says in a sidebar or a form does not count.
 */
bool vg_says_missing(const struct vg_lexicon *lex, const struct vg_reading *r);

#endif
