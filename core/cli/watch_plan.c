/* SPDX-License-Identifier: MIT */
/* The runs to come. */
#include "config.h"

#include "cli/watch_plan.h"

#include <stdlib.h>

#include "base/json.h"

#define PLAN_MEMORY ((size_t)256 << 20)
#define MAX_RUNS 1000000u

struct planned {
	const struct vg_watch_site *site;
	struct vg_schedule_run run;
};

static int by_time(const void *a, const void *b)
{
	const struct planned *x = a, *y = b;

	if (x->run.at != y->run.at)
		return x->run.at < y->run.at ? -1 : 1;
	return strcmp(x->site->name, y->site->name);
}

static enum vg_status plan_site(const struct vg_watch_site *site, int64_t now,
    size_t max, int64_t until, struct vg_vec *out, struct vg_error *err)
{
	struct vg_watch_site copy = *site;
	struct vg_schedule_run run;

	for (size_t i = 0; i < max; i++) {
		struct planned *row;

		vg_watch_next(&copy, now, &run);
		if (run.at == VG_ZONE_NEVER || run.at > until)
			break;
		now = run.at = run.at > now ? run.at : now;
		row = vg_vec_push(out);
		if (!row)
			return vg_fail(err, VG_E_LIMIT,
			    "more than %u runs; ask for a shorter time", MAX_RUNS);
		*row = (struct planned){.site = site, .run = run};
		copy.state.planned = run.planned;
		copy.state.started = copy.state.ended = run.at;
		copy.state.end = VG_SCHEDULE_DONE;
		copy.state.failures = 0;
	}
	return VG_OK;
}

void vg_watch_time(
    const struct vg_watch_site *site, int64_t utc, char ret[VG_ZONE_TEXT])
{
	vg_zone_format(vg_schedule_zone(site->schedule), utc - utc % VG_SECOND, ret);
}

/* What a person would wonder about. */
static const char *note_of(const struct planned *p)
{
	const struct vg_zone *zone = vg_schedule_zone(p->site->schedule);
	int64_t planned = p->run.planned, first;

	switch (p->run.why) {
	case VG_SCHEDULE_WHY_FIRST:
		return "never crawled";
	case VG_SCHEDULE_WHY_MISSED:
		return "makes up for what was missed";
	case VG_SCHEDULE_WHY_GOES_ON:
		return "the last one was interrupted";
	case VG_SCHEDULE_WHY_AGAIN:
		return "the last one failed";
	case VG_SCHEDULE_WHY_WAITED:
		return "another crawl held the case";
	case VG_SCHEDULE_WHY_TIME:
		break;
	}
	if (p->run.moved)
		return "waits for allowed_hours";
	if (vg_zone_utc(zone, vg_zone_local(zone, planned), &first) == VG_ZONE_TWICE)
		return first == planned ? "clocks go back: the first of two"
					: "clocks go back: the second of two";
	if (vg_zone_next_change(zone, planned - 1) == planned)
		return "clocks change at this moment";
	return "";
}

static void add_json(struct vg_buf *out, const struct planned *p)
{
	struct vg_json_writer w = vg_json_writer(out);
	char utc[VG_RFC3339_LEN], local[VG_ZONE_TEXT];

	vg_time_format(p->run.at, utc);
	vg_watch_time(p->site, p->run.at, local);
	vg_jw_object(&w);
	vg_jw_kstrz(&w, "event", "planned");
	vg_jw_kstrz(&w, "site", p->site->name);
	vg_jw_kstrz(&w, "at", utc);
	vg_jw_kstrz(&w, "local", local);
	vg_jw_kstrz(&w, "time_zone", vg_zone_name(vg_schedule_zone(p->site->schedule)));
	vg_time_format(p->run.planned, utc);
	vg_jw_kstrz(&w, "planned", utc);
	vg_jw_kstrz(&w, "why", vg_schedule_why_name(p->run.why));
	vg_jw_kbool(&w, "moved", p->run.moved);
	vg_jw_kstrz(&w, "note", note_of(p));
	vg_jw_end_object(&w);
	vg_buf_addc(out, '\n');
}

static void add_text(struct vg_buf *out, const struct planned *p)
{
	char utc[VG_RFC3339_LEN], local[VG_ZONE_TEXT];

	vg_time_format(p->run.at, utc);
	vg_watch_time(p->site, p->run.at, local);
	vg_buf_addf(out, "%-32s %.16sZ  %-24s", local, utc, p->site->name);
	vg_buf_addf(out, note_of(p)[0] ? "  %s\n" : "%s\n", note_of(p));
}

enum vg_status vg_watch_plan(const struct vg_cli *cli, struct vg_watch *watch,
    int64_t now, size_t max, int64_t until, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(PLAN_MEMORY);
	struct vg_vec rows = VG_VEC_INIT(struct planned, MAX_RUNS, NULL);
	enum vg_status st = VG_OK;

	for (size_t i = 0; !st && i < vg_watch_count(watch); i++)
		st = plan_site(vg_watch_at(watch, i), now, max, until, &rows, err);
	if (!st && rows.len)
		qsort(rows.items, rows.len, sizeof(struct planned), by_time);
	if (!st && !cli->json)
		vg_buf_addf(&out, "%-32s %-17s  %-24s\n", "WHEN", "UTC", "SITE");
	for (size_t i = 0; !st && i < rows.len && i < max; i++) {
		if (cli->json)
			add_json(&out, vg_vec_at(&rows, i));
		else
			add_text(&out, vg_vec_at(&rows, i));
	}
	vg_vec_release(&rows);
	if (st) {
		vg_buf_release(&out);
		return st;
	}
	return vg_cli_print(cli, &out, !cli->json, err);
}
