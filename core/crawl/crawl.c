/* SPDX-License-Identifier: MIT */
/* The crawl's main loop, its group commits, and how it ends. */
#include "config.h"

#include "crawl/crawl.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "crawl/crawl_priv.h"

#define MAX_POLLFDS 256
#define LONGEST_WAIT VG_SECOND /* so that progress and stop requests are never far */
#define RESUMED (24 * 3600 * VG_SECOND)
#define SCRATCH_BYTES ((size_t)16 << 20)
#define LINKS_BYTES ((size_t)192 << 20) /* of one page: VG_MAX_LINKS of VG_MAX_URL */

void crawl_fail(struct crawl *c, enum vg_status status, const struct vg_error *err)
{
	if (c->status)
		return;
	c->status = status;
	c->error = *err;
}

void crawl_event(struct crawl *c, const struct vg_crawl_event *event)
{
	struct vg_crawl_event told = *event;

	told.run = c->run;
	if (c->config->event)
		c->config->event(c->config->ctx, &told);
}

enum vg_status crawl_begin(struct crawl *c, struct vg_error *err)
{
	enum vg_status status;

	if (vg_store_in_transaction(c->store))
		return VG_OK;
	status = vg_store_begin(c->store, VG_HERE, err);
	if (!status) {
		c->transaction_began = vg_clock_monotonic();
		c->group = 0;
	}
	return status;
}

enum vg_status crawl_commit(struct crawl *c, struct vg_error *err)
{
	c->group = 0;
	return vg_store_in_transaction(c->store) ? vg_store_commit(c->store, err)
						 : VG_OK;
}

static enum vg_status host_spend(
    struct host *h, const struct vg_capture *capture, struct vg_error *err)
{
	struct site *site = site_named(h->crawl, h->urls[h->url_next].site);
	int64_t bytes = (int64_t)(capture->head.len + capture->payload.len);

	/* The request itself was counted when it began. */
	return site ? site_spend(h->crawl, site, capture->held ? -1 : 0, bytes, err)
		    : VG_OK;
}

static void crawl_captured(void *ctx, struct vg_capture *capture)
{
	struct crawl *c = ctx;
	struct host *h = capture->ctx;
	struct vg_error err;
	enum vg_status status;

	h->state = HOST_IDLE;
	peer_end(h, capture);
	if (!capture->held) {
		c->stats.requests++;
		host_note(h, capture);
	}
	/* What was aborted or comes after a failure is not evidence: the URL stays due. */
	if (c->status || (capture->outcome == VG_FETCH_ABORTED && !capture->held)) {
		vg_capture_free(capture);
		return;
	}
	status = crawl_begin(c, &err);
	if (!status)
		status = host_spend(h, capture, &err);
	if (status || capture->held)
		vg_capture_free(capture);
	else if (h->robots_origin)
		status = host_robots_done(h, capture, &err);
	else
		status = page_captured(h, capture, &err);
	if (!status)
		status = host_save(h, &err);
	if (status)
		crawl_fail(c, status, &err);
}

static bool crawl_must_stop(struct crawl *c)
{
	int requested = c->config->stop ? (int)*c->config->stop : 0;
	int64_t elapsed = vg_clock_monotonic() - c->stats.started;

	if (requested >= 2 && vg_fetch_in_flight(c->fetcher))
		vg_fetch_abort(c->fetcher);
	return c->stopping || requested ||
	       (c->config->max_time && elapsed >= c->config->max_time) ||
	       (c->config->max_pages && c->stats.pages >= c->config->max_pages);
}

static bool crawl_busy(const struct crawl *c)
{
	return c->queue || c->analysing || vg_fetch_in_flight(c->fetcher);
}

