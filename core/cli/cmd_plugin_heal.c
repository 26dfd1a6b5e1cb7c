/* SPDX-License-Identifier: MIT */
/* vigia plugin heal: further lines for a site file whose site has changed, kept only if every old case still holds. */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/io.h"
#include "base/limits.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/golden.h"
#include "cli/plugin.h"
#include "store/drift.h"

#define MAX_CHANGES 16

static const struct vg_option heal_options[] = {
    {.name = "page",
	.kind = VG_OPT_STR,
	.arg = "FILE|URL",
	.help = "a page that is no longer read, saved or from the case (default: the "
		"one that the last alert of drift names)"},
    {.name = "url",
	.kind = VG_OPT_STR,
	.arg = "URL",
	.help = "the address the saved page came from"},
    {.name = "write",
	.kind = VG_OPT_FLAG,
	.help = "change the site file, and keep the page as a golden case"},
    {.name = "plugins",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folders of the other plugins, divided by ':'"},
    {.name = NULL}};

/* Item first: without it the fields find nothing. */
static const char *const keys[] = {"item", "title", "price", "currency", "phone",
    "email", "address", "date", "url", "id", "seller", "text", "next"};

struct change {
	struct vg_str section, key, lines;
};

struct heal {
	struct vg_cli *cli;
	struct vg_arena *arena;
	struct vg_golden g; /* its last case is the page */
	struct vg_buf site; /* the file as it is */
	char path[PATH_MAX], scratch[32];
	struct vg_json *guess;
	struct vg_json *model; /* what the plugin behind the guess reads in the page */
	struct change changes[MAX_CHANGES];
	size_t count;
	size_t before, after; /* values read in the page */
};

/* Where the value of a key ends in its section; false: the section has no such key. */
static bool value_end(struct vg_str text, const struct change *c, size_t *ret)
{
	struct vg_str section = {0};
	bool inside = false, found = false;
	size_t at = 0;

	while (at < text.len) {
		size_t end = vg_str_chr(text, '\n', at);
		struct vg_str line, key;

		end = end == SIZE_MAX ? text.len : end + 1;
		line = vg_str_sub(text, at, end);
		if (found && (!vg_is_space(line.ptr[0]) || vg_str_trim(line).len == 0))
			break;
		if (line.ptr[0] == '[') {
			section = vg_str_trim(line);
			inside = vg_str_eq(
			    vg_str_sub(section, 1, section.len - 1), c->section);
		}
		key = vg_str_trim(vg_str_sub(line, 0, vg_str_chr(line, '=', 0)));
		if (inside && !vg_is_space(line.ptr[0]) && vg_str_eq(key, c->key))
			found = true;
		at = end;
		if (found)
			*ret = end;
	}
	return found;
}

/* The file with the changes but `skip`, each as further lines of its key. */
static enum vg_status write_healed(
    struct heal *h, size_t skip, struct vg_buf *ret, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(VG_MAX_CONFIG);
	enum vg_status st;

	vg_buf_clear(ret);
	vg_buf_adds(ret, vg_buf_str(&h->site));
	for (size_t i = 0; i < h->count; i++) {
		struct vg_str rest = h->changes[i].lines, line, all = vg_buf_str(ret);
		size_t end;

		if (i == skip || !value_end(all, &h->changes[i], &end))
			continue;
		vg_buf_clear(&text);
		vg_buf_adds(&text, vg_str_sub(all, 0, end));
		if (end > 0 && all.ptr[end - 1] != '\n')
			vg_buf_addc(&text, '\n');
		while (vg_str_split(&rest, '\n', &line))
			vg_buf_addf(
			    &text, "        %.*s\n", VG_STR_ARG(vg_str_trim(line)));
		vg_buf_adds(&text, vg_str_sub(all, end, all.len));
		vg_buf_clear(ret);
		vg_buf_adds(ret, vg_buf_str(&text));
	}
	st = vg_buf_status(&text, err);
	vg_buf_release(&text);
	return st == VG_OK ? vg_buf_status(ret, err) : st;
}

/* Does the model say otherwise? Only of keys that it has: +1 it agrees, -1 it does not. */
static int agrees(const struct heal *h, struct vg_str line)
{
	const struct vg_json *listings = vg_json_get(h->model, "listings");
	size_t colon = vg_str_find(line, VG_STR(": "), 0);
	struct vg_str key = vg_str_sub(line, 2, colon), value;
	int verdict = 0;

	if (!vg_str_starts(line, VG_STR("  ")) || colon == SIZE_MAX)
		return vg_str_starts(line, VG_STR("link "));
	value = vg_str_sub(line, colon + 2, line.len);
	for (const struct vg_json *l = listings ? listings->first : NULL; l;
	     l = l->next)
		for (const struct vg_json *m = l->first; m; m = m->next) {
			if (!vg_str_eq(m->key, key) || m->type == VG_JSON_NULL)
				continue;
			if (vg_str_eq(m->text, value))
				return 1;
			verdict = -1;
		}
	return verdict;
}

/* Values of the page that the plugin itself read, less those that are wrong; 0 when another read it. */
static size_t count_values(const struct heal *h)
{
	const struct vg_golden_case *c = vg_vec_at(&h->g.cases, h->g.cases.len - 1);
	struct vg_str text = vg_buf_str(&c->got), line;
	int64_t count = 0;

	if (!vg_str_split(&text, '\n', &line) ||
	    !vg_str_starts(line, VG_STR("plugin ")) ||
	    !vg_str_eqz(vg_str_sub(line, 7, line.len), h->g.name))
		return 0;
	while (vg_str_split(&text, '\n', &line))
		count += agrees(h, line);
	return count > 0 ? (size_t)count : 0;
}

/* Runs a version of the file. *ret_score 0: an old case differs, or the file is refused. */
static enum vg_status try_text(
    struct heal *h, struct vg_str text, size_t *ret_score, struct vg_error *err)
{
	struct vg_error refused = {0};
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s.site", h->scratch, h->g.name);
	enum vg_status st;

	*ret_score = 0;
	if (n < 0 || n >= (int)sizeof(path))
		return vg_fail(err, VG_E_TOO_LARGE, "the path is too long");
	st = vg_write_file(path, text, err);
	if (st != VG_OK)
		return st;
	st = vg_golden_run(h->cli, &h->g, h->scratch, &refused);
	(void)unlink(path);
	if (st == VG_E_INVALID)
		return VG_OK;
	for (size_t i = 0; st == VG_OK && i + 1 < h->g.cases.len; i++) {
		const struct vg_golden_case *c = vg_vec_at(&h->g.cases, i);

		if (!vg_str_eq(vg_buf_str(&c->got), vg_buf_str(&c->expect)))
			return VG_OK;
	}
	*ret_score = count_values(h);
	if (st != VG_OK)
		*err = refused;
	return st;
}

static enum vg_status try_without(
    struct heal *h, size_t skip, size_t *ret_score, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(VG_MAX_CONFIG);
	enum vg_status st = write_healed(h, skip, &text, err);

	if (st == VG_OK)
		st = try_text(h, vg_buf_str(&text), ret_score, err);
	vg_buf_release(&text);
	return st;
}

/* Each guess for a section is added; what does harm goes at once, what brings nothing goes at the end. */
static enum vg_status heal_section(
    struct heal *h, struct vg_str section, struct vg_error *err)
{
	const struct vg_json *selectors = vg_json_get(h->guess, "selectors");
	size_t best = h->before, first = h->count, score, end;
	enum vg_status st = VG_OK;

	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]) && st == VG_OK; k++) {
		bool link = strcmp(keys[k], "next") == 0;
		struct change c = {link ? VG_STR("links") : section, vg_str(keys[k]),
		    vg_plugin_guessed(selectors, keys[k])};

		if (!c.lines.len || h->count == MAX_CHANGES ||
		    !value_end(vg_buf_str(&h->site), &c, &end))
			continue;
		h->changes[h->count++] = c;
		st = try_without(h, SIZE_MAX, &score, err);
		/* An item may find its fields only with those that follow. */
		if (score < best && !(k == 0 && score > 0) &&
		    !(best == 0 && h->before == 0))
			h->count--;
		else if (score > best)
			best = score;
	}
	for (size_t i = h->count; i-- > first && st == VG_OK;) {
		st = try_without(h, i, &score, err);
		if (score >= best) {
			memmove(&h->changes[i], &h->changes[i + 1],
			    (h->count - i - 1) * sizeof(h->changes[0]));
			h->count--;
		}
	}
	if (best <= h->before)
		h->count = first;
	h->after = best > h->after ? best : h->after;
	return st;
}

