/* SPDX-License-Identifier: MIT */
/* Zone files (RFC 8536), and the way from wall clocks to instants. */
#include "config.h"

#include "base/zone.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "base/zone_priv.h"

#define ZONE_DIR "/usr/share/zoneinfo"
#define MAX_FILE ((size_t)256 << 10)
#define MAX_TIMES 4096u
#define MAX_TYPES 256u
#define DAY (86400 * VG_SECOND)
#define WIDEST (2 * DAY) /* no two clocks on Earth differ by more */
#define FAR (INT64_C(1000000000000) * VG_SECOND)
#define EMPTY_LOOPS 64 /* changes in a row that change no offset */

struct vg_zone {
	char *name;
	size_t time_count, type_count;
	int64_t *times;   /* ascending */
	uint8_t *indexes; /* what holds from then on */
	struct vg_zone_type types[MAX_TYPES];
	struct zone_rule rule;
	bool has_rule; /* after the last of `times` */
};

/* One block of the file: where its parts begin. */
struct block {
	struct vg_str bytes; /* from its header on */
	uint32_t utc, standard, leaps, times, types, chars;
	size_t time_size, end; /* bytes of a time; end of the block */
};

static int64_t big_endian(const char *bytes, size_t size)
{
	uint64_t n = bytes[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < size; i++)
		n = n << 8 | (unsigned char)bytes[i];
	return (int64_t)n;
}

static bool read_block(struct vg_str bytes, size_t time_size, struct block *ret)
{
	uint32_t *const counts[] = {&ret->utc, &ret->standard, &ret->leaps, &ret->times,
	    &ret->types, &ret->chars};

	if (bytes.len < 44 || !vg_str_starts(bytes, VG_STR("TZif")))
		return false;
	ret->bytes = bytes;
	ret->time_size = time_size;
	for (size_t i = 0; i < 6; i++) {
		int64_t n = big_endian(bytes.ptr + 20 + 4 * i, 4);

		if (n < 0 || n > (int64_t)MAX_FILE)
			return false;
		*counts[i] = (uint32_t)n;
	}
	ret->end = 44 + ret->times * (time_size + 1) + ret->types * (size_t)6 +
		   ret->chars + ret->leaps * (time_size + 4) + ret->standard + ret->utc;
	return ret->types >= 1 && ret->types <= MAX_TYPES && ret->times <= MAX_TIMES &&
	       ret->end <= bytes.len;
}

static bool read_types(struct vg_zone *z, const struct block *b)
{
	const char *types = b->bytes.ptr + 44 + (size_t)b->times * (b->time_size + 1);
	struct vg_str chars = {types + 6 * (size_t)b->types, b->chars};

	for (uint32_t i = 0; i < b->types; i++) {
		struct vg_zone_type *type = &z->types[i];
		const char *at = types + 6 * (size_t)i;
		int64_t seconds = big_endian(at, 4);
		size_t start = (unsigned char)at[5],
		       end = vg_str_chr(chars, '\0', start);

		if (seconds < -26 * 3600 || seconds > 26 * 3600 || end == SIZE_MAX)
			return false;
		type->offset = seconds * VG_SECOND;
		type->dst = at[4] != 0;
		(void)snprintf(type->abbreviation, sizeof(type->abbreviation), "%.*s",
		    (int)(end - start < 7 ? end - start : 7), chars.ptr + start);
	}
	z->type_count = b->types;
	return true;
}

static bool read_times(struct vg_zone *z, const struct block *b)
{
	const char *times = b->bytes.ptr + 44;
	const char *indexes = times + (size_t)b->times * b->time_size;

	z->times = calloc(b->times + 1u, sizeof(*z->times));
	z->indexes = calloc(b->times + 1u, 1);
	if (!z->times || !z->indexes)
		return false;
	for (uint32_t i = 0; i < b->times; i++) {
		int64_t seconds = big_endian(times + i * b->time_size, b->time_size);

		/* Some files begin at the Big Bang. */
		seconds = seconds < -FAR / VG_SECOND ? -FAR / VG_SECOND : seconds;
		seconds = seconds > FAR / VG_SECOND ? FAR / VG_SECOND : seconds;
		z->times[i] = seconds * VG_SECOND;
		z->indexes[i] = (uint8_t)indexes[i];
		if (z->indexes[i] >= b->types || (i && z->times[i] < z->times[i - 1]))
			return false;
	}
	z->time_count = b->times;
	return true;
}

