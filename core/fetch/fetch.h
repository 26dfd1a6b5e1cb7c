/* SPDX-License-Identifier: MIT */
/*
 * The transport: one GET in, one capture out. Redirects are captures: the caller checks the next
 * hop against scope, robots.txt and delay, and asks for it. Each socket is checked against the
 * address guard as it is opened, so no name, redirect or rebinding reaches a private network.
 * One thread; nothing here sleeps except vg_fetch_run(). No cookies, HTTP/1.1. The
 * program ignores SIGPIPE.
 */
#ifndef VG_FETCH_FETCH_H
#define VG_FETCH_FETCH_H

#include "base/buf.h"
#include "base/clock.h"

struct pollfd;
struct vg_fetcher;
struct vg_url;

struct vg_fetch_config {
	const char *user_agent; /* required: names the operator's contact */
	const char *const
	    *connect_to; /* NULL-terminated "shop.example:80=127.0.1.7:8080", or NULL */
	const char *const *
	    allow_address; /* NULL-terminated "10.0.0.7:8080", "[::1]:80" or "10.0.0.7" */
	bool allow_private; /* the guard lets everything pass: never for a crawl */
	const char *accept_encoding; /* NULL: "identity" */
	const char *ca_file;         /* PEM; NULL: the system's */
	size_t max_body;             /* bytes on the wire; 0: VG_MAX_BODY */
	size_t max_head;             /* bytes; 0: VG_MAX_HEADERS */
	int64_t max_time; /* microseconds, all of a request; 0: VG_FETCH_TIME */
	int64_t max_idle; /* without a byte, connecting included; 0: VG_FETCH_IDLE */
	/*
	 * Asked before a socket is opened to an address that the guard lets pass, with the request's ctx. False: not now;
	 * the request ends as VG_FETCH_ABORTED and `held`. NULL: always.
	 */
	bool (*may_connect)(void *ctx, const char *ip);
};

#define VG_FETCH_TIME (60 * VG_SECOND)
#define VG_FETCH_IDLE (15 * VG_SECOND)

enum vg_fetch_outcome {
	VG_FETCH_OK, /* a whole head, and a body whose end is known or see `truncated` */
	VG_FETCH_DNS,     /* the name does not resolve */
	VG_FETCH_CONNECT, /* nobody listens, or no route */
	VG_FETCH_TLS, /* handshake or certificate: the chain is kept when one was sent */
	VG_FETCH_TIMEOUT,   /* max_time or max_idle */
	VG_FETCH_TOO_LARGE, /* head or body past its limit; payload holds the beginning */
	VG_FETCH_PROTOCOL, /* not HTTP, or broken framing */
	VG_FETCH_REFUSED,  /* the address guard said no; nothing was sent */
	VG_FETCH_RESET,    /* the connection broke, or closed before a whole head */
	VG_FETCH_ABORTED,  /* vg_fetch_abort() */
};

/* Stable lower-case word: "ok", "dns", … "refused_address", "reset", "aborted". */
const char *vg_fetch_outcome_name(enum vg_fetch_outcome outcome);

#define VG_FETCH_ADDRESS 48 /* longest textual IP address and NUL */

/* What happened, complete. All memory is the capture's own. */
struct vg_capture {
	void *ctx;         /* of the request */
	struct vg_buf url; /* as asked for: serialised, without fragment */
	enum vg_fetch_outcome outcome;
	char error
	    [256];  /* one line for people, bytes from outside escaped; "" when ok */
	int status; /* 0 when no status line came */
	struct vg_buf request; /* the request head, byte for byte as sent */
	struct vg_buf
	    head; /* the final response head, byte for byte, with its blank line */
	struct vg_buf payload; /* the body after de-chunking, before content-decoding */
	struct vg_buf
	    location; /* of a 3xx: the next address, resolved; empty: none or no URL */
	char peer[VG_FETCH_ADDRESS],
	    local[VG_FETCH_ADDRESS]; /* "" when never connected */
	uint16_t peer_port, local_port;
	bool proxied;   /* the peer is the proxy */
	bool held;      /* see may_connect: nothing was sent */
	bool permitted; /* the peer is an address that the operator permits by name */
	bool truncated; /* the body ended too early, by limit or by closing */
	bool length_mismatch; /* Content-Length was not the length of the body */
	bool reused; /* an open connection served: its connect and tls times are 0 */
	char http_version[8];                 /* "1.1", "1.0", or "" */
	char tls_version[16], tls_cipher[64]; /* "" without TLS */
	bool tls_verified;
	struct vg_buf
	    tls_chain; /* PEM, leaf first, as the peer sent it; also of a refused one */
	int64_t started; /* UTC microseconds */
	/* Microseconds after `started` when each was done; 0: not reached, or nothing to do. */
	int64_t dns, connect, tls, first_byte, total;
};

void vg_capture_free(struct vg_capture *c); /* NULL allowed */
/* The n-th (from 0) header of that name, trimmed; .ptr NULL when absent. Borrowed. */
struct vg_str vg_capture_header(const struct vg_capture *c, const char *name, size_t n);

struct vg_fetch_request {
	struct vg_str url;           /* absolute, http or https; copied */
	struct vg_str etag;          /* sends If-None-Match; may be empty */
	struct vg_str last_modified; /* sends If-Modified-Since; may be empty */
	size_t max_body;             /* bytes; 0: the configured limit */
	/*
	 * "http://IP:PORT" or "socks5h://IP:PORT"; NULL or "": none. The only address that is connected to then, and
	 * permitted for that alone. It resolves the host: no name leaves by another way. Hosts that are addresses are
	 * judged as ever, names of private networks are refused. Maps do not apply.
	 */
	const char *proxy;
	void *ctx;
};

/* Takes the capture over. It may submit further requests; it must not free the fetcher. */
typedef void vg_fetch_done(void *ctx, struct vg_capture *capture);

/* `done` is called from vg_fetch_run() and vg_fetch_abort() only, with `ctx`. */
VG_WARN_UNUSED enum vg_status vg_fetcher_new(const struct vg_fetch_config *config,
    vg_fetch_done *done, void *ctx, struct vg_fetcher **ret, struct vg_error *err);
/* Requests in flight are dropped without a callback. NULL allowed. */
void vg_fetcher_free(struct vg_fetcher *f);
/*
 * Starts a request. VG_E_INVALID: no web address or a header value with control characters;
 * VG_E_DENIED: credentials in the address; VG_E_TOO_LARGE: address longer than VG_MAX_URL.
 */
VG_WARN_UNUSED enum vg_status vg_fetch_submit(
    struct vg_fetcher *f, const struct vg_fetch_request *request, struct vg_error *err);
/*
 * Waits up to `timeout` microseconds for the network or for one of `fds` (as poll(2); revents are
 * set), moves all transfers on and reports those that ended. Returns early when something happened.
 */
VG_WARN_UNUSED enum vg_status vg_fetch_run(struct vg_fetcher *f, int64_t timeout,
    struct pollfd *fds, size_t fd_count, struct vg_error *err);
/* Ends every request in flight with VG_FETCH_ABORTED. */
void vg_fetch_abort(struct vg_fetcher *f);
size_t vg_fetch_in_flight(const struct vg_fetcher *f);
/* True when connect_to maps the host and port, or the host is a permitted IP address. */
bool vg_fetch_permits(const struct vg_fetcher *f, const struct vg_url *url);

#endif
