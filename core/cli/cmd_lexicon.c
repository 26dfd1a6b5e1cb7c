/* SPDX-License-Identifier: MIT */
/* vigia lexicon check: is what detection knows fit for use? */
#include "config.h"

#include <unistd.h>

#include "base/escape.h"
#include "base/json.h"
#include "cli/commands.h"
#include "detect/check.h"

#define MAX_OUTPUT ((size_t)64 << 20)

struct report {
	const char *dir;
	struct vg_buf out;
	struct vg_json_writer json;
	bool as_json;
	size_t count;
};

static void add_fault(void *ctx, const struct vg_fault *fault)
{
	struct report *r = ctx;

	r->count++;
	if (r->as_json) {
		vg_jw_object(&r->json);
		vg_jw_kstrz(&r->json, "file", fault->file);
		if (fault->line > 0)
			vg_jw_kint(&r->json, "line", fault->line);
		if (fault->column != NULL)
			vg_jw_kstrz(&r->json, "column", fault->column);
		vg_jw_kstrz(&r->json, "message", fault->message);
		vg_jw_end_object(&r->json);
		return;
	}
	vg_escape_terminal(&r->out, vg_str(r->dir));
	vg_buf_addf(&r->out, "/%s:", fault->file);
	if (fault->line > 0)
		vg_buf_addf(&r->out, "%u:", fault->line);
	if (fault->column != NULL)
		vg_buf_addf(&r->out, " %s:", fault->column);
	vg_buf_addc(&r->out, ' ');
	vg_escape_terminal(&r->out, vg_str(fault->message));
	vg_buf_addc(&r->out, '\n');
}

static void add_size(struct report *r, const struct vg_check_size *size)
{
	if (!r->as_json) {
		if (r->count == 0)
			vg_buf_addf(&r->out,
			    "ok: %zu tables, %zu terms, %zu regexes, %zu rules with "
			    "their examples\n",
			    size->tables, size->terms, size->regexes, size->rules);
		else
			vg_buf_addf(&r->out, "%zu problem%s\n", r->count,
			    r->count == 1 ? "" : "s");
		return;
	}
	vg_jw_end_array(&r->json);
	vg_jw_kint(&r->json, "tables", (int64_t)size->tables);
	vg_jw_kint(&r->json, "terms", (int64_t)size->terms);
	vg_jw_kint(&r->json, "regexes", (int64_t)size->regexes);
	vg_jw_kint(&r->json, "rules", (int64_t)size->rules);
	vg_jw_end_object(&r->json);
	vg_buf_addc(&r->out, '\n');
}

static enum vg_status run_check(struct vg_cli *cli, struct vg_error *err)
{
	struct report r = {.dir = cli->operand_count > 0 ? cli->operands[0]
							 : vg_cli_lexicon_dir(cli),
	    .out = VG_BUF_INIT(MAX_OUTPUT),
	    .as_json = cli->json};
	struct vg_faults faults = {add_fault, &r};
	struct vg_check_size size;
	enum vg_status st;

	if (access(r.dir, R_OK | X_OK) != 0)
		return vg_fail(err, VG_E_NOT_FOUND,
		    "lexicon check: there is no folder %s", r.dir);
	r.json = vg_json_writer(&r.out);
	if (r.as_json) {
		vg_jw_object(&r.json);
		vg_jw_kstrz(&r.json, "dir", r.dir);
		vg_jw_key(&r.json, "problems");
		vg_jw_array(&r.json);
	}
	st = vg_lexicon_check(r.dir, &faults, &size, err);
	if (st == VG_OK) {
		add_size(&r, &size);
		if (r.count > 0)
			cli->exit_code = VG_EXIT_NEGATIVE;
		st = vg_cli_print(cli, &r.out, false, err);
	}
	vg_buf_release(&r.out);
	return st;
}

static const struct vg_cmd cmd_check = {
    .name = "check",
    .summary = "say everything that is wrong with the tables detection uses",
    .usage = "[DIR]",
    .about =
	"Reads every table of the folder and prints each problem with its file, line "
	"and column: rows that cannot be read, names that no table holds, words said "
	"twice or with contrary meanings, terms that no page can hold, regexes that a "
	"page could keep busy, and rules that do not fire on their example or do on "
	"the one they must not. The exit code is 1 when there is any.\n\n"
	"Without DIR it is the lexicon that scan and crawl use.",
    .examples = "  vigia lexicon check\n"
		"  vigia lexicon check --json plugins/lexicon\n",
    .max_operands = 1,
    .run = run_check,
};

static const struct vg_cmd *const commands[] = {&cmd_check, NULL};

const struct vg_cmd vg_cmd_lexicon = {
    .name = "lexicon",
    .summary = "check the tables of words and rules that detection uses",
    .commands = commands,
};
