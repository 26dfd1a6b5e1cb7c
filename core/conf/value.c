/* SPDX-License-Identifier: MIT */
/* Reading and writing the values of options and configuration keys. */
#include "config.h"

#include "conf/value.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

struct unit {
	const char *name;
	int64_t factor;
};

/* Largest first: vg_duration_format walks them in this order. */
static const struct unit durations[] = {{"w", 604800 * VG_SECOND},
    {"d", 86400 * VG_SECOND}, {"h", 3600 * VG_SECOND}, {"m", 60 * VG_SECOND},
    {"s", VG_SECOND}, {"ms", 1000}, {"us", 1}};
static const struct unit sizes[] = {{"G", INT64_C(1) << 30}, {"GiB", INT64_C(1) << 30},
    {"M", 1 << 20}, {"MiB", 1 << 20}, {"K", 1 << 10}, {"KiB", 1 << 10}, {"B", 1},
    {"", 1}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

bool vg_value_bool(struct vg_str text, bool *ret)
{
	int i = vg_value_enum(text, "no|yes|false|true|off|on|0|1");

	if (i >= 0)
		*ret = i % 2 == 1;
	return i >= 0;
}

/* Takes digits and the letters after them off the front. */
static bool take_quantity(
    struct vg_str *rest, uint64_t *ret_number, struct vg_str *ret_unit)
{
	size_t digits = 0, end;

	while (digits < rest->len && vg_is_digit(rest->ptr[digits]))
		digits++;
	end = digits;
	while (end < rest->len && vg_is_alpha(rest->ptr[end]))
		end++;
	if (!vg_str_to_u64(vg_str_sub(*rest, 0, digits), ret_number))
		return false;
	*ret_unit = vg_str_sub(*rest, digits, end);
	*rest = vg_str_sub(*rest, end, rest->len);
	return true;
}

static bool scale(const struct unit *units, size_t count, uint64_t number,
    struct vg_str unit, int64_t *ret)
{
	int64_t product;

	for (size_t i = 0; i < count; i++) {
		if (!vg_str_eqz(unit, units[i].name))
			continue;
		if (__builtin_mul_overflow(number, units[i].factor, &product))
			return false;
		*ret = product;
		return true;
	}
	return false;
}

bool vg_value_duration(struct vg_str text, int64_t *ret_us)
{
	int64_t sum = 0, part;
	struct vg_str rest = text, unit;
	uint64_t number;

	if (vg_str_eqz(text, "0")) {
		*ret_us = 0;
		return true;
	}
	do {
		if (!take_quantity(&rest, &number, &unit) ||
		    !scale(durations, COUNT(durations), number, unit, &part) ||
		    __builtin_add_overflow(sum, part, &sum))
			return false;
	} while (rest.len > 0);
	*ret_us = sum;
	return true;
}

bool vg_value_size(struct vg_str text, int64_t *ret)
{
	struct vg_str rest = text, unit;
	uint64_t number;

	return take_quantity(&rest, &number, &unit) && rest.len == 0 &&
	       scale(sizes, COUNT(sizes), number, unit, ret);
}

int vg_value_enum(struct vg_str text, const char *words)
{
	struct vg_str rest = vg_str(words), word;

	for (int i = 0; vg_str_split(&rest, '|', &word); i++)
		if (vg_str_eq(text, word))
			return i;
	return -1;
}

bool vg_value_address(struct vg_str text, struct vg_address *ret)
{
	struct vg_address a = {.port = 0};
	size_t colon = text.len;
	unsigned char raw[sizeof(struct in6_addr)];
	struct vg_str ip;
	uint64_t port;
	bool v6 = text.len > 0 && text.ptr[0] == '[';

	while (colon > 0 && text.ptr[colon - 1] != ':')
		colon--;
	if (colon < 2 || !vg_str_to_u64(vg_str_sub(text, colon, text.len), &port) ||
	    port < 1 || port > 65535)
		return false;
	ip = vg_str_sub(text, v6 ? 1 : 0, colon - 1);
	if (v6) {
		if (ip.len == 0 || ip.ptr[ip.len - 1] != ']')
			return false;
		ip.len--;
	}
	if (ip.len >= sizeof(a.ip) || memchr(ip.ptr, 0, ip.len))
		return false;
	memcpy(a.ip, ip.ptr, ip.len);
	if (inet_pton(v6 ? AF_INET6 : AF_INET, a.ip, raw) != 1 ||
	    !inet_ntop(v6 ? AF_INET6 : AF_INET, raw, a.ip, sizeof(a.ip)))
		return false;
	a.port = (uint16_t)port;
	*ret = a;
	return true;
}

void vg_duration_format(int64_t us, char ret[32])
{
	size_t i = 0;

	while (i + 1 < COUNT(durations) && (us == 0 || us % durations[i].factor != 0))
		i++;
	if (us == 0)
		(void)snprintf(ret, 32, "0");
	else
		(void)snprintf(ret, 32, "%" PRId64 "%s", us / durations[i].factor,
		    durations[i].name);
}

void vg_size_format(int64_t bytes, char ret[32])
{
	static const struct unit shown[] = {
	    {"G", INT64_C(1) << 30}, {"M", 1 << 20}, {"K", 1 << 10}, {"", 1}};
	size_t i = 0;

	while (i + 1 < COUNT(shown) && (bytes == 0 || bytes % shown[i].factor != 0))
		i++;
	(void)snprintf(
	    ret, 32, "%" PRId64 "%s", bytes / shown[i].factor, shown[i].name);
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Optimal string alignment distance, three rows at a time. */
size_t vg_word_distance(struct vg_str a, struct vg_str b)
{
	size_t rows[3][65], *before = rows[0], *last = rows[1], *now = rows[2];

	if (a.len > 64 || b.len > 64)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = vg_lower(a.ptr[i - 1]) == vg_lower(b.ptr[j - 1]);

			now[j] = min3(
			    last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
			    a.ptr[i - 2] == b.ptr[j - 1] && before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		size_t *spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b.len];
}

bool vg_word_nearer(struct vg_str word, const char *known, size_t *io_best)
{
	size_t d = vg_word_distance(word, vg_str(known));

	/* A third of the word may differ; a word and its own beginning are near as well. */
	if (word.len >= 3 && vg_str_starts(vg_str(known), word))
		d = 1;
	if (d > 1 + word.len / 3 || d >= word.len || d >= *io_best)
		return false;
	*io_best = d;
	return true;
}
