/* SPDX-License-Identifier: MIT */
/*
 * The pipeline from a due host to committed findings: lease a host, ask robots.txt, wait its gap,
 * fetch one page, append the capture, have it analysed, record findings and links. One thread, one
 * store connection; commits are grouped. Nothing due, or a budget met: the crawl ends by itself.
 */
#ifndef VG_CRAWL_CRAWL_H
#define VG_CRAWL_CRAWL_H

#include <signal.h>

#include "analyse/pool.h"
#include "fetch/fetch.h"
#include "policy/scope.h"
#include "store/store.h"

struct vg_schedule;

/* A site of the case, as configured. Strings are borrowed for the life of the crawl. */
struct vg_crawl_site {
	const char *name;
	const char *const *seeds; /* NULL-terminated */
	const char *const
	    *exclude; /* NULL-terminated patterns of vg_scope_exclude(), or NULL */
	const char *plugin; /* a name, or "auto" */
	const char *proxy;  /* as in struct vg_fetch_request; NULL or "": none */
	enum vg_scope_kind scope;
	int64_t delay; /* least gap between requests to a host, microseconds */
	struct vg_schedule
	    *schedule;     /* policy/schedule.h; NULL: every crawl, any hour */
	int64_t max_pages; /* of this run; 0: no limit */
	int64_t daily_requests,
	    daily_bytes; /* of a UTC day, over all runs; 0: no limit */
	size_t max_body; /* bytes of one response on the wire; 0: the fetcher's limit */
	uint32_t max_depth;
};

struct pollfd;
struct vg_scope;
/* The rules of a site: its seeds, its excludes, and what is never followed. vg_scope_free() it. */
VG_WARN_UNUSED enum vg_status vg_crawl_scope(
    const struct vg_crawl_site *site, struct vg_scope **ret, struct vg_error *err);

/* What happened, for progress, logs and --json. Borrowed until the call returns. */
enum vg_crawl_event_kind {
	VG_CRAWL_DISCOVERED, /* a link in scope that was not known */
	VG_CRAWL_OUTSIDE,    /* a link out of scope: printed, not visited */
	VG_CRAWL_REFUSED,    /* not asked for: `reason` says which rule */
	VG_CRAWL_FETCHED,    /* an answer, or none: see capture->outcome */
	VG_CRAWL_ANALYSED,   /* verdict known */
	VG_CRAWL_PROBLEM,    /* the analysis of a page failed; the page is kept */
	VG_CRAWL_DRIFT,      /* a plugin no longer reads on a site what it used to */
};

struct vg_drift; /* store/drift.h */

struct vg_crawl_event {
	enum vg_crawl_event_kind kind;
	int64_t run;             /* of the store */
	struct vg_str url, host; /* host: of FETCHED and REFUSED */
	const char *site;
	const char
	    *reason; /* REFUSED, PROBLEM; FETCHED: why it is not judged, or NULL */
	const struct vg_capture *capture; /* FETCHED; else NULL */
	struct vg_str verdict;            /* ANALYSED: "flagged", "review", "clear" */
	bool soft_404; /* ANALYSED: status 200, and says that it does not exist */
	const struct vg_digest
	    *id; /* FETCHED, ANALYSED, PROBLEM, DRIFT: the capture's */
	/* FETCHED and REFUSED: */
	uint32_t robots_line; /* of robots.txt that let us, or did not; 0: none did */
	int depth;
	/* FETCHED: */
	int64_t attempt; /* of this address, from 1 */
	int64_t
	    gap; /* microseconds since this host's last answer in this run; -1: none yet */
	/* DRIFT: what changed; rows of one site and plugin (store/drift.h). */
	const struct vg_drift *drift;
	size_t drift_count;
};

#define VG_CRAWL_OUTCOMES 10 /* values of enum vg_fetch_outcome */

struct vg_crawl_stats {
	int64_t started, now; /* monotonic microseconds */
	int64_t requests, pages,
	    bytes; /* robots.txt counts as a request, not as a page */
	int64_t outcomes
	    [VG_CRAWL_OUTCOMES]; /* by enum vg_fetch_outcome; robots.txt too, when it failed */
	int64_t http_errors;                   /* answers with status 400 and above */
	int64_t refused, problems, discovered; /* see the events */
	int64_t flagged, review, new_findings; /* pages, pages, findings */
	int64_t lost_workers; /* that crashed, hung or answered nonsense */
	int64_t alerts;       /* of drift, raised at the end */
	size_t hosts, in_flight, waiting_analysis; /* right now */
	size_t parked; /* of the hosts: left for the next run */
};

/* What becomes of a run that was interrupted: what it visited is not due again, what it left is. */
enum vg_crawl_resume {
	VG_CRAWL_RESUME_RECENT, /* continued if it began less than a day ago */
	VG_CRAWL_RESUME_ALWAYS, /* continued; VG_E_NOT_FOUND when none was interrupted */
	VG_CRAWL_RESUME_NEVER,  /* left behind: what is due now is visited */
};

struct vg_crawl_config {
	struct vg_fetch_config fetch;
	struct vg_pool_config pool;
	const struct vg_crawl_site *sites;
	size_t site_count;
	int group_pages;    /* captures in one commit, at most */
	int64_t group_time; /* microseconds until what is done is committed */
	size_t max_urls;    /* addresses kept for one host; 0: no limit */
	int64_t backoff;    /* first wait after a failure of a permitted address */
	bool again;         /* seeds are due now even if visited lately */
	enum vg_crawl_resume resume; /* `again` implies VG_CRAWL_RESUME_NEVER */
	int64_t max_pages;           /* of this run, over all sites; 0: no limit */
	int64_t max_time;            /* microseconds of this run; 0: no limit */
	const volatile sig_atomic_t
	    *stop; /* 1: finish what is in flight; 2: at once; NULL: never */
	void (*event)(void *ctx, const struct vg_crawl_event *event); /* NULL allowed */
	void (*progress)(
	    void *ctx, const struct vg_crawl_stats *stats); /* NULL allowed */
	/* Descriptors of the owner to wait for as well (poll(2)), and its turn; NULL allowed. */
	size_t (*pollfds)(void *ctx, struct pollfd *ret, size_t max);
	void (*polled)(void *ctx);
	void *ctx;
};

/*
 * Visits what was due when it started and what it discovers, and ends. A host that asks for more than
 * half a minute of patience is left for the next run. `store` is open for writing. Always ends
 * with a committed store. VG_E_STOP: stopped on request, or a limit was met while pages were due; the
 * next crawl goes on from there. Other failures (disk, database, workers that cannot start) end
 * the crawl at the last commit.
 */
VG_WARN_UNUSED enum vg_status vg_crawl_run(const struct vg_crawl_config *config,
    struct vg_store *store, struct vg_crawl_stats *ret_stats, struct vg_error *err);

struct vg_frontier_row; /* store/operate.h */
/*
 * What vg_crawl_run() would visit first, by due time: seeds and due pages that are in scope. Links are not
 * known before their pages are. Changes and requests nothing. An array in the arena. VG_E_BUSY while
 * another process writes.
 */
VG_WARN_UNUSED enum vg_status vg_crawl_plan(const struct vg_crawl_config *config,
    struct vg_store *store, struct vg_arena *arena, struct vg_frontier_row **ret,
    size_t *ret_count, struct vg_error *err);

#endif
