/* SPDX-License-Identifier: MIT */
/* Dates as machines write them. */
#include "site.h"

#include <string.h>

static void put(char *out, long value, int width)
{
	while (width-- > 0) {
		out[width] = (char)('0' + value % 10);
		value /= 10;
	}
}

/* Civil date of a day number since 1970-01-01 (proleptic Gregorian, years 1970 to 9999). */
static void civil(long day, long *year, long *month, long *ret_day)
{
	long z = day + 719468, era = z / 146097, of_era = z - era * 146097;
	long y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	long of_year = of_era - (365 * y + y / 4 - y / 100);
	long m = (5 * of_year + 2) / 153;

	*ret_day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = y + era * 400 + (*month <= 2);
}

static struct vigia_str from_seconds(long seconds, char room[32])
{
	long year, month, day;

	civil(seconds / 86400, &year, &month, &day);
	memcpy(room, "0000-00-00T00:00:00Z", 21);
	put(room, year, 4);
	put(room + 5, month, 2);
	put(room + 8, day, 2);
	put(room + 11, seconds / 3600 % 24, 2);
	put(room + 14, seconds / 60 % 60, 2);
	put(room + 17, seconds % 60, 2);
	return (struct vigia_str){room, 20};
}

struct vigia_str site_date(struct vigia_str text, char room[32])
{
	long seconds = 0;

	text = kit_trim(text);
	if (text.len == 0 || kit_digits(text) != text.len)
		return text;
	if (text.len == 14) { /* 20200418003811 */
		memcpy(room, "0000-00-00T00:00:00Z", 21);
		memcpy(room, text.ptr, 4);
		for (size_t i = 0; i < 5; i++)
			memcpy(room + 5 + 3 * i, text.ptr + 4 + 2 * i, 2);
		return (struct vigia_str){room, 20};
	}
	if (text.len != 10 && text.len != 13)
		return text;
	for (size_t i = 0; i < 10; i++) /* milliseconds are cut */
		seconds = seconds * 10 + (text.ptr[i] - '0');
	return from_seconds(seconds, room);
}
