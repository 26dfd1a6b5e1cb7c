/* SPDX-License-Identifier: MIT */
/* A .site file as a descriptor: who, which pages, where to begin; the rest is for its engine. */
#include "config.h"

#include "plugin/plugin_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "conf/ini.h"
#include "conf/value.h"

#define MAX_SETTINGS 2048u
#define DEFAULT_PRIORITY 100

/* What each section may say; [record NAME] is "record". */
static const struct {
	const char *section;
	const char *keys[28];
} known[] = {
    {"site", {"summary", "version", "license", "own", NULL}},
    {"match", {"host", "generator", "path", "class", "literal", "json", "any", "start",
		  "priority", NULL}},
    {"limits", {"delay", "parallel", "pages", "body", NULL}},
    {"seeds", {"url", "every", NULL}},
    {"links", {"item", "next", "older", "detail", "seed", NULL}},
    {"record",
	{"kind", "read", "when", "unless", "item", "require", "go_on", "columns",
	    "page_parameter", "title", "price", "currency", "phone", "email", "address",
	    "text", "date", "url", "id", "lat", "lon", "seller", "stock", NULL}},
};

static const char *const by_words =
    "host|generator|path|class|literal|json|any|start"; /* as VIGIA_BY_ counts */

struct reading {
	struct vg_loaded *l;
	struct vg_arena *arena;
	struct vg_vec settings; /* struct vg_plugin_setting */
	struct vg_vec matches;  /* struct vigia_match */
	struct vg_vec seeds;    /* struct vigia_seed */
	struct vg_buf records;  /* names, a line each */
	const char *version, *license, *summary;
	int32_t priority;
	uint32_t every; /* seconds */
};

static const char *keep(struct reading *r, struct vg_str s)
{
	return vg_arena_str(r->arena, s).ptr;
}

static enum vg_status no_memory(struct vg_error *err)
{
	return vg_fail(err, VG_E_NOMEM, "out of memory");
}

/* "record" of "record list"; the name behind it in *ret_name. */
static struct vg_str section_kind(const char *section, struct vg_str *ret_name)
{
	struct vg_str s = vg_str(section);

	*ret_name = (struct vg_str){0};
	if (vg_str_starts(s, VG_STR("record "))) {
		*ret_name = vg_str_trim(vg_str_sub(s, 7, s.len));
		return VG_STR("record");
	}
	return s;
}

static enum vg_status check_key(
    struct vg_str section, const char *key, struct vg_error *err)
{
	size_t best = SIZE_MAX;
	const char *nearest = NULL;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!vg_str_eqz(section, known[i].section))
			continue;
		for (size_t k = 0; known[i].keys[k] != NULL; k++) {
			if (strcmp(known[i].keys[k], key) == 0)
				return VG_OK;
			if (vg_word_nearer(vg_str(key), known[i].keys[k], &best))
				nearest = known[i].keys[k];
		}
		if (nearest != NULL)
			return vg_fail(err, VG_E_INVALID,
			    "unknown key %s; did you mean %s?", key, nearest);
		return vg_fail(
		    err, VG_E_INVALID, "[%s] has no key %s", known[i].section, key);
	}
	return vg_fail(err, VG_E_INVALID, "key %s in an unknown section", key);
}

static enum vg_status open_section(
    struct reading *r, const char *section, struct vg_error *err)
{
	struct vg_str name, kind = section_kind(section, &name);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (vg_str_eqz(kind, known[i].section)) {
			if (!vg_str_eqz(kind, "record"))
				return VG_OK;
			if (name.len == 0)
				return vg_fail(err, VG_E_INVALID,
				    "a record section is [record NAME]");
			/* Its settings would be taken for theirs. */
			if (vg_str_eqz(name, "links") || vg_str_eqz(name, "site"))
				return vg_fail(err, VG_E_INVALID,
				    "a record cannot be called %.*s", VG_STR_ARG(name));
			vg_buf_adds(&r->records, name);
			vg_buf_addc(&r->records, '\n');
			return VG_OK;
		}
	return vg_fail(err, VG_E_INVALID,
	    "unknown section; there are site, match, limits, seeds, links, record "
	    "NAME");
}

/* One rule a line; by host: "shop.example" or "shop.example /path.*". */
static enum vg_status add_rules(
    struct reading *r, uint32_t by, struct vg_str value, struct vg_error *err)
{
	struct vg_str line;

