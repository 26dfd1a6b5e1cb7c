/* SPDX-License-Identifier: MIT */
/* From links and redirects to the frontier: identity, scope, one batch a page. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "crawl/crawl_priv.h"

static void redirect_drop(struct crawl *c, struct redirect *r)
{
	free(r->target);
	*r = *(struct redirect *)vg_vec_at(&c->redirects, c->redirects.len - 1);
	vg_vec_pop(&c->redirects);
}

void redirect_take(
    struct crawl *c, struct vg_str site, struct vg_str url, struct vg_leaf_digest *ret)
{
	for (size_t i = 0; i < c->redirects.len; i++) {
		struct redirect *r = vg_vec_at(&c->redirects, i);

		if (!vg_str_eqz(site, r->site->config->name) ||
		    !vg_str_eqz(url, r->target))
			continue;
		*ret = (struct vg_leaf_digest){true, r->parent};
		redirect_drop(c, r);
		return;
	}
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

void redirects_free(struct crawl *c)
{
	while (c->redirects.len)
		redirect_drop(c, vg_vec_at(&c->redirects, 0));
	vg_vec_release(&c->redirects);
}

/* Whether the link is one to visit; *ret is then its entry, in memory of c->links. */
static enum vg_status link_read(struct crawl *c, const struct site *site,
    const struct link *link, struct vg_url *url, struct vg_new_url *ret, bool *ret_web,
    struct vg_error *err)
{
	struct vg_str host;

	ret->url = (struct vg_str){0};
	vg_buf_clear(&c->identity);
	/* What is no address is no link: the page's business, not a failure of ours. */
	*ret_web = !vg_url_normalise(link->href, &c->identity, NULL) &&
		   !vg_url_parse(vg_buf_str(&c->identity), NULL, url, NULL);
	if (!*ret_web || link->rank >= VG_RANKS ||
	    vg_scope_check(site->scope, url, (uint32_t)link->depth) != VG_SCOPE_IN)
		return VG_OK;
	*ret = (struct vg_new_url){.rank = link->rank,
	    .depth = link->depth,
	    .due_at = c->horizon,
	    .modified_at = link->modified};
	ret->url = vg_arena_str(c->links, vg_url_href(url));
	host = vg_url_host(url);
	ret->host = vg_str_sub(ret->url, url->host_start, url->host_start + host.len);
	return ret->url.ptr ? VG_OK : vg_fail(err, VG_E_NOMEM, "out of memory");
}

enum vg_status links_add(struct crawl *c, const struct site *site,
    const struct link *links, size_t count, size_t *ret_added, struct vg_error *err)
{
	struct vg_crawl_event event = {.site = site->config->name};
	struct vg_url url = VG_URL_INIT;
	struct vg_new_url *entries;
	enum vg_status status = VG_OK;
	size_t in_scope = 0;

	*ret_added = 0;
	vg_arena_reset(c->links);
	entries = vg_arena_array(c->links, count, sizeof(*entries));
	if (!entries)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; !status && i < count; i++) {
		bool web;

		status =
		    link_read(c, site, &links[i], &url, &entries[in_scope], &web, err);
		if (status || !web)
			continue;
		event.url = links[i].href;
		event.kind =
		    entries[in_scope].url.ptr ? VG_CRAWL_DISCOVERED : VG_CRAWL_OUTSIDE;
		in_scope += event.kind == VG_CRAWL_DISCOVERED;
		crawl_event(c, &event);
	}
	if (!status && in_scope)
		status = vg_store_add_urls(c->store, vg_str(site->config->name),
		    entries, in_scope, ret_added, err);
	c->frontier += *ret_added;
	c->stats.discovered += (int64_t)*ret_added;
	vg_url_release(&url);
	return status;
}

enum vg_status redirect_follow(struct crawl *c, const struct site *site,
    const struct vg_capture *capture, const struct vg_digest *id, int depth,
    struct vg_error *err)
{
	struct link link = {.href = vg_buf_str(&capture->location), .depth = depth};
	size_t added;
	enum vg_status status;

	if (capture->status < 300 || capture->status > 399 || !link.href.len)
		return VG_OK;
	status = links_add(c, site, &link, 1, &added, err);
	/* Its identity is what will be visited. */
	if (!status && added)
		remember_redirect(c, site, vg_buf_str(&c->identity), id);
	return status;
}
