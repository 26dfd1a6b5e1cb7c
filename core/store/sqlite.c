/* SPDX-License-Identifier: MIT */
/* The SQLite engine: one file, write-ahead log, every commit synced. */
#include "config.h"

#include "store/driver.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "store/schema.h"
#include "store/sqlite_priv.h"

#define BUSY_MS 5000
#define PATIENT_MS 60000
#define MAX_VALUE (256 << 20) /* bytes of a row or a value */

struct vg_stmt {
	struct vg_db *db;
	sqlite3_stmt *handle;
	int bound; /* first failure of a binding, or SQLITE_OK */
	unsigned char
	    index[VG_SQL_PARAMS + 1]; /* of $n among the parameters; 0: not used */
	bool in_use;
};

struct vg_db {
	sqlite3 *handle;
	char *path; /* absolute */
	bool committing;
	const char *began_file;
	int began_line;
	struct vg_stmt stmts[VG_SQL_COUNT];
};

static enum vg_status fail_io(struct vg_db *db, int code, struct vg_error *err)
{
	int sys = sqlite3_system_errno(db->handle);

	if ((code & 0xff) == SQLITE_FULL)
		return vg_fail(err, VG_E_IO,
		    "%s: disk full; make room and run again, committed work is kept",
		    db->path);
	if ((code & 0xff) == SQLITE_READONLY || (code & 0xff) == SQLITE_CANTOPEN ||
	    (code & 0xff) == SQLITE_PERM)
		return vg_fail(err, VG_E_IO,
		    "%s: cannot open or write; check the permissions of file and "
		    "folder (%s)",
		    db->path, sqlite3_errmsg(db->handle));
	if (sys)
		return vg_fail_errno(err, sys,
		    "%s: read or write failed; committed work is kept (%s)", db->path,
		    sqlite3_errmsg(db->handle));
	return vg_fail(err, VG_E_IO,
	    "%s: read or write failed; check the disk, committed work is kept (%s)",
	    db->path, sqlite3_errmsg(db->handle));
}

/* The one place where SQLite's codes become ours. */
enum vg_status vg_sqlite_fail(struct vg_db *db, int code, struct vg_error *err)
{
	const char *why = sqlite3_errmsg(db->handle);

	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return vg_fail(err, VG_E_BUSY,
		    "%s: another process is writing; wait for it to end, or stop it",
		    db->path);
	case SQLITE_NOMEM:
		return vg_fail(err, VG_E_NOMEM, "%s: out of memory", db->path);
	case SQLITE_TOOBIG:
		return vg_fail(
		    err, VG_E_TOO_LARGE, "%s: value too large to keep", db->path);
	case SQLITE_NOTADB:
		return vg_fail(err, VG_E_INVALID, "%s: not a vigia database", db->path);
	case SQLITE_CORRUPT:
		return vg_fail(err, VG_E_CORRUPT,
		    "%s: the database file is damaged; restore a copy, or read what is "
		    "left with `sqlite3 FILE .recover` (%s)",
		    db->path, why);
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return fail_io(db, code, err);
	}
	return vg_fail(err, VG_E_INTERNAL, "%s: %s", db->path, why);
}

static enum vg_status exec(struct vg_db *db, const char *sql, struct vg_error *err)
{
	int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? VG_OK : vg_sqlite_fail(db, code, err);
}

/* A commit that vg_db_commit() did not ask for is a defect: it becomes a rollback. */
static int veto_commit(void *ctx)
{
	struct vg_db *db = ctx;

	return !db->committing;
}

static bool is_evidence(const char *table)
{
	static const char *const tables[] = {"blob", "capture", "log_leaf"};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (table && !strcmp(table, tables[i]))
			return true;
	return false;
}

/* The second wall around evidence, and none of our statements needs what else is denied. */
static int authorize(void *ctx, int action, const char *first, const char *second,
    const char *database, const char *trigger)
{
	(void)ctx, (void)second, (void)database, (void)trigger;
	switch (action) {
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		return is_evidence(first) ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_PRAGMA:
		return first && (!strcmp(first, "integrity_check") ||
				    !strcmp(first, "data_version"))
			   ? SQLITE_OK
			   : SQLITE_DENY;
	case SQLITE_INSERT:
	case SQLITE_READ:
	case SQLITE_SELECT:
	case SQLITE_TRANSACTION:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	}
	return SQLITE_DENY;
}

static enum vg_status set_up(
    struct vg_db *db, enum vg_store_mode mode, struct vg_error *err)
{
	static const char common[] =
	    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
	    "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = "
	    "-8192;";
	static const char writer[] =
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	    "PRAGMA wal_autocheckpoint = 16384; PRAGMA journal_size_limit = 67108864;";
	enum vg_status st;

	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, MAX_VALUE);
	sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
	st = exec(db, common, err);
	if (st == VG_OK)
		st = exec(db,
		    mode == VG_STORE_WRITE ? writer : "PRAGMA query_only = ON;", err);
	if (st == VG_OK && mode == VG_STORE_WRITE)
		sqlite3_commit_hook(db->handle, veto_commit, db);
	return st;
}

