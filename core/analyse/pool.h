/* SPDX-License-Identifier: MIT */
/*
 * A pool of analysis workers: sandboxed child processes behind socketpairs, or this process itself.
 * A worker that crashes, hangs or answers nonsense costs its task, is replaced, and the task is tried
 * once more in a fresh worker; then it answers VG_E_INTERNAL (crash) or VG_E_LIMIT (deadline).
 * One thread; the owner polls.
 */
#ifndef VG_ANALYSE_POOL_H
#define VG_ANALYSE_POOL_H

#include "analyse/analyse.h"

struct vg_pool;

struct vg_pool_config {
	struct vg_analyser_config analyser;
	int workers;      /* -1: one a core; 0: in this process, without sandbox */
	int deadline_ms;  /* wall time a task may take; 0: 10,000 */
	const char *self; /* path of the vigia binary; NULL: /proc/self/exe */
};

/* Called once per submitted task, in any order; `answer` is borrowed until it returns. */
typedef void vg_pool_done(void *ctx, uint64_t tag, struct vg_answer *answer);

/*
 * Starts the first worker and waits for its handshake, so that a bad lexicon or plugin is an error
 * here; the others start when there is work for them. A worker that cannot confine itself refuses.
 */
VG_WARN_UNUSED enum vg_status vg_pool_new(const struct vg_pool_config *config,
    vg_pool_done *done, void *ctx, struct vg_pool **ret, struct vg_error *err);
/* Drops what is queued, stops the workers; NULL allowed. */
void vg_pool_free(struct vg_pool *p);

/* Copies the task. VG_E_AGAIN when vg_pool_room() is 0. */
VG_WARN_UNUSED enum vg_status vg_pool_submit(
    struct vg_pool *p, uint64_t tag, const struct vg_task *task, struct vg_error *err);
size_t vg_pool_room(const struct vg_pool *p);    /* tasks it takes before VG_E_AGAIN */
size_t vg_pool_pending(const struct vg_pool *p); /* submitted, not yet done */
uint64_t vg_pool_lost(const struct vg_pool *p); /* workers that crashed, hung or lied */

/*
 * Moves bytes and calls `done` for what finished. Waits at most `timeout_ms` (-1: until something finishes,
 * or at once when nothing is pending; 0: not at all). VG_OK also when nothing happened. `done` may submit.
 * An error means that no worker can be started any more: what is pending stays unanswered, free the pool.
 */
VG_WARN_UNUSED enum vg_status vg_pool_run(
    struct vg_pool *p, int timeout_ms, struct vg_error *err);
/*
 * For an owner with its own poll loop: fills pollfds that would wake vg_pool_run(p, 0). Returns the count,
 * at most vg_pool_pollfds_max(p). Such an owner calls vg_pool_run again after vg_pool_timeout() at the latest.
 */
struct pollfd;
size_t vg_pool_pollfds(const struct vg_pool *p, struct pollfd *ret, size_t max);
size_t vg_pool_pollfds_max(const struct vg_pool *p);
int vg_pool_timeout(const struct vg_pool *p); /* ms until a deadline; -1: none */
/* Descriptors of the plugins the workers loaded, as a JSON array: for matching by host, and `plugin list`. */
struct vg_str vg_pool_plugins(const struct vg_pool *p);
/* The plugin files that were refused, a JSON array of {"file","error","message"}. */
struct vg_str vg_pool_refusals(const struct vg_pool *p);
/* SHA-256 of the workers' lexicon, hex, the rule-set version; "" without one. The same for all workers. */
const char *vg_pool_lexicon(const struct vg_pool *p);

#endif
