/* SPDX-License-Identifier: MIT */
/* HTTP-date in its three formats, and Retry-After which may hold one. */
#include "config.h"

#include "policy/rate.h"

struct fields {
	int year, month, day, hour, minute, second; /* month from 1; 0: not read */
};

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static int64_t days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static int month_of(struct vg_str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (word.len != 3)
		return 0;
	for (int i = 0; i < 12; i++) {
		if (vg_str_ieq(word, (struct vg_str){names + 3 * i, 3}))
			return i + 1;
	}
	return 0;
}

static bool read_time(struct vg_str word, struct fields *f)
{
	int *const parts[] = {&f->hour, &f->minute, &f->second};
	struct vg_str piece;
	size_t n = 0;
	uint64_t value;

	while (vg_str_split(&word, ':', &piece)) {
		if (n == 3 || piece.len != 2 || !vg_str_to_u64(piece, &value))
			return false;
		*parts[n++] = (int)value;
	}
	return n == 3 && f->hour < 24 && f->minute < 60 && f->second <= 60;
}

/* Two digits: the year that ends so and is less than 50 years ahead (RFC 9110 5.6.7). */
static int full_year(int two, int64_t now)
{
	int current = (int)(1970 + now / VG_SECOND / 31556952);
	int year = current - current % 100 + two;

	return year > current + 50 ? year - 100 : year;
}

static bool is_date(const struct fields *f)
{
	static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (f->year % 4 == 0 && f->year % 100 != 0) || f->year % 400 == 0;

	return f->year >= 1601 && f->year <= 9999 && f->month >= 1 && f->day >= 1 &&
	       f->day <= lengths[f->month - 1] &&
	       (f->month != 2 || f->day < 29 || leap);
}

bool vg_http_date_parse(struct vg_str value, int64_t now, int64_t *ret)
{
	struct fields f = {.year = -1};
	struct vg_str text = vg_str_trim(value);
	bool have_time = false;

	/* The formats differ in order and dividers, not in what the words look like. */
	for (size_t i = 0; i < text.len;) {
		size_t start = i;
		struct vg_str word;
		uint64_t number;

		while (i < text.len && (vg_is_alnum(text.ptr[i]) || text.ptr[i] == ':'))
			i++;
		word = vg_str_sub(text, start, i);
		if (i == start) {
			if (text.ptr[i] != ' ' && text.ptr[i] != ',' &&
			    text.ptr[i] != '-')
				return false;
			i++;
		} else if (vg_str_chr(word, ':', 0) != SIZE_MAX) {
			if (have_time || !read_time(word, &f))
				return false;
			have_time = true;
		} else if (vg_str_to_u64(word, &number) && word.len <= 4) {
			if (f.day == 0)
				f.day = (int)number;
			else if (f.year >= 0)
				return false;
			else
				f.year = word.len == 2 ? full_year((int)number, now)
						       : (int)number;
		} else if (f.month == 0 && month_of(word) > 0) {
			f.month = month_of(word);
		} else if (!vg_is_alpha(word.ptr[0]) || word.len > 9) {
			return false;
		}
	}
	if (!have_time || !is_date(&f))
		return false;
	*ret = (days_from_civil(f.year, f.month, f.day) * 86400 + f.hour * 3600 +
		   f.minute * 60 + f.second) *
	       VG_SECOND;
	return true;
}

bool vg_retry_after_parse(struct vg_str value, int64_t now, int64_t *ret_at)
{
	struct vg_str text = vg_str_trim(value);
	uint64_t seconds;
	int64_t at;

	if (text.len > 0 && text.len <= 12 && vg_str_to_u64(text, &seconds))
		at = now + (int64_t)seconds * VG_SECOND;
	else if (!vg_http_date_parse(text, now, &at))
		return false;
	if (at < now)
		at = now;
	if (at > now + VG_RATE_RETRY_AFTER_MAX)
		at = now + VG_RATE_RETRY_AFTER_MAX;
	*ret_at = at;
	return true;
}
