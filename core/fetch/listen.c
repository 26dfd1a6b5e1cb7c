/* SPDX-License-Identifier: MIT */
/* A listener that costs its owner little whoever connects. */
#include "config.h"

#include "fetch/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"

#define MAX_CLIENTS (VG_LISTEN_FDS - 1)
#define MAX_REQUEST 4096 /* bytes of a request head */
#define MAX_PAGE ((size_t)4 << 20)
#define CLIENT_TIME (5 * VG_SECOND) /* from connection to the last byte */
#define ANSWERS 20                  /* in a second; then connections wait */
#define PAUSE VG_SECOND /* when there is no descriptor left for a connection */

struct client {
	int fd; /* -1: free */
	int64_t since;
	size_t len, sent;
	bool answering;
	char request[MAX_REQUEST];
	struct vg_buf answer;
};

struct vg_listen {
	int fd, port;
	const char *path, *type;
	vg_listen_page *page;
	void *ctx;
	struct vg_buf text;
	int64_t second; /* monotonic: began then, with so many answers */
	int answers;
	int64_t paused; /* monotonic: nobody is let in before then */
	struct client clients[MAX_CLIENTS];
};

/* "127.0.0.1:9464" or "[::1]:9464". */
static bool read_address(
    const char *text, struct sockaddr_storage *ret, socklen_t *ret_len)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;
	char host[INET6_ADDRSTRLEN], *end;
	bool bracket = text[0] == '[' && len > 2 && text[len - 1] == ']';
	unsigned long port;

	if (bracket) {
		text++;
		len -= 2;
	}
	if (!len || len >= sizeof(host) || colon[1] < '0' || colon[1] > '9')
		return false;
	port = strtoul(colon + 1, &end, 10);
	if (*end || port > 65535)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	memset(ret, 0, sizeof(*ret));
	if (bracket) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
		*ret_len = sizeof(*v6);
		return inet_pton(AF_INET6, host, &v6->sin6_addr) == 1 &&
		       IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons((uint16_t)port);
	*ret_len = sizeof(*v4);
	return inet_pton(AF_INET, host, &v4->sin_addr) == 1 &&
	       ntohl(v4->sin_addr.s_addr) >> 24 == 127;
}

static enum vg_status open_socket(
    struct vg_listen *l, const char *text, struct vg_error *err)
{
	struct sockaddr_storage address;
	socklen_t len = 0;
	int yes = 1;

	if (!read_address(text, &address, &len))
		return vg_fail(err, VG_E_INVALID,
		    "%s: not a loopback address and port such as 127.0.0.1:9464", text);
	l->fd =
	    socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd < 0 ||
	    setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) ||
	    bind(l->fd, (struct sockaddr *)&address, len) ||
	    listen(l->fd, MAX_CLIENTS) ||
	    getsockname(l->fd, (struct sockaddr *)&address, &len))
		return vg_fail(
		    err, VG_E_IO, "cannot listen on %s: %s", text, strerror(errno));
	l->port = ntohs(address.ss_family == AF_INET
			    ? ((struct sockaddr_in *)&address)->sin_port
			    : ((struct sockaddr_in6 *)&address)->sin6_port);
	return VG_OK;
}

enum vg_status vg_listen_new(const char *address, const char *path, const char *type,
    vg_listen_page *page, void *ctx, struct vg_listen **ret, struct vg_error *err)
{
	struct vg_listen *l = calloc(1, sizeof(*l));
	enum vg_status status;

	if (!l)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	l->fd = -1;
	l->path = path;
	l->type = type;
	l->page = page;
	l->ctx = ctx;
	l->text = VG_BUF_INIT(MAX_PAGE);
	for (size_t i = 0; i < MAX_CLIENTS; i++) {
		l->clients[i].fd = -1;
		l->clients[i].answer = VG_BUF_INIT(MAX_PAGE + MAX_REQUEST);
	}
	status = open_socket(l, address, err);
	if (status)
		vg_listen_free(l);
	else
		*ret = l;
	return status;
}

static void client_close(struct client *c)
{
	vg_close(&c->fd);
	vg_buf_release(&c->answer);
	c->answer = VG_BUF_INIT(MAX_PAGE + MAX_REQUEST);
}

void vg_listen_free(struct vg_listen *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < MAX_CLIENTS; i++)
		client_close(&l->clients[i]);
	vg_close(&l->fd);
	vg_buf_release(&l->text);
	free(l);
}

int vg_listen_port(const struct vg_listen *l)
{
	return l->port;
}

static bool may_answer(const struct vg_listen *l, int64_t now)
{
	return now >= l->paused &&
	       (now - l->second >= VG_SECOND || l->answers < ANSWERS);
}

