/* SPDX-License-Identifier: MIT */
/* A crawl's numbers in the text format of Prometheus (exposition format 0.0.4), on a loopback port. */
#ifndef VG_CLI_METRICS_H
#define VG_CLI_METRICS_H

#include "crawl/crawl.h"

struct pollfd;
struct vg_metrics;

/*
 * Listens on `address` (fetch/listen.h says which). `store` is asked how long the queue is, in at most one
 * hundredth of the time; NULL: never. It is borrowed.
 */
VG_WARN_UNUSED enum vg_status vg_metrics_new(const char *address,
    struct vg_store *store, struct vg_metrics **ret, struct vg_error *err);
void vg_metrics_free(struct vg_metrics *m); /* NULL allowed, as for all below */
int vg_metrics_port(const struct vg_metrics *m);

void vg_metrics_event(struct vg_metrics *m, const struct vg_crawl_event *event);
void vg_metrics_stats(struct vg_metrics *m, const struct vg_crawl_stats *stats);
/* As struct vg_crawl_config asks. */
size_t vg_metrics_pollfds(const struct vg_metrics *m, struct pollfd *ret, size_t max);
void vg_metrics_run(struct vg_metrics *m);

#endif
