/* SPDX-License-Identifier: MIT */
/* The listener costs its owner nothing while it cannot take anybody in. */
#include "config.h"

#include "support/unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch/listen.h"

static void page(void *ctx, struct vg_buf *out)
{
	(void)ctx;
	vg_buf_addz(out, "hello\n");
}

static void listen__no_descriptors_left__does_not_spin(void **state)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	struct pollfd fds[VG_LISTEN_FDS];
	struct vg_listen *l = NULL;
	struct rlimit before, none;
	int client;

	(void)state;
	assert_int_equal(
	    vg_listen_new("127.0.0.1:0", "/x", "text/plain", page, NULL, &l, NULL), VG_OK);
	to.sin_port = htons((uint16_t)vg_listen_port(l));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(client >= 0);
	assert_int_equal(connect(client, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(vg_listen_pollfds(l, fds, VG_LISTEN_FDS), 1);
	assert_int_equal(poll(fds, 1, 5000), 1);

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	vg_listen_run(l);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(vg_listen_pollfds(l, fds, VG_LISTEN_FDS), 0);
	/* The client is not forgotten. */
	while (vg_listen_pollfds(l, fds, VG_LISTEN_FDS) == 0)
		(void)poll(NULL, 0, 20);
	vg_listen_run(l);
	assert_int_equal(vg_listen_pollfds(l, fds, VG_LISTEN_FDS), 2);
	(void)close(client);
	vg_listen_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(listen__no_descriptors_left__does_not_spin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
