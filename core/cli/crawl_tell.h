/* SPDX-License-Identifier: MIT */
/* What a crawl says while it runs: events as JSON, the request log, progress, and the summary. */
#ifndef VG_CLI_CRAWL_TELL_H
#define VG_CLI_CRAWL_TELL_H

#include <signal.h>

#include "cli/command.h"
#include "cli/metrics.h"
#include "cli/progress.h"
#include "cli/request_log.h"
#include "crawl/crawl.h"

struct vg_crawl_tell {
	struct vg_cli *cli;
	struct vg_progress *progress;
	struct vg_request_log *log; /* NULL: none asked for */
	struct vg_metrics *metrics; /* NULL: none asked for */
	struct vg_buf line, drift;  /* drift: alerts of this run, a line each */
	void *told;                 /* tsearch tree of addresses printed with --json */
	volatile sig_atomic_t *status_wanted; /* a line of progress, once */
	const volatile sig_atomic_t *stop;
	bool said_stopping;
};

/*
 * As options and configuration say; `store` is borrowed, for the metrics. vg_crawl_tell_release() also
 * after a failure.
 */
VG_WARN_UNUSED enum vg_status vg_crawl_tell_init(struct vg_crawl_tell *t,
    struct vg_cli *cli, struct vg_store *store, struct vg_error *err);
void vg_crawl_tell_release(struct vg_crawl_tell *t);
/* Callbacks of struct vg_crawl_config: ctx is the struct vg_crawl_tell. */
void vg_crawl_tell_event(void *ctx, const struct vg_crawl_event *event);
void vg_crawl_tell_progress(void *ctx, const struct vg_crawl_stats *stats);
size_t vg_crawl_tell_pollfds(void *ctx, struct pollfd *ret, size_t max);
void vg_crawl_tell_polled(void *ctx);
/* Requests that brought no answer. */
int64_t vg_crawl_failed(const struct vg_crawl_stats *stats);
/* On standard output, for people. */
void vg_crawl_tell_summary(const struct vg_crawl_tell *t,
    const struct vg_crawl_stats *stats, size_t site_count);

#endif
