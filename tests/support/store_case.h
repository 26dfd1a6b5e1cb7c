/* SPDX-License-Identifier: MIT */
/* A throw-away database for the tests of the store, and shorthand for what they record. */
#ifndef VG_TESTS_STORE_CASE_H
#define VG_TESTS_STORE_CASE_H

#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/finding.h"
#include "store/frontier.h"

struct store_case {
	char dir[64], path[96];
	struct vg_store *s;
	struct vg_arena *arena;
};

static inline void store_case_open(struct store_case *c)
{
	assert_status(vg_store_open(c->path, VG_STORE_WRITE, &c->s, NULL), VG_OK);
}

static inline int store_case_setup(void **state)
{
	struct store_case *c = calloc(1, sizeof(*c));

	assert_non_null(c);
	snprintf(c->dir, sizeof(c->dir), "/tmp/vigia-store-XXXXXX");
	assert_non_null(mkdtemp(c->dir));
	snprintf(c->path, sizeof(c->path), "%s/case.db", c->dir);
	assert_status(vg_store_create(c->path, NULL), VG_OK);
	store_case_open(c);
	c->arena = vg_arena_new(64u << 20);
	assert_non_null(c->arena);
	*state = c;
	return 0;
}

static inline int store_case_teardown(void **state)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-lock", "-copy"};
	struct store_case *c = *state;

	vg_store_close(c->s);
	vg_arena_free(c->arena);
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char name[128];

		snprintf(name, sizeof(name), "%s%s", c->path, suffixes[i]);
		unlink(name);
	}
	rmdir(c->dir);
	free(c);
	return 0;
}

static inline struct vg_fetch_record store_case_fetch(
    const char *url, const char *payload, int64_t at)
{
	return (struct vg_fetch_record){
	    .leaf =
		{
		    .url = vg_str(url),
		    .method = VG_STR("GET"),
		    .started = at,
		    .total_us = 1500,
		    .outcome = VG_STR("ok"),
		    .status = 200,
		    .peer = VG_STR("127.0.1.7:8080"),
		},
	    .request_head = VG_STR("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n"),
	    .response_head =
		VG_STR("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
	    .payload = vg_str(payload),
	    .host = VG_STR("shop.example"),
	    .site = VG_STR("shop"),
	};
}

/* Records in a transaction of its own. */
static inline struct vg_recorded store_case_record(
    struct store_case *c, const char *url, const char *payload, int64_t at)
{
	struct vg_fetch_record record = store_case_fetch(url, payload, at);
	struct vg_recorded ret;

	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
	assert_status(vg_store_record_fetch(c->s, &record, &ret, NULL), VG_OK);
	assert_status(vg_store_commit(c->s, NULL), VG_OK);
	return ret;
}

static inline struct vg_analysis_recorded store_case_analyse(struct store_case *c,
    const struct vg_digest *capture, const char *rules, const char *page)
{
	struct vg_analysis a = {.capture = *capture, .rules = vg_str(rules)};
	struct vg_analysis_recorded ret;
	struct vg_json *json = NULL;

	assert_status(vg_json_parse(c->arena, vg_str(page), 0, &json, NULL), VG_OK);
	a.page = json;
	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
	assert_status(vg_store_record_analysis(c->s, &a, &ret, NULL), VG_OK);
	assert_status(vg_store_commit(c->s, NULL), VG_OK);
	return ret;
}

#endif