static enum vg_status read_zone(
    struct vg_zone *z, struct vg_str tzif, struct vg_error *err)
{
	struct block b;
	struct vg_str footer;
	bool second = tzif.len > 4 && tzif.ptr[4] >= '2';

	if (!read_block(tzif, 4, &b))
		goto bad;
	if (second) {
		size_t line;

		if (!read_block(vg_str_sub(tzif, b.end, tzif.len), 8, &b))
			goto bad;
		footer = vg_str_sub(b.bytes, b.end, b.bytes.len);
		line = vg_str_chr(footer, '\n', 1);
		if (!vg_str_starts(footer, VG_STR("\n")) || line == SIZE_MAX)
			goto bad;
		footer = vg_str_sub(footer, 1, line);
		z->has_rule = footer.len > 0;
		if (z->has_rule && !zone_rule_parse(footer, &z->rule))
			goto bad;
	}
	if (b.leaps)
		return vg_fail(err, VG_E_UNSUPPORTED,
		    "time zone %s counts leap seconds; use the one without \"right/\"",
		    z->name);
	if (read_types(z, &b) && read_times(z, &b))
		return VG_OK;
bad:
	return vg_fail(err, VG_E_INVALID, "%s is no time zone file", z->name);
}

static struct vg_zone *zone_new(const char *name)
{
	struct vg_zone *z = calloc(1, sizeof(*z));

	if (z)
		z->name = strdup(name);
	if (z && !z->name) {
		free(z);
		return NULL;
	}
	return z;
}

enum vg_status vg_zone_parse(
    const char *name, struct vg_str tzif, struct vg_zone **ret, struct vg_error *err)
{
	struct vg_zone *z = zone_new(name);
	enum vg_status st =
	    z ? read_zone(z, tzif, err) : vg_fail(err, VG_E_NOMEM, "out of memory");

	if (st) {
		vg_zone_free(z);
		return st;
	}
	*ret = z;
	return VG_OK;
}

/* A zone that is one rule: "UTC0". */
static enum vg_status open_rule(
    const char *name, const char *rule, struct vg_zone **ret, struct vg_error *err)
{
	struct vg_zone *z = zone_new(name);

	if (!z)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	z->has_rule = zone_rule_parse(vg_str(rule), &z->rule);
	if (!z->has_rule) {
		vg_zone_free(z);
		return vg_fail(err, VG_E_NOT_FOUND, "no time zone is called %s", name);
	}
	*ret = z;
	return VG_OK;
}

static enum vg_status open_file(
    const char *name, const char *path, struct vg_zone **ret, struct vg_error *err)
{
	struct vg_buf bytes = VG_BUF_INIT(MAX_FILE);
	enum vg_status st = vg_read_file(path, &bytes, err);

	if (!st)
		st = vg_zone_parse(name, vg_buf_str(&bytes), ret, err);
	vg_buf_release(&bytes);
	return st;
}

static bool is_name(const char *name)
{
	for (const char *c = name; *c; c++)
		if (!vg_is_alnum(*c) && !strchr("_+-/", *c))
			return false;
	return *name && *name != '/' && strlen(name) < 100;
}

static enum vg_status open_named(
    const char *name, struct vg_zone **ret, struct vg_error *err)
{
	const char *dir = getenv("TZDIR");
	char path[PATH_MAX];
	int n;

	if (!dir || !*dir)
		dir = ZONE_DIR;
	n = snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!is_name(name) || n < 0 || (size_t)n >= sizeof(path))
		return vg_fail(
		    err, VG_E_NOT_FOUND, "no time zone is called %.60s", name);
	if (access(path, R_OK) == 0)
		return open_file(name, path, ret, err);
	if (!strcmp(name, "UTC") || !strcmp(name, "Etc/UTC"))
		return open_rule(name, "UTC0", ret, err);
	if (access(dir, R_OK) != 0)
		return vg_fail(err, VG_E_NOT_FOUND,
		    "time zone %s: %s is missing; install tzdata", name, dir);
	return vg_fail(
	    err, VG_E_NOT_FOUND, "no time zone is called %s (%s)", name, dir);
}

static enum vg_status open_local(struct vg_zone **ret, struct vg_error *err)
{
	const char *tz = getenv("TZ");
	char target[PATH_MAX];
	const char *name;
	ssize_t n;

