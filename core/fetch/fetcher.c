/* SPDX-License-Identifier: MIT */
/* The fetcher: many transfers, one thread, one place that waits. */
#include "config.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "fetch/transfer.h"
#include "url/url.h"

#define MAX_SPARE 64      /* idle handles kept for reuse */
#define MAX_WAIT_FDS 1024 /* descriptors of the caller waited for */
#define MAX_OPEN 256L     /* idle connections kept */

struct vg_fetcher {
	struct vg_transfer_setup setup;
	vg_fetch_done *done;
	void *ctx;
	CURLM *multi;
	struct vg_transfer *active; /* doubly linked */
	struct vg_transfer *spare;  /* by next */
	size_t active_count, spare_count;
};

static enum vg_status check_config(
    const struct vg_fetch_config *config, struct vg_error *err)
{
	const char *const values[] = {config->user_agent, config->accept_encoding};

	if (config->user_agent == NULL || config->user_agent[0] == '\0')
		return vg_fail(err, VG_E_INVALID, "user agent is empty");
	for (size_t i = 0; i < 2; i++) {
		for (const char *c = values[i]; c != NULL && *c != '\0'; c++) {
			if ((unsigned char)*c < ' ' || *c == 0x7F)
				return vg_fail(err, VG_E_INVALID,
				    "header value holds a control character");
		}
	}
	if (config->max_time < 0 || config->max_idle < 0)
		return vg_fail(err, VG_E_INVALID, "time limit is negative");
	return VG_OK;
}

enum vg_status vg_fetcher_new(const struct vg_fetch_config *config, vg_fetch_done *done,
    void *ctx, struct vg_fetcher **ret, struct vg_error *err)
{
	struct vg_fetcher *f = NULL;
	enum vg_status rc = check_config(config, err);

	if (rc != VG_OK)
		return rc;
	/* Counted and thread-safe in every curl that we accept. */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return vg_fail(err, VG_E_NOMEM, "curl does not start");
	f = calloc(1, sizeof(*f));
	if (f == NULL) {
		curl_global_cleanup();
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	f->done = done;
	f->ctx = ctx;
	f->setup.max_body = config->max_body != 0 ? config->max_body : VG_MAX_BODY;
	f->setup.max_head = config->max_head != 0 ? config->max_head : VG_MAX_HEADERS;
	f->setup.max_time = config->max_time != 0 ? config->max_time : VG_FETCH_TIME;
	f->setup.may_connect = config->may_connect;
	f->setup.max_idle = config->max_idle != 0 ? config->max_idle : VG_FETCH_IDLE;
	rc = vg_guard_new(config->allow_address, config->connect_to,
	    config->allow_private, &f->setup.guard, err);
	if (rc != VG_OK)
		goto out;
	f->setup.user_agent = strdup(config->user_agent);
	f->setup.accept_encoding = strdup(
	    config->accept_encoding != NULL ? config->accept_encoding : "identity");
	if (config->ca_file != NULL)
		f->setup.ca_file = strdup(config->ca_file);
	f->multi = curl_multi_init();
	if (f->setup.user_agent == NULL || f->setup.accept_encoding == NULL ||
	    (config->ca_file != NULL && f->setup.ca_file == NULL) || f->multi == NULL ||
	    curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS, MAX_OPEN) != CURLM_OK ||
	    curl_multi_setopt(f->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING) !=
		CURLM_OK)
		rc = vg_fail(err, VG_E_NOMEM, "out of memory");
out:
	if (rc != VG_OK) {
		vg_fetcher_free(f);
		return rc;
	}
	*ret = f;
	return VG_OK;
}

void vg_fetcher_free(struct vg_fetcher *f)
{
	if (f == NULL)
		return;
	while (f->active != NULL) {
		struct vg_transfer *t = f->active;

		f->active = t->next;
		(void)curl_multi_remove_handle(f->multi, t->easy);
		vg_transfer_free(t);
	}
	while (f->spare != NULL) {
		struct vg_transfer *t = f->spare;

		f->spare = t->next;
		vg_transfer_free(t);
	}
	if (f->multi != NULL)
		(void)curl_multi_cleanup(f->multi);
	vg_guard_free(f->setup.guard);
	free(f->setup.user_agent);
	free(f->setup.accept_encoding);
	free(f->setup.ca_file);
	free(f);
	curl_global_cleanup();
}

static void put_spare(struct vg_fetcher *f, struct vg_transfer *t)
{
	if (f->spare_count >= MAX_SPARE) {
		vg_transfer_free(t);
		return;
	}
	t->next = f->spare;
	f->spare = t;
	f->spare_count++;
}

enum vg_status vg_fetch_submit(
    struct vg_fetcher *f, const struct vg_fetch_request *request, struct vg_error *err)
{
	struct vg_transfer *t = f->spare;
	enum vg_status rc;

