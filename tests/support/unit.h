/* SPDX-License-Identifier: MIT */
/* What cmocka 1.1.5 wants included before it, and asserts for our types. */
#ifndef VG_TESTS_UNIT_H
#define VG_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/status.h"
#include "base/str.h"

/* The slice equals the string; a failure prints both. */
static inline void assert_str(struct vg_str got, const char *want)
{
	if (vg_str_eqz(got, want))
		return;
	print_error("got \"%.*s\", want \"%s\"\n", VG_STR_ARG(got), want);
	fail();
}

static inline void assert_status(enum vg_status got, enum vg_status want)
{
	assert_string_equal(vg_status_name(got), vg_status_name(want));
}

#endif
