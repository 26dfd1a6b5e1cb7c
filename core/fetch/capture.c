/* SPDX-License-Identifier: MIT */
/* Captures: their life, their words, and the settling of an outcome. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "fetch/http.h"
#include "fetch/transfer.h"
#include "url/url.h"

const char *vg_fetch_outcome_name(enum vg_fetch_outcome outcome)
{
	switch (outcome) {
	case VG_FETCH_OK:
		return "ok";
	case VG_FETCH_DNS:
		return "dns";
	case VG_FETCH_CONNECT:
		return "connect";
	case VG_FETCH_TLS:
		return "tls";
	case VG_FETCH_TIMEOUT:
		return "timeout";
	case VG_FETCH_TOO_LARGE:
		return "too_large";
	case VG_FETCH_PROTOCOL:
		return "protocol";
	case VG_FETCH_REFUSED:
		return "refused_address";
	case VG_FETCH_RESET:
		return "reset";
	case VG_FETCH_ABORTED:
		return "aborted";
	}
	return "unknown";
}

void vg_capture_free(struct vg_capture *c)
{
	if (c == NULL)
		return;
	vg_buf_release(&c->url);
	vg_buf_release(&c->request);
	vg_buf_release(&c->head);
	vg_buf_release(&c->payload);
	vg_buf_release(&c->location);
	vg_buf_release(&c->tls_chain);
	free(c);
}

struct vg_str vg_capture_header(const struct vg_capture *c, const char *name, size_t n)
{
	return vg_http_header(vg_buf_str(&c->head), name, n);
}

static void set_error(struct vg_capture *c, const char *text)
{
	struct vg_buf clean = VG_BUF_INIT(4 * CURL_ERROR_SIZE);

	vg_escape_terminal(&clean, vg_str(text));
	(void)snprintf(c->error, sizeof(c->error), "%s", vg_buf_cstr(&clean));
	vg_buf_release(&clean);
}

static void fail(struct vg_capture *c, enum vg_fetch_outcome outcome, const char *text)
{
	c->outcome = outcome;
	set_error(c, text);
}

/* Where a redirect leads. Bytes beyond ASCII are escaped as they are, as browsers do. */
static void read_location(struct vg_capture *c)
{
	struct vg_str value = vg_capture_header(c, "location", 0);
	struct vg_buf ref = VG_BUF_INIT(3 * VG_MAX_HEADERS);
	struct vg_url base = VG_URL_INIT;
	bool redirect = c->status == 301 || c->status == 302 || c->status == 303 ||
			c->status == 307 || c->status == 308;

	if (!redirect || value.len == 0)
		return;
	for (size_t i = 0; i < value.len; i++) {
		if ((unsigned char)value.ptr[i] >= 0x80)
			vg_buf_addf(
			    &ref, "%%%02X", (unsigned)(unsigned char)value.ptr[i]);
		else
			vg_buf_addc(&ref, value.ptr[i]);
	}
	if (vg_buf_status(&ref, NULL) == VG_OK &&
	    vg_url_parse(vg_buf_str(&c->url), NULL, &base, NULL) == VG_OK &&
	    vg_url_resolve(vg_buf_str(&ref), &base, &c->location, NULL) != VG_OK)
		vg_buf_clear(&c->location);
	vg_url_release(&base);
	vg_buf_release(&ref);
}

/* What curl's code says, before the bytes have their say. */
static void read_code(struct vg_transfer *t, CURLcode code)
{
	struct vg_capture *c = t->capture;
	const char *text =
	    t->curl_error[0] != '\0' ? t->curl_error : curl_easy_strerror(code);
	const char *reason = vg_tls_verify_text(t->verify_error);
	char line[256];

	if (t->too_large) {
		fail(c, VG_FETCH_TOO_LARGE,
		    t->head_done ? "body is larger than the limit"
				 : "head is larger than the limit");
		return;
	}
	/* A line longer than curl's own buffer is reported so. */
	if (code == CURLE_OUT_OF_MEMORY && c->head.len > 0 && !t->head_done) {
		fail(c, VG_FETCH_TOO_LARGE, "header line is larger than the limit");
		return;
	}
	if (t->held && !t->tried) {
		c->held = true;
		fail(c, VG_FETCH_ABORTED, "its address was asked a moment ago");
		return;
	}
	if (t->refused && !t->tried) {
		(void)snprintf(line, sizeof(line), "%s is not a public address",
		    t->refused_address);
		fail(c, VG_FETCH_REFUSED, line);
		return;
	}
	if (reason != NULL) {
		(void)snprintf(line, sizeof(line), "certificate refused: %s", reason);
		fail(c, VG_FETCH_TLS, line);
		return;
	}
	switch (code) {
	case CURLE_OK:
	case CURLE_PARTIAL_FILE: /* closed early: the head and what came count */
		c->outcome = VG_FETCH_OK;
		break;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_URL_MALFORMAT:
		fail(c, VG_FETCH_DNS, text);
		break;
	case CURLE_COULDNT_CONNECT:
		fail(c, VG_FETCH_CONNECT, text);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		fail(c, VG_FETCH_TIMEOUT, text);
		break;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		fail(c, VG_FETCH_TLS, text);
		break;
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		fail(c, VG_FETCH_RESET, text);
		break;
	default:
		fail(c, VG_FETCH_PROTOCOL, text);
		break;
	}
}

