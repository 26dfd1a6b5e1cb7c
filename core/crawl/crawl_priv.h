/* SPDX-License-Identifier: MIT */
/* What the files of crawl/ share. */
#ifndef VG_CRAWL_CRAWL_PRIV_H
#define VG_CRAWL_CRAWL_PRIV_H

#include "base/vec.h"
#include "crawl/crawl.h"
#include "policy/rate.h"
#include "policy/robots.h"
#include "policy/schedule.h"
#include "store/finding.h"
#include "store/frontier.h"

#define AGENT VG_STR("vigia") /* product token in robots.txt */
#define MAX_HOSTS 64          /* leased at once */
#define MAX_PEERS 65536 /* then the one asked the longest ago is forgotten */
#define MAX_LEASES 4096       /* parked ones included */
#define BATCH_URLS 32         /* due URLs taken from the store at once */
#define LINK_RANK_PART 3      /* of what is read for its links only: visited last */
#define MAX_ATTEMPTS 3        /* of one URL before it waits for its next visit */
#define MAX_REDIRECTS 1000    /* redirects whose target is still to be visited */
#define LEASE (120 * VG_SECOND)
#define PATIENCE                                                                       \
	(30 * VG_SECOND) /* a host that asks for more is left for the next run */
#define ANALYSIS_TRIES 2

/* A site with what is counted against it. */
struct site {
	const struct vg_crawl_site *config;
	struct vg_scope *scope;
	int64_t interval; /* least pause of a page */
	int64_t pages;
	int64_t day, day_requests, day_bytes; /* UTC days since 1970, spent on it */
};

/* robots.txt of one origin of a leased host. */
struct origin {
	char *key;                /* "https://host:port" */
	struct vg_robots *robots; /* NULL: see allow_all */
	bool allow_all;
	int64_t fetched_at, expires_at; /* 0: not asked yet */
};

enum host_state {
	HOST_IDLE, /* may ask for its next page when its gap is over */
	HOST_BUSY, /* a request is in flight */
	HOST_PARKED, /* leased to the end of the run: budgets are spent, or it asked to wait */
	HOST_LOST, /* the lease went to another process */
};

/* An address that hosts were reached at: they share its gap and its one connection. */
struct peer {
	char ip[VG_FETCH_ADDRESS];
	const struct host *busy; /* whose request is in flight, or NULL */
	int64_t last_end;        /* monotonic; 0: never asked */
};

struct host {
	struct crawl *crawl;
	size_t peer; /* index in crawl.peers, plus 1; 0: not known yet */
	struct vg_lease lease;
	enum host_state state;
	struct vg_rate_state rate;
	struct vg_rate_rules rules; /* of the last request */
	int64_t next_at;            /* monotonic microseconds, as all of `rate` */
	int64_t gap;            /* before the request in flight, see vg_crawl_event */
	uint32_t robots_line;   /* that the last judgement of an address went by */
	struct vg_vec origins;  /* struct origin, heap */
	struct vg_arena *arena; /* of the batch */
	struct vg_due_url *urls;
	size_t url_count, url_next;
	/* The robots.txt being fetched before urls[url_next] can be judged. */
	char *robots_origin;
	struct vg_buf robots_url; /* what to ask for next on its behalf */
	unsigned robots_hops;
	uint64_t
	    frontier_seen;  /* crawl.frontier when the store last had nothing for us */
	int64_t checked_at; /* monotonic, likewise */
};

/* A page that was captured and is being analysed. */
struct page {
	struct page *next;
	struct vg_capture *capture; /* NULL when it comes from an earlier run */
	struct vg_buf url, params, payload;
	struct site *site;
	struct vg_digest id;
	int depth;
	/* Of its URL, 0 when it comes from an earlier run: row, this visit, pause before it. */
	int64_t ref, visited_at, pause;
	bool nofollow; /* a header of the answer says so */
	bool bare;     /* its worker was lost: this time without plugins */
	uint64_t tag;
};

/* An address that a page or a sitemap names. */
struct link {
	struct vg_str href;
	int rank;         /* VG_RANKS: known, not visited */
	int depth;        /* from a seed */
	int64_t modified; /* UTC, as the site says; 0: unknown */
};

struct redirect {
	char *target; /* the URL that this run added because of it */
	const struct site *site;
	struct vg_digest parent;
};

