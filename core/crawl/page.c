/* SPDX-License-Identifier: MIT */
/* One page: from its capture to committed findings and links. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/limits.h"
#include "crawl/crawl_priv.h"

#define MAX_RESUMED 1000              /* unanalysed captures taken up per run */
#define MAX_ANSWER ((size_t)16 << 20) /* of a worker, in JSON */
#define MAX_PARAMS ((size_t)4 << 20)

static void page_free(struct page *p)
{
	if (!p)
		return;
	vg_capture_free(p->capture);
	vg_buf_release(&p->url);
	vg_buf_release(&p->params);
	vg_buf_release(&p->payload);
	free(p);
}

static void redirect_drop(struct crawl *c, struct redirect *r)
{
	free(r->target);
	*r = *(struct redirect *)vg_vec_at(&c->redirects, c->redirects.len - 1);
	vg_vec_pop(&c->redirects);
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
	while (c->redirects.len)
		redirect_drop(c, vg_vec_at(&c->redirects, 0));
	vg_vec_release(&c->redirects);
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

struct page_facts {
	struct vg_str content_type, content_encoding, head;
	int64_t status, started;
};

static void write_params(
    struct page *p, const struct page_facts *facts, const char *plugin)
{
	struct vg_json_writer w = vg_json_writer(&p->params);
	char fetched_at[VG_RFC3339_LEN];

	vg_time_format(facts->started, fetched_at);
	vg_jw_object(&w);
	vg_jw_kstr(&w, "url", vg_buf_str(&p->url));
	if (facts->content_type.ptr)
		vg_jw_kstr(&w, "content_type", facts->content_type);
	if (facts->content_encoding.ptr)
		vg_jw_kstr(&w, "content_encoding", facts->content_encoding);
	vg_jw_kint(&w, "status", facts->status);
	vg_jw_kstrz(&w, "fetched_at", fetched_at);
	vg_jw_kstrz(&w, "plugin", plugin);
	write_headers(&w, facts->head);
	vg_jw_end_object(&w);
}

/* A page of text that somebody could read; error pages are evidence, but no offers. */
static bool is_analysable(struct vg_str content_type, int64_t status, size_t length)
{
	static const struct vg_str types[] = {{"text/", 5}, {"application/xhtml", 17},
	    {"application/json", 16}, {"application/ld+json", 19},
	    {"application/xml", 15},
	    /* what browsers sniff, and show (WHATWG MIME Sniffing 7.1) */
	    {"unknown/unknown", 15}, {"application/unknown", 19}, {"*/*", 3}};

	if (status < 200 || status > 299 || !length)
		return false;
	if (!content_type.len || vg_str_istarts(content_type, VG_STR("text/css")) ||
	    vg_str_istarts(content_type, VG_STR("text/javascript")))
		return !content_type.len;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (vg_str_istarts(content_type, types[i]))
			return true;
	return false;
}

static void fill_notes(const struct vg_capture *capture, char notes[64])
{
	(void)snprintf(notes, 64, "%s%s%s%s", capture->truncated ? " truncated" : "",
	    capture->length_mismatch ? " length_mismatch" : "",
	    capture->reused ? " reused" : "",
	    capture->tls_version[0] && !capture->tls_verified ? " unverified" : "");
}

/* The capture whose redirect made this run visit the URL. */
static void take_parent(struct crawl *c, const struct site *site, struct vg_str url,
    struct vg_leaf_digest *ret)
{
	for (size_t i = 0; i < c->redirects.len; i++) {
		struct redirect *r = vg_vec_at(&c->redirects, i);

		if (r->site != site || !vg_str_eqz(url, r->target))
			continue;
		*ret = (struct vg_leaf_digest){true, r->parent};
		redirect_drop(c, r);
		return;
	}
}

enum vg_status page_record(struct crawl *c, const struct vg_capture *capture,
    struct vg_str host, struct site *site, bool analyse, struct vg_recorded *ret,
    struct vg_error *err)
{
	char peer[VG_FETCH_ADDRESS + 16] = "", notes[64];
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
	    .site = site ? vg_str(site->config->name) : VG_STR(""),
	    .run = c->run,
	    .analyse = analyse,
	};
	enum vg_status status;

	if (capture->peer[0])
		(void)snprintf(peer, sizeof(peer), v6 ? "[%s]:%u" : "%s:%u",
		    capture->peer, (unsigned)capture->peer_port);
	fill_notes(capture, notes);
	record.leaf.peer = vg_str(peer);
	record.leaf.notes = vg_str_trim(vg_str(notes));
	if (site)
		take_parent(c, site, record.leaf.url, &record.leaf.parent);
	if (capture->request.len)
		record.request_head = vg_buf_str(&capture->request);
	if (answered)
		record.response_head = vg_buf_str(&capture->head);
	if (answered || capture->payload.len)
		record.payload = vg_buf_str(&capture->payload);
	if (capture->tls_chain.len)
		record.chain = vg_buf_str(&capture->tls_chain);
	status = vg_store_record_fetch(c->store, &record, ret, err);
	if (!status)
		c->group++;
	return status;
}

