/* SPDX-License-Identifier: MIT */
/* Layers of configuration: defaults, files, environment, command line. */
#include "config.h"

#include "conf/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/vec.h"
#include "conf/ini.h"
#include "conf/keys.h"
#include "conf/value.h"

#define MAX_KEYS 64u
#define MAX_SITES 10000u
#define ARENA_MAX ((size_t)64 << 20)

enum layer { DEFAULT, USER, CASE, ENVIRONMENT, COMMAND_LINE };

struct origin {
	const char *text; /* "vigia.ini:12"; NULL: not set */
	struct vg_str raw;
	enum layer layer;
};

struct site_origins {
	const char *text; /* of the section */
	struct origin keys[MAX_KEYS];
};

struct full {
	struct vg_conf conf; /* first: what others see */
	struct vg_arena *arena;
	struct origin keys[MAX_KEYS];
	struct vg_vec sites, site_origins;
	/* while a file is read */
	const char *file;
	enum layer layer;
};

static struct full *full_of(struct vg_conf *conf)
{
	return (struct full *)conf;
}

static struct site_origins *origins_of(const struct full *f, size_t site)
{
	return vg_vec_at(&f->site_origins, site);
}

static struct origin *origin_of(struct full *f, const struct vg_key *key, size_t site)
{
	size_t i = (size_t)(key - vg_keys);

	return strcmp(key->section, "site") == 0 ? &origins_of(f, site)->keys[i]
						 : &f->keys[i];
}

/* Stores a value of one layer; a list given again in the same layer grows. */
static enum vg_status set(struct full *f, const struct vg_key *key, size_t site,
    struct vg_str text, enum layer layer, const char *origin, struct vg_error *err)
{
	void *object = strcmp(key->section, "site") == 0 ? vg_vec_at(&f->sites, site)
							 : (void *)&f->conf;
	struct origin *o = origin_of(f, key, site);
	struct vg_str raw = text;
	enum vg_status st;

	if (o->text && o->layer == layer && layer != COMMAND_LINE) {
		if (!(key->flags & VG_KEY_MANY))
			return vg_fail(err, VG_E_INVALID,
			    "%s is given twice, first at %s", key->name, o->text);
		raw = vg_arena_printf(
		    f->arena, "%.*s\n%.*s", VG_STR_ARG(o->raw), VG_STR_ARG(text));
	} else {
		raw = vg_arena_str(f->arena, text);
	}
	if (!raw.ptr)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	st = vg_key_store(key, f->arena, raw, object, err);
	if (st == VG_OK && layer != DEFAULT) {
		const char *copy = vg_arena_str(f->arena, vg_str(origin)).ptr;

		if (!copy)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		*o = (struct origin){.text = copy, .raw = raw, .layer = layer};
	}
	return st;
}

/* A site's limits: its own, unless the command line says otherwise, else those of [crawl]. */
static void inherit(struct full *f)
{
	for (const struct vg_key *key = vg_keys; key->name; key++) {
		const struct vg_key *general =
		    vg_key_find(VG_STR("crawl"), vg_str(key->name));

		if (!(key->flags & VG_KEY_INHERIT) || !general)
			continue;
		for (size_t i = 0; i < f->sites.len; i++)
			if (!origin_of(f, key, i)->text ||
			    origin_of(f, general, 0)->layer == COMMAND_LINE)
				memcpy((char *)vg_vec_at(&f->sites, i) + key->offset,
				    (char *)&f->conf + general->offset,
				    key->type == VG_KEY_SCHEDULE
					? sizeof(struct vg_conf_schedule)
					: sizeof(int64_t));
	}
	f->conf.sites = f->sites.items;
	f->conf.site_count = f->sites.len;
}

static enum vg_status set_defaults(
    struct full *f, bool site, size_t index, struct vg_error *err)
{
	for (const struct vg_key *key = vg_keys; key->name; key++) {
		enum vg_status st;

		if ((strcmp(key->section, "site") == 0) != site ||
		    key->flags & VG_KEY_INHERIT)
			continue;
		st = set(f, key, index, vg_str(key->otherwise), DEFAULT, "", err);
		if (st != VG_OK)
			return st;
	}
	return VG_OK;
}

static bool site_name_ok(struct vg_str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!vg_is_alnum(name.ptr[i]) && !strchr("._-", name.ptr[i]))
			return false;
	return name.len > 0 && name.len <= 40 && name.ptr[0] != '-';
}

static enum vg_status add_site(
    struct full *f, struct vg_str name, const char *origin, struct vg_error *err)
{
	struct vg_conf_site *site;
	struct site_origins *origins;