/* The record that gains most keeps its changes. */
static enum vg_status heal_records(struct heal *h, struct vg_error *err)
{
	struct change kept[MAX_CHANGES];
	struct vg_str text = vg_buf_str(&h->site), line;
	size_t kept_count = 0, most = h->before;
	enum vg_status st = VG_OK;

	while (st == VG_OK && vg_str_split(&text, '\n', &line)) {
		line = vg_str_trim(line);
		if (!vg_str_starts(line, VG_STR("[record ")))
			continue;
		h->count = 0;
		h->after = h->before;
		st = heal_section(h, vg_str_sub(line, 1, line.len - 1), err);
		if (st == VG_OK && h->after > most) {
			most = h->after;
			kept_count = h->count;
			memcpy(kept, h->changes, sizeof(kept));
		}
	}
	h->after = most;
	h->count = kept_count;
	memcpy(h->changes, kept, kept_count * sizeof(kept[0]));
	return st;
}

static void add_diff(const struct heal *h, struct vg_buf *out)
{
	vg_buf_addf(out, "--- %s\n+++ %s\n", h->path, h->path);
	for (size_t i = 0; i < h->count; i++) {
		struct vg_str rest = h->changes[i].lines, line;
		size_t end = 0, start = 0;

		(void)value_end(vg_buf_str(&h->site), &h->changes[i], &end);
		for (size_t at = 0; at + 1 < end; at++)
			if (h->site.ptr[at] == '\n')
				start = at + 1;
		vg_buf_addf(out, "@@ [%.*s] %.*s\n ", VG_STR_ARG(h->changes[i].section),
		    VG_STR_ARG(h->changes[i].key));
		vg_escape_terminal(
		    out, vg_str_sub(vg_buf_str(&h->site), start,
			     end > 0 && h->site.ptr[end - 1] == '\n' ? end - 1 : end));
		vg_buf_addc(out, '\n');
		while (vg_str_split(&rest, '\n', &line)) {
			vg_buf_addz(out, "+        ");
			vg_escape_terminal(out, vg_str_trim(line));
			vg_buf_addc(out, '\n');
		}
	}
}

