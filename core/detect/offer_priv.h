/* SPDX-License-Identifier: MIT */
/* What the parts of the offer finder share. Internal to offer*.c. */
#ifndef VG_DETECT_OFFER_PRIV_H
#define VG_DETECT_OFFER_PRIV_H

#include "base/vec.h"
#include "detect/offer.h"

struct vg_offer_scan {
	const struct vg_doc *doc;
	const struct vg_region *region;
	const struct vg_substance **substances; /* by start */
	size_t substance_count;
	struct vg_str currency; /* of a price without one; in the arena */
	struct vg_vec offers;   /* struct vg_offer */
	enum vg_status status;  /* VG_E_NOMEM sticks */
};

/* The first substance inside document bytes [start, end), or NULL. */
const struct vg_substance *vg_offer_substance(
    const struct vg_offer_scan *s, size_t start, size_t end);
/* Title trimmed of separators; strength and quantity are read from it. */
void vg_offer_add(struct vg_offer_scan *s, struct vg_offer offer);
/*
 * Strength ("50 mg", "250 mg/ml", "1%"; "10/325" becomes "10/325 mg", from the arena) and count ("30
 * tabs", "x 90"); .ptr NULL when not there.
 */
struct vg_str vg_offer_strength(struct vg_arena *arena, struct vg_str title);
struct vg_str vg_offer_quantity(struct vg_str title);
/* Products in JSON-LD and in JSON state. */
void vg_offer_scan_json(struct vg_offer_scan *s);

#endif