	while (vg_str_split(&value, '\n', &line)) {
		struct vigia_match *m = vg_vec_push(&r->matches);
		size_t blank;

		if (m == NULL)
			return vg_fail(err, VG_E_TOO_LARGE, "too many match rules");
		line = vg_str_trim(line);
		m->by = by;
		m->priority = INT32_MIN; /* set when all is read */
		if (by == VIGIA_BY_ANY)
			continue;
		blank = by == VIGIA_BY_HOST ? vg_str_chr(line, ' ', 0) : SIZE_MAX;
		if (by != VIGIA_BY_HOST) {
			m->content = keep(r, line);
		} else {
			m->host = keep(r, vg_str_sub(line, 0, blank));
			if (blank != SIZE_MAX)
				m->path_regex = keep(
				    r, vg_str_trim(vg_str_sub(line, blank, line.len)));
		}
	}
	return VG_OK;
}

static enum vg_status take_match(
    struct reading *r, const char *key, struct vg_str value, struct vg_error *err)
{
	int64_t priority;
	int by;

	if (strcmp(key, "priority") == 0) {
		if (!vg_str_to_i64(value, &priority) || priority < 0 || priority > 1000)
			return vg_fail(
			    err, VG_E_INVALID, "priority: a number from 0 to 1000");
		r->priority = (int32_t)priority;
		return VG_OK;
	}
	by = vg_value_enum(vg_str(key), by_words);
	return add_rules(r, (uint32_t)by, value, err);
}

static enum vg_status take_limit(struct vigia_limits *limits, const char *key,
    struct vg_str value, struct vg_error *err)
{
	uint32_t *to;
	int64_t n = 0;
	bool ok;

	if (strcmp(key, "delay") == 0) {
		ok = vg_value_duration(value, &n);
		n /= 1000;
		to = &limits->min_delay_ms;
	} else if (strcmp(key, "body") == 0) {
		ok = vg_value_size(value, &n);
		n /= 1024;
		to = &limits->max_body_kib;
	} else {
		ok = vg_str_to_i64(value, &n);
		to = strcmp(key, "parallel") == 0 ? &limits->max_parallel
						  : &limits->max_pages;
	}
	if (!ok || n < 0 || n > INT32_MAX)
		return vg_fail(err, VG_E_INVALID, "%s: no value of this kind", key);
	*to = (uint32_t)n;
	return VG_OK;
}

static enum vg_status take_seed(
    struct reading *r, const char *key, struct vg_str value, struct vg_error *err)
{
	struct vg_str line;
	int64_t us;

	if (strcmp(key, "every") == 0) {
		if (!vg_value_duration(value, &us) || us < 0)
			return vg_fail(err, VG_E_INVALID, "every: a duration like 1d");
		r->every = (uint32_t)(us / 1000000);
		return VG_OK;
	}
	while (vg_str_split(&value, '\n', &line)) {
		struct vigia_seed *seed = vg_vec_push(&r->seeds);

		if (seed == NULL)
			return vg_fail(err, VG_E_TOO_LARGE, "too many seeds");
		seed->url = keep(r, vg_str_trim(line));
	}
	return VG_OK;
}

static void take_site(struct reading *r, const char *key, struct vg_str value)
{
	if (strcmp(key, "summary") == 0)
		r->summary = keep(r, value);
	else if (strcmp(key, "version") == 0)
		r->version = keep(r, value);
	else if (strcmp(key, "license") == 0)
		r->license = keep(r, value);
}

/* Everything is a setting too: "record list.title" is "list.title" to the engine. */
static enum vg_status add_setting(struct reading *r, struct vg_str section,
    const char *key, struct vg_str value, struct vg_error *err)
{
	struct vg_str name =
	    vg_arena_printf(r->arena, "%.*s.%s", VG_STR_ARG(section), key);
	struct vg_plugin_setting *s;

	if (name.ptr == NULL)
		return no_memory(err);
	for (size_t i = 0; i < r->settings.len; i++) {
		s = vg_vec_at(&r->settings, i);
		if (strcmp(s->key, name.ptr) == 0)
			return vg_fail(err, VG_E_INVALID,
			    "%s is given twice; further lines are indented", key);
	}
	s = vg_vec_push(&r->settings);
	if (s == NULL)
		return vg_fail(err, VG_E_TOO_LARGE, "more than %u keys", MAX_SETTINGS);
	*s = (struct vg_plugin_setting){
	    .plugin = r->l->desc.name, .key = name.ptr, .value = keep(r, value)};
	return s->value != NULL ? VG_OK : no_memory(err);
}

static enum vg_status take(
    void *ctx, const struct vg_ini_entry *e, struct vg_error *err)
{
	struct reading *r = ctx;
	struct vg_str name, kind = section_kind(e->section, &name);
	struct vg_str value = vg_str(e->value);
	enum vg_status st;

	if (e->key == NULL)
		return open_section(r, e->section, err);
	st = check_key(kind, e->key, err);
	if (st != VG_OK)
		return st;
	if (value.len == 0)
		return vg_fail(err, VG_E_INVALID, "%s is empty", e->key);
	if (vg_str_eqz(kind, "match"))
		return take_match(r, e->key, value, err);
	if (vg_str_eqz(kind, "limits"))
		return take_limit(&r->l->desc.limits, e->key, value, err);
	if (vg_str_eqz(kind, "seeds"))
		return take_seed(r, e->key, value, err);
	if (vg_str_eqz(kind, "site"))
		take_site(r, e->key, value);
	return add_setting(
	    r, vg_str_eqz(kind, "record") ? name : kind, e->key, value, err);
}

