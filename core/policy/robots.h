/* SPDX-License-Identifier: MIT */
/*
 * robots.txt (RFC 9309) and the robots directives of headers and meta elements. Pure: the caller
 * fetches, keeps the time and caches (24 hours at most, section 2.4).
 */
#ifndef VG_POLICY_ROBOTS_H
#define VG_POLICY_ROBOTS_H

#include "base/status.h"
#include "base/str.h"

struct vg_robots; /* read-only once parsed; threads may share it */

/* What a robots.txt fetch means (RFC 9309 2.3.1). */
enum vg_robots_outcome {
	VG_ROBOTS_RULES,        /* 2xx: the body holds the rules */
	VG_ROBOTS_ALLOW_ALL,    /* 4xx, 429 excepted: there are no rules */
	VG_ROBOTS_DISALLOW_ALL, /* 5xx, 429, no answer, or an answer that made no sense */
	VG_ROBOTS_REDIRECT,     /* 3xx: follow at least five hops, then ALLOW_ALL */
};

/* `status` 0 means no answer. */
enum vg_robots_outcome vg_robots_outcome(int status);

/*
 * Reads rules. Any bytes are accepted: a byte order mark, UTF-16 with a mark, junk; only the first
 * VG_MAX_ROBOTS bytes count. Fails with VG_E_NOMEM alone. The text is copied.
 */
VG_WARN_UNUSED enum vg_status vg_robots_parse(
    struct vg_str text, struct vg_robots **ret, struct vg_error *err);
void vg_robots_free(struct vg_robots *r); /* NULL allowed */

struct vg_robots_verdict {
	bool allowed;
	struct vg_str
	    rule; /* the deciding path pattern, borrowed from the robots; .ptr NULL: none */
	uint32_t line; /* its line, from 1; 0: none */
};

/*
 * Whether the product token `agent` ("vigia": letters, `-` and `_` alone) may fetch `url` (absolute, or
 * from the slash on): all groups naming it together, else `*`; the longest pattern wins, allow wins a tie.
 */
struct vg_robots_verdict vg_robots_test(
    const struct vg_robots *r, struct vg_str agent, struct vg_str url);
/* Crawl-delay for the agent in microseconds, or -1. Not in the RFC, honoured as widely done. */
int64_t vg_robots_delay(const struct vg_robots *r, struct vg_str agent);
size_t vg_robots_sitemap_count(const struct vg_robots *r);
struct vg_str vg_robots_sitemap(const struct vg_robots *r, size_t i); /* as written */

/* One group as written, for display. */
struct vg_robots_group {
	size_t agent_count, rule_count;
	int64_t delay; /* of its first agent, microseconds; -1: none */
};
struct vg_robots_rule {
	bool allow;
	struct vg_str pattern;
	uint32_t line;
};
size_t vg_robots_group_count(const struct vg_robots *r);
struct vg_robots_group vg_robots_group(const struct vg_robots *r, size_t group);
struct vg_str vg_robots_group_agent(const struct vg_robots *r, size_t group, size_t i);
struct vg_robots_rule vg_robots_group_rule(
    const struct vg_robots *r, size_t group, size_t i);

/* Directives of X-Robots-Tag headers and meta elements, merged: the strictest holds. */
struct vg_robots_tag {
	bool noindex, nofollow, noarchive;
};

/*
 * Adds one value: "noindex, nofollow", or "vigia: noindex" which counts for that agent alone. For
 * a meta element pass its content when its name is "robots" or the agent.
 */
void vg_robots_tag_add(
    struct vg_robots_tag *tag, struct vg_str value, struct vg_str agent);

#endif
