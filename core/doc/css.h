/* SPDX-License-Identifier: MIT */
/* CSS selectors as XPath 1.0, for trees of HTML whose names are in lower case and in no namespace. */
#ifndef VG_DOC_CSS_H
#define VG_DOC_CSS_H

#include "base/arena.h"

#define VG_CSS_MAX 4096u        /* bytes of a selector */
#define VG_CSS_MAX_XPATH 65536u /* bytes of its translation */

/*
 * Translates a selector list (Selectors Level 3; of Level 4 :is(), :where(), :has(), :not() of a
 * list, and the `i` flag of attributes). The result selects descendants of the context node; as in
 * querySelectorAll, ancestors named by the selector may lie above the context. Left out, with
 * VG_E_UNSUPPORTED: namespaces, pseudo-elements, states (:hover), *-of-type without a type.
 * VG_E_INVALID names the byte; VG_E_TOO_LARGE, VG_E_NOMEM. The result is NUL-terminated, in `arena`.
 */
VG_WARN_UNUSED enum vg_status vg_css_to_xpath(struct vg_arena *arena, struct vg_str css,
    struct vg_str *ret, struct vg_error *err);

#endif
