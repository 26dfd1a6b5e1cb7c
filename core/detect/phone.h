/* SPDX-License-Identifier: MIT */
/*
 * Phone numbers in text, to E.164. Grammar and leniency follow libphonenumber's matcher at level
 * VALID; numbering plans are the ITU-T E.164 ones of phone_plan.c. Pure.
 */
#ifndef VG_DETECT_PHONE_H
#define VG_DETECT_PHONE_H

#include "base/arena.h"

#define VG_PHONE_LEN 17 /* "+", 15 digits, NUL */

struct vg_phone {
	char e164[VG_PHONE_LEN];
	char region
	    [3]; /* ISO 3166-1 of the plan; "001" does not fit: non-geographic is "" */
	char extension[8]; /* "" when none */
	size_t start, end; /* bytes of the text */
};

/*
 * Numbers in `text` in order; `region` (two letters) reads those without country code, NULL or ""
 * takes only international ones. At most VG_MAX_FINDINGS.
 */
VG_WARN_UNUSED enum vg_status vg_phones_find(struct vg_arena *arena, struct vg_str text,
    const char *region, const struct vg_phone **ret, size_t *ret_count,
    struct vg_error *err);

/* A number that is only that: digits with separators, as in tel: or wa.me. False: not valid. */
bool vg_phone_parse(struct vg_str digits, const char *region, struct vg_phone *ret);

#endif
