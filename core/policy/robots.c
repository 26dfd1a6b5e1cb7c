/* SPDX-License-Identifier: MIT */
/* Who is meant, and what the longest rule says. */
#include "config.h"

#include "policy/robots_priv.h"

#include <string.h>

#include "policy/pattern.h"

#define MAX_PATH (3u << 20) /* bytes: of the longest address we parse, escaped */

enum vg_robots_outcome vg_robots_outcome(int status)
{
	if (status >= 200 && status < 300)
		return VG_ROBOTS_RULES;
	if (status >= 300 && status < 400)
		return VG_ROBOTS_REDIRECT;
	if (status >= 400 && status < 500 && status != 429)
		return VG_ROBOTS_ALLOW_ALL;
	return VG_ROBOTS_DISALLOW_ALL;
}

/* The product token at the front (RFC 9309 2.2.1): letters, underscore, hyphen. */
static struct vg_str product_token(struct vg_str s)
{
	size_t n = 0;

	while (
	    n < s.len && (vg_is_alpha(s.ptr[n]) || s.ptr[n] == '_' || s.ptr[n] == '-'))
		n++;
	return vg_str_sub(s, 0, n);
}

static bool is_star(struct vg_str agent)
{
	return agent.len > 0 && agent.ptr[0] == '*' &&
	       (agent.len == 1 || vg_is_space(agent.ptr[1]));
}

static bool names(const struct vg_robots_agent *agent, struct vg_str token)
{
	return token.ptr == NULL ? is_star(agent->name)
				 : vg_str_ieq(product_token(agent->name), token);
}

static bool group_names(
    const struct vg_robots *r, const struct vg_robots_part *g, struct vg_str token)
{
	for (size_t i = g->first_agent; i < g->end_agent; i++) {
		if (names(vg_vec_at(&r->agents, i), token))
			return true;
	}
	return false;
}

/* The agent if any group names it; .ptr NULL, meaning the groups of `*`, otherwise. */
static struct vg_str choose(const struct vg_robots *r, struct vg_str agent)
{
	for (size_t i = 0; agent.len > 0 && i < r->agents.len; i++) {
		if (names(vg_vec_at(&r->agents, i), agent))
			return agent;
	}
	return (struct vg_str){0};
}

/* Path and query of a URL, without fragment. */
static struct vg_str path_of(struct vg_str url)
{
	size_t end = vg_str_chr(url, '#', 0), scheme, start;

	if (end != SIZE_MAX)
		url = vg_str_sub(url, 0, end);
	if (url.len > 0 && url.ptr[0] == '/' && !vg_str_starts(url, VG_STR("//")))
		return url;
	scheme = vg_str_find(url, VG_STR("//"), 0);
	start = scheme == SIZE_MAX ? 0 : scheme + 2;
	while (start < url.len && memchr("/?;", url.ptr[start], 3) == NULL)
		start++;
	return vg_str_sub(url, start, url.len);
}

static struct vg_robots_verdict judge(
    const struct vg_robots *r, struct vg_str token, struct vg_str path)
{
	struct vg_robots_verdict verdict = {.allowed = true};
	size_t best = 0;

	for (size_t i = 0; i < r->groups.len; i++) {
		const struct vg_robots_part *g = vg_vec_at(&r->groups, i);

		if (!group_names(r, g, token))
			continue;
		for (size_t k = g->first_rule; k < g->end_rule; k++) {
			const struct vg_robots_line *rule = vg_vec_at(&r->rules, k);

			if (rule->match.len < best || rule->match.len == 0 ||
			    (rule->match.len == best &&
				(verdict.allowed || !rule->allow)) ||
			    !vg_pattern_match(rule->match, path))
				continue;
			best = rule->match.len;
			verdict.allowed = rule->allow;
			verdict.rule = rule->pattern;
			verdict.line = rule->line;
		}
	}
	return verdict;
}

struct vg_robots_verdict vg_robots_test(
    const struct vg_robots *r, struct vg_str agent, struct vg_str url)
{
	struct vg_robots_verdict verdict = {.allowed = true};
	struct vg_str written = path_of(url), path;
	struct vg_buf canonical = VG_BUF_INIT(MAX_PATH);

	if (written.len == 0 || written.ptr[0] != '/')
		vg_buf_addc(&canonical, '/');
	vg_robots_canonical(written, false, &canonical);
	path = vg_buf_str(&canonical);
	if (vg_buf_status(&canonical, NULL) != VG_OK)
		verdict.allowed = false; /* what cannot be judged is not asked for */
	else
		verdict = judge(r, choose(r, agent), path);
	vg_buf_release(&canonical);
	return verdict;
}

int64_t vg_robots_delay(const struct vg_robots *r, struct vg_str agent)
{
	struct vg_str token = choose(r, agent);

	for (size_t i = 0; i < r->agents.len; i++) {
		const struct vg_robots_agent *a = vg_vec_at(&r->agents, i);

		if (a->delay >= 0 && names(a, token))
			return a->delay;
	}
	return -1;
}

size_t vg_robots_sitemap_count(const struct vg_robots *r)
{
	return r->sitemaps.len;
}

struct vg_str vg_robots_sitemap(const struct vg_robots *r, size_t i)
{
	return *(struct vg_str *)vg_vec_at(&r->sitemaps, i);
}

static const struct vg_robots_agent *agent_at(const struct vg_robots *r, size_t i)
{
	return vg_vec_at(&r->agents, i);
}

size_t vg_robots_group_count(const struct vg_robots *r)
{
	return r->groups.len;
}

struct vg_robots_group vg_robots_group(const struct vg_robots *r, size_t group)
{
	const struct vg_robots_part *g = vg_vec_at(&r->groups, group);

	return (struct vg_robots_group){.agent_count = g->end_agent - g->first_agent,
	    .rule_count = g->end_rule - g->first_rule,
	    .delay = g->first_agent < g->end_agent ? agent_at(r, g->first_agent)->delay
						   : -1};
}

struct vg_str vg_robots_group_agent(const struct vg_robots *r, size_t group, size_t i)
{
	const struct vg_robots_part *g = vg_vec_at(&r->groups, group);

	return agent_at(r, g->first_agent + i)->name;
}

struct vg_robots_rule vg_robots_group_rule(
    const struct vg_robots *r, size_t group, size_t i)
{
	const struct vg_robots_part *g = vg_vec_at(&r->groups, group);
	const struct vg_robots_line *rule = vg_vec_at(&r->rules, g->first_rule + i);

	return (struct vg_robots_rule){rule->allow, rule->pattern, rule->line};
}
