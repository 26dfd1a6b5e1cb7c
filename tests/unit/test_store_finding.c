/* SPDX-License-Identifier: MIT */
/* store/finding: what analysis says becomes rows, once, with history and short names. */
#include "config.h"

#include "support/store_case.h"

static const char page[] =
    "{\"title\":\"Botica\",\"plugin\":\"generic\",\"listings\":["
    "{\"kind\":\"item\",\"natural_key\":\"t1\",\"start\":100,\"end\":200,"
    "\"fields\":{\"title\":\"Tramadol 50 "
    "mg\",\"price\":\"19.90\",\"currency\":\"USD\"}},"
    "{\"kind\":\"item\",\"natural_key\":\"v1\",\"start\":300,\"end\":400,"
    "\"fields\":{\"title\":\"Vitamin C\"}}],"
    "\"scan\":{\"verdict\":\"flagged\",\"claims\":["
    "{\"family\":\"rx\",\"subkind\":\"no_prescription\",\"confidence\":0.9,"
    "\"severity\":\"critical\",\"why\":["
    "{\"rule\":\"rx.small\",\"quote\":\"buy\",\"start\":110,\"end\":113,\"weight\":0.5}"
    ","
    "{\"rule\":\"rx.no\",\"quote\":\"no "
    "prescription\",\"start\":150,\"end\":165,\"weight\":2.5},"
    "{\"rule\":\"rx.against\",\"quote\":\"ask your "
    "doctor\",\"start\":310,\"end\":320,\"weight\":-1}"
    "]}],\"substances\":[{\"inn\":\"tramadol\",\"offered\":true,\"start\":101,\"end\":"
    "109}],"
    "\"offers\":[{\"title\":\"Tramadol\",\"substance\":\"tramadol\",\"price\":\"18."
    "00\","
    "\"currency\":\"EUR\",\"start\":101,\"end\":160}],"
    "\"entities\":[{\"kind\":\"phone\",\"value\":\"+5215550100\",\"start\":1,\"end\":"
    "12}]}}";

static struct vg_finding *list(
    struct store_case *c, struct vg_finding_filter filter, size_t *count)
{
	struct vg_finding *rows = NULL;

	assert_status(
	    vg_store_list_findings(c->s, c->arena, &filter, &rows, count, NULL), VG_OK);
	return rows;
}

static void store_record_analysis__claim_in_a_listing__is_its_finding(void **state)
{
	struct store_case *c = *state;
	struct vg_recorded r = store_case_record(c, "http://shop.example/", "x", 50);
	struct vg_analysis_recorded made = store_case_analyse(c, &r.id, "rules1", page);
	struct vg_finding *rows;
	struct vg_listing listing;
	struct vg_store_counts counts;
	size_t count = 0;

	assert_int_equal(made.listings, 2);
	assert_int_equal(made.findings, 1);
	rows =
	    list(c, (struct vg_finding_filter){.verdict = VG_STR("flagged")}, &count);
	assert_int_equal(count, 1);
	assert_str(rows[0].title, "Tramadol 50 mg");
	assert_str(rows[0].what, "tramadol");
	assert_str(rows[0].price, "18.00");
	assert_str(rows[0].currency, "EUR");
	assert_str(rows[0].severity, "critical");
	assert_str(rows[0].why, "no prescription");
	assert_str(rows[0].why_rule, "rx.no");
	assert_int_equal(rows[0].why_start, 150);
	assert_str(rows[0].site, "shop");
	assert_true(rows[0].confidence > 0.89 && rows[0].confidence < 0.91);
	assert_true(vg_digest_eq(&rows[0].capture, &r.id));
	assert_status(
	    vg_store_get_listing(c->s, c->arena, &rows[0].listing, &listing, NULL),
	    VG_OK);
	assert_str(listing.natural_key, "t1");
	assert_int_equal(listing.start, 100);
	assert_non_null(strstr(listing.fields.ptr, "19.90"));
	assert_status(vg_store_count(c->s, 0, &counts, NULL), VG_OK);
	assert_int_equal(counts.pending, 0);
	assert_int_equal(counts.flagged, 1);
}

