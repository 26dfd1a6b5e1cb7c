/* SPDX-License-Identifier: MIT */
/* Statements about what analysis made of the evidence, for both engines. */
#include "config.h"

#include <stddef.h>

#include "store/statements_priv.h"

/* In the order read_finding() of finding_query.c takes them. */
#define FINDING_SELECT                                                                 \
	"SELECT f.digest, l.hash, g.key, coalesce(s.name, ''), g.url, g.plugin, "      \
	"g.title,"                                                                     \
	" g.natural_key, f.verdict, f.family, f.subkind, f.severity, r.name, "         \
	"f.confidence,"                                                                \
	" f.what, f.price, f.currency, f.why, f.why_rule, f.why_start, f.why_end,"     \
	" c.started, c1.started, c2.started, f.current FROM "
#define FINDING_JOIN                                                                   \
	" f JOIN listing g ON g.id = f.listing JOIN log_leaf l ON l.seq = f.capture"   \
	" JOIN capture c ON c.seq = f.capture JOIN capture c1 ON c1.seq = "            \
	"g.first_capture"                                                              \
	" JOIN capture c2 ON c2.seq = f.last_capture JOIN ruleset r ON r.id = "        \
	"f.ruleset"                                                                    \
	" LEFT JOIN site s ON s.id = f.site "

