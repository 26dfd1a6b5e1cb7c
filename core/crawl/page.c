/* SPDX-License-Identifier: MIT */
/* One page: from its capture to the queue of those that wait for analysis. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/limits.h"
#include "crawl/crawl_priv.h"
#include "fetch/http.h"
#include "policy/revisit.h"

#define MAX_RESUMED 1000   /* unanalysed captures taken up per run */
#define MAX_VALIDATOR 1024 /* bytes of an ETag or a date */
#define MAX_PARAMS ((size_t)4 << 20)

void page_free(struct page *p)
{
	if (!p)
		return;
	vg_capture_free(p->capture);
	vg_buf_release(&p->url);
	vg_buf_release(&p->params);
	vg_buf_release(&p->payload);
	free(p);
}

void pages_free(struct crawl *c)
{
	struct page *lists[] = {c->queue, c->analysing};

	for (size_t i = 0; i < 2; i++)
		while (lists[i]) {
			struct page *p = lists[i];

			lists[i] = p->next;
			page_free(p);
		}
	c->queue = c->queue_end = c->analysing = NULL;
}

static struct page *page_new(
    struct crawl *c, struct vg_str url, const struct vg_digest *id)
{
	struct page *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->url = VG_BUF_INIT(VG_URL_MAX_PARSE);
	p->params = VG_BUF_INIT(MAX_PARAMS);
	p->payload = VG_BUF_INIT(VG_MAX_BODY * 8);
	p->id = *id;
	p->tag = ++c->next_tag;
	vg_buf_adds(&p->url, url);
	return p;
}

static void page_queue(struct crawl *c, struct page *p)
{
	if (c->queue_end)
		c->queue_end->next = p;
	else
		c->queue = p;
	c->queue_end = p;
}

void page_retry(struct crawl *c, struct page *p, struct vg_str reason)
{
	struct vg_json_writer w = vg_json_writer(&p->params);

	vg_buf_truncate(&p->params, p->params.len - 1); /* one object, still */
	vg_buf_addz(&p->params, ",\"plugin_problem\":");
	vg_jw_str(&w, reason);
	vg_buf_addc(&p->params, '}');
	p->bare = true;
	p->next = NULL;
	page_queue(c, p);
}

/* Each line of a response head after the first, as [name, value]. */
static void write_headers(struct vg_json_writer *w, struct vg_str head)
{
	struct vg_str line;
	bool first = true;

	vg_jw_key(w, "headers");
	vg_jw_array(w);
	while (vg_str_split(&head, '\n', &line)) {
		size_t colon = vg_str_chr(line, ':', 0);

		if (!first && colon != SIZE_MAX) {
			vg_jw_array(w);
			vg_jw_str(w, vg_str_trim(vg_str_sub(line, 0, colon)));
			vg_jw_str(
			    w, vg_str_trim(vg_str_sub(line, colon + 1, line.len)));
			vg_jw_end_array(w);
		}
		first = false;
	}
	vg_jw_end_array(w);
}

static void write_params(struct page *p, struct vg_str head, int64_t status,
    int64_t started, const char *plugin)
{
	struct vg_json_writer w = vg_json_writer(&p->params);
	char fetched_at[VG_RFC3339_LEN];

	vg_time_format(started, fetched_at);
	vg_jw_object(&w);
	vg_jw_kstr(&w, "url", vg_buf_str(&p->url));
	vg_jw_kint(&w, "status", status);
	vg_jw_kstrz(&w, "fetched_at", fetched_at);
	vg_jw_kstrz(&w, "plugin", plugin);
	write_headers(&w, head);
	vg_jw_end_object(&w);
}

static bool is_text(struct vg_str type, struct vg_str url)
{
	static const struct vg_str types[] = {{"text/", 5}, {"application/xhtml", 17},
	    {"application/json", 16}, {"application/ld+json", 19},
	    {"application/xml", 15}, {"application/rss+xml", 19},
	    /* read for the addresses they name */
	    {"application/javascript", 22}, {"application/x-javascript", 24},
	    {"application/atom+xml", 20}, {"application/rdf+xml", 19},
	    /* sitemaps come packed */
	    {"application/gzip", 16}, {"application/x-gzip", 18},
	    /* what browsers sniff, and show (WHATWG MIME Sniffing 7.1) */
	    {"unknown/unknown", 15}, {"application/unknown", 19}};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (vg_str_istarts(type, types[i]))
			return true;
	return !type.len || vg_str_ends(url, VG_STR(".xml.gz"));
}

