/* SPDX-License-Identifier: MIT */
/* A parsed robots.txt, as its reader writes it and its matcher reads it. */
#ifndef VG_POLICY_ROBOTS_PRIV_H
#define VG_POLICY_ROBOTS_PRIV_H

#include "base/buf.h"
#include "base/vec.h"
#include "policy/robots.h"

struct vg_robots_agent {
	struct vg_str name; /* as written */
	int64_t delay;      /* microseconds, -1: none */
};

struct vg_robots_line {
	struct vg_str pattern; /* as written */
	struct vg_str match;   /* percent-encoding in one form */
	uint32_t line;
	bool allow;
};

struct vg_robots_part {
	size_t first_agent, end_agent; /* in agents */
	size_t first_rule, end_rule;   /* in rules */
};

struct vg_robots {
	struct vg_arena *arena;
	struct vg_vec agents;   /* struct vg_robots_agent */
	struct vg_vec rules;    /* struct vg_robots_line */
	struct vg_vec groups;   /* struct vg_robots_part */
	struct vg_vec sitemaps; /* struct vg_str */
};

/*
 * Appends the form in which patterns and paths are compared (RFC 9309 2.2.2, 2.2.3): escapes of unreserved
 * characters decoded, others in upper case, what may not stand in a path escaped. In a pattern `*` and a
 * final `$` keep their meaning; everywhere else they are escaped.
 */
void vg_robots_canonical(struct vg_str s, bool pattern, struct vg_buf *out);

#endif
