/* SPDX-License-Identifier: MIT */
/* Collects the entities of a page, each value once, and knows the ubiquitous ones. */
#include "config.h"

#include "detect/entity.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "detect/entity_priv.h"

struct known {
	struct vg_str kind, value;
};

struct vg_identifiers {
	struct vg_buf file;
	struct vg_vec known; /* struct known, borrowing from file */
};

void vg_identifiers_free(struct vg_identifiers *ids)
{
	if (ids == NULL)
		return;
	vg_vec_release(&ids->known);
	vg_buf_release(&ids->file);
	free(ids);
}

/* Lines "kind<TAB>value<TAB>note"; a header line, comments and empty lines are skipped. */
static enum vg_status read_known(
    struct vg_identifiers *ids, const char *path, struct vg_error *err)
{
	struct vg_str rest = vg_buf_str(&ids->file), line;

	for (size_t number = 1; vg_str_split(&rest, '\n', &line); number++) {
		struct vg_str kind, value;
		if (line.len == 0 || line.ptr[0] == '#' || number == 1)
			continue;
		if (!vg_str_split(&line, '\t', &kind) ||
		    !vg_str_split(&line, '\t', &value) || kind.len == 0 ||
		    value.len == 0)
			return vg_fail(err, VG_E_INVALID,
			    "%s:%zu: needs a kind and a value", path, number);
		struct known *known = vg_vec_push(&ids->known);
		if (known == NULL)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		*known = (struct known){kind, value};
	}
	return VG_OK;
}

enum vg_status vg_identifiers_load(
    const char *dir, struct vg_identifiers **ret, struct vg_error *err)
{
	struct vg_buf path = VG_BUF_INIT(4096);
	struct vg_identifiers *ids = calloc(1, sizeof(*ids));
	enum vg_status st;

	if (ids == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	ids->file = VG_BUF_INIT(VG_MAX_LEXICON);
	ids->known = VG_VEC_INIT(struct known, VG_MAX_FINDINGS, NULL);
	vg_buf_addf(&path, "%s/ubiquitous.tsv", dir);
	if ((st = vg_buf_status(&path, err)) != VG_OK ||
	    (st = vg_read_file(vg_buf_cstr(&path), &ids->file, err)) != VG_OK ||
	    (st = read_known(ids, vg_buf_cstr(&path), err)) != VG_OK)
		goto out;
	*ret = ids;
	ids = NULL;
out:
	vg_identifiers_free(ids);
	vg_buf_release(&path);
	return st;
}

static bool is_phone(struct vg_str kind)
{
	return vg_str_eqz(kind, "phone") || vg_str_eqz(kind, "whatsapp") ||
	       vg_str_eqz(kind, "signal");
}

static bool same_kind(struct vg_str a, struct vg_str b)
{
	return vg_str_eq(a, b) || (is_phone(a) && is_phone(b));
}

static bool ubiquitous(
    const struct vg_identifiers *ids, struct vg_str kind, struct vg_str value)
{
	for (size_t i = 0; ids != NULL && i < ids->known.len; i++) {
		const struct known *known = vg_vec_at(&ids->known, i);
		if (same_kind(known->kind, kind) && vg_str_ieq(known->value, value))
			return true;
	}
	return false;
}

void vg_entity_add(struct vg_entity_scan *s, const char *kind, struct vg_str value,
    struct vg_str surface, struct vg_place at)
{
	uint32_t *bucket = &s->buckets[vg_str_hash(value) % 1024];
	struct vg_str name = vg_str(kind);
	struct vg_entity_item *item;

	for (uint32_t i = *bucket; i != 0; i = item->next) {
		item = vg_vec_at(&s->found, i - 1);
		if (!vg_str_eq(item->entity.value, value) ||
		    !same_kind(item->entity.kind, name))
			continue;
		if (vg_str_eqz(item->entity.kind, "phone"))
			item->entity.kind = name;
		return;
	}
	if (s->found.len == s->found.max || s->status != VG_OK || at.start >= at.end)
		return;
	item = vg_vec_push(&s->found);
	struct vg_str copy = vg_arena_str(s->doc->arena, value);
	if (item == NULL || copy.ptr == NULL) {
		s->status = VG_E_NOMEM;
		return;
	}
	item->entity = (struct vg_entity){
	    .kind = name, .value = copy, .surface = surface, .at = at};
	item->entity.ubiquitous = ubiquitous(s->ids, name, value);
	item->next = *bucket;
	*bucket = (uint32_t)s->found.len;
}

void vg_entity_add_block(struct vg_entity_scan *s, const struct vg_block *block,
    const char *kind, struct vg_str value, size_t start, size_t end)
{
	struct vg_place at = {.where = block->where};

	vg_doc_block_span(s->doc, block, start, end, &at.start, &at.end);
	vg_entity_add(s, kind, value, vg_str_sub(block->text, start, end), at);
}

static int by_start(const void *a, const void *b)
{
	const struct vg_entity *x = a, *y = b;
	return (x->at.start > y->at.start) - (x->at.start < y->at.start);
}

enum vg_status vg_entities_find(const struct vg_identifiers *ids,
    const struct vg_doc *doc, const struct vg_region *region,
    const struct vg_entity **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_entity_scan *s = vg_arena_alloc(doc->arena, sizeof(*s));
	struct vg_entity *list;

	if (s == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	s->ids = ids;
	s->doc = doc;
	s->region = region;
	s->found = VG_VEC_INIT(struct vg_entity_item, VG_MAX_FINDINGS, doc->arena);
	for (size_t i = 0; i < doc->block_count; i++)
		vg_entity_scan_block(s, &doc->blocks[i]);
	vg_entity_scan_links(s);
	vg_site_ids_find(s);
	list = vg_arena_array(doc->arena, s->found.len, sizeof(*list));
	if (s->status != VG_OK || list == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; i < s->found.len; i++)
		list[i] = ((struct vg_entity_item *)vg_vec_at(&s->found, i))->entity;
	if (s->found.len > 1)
		qsort(list, s->found.len, sizeof(*list), by_start);
	*ret = list;
	*ret_count = s->found.len;
	return VG_OK;
}
