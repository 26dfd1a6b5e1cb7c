/* SPDX-License-Identifier: MIT */
/* Scope rules, and traps that grow addresses without end. */
#include "config.h"

#include "policy/scope.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/vec.h"
#include "policy/pattern.h"

#define MAX_RULES 10000
#define MAX_SEGMENTS 200 /* of a path; no listing lies so deep */
#define MAX_ARENA (32u << 20)
#define DEFAULT_DEPTH 20
#define DEFAULT_REPEATS 3

struct rule {
	enum vg_scope_kind kind;
	struct vg_str value;
};

#define MAX_HOST_NAME 253 /* RFC 1035 2.3.4, in text */

struct vg_scope {
	struct vg_arena *arena;
	struct vg_scope_limits limits;
	struct vg_vec rules;    /* struct rule */
	struct vg_vec excludes; /* struct vg_str */
};

const char *vg_scope_answer_name(enum vg_scope_answer answer)
{
	switch (answer) {
	case VG_SCOPE_IN:
		return "in";
	case VG_SCOPE_NOT_WEB:
		return "not_web";
	case VG_SCOPE_CREDENTIALS:
		return "credentials";
	case VG_SCOPE_OTHER_SITE:
		return "other_site";
	case VG_SCOPE_EXCLUDED:
		return "excluded";
	case VG_SCOPE_TOO_LONG:
		return "too_long";
	case VG_SCOPE_TOO_DEEP:
		return "too_deep";
	case VG_SCOPE_REPEATS:
		return "repeats";
	}
	return "unknown";
}

struct vg_scope *vg_scope_new(const struct vg_scope_limits *limits)
{
	struct vg_scope *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->arena = vg_arena_new(MAX_ARENA);
	if (s->arena == NULL) {
		free(s);
		return NULL;
	}
	s->limits = *limits;
	if (s->limits.max_depth == 0)
		s->limits.max_depth = DEFAULT_DEPTH;
	if (s->limits.max_repeats == 0)
		s->limits.max_repeats = DEFAULT_REPEATS;
	if (s->limits.max_url == 0)
		s->limits.max_url = VG_MAX_URL;
	s->rules = VG_VEC_INIT(struct rule, MAX_RULES, s->arena);
	s->excludes = VG_VEC_INIT(struct vg_str, MAX_RULES, s->arena);
	return s;
}

void vg_scope_free(struct vg_scope *s)
{
	if (s == NULL)
		return;
	vg_arena_free(s->arena);
	free(s);
}

/* The registrable domain, or the whole host where there is none (an IP address, a bare suffix). */
static struct vg_str site_of(const struct vg_url *url)
{
	struct vg_str domain, suffix;

	vg_url_domain(vg_url_host(url), &domain, &suffix);
	return domain.ptr != NULL ? domain : vg_url_host(url);
}

/* "www.shop.example" and "shop.example" are one host to everybody but DNS. */
static struct vg_str without_www(struct vg_str host)
{
	return vg_str_starts(host, VG_STR("www.")) ? vg_str_sub(host, 4, host.len)
						   : host;
}

enum vg_status vg_scope_add(struct vg_scope *s, enum vg_scope_kind kind,
    const struct vg_url *seed, struct vg_error *err)
{
	struct vg_str value = {0};
	struct rule *rule;

	if (!vg_url_is_web(seed))
		return vg_fail(
		    err, VG_E_INVALID, "scope needs a http or https address");
	switch (kind) {
	case VG_SCOPE_HOST:
		value = without_www(vg_url_host(seed));
		break;
	case VG_SCOPE_DOMAIN:
		value = site_of(seed);
		break;
	case VG_SCOPE_PREFIX:
		value = vg_str_sub(vg_url_href(seed), 0, seed->query);
		break;
	}
	rule = vg_vec_push(&s->rules);
	value = vg_arena_str(s->arena, value);
	if (rule == NULL || value.ptr == NULL)
		return vg_fail(err, VG_E_NOMEM, "scope has too many rules");
	*rule = (struct rule){kind, value};
	return VG_OK;
}

enum vg_status vg_scope_exclude(
    struct vg_scope *s, struct vg_str pattern, struct vg_error *err)
{
	struct vg_str *slot = vg_vec_push(&s->excludes),
		      copy = vg_arena_str(s->arena, pattern);

	if (slot == NULL || copy.ptr == NULL)
		return vg_fail(err, VG_E_NOMEM, "scope has too many rules");
	*slot = copy;
	return VG_OK;
}

static bool rule_takes(const struct rule *rule, const struct vg_url *url)
{
	switch (rule->kind) {
	case VG_SCOPE_HOST:
		return vg_str_eq(rule->value, without_www(vg_url_host(url)));
	case VG_SCOPE_DOMAIN:
		return vg_str_eq(rule->value, site_of(url));
	case VG_SCOPE_PREFIX:
		return vg_str_starts(vg_url_href(url), rule->value);
	}
	return false;
}

/* True when one segment of the path stands there more often than `max`. */
static bool repeats(struct vg_str path, uint32_t max)
{
	struct vg_str segments[MAX_SEGMENTS], piece;
	size_t n = 0;

	while (vg_str_split(&path, '/', &piece)) {
		uint32_t same = 1;

		if (piece.len == 0)
			continue;
		if (n == MAX_SEGMENTS)
			return true;
		for (size_t i = 0; i < n; i++)
			same += vg_str_eq(segments[i], piece);
		if (same > max)
			return true;
		segments[n++] = piece;
	}
	return false;
}

enum vg_scope_answer vg_scope_check(
    const struct vg_scope *s, const struct vg_url *url, uint32_t depth)
{
	bool taken = false;

	if (!vg_url_is_web(url))
		return VG_SCOPE_NOT_WEB;
	if (vg_url_has_credentials(url))
		return VG_SCOPE_CREDENTIALS;
	if (url->fragment > s->limits.max_url || vg_url_host(url).len > MAX_HOST_NAME)
		return VG_SCOPE_TOO_LONG;
	for (size_t i = 0; i < s->rules.len && !taken; i++)
		taken = rule_takes(vg_vec_at(&s->rules, i), url);
	if (!taken)
		return VG_SCOPE_OTHER_SITE;
	for (size_t i = 0; i < s->excludes.len; i++) {
		if (vg_pattern_match(*(struct vg_str *)vg_vec_at(&s->excludes, i),
			vg_url_target(url)))
			return VG_SCOPE_EXCLUDED;
	}
	if (depth > s->limits.max_depth)
		return VG_SCOPE_TOO_DEEP;
	return repeats(vg_url_path(url), s->limits.max_repeats) ? VG_SCOPE_REPEATS
								: VG_SCOPE_IN;
}
