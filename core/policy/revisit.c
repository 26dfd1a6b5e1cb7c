/* SPDX-License-Identifier: MIT */
/* Adaptive revisits. */
#include "config.h"

#include "policy/revisit.h"

int64_t vg_revisit_pause(int64_t base, int64_t pause, bool changed)
{
	int64_t most =
	    base > INT64_MAX / VG_REVISIT_MAX ? INT64_MAX : base * VG_REVISIT_MAX;

	if (pause < base)
		pause = base;
	else if (changed)
		pause /= 2;
	else if (pause > most - pause / 2)
		pause = most;
	else
		pause += pause / 2;
	if (pause < base)
		return base;
	return pause < most ? pause : most;
}
