/* SPDX-License-Identifier: MIT */
/*
 * The log of a crawl: one line a request, one a refusal, one a verdict, as JSON or as name=value. A line is
 * one write, so that processes may share a file; nothing of a page is in it unescaped.
 */
#ifndef VG_CLI_REQUEST_LOG_H
#define VG_CLI_REQUEST_LOG_H

#include "crawl/crawl.h"

struct vg_request_log;

/*
 * Appends to `path`, NULL or "-": standard error. A file that was moved away meanwhile is begun anew, so
 * that logs can be rotated.
 */
VG_WARN_UNUSED enum vg_status vg_request_log_open(
    const char *path, bool json, struct vg_request_log **ret, struct vg_error *err);
/*
 * Writes the line of an event; links have none. A disk that takes no more is told once and costs lines,
 * not the crawl. NULL allowed.
 */
void vg_request_log_add(struct vg_request_log *log, const struct vg_crawl_event *event);
void vg_request_log_free(struct vg_request_log *log); /* NULL allowed */

#endif
