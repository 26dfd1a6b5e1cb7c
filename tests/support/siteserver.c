/* SPDX-License-Identifier: MIT */
/*
 * Many small sites, each on an address of its own, that log every request for an independent judge.
 *
 *	siteserver LOG HOSTS PAGES MOOD
 *
 * Prints "siteN.example=127.0.20.N:PORT" and "ready"; ends at the end of its standard input. Page N links to
 * pages 2N+1 and 2N+2 and has an ETag. MOOD 0: every answer is good; else about one in MOOD is a 429 or a
 * 503, with Retry-After in seconds or as a date, and one site in four states a Crawl-delay.
 * A line of LOG: host, microseconds of arrival and of departure, status, earliest next request
 * (microseconds, 0: not asked for), least gap (microseconds), path.
 */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define MAX_HOSTS 100
#define MAX_CLIENTS 400
#define CRAWL_DELAY 60000 /* microseconds */

struct client {
	int fd, host;
	size_t len;
	char text[8192];
};

static struct pollfd fds[MAX_HOSTS + MAX_CLIENTS + 1];
static struct client clients[MAX_CLIENTS];
static int listeners[MAX_HOSTS], client_count, host_count, page_count;
static unsigned mood, turn;
static FILE *log_file;

static int listen_on(int n)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(0x7F001400u + (unsigned)n);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) || listen(fd, 64) ||
	    getsockname(fd, (struct sockaddr *)&address, &size))
		exit(2);
	printf("site%d.example=127.0.20.%d:%u\n", n, n, ntohs(address.sin_port));
	return fd;
}

static bool has_delay(int host)
{
	return mood && host % 4 == 0;
}

static void body_of(int host, const char *path, char *body, size_t size)
{
	int page = 0;

	if (!strcmp(path, "/robots.txt")) {
		(void)snprintf(body, size,
		    "User-agent: *\nDisallow: /secret\n%s"
		    "Sitemap: http://site%d.example/map.xml\n",
		    has_delay(host) ? "Crawl-delay: 0.06\n" : "", host);
	} else if (!strcmp(path, "/map.xml")) {
		(void)snprintf(body, size,
		    "<urlset><url><loc>http://site%d.example/p%d</loc></url></urlset>",
		    host, page_count - 1);
	} else {
		(void)sscanf(path, "/p%d", &page);
		(void)snprintf(body, size,
		    "<title>Farmacia %d</title><p>Pagina %d: tramadol sin receta, "
		    "WhatsApp +52 55 1234 %04d</p><a href=/secret>x</a>"
		    "%s<a href=/p%d>a</a>%s%s<a href=/p%d>b</a>%s",
		    host, page, page, 2 * page + 1 < page_count ? "" : "<!--",
		    2 * page + 1, 2 * page + 1 < page_count ? "" : "-->",
		    2 * page + 2 < page_count ? "" : "<!--", 2 * page + 2,
		    2 * page + 2 < page_count ? "" : "-->");
	}
}

/* What the mood makes of an answer: its status, and when one may ask again. */
static int moody(int host, int64_t now, int64_t *ret_at, char header[128])
{
	time_t at = (time_t)(now / VG_SECOND) + 2;
	struct tm utc;
	static bool sulked[MAX_HOSTS + 1];

	/* Never twice in a row to one host: a page is given up after three failures. */
	sulked[host] = mood && !sulked[host] && !((++turn * 2654435761u >> 8) % mood);
	if (!sulked[host])
		return 200;
	if (turn % 2) {
		*ret_at = now + VG_SECOND;
		(void)snprintf(header, 128, "Retry-After: 1\r\n");
		return 429;
	}
	*ret_at = (int64_t)at * VG_SECOND;
	(void)strftime(header, 128, "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n",
	    gmtime_r(&at, &utc));
	return 503;
}

static void answer(struct client *c)
{
	char path[256] = "", body[2048] = "", head[1024], header[128] = "", etag[300],
	     want[400];
	int64_t arrived = vg_clock_now(), retry_at = 0;
	int64_t left;
	int status;

	(void)sscanf(c->text, "GET %255s", path);
	/* A robots.txt that fails would close its site for an hour. */
	status = strcmp(path, "/robots.txt")
		     ? moody(c->host, arrived, &retry_at, header)
		     : 200;
	(void)snprintf(etag, sizeof(etag), "\"%d%s\"", c->host, path);
	(void)snprintf(want, sizeof(want), "If-None-Match: %s\r\n", etag);
	if (status == 200 && strstr(c->text, want))
		status = 304;
	else if (status == 200)
		body_of(c->host, path, body, sizeof(body));
	(void)snprintf(head, sizeof(head),
	    "HTTP/1.1 %d x\r\nContent-Type: %s\r\n%sETag: %s\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    status, strstr(path, ".txt") ? "text/plain" : "text/html", header, etag,
	    strlen(body));
	/* Before the answer is sent: whoever has it cannot have had it earlier. */
	left = vg_clock_now();
	if (write(c->fd, head, strlen(head)) < 0 ||
	    (body[0] && write(c->fd, body, strlen(body)) < 0))
		status = 0;
	(void)fprintf(log_file, "site%d %lld %lld %d %lld %d %s\n", c->host,
	    (long long)arrived, (long long)left, status, (long long)retry_at,
	    has_delay(c->host) ? CRAWL_DELAY : 0, path);
	(void)fflush(log_file);
	c->len = 0;
}

static void drop(int i)
{
	close(clients[i].fd);
	clients[i] = clients[--client_count];
}

static void serve(int i)
{
	struct client *c = &clients[i];
	ssize_t got = read(c->fd, c->text + c->len, sizeof(c->text) - 1 - c->len);

	if (got <= 0) {
		drop(i);
		return;
	}
	c->len += (size_t)got;
	c->text[c->len] = '\0';
	if (strstr(c->text, "\r\n\r\n"))
		answer(c);
	else if (c->len + 1 == sizeof(c->text))
		drop(i);
}

static void greet(int host)
{
	int fd = accept(listeners[host], NULL, NULL);

	if (fd < 0)
		return;
	if (client_count == MAX_CLIENTS) {
		close(fd);
		return;
	}
	clients[client_count++] = (struct client){.fd = fd, .host = host + 1};
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	/* A crawler that is killed is no reason to die. */
	(void)signal(SIGPIPE, SIG_IGN);
	log_file = fopen(argv[1], "ae");
	host_count = atoi(argv[2]);
	page_count = atoi(argv[3]);
	mood = (unsigned)atoi(argv[4]);
	if (!log_file || host_count < 1 || host_count > MAX_HOSTS)
		return 2;
	for (int i = 0; i < host_count; i++)
		listeners[i] = listen_on(i + 1);
	printf("ready\n");
	(void)fflush(stdout);
	for (;;) {
		int n = 0;

		fds[n++] = (struct pollfd){.fd = 0, .events = POLLIN};
		for (int i = 0; i < host_count; i++)
			fds[n++] =
			    (struct pollfd){.fd = listeners[i], .events = POLLIN};
		for (int i = 0; i < client_count; i++)
			fds[n++] =
			    (struct pollfd){.fd = clients[i].fd, .events = POLLIN};
		if (poll(fds, (nfds_t)n, -1) < 0)
			return 1;
		if (fds[0].revents)
			return 0;
		for (int i = client_count - 1; i >= 0; i--)
			if (fds[1 + host_count + i].revents)
				serve(i);
		for (int i = 0; i < host_count; i++)
			if (fds[1 + i].revents)
				greet(i);
	}
}
