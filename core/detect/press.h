/* SPDX-License-Identifier: MIT */
/* Journalism: an article by its structure that reports what others say and solicits nothing. */
#ifndef VG_DETECT_PRESS_H
#define VG_DETECT_PRESS_H

#include "detect/entity.h"
#include "detect/score.h"

/*
 * Adds feature "page.press" when the page is marked up as an article, is signed or dated, is marked as
 * news or reports speech or warns, and gives its reader no way to order, pay or reach a seller. False when out of memory.
 */
VG_WARN_UNUSED bool vg_press_feature(const struct vg_lexicon *lex,
    struct vg_features *fs, const struct vg_entity *entities, size_t entity_count);

#endif
