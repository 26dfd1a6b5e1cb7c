/* SPDX-License-Identifier: MIT */
/* Numbering plans (ITU-T E.164 and its national annexes): which digits make a number where. */
#ifndef VG_DETECT_PHONE_PLAN_H
#define VG_DETECT_PHONE_PLAN_H

#include "base/str.h"

/*
 * Patterns are prefixes of digits, classes and dots ("60[124-8]", "0."), set apart by spaces. A
 * number's pattern carries the total length or a range of them: "10:33 8-9:2[1-4]".
 */
struct vg_plan {
	char region[3];
	const char *code; /* country calling code */
	const char *idd;  /* prefixes dialled before an international number */
	const char
	    *trunk; /* prefixes dialled before a national number, longest first */
	bool
	    trunk_needed; /* nobody writes a national number without its trunk prefix */
	const char
	    *numbers; /* national significant numbers; NULL: the North American rule */
};

/* NULL when the region has no plan here. */
const struct vg_plan *vg_plan_of_region(const char *region);
/* The plan whose calling code begins `digits`; *ret_len is the code's length. */
const struct vg_plan *vg_plan_of_code(struct vg_str digits, size_t *ret_len);
/* Length of the first pattern of the list that begins `digits`, from *at on; 0 at the list's end. */
size_t vg_plan_prefix(const char *patterns, size_t *at, struct vg_str digits);
/* A whole national number of the plan; `ret_region` names the country inside a shared code. */
bool vg_plan_valid(
    const struct vg_plan *plan, struct vg_str national, char ret_region[3]);

#endif