/* Why a capture is kept and not analysed; NULL: it is. Error pages are evidence, but no offers. */
static const char *why_unjudged(const struct vg_capture *capture)
{
	struct vg_str type = vg_http_content_type(vg_buf_str(&capture->head));

	if (capture->outcome != VG_FETCH_OK && capture->outcome != VG_FETCH_TOO_LARGE)
		return "no whole answer came";
	if (capture->status >= 300 && capture->status < 400)
		return capture->status == 304 ? "not changed" : "a redirect";
	if (capture->status < 200 || capture->status > 299)
		return "the answer is an error";
	if (!capture->payload.len)
		return "the body is empty";
	return is_text(type, vg_buf_str(&capture->url)) ? NULL : "the body is no text";
}

/* What the X-Robots-Tag headers ask for. */
static struct vg_robots_tag robots_tag(struct vg_str head)
{
	struct vg_robots_tag tag = {0};
	struct vg_str value;

	for (size_t n = 0; (value = vg_http_header(head, "x-robots-tag", n)).ptr; n++)
		vg_robots_tag_add(&tag, value, AGENT);
	return tag;
}

static const char *robots_words(struct vg_robots_tag tag)
{
	if (tag.noindex)
		return tag.nofollow ? "noindex nofollow" : "noindex";
	return tag.nofollow ? "nofollow" : "";
}

static void fill_notes(const struct vg_capture *capture, char notes[64])
{
	(void)snprintf(notes, 64, "%s%s%s%s%s", capture->truncated ? " truncated" : "",
	    capture->length_mismatch ? " length_mismatch" : "",
	    capture->reused ? " reused" : "", capture->proxied ? " proxied" : "",
	    capture->tls_version[0] && !capture->tls_verified ? " unverified" : "");
}

enum vg_status page_record(struct crawl *c, const struct vg_capture *capture,
    struct vg_str host, const struct vg_due_url *url, const char *unjudged,
    struct vg_recorded *ret, struct vg_error *err)
{
	char peer[VG_FETCH_ADDRESS + 16] = "", notes[64];
	const char *robots = robots_words(robots_tag(vg_buf_str(&capture->head)));
	bool v6 = strchr(capture->peer, ':') != NULL, answered = capture->head.len > 0;
	struct vg_fetch_record record = {
	    .leaf = {.url = vg_buf_str(&capture->url),
		.method = VG_STR("GET"),
		.started = capture->started,
		.dns_us = capture->dns,
		.connect_us = capture->connect,
		.tls_us = capture->tls,
		.first_byte_us = capture->first_byte,
		.total_us = capture->total,
		.outcome = vg_str(vg_fetch_outcome_name(capture->outcome)),
		.detail = vg_str(capture->error),
		.status = capture->status,
		.tls_version = vg_str(capture->tls_version),
		.tls_cipher = vg_str(capture->tls_cipher)},
	    .host = host,
	    .site = url ? url->site : VG_STR(""),
	    .depth = url ? url->depth : 0,
	    .run = c->run,
	    .unjudged = vg_str(unjudged),
	    .robots = vg_str(robots),
	};
	enum vg_status status;

	if (capture->peer[0])
		(void)snprintf(peer, sizeof(peer), v6 ? "[%s]:%u" : "%s:%u",
		    capture->peer, (unsigned)capture->peer_port);
	fill_notes(capture, notes);
	record.leaf.peer = vg_str(peer);
	record.leaf.notes = vg_str_trim(vg_str(notes));
	if (url)
		redirect_take(c, url->site, record.leaf.url, &record.leaf.parent);
	if (capture->request.len)
		record.request_head = vg_buf_str(&capture->request);
	if (answered)
		record.response_head = vg_buf_str(&capture->head);
	if ((answered && capture->status != 304) || capture->payload.len)
		record.payload = vg_buf_str(&capture->payload);
	if (capture->tls_chain.len)
		record.chain = vg_buf_str(&capture->tls_chain);
	status = vg_store_record_fetch(c->store, &record, ret, err);
	if (!status)
		c->group++;
	return status;
}

