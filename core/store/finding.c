/* SPDX-License-Identifier: MIT */
/* From the answer about a page to rows: analysis, listings, offers, entities; problems. */
#include "config.h"

#include "store/finding.h"

#include <string.h>

#include "base/limits.h"
#include "store/codec.h"
#include "store/finding_priv.h"

#define MAX_TEXT                                                                       \
	2000 /* bytes of a title, quote or value in a row; the result keeps all */
#define ARENA_MAX (64u << 20)

struct vg_str vg_clean_text(struct vg_arena *arena, struct vg_str text, size_t max)
{
	struct vg_str cut = vg_str_sub(text, 0, max);
	char *copy;

	while (cut.len && cut.len < text.len && (text.ptr[cut.len] & 0xc0) == 0x80)
		cut.len--;
	copy = vg_arena_alloc(arena, cut.len + 1);
	/* PostgreSQL keeps no NUL in a text. */
	for (size_t i = 0; copy && i < cut.len; i++)
		copy[i] = cut.ptr[i] ? cut.ptr[i] : ' ';
	return copy ? (struct vg_str){copy, cut.len} : VG_STR("");
}

struct vg_str vg_member_text(
    struct vg_arena *arena, const struct vg_json *object, const char *key)
{
	return vg_clean_text(arena, vg_json_get_str(object, key), MAX_TEXT);
}

int64_t vg_member_int(const struct vg_json *object, const char *key)
{
	int64_t value = 0;

	return vg_json_to_i64(vg_json_get(object, key), &value) ? value : 0;
}

const struct vg_json *vg_member_list(const struct vg_json *object, const char *key)
{
	const struct vg_json *list = vg_json_get(object, key);

	return list && list->type == VG_JSON_ARRAY ? list->first : NULL;
}

/* What was said of this page before. */
struct previous {
	int64_t capture, last_capture, ruleset, payload;
};

static enum vg_status read_previous(struct vg_store *s,
    const struct vg_capture_row *row, struct previous *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_ANALYSIS_PREVIOUS, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, row->fingerprint);
	vg_bind_text(q, 2, row->capture.leaf.url);
	st = vg_stmt_step(q, err);
	if (st == VG_OK) {
		ret->capture = vg_column_int(q, 0);
		ret->last_capture = vg_column_int(q, 1);
		ret->ruleset = vg_column_int(q, 2);
		ret->payload = vg_column_int(q, 3);
	}
	vg_stmt_end(q);
	return st;
}

/* Statements of one or two row numbers. */
static enum vg_status run_refs(struct vg_store *s, enum vg_sql sql, int64_t first,
    const int64_t *second, struct vg_error *err)
{
	const int64_t refs[] = {first, second ? *second : 0};

	return vg_store_run_ints(s, sql, refs, second ? 2 : 1, NULL, err);
}

static enum vg_status seen_again(struct vg_store *s, const struct previous *before,
    int64_t seq, struct vg_error *err)
{
	enum vg_status st;

	if (seq <= before->last_capture)
		return VG_OK;
	st = run_refs(s, VG_SQL_ANALYSIS_SEEN, before->capture, &seq, err);
	if (st == VG_OK)
		st = run_refs(s, VG_SQL_LISTING_SEEN, before->last_capture, &seq, err);
	if (st == VG_OK)
		st = run_refs(s, VG_SQL_FINDING_SEEN, before->last_capture, &seq, err);
	return st;
}

static enum vg_status retire(
    struct vg_store *s, const struct previous *before, struct vg_error *err)
{
	enum vg_status st =
	    run_refs(s, VG_SQL_ANALYSIS_RETIRE, before->capture, NULL, err);

	if (st == VG_OK)
		st =
		    run_refs(s, VG_SQL_FINDING_RETIRE, before->last_capture, NULL, err);
	return st;
}

/* What "coverage" says, as text in the arena. */
static struct vg_str coverage(struct vg_page_work *w)
{
	const struct vg_json *value = vg_json_get(w->page, "coverage");
	struct vg_buf text = VG_BUF_INIT(MAX_TEXT);
	struct vg_json_writer out = vg_json_writer(&text);
	struct vg_str ret = VG_STR("");

	if (value && value->type == VG_JSON_OBJECT) {
		vg_jw_value(&out, value);
		if (vg_buf_status(&text, NULL) == VG_OK)
			ret = vg_clean_text(w->arena, vg_buf_str(&text), MAX_TEXT);
	}
	vg_buf_release(&text);
	return ret;
}