	/* The command line names a site by its address. */
	if (f->file && !site_name_ok(name))
		return vg_fail(err, VG_E_INVALID,
		    "site name '%.*s': up to 40 of a-z A-Z 0-9 . _ -",
		    VG_STR_ARG(name));
	for (size_t i = 0; i < f->sites.len; i++)
		if (vg_str_eqz(
			name, ((struct vg_conf_site *)vg_vec_at(&f->sites, i))->name))
			return vg_fail(err, VG_E_INVALID,
			    "site '%.*s' is defined twice, first at %s",
			    VG_STR_ARG(name), origins_of(f, i)->text);
	site = vg_vec_push(&f->sites);
	origins = vg_vec_push(&f->site_origins);
	if (!site || !origins)
		return vg_fail(err, VG_E_INVALID, "more than %u sites", MAX_SITES);
	site->name = vg_arena_str(f->arena, name).ptr;
	origins->text = vg_arena_str(f->arena, vg_str(origin)).ptr;
	if (!site->name || !origins->text)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	return set_defaults(f, true, f->sites.len - 1, err);
}

static enum vg_status unknown_section(struct vg_str section, struct vg_error *err)
{
	const char *near = NULL;
	size_t best = SIZE_MAX;

	for (const struct vg_key *key = vg_keys; key->name; key++)
		if (vg_word_nearer(section, key->section, &best))
			near = key->section;
	return vg_fail(err, VG_E_INVALID, "unknown section [%.*s]%s%s%s",
	    VG_STR_ARG(section), near ? "; did you mean [" : "", near ? near : "",
	    near ? strcmp(near, "site") ? "]?" : " NAME]?" : "");
}

static enum vg_status unknown_key(
    struct vg_str section, struct vg_str name, struct vg_error *err)
{
	const char *near = NULL;
	size_t best = SIZE_MAX;

