/* SPDX-License-Identifier: MIT */
/* store/verify and the guards: evidence changes for nobody, and tampering shows. */
#include "config.h"

#include "support/store_case.h"

#include "store/sqlite_priv.h"
#include "store/store_priv.h"

static int tamper(struct store_case *c, const char *sql)
{
	sqlite3 *raw = NULL;
	int code = sqlite3_open(c->path, &raw);

	if (code == SQLITE_OK)
		code = sqlite3_exec(raw, sql, NULL, NULL, NULL);
	sqlite3_close(raw);
	return code;
}

static void note(void *ctx, const char *what)
{
	snprintf(ctx, 256, "%s", what);
}

static void fill(struct store_case *c)
{
	char body[4000];

	for (int i = 0; i < 12; i++) {
		size_t len = 0;

		for (int j = 0; j < 60; j++)
			len += (size_t)snprintf(body + len, sizeof(body) - len,
			    "<li>item %d of page %d, price %d</li>\n", j, i, i * j);
		snprintf(body + len, sizeof(body) - len, "<p>%d</p>", i);
		store_case_record(c,
		    i % 3 ? "http://shop.example/a" : "http://shop.example/b", body, i);
	}
}

static void evidence__update_delete_replace__fail_by_trigger(void **state)
{
	static const char *const attempts[] = {
	    "UPDATE capture SET url = 'http://other.example/'",
	    "UPDATE blob SET length = 1",
	    "UPDATE log_leaf SET hash = zeroblob(32) WHERE seq = 0",
	    "DELETE FROM capture WHERE seq = 1",
	    "DELETE FROM blob",
	    "DELETE FROM log_leaf",
	    ("INSERT OR REPLACE INTO log_leaf SELECT seq, kind, zeroblob(32) FROM "
	     "log_leaf WHERE seq = 0"),
	    "INSERT OR REPLACE INTO blob SELECT id, zeroblob(32), 7 FROM blob",
	    "INSERT OR REPLACE INTO capture SELECT * FROM capture WHERE seq = 2",
	};
	struct store_case *c = *state;
	int64_t faults = 99;

	fill(c);
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		assert_int_equal(tamper(c, attempts[i]) & 0xff, SQLITE_CONSTRAINT);
	assert_status(vg_store_verify(c->s, NULL, NULL, &faults, NULL), VG_OK);
	assert_int_equal(faults, 0);
}

static void evidence__own_connection__may_not_even_ask(void **state)
{
	static const char *const denied[] = {"UPDATE capture SET status = 1",
	    "DELETE FROM blob", "DROP TABLE capture", "DROP TRIGGER blob_delete",
	    "PRAGMA writable_schema = ON", "ATTACH ':memory:' AS other"};
	struct store_case *c = *state;

	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++)
		assert_int_equal(sqlite3_exec(vg_sqlite_handle(c->s->db), denied[i],
				     NULL, NULL, NULL),
		    SQLITE_AUTH);
}

static void commit__not_through_the_store__is_vetoed(void **state)
{
	struct store_case *c = *state;

	assert_int_not_equal(
	    sqlite3_exec(vg_sqlite_handle(c->s->db),
		"INSERT INTO site (name) VALUES ('stray')", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(vg_sqlite_handle(c->s->db), "BEGIN", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(vg_sqlite_handle(c->s->db),
		"INSERT INTO site (name) VALUES ('stray')", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_not_equal(
	    sqlite3_exec(vg_sqlite_handle(c->s->db), "COMMIT", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_false(vg_store_in_transaction(c->s));
}

static void store_verify__tampering__is_named(void **state)
{
	/* The trigger dropped first, as somebody with the file could; and put back. */
	static const struct {
		const char *sql, *expect;
	} cases[] = {
	    {"DROP TRIGGER capture_update; UPDATE capture SET status = 404 WHERE seq = "
	     "3",
		"capture 3: its fields"},
	    {"DROP TRIGGER capture_delete", "schema: missing: trigger capture_delete"},
	    {"UPDATE blob_data SET bytes = zeroblob(length(bytes)) WHERE blob = 4",
		"blob "},
	    {"DELETE FROM blob_data WHERE blob = (SELECT max(blob) FROM blob_data)",
		"its bytes are missing"},
	    {"UPDATE blob_data SET base = blob, encoding = 2 WHERE blob = 4",
		"bases in a row"},
	    {"CREATE TRIGGER extra AFTER INSERT ON url BEGIN SELECT 1; END",
		"schema: not ours: trigger extra"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store_case *c;
		char last[256] = "";
		int64_t faults = 0;
		bool found = false;

		(void)state;
		store_case_setup((void **)&c);
		fill(c);
		assert_int_equal(tamper(c, cases[i].sql), SQLITE_OK);
		vg_store_close(c->s);
		store_case_open(c);
		assert_status(vg_store_verify(c->s, note, last, &faults, NULL), VG_OK);
		found = faults > 0 && strstr(last, cases[i].expect);
		if (!found)
			print_error("case %zu: %lld faults, last: %s\n", i,
			    (long long)faults, last);
		assert_true(found);
		store_case_teardown((void **)&c);
	}
}

static void store_read_blob__each_chained_page__comes_back_whole(void **state)
{
	struct store_case *c = *state;
	struct vg_store_capture *all = NULL;
	struct vg_store_counts counts;
	size_t count = 0;

	fill(c);
	vg_store_close(c->s);
	store_case_open(c);
	assert_status(
	    vg_store_list_captures(c->s, c->arena, 0, 99, &all, &count, NULL), VG_OK);
	assert_int_equal(count, 12);
	for (size_t i = 0; i < count; i++) {
		struct vg_buf body = VG_BUF_INIT(10000);
		struct vg_digest found;

		assert_status(
		    vg_store_read_blob(c->s, &all[i].leaf.payload.digest, &body, NULL),
		    VG_OK);
		assert_status(vg_sha256(vg_buf_str(&body), &found, NULL), VG_OK);
		assert_true(vg_digest_eq(&found, &all[i].leaf.payload.digest));
		vg_buf_release(&body);
	}
	assert_status(vg_store_count(c->s, 0, &counts, NULL), VG_OK);
	assert_true(counts.stored_bytes < counts.blob_bytes / 6);
}

static void store_read_blob__unknown_or_too_large__says_so(void **state)
{
	struct store_case *c = *state;
	struct vg_recorded r = store_case_record(c, "http://shop.example/", "12345", 1);
	struct vg_store_capture got;
	struct vg_digest unknown = {{0}};
	struct vg_buf small = VG_BUF_INIT(3);

	assert_status(vg_store_get_capture(c->s, c->arena, &r.id, &got, NULL), VG_OK);
	assert_status(vg_store_read_blob(c->s, &got.leaf.payload.digest, &small, NULL),
	    VG_E_TOO_LARGE);
	assert_status(vg_store_read_blob(c->s, &unknown, &small, NULL), VG_E_NOT_FOUND);
	vg_buf_release(&small);
}

#define STORE_TEST(f)                                                                  \
	cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(evidence__update_delete_replace__fail_by_trigger),
	    STORE_TEST(evidence__own_connection__may_not_even_ask),
	    STORE_TEST(commit__not_through_the_store__is_vetoed),
	    cmocka_unit_test(store_verify__tampering__is_named),
	    STORE_TEST(store_read_blob__each_chained_page__comes_back_whole),
	    STORE_TEST(store_read_blob__unknown_or_too_large__says_so),
	};

	return cmocka_run_group_tests_name("store/verify", tests, NULL, NULL);
}