static enum vg_status add_analysis(
    struct vg_page_work *w, int64_t previous, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(VG_MAX_FRAME), packed = text;
	struct vg_json_writer out = vg_json_writer(&text);
	struct vg_stmt *q = NULL;
	enum vg_status st;

	if (w->scan)
		vg_jw_value(&out, w->scan);
	else
		vg_jw_null(&out);
	st = vg_buf_status(&text, err);
	if (st == VG_OK)
		st = vg_codec_pack_text(w->s->codec, vg_buf_str(&text), &packed, err);
	if (st == VG_OK)
		st = vg_db_prepare(w->s->db, VG_SQL_ANALYSIS_ADD, &q, err);
	if (st == VG_OK) {
		vg_bind_int(q, 1, w->row.capture.seq);
		vg_bind_int(q, 2, w->ruleset);
		vg_bind_text(q, 3, w->plugin);
		vg_bind_text(q, 4, w->title);
		vg_bind_text(q, 5, w->verdict);
		vg_bind_blob(q, 6, vg_buf_str(&packed));
		vg_bind_ref(q, 7, previous);
		vg_bind_text(q, 8, coverage(w));
		vg_bind_int(q, 9, vg_json_get_true(w->page, "soft_404"));
		st = vg_stmt_run(q, NULL, err);
	}
	vg_buf_release(&text);
	vg_buf_release(&packed);
	return st;
}

static enum vg_status add_offer(
    struct vg_page_work *w, const struct vg_json *offer, struct vg_error *err)
{
	static const char *const members[] = {
	    "title", "substance", "strength", "quantity", "price", "currency"};
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(w->s->db, VG_SQL_OFFER_ADD, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, w->row.capture.seq);
	vg_bind_int(q, 2, vg_member_int(offer, "start"));
	vg_bind_int(q, 3, vg_member_int(offer, "end"));
	for (int i = 0; i < 6; i++)
		vg_bind_text(q, 4 + i, vg_member_text(w->arena, offer, members[i]));
	return vg_stmt_run(q, NULL, err);
}

static enum vg_status identifier(struct vg_page_work *w, const struct vg_json *entity,
    int64_t *ret, struct vg_error *err)
{
	struct vg_str kind = vg_member_text(w->arena, entity, "kind");
	struct vg_str value = vg_member_text(w->arena, entity, "value");
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(w->s->db, VG_SQL_IDENTIFIER_FIND, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_text(q, 1, kind);
	vg_bind_text(q, 2, value);
	st = vg_stmt_step(q, err);
	if (st == VG_E_NOT_FOUND) {
		vg_stmt_end(q);
		st = vg_db_prepare(w->s->db, VG_SQL_IDENTIFIER_ADD, &q, err);
		if (st != VG_OK)
			return st;
		vg_bind_text(q, 1, kind);
		vg_bind_text(q, 2, value);
		vg_bind_int(q, 3, vg_json_get_true(entity, "ubiquitous"));
		st = vg_stmt_step(q, err);
	}
	if (st == VG_OK)
		*ret = vg_column_int(q, 0);
	vg_stmt_end(q);
	return st;
}

static enum vg_status add_entity(
    struct vg_page_work *w, const struct vg_json *entity, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	int64_t id = 0;
	enum vg_status st = identifier(w, entity, &id, err);

	if (st == VG_OK)
		st = vg_db_prepare(w->s->db, VG_SQL_ENTITY_ADD, &q, err);
	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, id);
	vg_bind_int(q, 2, w->row.capture.seq);
	vg_bind_int(q, 3, vg_member_int(entity, "start"));
	vg_bind_int(q, 4, vg_member_int(entity, "end"));
	return vg_stmt_run(q, NULL, err);
}

static enum vg_status add_rows(struct vg_page_work *w, int64_t previous,
    struct vg_analysis_recorded *made, struct vg_error *err)
{
	size_t count = 0;
	enum vg_status st = add_analysis(w, previous, err);

	if (st == VG_OK)
		st = vg_page_add_listings(w, made, err);
	if (st == VG_OK)
		st = vg_page_add_findings(w, made, err);
	for (const struct vg_json *o = vg_member_list(w->scan, "offers");
	     st == VG_OK && o && count < VG_MAX_FINDINGS; o = o->next, count++)
		st = add_offer(w, o, err);
	count = 0;
	for (const struct vg_json *e = vg_member_list(w->scan, "entities");
	     st == VG_OK && e && count < VG_MAX_FINDINGS; e = e->next, count++)
		st = add_entity(w, e, err);
	return st;
}

static enum vg_status intern_rules(
    struct vg_store *s, struct vg_str rules, int64_t *ret, struct vg_error *err)
{
	static const enum vg_sql steps[] = {VG_SQL_RULESET_FIND, VG_SQL_RULESET_ADD};
	enum vg_status st = VG_E_NOT_FOUND;

	for (size_t i = 0; i < 2 && st == VG_E_NOT_FOUND; i++) {
		struct vg_stmt *q = NULL;

		st = vg_db_prepare(s->db, steps[i], &q, err);
		if (st != VG_OK)
			return st;
		vg_bind_text(q, 1, rules);
		vg_bind_text(q, 2, vg_str(s->readers));
		st = vg_stmt_step(q, err);
		if (st == VG_OK)
			*ret = vg_column_int(q, 0);
		vg_stmt_end(q);
	}
	return st;
}

