/* SPDX-License-Identifier: MIT */
/* Reading, replaying and writing golden cases. */
#include "config.h"

#include "cli/golden.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analyse/pool.h"
#include "base/io.h"
#include "base/limits.h"
#include "cli/content.h"

#define MAX_CASES 1000u

static const struct {
	const char *file, *type;
} pages[] = {{"page.html", "text/html; charset=utf-8"},
    {"page.json", "application/json"}, {"page.csv", "text/csv"},
    {"page.txt", "text/plain"}};

static enum vg_status path_of(const struct vg_golden *g, const char *name,
    const char *file, char ret[PATH_MAX], struct vg_error *err)
{
	int n = snprintf(
	    ret, PATH_MAX, "%s/golden/%s%s%s", g->dir, name, file[0] ? "/" : "", file);

	return n > 0 && n < PATH_MAX
		   ? VG_OK
		   : vg_fail(err, VG_E_TOO_LARGE, "%s: the path is too long", name);
}

static void release_case(struct vg_golden_case *c)
{
	vg_buf_release(&c->page);
	vg_buf_release(&c->url);
	vg_buf_release(&c->expect);
	vg_buf_release(&c->got);
}

void vg_golden_release(struct vg_golden *g)
{
	for (size_t i = 0; i < g->cases.len; i++)
		release_case(vg_vec_at(&g->cases, i));
	vg_vec_release(&g->cases);
}

/* A file of a case; one that does not exist is empty when it may be missing. */
static enum vg_status read_part(const struct vg_golden *g, const char *name,
    const char *file, bool may_miss, struct vg_buf *ret, struct vg_error *err)
{
	char path[PATH_MAX];
	enum vg_status st = path_of(g, name, file, path, err);
	struct stat info;

	if (st != VG_OK || (may_miss && stat(path, &info) != 0))
		return st;
	return vg_read_file(path, ret, err);
}

static enum vg_status load_case(
    struct vg_golden *g, const char *name, struct vg_error *err)
{
	struct vg_golden_case *c;
	enum vg_status st;

	if (strlen(name) >= sizeof(c->name))
		return vg_fail(err, VG_E_INVALID, "%s: a case has a short name", name);
	c = vg_vec_push(&g->cases);
	if (!c)
		return vg_fail(
		    err, VG_E_TOO_LARGE, "more than %u golden cases", MAX_CASES);
	memcpy(c->name, name, strlen(name) + 1);
	c->page = VG_BUF_INIT(VG_MAX_BODY);
	c->url = VG_BUF_INIT(VG_MAX_URL);
	c->expect = VG_BUF_INIT(16u << 20);
	c->got = VG_BUF_INIT(16u << 20);
	st = read_part(g, name, "url", true, &c->url, err);
	for (size_t i = 0;
	     st == VG_OK && i < sizeof(pages) / sizeof(pages[0]) && c->page.len == 0;
	     i++) {
		c->content_type = pages[i].type;
		st = read_part(g, name, pages[i].file, true, &c->page, err);
	}
	if (st == VG_OK && c->page.len == 0)
		st = vg_fail(err, VG_E_NOT_FOUND,
		    "golden case %s has no page.html, page.json, page.csv or page.txt",
		    name);
	return st == VG_OK ? read_part(g, name, "expect.txt", true, &c->expect, err)
			   : st;
}

