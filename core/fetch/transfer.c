/* SPDX-License-Identifier: MIT */
/* curl's side of a transfer: options set once, and the callbacks that fill the capture. */
#include "config.h"

#include "fetch/transfer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "fetch/http.h"
#include "url/url.h"

#define RECEIVE_BUFFER 16384L
#define MAX_REQUEST_HEAD 65536 /* bytes; an address is shorter than VG_MAX_URL */
#define MAX_CHAIN_PEM (1u << 20)
#define ACCEPT "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

static void touch(struct vg_transfer *t)
{
	t->last_activity = vg_clock_monotonic();
}

static void write_ip(const struct sockaddr *sa, char ret[VG_FETCH_ADDRESS])
{
	const void *ip = sa->sa_family == AF_INET6
			     ? (const void *)((const char *)sa +
					      offsetof(struct sockaddr_in6, sin6_addr))
			     : (const void *)((const char *)sa +
					      offsetof(struct sockaddr_in, sin_addr));

	if (inet_ntop(sa->sa_family, ip, ret, VG_FETCH_ADDRESS) == NULL)
		(void)snprintf(ret, VG_FETCH_ADDRESS, "peer");
}

static bool may_reach(const struct vg_transfer *t, const struct sockaddr *sa)
{
	return t->proxy.len ? vg_guard_is(sa, vg_buf_str(&t->proxy))
			    : vg_guard_check(t->setup->guard, sa) != VG_GUARD_REFUSED;
}

/* The guard: curl asks here for every socket, whatever led to the address. */
static curl_socket_t open_socket(
    void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct vg_transfer *t = arg;
	char ip[VG_FETCH_ADDRESS];

	write_ip(&address->addr, ip);
	if (purpose != CURLSOCKTYPE_IPCXN || t->denied ||
	    !may_reach(t, &address->addr)) {
		t->refused = true;
		if (!t->denied)
			memcpy(t->refused_address, ip, sizeof(ip));
		return CURL_SOCKET_BAD;
	}
	if (!t->proxy.len && t->setup->may_connect != NULL && t->capture != NULL &&
	    !t->setup->may_connect(t->capture->ctx, ip)) {
		t->held = true;
		return CURL_SOCKET_BAD;
	}
	t->tried = true;
	touch(t);
	return socket(
	    address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Connected, nothing sent yet; also on a connection that is used again. */
static int before_request(
    void *arg, char *peer, char *local, int peer_port, int local_port)
{
	struct vg_transfer *t = arg;
	struct vg_capture *c = t->capture;
	enum vg_guard_answer answer =
	    vg_guard_check_text(t->setup->guard, peer, peer_port);

	(void)snprintf(c->peer, sizeof(c->peer), "%s", peer);
	(void)snprintf(c->local, sizeof(c->local), "%s", local);
	c->peer_port = (uint16_t)peer_port;
	c->local_port = (uint16_t)local_port;
	c->proxied = t->proxy.len > 0;
	c->permitted = answer == VG_GUARD_PERMITTED && !c->proxied;
	if (t->denied || (answer == VG_GUARD_REFUSED && !c->proxied)) {
		t->refused = true;
		if (!t->denied)
			(void)snprintf(
			    t->refused_address, sizeof(t->refused_address), "%s", peer);
		return CURL_PREREQFUNC_ABORT;
	}
	/* A connection that is used again opened no socket. */
	if (!t->tried && !c->proxied && t->setup->may_connect != NULL &&
	    !t->setup->may_connect(c->ctx, peer)) {
		t->held = true;
		return CURL_PREREQFUNC_ABORT;
	}
	vg_tls_record(t);
	touch(t);
	return CURL_PREREQFUNC_OK;
}

static int observe(CURL *easy, curl_infotype type, char *data, size_t size, void *arg)
{
	struct vg_transfer *t = arg;

	(void)easy;
	if (t->capture == NULL)
		return 0;
	/* What is said to the proxy is no part of the request. */
	if (type == CURLINFO_HEADER_OUT &&
	    !(t->proxy.len &&
		vg_str_starts((struct vg_str){data, size}, VG_STR("CONNECT "))))
		vg_buf_add(&t->capture->request, data, size);
	else if (type == CURLINFO_TEXT &&
		 vg_str_starts((struct vg_str){data, size}, VG_STR("Excess found")))
		t->excess = true;
	return 0;
}

static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
	struct vg_transfer *t = arg;
	struct vg_buf *head = &t->capture->head;
	struct vg_str line = {data, size * count};

	touch(t);
	if (t->head_done) { /* what came before was an interim answer (RFC 9110 15.2) */
		vg_buf_clear(head);
		t->head_done = false;
	}
	vg_buf_adds(head, line);
	if (head->status != VG_OK) {
		t->too_large = head->status == VG_E_TOO_LARGE;
		t->no_memory = !t->too_large;
		return 0;
	}
	t->head_done = vg_str_eqz(line, "\r\n") || vg_str_eqz(line, "\n");
	return line.len;
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct vg_transfer *t = arg;
	size_t len = size * count, room = t->raw.max - t->raw.len;

	touch(t);
	vg_buf_add(&t->raw, data, len < room ? len : room);
	if (t->raw.status == VG_OK && len <= room)
		return len;
	t->too_large = t->raw.status == VG_OK;
	t->no_memory = !t->too_large;
	return 0;
}

/* Options that hold for every request of the handle. */
static bool set_options(struct vg_transfer *t)
{
	const struct vg_transfer_setup *s = t->setup;
	CURL *e = t->easy;
	CURLcode rc = CURLE_OK;

#define SET(option, value)                                                             \
	if (rc == CURLE_OK)                                                            \
	rc = curl_easy_setopt(e, option, value)
	SET(CURLOPT_PRIVATE, (void *)t);
	SET(CURLOPT_ERRORBUFFER, t->curl_error);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_QUICK_EXIT, 1L); /* a name server that is silent must not hold us */
	SET(CURLOPT_NOPROGRESS, 1L);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	SET(CURLOPT_PATH_AS_IS, 1L);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_HTTP09_ALLOWED, 0L);
	SET(CURLOPT_HTTP_TRANSFER_DECODING, 0L);
	SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
	SET(CURLOPT_BUFFERSIZE, RECEIVE_BUFFER);
	SET(CURLOPT_USERAGENT, s->user_agent);
	SET(CURLOPT_TIMEOUT_MS, (long)(s->max_time / 1000));
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)(s->max_idle / 1000));
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, (void *)t);
	SET(CURLOPT_PREREQFUNCTION, before_request);
	SET(CURLOPT_PREREQDATA, (void *)t);
	SET(CURLOPT_VERBOSE, 1L); /* the only way to see the request as sent */
	SET(CURLOPT_DEBUGFUNCTION, observe);
	SET(CURLOPT_DEBUGDATA, (void *)t);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, (void *)t);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, (void *)t);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSL_SESSIONID_CACHE,
	    0L);                   /* a resumed session shows no certificates */
	SET(CURLOPT_CAPATH, NULL); /* with it curl reads all authorities every time */
	if (s->ca_file != NULL) {
		SET(CURLOPT_CAINFO, s->ca_file);
	}
	SET(CURLOPT_SSL_CTX_FUNCTION, vg_tls_prepare);
	SET(CURLOPT_SSL_CTX_DATA, (void *)t);
