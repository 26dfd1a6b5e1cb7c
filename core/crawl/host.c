/* SPDX-License-Identifier: MIT */
/* Leased hosts: one request in flight each, robots.txt first, never before the gap is over. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/limits.h"
#include "crawl/crawl_priv.h"

#define HOST_ARENA ((size_t)4 << 20)
#define RECHECK                                                                        \
	VG_SECOND /* how often a host without work looks for retries that came due */

static struct host *host_at(const struct crawl *c, size_t i)
{
	return *(struct host **)vg_vec_at(&c->hosts, i);
}

void host_free(struct host *h)
{
	if (!h)
		return;
	origins_free(&h->origins);
	vg_buf_release(&h->robots_url);
	free(h->robots_origin);
	vg_arena_free(h->arena);
	free(h);
}

/* A time of the wall clock by ours, which nobody sets. */
static int64_t monotonic_of(int64_t utc)
{
	return vg_clock_monotonic() + (utc - vg_clock_now());
}

static struct host *host_new(struct crawl *c, const struct vg_lease *lease)
{
	struct host *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->crawl = c;
	h->lease = *lease;
	/* A time that no answer may ask for was written under a wrong clock. */
	if (lease->next_at <= vg_clock_now() + VG_RATE_RETRY_AFTER_MAX)
		h->rate.blocked_until = monotonic_of(lease->next_at);
	/* It may have been asked a moment ago, by somebody who told nobody. */
	if (lease->orphaned)
		h->rate.last_end = vg_clock_monotonic();
	h->rate.failures = (uint32_t)(lease->failures > 1000 ? 1000 : lease->failures);
	h->origins = origins_new();
	h->robots_url = VG_BUF_INIT(VG_URL_MAX_PARSE);
	h->arena = vg_arena_new(HOST_ARENA);
	if (!h->arena) {
		host_free(h);
		return NULL;
	}
	return h;
}

void host_note(struct host *h, const struct vg_capture *capture)
{
	struct vg_rate_result result = {
	    .status = capture->outcome == VG_FETCH_OK ? capture->status : 0,
	    /* Now, not when the transport saw its last byte: it may have started late. */
	    .end = vg_clock_monotonic(),
	    .elapsed = capture->total,
	    .backoff = h->rules.permitted ? h->crawl->config->backoff : 0,
	};
	struct vg_str retry_after = vg_capture_header(capture, "retry-after", 0);

	if (getrandom(&result.random, sizeof(result.random), 0) < 0)
		result.random = (uint64_t)capture->started; /* spreads well enough */
	if (vg_retry_after_parse(retry_after, vg_clock_now(), &result.retry_at))
		result.retry_at = monotonic_of(result.retry_at);
	else
		result.retry_at = 0;
	vg_rate_note(&h->rate, &result);
	h->next_at = 0; /* the next choice computes it */
}

static enum vg_status host_submit(
    struct host *h, struct vg_fetch_request request, struct vg_error *err)
{
	struct site *site = site_named(h->crawl, h->urls[h->url_next].site);
	enum vg_status status;

	request.ctx = h;
	request.proxy = site ? site->config->proxy : NULL;
	h->gap = h->rate.last_end ? vg_clock_monotonic() - h->rate.last_end : -1;
	status = vg_fetch_submit(h->crawl->fetcher, &request, err);
	if (status)
		return status;
	h->state = HOST_BUSY;
	peer_begin(h);
	/* What was started counts, whatever becomes of it. */
	return site ? site_spend(h->crawl, site, 1, 0, err) : VG_OK;
}

static struct vg_fetch_request robots_request(const struct host *h)
{
	return (struct vg_fetch_request){
	    .url = vg_buf_str(&h->robots_url), .max_body = VG_MAX_ROBOTS};
}

/* Ends the visit of the current URL without a request. */
static enum vg_status host_refuse(
    struct host *h, struct site *site, const char *reason, struct vg_error *err)
{
	struct crawl *c = h->crawl;
	const struct vg_due_url *url = &h->urls[h->url_next++];
	int64_t now = vg_clock_now();
	struct vg_visit visit = {.now = now,
	    .due_at = site ? site_due_at(site, now, 0) : VG_NEVER,
	    .failures = url->failures,
	    .pause = url->pause,
	    .note = vg_str(reason)};
	struct vg_crawl_event event = {.kind = VG_CRAWL_REFUSED,
	    .url = url->url,
	    .host = vg_str(h->lease.host),
	    .depth = url->depth,
	    .robots_line = h->robots_line,
	    .site = site ? site->config->name : "",
	    .reason = reason};

	c->stats.refused++;
	crawl_event(c, &event);
	return host_settle(h, vg_store_visited(c->store, &h->lease, url, &visit, err));
}

static bool has_proxy(const struct site *site)
{
	return site->config->proxy && site->config->proxy[0];
}

