/* SPDX-License-Identifier: MIT */
/* The few statements that each engine words for itself: how work is claimed, and what time it is. */
#include "config.h"

#include <stddef.h>

#include "store/statements.h"

/*
 * $1 due by then, $2 now and $3 end of the lease by the lease clock, $4 the run (0: any site); ranks are listed so that both engines seek in url_due. One writer at a time
 * makes the subquery safe in SQLite.
 */
const char *vg_sql_sqlite(enum vg_sql sql)
{
	if (sql != VG_SQL_HOST_CLAIM)
		return vg_sql_shared(sql);
	return "UPDATE host SET lease_until = $3, lease_token = lease_token + 1,"
	       " orphaned = CASE WHEN lease_run <> 0 THEN 1 ELSE 0 END, lease_run = $4"
	       " WHERE id = (SELECT h.id FROM host h WHERE h.lease_until <= $2"
	       " AND EXISTS (SELECT 1 FROM url u WHERE u.host = h.id"
	       " AND u.rank IN (0, 1, 2, 3) AND u.due_at <= $1 AND ($4 = 0 OR u.site IN"
	       " (SELECT r.site FROM run_site r WHERE r.run = $4)))"
	       " ORDER BY h.next_at, h.id LIMIT 1)"
	       " RETURNING id, name, next_at, failures, lease_token, orphaned";
}

/* Leases of many machines follow the database's clock: the parameters only give their length. */
const char *vg_sql_postgresql(enum vg_sql sql)
{
	if (sql != VG_SQL_HOST_CLAIM)
		return vg_sql_shared(sql);
	return "WITH clock AS (SELECT CAST(extract(epoch FROM clock_timestamp()) * "
	       "1000000"
	       " AS BIGINT) AS now)"
	       " UPDATE host SET lease_until = (SELECT now FROM clock) + (CAST($3 AS "
	       "BIGINT)"
	       " - CAST($2 AS BIGINT)), lease_token = lease_token + 1,"
	       " orphaned = CASE WHEN lease_run <> 0 THEN 1 ELSE 0 END, lease_run = $4"
	       " WHERE id = (SELECT h.id FROM host h"
	       " WHERE h.lease_until <= (SELECT now FROM clock)"
	       " AND EXISTS (SELECT 1 FROM url u WHERE u.host = h.id"
	       " AND u.rank IN (0, 1, 2, 3) AND u.due_at <= CAST($1 AS BIGINT)"
	       " AND (CAST($4 AS BIGINT) = 0 OR u.site IN"
	       " (SELECT r.site FROM run_site r WHERE r.run = $4)))"
	       " ORDER BY h.next_at, h.id LIMIT 1 FOR UPDATE SKIP LOCKED)"
	       " RETURNING id, name, next_at, failures, lease_token, orphaned";
}
