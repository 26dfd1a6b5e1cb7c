/* SPDX-License-Identifier: MIT */
/* Looking into the frontier and changing it by hand: `vigia frontier` and `vigia why`. */
#ifndef VG_STORE_OPERATE_H
#define VG_STORE_OPERATE_H

#include "store/frontier.h"

/* A URL with its host's state. Strings live in the arena; times UTC, 0: never. */
struct vg_frontier_row {
	struct vg_str url, site, host;
	int64_t rank, depth;
	int64_t due_at, visited_at; /* due_at VG_NEVER: dropped */
	int64_t failures, pause;
	struct vg_str note; /* what came of the last visit */
	bool held;
	int64_t host_next_at, host_failures;
	int64_t lease_until; /* by the lease clock */
};

struct vg_frontier_filter {
	struct vg_str url, host, site; /* empty: any */
	int64_t due_by;                /* 0: any */
	bool held;                     /* only those */
	size_t max;
};

/* By due time. An array in the arena. */
VG_WARN_UNUSED enum vg_status vg_store_frontier_list(struct vg_store *s,
    struct vg_arena *arena, const struct vg_frontier_filter *filter,
    struct vg_frontier_row **ret, size_t *ret_count, struct vg_error *err);

enum vg_frontier_act {
	VG_FRONTIER_HOLD,    /* not visited until released; of a host also what comes */
	VG_FRONTIER_RELEASE, /* as before */
	VG_FRONTIER_DROP,    /* never visited again, and not discovered anew */
};

/* `what` is an address or a host. *ret_count: URLs that changed. Inside a transaction. */
VG_WARN_UNUSED enum vg_status vg_store_frontier_act(struct vg_store *s,
    struct vg_str what, enum vg_frontier_act act, int64_t *ret_count,
    struct vg_error *err);

/* URLs by state. Reads the whole table: seconds for millions. */
struct vg_frontier_count {
	int64_t due, waiting, held, dropped;
};

VG_WARN_UNUSED enum vg_status vg_store_frontier_count(struct vg_store *s, int64_t now,
    struct vg_frontier_count *ret, struct vg_error *err);

struct vg_frontier_host {
	struct vg_str host;
	int64_t urls, due, held, visited, failing, next_at;
};

/* By host name. An array in the arena. */
VG_WARN_UNUSED enum vg_status vg_store_frontier_stats(struct vg_store *s,
    struct vg_arena *arena, int64_t now, struct vg_frontier_host **ret,
    size_t *ret_count, struct vg_error *err);

struct vg_run_row {
	int64_t id, started, ended; /* ended 0: not yet, or killed */
};

/* The run of that number, or the last for 0. VG_E_NOT_FOUND. */
VG_WARN_UNUSED enum vg_status vg_store_find_run(
    struct vg_store *s, int64_t id, struct vg_run_row *ret, struct vg_error *err);

/* A capture as a request. Strings live in the arena. */
struct vg_request_row {
	struct vg_str url, peer; /* peer "192.0.2.1:80"; empty: never connected */
	int64_t started, total_us, status;
	bool has_head, proxied; /* proxied: the peer is the proxy */
	struct vg_digest head; /* of the response, for vg_store_read_blob() */
};

/* What was asked for between two times, of all runs. An array in the arena; VG_E_LIMIT above a million. */
VG_WARN_UNUSED enum vg_status vg_store_requests(struct vg_store *s,
    struct vg_arena *arena, int64_t from, int64_t to, struct vg_request_row **ret,
    size_t *ret_count, struct vg_error *err);

#endif
