/* SPDX-License-Identifier: MIT */
/*
 * Time zones, several at a time: the C library knows one per process. Read from the system's compiled
 * database (RFC 8536: versions 1 to 4, with the rule that continues the table). Times are UTC microseconds;
 * "local" ones count the microseconds that a wall clock there has shown since 1970-01-01T00:00.
 */
#ifndef VG_BASE_ZONE_H
#define VG_BASE_ZONE_H

#include "base/clock.h"
#include "base/status.h"

struct vg_zone;

#define VG_ZONE_NEVER INT64_MAX

/*
 * "America/Cancun" from $TZDIR or /usr/share/zoneinfo; "UTC" needs no file; "local" is $TZ, else
 * /etc/localtime, else UTC. VG_E_NOT_FOUND: no such zone, or no database; VG_E_INVALID: no zone file.
 */
VG_WARN_UNUSED enum vg_status vg_zone_open(
    const char *name, struct vg_zone **ret, struct vg_error *err);
/* The same from the bytes of a zone file. `name` is copied. */
VG_WARN_UNUSED enum vg_status vg_zone_parse(
    const char *name, struct vg_str tzif, struct vg_zone **ret, struct vg_error *err);
void vg_zone_free(struct vg_zone *zone); /* NULL allowed */
const char *vg_zone_name(const struct vg_zone *zone);

/* What holds at an instant. */
struct vg_zone_type {
	int64_t offset; /* microseconds east of UTC */
	bool dst;
	char abbreviation[8]; /* "CST", "-05" */
};

void vg_zone_at(const struct vg_zone *zone, int64_t utc, struct vg_zone_type *ret_type);
/* What the clock there shows. */
int64_t vg_zone_local(const struct vg_zone *zone, int64_t utc);
/* When the offset next differs, strictly after `utc`; VG_ZONE_NEVER. */
int64_t vg_zone_next_change(const struct vg_zone *zone, int64_t utc);

enum vg_zone_fit {
	VG_ZONE_ONCE,
	VG_ZONE_TWICE,   /* the clock shows it twice: the first time is returned */
	VG_ZONE_SKIPPED, /* never: the instant when the clock jumps over it */
};

/* The instant when the clock there shows `local`. Never decreases as `local` grows. */
enum vg_zone_fit vg_zone_utc(
    const struct vg_zone *zone, int64_t local, int64_t *ret_utc);

/* "2026-11-25 06:00 -0500 EST", with seconds if there are any. */
#define VG_ZONE_TEXT 48
void vg_zone_format(const struct vg_zone *zone, int64_t utc, char ret[VG_ZONE_TEXT]);

#endif
