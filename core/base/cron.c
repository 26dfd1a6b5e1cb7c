/* SPDX-License-Identifier: MIT */
/* Reading cron expressions, and the times they name. */
#include "config.h"

#include "base/cron.h"

#define MINUTE (60 * VG_SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define ALL_HOURS ((UINT32_C(1) << 24) - 1)
#define LAST_DAY INT64_C(2932896)  /* 9999-12-31 */
#define LEAP_CYCLE (41 * 366) /* days within which 29 February meets each weekday */
#define GAP_TIMES 3000             /* times looked at for the shortest gap */
#define GAP_FROM INT64_C(11323)    /* 2001-01-01, a Monday */

struct field {
	const char *name;
	int min, max;
	const char *words; /* for min and what follows, NULL: none */
};

static const struct field fields[5] = {
    {"minute", 0, 59, NULL},
    {"hour", 0, 23, NULL},
    {"day of the month", 1, 31, NULL},
    {"month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"},
    {"day of the week", 0, 7, "sun mon tue wed thu fri sat"},
};

static const struct {
	const char *word, *means;
} nicknames[] = {
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
    {"@monthly", "0 0 1 * *"},
    {"@weekly", "0 0 * * 0"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@hourly", "0 * * * *"},
};

static bool read_value(const struct field *f, struct vg_str text, int *ret)
{
	struct vg_str words = vg_str(f->words), word;
	uint64_t n;

	for (int i = f->min; vg_str_split(&words, ' ', &word); i++)
		if (vg_str_ieq(word, text)) {
			*ret = i;
			return true;
		}
	if (text.len > 2 || !vg_str_to_u64(text, &n) || (int)n < f->min ||
	    (int)n > f->max)
		return false;
	*ret = (int)n;
	return true;
}

static enum vg_status bad_value(
    const struct field *f, struct vg_str text, struct vg_error *err)
{
	return vg_fail(err, VG_E_INVALID, "%s: '%.*s' is not %d to %d%s", f->name,
	    (int)(text.len < 40 ? text.len : 40), text.ptr, f->min, f->max,
	    f->words ? " or a name of three letters" : "");
}

/* What H stands for: another value in each field. */
static int hashed(uint64_t seed, const struct field *f, int count)
{
	uint64_t x = seed + (uint64_t)(f - fields + 1) * UINT64_C(0x9E3779B97F4A7C15);

	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return (int)((x ^ x >> 31) % (uint64_t)count);
}

/* One piece of a list: a value, "*", "a-b" or "H", with "/step" if need be. */
static enum vg_status read_item(const struct field *f, struct vg_str item,
    uint64_t seed, uint64_t *io_bits, struct vg_error *err)
{
	size_t slash = vg_str_chr(item, '/', 0), dash;
	struct vg_str base = vg_str_sub(item, 0, slash);
	bool hash = vg_str_eqz(base, "H");
	int low = f->min, high = f->max, step = 1, top;
	uint64_t n;

	/* Both Sundays are one, and no month lacks the days up to the 28th. */
	top = f->max == 7 ? 6 : f->max == 31 && hash ? 28 : f->max;
	dash = vg_str_chr(base, '-', 0);
	if (slash != SIZE_MAX) {
		struct vg_str text = vg_str_sub(item, slash + 1, item.len);

		if (text.len > 2 || !vg_str_to_u64(text, &n) || !n ||
		    (int)n > f->max - f->min + 1)
			return vg_fail(err, VG_E_INVALID,
			    "%s: '%.*s' is no step of 1 to %d", f->name,
			    (int)(text.len < 40 ? text.len : 40), text.ptr,
			    f->max - f->min + 1);
		step = (int)n;
	}
	if (hash) {
		low = f->min + hashed(seed, f, step > 1 ? step : top - f->min + 1);
		high = step > 1 ? top : low;
	} else if (vg_str_eqz(base, "*")) {
		high = top;
	} else if (dash != SIZE_MAX) {
		if (!read_value(f, vg_str_sub(base, 0, dash), &low) ||
		    !read_value(f, vg_str_sub(base, dash + 1, base.len), &high))
			return bad_value(f, base, err);
		/* Friday to Sunday: "fri-sun" has no other reading. */
		if (f->max == 7 && !high && low)
			high = 7;
		if (low > high)
			return vg_fail(err, VG_E_INVALID,
			    "%s: %.*s runs backwards; write it as two ranges, as in "
			    "22-23,0-6",
			    f->name, VG_STR_ARG(base));
	} else if (!read_value(f, base, &low)) {
		return bad_value(f, base, err);
	} else if (slash != SIZE_MAX) {
		return vg_fail(err, VG_E_INVALID,
		    "%s: a step needs a range: %.*s-%d/%d, or */%d", f->name,
		    VG_STR_ARG(base), f->max, step, step);
	} else {
		high = low;
	}
	for (int i = low; i <= high; i += step)
		*io_bits |= UINT64_C(1) << i;
	return VG_OK;
}

static enum vg_status read_field(const struct field *f, struct vg_str text,
    uint64_t seed, uint64_t *ret_bits, struct vg_error *err)
{
	struct vg_str rest = text, item;
	enum vg_status st = VG_OK;

	*ret_bits = 0;
	if (text.len && text.ptr[text.len - 1] == ',')
		return bad_value(f, text, err);
	while (!st && vg_str_split(&rest, ',', &item))
		st = read_item(f, item, seed, ret_bits, err);
	return st;
}

static bool take_word(struct vg_str *rest, struct vg_str *ret)
{
	size_t end = 0;

	*rest = vg_str_trim(*rest);
	while (end < rest->len && !vg_is_space(rest->ptr[end]))
		end++;
	*ret = vg_str_sub(*rest, 0, end);
	*rest = vg_str_sub(*rest, end, rest->len);
	return end > 0;
}

/* Days and months that never meet: the 30th of February. */
static bool ever_happens(const struct vg_cron *c)
{
	static const int lengths[] = {
	    0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	for (int month = 1; month <= 12; month++)
		for (int day = 1; day <= lengths[month]; day++)
			if (c->months >> month & 1 && c->days >> day & 1)
				return true;
	return !c->any_day; /* the weekday alone is enough */
}

enum vg_status vg_cron_parse(
    struct vg_str text, uint64_t seed, struct vg_cron *ret, struct vg_error *err)
{
	struct vg_str rest = vg_str_trim(text), words[5], word;
	uint64_t bits[5] = {0};
	int count = 0;
	enum vg_status st = VG_OK;

	if (vg_str_starts(rest, VG_STR("@"))) {
		size_t i = 0, n = sizeof(nicknames) / sizeof(nicknames[0]);

		(void)take_word(&rest, &word);
		while (i < n && (rest.len || !vg_str_ieqz(word, nicknames[i].word)))
			i++;
		if (i == n)
			return vg_fail(err, VG_E_INVALID,
			    "'%.*s' is not @hourly, @daily, @weekly, @monthly or "
			    "@yearly",
			    (int)(word.len < 40 ? word.len : 40), word.ptr);
		rest = vg_str(nicknames[i].means);
	}
	for (; take_word(&rest, &word); count++)
		if (count < 5)
			words[count] = word;
	if (count != 5)
		return vg_fail(err, VG_E_INVALID,
		    "cron has 5 fields, minute hour day month weekday; here are %d",
		    count);
	for (int i = 0; !st && i < 5; i++)
		st = read_field(&fields[i], words[i], seed, &bits[i], err);
	if (st)
		return st;
	*ret = (struct vg_cron){.minutes = bits[0],
	    .hours = (uint32_t)bits[1],
	    .days = (uint32_t)bits[2],
	    .months = (uint16_t)bits[3],
	    .weekdays = (uint8_t)((bits[4] | bits[4] >> 7) & 0x7F),
	    .any_day = words[2].ptr[0] == '*' || words[4].ptr[0] == '*'};
	if (!ever_happens(ret))
		return vg_fail(err, VG_E_INVALID,
		    "no month of it has such a day: it never happens");
	return VG_OK;
}

static bool day_fits(const struct vg_cron *c, int64_t days)
{
	int64_t year;
	int month, day, weekday = (int)((days % 7 + 11) % 7);
	bool by_day, by_weekday;

	vg_civil_from_days(days, &year, &month, &day);
	by_day = c->days >> day & 1;
	by_weekday = c->weekdays >> weekday & 1;
	return c->months >> month & 1 &&
	       (c->any_day ? by_day && by_weekday : by_day || by_weekday);
}

static int lowest_bit(uint64_t bits, int from)
{
	bits = from < 64 ? bits >> from << from : 0;
	return bits ? __builtin_ctzll(bits) : -1;
}

/* The first wall-clock minute at or after `local` that fits, or VG_ZONE_NEVER. */
static int64_t next_fit(const struct vg_cron *c, int64_t local)
{
	int64_t days, rest, end;
	int hour, minute;

	local += (MINUTE - 1);
	local -= (local % MINUTE + MINUTE) % MINUTE;
	days = local / DAY - (local % DAY < 0);
	rest = local - days * DAY;
	end = days + LEAP_CYCLE < LAST_DAY ? days + LEAP_CYCLE : LAST_DAY;
	for (; days <= end; days++, rest = 0) {
		if (!day_fits(c, days))
			continue;
		hour = (int)(rest / HOUR);
		if (c->hours >> hour & 1) {
			minute = lowest_bit(c->minutes, (int)(rest % HOUR / MINUTE));
			if (minute >= 0)
				return days * DAY + hour * HOUR + minute * MINUTE;
		}
		hour = lowest_bit(c->hours, hour + 1);
		if (hour >= 0)
			return days * DAY + hour * HOUR +
			       lowest_bit(c->minutes, 0) * MINUTE;
	}
	return VG_ZONE_NEVER;
}

/* Every minute of real time at which the clock shows what fits. */
static int64_t next_by_clock(
    const struct vg_cron *c, const struct vg_zone *zone, int64_t utc)
{
	int64_t from = utc + 1;

	for (;;) {
		int64_t local = vg_zone_local(zone, from), fit = next_fit(c, local);
		int64_t change = vg_zone_next_change(zone, from);

		if (fit == VG_ZONE_NEVER)
			return fit;
		if (change == VG_ZONE_NEVER || fit - local < change - from)
			return from + (fit - local);
		from = change;
	}
}

int64_t vg_cron_next(
    const struct vg_cron *cron, const struct vg_zone *zone, int64_t utc)
{
	const int64_t first = vg_days_from_civil(1, 1, 1) * DAY, last = LAST_DAY * DAY;
	int64_t local, at = utc;

	if (utc > last)
		return VG_ZONE_NEVER;
	utc = utc < first ? first : utc;
	if (cron->hours == ALL_HOURS)
		return next_by_clock(cron, zone, utc);
	/* What the clock showed before `utc` is not later than it; so begin with what it shows. */
	local = vg_zone_local(zone, utc);
	do {
		local = next_fit(cron, local);
		if (local == VG_ZONE_NEVER)
			return local;
		(void)vg_zone_utc(zone, local, &at);
		local += MINUTE;
	} while (at <= utc);
	return at;
}

int64_t vg_cron_gap(const struct vg_cron *cron)
{
	int64_t last = next_fit(cron, GAP_FROM * DAY), gap = INT64_MAX;

	for (int i = 0; i < GAP_TIMES && last != VG_ZONE_NEVER; i++) {
		int64_t next = next_fit(cron, last + 1);

		if (next == VG_ZONE_NEVER || next > (GAP_FROM + 9 * 366) * DAY)
			break;
		gap = next - last < gap ? next - last : gap;
		last = next;
	}
	return gap == INT64_MAX ? 366 * DAY : gap;
}
