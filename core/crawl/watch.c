/* SPDX-License-Identifier: MIT */
/* The scheduler of a case. */
#include "config.h"

#include "crawl/watch.h"

#include <stdlib.h>

#include "base/vec.h"

#define MAX_SITES 100000u

/* A site and what it owns. */
struct entry {
	struct vg_watch_site site; /* first: what others see */
	char *name, *text;
	struct vg_schedule *schedule;
	bool wanted; /* while the configuration is read */
};

struct vg_watch {
	struct vg_watch_ops ops;
	struct vg_vec entries;            /* struct entry *, heap */
	const struct vg_watch_site **due; /* room for all */
	size_t jobs;
};

static struct entry *entry_at(const struct vg_watch *w, size_t i)
{
	return *(struct entry **)vg_vec_at(&w->entries, i);
}

static void entry_free(struct entry *e)
{
	if (!e)
		return;
	vg_schedule_free(e->schedule);
	free(e->name);
	free(e->text);
	free(e);
}

struct vg_watch *vg_watch_new(const struct vg_watch_ops *ops)
{
	struct vg_watch *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->ops = *ops;
	w->entries = VG_VEC_INIT(struct entry *, MAX_SITES, NULL);
	return w;
}

void vg_watch_free(struct vg_watch *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->entries.len; i++)
		entry_free(entry_at(w, i));
	vg_vec_release(&w->entries);
	free(w->due);
	free(w);
}

static struct entry *find(const struct vg_watch *w, struct vg_str name)
{
	for (size_t i = 0; i < w->entries.len; i++)
		if (vg_str_eqz(name, entry_at(w, i)->name))
			return entry_at(w, i);
	return NULL;
}

static struct entry *add(struct vg_watch *w, struct vg_str name)
{
	struct entry *e = calloc(1, sizeof(*e)), **slot;

	if (!e)
		return NULL;
	e->name = strndup(name.ptr, name.len);
	e->site.name = e->name;
	slot = e->name ? vg_vec_push(&w->entries) : NULL;
	if (!slot) {
		entry_free(e);
		return NULL;
	}
	*slot = e;
	return e;
}

enum vg_status vg_watch_restore(struct vg_watch *w, struct vg_str name,
    struct vg_str text, const struct vg_schedule_state *state, struct vg_error *err)
{
	struct entry *e = add(w, name);

	if (e)
		e->text = strndup(text.ptr ? text.ptr : "", text.len);
	if (!e || !e->text)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	e->site.state = *state;
	return VG_OK;
}

/* Takes the schedule. */
static bool entry_schedule(struct entry *e, struct vg_schedule *schedule, int64_t now)
{
	const char *text = vg_schedule_text(schedule);
	struct vg_schedule_state *state = &e->site.state;

	vg_schedule_free(e->schedule);
	e->site.schedule = e->schedule = schedule;
	e->wanted = true;
	if (e->text && !strcmp(e->text, text))
		return true;
	free(e->text);
	e->text = strdup(text);
	state->since = now;
	state->planned = 0;
	e->site.unsaved = true;
	return e->text != NULL;
}

/* Those that are no longer configured go, as soon as they do not run. */
static void drop_unwanted(struct vg_watch *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->entries.len; i++) {
		struct entry *e = entry_at(w, i);

		if (!e->wanted) {
			vg_schedule_free(e->schedule);
			e->site.schedule = e->schedule = NULL;
		}
		if (e->wanted || e->site.job)
			*(struct entry **)vg_vec_at(&w->entries, kept++) = e;
		else
			entry_free(e);
	}
	while (w->entries.len > kept)
		vg_vec_pop(&w->entries);
}

enum vg_status vg_watch_configure(struct vg_watch *w, const char *const *names,
    struct vg_schedule **schedules, size_t count, int64_t now, struct vg_error *err)
{
	bool good = true;
	size_t i;

