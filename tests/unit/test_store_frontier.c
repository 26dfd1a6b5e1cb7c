/* SPDX-License-Identifier: MIT */
/* store/frontier: what is due, who may fetch it, and that nothing is lost or doubled. */
#include "config.h"

#include "support/store_case.h"
#include "store/operate.h"

static struct vg_new_url new_url(
    const char *url, const char *host, int rank, int64_t due)
{
	return (struct vg_new_url){
	    .url = vg_str(url), .host = vg_str(host), .rank = rank, .due_at = due};
}

static void begin(struct store_case *c)
{
	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
}

static void commit(struct store_case *c)
{
	assert_status(vg_store_commit(c->s, NULL), VG_OK);
}

static size_t add(struct store_case *c, const char *url, const char *host, int rank)
{
	struct vg_new_url u = new_url(url, host, rank, 10);
	size_t added = 99;

	assert_status(
	    vg_store_add_urls(c->s, VG_STR("shop"), &u, 1, &added, NULL), VG_OK);
	return added;
}

static struct vg_lease claim(struct store_case *c, int64_t now)
{
	struct vg_lease lease;

	assert_status(
	    vg_store_claim_host(c->s, now, now, now + 60 * 1000000, &lease, NULL),
	    VG_OK);
	return lease;
}

static void store_due_urls__ranks__come_in_order(void **state)
{
	struct store_case *c = *state;
	struct vg_due_url *due = NULL;
	struct vg_lease lease;
	size_t count = 0;

	begin(c);
	assert_int_equal(add(c, "http://a.example/3", "a.example", 3), 1);
	assert_int_equal(add(c, "http://a.example/0", "a.example", 0), 1);
	assert_int_equal(add(c, "http://a.example/1", "a.example", 1), 1);
	lease = claim(c, 20);
	assert_string_equal(lease.host, "a.example");
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 20, 2, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 2);
	assert_str(due[0].url, "http://a.example/0");
	assert_str(due[1].url, "http://a.example/1");
	assert_str(due[0].site, "shop");
	assert_false(due[0].visited);
	commit(c);
}

static void store_claim_host__leased_host__is_not_given_twice(void **state)
{
	struct store_case *c = *state;
	struct vg_lease first, second;

	begin(c);
	add(c, "http://a.example/", "a.example", 0);
	first = claim(c, 20);
	assert_status(
	    vg_store_claim_host(c->s, 21, 21, 1000, &second, NULL), VG_E_NOT_FOUND);
	/* After its end another may have it, and the first has lost it. */
	second = claim(c, first.until + 1);
	assert_string_equal(second.host, "a.example");
	assert_status(vg_store_update_host(c->s, &first, first.until + 5, 0, 0, NULL),
	    VG_E_NOT_FOUND);
	assert_true(vg_store_in_transaction(c->s));
	assert_status(vg_store_update_host(c->s, &second, 0, 77, 3, NULL), VG_OK);
	second = claim(c, 30);
	assert_int_equal(second.next_at, 77);
	assert_int_equal(second.failures, 3);
	commit(c);
}

static void store_claim_host__not_yet_due__is_not_found(void **state)
{
	struct store_case *c = *state;
	struct vg_lease lease;

	begin(c);
	add(c, "http://a.example/", "a.example", 0);
	assert_status(
	    vg_store_claim_host(c->s, 9, 9, 100, &lease, NULL), VG_E_NOT_FOUND);
	commit(c);
}

static void store_add_urls__known_link__is_dropped(void **state)
{
	struct store_case *c = *state;
	struct vg_lease lease;
	struct vg_store_counts counts;

	begin(c);
	assert_int_equal(add(c, "http://a.example/", "a.example", 0), 1);
	assert_int_equal(add(c, "http://a.example/", "a.example", 0), 0);
	commit(c);
	/* Another process appends without looking; the next holder of the lease cleans up. */
	vg_store_close(c->s);
	store_case_open(c);
	begin(c);
	assert_int_equal(add(c, "http://a.example/", "a.example", 0), 1);
	assert_status(vg_store_count(c->s, 0, &counts, NULL), VG_OK);
	assert_int_equal(counts.urls, 2);
	lease = claim(c, 20);
	assert_status(vg_store_count(c->s, 0, &counts, NULL), VG_OK);
	assert_int_equal(counts.urls, 1);
	assert_int_equal(add(c, "http://a.example/", "a.example", 0), 0);
	assert_status(vg_store_update_host(c->s, &lease, 0, 0, 0, NULL), VG_OK);
	commit(c);
}

