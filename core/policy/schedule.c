/* SPDX-License-Identifier: MIT */
/* The next run of a site, from its schedule and from what became of the last one. */
#include "config.h"

#include "policy/schedule.h"

#include <stdlib.h>

#include "base/cron.h"

#define MINUTE (60 * VG_SECOND)
#define HOUR (60 * MINUTE)
#define STEP_BACK                                                                      \
	(3 * HOUR) /* a clock set back by less is not asked for its runs again */
#define BUSY_WAIT MINUTE
#define RETRY_FIRST (5 * MINUTE)
#define RETRY_LAST (6 * HOUR)
#define MAX_COALESCED 100000 /* missed runs that are looked at one by one */

struct vg_schedule {
	struct vg_schedule_rule rule; /* without its strings */
	struct vg_cron cron;
	bool by_cron;
	struct vg_zone *zone;
	struct vg_hours hours;
	uint64_t seed;
	char *text;
};

static enum vg_status read_rule(
    struct vg_schedule *s, const struct vg_schedule_rule *rule, struct vg_error *err)
{
	size_t room = strlen(rule->when) + strlen(rule->zone) + 2;
	enum vg_status st = vg_zone_open(rule->zone, &s->zone, err);

	s->text = calloc(1, room);
	if (!st && !s->text)
		st = vg_fail(err, VG_E_NOMEM, "out of memory");
	if (st)
		return st;
	memcpy(s->text, rule->when, strlen(rule->when));
	s->text[strlen(rule->when)] = ' ';
	memcpy(s->text + strlen(rule->when) + 1, rule->zone, strlen(rule->zone));
	for (const char *const *h = rule->hours; h && *h; h++)
		if (!vg_hours_add(&s->hours, vg_str(*h)))
			return vg_fail(err, VG_E_INVALID,
			    "'%.40s' is not hours such as 08:00-20:00, or there are "
			    "too "
			    "many",
			    *h);
	s->by_cron = !rule->every && strcmp(rule->when, "always") != 0;
	return s->by_cron ? vg_cron_parse(vg_str(rule->when), s->seed, &s->cron, err)
			  : VG_OK;
}

enum vg_status vg_schedule_new(
    const struct vg_schedule_rule *rule, struct vg_schedule **ret, struct vg_error *err)
{
	struct vg_schedule *s = calloc(1, sizeof(*s));
	enum vg_status st;

	if (!s)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	s->rule = *rule;
	s->rule.name = s->rule.when = s->rule.zone = NULL;
	s->rule.hours = NULL;
	s->seed = vg_str_hash(vg_str(rule->name));
	st = read_rule(s, rule, err);
	if (st) {
		vg_schedule_free(s);
		return st;
	}
	*ret = s;
	return VG_OK;
}

void vg_schedule_free(struct vg_schedule *s)
{
	if (!s)
		return;
	vg_zone_free(s->zone);
	free(s->text);
	free(s);
}

bool vg_schedule_is_automatic(const struct vg_schedule *s)
{
	return s->by_cron || s->rule.every;
}

const struct vg_zone *vg_schedule_zone(const struct vg_schedule *s)
{
	return s->zone;
}

const char *vg_schedule_text(const struct vg_schedule *s)
{
	return s->text;
}

int64_t vg_schedule_interval(const struct vg_schedule *s)
{
	return s->by_cron ? vg_cron_gap(&s->cron) : s->rule.every;
}

int64_t vg_schedule_due(const struct vg_schedule *s, int64_t now, int64_t pause)
{
	int64_t extra;

	if (!s->by_cron)
		return now + pause;
	extra = pause - vg_schedule_interval(s);
	return vg_cron_next(&s->cron, s->zone, extra > 0 ? now + extra : now);
}

bool vg_schedule_is_open(const struct vg_schedule *s, int64_t now)
{
	return vg_hours_open(&s->hours, s->zone, now);
}

int64_t vg_schedule_opens(const struct vg_schedule *s, int64_t at)
{
	return at == VG_ZONE_NEVER ? at : vg_hours_next(&s->hours, s->zone, at, true);
}

bool vg_schedule_closed_between(
    const struct vg_schedule *s, int64_t from, int64_t until)
{
	return vg_hours_next(&s->hours, s->zone, from, false) <= until;
}