#undef SET
	return rc == CURLE_OK;
}

struct vg_transfer *vg_transfer_new(const struct vg_transfer_setup *setup)
{
	struct vg_transfer *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->setup = setup;
	t->proxy = VG_BUF_INIT(VG_FETCH_ADDRESS + 16);
	t->easy = curl_easy_init();
	if (t->easy == NULL || !set_options(t)) {
		vg_transfer_free(t);
		return NULL;
	}
	return t;
}

void vg_transfer_free(struct vg_transfer *t)
{
	if (t == NULL)
		return;
	/* Closing may still report to the callbacks; without a capture they are silent. */
	vg_capture_free(t->capture);
	t->capture = NULL;
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	vg_buf_release(&t->raw);
	vg_buf_release(&t->proxy);
	free(t);
}

static bool add_header(struct vg_transfer *t, const char *name, struct vg_str value)
{
	struct vg_buf line = VG_BUF_INIT(VG_MAX_HEADERS);
	struct curl_slist *list = NULL;

	vg_buf_addz(&line, name);
	vg_buf_adds(&line, value);
	if (vg_buf_status(&line, NULL) == VG_OK)
		list = curl_slist_append(t->headers, vg_buf_cstr(&line));
	if (list != NULL)
		t->headers = list;
	vg_buf_release(&line);
	return list != NULL;
}

static bool set_headers(struct vg_transfer *t, const struct vg_fetch_request *r)
{
	curl_slist_free_all(t->headers);
	t->headers = NULL;
	return add_header(t, ACCEPT, (struct vg_str){0}) &&
	       add_header(t, "Accept-Encoding: ", vg_str(t->setup->accept_encoding)) &&
	       (r->etag.len == 0 || add_header(t, "If-None-Match: ", r->etag)) &&
	       (r->last_modified.len == 0 ||
		   add_header(t, "If-Modified-Since: ", r->last_modified)) &&
	       curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK;
}

static enum vg_status check_address(const struct vg_url *u, struct vg_error *err)
{
	if (!vg_url_is_web(u))
		return vg_fail(err, VG_E_INVALID, "address is neither http nor https");
	if (vg_url_has_credentials(u))
		return vg_fail(
		    err, VG_E_DENIED, "address holds a user name or password");
	if (u->fragment > VG_MAX_URL)
		return vg_fail(
		    err, VG_E_TOO_LARGE, "address is longer than %u bytes", VG_MAX_URL);
	return VG_OK;
}

