/* SPDX-License-Identifier: MIT */
/*
 * Who is behind a page: phones, e-mail, handles, wallets, bank accounts and site ids, each in
 * canonical form with its place. Sources: block text, links, attributes, scripts and comments.
 */
#ifndef VG_DETECT_ENTITY_H
#define VG_DETECT_ENTITY_H

#include "detect/detect.h"
#include "detect/region.h"

/* Values known to be shared by unrelated sites (ubiquitous.tsv). Read-only after loading. */
struct vg_identifiers;

/* Reads `dir`/ubiquitous.tsv; the error names file and line. */
VG_WARN_UNUSED enum vg_status vg_identifiers_load(
    const char *dir, struct vg_identifiers **ret, struct vg_error *err);
void vg_identifiers_free(struct vg_identifiers *ids); /* NULL allowed */

/*
 * Every entity of the page, each (kind, value) once, at its first place, in document order; at
 * most VG_MAX_FINDINGS. `ids` may be NULL: then nothing is ubiquitous. `region` says how to read
 * a number without country code (vg_region_of()). Memory from doc->arena.
 */
VG_WARN_UNUSED enum vg_status vg_entities_find(const struct vg_identifiers *ids,
    const struct vg_doc *doc, const struct vg_region *region,
    const struct vg_entity **ret, size_t *ret_count, struct vg_error *err);

#endif
