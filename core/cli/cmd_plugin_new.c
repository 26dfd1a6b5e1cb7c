/* SPDX-License-Identifier: MIT */
/* vigia plugin new, install: from a page to a plugin with its first golden case, and into use. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/golden.h"
#include "cli/plugin.h"
#include "cli/request.h"
#include "store/store.h"
#include "url/url.h"

#define FIRST_CASE "first"

static const struct vg_option new_options[] = {
    {.name = "from",
	.kind = VG_OPT_STR,
	.arg = "FILE|URL",
	.help = "a saved page, or the address of a page that the case holds"},
    {.name = "url",
	.kind = VG_OPT_STR,
	.arg = "URL",
	.help = "the address the saved page came from"},
    {.name = "c", .kind = VG_OPT_FLAG, .help = "write C instead of a site file"},
    {.name = "site-file",
	.kind = VG_OPT_FLAG,
	.help = "write a site file (the default)"},
    {.name = "plugins",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folders of the other plugins, divided by ':'"},
    {.name = NULL}};

static const struct vg_option install_options[] = {
    {.name = "plugins",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folders of the other plugins, divided by ':'"},
    {.name = NULL}};

static bool is_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > 32 || name[0] < 'a' || name[0] > 'z')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!(name[i] >= 'a' && name[i] <= 'z') && !vg_is_digit(name[i]) &&
		    name[i] != '-')
			return false;
	return true;
}

/* The last capture of a page in the case: nothing is fetched a second time for a plugin. */
enum vg_status vg_plugin_capture(
    struct vg_cli *cli, const char *url, struct vg_buf *ret, struct vg_error *err)
{
	struct vg_arena *arena = vg_arena_new((size_t)4 << 20);
	struct vg_store_capture capture;
	enum vg_status st =
	    arena ? (cli->store ? VG_OK : vg_cli_open(cli, VG_CMD_STORE_RO, err))
		  : vg_fail(err, VG_E_NOMEM, "out of memory");

	if (st == VG_OK)
		st = vg_store_latest_capture(
		    cli->store, arena, vg_str(url), &capture, err);
	if (st == VG_E_NOT_FOUND) {
		vg_cli_hint(cli, "vigia crawl %s", url);
		st = vg_fail(err, VG_E_NOT_FOUND, "%s: the case holds no page of %s",
		    cli->path, url);
	}
	if (st == VG_OK)
		st = vg_store_read_blob(
		    cli->store, &capture.leaf.payload.digest, ret, err);
	vg_arena_free(arena);
	return st;
}

static enum vg_status read_page(
    struct vg_cli *cli, const char **ret_url, struct vg_buf *ret, struct vg_error *err)
{
	const char *from = vg_option_str(&cli->options, "from", NULL);
	const char *url = vg_option_str(&cli->options, "url", NULL);

	if (!from) {
		vg_cli_hint(cli,
		    "vigia plugin new %s --from page.html --url https://shop.example/",
		    cli->operands[0]);
		return vg_cli_usage(cli, err, "plugin new: --from is missing");
	}
	if (vg_str_istarts(vg_str(from), VG_STR("http://")) ||
	    vg_str_istarts(vg_str(from), VG_STR("https://"))) {
		*ret_url = from;
		return vg_plugin_capture(cli, from, ret, err);
	}
	if (!url) {
		vg_cli_hint(cli,
		    "vigia plugin new %s --from %s --url https://shop.example/",
		    cli->operands[0], from);
		return vg_cli_usage(
		    cli, err, "plugin new: --url says where %s came from", from);
	}
	*ret_url = url;
	return vg_read_file(from, ret, err);
}

enum vg_status vg_plugin_guess(struct vg_cli *cli, struct vg_str page, const char *url,
    const char *plugin, struct vg_buf *ret, struct vg_error *err)
{
	struct vg_buf params = VG_BUF_INIT(1u << 16);
	struct vg_json_writer w = vg_json_writer(&params);
	struct vg_ask *ask = NULL;
	enum vg_status st;

	vg_jw_object(&w);
	vg_jw_kstrz(&w, "url", url);
	vg_jw_kstrz(&w, "plugin", plugin);
	vg_jw_end_object(&w);
	st = vg_ask_open(cli, NULL, NULL, 0, &ask, err);
	if (st == VG_OK)
		st = vg_ask(ask, "plugin.guess", vg_buf_str(&params), page, ret, err);
	vg_ask_close(ask);
	vg_buf_release(&params);
	return st;
}

