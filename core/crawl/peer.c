/* SPDX-License-Identifier: MIT */
/*
 * Hosts that share an address share its gap and its one connection: five hundred shops on one machine are asked as
 * one. Names tell nothing of it, so the fetcher asks here when it knows the address and has sent nothing yet.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "crawl/crawl_priv.h"

static struct peer *peer_of(const struct host *h)
{
	return h->peer ? vg_vec_at(&h->crawl->peers, h->peer - 1) : NULL;
}

/* The place, plus 1, of the address that was asked the longest ago; its hosts find theirs anew. 0: none is idle. */
static size_t peer_oldest(struct crawl *c)
{
	size_t found = 0;
	int64_t oldest = VG_NEVER;

	for (size_t i = 0; i < c->peers.len; i++) {
		const struct peer *p = vg_vec_at(&c->peers, i);

		if (!p->busy && p->last_end < oldest) {
			oldest = p->last_end;
			found = i + 1;
		}
	}
	for (size_t i = 0; found && i < c->hosts.len; i++) {
		struct host *h = *(struct host **)vg_vec_at(&c->hosts, i);

		if (h->peer == found)
			h->peer = 0;
	}
	return found;
}

/* The place of an address in the table, plus 1; 0 when there is no memory for a table. */
static size_t peer_find(struct crawl *c, const char *ip)
{
	struct peer *p;
	size_t found;

	for (size_t i = 0; i < c->peers.len; i++) {
		p = vg_vec_at(&c->peers, i);
		if (!strcmp(p->ip, ip))
			return i + 1;
	}
	found = vg_vec_push(&c->peers) ? c->peers.len : peer_oldest(c);
	if (!found)
		return 0;
	p = vg_vec_at(&c->peers, found - 1);
	*p = (struct peer){0};
	(void)snprintf(p->ip, sizeof(p->ip), "%s", ip);
	return found;
}

int64_t peer_next(const struct host *h)
{
	const struct peer *p = peer_of(h);

	if (!p || p->busy == h)
		return 0;
	if (p->busy)
		return VG_NEVER;
	return p->last_end ? p->last_end + vg_rate_gap(&h->rules, &h->rate) : 0;
}

/* Others that waited for the address decide anew. */
static void peer_wake(struct crawl *c, size_t peer)
{
	for (size_t i = 0; i < c->hosts.len; i++) {
		struct host *other = *(struct host **)vg_vec_at(&c->hosts, i);

		if (other->peer == peer)
			other->next_at = 0;
	}
}

bool peer_may_connect(void *ctx, const char *ip)
{
	struct host *h = ctx;
	size_t found = peer_find(h->crawl, ip);
	struct peer *old = peer_of(h); /* not before: the table may move */

	if (old && found != h->peer && old->busy == h) {
		old->busy = NULL;
		peer_wake(h->crawl, h->peer);
	}
	h->peer = found;
	if (peer_next(h) > vg_clock_monotonic())
		return false;
	peer_begin(h);
	return true;
}

void peer_begin(struct host *h)
{
	struct peer *p = peer_of(h);

	if (p)
		p->busy = h;
}

void peer_end(struct host *h, const struct vg_capture *capture)
{
	struct peer *p = peer_of(h);

	h->next_at = 0;
	if (!p || p->busy != h)
		return;
	p->busy = NULL;
	if (!capture->held)
		p->last_end = vg_clock_monotonic();
	peer_wake(h->crawl, h->peer);
}
