/* SPDX-License-Identifier: MIT */
/* vigia config: the defaults, a check, and where each value comes from. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "conf/conf.h"

struct explained {
	struct vg_cli *cli;
	const char *word; /* NULL: everything */
	struct vg_buf out;
	size_t count;
};

/* "explain crawl", "explain delay", "explain crawl.delay", "explain farmacia-sol". */
static bool is_wanted(const char *word, const struct vg_conf_fact *fact)
{
	const char *site =
	    strncmp(fact->section, "site ", 5) == 0 ? fact->section + 5 : "";
	char full[256];

	if (!word || strcmp(word, fact->section) == 0 || strcmp(word, fact->key) == 0 ||
	    (*site && strcmp(word, site) == 0))
		return true;
	(void)snprintf(
	    full, sizeof(full), "%s.%s", *site ? site : fact->section, fact->key);
	return strcmp(word, full) == 0;
}

static void add_fact(void *ctx, const struct vg_conf_fact *fact)
{
	struct explained *e = ctx;
	struct vg_json_writer w = vg_json_writer(&e->out);

	if (!is_wanted(e->word, fact))
		return;
	e->count++;
	if (e->cli->json) {
		vg_jw_object(&w);
		vg_jw_kstrz(&w, "section", fact->section);
		vg_jw_kstrz(&w, "key", fact->key);
		vg_jw_kstrz(&w, "value", fact->value);
		vg_jw_kstrz(&w, "origin", fact->origin);
		vg_jw_end_object(&w);
		vg_buf_addc(&e->out, '\n');
		return;
	}
	vg_buf_addf(&e->out, "[%s] %s = ", fact->section, fact->key);
	vg_escape_terminal(&e->out, vg_str(fact->value));
	vg_buf_addz(&e->out, "    # ");
	vg_escape_terminal(&e->out, vg_str(fact->origin));
	vg_buf_addc(&e->out, '\n');
}

static enum vg_status explain(struct vg_cli *cli, struct vg_error *err)
{
	struct explained e = {.cli = cli,
	    .word = cli->operand_count > 1 ? cli->operands[1] : NULL,
	    .out = VG_BUF_INIT((size_t)64 << 20)};
	enum vg_status st = VG_OK;

	vg_conf_explain(cli->conf, add_fact, &e);
	if (e.count == 0) {
		const char *near = vg_conf_nearest_key(e.word);

		vg_cli_hint(
		    cli, "vigia config explain%s%s", near ? " " : "", near ? near : "");
		st = vg_cli_usage(cli, err, "no site and no key is called %s", e.word);
	} else {
		st = vg_buf_status(&e.out, err);
	}
	if (st == VG_OK)
		vg_stdout_add(&e.out);
	vg_buf_release(&e.out);
	return st;
}

static enum vg_status print_defaults(struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(1 << 20);
	enum vg_status st;

	vg_conf_write_template(&out, NULL, false);
	st = vg_buf_status(&out, err);
	if (st == VG_OK)
		vg_stdout_add(&out);
	vg_buf_release(&out);
	return st;
}

static enum vg_status check(struct vg_cli *cli, struct vg_error *err)
{
	if (cli->operand_count > 1)
		return vg_cli_usage(cli, err, "config check takes no argument");
	if (cli->conf->contact[0] == '\0') {
		vg_cli_hint(cli, "set contact in the [operator] section of vigia.ini");
		cli->exit_code = VG_EXIT_USAGE;
		return vg_fail(err, VG_E_INVALID,
		    "operator.contact is not set: nothing can be requested");
	}
	vg_cli_notice(cli, "the configuration holds: %zu sites", cli->conf->site_count);
	return VG_OK;
}

static enum vg_status run(struct vg_cli *cli, struct vg_error *err)
{
	const char *word = cli->operand_count > 0 ? cli->operands[0] : "explain";

	if (strcmp(word, "explain") == 0)
		return explain(cli, err);
	if (strcmp(word, "check") == 0)
		return check(cli, err);
	vg_cli_hint(cli, "vigia config --help");
	return vg_cli_usage(cli, err, "config: unknown word: %s", word);
}

static enum vg_status config(struct vg_cli *cli, struct vg_error *err)
{
	/* Defaults need no case, and must print even when the configuration is broken. */
	if (vg_option_is_set(&cli->options, "defaults"))
		return print_defaults(err);
	enum vg_status st = vg_cli_open(cli, VG_CMD_CONF, err);

	return st == VG_OK ? run(cli, err) : st;
}

static const struct vg_option options[] = {
    {.name = "defaults",
	.kind = VG_OPT_FLAG,
	.help = "print a full commented vigia.ini with the defaults"},
    {.name = NULL},
};

const struct vg_cmd vg_cmd_config = {
    .name = "config",
    .summary = "show, check and explain the configuration",
    .usage = "--defaults | check | explain [SITE | KEY]",
    .about =
	"'explain' prints each value and where it comes from: the command line, the "
	"environment (VIGIA_SECTION_KEY), a line of vigia.ini, the user's own file, "
	"or the default.",
    .examples = "  vigia config --defaults > vigia.ini\n"
		"  vigia config explain farmacia-sol\n"
		"  vigia config explain crawl.delay\n",
    .options = options,
    .max_operands = 2,
    .run = config,
};