void page_tell_fetched(const struct host *h, const struct vg_capture *capture,
    const char *unjudged, const struct vg_digest *id)
{
	const struct vg_due_url *url = &h->urls[h->url_next];
	const struct site *site = site_named(h->crawl, url->site);
	bool robots = h->robots_origin != NULL;
	struct vg_crawl_event event = {.kind = VG_CRAWL_FETCHED,
	    .url = vg_buf_str(&capture->url),
	    .host = vg_str(h->lease.host),
	    .site = site && !robots ? site->config->name : "",
	    .reason = unjudged,
	    .capture = capture,
	    .id = id,
	    .robots_line = robots ? 0 : h->robots_line,
	    .depth = robots ? 0 : url->depth,
	    .attempt = robots ? 1 : url->failures + 1,
	    .gap = h->gap};

	crawl_event(h->crawl, &event);
}

/* Style sheets, scripts and a guessed sitemap are read for their links: nobody looks for them in a summary. */
static void count_page(struct crawl *c, struct site *site, const struct vg_due_url *url,
    const struct vg_capture *capture)
{
	bool page = url->rank < LINK_RANK_PART;

	c->stats.pages += page;
	c->stats.bytes += (int64_t)capture->payload.len;
	c->stats.outcomes[capture->outcome]++;
	c->stats.http_errors += page && capture->status >= 400;
	site->pages++;
}

/* A field of the answer that a later request may carry, else `known`. */
static struct vg_str validator(
    const struct vg_capture *capture, const char *name, struct vg_str known)
{
	struct vg_str value = vg_capture_header(capture, name, 0);

	return value.len && value.len <= MAX_VALIDATOR && vg_http_is_field_value(value)
		   ? value
		   : known;
}

/* A complete answer leaves its validators; one that says "not changed" may renew some. */
static void keep_validators(const struct vg_capture *capture,
    const struct vg_due_url *url, struct vg_visit *visit)
{
	bool renewed = capture->status == 304;

	visit->validators = capture->outcome == VG_FETCH_OK && !capture->truncated &&
			    (capture->status == 200 || renewed);
	visit->etag =
	    validator(capture, "etag", renewed ? url->etag : (struct vg_str){0});
	visit->last_modified = validator(capture, "last-modified",
	    renewed ? url->last_modified : (struct vg_str){0});
}

/*
 * When to come again. After a passing failure the URL stays due, and the host's back-off says how soon;
 * a seed after the site's interval, other pages after what their visits showed, never sooner.
 */
static struct vg_visit visit_of(const struct host *h, const struct site *site,
    const struct vg_capture *capture, bool changed)
{
	const struct vg_due_url *url = &h->urls[h->url_next];
	int status = capture->outcome == VG_FETCH_OK ? capture->status : 0;
	bool retry = vg_rate_classify(status) == VG_RATE_RETRY &&
		     capture->outcome != VG_FETCH_REFUSED &&
		     capture->outcome != VG_FETCH_TOO_LARGE &&
		     url->failures + 1 < MAX_ATTEMPTS;
	int64_t base = site->interval;
	struct vg_visit visit = {.now = vg_clock_now(),
	    .failures = retry ? url->failures + 1 : 0,
	    .pause = url->pause,
	    .note = vg_str(vg_fetch_outcome_name(capture->outcome))};

	/* A failure tells nothing about how often the page changes. */
	if (status && status < 400)
		visit.pause =
		    url->depth ? vg_revisit_pause(base, url->pause, changed) : base;
	visit.due_at = retry ? url->due_at : site_due_at(site, visit.now, visit.pause);
	keep_validators(capture, url, &visit);
	return visit;
}