static void store_add_urls__full_host__takes_no_more(void **state)
{
	struct store_case *c = *state;

	begin(c);
	vg_store_limit_urls(c->s, 2);
	assert_int_equal(add(c, "http://a.example/1", "a.example", 0), 1);
	assert_int_equal(add(c, "http://a.example/2", "a.example", 0), 1);
	assert_int_equal(add(c, "http://a.example/3", "a.example", 0), 0);
	assert_int_equal(add(c, "http://b.example/1", "b.example", 0), 1);
	commit(c);
}

/* A sitemap says that a page changed: due again only if that was after its visit. */
static void store_add_urls__changed_since_the_visit__is_due(void **state)
{
	struct store_case *c = *state;
	struct vg_new_url u = new_url("http://a.example/", "a.example", 0, 10);
	struct vg_due_url *due = NULL;
	struct vg_lease lease;
	size_t count = 0;

	begin(c);
	assert_int_equal(add(c, "http://a.example/", "a.example", 0), 1);
	lease = claim(c, 20);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 20, 2, &due, &count, NULL),
	    VG_OK);
	assert_status(
	    vg_store_visited(c->s, &lease, &due[0],
		&(struct vg_visit){.now = 100, .due_at = 900, .failures = 0}, NULL),
	    VG_OK);
	u.due_at = 200;
	for (u.modified_at = 100; u.modified_at <= 101; u.modified_at++) {
		assert_status(
		    vg_store_add_urls(c->s, VG_STR("shop"), &u, 1, NULL, NULL), VG_OK);
		assert_status(vg_store_due_urls(
				  c->s, c->arena, &lease, 200, 2, &due, &count, NULL),
		    VG_OK);
		assert_int_equal(count, u.modified_at > 100);
	}
	/* and not once more in the crawl that began at 200 and has just come by */
	assert_status(
	    vg_store_visited(c->s, &lease, &due[0],
		&(struct vg_visit){.now = 201, .due_at = 900, .failures = 0}, NULL),
	    VG_OK);
	u.modified_at = 500;
	assert_status(
	    vg_store_add_urls(c->s, VG_STR("shop"), &u, 1, NULL, NULL), VG_OK);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 200, 2, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 0);
	commit(c);
}

static void store_add_urls__after_a_rollback__are_new_again(void **state)
{
	struct store_case *c = *state;

	begin(c);
	add(c, "http://a.example/", "a.example", 0);
	claim(c, 20);
	commit(c);
	begin(c);
	assert_int_equal(add(c, "http://a.example/b", "a.example", 0), 1);
	vg_store_rollback(c->s);
	begin(c);
	assert_int_equal(add(c, "http://a.example/b", "a.example", 0), 1);
	/* what was committed before is still known */
	assert_int_equal(add(c, "http://a.example/", "a.example", 0), 0);
	commit(c);
}

static void store_visited__url__is_due_again_when_told(void **state)
{
	struct store_case *c = *state;
	struct vg_due_url *due = NULL;
	struct vg_lease lease;
	size_t count = 0;

	begin(c);
	add(c, "http://a.example/", "a.example", 0);
	lease = claim(c, 20);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 20, 9, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 1);
	assert_status(
	    vg_store_visited(c->s, &lease, &due[0],
		&(struct vg_visit){.now = 21, .due_at = 500, .failures = 2}, NULL),
	    VG_OK);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 499, 9, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 0);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 500, 9, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 1);
	assert_int_equal(due[0].failures, 2);
	assert_true(due[0].visited);
	assert_status(
	    vg_store_visited(c->s, &lease, &due[0],
		&(struct vg_visit){.now = 501, .due_at = VG_NEVER, .failures = 0},
		NULL),
	    VG_OK);
	assert_status(vg_store_due_urls(
			  c->s, c->arena, &lease, VG_NEVER - 1, 9, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 0);
	lease.token++;
	assert_status(vg_store_visited(c->s, &lease, &(struct vg_due_url){.ref = 1},
			  &(struct vg_visit){.now = 1, .due_at = 2}, NULL),
	    VG_E_NOT_FOUND);
	commit(c);
}

