/* SPDX-License-Identifier: MIT */
/* Commands over the analyser: one input from the command line, or a batch. */
#include "config.h"

#include "cli/content.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyse/pool.h"
#include "base/io.h"
#include "base/limits.h"
#include "cli/batch.h"
#include "cli/request.h"
#include "cli/terminal.h"

const struct vg_option vg_content_options[] = {
    {.name = "batch",
	.kind = VG_OPT_FLAG,
	.help = "read one JSON request a line from standard input, answer each with a "
		"line"},
    {.name = "workers",
	.kind = VG_OPT_INT,
	.arg = "N",
	.min = -1,
	.max = 256,
	.help = "sandboxed analysis processes; -1: one a core, 0: analyse in this "
		"process without a sandbox"},
    {.name = "lexicon",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folder of the detection tables"},
    {.name = "plugins",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folders of the site plugins, divided by ':'"},
    {.name = NULL},
};

void vg_content_pool(
    struct vg_cli *cli, bool lexicon, bool plugins, struct vg_pool_config *ret)
{
	*ret =
	    (struct vg_pool_config){.analyser = {.lexicon_dir = vg_cli_lexicon_dir(cli),
					.plugin_dir = vg_cli_plugin_dir(cli),
					.lexicon = lexicon,
					.plugins = plugins},
		.workers = (int)vg_option_num(&cli->options, "workers", -1)};
	if (cli->cmd->content && cli->cmd->content->local) {
		ret->analyser.extra = cli->cmd->content->local;
		ret->workers = 0;
	}
}

struct one {
	struct vg_cli *cli;
	const struct vg_content_row *row;
	struct vg_str content;
	struct vg_buf out;
	enum vg_status status;
	struct vg_error *err;
};

static void print_answer(struct one *o, struct vg_answer *answer)
{
	struct vg_arena *arena;
	struct vg_json *result;

	if (o->cli->json) {
		vg_buf_adds(&o->out, vg_buf_str(&answer->json));
		vg_buf_addc(&o->out, '\n');
	}
	o->status = vg_buf_status(&o->out, o->err);
	if (o->status != VG_OK || (o->cli->json && !o->row->is_negative))
		return;
	arena = vg_arena_new((size_t)VG_MAX_FRAME * 4);
	if (!arena) {
		o->status = vg_fail(o->err, VG_E_NOMEM, "out of memory");
		return;
	}
	o->status = vg_json_parse(arena, vg_buf_str(&answer->json), 0, &result, o->err);
	if (o->status == VG_OK && o->row->is_negative && o->row->is_negative(result))
		o->cli->exit_code = VG_EXIT_NEGATIVE;
	if (o->status == VG_OK && !o->cli->json) {
		o->row->print(o->cli, result, o->content, &o->out);
		o->status = vg_buf_status(&o->out, o->err);
	}
	vg_arena_free(arena);
}

static void one_done(void *ctx, uint64_t tag, struct vg_answer *answer)
{
	struct one *o = ctx;

	(void)tag;
	if (answer->status == VG_OK)
		print_answer(o, answer);
	else
		o->status = vg_fail(o->err, answer->status, "%s", answer->message);
}

static enum vg_status take_operand(
    struct vg_cli *cli, struct vg_buf *ret, struct vg_error *err)
{
	const char *operand = cli->operands[0];

	if (!cli->cmd->content->text)
		return vg_request_file(operand, false, ret, err);
	if (strcmp(operand, "-") == 0)
		return vg_read_fd(STDIN_FILENO, ret, err);
	vg_buf_addz(ret, operand);
	return vg_buf_status(ret, err);
}

static enum vg_status run_one(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf params = VG_BUF_INIT(1 << 20);
	struct vg_buf content = VG_BUF_INIT(VG_MAX_BATCH_LINE);
	struct one one = {.cli = cli,
	    .row = cli->cmd->content,
	    .out = VG_BUF_INIT((size_t)VG_MAX_FRAME * 4),
	    .err = err,
	    .status = VG_OK};
	struct vg_pool_config config;
	struct vg_pool *pool = NULL;
	enum vg_status st =
	    vg_request_defaults(cli->cmd->options, &cli->options, &params, err);

	if (st != VG_OK) {
		cli->exit_code = VG_EXIT_USAGE;
		goto out;
	}
	st = take_operand(cli, &content, err);
	if (st != VG_OK)
		goto out;
	one.content = vg_buf_str(&content);
	vg_content_pool(cli, one.row->lexicon, one.row->plugins, &config);
	if (config.workers < 0 || config.workers > 1)
		config.workers = 1;
	st = vg_pool_new(&config, one_done, &one, &pool, err);
	if (st != VG_OK) {
		cli->exit_code = VG_EXIT_FAILURE;
		goto out;
	}
	st = vg_pool_submit(pool, 0,
	    &(struct vg_task){.op = vg_str(one.row->op),
		.params = vg_buf_str(&params),
		.content = one.content},
	    err);
	while (st == VG_OK && vg_pool_pending(pool) > 0)
		st = vg_pool_run(pool, -1, err);
	if (st == VG_OK)
		st = one.status;
	if (st == VG_OK)
		vg_stdout_add(&one.out);
out:
	vg_pool_free(pool);
	vg_buf_release(&one.out);
	vg_buf_release(&content);
	vg_buf_release(&params);
	return st;
}

/* A second operand counts as the option it stands for. */
static enum vg_status take_second(struct vg_cli *cli, struct vg_error *err)
{
	const char *name = cli->cmd->content->second;
	struct vg_options *o = &cli->options;

	if (cli->operand_count < 2 || !name)
		return VG_OK;
	if (vg_option_is_set(o, name) || o->count == VG_MAX_OPTIONS)
		return vg_cli_usage(cli, err, "%s: %s and --%s are the same; give one",
		    cli->path, cli->operands[1], name);
	for (const struct vg_option *row = cli->cmd->options; row->name; row++)
		if (vg_str_eqz(vg_str(name), row->name))
			o->values[o->count++] = (struct vg_option_value){
			    .row = row, .text = cli->operands[1]};
	return VG_OK;
}

enum vg_status vg_content_run(struct vg_cli *cli, struct vg_error *err)
{
	bool batch = vg_option_is_set(&cli->options, "batch");
	enum vg_status st;

	if (batch && cli->operand_count > 0)
		return vg_cli_usage(cli, err,
		    "%s: --batch takes its input from requests, not from %s", cli->path,
		    cli->operands[0]);
	if (!batch && cli->operand_count == 0) {
		vg_cli_hint(cli, "vigia %s --help", cli->path);
		return vg_cli_usage(cli, err, "%s: missing argument: %s %s", cli->path,
		    cli->path, cli->cmd->usage);
	}
	st = take_second(cli, err);
	if (st != VG_OK)
		return st;
	return batch ? vg_batch_run(cli, err) : run_one(cli, err);
}
