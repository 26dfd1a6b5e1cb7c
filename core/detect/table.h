/* SPDX-License-Identifier: MIT */
/* A lexicon table: tab-separated UTF-8 with a header row, one fact a line. */
#ifndef VG_DETECT_TABLE_H
#define VG_DETECT_TABLE_H

#include "base/arena.h"

/* Something wrong with a table. */
struct vg_fault {
	const char *file; /* as in struct vg_table */
	uint32_t line;    /* from 1; 0: the file as a whole */
	const char *column, *message; /* column NULL: no single one */
};

/* Who hears of faults. `found` must copy what it keeps. */
struct vg_faults {
	void (*found)(void *ctx, const struct vg_fault *fault);
	void *ctx;
};

struct vg_table {
	const char *name; /* file name, for messages */
	const struct vg_faults *faults; /* NULL: the first fault is an error */
	size_t column_count, row_count;
	struct vg_str *cells; /* header first, then the rows */
	uint32_t *lines;      /* line in the file, header first */
};

/*
 * Splits `bytes`, which must outlive the table. Every row needs as many fields as the header; empty
 * lines and lines starting with `#` are passed over. VG_E_INVALID with "name:line: reason". With
 * `faults`, which must outlive the table, faulty rows are told and left out instead.
 */
VG_WARN_UNUSED enum vg_status vg_table_parse(struct vg_arena *arena, const char *name,
    struct vg_str bytes, const struct vg_faults *faults, struct vg_table **ret,
    struct vg_error *err);
/*
 * What readers of rows return for a fault: VG_E_INVALID with "name:line: column: message", or VG_OK, the
 * fault told, when the table has somebody to tell. The row is then to be left out.
 */
enum vg_status vg_table_fault(const struct vg_table *t, uint32_t line,
    const char *column, struct vg_error *err, const char *fmt, ...) VG_PRINTF(5, 6);
/* Index of a column, or SIZE_MAX. */
size_t vg_table_column(const struct vg_table *t, const char *column);
/* The same, but VG_E_INVALID when the table has none, told or not: no row can be read then. */
VG_WARN_UNUSED enum vg_status vg_table_need(
    const struct vg_table *t, const char *column, size_t *ret, struct vg_error *err);
/* A field; row < row_count, column < column_count (asserted). */
struct vg_str vg_table_cell(const struct vg_table *t, size_t row, size_t column);
uint32_t vg_table_line(
    const struct vg_table *t, size_t row); /* of the row in its file, from 1 */

#endif