static void store_run_begin__leases_of_the_dead__are_broken(void **state)
{
	struct store_case *c = *state;
	struct vg_lease lease;
	int64_t run;

	begin(c);
	assert_status(vg_store_run_begin(c->s, 1, VG_STR("crawl"), &run, NULL), VG_OK);
	assert_status(vg_store_run_site(c->s, VG_STR("shop"), NULL), VG_OK);
	add(c, "http://a.example/", "a.example", 0);
	assert_false(claim(c, 20).orphaned);
	commit(c);
	vg_store_close(c->s);
	store_case_open(c);
	begin(c);
	assert_status(
	    vg_store_claim_host(c->s, 21, 21, 1000, &lease, NULL), VG_E_NOT_FOUND);
	assert_status(vg_store_run_begin(c->s, 21, VG_STR("crawl"), &run, NULL), VG_OK);
	assert_status(vg_store_run_site(c->s, VG_STR("shop"), NULL), VG_OK);
	/* Nobody knows when it was asked last. */
	assert_true(claim(c, 21).orphaned);
	commit(c);
}

static void store_run_begin__two_runs__share_what_is_due(void **state)
{
	struct store_case *c = *state;
	struct store_case other = {.arena = c->arena};
	struct vg_peers peers;
	struct vg_due_url *due = NULL;
	struct vg_lease first, second;
	size_t count = 0;
	int64_t run;

	assert_status(vg_store_open(c->path, VG_STORE_WRITE, &other.s, NULL), VG_OK);
	begin(c);
	assert_status(vg_store_run_begin(c->s, 1, VG_STR("crawl"), &run, NULL), VG_OK);
	assert_status(vg_store_run_site(c->s, VG_STR("shop"), NULL), VG_OK);
	add(c, "http://a.example/", "a.example", 0);
	add(c, "http://b.example/", "b.example", 0);
	first = claim(c, 20);
	commit(c);
	begin(&other);
	assert_status(
	    vg_store_run_begin(other.s, 1, VG_STR("crawl"), &run, NULL), VG_OK);
	/* Hosts of sites that it leaves out are no work for it. */
	assert_status(
	    vg_store_claim_host(other.s, 21, 21, 1000, &second, NULL), VG_E_NOT_FOUND);
	assert_status(vg_store_run_site(other.s, VG_STR("shop"), NULL), VG_OK);
	second = claim(&other, 20);
	assert_string_not_equal(first.host, second.host);
	assert_status(
	    vg_store_claim_host(other.s, 21, 21, 1000, &second, NULL), VG_E_NOT_FOUND);
	assert_status(vg_store_peers(other.s, &peers, NULL), VG_OK);
	assert_true(peers.alive == 1 && peers.busy == 1 && peers.dead == 0);
	/* What it finds again, because it never saw it, is not given out twice. */
	add(&other, "http://a.example/", "a.example", 0);
	commit(&other);
	begin(c);
	assert_status(vg_store_run_idle(c->s, true, NULL), VG_OK);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &first, 20, 9, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 1);
	commit(c);
	assert_status(vg_store_peers(other.s, &peers, NULL), VG_OK);
	assert_true(peers.alive == 1 && peers.busy == 0 && peers.dead == 0);
	/* The other takes over what a dead one left. */
	vg_store_close(c->s);
	assert_status(vg_store_peers(other.s, &peers, NULL), VG_OK);
	assert_true(peers.alive == 0 && peers.dead == 1);
	begin(&other);
	assert_status(vg_store_bury(other.s, 30, NULL), VG_OK);
	assert_string_equal(claim(&other, 30).host, first.host);
	commit(&other);
	c->s = other.s;
}

