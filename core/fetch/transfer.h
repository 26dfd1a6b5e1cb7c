/* SPDX-License-Identifier: MIT */
/* One request in flight: a curl handle, its callbacks, and the capture it fills. */
#ifndef VG_FETCH_TRANSFER_H
#define VG_FETCH_TRANSFER_H

#include <curl/curl.h>

#include "fetch/fetch.h"
#include "fetch/guard.h"

/* What all transfers of a fetcher share. */
struct vg_transfer_setup {
	struct vg_guard *guard;
	char *user_agent, *accept_encoding, *ca_file; /* ca_file may be NULL */
	size_t max_body, max_head;
	int64_t max_time, max_idle;
	bool (*may_connect)(void *ctx, const char *ip); /* or NULL */
};

struct vg_transfer {
	struct vg_transfer *prev, *next; /* the fetcher's list of those in flight */
	const struct vg_transfer_setup *setup;
	CURL *easy;
	struct curl_slist *headers;
	struct vg_capture *capture; /* NULL between requests */
	struct vg_buf raw;          /* the body before de-chunking */
	int64_t last_activity;      /* monotonic */
	bool head_done;             /* its blank line was read */
	bool refused, tried; /* the guard refused an address; a socket was opened */
	bool held;           /* may_connect said no */
	bool denied;         /* the proxy must not be asked for this host */
	struct vg_buf proxy; /* "IP:PORT" of the request; empty: none */
	bool too_large, excess, no_memory;
	char refused_address[VG_FETCH_ADDRESS];
	long verify_error; /* X509_V_ERR_… */
	char curl_error[CURL_ERROR_SIZE];
};

/* NULL when out of memory. `setup` must outlive it. */
struct vg_transfer *vg_transfer_new(const struct vg_transfer_setup *setup);
void vg_transfer_free(struct vg_transfer *t); /* NULL allowed; a capture goes with it */
VG_WARN_UNUSED enum vg_status vg_transfer_start(struct vg_transfer *t,
    const struct vg_fetch_request *request, struct vg_error *err);
/* Once curl let go of the handle: settles outcome and payload. The capture is the caller's. */
struct vg_capture *vg_transfer_finish(struct vg_transfer *t, CURLcode code);
/* The same for a transfer that we ended. */
struct vg_capture *vg_transfer_stop(
    struct vg_transfer *t, enum vg_fetch_outcome outcome, const char *error);

/* tls.c: records certificates; called as the connection is made. */
CURLcode vg_tls_prepare(CURL *easy, void *ssl_ctx, void *transfer);
/* tls.c: version, cipher and, on a connection that is used again, its certificates. */
void vg_tls_record(struct vg_transfer *t);
const char *vg_tls_verify_text(
    long verify_error); /* NULL when the certificate was not at fault */

#endif