	if (t != NULL) {
		f->spare = t->next;
		f->spare_count--;
	} else {
		t = vg_transfer_new(&f->setup);
		if (t == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	rc = vg_transfer_start(t, request, err);
	if (rc == VG_OK && curl_multi_add_handle(f->multi, t->easy) != CURLM_OK) {
		vg_capture_free(t->capture);
		t->capture = NULL;
		rc = vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	if (rc != VG_OK) {
		put_spare(f, t);
		return rc;
	}
	t->prev = NULL;
	t->next = f->active;
	if (f->active != NULL)
		f->active->prev = t;
	f->active = t;
	f->active_count++;
	return VG_OK;
}

/* Takes the transfer out of flight; its capture is still to be finished. */
static void detach(struct vg_fetcher *f, struct vg_transfer *t)
{
	(void)curl_multi_remove_handle(f->multi, t->easy);
	if (t->prev != NULL)
		t->prev->next = t->next;
	else
		f->active = t->next;
	if (t->next != NULL)
		t->next->prev = t->prev;
	f->active_count--;
}

static size_t report_finished(struct vg_fetcher *f)
{
	size_t count = 0;
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(f->multi, &left)) != NULL) {
		CURLcode code = msg->data.result;
		struct vg_transfer *t = NULL;
		struct vg_capture *c;

		if (msg->msg != CURLMSG_DONE || curl_easy_getinfo(msg->easy_handle,
						    CURLINFO_PRIVATE, &t) != CURLE_OK)
			continue;
		detach(f, t);
		c = vg_transfer_finish(t, code);
		put_spare(f, t);
		count++;
		f->done(f->ctx, c);
	}
	return count;
}

/* Ends one transfer that said nothing for too long; false when there is none. */
static bool stop_idle(struct vg_fetcher *f)
{
	int64_t now = vg_clock_monotonic();

	for (struct vg_transfer *t = f->active; t != NULL; t = t->next) {
		struct vg_capture *c;

		if (now - t->last_activity < f->setup.max_idle)
			continue;
		detach(f, t);
		c = vg_transfer_stop(t, VG_FETCH_TIMEOUT, "no byte came for too long");
		put_spare(f, t);
		f->done(f->ctx, c);
		return true;
	}
	return false;
}

/* How long poll may sleep before an idle transfer is due, in milliseconds, rounded up. */
static int wait_for(const struct vg_fetcher *f, int64_t timeout)
{
	int64_t now = vg_clock_monotonic(), wait = timeout < 0 ? 0 : timeout;

	for (const struct vg_transfer *t = f->active; t != NULL; t = t->next) {
		int64_t left = t->last_activity + f->setup.max_idle - now;

		wait = left < wait ? left : wait;
	}
	if (wait > 3600 * VG_SECOND)
		wait = 3600 * VG_SECOND;
	return wait <= 0 ? 0 : (int)((wait + 999) / 1000);
}

static enum vg_status wait_all(struct vg_fetcher *f, int64_t timeout,
    struct pollfd *fds, size_t fd_count, struct vg_error *err)
{
	struct curl_waitfd *extra = NULL;
	CURLMcode code;

	if (fd_count > MAX_WAIT_FDS)
		return vg_fail(err, VG_E_INVALID, "too many descriptors to wait for");
	if (fd_count > 0) {
		extra = calloc(fd_count, sizeof(*extra));
		if (extra == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	for (size_t i = 0; i < fd_count; i++) {
		extra[i].fd = fds[i].fd;
		extra[i].events =
		    (short)((fds[i].events & POLLIN ? CURL_WAIT_POLLIN : 0) |
			    (fds[i].events & POLLPRI ? CURL_WAIT_POLLPRI : 0) |
			    (fds[i].events & POLLOUT ? CURL_WAIT_POLLOUT : 0));
	}
	code = curl_multi_poll(
	    f->multi, extra, (unsigned)fd_count, wait_for(f, timeout), NULL);
	free(extra);
	if (code != CURLM_OK)
		return vg_fail(err, VG_E_INTERNAL, "waiting failed: %s",
		    curl_multi_strerror(code));
	/* curl drops POLLHUP and POLLERR: ask again for the caller's own. */
	if (fd_count > 0)
		(void)poll(fds, (nfds_t)fd_count, 0);
	return VG_OK;
}

enum vg_status vg_fetch_run(struct vg_fetcher *f, int64_t timeout, struct pollfd *fds,
    size_t fd_count, struct vg_error *err)
{
	int running;
	enum vg_status rc;

	for (size_t i = 0; i < fd_count; i++)
		fds[i].revents = 0;
	for (int pass = 0; pass < 2; pass++) {
		CURLMcode code = curl_multi_perform(f->multi, &running);
		size_t finished;

		if (code != CURLM_OK)
			return vg_fail(err, VG_E_INTERNAL, "transfer failed: %s",
			    curl_multi_strerror(code));
		finished = report_finished(f);
		while (stop_idle(f))
			finished++;
		if (pass == 1)
			break;
		rc = wait_all(f, finished > 0 ? 0 : timeout, fds, fd_count, err);
		if (rc != VG_OK)
			return rc;
	}
	return VG_OK;
}

void vg_fetch_abort(struct vg_fetcher *f)
{
	/* Only those in flight now: a callback may submit. */
	for (size_t left = f->active_count; left > 0 && f->active != NULL; left--) {
		struct vg_transfer *t = f->active;
		struct vg_capture *c;

		while (t->next != NULL)
			t = t->next; /* the oldest */
		detach(f, t);
		c = vg_transfer_stop(t, VG_FETCH_ABORTED, "stopped");
		put_spare(f, t);
		f->done(f->ctx, c);
	}
}

size_t vg_fetch_in_flight(const struct vg_fetcher *f)
{
	return f->active_count;
}

bool vg_fetch_permits(const struct vg_fetcher *f, const struct vg_url *url)
{
	struct vg_str host = vg_url_host(url);
	int port = vg_url_port(url);
	char ip[VG_FETCH_ADDRESS];

	if (vg_guard_maps(f->setup.guard, host, port))
		return true;
	if (host.len >= 2 && host.ptr[0] == '[')
		host = vg_str_sub(host, 1, host.len - 1);
	if (host.len == 0 || host.len >= sizeof(ip))
		return false;
	memcpy(ip, host.ptr, host.len);
	ip[host.len] = '\0';
	return vg_guard_check_text(f->setup.guard, ip, port) == VG_GUARD_PERMITTED;
}
