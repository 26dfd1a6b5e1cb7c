/* SPDX-License-Identifier: MIT */
/*
 * The demo market: serves each folder of a sites directory as one *.example host, each on a loopback
 * address of its own. Prints "host=address:port" a line, then "ready"; ends when standard input
 * closes or on SIGTERM.
 */
#include "config.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/io.h"
#include "base/str.h"

#define MAX_HOSTS 64
#define FIRST_ADDRESS 0x7F00010Au /* 127.0.1.10 */

struct host {
	char *name;
	int folder; /* descriptor of its directory */
	struct MHD_Daemon *daemon;
};

/* Letters, digits and "._-/" without a "..": no way out of the folder. */
static bool is_plain_path(const char *path)
{
	if (strstr(path, ".."))
		return false;
	for (; *path; path++)
		if (!vg_is_alnum(*path) && !strchr("._-/", *path))
			return false;
	return true;
}

/* The file behind a request path, "/x/" meaning "/x/index.html"; -1 when there is none. */
static int open_path(const struct host *h, const char *path, struct stat *ret_stat)
{
	char name[1024];
	size_t len = strlen(path);
	int fd;

	if (!is_plain_path(path) || len + sizeof("./index.html") > sizeof(name))
		return -1;
	(void)snprintf(name, sizeof(name), ".%s%s", path,
	    len && path[len - 1] == '/' ? "index.html" : "");
	fd = openat(h->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && (fstat(fd, ret_stat) || !S_ISREG(ret_stat->st_mode)))
		vg_close(&fd);
	return fd;
}

static const char *content_type(const char *path)
{
	struct vg_str s = vg_str(path);

	if (vg_str_ends(s, VG_STR(".css")))
		return "text/css";
	if (vg_str_ends(s, VG_STR(".txt")))
		return "text/plain; charset=utf-8";
	return "text/html; charset=utf-8";
}

static enum MHD_Result answer(void *ctx, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *body,
    size_t *body_len, void **state)
{
	static const char missing[] =
	    "<!DOCTYPE html><title>Not found</title><p>Not found";
	const struct host *h = ctx;
	struct MHD_Response *response;
	struct stat st;
	enum MHD_Result result;
	unsigned status = MHD_HTTP_OK;
	int fd;

	(void)version;
	(void)body;
	(void)body_len;
	(void)state;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0)
		return MHD_NO;
	fd = open_path(h, url, &st);
	if (fd >= 0) {
		response = MHD_create_response_from_fd64((uint64_t)st.st_size, fd);
	} else {
		response = MHD_create_response_from_buffer_with_free_callback(
		    sizeof(missing) - 1, (void *)(uintptr_t)missing, NULL);
		status = MHD_HTTP_NOT_FOUND;
	}
	if (!response) {
		vg_close(&fd);
		return MHD_NO;
	}
	result = MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
	    status == MHD_HTTP_OK ? content_type(url) : "text/html");
	if (result == MHD_YES)
		result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static bool host_serve(struct host *h, uint32_t address, uint16_t port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr = {htonl(address)}};
	const union MHD_DaemonInfo *info;
	char text[INET_ADDRSTRLEN];

	h->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, port, NULL, NULL,
	    answer, h, MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&at,
	    MHD_OPTION_CONNECTION_LIMIT, 64u, MHD_OPTION_CONNECTION_TIMEOUT, 30u,
	    MHD_OPTION_END);
	if (!h->daemon)
		return false;
	info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
	if (!info || !inet_ntop(AF_INET, &at.sin_addr, text, sizeof(text)))
		return false;
	return printf("%s=%s:%u\n", h->name, text, (unsigned)info->port) > 0;
}

/* Folder names are host names; sorted, so that addresses stay the same. */
static int is_host(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       vg_str_ends(vg_str(entry->d_name), VG_STR(".example"));
}

static int serve(const char *sites, uint16_t port)
{
	static struct host hosts[MAX_HOSTS];
	struct dirent **entries = NULL;
	int count = scandir(sites, &entries, is_host, alphasort), status = 3, sites_fd;
	char wait_for_end;

	sites_fd = open(sites, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (count <= 0 || count > MAX_HOSTS || sites_fd < 0) {
		(void)fprintf(stderr, "market: no *.example folders in %s\n", sites);
		goto out;
	}
	for (int i = 0; i < count; i++) {
		hosts[i].name = entries[i]->d_name;
		hosts[i].folder =
		    openat(sites_fd, hosts[i].name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (hosts[i].folder < 0 ||
		    !host_serve(&hosts[i], FIRST_ADDRESS + (uint32_t)i, port)) {
			(void)fprintf(stderr,
			    "market: cannot serve %s on port %u: is it taken?\n",
			    hosts[i].name, (unsigned)port);
			goto out;
		}
	}
	if (puts("ready") < 0 || fflush(stdout))
		goto out;
	while (read(STDIN_FILENO, &wait_for_end, 1) > 0)
		;
	status = 0;
out:
	for (int i = 0; i < MAX_HOSTS; i++) {
		if (hosts[i].daemon)
			MHD_stop_daemon(hosts[i].daemon);
		if (hosts[i].folder > 0)
			vg_close(&hosts[i].folder);
	}
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	vg_close(&sites_fd);
	return status;
}

int main(int argc, char **argv)
{
	uint64_t port = 8471;

	if (argc < 2 || argc > 3 ||
	    (argc == 3 && (!vg_str_to_u64(vg_str(argv[2]), &port) || port > 65535))) {
		(void)fputs(
		    "usage: market SITES-DIR [PORT]   (0: any free port)\n", stderr);
		return 2;
	}
	return serve(argv[1], (uint16_t)port);
}
