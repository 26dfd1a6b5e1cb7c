/* SPDX-License-Identifier: MIT */
/* Gaps and back-off. */
#include "config.h"

#include "policy/rate.h"

#define ADAPTIVE_FACTOR 5
#define BACKOFF_MAX (3600 * VG_SECOND)

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t at_most(int64_t value, int64_t max)
{
	return value < max ? value : max;
}

int64_t vg_rate_gap(
    const struct vg_rate_rules *rules, const struct vg_rate_state *state)
{
	int64_t gap = longer(longer(rules->delay, rules->plugin_min),
	    at_most(rules->crawl_delay, VG_RATE_CRAWL_DELAY_MAX));

	gap = longer(gap, 0);
	if (rules->permitted)
		return gap;
	gap = longer(gap, VG_RATE_FLOOR);
	if (state->response_time >= VG_RATE_ADAPTIVE_MAX / ADAPTIVE_FACTOR)
		return longer(gap, VG_RATE_ADAPTIVE_MAX);
	return longer(gap, ADAPTIVE_FACTOR * state->response_time);
}

int64_t vg_rate_next(
    const struct vg_rate_rules *rules, const struct vg_rate_state *state)
{
	int64_t next = 0;

	if (state->last_end > 0 &&
	    __builtin_add_overflow(state->last_end, vg_rate_gap(rules, state), &next))
		next = INT64_MAX;
	return longer(next, state->blocked_until);
}

enum vg_rate_class vg_rate_classify(int status)
{
	switch (status) {
	case 0:
	case 408:
	case 429:
	case 500:
	case 502:
	case 503:
	case 504:
	case 522:
	case 524:
		return VG_RATE_RETRY;
	default:
		return VG_RATE_DONE;
	}
}

void vg_rate_note(struct vg_rate_state *state, const struct vg_rate_result *result)
{
	bool error = result->status == 0 || result->status >= 400;

	state->last_end = longer(state->last_end, result->end);
	state->response_time =
	    error ? longer(state->response_time, result->elapsed) : result->elapsed;
	if (vg_rate_classify(result->status) == VG_RATE_DONE) {
		state->failures = 0;
	} else {
		if (state->failures < UINT32_MAX)
			state->failures++;
		state->blocked_until = longer(state->blocked_until,
		    result->end + vg_rate_backoff(result->backoff ? result->backoff
								  : VG_RATE_BACKOFF,
				      state->failures, result->random));
	}
	state->blocked_until = longer(state->blocked_until, result->retry_at);
}

int64_t vg_rate_backoff(int64_t first, uint32_t attempt, uint64_t random)
{
	int64_t wait = longer(first, 2);

	for (uint32_t i = 1; i < attempt && wait < BACKOFF_MAX; i++)
		wait *= 2;
	if (attempt >= VG_RATE_BREAK && wait < BACKOFF_MAX)
		wait = longer(wait, at_most(first, BACKOFF_MAX) * VG_RATE_BREAK_FACTOR);
	wait = at_most(wait, BACKOFF_MAX);
	return wait - (int64_t)(random % (uint64_t)(wait / 2));
}
