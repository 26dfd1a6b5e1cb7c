/* SPDX-License-Identifier: MIT */
/*
 * Drift: what plugins read in this run against what they read in the same pages before. Pages vote, so that neither one
 * long list nor other pages than last time raise an alert; and an alert stays one until what it missed is back.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crawl/crawl_priv.h"
#include "store/drift.h"

#define MIN_PAGES 3     /* that show a change; less is an accident */
#define MIN_BITS 14     /* of 64 in which layouts differ that are not the same */
#define MAX_FIELDS 16   /* of a record */
#define MAX_GROUPS 4096 /* sites times plugins of a run */
#define MEMORY ((size_t)64 << 20)

/* The text of one "coverage". */
struct seen {
	int64_t listings;
	int64_t fields[MAX_FIELDS]; /* by drift.names */
	uint64_t layout;
	bool has_layout;
};

/* One way to change, as the pages vote. */
struct vote {
	int64_t pages, of_pages; /* show it, could have shown it */
	int64_t was, now;        /* summed over those that show it */
	int64_t was_of, now_of;  /* of how many listings */
	int64_t capture;         /* the first that shows it */
};

struct group {
	struct vg_str site, plugin;
	/* Read by this plugin in this run. */
	int64_t pages, listed, listings, fields[MAX_FIELDS], layouts[64];
	/* Read by it before. */
	struct vote vanished, jumped, lost[MAX_FIELDS];
};

struct drift {
	struct vg_arena *arena;   /* names, groups */
	struct vg_arena *scratch; /* one coverage */
	struct vg_vec groups;     /* struct group */
	struct vg_str names[MAX_FIELDS];
	size_t name_count, site_start; /* the first group of the current site */
};

static size_t name_index(struct drift *d, struct vg_str name)
{
	size_t i = 0;

	while (i < d->name_count && !vg_str_eq(d->names[i], name))
		i++;
	if (i == d->name_count && i < MAX_FIELDS) {
		d->names[i] = vg_arena_str(d->arena, name);
		d->name_count += d->names[i].ptr != NULL;
	}
	return i < d->name_count ? i : MAX_FIELDS;
}

/* What cannot be read counts as no listing. */
static void read_coverage(struct drift *d, struct vg_str text, struct seen *ret)
{
	const struct vg_json *fields;
	struct vg_str layout;
	struct vg_json *json = NULL;
	char hex[17] = "";

	*ret = (struct seen){0};
	vg_arena_reset(d->scratch);
	if (!text.len || vg_json_parse(d->scratch, text, 0, &json, NULL))
		return;
	(void)vg_json_to_i64(vg_json_get(json, "listings"), &ret->listings);
	layout = vg_json_get_str(json, "layout");
	if (layout.len == 16) {
		memcpy(hex, layout.ptr, 16);
		ret->has_layout = sscanf(hex, "%16" SCNx64, &ret->layout) == 1;
	}
	fields = vg_json_get(json, "fields");
	for (const struct vg_json *f = fields ? fields->first : NULL; f; f = f->next) {
		size_t i = name_index(d, f->key);

		if (i < MAX_FIELDS)
			(void)vg_json_to_i64(f, &ret->fields[i]);
	}
}

/* NULL: too many, or out of memory. */
static struct group *group_of(struct drift *d, struct vg_str site, struct vg_str plugin)
{
	struct group *g, *all = d->groups.items;

	if (d->site_start < d->groups.len && !vg_str_eq(all[d->site_start].site, site))
		d->site_start = d->groups.len;
	for (size_t i = d->site_start; i < d->groups.len; i++)
		if (vg_str_eq(all[i].plugin, plugin))
			return &all[i];
	g = vg_vec_push(&d->groups);
	if (!g)
		return NULL;
	g->site = vg_arena_str(d->arena, site);
	g->plugin = vg_arena_str(d->arena, plugin);
	return g;
}

static void cast(struct vote *v, bool shows, int64_t was, int64_t was_of, int64_t now,
    int64_t now_of, int64_t capture)
{
	v->of_pages++;
	if (!shows)
		return;
	v->pages++;
	v->was += was;
	v->was_of += was_of;
	v->now += now;
	v->now_of += now_of;
	v->capture = v->capture ? v->capture : capture;
}

