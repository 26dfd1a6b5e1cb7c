/* SPDX-License-Identifier: MIT */
/*
 * Site plugins: loading them with every doubt spelled out, choosing the one for a page, running it.
 * The only room that calls dlopen. A plugin is trusted not to be malicious code, never to be correct.
 */
#ifndef VG_PLUGIN_PLUGIN_H
#define VG_PLUGIN_PLUGIN_H

#include "base/json.h"
#include "doc/doc.h"

struct vg_plugins; /* of one process; one thread */

/* A setting for a plugin's create(); plugin "*": for every one. */
struct vg_plugin_setting {
	const char *plugin, *key, *value;
};

/* Why a file was not taken: kept, shown by `plugin list`, never fatal. */
struct vg_plugin_refusal {
	char file[128]; /* its name, cut when longer */
	struct vg_error error;
};

/*
 * Loads every *.so and then every *.site of `dirs` (absolute paths divided by ':'), in the order of
 * their names. A file with the name of one in an earlier folder is passed over. A file that is refused
 * is recorded and left out. `settings` are borrowed until vg_plugins_free(). Fails only for
 * a folder that cannot be read or when out of memory.
 */
VG_WARN_UNUSED enum vg_status vg_plugins_load(const char *dirs,
    const struct vg_plugin_setting *settings, size_t setting_count,
    struct vg_plugins **ret, struct vg_error *err);
/* Loads one file in addition: for plugins under development. `path` is absolute. */
VG_WARN_UNUSED enum vg_status vg_plugins_add(
    struct vg_plugins *p, const char *path, struct vg_error *err);
void vg_plugins_free(struct vg_plugins *p); /* destroys instances; NULL allowed */

size_t vg_plugins_count(const struct vg_plugins *p);
size_t vg_plugins_refused(const struct vg_plugins *p);
const struct vg_plugin_refusal *vg_plugins_refusal(
    const struct vg_plugins *p, size_t i);
/*
 * The descriptors as one JSON array, for the coordinator and `plugin list`:
 *	{"name","version","summary","licence","file","sha256","imports"?,"abi":"1.0","capabilities":[…],
 *	 "limits":{"min_delay_ms","max_parallel","max_pages","max_body_kib"},
 *	 "matches":[{"by","host","path","content","priority","page_type"}],
 *	 "seeds":[{"url","page_type","recrawl_s"}]}
 */
void vg_plugins_describe(const struct vg_plugins *p, struct vg_json_writer *w);
/* The refusals as one JSON array: {"file","error","message"}. */
void vg_plugins_describe_refusals(const struct vg_plugins *p, struct vg_json_writer *w);

/* What is known of a page besides its bytes; all may be empty. */
struct vg_page_header {
	struct vg_str name, value;
};
struct vg_page_facts {
	int32_t http_status;
	int64_t fetched_at; /* UTC microseconds */
	struct vg_str content_type;
	const struct vg_page_header *headers;
	size_t header_count;
};

struct vg_listing_field {
	const char *key; /* "title", "price", … */
	struct vg_str value;
	size_t start, end; /* document bytes, or SIZE_MAX */
};
struct vg_listing {
	const char *kind; /* "product", "place", "advert", "message" */
	struct vg_str natural_key;
	struct vg_listing_field *fields;
	size_t field_count;
	size_t start, end; /* document bytes, or SIZE_MAX */
};
struct vg_plugin_link {
	const char *kind;  /* "item", "next", "older", "detail", "seed" */
	struct vg_str url; /* absolute, http or https */
	uint32_t page_type;
};
struct vg_plugin_result {
	struct vg_str plugin;  /* who read the page; .ptr NULL when nobody did */
	struct vg_str problem; /* for the operator; .ptr NULL when none */
	const struct vg_listing *listings;
	const struct vg_plugin_link *links;
	size_t listing_count, link_count;
};

/*
 * Reads a page. `name` is a plugin's name or "auto" (also when empty): the rules by host and path,
 * then those by content, then the plugin of last resort, each in order of priority, until one
 * does not pass. VG_E_NOT_FOUND: no plugin of that name. A plugin that fails leaves a problem, not
 * an error. All memory from doc->arena.
 */
VG_WARN_UNUSED enum vg_status vg_plugins_run(struct vg_plugins *p, struct vg_str name,
    const struct vg_doc *doc, const struct vg_page_facts *facts,
    struct vg_plugin_result *ret, struct vg_error *err);

/*
 * What an expression selects in a page, as a plugin would see it: {"count","nodes":[{"name","text","start","end"}]},
 * the first 200 nodes. `language`: css, xpath, json, regex. VG_E_INVALID says what is wrong with it.
 */
VG_WARN_UNUSED enum vg_status vg_plugins_select(struct vg_plugins *p,
    const struct vg_doc *doc, struct vg_str language, struct vg_str expression,
    struct vg_json_writer *w, struct vg_error *err);

/*
 * One listing as a JSON object. Flat: each field is a member beside kind, natural_key, start, end and
 * "spans" (key: [start, end]); else they are the members of "fields".
 */
void vg_listing_write(
    const struct vg_listing *listing, bool flat, struct vg_json_writer *w);

#endif