static enum vg_status load(
    struct vg_page_work *w, const struct vg_analysis *a, struct vg_error *err)
{
	enum vg_status st = vg_capture_get(w->s, w->arena, &a->capture, &w->row, err);

	if (st == VG_E_NOT_FOUND)
		return vg_fail(
		    err, VG_E_INVALID, "analysis of a capture that is not here");
	if (st == VG_OK)
		st = vg_store_site(w->s, w->row.capture.site, &w->site, err);
	if (st == VG_OK)
		st = intern_rules(w->s, a->rules, &w->ruleset, err);
	w->rules = a->rules;
	w->page = a->page;
	w->scan = vg_json_get(a->page, "scan");
	w->plugin = vg_member_text(w->arena, a->page, "plugin");
	w->title = vg_member_text(w->arena, a->page, "title");
	w->verdict = vg_member_text(w->arena, w->scan, "verdict");
	return st;
}

static enum vg_status record(struct vg_page_work *w, const struct vg_analysis *a,
    struct vg_analysis_recorded *ret, struct vg_error *err)
{
	struct vg_analysis_recorded made = {0};
	struct previous before = {0};
	int64_t seq, robots;
	enum vg_status st = load(w, a, err);
	bool had;

	if (st != VG_OK)
		return st;
	seq = w->row.capture.seq;
	robots = (vg_json_get_true(a->page, "noindex") ? 1 : 0) +
		 (vg_json_get_true(a->page, "nofollow") ? 2 : 0);
	st = read_previous(w->s, &w->row, &before, err);
	had = st == VG_OK;
	if (st == VG_E_NOT_FOUND)
		st = VG_OK;
	/* An older capture that was analysed late says nothing about today. */
	made.unchanged =
	    had && (before.capture > seq || (before.ruleset == w->ruleset &&
						before.payload == w->row.payload_blob));
	if (st == VG_OK && made.unchanged) {
		st = seen_again(w->s, &before, seq, err);
	} else if (st == VG_OK) {
		if (had)
			st = retire(w->s, &before, err);
		if (st == VG_OK)
			st = add_rows(w, had ? before.capture : 0, &made, err);
	}
	if (st == VG_OK)
		st = run_refs(w->s, VG_SQL_VISIT_ANALYSED, seq, &robots, err);
	if (st == VG_OK)
		*ret = made;
	return st;
}

enum vg_status vg_store_record_analysis(struct vg_store *s,
    const struct vg_analysis *analysis, struct vg_analysis_recorded *ret,
    struct vg_error *err)
{
	struct vg_page_work w = {.s = s};
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK && !(w.arena = vg_arena_new(ARENA_MAX)))
		st = vg_fail(err, VG_E_NOMEM, "out of memory");
	if (st == VG_OK)
		st = record(&w, analysis, ret, err);
	vg_arena_free(w.arena);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_judge_by(struct vg_store *s, struct vg_str rules,
    const char readers[VG_SHA256_HEX], struct vg_error *err)
{
	enum vg_status st = vg_store_check_open(s, err);

	memcpy(s->readers, readers, sizeof(s->readers));
	if (st == VG_OK)
		st = intern_rules(s, rules, &s->ruleset, err);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_record_unchanged(
    struct vg_store *s, const struct vg_digest *capture, struct vg_error *err)
{
	struct vg_arena *arena = vg_arena_new(1u << 20);
	struct vg_capture_row row = {0};
	struct previous before = {0};
	int64_t body = 0;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK && !arena)
		st = vg_fail(err, VG_E_NOMEM, "out of memory");
	if (st == VG_OK)
		st = vg_capture_get(s, arena, capture, &row, err);
	if (st == VG_OK)
		st = read_previous(s, &row, &before, err);
	if (st == VG_OK)
		st = vg_capture_last_body(
		    s, row.capture.leaf.url, row.fingerprint, &body, err);
	if (st == VG_OK && (before.payload != body || before.ruleset != s->ruleset))
		st = vg_fail(err, VG_E_NOT_FOUND, "its last body was not judged");
	if (st == VG_OK)
		st = seen_again(s, &before, row.capture.seq, err);
	vg_arena_free(arena);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_record_problem(struct vg_store *s,
    const struct vg_digest *capture, int64_t now, struct vg_str reason, bool retry,
    int64_t *ret_count, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	int64_t seq = 0;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_store_capture_seq(s, capture, &seq, err);
	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_VISIT_PROBLEM, &q, err);
	if (st == VG_OK) {
		vg_bind_int(q, 1, seq);
		vg_bind_int(q, 2, retry);
		vg_bind_int(q, 3, now);
		vg_bind_text(q, 4, vg_str_sub(reason, 0, MAX_TEXT));
		st = vg_stmt_step(q, err);
		if (st == VG_OK && ret_count)
			*ret_count = vg_column_int(q, 0);
		vg_stmt_end(q);
	}
	return vg_store_settle(s, st);
}
