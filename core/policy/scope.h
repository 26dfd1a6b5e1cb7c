/* SPDX-License-Identifier: MIT */
/* Which addresses belong to a site's crawl. Pure; budgets are counted by the caller. */
#ifndef VG_POLICY_SCOPE_H
#define VG_POLICY_SCOPE_H

#include "url/url.h"

enum vg_scope_kind {
	VG_SCOPE_HOST,   /* this host with or without "www.", any port and scheme */
	VG_SCOPE_DOMAIN, /* the same registrable domain */
	VG_SCOPE_PREFIX, /* same origin, and a path that starts with that of the seed */
};

enum vg_scope_answer {
	VG_SCOPE_IN,
	VG_SCOPE_NOT_WEB,     /* neither http nor https */
	VG_SCOPE_CREDENTIALS, /* user name or password inside */
	VG_SCOPE_OTHER_SITE,  /* no rule takes it */
	VG_SCOPE_EXCLUDED,    /* an exclude rule takes it */
	VG_SCOPE_TOO_LONG,
	VG_SCOPE_TOO_DEEP,
	VG_SCOPE_REPEATS, /* the same path segment again and again: a trap */
};

/* A word for reports: "other_site". */
const char *vg_scope_answer_name(enum vg_scope_answer answer);

struct vg_scope; /* read-only once built */

struct vg_scope_limits {
	uint32_t max_depth;   /* links away from a seed; 0: 20 */
	uint32_t max_repeats; /* of one path segment; 0: 3 */
	uint32_t max_url;     /* bytes; 0: VG_MAX_URL */
};

/* NULL when out of memory. */
struct vg_scope *vg_scope_new(const struct vg_scope_limits *limits);
void vg_scope_free(struct vg_scope *s); /* NULL allowed */
/* Takes the part of `seed` that `kind` speaks of. VG_E_INVALID: the seed is no web address. */
VG_WARN_UNUSED enum vg_status vg_scope_add(struct vg_scope *s, enum vg_scope_kind kind,
    const struct vg_url *seed, struct vg_error *err);
/* Leaves out addresses whose path and query match; `*` is any run of bytes, a final `$` the end. */
VG_WARN_UNUSED enum vg_status vg_scope_exclude(
    struct vg_scope *s, struct vg_str pattern, struct vg_error *err);
/* `depth` is 0 for a seed. */
enum vg_scope_answer vg_scope_check(
    const struct vg_scope *s, const struct vg_url *url, uint32_t depth);

#endif
