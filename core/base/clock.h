/* SPDX-License-Identifier: MIT */
/*
 * Time is int64 microseconds since 1970-01-01T00:00:00Z everywhere; RFC 3339 with Z at the edges.
 * Decisions take the time as a parameter; only main loops call these clocks.
 */
#ifndef VG_BASE_CLOCK_H
#define VG_BASE_CLOCK_H

#include "base/str.h"

#define VG_SECOND INT64_C(1000000) /* in microseconds */
#define VG_RFC3339_LEN 28          /* "2026-11-24T18:04:11.123456Z" and NUL */

int64_t vg_clock_now(void); /* UTC microseconds */
int64_t vg_clock_monotonic(
    void); /* microseconds from an arbitrary start; never steps */
/* Microseconds since the machine started, its sleep included: one clock for all processes, never steps. */
int64_t vg_clock_boot(void);
/* "YYYY-MM-DDTHH:MM:SS.ffffffZ"; years 0000 to 9999, others are clamped. */
void vg_time_format(int64_t us, char ret[VG_RFC3339_LEN]);
/* RFC 3339 date-time with Z or an offset, fraction of any length; false when it is none. */
bool vg_time_parse(struct vg_str text, int64_t *ret_us);
/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar, and back. */
int64_t vg_days_from_civil(int64_t year, int64_t month, int64_t day);
void vg_civil_from_days(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day);

#endif