static void store_record_analysis__unchanged_page__moves_last_seen_only(void **state)
{
	struct store_case *c = *state;
	struct vg_recorded a = store_case_record(c, "http://shop.example/", "x", 50);
	struct vg_recorded b;
	struct vg_analysis_recorded made;
	struct vg_finding *rows;
	struct vg_str scan;
	size_t count = 0;

	store_case_analyse(c, &a.id, "rules1", page);
	b = store_case_record(c, "http://shop.example/", "x", 90);
	made = store_case_analyse(c, &b.id, "rules1", page);
	assert_true(made.unchanged);
	rows = list(c, (struct vg_finding_filter){.history = true}, &count);
	assert_int_equal(count, 1);
	assert_true(vg_digest_eq(&rows[0].capture, &a.id));
	assert_int_equal(rows[0].first_seen, 50);
	assert_int_equal(rows[0].last_seen, 90);
	assert_status(vg_store_get_scan(c->s, c->arena, &b.id, &scan, NULL), VG_OK);
	assert_true(vg_str_starts(scan, VG_STR("{\"verdict\":\"flagged\"")));
}

static void store_record_analysis__changed_page__retires_old_findings(void **state)
{
	struct store_case *c = *state;
	struct vg_recorded a = store_case_record(c, "http://shop.example/", "x", 50);
	struct vg_recorded b;
	struct vg_finding *rows;
	size_t count = 0;

	store_case_analyse(c, &a.id, "rules1", page);
	b = store_case_record(c, "http://shop.example/", "y", 90);
	store_case_analyse(c, &b.id, "rules1", page);
	rows = list(c, (struct vg_finding_filter){.family = VG_STR("rx")}, &count);
	assert_int_equal(count, 1);
	assert_true(vg_digest_eq(&rows[0].capture, &b.id));
	assert_int_equal(rows[0].first_seen, 50);
	rows = list(c, (struct vg_finding_filter){.history = true}, &count);
	assert_int_equal(count, 2);
	b = store_case_record(c, "http://shop.example/", "z", 95);
	store_case_analyse(
	    c, &b.id, "rules1", "{\"scan\":{\"verdict\":\"clear\",\"claims\":[]}}");
	list(c, (struct vg_finding_filter){.max = 5}, &count);
	assert_int_equal(count, 0);
}

static void store_record_analysis__same_capture_twice__makes_no_double(void **state)
{
	struct store_case *c = *state;
	struct vg_recorded a = store_case_record(c, "http://shop.example/", "x", 50);
	size_t count = 0;

	store_case_analyse(c, &a.id, "rules1", page);
	assert_true(store_case_analyse(c, &a.id, "rules1", page).unchanged);
	list(c, (struct vg_finding_filter){.history = true}, &count);
	assert_int_equal(count, 1);
	/* New rules judge again. */
	assert_int_equal(store_case_analyse(c, &a.id, "rules2", page).new_findings, 1);
	list(c, (struct vg_finding_filter){.max = 9}, &count);
	assert_int_equal(count, 1);
}

static void store_record_analysis__claim_outside_listings__is_the_pages(void **state)
{
	struct store_case *c = *state;
	struct vg_recorded r = store_case_record(c, "http://scam.example/", "x", 50);
	struct vg_finding *rows;
	size_t count = 0;

	store_case_analyse(c, &r.id, "r",
	    "{\"title\":\"Resale\",\"scan\":{\"verdict\":\"review\",\"claims\":["
	    "{\"family\":\"timeshare\",\"subkind\":\"advance_fee\",\"confidence\":0.4,"
	    "\"severity\":\"high\",\"why\":[{\"rule\":\"t\",\"quote\":\"pay \\u0000 "
	    "first\","
	    "\"start\":5,\"end\":9,\"weight\":1}]}]}}");
	rows = list(c, (struct vg_finding_filter){.site = VG_STR("shop")}, &count);
	assert_int_equal(count, 1);
	assert_str(rows[0].url, "http://scam.example/");
	assert_str(rows[0].what, "advance fee");
	assert_str(rows[0].natural_key, "");
	assert_str(rows[0].verdict, "review");
	list(c, (struct vg_finding_filter){.verdict = VG_STR("flagged")}, &count);
	assert_int_equal(count, 0);
	list(c, (struct vg_finding_filter){.since = 51}, &count);
	assert_int_equal(count, 0);
}