/* How long the loop may sleep, in microseconds; 0 or less: not at all. */
static int64_t crawl_wait(const struct crawl *c)
{
	int64_t wait = LONGEST_WAIT, next = hosts_next_at(c);

	/* While pages queue for a worker no host may send, so only the pool wakes us. */
	if (!c->stopping && !c->queue && next != VG_NEVER &&
	    next - vg_clock_monotonic() < wait)
		wait = next - vg_clock_monotonic();
	if (vg_store_in_transaction(c->store)) {
		int64_t left =
		    c->transaction_began + c->config->group_time - vg_clock_monotonic();

		wait = left < wait ? left : wait;
	}
	return wait > 0 ? wait : 0;
}

static enum vg_status crawl_io(struct crawl *c, struct vg_error *err)
{
	struct pollfd fds[MAX_POLLFDS];
	size_t count = vg_pool_pollfds(c->pool, fds, MAX_POLLFDS);
	enum vg_status status;

	if (c->config->pollfds)
		count += c->config->pollfds(
		    c->config->ctx, fds + count, MAX_POLLFDS - count);
	status = vg_fetch_run(c->fetcher, crawl_wait(c), fds, count, err);
	if (c->config->polled)
		c->config->polled(c->config->ctx);
	if (!status)
		status = vg_pool_run(c->pool, 0, err);
	return status;
}

static enum vg_status crawl_step(struct crawl *c, struct vg_error *err)
{
	enum vg_status status = VG_OK;

	c->stopping = crawl_must_stop(c);
	if (!c->stopping) {
		status = hosts_update(c, err);
		if (!status)
			status = hosts_send(c, err);
	}
	if (!status)
		status = pages_submit(c, err);
	/* Others wait for the database while a transaction is open. */
	if (!status && c->shared)
		status = crawl_commit(c, err);
	if (!status)
		status = crawl_io(c, err);
	if (!status && c->status) {
		*err = c->error;
		return c->status;
	}
	if (!status && vg_store_in_transaction(c->store) &&
	    (c->group >= c->config->group_pages ||
		vg_clock_monotonic() - c->transaction_began >= c->config->group_time))
		status = crawl_commit(c, err);
	return status;
}

/* Nothing is being done, and no host is left that may be asked in this run. */
static bool crawl_finished(const struct crawl *c)
{
	/* Asked twice: what waits for analysis is marked so, and the next run takes it up. */
	if (c->config->stop && *c->config->stop >= 2)
		return !vg_fetch_in_flight(c->fetcher);
	if (crawl_busy(c))
		return false;
	for (size_t i = 0; !c->stopping && i < c->hosts.len; i++)
		if ((*(struct host **)vg_vec_at(&c->hosts, i))->state < HOST_PARKED)
			return false;
	return c->stopping || c->frontier_seen == c->frontier;
}

static void crawl_progress(struct crawl *c)
{
	c->stats.now = vg_clock_monotonic();
	c->stats.hosts = c->hosts.len;
	c->stats.in_flight = vg_fetch_in_flight(c->fetcher);
	c->stats.waiting_analysis = vg_pool_pending(c->pool);
	c->stats.lost_workers = (int64_t)vg_pool_lost(c->pool);
	c->stats.parked = 0;
	for (size_t i = 0; i < c->hosts.len; i++)
		c->stats.parked +=
		    (*(struct host **)vg_vec_at(&c->hosts, i))->state == HOST_PARKED;
	for (const struct page *p = c->queue; p; p = p->next)
		c->stats.waiting_analysis++;
	if (c->config->progress)
		c->config->progress(c->config->ctx, &c->stats);
}

/* Looks for the other runs now and then, and takes over what dead ones left. */
static enum vg_status crawl_peers(struct crawl *c, struct vg_error *err)
{
	struct vg_peers peers = {0};
	int64_t now = vg_clock_monotonic();
	enum vg_status status;

