/* SPDX-License-Identifier: MIT */
/*
 * Is a lexicon folder fit for use? Beyond what loading demands: references between tables, words that are
 * said twice or contradict each other, terms that no page can hold, regexes that run away, and the
 * examples of the rules, tried in earnest.
 */
#ifndef VG_DETECT_CHECK_H
#define VG_DETECT_CHECK_H

#include "detect/table.h"

struct vg_check_size {
	size_t tables, terms, regexes, rules; /* what was read and tried */
};

/*
 * Tells `faults` everything that is wrong with the tables in `dir`, table by table, then what only shows
 * between them; not in order of lines. VG_OK also when there are faults; an error only when memory ran
 * out.
 */
VG_WARN_UNUSED enum vg_status vg_lexicon_check(const char *dir,
    const struct vg_faults *faults, struct vg_check_size *ret, struct vg_error *err);

#endif
