/* SPDX-License-Identifier: MIT */
/* Text and attributes of the tree: references decoded, no NUL, which would end a string of libxml2. */
#include "config.h"

#include "doc/tree_priv.h"

#include "doc/references.h"

void vg_tree_decode(struct vg_str s, bool attribute, struct vg_buf *out)
{
	size_t from = 0;

	while (from < s.len) {
		char decoded[VG_REFERENCE_MAX];
		size_t stop = from, taken, len;

		while (stop < s.len && s.ptr[stop] != '&' && s.ptr[stop] != '\0')
			stop++;
		vg_buf_add(out, s.ptr + from, stop - from);
		if (stop == s.len)
			return;
		from = stop + 1;
		if (s.ptr[stop] == '\0')
			continue;
		taken =
		    vg_reference(vg_str_sub(s, stop, s.len), attribute, decoded, &len);
		if (taken > 0) {
			vg_buf_add(out, decoded, len);
			from = stop + taken;
		} else {
			vg_buf_addc(out, '&');
		}
	}
}
