/* SPDX-License-Identifier: MIT */
/* Clocks, and RFC 3339 by the civil-date arithmetic of the proleptic Gregorian calendar. */
#include "config.h"

#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#define DAY_SECONDS INT64_C(86400)

static int64_t clock_read(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts))
		return 0;
	return (int64_t)ts.tv_sec * VG_SECOND + ts.tv_nsec / 1000;
}

int64_t vg_clock_now(void)
{
	return clock_read(CLOCK_REALTIME);
}

int64_t vg_clock_monotonic(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

int64_t vg_clock_boot(void)
{
	return clock_read(CLOCK_BOOTTIME);
}

/* Years count from March, so that a leap day ends its year. */
int64_t vg_days_from_civil(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era =
	    year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

void vg_civil_from_days(
    int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
				  day_of_era / 146096) /
			      365;
	int64_t day_of_year =
	    day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted_month = (5 * day_of_year + 2) / 153;

	*ret_day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
	*ret_month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
	*ret_year = year_of_era + era * 400 + (*ret_month <= 2);
}

void vg_time_format(int64_t us, char ret[VG_RFC3339_LEN])
{
	const int64_t first = vg_days_from_civil(0, 1, 1) * DAY_SECONDS * VG_SECOND;
	const int64_t last = vg_days_from_civil(10000, 1, 1) * DAY_SECONDS * VG_SECOND - 1;
	int64_t seconds, days, year;
	int month, day, rest;

	us = us < first ? first : us > last ? last : us;
	seconds = us / VG_SECOND - (us % VG_SECOND < 0);
	days = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
	rest = (int)(seconds - days * DAY_SECONDS);
	vg_civil_from_days(days, &year, &month, &day);
	(void)snprintf(ret, VG_RFC3339_LEN, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ",
	    (unsigned)year % 10000u, (unsigned)month % 100u, (unsigned)day % 100u,
	    (unsigned)(rest / 3600) % 100u, (unsigned)(rest / 60 % 60) % 100u,
	    (unsigned)(rest % 60) % 100u,
	    (unsigned)(us - seconds * VG_SECOND) % 1000000u);
}

/* Two or four digits at *pos. */
static bool take_number(struct vg_str s, size_t *pos, size_t digits, int64_t *ret)
{
	uint64_t value;

	if (s.len - *pos < digits ||
	    !vg_str_to_u64(vg_str_sub(s, *pos, *pos + digits), &value))
		return false;
	*pos += digits;
	*ret = (int64_t)value;
	return true;
}

static bool take_char(struct vg_str s, size_t *pos, const char *any_of)
{
	if (*pos >= s.len)
		return false;
	for (; *any_of; any_of++)
		if (s.ptr[*pos] == *any_of) {
			(*pos)++;
			return true;
		}
	return false;
}

static bool take_date(struct vg_str s, size_t *pos, int64_t *ret_days)
{
	static const int64_t month_days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t year, month, day, length;

	if (!take_number(s, pos, 4, &year) || !take_char(s, pos, "-") ||
	    !take_number(s, pos, 2, &month) || !take_char(s, pos, "-") ||
	    !take_number(s, pos, 2, &day) || month < 1 || month > 12 || day < 1)
		return false;
	length = month_days[month - 1];
	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		length = 29;
	if (day > length)
		return false;
	*ret_days = vg_days_from_civil(year, month, day);
	return true;
}

static bool take_offset(struct vg_str s, size_t *pos, int64_t *ret_seconds)
{
	int64_t hours, minutes;
	bool west;

	*ret_seconds = 0;
	if (take_char(s, pos, "Zz"))
		return true;
	west = *pos < s.len && s.ptr[*pos] == '-';
	if (!take_char(s, pos, "+-") || !take_number(s, pos, 2, &hours) ||
	    !take_char(s, pos, ":") || !take_number(s, pos, 2, &minutes) ||
	    hours > 23 || minutes > 59)
		return false;
	*ret_seconds = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return true;
}

bool vg_time_parse(struct vg_str text, int64_t *ret_us)
{
	int64_t days, hour, minute, second, offset, fraction = 0, unit = VG_SECOND / 10;
	size_t pos = 0;

	if (!take_date(text, &pos, &days) || !take_char(text, &pos, "Tt ") ||
	    !take_number(text, &pos, 2, &hour) || !take_char(text, &pos, ":") ||
	    !take_number(text, &pos, 2, &minute) || !take_char(text, &pos, ":") ||
	    !take_number(text, &pos, 2, &second) || hour > 23 || minute > 59 ||
	    second > 60)
		return false;
	if (take_char(text, &pos, ".")) {
		size_t start = pos;

		for (; pos < text.len && vg_is_digit(text.ptr[pos]); pos++, unit /= 10)
			fraction += unit * (text.ptr[pos] - '0');
		if (pos == start)
			return false;
	}
	if (!take_offset(text, &pos, &offset) || pos != text.len)
		return false;
	*ret_us = (days * DAY_SECONDS + hour * 3600 + minute * 60 + second - offset) *
		      VG_SECOND +
		  fraction;
	return true;
}
