/* SPDX-License-Identifier: MIT */
/* vigia plugin test, record: the golden cases of a plugin's folder. */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/io.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/golden.h"
#include "cli/plugin.h"
#include "cli/terminal.h"

static const struct vg_option test_options[] = {
    {.name = "update",
	.kind = VG_OPT_FLAG,
	.help = "take what is read now as what is expected"},
    {.name = "thorough",
	.kind = VG_OPT_FLAG,
	.help = "report each line of a site file that no case would miss"},
    {.name = "plugins",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folders of the other plugins, divided by ':'"},
    {.name = NULL}};

static const struct vg_option record_options[] = {
    {.name = "url",
	.kind = VG_OPT_STR,
	.arg = "URL",
	.help = "the address the page came from"},
    {.name = "plugins",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folders of the other plugins, divided by ':'"},
    {.name = NULL}};

static bool same(const struct vg_golden_case *c)
{
	return vg_str_eq(vg_buf_str(&c->got), vg_buf_str(&c->expect));
}

static void add_line(struct vg_buf *out, const char *mark, struct vg_str line)
{
	vg_buf_addz(out, mark);
	vg_escape_terminal(out, line);
	vg_buf_addc(out, '\n');
}

static bool has_line(struct vg_str text, struct vg_str line)
{
	struct vg_str one;

	while (vg_str_split(&text, '\n', &one))
		if (vg_str_eq(one, line))
			return true;
	return false;
}

/* Lines that only one of them has, after the listing that they belong to. */
static void add_difference(
    struct vg_str from, struct vg_str to, const char *mark, struct vg_buf *out)
{
	struct vg_str line, head = {0};

	while (vg_str_split(&from, '\n', &line)) {
		bool field = vg_str_starts(line, VG_STR("  "));

		if (!field)
			head = line;
		if (line.len == 0 || has_line(to, line))
			continue;
		if (field && head.len > 0 && has_line(to, head))
			add_line(out, "      ", head);
		head.len = field ? 0 : head.len;
		add_line(out, mark, line);
	}
}

static void report(const struct vg_golden_case *c, struct vg_buf *out)
{
	if (same(c)) {
		vg_buf_addf(out, "ok    %s\n", c->name);
		return;
	}
	vg_buf_addf(out, "FAIL  %s\n", c->name);
	if (c->expect.len == 0)
		add_line(out, "      ", VG_STR("no expect.txt yet"));
	add_difference(vg_buf_str(&c->expect), vg_buf_str(&c->got), "    - ", out);
	add_difference(vg_buf_str(&c->got), vg_buf_str(&c->expect), "    + ", out);
}

/* The `at`-th byte range of a value line of a record: [*ret_start, *ret_end). False: there are no more. */
static bool value_line(
    struct vg_str text, size_t *io_at, size_t *ret_start, size_t *ret_end)
{
	while (*io_at < text.len) {
		size_t start = *io_at, end = vg_str_chr(text, '\n', start);
		struct vg_str line;

		end = end == SIZE_MAX ? text.len : end + 1;
		*io_at = end;
		line = vg_str_trim(vg_str_sub(text, start, end));
		if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';' ||
		    line.ptr[0] == '[')
			continue;
		*ret_start = start;
		*ret_end = end;
		return true;
	}
	return false;
}

/* The file without the line; a first line leaves its key to the next. */
static void write_without(
    struct vg_str text, size_t start, size_t end, struct vg_buf *out)
{
	struct vg_str line = vg_str_sub(text, start, end);
	size_t equals = vg_str_chr(line, '=', 0);
	bool first = !vg_is_space(line.ptr[0]) && equals != SIZE_MAX;
	bool more = first && end < text.len && vg_is_space(text.ptr[end]) &&
		    text.ptr[end] != '\n';

	vg_buf_adds(out, vg_str_sub(text, 0, start));
	if (more)
		vg_buf_adds(out, vg_str_sub(line, 0, equals + 1));
	vg_buf_adds(out, vg_str_sub(text, end, text.len));
}

/* Whether every case gives what it gives with the line. A file that is refused without it needs it. */
static bool is_idle(
    struct vg_cli *cli, struct vg_golden *g, const char *scratch, struct vg_str text)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s.site", scratch, g->name);
	bool idle = true;

	if (n < 0 || n >= (int)sizeof(path) || vg_write_file(path, text, NULL) != VG_OK)
		return false;
	if (vg_golden_run(cli, g, scratch, NULL) != VG_OK)
		idle = false;
	for (size_t i = 0; i < g->cases.len && idle; i++)
		idle = same(vg_vec_at(&g->cases, i));
	(void)unlink(path);
	return idle;
}