	if (now < c->peers_at)
		return VG_OK;
	c->peers_at = now + VG_SECOND / 10;
	status = vg_store_peers(c->store, &peers, err);
	c->shared = peers.alive > 0;
	if (status || !peers.dead)
		return status;
	status = crawl_begin(c, err);
	if (!status)
		status = vg_store_bury(c->store, vg_clock_now(), err);
	if (!status)
		status = pages_resume(c, err);
	c->frontier++;
	return status;
}

/*
 * What others discover may be for us: the run ends when all of them have nothing left but to wait, too. They
 * are asked within one transaction, so that of the last two one sees the other idle. What a dead one had is
 * taken over first.
 */
static enum vg_status crawl_may_end(struct crawl *c, bool *ret, struct vg_error *err)
{
	struct vg_peers peers = {0};
	enum vg_status status = VG_OK;

	*ret = crawl_finished(c);
	if (!*ret || c->stopping)
		return VG_OK;
	status = crawl_begin(c, err);
	if (!status && !c->idle)
		status = vg_store_run_idle(c->store, c->idle = true, err);
	if (!status)
		status = vg_store_peers(c->store, &peers, err);
	if (peers.dead)
		c->peers_at = 0;
	*ret = !peers.busy && !peers.dead;
	return status;
}

static enum vg_status crawl_loop(struct crawl *c, struct vg_error *err)
{
	enum vg_status status;
	bool over = false;

	do {
		status = crawl_peers(c, err);
		if (!status)
			status = crawl_step(c, err);
		if (!status)
			status = crawl_may_end(c, &over, err);
		crawl_progress(c);
	} while (!status && !over);
	return status;
}

/* Gives leases back and closes the run, so that the next crawl starts at once. */
static enum vg_status crawl_end(
    struct crawl *c, enum vg_status outcome, struct vg_error *err)
{
	const char *word = outcome ? "failed" : c->stopping ? "stopped" : "done";
	struct vg_error later;
	enum vg_status status;

	if (vg_store_in_transaction(c->store) && outcome)
		vg_store_rollback(c->store);
	status = crawl_begin(c, &later);
	if (!status)
		status = hosts_release(c, &later);
	if (!status && !outcome)
		status = drift_judge(c, &later);
	if (!status)
		status = vg_store_run_end(
		    c->store, c->run, vg_clock_now(), vg_str(word), &later);
	if (!status)
		status = crawl_commit(c, &later);
	if (outcome)
		return outcome; /* the first failure is the one to tell */
	if (status)
		*err = later;
	return status;
}

/*
 * When the newest interrupted run of these sites began, by each site's own newest run: another site's run does
 * not end it. INT64_MIN: every one was finished.
 */
static enum vg_status crawl_interrupted(
    struct crawl *c, int64_t *ret, struct vg_error *err)
{
	*ret = INT64_MIN;
	for (size_t i = 0; i < c->config->site_count; i++) {
		int64_t started = 0;
		char outcome[16] = "done";
		enum vg_status status = vg_store_last_run(c->store,
		    vg_str(c->config->sites[i].name), &started, outcome, err);

		if (status && status != VG_E_NOT_FOUND)
			return status;
		if (!status && strcmp(outcome, "done") != 0 && started > *ret)
			*ret = started;
	}
	return VG_OK;
}

/* One that lies a day back is history unless the operator asks for it. */
enum vg_status crawl_horizon(struct crawl *c, struct vg_error *err)
{
	enum vg_crawl_resume resume =
	    c->config->again ? VG_CRAWL_RESUME_NEVER : c->config->resume;
	int64_t now = vg_clock_now(), started;
	enum vg_status status = crawl_interrupted(c, &started, err);
	bool over = started == INT64_MIN;

	c->horizon = now;
	if (status)
		return status;
	if (over && resume == VG_CRAWL_RESUME_ALWAYS)
		return vg_fail(err, VG_E_NOT_FOUND, "no crawl was interrupted");
	if (!over && started <= now &&
	    (resume == VG_CRAWL_RESUME_ALWAYS ||
		(resume == VG_CRAWL_RESUME_RECENT && now - started < RESUMED)))
		c->horizon = started;
	return VG_OK;
}

