/* SPDX-License-Identifier: MIT */
/* Hosts at one address wait for each other, however many addresses there were. */
#include "config.h"

#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "crawl/crawl_priv.h"

#define HOSTS 6
#define TABLE 4 /* addresses that are kept */

static struct host hosts[HOSTS];

static void start(struct crawl *c)
{
	*c = (struct crawl){0};
	c->hosts = VG_VEC_INIT(struct host *, HOSTS, NULL);
	c->peers = VG_VEC_INIT(struct peer, TABLE, NULL);
	memset(hosts, 0, sizeof(hosts));
	for (size_t i = 0; i < HOSTS; i++) {
		struct host **place = vg_vec_push(&c->hosts);

		assert_non_null(place);
		*place = &hosts[i];
		hosts[i].crawl = c;
	}
}

static void stop(struct crawl *c)
{
	vg_vec_release(&c->hosts);
	vg_vec_release(&c->peers);
}

static void peer__full_table__forgets_the_oldest(void **state)
{
	struct vg_capture none = {0};
	struct crawl c;
	char ip[32];

	(void)state;
	start(&c);
	for (unsigned i = 0; i < 4 * TABLE; i++) {
		(void)snprintf(ip, sizeof(ip), "192.0.2.%u", i);
		assert_true(peer_may_connect(&hosts[0], ip));
		peer_end(&hosts[0], &none);
		/* Whatever was forgotten, who comes next to this address waits. */
		assert_false(peer_may_connect(&hosts[1 + i % 2], ip));
		assert_true(peer_next(&hosts[1 + i % 2]) > 0);
	}
	assert_int_equal(c.peers.len, TABLE);
	assert_true(peer_may_connect(&hosts[3], "192.0.2.99"));
	assert_false(peer_may_connect(&hosts[4], "192.0.2.99"));
	assert_true(peer_next(&hosts[4]) == VG_NEVER);
	stop(&c);
}

static void peer__busy_addresses__are_kept(void **state)
{
	struct crawl c;

	(void)state;
	start(&c);
	for (unsigned i = 0; i < TABLE - 1; i++) {
		char ip[32];

		(void)snprintf(ip, sizeof(ip), "192.0.2.%u", i);
		assert_true(peer_may_connect(&hosts[i], ip));
	}
	for (unsigned i = 0; i < 3; i++) {
		char ip[32];

		(void)snprintf(ip, sizeof(ip), "198.51.100.%u", i);
		assert_true(peer_may_connect(&hosts[HOSTS - 1], ip));
	}
	for (unsigned i = 0; i < TABLE - 1; i++) {
		char ip[32];

		(void)snprintf(ip, sizeof(ip), "192.0.2.%u", i);
		assert_false(peer_may_connect(&hosts[HOSTS - 2], ip));
		assert_true(peer_next(&hosts[HOSTS - 2]) == VG_NEVER);
	}
	stop(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(peer__full_table__forgets_the_oldest),
	    cmocka_unit_test(peer__busy_addresses__are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
