/* SPDX-License-Identifier: MIT */
/* The language of a page: English, Spanish, Portuguese, French, German, Russian or Chinese. */
#ifndef VG_DETECT_LANG_H
#define VG_DETECT_LANG_H

#include "doc/doc.h"

/*
 * BCP 47 primary tag, lower case, a literal; "und" when the text is too short and nothing is declared. The
 * words decide; the declaration breaks ties.
 */
struct vg_str vg_lang_of(const struct vg_doc *doc);

#endif
