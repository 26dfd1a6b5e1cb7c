/* SPDX-License-Identifier: MIT */
/*
 * Many literal patterns in one pass: Aho and Corasick's automaton (CACM 18(6), 1975)
 * over byte classes. Space, dash and underscore are one class, since sellers swap them freely.
 */
#ifndef VG_DETECT_MATCH_H
#define VG_DETECT_MATCH_H

#include "base/status.h"
#include "base/str.h"

struct vg_matcher;

/*
 * Patterns are not empty and at most 255 bytes; equal ones are allowed. They are not kept. Heap.
 * VG_E_LIMIT when the automaton would outgrow 2^20 states.
 */
VG_WARN_UNUSED enum vg_status vg_matcher_new(const struct vg_str *patterns,
    size_t count, struct vg_matcher **ret, struct vg_error *err);
void vg_matcher_free(struct vg_matcher *m); /* NULL allowed */
/* A pattern's text ends before text[end]. Returning false stops the pass. */
typedef bool vg_match_found(void *ctx, uint32_t pattern, size_t end);
/* Every match, overlapping ones too, ordered by end. */
void vg_matcher_run(
    const struct vg_matcher *m, struct vg_str text, vg_match_found *found, void *ctx);
size_t vg_matcher_states(const struct vg_matcher *m);

#endif
