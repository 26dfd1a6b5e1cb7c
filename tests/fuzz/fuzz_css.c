/* SPDX-License-Identifier: MIT */
/* Any bytes as a selector: an XPath that compiles, or an error. */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "doc/css.h"
#include "doc/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_arena *arena = vg_arena_new((size_t)64 << 20);
	struct vg_doc_input in = {
	    .payload = VG_STR("<ul><li id=a class='x y'>1<li>2</ul>")};
	const struct vg_tree_node *const *nodes = NULL;
	struct vg_tree *tree = NULL;
	struct vg_doc *doc = NULL;
	struct vg_str xpath;
	size_t count = 0;

	if (arena != NULL && vg_doc_read(arena, &in, &doc, NULL) == VG_OK &&
	    vg_tree_new(doc, &tree, NULL) == VG_OK &&
	    vg_css_to_xpath(arena, (struct vg_str){(const char *)data, size}, &xpath,
		NULL) == VG_OK &&
	    vg_tree_xpath(tree, NULL, xpath.ptr, &nodes, &count, NULL) == VG_E_INVALID)
		abort(); /* what we translate must compile */
	vg_arena_free(arena);
	return 0;
}