void page_tell_fetched(struct crawl *c, const struct vg_capture *capture,
    const struct site *site, const struct vg_digest *id)
{
	struct vg_crawl_event event = {.kind = VG_CRAWL_FETCHED,
	    .url = vg_buf_str(&capture->url),
	    .site = site ? site->config->name : "",
	    .capture = capture,
	    .id = id};

	crawl_event(c, &event);
}

static void remember_redirect(struct crawl *c, const struct site *site,
    struct vg_str target, const struct vg_digest *parent)
{
	struct redirect *r = vg_vec_push(&c->redirects);

	/* Without memory the later capture lacks its parent, nothing else. */
	if (r)
		*r = (struct redirect){strndup(target.ptr, target.len), site, *parent};
	if (r && !r->target)
		vg_vec_pop(&c->redirects);
}

/*
 * Puts one address into the frontier if it is in scope; tells who listens either way. A redirect names the
 * capture that led here, which a URL new to the frontier remembers until it is visited.
 */
static enum vg_status add_link(struct crawl *c, struct site *site, struct vg_str href,
    int rank, int depth, const struct vg_digest *parent, struct vg_error *err)
{
	struct vg_crawl_event event = {
	    .kind = VG_CRAWL_OUTSIDE, .url = href, .site = site->config->name};
	struct vg_buf identity = VG_BUF_INIT(VG_URL_MAX_PARSE);
	struct vg_url url = VG_URL_INIT;
	enum vg_status status = VG_OK;
	struct vg_new_url entry = {.rank = rank, .depth = depth, .due_at = c->horizon};
	size_t added = 0;

	/* What is no address is no link: the page's business, not a failure of ours. */
	if (vg_url_normalise(href, &identity, NULL) ||
	    vg_url_parse(vg_buf_str(&identity), NULL, &url, NULL))
		goto out;
	if (rank < VG_RANKS &&
	    vg_scope_check(site->scope, &url, (uint32_t)depth) == VG_SCOPE_IN) {
		entry.url = vg_url_href(&url);
		entry.host = vg_url_host(&url);
		status = vg_store_add_urls(
		    c->store, vg_str(site->config->name), &entry, 1, &added, err);
		event.kind = VG_CRAWL_DISCOVERED;
		c->frontier += added;
		c->stats.discovered += (int64_t)added;
		if (!status && added && parent)
			remember_redirect(c, site, entry.url, parent);
	}
	if (!status)
		crawl_event(c, &event);
out:
	vg_url_release(&url);
	vg_buf_release(&identity);
	return status;
}

static enum vg_status follow_redirect(struct crawl *c, struct site *site,
    const struct vg_capture *capture, const struct vg_digest *id, int depth,
    struct vg_error *err)
{
	if (capture->status < 300 || capture->status > 399 || !capture->location.len)
		return VG_OK;
	return add_link(c, site, vg_buf_str(&capture->location), 0, depth, id, err);
}

static void count_page(
    struct crawl *c, struct site *site, const struct vg_capture *capture)
{
	c->stats.pages++;
	c->stats.bytes += (int64_t)capture->payload.len;
	c->stats.outcomes[capture->outcome]++;
	c->stats.http_errors += capture->status >= 400;
	site->pages++;
}

/*
 * When to come again. After a passing failure the URL stays due, and the host's back-off says how soon;
 * else after the site's interval, which is always later than this run.
 */
