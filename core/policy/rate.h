/* SPDX-License-Identifier: MIT */
/* When a host may be asked again: gaps, back-off, Retry-After. Pure; times in microseconds of one clock. */
#ifndef VG_POLICY_RATE_H
#define VG_POLICY_RATE_H

#include "base/clock.h"

#define VG_RATE_FLOOR VG_SECOND /* least gap, unless the address is permitted */
#define VG_RATE_ADAPTIVE_MAX (30 * VG_SECOND) /* cap of five times the response time */
#define VG_RATE_CRAWL_DELAY_MAX (300 * VG_SECOND)
#define VG_RATE_BACKOFF (15 * VG_SECOND)
#define VG_RATE_BREAK 5 /* failures in a row: from then on only a probe now and then */
#define VG_RATE_BREAK_FACTOR 240 /* times the first wait: an hour between probes */
#define VG_RATE_RETRY_AFTER_MAX (24 * 3600 * VG_SECOND)

/* The parties with a say. Each can only lengthen the gap. */
struct vg_rate_rules {
	int64_t delay;      /* the operator's, 0 or more */
	int64_t plugin_min; /* the plugin's, 0: none */
	int64_t
	    crawl_delay; /* robots.txt, -1: none; honoured up to VG_RATE_CRAWL_DELAY_MAX */
	bool
	    permitted; /* exactly permitted address (demo, tests): no floor, no adaptive gap */
};

/* What is remembered about a host. Zero is a host never asked. */
struct vg_rate_state {
	int64_t last_end; /* when the last response ended */
	int64_t
	    response_time; /* of the last success; errors may raise it, never lower it */
	int64_t blocked_until; /* Retry-After or back-off */
	uint32_t failures;     /* in a row */
};

/* The gap between the end of a request and the start of the next. */
int64_t vg_rate_gap(
    const struct vg_rate_rules *rules, const struct vg_rate_state *state);
/* The earliest time of the next request. */
int64_t vg_rate_next(
    const struct vg_rate_rules *rules, const struct vg_rate_state *state);

/* What to do after a response. */
enum vg_rate_class {
	VG_RATE_DONE, /* 2xx, 3xx, and errors that a repeat would not change */
	VG_RATE_RETRY, /* 408 429 500 502 503 504 522 524, or no response: try again later */
};

/* `status` 0 means that the transport failed. */
enum vg_rate_class vg_rate_classify(int status);

/* One finished request. */
struct vg_rate_result {
	int status; /* 0: the transport failed */
	int64_t end;
	int64_t elapsed;  /* of the whole request */
	int64_t retry_at; /* from vg_retry_after_parse, 0: none */
	uint64_t random;  /* any random bits: spreads the back-off */
	int64_t backoff;  /* first wait after a failure; 0: VG_RATE_BACKOFF */
};

void vg_rate_note(struct vg_rate_state *state, const struct vg_rate_result *result);

/*
 * Wait before attempt `attempt` + 1 (1 is the first that failed): `first` doubled each time up to
 * an hour; from VG_RATE_BREAK on `first` times VG_RATE_BREAK_FACTOR. A random part, up to half, is taken off.
 */
int64_t vg_rate_backoff(int64_t first, uint32_t attempt, uint64_t random);

/*
 * Retry-After (RFC 9110 10.2.3), seconds or any of the three date formats (5.6.7); never before
 * `now`, at most VG_RATE_RETRY_AFTER_MAX after it. False when it is neither.
 */
bool vg_retry_after_parse(struct vg_str value, int64_t now, int64_t *ret_at);
/* HTTP-date (RFC 9110 5.6.7). `now` places two-digit years. */
bool vg_http_date_parse(struct vg_str value, int64_t now, int64_t *ret);

#endif
