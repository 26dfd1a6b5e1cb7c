/* SPDX-License-Identifier: MIT */
/* What the two files of the SQLite engine share. */
#ifndef VG_STORE_SQLITE_PRIV_H
#define VG_STORE_SQLITE_PRIV_H

#include <sqlite3.h>

#include "store/driver.h"

sqlite3 *vg_sqlite_handle(struct vg_db *db);
/* The status and message for a result code. */
enum vg_status vg_sqlite_fail(struct vg_db *db, int code, struct vg_error *err);

#endif
