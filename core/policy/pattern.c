/* SPDX-License-Identifier: MIT */
/* Matching without backtracking. */
#include "config.h"

#include "policy/pattern.h"

bool vg_pattern_match(struct vg_str pattern, struct vg_str text)
{
	bool anchored = pattern.len > 0 && pattern.ptr[pattern.len - 1] == '$';
	struct vg_str rest =
	    anchored ? vg_str_sub(pattern, 0, pattern.len - 1) : pattern;
	struct vg_str piece;
	size_t at = 0;
	bool first = true;

	while (vg_str_split(&rest, '*', &piece)) {
		bool last = rest.ptr == NULL;

		if (first && !vg_str_starts(text, piece))
			return false;
		if (!first && last && anchored)
			return text.len - at >= piece.len && vg_str_ends(text, piece);
		at = first ? 0 : vg_str_find(text, piece, at);
		if (at == SIZE_MAX)
			return false;
		at += piece.len;
		first = false;
	}
	return !anchored || at == text.len;
}
