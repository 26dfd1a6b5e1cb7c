/* SPDX-License-Identifier: MIT */
/*
 * The tables, per engine, as a list of migrations: step i leads from version i to i + 1. A step that was
 * released never changes; version 1 is open until the first release. Internal to store/.
 *
 * evidence     log_leaf, capture, blob: insert only, guarded by triggers
 * storage      blob_data: how the bytes of a blob are kept; may be compressed anew
 * derived      analysis, listing, finding, offer, identifier, entity: made again from evidence at will
 * operational  site, host, url, validator, spent, visit, robots, run, run_site
 *
 * Every derived row cites its capture; spans count document bytes. Times are UTC microseconds.
 */
#ifndef VG_STORE_SCHEMA_H
#define VG_STORE_SCHEMA_H

#define VG_SCHEMA_VERSION 1
#define VG_APPLICATION_ID 0x76676961 /* "vgia", of an SQLite file; see file(1) */

/* Each step is a list of SQL scripts, ended by NULL. */
extern const char *const *const vg_schema_sqlite[VG_SCHEMA_VERSION];
extern const char *const *const vg_schema_postgresql[VG_SCHEMA_VERSION];

#endif