/* The gap that all parties together ask for; true when it is over. */
static bool host_may_ask(struct host *h, const struct site *site,
    const struct origin *o, const struct vg_url *url)
{
	h->rules = (struct vg_rate_rules){
	    .delay = site->config->delay,
	    .plugin_min = site_plugin_delay(h->crawl, site, vg_url_host(url)),
	    .crawl_delay = o->robots ? vg_robots_delay(o->robots, AGENT) : -1,
	    .permitted = !has_proxy(site) && vg_fetch_permits(h->crawl->fetcher, url),
	};

	h->next_at = vg_rate_next(&h->rules, &h->rate);
	if (h->next_at > vg_clock_monotonic() + PATIENCE) {
		h->state = HOST_PARKED;
		h->crawl->left_over = true;
	} else if (peer_next(h) > h->next_at) {
		h->next_at = peer_next(h);
	}
	return h->next_at <= vg_clock_monotonic();
}

/*
 * Moves the host on by one decision about its current URL: refuses it, asks for its robots.txt, waits, or
 * asks for the page. `url` is that URL, parsed.
 */
static enum vg_status host_decide(
    struct host *h, const struct vg_url *url, struct site *site, struct vg_error *err)
{
	const struct vg_due_url *due = &h->urls[h->url_next];
	enum vg_scope_answer answer =
	    vg_scope_check(site->scope, url, (uint32_t)due->depth);
	struct origin *o = host_origin(h, vg_url_origin(url));
	char reason[256];
	enum vg_status status;
	bool known = false;

	h->robots_line = 0;
	if (answer != VG_SCOPE_IN)
		return host_refuse(h, site, vg_scope_answer_name(answer), err);
	if (!o)
		return host_refuse(h, site, "too many ports on one host", err);
	status = host_robots_known(h, o, &known, err);
	if (status)
		return status;
	if (known && !origin_allows(o, due->url, &h->robots_line, reason))
		return host_refuse(h, site, reason, err);
	if (!host_may_ask(h, site, o, url))
		return VG_OK;
	if (known) {
		status = host_submit(h,
		    (struct vg_fetch_request){.url = due->url,
			.etag = due->etag,
			.last_modified = due->last_modified,
			.max_body = site->config->max_body},
		    err);
		return status == VG_E_INVALID || status == VG_E_DENIED ||
			       status == VG_E_TOO_LARGE
			   ? host_refuse(h, site,
				 "the transport does not take this address", err)
			   : status;
	}
	status = host_ask_robots(h, o, err);
	return status ? status : host_submit(h, robots_request(h), err);
}

/* The host's current URL, and what becomes of it. False: nothing to do for now. */
static enum vg_status host_advance(
    struct host *h, struct vg_url *url, bool *ret_again, struct vg_error *err)
{
	struct crawl *c = h->crawl;
	size_t before = h->url_next;
	struct site *site;
	enum vg_status status;

	*ret_again = false;
	if (h->url_next >= h->url_count)
		return VG_OK;
	site = site_named(c, h->urls[h->url_next].site);
	status = crawl_begin(c, err);
	if (status)
		return status;
	/* A site that this run leaves out, or one whose budget is spent: its pages stay due. */
	if (!site || site_exhausted(c, site)) {
		c->left_over |= site != NULL;
		h->url_next++;
		if (h->url_next == h->url_count)
			h->state = HOST_PARKED;
	} else if (vg_url_parse(h->urls[h->url_next].url, NULL, url, err)) {
		status = host_refuse(h, NULL, "not a web address", err);
	} else if (h->robots_origin) { /* a redirected robots.txt waits for its gap */
		struct origin *o = host_origin(h, vg_str(h->robots_origin));

		if (o && host_may_ask(h, site, o, url))
			status = host_submit(h, robots_request(h), err);
	} else {
		status = host_decide(h, url, site, err);
	}
	*ret_again = !status && h->state == HOST_IDLE && h->url_next > before;
	return status;
}

enum vg_status hosts_send(struct crawl *c, struct vg_error *err)
{
	struct vg_url url = VG_URL_INIT;
	enum vg_status status = VG_OK;

	/* Pages that wait for a worker hold bodies in memory: let them pass first. */
	for (size_t i = 0; !status && !c->queue && i < c->hosts.len; i++) {
		struct host *h = host_at(c, i);
		bool again =
		    h->state == HOST_IDLE && h->next_at <= vg_clock_monotonic();

		while (!status && again)
			status = host_advance(h, &url, &again, err);
	}
	vg_url_release(&url);
	return status;
}

/* Fetches the next batch of due URLs when the last one is done. */
static enum vg_status host_refill(struct host *h, struct vg_error *err)
{
	struct crawl *c = h->crawl;
	int64_t now = vg_clock_monotonic();
	enum vg_status status;

