/* SPDX-License-Identifier: MIT */
/* store/store: opening, transactions, locks, full disks, captures as they come back. */
#include "config.h"

#include "support/store_case.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "store/sqlite_priv.h"
#include "store/store_priv.h"

static void store_create__existing_path__is_refused_and_kept(void **state)
{
	struct store_case *c = *state;
	struct vg_error err;

	store_case_record(c, "http://shop.example/", "body", 1);
	assert_status(vg_store_create(c->path, &err), VG_E_INVALID);
	assert_non_null(strstr(err.msg, c->path));
	struct vg_store_counts counts;

	assert_status(vg_store_count(c->s, 0, &counts, NULL), VG_OK);
	assert_int_equal(counts.captures, 1);
}

static void store_create__new_file__is_private(void **state)
{
	struct store_case *c = *state;
	struct stat st;

	assert_int_equal(stat(c->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void store_open__what_is_no_database__is_named(void **state)
{
	struct store_case *c = *state;
	struct vg_store *s = NULL;
	struct vg_error err;
	char path[128];

	snprintf(path, sizeof(path), "%s-copy", c->path);
	assert_status(vg_store_open(path, VG_STORE_READ, &s, &err), VG_E_NOT_FOUND);
	write_text(path, "");
	assert_status(vg_store_open(path, VG_STORE_WRITE, &s, &err), VG_E_INVALID);
	write_text(
	    path, "this is a text file of some length, and no database at all\n");
	assert_status(vg_store_open(path, VG_STORE_READ, &s, &err), VG_E_INVALID);
	assert_non_null(strstr(err.msg, path));
	assert_null(s);
}

static void store_record_fetch__capture__reads_back_as_recorded(void **state)
{
	struct store_case *c = *state;
	struct vg_fetch_record record =
	    store_case_fetch("https://shop.example/?q=1", "", 1234567);
	struct vg_recorded made;
	struct vg_store_capture got;
	struct vg_buf body = VG_BUF_INIT(1000);

	record.leaf.tls_version = VG_STR("TLSv1.3");
	record.leaf.tls_cipher = VG_STR("TLS_AES_128_GCM_SHA256");
	record.leaf.notes = VG_STR("truncated");
	record.chain = VG_STR("-----BEGIN CERTIFICATE-----\n");
	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
	assert_status(vg_store_record_fetch(c->s, &record, &made, NULL), VG_OK);
	assert_status(vg_store_commit(c->s, NULL), VG_OK);
	assert_false(made.had_previous);
	assert_status(
	    vg_store_get_capture(c->s, c->arena, &made.id, &got, NULL), VG_OK);
	assert_int_equal(got.seq, 0);
	assert_true(vg_str_eqz(got.site, "shop"));
	assert_true(vg_str_eqz(got.leaf.url, "https://shop.example/?q=1"));
	assert_int_equal(got.leaf.started, 1234567);
	assert_true(vg_str_eqz(got.leaf.tls_version, "TLSv1.3"));
	assert_true(vg_str_eqz(got.leaf.notes, "truncated"));
	/* An empty payload is a payload; see the next test for none. */
	assert_true(got.leaf.payload.present);
	assert_false(got.leaf.previous.present);
	assert_status(
	    vg_store_read_blob(c->s, &got.leaf.chain.digest, &body, NULL), VG_OK);
	assert_true(vg_str_eqz(vg_buf_str(&body), "-----BEGIN CERTIFICATE-----\n"));
	vg_buf_release(&body);
}

static void store_record_fetch__failed_fetch__has_no_bodies(void **state)
{
	struct store_case *c = *state;
	struct vg_fetch_record record = store_case_fetch("http://gone.example/", "", 5);
	struct vg_recorded made;
	struct vg_store_capture got;

	record.leaf.outcome = VG_STR("dns");
	record.leaf.detail = VG_STR("no such name");
	record.leaf.status = 0;
	record.request_head = record.response_head = record.payload =
	    (struct vg_str){NULL, 0};
	record.unjudged = VG_STR("an error");
	record.depth = 3;
	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
	assert_status(vg_store_record_fetch(c->s, &record, &made, NULL), VG_OK);
	assert_status(vg_store_commit(c->s, NULL), VG_OK);
	assert_status(
	    vg_store_get_capture(c->s, c->arena, &made.id, &got, NULL), VG_OK);
	assert_false(got.leaf.payload.present);
	assert_false(got.leaf.request_head.present);
	assert_true(vg_str_eqz(got.leaf.detail, "no such name"));
	assert_int_equal(got.depth, 3);
	assert_true(vg_str_eqz(got.reason, "an error"));
}

static void store_record_fetch__same_page_again__links_back(void **state)
{
	struct store_case *c = *state;
	struct vg_recorded first =
	    store_case_record(c, "http://shop.example/", "one", 1);
	struct vg_recorded again =
	    store_case_record(c, "http://shop.example/", "one", 2);
	struct vg_recorded other =
	    store_case_record(c, "http://shop.example/", "two", 3);
	struct vg_store_capture got;
	struct vg_store_counts counts;

	assert_true(again.had_previous && again.unchanged);
	assert_true(other.had_previous && !other.unchanged);
	assert_status(
	    vg_store_get_capture(c->s, c->arena, &again.id, &got, NULL), VG_OK);
	assert_true(vg_digest_eq(&got.leaf.previous.digest, &first.id));
	assert_status(vg_store_latest_capture(
			  c->s, c->arena, VG_STR("http://shop.example/"), &got, NULL),
	    VG_OK);
	assert_true(vg_digest_eq(&got.id, &other.id));
	/* request, response, "one", "two": each kept once */
	assert_status(vg_store_count(c->s, 0, &counts, NULL), VG_OK);
	assert_int_equal(counts.blobs, 4);
	assert_int_equal(counts.pending, 3);
}

static void store_record_fetch__redirect__names_its_parent(void **state)
{
	struct store_case *c = *state;
	struct vg_recorded from = store_case_record(c, "http://shop.example/a", "", 1),
			   to;
	struct vg_fetch_record record =
	    store_case_fetch("http://shop.example/b", "x", 2);
	struct vg_store_capture got;
	struct vg_error err;

	record.leaf.parent.present = true;
	record.leaf.parent.digest = from.id;
	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
	assert_status(vg_store_record_fetch(c->s, &record, &to, NULL), VG_OK);
	assert_status(vg_store_commit(c->s, NULL), VG_OK);
	assert_status(vg_store_get_capture(c->s, c->arena, &to.id, &got, NULL), VG_OK);
	assert_true(vg_digest_eq(&got.leaf.parent.digest, &from.id));
	record.leaf.parent.digest.bytes[0] ^= 1;
	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
	assert_status(vg_store_record_fetch(c->s, &record, &to, &err), VG_E_INVALID);
	assert_false(vg_store_in_transaction(c->s));
}

static void store_record_fetch__outside_a_transaction__is_refused(void **state)
{
	struct store_case *c = *state;
	struct vg_fetch_record record =
	    store_case_fetch("http://shop.example/", "x", 2);
	struct vg_recorded made;

	assert_status(vg_store_record_fetch(c->s, &record, &made, NULL), VG_E_INTERNAL);
}

static void store_begin__twice__names_both_places(void **state)
{
	struct store_case *c = *state;
	struct vg_error err;

	assert_status(vg_store_begin(c->s, "first.c", 11, NULL), VG_OK);
	assert_status(vg_store_begin(c->s, "second.c", 22, &err), VG_E_INTERNAL);
	assert_non_null(strstr(err.msg, "first.c:11"));
	assert_non_null(strstr(err.msg, "second.c:22"));
	assert_true(vg_store_in_transaction(c->s));
	vg_store_rollback(c->s);
}

static void store_rollback__recorded_page__is_gone(void **state)
{
	struct store_case *c = *state;
	struct vg_fetch_record record =
	    store_case_fetch("http://shop.example/", "x", 2);
	struct vg_recorded made;
	struct vg_store_capture got;

	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
	assert_status(vg_store_record_fetch(c->s, &record, &made, NULL), VG_OK);
	vg_store_rollback(c->s);
	assert_status(
	    vg_store_get_capture(c->s, c->arena, &made.id, &got, NULL), VG_E_NOT_FOUND);
	/* and the store works on, with nothing remembered of it */
	store_case_record(c, "http://shop.example/", "x", 3);
}

static void store_begin__locked_by_another__is_busy_with_a_hint(void **state)
{
	struct store_case *c = *state;
	struct vg_store *other = NULL;
	struct vg_error err;

	assert_status(vg_store_open(c->path, VG_STORE_WRITE, &other, NULL), VG_OK);
	sqlite3_busy_timeout(vg_sqlite_handle(other->db), 50);
	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
	assert_status(vg_store_begin(other, VG_HERE, &err), VG_E_BUSY);
	assert_non_null(strstr(err.msg, c->path));
	assert_non_null(strstr(err.msg, "another process"));
	assert_status(vg_store_commit(c->s, NULL), VG_OK);
	assert_status(vg_store_begin(other, VG_HERE, NULL), VG_OK);
	vg_store_close(other);
}

static void store_open__to_read__sees_commits_and_cannot_write(void **state)
{
	struct store_case *c = *state;
	struct vg_store *reader = NULL;
	struct vg_store_counts counts;

	assert_status(vg_store_open(c->path, VG_STORE_READ, &reader, NULL), VG_OK);
	store_case_record(c, "http://shop.example/", "x", 2);
	assert_status(vg_store_count(reader, 0, &counts, NULL), VG_OK);
	assert_int_equal(counts.captures, 1);
	assert_status(vg_store_begin(reader, VG_HERE, NULL), VG_E_INTERNAL);
	vg_store_close(reader);
}

/* A disk that fills in the middle of a group of pages: all or nothing, and it opens again. */
static void store_record_fetch__disk_full__keeps_what_was_committed(void **state)
{
	struct store_case *c = *state;
	struct vg_error err = {0};
	struct vg_store_counts counts;
	char *page = malloc(60001);
	enum vg_status st = VG_OK;
	unsigned seed = 7;

	assert_non_null(page);
	store_case_record(c, "http://shop.example/kept", "kept", 1);
	/* The authorizer denies the pragma that fills our disk. */
	sqlite3_set_authorizer(vg_sqlite_handle(c->s->db), NULL, NULL);
	assert_int_equal(sqlite3_exec(vg_sqlite_handle(c->s->db),
			     "PRAGMA max_page_count = 100", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_status(vg_store_begin(c->s, VG_HERE, NULL), VG_OK);
	for (int i = 0; st == VG_OK && i < 100; i++) {
		struct vg_recorded made;
		char url[64];

		for (size_t j = 0; j < 60000; j++) {
			seed = seed * 1103515245 + 12345;
			page[j] = (char)('!' + (seed >> 16) % 90);
		}
		page[60000] = '\0';
		snprintf(url, sizeof(url), "http://shop.example/%d", i);
		struct vg_fetch_record record = store_case_fetch(url, page, 2);

		st = vg_store_record_fetch(c->s, &record, &made, &err);
	}
	free(page);
	assert_status(st, VG_E_IO);
	assert_non_null(strstr(err.msg, c->path));
	assert_non_null(strstr(err.msg, "disk full"));
	assert_false(vg_store_in_transaction(c->s));
	vg_store_close(c->s);
	store_case_open(c);
	assert_status(vg_store_count(c->s, 0, &counts, NULL), VG_OK);
	assert_int_equal(counts.captures, 1);
	store_case_record(c, "http://shop.example/after", "after", 3);
}

static void store_list_captures__in_batches__gives_all_in_order(void **state)
{
	struct store_case *c = *state;
	struct vg_store_capture *rows = NULL;
	size_t count = 0;

	for (int i = 0; i < 5; i++)
		store_case_record(c, "http://shop.example/", i % 2 ? "a" : "b", i);
	assert_status(
	    vg_store_list_captures(c->s, c->arena, 1, 3, &rows, &count, NULL), VG_OK);
	assert_int_equal(count, 3);
	assert_int_equal(rows[0].seq, 1);
	assert_int_equal(rows[2].seq, 3);
	assert_status(
	    vg_store_list_captures(c->s, c->arena, 5, 3, &rows, &count, NULL), VG_OK);
	assert_int_equal(count, 0);
}

#define STORE_TEST(f)                                                                  \
	cmocka_unit_test_setup_teardown(f, store_case_setup, store_case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(store_create__existing_path__is_refused_and_kept),
	    STORE_TEST(store_create__new_file__is_private),
	    STORE_TEST(store_open__what_is_no_database__is_named),
	    STORE_TEST(store_record_fetch__capture__reads_back_as_recorded),
	    STORE_TEST(store_record_fetch__failed_fetch__has_no_bodies),
	    STORE_TEST(store_record_fetch__same_page_again__links_back),
	    STORE_TEST(store_record_fetch__redirect__names_its_parent),
	    STORE_TEST(store_record_fetch__outside_a_transaction__is_refused),
	    STORE_TEST(store_begin__twice__names_both_places),
	    STORE_TEST(store_rollback__recorded_page__is_gone),
	    STORE_TEST(store_begin__locked_by_another__is_busy_with_a_hint),
	    STORE_TEST(store_open__to_read__sees_commits_and_cannot_write),
	    STORE_TEST(store_record_fetch__disk_full__keeps_what_was_committed),
	    STORE_TEST(store_list_captures__in_batches__gives_all_in_order),
	};

	return cmocka_run_group_tests_name("store/store", tests, NULL, NULL);
}
