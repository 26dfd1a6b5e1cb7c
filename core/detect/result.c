/* SPDX-License-Identifier: MIT */
/* Writing a result as JSON. */
#include "config.h"

#include "detect/detect.h"

static void write_place(struct vg_json_writer *w, const struct vg_place *at)
{
	vg_jw_kint(w, "start", (int64_t)at->start);
	vg_jw_kint(w, "end", (int64_t)at->end);
	vg_jw_kstrz(w, "where", vg_where_name(at->where));
	vg_jw_end_object(w);
}

static void write_claim(struct vg_json_writer *w, const struct vg_claim *c)
{
	vg_jw_object(w);
	vg_jw_kstrz(w, "family", vg_family_name(c->family));
	vg_jw_kstr(w, "subkind", c->subkind);
	vg_jw_key(w, "confidence");
	vg_jw_fixed(w, c->confidence, 4);
	vg_jw_kstrz(w, "severity", vg_severity_name(c->severity));
	vg_jw_key(w, "why");
	vg_jw_array(w);
	for (size_t i = 0; i < c->why_count; i++) {
		const struct vg_reason *r = &c->why[i];

		vg_jw_object(w);
		vg_jw_kstr(w, "rule", r->rule);
		vg_jw_kstr(w, "quote", r->quote);
		vg_jw_key(w, "weight");
		vg_jw_fixed(w, r->weight, 3);
		if (r->key)
			vg_jw_kbool(w, "key", true);
		write_place(w, &r->at);
	}
	vg_jw_end_array(w);
	vg_jw_end_object(w);
}

static void write_substance(struct vg_json_writer *w, const struct vg_substance *s)
{
	vg_jw_object(w);
	vg_jw_kstr(w, "inn", s->inn);
	vg_jw_kstr(w, "surface", s->surface);
	vg_jw_kstrz(w, "severity", vg_severity_name(s->severity));
	vg_jw_kbool(w, "offered", s->offered);
	write_place(w, &s->at);
}

static void write_offer(struct vg_json_writer *w, const struct vg_offer *o)
{
	vg_jw_object(w);
	vg_jw_kstr(w, "title", o->title);
	vg_jw_kstr(w, "substance", o->substance);
	vg_jw_kstr(w, "strength", o->strength);
	vg_jw_kstr(w, "quantity", o->quantity);
	vg_jw_kstr(w, "price", o->price);
	vg_jw_kstr(w, "currency", o->currency);
	write_place(w, &o->at);
}

static void write_marker(struct vg_json_writer *w, const struct vg_marker *m)
{
	vg_jw_object(w);
	vg_jw_kstr(w, "id", m->id);
	vg_jw_kstrz(w, "family", vg_family_name(m->family));
	vg_jw_kstr(w, "kind", m->kind);
	vg_jw_kstr(w, "quote", m->quote);
	vg_jw_key(w, "weight");
	vg_jw_fixed(w, m->weight, 3);
	write_place(w, &m->at);
}

static void write_species(struct vg_json_writer *w, const struct vg_species *s)
{
	vg_jw_object(w);
	vg_jw_kstr(w, "name", s->name);
	vg_jw_kstr(w, "surface", s->surface);
	write_place(w, &s->at);
}

static void write_entity(struct vg_json_writer *w, const struct vg_entity *e)
{
	vg_jw_object(w);
	vg_jw_kstr(w, "kind", e->kind);
	vg_jw_kstr(w, "value", e->value);
	vg_jw_kstr(w, "surface", e->surface);
	if (e->ubiquitous)
		vg_jw_kbool(w, "ubiquitous", true);
	write_place(w, &e->at);
}

void vg_claims_write(const struct vg_result *r, struct vg_json_writer *w)
{
	vg_jw_array(w);
	for (size_t i = 0; i < r->claim_count; i++)
		write_claim(w, &r->claims[i]);
	vg_jw_end_array(w);
}

#define WRITE_LIST(key, list, count, write)                                            \
	do {                                                                           \
		vg_jw_key(w, key);                                                     \
		vg_jw_array(w);                                                        \
		for (size_t i = 0; i < (count); i++)                                   \
			write(w, &(list)[i]);                                          \
		vg_jw_end_array(w);                                                    \
	} while (0)

void vg_result_write(const struct vg_result *r, struct vg_json_writer *w)
{
	vg_jw_object(w);
	vg_jw_kstr(w, "url", r->url);
	vg_jw_kstr(w, "charset", r->charset);
	vg_jw_kstr(w, "lang", r->lang);
	vg_jw_kstrz(w, "verdict", vg_verdict_name(r->verdict));
	vg_jw_key(w, "claims");
	vg_claims_write(r, w);
	WRITE_LIST("substances", r->substances, r->substance_count, write_substance);
	WRITE_LIST("offers", r->offers, r->offer_count, write_offer);
	WRITE_LIST("markers", r->markers, r->marker_count, write_marker);
	WRITE_LIST("species", r->species, r->species_count, write_species);
	WRITE_LIST("entities", r->entities, r->entity_count, write_entity);
	vg_jw_end_object(w);
}
