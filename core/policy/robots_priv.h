/* SPDX-License-Identifier: MIT */
/* A parsed robots.txt, as its reader writes it and its matcher reads it. */
#ifndef VG_POLICY_ROBOTS_PRIV_H
#define VG_POLICY_ROBOTS_PRIV_H

#include "base/vec.h"
#include "policy/robots.h"

struct vg_robots_line {
	struct vg_str pattern; /* as written */
	struct vg_str match;   /* percent-encoding in one form */
	uint32_t line;
	bool allow;
};

struct vg_robots_part {
	size_t first_agent, end_agent; /* in agents */
	size_t first_rule, end_rule;   /* in rules */
	int64_t delay;
};

struct vg_robots {
	struct vg_arena *arena;
	struct vg_vec agents;   /* struct vg_str, as written */
	struct vg_vec rules;    /* struct vg_robots_line */
	struct vg_vec groups;   /* struct vg_robots_part */
	struct vg_vec sitemaps; /* struct vg_str */
};

#endif
