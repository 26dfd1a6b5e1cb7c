/* SPDX-License-Identifier: MIT */
/* Lexicon tables: tab-separated values with line-exact errors. */
#include "config.h"

#include "detect/table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

enum vg_status vg_table_fault(const struct vg_table *t, uint32_t line,
    const char *column, struct vg_error *err, const char *fmt, ...)
{
	char message[400], at[16] = "";
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	if (t->faults != NULL) {
		t->faults->found(t->faults->ctx,
		    &(struct vg_fault){t->name, line, column, message});
		return VG_OK;
	}
	if (line > 0)
		(void)snprintf(at, sizeof(at), ":%u", line);
	return vg_fail(err, VG_E_INVALID, "%s%s: %s%s%s", t->name, at,
	    column != NULL ? column : "", column != NULL ? ": " : "", message);
}

static size_t count_fields(struct vg_str line)
{
	size_t n = 1;

	for (size_t i = 0; i < line.len; i++)
		n += line.ptr[i] == '\t';
	return n;
}

static bool is_content(struct vg_str line)
{
	return line.len > 0 && line.ptr[0] != '#';
}

static struct vg_str without_cr(struct vg_str line)
{
	return line.len > 0 && line.ptr[line.len - 1] == '\r'
		   ? vg_str_sub(line, 0, line.len - 1)
		   : line;
}

static size_t count_lines(struct vg_str bytes)
{
	size_t n = 0;
	struct vg_str line;

	while (vg_str_split(&bytes, '\n', &line))
		n++;
	return n;
}

/* False when the row is faulty; then *ret_status says whether to go on. */
static bool read_row(struct vg_table *t, struct vg_str line, uint32_t number,
    size_t row, enum vg_status *ret_status, struct vg_error *err)
{
	struct vg_str *cells = t->cells + row * t->column_count;
	size_t fields = count_fields(line), i = 0;
	struct vg_str cell;

	if (!vg_utf8_valid(line)) {
		*ret_status = vg_table_fault(t, number, NULL, err, "not UTF-8");
		return false;
	}
	if (fields != t->column_count) {
		*ret_status = vg_table_fault(t, number, NULL, err,
		    "%zu fields where the header has %zu", fields, t->column_count);
		return false;
	}
	while (i < fields && vg_str_split(&line, '\t', &cell))
		cells[i++] = vg_str_trim(cell);
	t->lines[row] = number;
	return true;
}

enum vg_status vg_table_parse(struct vg_arena *arena, const char *name,
    struct vg_str bytes, const struct vg_faults *faults, struct vg_table **ret,
    struct vg_error *err)
{
	struct vg_table *t = vg_arena_alloc(arena, sizeof(*t));
	size_t lines = count_lines(bytes), rows = 0;
	enum vg_status status = VG_OK;
	uint32_t number = 0;
	struct vg_str line;

	if (t == NULL)
		return vg_fail(err, VG_E_NOMEM, "%s: out of memory", name);
	t->name = name;
	t->faults = faults;
	while (status == VG_OK && vg_str_split(&bytes, '\n', &line)) {
		number++;
		line = without_cr(line);
		if (!is_content(line))
			continue;
		if (t->cells == NULL) {
			t->column_count = count_fields(line);
			t->cells = vg_arena_array(
			    arena, lines, t->column_count * sizeof(struct vg_str));
			t->lines = vg_arena_array(arena, lines, sizeof(*t->lines));
			if (t->cells == NULL || t->lines == NULL)
				return vg_fail(
				    err, VG_E_NOMEM, "%s: out of memory", name);
		}
		if (read_row(t, line, number, rows, &status, err))
			rows++;
		else if (rows == 0) /* nothing can be read without the header */
			return VG_E_INVALID;
	}
	if (status == VG_OK && rows == 0) {
		(void)vg_table_fault(t, 1, NULL, err, "no header row");
		status = VG_E_INVALID;
	}
	if (status != VG_OK)
		return status;
	t->row_count = rows - 1;
	*ret = t;
	return VG_OK;
}

size_t vg_table_column(const struct vg_table *t, const char *column)
{
	for (size_t i = 0; i < t->column_count; i++)
		if (vg_str_eqz(t->cells[i], column))
			return i;
	return SIZE_MAX;
}

enum vg_status vg_table_need(
    const struct vg_table *t, const char *column, size_t *ret, struct vg_error *err)
{
	size_t i = vg_table_column(t, column);

	if (i == SIZE_MAX) {
		(void)vg_table_fault(
		    t, t->lines[0], NULL, err, "no column \"%s\"", column);
		return VG_E_INVALID;
	}
	*ret = i;
	return VG_OK;
}

struct vg_str vg_table_cell(const struct vg_table *t, size_t row, size_t column)
{
	assert(row < t->row_count && column < t->column_count);
	return t->cells[(row + 1) * t->column_count + column];
}

uint32_t vg_table_line(const struct vg_table *t, size_t row)
{
	assert(row < t->row_count);
	return t->lines[row + 1];
}
