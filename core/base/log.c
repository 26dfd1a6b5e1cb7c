/* SPDX-License-Identifier: MIT */
/* The log: one escaped line a call. */
#include "config.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/io.h"
#include "base/json.h"

#define LINE_MAX_BYTES 8192

static struct {
	enum vg_log_level max_level;
	enum vg_log_format format;
	vg_log_sink *sink;
	void *ctx;
	int64_t sequence;
} vg_log_state = {.max_level = VG_LOG_WARN};

static const char *const level_names[] = {"error", "warning", "info", "debug"};

void vg_log_setup(enum vg_log_level max_level, enum vg_log_format format)
{
	vg_log_state.max_level = max_level;
	vg_log_state.format = format;
}

void vg_log_set_sink(vg_log_sink *sink, void *ctx)
{
	vg_log_state.sink = sink;
	vg_log_state.ctx = ctx;
}

bool vg_log_enabled(enum vg_log_level level)
{
	return level <= vg_log_state.max_level;
}

static void log_write(enum vg_log_level level, struct vg_buf *line)
{
	if (vg_log_state.sink) {
		vg_log_state.sink(vg_log_state.ctx, level, vg_buf_str(line));
		return;
	}
	vg_buf_addc(line, '\n');
	/* Nowhere is left to report that standard error is gone. */
	if (vg_write_all(STDERR_FILENO, vg_buf_str(line), NULL))
		return;
}

void vg_log(enum vg_log_level level, const char *subsystem, const char *fmt, ...)
{
	struct vg_buf line = VG_BUF_INIT(4 * LINE_MAX_BYTES);
	char text[LINE_MAX_BYTES], now[VG_RFC3339_LEN];
	va_list args;

	if (!vg_log_enabled(level))
		return;
	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		text[0] = '\0';
	va_end(args);
	vg_time_format(vg_clock_now(), now);
	if (vg_log_state.format == VG_LOG_JSON) {
		struct vg_json_writer w = vg_json_writer(&line);

		vg_jw_object(&w);
		vg_jw_kstrz(&w, "time", now);
		vg_jw_kint(&w, "seq", vg_log_state.sequence++);
		vg_jw_kstrz(&w, "level", level_names[level]);
		vg_jw_kstrz(&w, "subsystem", subsystem);
		vg_jw_kstrz(&w, "message", text);
		vg_jw_end_object(&w);
	} else {
		vg_buf_addf(&line, "%s %s %s: ", now, level_names[level], subsystem);
		vg_escape_terminal(&line, vg_str(text));
	}
	log_write(level, &line);
	vg_buf_release(&line);
}