struct crawl {
	const struct vg_crawl_config *config;
	struct vg_store *store;
	struct vg_fetcher *fetcher;
	struct vg_pool *pool;
	struct vg_arena *scratch; /* plugins' descriptors, answers */
	const struct vg_json *plugins;
	struct site *sites;
	struct vg_vec hosts;            /* struct host *, heap */
	struct vg_vec redirects;        /* struct redirect, heap */
	struct vg_vec peers;            /* struct peer, heap */
	struct page *queue, *queue_end; /* captured, not yet given to the pool */
	struct page *analysing;         /* given to the pool */
	struct vg_arena *links;         /* of one links_add() */
	struct vg_buf identity;         /* of the last address it read */
	uint64_t next_tag;
	uint64_t
	    frontier; /* counts changes of the frontier, so that idle hosts look again */
	uint64_t frontier_seen; /* its value when no host was left to claim */
	int64_t claim_at; /* monotonic: look for hosts again, whatever the frontier */
	int64_t peers_at; /* monotonic: look for other runs again */
	bool shared;      /* other runs work on this database */
	bool idle;        /* and this one waits for what they discover */
	struct vg_crawl_stats stats;
	int64_t run;
	int64_t
	    horizon; /* UTC: when the run started; what is due later is for the next run */
	int64_t transaction_began; /* monotonic; 0: none open */
	int group;                 /* captures in the open transaction */
	enum vg_status status;     /* first fatal failure, from inside callbacks */
	struct vg_error error;
	bool apart; /* commit captures before their analysis: see record_apart() */
	bool stopping;
	bool left_over; /* a limit was met while something was due */
};

/* crawl.c */
void crawl_fail(struct crawl *c, enum vg_status status, const struct vg_error *err);
void crawl_event(struct crawl *c, const struct vg_crawl_event *event);
/* Opens the group transaction if none is open. */
VG_WARN_UNUSED enum vg_status crawl_begin(struct crawl *c, struct vg_error *err);
VG_WARN_UNUSED enum vg_status crawl_commit(struct crawl *c, struct vg_error *err);
/* Sets horizon: what is due by then is visited. */
VG_WARN_UNUSED enum vg_status crawl_horizon(struct crawl *c, struct vg_error *err);

/* site.c */
VG_WARN_UNUSED enum vg_status sites_new(struct crawl *c, struct vg_error *err);
void sites_free(struct crawl *c);
struct site *site_named(
    struct crawl *c, struct vg_str name); /* NULL: no longer configured */
/* Its budgets are spent, or it is outside of its hours. */
bool site_exhausted(const struct crawl *c, const struct site *site);
/* When a page is due again; `pause` is what its visits taught. UTC. */
int64_t site_due_at(const struct site *site, int64_t now, int64_t pause);
/* Counts requests and bytes against the budgets of the day; 0 and 0 only ask what was spent. */
VG_WARN_UNUSED enum vg_status site_spend(struct crawl *c, struct site *site,
    int64_t requests, int64_t bytes, struct vg_error *err);
/* Least gap that the site's plugin, or one whose rules name the host, asks for. */
int64_t site_plugin_delay(
    const struct crawl *c, const struct site *site, struct vg_str host);
VG_WARN_UNUSED enum vg_status sites_add_seeds(struct crawl *c, struct vg_error *err);

/* host.c */
void host_free(struct host *h);
/* Leases hosts while there is room, gives back those that have nothing left. */
VG_WARN_UNUSED enum vg_status hosts_update(struct crawl *c, struct vg_error *err);
/* Sends the next request of each idle host whose gap is over. */
VG_WARN_UNUSED enum vg_status hosts_send(struct crawl *c, struct vg_error *err);
VG_WARN_UNUSED enum vg_status hosts_release(struct crawl *c, struct vg_error *err);
/* Earliest time, monotonic, at which an idle host may ask, or VG_NEVER. */
int64_t hosts_next_at(const struct crawl *c);
/* What a store call of this host came to: a lost lease is no failure. */
enum vg_status host_settle(struct host *h, enum vg_status status);
/* A response for this host came in: politeness moves on. */
void host_note(struct host *h, const struct vg_capture *capture);
/*
 * Leaves with the lease when the host may be asked next, so that whoever asks next waits for it. A lease that was
 * lost is no failure: the host asks no more.
 */
VG_WARN_UNUSED enum vg_status host_save(struct host *h, struct vg_error *err);

