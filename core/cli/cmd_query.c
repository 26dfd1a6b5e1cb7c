/* SPDX-License-Identifier: MIT */
/* vigia query SQL: questions that no command answers. */
#include "config.h"

#include "store/query.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/io.h"
#include "base/json.h"
#include "base/vec.h"
#include "cli/commands.h"
#include "cli/terminal.h"

#define MAX_SQL ((size_t)1 << 20)
#define MAX_OUTPUT ((size_t)256 << 20)
#define MAX_CELL 60 /* columns of a cell on a terminal */
#define DEFAULT_ROWS 10000
#define DEFAULT_DEADLINE (10 * VG_SECOND)

struct answer {
	struct vg_cli *cli;
	bool csv, terminal;
	const char **names;
	size_t columns;
	struct vg_arena *arena;
	struct vg_vec
	    cells; /* struct vg_str, escaped: a terminal's table is aligned at the end */
	size_t *widths;
	struct vg_buf out;
};

static void add_csv(struct answer *a, struct vg_str s)
{
	bool quoted = false;

	for (size_t i = 0; i < s.len && !quoted; i++)
		quoted = memchr("\",\r\n", s.ptr[i], 4) != NULL;
	if (!quoted) {
		vg_buf_adds(&a->out, s);
		return;
	}
	vg_buf_addc(&a->out, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"')
			vg_buf_addc(&a->out, '"');
		vg_buf_addc(&a->out, s.ptr[i]);
	}
	vg_buf_addc(&a->out, '"');
}

/* A cell of a terminal's table, kept until the widths are known. */
static enum vg_status keep_cell(
    struct answer *a, size_t column, struct vg_str s, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(MAX_OUTPUT);
	size_t width = vg_escape_terminal_cut(&text, s, MAX_CELL);
	struct vg_str *cell = vg_vec_push(&a->cells);
	enum vg_status st = vg_buf_status(&text, err);

	if (width > a->widths[column])
		a->widths[column] = width;
	if (cell)
		*cell = vg_arena_str(a->arena, vg_buf_str(&text));
	if (st == VG_OK && (!cell || !cell->ptr))
		st = vg_fail(
		    err, VG_E_TOO_LARGE, "query: the table is too large: --csv");
	vg_buf_release(&text);
	return st;
}

static enum vg_status add_cell(
    struct answer *a, size_t column, struct vg_str s, struct vg_error *err)
{
	if (!a->csv && a->terminal)
		return keep_cell(a, column, s, err);
	if (column > 0)
		vg_buf_addc(&a->out, a->csv ? ',' : '\t');
	if (a->csv && !a->terminal)
		add_csv(a, s);
	else
		vg_escape_terminal(&a->out, s);
	if (column + 1 == a->columns)
		vg_buf_addz(&a->out, a->csv ? "\r\n" : "\n"); /* CSV: RFC 4180 */
	return VG_OK;
}

static void add_json(struct answer *a, const struct vg_query_value *values)
{
	struct vg_json_writer w = vg_json_writer(&a->out);

	vg_jw_object(&w);
	for (size_t i = 0; i < a->columns; i++) {
		const struct vg_query_value *v = &values[i];

		vg_jw_key(&w, a->names[i]);
		if (v->type == VG_QUERY_INT)
			vg_jw_int(&w, v->integer);
		else if (v->type == VG_QUERY_REAL && isfinite(v->real))
			vg_jw_raw(&w, v->text);
		else if (v->type == VG_QUERY_TEXT)
			vg_jw_str(&w, v->text);
		else
			vg_jw_null(&w);
	}
	vg_jw_end_object(&w);
	vg_buf_addc(&a->out, '\n');
}

static enum vg_status take_columns(
    void *ctx, const char *const *names, size_t count, struct vg_error *err)
{
	struct answer *a = ctx;
	enum vg_status st = VG_OK;

	a->columns = count;
	a->widths = vg_arena_array(a->arena, count, sizeof(*a->widths));
	a->names = vg_arena_array(a->arena, count, sizeof(*a->names));
	if (!a->widths || !a->names)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; st == VG_OK && i < count; i++) {
		a->names[i] = vg_arena_str(a->arena, vg_str(names[i])).ptr;
		if (!a->names[i])
			st = vg_fail(err, VG_E_NOMEM, "out of memory");
		else if (!a->cli->json)
			st = add_cell(a, i, vg_str(names[i]), err);
	}
	return st;
}

static enum vg_status take_row(
    void *ctx, const struct vg_query_value *values, size_t count, struct vg_error *err)
{
	struct answer *a = ctx;
	enum vg_status st = VG_OK;

	if (a->cli->json)
		add_json(a, values);
	for (size_t i = 0; st == VG_OK && i < count && !a->cli->json; i++)
		st = add_cell(a, i, values[i].text, err);
	return st == VG_OK ? vg_buf_status(&a->out, err) : st;
}

