/* SPDX-License-Identifier: MIT */
/* Times and zones by their names. */
#ifndef VG_TESTS_TIMES_H
#define VG_TESTS_TIMES_H

#include "support/unit.h"

#include "base/clock.h"
#include "base/zone.h"

/* RFC 3339 as UTC microseconds. */
static inline int64_t at(const char *text)
{
	int64_t us = 0;

	assert_true(vg_time_parse(vg_str(text), &us));
	return us;
}

/* The caller frees it. */
static inline struct vg_zone *zone(const char *name)
{
	struct vg_zone *z = NULL;
	struct vg_error err = {.msg = ""};

	if (vg_zone_open(name, &z, &err))
		print_error("%s\n", err.msg);
	assert_non_null(z);
	return z;
}

#endif
