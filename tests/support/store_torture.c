/* SPDX-License-Identifier: MIT */
/*
 * Writes pages to a case's database until somebody kills it: "store_torture write FILE" prints the number of
 * pages after each commit. "store_torture check FILE N" exits 0 when at least N pages are there
 * and all evidence holds. "limit" instead of "write" ignores SIGXFSZ, reports the failure and exits 3.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/frontier.h"

#define GROUP 5

static enum vg_status record_one(struct vg_store *s, int n, struct vg_error *err)
{
	char url[64], page[3000];
	struct vg_recorded made;
	struct vg_new_url link = {.url = {url, 0}, .host = VG_STR("shop.example")};
	struct vg_fetch_record record = {
	    .leaf = {.url = {url, 0},
		.method = VG_STR("GET"),
		.started = n,
		.outcome = VG_STR("ok"),
		.status = 200},
	    .request_head = VG_STR("GET / HTTP/1.1\r\n\r\n"),
	    .payload = {page, sizeof(page)},
	    .host = VG_STR("shop.example"),
	    .site = VG_STR("shop"),
	};
	unsigned seed = (unsigned)n;
	enum vg_status st;

	link.url.len = record.leaf.url.len =
	    (size_t)snprintf(url, sizeof(url), "http://shop.example/%d", n);
	for (size_t i = 0; i < sizeof(page); i++) {
		seed = seed * 1103515245 + 12345;
		page[i] = (char)(seed >> 16);
	}
	st = vg_store_record_fetch(s, &record, &made, err);
	if (st == VG_OK)
		st = vg_store_add_urls(s, VG_STR("shop"), &link, 1, NULL, err);
	return st;
}

static int write_pages(struct vg_store *s, int first, struct vg_error *err)
{
	for (int n = first;; n += GROUP) {
		enum vg_status st = vg_store_begin(s, VG_HERE, err);

		for (int i = 0; st == VG_OK && i < GROUP; i++)
			st = record_one(s, n + i, err);
		if (st == VG_OK)
			st = vg_store_commit(s, err);
		if (st != VG_OK) {
			fprintf(stderr, "%s: %s\n", vg_status_name(st), err->msg);
			return 3;
		}
		printf("%d\n", n + GROUP);
		fflush(stdout);
	}
}

static void complain(void *ctx, const char *what)
{
	(void)ctx;
	fprintf(stderr, "%s\n", what);
}

/* Pages and their links are committed together: neither is ahead. */
static int check(struct vg_store *s, long at_least, struct vg_error *err)
{
	struct vg_store_counts counts;
	int64_t faults = 0;

	if (vg_store_verify(s, complain, NULL, &faults, err) != VG_OK ||
	    vg_store_count(s, 0, &counts, err) != VG_OK) {
		fprintf(stderr, "%s\n", err->msg);
		return 1;
	}
	printf("%lld pages, %lld links, %lld faults\n", (long long)counts.captures,
	    (long long)counts.urls, (long long)faults);
	return faults || counts.captures < at_least || counts.captures != counts.urls ||
	       counts.captures % GROUP;
}

int main(int argc, char **argv)
{
	struct vg_store *s = NULL;
	struct vg_store_counts counts;
	struct vg_error err = {0};
	int code = 1;

	if (argc < 3)
		return 2;
	if (!strcmp(argv[1], "create"))
		return vg_store_create(argv[2], &err) == VG_OK ? 0 : 1;
	if (!strcmp(argv[1], "limit"))
		signal(SIGXFSZ, SIG_IGN);
	if (vg_store_open(argv[2], VG_STORE_WRITE, &s, &err) != VG_OK ||
	    vg_store_count(s, 0, &counts, &err) != VG_OK)
		fprintf(stderr, "%s\n", err.msg);
	else if (!strcmp(argv[1], "check"))
		code = check(s, argc > 3 ? strtol(argv[3], NULL, 10) : 0, &err);
	else
		code = write_pages(s, (int)counts.captures, &err);
	vg_store_close(s);
	return code;
}
