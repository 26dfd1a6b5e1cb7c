/* SPDX-License-Identifier: MIT */
/* Loading a lexicon folder: files, tables, terms, the matcher over all of them, and the digest. */
#include "config.h"

#include "detect/lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/limits.h"
#include "detect/entity.h"
#include "detect/lexicon_data.h"
#include "detect/rule.h"

struct source {
	const char *name;
	vg_table_reader *read; /* NULL: only kept as a table */
};

/* Concepts first: rules name them; weights name rules. */
static const struct source sources[] = {
    {"phrases", vg_concepts_read},
    {"concepts", vg_concepts_read},
    {"drugs", vg_drugs_read},
    {"timeshare_markers", vg_timeshare_read},
    {"cyberscam_markers", vg_cyberscam_read},
    {"wildlife_markers", vg_wildlife_read},
    {"places", vg_places_read},
    {"identifiers", NULL},
    {"sanctioned_timeshare_entities", NULL},
    {"rules", vg_rules_read},
    {"weights", vg_weights_read},
};

enum { SOURCES = sizeof(sources) / sizeof(sources[0]) };

static enum vg_status read_table(struct vg_lexicon *lex, const char *dir,
    const char *name, struct vg_sha256 *hash, struct vg_table **ret,
    struct vg_error *err)
{
	struct vg_buf bytes = VG_BUF_INIT(VG_MAX_LEXICON);
	struct vg_str path = vg_arena_printf(lex->arena, "%s/%s.tsv", dir, name);
	struct vg_str file = vg_arena_printf(lex->arena, "%s.tsv", name), text;
	enum vg_status status;