/* "shop" of "shop.site", which is the plugin's name. */
static enum vg_status set_name(struct reading *r, struct vg_error *err)
{
	struct vg_str file = vg_str(r->l->file);

	if (!vg_str_ends(file, VG_STR(".site")))
		return vg_fail(err, VG_E_INVALID, "is no .site file");
	r->l->desc.name = keep(r, vg_str_sub(file, 0, file.len - 5));
	return r->l->desc.name != NULL ? VG_OK : no_memory(err);
}

static enum vg_status finish(
    struct reading *r, const struct vigia_plugin *engine, struct vg_error *err)
{
	struct vigia_plugin *d = &r->l->desc;
	struct vg_plugin_setting *s = vg_vec_push(&r->settings);
	struct vigia_match *matches = r->matches.items;
	struct vigia_seed *seeds = r->seeds.items;

	if (s == NULL || vg_buf_status(&r->records, err) != VG_OK)
		return no_memory(err);
	if (r->records.len == 0 && seeds == NULL)
		return vg_fail(err, VG_E_INVALID, "has no [record NAME] section");
	*s = (struct vg_plugin_setting){.plugin = d->name,
	    .key = "records",
	    .value = keep(r, vg_buf_str(&r->records))};
	for (size_t i = 0; i < r->matches.len; i++)
		matches[i].priority = matches[i].by == VIGIA_BY_ANY ? 0 : r->priority;
	for (size_t i = 0; i < r->seeds.len; i++)
		seeds[i].recrawl_s = r->every;
	d->magic = VIGIA_PLUGIN_MAGIC;
	d->struct_size = sizeof(*d);
	d->abi_major = VIGIA_ABI_MAJOR;
	d->abi_minor = engine->abi_minor;
	d->caps_required = engine->caps_required & ~VIGIA_CAP_SITE;
	d->version = r->version != NULL ? r->version : "1.0";
	d->license = r->license != NULL ? r->license : "MIT";
	d->summary = r->summary != NULL ? r->summary : "a site file without a summary";
	d->matches = matches;
	d->match_count = (uint32_t)r->matches.len;
	d->seeds = seeds;
	d->seed_count = (uint32_t)r->seeds.len;
	d->create = engine->create;
	d->destroy = engine->destroy;
	d->parse = engine->parse;
	r->l->host.own = r->settings.items;
	r->l->host.own_count = r->settings.len;
	return s->value != NULL ? vg_loaded_check(r->l, err) : no_memory(err);
}

enum vg_status vg_site_open(int dir_fd, const char *path,
    const struct vg_loaded *engine, struct vg_loaded **ret, struct vg_error *err)
{
	struct vg_loaded *l = calloc(1, sizeof(*l));
	struct vg_buf text = VG_BUF_INIT(VG_MAX_CONFIG);
	struct reading r = {.l = l,
	    .priority = DEFAULT_PRIORITY,
	    .records = VG_BUF_INIT(VG_MAX_CONFIG_LINE)};
	enum vg_status st = VG_E_NOMEM;

	if (l == NULL)
		return no_memory(err);
	l->fd = -1;
	r.arena = l->site = vg_arena_new((size_t)8 << 20);
	if (l->site == NULL) {
		st = no_memory(err);
		goto out;
	}
	r.settings = VG_VEC_INIT(struct vg_plugin_setting, MAX_SETTINGS, l->site);
	r.matches = VG_VEC_INIT(struct vigia_match, VG_MAX_PLUGIN_RULES, l->site);
	r.seeds = VG_VEC_INIT(struct vigia_seed, VG_MAX_PLUGIN_RULES, l->site);
	st = vg_loaded_read(dir_fd, path, l, &text, err);
	if (st == VG_OK) {
		l->source = vg_arena_str(l->site, vg_buf_str(&text));
		st = l->source.ptr != NULL ? set_name(&r, err) : no_memory(err);
	}
	if (st == VG_OK)
		st = vg_ini_parse(l->file, vg_buf_str(&text), take, &r, err);
	if (st == VG_OK)
		st = finish(&r, &engine->desc, err);
	if (st != VG_OK)
		goto out;
	vg_close(&l->fd);
	*ret = l;
	l = NULL;
out:
	vg_loaded_free(l);
	vg_buf_release(&text);
	vg_buf_release(&r.records);
	return st;
}
