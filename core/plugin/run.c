/* SPDX-License-Identifier: MIT */
/* One page through one plugin, or through the candidates until one does not pass. */
#include "config.h"

#include "plugin/plugin.h"

#include <string.h>

#include "base/limits.h"
#include "base/size.h"
#include "plugin/host.h"
#include "plugin/plugin_priv.h"

static bool is_for(
    const struct vg_plugin_setting *s, const char *plugin, const char *key)
{
	return strcmp(s->key, key) == 0 &&
	       (strcmp(s->plugin, plugin) == 0 || strcmp(s->plugin, "*") == 0);
}

static int32_t host_config(
    struct vigia_host *host, const char *key, struct vigia_str *ret)
{
	if (host == NULL || key == NULL || ret == NULL)
		return VIGIA_E_INVALID;
	for (size_t i = 0; i < host->own_count + host->setting_count; i++) {
		const struct vg_plugin_setting *s =
		    i < host->own_count ? &host->own[i]
					: &host->settings[i - host->own_count];

		if (!is_for(s, host->plugin, key))
			continue;
		*ret = (struct vigia_str){s->value, strlen(s->value)};
		return VIGIA_OK;
	}
	return VIGIA_E_NOT_FOUND;
}

bool vg_call_checks(const struct vigia_call *call)
{
	for (size_t i = 0; i < call->set->setting_count; i++)
		if (strcmp(call->set->settings[i].key, "check") == 0)
			return true;
	return false;
}

const struct vigia_host_api vg_host_api = {
    .struct_size = sizeof(struct vigia_host_api),
    .abi_minor = VIGIA_ABI_MINOR,
    .config = host_config,
    .select = vg_host_select,
    .info = vg_host_info,
    .text = vg_host_text,
    .attr = vg_host_attr,
    .emit_record = vg_host_emit_record,
    .emit_link = vg_host_emit_link,
    .emit_problem = vg_host_emit_problem,
};

static struct vigia_str theirs(struct vg_str s)
{
	return (struct vigia_str){s.ptr, s.len};
}

static const char *explain(int32_t code)
{
	switch (code) {
	case VIGIA_E_NOMEM:
		return "out of memory";
	case VIGIA_E_INVALID:
		return "it made an invalid request";
	case VIGIA_E_LIMIT:
		return "a limit was met";
	case VIGIA_E_LAYOUT:
		return "the site changed its layout";
	case VIGIA_E_INTERNAL:
		return "it reports a defect";
	case VIGIA_E_NOT_FOUND:
		return "something it relies on is missing";
	default:
		return "it answered nonsense";
	}
}

/* The problem for the operator: who, what, and the first detail that was noted. */
static enum vg_status set_problem(const struct vigia_call *call, int32_t code,
    struct vg_str *ret, struct vg_error *err)
{
	struct vg_arena *a = call->doc->arena;
	const char *name = call->plugin->desc.name;

	if (code >= 0 && code <= VIGIA_PASS && call->problem.ptr == NULL)
		return VG_OK;
	/* "NAME.site:LINE:COLUMN: " names it already, and an editor can go there */
	if (code >= 0 && code <= VIGIA_PASS && call->plugin->site != NULL &&
	    vg_str_starts(call->problem, vg_str(call->plugin->file)))
		*ret = call->problem;
	else if (code >= 0 && code <= VIGIA_PASS)
		*ret = vg_arena_printf(a, "%s: %.*s", name, VG_STR_ARG(call->problem));
	else if (call->problem.ptr != NULL)
		*ret = vg_arena_printf(
		    a, "%s: %s (%.*s)", name, explain(code), VG_STR_ARG(call->problem));
	else
		*ret = vg_arena_printf(a, "%s: %s", name, explain(code));
	return ret->ptr != NULL ? VG_OK : vg_fail(err, VG_E_NOMEM, "out of memory");
}

static enum vg_status copy_headers(const struct vg_doc *doc,
    const struct vg_page_facts *facts, struct vigia_page *page, struct vg_error *err)
{
	struct vigia_header *headers =
	    vg_arena_array(doc->arena, facts->header_count, sizeof(*headers));

	if (headers == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; i < facts->header_count; i++)
		headers[i] = (struct vigia_header){
		    theirs(facts->headers[i].name), theirs(facts->headers[i].value)};
	page->headers = headers;
	page->header_count = (uint32_t)facts->header_count;
	return VG_OK;
}

