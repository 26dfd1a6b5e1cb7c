/* SPDX-License-Identifier: MIT */
/*
 * A badly behaved HTTP server: resets, lies about lengths, drips, floods. Each path is one way to
 * misbehave. Usage: fixture ADDRESS [PORT]; prints its port, ends when standard input closes.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#define LIFE 300 /* seconds, whatever happens */
#define MAX_REQUEST 65536

static const char request_end[] = "\r\n\r\n";

static bool put(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static bool say(int fd, const char *text)
{
	return put(fd, text, strlen(text));
}

static void nap(long milliseconds)
{
	struct timespec t = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	(void)nanosleep(&t, NULL);
}

/* Makes close() send RST. */
static void arm_reset(int fd)
{
	struct linger l = {1, 0};

	nap(50); /* lets what was sent be read first */
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
}

static void answer(int fd, const char *status, const char *fields, const char *body)
{
	char head[4096];

	(void)snprintf(head, sizeof(head),
	    "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status, fields,
	    strlen(body));
	if (say(fd, head))
		(void)say(fd, body);
}

/* Each returns true to keep the connection. */
typedef bool behaviour(int fd, const char *request);

static bool do_ok(int fd, const char *request)
{
	(void)request;
	answer(
	    fd, "200 OK", "Content-Type: text/html; charset=utf-8\r\n", "<p>hello</p>");
	return true;
}

static bool do_echo(int fd, const char *request)
{
	answer(fd, "200 OK", "Content-Type: text/plain\r\n", request);
	return true;
}

static bool do_chunked(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		      "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n");
	return true;
}

static bool do_chunk_cut(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
		      "chunked\r\n\r\n5\r\nhello\r\n6\r\n wo");
	return false;
}

static bool do_bad_chunk(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
		      "chunked\r\n\r\n5\r\nhello\r\nZZ\r\nx\r\n");
	return false;
}

static bool do_chunk_flood(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
		      "chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx\r\n");
	return false;
}

static bool do_redirect_loop(int fd, const char *request)
{
	(void)request;
	answer(fd, "302 Found", "Location: redirect-loop?again\r\n", "");
	return true;
}

static bool do_redirect_private(int fd, const char *request)
{
	(void)request;
	answer(fd, "301 Moved Permanently",
	    "Location: http://2852039166/latest/meta-data/\r\n", "");
	return true;
}

static bool do_redirect_robots(int fd, const char *request)
{
	(void)request;
	answer(fd, "302 Found", "Location: http://2852039166/robots.txt\r\n", "");
	return true;
}

static bool do_map(int fd, const char *request)
{
	(void)request;
	answer(fd, "200 OK", "Content-Type: text/plain\r\n",
	    "User-agent: *\nSitemap: http://0xa9fea9fe/map.xml\n");
	return true;
}

/* To whatever follows "/to/". */
static bool do_redirect_to(int fd, const char *request)
{
	const char *path = strstr(request, "/to/");
	char header[2048];

	(void)snprintf(header, sizeof(header), "Location: %.*s\r\n",
	    path ? (int)(strcspn(path + 4, " ") % 1024) : 0, path ? path + 4 : "");
	answer(fd, "302 Found", header, "");
	return true;
}

static bool do_redirect_bytes(int fd, const char *request)
{
	(void)request;
	answer(fd, "302 Found", "Location: /caf\xe9 bar\r\n", "");
	return true;
}

static bool do_reset(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
	arm_reset(fd);
	return false;
}

static bool do_reset_head(int fd, const char *request)
{
	(void)request;
	arm_reset(fd);
	return false;
}

static bool do_short(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
	return false;
}

