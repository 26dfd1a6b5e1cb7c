/* SPDX-License-Identifier: MIT */
/* The shipped lexicon, for a whole group of tests. */
#ifndef VG_TESTS_LEXICON_H
#define VG_TESTS_LEXICON_H

#include "support/unit.h"

#include <stdlib.h>

#include "detect/lexicon.h"

static struct vg_lexicon *lex;

/* Group set-up and tear-down. */
static inline int load(void **state)
{
	struct vg_error err = {0};

	(void)state;
	if (vg_lexicon_load(getenv("VIGIA_LEXICON_DIR"), &lex, &err) != VG_OK) {
		print_error("%s\n", err.msg);
		return -1;
	}
	return 0;
}

static inline int unload(void **state)
{
	(void)state;
	vg_lexicon_free(lex);
	return 0;
}

#endif