static int64_t bits_of(uint64_t x)
{
	int64_t n = 0;

	for (; x; x &= x - 1)
		n++;
	return n;
}

/* The page under the plugin that read it before. */
static void compare(struct group *g, const struct seen *was, const struct seen *now,
    size_t names, int64_t capture)
{
	int64_t bits =
	    was->has_layout && now->has_layout ? bits_of(was->layout ^ now->layout) : 0;

	/* A list that shrinks is business as usual; one that loses nearly all is not. */
	cast(&g->vanished, now->listings * 8 <= was->listings, was->listings, 1,
	    now->listings, 1, capture);
	if (!now->listings)
		return;
	cast(&g->jumped, bits >= MIN_BITS, 0, 1, bits, 1, capture);
	for (size_t i = 0; i < names; i++) {
		if (was->fields[i] * 2 < was->listings)
			continue; /* never was in most of them */
		cast(&g->lost[i],
		    now->fields[i] * was->listings * 2 < was->fields[i] * now->listings,
		    was->fields[i], was->listings, now->fields[i], now->listings,
		    capture);
	}
}

static enum vg_status take(void *ctx, const struct vg_reading *r, struct vg_error *err)
{
	struct drift *d = ctx;
	struct seen now, was;
	struct group *g;

	(void)err;
	read_coverage(d, r->coverage, &now);
	read_coverage(d, r->was_coverage, &was);
	if (r->plugin.len && (g = group_of(d, r->site, r->plugin)) != NULL) {
		g->pages++;
		g->listed += now.listings > 0;
		g->listings += now.listings;
		for (size_t i = 0; i < d->name_count; i++)
			g->fields[i] += now.fields[i];
		for (unsigned bit = 0; now.has_layout && bit < 64; bit++)
			g->layouts[bit] += (now.layout >> bit & 1) ? 1 : -1;
	}
	if (was.listings && (g = group_of(d, r->site, r->was_plugin)) != NULL)
		compare(g, &was, &now, d->name_count, r->capture);
	return VG_OK;
}

static enum vg_status store_coverage(
    struct crawl *c, const struct drift *d, const struct group *g, struct vg_error *err)
{
	struct vg_buf fields = VG_BUF_INIT(4096);
	struct vg_json_writer w = vg_json_writer(&fields);
	uint64_t layout = 0;
	char hex[17], key[64];
	struct vg_coverage row = {.site = g->site,
	    .plugin = g->plugin,
	    .pages = g->pages,
	    .listings = g->listings};
	enum vg_status status;

	vg_jw_object(&w);
	for (size_t i = 0; i < d->name_count; i++) {
		if (!g->fields[i] || d->names[i].len >= sizeof(key))
			continue;
		memcpy(key, d->names[i].ptr, d->names[i].len);
		key[d->names[i].len] = '\0';
		vg_jw_kint(&w, key, g->fields[i]);
	}
	vg_jw_end_object(&w);
	for (unsigned bit = 0; bit < 64; bit++)
		layout |= (uint64_t)(g->layouts[bit] > 0) << bit;
	(void)snprintf(hex, sizeof(hex), "%016" PRIx64, layout);
	row.layout = vg_str(hex);
	status = vg_buf_status(&fields, err);
	row.fields = vg_buf_str(&fields);
	if (!status)
		status = vg_store_coverage_add(c->store, c->run, &row, err);
	vg_buf_release(&fields);
	return status;
}

static bool is_alert(const struct vote *v)
{
	return v->pages >= MIN_PAGES && v->pages * 2 >= v->of_pages;
}

static int64_t per_cent(int64_t part, int64_t whole)
{
	return whole ? (part * 100 + whole / 2) / whole : 0;
}

static bool is_open(const struct vg_drift *open, size_t count, const struct group *g,
    struct vg_str what)
{
	for (size_t i = 0; i < count; i++)
		if (vg_str_eq(open[i].site, g->site) &&
		    vg_str_eq(open[i].plugin, g->plugin) &&
		    vg_str_eq(open[i].what, what))
			return true;
	return false;
}

