/* SPDX-License-Identifier: MIT */
/* Descriptors, refusals and listings as JSON. */
#include "config.h"

#include "plugin/plugin.h"

#include <stdio.h>

#include "plugin/plugin_priv.h"

static const char *const by_names[] = {
    "host", "generator", "path", "class", "literal", "json", "any", "start"};

static void write_caps(uint64_t caps, struct vg_json_writer *w)
{
	vg_jw_key(w, "capabilities");
	vg_jw_array(w);
	if (caps & VIGIA_CAP_TREE)
		vg_jw_strz(w, "tree");
	if (caps & VIGIA_CAP_LINKS)
		vg_jw_strz(w, "links");
	if (caps & VIGIA_CAP_SITE)
		vg_jw_strz(w, "site");
	vg_jw_end_array(w);
}

static void write_limits(const struct vigia_limits *l, struct vg_json_writer *w)
{
	vg_jw_key(w, "limits");
	vg_jw_object(w);
	vg_jw_kint(w, "min_delay_ms", l->min_delay_ms);
	vg_jw_kint(w, "max_parallel", l->max_parallel);
	vg_jw_kint(w, "max_pages", l->max_pages);
	vg_jw_kint(w, "max_body_kib", l->max_body_kib);
	vg_jw_end_object(w);
}

static void write_match(const struct vigia_match *m, struct vg_json_writer *w)
{
	vg_jw_object(w);
	vg_jw_kstrz(w, "by", by_names[m->by]);
	vg_jw_kstrz(w, "host", m->host);
	vg_jw_kstrz(w, "path", m->path_regex);
	vg_jw_kstrz(w, "content", m->content);
	vg_jw_kint(w, "priority", m->priority);
	vg_jw_kint(w, "page_type", m->page_type);
	vg_jw_end_object(w);
}

static void write_plugin(const struct vg_loaded *l, struct vg_json_writer *w)
{
	const struct vigia_plugin *d = &l->desc;
	char abi[32];
	int n = snprintf(abi, sizeof(abi), "%u.%u", d->abi_major, d->abi_minor);

	vg_jw_object(w);
	vg_jw_kstrz(w, "name", d->name);
	vg_jw_kstrz(w, "version", d->version);
	vg_jw_kstrz(w, "summary", d->summary);
	vg_jw_kstrz(w, "licence", d->license);
	vg_jw_kstrz(w, "file", l->file);
	vg_jw_kstrz(w, "sha256", l->sha256);
	if (l->imports[0])
		vg_jw_kstrz(w, "imports", l->imports);
	vg_jw_kstr(w, "abi", (struct vg_str){abi, n > 0 ? (size_t)n : 0});
	write_caps(d->caps_required | (d->caps_optional & VG_PLUGIN_CAPS), w);
	write_limits(&d->limits, w);
	vg_jw_key(w, "matches");
	vg_jw_array(w);
	for (uint32_t i = 0; i < d->match_count; i++)
		write_match(&l->rules[i].match, w);
	vg_jw_end_array(w);
	vg_jw_key(w, "seeds");
	vg_jw_array(w);
	for (uint32_t i = 0; i < d->seed_count; i++) {
		vg_jw_object(w);
		vg_jw_kstrz(w, "url", d->seeds[i].url);
		vg_jw_kint(w, "page_type", d->seeds[i].page_type);
		vg_jw_kint(w, "recrawl_s", d->seeds[i].recrawl_s);
		vg_jw_end_object(w);
	}
	vg_jw_end_array(w);
	vg_jw_end_object(w);
}

void vg_plugins_describe(const struct vg_plugins *p, struct vg_json_writer *w)
{
	vg_jw_array(w);
	for (size_t i = 0; i < p->loaded.len; i++)
		write_plugin(*(struct vg_loaded **)vg_vec_at(&p->loaded, i), w);
	vg_jw_end_array(w);
}

void vg_plugins_describe_refusals(const struct vg_plugins *p, struct vg_json_writer *w)
{
	vg_jw_array(w);
	for (size_t i = 0; i < p->refused.len; i++) {
		const struct vg_plugin_refusal *r = vg_plugins_refusal(p, i);

		vg_jw_object(w);
		vg_jw_kstrz(w, "file", r->file);
		vg_jw_kstrz(w, "error", vg_status_name(r->error.status));
		vg_jw_kstrz(w, "message", r->error.msg);
		vg_jw_end_object(w);
	}
	vg_jw_end_array(w);
}

static void write_offset(size_t at, struct vg_json_writer *w)
{
	if (at == SIZE_MAX)
		vg_jw_null(w);
	else
		vg_jw_int(w, (int64_t)at);
}

void vg_listing_write(const struct vg_listing *l, bool flat, struct vg_json_writer *w)
{
	vg_jw_object(w);
	vg_jw_kstrz(w, "kind", l->kind);
	vg_jw_kstr(w, "natural_key", l->natural_key);
	if (!flat) {
		vg_jw_key(w, "fields");
		vg_jw_object(w);
	}
	for (size_t i = 0; i < l->field_count; i++)
		vg_jw_kstr(w, l->fields[i].key, l->fields[i].value);
	if (!flat)
		vg_jw_end_object(w);
	vg_jw_key(w, "start");
	write_offset(l->start, w);
	vg_jw_key(w, "end");
	write_offset(l->end, w);
	if (flat) {
		vg_jw_key(w, "spans");
		vg_jw_object(w);
		for (size_t i = 0; i < l->field_count; i++) {
			vg_jw_key(w, l->fields[i].key);
			vg_jw_array(w);
			write_offset(l->fields[i].start, w);
			write_offset(l->fields[i].end, w);
			vg_jw_end_array(w);
		}
		vg_jw_end_object(w);
	}
	vg_jw_end_object(w);
}
