/* SPDX-License-Identifier: MIT */
/*
 * Every SQL statement of the room, by number. Shared ones are written once for SQLite and PostgreSQL, with
 * parameters named $1, $2, … (bound by that number); the rest exists per engine. Internal to store/.
 */
#ifndef VG_STORE_STATEMENTS_H
#define VG_STORE_STATEMENTS_H

#define VG_SQL_PARAMS 32 /* highest $n */

enum vg_sql {
	/* evidence and its storage: statements.c */
	VG_SQL_BLOB_FIND,
	VG_SQL_BLOB_ADD,
	VG_SQL_BLOB_DATA_ADD,
	VG_SQL_BLOB_READ,
	VG_SQL_BLOB_NEXT,
	VG_SQL_LEAF_NEXT,
	VG_SQL_LEAF_ADD,
	VG_SQL_LEAF_FIND,
	VG_SQL_LEAF_PREFIX,
	VG_SQL_LEAF_COUNT,
	VG_SQL_CAPTURE_ADD,
	VG_SQL_CAPTURE_GET,
	VG_SQL_CAPTURE_LATEST,
	VG_SQL_CAPTURE_LIST,
	VG_SQL_CAPTURE_PENDING,
	/* operational: statements.c */
	VG_SQL_VISIT_ADD,
	VG_SQL_VISIT_ANALYSED,
	VG_SQL_VISIT_PROBLEM,
	VG_SQL_PROBLEM_LIST,
	VG_SQL_SITE_FIND,
	VG_SQL_SITE_ADD,
	VG_SQL_HOST_FIND,
	VG_SQL_HOST_ADD,
	VG_SQL_HOST_UPDATE,
	VG_SQL_HOST_TIMES,
	VG_SQL_HOST_BASES,
	VG_SQL_HOST_SET_BASES,
	VG_SQL_HOST_BREAK_LEASES,
	VG_SQL_URL_ADD,
	VG_SQL_URL_FIND,
	VG_SQL_URL_FINGERPRINTS,
	VG_SQL_URL_REMOVE,
	VG_SQL_URL_VISITS,
	VG_SQL_URL_DUE,
	VG_SQL_URL_VISITED,
	VG_SQL_URL_AGAIN,
	VG_SQL_ROBOTS_GET,
	VG_SQL_ROBOTS_PUT,
	VG_SQL_RUN_ADD,
	VG_SQL_RUN_END,
	VG_SQL_RUN_LAST,
	VG_SQL_COUNT_EVIDENCE,
	VG_SQL_COUNT_WORK,
	VG_SQL_COUNT_DERIVED,
	/* derived: statements_derived.c */
	VG_SQL_RULESET_FIND,
	VG_SQL_RULESET_ADD,
	VG_SQL_ANALYSIS_ADD,
	VG_SQL_ANALYSIS_PREVIOUS,
	VG_SQL_ANALYSIS_RETIRE,
	VG_SQL_ANALYSIS_SEEN,
	VG_SQL_ANALYSIS_SCAN,
	VG_SQL_LISTING_FIND,
	VG_SQL_LISTING_ADD,
	VG_SQL_LISTING_UPDATE,
	VG_SQL_LISTING_SEEN,
	VG_SQL_LISTING_GET,
	VG_SQL_LISTING_PREFIX,
	VG_SQL_FINDING_ADD,
	VG_SQL_FINDING_RETIRE,
	VG_SQL_FINDING_SEEN,
	VG_SQL_FINDING_GET,
	VG_SQL_FINDING_LIST,
	VG_SQL_FINDING_OF_LISTING,
	VG_SQL_FINDING_PREFIX,
	VG_SQL_OFFER_ADD,
	VG_SQL_IDENTIFIER_FIND,
	VG_SQL_IDENTIFIER_ADD,
	VG_SQL_ENTITY_ADD,
	/* per engine: statements_engine.c */
	VG_SQL_HOST_CLAIM,
	VG_SQL_COUNT /* of statements */
};

/* The text of a shared statement; NULL for one that exists per engine. */
const char *vg_sql_shared(enum vg_sql sql);
/* The text for an engine. */
const char *vg_sql_sqlite(enum vg_sql sql);
const char *vg_sql_postgresql(enum vg_sql sql);

#endif
