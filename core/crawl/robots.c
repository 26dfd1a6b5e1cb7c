/* SPDX-License-Identifier: MIT */
/* robots.txt of a leased host's origins: asked for, remembered, applied. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "crawl/crawl_priv.h"

#define MAX_ORIGINS 8
#define ROBOTS_ARENA ((size_t)2 << 20)
#define MAX_ROBOTS_HOPS 5 /* RFC 9309 2.3.1.2 */
#define ROBOTS_LIFE (24 * 3600 * VG_SECOND)
#define ROBOTS_RETRY (3600 * VG_SECOND) /* after an unreachable robots.txt */

struct vg_vec origins_new(void)
{
	return VG_VEC_INIT(struct origin, MAX_ORIGINS, NULL);
}

static void origin_clear(struct origin *o)
{
	vg_robots_free(o->robots);
	o->robots = NULL;
	o->allow_all = false;
	o->fetched_at = o->expires_at = 0;
}

void origins_free(struct vg_vec *origins)
{
	for (size_t i = 0; i < origins->len; i++) {
		struct origin *o = vg_vec_at(origins, i);

		origin_clear(o);
		free(o->key);
	}
	vg_vec_release(origins);
}

struct origin *host_origin(struct host *h, struct vg_str key)
{
	struct origin *o;

	for (size_t i = 0; i < h->origins.len; i++) {
		o = vg_vec_at(&h->origins, i);
		if (vg_str_eqz(key, o->key))
			return o;
	}
	o = vg_vec_push(&h->origins);
	if (!o)
		return NULL;
	o->key = strndup(key.ptr, key.len);
	if (!o->key) {
		vg_vec_pop(&h->origins);
		return NULL;
	}
	return o;
}

/* Judges the answer for a robots.txt, or what the cache holds of one. */
static enum vg_status origin_set(
    struct origin *o, const struct vg_robots_entry *entry, struct vg_error *err)
{
	enum vg_robots_outcome outcome = vg_robots_outcome((int)entry->status);

	origin_clear(o);
	o->fetched_at = entry->fetched_at;
	o->expires_at = entry->expires_at;
	/* More redirects than are followed count as "no robots.txt" (RFC 9309 2.3.1.2). */
	o->allow_all = outcome == VG_ROBOTS_ALLOW_ALL || outcome == VG_ROBOTS_REDIRECT;
	if (outcome != VG_ROBOTS_RULES)
		return VG_OK;
	return vg_robots_parse(entry->body, &o->robots, err);
}

/* Only to another robots.txt: a redirect must not make us ask for whatever a site likes. */
static bool is_robots_address(struct vg_str address)
{
	struct vg_url url = VG_URL_INIT;
	bool good = !vg_url_parse(address, NULL, &url, NULL) && vg_url_is_web(&url) &&
		    !vg_url_has_credentials(&url) && address.len <= VG_MAX_URL &&
		    vg_str_eqz(vg_url_target(&url), "/robots.txt");

	vg_url_release(&url);
	return good;
}

/*
 * What robots.txt names, or the usual place when it names nothing: one request that may save many, since
 * it tells what changed.
 */
static enum vg_status add_sitemaps(
    struct host *h, const struct origin *o, struct vg_error *err)
{
	struct crawl *c = h->crawl;
	const struct site *site = site_named(c, h->urls[h->url_next].site);
	size_t count = o->robots ? vg_robots_sitemap_count(o->robots) : 0, added;
	struct vg_arena *arena = vg_arena_new(ROBOTS_ARENA);
	struct link *links;
	enum vg_status status = VG_E_NOMEM;

	if (!site || !(o->robots || o->allow_all)) {
		vg_arena_free(arena);
		return VG_OK;
	}
	links = arena ? vg_arena_array(arena, count + 1, sizeof(*links)) : NULL;
	for (size_t i = 0; links && i < count; i++)
		links[i] = (struct link){
		    .href = vg_robots_sitemap(o->robots, i), .rank = 1, .depth = 1};
	if (links && !count)
		links[count++] = (struct link){
		    .href = vg_arena_printf(arena, "%s/sitemap.xml", o->key),
		    .rank = LINK_RANK_PART,
		    .depth = 1};
	if (links && links[0].href.ptr)
		status = links_add(c, site, links, count, &added, err);
	else
		vg_fail(err, VG_E_NOMEM, "out of memory");
	vg_arena_free(arena);
	return status;
}