static struct vg_capture *new_capture(
    const struct vg_transfer *t, const struct vg_fetch_request *r)
{
	struct vg_capture *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->ctx = r->ctx;
	c->url = VG_BUF_INIT(VG_URL_MAX_PARSE);
	c->request = VG_BUF_INIT(MAX_REQUEST_HEAD);
	c->head = VG_BUF_INIT(t->setup->max_head);
	c->payload = VG_BUF_INIT(t->raw.max);
	c->location = VG_BUF_INIT(VG_URL_MAX_PARSE);
	c->tls_chain = VG_BUF_INIT(MAX_CHAIN_PEM);
	c->started = vg_clock_now();
	return c;
}

/* The way of one request: whatever the environment says, the operator's maps or the site's proxy. */
static bool set_way(struct vg_transfer *t, const struct vg_url *u, const char *proxy)
{
	struct vg_str host = vg_url_host(u), way = vg_str(proxy ? proxy : "");
	size_t slash = vg_str_chr(way, '/', 0);

	vg_buf_clear(&t->proxy);
	if (way.len)
		vg_buf_adds(&t->proxy, vg_str_sub(way, slash + 2, way.len));
	t->denied =
	    way.len && !vg_guard_may_name(t->setup->guard, host, vg_url_port(u));
	if (t->denied)
		(void)snprintf(t->refused_address, sizeof(t->refused_address), "%.*s",
		    host.len < sizeof(t->refused_address) ? (int)host.len : 40,
		    host.ptr);
	return vg_buf_status(&t->proxy, NULL) == VG_OK &&
	       (!way.len || slash != SIZE_MAX) &&
	       curl_easy_setopt(t->easy, CURLOPT_PROXY, proxy ? proxy : "") ==
		   CURLE_OK &&
	       curl_easy_setopt(t->easy, CURLOPT_CONNECT_TO,
		   way.len ? NULL : vg_guard_connect_to(t->setup->guard)) == CURLE_OK;
}

/* What stands in the request line: all of the address for a proxy that is asked for it. */
static void add_target(const struct vg_url *u, const char *proxy, struct vg_buf *out)
{
	if (proxy && vg_str_starts(vg_str(proxy), VG_STR("http:")) &&
	    vg_str_starts(vg_url_href(u), VG_STR("http:")))
		vg_buf_adds(out, vg_str_sub(vg_url_href(u), 0, u->fragment));
	else
		vg_buf_adds(out, vg_url_target(u));
}

enum vg_status vg_transfer_start(
    struct vg_transfer *t, const struct vg_fetch_request *r, struct vg_error *err)
{
	struct vg_url u = VG_URL_INIT;
	struct vg_buf target = VG_BUF_INIT(VG_URL_MAX_PARSE);
	enum vg_status rc = vg_url_parse(r->url, NULL, &u, err);

	if (rc == VG_OK)
		rc = check_address(&u, err);
	if (rc == VG_OK && (!vg_http_is_field_value(r->etag) ||
			       !vg_http_is_field_value(r->last_modified)))
		rc = vg_fail(err, VG_E_INVALID, "validator holds control characters");
	if (rc != VG_OK)
		goto out;
	rc = vg_fail(err, VG_E_NOMEM, "out of memory");
	t->raw = VG_BUF_INIT(r->max_body != 0 ? r->max_body : t->setup->max_body);
	t->capture = new_capture(t, r);
	add_target(&u, r->proxy, &target);
	if (t->capture == NULL || vg_buf_status(&target, NULL) != VG_OK)
		goto out;
	vg_buf_adds(&t->capture->url, vg_str_sub(vg_url_href(&u), 0, u.fragment));
	if (!set_headers(t, r) || !set_way(t, &u, r->proxy) ||
	    vg_buf_status(&t->capture->url, NULL) != VG_OK ||
	    curl_easy_setopt(t->easy, CURLOPT_URL, vg_buf_cstr(&t->capture->url)) !=
		CURLE_OK ||
	    curl_easy_setopt(t->easy, CURLOPT_REQUEST_TARGET, vg_buf_cstr(&target)) !=
		CURLE_OK)
		goto out;
	t->held = t->head_done = t->refused = t->tried = t->too_large = t->excess =
	    t->no_memory = false;
	t->verify_error = 0;
	t->curl_error[0] = '\0';
	touch(t);
	rc = VG_OK;
out:
	if (rc != VG_OK) {
		vg_capture_free(t->capture);
		t->capture = NULL;
	}
	vg_buf_release(&target);
	vg_url_release(&u);
	return rc;
}