/* A shop whose banner speaks for both products, and a third that is no medicine. */
static const char shop[] =
    "{\"listings\":["
    "{\"kind\":\"item\",\"natural_key\":\"a\",\"start\":100,\"end\":200,\"fields\":{}},"
    "{\"kind\":\"item\",\"natural_key\":\"b\",\"start\":200,\"end\":300,\"fields\":{}},"
    "{\"kind\":\"item\",\"natural_key\":\"c\",\"start\":300,\"end\":400,\"fields\":{}}]"
    ","
    "\"scan\":{\"verdict\":\"flagged\",\"claims\":[{\"family\":\"rx\",\"confidence\":0."
    "9,"
    "\"severity\":\"critical\",\"why\":["
    "{\"rule\":\"s\",\"quote\":\"50 mg\",\"start\":110,\"end\":115,\"weight\":2},"
    "{\"rule\":\"n\",\"quote\":\"no "
    "prescription\",\"start\":10,\"end\":25,\"weight\":1,"
    "\"key\":true}]}],"
    "\"substances\":["
    "{\"inn\":\"tramadol\",\"offered\":true,\"severity\":\"critical\",\"start\":101,"
    "\"end\":109},"
    "{\"inn\":\"amoxicillin\",\"offered\":true,\"severity\":\"medium\",\"start\":201,"
    "\"end\":209},"
    "{\"inn\":\"sildenafil\",\"offered\":true,\"severity\":\"low\",\"start\":211,"
    "\"end\":219},"
    "{\"inn\":\"fentanyl\",\"offered\":false,\"severity\":\"critical\",\"start\":221,"
    "\"end\":229}]}}";

static void store_record_analysis__each_listing__has_its_own_severity(void **state)
{
	struct store_case *c = *state;
	struct vg_recorded r = store_case_record(c, "http://shop.example/", "x", 50);
	struct vg_finding *rows;
	size_t count = 0;

	store_case_analyse(c, &r.id, "r", shop);
	rows = list(c, (struct vg_finding_filter){.max = 9}, &count);
	assert_int_equal(count, 2);
	for (size_t i = 0; i < count; i++) {
		bool tramadol = vg_str_eqz(rows[i].natural_key, "a");

		assert_str(rows[i].natural_key, tramadol ? "a" : "b");
		assert_str(rows[i].severity, tramadol ? "critical" : "medium");
		assert_str(
		    rows[i].what, tramadol ? "tramadol" : "amoxicillin, sildenafil");
		/* the banner's words, although others weigh more */
		assert_str(rows[i].why, "no prescription");
		assert_int_equal(rows[i].why_start, 10);
	}
	assert_false(vg_str_eq(rows[0].natural_key, rows[1].natural_key));
}

/* A worker answers for hostile pages: whatever the JSON is, the store stays whole. */
static void store_record_analysis__odd_answers__are_absent_members(void **state)
{
	static const char *const odd[] = {"{}", "[]", "null",
	    "{\"scan\":7,\"listings\":{}}",
	    ("{\"listings\":[null,7,[],{}],\"scan\":{\"claims\":[null,{},{\"why\":[7]}]"
	     ","
	     "\"offers\":[null],\"entities\":[{}],\"substances\":7}}")};
	struct store_case *c = *state;
	int64_t faults = 99;

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		char body[8];

		snprintf(body, sizeof(body), "%zu", i);
		struct vg_recorded r =
		    store_case_record(c, "http://shop.example/", body, 1);

		store_case_analyse(c, &r.id, "r", odd[i]);
	}
	assert_status(vg_store_verify(c->s, NULL, NULL, &faults, NULL), VG_OK);
	assert_int_equal(faults, 0);
}