static void add_report(const struct heal *h, bool written, struct vg_buf *out)
{
	struct vg_json_writer w = vg_json_writer(out);

	if (!h->cli->json) {
		if (h->count)
			add_diff(h, out);
		vg_buf_addf(out, "%zu values are read in the page, %zu before%s\n",
		    h->after, h->before, written ? "; written" : "");
		return;
	}
	vg_jw_object(&w);
	vg_jw_kstrz(&w, "plugin", h->g.name);
	vg_jw_kint(&w, "before", (int64_t)h->before);
	vg_jw_kint(&w, "after", (int64_t)h->after);
	vg_jw_kbool(&w, "written", written);
	vg_jw_key(&w, "changes");
	vg_jw_array(&w);
	for (size_t i = 0; i < h->count; i++) {
		vg_jw_object(&w);
		vg_jw_kstr(&w, "section", h->changes[i].section);
		vg_jw_kstr(&w, "key", h->changes[i].key);
		vg_jw_kstr(&w, "added", h->changes[i].lines);
		vg_jw_end_object(&w);
	}
	vg_jw_end_array(&w);
	vg_jw_end_object(&w);
	vg_buf_addc(out, '\n');
}

/* The address of the page of the plugin's last alert. */
static enum vg_status alert_url(struct heal *h, const char **ret, struct vg_error *err)
{
	struct vg_drift *rows = NULL;
	size_t count = 0;
	enum vg_status st = VG_OK;

	if (h->cli->case_dir)
		st = vg_cli_open(h->cli, VG_CMD_STORE_RO, err);
	if (st == VG_OK && h->cli->case_dir)
		st = vg_store_drift_list(h->cli->store, h->arena, vg_str(h->g.name),
		    false, &rows, &count, err);
	if (st == VG_OK && count == 0) {
		vg_cli_hint(h->cli, "vigia plugin heal %s --page page.html --url URL",
		    h->cli->operands[0]);
		st = vg_cli_usage(h->cli, err,
		    "plugin heal: no alert of drift names a page; --page does");
	}
	if (st == VG_OK)
		*ret = vg_arena_str(h->arena, rows->url).ptr;
	return st;
}