/* The same for one run whenever it is asked for, so that a restart does not draw again. */
static int64_t jitter(const struct vg_schedule *s, int64_t planned)
{
	uint64_t x = s->seed ^ (uint64_t)planned * UINT64_C(0x9E3779B97F4A7C15);
	int64_t most = s->rule.jitter;

	if (s->by_cron) { /* a run starts before the next one is due */
		int64_t next = vg_cron_next(&s->cron, s->zone, planned);

		if (next != VG_ZONE_NEVER && next - planned - MINUTE < most)
			most = next - planned - MINUTE;
	}
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return most > 0 ? (int64_t)((x ^ x >> 31) % (uint64_t)most) : 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The last time of the schedule that is not after `now`; `first` is one. */
static int64_t last_before(const struct vg_schedule *s, int64_t first, int64_t now)
{
	for (int i = 0; i < MAX_COALESCED; i++) {
		int64_t next = vg_cron_next(&s->cron, s->zone, first);

		if (next > now)
			return first;
		first = next;
	}
	return now;
}

static void next_by_cron(const struct vg_schedule *s,
    const struct vg_schedule_state *state, int64_t now, struct vg_schedule_run *ret)
{
	int64_t last = state->since > state->planned ? state->since : state->planned;

	/* Written under a clock that was wrong: its future would have to be waited for. */
	if (last > now + STEP_BACK)
		last = now;
	ret->planned = vg_cron_next(&s->cron, s->zone, last);
	ret->why = VG_SCHEDULE_WHY_TIME;
	if (ret->planned == VG_ZONE_NEVER) {
		ret->at = VG_ZONE_NEVER;
		return;
	}
	if (ret->planned <= now)
		ret->planned = last_before(s, ret->planned, now);
	ret->at = ret->planned + jitter(s, ret->planned);
	/* What waits for its hours is not missed. */
	if (now - vg_schedule_opens(s, ret->at) <= VG_SCHEDULE_LATE)
		return;
	ret->why = VG_SCHEDULE_WHY_MISSED;
	if (s->rule.skip_missed) {
		ret->planned = vg_cron_next(&s->cron, s->zone, now);
		ret->at = ret->planned == VG_ZONE_NEVER
			      ? ret->planned
			      : ret->planned + jitter(s, ret->planned);
		ret->why = VG_SCHEDULE_WHY_TIME;
	}
}

static void next_by_duration(const struct vg_schedule *s,
    const struct vg_schedule_state *state, int64_t now, struct vg_schedule_run *ret)
{
	if (!state->ended && !state->started) {
		*ret = (struct vg_schedule_run){
		    .at = now, .planned = now, .why = VG_SCHEDULE_WHY_FIRST};
		return;
	}
	ret->planned = earlier(state->ended, now) + s->rule.every;
	ret->at = ret->planned + jitter(s, ret->planned);
	ret->why = VG_SCHEDULE_WHY_TIME;
}

/* A run that did not come to its end is tried again, sooner than the schedule says. */
static bool next_try(
    const struct vg_schedule_state *state, int64_t now, struct vg_schedule_run *ret)
{
	int64_t ended = earlier(state->ended, now), wait = RETRY_FIRST;

	switch (state->end) {
	case VG_SCHEDULE_NEVER:
	case VG_SCHEDULE_DONE:
		return false;
	case VG_SCHEDULE_RUNNING:
	case VG_SCHEDULE_STOPPED:
		*ret =
		    (struct vg_schedule_run){.at = now, .why = VG_SCHEDULE_WHY_GOES_ON};
		break;
	case VG_SCHEDULE_BUSY:
		*ret = (struct vg_schedule_run){
		    .at = ended + BUSY_WAIT, .why = VG_SCHEDULE_WHY_WAITED};
		break;
	case VG_SCHEDULE_FAILED:
		for (int64_t i = 1; i < state->failures && wait < RETRY_LAST; i++)
			wait *= 2;
		*ret = (struct vg_schedule_run){.at = ended + earlier(wait, RETRY_LAST),
		    .why = VG_SCHEDULE_WHY_AGAIN};
		break;
	}
	ret->planned = state->planned;
	return true;
}

bool vg_schedule_mend(struct vg_schedule_state *io_state, int64_t now)
{
	int64_t *const times[] = {
	    &io_state->since, &io_state->planned, &io_state->started, &io_state->ended};
	bool mended = false;

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		if (*times[i] <= now + STEP_BACK)
			continue;
		*times[i] = now;
		mended = true;
	}
	return mended;
}

void vg_schedule_next(const struct vg_schedule *s,
    const struct vg_schedule_state *state, int64_t now, struct vg_schedule_run *ret)
{
	struct vg_schedule_run again;
	int64_t open;

	*ret = (struct vg_schedule_run){.at = VG_ZONE_NEVER, .planned = VG_ZONE_NEVER};
	if (s->by_cron)
		next_by_cron(s, state, now, ret);
	else if (s->rule.every)
		next_by_duration(s, state, now, ret);
	if (next_try(state, now, &again) && again.at < ret->at)
		*ret = again;
	if (ret->at == VG_ZONE_NEVER)
		return;
	open = vg_schedule_opens(s, ret->at < now ? now : ret->at);
	ret->moved = open > ret->at && open > now;
	if (ret->moved)
		ret->at = open;
}

const char *vg_schedule_why_name(enum vg_schedule_why why)
{
	static const char *const names[] = {[VG_SCHEDULE_WHY_TIME] = "time",
	    [VG_SCHEDULE_WHY_FIRST] = "first",
	    [VG_SCHEDULE_WHY_MISSED] = "missed",
	    [VG_SCHEDULE_WHY_GOES_ON] = "goes-on",
	    [VG_SCHEDULE_WHY_AGAIN] = "again",
	    [VG_SCHEDULE_WHY_WAITED] = "waited"};

	return names[why];
}