enum vg_status vg_db_open(
    const char *path, enum vg_store_mode mode, struct vg_db **ret, struct vg_error *err)
{
	/* With an absolute path SQLite takes no name for a special one. */
	char *absolute = realpath(path, NULL);
	struct vg_db *db = calloc(1, sizeof(*db));
	enum vg_status st = VG_OK;
	int flags =
	    SQLITE_OPEN_NOMUTEX |
	    (mode == VG_STORE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
	int code;

	if (!absolute) {
		st = vg_fail(err, VG_E_NOT_FOUND, "%s: no database here", path);
		goto out;
	}
	if (!db) {
		st = vg_fail(err, VG_E_NOMEM, "out of memory");
		goto out;
	}
	db->path = absolute;
	absolute = NULL;
	code = sqlite3_open_v2(db->path, &db->handle, flags, NULL);
	st = code == SQLITE_OK ? set_up(db, mode, err) : vg_sqlite_fail(db, code, err);
	if (st != VG_OK)
		goto out;
	*ret = db;
	db = NULL;
out:
	vg_db_close(db);
	free(absolute);
	return st;
}

void vg_db_close(struct vg_db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < VG_SQL_COUNT; i++)
		sqlite3_finalize(db->stmts[i].handle);
	vg_db_rollback(db);
	sqlite3_close(db->handle);
	free(db->path);
	free(db);
}

sqlite3 *vg_sqlite_handle(struct vg_db *db)
{
	return db->handle;
}

static enum vg_status pragma_int(
    struct vg_db *db, const char *sql, int64_t *ret, struct vg_error *err)
{
	sqlite3_stmt *q = NULL;
	int code = sqlite3_prepare_v2(db->handle, sql, -1, &q, NULL);
	enum vg_status st = VG_OK;

	if (code == SQLITE_OK)
		code = sqlite3_step(q);
	if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(q, 0);
	else
		st = vg_sqlite_fail(db, code, err);
	sqlite3_finalize(q);
	return st;
}

enum vg_status vg_db_version(struct vg_db *db, int64_t *ret, struct vg_error *err)
{
	int64_t application = 0, version = 0;
	enum vg_status st = pragma_int(db, "PRAGMA application_id", &application, err);

	if (st == VG_OK)
		st = pragma_int(db, "PRAGMA user_version", &version, err);
	if (st != VG_OK)
		return st;
	if (application != VG_APPLICATION_ID && (application || version))
		return vg_fail(err, VG_E_INVALID, "%s: not a vigia database", db->path);
	*ret = version;
	return VG_OK;
}

enum vg_status vg_db_migrate(struct vg_db *db, const char *sql, struct vg_error *err)
{
	assert(vg_db_in_transaction(db));
	return exec(db, sql, err);
}

void vg_db_seal(struct vg_db *db)
{
	sqlite3_set_authorizer(db->handle, authorize, db);
}

enum vg_status vg_db_begin(
    struct vg_db *db, const char *file, int line, struct vg_error *err)
{
	enum vg_status st;

	if (vg_db_in_transaction(db))
		return vg_fail(err, VG_E_INTERNAL,
		    "transaction of %s:%d is still open at %s:%d", db->began_file,
		    db->began_line, file, line);
	st = exec(db, "BEGIN IMMEDIATE", err);
	if (st == VG_OK) {
		db->began_file = file;
		db->began_line = line;
	}
	return st;
}

void vg_db_be_patient(struct vg_db *db)
{
	sqlite3_busy_timeout(db->handle, PATIENT_MS);
}

enum vg_status vg_db_others(struct vg_db *db, int64_t *ret, struct vg_error *err)
{
	return pragma_int(db, "PRAGMA data_version", ret, err);
}

enum vg_status vg_db_commit(struct vg_db *db, struct vg_error *err)
{
	enum vg_status st;

	if (!vg_db_in_transaction(db))
		return vg_fail(err, VG_E_INTERNAL, "no transaction is open to commit");
	db->committing = true;
	st = exec(db, "COMMIT", err);
	db->committing = false;
	if (st != VG_OK)
		vg_db_rollback(db);
	return st;
}