static const char *const statements[VG_SQL_COUNT] = {
    [VG_SQL_RULESET_FIND] = "SELECT id FROM ruleset WHERE name = $1 AND readers = $2",
    [VG_SQL_RULESET_ADD] =
	"INSERT INTO ruleset (name, readers) VALUES ($1, $2) RETURNING id",
    [VG_SQL_ANALYSIS_ADD] =
	"INSERT INTO analysis (capture, last_capture, ruleset, plugin, title, verdict,"
	" current, scan, previous, coverage, soft_404) VALUES ($1, $1, $2, $3, $4, $5, 1, $6,"
	" $7, $8, $9)"
	" ON CONFLICT (capture) DO UPDATE SET ruleset = excluded.ruleset,"
	" plugin = excluded.plugin, title = excluded.title, verdict = excluded.verdict,"
	" current = 1, scan = excluded.scan, coverage = excluded.coverage,"
	" soft_404 = excluded.soft_404",
    [VG_SQL_ANALYSIS_PREVIOUS] =
	"SELECT a.capture, a.last_capture, a.ruleset, coalesce(c.payload, 0)"
	" FROM capture c JOIN analysis a ON a.capture = c.seq"
	" WHERE c.fingerprint = $1 AND c.url = $2 AND a.current = 1"
	" ORDER BY a.capture DESC LIMIT 1",
    [VG_SQL_ANALYSIS_RETIRE] = "UPDATE analysis SET current = 0 WHERE capture = $1",
    [VG_SQL_ANALYSIS_SEEN] = "UPDATE analysis SET last_capture = $2 WHERE capture = $1",
    [VG_SQL_ANALYSIS_SCAN] =
	"SELECT a.scan FROM log_leaf l JOIN capture c ON c.seq = l.seq"
	" JOIN capture o ON o.fingerprint = c.fingerprint AND o.url = c.url"
	" AND o.payload = c.payload JOIN analysis a ON a.capture = o.seq"
	" WHERE l.hash = $1 ORDER BY CASE WHEN a.capture = l.seq THEN 0 ELSE 1 END,"
	" a.capture DESC LIMIT 1",
    /* A page that was only seen again is compared with itself; one that is gone tells nothing of its layout. */
    [VG_SQL_READINGS] =
	"SELECT coalesce(s.name, ''), a.plugin, a.coverage, coalesce(p.plugin, ''),"
	" coalesce(p.coverage, ''), CASE WHEN a.capture >= b.judged THEN 1 ELSE 0 END,"
	" a.last_capture FROM (SELECT coalesce(max(judged), 0) AS judged FROM run) b"
	" JOIN analysis a ON a.last_capture >= b.judged"
	" JOIN visit v ON v.capture = a.last_capture LEFT JOIN site s ON s.id = v.site"
	" LEFT JOIN analysis p ON p.capture = a.previous WHERE a.current = 1"
	" AND a.soft_404 = 0 ORDER BY 1, a.last_capture",
    [VG_SQL_COVERAGE_ADD] =
	"INSERT INTO run_coverage (run, site, plugin, pages, listings, fields, layout)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [VG_SQL_DRIFT_ADD] =
	"INSERT INTO alert (run, site, plugin, what, was, now_is, pages, of_pages,"
	" capture, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    [VG_SQL_DRIFT_LIST] =
	"SELECT d.id, d.site, d.plugin, d.what, d.was, d.now_is, d.pages, d.of_pages,"
	" d.at, d.closed_at, l.hash, c.url FROM alert d"
	" JOIN log_leaf l ON l.seq = d.capture JOIN capture c ON c.seq = d.capture"
	" WHERE (d.closed_at = 0 OR CAST($1 AS BIGINT) = 1)"
	" AND ($2 = '' OR d.plugin = $2) ORDER BY d.at DESC, d.id LIMIT $3",
    [VG_SQL_DRIFT_CLOSE] = "UPDATE alert SET closed_at = $2 WHERE id = $1",
    [VG_SQL_LISTING_FIND] = "SELECT id FROM listing WHERE key = $1",
    [VG_SQL_LISTING_ADD] =
	"INSERT INTO listing (key, site, plugin, url, natural_key, kind, title, fields,"
	" span_start, span_end, first_capture, last_capture)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING id",
    [VG_SQL_LISTING_UPDATE] =
	"UPDATE listing SET kind = $2, title = $3, fields = $4, span_start = $5,"
	" span_end = $6, last_capture = $7 WHERE id = $1",
    [VG_SQL_LISTING_SEEN] =
	"UPDATE listing SET last_capture = $2 WHERE last_capture = $1",
    [VG_SQL_LISTING_GET] =
	"SELECT coalesce(s.name, ''), g.plugin, g.url, g.natural_key, g.kind, g.title,"
	" g.fields, g.span_start, g.span_end, l1.hash, l2.hash, c1.started, c2.started,"
	" g.id FROM listing g JOIN log_leaf l1 ON l1.seq = g.first_capture"
	" JOIN log_leaf l2 ON l2.seq = g.last_capture"
	" JOIN capture c1 ON c1.seq = g.first_capture"
	" JOIN capture c2 ON c2.seq = g.last_capture"
	" LEFT JOIN site s ON s.id = g.site WHERE g.key = $1",
    [VG_SQL_LISTING_PREFIX] = "SELECT key FROM listing WHERE key >= $1 AND key <= $2"
			      " ORDER BY key LIMIT 8",
    [VG_SQL_FINDING_ADD] =
	"INSERT INTO finding (digest, capture, last_capture, listing, site, ruleset,"
	" verdict, family, subkind, severity, confidence, what, price, currency, why,"
	" why_rule, why_start, why_end, current) VALUES ($1, $2, $2, $3, $4, $5, $6, "
	"$7,"
	" $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1)"
	" ON CONFLICT (digest) DO NOTHING",
    [VG_SQL_FINDING_RETIRE] =
	"UPDATE finding SET current = 0 WHERE last_capture = $1 AND current = 1",
    [VG_SQL_FINDING_SEEN] =
	"UPDATE finding SET last_capture = $2 WHERE last_capture = $1 AND current = 1",
    [VG_SQL_FINDING_GET] = FINDING_SELECT "finding" FINDING_JOIN "WHERE f.digest = $1",
    /* A listing stands on several pages: its heaviest finding of a family speaks for it. */
    [VG_SQL_FINDING_LIST] = FINDING_SELECT
    "(SELECT x.*, row_number() OVER (PARTITION BY x.listing, x.family"
    " ORDER BY x.severity DESC, x.confidence DESC, x.last_capture DESC) AS place"
    " FROM finding x WHERE x.current = 1 OR CAST($5 AS BIGINT) = 1)" FINDING_JOIN
    "WHERE (f.place = 1 OR CAST($5 AS BIGINT) = 1)"
    " AND ($1 = '' OR f.verdict = $1) AND ($2 = '' OR s.name = $2)"
    " AND ($3 = '' OR f.family = $3) AND c2.started >= CAST($4 AS BIGINT)"
    " ORDER BY f.severity DESC, f.confidence DESC, 4, g.url, f.family, f.digest"
    " LIMIT $6",
    [VG_SQL_FINDING_OF_LISTING] =
	FINDING_SELECT "finding" FINDING_JOIN "WHERE g.key = $1"
		       " ORDER BY f.last_capture DESC,"
		       " f.severity DESC, f.digest LIMIT $2",
    [VG_SQL_FINDING_PREFIX] = "SELECT digest FROM finding WHERE digest >= $1"
			      " AND digest <= $2 ORDER BY digest LIMIT 8",
    [VG_SQL_OFFER_ADD] =
	"INSERT INTO offer (capture, span_start, span_end, title, substance, strength,"
	" quantity, price, currency) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    [VG_SQL_IDENTIFIER_FIND] =
	"SELECT id FROM identifier WHERE kind = $1 AND value = $2",
    [VG_SQL_IDENTIFIER_ADD] =
	"INSERT INTO identifier (kind, value, ubiquitous) VALUES ($1, $2, $3)"
	" RETURNING id",
    [VG_SQL_ENTITY_ADD] =
	"INSERT INTO entity (identifier, capture, span_start, span_end)"
	" VALUES ($1, $2, $3, $4) ON CONFLICT (identifier, capture) DO NOTHING",
};

const char *vg_sql_derived(enum vg_sql sql)
{
	return statements[sql];
}