/* The body as the head frames it. */
static void settle_body(struct vg_transfer *t, CURLcode code)
{
	struct vg_capture *c = t->capture;
	struct vg_str head = vg_buf_str(&c->head),
		      length = vg_http_header(head, "content-length", 0);
	bool bodyless = c->status == 204 || c->status == 304;
	uint64_t declared;

	c->truncated = code != CURLE_OK;
	if (!bodyless && vg_http_is_chunked(head)) {
		enum vg_chunked end = vg_http_dechunk(vg_buf_str(&t->raw), &c->payload);

		vg_buf_release(&t->raw);
		c->truncated = end != VG_CHUNKED_DONE;
		if (end == VG_CHUNKED_BROKEN)
			fail(c, VG_FETCH_PROTOCOL,
			    "chunked coding of the body is broken");
		else if (end == VG_CHUNKED_DONE && code == CURLE_PARTIAL_FILE)
			c->outcome = VG_FETCH_OK;
		return;
	}
	c->payload = t->raw;
	t->raw = (struct vg_buf){0};
	if (length.ptr != NULL && !bodyless)
		c->length_mismatch = t->excess || !vg_str_to_u64(length, &declared) ||
				     declared != c->payload.len;
}

static void read_times(struct vg_transfer *t)
{
	static const CURLINFO infos[] = {CURLINFO_NAMELOOKUP_TIME_T,
	    CURLINFO_CONNECT_TIME_T, CURLINFO_APPCONNECT_TIME_T,
	    CURLINFO_STARTTRANSFER_TIME_T, CURLINFO_TOTAL_TIME_T};
	struct vg_capture *c = t->capture;
	int64_t *const fields[] = {
	    &c->dns, &c->connect, &c->tls, &c->first_byte, &c->total};
	long connects = 1;

	for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++) {
		curl_off_t us = 0;

		if (curl_easy_getinfo(t->easy, infos[i], &us) == CURLE_OK && us > 0)
			*fields[i] = us;
	}
	if (curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &connects) == CURLE_OK)
		c->reused = connects == 0 && c->peer[0] != '\0';
}

struct vg_capture *vg_transfer_finish(struct vg_transfer *t, CURLcode code)
{
	struct vg_capture *c = t->capture;

	read_times(t);
	read_code(t, code);
	if (!vg_http_status_line(vg_buf_str(&c->head), &c->status, c->http_version)) {
		if (c->outcome == VG_FETCH_OK)
			fail(c, VG_FETCH_PROTOCOL, "answer has no status line");
	} else if (t->head_done) {
		settle_body(t, code);
		read_location(c);
	} else if (c->outcome == VG_FETCH_OK) {
		fail(c, VG_FETCH_RESET, "connection closed inside the head");
	}
	if (t->no_memory || c->url.status == VG_E_NOMEM ||
	    c->request.status == VG_E_NOMEM || c->tls_chain.status == VG_E_NOMEM ||
	    c->location.status == VG_E_NOMEM || c->payload.status == VG_E_NOMEM)
		fail(c, VG_FETCH_ABORTED, "out of memory");
	vg_buf_release(&t->raw);
	t->capture = NULL;
	return c;
}

struct vg_capture *vg_transfer_stop(
    struct vg_transfer *t, enum vg_fetch_outcome outcome, const char *error)
{
	struct vg_capture *c = vg_transfer_finish(t, CURLE_ABORTED_BY_CALLBACK);

	fail(c, outcome, error);
	return c;
}