	for (const struct vg_key *key = vg_keys; key->name; key++)
		if (vg_str_eqz(section, key->section) &&
		    vg_word_nearer(name, key->name, &best))
			near = key->name;
	return vg_fail(err, VG_E_INVALID, "unknown key '%.*s' in [%.*s]%s%s%s",
	    (int)vg_str_sub(name, 0, 60).len, name.ptr, VG_STR_ARG(section),
	    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static bool is_section(struct vg_str section)
{
	for (const struct vg_key *key = vg_keys; key->name; key++)
		if (vg_str_eqz(section, key->section) && strcmp(key->section, "site"))
			return true;
	return false;
}

static enum vg_status take_entry(
    void *ctx, const struct vg_ini_entry *e, struct vg_error *err)
{
	struct full *f = ctx;
	struct vg_str section = vg_str(e->section);
	bool site = vg_str_starts(section, VG_STR("site "));
	const struct vg_key *key;
	char origin[512];

	(void)snprintf(origin, sizeof(origin), "%s:%u", f->file, e->line);
	if (!e->key) {
		if (!site)
			return is_section(section) ? VG_OK
						   : unknown_section(section, err);
		if (f->layer != CASE)
			return vg_fail(
			    err, VG_E_INVALID, "sites belong into a case's vigia.ini");
		return add_site(
		    f, vg_str_trim(vg_str_sub(section, 5, section.len)), origin, err);
	}
	if (section.len == 0)
		return vg_fail(
		    err, VG_E_INVALID, "'%s' stands before any [section]", e->key);
	if (site)
		section = VG_STR("site");
	key = vg_key_find(section, vg_str(e->key));
	if (!key)
		return unknown_key(section, vg_str(e->key), err);
	return set(f, key, f->sites.len - 1, vg_str(e->value), f->layer, origin, err);
}

static enum vg_status parse(struct full *f, const char *name, struct vg_str text,
    enum layer layer, struct vg_error *err)
{
	f->file = name;
	f->layer = layer;
	return vg_ini_parse(name, text, take_entry, f, err);
}

static enum vg_status new_full(struct full **ret, struct vg_error *err)
{
	struct full *f = calloc(1, sizeof(*f));
	enum vg_status st;

	_Static_assert(sizeof(struct vg_conf_limits) == 14 * sizeof(int64_t),
	    "inherited values are copied as 8 bytes, a schedule as 16");
	if (!f)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	f->arena = vg_arena_new(ARENA_MAX);
	f->sites = VG_VEC_INIT(struct vg_conf_site, MAX_SITES, NULL);
	f->site_origins = VG_VEC_INIT(struct site_origins, MAX_SITES, NULL);
	st = f->arena ? set_defaults(f, false, 0, err)
		      : vg_fail(err, VG_E_NOMEM, "out of memory");
	if (st == VG_OK)
		*ret = f;
	else
		vg_conf_free(&f->conf);
	return st;
}

void vg_conf_free(struct vg_conf *conf)
{
	struct full *f = full_of(conf);

	if (!conf)
		return;
	vg_vec_release(&f->sites);
	vg_vec_release(&f->site_origins);
	vg_arena_free(f->arena);
	free(f);
}

/* What must hold of the whole. */
static enum vg_status finish(struct full *f, struct vg_error *err)
{
	f->file = NULL;
	inherit(f);
	for (size_t i = 0; i < f->sites.len; i++) {
		const struct vg_conf_site *site = vg_vec_at(&f->sites, i);

		if (site->enabled && !site->seeds[0] &&
		    strcmp(site->plugin, "auto") == 0)
			return vg_fail(err, VG_E_INVALID,
			    "%s: site '%s' has neither seeds nor a plugin that brings "
			    "some",
			    origins_of(f, i)->text, site->name);
	}
	return VG_OK;
}

enum vg_status vg_conf_parse(
    const char *name, struct vg_str text, struct vg_conf **ret, struct vg_error *err)
{
	struct full *f = NULL;
	enum vg_status st = new_full(&f, err);

	if (st == VG_OK)
		st = parse(f, name, text, CASE, err);
	if (st == VG_OK)
		st = finish(f, err);
	if (st == VG_OK)
		*ret = &f->conf;
	else if (f)
		vg_conf_free(&f->conf);
	return st;
}

static enum vg_status parse_file(struct full *f, const char *path, const char *name,
    bool optional, enum layer layer, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(VG_MAX_CONFIG);
	struct vg_error why = {.sys_errno = 0};
	enum vg_status st = vg_read_file(path, &text, &why);

	if (st == VG_OK)
		st = parse(f, name, vg_buf_str(&text), layer, err);
	else if (optional && (why.sys_errno == ENOENT || why.sys_errno == ENOTDIR))
		st = VG_OK;
	else
		vg_fail(err, st, "%s", why.msg);
	vg_buf_release(&text);
	return st;
}

static enum vg_status parse_user_file(struct full *f, struct vg_error *err)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char path[4096];
	int n = -1;

	if (base && base[0] == '/')
		n = snprintf(path, sizeof(path), "%s/vigia/vigia.ini", base);
	else if (home && home[0] == '/')
		n = snprintf(path, sizeof(path), "%s/.config/vigia/vigia.ini", home);
	if (n < 0 || (size_t)n >= sizeof(path))
		return VG_OK;
	return parse_file(f, path, path, true, USER, err);
}

/* "VIGIA_CRAWL_MAX_PAGES=5" sets crawl.max_pages. */
static enum vg_status take_variable(
    struct full *f, const char *variable, struct vg_error *err)
{
	struct vg_str rest = vg_str(variable), name;
	char lower[64];

	if (!vg_str_split(&rest, '=', &name) ||
	    !vg_str_starts(name, VG_STR("VIGIA_")) || name.len >= sizeof(lower))
		return VG_OK;
	for (size_t i = 0; i <= name.len; i++)
		lower[i] = i < name.len ? vg_lower(name.ptr[i]) : '\0';
	for (const struct vg_key *key = vg_keys; key->name; key++) {
		struct vg_str word = vg_str(lower + 6);
		size_t len = strlen(key->section);
		char origin[80];

		if (!is_section(vg_str(key->section)) ||
		    !vg_str_starts(word, vg_str(key->section)) || word.ptr[len] != '_')
			continue;
		(void)snprintf(origin, sizeof(origin), "%.*s", VG_STR_ARG(name));
		key = vg_key_find(
		    vg_str(key->section), vg_str_sub(word, len + 1, word.len));
		if (!key)
			return vg_fail(err, VG_E_INVALID,
			    "%s in the environment names no key of the configuration",
			    origin);
		enum vg_status st = set(f, key, 0, vg_str(variable + name.len + 1),
		    ENVIRONMENT, origin, err);
		if (st != VG_OK)
			vg_error_prefix(err, "%s", origin);
		return st;
	}
	return VG_OK;
}

enum vg_status vg_conf_load(const char *case_dir, const char *const *environment,
    struct vg_conf **ret, struct vg_error *err)
{
	struct full *f = NULL;
	char path[4096];
	enum vg_status st = new_full(&f, err);