/* peer.c */
/* For the fetcher: whether a host may connect to an address now. It is the host's address from then on. */
bool peer_may_connect(void *host, const char *ip);
/* When the host's address may be asked, monotonic; VG_NEVER while another host asks it. */
int64_t peer_next(const struct host *h);
/* Before and after a request of the host. */
void peer_begin(struct host *h);
void peer_end(struct host *h, const struct vg_capture *capture);

/* robots.c */
struct vg_vec origins_new(void);
void origins_free(struct vg_vec *origins);
/* What is known of "scheme://host:port"; NULL when a host has too many. */
struct origin *host_origin(struct host *h, struct vg_str key);
/* Sets *ret when there are rules young enough: in memory, else in the store's cache. */
VG_WARN_UNUSED enum vg_status host_robots_known(
    struct host *h, struct origin *o, bool *ret, struct vg_error *err);
/* Makes robots.txt of the origin what the host waits for. */
VG_WARN_UNUSED enum vg_status host_ask_robots(
    struct host *h, const struct origin *o, struct vg_error *err);
/* Whether robots.txt lets us; else the reason cites its line, *ret_line; 0: no line of it. */
bool origin_allows(
    const struct origin *o, struct vg_str url, uint32_t *ret_line, char reason[256]);
/* The robots.txt that the host waited for came in; takes the capture. */
VG_WARN_UNUSED enum vg_status host_robots_done(
    struct host *h, struct vg_capture *capture, struct vg_error *err);

/* page.c */
/* Records the visit of the host's current URL and queues the page for analysis; takes the capture. */
VG_WARN_UNUSED enum vg_status page_captured(
    struct host *h, struct vg_capture *capture, struct vg_error *err);
/*
 * Appends a capture to the log. `url` is NULL for a robots.txt; `unjudged` says why it is not to be
 * analysed, NULL: it is.
 */
VG_WARN_UNUSED enum vg_status page_record(struct crawl *c,
    const struct vg_capture *capture, struct vg_str host, const struct vg_due_url *url,
    const char *unjudged, struct vg_recorded *ret, struct vg_error *err);
/* The answer to the host's request for its current URL, or for robots.txt before that. */
void page_tell_fetched(const struct host *h, const struct vg_capture *capture,
    const char *unjudged, const struct vg_digest *id);
/* Queues what an interrupted run left unanalysed. */
VG_WARN_UNUSED enum vg_status pages_resume(struct crawl *c, struct vg_error *err);
/* Hands queued pages to the pool while it has room. */
VG_WARN_UNUSED enum vg_status pages_submit(struct crawl *c, struct vg_error *err);
/*
 * Queues again, without plugins, a page that cost its worker; takes it. The answer to it names `reason` as its
 * "plugin_problem".
 */
void page_retry(struct crawl *c, struct page *p, struct vg_str reason);
void page_free(struct page *p); /* NULL allowed */
void pages_free(struct crawl *c);

/* judge.c */
/* The pool's callback: ctx is the crawl. */
void page_analysed(void *ctx, uint64_t tag, struct vg_answer *answer);
/* Marks the page as kept and not judged, for good. */
VG_WARN_UNUSED enum vg_status page_failed(
    struct crawl *c, const struct page *p, const char *reason, struct vg_error *err);

/* drift.c */
/* At the end of a run: keeps what plugins read in it, raises and closes alerts. */
VG_WARN_UNUSED enum vg_status drift_judge(struct crawl *c, struct vg_error *err);

/* links.c */
/*
 * Puts the addresses that are in the site's scope into the frontier; tells who listens of all.
 * *ret_added: how many of them were new.
 */
VG_WARN_UNUSED enum vg_status links_add(struct crawl *c, const struct site *site,
    const struct link *links, size_t count, size_t *ret_added, struct vg_error *err);
/*
 * Adds the target of a redirect, which remembers the capture that led to it until it is visited if it is
 * new to the frontier.
 */
VG_WARN_UNUSED enum vg_status redirect_follow(struct crawl *c, const struct site *site,
    const struct vg_capture *capture, const struct vg_digest *id, int depth,
    struct vg_error *err);
/* The capture whose redirect made this run visit the URL, if one did. */
void redirect_take(
    struct crawl *c, struct vg_str site, struct vg_str url, struct vg_leaf_digest *ret);
void redirects_free(struct crawl *c);

#endif