void vg_db_rollback(struct vg_db *db)
{
	if (vg_db_in_transaction(db))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool vg_db_in_transaction(const struct vg_db *db)
{
	return db->handle && !sqlite3_get_autocommit(db->handle);
}

enum vg_status vg_db_prepare(
    struct vg_db *db, enum vg_sql sql, struct vg_stmt **ret, struct vg_error *err)
{
	struct vg_stmt *q = &db->stmts[sql];
	const char *text = vg_sql_sqlite(sql);
	int code;

	assert(!q->in_use);
	if (!q->handle) {
		code = sqlite3_prepare_v3(
		    db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &q->handle, NULL);
		if (code != SQLITE_OK)
			return vg_sqlite_fail(db, code, err);
		q->db = db;
		for (int i = sqlite3_bind_parameter_count(q->handle); i > 0; i--) {
			/* SQLite numbers by first appearance; our numbers are the names. */
			const char *name = sqlite3_bind_parameter_name(q->handle, i);
			uint64_t n = 0;

			assert(name && name[0] == '$' &&
			       vg_str_to_u64(vg_str(name + 1), &n) && n > 0 &&
			       n <= VG_SQL_PARAMS);
			q->index[n] = (unsigned char)i;
		}
	}
	q->bound = SQLITE_OK;
	q->in_use = true;
	*ret = q;
	return VG_OK;
}

static int parameter(const struct vg_stmt *q, int n)
{
	assert(n > 0 && n <= VG_SQL_PARAMS && q->index[n]);
	return q->index[n];
}

static void note(struct vg_stmt *q, int code)
{
	if (q->bound == SQLITE_OK)
		q->bound = code;
}

void vg_bind_int(struct vg_stmt *q, int n, int64_t value)
{
	note(q, sqlite3_bind_int64(q->handle, parameter(q, n), value));
}

void vg_bind_real(struct vg_stmt *q, int n, double value)
{
	note(q, sqlite3_bind_double(q->handle, parameter(q, n), value));
}

void vg_bind_text(struct vg_stmt *q, int n, struct vg_str value)
{
	note(q, sqlite3_bind_text64(q->handle, parameter(q, n),
		    value.ptr ? value.ptr : "", value.len, SQLITE_STATIC, SQLITE_UTF8));
}

void vg_bind_blob(struct vg_stmt *q, int n, struct vg_str value)
{
	note(q, sqlite3_bind_blob64(q->handle, parameter(q, n),
		    value.ptr ? value.ptr : "", value.len, SQLITE_STATIC));
}

void vg_bind_digest(struct vg_stmt *q, int n, const struct vg_digest *value)
{
	vg_bind_blob(
	    q, n, (struct vg_str){(const char *)value->bytes, sizeof(value->bytes)});
}

enum vg_status vg_stmt_step(struct vg_stmt *q, struct vg_error *err)
{
	int code = q->bound == SQLITE_OK ? sqlite3_step(q->handle) : q->bound;

	if (code == SQLITE_ROW)
		return VG_OK;
	if (code == SQLITE_DONE)
		return VG_E_NOT_FOUND;
	return vg_sqlite_fail(q->db, code, err);
}

enum vg_status vg_stmt_run(
    struct vg_stmt *q, int64_t *ret_changes, struct vg_error *err)
{
	enum vg_status st;

	do {
		st = vg_stmt_step(q, err);
	} while (st == VG_OK);
	if (st == VG_E_NOT_FOUND) {
		st = VG_OK;
		if (ret_changes)
			*ret_changes = sqlite3_changes64(q->db->handle);
	}
	vg_stmt_end(q);
	return st;
}

int64_t vg_column_int(const struct vg_stmt *q, int i)
{
	return sqlite3_column_int64(q->handle, i);
}

double vg_column_real(const struct vg_stmt *q, int i)
{
	return sqlite3_column_double(q->handle, i);
}

bool vg_column_is_null(const struct vg_stmt *q, int i)
{
	return sqlite3_column_type(q->handle, i) == SQLITE_NULL;
}

struct vg_str vg_column_str(const struct vg_stmt *q, int i)
{
	const char *bytes = sqlite3_column_blob(q->handle, i);

	/* SQLite gives NULL for an empty value, too. */
	if (!bytes)
		return (struct vg_str){vg_column_is_null(q, i) ? NULL : "", 0};
	return (struct vg_str){bytes, (size_t)sqlite3_column_bytes(q->handle, i)};
}

enum vg_status vg_column_digest(
    const struct vg_stmt *q, int i, struct vg_digest *ret, struct vg_error *err)
{
	struct vg_str bytes = vg_column_str(q, i);

	if (bytes.len != sizeof(ret->bytes))
		return vg_fail(err, VG_E_CORRUPT,
		    "%s: a digest of %zu bytes; the database was changed from outside",
		    q->db->path, bytes.len);
	memcpy(ret->bytes, bytes.ptr, sizeof(ret->bytes));
	return VG_OK;
}

void vg_stmt_end(struct vg_stmt *q)
{
	if (!q)
		return;
	sqlite3_reset(q->handle);
	sqlite3_clear_bindings(q->handle);
	q->in_use = false;
}
