/* SPDX-License-Identifier: MIT */
/*
 * What is for sale at which price: JSON-LD products and microdata, repeated blocks and table rows
 * with a title and a price, then priced lines of running text.
 */
#ifndef VG_DETECT_OFFER_H
#define VG_DETECT_OFFER_H

#include "detect/detect.h"
#include "detect/region.h"

/*
 * Offers of the page in document order, at most VG_MAX_RECORDS. `substances` (any order, `at` in
 * document bytes) say which medicine a title names: the first one inside the title or, failing
 * that, inside the offer's own element. Memory from doc->arena.
 */
VG_WARN_UNUSED enum vg_status vg_offers_find(const struct vg_doc *doc,
    const struct vg_region *region, const struct vg_substance *substances,
    size_t substance_count, const struct vg_offer **ret, size_t *ret_count,
    struct vg_error *err);

#endif
