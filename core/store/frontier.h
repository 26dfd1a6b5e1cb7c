/* SPDX-License-Identifier: MIT */
/*
 * Which pages to visit, of which host, when. Work is claimed by leasing a host, so that politeness holds
 * across processes; a lease that is not renewed runs out by itself. A URL stays due until its
 * visit is recorded: whatever dies in between, it comes again. Call inside a transaction.
 */
#ifndef VG_STORE_FRONTIER_H
#define VG_STORE_FRONTIER_H

#include "store/store.h"

#define VG_RANKS 4 /* url ranks 0..3; 0 is visited first */

struct vg_new_url {
	struct vg_str url; /* serialised */
	/* The scheduling key, below 256 bytes: what shares one connection and one delay. */
	struct vg_str host;
	int rank;  /* 0..VG_RANKS-1 */
	int depth; /* links from a seed */
	int64_t due_at;
	int64_t
	    modified_at; /* when the site says it changed, UTC; 0: it does not say */
};

/*
 * Adds those this process does not know yet, and makes known ones due that changed after their last
 * visit, if that was not after due_at of the first. `ret_added` may be NULL.
 */
VG_WARN_UNUSED enum vg_status vg_store_add_urls(struct vg_store *s, struct vg_str site,
    const struct vg_new_url *urls, size_t count, size_t *ret_added,
    struct vg_error *err);
/* From then on hosts with so many URLs take no more; 0: no limit. */
void vg_store_limit_urls(struct vg_store *s, size_t per_host);
/* What becomes of a seed that is known already. */
enum vg_seed_known {
	VG_SEED_KEEP,   /* it stays as it is */
	VG_SEED_AGAIN,  /* due at url->due_at, unless it was dropped */
	VG_SEED_REVIVE, /* due at url->due_at even so */
};

/* A seed: looked up in the database first. */
VG_WARN_UNUSED enum vg_status vg_store_add_seed(struct vg_store *s, struct vg_str site,
    const struct vg_new_url *url, enum vg_seed_known known, struct vg_error *err);

struct vg_lease {
	char host[256];
	int64_t until;           /* lease ends, by the lease clock */
	int64_t next_at;         /* earliest next request, as last recorded */
	int64_t failures;        /* in a row, as last recorded */
	bool orphaned; /* who had it before did not give it back: its last request is unknown */
	int64_t host_ref, token; /* internal to store/ */
};

/*
 * Leases a host that has a URL due by `due_by`, of a site of the run if one began, and no living lease; the one
 * whose next_at is soonest. `now` and `until` are of the lease clock, which never steps (vg_clock_boot()).
 * Removes double URLs of that host. VG_E_NOT_FOUND when there is none.
 */
VG_WARN_UNUSED enum vg_status vg_store_claim_host(struct vg_store *s, int64_t due_by,
    int64_t now, int64_t until, struct vg_lease *ret, struct vg_error *err);
/*
 * Keeps or gives back a lease and records the host's state. until 0 releases it.
 * VG_E_NOT_FOUND: the lease was lost to another process; drop its work.
 */
VG_WARN_UNUSED enum vg_status vg_store_update_host(struct vg_store *s,
    struct vg_lease *lease, int64_t until, int64_t next_at, int64_t failures,
    struct vg_error *err);

struct vg_due_url {
	struct vg_str url, site;
	int rank, depth;
	int64_t due_at, failures; /* failures in a row */
	bool visited;             /* before */
	int64_t pause;            /* before this visit, as last recorded; 0: none */
	/* To ask with; empty unless the rules of vg_store_judge_by() judged the page. */
	struct vg_str etag, last_modified;
	int64_t ref; /* internal to store/ */
};

/* Due URLs of a leased host by rank, then due time. An array in the arena. */
VG_WARN_UNUSED enum vg_status vg_store_due_urls(struct vg_store *s,
    struct vg_arena *arena, const struct vg_lease *lease, int64_t now, size_t max,
    struct vg_due_url **ret, size_t *ret_count, struct vg_error *err);
/* How a visit ended. */
struct vg_visit {
	int64_t now, due_at; /* due again then, or VG_NEVER */
	int64_t failures;    /* in a row */
	int64_t pause;       /* what visits taught so far; 0: nothing */
	struct vg_str note;  /* one line for `vigia why` */
	/* What the next request may be conditional on: `validators` replaces what is known. */
	bool validators;
	struct vg_str etag, last_modified;
};

/*
 * Ends a visit or a refusal, in the transaction that records the fetch. A URL that was dropped meanwhile
 * stays so. VG_E_NOT_FOUND when the lease
 * was lost.
 */
VG_WARN_UNUSED enum vg_status vg_store_visited(struct vg_store *s,
    const struct vg_lease *lease, const struct vg_due_url *url,
    const struct vg_visit *visit, struct vg_error *err);
/*
 * What that visit of a URL (vg_due_url.ref) found does not exist, though its status did not say so: due then, asked
 * for whole. Nothing happens when it was visited again meanwhile.
 */
VG_WARN_UNUSED enum vg_status vg_store_missing(struct vg_store *s, int64_t url,
    int64_t visited_at, int64_t pause, int64_t due_at, struct vg_error *err);
/*
 * Adds to what a site spent on a UTC day (days since 1970) and tells the sums; 0 and 0 only ask.
 */
VG_WARN_UNUSED enum vg_status vg_store_spend(struct vg_store *s, struct vg_str site,
    int64_t day, int64_t requests, int64_t bytes, int64_t *ret_requests,
    int64_t *ret_bytes, struct vg_error *err);

struct vg_robots_entry {
	int64_t fetched_at, expires_at;
	int64_t status;     /* HTTP status; 0: unreachable */
	struct vg_str body; /* in the arena */
};

/* `origin` is "scheme://host:port" text of the caller's choice. VG_E_NOT_FOUND. */
VG_WARN_UNUSED enum vg_status vg_store_get_robots(struct vg_store *s,
    struct vg_arena *arena, struct vg_str origin, struct vg_robots_entry *ret,
    struct vg_error *err);
VG_WARN_UNUSED enum vg_status vg_store_put_robots(struct vg_store *s,
    struct vg_str origin, const struct vg_robots_entry *entry, struct vg_error *err);

#endif