	if (path.ptr == NULL || file.ptr == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	status = vg_read_file(path.ptr, &bytes, err);
	if (status != VG_OK) {
		if (lex->faults != NULL && status != VG_E_NOMEM) {
			lex->faults->found(lex->faults->ctx,
			    &(struct vg_fault){file.ptr, 0, NULL, "cannot be read"});
			status = VG_E_INVALID;
		}
		goto out;
	}
	if (hash != NULL) {
		vg_sha256_add(hash, name, strlen(name) + 1);
		vg_sha256_add(hash, bytes.ptr, bytes.len);
	}
	text = vg_arena_str(lex->arena, vg_buf_str(&bytes));
	if (text.ptr == NULL)
		status = vg_fail(err, VG_E_NOMEM, "%s: out of memory", file.ptr);
	else
		status = vg_table_parse(
		    lex->arena, file.ptr, text, lex->faults, ret, err);
out:
	vg_buf_release(&bytes);
	return status;
}

enum vg_status vg_lexicon_extra_table(struct vg_lexicon *lex, const char *dir,
    const char *name, const struct vg_table **ret, struct vg_error *err)
{
	struct vg_table *table = NULL;
	enum vg_status status = read_table(lex, dir, name, NULL, &table, err);

	*ret = table;
	return status;
}

/* One table, its rows made into terms, rules or weights. It has its place among the tables even when unreadable. */
static enum vg_status read_source(struct vg_lexicon *lex, const char *dir,
    const struct source *source, struct vg_sha256 *hash, struct vg_error *err)
{
	struct vg_table *table = NULL, **slot;
	enum vg_status status = read_table(lex, dir, source->name, hash, &table, err);

	if (status == VG_OK && source->read != NULL)
		status = source->read(lex, table, err);
	if (status == VG_E_INVALID && lex->faults != NULL) {
		lex->partial = true; /* told already */
		status = VG_OK;
	}
	if (status != VG_OK)
		return status;
	slot = vg_vec_push(&lex->tables);
	if (slot == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	*slot = table;
	return VG_OK;
}

static enum vg_status read_tables(
    struct vg_lexicon *lex, const char *dir, struct vg_error *err)
{
	struct vg_sha256 *hash = vg_sha256_new();
	struct vg_digest digest;
	enum vg_status status = VG_OK;

	if (hash == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (size_t i = 0; i < SOURCES && status == VG_OK; i++)
		status = read_source(lex, dir, &sources[i], hash, err);
	if (status == VG_OK)
		status = vg_sha256_finish(hash, &digest, err);
	if (status == VG_OK)
		vg_hex(digest.bytes, VG_SHA256_LEN, lex->version);
	vg_sha256_free(hash);
	return status;
}

static void init(struct vg_lexicon *lex)
{
	lex->tables = VG_VEC_INIT(struct vg_table *, 64, lex->arena);
	lex->terms = VG_VEC_INIT(struct vg_term, VG_MAX_TERMS, lex->arena);
	lex->patterns = VG_VEC_INIT(struct vg_pattern, VG_MAX_TERMS, lex->arena);
	lex->literals = VG_VEC_INIT(struct vg_str, VG_MAX_TERMS, lex->arena);
	lex->regexes = VG_VEC_INIT(struct vg_regex *, 4096, lex->arena);
	lex->drugs = VG_VEC_INIT(struct vg_drug, VG_MAX_TERMS, lex->arena);
	lex->markers = VG_VEC_INIT(struct vg_marker_row, VG_MAX_TERMS, lex->arena);
	lex->concepts = VG_VEC_INIT(const char *, VG_MAX_CONCEPTS, lex->arena);
	lex->rules = VG_VEC_INIT(struct vg_rule, 4096, lex->arena);
	lex->weights = VG_VEC_INIT(struct vg_weight, 4096, lex->arena);
}

/* ubiquitous.tsv is read by those who use it. */
static enum vg_status read_identifiers(
    struct vg_lexicon *lex, const char *dir, struct vg_error *err)
{
	enum vg_status status = vg_identifiers_load(dir, &lex->identifiers, err);

	/* vg_lexicon_check() reads it as a table and tells */
	return lex->faults == NULL || status == VG_E_NOMEM ? status : VG_OK;
}

enum vg_status vg_lexicon_load(
    const char *dir, struct vg_lexicon **ret, struct vg_error *err)
{
	return vg_lexicon_read(dir, NULL, ret, err);
}

enum vg_status vg_lexicon_read(const char *dir, const struct vg_faults *faults,
    struct vg_lexicon **ret, struct vg_error *err)
{
	struct vg_lexicon *lex = calloc(1, sizeof(*lex));
	enum vg_status status;

	if (lex == NULL || (lex->arena = vg_arena_new(256u << 20)) == NULL) {
		status = vg_fail(err, VG_E_NOMEM, "out of memory");
		goto out;
	}
	init(lex);
	lex->faults = faults;
	status = vg_folder_new(lex->arena, &lex->folder, err);
	if (status == VG_OK)
		status = read_tables(lex, dir, err);
	if (status == VG_OK)
		status = vg_matcher_new(
		    lex->literals.items, lex->literals.len, &lex->matcher, err);
	if (status == VG_OK)
		status = read_identifiers(lex, dir, err);
	if (status != VG_OK)
		goto out;
	*ret = lex;
	lex = NULL;
out:
	vg_lexicon_free(lex);
	if (status != VG_OK)
		vg_error_prefix(err, "lexicon");
	return status;
}

void vg_lexicon_free(struct vg_lexicon *lex)
{
	if (lex == NULL)
		return;
	for (size_t i = 0; i < lex->regexes.len; i++)
		vg_regex_free(*(struct vg_regex **)vg_vec_at(&lex->regexes, i));
	vg_matcher_free(lex->matcher);
	vg_identifiers_free(lex->identifiers);
	vg_arena_free(lex->arena);
	free(lex);
}

const char *vg_lexicon_version(const struct vg_lexicon *lex)
{
	return lex->version;
}

const struct vg_table *vg_lexicon_table(const struct vg_lexicon *lex, const char *name)
{
	for (size_t i = 0; i < lex->tables.len; i++)
		if (strcmp(sources[i].name, name) == 0)
			return *(struct vg_table **)vg_vec_at(&lex->tables, i);
	return NULL;
}

size_t vg_lexicon_term_count(const struct vg_lexicon *lex)
{
	return lex->terms.len;
}

const struct vg_term *vg_lexicon_term(const struct vg_lexicon *lex, size_t i)
{
	return vg_vec_at(&lex->terms, i);
}

const struct vg_drug *vg_lexicon_drug(const struct vg_lexicon *lex, size_t i)
{
	return vg_vec_at(&lex->drugs, i);
}

const struct vg_marker_row *vg_lexicon_marker(const struct vg_lexicon *lex, size_t i)
{
	return vg_vec_at(&lex->markers, i);
}

uint32_t vg_lexicon_concept(const struct vg_lexicon *lex, const char *name)
{
	for (size_t i = 0; i < lex->concepts.len; i++)
		if (strcmp(*(const char **)vg_vec_at(&lex->concepts, i), name) == 0)
			return (uint32_t)i;
	return UINT32_MAX;
}

const char *vg_lexicon_concept_name(const struct vg_lexicon *lex, uint32_t concept)
{
	return *(const char **)vg_vec_at(&lex->concepts, concept);
}

uint32_t vg_lexicon_find_drug(const struct vg_lexicon *lex, struct vg_str name)
{
	for (size_t i = 0; i < lex->drugs.len; i++)
		if (vg_str_ieq(vg_lexicon_drug(lex, i)->inn, name))
			return (uint32_t)i;
	return UINT32_MAX;
}

enum vg_status vg_lexicon_intern(
    struct vg_lexicon *lex, struct vg_str name, uint32_t *ret, struct vg_error *err)
{
	const char **slot;
	struct vg_str copy;

	for (size_t i = 0; i < lex->concepts.len; i++)
		if (vg_str_eqz(name, *(const char **)vg_vec_at(&lex->concepts, i))) {
			*ret = (uint32_t)i;
			return VG_OK;
		}
	copy = vg_arena_str(lex->arena, name);
	if (copy.ptr == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	slot = vg_vec_push(&lex->concepts);
	if (slot == NULL)
		return vg_fail(
		    err, VG_E_LIMIT, "more than %u concepts", VG_MAX_CONCEPTS);
	*slot = copy.ptr;
	*ret = (uint32_t)(lex->concepts.len - 1);
	return VG_OK;
}

struct vg_str vg_lexicon_fold(struct vg_lexicon *lex, struct vg_str text)
{
	lex->scratch.arena = lex->arena;
	lex->scratch.len = 0;
	if (!vg_fold(lex->folder, text, &lex->scratch))
		return (struct vg_str){NULL, 0};
	return vg_arena_str(
	    lex->arena, (struct vg_str){lex->scratch.text, lex->scratch.len});
}
