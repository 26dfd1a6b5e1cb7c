/* SPDX-License-Identifier: MIT */
/* X-Robots-Tag and meta robots. */
#include "config.h"

#include "policy/robots.h"

/* Rules whose own value follows a colon; any other word before a colon names an agent. */
static bool takes_value(struct vg_str name)
{
	return vg_str_ieqz(name, "unavailable_after") ||
	       vg_str_ieqz(name, "max-snippet") ||
	       vg_str_ieqz(name, "max-image-preview") ||
	       vg_str_ieqz(name, "max-video-preview");
}

void vg_robots_tag_add(
    struct vg_robots_tag *tag, struct vg_str value, struct vg_str agent)
{
	struct vg_str piece;
	bool ours = true;

	while (vg_str_split(&value, ',', &piece)) {
		size_t colon;
		struct vg_str name;

		piece = vg_str_trim(piece);
		colon = vg_str_chr(piece, ':', 0);
		name = vg_str_trim(vg_str_sub(piece, 0, colon));
		if (colon != SIZE_MAX && !takes_value(name)) {
			ours = vg_str_ieq(name, agent);
			name = vg_str_trim(vg_str_sub(piece, colon + 1, piece.len));
		}
		if (!ours)
			continue;
		if (vg_str_ieqz(name, "noindex") || vg_str_ieqz(name, "none"))
			tag->noindex = true;
		if (vg_str_ieqz(name, "nofollow") || vg_str_ieqz(name, "none"))
			tag->nofollow = true;
		if (vg_str_ieqz(name, "noarchive") || vg_str_ieqz(name, "none"))
			tag->noarchive = true;
	}
}