static void store_add_seed__known_url__is_due_only_again(void **state)
{
	struct store_case *c = *state;
	struct vg_new_url seed = new_url("http://a.example/", "a.example", 0, 10);
	struct vg_store_counts counts;

	begin(c);
	assert_status(
	    vg_store_add_seed(c->s, VG_STR("shop"), &seed, VG_SEED_KEEP, NULL), VG_OK);
	commit(c);
	vg_store_close(c->s);
	store_case_open(c);
	begin(c);
	seed.due_at = 5;
	assert_status(
	    vg_store_add_seed(c->s, VG_STR("shop"), &seed, VG_SEED_KEEP, NULL), VG_OK);
	assert_status(vg_store_count(c->s, 9, &counts, NULL), VG_OK);
	assert_int_equal(counts.urls, 1);
	assert_int_equal(counts.urls_due, 0);
	assert_status(
	    vg_store_add_seed(c->s, VG_STR("shop"), &seed, VG_SEED_AGAIN, NULL), VG_OK);
	assert_status(vg_store_count(c->s, 9, &counts, NULL), VG_OK);
	assert_int_equal(counts.urls_due, 1);
	commit(c);
}

static void store_add_seed__dropped_url__only_revives(void **state)
{
	struct store_case *c = *state;
	struct vg_new_url seed = new_url("http://a.example/", "a.example", 0, 5);
	struct vg_due_url *due = NULL;
	struct vg_store_counts counts;
	struct vg_lease lease;
	size_t count = 0;
	int64_t dropped = 0;

	begin(c);
	add(c, "http://a.example/", "a.example", 0);
	lease = claim(c, 20);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 20, 2, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 1);
	assert_status(vg_store_frontier_act(
			  c->s, VG_STR("a.example"), VG_FRONTIER_DROP, &dropped, NULL),
	    VG_OK);
	assert_int_equal(dropped, 1);
	/* a visit that was under way, a sitemap, a crawl of everything */
	assert_status(vg_store_visited(c->s, &lease, &due[0],
			  &(struct vg_visit){.now = 21, .due_at = 30}, NULL),
	    VG_OK);
	seed.due_at = seed.modified_at = 40;
	assert_status(
	    vg_store_add_urls(c->s, VG_STR("shop"), &seed, 1, NULL, NULL), VG_OK);
	assert_status(
	    vg_store_add_seed(c->s, VG_STR("shop"), &seed, VG_SEED_AGAIN, NULL), VG_OK);
	assert_status(vg_store_count(c->s, 90, &counts, NULL), VG_OK);
	assert_int_equal(counts.urls_due, 0);
	assert_status(
	    vg_store_add_seed(c->s, VG_STR("shop"), &seed, VG_SEED_REVIVE, NULL),
	    VG_OK);
	assert_status(vg_store_count(c->s, 90, &counts, NULL), VG_OK);
	assert_int_equal(counts.urls_due, 1);
	commit(c);
}

static void store_add_urls__bad_input__is_refused(void **state)
{
	struct store_case *c = *state;
	struct vg_new_url u = new_url("http://a.example/", "a.example", VG_RANKS, 1);

	begin(c);
	assert_status(
	    vg_store_add_urls(c->s, VG_STR("shop"), &u, 1, NULL, NULL), VG_E_INVALID);
	begin(c);
	u.rank = 0;
	assert_status(
	    vg_store_add_urls(c->s, VG_STR(""), &u, 1, NULL, NULL), VG_E_INVALID);
	begin(c);
	u.host = VG_STR("");
	assert_status(
	    vg_store_add_urls(c->s, VG_STR("shop"), &u, 1, NULL, NULL), VG_E_INVALID);
	assert_false(vg_store_in_transaction(c->s));
}