	if (h->state != HOST_IDLE || h->url_next < h->url_count || h->robots_origin)
		return VG_OK;
	if (h->frontier_seen == c->frontier && now - h->checked_at < RECHECK)
		return VG_OK;
	status = crawl_begin(c, err);
	if (status)
		return status;
	vg_arena_reset(h->arena);
	h->url_next = h->url_count = 0;
	status = vg_store_due_urls(c->store, h->arena, &h->lease, c->horizon,
	    BATCH_URLS, &h->urls, &h->url_count, err);
	/* Only an empty answer holds until something changes; a full batch may have left more. */
	if (!h->url_count) {
		h->frontier_seen = c->frontier;
		h->checked_at = now;
	}
	return status;
}

static enum vg_status host_update(struct host *h, int64_t until, struct vg_error *err)
{
	int64_t next = vg_rate_next(&h->rules, &h->rate);
	enum vg_status status = crawl_begin(h->crawl, err);

	if (next)
		next += vg_clock_now() - vg_clock_monotonic();
	if (!status && h->state != HOST_LOST)
		status = vg_store_update_host(
		    h->crawl->store, &h->lease, until, next, h->rate.failures, err);
	return host_settle(h, status);
}

enum vg_status host_settle(struct host *h, enum vg_status status)
{
	if (status != VG_E_NOT_FOUND)
		return status;
	if (h->state != HOST_BUSY)
		h->state = HOST_LOST;
	return VG_OK;
}

enum vg_status host_save(struct host *h, struct vg_error *err)
{
	return host_update(h, h->lease.until, err);
}

static enum vg_status host_give_back(struct host *h, struct vg_error *err)
{
	return host_update(h, 0, err);
}

static enum vg_status host_keep(struct host *h, struct vg_error *err)
{
	int64_t now = vg_clock_boot();

	if (h->lease.until - now > LEASE / 2)
		return VG_OK;
	return host_update(h, now + LEASE, err);
}

/* Those that can still ask for something in this run. */
static size_t hosts_active(const struct crawl *c)
{
	size_t active = 0;

	for (size_t i = 0; i < c->hosts.len; i++)
		active += host_at(c, i)->state < HOST_PARKED;
	return active;
}

static enum vg_status hosts_claim(struct crawl *c, struct vg_error *err)
{
	if (c->frontier_seen == c->frontier && vg_clock_monotonic() < c->claim_at)
		return VG_OK;
	while (hosts_active(c) < MAX_HOSTS && c->hosts.len < MAX_LEASES) {
		struct vg_lease lease;
		struct host **slot;
		int64_t now = vg_clock_boot();
		enum vg_status status = crawl_begin(c, err);

		if (!status)
			status = vg_store_claim_host(
			    c->store, c->horizon, now, now + LEASE, &lease, err);
		if (status == VG_E_NOT_FOUND)
			break;
		if (!status && c->idle)
			status = vg_store_run_idle(c->store, c->idle = false, err);
		if (status)
			return status;
		slot = vg_vec_push(&c->hosts);
		if (slot)
			*slot = host_new(c, &lease);
		if (!slot || !*slot)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		(*slot)->frontier_seen = c->frontier - 1; /* so that it looks at once */
	}
	c->frontier_seen = c->frontier;
	c->claim_at = vg_clock_monotonic() + RECHECK;
	return VG_OK;
}

enum vg_status hosts_update(struct crawl *c, struct vg_error *err)
{
	/* Pages still being analysed may bring work for a host that has none now. */
	bool may_come = (c->queue || c->analysing) && hosts_active(c) < MAX_HOSTS;
	enum vg_status status = hosts_claim(c, err);

	for (size_t i = 0; !status && i < c->hosts.len;) {
		struct host *h = host_at(c, i);
		bool spent;

		status = host_keep(h, err);
		if (!status)
			status = host_refill(h, err);
		spent = h->state == HOST_LOST ||
			(h->state == HOST_IDLE && h->url_next >= h->url_count &&
			    !h->robots_origin && !may_come);
		if (status || !spent) {
			i++;
			continue;
		}
		status = host_give_back(h, err);
		host_free(h);
		*(struct host **)vg_vec_at(&c->hosts, i) = host_at(c, c->hosts.len - 1);
		vg_vec_pop(&c->hosts);
	}
	return status;
}

enum vg_status hosts_release(struct crawl *c, struct vg_error *err)
{
	enum vg_status status = VG_OK;

	for (size_t i = 0; !status && i < c->hosts.len; i++)
		status = host_give_back(host_at(c, i), err);
	return status;
}

int64_t hosts_next_at(const struct crawl *c)
{
	int64_t next = VG_NEVER;

	for (size_t i = 0; i < c->hosts.len; i++) {
		const struct host *h = host_at(c, i);

		if (h->state == HOST_IDLE && h->url_next < h->url_count &&
		    h->next_at < next)
			next = h->next_at;
	}
	return next;
}