	for (i = 0; i < w->entries.len; i++)
		entry_at(w, i)->wanted = false;
	for (i = 0; i < count; i++) {
		struct entry *e = find(w, vg_str(names[i]));

		if (!e)
			e = add(w, vg_str(names[i]));
		if (e)
			good &= entry_schedule(e, schedules[i], now);
		else
			vg_schedule_free(schedules[i]);
		good &= e != NULL;
	}
	drop_unwanted(w);
	free(w->due);
	w->due = calloc(w->entries.len + 1, sizeof(*w->due));
	return good && w->due ? VG_OK : vg_fail(err, VG_E_NOMEM, "out of memory");
}

static void start(struct vg_watch *w, size_t count, int64_t now)
{
	struct vg_error err = {.msg = ""};
	int64_t job = 0;
	enum vg_status status = w->ops.start(w->ops.ctx, w->due, count, &job, &err);

	for (size_t i = 0; i < w->entries.len; i++) {
		struct vg_watch_site *site = &entry_at(w, i)->site;

		for (size_t n = 0; n < count; n++) {
			if (w->due[n] != site)
				continue;
			site->job = job;
			site->state.planned = site->next.planned;
			site->state.started = now;
			site->state.end = VG_SCHEDULE_RUNNING;
			site->unsaved = true;
		}
	}
	w->jobs++;
	if (status) {
		for (size_t n = 0; n < count; n++)
			find(w, vg_str(w->due[n]->name))->site.job = -1;
		if (w->ops.failed)
			w->ops.failed(w->ops.ctx, &err);
		vg_watch_ended(w, -1, VG_SCHEDULE_FAILED, now);
	}
}

int64_t vg_watch_step(struct vg_watch *w, int64_t now)
{
	int64_t next = VG_ZONE_NEVER;
	size_t count = 0;

	for (size_t i = 0; i < w->entries.len; i++) {
		struct vg_watch_site *site = &entry_at(w, i)->site;

		if (site->job || !site->schedule)
			continue;
		site->unsaved |= vg_schedule_mend(&site->state, now);
		vg_schedule_next(site->schedule, &site->state, now, &site->next);
		if (site->next.at <= now)
			w->due[count++] = site;
		else if (site->next.at < next)
			next = site->next.at;
	}
	if (!count || w->jobs >= VG_WATCH_JOBS)
		return next;
	start(w, count, now);
	/* What could not be started has a time for its next try. */
	return w->due[0]->job ? next : now;
}

void vg_watch_ended(
    struct vg_watch *w, int64_t job, enum vg_schedule_end end, int64_t now)
{
	bool any = false;

	for (size_t i = 0; i < w->entries.len; i++) {
		struct entry *e = entry_at(w, i);
		struct vg_schedule_state *state = &e->site.state;

		if (e->site.job != job)
			continue;
		any = true;
		e->site.job = 0;
		state->ended = now;
		state->end = end;
		/* Its hours ended while it was crawled: what is left waits for the next. */
		if (end == VG_SCHEDULE_DONE && e->schedule &&
		    vg_schedule_closed_between(e->schedule, state->started, now))
			state->end = VG_SCHEDULE_STOPPED;
		if (end == VG_SCHEDULE_FAILED)
			state->failures++;
		else if (end != VG_SCHEDULE_BUSY)
			state->failures = 0;
		e->site.unsaved = true;
	}
	w->jobs -= any;
}

size_t vg_watch_count(const struct vg_watch *w)
{
	return w->entries.len;
}

struct vg_watch_site *vg_watch_at(struct vg_watch *w, size_t i)
{
	return &entry_at(w, i)->site;
}

void vg_watch_next(
    const struct vg_watch_site *site, int64_t now, struct vg_schedule_run *ret)
{
	struct vg_schedule_state state = site->state;

	if (site->job) {
		state.end = VG_SCHEDULE_DONE;
		state.ended = now;
	}
	vg_schedule_next(site->schedule, &state, now, ret);
}
