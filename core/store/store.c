/* SPDX-License-Identifier: MIT */
/* Opening a case's database, its transactions, runs and counts. */
#include "config.h"

#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "store/blob.h"
#include "store/codec.h"
#include "store/fingerprint.h"
#include "store/schema.h"
#include "store/store_priv.h"

static enum vg_status run_step(
    struct vg_db *db, const char *const *scripts, struct vg_error *err)
{
	enum vg_status st = VG_OK;

	for (; st == VG_OK && *scripts; scripts++)
		st = vg_db_migrate(db, *scripts, err);
	return st;
}

/* Brings the schema up to date, one transaction a step. `made`: the file is new and empty. */
static enum vg_status migrate(struct vg_store *s, bool made, struct vg_error *err)
{
	for (;;) {
		int64_t version = 0;
		enum vg_status st = vg_db_version(s->db, &version, err);

		if (st != VG_OK)
			return st;
		if (version > VG_SCHEMA_VERSION)
			return vg_fail(err, VG_E_UNSUPPORTED,
			    "%s: made by a newer vigia (schema %lld, this one reads "
			    "%d)",
			    s->path, (long long)version, VG_SCHEMA_VERSION);
		if (version < 0 || (version == 0 && !made))
			return vg_fail(
			    err, VG_E_INVALID, "%s: not a vigia database", s->path);
		if (version == VG_SCHEMA_VERSION)
			return VG_OK;
		if (s->mode == VG_STORE_READ)
			return vg_fail(err, VG_E_UNSUPPORTED,
			    "%s: made by an older vigia; open it once for writing, "
			    "`vigia crawl` does",
			    s->path);
		st = vg_db_begin(s->db, VG_HERE, err);
		/* Another process may have come first while we waited for the lock. */
		int64_t again = 0;

		if (st == VG_OK)
			st = vg_db_version(s->db, &again, err);
		if (st == VG_OK && again == version)
			st = run_step(s->db, vg_schema_sqlite[version], err);
		if (st == VG_OK)
			st = vg_db_commit(s->db, err);
		if (st != VG_OK) {
			vg_db_rollback(s->db);
			return st;
		}
	}
}

static enum vg_status open_store(const char *path, enum vg_store_mode mode, bool made,
    struct vg_store **ret, struct vg_error *err)
{
	struct vg_store *s = calloc(1, sizeof(*s));
	enum vg_status st = VG_OK;

	if (!s)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	s->lock_fd = -1;
	s->mode = mode;
	s->path = strdup(path);
	s->codec = vg_codec_new();
	s->blobs = vg_blobs_new();
	s->known = vg_fingerprints_new();
	if (!s->path || !s->codec || !s->blobs || !s->known) {
		st = vg_fail(err, VG_E_NOMEM, "out of memory");
		goto out;
	}
	st = vg_db_open(path, mode, &s->db, err);
	if (st == VG_OK)
		st = migrate(s, made, err);
	if (st != VG_OK)
		goto out;
	vg_db_seal(s->db);
	*ret = s;
	s = NULL;
out:
	vg_store_close(s);
	return st;
}

enum vg_status vg_store_create(const char *path, struct vg_error *err)
{
	struct vg_store *s = NULL;
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	enum vg_status st;

	if (fd < 0 && errno == EEXIST)
		return vg_fail(err, VG_E_INVALID, "%s: exists already", path);
	if (fd < 0)
		return vg_fail_errno(err, errno, "%s: cannot create", path);
	vg_close(&fd);
	st = open_store(path, VG_STORE_WRITE, true, &s, err);
	vg_store_close(s);
	if (st != VG_OK)
		unlink(path);
	return st;
}

enum vg_status vg_store_open(const char *path, enum vg_store_mode mode,
    struct vg_store **ret, struct vg_error *err)
{
	return open_store(path, mode, false, ret, err);
}

void vg_store_close(struct vg_store *s)
{
	if (!s)
		return;
	vg_db_close(s->db);
	vg_blobs_free(s->blobs);
	vg_codec_free(s->codec);
	vg_fingerprints_free(s->known);
	vg_close(&s->lock_fd);
	free(s->path);
	free(s);
}

enum vg_status vg_store_begin(
    struct vg_store *s, const char *file, int line, struct vg_error *err)
{
	enum vg_status st;

	if (s->mode != VG_STORE_WRITE)
		return vg_fail(
		    err, VG_E_INTERNAL, "%s: opened for reading only", s->path);
	st = vg_run_wait_turn(s, file, line, err);
	if (st != VG_OK)
		return st;
	return vg_store_settle(s, vg_db_others(s->db, &s->others, err));
}

static void forget(struct vg_store *s)
{
	vg_blobs_forget(s->blobs);
	vg_fingerprints_forget(s->known);
}

enum vg_status vg_store_commit(struct vg_store *s, struct vg_error *err)
{
	enum vg_status st = vg_db_commit(s->db, err);

	if (st != VG_OK)
		forget(s);
	return st;
}

