/* SPDX-License-Identifier: MIT */
/* What a term means where it stands: consumed by a longer phrase, negated, quoted or reported. */
#ifndef VG_DETECT_SCOPE_H
#define VG_DETECT_SCOPE_H

#include "detect/text.h"

/* Sets the VG_HIT_ flags of every hit. */
void vg_scope(const struct vg_lexicon *lex, struct vg_text *text);

#endif
