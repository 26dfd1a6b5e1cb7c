/* SPDX-License-Identifier: MIT */
/* Dates as sitemaps and feeds write them, all turned into the one form that is read. */
#include "config.h"

#include "doc/sitemap.h"

#include <stdio.h>

#include "base/clock.h"

static int month_of(struct vg_str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; word.len >= 3 && i < 12; i++)
		if (vg_str_ieq(
			vg_str_sub(word, 0, 3), (struct vg_str){names + 3 * i, 3}))
			return i + 1;
	return 0;
}

/* The offset of a zone of RFC 822 as RFC 3339 writes it; NULL: none. */
static const char *zone_of(struct vg_str word, char text[8])
{
	static const struct {
		const char *name, *offset;
	} zones[] = {{"GMT", "Z"}, {"UT", "Z"}, {"UTC", "Z"}, {"Z", "Z"},
	    {"EST", "-05:00"}, {"EDT", "-04:00"}, {"CST", "-06:00"}, {"CDT", "-05:00"},
	    {"MST", "-07:00"}, {"MDT", "-06:00"}, {"PST", "-08:00"}, {"PDT", "-07:00"}};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (vg_str_ieqz(word, zones[i].name))
			return zones[i].offset;
	if (word.len != 5 || (word.ptr[0] != '+' && word.ptr[0] != '-'))
		return NULL;
	(void)snprintf(text, 8, "%.3s:%.2s", word.ptr, word.ptr + 3);
	return text;
}

/* "[Thu,] 05 Jan 2017 13:34[:51] +0100" */
static bool parse_rfc822(struct vg_str text, int64_t *ret_us)
{
	struct vg_str words[8], word;
	char offset[8], line[48];
	const char *zone;
	uint64_t day, year;
	size_t n = 0, at;
	int month;

	while (n < 8 && vg_str_split(&text, ' ', &word))
		if (word.len)
			words[n++] = word;
	at = n == 6 ? 1 : 0; /* after the day of the week */
	if (n != at + 5 || !vg_str_to_u64(words[at], &day) || day > 31 ||
	    !(month = month_of(words[at + 1])) ||
	    !vg_str_to_u64(words[at + 2], &year) || year > 9999 ||
	    (words[at + 3].len != 5 && words[at + 3].len != 8) ||
	    !(zone = zone_of(words[at + 4], offset)))
		return false;
	if (words[at + 2].len == 2)
		year += year < 70 ? 2000 : 1900;
	(void)snprintf(line, sizeof(line), "%04u-%02d-%02uT%.*s%s%s", (unsigned)year,
	    month, (unsigned)day, VG_STR_ARG(words[at + 3]),
	    words[at + 3].len == 5 ? ":00" : "", zone);
	return vg_time_parse(vg_str(line), ret_us);
}

/* W3C date and time: what RFC 3339 demands may be missing. */
static bool parse_w3c(struct vg_str text, int64_t *ret_us)
{
	static const char rest[] = "0000-01-01T00:00:00Z";
	char line[48];

	if (text.len == 4 || text.len == 7 || text.len == 10)
		(void)snprintf(
		    line, sizeof(line), "%.*s%s", VG_STR_ARG(text), rest + text.len);
	else if (text.len >= 17 && text.len < 30 && text.ptr[16] != ':')
		(void)snprintf(line, sizeof(line), "%.16s:00%.*s", text.ptr,
		    (int)text.len - 16, text.ptr + 16);
	else
		return false;
	return vg_time_parse(vg_str(line), ret_us);
}

bool vg_feed_date_parse(struct vg_str text, int64_t *ret_us)
{
	text = vg_str_trim(text);
	return text.len < 64 &&
	       (vg_time_parse(text, ret_us) || parse_w3c(text, ret_us) ||
		   parse_rfc822(text, ret_us));
}
