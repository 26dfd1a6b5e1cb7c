/* SPDX-License-Identifier: MIT */
/* The parts of the statement table. */
#ifndef VG_STORE_STATEMENTS_PRIV_H
#define VG_STORE_STATEMENTS_PRIV_H

#include "store/statements.h"

/* NULL for a statement that stands elsewhere. */
const char *vg_sql_derived(enum vg_sql sql);

#endif
