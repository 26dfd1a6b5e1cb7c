/* SPDX-License-Identifier: MIT */
/*
 * Which country a page speaks from: how to read a phone number without country code and what a
 * bare `$` means. Evidence, strongest first: international numbers, written currencies, country
 * domain, language with region, country and city names.
 */
#ifndef VG_DETECT_REGION_H
#define VG_DETECT_REGION_H

#include "doc/doc.h"

struct vg_region {
	char country[3];  /* ISO 3166-1 alpha-2, upper case; "US" when nothing speaks */
	char currency[4]; /* ISO 4217 of a bare `$` (and of prices without any sign) */
	bool certain;     /* false: a default, not evidence */
};

/* `lang` (BCP 47, may be empty) is the language as decided by the caller. */
void vg_region_of(const struct vg_doc *doc, struct vg_str lang, struct vg_region *ret);

#endif
