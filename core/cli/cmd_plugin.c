/* SPDX-License-Identifier: MIT */
/* vigia plugin list|info|check|run: which plugins there are, and what one reads in a page. */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/pool.h"
#include "base/escape.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/content.h"

#define MAX_OUTPUT ((size_t)64 << 20)

static const struct vg_option plugins_options[] = {
    {.name = "plugins",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folder of the site plugins"},
    {.name = NULL}};

static const struct vg_option run_options[] = {
    {.name = "url",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "URL",
	.help = "the address the page came from"},
    {.name = "plugin",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "NAME",
	.help = "the plugin that reads the page (default: auto, by its rules)"},
    {.name = "content-type",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "TYPE",
	.help = "the Content-Type header that came with it"},
    {.name = "content-encoding",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "CODING",
	.help = "the Content-Encoding header that came with it"},
    {.name = NULL}};

/* What a worker loaded and refused. */
struct loaded {
	struct vg_arena *arena;
	struct vg_pool *pool;
	struct vg_json *plugins, *refused;
};

static void ignore_answer(void *ctx, uint64_t tag, struct vg_answer *answer)
{
	(void)ctx, (void)tag, (void)answer;
}

static void loaded_release(struct loaded *l)
{
	vg_pool_free(l->pool);
	vg_arena_free(l->arena);
}

/* Loads `dir` in a worker: plugins run nowhere else. */
static enum vg_status load(const char *dir, struct loaded *ret, struct vg_error *err)
{
	struct vg_pool_config config = {
	    .analyser = {.plugin_dir = dir, .plugins = true}, .workers = 1};
	enum vg_status st;

	*ret = (struct loaded){.arena = vg_arena_new(MAX_OUTPUT)};
	if (!ret->arena)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	st = vg_pool_new(&config, ignore_answer, NULL, &ret->pool, err);
	if (st == VG_OK)
		st = vg_json_parse(
		    ret->arena, vg_pool_plugins(ret->pool), 0, &ret->plugins, err);
	if (st == VG_OK)
		st = vg_json_parse(
		    ret->arena, vg_pool_refusals(ret->pool), 0, &ret->refused, err);
	return st;
}

static enum vg_status print(struct vg_buf *out, struct vg_error *err)
{
	enum vg_status st = vg_buf_status(out, err);

	if (st == VG_OK)
		(void)fwrite(out->ptr, 1, out->len, stdout);
	vg_buf_release(out);
	return st;
}

static void add_text(struct vg_buf *out, const struct vg_json *object, const char *key)
{
	vg_escape_terminal(out, vg_json_get_str(object, key));
}

static void add_refusals(struct vg_buf *out, const struct vg_json *refused)
{
	for (const struct vg_json *r = refused->first; r; r = r->next) {
		vg_buf_addz(out, "refused: ");
		add_text(out, r, "file");
		vg_buf_addz(out, ": ");
		add_text(out, r, "message");
		vg_buf_addc(out, '\n');
	}
}

static enum vg_status run_list(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(MAX_OUTPUT);
	struct loaded l;
	enum vg_status st = load(vg_cli_plugin_dir(cli), &l, err);

	if (st != VG_OK)
		goto out;
	for (const struct vg_json *p = l.plugins->first; p; p = p->next) {
		if (cli->json) {
			struct vg_json_writer w = vg_json_writer(&out);

			vg_jw_value(&w, p);
		} else {
			add_text(&out, p, "name");
			vg_buf_addc(&out, ' ');
			add_text(&out, p, "version");
			vg_buf_addz(&out, "  ");
			add_text(&out, p, "summary");
		}
		vg_buf_addc(&out, '\n');
	}
	if (!cli->json)
		add_refusals(&out, l.refused);
	st = print(&out, err);
	if (st == VG_OK && l.refused->count > 0)
		cli->exit_code = VG_EXIT_PARTIAL;
out:
	loaded_release(&l);
	return st;
}

static void add_matches(struct vg_buf *out, const struct vg_json *plugin)
{
	const struct vg_json *matches = vg_json_get(plugin, "matches");

	for (const struct vg_json *m = matches ? matches->first : NULL; m;
	     m = m->next) {
		vg_buf_addz(out, "match     by ");
		add_text(out, m, "by");
		vg_buf_addc(out, ' ');
		add_text(out, m, vg_json_get_str(m, "host").ptr ? "host" : "content");
		add_text(out, m, "path");
		vg_buf_addz(out, ", priority ");
		add_text(out, m, "priority");
		vg_buf_addc(out, '\n');
	}
}

static void add_info(struct vg_buf *out, const struct vg_json *plugin)
{
	static const char *const rows[][2] = {{"name", "name      "},
	    {"version", "version   "}, {"summary", "summary   "},
	    {"licence", "licence   "}, {"file", "file      "}, {"sha256", "sha256    "},
	    {"abi", "abi       "}};
	const struct vg_json *seeds = vg_json_get(plugin, "seeds");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		vg_buf_addz(out, rows[i][1]);
		add_text(out, plugin, rows[i][0]);
		vg_buf_addc(out, '\n');
	}
	add_matches(out, plugin);
	for (const struct vg_json *s = seeds ? seeds->first : NULL; s; s = s->next) {
		vg_buf_addz(out, "seed      ");
		add_text(out, s, "url");
		vg_buf_addc(out, '\n');
	}
}