void vg_store_rollback(struct vg_store *s)
{
	vg_db_rollback(s->db);
	forget(s);
}

bool vg_store_in_transaction(const struct vg_store *s)
{
	return vg_db_in_transaction(s->db);
}

enum vg_status vg_store_settle(struct vg_store *s, enum vg_status st)
{
	if (st != VG_OK && st != VG_E_NOT_FOUND && st != VG_E_AGAIN && st != VG_E_STOP)
		vg_store_rollback(s);
	return st;
}

enum vg_status vg_store_check_open(struct vg_store *s, struct vg_error *err)
{
	return vg_db_in_transaction(s->db)
		   ? VG_OK
		   : vg_fail(err, VG_E_INTERNAL, "%s: no transaction is open", s->path);
}

enum vg_status vg_stmt_int(struct vg_stmt *q, int64_t *ret, struct vg_error *err)
{
	enum vg_status st = vg_stmt_step(q, err);

	if (st == VG_OK)
		*ret = vg_column_int(q, 0);
	vg_stmt_end(q);
	return st;
}

enum vg_status vg_store_intern(struct vg_store *s, enum vg_sql find, enum vg_sql add,
    struct vg_str name, int64_t *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, find, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_text(q, 1, name);
	st = vg_stmt_int(q, ret, err);
	if (st != VG_E_NOT_FOUND)
		return st;
	st = vg_db_prepare(s->db, add, &q, err);
	if (st != VG_OK)
		return st;
	vg_bind_text(q, 1, name);
	return vg_stmt_int(q, ret, err);
}

enum vg_status vg_store_site(
    struct vg_store *s, struct vg_str name, int64_t *ret, struct vg_error *err)
{
	if (name.len)
		return vg_store_intern(
		    s, VG_SQL_SITE_FIND, VG_SQL_SITE_ADD, name, ret, err);
	*ret = 0;
	return VG_OK;
}

enum vg_status vg_store_capture_seq(
    struct vg_store *s, const struct vg_digest *id, int64_t *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_LEAF_FIND, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_digest(q, 1, id);
	return vg_stmt_int(q, ret, err);
}

enum vg_status vg_column_copy(const struct vg_stmt *q, int i, struct vg_arena *arena,
    struct vg_str *ret, struct vg_error *err)
{
	struct vg_str copy = vg_arena_str(arena, vg_column_str(q, i));

	if (!copy.ptr)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	*ret = copy;
	return VG_OK;
}

enum vg_status vg_stmt_rows(
    struct vg_stmt *q, struct vg_vec *io_rows, vg_read_row *read, struct vg_error *err)
{
	enum vg_status st;

	while ((st = vg_stmt_step(q, err)) == VG_OK) {
		void *row = vg_vec_push(io_rows);

		st = row ? read(q, io_rows->arena, row, err)
			 : vg_fail(err, VG_E_NOMEM, "out of memory");
		if (st != VG_OK)
			break;
	}
	vg_stmt_end(q);
	return st == VG_E_NOT_FOUND ? VG_OK : st;
}

enum vg_status vg_store_run_ints(struct vg_store *s, enum vg_sql sql,
    const int64_t *values, int count, int64_t *ret_changes, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, sql, &q, err);

	if (st != VG_OK)
		return st;
	for (int i = 0; i < count; i++)
		vg_bind_int(q, i + 1, values[i]);
	return vg_stmt_run(q, ret_changes, err);
}

void vg_bind_ref(struct vg_stmt *q, int n, int64_t id)
{
	if (id)
		vg_bind_int(q, n, id);
}

/* One row of numbers; `now` is bound where the statement asks for it. */
static enum vg_status numbers(struct vg_store *s, enum vg_sql sql, const int64_t *now,
    int64_t *const *ret, int count, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, sql, &q, err);

	if (st != VG_OK)
		return st;
	if (now)
		vg_bind_int(q, 1, *now);
	st = vg_stmt_step(q, err);
	for (int i = 0; st == VG_OK && i < count; i++)
		*ret[i] = vg_column_int(q, i);
	vg_stmt_end(q);
	return st;
}

enum vg_status vg_store_count(
    struct vg_store *s, int64_t now, struct vg_store_counts *ret, struct vg_error *err)
{
	struct vg_store_counts c = {0};
	int64_t *const evidence[] = {
	    &c.captures, &c.blobs, &c.blob_bytes, &c.stored_bytes};
	int64_t *const work[] = {
	    &c.urls, &c.urls_due, &c.hosts, &c.pending, &c.problems};
	int64_t *const derived[] = {&c.listings, &c.findings, &c.flagged};
	enum vg_status st = numbers(s, VG_SQL_COUNT_EVIDENCE, NULL, evidence, 4, err);

	if (st == VG_OK)
		st = numbers(s, VG_SQL_COUNT_WORK, &now, work, 5, err);
	if (st == VG_OK)
		st = numbers(s, VG_SQL_COUNT_DERIVED, NULL, derived, 3, err);
	if (st == VG_OK)
		*ret = c;
	return st;
}
