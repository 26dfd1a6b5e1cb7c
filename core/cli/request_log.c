/* SPDX-License-Identifier: MIT */
/* The log of a crawl. */
#include "config.h"

#include "cli/request_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/io.h"
#include "base/json.h"
#include "base/log.h"
#include "cli/drift.h"

#define MAX_LINE ((size_t)256 << 10) /* an address of 64 KiB, escaped */

struct vg_request_log {
	char *path; /* NULL: standard error */
	int fd;
	dev_t device;
	ino_t inode;
	bool json, failing;
	struct vg_buf line, text;
	struct vg_json_writer writer;
};

static enum vg_status log_open(struct vg_request_log *log, struct vg_error *err)
{
	struct stat st;

	log->fd = open(log->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY,
	    S_IRUSR | S_IWUSR);
	if (log->fd < 0 || fstat(log->fd, &st))
		return vg_fail(err, VG_E_IO, "%s: %s", log->path, strerror(errno));
	log->device = st.st_dev;
	log->inode = st.st_ino;
	return VG_OK;
}

enum vg_status vg_request_log_open(
    const char *path, bool json, struct vg_request_log **ret, struct vg_error *err)
{
	struct vg_request_log *log = calloc(1, sizeof(*log));
	bool file = path && strcmp(path, "-") != 0;
	enum vg_status status = VG_OK;

	if (!log)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	log->fd = -1;
	log->json = json;
	log->line = VG_BUF_INIT(MAX_LINE);
	log->text = VG_BUF_INIT(MAX_LINE);
	if (file) {
		log->path = strdup(path);
		status = log->path ? log_open(log, err)
				   : vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	if (status)
		vg_request_log_free(log);
	else
		*ret = log;
	return status;
}

void vg_request_log_free(struct vg_request_log *log)
{
	if (!log)
		return;
	vg_close(&log->fd);
	free(log->path);
	vg_buf_release(&log->line);
	vg_buf_release(&log->text);
	free(log);
}

/* Plain enough to stand behind "name=" without quotes. */
static bool is_word(struct vg_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] == '"' || s.ptr[i] == '\\')
			return false;
	return s.len > 0;
}

/* An empty value is left out: so every line says only what is known. */
static void add_text(struct vg_request_log *log, const char *name, struct vg_str value)
{
	struct vg_str safe;

	if (!value.len)
		return;
	vg_buf_clear(&log->text);
	vg_escape_terminal(&log->text, value);
	safe = vg_buf_str(&log->text);
	if (log->json) {
		vg_jw_kstr(&log->writer, name, safe);
		return;
	}
	vg_buf_addf(&log->line, " %s=", name);
	if (is_word(safe)) {
		vg_buf_adds(&log->line, safe);
	} else {
		struct vg_json_writer quoted = vg_json_writer(&log->line);

		vg_jw_str(&quoted, safe);
	}
}

static void add_int(struct vg_request_log *log, const char *name, int64_t value)
{
	if (log->json)
		vg_jw_kint(&log->writer, name, value);
	else
		vg_buf_addf(&log->line, " %s=%lld", name, (long long)value);
}

static void add_fetch(struct vg_request_log *log, const struct vg_crawl_event *e)
{
	const struct vg_capture *c = e->capture;

	add_text(log, "method", VG_STR("GET"));
	add_text(log, "outcome", vg_str(vg_fetch_outcome_name(c->outcome)));
	add_int(log, "status", c->status);
	add_int(log, "bytes", (int64_t)(c->head.len + c->payload.len));
	add_int(log, "ms", c->total / 1000);
	add_int(log, "attempt", e->attempt);
	if (e->gap >= 0)
		add_int(log, "gap_ms", e->gap / 1000);
	if (e->robots_line)
		add_int(log, "robots_line", e->robots_line);
	add_int(log, "depth", e->depth);
	add_text(log, "peer", vg_str(c->peer));
	add_text(log, "error", vg_str(c->error));
	add_text(log, "unjudged", vg_str(e->reason));
}

static void add_drift(struct vg_request_log *log, const struct vg_crawl_event *e)
{
	struct vg_buf told = VG_BUF_INIT(MAX_LINE);

	(void)vg_drift_print(e->drift, e->drift_count, &told);
	add_text(log, "plugin", e->drift->plugin);
	add_text(log, "reason", vg_str_trim(vg_buf_str(&told)));
	vg_buf_release(&told);
}

/* A file that was rotated is left, and one with its name begun. */
static void follow_rotation(struct vg_request_log *log)
{
	struct vg_error err;
	struct stat st;

	if (!log->path || (log->fd >= 0 && !stat(log->path, &st) &&
			      st.st_dev == log->device && st.st_ino == log->inode))
		return;
	vg_close(&log->fd);
	if (log_open(log, &err) && !log->failing) {
		log->failing = true;
		vg_log(VG_LOG_ERROR, "crawl", "the request log: %s", err.msg);
	}
}

static void log_write(struct vg_request_log *log)
{
	int fd = log->path ? log->fd : STDERR_FILENO;
	struct vg_error err = {.status = VG_OK};
	enum vg_status status = vg_buf_status(&log->line, &err);

	if (!status && fd >= 0)
		status = vg_write_all(fd, vg_buf_str(&log->line), &err);
	if (status && !log->failing)
		vg_log(VG_LOG_ERROR, "crawl", "the request log: %s; lines are missing",
		    err.msg);
	log->failing = status != VG_OK || fd < 0;
}

static const char *const words[] = {[VG_CRAWL_REFUSED] = "refused",
    [VG_CRAWL_FETCHED] = "request",
    [VG_CRAWL_ANALYSED] = "verdict",
    [VG_CRAWL_PROBLEM] = "problem",
    [VG_CRAWL_DRIFT] = "drift"};

void vg_request_log_add(struct vg_request_log *log, const struct vg_crawl_event *e)
{
	bool link = e->kind == VG_CRAWL_DISCOVERED || e->kind == VG_CRAWL_OUTSIDE;
	char time[VG_RFC3339_LEN], id[VG_SHA256_HEX] = "";

	if (!log || link)
		return;
	vg_buf_clear(&log->line);
	vg_time_format(e->capture ? e->capture->started : vg_clock_now(), time);
	log->writer = vg_json_writer(&log->line);
	if (log->json) {
		vg_jw_object(&log->writer);
		vg_jw_kstrz(&log->writer, "time", time);
		vg_jw_kstrz(&log->writer, "event", words[e->kind]);
	} else {
		vg_buf_addf(&log->line, "%s %s", time, words[e->kind]);
	}
	add_int(log, "run", e->run);
	add_text(log, "site", e->drift ? e->drift->site : vg_str(e->site));
	add_text(log, "host", e->host);
	add_text(log, "url", e->url);
	if (e->capture)
		add_fetch(log, e);
	else if (e->drift)
		add_drift(log, e);
	else
		add_text(log, "reason", vg_str(e->reason));
	add_text(log, "verdict", e->verdict);
	if (e->soft_404)
		add_int(log, "soft_404", 1);
	if (e->id)
		vg_hex(e->id->bytes, sizeof(e->id->bytes), id);
	add_text(log, "capture", vg_str(id));
	if (log->json)
		vg_jw_end_object(&log->writer);
	vg_buf_addc(&log->line, '\n');
	follow_rotation(log);
	log_write(log);
}