/* Is what an alert missed back, whichever plugin reads it now? */
static bool is_over(const struct drift *d, const struct vg_drift *alert)
{
	int64_t listed = 0, listings = 0, having = 0, jumped = 0;
	size_t name = 0;

	while (name < d->name_count && !vg_str_eq(d->names[name], alert->what))
		name++;
	for (size_t i = 0; i < d->groups.len; i++) {
		const struct group *g = (const struct group *)d->groups.items + i;

		if (!vg_str_eq(g->site, alert->site))
			continue;
		listed += g->listed;
		listings += g->listings;
		having += name < d->name_count ? g->fields[name] : 0;
		jumped += is_alert(&g->jumped);
	}
	if (vg_str_eqz(alert->what, "layout"))
		return listed > 0 && !jumped;
	if (vg_str_eqz(alert->what, "listings"))
		return listed >= alert->pages;
	return listed >= MIN_PAGES && per_cent(having, listings) * 5 >= alert->was * 4;
}

/* What one plugin no longer reads on one site: an event, and a row for each change that is not known. */
static enum vg_status raise_alert(struct crawl *c, const struct drift *d,
    const struct group *g, const struct vg_drift *open, size_t open_count,
    struct vg_error *err)
{
	struct vg_crawl_event event = {.kind = VG_CRAWL_DRIFT, .site = ""};
	struct vg_drift *told = NULL;
	int64_t now = vg_clock_now();
	enum vg_status status = VG_OK;
	size_t count = 0, told_count = 0;

	for (size_t i = 0; i < d->name_count + 2 && !status; i++) {
		const struct vote *v = i == 0   ? &g->vanished
				       : i == 1 ? &g->jumped
						: &g->lost[i - 2];
		struct vg_drift row = {.site = g->site,
		    .plugin = g->plugin,
		    .what = i == 0   ? VG_STR("listings")
			    : i == 1 ? VG_STR("layout")
				     : d->names[i - 2],
		    .was = i == 0 ? v->was : per_cent(v->was, v->was_of),
		    .now = i == 0 ? v->now : per_cent(v->now, v->now_of),
		    .pages = v->pages,
		    .of_pages = v->of_pages,
		    .capture_seq = v->capture,
		    .at = now};

		if (i == 1)
			row.now = v->pages ? v->now / v->pages : 0;
		if (is_alert(v) && !is_open(open, open_count, g, row.what))
			status = vg_store_drift_add(c->store, c->run, &row, err);
		else
			continue;
		count++;
	}
	if (!count || status)
		return status;
	status = vg_store_drift_list(
	    c->store, d->arena, g->plugin, false, &told, &told_count, err);
	if (status || told_count < count)
		return status;
	event.drift = told; /* the newest come first */
	event.drift_count = count;
	event.id = &told->capture;
	event.url = told->url;
	c->stats.alerts++;
	crawl_event(c, &event);
	return VG_OK;
}

enum vg_status drift_judge(struct crawl *c, struct vg_error *err)
{
	struct drift d = {
	    .arena = vg_arena_new(MEMORY), .scratch = vg_arena_new(MEMORY)};
	struct vg_drift *open = NULL;
	size_t open_count = 0;
	enum vg_status status =
	    d.arena && d.scratch ? VG_OK : vg_fail(err, VG_E_NOMEM, "out of memory");

	d.groups = VG_VEC_INIT(struct group, MAX_GROUPS, d.arena);
	if (!status)
		status = vg_store_readings(c->store, take, &d, err);
	if (!status)
		status = vg_store_drift_list(
		    c->store, d.arena, VG_STR(""), false, &open, &open_count, err);
	for (size_t i = 0; i < d.groups.len && !status; i++) {
		const struct group *g = vg_vec_at(&d.groups, i);

		if (g->pages)
			status = store_coverage(c, &d, g, err);
		if (!status)
			status = raise_alert(c, &d, g, open, open_count, err);
	}
	for (size_t i = 0; i < open_count && !status; i++)
		if (is_over(&d, &open[i]))
			status = vg_store_drift_close(
			    c->store, open[i].id, vg_clock_now(), err);
	if (!status)
		status = vg_store_readings_done(c->store, c->run, err);
	vg_arena_free(d.arena);
	vg_arena_free(d.scratch);
	return status;
}
