/* SPDX-License-Identifier: MIT */
/* Claims about a page become findings on the listings that they were read in. */
#include "config.h"

#include <string.h>

#include "base/limits.h"
#include "store/finding_priv.h"

#define MAX_NAMES 4 /* substances or species named in `what` */

static const char *const severities[] = {"low", "medium", "high", "critical"};

const char *vg_severity_word(int64_t severity)
{
	return severity >= 0 && severity < 4 ? severities[severity] : "low";
}

int64_t vg_severity_rank(struct vg_str word)
{
	for (int64_t i = 0; i < 4; i++)
		if (vg_str_eqz(word, severities[i]))
			return i;
	return 0;
}

static double member_real(const struct vg_json *object, const char *key)
{
	double value = 0;

	return vg_json_to_double(vg_json_get(object, key), &value) ? value : 0;
}

/* Whether a thing with a span stands inside a listing; the page holds everything. */
static bool inside(const struct vg_page_work *w, const struct vg_page_listing *l,
    const struct vg_json *thing)
{
	return l == &w->self || w->listing_count == 1 ||
	       (vg_member_int(thing, "start") >= l->start &&
		   vg_member_int(thing, "end") <= l->end);
}

/* Whether a thing with a span stands inside any listing of the page. */
static bool inside_any(const struct vg_page_work *w, const struct vg_json *thing)
{
	for (size_t i = 0; i < w->listing_count; i++)
		if (inside(w, &w->listings[i], thing))
			return true;
	return false;
}

/* The weightiest reason of a claim inside a listing that speaks for it; NULL: none does. */
static const struct vg_json *best_reason(const struct vg_page_work *w,
    const struct vg_page_listing *l, const struct vg_json *claim)
{
	const struct vg_json *best = NULL;

	for (const struct vg_json *r = vg_member_list(claim, "why"); r; r = r->next)
		if (member_real(r, "weight") > 0 && inside(w, l, r) &&
		    (!best || member_real(r, "weight") > member_real(best, "weight")))
			best = r;
	return best;
}

/*
 * What to quote for a listing: the key reason when it stands there or, like a banner, in no listing
 * at all; else the weightiest one there, or of the page.
 */
static const struct vg_json *telling_reason(const struct vg_page_work *w,
    const struct vg_page_listing *l, const struct vg_json *claim)
{
	const struct vg_json *best;

	for (const struct vg_json *r = vg_member_list(claim, "why"); r; r = r->next)
		if (vg_json_get_true(r, "key") && (inside(w, l, r) || !inside_any(w, r)))
			return r;
	best = best_reason(w, l, claim);
	return best ? best : best_reason(w, &w->self, claim);
}

/* The highest severity among the medicines that a listing offers; -1: none. */
static int64_t offered_severity(
    const struct vg_page_work *w, const struct vg_page_listing *l)
{
	int64_t highest = -1;

	for (const struct vg_json *s = vg_member_list(w->scan, "substances"); s;
	     s = s->next) {
		int64_t rank = vg_severity_rank(vg_json_get_str(s, "severity"));

		if (vg_json_get_true(s, "offered") && vg_json_get_str(s, "severity").len &&
		    inside(w, l, s) && rank > highest)
			highest = rank;
	}
	return highest;
}

static bool is_rx(const struct vg_json *claim)
{
	return vg_str_eqz(vg_json_get_str(claim, "family"), "rx");
}

/* Of what the listing itself offers; of the claim when it offers nothing we know by name. */
static int64_t severity(const struct vg_page_work *w, const struct vg_page_listing *l,
    const struct vg_json *claim)
{
	int64_t offered = is_rx(claim) ? offered_severity(w, l) : -1;

	return offered >= 0 ? offered
			    : vg_severity_rank(vg_json_get_str(claim, "severity"));
}

/* Appends distinct names, "a, b", of the things in a list that stand inside the listing. */
static void add_names(const struct vg_page_work *w, const struct vg_page_listing *l,
    const struct vg_json *list, const char *member, bool offered_only,
    struct vg_buf *out)
{
	struct vg_str names[MAX_NAMES];
	size_t count = 0;

	for (const struct vg_json *t = list; t && count < MAX_NAMES; t = t->next) {
		struct vg_str name = vg_json_get_str(t, member);
		bool again = false;

		if (!name.len || !inside(w, l, t) ||
		    (offered_only && !vg_json_get_true(t, "offered")))
			continue;
		for (size_t i = 0; i < count; i++)
			again = again || vg_str_eq(names[i], name);
		if (again)
			continue;
		if (count)
			vg_buf_addz(out, ", ");
		vg_buf_adds(out, name);
		names[count++] = name;
	}
}

/* What is sold, or the kind of scam, for people. */
static struct vg_str what(const struct vg_page_work *w, const struct vg_page_listing *l,
    const struct vg_json *claim)
{
	struct vg_str family = vg_json_get_str(claim, "family");
	struct vg_buf out = VG_BUF_INIT(4096);
	struct vg_str ret;

	if (is_rx(claim)) {
		const struct vg_json *all = vg_member_list(w->scan, "substances");

		add_names(w, l, all, "inn", true, &out);
		if (!out.len)
			add_names(w, &w->self, all, "inn", true, &out);
		if (!out.len)
			add_names(w, l, all, "inn", false, &out);
	} else if (vg_str_eqz(family, "wildlife")) {
		add_names(
		    w, l, vg_member_list(w->scan, "species"), "name", false, &out);
	}
	if (!out.len && is_rx(claim))
		vg_buf_adds(&out, l->title);
	if (!out.len) {
		vg_buf_adds(&out, vg_json_get_str(claim, "subkind"));
		for (size_t i = 0; i < out.len; i++)
			if (out.ptr[i] == '_')
				out.ptr[i] = ' ';
	}
	ret = vg_clean_text(w->arena, vg_buf_str(&out), 500);
	vg_buf_release(&out);
	return ret;
}