static const char *const field_keys[] = {"title", "price", "currency", "phone", "email",
    "address", "date", "url", "id", "lat", "lon", "seller", "text"};

/*
 * A value of the guess as one of a site file; empty when it is absent, or holds a control character that is no
 * break into a further line: it came from a page and must not begin a line of its own.
 */
struct vg_str vg_plugin_guessed(const struct vg_json *from, const char *key)
{
	struct vg_str value = vg_json_get_str(from, key);

	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		bool further = vg_str_starts(
		    vg_str_sub(value, i, value.len), VG_STR("\n        "));

		if ((c < ' ' && !further) || c == 0x7F)
			return (struct vg_str){0};
	}
	return value;
}

static void write_site(
    const struct vg_json *guess, struct vg_str host, struct vg_buf *out)
{
	const struct vg_json *s = vg_json_get(guess, "selectors");
	struct vg_str item = vg_plugin_guessed(s, "item");

	vg_buf_addf(out,
	    "# Each value is a selector; further lines are tried in turn. See "
	    "plugins/README.md.\n"
	    "[site]\nsummary = listings of %.*s\n\n[match]\nhost = %.*s\n\n[record "
	    "%s]\n",
	    VG_STR_ARG(host), VG_STR_ARG(host), item.len > 0 ? "list" : "page");
	if (vg_json_get_true(guess, "data")) {
		vg_buf_addz(
		    out, "# The page says it all in its own data.\nread = schema\n");
	} else {
		vg_buf_addf(
		    out, "kind = %.*s\n", VG_STR_ARG(vg_plugin_guessed(guess, "kind")));
		if (item.len > 0)
			vg_buf_addf(out, "item = %.*s\n", VG_STR_ARG(item));
		if (vg_plugin_guessed(s, "title").len == 0)
			vg_buf_addz(out, item.len == 0 ? "title = h1\n"
					 : vg_plugin_guessed(s, "text").len > 0
					     ? "require = text\n"
					     : "require = url\n");
		for (size_t i = 0; i < sizeof(field_keys) / sizeof(field_keys[0]);
		     i++) {
			struct vg_str value = vg_plugin_guessed(s, field_keys[i]);

			if (value.len > 0)
				vg_buf_addf(out, "%s = %.*s\n", field_keys[i],
				    VG_STR_ARG(value));
		}
	}
	if (vg_plugin_guessed(s, "next").len > 0)
		vg_buf_addf(out, "\n[links]\nnext = %.*s\n",
		    VG_STR_ARG(vg_plugin_guessed(s, "next")));
}

static enum vg_status write_file(const char *dir, const char *name, const char *suffix,
    struct vg_buf *text, struct vg_error *err)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix);
	enum vg_status st = vg_buf_status(text, err);

	if (st == VG_OK && (n < 0 || n >= (int)sizeof(path)))
		st = vg_fail(err, VG_E_TOO_LARGE, "%s: the path is too long", dir);
	return st == VG_OK ? vg_write_file(path, vg_buf_str(text), err) : st;
}

static void write_readme(
    const char *name, struct vg_str host, bool c, struct vg_buf *out)
{
	vg_buf_addf(out, "# %s\n\nReads listings of %.*s.\n\n", name, VG_STR_ARG(host));
	if (c)
		vg_buf_addf(out,
		    "    cc -std=c17 -Wall -shared -fPIC -fvisibility=hidden -o "
		    "%s/%s.so %s/%s.c\n"
		    "    vigia plugin test --update %s\n",
		    name, name, name, name, name);
	vg_buf_addf(
	    out, "    vigia plugin test %s\n    vigia plugin install %s\n", name, name);
}

/* The first case with the new plugin, so that it passes from the start; what was read goes to the terminal. */
static enum vg_status first_case(struct vg_cli *cli, const char *dir,
    struct vg_str page, struct vg_str url, bool update, struct vg_error *err)
{
	struct vg_golden g;
	size_t listings = 0;
	enum vg_status st = vg_golden_load(dir, false, &g, err);