static void store_find__prefix__names_one_thing_or_its_candidates(void **state)
{
	struct store_case *c = *state;
	struct vg_error err;
	struct vg_digest id;
	enum vg_store_kind kind;
	char hex[VG_SHA256_HEX];

	for (int i = 0; i < 700; i++) {
		struct vg_fetch_record record =
		    store_case_fetch("http://shop.example/", "x", i);
		struct vg_recorded made;

		if (i == 0)
			assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
		assert_status(vg_store_record_fetch(c->s, &record, &made, NULL), VG_OK);
		id = made.id;
	}
	assert_status(vg_store_commit(c->s, NULL), VG_OK);
	vg_hex(id.bytes, sizeof(id.bytes), hex);
	assert_status(
	    vg_store_find(c->s, vg_str_sub(vg_str(hex), 0, 15), &kind, &id, NULL),
	    VG_OK);
	assert_int_equal(kind, VG_KIND_CAPTURE);
	assert_status(
	    vg_store_find(c->s, VG_STR("abc"), &kind, &id, &err), VG_E_INVALID);
	assert_status(
	    vg_store_find(c->s, VG_STR("wxyz"), &kind, &id, &err), VG_E_INVALID);
	assert_status(vg_store_find(c->s, VG_STR("00000000000"), &kind, &id, &err),
	    VG_E_NOT_FOUND);
	/* 700 ids make some pair share four digits: ask for each id's first four. */
	bool ambiguous = false;
	struct vg_store_capture *all = NULL;
	size_t count = 0;

	assert_status(
	    vg_store_list_captures(c->s, c->arena, 0, 1000, &all, &count, NULL), VG_OK);
	for (size_t i = 0; i < count && !ambiguous; i++) {
		vg_hex(all[i].id.bytes, sizeof(all[i].id.bytes), hex);
		ambiguous = vg_store_find(c->s, vg_str_sub(vg_str(hex), 0, 4), &kind,
				&id, &err) == VG_E_INVALID;
	}
	assert_true(ambiguous);
	assert_non_null(strstr(err.msg, "capture "));
	assert_non_null(strstr(err.msg, ", capture "));
}

static void store_record_problem__crashing_page__is_kept_and_counted(void **state)
{
	struct store_case *c = *state;
	struct vg_recorded r = store_case_record(c, "http://shop.example/", "x", 50);
	struct vg_store_capture *pending = NULL;
	struct vg_problem *problems = NULL;
	int64_t times = 0;
	size_t count = 0;

	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
	assert_status(vg_store_record_problem(
			  c->s, &r.id, 60, VG_STR("worker died"), true, &times, NULL),
	    VG_OK);
	assert_int_equal(times, 1);
	assert_status(
	    vg_store_pending(c->s, c->arena, 9, &pending, &count, NULL), VG_OK);
	assert_int_equal(count, 1);
	assert_status(vg_store_record_problem(
			  c->s, &r.id, 61, VG_STR("worker died"), false, &times, NULL),
	    VG_OK);
	assert_int_equal(times, 2);
	assert_status(vg_store_commit(c->s, NULL), VG_OK);
	assert_status(
	    vg_store_pending(c->s, c->arena, 9, &pending, &count, NULL), VG_OK);
	assert_int_equal(count, 0);
	assert_status(
	    vg_store_list_problems(c->s, c->arena, 9, &problems, &count, NULL), VG_OK);
	assert_int_equal(count, 1);
	assert_str(problems[0].reason, "worker died");
	assert_int_equal(problems[0].count, 2);
	store_case_analyse(c, &r.id, "r", page);
	assert_status(
	    vg_store_list_problems(c->s, c->arena, 9, &problems, &count, NULL), VG_OK);
	assert_int_equal(count, 0);
}

#define STORE_TEST(f)                                                                  \
	cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(store_record_analysis__claim_in_a_listing__is_its_finding),
	    STORE_TEST(store_record_analysis__unchanged_page__moves_last_seen_only),
	    STORE_TEST(store_record_analysis__changed_page__retires_old_findings),
	    STORE_TEST(store_record_analysis__same_capture_twice__makes_no_double),
	    STORE_TEST(store_record_analysis__claim_outside_listings__is_the_pages),
	    STORE_TEST(store_record_analysis__each_listing__has_its_own_severity),
	    STORE_TEST(store_record_analysis__odd_answers__are_absent_members),
	    STORE_TEST(store_find__prefix__names_one_thing_or_its_candidates),
	    STORE_TEST(store_record_problem__crashing_page__is_kept_and_counted),
	};

	return cmocka_run_group_tests_name("store/finding", tests, NULL, NULL);
}
