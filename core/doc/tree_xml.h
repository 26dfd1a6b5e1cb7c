/* SPDX-License-Identifier: MIT */
/* XPath over the tree. Internal to doc/. */
#ifndef VG_DOC_TREE_XML_H
#define VG_DOC_TREE_XML_H

#include "doc/tree_priv.h"

/* vg_tree_xpath() from node `context`, 0 being the document. */
VG_WARN_UNUSED enum vg_status vg_tree_xml_select(struct vg_tree *t, uint32_t context,
    const char *expression, const struct vg_tree_node *const **ret, size_t *ret_count,
    struct vg_error *err);

#endif
