/* SPDX-License-Identifier: MIT */
/* What a page is built of: class names that mean the same tomorrow, and a fingerprint of all of them. */
#ifndef VG_ANALYSE_LAYOUT_H
#define VG_ANALYSE_LAYOUT_H

#include "analyse/ops.h"
#include "doc/doc.h"
#include "plugin/plugin.h"

/* A class name that means the same tomorrow: letters, '-' and '_', and not by a build step. */
bool vg_class_is_stable(struct vg_str word);
/* The next stable word of a class list. False: no more. */
bool vg_class_next(struct vg_str *rest, struct vg_str *ret);

/*
 * Fingerprint of the set of (parent's name, name, class) of its elements, by Charikar's simhash: pages of one
 * template differ in few of the 64 bits, pages of two in about half of them.
 */
uint64_t vg_layout(const struct vg_doc *doc);

/* Writes "coverage": {"listings":n,"layout":"16 hex digits","fields":{"title":n,…}}; without listings only the first. */
void vg_coverage_write(const struct vg_doc *doc, const struct vg_plugin_result *found,
    struct vg_json_writer *w);

#endif
