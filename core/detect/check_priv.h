/* SPDX-License-Identifier: MIT */
/* The parts of vg_lexicon_check(), one file each. */
#ifndef VG_DETECT_CHECK_PRIV_H
#define VG_DETECT_CHECK_PRIV_H

#include "detect/lexicon_data.h"

/* Each tells lex->faults what it finds. False when out of memory. */
bool vg_check_terms(struct vg_lexicon *lex);    /* said twice, contradicting, unreachable */
bool vg_check_regexes(struct vg_lexicon *lex);  /* those of terms and of identifiers.tsv */
bool vg_check_examples(struct vg_lexicon *lex); /* of rules.tsv */

/* Tells a fault of one cell. */
void vg_check_tell(const struct vg_table *t, size_t row, const char *column,
    const char *fmt, ...) VG_PRINTF(4, 5);
/* The same of a term. */
void vg_check_tell_term(const struct vg_lexicon *lex, const struct vg_term *term,
    const char *fmt, ...) VG_PRINTF(3, 4);
/* The cell of a column, empty when the table has none. */
struct vg_str vg_check_cell(const struct vg_table *t, size_t row, const char *column);

#endif