size_t vg_listen_pollfds(const struct vg_listen *l, struct pollfd *ret, size_t max)
{
	size_t count = 0;
	bool room = false;

	for (size_t i = 0; l && i < MAX_CLIENTS; i++) {
		const struct client *c = &l->clients[i];

		room |= c->fd < 0;
		if (c->fd >= 0 && count < max)
			ret[count++] = (struct pollfd){
			    .fd = c->fd, .events = c->answering ? POLLOUT : POLLIN};
	}
	if (room && count < max && may_answer(l, vg_clock_monotonic()))
		ret[count++] = (struct pollfd){.fd = l->fd, .events = POLLIN};
	return count;
}

/* "127.0.0.1:9464", "[::1]:9464", "localhost:9464", with or without the port. */
static bool names_loopback(struct vg_str host)
{
	bool number = vg_str_starts(host, VG_STR("127."));

	for (size_t i = 0; number && i < host.len; i++)
		number = (host.ptr[i] >= '0' && host.ptr[i] <= '9') ||
			 host.ptr[i] == '.' || host.ptr[i] == ':';
	return number || vg_str_starts(host, VG_STR("[::1]")) ||
	       vg_str_ieq(host, VG_STR("localhost")) ||
	       vg_str_istarts(host, VG_STR("localhost:"));
}

/*
 * A page of the web may make the operator's browser ask a loopback port, under a name of its own
 * ("DNS rebinding").
 */
static bool host_is_ours(struct vg_str head)
{
	struct vg_str line;

	while (vg_str_split(&head, '\n', &line))
		if (vg_str_istarts(line, VG_STR("host:")) &&
		    !names_loopback(vg_str_trim(vg_str_sub(line, 5, line.len))))
			return false;
	return true;
}

static const char *judge(const struct vg_listen *l, struct vg_str head)
{
	struct vg_str target;
	size_t end;

	if (!vg_str_starts(head, VG_STR("GET ")))
		return "405 Method Not Allowed";
	target = vg_str_sub(head, 4, head.len);
	end = vg_str_chr(target, ' ', 0);
	if (end == SIZE_MAX)
		return "400 Bad Request";
	if (!host_is_ours(head))
		return "403 Forbidden";
	return vg_str_eqz(vg_str_sub(target, 0, end), l->path) ? "200 OK"
							       : "404 Not Found";
}

static void client_answer(struct vg_listen *l, struct client *c, const char *status)
{
	bool good = strncmp(status, "200", 3) == 0;

	vg_buf_clear(&l->text);
	if (good)
		l->page(l->ctx, &l->text);
	else
		vg_buf_addf(&l->text, "%s; there is %s\n", status, l->path);
	if (vg_buf_status(&l->text, NULL)) {
		vg_buf_clear(&l->text);
		status = "500 Internal Server Error";
		good = false;
	}
	vg_buf_addf(&c->answer,
	    "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
	    "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
	    status, good ? l->type : "text/plain", l->text.len);
	vg_buf_adds(&c->answer, vg_buf_str(&l->text));
	c->answering = true;
	if (vg_buf_status(&c->answer, NULL))
		client_close(c);
}

static void client_read(struct vg_listen *l, struct client *c)
{
	ssize_t got = recv(c->fd, c->request + c->len, sizeof(c->request) - c->len, 0);
	struct vg_str head = {c->request, c->len};

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		client_close(c);
		return;
	}
	c->len += (size_t)got;
	head.len = c->len;
	if (vg_str_find(head, VG_STR("\r\n\r\n"), 0) != SIZE_MAX ||
	    vg_str_find(head, VG_STR("\n\n"), 0) != SIZE_MAX)
		client_answer(l, c, judge(l, head));
	else if (c->len == sizeof(c->request))
		client_answer(l, c, "431 Request Header Fields Too Large");
}

static void client_write(struct client *c)
{
	ssize_t put = send(c->fd, vg_buf_cstr(&c->answer) + c->sent,
	    c->answer.len - c->sent, MSG_NOSIGNAL);

	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (put > 0)
		c->sent += (size_t)put;
	if (put <= 0 || c->sent == c->answer.len)
		client_close(c);
}

static void accept_some(struct vg_listen *l, int64_t now)
{
	if (now - l->second >= VG_SECOND) {
		l->second = now;
		l->answers = 0;
	}
	for (size_t i = 0; i < MAX_CLIENTS && may_answer(l, now); i++) {
		struct client *c = &l->clients[i];

		if (c->fd >= 0)
			continue;
		c->fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (c->fd < 0) {
			/* Without a descriptor it stays readable: poll() would spin. */
			if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
				l->paused = now + PAUSE;
			return;
		}
		c->since = now;
		c->len = c->sent = 0;
		c->answering = false;
		l->answers++;
	}
}

void vg_listen_run(struct vg_listen *l)
{
	int64_t now = vg_clock_monotonic();

	if (!l)
		return;
	accept_some(l, now);
	for (size_t i = 0; i < MAX_CLIENTS; i++) {
		struct client *c = &l->clients[i];

		if (c->fd >= 0 && now - c->since > CLIENT_TIME)
			client_close(c);
		if (c->fd >= 0 && !c->answering)
			client_read(l, c);
		if (c->fd >= 0 && c->answering)
			client_write(c);
	}
}