static int is_case(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

enum vg_status vg_golden_load(
    const char *dir, bool cases, struct vg_golden *ret, struct vg_error *err)
{
	struct dirent **names = NULL;
	char path[PATH_MAX], real[PATH_MAX];
	enum vg_status st;
	int count = 0;

	*ret = (struct vg_golden){
	    .cases = VG_VEC_INIT(struct vg_golden_case, MAX_CASES, NULL)};
	if (!realpath(dir, real) || strlen(real) >= sizeof(ret->dir))
		return vg_fail(err, VG_E_NOT_FOUND, "there is no folder %s", dir);
	memcpy(ret->dir, real, strlen(real) + 1);
	ret->name = strrchr(ret->dir, '/') + 1;
	st = path_of(ret, "", "", path, err);
	if (st == VG_OK)
		count = scandir(path, &names, is_case, by_bytes);
	if (cases && count <= 0 && st == VG_OK)
		st = vg_fail(err, VG_E_NOT_FOUND, "%s holds no golden case", dir);
	for (int i = 0; i < count; i++) {
		if (st == VG_OK && cases)
			st = load_case(ret, names[i]->d_name, err);
		free(names[i]);
	}
	free(names);
	return st;
}

static void add_value(
    struct vg_buf *out, const char *before, const char *name, struct vg_str value)
{
	vg_buf_addz(out, before);
	vg_buf_addz(out, name);
	for (size_t i = 0; i < value.len; i++)
		vg_buf_addc(out, value.ptr[i] == '\n' ? ' ' : value.ptr[i]);
	vg_buf_addc(out, '\n');
}

/* The text of expect.txt: who read the page, its listings and links. */
static void render(const struct vg_json *result, struct vg_buf *out)
{
	static const char *const keys[] = {"title", "price", "currency", "phone",
	    "email", "address", "text", "date", "url", "id", "lat", "lon", "seller",
	    "stock"};
	const struct vg_json *listings = vg_json_get(result, "listings");
	const struct vg_json *links = vg_json_get(result, "links");

	add_value(out, "", "plugin ", vg_json_get_str(result, "plugin"));
	if (vg_json_get_str(result, "problem").len > 0)
		add_value(out, "", "problem ", vg_json_get_str(result, "problem"));
	for (const struct vg_json *l = listings ? listings->first : NULL; l;
	     l = l->next) {
		vg_buf_adds(out, vg_json_get_str(l, "kind"));
		add_value(out, "", " ", vg_json_get_str(l, "natural_key"));
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			if (!vg_json_get(l, keys[i]))
				continue;
			vg_buf_addf(out, "  %s", keys[i]);
			add_value(out, "", ": ", vg_json_get_str(l, keys[i]));
		}
	}
	for (const struct vg_json *l = links ? links->first : NULL; l; l = l->next) {
		vg_buf_addz(out, "link ");
		vg_buf_adds(out, vg_json_get_str(l, "kind"));
		add_value(out, "", " ", vg_json_get_str(l, "url"));
	}
}

static void done(void *ctx, uint64_t tag, struct vg_answer *answer)
{
	struct vg_golden *g = ctx;
	struct vg_golden_case *c = vg_vec_at(&g->cases, (size_t)tag);
	struct vg_arena *arena = vg_arena_new((size_t)VG_MAX_FRAME * 4);
	struct vg_json *result = NULL;

	vg_buf_clear(&c->got);
	if (answer->status != VG_OK)
		add_value(&c->got, "", "error ", vg_str(answer->message));
	else if (arena && vg_json_parse(arena, vg_buf_str(&answer->json), 0, &result,
			      NULL) == VG_OK)
		render(result, &c->got);
	vg_arena_free(arena);
}

static enum vg_status submit(
    struct vg_pool *pool, const struct vg_golden *g, size_t i, struct vg_error *err)
{
	const struct vg_golden_case *c = vg_vec_at(&g->cases, i);
	struct vg_buf params = VG_BUF_INIT(1u << 16);
	struct vg_json_writer w = vg_json_writer(&params);
	enum vg_status st;

	vg_jw_object(&w);
	vg_jw_kstr(&w, "url", vg_str_trim(vg_buf_str(&c->url)));
	vg_jw_kstrz(&w, "content_type", c->content_type);
	vg_jw_kstrz(&w, "plugin", "auto");
	vg_jw_end_object(&w);
	st = vg_pool_submit(pool, i,
	    &(struct vg_task){.op = VG_STR("plugin.run"),
		.params = vg_buf_str(&params),
		.content = vg_buf_str(&c->page)},
	    err);
	vg_buf_release(&params);
	return st;
}