	if (st == VG_OK)
		st = vg_golden_add(&g, FIRST_CASE, page, url, err);
	vg_golden_release(&g);
	if (st != VG_OK || !update)
		return st;
	st = vg_golden_load(dir, true, &g, err);
	if (st == VG_OK)
		st = vg_golden_run(cli, &g, g.dir, err);
	if (st == VG_OK) {
		struct vg_golden_case *c = vg_vec_at(&g.cases, 0);
		struct vg_str rest = vg_buf_str(&c->got), line;

		st = vg_golden_update(&g, c, err);
		while (vg_str_split(&rest, '\n', &line))
			listings += vg_str_starts(line, VG_STR("  title: "));
		printf("%s: reads %zu listings with a title; look at "
		       "%s/golden/%s/expect.txt\n",
		    g.name, listings, dir, FIRST_CASE);
	}
	vg_golden_release(&g);
	return st;
}

static enum vg_status host_of(
    const char *text, struct vg_buf *ret, struct vg_error *err)
{
	struct vg_url url = VG_URL_INIT;
	enum vg_status st = vg_url_parse(vg_str(text), NULL, &url, err);

	if (st == VG_OK && !vg_url_is_web(&url))
		st = vg_fail(
		    err, VG_E_INVALID, "plugin new: %s is no web address", text);
	if (st == VG_OK)
		vg_buf_adds(ret, vg_url_host(&url));
	vg_url_release(&url);
	return st;
}

static enum vg_status write_plugin(struct vg_cli *cli, const struct vg_json *found,
    struct vg_str host, struct vg_error *err)
{
	const char *name = cli->operands[0];
	bool c = vg_option_is_set(&cli->options, "c");
	struct vg_buf text = VG_BUF_INIT(1u << 20);
	enum vg_status st;

	if (mkdir(name, 0755) != 0)
		return vg_fail_errno(
		    err, errno, "plugin new: cannot make the folder %s", name);
	if (c)
		vg_plugin_write_c(name, found, host, &text);
	else
		write_site(found, host, &text);
	st = write_file(name, name, c ? ".c" : ".site", &text, err);
	vg_buf_clear(&text);
	write_readme(name, host, c, &text);
	if (st == VG_OK)
		st = write_file(name, "README", ".md", &text, err);
	vg_buf_release(&text);
	return st;
}

static enum vg_status run_new(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf page = VG_BUF_INIT(VG_MAX_BODY), host = VG_BUF_INIT(VG_MAX_URL),
		      answer = VG_BUF_INIT(VG_MAX_FRAME);
	struct vg_arena *arena = vg_arena_new((size_t)16 << 20);
	struct vg_json *found = NULL;
	const char *url = "";
	enum vg_status st;

	if (!is_name(cli->operands[0])) {
		st = vg_cli_usage(cli, err,
		    "plugin new: a name is small letters, digits and '-', up to 32");
		goto out;
	}
	st = arena ? read_page(cli, &url, &page, err)
		   : vg_fail(err, VG_E_NOMEM, "out of memory");
	if (st == VG_OK)
		st = host_of(url, &host, err);
	if (st == VG_OK)
		st = vg_plugin_guess(cli, vg_buf_str(&page), url, "auto", &answer, err);
	if (st == VG_OK)
		st = vg_json_parse(arena, vg_buf_str(&answer), 0, &found, err);
	if (st == VG_OK)
		st = write_plugin(cli, found, vg_buf_str(&host), err);
	if (st == VG_OK)
		st = first_case(cli, cli->operands[0], vg_buf_str(&page), vg_str(url),
		    !vg_option_is_set(&cli->options, "c"), err);
	if (st == VG_OK && vg_option_is_set(&cli->options, "c"))
		printf("%s: now build it as %s/README.md says\n", cli->operands[0],
		    cli->operands[0]);
out:
	vg_arena_free(arena);
	vg_buf_release(&page);
	vg_buf_release(&host);
	vg_buf_release(&answer);
	return st;
}