/* Another lexicon, or another plugin file: pages are judged again, changed or not. */
static enum vg_status crawl_judge_by(struct crawl *c, struct vg_error *err)
{
	char readers[VG_SHA256_HEX];
	struct vg_digest digest;
	enum vg_status status = vg_sha256(vg_pool_plugins(c->pool), &digest, err);

	if (status)
		return status;
	vg_hex(digest.bytes, sizeof(digest.bytes), readers);
	return vg_store_judge_by(
	    c->store, vg_str(vg_pool_lexicon(c->pool)), readers, err);
}

static enum vg_status crawl_start(struct crawl *c, struct vg_error *err)
{
	enum vg_status status;
	struct vg_json *plugins = NULL;
	struct vg_fetch_config fetch = c->config->fetch;

	fetch.may_connect = peer_may_connect;
	c->frontier = 1; /* unlike frontier_seen: look for hosts at once */
	c->hosts = VG_VEC_INIT(struct host *, MAX_LEASES, NULL);
	c->redirects = VG_VEC_INIT(struct redirect, MAX_REDIRECTS, NULL);
	c->peers = VG_VEC_INIT(struct peer, MAX_PEERS, NULL);
	c->identity = VG_BUF_INIT(VG_URL_MAX_PARSE);
	c->scratch = vg_arena_new(SCRATCH_BYTES);
	c->links = vg_arena_new(LINKS_BYTES);
	if (!c->scratch || !c->links)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	vg_store_limit_urls(c->store, c->config->max_urls);
	status = vg_pool_new(&c->config->pool, page_analysed, c, &c->pool, err);
	if (!status)
		status = vg_json_parse(
		    c->scratch, vg_pool_plugins(c->pool), 0, &plugins, err);
	c->plugins = plugins;
	if (!status)
		status = vg_fetcher_new(&fetch, crawl_captured, c, &c->fetcher, err);
	if (!status)
		status = sites_new(c, err);
	if (!status)
		status = crawl_begin(c, err);
	if (!status)
		status = vg_store_clock_set_back(c->store, vg_clock_now(), err);
	if (!status)
		status = crawl_horizon(c, err);
	if (!status)
		status = vg_store_run_begin(
		    c->store, c->horizon, VG_STR("crawl"), &c->run, err);
	if (!status)
		status = crawl_judge_by(c, err);
	if (!status)
		status = sites_add_seeds(c, err);
	if (!status)
		status = pages_resume(c, err);
	if (!status)
		status = crawl_commit(c, err);
	return status;
}

static void crawl_release(struct crawl *c)
{
	vg_store_rollback(c->store);
	vg_fetcher_free(c->fetcher); /* before the hosts that its requests point to */
	for (size_t i = 0; i < c->hosts.len; i++)
		host_free(*(struct host **)vg_vec_at(&c->hosts, i));
	vg_vec_release(&c->hosts);
	vg_vec_release(&c->peers);
	vg_pool_free(c->pool);
	pages_free(c);
	redirects_free(c);
	sites_free(c);
	vg_arena_free(c->scratch);
	vg_arena_free(c->links);
	vg_buf_release(&c->identity);
}

enum vg_status vg_crawl_run(const struct vg_crawl_config *config,
    struct vg_store *store, struct vg_crawl_stats *ret_stats, struct vg_error *err)
{
	struct crawl c = {.config = config, .store = store};
	enum vg_status status;

	c.stats.started = c.stats.now = vg_clock_monotonic();
	status = crawl_start(&c, err);
	if (!status) {
		status = crawl_loop(&c, err);
		status = crawl_end(&c, status, err);
		crawl_progress(&c);
	}
	if (!status && (c.stopping || c.left_over))
		status = VG_E_STOP;
	*ret_stats = c.stats;
	crawl_release(&c);
	return status;
}
