/* SPDX-License-Identifier: MIT */
/* The words of results for the enumerations of detect.h. */
#include "config.h"

#include <assert.h>

#include "detect/detect.h"

const char *vg_family_name(enum vg_family family)
{
	static const char *const names[] = {"rx", "timeshare", "cyberscam", "wildlife"};

	assert(family < VG_FAMILIES);
	return names[family];
}

const char *vg_severity_name(enum vg_severity severity)
{
	static const char *const names[] = {"low", "medium", "high", "critical"};

	assert(severity <= VG_SEVERITY_CRITICAL);
	return names[severity];
}

const char *vg_verdict_name(enum vg_verdict verdict)
{
	static const char *const names[] = {"clear", "review", "flagged"};

	assert(verdict <= VG_FLAGGED);
	return names[verdict];
}
