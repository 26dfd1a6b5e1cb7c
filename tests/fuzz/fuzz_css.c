/* SPDX-License-Identifier: MIT */
/* Any bytes as a selector: what it selects, or an error. */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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
	size_t count = 0;

	if (arena != NULL && vg_doc_read(arena, &in, &doc, NULL) == VG_OK &&
	    vg_tree_new(doc, &tree, NULL) == VG_OK) {
		struct vg_str css =
		    vg_arena_str(arena, (struct vg_str){(const char *)data, size});

		if (css.ptr != NULL &&
		    vg_tree_css(tree, NULL, css.ptr, &nodes, &count, NULL) == VG_OK &&
		    count > doc->element_count)
			abort();
	}
	vg_arena_free(arena);
	return 0;
}