static enum vg_status test_lines(
    struct vg_cli *cli, struct vg_golden *g, struct vg_buf *out, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(VG_MAX_CONFIG),
		      less = VG_BUF_INIT(VG_MAX_CONFIG);
	char path[PATH_MAX], scratch[] = "/tmp/vigia-test-XXXXXX";
	size_t at = 0, start, end;
	struct vg_str from;
	enum vg_status st;
	int n = snprintf(path, sizeof(path), "%s/%s.site", g->dir, g->name);

	if (n < 0 || n >= (int)sizeof(path) || access(path, R_OK) != 0)
		return VG_OK; /* C is for its author to cover */
	st = vg_read_file(path, &text, err);
	if (st == VG_OK && !mkdtemp(scratch))
		st = vg_fail(err, VG_E_IO, "cannot make a folder in /tmp");
	from = vg_str_find(vg_buf_str(&text), VG_STR("\n[record "), 0) != SIZE_MAX
		   ? vg_buf_str(&text)
		   : (struct vg_str){0};
	if (st == VG_OK)
		at = vg_str_find(from, VG_STR("\n[record "), 0);
	while (st == VG_OK && from.len > 0 && value_line(from, &at, &start, &end)) {
		vg_buf_clear(&less);
		write_without(from, start, end, &less);
		if (is_idle(cli, g, scratch, vg_buf_str(&less)))
			add_line(out, "no case misses: ",
			    vg_str_trim(vg_str_sub(from, start, end)));
	}
	(void)rmdir(scratch);
	vg_buf_release(&text);
	vg_buf_release(&less);
	return st;
}

static enum vg_status test_folder(
    struct vg_cli *cli, const char *dir, struct vg_buf *out, struct vg_error *err)
{
	bool update = vg_option_is_set(&cli->options, "update");
	struct vg_golden g;
	enum vg_status st = vg_golden_load(dir, true, &g, err);

	if (st == VG_OK)
		st = vg_golden_run(cli, &g, g.dir, err);
	for (size_t i = 0; st == VG_OK && i < g.cases.len; i++) {
		struct vg_golden_case *c = vg_vec_at(&g.cases, i);

		if (update && !same(c)) {
			st = vg_golden_update(&g, c, err);
			vg_buf_addf(out, "wrote %s\n", c->name);
			continue;
		}
		report(c, out);
		if (!same(c))
			cli->exit_code = VG_EXIT_NEGATIVE;
	}
	if (st == VG_OK && vg_option_is_set(&cli->options, "thorough") &&
	    cli->exit_code == VG_EXIT_OK)
		st = test_lines(cli, &g, out, err);
	vg_golden_release(&g);
	if (st != VG_OK)
		vg_error_prefix(err, "plugin test %s", dir);
	return st;
}

static enum vg_status run_test(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT((size_t)64 << 20);
	enum vg_status st = VG_OK;

	for (int i = 0; i < cli->operand_count && st == VG_OK; i++) {
		if (cli->operand_count > 1)
			add_line(&out, "", vg_str(cli->operands[i]));
		st = test_folder(cli, cli->operands[i], &out, err);
	}
	vg_stdout_add(&out);
	vg_buf_release(&out);
	if (cli->exit_code == VG_EXIT_NEGATIVE)
		vg_cli_notice(
		    cli, "if the new answer is right: vigia plugin test --update");
	return st;
}

static enum vg_status run_record(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_str url = vg_str(vg_option_str(&cli->options, "url", ""));
	struct vg_buf page = VG_BUF_INIT(VG_MAX_BODY);
	struct vg_golden g;
	enum vg_status st = vg_golden_load(cli->operands[0], false, &g, err);

	if (st == VG_OK)
		st = vg_read_file(cli->operands[2], &page, err);
	if (st == VG_OK)
		st = vg_golden_add(&g, cli->operands[1], vg_buf_str(&page), url, err);
	vg_golden_release(&g);
	if (st == VG_OK)
		st = vg_golden_load(cli->operands[0], true, &g, err);
	if (st == VG_OK)
		st = vg_golden_run(cli, &g, g.dir, err);
	for (size_t i = 0; st == VG_OK && i < g.cases.len; i++) {
		struct vg_golden_case *c = vg_vec_at(&g.cases, i);

		if (strcmp(c->name, cli->operands[1]) != 0)
			continue;
		st = vg_golden_update(&g, c, err);
		printf("recorded %s; read it before you trust it: "
		       "%s/golden/%s/expect.txt\n",
		    c->name, cli->operands[0], c->name);
	}
	vg_golden_release(&g);
	vg_buf_release(&page);
	return st;
}

const struct vg_cmd vg_cmd_plugin_test = {
    .name = "test",
    .summary = "replay the golden cases of a plugin's folder and show what differs",
    .usage = "[--update] [--thorough] DIR...",
    .about = "DIR is named as the plugin and holds golden/CASE/ folders: page.html (or "
	     ".json, .csv, .txt), url, expect.txt. Nothing is fetched.",
    .examples = "  vigia plugin test my-shop\n"
		"  vigia plugin test --thorough my-shop\n",
    .options = test_options,
    .min_operands = 1,
    .max_operands = -1,
    .run = run_test,
};

const struct vg_cmd vg_cmd_plugin_record = {
    .name = "record",
    .summary = "add a saved page as a golden case of a plugin",
    .usage = "[--url URL] DIR CASE FILE",
    .options = record_options,
    .min_operands = 3,
    .max_operands = 3,
    .run = run_record,
};