enum vg_status host_robots_done(
    struct host *h, struct vg_capture *capture, struct vg_error *err)
{
	struct crawl *c = h->crawl;
	struct origin *o = host_origin(h, vg_str(h->robots_origin));
	bool answered =
	    capture->outcome == VG_FETCH_OK || capture->outcome == VG_FETCH_TOO_LARGE;
	int64_t now = vg_clock_now();
	struct vg_robots_entry entry = {.fetched_at = now,
	    .status = answered ? capture->status : 0,
	    .body = vg_buf_str(&capture->payload)};
	struct vg_recorded recorded;
	enum vg_status status;

	c->stats.outcomes[capture->outcome] += capture->outcome != VG_FETCH_OK;
	status = page_record(
	    c, capture, vg_str(h->lease.host), NULL, "robots.txt", &recorded, err);
	if (!status)
		page_tell_fetched(h, capture, "robots.txt", &recorded.id);
	if (!status && !o)
		status = vg_fail(err, VG_E_LIMIT, "%s: more than %d ports",
		    h->lease.host, MAX_ORIGINS);
	if (status)
		goto out;
	if (vg_robots_outcome((int)entry.status) == VG_ROBOTS_REDIRECT &&
	    is_robots_address(vg_buf_str(&capture->location)) &&
	    h->robots_hops < MAX_ROBOTS_HOPS) {
		h->robots_hops++;
		vg_buf_clear(&h->robots_url);
		vg_buf_adds(&h->robots_url, vg_buf_str(&capture->location));
		status = vg_buf_status(&h->robots_url, err);
		goto out;
	}
	entry.expires_at =
	    now + (vg_robots_outcome((int)entry.status) == VG_ROBOTS_DISALLOW_ALL
			  ? ROBOTS_RETRY
			  : ROBOTS_LIFE);
	status = vg_store_put_robots(c->store, vg_str(h->robots_origin), &entry, err);
	if (!status)
		status = origin_set(o, &entry, err);
	if (!status && o->robots)
		h->rules.crawl_delay = vg_robots_delay(o->robots, AGENT);
	if (!status)
		status = add_sitemaps(h, o, err);
	free(h->robots_origin);
	h->robots_origin = NULL;
	vg_buf_clear(&h->robots_url);
out:
	vg_capture_free(capture);
	return status;
}

enum vg_status host_robots_known(
    struct host *h, struct origin *o, bool *ret, struct vg_error *err)
{
	struct vg_robots_entry entry;
	struct vg_arena *arena;
	int64_t now = vg_clock_now();
	enum vg_status status;

	/* One from the future was asked for under a wrong clock. */
	*ret = o->expires_at > now && o->fetched_at <= now;
	if (*ret)
		return VG_OK;
	arena = vg_arena_new(ROBOTS_ARENA);
	if (!arena)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	status =
	    vg_store_get_robots(h->crawl->store, arena, vg_str(o->key), &entry, err);
	if (!status && entry.expires_at > now && entry.fetched_at <= now) {
		status = origin_set(o, &entry, err);
		*ret = !status;
	}
	vg_arena_free(arena);
	return status == VG_E_NOT_FOUND ? VG_OK : status;
}

enum vg_status host_ask_robots(
    struct host *h, const struct origin *o, struct vg_error *err)
{
	h->robots_origin = strdup(o->key);
	if (!h->robots_origin)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	h->robots_hops = 0;
	vg_buf_clear(&h->robots_url);
	vg_buf_addf(&h->robots_url, "%s/robots.txt", o->key);
	return vg_buf_status(&h->robots_url, err);
}

bool origin_allows(
    const struct origin *o, struct vg_str url, uint32_t *ret_line, char reason[256])
{
	struct vg_robots_verdict verdict;

	*ret_line = 0;
	if (!o->robots) {
		(void)snprintf(
		    reason, 256, "robots.txt could not be read: nothing is fetched");
		return o->allow_all;
	}
	verdict = vg_robots_test(o->robots, AGENT, url);
	*ret_line = verdict.line;
	if (!verdict.allowed)
		(void)snprintf(reason, 256, "robots.txt line %u: Disallow: %.*s",
		    verdict.line, verdict.rule.len > 180 ? 180 : (int)verdict.rule.len,
		    verdict.rule.ptr);
	return verdict.allowed;
}