	if (tz && *tz == ':')
		tz++;
	if (tz && *tz == '/')
		return open_file(tz, tz, ret, err);
	if (tz && *tz)
		return open_named(tz, ret, err) && open_rule(tz, tz, ret, err)
			   ? VG_E_NOT_FOUND
			   : VG_OK;
	if (tz || access("/etc/localtime", R_OK) != 0)
		return open_named("UTC", ret, err);
	n = readlink("/etc/localtime", target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	name = strstr(target, "zoneinfo/");
	return open_file(name ? name + 9 : "local", "/etc/localtime", ret, err);
}

enum vg_status vg_zone_open(
    const char *name, struct vg_zone **ret, struct vg_error *err)
{
	return strcmp(name, "local") ? open_named(name, ret, err)
				     : open_local(ret, err);
}

void vg_zone_free(struct vg_zone *zone)
{
	if (!zone)
		return;
	free(zone->name);
	free(zone->times);
	free(zone->indexes);
	free(zone);
}

const char *vg_zone_name(const struct vg_zone *zone)
{
	return zone->name;
}

/* How many of the table's changes have happened. */
static size_t changes_until(const struct vg_zone *z, int64_t utc)
{
	size_t low = 0, high = z->time_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (z->times[middle] <= utc)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int64_t clamp(int64_t utc)
{
	return utc < -FAR ? -FAR : utc > FAR ? FAR : utc;
}

static const struct vg_zone_type *type_at(const struct vg_zone *z, int64_t utc)
{
	size_t n = changes_until(z, utc);

	if (n == z->time_count && z->has_rule)
		return zone_rule_at(&z->rule, utc);
	return &z->types[n ? z->indexes[n - 1] : 0];
}

void vg_zone_at(const struct vg_zone *zone, int64_t utc, struct vg_zone_type *ret_type)
{
	*ret_type = *type_at(zone, clamp(utc));
}

int64_t vg_zone_local(const struct vg_zone *zone, int64_t utc)
{
	return clamp(utc) + type_at(zone, clamp(utc))->offset;
}

int64_t vg_zone_next_change(const struct vg_zone *zone, int64_t utc)
{
	int64_t offset, at = clamp(utc);

	offset = type_at(zone, at)->offset;
	for (size_t i = 0; i < EMPTY_LOOPS + zone->time_count; i++) {
		size_t n = changes_until(zone, at);

		if (n < zone->time_count)
			at = zone->times[n];
		else if (zone->has_rule)
			at = zone_rule_next(&zone->rule, at);
		else
			return VG_ZONE_NEVER;
		if (at > FAR)
			return VG_ZONE_NEVER;
		if (type_at(zone, at)->offset != offset)
			return at;
	}
	return VG_ZONE_NEVER;
}

enum vg_zone_fit vg_zone_utc(
    const struct vg_zone *zone, int64_t local, int64_t *ret_utc)
{
	int64_t start = clamp(local) - WIDEST, until = start + 2 * WIDEST;
	bool found = false;

	local = clamp(local);
	while (start < until) {
		int64_t end = vg_zone_next_change(zone, start);
		int64_t utc = local - type_at(zone, start)->offset;

		if (found && utc >= start && utc < end)
			return VG_ZONE_TWICE;
		if (!found && utc < end) {
			found = true;
			*ret_utc = utc > start ? utc : start;
			if (utc < start)
				return VG_ZONE_SKIPPED;
		}
		start = end;
	}
	return VG_ZONE_ONCE;
}

void vg_zone_format(const struct vg_zone *zone, int64_t utc, char ret[VG_ZONE_TEXT])
{
	struct vg_zone_type type;
	int64_t local = vg_zone_local(zone, utc), minutes, seconds;
	char text[VG_RFC3339_LEN];

	vg_zone_at(zone, utc, &type);
	vg_time_format(local, text);
	text[10] = ' ';
	seconds = type.offset / VG_SECOND;
	minutes = (seconds < 0 ? -seconds : seconds) / 60;
	(void)snprintf(ret, VG_ZONE_TEXT, "%.*s %c%02u%02u %.7s",
	    memcmp(text + 16, ":00", 3) ? 19 : 16, text, seconds < 0 ? '-' : '+',
	    (unsigned)(minutes / 60) % 100u, (unsigned)(minutes % 60),
	    type.abbreviation);
}
