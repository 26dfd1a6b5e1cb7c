/* SPDX-License-Identifier: MIT */
/*
 * What the room needs of an SQL engine: open, prepare, bind, step, begin, commit. Statements are known by
 * their number in statements.h, prepared at first use and kept. Internal to store/.
 *
 * Binding fails silently and sticks: the next step reports it. Parameter n is the one written $n.
 */
#ifndef VG_STORE_DRIVER_H
#define VG_STORE_DRIVER_H

#include "base/digest.h"
#include "store/statements.h"
#include "store/store.h"

struct vg_db;
struct vg_stmt;

/* The file must exist. Applies no schema. Statuses as vg_store_open(). */
VG_WARN_UNUSED enum vg_status vg_db_open(const char *path, enum vg_store_mode mode,
    struct vg_db **ret, struct vg_error *err);
void vg_db_close(struct vg_db *db); /* NULL allowed */

/* 0 for an empty file. VG_E_INVALID when the database is of another application. */
VG_WARN_UNUSED enum vg_status vg_db_version(
    struct vg_db *db, int64_t *ret, struct vg_error *err);
/* Runs one step of the engine's schema (schema.h); inside a transaction. */
VG_WARN_UNUSED enum vg_status vg_db_migrate(
    struct vg_db *db, const char *sql, struct vg_error *err);
/* From now on the schema is closed, and evidence can be neither changed nor removed. */
void vg_db_seal(struct vg_db *db);

VG_WARN_UNUSED enum vg_status vg_db_begin(
    struct vg_db *db, const char *file, int line, struct vg_error *err);
/* Waits a minute for other processes instead of some seconds: for those that take turns. */
void vg_db_be_patient(struct vg_db *db);
/* Changes when another connection has committed; inside a transaction. */
VG_WARN_UNUSED enum vg_status vg_db_others(
    struct vg_db *db, int64_t *ret, struct vg_error *err);
/* The only way to commit: any other is vetoed. Rolls back when it fails. */
VG_WARN_UNUSED enum vg_status vg_db_commit(struct vg_db *db, struct vg_error *err);
void vg_db_rollback(struct vg_db *db);
bool vg_db_in_transaction(const struct vg_db *db);

/* Ready to bind; borrowed from `db`. A statement serves one use at a time. */
VG_WARN_UNUSED enum vg_status vg_db_prepare(
    struct vg_db *db, enum vg_sql sql, struct vg_stmt **ret, struct vg_error *err);
void vg_bind_int(struct vg_stmt *q, int n, int64_t value);
void vg_bind_real(struct vg_stmt *q, int n, double value);
/* Bytes are borrowed until vg_stmt_end(). */
void vg_bind_text(struct vg_stmt *q, int n, struct vg_str value);
void vg_bind_blob(struct vg_stmt *q, int n, struct vg_str value);
void vg_bind_digest(struct vg_stmt *q, int n, const struct vg_digest *value);
/* Unbound parameters are NULL. */

/* VG_OK: a row; VG_E_NOT_FOUND: no more. */
VG_WARN_UNUSED enum vg_status vg_stmt_step(struct vg_stmt *q, struct vg_error *err);
/* Steps to the end and ends. `ret_changes` may be NULL. */
VG_WARN_UNUSED enum vg_status vg_stmt_run(
    struct vg_stmt *q, int64_t *ret_changes, struct vg_error *err);
int64_t vg_column_int(const struct vg_stmt *q, int i);
double vg_column_real(const struct vg_stmt *q, int i);
bool vg_column_is_null(const struct vg_stmt *q, int i);
/* Borrowed until the next step or end; of text and blobs. .ptr NULL for SQL NULL. */
struct vg_str vg_column_str(const struct vg_stmt *q, int i);
/* VG_E_CORRUPT unless the column holds exactly 32 bytes. */
VG_WARN_UNUSED enum vg_status vg_column_digest(
    const struct vg_stmt *q, int i, struct vg_digest *ret, struct vg_error *err);
void vg_stmt_end(struct vg_stmt *q); /* ready for the next use; NULL allowed */

/* Engine's own consistency check; calls `fault` with each line that is not "ok". */
VG_WARN_UNUSED enum vg_status vg_db_check(struct vg_db *db, vg_store_fault *fault,
    void *ctx, int64_t *ret_faults, struct vg_error *err);

#endif
