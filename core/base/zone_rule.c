/* SPDX-License-Identifier: MIT */
/* TZ strings: when summer time starts and ends, year after year. */
#include "config.h"

#include "base/zone_priv.h"

#define DAY_SECONDS INT64_C(86400)

struct reader {
	struct vg_str rest;
};

static bool take(struct reader *r, char c)
{
	if (!r->rest.len || r->rest.ptr[0] != c)
		return false;
	r->rest = vg_str_sub(r->rest, 1, r->rest.len);
	return true;
}

static bool take_number(struct reader *r, int64_t min, int64_t max, int64_t *ret)
{
	uint64_t n = 0;
	size_t digits = 0;

	while (digits < r->rest.len && vg_is_digit(r->rest.ptr[digits]))
		digits++;
	if (!vg_str_to_u64(vg_str_sub(r->rest, 0, digits), &n) || n > (uint64_t)max ||
	    (int64_t)n < min)
		return false;
	r->rest = vg_str_sub(r->rest, digits, r->rest.len);
	*ret = (int64_t)n;
	return true;
}

static bool take_name(struct reader *r, struct vg_zone_type *ret)
{
	bool quoted = take(r, '<');
	size_t n = 0;

	while (n < r->rest.len &&
	       (vg_is_alpha(r->rest.ptr[n]) ||
		   (quoted && (vg_is_digit(r->rest.ptr[n]) || r->rest.ptr[n] == '+' ||
				  r->rest.ptr[n] == '-'))))
		n++;
	if (n < 3 || n >= sizeof(ret->abbreviation))
		return false;
	memcpy(ret->abbreviation, r->rest.ptr, n);
	ret->abbreviation[n] = '\0';
	r->rest = vg_str_sub(r->rest, n, r->rest.len);
	return !quoted || take(r, '>');
}

/* [+-]hh[:mm[:ss]], in seconds. */
static bool take_time(struct reader *r, int64_t max_hours, int64_t *ret)
{
	bool negative = take(r, '-');
	int64_t hours, minutes = 0, seconds = 0;

	if (!negative)
		(void)take(r, '+');
	if (!take_number(r, 0, max_hours, &hours) ||
	    (take(r, ':') && (!take_number(r, 0, 59, &minutes) ||
				 (take(r, ':') && !take_number(r, 0, 59, &seconds)))))
		return false;
	*ret = hours * 3600 + minutes * 60 + seconds;
	if (negative)
		*ret = -*ret;
	return true;
}

static bool take_offset(struct reader *r, struct vg_zone_type *type)
{
	int64_t west;

	if (!take_time(r, 24, &west))
		return false;
	type->offset = -west * VG_SECOND;
	return true;
}

static bool take_change(struct reader *r, struct zone_change *ret)
{
	int64_t a, b, c;

	if (!take(r, ','))
		return false;
	if (take(r, 'M')) {
		if (!take_number(r, 1, 12, &a) || !take(r, '.') ||
		    !take_number(r, 1, 5, &b) || !take(r, '.') ||
		    !take_number(r, 0, 6, &c))
			return false;
		*ret = (struct zone_change){.kind = ZONE_DAY_MONTH,
		    .month = (int)a,
		    .week = (int)b,
		    .weekday = (int)c};
	} else if (take(r, 'J')) {
		if (!take_number(r, 1, 365, &a))
			return false;
		*ret = (struct zone_change){.kind = ZONE_DAY_JULIAN, .day = (int)a};
	} else {
		if (!take_number(r, 0, 365, &a))
			return false;
		*ret = (struct zone_change){.kind = ZONE_DAY_ZERO, .day = (int)a};
	}
	ret->time = 2 * 3600;
	return !take(r, '/') || take_time(r, 167, &ret->time);
}

bool zone_rule_parse(struct vg_str text, struct zone_rule *ret)
{
	struct reader r = {text};
	struct zone_rule rule = {.has_summer = false};

	if (!take_name(&r, &rule.standard) || !take_offset(&r, &rule.standard))
		return false;
	if (r.rest.len) {
		rule.has_summer = true;
		rule.summer.dst = true;
		if (!take_name(&r, &rule.summer))
			return false;
		rule.summer.offset = rule.standard.offset + 3600 * VG_SECOND;
		if (r.rest.len && r.rest.ptr[0] != ',' &&
		    !take_offset(&r, &rule.summer))
			return false;
		if (!take_change(&r, &rule.start) || !take_change(&r, &rule.end))
			return false;
	}
	if (r.rest.len)
		return false;
	*ret = rule;
	return true;
}

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days since 1970 of the change in `year`. */
static int64_t change_day(const struct zone_change *c, int64_t year)
{
	int64_t first, next, day;

	if (c->kind == ZONE_DAY_ZERO)
		return vg_days_from_civil(year, 1, 1) + c->day;
	if (c->kind == ZONE_DAY_JULIAN)
		return vg_days_from_civil(year, 1, 1) + c->day - 1 +
		       (is_leap(year) && c->day >= 60);
	first = vg_days_from_civil(year, c->month, 1);
	next = c->month == 12 ? vg_days_from_civil(year + 1, 1, 1)
			      : vg_days_from_civil(year, c->month + 1, 1);
	/* 1970-01-01 was a Thursday. */
	day = first + (((c->weekday - (first + 4)) % 7) + 7) % 7 + 7 * (c->week - 1);
	return day < next ? day : day - 7;
}

/* The instant of a change; `before` is what holds until then. */
static int64_t change_at(
    const struct zone_change *c, int64_t year, const struct vg_zone_type *before)
{
	return (change_day(c, year) * DAY_SECONDS + c->time) * VG_SECOND -
	       before->offset;
}

static int64_t year_of(int64_t utc)
{
	int64_t days = utc / (DAY_SECONDS * VG_SECOND), year;
	int month, day;

	vg_civil_from_days(days - (utc < 0), &year, &month, &day);
	return year;
}

/* The last change not after `utc` and the first one after it: those of three years are enough. */
static void around(const struct zone_rule *rule, int64_t utc,
    const struct vg_zone_type **ret_now, int64_t *ret_next)
{
	int64_t year = year_of(utc), last = INT64_MIN;

	*ret_now = &rule->standard;
	*ret_next = VG_ZONE_NEVER;
	for (int64_t y = year - 1; rule->has_summer && y <= year + 1; y++) {
		const int64_t at[2] = {change_at(&rule->start, y, &rule->standard),
		    change_at(&rule->end, y, &rule->summer)};

		for (int i = 0; i < 2; i++) {
			/* At one instant, summer time that starts wins: it never ends then. */
			if (at[i] <= utc && (at[i] > last || (at[i] == last && !i))) {
				last = at[i];
				*ret_now = i ? &rule->standard : &rule->summer;
			}
			if (at[i] > utc && at[i] < *ret_next)
				*ret_next = at[i];
		}
	}
}

const struct vg_zone_type *zone_rule_at(const struct zone_rule *rule, int64_t utc)
{
	const struct vg_zone_type *now;
	int64_t next;

	around(rule, utc, &now, &next);
	return now;
}

int64_t zone_rule_next(const struct zone_rule *rule, int64_t utc)
{
	const struct vg_zone_type *now;
	int64_t next;

	around(rule, utc, &now, &next);
	return next;
}