static void store_put_robots__twice__keeps_the_newer(void **state)
{
	struct store_case *c = *state;
	struct vg_robots_entry entry = {
	    .fetched_at = 1, .expires_at = 2, .status = 404, .body = VG_STR("")};

	assert_status(vg_store_get_robots(
			  c->s, c->arena, VG_STR("http://a.example:80"), &entry, NULL),
	    VG_E_NOT_FOUND);
	begin(c);
	assert_status(
	    vg_store_put_robots(c->s, VG_STR("http://a.example:80"), &entry, NULL),
	    VG_OK);
	entry = (struct vg_robots_entry){3, 4, 200, VG_STR("User-agent: *\n")};
	assert_status(
	    vg_store_put_robots(c->s, VG_STR("http://a.example:80"), &entry, NULL),
	    VG_OK);
	commit(c);
	assert_status(vg_store_get_robots(
			  c->s, c->arena, VG_STR("http://a.example:80"), &entry, NULL),
	    VG_OK);
	assert_int_equal(entry.expires_at, 4);
	assert_int_equal(entry.status, 200);
	assert_str(entry.body, "User-agent: *\n");
}

static void store_clock_set_back__visits_in_the_future__count_as_now(void **state)
{
	struct store_case *c = *state;
	struct vg_due_url *due = NULL;
	struct vg_lease lease;
	struct vg_new_url late = new_url("http://a.example/new", "a.example", 0, 9000);
	size_t count = 0;
	int64_t run, started = 0;
	char outcome[16];

	begin(c);
	assert_status(
	    vg_store_run_begin(c->s, 9000, VG_STR("crawl"), &run, NULL), VG_OK);
	assert_status(vg_store_run_site(c->s, VG_STR("shop"), NULL), VG_OK);
	add(c, "http://a.example/", "a.example", 0);
	lease = claim(c, 9000);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 9000, 9, &due, &count, NULL),
	    VG_OK);
	assert_status(vg_store_visited(c->s, &lease, &due[0],
			  &(struct vg_visit){.now = 9000, .due_at = 9400}, NULL),
	    VG_OK);
	assert_status(
	    vg_store_add_urls(c->s, VG_STR("shop"), &late, 1, NULL, NULL), VG_OK);
	assert_status(
	    vg_store_run_end(c->s, run, 9001, VG_STR("stopped"), NULL), VG_OK);
	/* A clock that goes on as it did changes nothing. */
	assert_status(vg_store_clock_set_back(c->s, 9001, NULL), VG_OK);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 9399, 9, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 1);
	assert_str(due[0].url, "http://a.example/new");
	/* Set right, and again: the pause is not put off. */
	assert_status(vg_store_clock_set_back(c->s, 100, NULL), VG_OK);
	assert_status(vg_store_clock_set_back(c->s, 200, NULL), VG_OK);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 100, 9, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 1);
	assert_str(due[0].url, "http://a.example/new");
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 499, 9, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 1);
	assert_status(
	    vg_store_due_urls(c->s, c->arena, &lease, 500, 9, &due, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 2);
	assert_status(
	    vg_store_last_run(c->s, VG_STR("shop"), &started, outcome, NULL), VG_OK);
	assert_int_equal(started, 9000);
	assert_string_equal(outcome, "stopped");
	assert_status(
	    vg_store_last_run(c->s, VG_STR("other"), &started, outcome, NULL),
	    VG_E_NOT_FOUND);
	commit(c);
}

#define STORE_TEST(f)                                                                  \
	cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(store_due_urls__ranks__come_in_order),
	    STORE_TEST(store_claim_host__leased_host__is_not_given_twice),
	    STORE_TEST(store_claim_host__not_yet_due__is_not_found),
	    STORE_TEST(store_add_urls__known_link__is_dropped),
	    STORE_TEST(store_add_urls__full_host__takes_no_more),
	    STORE_TEST(store_add_urls__changed_since_the_visit__is_due),
	    STORE_TEST(store_add_urls__after_a_rollback__are_new_again),
	    STORE_TEST(store_visited__url__is_due_again_when_told),
	    STORE_TEST(store_run_begin__leases_of_the_dead__are_broken),
	    STORE_TEST(store_run_begin__two_runs__share_what_is_due),
	    STORE_TEST(store_add_seed__known_url__is_due_only_again),
	    STORE_TEST(store_add_seed__dropped_url__only_revives),
	    STORE_TEST(store_add_urls__bad_input__is_refused),
	    STORE_TEST(store_put_robots__twice__keeps_the_newer),
	    STORE_TEST(store_clock_set_back__visits_in_the_future__count_as_now),
	};

	return cmocka_run_group_tests_name("store/frontier", tests, NULL, NULL);
}
