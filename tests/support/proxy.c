/* SPDX-License-Identifier: MIT */
/*
 * A proxy for tests: HTTP (absolute addresses and CONNECT) and SOCKS5 with names, on two ports of 127.0.21.1.
 *
 *	proxy LOG TARGET-IP TARGET-PORT
 *
 * Whatever it is asked for, it connects to the target. Prints "http=IP:PORT", "socks=IP:PORT" and "ready"; a line of LOG
 * is the protocol and the host that was asked for. One client after the other, one request a connection; ends at the end
 * of its standard input.
 */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static FILE *log_file;
static struct sockaddr_in target = {.sin_family = AF_INET};

static int listen_on(const char *name)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(0x7F001501u);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) || listen(fd, 64) ||
	    getsockname(fd, (struct sockaddr *)&address, &size))
		exit(2);
	printf("%s=127.0.21.1:%u\n", name, ntohs(address.sin_port));
	return fd;
}

static int reach(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&target, sizeof(target))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool put(int fd, const void *bytes, size_t len)
{
	return write(fd, bytes, len) == (ssize_t)len;
}

static bool get(int fd, void *bytes, size_t len)
{
	return recv(fd, bytes, len, MSG_WAITALL) == (ssize_t)len;
}

/* Until the head is whole; its length, or 0. */
static size_t get_head(int fd, char *text, size_t size)
{
	size_t len = 0;

	while (len + 1 < size && get(fd, text + len, 1)) {
		text[++len] = '\0';
		if (len >= 4 && !strcmp(text + len - 4, "\r\n\r\n"))
			return len;
	}
	return 0;
}

/* Passes bytes on until one side is done or silent. */
static void relay(int a, int b)
{
	struct pollfd fds[2] = {
	    {.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
	char bytes[8192];

	while (poll(fds, 2, 300) > 0) {
		for (int i = 0; i < 2; i++) {
			ssize_t got;

			if (!fds[i].revents)
				continue;
			got = read(fds[i].fd, bytes, sizeof(bytes));
			if (got <= 0 || !put(fds[!i].fd, bytes, (size_t)got))
				return;
		}
	}
}

static void serve_http(int fd)
{
	char head[8192], host[256] = "", *path;
	size_t len = get_head(fd, head, sizeof(head));
	bool tunnel = !strncmp(head, "CONNECT ", 8);
	int out = len ? reach() : -1;

	if (out < 0)
		return;
	(void)sscanf(head, tunnel ? "CONNECT %255[^ ]" : "GET http://%255[^/ ]", host);
	(void)fprintf(log_file, "%s %s\n", tunnel ? "connect" : "http", host);
	path = strstr(head, "://");
	path = path ? strchr(path + 3, '/') : NULL;
	if (tunnel ? put(fd, "HTTP/1.1 200 x\r\n\r\n", 18)
		   : path && put(out, "GET ", 4) && put(out, path, strlen(path)))
		relay(fd, out);
	close(out);
}

static void serve_socks(int fd)
{
	unsigned char head[4], methods[256], name[256], port[2];
	int out = -1;

	if (!get(fd, head, 2) || !get(fd, methods, head[1]) || !put(fd, "\5\0", 2) ||
	    !get(fd, head, 4))
		return;
	/* Names only: an address would mean that somebody else resolved it. */
	if (head[3] == 3 && get(fd, name, 1)) {
		size_t len = name[0];

		if (get(fd, name, len) && get(fd, port, 2)) {
			(void)fprintf(log_file, "socks %.*s\n", (int)len, (char *)name);
			out = reach();
		}
	} else {
		(void)fprintf(log_file, "socks-address\n");
	}
	if (put(fd, out < 0 ? "\5\1\0\1\0\0\0\0\0\0" : "\5\0\0\1\0\0\0\0\0\0", 10) &&
	    out >= 0)
		relay(fd, out);
	if (out >= 0)
		close(out);
}

int main(int argc, char **argv)
{
	struct pollfd fds[3] = {{.fd = 0, .events = POLLIN}};

	if (argc != 4 || inet_pton(AF_INET, argv[2], &target.sin_addr) != 1)
		return 2;
	(void)signal(SIGPIPE, SIG_IGN);
	target.sin_port = htons((uint16_t)atoi(argv[3]));
	log_file = fopen(argv[1], "ae");
	if (!log_file)
		return 2;
	fds[1] = (struct pollfd){.fd = listen_on("http"), .events = POLLIN};
	fds[2] = (struct pollfd){.fd = listen_on("socks"), .events = POLLIN};
	printf("ready\n");
	(void)fflush(stdout);
	while (poll(fds, 3, -1) > 0 && !fds[0].revents) {
		for (int i = 1; i < 3; i++) {
			int fd = fds[i].revents ? accept(fds[i].fd, NULL, NULL) : -1;

			if (fd < 0)
				continue;
			(i == 1 ? serve_http : serve_socks)(fd);
			(void)fflush(log_file);
			close(fd);
		}
	}
	return 0;
}