/* Paths are matched against every address of a host, whatever its length. */
static enum vg_status check_paths(struct vigia_call *call, struct vg_error *err)
{
	const struct vg_loaded *l = call->plugin;

	for (uint32_t i = 0; i < l->desc.match_count; i++) {
		const char *pattern = l->rules[i].match.path_regex;
		char why[VG_REGEX_WHY];

		if (pattern == NULL)
			continue;
		if (!vg_regex_runs_away(l->rules[i].path, vg_str(pattern), why))
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		if (why[0] != '\0')
			vg_call_tell(call, pattern, why);
	}
	return VG_OK;
}

/* Runs one plugin. *ret_passed: it declined, and nothing was set but a problem. */
static enum vg_status run_one(struct vg_plugins *p, const struct vg_candidate *c,
    const struct vg_doc *doc, struct vigia_page *page, struct vigia_call *call,
    struct vg_plugin_result *ret, bool *ret_passed, struct vg_error *err)
{
	int32_t code;

	/* The tree and the JSON of the page are read once, whoever asks. */
	call->set = p;
	call->plugin = c->plugin;
	call->doc = doc;
	call->problem = (struct vg_str){0};
	call->listings = VG_VEC_INIT(struct vg_listing, VG_MAX_RECORDS, doc->arena);
	call->links = VG_VEC_INIT(struct vg_plugin_link, VG_MAX_LINKS, doc->arena);
	page->page_type = c->page_type;
	if (vg_call_checks(call) && check_paths(call, err) != VG_OK)
		return err->status;
	code = c->plugin->desc.parse(&vg_host_api, call, c->plugin->self, page);
	*ret_passed =
	    code == VIGIA_PASS && call->listings.len == 0 && call->links.len == 0;
	if (code == VIGIA_E_NOMEM)
		return vg_fail(
		    err, VG_E_NOMEM, "plugin %s: out of memory", c->plugin->desc.name);
	if (*ret_passed)
		return VG_OK;
	ret->plugin = vg_str(c->plugin->desc.name);
	ret->listings = call->listings.items;
	ret->listing_count = call->listings.len;
	ret->links = call->links.items;
	ret->link_count = call->links.len;
	return set_problem(call, code, &ret->problem, err);
}

static bool find_named(
    const struct vg_plugins *p, struct vg_str name, struct vg_candidate *ret)
{
	for (size_t i = 0; i < p->loaded.len; i++) {
		struct vg_loaded *l = *(struct vg_loaded **)vg_vec_at(&p->loaded, i);

		if (vg_str_eqz(name, l->desc.name)) {
			*ret = (struct vg_candidate){.plugin = l};
			return true;
		}
	}
	return false;
}

enum vg_status vg_plugins_run(struct vg_plugins *p, struct vg_str name,
    const struct vg_doc *doc, const struct vg_page_facts *facts,
    struct vg_plugin_result *ret, struct vg_error *err)
{
	struct vg_plugin_result result = {0};
	struct vigia_call *call = vg_arena_alloc(doc->arena, sizeof(*call));
	struct vg_candidate *candidates =
	    vg_arena_array(doc->arena, p->loaded.len + 1, sizeof(*candidates));
	struct vigia_page page = {.struct_size = sizeof(page),
	    .http_status = facts->http_status,
	    .fetched_at = facts->fetched_at,
	    .url = theirs(doc->url),
	    .content_type = theirs(facts->content_type),
	    .text = theirs(doc->utf8)};
	bool passed = true;
	size_t count = 0;
	enum vg_status st;

	if (call == NULL || candidates == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	st = copy_headers(doc, facts, &page, err);
	if (st != VG_OK)
		return st;
	if (name.len == 0 || vg_str_eqz(name, "auto"))
		count = vg_match_page(p, doc, candidates, p->loaded.len);
	else if (find_named(p, name, &candidates[0]))
		count = 1;
	else
		return vg_fail(err, VG_E_NOT_FOUND, "no plugin is called %.*s",
		    (int)vg_size_min(name.len, 64), name.ptr);
	for (size_t i = 0; i < count && passed; i++) {
		st =
		    run_one(p, &candidates[i], doc, &page, call, &result, &passed, err);
		if (st != VG_OK)
			return st;
	}
	*ret = result;
	return VG_OK;
}