static void next_visit(const struct host *h, const struct site *site,
    const struct vg_capture *capture, int64_t *ret_due, int64_t *ret_failures)
{
	const struct vg_due_url *url = &h->urls[h->url_next];
	int status = capture->outcome == VG_FETCH_OK ? capture->status : 0;
	bool retry = vg_rate_classify(status) == VG_RATE_RETRY &&
		     capture->outcome != VG_FETCH_REFUSED &&
		     capture->outcome != VG_FETCH_TOO_LARGE &&
		     url->failures + 1 < MAX_ATTEMPTS;

	*ret_failures = retry ? url->failures + 1 : 0;
	*ret_due = retry ? url->due_at : vg_clock_now() + site->config->revisit;
}

enum vg_status page_captured(
    struct host *h, struct vg_capture *capture, struct vg_error *err)
{
	struct crawl *c = h->crawl;
	const struct vg_due_url *url = &h->urls[h->url_next];
	struct site *site = site_named(c, url->site);
	struct page_facts facts = {vg_capture_header(capture, "content-type", 0),
	    vg_capture_header(capture, "content-encoding", 0),
	    vg_buf_str(&capture->head), capture->status, capture->started};
	bool analyse =
	    is_analysable(facts.content_type, capture->status, capture->payload.len) &&
	    (capture->outcome == VG_FETCH_OK || capture->outcome == VG_FETCH_TOO_LARGE);
	struct vg_recorded recorded;
	struct page *p = NULL;
	int64_t due, failures;
	enum vg_status status;

	count_page(c, site, capture);
	next_visit(h, site, capture, &due, &failures);
	status = page_record(
	    c, capture, vg_str(h->lease.host), site, analyse, &recorded, err);
	if (!status)
		status = vg_store_visited(
		    c->store, &h->lease, url, vg_clock_now(), due, failures, err);
	if (!status)
		status =
		    follow_redirect(c, site, capture, &recorded.id, url->depth, err);
	if (status)
		goto out;
	page_tell_fetched(c, capture, site, &recorded.id);
	if (analyse) {
		p = page_new(c, vg_buf_str(&capture->url), &recorded.id);
		if (!p) {
			status = vg_fail(err, VG_E_NOMEM, "out of memory");
			goto out;
		}
		p->site = site;
		p->depth = url->depth;
		write_params(p, &facts, site->config->plugin);
		p->capture = capture;
		capture = NULL;
		page_queue(c, p);
	}
out:
	h->url_next++;
	vg_capture_free(capture);
	return status;
}

static enum vg_status page_failed(
    struct crawl *c, const struct page *p, const char *reason, struct vg_error *err)
{
	struct vg_crawl_event event = {.kind = VG_CRAWL_PROBLEM,
	    .url = vg_buf_str(&p->url),
	    .site = p->site ? p->site->config->name : "",
	    .reason = reason,
	    .id = &p->id};

	c->stats.problems++;
	crawl_event(c, &event);
	return vg_store_record_problem(
	    c->store, &p->id, vg_clock_now(), vg_str(reason), false, NULL, err);
}

/* The value of a header in a stored response head. */
static struct vg_str head_value(struct vg_str head, const char *name)
{
	struct vg_str line;

	while (vg_str_split(&head, '\n', &line)) {
		size_t colon = vg_str_chr(line, ':', 0);

		if (colon != SIZE_MAX &&
		    vg_str_ieqz(vg_str_trim(vg_str_sub(line, 0, colon)), name))
			return vg_str_trim(vg_str_sub(line, colon + 1, line.len));
	}
	return (struct vg_str){NULL, 0};
}