static void price(const struct vg_page_work *w, const struct vg_page_listing *l,
    struct vg_str *ret_price, struct vg_str *ret_currency)
{
	*ret_price = l->price;
	*ret_currency = l->currency;
	for (const struct vg_json *o = vg_member_list(w->scan, "offers"); o;
	     o = o->next) {
		struct vg_str value = vg_json_get_str(o, "price");

		if (!value.len || !inside(w, l, o))
			continue;
		*ret_price = vg_clean_text(w->arena, value, 64);
		*ret_currency =
		    vg_clean_text(w->arena, vg_json_get_str(o, "currency"), 16);
		return;
	}
}

static enum vg_status add_finding(struct vg_page_work *w,
    const struct vg_page_listing *l, const struct vg_json *claim,
    struct vg_analysis_recorded *made, struct vg_error *err)
{
	const struct vg_json *reason = telling_reason(w, l, claim);
	struct vg_str family = vg_member_text(w->arena, claim, "family");
	struct vg_str amount, currency;
	struct vg_digest id;
	struct vg_stmt *q = NULL;
	int64_t changes = 0;
	enum vg_status st =
	    vg_finding_id(&w->row.capture.id, &l->key, family, w->rules, &id, err);

	if (st == VG_OK)
		st = vg_db_prepare(w->s->db, VG_SQL_FINDING_ADD, &q, err);
	if (st != VG_OK)
		return st;
	price(w, l, &amount, &currency);
	vg_bind_digest(q, 1, &id);
	vg_bind_int(q, 2, w->row.capture.seq);
	vg_bind_int(q, 3, l->id);
	vg_bind_ref(q, 4, w->site);
	vg_bind_int(q, 5, w->ruleset);
	vg_bind_text(q, 6, w->verdict);
	vg_bind_text(q, 7, family);
	vg_bind_text(q, 8, vg_member_text(w->arena, claim, "subkind"));
	vg_bind_int(q, 9, severity(w, l, claim));
	vg_bind_real(q, 10, member_real(claim, "confidence"));
	vg_bind_text(q, 11, what(w, l, claim));
	vg_bind_text(q, 12, amount);
	vg_bind_text(q, 13, currency);
	vg_bind_text(q, 14, vg_member_text(w->arena, reason, "quote"));
	vg_bind_text(q, 15, vg_member_text(w->arena, reason, "rule"));
	vg_bind_int(q, 16, vg_member_int(reason, "start"));
	vg_bind_int(q, 17, vg_member_int(reason, "end"));
	st = vg_stmt_run(q, &changes, err);
	made->findings += st == VG_OK && changes;
	made->new_findings += st == VG_OK && changes;
	return st;
}

/*
 * The finding goes to each listing that holds a reason or offers a medicine; to the page when none
 * does: a banner that speaks for the whole shop is nobody's listing.
 */
static enum vg_status add_claim(struct vg_page_work *w, const struct vg_json *claim,
    struct vg_analysis_recorded *made, struct vg_error *err)
{
	bool placed = false;
	enum vg_status st = VG_OK;

	for (size_t i = 0; st == VG_OK && i < w->listing_count; i++) {
		const struct vg_page_listing *l = &w->listings[i];
		bool here = best_reason(w, l, claim) ||
			    (is_rx(claim) && offered_severity(w, l) >= 0);

		placed = placed || here;
		if (here)
			st = add_finding(w, l, claim, made, err);
	}
	if (st != VG_OK || placed)
		return st;
	st = vg_page_self(w, made, err);
	if (st == VG_OK)
		st = add_finding(w, &w->self, claim, made, err);
	return st;
}

/* The claim with the highest confidence of each family first: it names the finding. */
static const struct vg_json *next_claim(
    const struct vg_json *first, const struct vg_json **done, size_t count)
{
	const struct vg_json *best = NULL;

	for (const struct vg_json *c = first; c; c = c->next) {
		bool taken = c->type != VG_JSON_OBJECT;

		for (size_t i = 0; i < count; i++)
			taken = taken || done[i] == c;
		if (!taken && (!best || member_real(c, "confidence") >
					    member_real(best, "confidence")))
			best = c;
	}
	return best;
}

enum vg_status vg_page_add_findings(
    struct vg_page_work *w, struct vg_analysis_recorded *made, struct vg_error *err)
{
	const struct vg_json *claims = vg_member_list(w->scan, "claims");
	const struct vg_json *done[64], *claim;
	size_t count = 0;
	enum vg_status st = VG_OK;

	while (st == VG_OK && count < sizeof(done) / sizeof(done[0]) &&
	       (claim = next_claim(claims, done, count))) {
		done[count++] = claim;
		st = add_claim(w, claim, made, err);
	}
	return st;
}