/* The plugin under test must not be among those refused. */
static enum vg_status check_taken(
    const struct vg_pool *pool, const char *name, struct vg_error *err)
{
	struct vg_arena *arena = vg_arena_new((size_t)16 << 20);
	struct vg_json *refused = NULL;
	enum vg_status st;

	if (!arena)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	st = vg_json_parse(arena, vg_pool_refusals(pool), 0, &refused, err);
	for (const struct vg_json *r = st == VG_OK ? refused->first : NULL; r;
	     r = r->next) {
		struct vg_str file = vg_json_get_str(r, "file");
		struct vg_str own = vg_str_sub(file, 0, vg_str_chr(file, '.', 0));

		if (vg_str_eqz(own, name))
			st = vg_fail(err, VG_E_INVALID, "%.*s: %.*s", VG_STR_ARG(file),
			    VG_STR_ARG(vg_json_get_str(r, "message")));
	}
	vg_arena_free(arena);
	return st;
}

enum vg_status vg_golden_run(
    struct vg_cli *cli, struct vg_golden *g, const char *dir, struct vg_error *err)
{
	struct vg_pool_config config;
	struct vg_pool *pool = NULL;
	struct vg_buf dirs = VG_BUF_INIT(4 * PATH_MAX);
	enum vg_status st;

	vg_content_pool(cli, false, true, &config);
	vg_buf_addf(&dirs, "%s:%s", dir, config.analyser.plugin_dir);
	config.analyser.plugin_dir = vg_buf_cstr(&dirs);
	config.workers = 1;
	st = vg_buf_status(&dirs, err);
	if (st == VG_OK)
		st = vg_pool_new(&config, done, g, &pool, err);
	if (st == VG_OK)
		st = check_taken(pool, g->name, err);
	for (size_t i = 0; i < g->cases.len && st == VG_OK; i++) {
		while (st == VG_OK && vg_pool_room(pool) == 0)
			st = vg_pool_run(pool, -1, err);
		if (st == VG_OK)
			st = submit(pool, g, i, err);
	}
	while (st == VG_OK && vg_pool_pending(pool) > 0)
		st = vg_pool_run(pool, -1, err);
	vg_pool_free(pool);
	vg_buf_release(&dirs);
	return st;
}

enum vg_status vg_golden_update(
    const struct vg_golden *g, const struct vg_golden_case *c, struct vg_error *err)
{
	char path[PATH_MAX];
	enum vg_status st = path_of(g, c->name, "expect.txt", path, err);

	return st == VG_OK ? vg_write_file(path, vg_buf_str(&c->got), err) : st;
}

static enum vg_status make_folder(const char *path, struct vg_error *err)
{
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		return VG_OK;
	return vg_fail_errno(err, errno, "cannot make %s", path);
}

static const char *page_name(struct vg_str page)
{
	page = vg_str_trim(page);
	if (page.len == 0 || page.ptr[0] == '<')
		return "page.html";
	if (page.ptr[0] == '{' || page.ptr[0] == '[')
		return "page.json";
	return vg_str_find(page, VG_STR("<"), 0) != SIZE_MAX ? "page.html" : "page.csv";
}

enum vg_status vg_golden_add(const struct vg_golden *g, const char *name,
    struct vg_str page, struct vg_str url, struct vg_error *err)
{
	char path[PATH_MAX];
	struct vg_buf line = VG_BUF_INIT(VG_MAX_URL + 1);
	enum vg_status st = path_of(g, "", "", path, err);

	if (st == VG_OK)
		st = make_folder(path, err);
	if (st == VG_OK)
		st = path_of(g, name, "", path, err);
	if (st == VG_OK && mkdir(path, 0755) != 0)
		st = errno == EEXIST
			 ? vg_fail(err, VG_E_DENIED, "there is a case %s", name)
			 : vg_fail_errno(err, errno, "cannot make %s", path);
	if (st == VG_OK)
		st = path_of(g, name, page_name(page), path, err);
	if (st == VG_OK)
		st = vg_write_file(path, page, err);
	if (st == VG_OK)
		st = path_of(g, name, "url", path, err);
	vg_buf_adds(&line, url);
	vg_buf_addc(&line, '\n');
	if (st == VG_OK)
		st = vg_write_file(path, vg_buf_str(&line), err);
	vg_buf_release(&line);
	return st;
}