static enum vg_status load_page(
    struct heal *h, struct vg_golden_case *c, struct vg_error *err)
{
	const char *page = vg_option_str(&h->cli->options, "page", NULL);
	const char *url = vg_option_str(&h->cli->options, "url", NULL);
	enum vg_status st = page ? VG_OK : alert_url(h, &page, err);

	if (st != VG_OK)
		return st;
	if (vg_str_istarts(vg_str(page), VG_STR("http://")) ||
	    vg_str_istarts(vg_str(page), VG_STR("https://"))) {
		vg_buf_addz(&c->url, page);
		return vg_plugin_capture(h->cli, page, &c->page, err);
	}
	if (!url)
		return vg_cli_usage(
		    h->cli, err, "plugin heal: --url says where %s came from", page);
	vg_buf_addz(&c->url, url);
	return vg_read_file(page, &c->page, err);
}

/* Parses into memory that stays: values borrow from the text. */
static enum vg_status keep_json(struct heal *h, const struct vg_buf *text,
    struct vg_json **ret, struct vg_error *err)
{
	struct vg_str copy = vg_arena_str(h->arena, vg_buf_str(text));

	return copy.ptr ? vg_json_parse(h->arena, copy, 0, ret, err)
			: vg_fail(err, VG_E_NOMEM, "out of memory");
}

static enum vg_status read_model(struct heal *h, const struct vg_golden_case *c,
    struct vg_buf *answer, struct vg_error *err)
{
	struct vg_buf params = VG_BUF_INIT(1u << 16);
	struct vg_json_writer w = vg_json_writer(&params);
	struct vg_ask *ask = NULL;
	enum vg_status st = vg_ask_open(h->cli, NULL, NULL, 0, &ask, err);

	vg_jw_object(&w);
	vg_jw_kstr(&w, "url", vg_buf_str(&c->url));
	vg_jw_kstr(&w, "plugin",
	    vg_json_get_str(h->guess, "plugin").ptr
		? vg_json_get_str(h->guess, "plugin")
		: VG_STR("auto"));
	vg_jw_end_object(&w);
	vg_buf_clear(answer);
	if (st == VG_OK)
		st = vg_ask(ask, "plugin.run", vg_buf_str(&params),
		    vg_buf_str(&c->page), answer, err);
	if (st == VG_OK)
		st = keep_json(h, answer, &h->model, err);
	vg_ask_close(ask);
	vg_buf_release(&params);
	return st;
}

/* Adds the page to the cases in memory, and asks what another plugin reads there. */
static enum vg_status prepare(struct heal *h, struct vg_error *err)
{
	struct vg_buf answer = VG_BUF_INIT(VG_MAX_FRAME);
	struct vg_golden_case *c = vg_vec_push(&h->g.cases);
	enum vg_status st;

	if (!c)
		return vg_fail(err, VG_E_TOO_LARGE, "too many golden cases");
	memcpy(c->name, "healed", sizeof("healed"));
	c->content_type = "text/html; charset=utf-8";
	c->page = VG_BUF_INIT(VG_MAX_BODY);
	c->url = VG_BUF_INIT(VG_MAX_URL);
	c->expect = c->got = VG_BUF_INIT(16u << 20);
	st = load_page(h, c, err);
	if (st == VG_OK)
		st = vg_plugin_guess(h->cli, vg_buf_str(&c->page), vg_buf_cstr(&c->url),
		    "auto", &answer, err);
	if (st == VG_OK)
		st = vg_json_parse(h->arena, vg_buf_str(&answer), 0, &h->guess, err);
	/* What a plugin of this site misses is for one that knows nothing of the site to find. */
	if (st == VG_OK &&
	    (vg_str_eqz(vg_json_get_str(h->guess, "plugin"), h->g.name) ||
		vg_str_eqz(vg_json_get_str(h->guess, "listings"), "0"))) {
		vg_buf_clear(&answer);
		st = vg_plugin_guess(h->cli, vg_buf_str(&c->page), vg_buf_cstr(&c->url),
		    "generic", &answer, err);
		if (st == VG_OK)
			st = vg_json_parse(
			    h->arena, vg_buf_str(&answer), 0, &h->guess, err);
	}
	if (st == VG_OK)
		st = keep_json(h, &answer, &h->guess, err);
	if (st == VG_OK)
		st = read_model(h, c, &answer, err);
	vg_buf_release(&answer);
	return st;
}

