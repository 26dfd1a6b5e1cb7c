/* SPDX-License-Identifier: MIT */
/*
 * The frontier by itself: new links, a page's worth at a time, as a crawl of many hosts finds them. Prints the
 * CPU time and the memory that a link costs, with their aims. usage: frontier WORK_DIR LINKS
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "store/frontier.h"

enum { HOSTS = 1000, PAGE = 100, GROUP = 64 }; /* links a page, pages a commit */

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Bytes of memory the process holds. */
static double resident(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long pages = 0;

	if (f == NULL || fscanf(f, "%*d %ld", &pages) != 1)
		pages = 0;
	if (f != NULL)
		(void)fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* The links of page number `page`: all of one host, none seen before. */
static enum vg_status add_page(struct vg_store *s, size_t page, struct vg_error *err)
{
	char text[PAGE][128], host[32];
	struct vg_new_url urls[PAGE];

	(void)snprintf(host, sizeof(host), "shop-%04zu.example", page % HOSTS);
	for (size_t i = 0; i < PAGE; i++) {
		(void)snprintf(text[i], sizeof(text[i]),
		    "https://%s/catalogue/section-%04zu/product-%09zu.html", host,
		    page / HOSTS, page * PAGE + i);
		urls[i] = (struct vg_new_url){.url = vg_str(text[i]),
		    .host = vg_str(host),
		    .rank = 2,
		    .depth = 3};
	}
	return vg_store_add_urls(s, VG_STR("bench"), urls, PAGE, NULL, err);
}

static enum vg_status add_all(struct vg_store *s, size_t pages, struct vg_error *err)
{
	enum vg_status st = VG_OK;

	for (size_t i = 0; st == VG_OK && i < pages; i++) {
		if (i % GROUP == 0)
			st = vg_store_begin(s, __FILE__, __LINE__, err);
		if (st == VG_OK)
			st = add_page(s, i, err);
		if (st == VG_OK && (i % GROUP == GROUP - 1 || i + 1 == pages))
			st = vg_store_commit(s, err);
	}
	return st;
}

int main(int argc, char **argv)
{
	struct vg_store *s = NULL;
	struct vg_error err = {0};
	double began, held, links, micros, bytes;
	struct stat file = {0};
	char path[4096];
	size_t pages;
	enum vg_status st;

	if (argc != 3 || (pages = strtoul(argv[2], NULL, 10) / PAGE) == 0) {
		(void)fputs("usage: frontier WORK_DIR LINKS (100 at least)\n", stderr);
		return 2;
	}
	(void)snprintf(path, sizeof(path), "%s/frontier.db", argv[1]);
	st = vg_store_create(path, &err);
	if (st == VG_OK)
		st = vg_store_open(path, VG_STORE_WRITE, &s, &err);
	held = resident();
	began = now();
	if (st == VG_OK)
		st = add_all(s, pages, &err);
	if (st != VG_OK) {
		(void)fprintf(stderr, "frontier: %s\n", err.msg);
		return 3;
	}
	links = (double)pages * PAGE;
	micros = (now() - began) * 1e6 / links;
	bytes = (resident() - held) / links;
	vg_store_close(s);
	(void)stat(path, &file);
	printf("frontier: %.0f new links of %d hosts, %.1f us CPU each (aim 4), %.1f "
	       "bytes of "
	       "memory (aim 16), %.0f of database\n",
	    links, HOSTS, micros, bytes, (double)file.st_size / links);
	return 0;
}