/* Parents too. */
static enum vg_status make_path(const char *dir, struct vg_error *err)
{
	char path[PATH_MAX];
	size_t len = strlen(dir);

	if (len >= sizeof(path))
		return vg_fail(err, VG_E_TOO_LARGE, "%s: the path is too long", dir);
	for (size_t i = 1; i <= len; i++) {
		if (dir[i] != '/' && dir[i] != '\0')
			continue;
		memcpy(path, dir, i);
		path[i] = '\0';
		if (mkdir(path, 0755) != 0 && errno != EEXIST)
			return vg_fail_errno(err, errno, "cannot make %s", path);
	}
	return VG_OK;
}

static enum vg_status copy_into(
    const struct vg_golden *g, const char *dir, struct vg_error *err)
{
	static const char *const suffixes[] = {".site", ".so"};
	struct vg_buf bytes = VG_BUF_INIT(VG_MAX_PLUGIN_FILE);
	char path[PATH_MAX];
	enum vg_status st = VG_E_NOT_FOUND;

	for (size_t i = 0; i < 2 && st == VG_E_NOT_FOUND; i++) {
		int n = snprintf(
		    path, sizeof(path), "%s/%s%s", g->dir, g->name, suffixes[i]);

		if (n < 0 || n >= (int)sizeof(path) || access(path, R_OK) != 0)
			continue;
		st = vg_read_file(path, &bytes, err);
		if (st == VG_OK)
			st = write_file(dir, g->name, suffixes[i], &bytes, err);
		n = snprintf(path, sizeof(path), "%s/%s%s", dir, g->name, suffixes[i]);
		if (n < 0 || n >= (int)sizeof(path))
			st = vg_fail(
			    err, VG_E_TOO_LARGE, "%s: the path is too long", dir);
		if (st == VG_OK && chmod(path, 0644) != 0)
			st = vg_fail_errno(err, errno, "%s", path);
		if (st == VG_OK)
			printf("installed %s\n", path);
	}
	vg_buf_release(&bytes);
	return st == VG_E_NOT_FOUND
		   ? vg_fail(err, st,
			 "plugin install: %s holds no %s.site and no %s.so", g->dir,
			 g->name, g->name)
		   : st;
}

static enum vg_status run_install(struct vg_cli *cli, struct vg_error *err)
{
	char dir[PATH_MAX];
	struct vg_golden g;
	enum vg_status st = vg_golden_load(cli->operands[0], true, &g, err);

	if (st == VG_OK)
		st = vg_golden_run(cli, &g, g.dir, err);
	for (size_t i = 0; st == VG_OK && i < g.cases.len; i++) {
		const struct vg_golden_case *c = vg_vec_at(&g.cases, i);

		if (vg_str_eq(vg_buf_str(&c->got), vg_buf_str(&c->expect)))
			continue;
		vg_cli_hint(cli, "vigia plugin test %s", cli->operands[0]);
		st = vg_fail(
		    err, VG_E_DENIED, "plugin install: case %s does not hold", c->name);
	}
	if (st == VG_OK && !vg_cli_user_plugin_dir(dir))
		st = vg_fail(err, VG_E_NOT_FOUND, "plugin install: HOME is not set");
	if (st == VG_OK)
		st = make_path(dir, err);
	if (st == VG_OK)
		st = copy_into(&g, dir, err);
	vg_golden_release(&g);
	return st;
}

const struct vg_cmd vg_cmd_plugin_new = {
    .name = "new",
    .summary =
	"write a plugin for a page: selectors, README and a golden case that holds",
    .usage = "--from FILE --url URL NAME | --from URL NAME",
    .about =
	"Selectors are guessed from what the page already yields: schema.org data, "
	"repeated blocks, a heading with its price. The page becomes the first golden "
	"case. A URL must have been crawled: its last capture in the case is taken.",
    .examples = "  vigia plugin new farmacia-sol --from page.html --url "
		"https://farmacia-sol.example/tienda\n",
    .options = new_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_new,
};

const struct vg_cmd vg_cmd_plugin_install = {
    .name = "install",
    .summary = "put a plugin whose golden cases hold into the user's plugin folder",
    .usage = "DIR",
    .options = install_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_install,
};