static enum vg_status keep(struct heal *h, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(VG_MAX_CONFIG);
	struct vg_golden_case *c = vg_vec_at(&h->g.cases, h->g.cases.len - 1);
	size_t score = 0;
	enum vg_status st = write_healed(h, SIZE_MAX, &text, err);

	if (st == VG_OK)
		st = try_text(h, vg_buf_str(&text), &score, err);
	for (unsigned i = 2; st == VG_OK; i++) {
		st = vg_golden_add(
		    &h->g, c->name, vg_buf_str(&c->page), vg_buf_str(&c->url), err);
		if (st != VG_E_DENIED || i > 99)
			break;
		(void)snprintf(c->name, sizeof(c->name), "healed-%u", i);
		st = VG_OK;
	}
	if (st == VG_OK)
		st = vg_golden_update(&h->g, c, err);
	if (st == VG_OK)
		st = vg_write_file(h->path, vg_buf_str(&text), err);
	vg_buf_release(&text);
	return st;
}

static enum vg_status heal(struct heal *h, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(1u << 20);
	bool written = false;
	enum vg_status st = try_text(h, vg_buf_str(&h->site), &h->before, err);

	if (st == VG_OK)
		st = heal_records(h, err);
	if (st == VG_OK && h->count && vg_option_is_set(&h->cli->options, "write")) {
		st = keep(h, err);
		written = st == VG_OK;
	}
	if (st == VG_OK) {
		add_report(h, written, &out);
		st = vg_cli_print(h->cli, &out, false, err);
		if (!h->count)
			h->cli->exit_code = VG_EXIT_NEGATIVE;
	}
	vg_buf_release(&out);
	return st;
}

static enum vg_status run_heal(struct vg_cli *cli, struct vg_error *err)
{
	struct heal h = {.cli = cli,
	    .arena = vg_arena_new((size_t)64 << 20),
	    .site = VG_BUF_INIT(VG_MAX_CONFIG),
	    .scratch = "/tmp/vigia-heal-XXXXXX"};
	enum vg_status st = vg_golden_load(cli->operands[0], true, &h.g, err);
	int n = 0;

	if (st == VG_OK && !h.arena)
		st = vg_fail(err, VG_E_NOMEM, "out of memory");
	if (st == VG_OK)
		n = snprintf(h.path, sizeof(h.path), "%s/%s.site", h.g.dir, h.g.name);
	if (st == VG_OK && (n < 0 || n >= (int)sizeof(h.path)))
		st = vg_fail(err, VG_E_TOO_LARGE, "the path is too long");
	if (st == VG_OK && access(h.path, R_OK) != 0) {
		vg_cli_hint(cli, "vigia plugin run --plugin %s PAGE", h.g.name);
		st = vg_fail(err, VG_E_UNSUPPORTED,
		    "plugin heal: %s has no site file; C is for its author to change",
		    h.g.name);
	}
	if (st == VG_OK)
		st = vg_read_file(h.path, &h.site, err);
	if (st == VG_OK)
		st = prepare(&h, err);
	if (st == VG_OK && !mkdtemp(h.scratch))
		st = vg_fail(err, VG_E_IO, "cannot make a folder in /tmp");
	if (st == VG_OK) {
		st = heal(&h, err);
		(void)rmdir(h.scratch);
	}
	vg_golden_release(&h.g);
	vg_buf_release(&h.site);
	vg_arena_free(h.arena);
	return st;
}

const struct vg_cmd vg_cmd_plugin_heal = {
    .name = "heal",
    .summary = "propose selectors for a site file whose site has changed",
    .usage = "[--page FILE|URL] [--url URL] [--write] DIR",
    .about =
	"What other plugins read in the page is turned into further lines of the site "
	"file. Only those are kept that let every golden case hold and add values to "
	"what is read in the page. Nothing is fetched.",
    .examples = "  vigia plugin heal my-shop\n"
		"  vigia plugin heal --write --page page.html --url "
		"https://shop.example/ my-shop\n",
    .options = heal_options,
    .flags = VG_CMD_FIND,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_heal,
};