static void align(struct answer *a)
{
	for (size_t i = 0; i < a->cells.len; i++) {
		const struct vg_str *cell = vg_vec_at(&a->cells, i);
		size_t column = i % a->columns;
		bool last = column + 1 == a->columns;
		size_t used;

		if (i < a->columns)
			vg_buf_addz(&a->out, vg_sgr(a->cli->color, VG_SGR_BOLD));
		used = vg_escape_terminal_cut(&a->out, *cell, a->widths[column]);
		for (; !last && used < a->widths[column] + 2; used++)
			vg_buf_addc(&a->out, ' ');
		if (i < a->columns)
			vg_buf_addz(&a->out, vg_sgr(a->cli->color, VG_SGR_RESET));
		if (last)
			vg_buf_addc(&a->out, '\n');
	}
}

static void add_columns(struct vg_buf *out, const char *columns)
{
	struct vg_str rest = vg_str(columns), line;

	while (vg_str_split(&rest, '\n', &line))
		if (line.len > 0)
			vg_buf_addf(out, "  %.*s\n", VG_STR_ARG(line));
}

static enum vg_status print_views(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(MAX_OUTPUT);

	for (const struct vg_query_view *v = vg_query_views; v->name; v++) {
		vg_buf_addf(&out, "%s%s%s: %s\n", vg_sgr(cli->color, VG_SGR_BOLD),
		    v->name, vg_sgr(cli->color, VG_SGR_RESET), v->about);
		add_columns(&out, v->columns);
	}
	return vg_cli_print(cli, &out, true, err);
}

static enum vg_status ask(struct vg_cli *cli, struct vg_str sql, struct vg_error *err)
{
	struct answer a = {.cli = cli,
	    .csv = vg_option_is_set(&cli->options, "csv"),
	    .terminal = isatty(STDOUT_FILENO) == 1,
	    .arena = vg_arena_new(MAX_OUTPUT),
	    .cells = VG_VEC_INIT(struct vg_str, SIZE_MAX, NULL),
	    .out = VG_BUF_INIT(MAX_OUTPUT)};
	struct vg_query query = {.sql = sql,
	    .max_rows = vg_option_num(&cli->options, "limit", DEFAULT_ROWS),
	    .deadline = vg_option_num(&cli->options, "timeout", DEFAULT_DEADLINE)};
	struct vg_query_reader reader = {take_columns, take_row, &a};
	bool cut = false;
	enum vg_status st = a.arena ? vg_cli_open(cli, VG_CMD_STORE_RO, err)
				    : vg_fail(err, VG_E_NOMEM, "out of memory");

	if (st == VG_OK)
		st = vg_store_query(cli->store, &query, &reader, &cut, err);
	if (st == VG_E_INVALID && cli->store) {
		cli->exit_code = VG_EXIT_USAGE;
		vg_cli_hint(cli, "vigia query --views");
	} else if (st == VG_E_LIMIT) {
		vg_cli_hint(cli, "vigia query --timeout 2m SQL");
	}
	if (st == VG_OK) {
		align(&a);
		st = vg_cli_print(cli, &a.out, !cli->json, err);
	}
	if (st == VG_OK && cut)
		vg_cli_notice(cli, "only the first %lld rows: vigia query --limit N",
		    (long long)query.max_rows);
	vg_buf_release(&a.out);
	vg_vec_release(&a.cells);
	vg_arena_free(a.arena);
	return st;
}

static enum vg_status query(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf file = VG_BUF_INIT(MAX_SQL);
	enum vg_status st;

	if (vg_option_is_set(&cli->options, "views"))
		return print_views(cli, err);
	if (cli->operand_count == 0) {
		vg_cli_hint(cli, "vigia query --views");
		return vg_cli_usage(cli, err, "query: which SQL?");
	}
	if (strcmp(cli->operands[0], "-") != 0)
		return ask(cli, vg_str(cli->operands[0]), err);
	st = vg_read_file("-", &file, err);
	if (st == VG_OK)
		st = ask(cli, vg_buf_str(&file), err);
	vg_buf_release(&file);
	return st;
}

static const struct vg_option options[] = {
    {.name = "views", .kind = VG_OPT_FLAG, .help = "list the views and their columns"},
    {.name = "csv", .kind = VG_OPT_FLAG, .help = "comma-separated values, as RFC 4180"},
    {.name = "limit",
	.kind = VG_OPT_INT,
	.arg = "N",
	.min = 1,
	.max = 100000000,
	.help = "rows at most (default: 10000)"},
    {.name = "timeout",
	.kind = VG_OPT_DURATION,
	.arg = "TIME",
	.help = "stop the query after this time (default: 10s)"},
    {.name = NULL},
};

const struct vg_cmd vg_cmd_query = {
    .name = "query",
    .summary = "ask the database of the case in SQL, read-only",
    .usage = "SQL | - | --views",
    .about = "One SELECT over the views that --views lists; the tables behind them may "
	     "change "
	     "and cannot be read. On a terminal the answer is an aligned table, in a "
	     "pipe its "
	     "columns are divided by tabs; --json prints one object a row.",
    .examples = "  vigia query \"select site, count(*) from findings where verdict = "
		"'flagged' group by site\"\n"
		"  vigia query --csv \"select kind, value, url from entities where "
		"ubiquitous = 0\"\n",
    .options = options,
    .max_operands = 1,
    .run = query,
};