	if (st == VG_OK)
		st = parse_user_file(f, err);
	if (st == VG_OK && case_dir) {
		int n = snprintf(path, sizeof(path), "%s/vigia.ini", case_dir);

		st = n > 0 && (size_t)n < sizeof(path)
			 ? parse_file(f, path, "vigia.ini", false, CASE, err)
			 : vg_fail(
			       err, VG_E_INVALID, "the path of the case is too long");
	}
	for (; st == VG_OK && environment && *environment; environment++)
		st = take_variable(f, *environment, err);
	if (st == VG_OK)
		st = finish(f, err);
	if (st == VG_OK)
		*ret = &f->conf;
	else if (f)
		vg_conf_free(&f->conf);
	return st;
}

enum vg_status vg_conf_set(struct vg_conf *conf, const char *key, const char *text,
    const char *origin, struct vg_error *err)
{
	struct vg_str name = vg_str(key), section;
	const struct vg_key *row = NULL;
	enum vg_status st;

	if (vg_str_split(&name, '.', &section) && is_section(section))
		row = vg_key_find(section, name);
	if (!row)
		return vg_fail(err, VG_E_INVALID, "no key %s", key);
	st = set(full_of(conf), row, 0, vg_str(text), COMMAND_LINE, origin, err);
	if (st == VG_OK)
		inherit(full_of(conf));
	else
		vg_error_prefix(err, "%s", origin);
	return st;
}

enum vg_status vg_conf_add_site(struct vg_conf *conf, const char *name,
    const char *seed, const char *origin, struct vg_error *err)
{
	struct full *f = full_of(conf);
	enum vg_status st = add_site(f, vg_str(name), origin, err);

	if (st == VG_OK)
		st = set(f, vg_key_find(VG_STR("site"), VG_STR("seeds")),
		    f->sites.len - 1, vg_str(seed), COMMAND_LINE, origin, err);
	inherit(f);
	return st;
}

const struct vg_conf_site *vg_conf_find_site(
    const struct vg_conf *conf, struct vg_str name)
{
	for (size_t i = 0; i < conf->site_count; i++)
		if (vg_str_eqz(name, conf->sites[i].name))
			return &conf->sites[i];
	return NULL;
}

enum vg_status vg_conf_user_agent(
    const struct vg_conf *conf, struct vg_buf *ret, struct vg_error *err)
{
	if (!conf->contact[0])
		return vg_fail(err, VG_E_INVALID,
		    "no contact is set: nothing is requested without one");
	vg_buf_addf(ret, "vigia/" PACKAGE_VERSION " (+%s)%s%s", conf->contact,
	    conf->user_agent_extra[0] ? " " : "", conf->user_agent_extra);
	return vg_buf_status(ret, err);
}

static void explain(struct full *f, const struct vg_key *key, size_t site,
    struct vg_buf *value, vg_conf_visit *visit, void *ctx)
{
	bool of_site = strcmp(key->section, "site") == 0;
	const struct vg_conf_site *s = of_site ? vg_vec_at(&f->sites, site) : NULL;
	const struct origin *o = origin_of(f, key, site);
	const struct vg_key *general = key;
	char section[64], origin[600];

	if (key->flags & VG_KEY_INHERIT) {
		general = vg_key_find(VG_STR("crawl"), vg_str(key->name));
		if (!o->text || f->keys[general - vg_keys].layer == COMMAND_LINE)
			o = &f->keys[general - vg_keys];
	}
	(void)snprintf(section, sizeof(section), "%s%s%s", key->section, s ? " " : "",
	    s ? s->name : "");
	(void)snprintf(origin, sizeof(origin), "%s%s", o->text ? o->text : "default",
	    general != key && o == &f->keys[general - vg_keys] ? ", by [crawl]" : "");
	vg_buf_clear(value);
	vg_key_print(key, s ? (const void *)s : (const void *)&f->conf, value);
	visit(ctx, &(struct vg_conf_fact){.section = section,
		       .key = key->name,
		       .value = vg_buf_cstr(value),
		       .origin = origin,
		       .help = general->help});
}

void vg_conf_explain(const struct vg_conf *conf, vg_conf_visit *visit, void *ctx)
{
	struct full *f = full_of((struct vg_conf *)(uintptr_t)conf);
	struct vg_buf value = VG_BUF_INIT(VG_MAX_CONFIG * 2);

	for (const struct vg_key *key = vg_keys; key->name; key++)
		if (strcmp(key->section, "site") != 0)
			explain(f, key, 0, &value, visit, ctx);
	for (size_t i = 0; i < f->sites.len; i++)
		for (const struct vg_key *key = vg_keys; key->name; key++)
			if (strcmp(key->section, "site") == 0)
				explain(f, key, i, &value, visit, ctx);
	vg_buf_release(&value);
}
