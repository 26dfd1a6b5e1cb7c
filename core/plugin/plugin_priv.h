/* SPDX-License-Identifier: MIT */
/* Shared inside plugin/: what is loaded, and the state of one parse call. */
#ifndef VG_PLUGIN_PLUGIN_PRIV_H
#define VG_PLUGIN_PLUGIN_PRIV_H

#include <vigia/plugin.h>

#include "base/digest.h"
#include "base/regex.h"
#include "base/vec.h"
#include "doc/tree.h"
#include "plugin/plugin.h"

/* sizeof(struct vigia_plugin) of version 1.0: less is no plugin of ours. */
#define VG_PLUGIN_FLOOR 128u
#define VG_PLUGIN_CEILING 4096u
#define VG_PLUGIN_CAPS (VIGIA_CAP_TREE | VIGIA_CAP_LINKS | VIGIA_CAP_SITE)

struct vg_rule {
	struct vigia_match match; /* points into the plugin */
	struct vg_regex *path;    /* NULL: every path */
	uint32_t word;            /* its place in the prefilter */
};

struct vigia_host {
	const struct vg_plugin_setting *own; /* of a .site file; they come first */
	size_t own_count;
	const struct vg_plugin_setting *settings;
	size_t setting_count;
	const char *plugin;
};

/* One loaded plugin: a shared object, or a .site file read by one. */
struct vg_loaded {
	struct vigia_plugin desc; /* the host's own copy */
	struct vigia_host host;
	void *handle;
	int fd; /* of the file: its number is part of the name that dlopen knows */
	unsigned folder; /* of the list of folders, from 1; 0: added by name */
	char file[128];
	char sha256[VG_SHA256_HEX];
	char imports[256]; /* of a shared object: what a pure function would not need */
	struct vg_arena *site; /* holds what a .site file says; NULL: a shared object */
	struct vg_str source;  /* the .site file, for what is told of it */
	struct vg_rule *rules;
	void *self;
	bool created;
};

struct vg_plugins {
	struct vg_vec loaded;        /* struct vg_loaded *, in order of name */
	struct vg_vec refused;       /* struct vg_plugin_refusal */
	struct vg_loaded *engine;    /* reads .site files; NULL: none is loaded */
	unsigned folder;             /* being read, from 1 */
	struct vg_prefilter *filter; /* made at the first page */
	const struct vg_plugin_setting *settings;
	size_t setting_count;
	struct vg_vec regexes; /* struct vg_cached_regex: of REGEX selections */
};

struct vg_cached_regex {
	char *pattern;
	struct vg_regex *regex;
	bool judged; /* `why` says whether it runs away; only when plugins are checked */
	char why[VG_REGEX_WHY];
};

struct vigia_node {
	int32_t kind; /* VIGIA_NODE_ */
	struct vg_str name, text;
	const struct vigia_node *parent; /* JSON only; elements ask the tree */
	const struct vg_tree_node *tree;
	const struct vg_json *json;
	size_t json_base; /* offset in doc->utf8 that its spans count from */
	size_t start, end;
	const struct vg_str *groups; /* of a match */
	size_t group_count, text_at; /* text_at: utf8 offset, SIZE_MAX */
};

struct vigia_call {
	struct vg_plugins *set;
	const struct vg_loaded *plugin;
	const struct vg_doc *doc;
	struct vg_tree *tree;
	const struct vigia_node *
	    *elements; /* per element, so that one element is one pointer */
	const struct vigia_node *const *roots; /* of JSON */
	size_t root_count;
	bool roots_read;
	struct vg_vec listings; /* struct vg_listing */
	struct vg_vec links;    /* struct vg_plugin_link */
	struct vg_str problem;
	struct vg_str base;
};

/* load.c: every step from a path to a checked descriptor. `dir_fd` may be AT_FDCWD. */
VG_WARN_UNUSED enum vg_status vg_loaded_open(
    int dir_fd, const char *path, struct vg_loaded **ret, struct vg_error *err);
