/* SPDX-License-Identifier: MIT */
/*
 * Log lines for operators, on standard error unless a sink is set. Library rooms log at DEBUG only
 * and return errors; crawl, web and cli log each error once. Bytes from outside are escaped.
 */
#ifndef VG_BASE_LOG_H
#define VG_BASE_LOG_H

#include "base/status.h"
#include "base/str.h"

enum vg_log_level { VG_LOG_ERROR, VG_LOG_WARN, VG_LOG_INFO, VG_LOG_DEBUG };
enum vg_log_format { VG_LOG_TEXT, VG_LOG_JSON };

/* One finished line without its newline. */
typedef void vg_log_sink(void *ctx, enum vg_log_level level, struct vg_str line);

void vg_log_setup(enum vg_log_level max_level, enum vg_log_format format);
void vg_log_set_sink(vg_log_sink *sink, void *ctx); /* NULL: standard error */
bool vg_log_enabled(enum vg_log_level level);
/* `subsystem` is a room's name ("fetch"); the message is one line. */
void vg_log(enum vg_log_level level, const char *subsystem, const char *fmt, ...)
    VG_PRINTF(3, 4);

#endif