static enum vg_status run_info(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(MAX_OUTPUT);
	struct vg_json_writer w = vg_json_writer(&out);
	const struct vg_json *found = NULL;
	struct loaded l;
	enum vg_status st = load(vg_cli_plugin_dir(cli), &l, err);

	if (st != VG_OK)
		goto out;
	for (const struct vg_json *p = l.plugins->first; p && !found; p = p->next)
		if (vg_str_eqz(vg_json_get_str(p, "name"), cli->operands[0]))
			found = p;
	if (!found) {
		vg_cli_hint(cli, "vigia plugin list");
		st = vg_fail(err, VG_E_NOT_FOUND, "plugin info: no plugin is called %s",
		    cli->operands[0]);
		goto out;
	}
	if (cli->json) {
		vg_jw_value(&w, found);
		vg_buf_addc(&out, '\n');
	} else {
		add_info(&out, found);
	}
	st = print(&out, err);
out:
	loaded_release(&l);
	return st;
}

static enum vg_status run_check(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(MAX_OUTPUT);
	struct vg_json_writer w = vg_json_writer(&out);
	char dir[PATH_MAX];
	struct loaded l = {0};
	enum vg_status st;

	if (!realpath(cli->operands[0], dir))
		return vg_fail(err, VG_E_NOT_FOUND,
		    "plugin check: there is no folder %s", cli->operands[0]);
	st = load(dir, &l, err);
	if (st != VG_OK)
		goto out;
	if (cli->json) {
		vg_jw_value(&w, l.refused);
		vg_buf_addc(&out, '\n');
	} else {
		for (const struct vg_json *p = l.plugins->first; p; p = p->next) {
			vg_buf_addz(&out, "ok: ");
			add_text(&out, p, "file");
			vg_buf_addc(&out, '\n');
		}
		add_refusals(&out, l.refused);
	}
	st = print(&out, err);
	if (st == VG_OK && l.refused->count > 0)
		cli->exit_code = VG_EXIT_NEGATIVE;
out:
	loaded_release(&l);
	return st;
}

static void print_run(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	static const char *const keys[] = {"title", "price", "currency", "phone",
	    "email", "address", "date", "url", "id", "lat", "lon", "seller", "stock",
	    "text"};
	const struct vg_json *listings = vg_json_get(result, "listings");
	const struct vg_json *links = vg_json_get(result, "links");

	(void)cli;
	(void)content;
	vg_buf_addz(out, "plugin: ");
	vg_escape_terminal(out, vg_json_get_str(result, "plugin").ptr
				    ? vg_json_get_str(result, "plugin")
				    : VG_STR("none"));
	vg_buf_addc(out, '\n');
	for (const struct vg_json *l = listings->first; l; l = l->next) {
		add_text(out, l, "kind");
		vg_buf_addc(out, '\n');
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			if (!vg_json_get(l, keys[i]))
				continue;
			vg_buf_addf(out, "  %s: ", keys[i]);
			add_text(out, l, keys[i]);
			vg_buf_addc(out, '\n');
		}
	}
	for (const struct vg_json *l = links->first; l; l = l->next) {
		add_text(out, l, "kind");
		vg_buf_addz(out, ": ");
		add_text(out, l, "url");
		vg_buf_addc(out, '\n');
	}
}

static const struct vg_cmd cmd_check = {
    .name = "check",
    .summary = "load every plugin of a folder and say what is wrong with those refused",
    .usage = "DIR",
    .min_operands = 1,
    .max_operands = 1,
    .run = run_check,
};

static const struct vg_cmd cmd_info = {
    .name = "info",
    .summary = "print what a plugin declares: rules, seeds, limits, digest",
    .usage = "NAME",
    .options = plugins_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_info,
};

static const struct vg_cmd cmd_list = {
    .name = "list",
    .summary = "list the plugins, and the files that were refused",
    .usage = "",
    .options = plugins_options,
    .run = run_list,
};

static const struct vg_cmd cmd_run = {
    .name = "run",
    .summary = "read a saved page with a plugin: listings and links",
    .usage = "[--url URL] [--plugin NAME] FILE | --batch",
    .options = run_options,
    .content =
	&(const struct vg_content_row){
	    .op = "plugin.run", .plugins = true, .print = print_run},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd *const commands[] = {
    &cmd_check, &cmd_info, &cmd_list, &cmd_run, NULL};

const struct vg_cmd vg_cmd_plugin = {
    .name = "plugin",
    .summary = "list, check and try the site plugins",
    .commands = commands,
};
