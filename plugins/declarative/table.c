/* SPDX-License-Identifier: MIT */
/* Tables as text: rows and cells are matches of the host's regex, which know their document bytes. */
#include "site.h"

#include <string.h>

/*
 * A quoted cell may go on over lines; a line that starts with '#' is a comment. Possessive, so that nothing
 * is kept to go back to, however long a row.
 */
static const char rows_quoted[] = "(?m)^(?!#)(?:[^\"\\r\\n]++|\"[^\"]*+\")++";
static const char rows_plain[] = "(?m)^(?!#)[^\\r\\n]+";

static const char *cells_of(char divider)
{
	switch (divider) {
	case ';':
		return "(?<![^;])(?:\"((?:[^\"]++|\"\")*+)\"|([^;]*))";
	case '|':
		return "(?<![^|])(?:\"((?:[^\"]++|\"\")*+)\"|([^|]*))";
	case '\t':
		return "(?<![^\\t])()([^\\t]*)";
	case ' ':
		return "()([^ \\t]+)";
	default:
		return "(?<![^,])(?:\"((?:[^\"]++|\"\")*+)\"|([^,]*))";
	}
}

static struct vigia_nodes cells(
    const struct kit *k, const struct table *t, const struct vigia_node *row)
{
	return kit_all(k, row, VIGIA_REGEX, cells_of(t->divider));
}

static struct vigia_value content(const struct kit *k, const struct vigia_node *cell)
{
	struct vigia_value v = kit_attr(k, cell, "1");

	return v.text.len > 0 ? v : kit_attr(k, cell, "2");
}

static void name_columns(struct row_names *names, struct vigia_str words)
{
	size_t at = 0;

	while (at < words.len) {
		size_t from = at;

		while (at < words.len && words.ptr[at] > ' ' && words.ptr[at] != ',')
			at++;
		if (at > from && names->count < 96)
			names->name[names->count++] = kit_sub(words, from, at);
		at++;
	}
}

struct vigia_nodes table_rows(
    const struct kit *k, const struct table *t, struct row_names *ret_names)
{
	bool quoted = t->divider != ' ' && t->divider != '\t';
	struct vigia_nodes rows =
	    kit_all(k, NULL, VIGIA_REGEX, quoted ? rows_quoted : rows_plain);
	struct vigia_nodes names;

	ret_names->count = 0;
	if (t->columns != NULL) {
		name_columns(ret_names, kit_str(t->columns));
		return rows;
	}
	if (rows.count == 0)
		return rows;
	names = cells(k, t, rows.items[0]);
	for (size_t i = 0; i < names.count && ret_names->count < 96; i++)
		ret_names->name[ret_names->count++] = content(k, names.items[i]).text;
	return (struct vigia_nodes){rows.items + 1, rows.count - 1};
}

const struct vigia_node *table_cell(const struct kit *k, const struct table *t,
    const struct row *row, const char *column)
{
	struct vigia_nodes found;
	size_t at = 0;

	while (at < row->names->count && !kit_is(row->names->name[at], column))
		at++;
	if (at == row->names->count)
		return NULL;
	found = cells(k, t, row->node);
	return at < found.count ? found.items[at] : NULL;
}

struct vigia_value table_text(
    const struct kit *k, const struct vigia_node *cell, char *room, size_t size)
{
	struct vigia_value v = content(k, cell);
	size_t out = 0;

	if (kit_find(v.text, "\"\"") == SIZE_MAX || v.text.len > size)
		return v;
	for (size_t i = 0; i < v.text.len; i++) {
		room[out++] = v.text.ptr[i];
		i += v.text.ptr[i] == '"' && i + 1 < v.text.len &&
		     v.text.ptr[i + 1] == '"';
	}
	v.text = (struct vigia_str){room, out};
	return v;
}