void vg_loaded_free(struct vg_loaded *l); /* NULL allowed */
/* A shared object that reads .site files and no page by itself. */
static inline bool vg_is_engine(const struct vg_loaded *l)
{
	return l->site == NULL && (l->desc.caps_required & VIGIA_CAP_SITE) != 0;
}
/*
 * site.c: a descriptor out of a .site file, whose functions are the engine's; rules are checked as
 * those of any plugin. Errors start with "file:line: ". The engine must outlive it.
 */
VG_WARN_UNUSED enum vg_status vg_site_open(int dir_fd, const char *path,
    const struct vg_loaded *engine, struct vg_loaded **ret, struct vg_error *err);
/*
 * site_place.c: tells a problem with an expression, "file:line:column: " before it when a .site file holds
 * that; the first problem of a call is the one that stays. `expression` may be NULL.
 */
void vg_call_tell(struct vigia_call *call, const char *expression, const char *what);
/* load.c: reads a plugin's file whole after checking whose it is; sets l->file, fd and sha256. */
VG_WARN_UNUSED enum vg_status vg_loaded_read(int dir_fd, const char *path,
    struct vg_loaded *l, struct vg_buf *ret, struct vg_error *err);
/* imports.c: appends the names that a shared object imports and no pure function needs, divided by ", ". */
void vg_imports_check(struct vg_str file, struct vg_buf *ret);
/* check.c: what the descriptor says, field by field; compiles the rules. */
VG_WARN_UNUSED enum vg_status vg_loaded_check(
    struct vg_loaded *l, struct vg_error *err);
/* check.c: VG_E_DENIED when rules of both claim the same pages at the same priority. */
VG_WARN_UNUSED enum vg_status vg_loaded_overlap(
    const struct vg_loaded *a, const struct vg_loaded *b, struct vg_error *err);

/* match.c: does the rule hold for an address? `host` in lower case, `target` path and query. */
bool vg_rule_by_host(
    const struct vg_rule *rule, struct vg_str host, struct vg_str target);
/* prefilter.c: all rules by content at once. NULL when out of memory. Sets rule->word. */
struct vg_prefilter *vg_prefilter_new(struct vg_loaded *const *loaded, size_t count);
void vg_prefilter_free(struct vg_prefilter *f); /* NULL allowed */
/* By rule->word: is it in the source, ASCII case ignored? In the arena; NULL when out of memory. */
bool *vg_prefilter_run(
    const struct vg_prefilter *f, struct vg_str source, struct vg_arena *arena);
struct vg_candidate {
	struct vg_loaded *plugin;
	uint32_t page_type;
	int32_t priority;
	int rank; /* 0 by host, 1 by content, 2 last resort */
};
/* The plugins whose rules hold, best first; at most `max`. */
size_t vg_match_page(struct vg_plugins *p, const struct vg_doc *doc,
    struct vg_candidate *ret, size_t max);

/* run.c: are plugins loaded to be checked, not to read pages? */
bool vg_call_checks(const struct vigia_call *call);
/* node.c, the reading half of the host table */
int32_t vg_host_select(struct vigia_call *call, const struct vigia_node *context,
    uint32_t language, const char *expression, struct vigia_nodes *ret);
int32_t vg_host_info(
    struct vigia_call *call, const struct vigia_node *node, struct vigia_info *ret);
int32_t vg_host_text(
    struct vigia_call *call, const struct vigia_node *node, struct vigia_value *ret);
int32_t vg_host_attr(struct vigia_call *call, const struct vigia_node *node,
    const char *name, struct vigia_value *ret);
/* json_node.c: JSON values as nodes, and paths through them */
int32_t vg_json_select(struct vigia_call *call, const struct vigia_node *context,
    const char *path, struct vigia_nodes *ret);
/* regex_node.c */
int32_t vg_regex_select(struct vigia_call *call, const struct vigia_node *context,
    const char *pattern, struct vigia_nodes *ret);
/* sink.c, the writing half */
int32_t vg_host_emit_record(struct vigia_call *call, const struct vigia_record *record);
int32_t vg_host_emit_link(struct vigia_call *call, const struct vigia_link *link);
int32_t vg_host_emit_problem(
    struct vigia_call *call, int32_t code, struct vigia_str why);

int32_t vg_abi_status(enum vg_status st); /* as the plugin sees it */

#endif
