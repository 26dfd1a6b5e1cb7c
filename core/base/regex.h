/* SPDX-License-Identifier: MIT */
/*
 * PCRE2 with limits: no pattern and no page can hold a worker. Compiled regexes are read-only
 * and shared; matching state lives in the object, so one object serves one thread.
 */
#ifndef VG_BASE_REGEX_H
#define VG_BASE_REGEX_H

#include "base/status.h"
#include "base/str.h"

#define VG_REGEX_WHY 200   /* bytes of vg_regex_runs_away()'s answer */
#define VG_REGEX_GROUPS 16 /* groups reported per match, the whole match included */

enum {
	VG_REGEX_ICASE = 1 << 0, /* case-insensitive */
	VG_REGEX_UTF =
	    1 << 1, /* subject is valid UTF-8; \w, \b and classes use Unicode */
	VG_REGEX_ANCHORED = 1 << 2, /* match at `from` only */
	VG_REGEX_FULL = 1 << 3,     /* the whole subject must match */
};

struct vg_regex;

struct vg_regex_match {
	size_t count; /* groups set, 1 or more on success */
	struct {
		size_t start, end; /* SIZE_MAX when the group took no part */
	} group[VG_REGEX_GROUPS];
};

/* JIT-compiled where possible. The error names the offset inside the pattern. */
VG_WARN_UNUSED enum vg_status vg_regex_new(
    struct vg_str pattern, unsigned flags, struct vg_regex **ret, struct vg_error *err);
void vg_regex_free(struct vg_regex *re); /* NULL allowed */
/*
 * Finds the first match at or after `from`. VG_E_NOT_FOUND: no match; VG_E_LIMIT: match,
 * depth, heap or stack limit met; VG_E_INVALID: the subject is not UTF-8 although VG_REGEX_UTF.
 * That is checked from 0 only, once for a subject that is searched to its end: a later `from` is for a
 * subject that a call from 0 has accepted. Inside a character it means the next one.
 */
VG_WARN_UNUSED enum vg_status vg_regex_find(struct vg_regex *re, struct vg_str subject,
    size_t from, struct vg_regex_match *ret);
/* Bytes of group `i`, empty when it took no part. */
struct vg_str vg_regex_group(
    const struct vg_regex_match *m, struct vg_str subject, size_t i);
/*
 * Whether some text keeps the regex busy until a limit is met: `ret` says why, or is empty when none was
 * found. For whoever checks patterns before use: it takes some 10 ms. False when out of memory.
 */
VG_WARN_UNUSED bool vg_regex_runs_away(
    struct vg_regex *re, struct vg_str pattern, char ret[VG_REGEX_WHY]);

#endif