static enum vg_status page_resume(
    struct crawl *c, const struct vg_store_capture *capture, struct vg_error *err)
{
	struct vg_buf head = VG_BUF_INIT(VG_MAX_HEADERS);
	struct site *site = site_named(c, capture->site);
	struct page *p = page_new(c, capture->leaf.url, &capture->id);
	struct page_facts facts = {
	    .status = capture->leaf.status, .started = capture->leaf.started};
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
	facts.head = vg_buf_str(&head);
	facts.content_type = head_value(facts.head, "content-type");
	facts.content_encoding = head_value(facts.head, "content-encoding");
	write_params(p, &facts, site ? site->config->plugin : "auto");
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

static int link_rank(struct vg_str kind)
{
	if (vg_str_eqz(kind, "asset"))
		return VG_RANKS; /* pictures and style sheets: known, not visited */
	return vg_str_eqz(kind, "page") ? 2 : 1;
}

static enum vg_status add_links(struct crawl *c, const struct page *p,
    const struct vg_json *answer, struct vg_error *err)
{
	const struct vg_json *links = vg_json_get(answer, "links");
	const struct vg_json *nofollow = vg_json_get(answer, "nofollow");
	enum vg_status status = VG_OK;
	size_t count = 0;

	if (!p->site || !links || (nofollow && nofollow->type == VG_JSON_TRUE))
		return VG_OK;
	for (const struct vg_json *l = links->first;
	     !status && l && count++ < VG_MAX_LINKS; l = l->next)
		status = add_link(c, p->site, vg_json_get_str(l, "url"),
		    link_rank(vg_json_get_str(l, "kind")), p->depth + 1, NULL, err);
	return status;
}

/*
 * Records an analysis. What the store cannot take for a reason that lies in the answer costs this page and not the
 * crawl: VG_E_STOP. The failure has rolled the group back; its URLs are still due. From then on captures are
 * committed before their analysis, so that the next such answer takes nothing with it.
 */
static enum vg_status record_apart(struct crawl *c, const struct page *p,
    const struct vg_analysis *analysis, struct vg_analysis_recorded *ret,
    struct vg_error *err)
{
	enum vg_status status = VG_OK;

	if (c->apart) {
		status = crawl_commit(c, err);
		if (!status)
			status = crawl_begin(c, err);
	}
	if (!status)
		status = vg_store_record_analysis(c->store, analysis, ret, err);
	if (status != VG_E_INVALID && status != VG_E_NOMEM && status != VG_E_LIMIT &&
	    status != VG_E_TOO_LARGE)
		return status;
	c->apart = true;
	vg_store_rollback(c->store);
	status = crawl_begin(c, err);
	if (!status)
		status = page_failed(c, p, "the store does not take its analysis", err);
	return status && status != VG_E_NOT_FOUND ? status : VG_E_STOP;
}

static enum vg_status page_judged(
    struct crawl *c, const struct page *p, struct vg_str text, struct vg_error *err)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_analysis analysis = {.capture = p->id};
	struct vg_analysis_recorded recorded;
	struct vg_crawl_event event = {.kind = VG_CRAWL_ANALYSED,
	    .url = vg_buf_str(&p->url),
	    .site = p->site ? p->site->config->name : "",
	    .id = &p->id};
	const struct vg_json *scan;
	struct vg_json *answer;
	enum vg_status status;

	if (!arena)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	/* Workers are not trusted: what they say is read as strictly as any page. */
	if (text.len > MAX_ANSWER || vg_json_parse(arena, text, 0, &answer, NULL)) {
		status = page_failed(c, p, "the analysis answered nonsense", err);
		goto out;
	}
	analysis.page = answer;
	scan = vg_json_get(answer, "scan");
	analysis.rules = vg_json_get_str(answer, "rules");
	status = record_apart(c, p, &analysis, &recorded, err);
	if (status == VG_E_STOP) {
		status = VG_OK;
		goto out;
	}
	if (!status)
		status = add_links(c, p, answer, err);
	if (status)
		goto out;
	event.verdict = vg_json_get_str(scan, "verdict");
	c->stats.flagged += vg_str_eqz(event.verdict, "flagged");
	c->stats.review += vg_str_eqz(event.verdict, "review");
	c->stats.new_findings += (int64_t)recorded.new_findings;
	crawl_event(c, &event);
out:
	vg_arena_free(arena);
	return status;
}

void page_analysed(void *ctx, uint64_t tag, struct vg_answer *answer)
{
	struct crawl *c = ctx;
	struct page **link = &c->analysing, *p;
	struct vg_error err;
	enum vg_status status;

	while (*link && (*link)->tag != tag)
		link = &(*link)->next;
	p = *link;
	if (!p)
		return;
	*link = p->next;
	status = c->status ? VG_OK : crawl_begin(c, &err);
	if (!status && !c->status)
		status = answer->status
			     ? page_failed(c, p, answer->message, &err)
			     : page_judged(c, p, vg_buf_str(&answer->json), &err);
	if (status)
		crawl_fail(c, status, &err);
	page_free(p);
}