/* Queues a capture for analysis; takes it. */
static enum vg_status page_enqueue(struct crawl *c, struct vg_capture *capture,
    struct site *site, const struct vg_due_url *url, int64_t visited_at,
    const struct vg_digest *id, struct vg_error *err)
{
	struct page *p = page_new(c, vg_buf_str(&capture->url), id);
	struct vg_str head = vg_buf_str(&capture->head);

	if (!p) {
		vg_capture_free(capture);
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	p->site = site;
	p->depth = url->depth;
	p->ref = url->ref;
	p->visited_at = visited_at;
	p->pause = url->pause;
	p->nofollow = robots_tag(head).nofollow;
	write_params(p, head, capture->status, capture->started, site->config->plugin);
	p->capture = capture;
	page_queue(c, p);
	return VG_OK;
}

enum vg_status page_captured(
    struct host *h, struct vg_capture *capture, struct vg_error *err)
{
	struct crawl *c = h->crawl;
	const struct vg_due_url *url = &h->urls[h->url_next];
	struct site *site = site_named(c, url->site);
	const char *unjudged = why_unjudged(capture);
	bool unchanged = capture->outcome == VG_FETCH_OK && capture->status == 304;
	struct vg_recorded recorded;
	struct vg_visit visit;
	enum vg_status status;

	count_page(c, site, url, capture);
	status = page_record(
	    c, capture, vg_str(h->lease.host), url, unjudged, &recorded, err);
	if (status)
		goto out;
	visit = visit_of(h, site, capture, !unchanged && !recorded.unchanged);
	if (unchanged)
		status = vg_store_record_unchanged(c->store, &recorded.id, err);
	if (status == VG_E_NOT_FOUND) {
		/* Nobody judged what it confirms: the next request is for all of it. */
		visit.validators = true;
		visit.etag = visit.last_modified = (struct vg_str){0};
		status = VG_OK;
	}
	if (!status)
		status = host_settle(
		    h, vg_store_visited(c->store, &h->lease, url, &visit, err));
	if (!status)
		status =
		    redirect_follow(c, site, capture, &recorded.id, url->depth, err);
	if (status)
		goto out;
	page_tell_fetched(h, capture, unjudged, &recorded.id);
	if (!unjudged) {
		status = page_enqueue(
		    c, capture, site, url, visit.now, &recorded.id, err);
		capture = NULL;
	}
out:
	h->url_next++;
	vg_capture_free(capture);
	return status;
}

static enum vg_status page_resume(
    struct crawl *c, const struct vg_store_capture *capture, struct vg_error *err)
{
	struct vg_buf head = VG_BUF_INIT(VG_MAX_HEADERS);
	struct site *site = site_named(c, capture->site);
	struct page *p = page_new(c, capture->leaf.url, &capture->id);
	enum vg_status status = VG_OK;

	if (!p)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	if (capture->leaf.response_head.present)
		status = vg_store_read_blob(
		    c->store, &capture->leaf.response_head.digest, &head, err);
	if (!status && capture->leaf.payload.present)
		status = vg_store_read_blob(
		    c->store, &capture->leaf.payload.digest, &p->payload, err);
	if (status == VG_E_CORRUPT || status == VG_E_NOT_FOUND) {
		/* One damaged body must not stop every crawl from now on. */
		status = page_failed(c, p, err->msg, err);
		goto out;
	}
	if (status)
		goto out;
	write_params(p, vg_buf_str(&head), capture->leaf.status, capture->leaf.started,
	    site ? site->config->plugin : "auto");
	p->nofollow = robots_tag(vg_buf_str(&head)).nofollow;
	p->depth = (int)capture->depth;
	p->site = site;
	page_queue(c, p);
	p = NULL;
out:
	vg_buf_release(&head);
	page_free(p);
	return status;
}

enum vg_status pages_resume(struct crawl *c, struct vg_error *err)
{
	struct vg_store_capture *captures;
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	size_t count = 0;
	enum vg_status status;

	if (!arena)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	status = vg_store_pending(c->store, arena, MAX_RESUMED, &captures, &count, err);
	for (size_t i = 0; !status && i < count; i++)
		status = page_resume(c, &captures[i], err);
	vg_arena_free(arena);
	return status;
}

enum vg_status pages_submit(struct crawl *c, struct vg_error *err)
{
	while (c->queue && vg_pool_room(c->pool)) {
		struct page *p = c->queue;
		struct vg_task task = {.op = VG_STR("page"),
		    .params = vg_buf_str(&p->params),
		    .content =
			vg_buf_str(p->capture ? &p->capture->payload : &p->payload)};
		enum vg_status status = vg_buf_status(&p->params, err);

		/* Off the queue first: a pool without workers answers inside the call. */
		c->queue = p->next;
		c->queue_end = c->queue ? c->queue_end : NULL;
		p->next = c->analysing;
		c->analysing = p;
		if (!status)
			status = vg_pool_submit(c->pool, p->tag, &task, err);
		if (status)
			return status;
	}
	return VG_OK;
}