static bool do_long(int fd, const char *request)
{
	(void)request;
	(void)say(
	    fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and much more");
	return false;
}

static bool do_slow_drip(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\n\r\n");
	while (say(fd, "."))
		nap(100);
	return false;
}

static bool do_stall(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
	nap(LIFE * 1000);
	return false;
}

static bool do_no_answer(int fd, const char *request)
{
	(void)request;
	(void)fd;
	nap(LIFE * 1000);
	return false;
}

static bool do_endless(int fd, const char *request)
{
	char block[4096];

	(void)request;
	memset(block, 'x', sizeof(block));
	(void)say(fd, "HTTP/1.1 200 OK\r\n\r\n");
	while (put(fd, block, sizeof(block)))
		;
	return false;
}

static bool do_header_flood(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\n");
	while (
	    say(fd, "X-Flood: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"))
		;
	return false;
}

static bool do_huge_header(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\nX-Huge: ");
	while (
	    say(fd, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"))
		;
	return false;
}

static bool do_charset_lie(int fd, const char *request)
{
	(void)request;
	answer(fd, "200 OK", "Content-Type: text/html; charset=utf-8\r\n",
	    "<p>Farmac\355a</p>");
	return true;
}

/* 32 MB of zeros in 32 KB. */
static bool do_gzip_bomb(int fd, const char *request)
{
	static unsigned char zeros[65536];
	unsigned char out[65536];
	z_stream z = {0};

	(void)request;
	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	(void)say(fd, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
	for (int i = 0; i <= 512; i++) {
		z.next_in = zeros;
		z.avail_in = i < 512 ? sizeof(zeros) : 0;
		z.next_out = out;
		z.avail_out = sizeof(out);
		(void)deflate(&z, i < 512 ? Z_NO_FLUSH : Z_FINISH);
		if (!put(fd, (const char *)out, sizeof(out) - z.avail_out))
			break;
	}
	(void)deflateEnd(&z);
	return false;
}

static bool do_close_early(int fd, const char *request)
{
	(void)fd;
	(void)request;
	return false;
}

static bool do_head_cut(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 200 OK\r\nContent-Ty");
	return false;
}

static bool do_garbage(int fd, const char *request)
{
	(void)request;
	(void)put(fd, "\x16\x03\x01\x02\x00\x00\x00\xff\xfe\x01\r\n\r\n", 14);
	return false;
}

static bool do_bare(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "<p>no head at all</p>");
	return false;
}

static bool do_interim(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
	answer(fd, "200 OK", "X-Final: yes\r\n", "final");
	return true;
}

static bool do_old(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.0 200 OK\nContent-Type: text/html\n\nuntil the end");
	return false;
}

static bool do_control_bytes(int fd, const char *request)
{
	static const char text[] =
	    "HTTP/1.1 200 OK\r\nX-Nul: a\0b\x1b[31m\r\nContent-Length: 2\r\n\r\nok";

	(void)request;
	(void)put(fd, text, sizeof(text) - 1);
	return false;
}

static bool do_not_modified(int fd, const char *request)
{
	if (strstr(request, "If-None-Match: \"v1\"\r\n") != NULL)
		(void)say(fd, "HTTP/1.1 304 Not Modified\r\nETag: "
			      "\"v1\"\r\nContent-Length: 5\r\n\r\n");
	else
		answer(fd, "200 OK", "ETag: \"v1\"\r\n", "hello");
	return true;
}

static bool do_nowhere(int fd, const char *request)
{
	(void)request;
	answer(fd, "301 Moved Permanently", "", "gone, but where?");
	return true;
}

static bool do_unasked(int fd, const char *request)
{
	(void)request;
	(void)say(fd, "HTTP/1.1 304 Not Modified\r\nETag: \"v9\"\r\n\r\n");
	return true;
}

static bool do_partial(int fd, const char *request)
{
	(void)request;
	answer(fd, "206 Partial Content",
	    "Content-Type: text/html\r\nContent-Range: bytes 0-9/100\r\n",
	    "<p>hello</");
	return true;
}

/* Retry-After as a date, two seconds from now. */
static bool do_later(int fd, const char *request)
{
	char fields[64], date[40];
	time_t then = time(NULL) + 2;
	struct tm tm;

	(void)request;
	(void)gmtime_r(&then, &tm);
	(void)strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	(void)snprintf(fields, sizeof(fields), "Retry-After: %s\r\n", date);
	answer(fd, "503 Service Unavailable", fields, "later");
	return true;
}

static behaviour *find_behaviour(const char *request);

/* The host robots-NAME.… answers with the behaviour NAME. */
static bool do_robots(int fd, const char *request)
{
	const char *name = strstr(request, "\r\nHost: robots-");
	char line[128];

	if (name != NULL) {
		behaviour *run;

		name += strlen("\r\nHost: robots-");
		(void)snprintf(line, sizeof(line), "GET /%.*s HTTP/1.1\r\n",
		    (int)strcspn(name, ".\r"), name);
		run = find_behaviour(line);
		return run == NULL || run(fd, line);
	}
	answer(fd, "200 OK", "Content-Type: text/plain\r\n",
	    "User-agent: *\nDisallow: /private/\nCrawl-delay: 1\n");
	return true;
}

static bool do_status(int fd, const char *request)
{
	const char *digits = strstr(request, "/status-");
	char status[64];

	(void)snprintf(status, sizeof(status), "%.3s Status",
	    digits != NULL && strlen(digits) > 11 ? digits + 8 : "500");
	answer(fd, status, "Retry-After: 2\r\n", "status");
	return true;
}

static const struct {
	const char *path;
	behaviour *run;
} behaviours[] = {
    {"/ok", do_ok},
    {"/echo", do_echo},
    {"/chunked", do_chunked},
    {"/chunk-cut", do_chunk_cut},
    {"/bad-chunk", do_bad_chunk},
    {"/chunk-flood", do_chunk_flood},
    {"/redirect-loop", do_redirect_loop},
    {"/redirect-private", do_redirect_private},
    {"/redirect-robots", do_redirect_robots},
    {"/map", do_map},
    {"/redirect-bytes", do_redirect_bytes},
    {"/reset", do_reset},
    {"/reset-head", do_reset_head},
    {"/short", do_short},
    {"/long", do_long},
    {"/slow-drip", do_slow_drip},
    {"/stall", do_stall},
    {"/no-answer", do_no_answer},
    {"/endless", do_endless},
    {"/header-flood", do_header_flood},
    {"/huge-header", do_huge_header},
    {"/charset-lie", do_charset_lie},
    {"/gzip-bomb", do_gzip_bomb},
    {"/close-early", do_close_early},
    {"/head-cut", do_head_cut},
    {"/garbage", do_garbage},
    {"/bare", do_bare},
    {"/interim", do_interim},
    {"/old", do_old},
    {"/control-bytes", do_control_bytes},
    {"/not-modified", do_not_modified},
    {"/robots.txt", do_robots},
    {"/later", do_later},
    {"/nowhere", do_nowhere},
    {"/partial", do_partial},
    {"/unasked", do_unasked},
};

static behaviour *find_behaviour(const char *request)
{
	const char *path = strchr(request, ' ');
	size_t len = path == NULL ? 0 : strcspn(path + 1, " ?");

	for (size_t i = 0; i < sizeof(behaviours) / sizeof(behaviours[0]); i++) {
		if (len == strlen(behaviours[i].path) &&
		    memcmp(path + 1, behaviours[i].path, len) == 0)
			return behaviours[i].run;
	}
	if (path != NULL && strncmp(path + 1, "/to/", 4) == 0)
		return do_redirect_to;
	return path != NULL && strncmp(path + 1, "/status-", 8) == 0 ? do_status : NULL;
}

static void serve(int fd)
{
	static char request[MAX_REQUEST];
	bool keep = true;

	while (keep) {
		size_t len = 0;
		behaviour *run;

		do {
			ssize_t n =
			    recv(fd, request + len, sizeof(request) - 1 - len, 0);

			if (n <= 0)
				return;
			len += (size_t)n;
			request[len] = '\0';
		} while (
		    strstr(request, request_end) == NULL && len < sizeof(request) - 1);
		run = find_behaviour(request);
		if (run == NULL)
			answer(fd, "404 Not Found", "", "no such behaviour");
		keep = run == NULL || run(fd, request);
	}
}

static int listen_on(const char *address, const char *port)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	in.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	if (fd < 0 || inet_pton(AF_INET, address, &in.sin_addr) != 1 ||
	    (ntohl(in.sin_addr.s_addr) >> 24) != 127)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&in, sizeof(in)) != 0 || listen(fd, 64) != 0 ||
	    getsockname(fd, (struct sockaddr *)&in, &len) != 0)
		return -1;
	(void)printf("%u\n", ntohs(in.sin_port));
	(void)fflush(stdout);
	return fd;
}

static void start_child(int listener)
{
	int fd = accept(listener, NULL, NULL);
	pid_t pid;

	if (fd < 0)
		return;
	pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)alarm(LIFE);
		(void)close(listener);
		serve(fd);
		(void)close(fd);
		_exit(0);
	}
	(void)close(fd);
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = {
	    {.fd = STDIN_FILENO, .events = POLLIN}, {.events = POLLIN}};

	if (argc < 2 || argc > 3) {
		(void)fprintf(stderr, "usage: fixture 127.x.y.z [PORT]\n");
		return 2;
	}
	fds[1].fd = listen_on(argv[1], argc == 3 ? argv[2] : "0");
	if (fds[1].fd < 0) {
		(void)fprintf(stderr, "fixture: cannot listen on %s\n", argv[1]);
		return 1;
	}
	(void)alarm(LIFE);
	for (;;) {
		char ignored[64];

		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (poll(fds, 2, 1000) < 0 && errno != EINTR)
			return 1;
		if (fds[0].revents != 0 &&
		    read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0)
			return 0;
		if (fds[1].revents != 0)
			start_child(fds[1].fd);
	}
}
