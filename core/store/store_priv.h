/* SPDX-License-Identifier: MIT */
/* The store's body and the helpers its files share. */
#ifndef VG_STORE_STORE_PRIV_H
#define VG_STORE_STORE_PRIV_H

#include "base/vec.h"
#include "store/driver.h"

struct vg_blobs;        /* blob.h */
struct vg_codec;        /* codec.h */
struct vg_fingerprints; /* fingerprint.h */

struct vg_store {
	struct vg_db *db;
	enum vg_store_mode mode;
	char *path;
	int lock_fd;    /* of the runs' locks, or -1 */
	int64_t run;    /* of this process; 0: none */
	int64_t others; /* changes when another process commits */
	struct vg_codec *codec;
	struct vg_blobs *blobs;
	struct vg_fingerprints *known;
	size_t max_urls; /* of one host; 0: no limit */
	int64_t ruleset; /* what pages are judged by; 0: not told */
	char readers
	    [VG_SHA256_HEX]; /* digest of the plugins that read them; "": not told */
};

/*
 * The end of every writing call: an answer (VG_E_NOT_FOUND and such) leaves the transaction open, any other
 * failure has rolled it back.
 */
VG_WARN_UNUSED enum vg_status vg_store_settle(struct vg_store *s, enum vg_status st);
/* VG_E_INTERNAL outside a transaction. */
VG_WARN_UNUSED enum vg_status vg_store_check_open(
    struct vg_store *s, struct vg_error *err);

/* vg_db_begin(), in turn with the other runs. */
VG_WARN_UNUSED enum vg_status vg_run_wait_turn(
    struct vg_store *s, const char *file, int line, struct vg_error *err);
/* Runs a statement that takes numbers and gives no row; `ret_changes` may be NULL. */
VG_WARN_UNUSED enum vg_status vg_store_run_ints(struct vg_store *s, enum vg_sql sql,
    const int64_t *values, int count, int64_t *ret_changes, struct vg_error *err);
/* The first column of the only row of a bound statement, which ends. */
VG_WARN_UNUSED enum vg_status vg_stmt_int(
    struct vg_stmt *q, int64_t *ret, struct vg_error *err);
/* The first column of the row that `find` gives for one text, else of what `add` returns. */
VG_WARN_UNUSED enum vg_status vg_store_intern(struct vg_store *s, enum vg_sql find,
    enum vg_sql add, struct vg_str name, int64_t *ret, struct vg_error *err);
/* 0 for an empty name. */
VG_WARN_UNUSED enum vg_status vg_store_site(
    struct vg_store *s, struct vg_str name, int64_t *ret, struct vg_error *err);
/* Row number of a capture. VG_E_NOT_FOUND. */
VG_WARN_UNUSED enum vg_status vg_store_capture_seq(
    struct vg_store *s, const struct vg_digest *id, int64_t *ret, struct vg_error *err);

/* Copies a column into an arena; VG_E_NOMEM. */
VG_WARN_UNUSED enum vg_status vg_column_copy(const struct vg_stmt *q, int i,
    struct vg_arena *arena, struct vg_str *ret, struct vg_error *err);
/* Fills a zeroed row from the statement's current one. */
typedef enum vg_status vg_read_row(const struct vg_stmt *q, struct vg_arena *arena,
    void *row_out, struct vg_error *err);
/* Reads what is left of a bound statement into `io_rows`, a vector of its arena, and ends it. */
VG_WARN_UNUSED enum vg_status vg_stmt_rows(
    struct vg_stmt *q, struct vg_vec *io_rows, vg_read_row *read, struct vg_error *err);
/* Binds row number `id`, or leaves NULL when it is 0. */
void vg_bind_ref(struct vg_stmt *q, int n, int64_t id);

#endif
