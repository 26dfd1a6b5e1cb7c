/* SPDX-License-Identifier: MIT */
/* vigia plugin list|info|check|run: which plugins there are, and what one reads in a page. */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/limits.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/content.h"
#include "cli/drift.h"
#include "cli/plugin.h"
#include "plugin/plugin.h"
#include "store/store.h"

#define MAX_OUTPUT ((size_t)64 << 20)

static const struct vg_option plugins_options[] = {
    {.name = "plugins",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folders of the site plugins, divided by ':'"},
    {.name = NULL}};

static const struct vg_option run_options[] = {VG_ROW_URL,
    {.name = "plugin",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "NAME",
	.help = "the plugin that reads the page (default: auto, by its rules)"},
    {.name = "limit",
	.kind = VG_OPT_INT,
	.flags = VG_OPT_REQUEST,
	.arg = "N",
	.min = 0,
	.max = 1000000,
	.help = "print at most N listings"},
    VG_ROW_CONTENT_TYPE, VG_ROW_CONTENT_ENCODING, {.name = NULL}};

/* What a worker loaded and refused: plugins run nowhere else. */
struct loaded {
	struct vg_arena *arena;
	struct vg_drift *drift; /* open alerts of the case, if there is one */
	size_t drift_count;
	struct vg_ask *ask;
	struct vg_json *plugins, *refused;
	struct vg_buf out;
};

typedef enum vg_status loaded_use(
    struct vg_cli *cli, struct loaded *l, struct vg_error *err);

/* Loads, lets `use` write into l->out, prints that. `dir` NULL: the folders of the command line. */
static enum vg_status with_loaded(struct vg_cli *cli, const char *dir,
    const struct vg_plugin_setting *settings, size_t setting_count, loaded_use *use,
    struct vg_error *err)
{
	struct loaded l = {
	    .arena = vg_arena_new(MAX_OUTPUT), .out = VG_BUF_INIT(MAX_OUTPUT)};
	enum vg_status st = l.arena ? VG_OK : vg_fail(err, VG_E_NOMEM, "out of memory");

	if (st == VG_OK)
		st = vg_ask_open(cli, dir, settings, setting_count, &l.ask, err);
	if (st == VG_OK)
		st = vg_json_parse(l.arena, vg_ask_plugins(l.ask), 0, &l.plugins, err);
	if (st == VG_OK)
		st = vg_json_parse(l.arena, vg_ask_refusals(l.ask), 0, &l.refused, err);
	if (st == VG_OK)
		st = use(cli, &l, err);
	if (st == VG_OK)
		st = vg_buf_status(&l.out, err);
	if (st == VG_OK)
		(void)fwrite(l.out.ptr, 1, l.out.len, stdout);
	vg_ask_close(l.ask);
	vg_arena_free(l.arena);
	vg_buf_release(&l.out);
	return st;
}

/* What a crawl noticed, in the case that the command is run in. */
static enum vg_status read_drift(
    struct vg_cli *cli, struct loaded *l, struct vg_str plugin, struct vg_error *err)
{
	enum vg_status st = VG_OK;

	if (!cli->case_dir)
		return VG_OK;
	if (!cli->store)
		st = vg_cli_open(cli, VG_CMD_STORE_RO, err);
	return st == VG_OK ? vg_store_drift_list(cli->store, l->arena, plugin, false,
				 &l->drift, &l->drift_count, err)
			   : st;
}

/* The alerts of one plugin, a line each. */
static void add_drift(
    const struct loaded *l, struct vg_str name, const char *before, struct vg_buf *out)
{
	for (size_t i = 0; i < l->drift_count;) {
		if (!vg_str_eq(l->drift[i].plugin, name)) {
			i++;
			continue;
		}
		vg_buf_addz(out, before);
		i += vg_drift_print(&l->drift[i], l->drift_count - i, out);
	}
}

static void add_plugin_json(
    const struct loaded *l, const struct vg_json *plugin, struct vg_buf *out)
{
	struct vg_json_writer w = vg_json_writer(out);

	vg_jw_object(&w);
	for (const struct vg_json *m = plugin->first; m; m = m->next) {
		char key[64]; /* of our own descriptors */

		if (m->key.len >= sizeof(key))
			continue;
		memcpy(key, m->key.ptr, m->key.len);
		key[m->key.len] = '\0';
		vg_jw_key(&w, key);
		vg_jw_value(&w, m);
	}
	vg_jw_key(&w, "drift");
	vg_jw_array(&w);
	for (size_t i = 0; i < l->drift_count;) {
		if (!vg_str_eq(l->drift[i].plugin, vg_json_get_str(plugin, "name"))) {
			i++;
			continue;
		}
		vg_jw_object(&w);
		i += vg_drift_write(&l->drift[i], l->drift_count - i, &w);
		vg_jw_end_object(&w);
	}
	vg_jw_end_array(&w);
	vg_jw_end_object(&w);
	vg_buf_addc(out, '\n');
}

static void add_text(struct vg_buf *out, const struct vg_json *object, const char *key)
{
	vg_escape_terminal(out, vg_json_get_str(object, key));
}

static void add_refusals(struct vg_buf *out, const struct vg_json *refused)
{
	for (const struct vg_json *r = refused->first; r; r = r->next) {
		struct vg_str file = vg_json_get_str(r, "file");
		struct vg_str message = vg_json_get_str(r, "message");

		vg_buf_addz(out, "refused: ");
		/* "NAME.site:3: ..." says it already. */
		if (!vg_str_starts(message, file) || message.len <= file.len ||
		    message.ptr[file.len] != ':') {
			vg_escape_terminal(out, file);
			vg_buf_addz(out, ": ");
		}
		add_text(out, r, "message");
		vg_buf_addc(out, '\n');
	}
}

static enum vg_status list(struct vg_cli *cli, struct loaded *l, struct vg_error *err)
{
	enum vg_status st = read_drift(cli, l, VG_STR(""), err);

	if (st != VG_OK)
		return st;
	for (const struct vg_json *p = l->plugins->first; p; p = p->next) {
		if (cli->json) {
			add_plugin_json(l, p, &l->out);
			continue;
		}
		add_text(&l->out, p, "name");
		vg_buf_addc(&l->out, ' ');
		add_text(&l->out, p, "version");
		vg_buf_addz(&l->out, "  ");
		add_text(&l->out, p, "summary");
		vg_buf_addc(&l->out, '\n');
		add_drift(l, vg_json_get_str(p, "name"), "  drift: ", &l->out);
	}
	if (!cli->json)
		add_refusals(&l->out, l->refused);
	if (l->refused->count > 0)
		cli->exit_code = VG_EXIT_PARTIAL;
	return VG_OK;
}

static enum vg_status run_list(struct vg_cli *cli, struct vg_error *err)
{
	return with_loaded(cli, NULL, NULL, 0, list, err);
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

static enum vg_status info(struct vg_cli *cli, struct loaded *l, struct vg_error *err)
{
	const struct vg_json *found = l->plugins->first;
	enum vg_status st = read_drift(cli, l, vg_str(cli->operands[0]), err);

	if (st != VG_OK)
		return st;
	while (found && !vg_str_eqz(vg_json_get_str(found, "name"), cli->operands[0]))
		found = found->next;
	if (!found) {
		vg_cli_hint(cli, "vigia plugin list");
		return vg_fail(err, VG_E_NOT_FOUND,
		    "plugin info: no plugin is called %s", cli->operands[0]);
	}
	if (cli->json) {
		add_plugin_json(l, found, &l->out);
		return VG_OK;
	}
	add_info(&l->out, found);
	add_drift(l, vg_json_get_str(found, "name"), "drift     ", &l->out);
	return VG_OK;
}

static enum vg_status run_info(struct vg_cli *cli, struct vg_error *err)
{
	return with_loaded(cli, NULL, NULL, 0, info, err);
}

/* An engine told to check evaluates every expression of a file on a page that holds nothing. */
static void check_values(struct loaded *l, const struct vg_json *plugin,
    struct vg_buf *ret_why, struct vg_error *err)
{
	static const char page[] =
	    "<!DOCTYPE html><title>x</title><script type=\"application/json\">{}"
	    "</script><p>x</p>";
	struct vg_buf params = VG_BUF_INIT(4096), answer = VG_BUF_INIT(MAX_OUTPUT);
	struct vg_json_writer w = vg_json_writer(&params);
	struct vg_json *result = NULL;
	enum vg_status st;

	vg_jw_object(&w);
	vg_jw_kstr(&w, "plugin", vg_json_get_str(plugin, "name"));
	vg_jw_end_object(&w);
	st = vg_ask(
	    l->ask, "plugin.run", vg_buf_str(&params), VG_STR(page), &answer, err);
	if (st == VG_OK)
		st = vg_json_parse(l->arena, vg_buf_str(&answer), 0, &result, err);
	if (st == VG_OK)
		vg_buf_adds(ret_why, vg_json_get_str(result, "problem"));
	else
		vg_buf_addz(ret_why, err->msg);
	vg_buf_release(&params);
	vg_buf_release(&answer);
}

/* The other plugins are there too, but are not what was asked about. */
static bool is_in(const char *dir, struct vg_str file)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%.*s", dir, VG_STR_ARG(file));

	return n > 0 && n < (int)sizeof(path) && access(path, F_OK) == 0;
}

/* Whether all that was refused lies elsewhere: in the user's own folder, say. */
static bool any_refused_in(const struct loaded *l, const char *dir)
{
	for (const struct vg_json *r = l->refused->first; r; r = r->next)
		if (is_in(dir, vg_json_get_str(r, "file")))
			return true;
	return false;
}

static enum vg_status check(struct vg_cli *cli, struct loaded *l, struct vg_error *err)
{
	struct vg_json_writer w = vg_json_writer(&l->out);
	bool wrong = any_refused_in(l, cli->operands[0]);

	if (cli->json)
		vg_jw_array(&w);
	for (const struct vg_json *p = l->plugins->first; p; p = p->next) {
		struct vg_str file = vg_json_get_str(p, "file");
		struct vg_buf why = VG_BUF_INIT(4096);

		if (!is_in(cli->operands[0], file))
			continue;
		if (vg_str_ends(file, VG_STR(".site")))
			check_values(l, p, &why, err);
		/* The sandbox would kill it at its first page: better told here. */
		else if (vg_json_get_str(p, "imports").len > 0)
			vg_buf_addf(&why,
			    "imports %.*s; a plugin is a pure function of the page",
			    VG_STR_ARG(vg_json_get_str(p, "imports")));
		wrong = wrong || why.len > 0;
		if (cli->json && why.len > 0) {
			vg_jw_object(&w);
			vg_jw_kstr(&w, "file", file);
			vg_jw_kstrz(&w, "error", vg_status_name(VG_E_INVALID));
			vg_jw_kstr(&w, "message", vg_buf_str(&why));
			vg_jw_end_object(&w);
		} else if (!cli->json) {
			vg_buf_addz(&l->out, why.len > 0 ? "wrong: " : "ok: ");
			/* what stands at a place of the file names it */
			if (!vg_str_starts(vg_buf_str(&why), file)) {
				add_text(&l->out, p, "file");
				vg_buf_addz(&l->out, why.len > 0 ? ": " : "");
			}
			vg_escape_terminal(&l->out, vg_buf_str(&why));
			vg_buf_addc(&l->out, '\n');
		}
		vg_buf_release(&why);
	}
	for (const struct vg_json *r = l->refused->first; cli->json && r; r = r->next)
		vg_jw_value(&w, r);
	if (cli->json) {
		vg_jw_end_array(&w);
		vg_buf_addc(&l->out, '\n');
	} else {
		add_refusals(&l->out, l->refused);
	}
	if (wrong)
		cli->exit_code = VG_EXIT_NEGATIVE;
	return VG_OK;
}

static enum vg_status run_check(struct vg_cli *cli, struct vg_error *err)
{
	static const struct vg_plugin_setting settings[] = {
	    {.plugin = "*", .key = "check", .value = "yes"}};
	char dir[PATH_MAX];

	if (!realpath(cli->operands[0], dir))
		return vg_fail(err, VG_E_NOT_FOUND,
		    "plugin check: there is no folder %s", cli->operands[0]);
	return with_loaded(cli, dir, settings, 1, check, err);
}

void vg_plugin_print(const struct vg_json *result, struct vg_buf *out)
{
	static const char *const keys[] = {"title", "price", "currency", "phone",
	    "email", "address", "date", "url", "id", "lat", "lon", "seller", "stock",
	    "text"};
	const struct vg_json *listings = vg_json_get(result, "listings");
	const struct vg_json *links = vg_json_get(result, "links");

	vg_buf_addz(out, "plugin: ");
	vg_escape_terminal(out, vg_json_get_str(result, "plugin").ptr
				    ? vg_json_get_str(result, "plugin")
				    : VG_STR("none"));
	vg_buf_addc(out, '\n');
	if (vg_json_get_str(result, "problem").len > 0) {
		vg_buf_addz(out, "problem: ");
		add_text(out, result, "problem");
		vg_buf_addc(out, '\n');
	}
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

static void print_run(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	(void)cli, (void)content;
	vg_plugin_print(result, out);
}

static const struct vg_cmd cmd_check = {
    .name = "check",
    .summary = "load every plugin of a folder and say what is wrong with those refused",
    .usage = "DIR",
    .about =
	"Site files are read key by key, each of their expressions is evaluated once, "
	"and each regex is tried on texts made to keep it busy; what is wrong is told "
	"as FILE:LINE:COLUMN. Shared objects must have the right symbol, version and "
	"declarations, and import nothing but strings, memory and numbers of the C "
	"library.",
    .min_operands = 1,
    .max_operands = 1,
    .run = run_check,
};

static const struct vg_cmd cmd_info = {
    .name = "info",
    .summary =
	"print what a plugin declares, and whether its sites have drifted away from it",
    .usage = "NAME",
    .options = plugins_options,
    .flags = VG_CMD_FIND,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_info,
};

static const struct vg_cmd cmd_list = {
    .name = "list",
    .summary =
	"list the plugins, the files that were refused, and open alerts of drift",
    .usage = "",
    .options = plugins_options,
    .flags = VG_CMD_FIND,
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

static const struct vg_cmd *const commands[] = {&cmd_check, &vg_cmd_plugin_heal,
    &cmd_info, &vg_cmd_plugin_install, &cmd_list, &vg_cmd_plugin_new,
    &vg_cmd_plugin_record, &cmd_run, &vg_cmd_plugin_test, NULL};

const struct vg_cmd vg_cmd_plugin = {
    .name = "plugin",
    .summary = "write, test, check and try the site plugins",
    .commands = commands,
};
