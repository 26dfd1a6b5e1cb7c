/* SPDX-License-Identifier: MIT */
/* What a worker made of a page: from its answer to committed findings and links. */
#include "config.h"

#include <stdio.h>

#include "base/limits.h"
#include "crawl/crawl_priv.h"

#define MAX_ANSWER ((size_t)16 << 20) /* of a worker, in JSON */

enum vg_status page_failed(
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

static int link_rank(struct vg_str kind)
{
	if (vg_str_eqz(kind, "asset"))
		return VG_RANKS; /* pictures, forms: known, not visited */
	if (vg_str_eqz(kind, "part"))
		return LINK_RANK_PART;
	return vg_str_eqz(kind, "page") ? 2 : 1;
}

/* Nothing has changed in the future. */
static int64_t link_modified(const struct vg_json *link)
{
	int64_t modified, now = vg_clock_now();

	if (!vg_time_parse(vg_json_get_str(link, "modified"), &modified) ||
	    modified <= 0)
		return 0;
	return modified < now ? modified : now;
}

static enum vg_status add_links(struct crawl *c, const struct page *p,
    const struct vg_json *answer, struct vg_arena *arena, struct vg_error *err)
{
	const struct vg_json *list = vg_json_get(answer, "links");
	struct link *links;
	size_t count = 0, added;

	if (!p->site || !list || !list->count || p->nofollow ||
	    vg_json_get_true(answer, "nofollow"))
		return VG_OK;
	links = vg_arena_array(arena, list->count, sizeof(*links));
	if (!links)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (const struct vg_json *l = list->first; l && count < VG_MAX_LINKS;
	     l = l->next)
		links[count++] = (struct link){.href = vg_json_get_str(l, "url"),
		    .rank = link_rank(vg_json_get_str(l, "kind")),
		    .depth = p->depth + 1,
		    .modified = link_modified(l)};
	return links_add(c, p->site, links, count, &added, err);
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

/* It is due as after a status 404: what it was not tells nothing of how often it changes. */
static enum vg_status page_missing(
    struct crawl *c, const struct page *p, struct vg_error *err)
{
	if (!p->ref || !p->site)
		return VG_OK;
	return vg_store_missing(c->store, p->ref, p->visited_at, p->pause,
	    site_due_at(p->site, p->visited_at, p->pause), err);
}

/* A page that was judged, but whose plugin cost a worker. */
static void tell_plugin_problem(
    struct crawl *c, struct vg_crawl_event event, const struct vg_json *answer)
{
	struct vg_str problem =
	    vg_str_sub(vg_json_get_str(answer, "plugin_problem"), 0, 256);
	char reason[300];

	(void)snprintf(reason, sizeof(reason), "read without its plugin: %.*s",
	    VG_STR_ARG(problem));
	event.kind = VG_CRAWL_PROBLEM;
	event.reason = reason;
	c->stats.problems++;
	crawl_event(c, &event);
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
	event.soft_404 = vg_json_get_true(answer, "soft_404");
	if (!status && event.soft_404)
		status = page_missing(c, p, err);
	if (!status)
		status = add_links(c, p, answer, arena, err);
	if (status)
		goto out;
	event.verdict = vg_json_get_str(scan, "verdict");
	c->stats.flagged += vg_str_eqz(event.verdict, "flagged");
	c->stats.review += vg_str_eqz(event.verdict, "review");
	c->stats.new_findings += (int64_t)recorded.new_findings;
	crawl_event(c, &event);
	if (p->bare)
		tell_plugin_problem(c, event, answer);
out:
	vg_arena_free(arena);
	return status;
}

/* Where a plugin may be to blame, the page is judged without one. */
static bool may_retry(
    const struct crawl *c, const struct page *p, const struct vg_answer *answer)
{
	return (answer->status == VG_E_INTERNAL || answer->status == VG_E_LIMIT) &&
	       !p->bare && c->plugins && c->plugins->count;
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
	if (may_retry(c, p, answer)) {
		page_retry(c, p, vg_str(answer->message));
		return;
	}
	status = c->status ? VG_OK : crawl_begin(c, &err);
	if (!status && !c->status)
		status = answer->status
			     ? page_failed(c, p, answer->message, &err)
			     : page_judged(c, p, vg_buf_str(&answer->json), &err);
	if (status)
		crawl_fail(c, status, &err);
	page_free(p);
}
