/* SPDX-License-Identifier: MIT */
/* Statements about evidence and about the crawl's own state, for both engines. */
#include "config.h"

#include <stddef.h>

#include "store/statements_priv.h"

/* In the order read_capture() of capture.c takes them. */
#define CAPTURE_SELECT                                                                 \
	"SELECT l.hash, c.seq, coalesce(s.name, ''), c.url, c.method, c.started, "     \
	"c.dns_us,"                                                                    \
	" c.connect_us, c.tls_us, c.first_byte_us, c.total_us, c.outcome, c.detail, "  \
	"c.notes,"                                                                     \
	" c.status, rq.digest, rs.digest, pl.digest, coalesce(pl.length, 0), c.peer,"  \
	" c.tls_version, c.tls_cipher, ch.digest, pv.hash, pa.hash, c.payload, "       \
	"c.fingerprint, coalesce(v.depth, 0), coalesce(v.reason, ''),"                 \
	" coalesce(v.robots, '')"                                                      \
	" FROM capture c JOIN log_leaf l ON l.seq = c.seq"                             \
	" LEFT JOIN visit v ON v.capture = c.seq LEFT JOIN site s ON s.id = v.site"    \
	" LEFT JOIN blob rq ON rq.id = c.request_head"                                 \
	" LEFT JOIN blob rs ON rs.id = c.response_head"                                \
	" LEFT JOIN blob pl ON pl.id = c.payload LEFT JOIN blob ch ON ch.id = c.chain" \
	" LEFT JOIN log_leaf pv ON pv.seq = c.previous"                                \
	" LEFT JOIN log_leaf pa ON pa.seq = c.parent "

static const char *const statements[VG_SQL_COUNT] = {
    [VG_SQL_BLOB_FIND] = "SELECT b.id, b.length, d.depth FROM blob b"
			 " LEFT JOIN blob_data d ON d.blob = b.id WHERE b.digest = $1",
    [VG_SQL_BLOB_ADD] =
	"INSERT INTO blob (digest, length) VALUES ($1, $2) RETURNING id",
    [VG_SQL_BLOB_DATA_ADD] =
	"INSERT INTO blob_data (blob, encoding, base, depth, bytes)"
	" VALUES ($1, $2, $3, $4, $5)",
    [VG_SQL_BLOB_READ] =
	"SELECT b.digest, b.length, d.encoding, d.base, d.bytes, d.depth"
	" FROM blob b LEFT JOIN blob_data d ON d.blob = b.id"
	" WHERE b.id = $1",
    [VG_SQL_BLOB_NEXT] =
	"SELECT id, digest FROM blob WHERE id > $1 ORDER BY id LIMIT 1",
    [VG_SQL_LEAF_NEXT] = "SELECT coalesce(max(seq), -1) + 1 FROM log_leaf",
    [VG_SQL_LEAF_ADD] = "INSERT INTO log_leaf (seq, kind, hash) VALUES ($1, $2, $3)",
    [VG_SQL_LEAF_FIND] = "SELECT seq FROM log_leaf WHERE hash = $1",
    [VG_SQL_LEAF_PREFIX] = "SELECT hash FROM log_leaf WHERE hash >= $1 AND hash <= $2"
			   " ORDER BY hash LIMIT 8",
    [VG_SQL_LEAF_COUNT] = "SELECT count(*), coalesce(max(seq), -1) + 1,"
			  " (SELECT count(*) FROM capture) FROM log_leaf",
    [VG_SQL_CAPTURE_ADD] = "INSERT INTO capture (seq, fingerprint, url, method, "
			   "started, dns_us, connect_us,"
			   " tls_us, first_byte_us, total_us, outcome, detail, notes, "
			   "status, request_head,"
			   " response_head, payload, peer, tls_version, tls_cipher, "
			   "chain, previous, parent)"
			   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
			   "$12, $13, $14, $15, $16,"
			   " $17, $18, $19, $20, $21, $22, $23)",
    [VG_SQL_CAPTURE_GET] = CAPTURE_SELECT "WHERE l.hash = $1",
    [VG_SQL_CAPTURE_LATEST] =
	CAPTURE_SELECT "WHERE c.fingerprint = $1 AND c.url = $2 AND c.seq < $3"
		       " ORDER BY c.seq DESC LIMIT 1",
    [VG_SQL_CAPTURE_BODY] =
	"SELECT payload FROM capture WHERE fingerprint = $1 AND url = $2"
	" AND payload IS NOT NULL ORDER BY seq DESC LIMIT 1",
    [VG_SQL_CAPTURE_LIST] = CAPTURE_SELECT "WHERE c.seq >= $1 ORDER BY c.seq LIMIT $2",
    [VG_SQL_CAPTURE_PENDING] =
	CAPTURE_SELECT "WHERE v.pending = 1 AND NOT EXISTS (SELECT 1 FROM run r"
		       " WHERE r.id = v.judge AND r.outcome = '' AND r.id <> $2)"
		       " ORDER BY v.capture LIMIT $1",
    [VG_SQL_CAPTURE_TAKE] =
	"UPDATE visit SET judge = $2 WHERE pending = 1 AND capture <= $1"
	" AND NOT EXISTS (SELECT 1 FROM run r WHERE r.id = visit.judge"
	" AND r.outcome = '' AND r.id <> $2)",

    [VG_SQL_VISIT_ADD] =
	"INSERT INTO visit (capture, site, run, pending, depth, reason, robots, judge)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    /* What the page asks of robots joins what its head asks. */
    [VG_SQL_VISIT_ANALYSED] =
	"UPDATE visit SET pending = 0, problems = 0, reason = '',"
	" robots = CASE CAST($2 AS BIGINT) WHEN 1 THEN 'noindex' WHEN 2 THEN 'nofollow'"
	" WHEN 3 THEN 'noindex nofollow' ELSE robots END WHERE capture = $1",
    [VG_SQL_VISIT_PROBLEM] =
	"UPDATE visit SET pending = $2, problems = problems + 1, problem_at = $3,"
	" reason = $4 WHERE capture = $1 RETURNING problems",
    [VG_SQL_PROBLEM_LIST] =
	"SELECT l.hash, c.url, coalesce(s.name, ''), v.reason, v.problem_at, v.problems"
	" FROM visit v JOIN capture c ON c.seq = v.capture"
	" JOIN log_leaf l ON l.seq = v.capture LEFT JOIN site s ON s.id = v.site"
	" WHERE v.problems > 0 ORDER BY v.capture LIMIT $1",
    [VG_SQL_SITE_FIND] = "SELECT id FROM site WHERE name = $1",
    [VG_SQL_SITE_ADD] = "INSERT INTO site (name) VALUES ($1) RETURNING id",
    [VG_SQL_HOST_FIND] = "SELECT id FROM host WHERE name = $1",
    [VG_SQL_HOST_ADD] = "INSERT INTO host (name) VALUES ($1) RETURNING id",
    [VG_SQL_HOST_UPDATE] =
	"UPDATE host SET lease_until = $3, next_at = $4, failures = $5,"
	" lease_run = CASE WHEN CAST($3 AS BIGINT) > 0 THEN lease_run ELSE 0 END"
	" WHERE id = $1 AND lease_token = $2",
    [VG_SQL_HOST_BASES] =
	"SELECT base_request, base_response, base_payload FROM host WHERE id = $1",
    [VG_SQL_HOST_SET_BASES] = "UPDATE host SET base_request = $2, base_response = $3,"
			      " base_payload = $4 WHERE id = $1",
    [VG_SQL_HOST_BREAK_LEASES] =
	"UPDATE host SET lease_until = 0, lease_token = lease_token + 1"
	" WHERE lease_run = $1",
    [VG_SQL_URL_ADD] =
	"INSERT INTO url (host, site, fingerprint, url, rank, depth, due_at)"
	" VALUES ($1, $2, $3, $4, $5 + (SELECT held FROM host WHERE id = $1), $6, $7)",
    [VG_SQL_URL_FIND] = "SELECT id FROM url WHERE host = $1 AND fingerprint = $2"
			" AND url = $3 ORDER BY id LIMIT 1",
    [VG_SQL_URL_FINGERPRINTS] =
	"SELECT id, fingerprint FROM url WHERE host = $1 ORDER BY id",
    [VG_SQL_URL_VISITS] = "SELECT id, fingerprint, visited_at FROM url"
			  " WHERE host = $1 AND visited_at > 0 AND visited_at <= $2"
			  " AND due_at > $2 AND due_at < 9223372036854775807",
    [VG_SQL_URL_REMOVE] = "DELETE FROM url WHERE id = $1",
    [VG_SQL_URL_DUE] =
	"SELECT u.id, u.url, s.name, u.depth, u.due_at, u.failures, u.visited_at,"
	" u.pause, coalesce(v.etag, ''), coalesce(v.modified, '')"
	" FROM url u JOIN site s ON s.id = u.site"
	/* What other rules judged, or none, is asked for anew. */
	" LEFT JOIN validator v ON v.url = u.id AND EXISTS (SELECT 1 FROM capture c"
	" JOIN analysis a ON a.capture = c.seq WHERE c.fingerprint = u.fingerprint"
	" AND c.url = u.url AND a.current = 1 AND a.ruleset = $5)"
	" WHERE u.host = $1 AND u.rank = $2 AND u.due_at <= $3"
	" AND ($6 = 0 OR u.site IN (SELECT r.site FROM run_site r WHERE r.run = $6))"
	" ORDER BY u.due_at, u.id LIMIT $4",
    [VG_SQL_URL_VISITED] =
	"UPDATE url SET visited_at = $4, failures = $6, pause = $7, note = $8,"
	" due_at = CASE WHEN due_at = 9223372036854775807 THEN due_at ELSE $5 END"
	" WHERE id = $1 AND EXISTS (SELECT 1 FROM host h"
	" WHERE h.id = url.host AND h.id = $2 AND h.lease_token = $3)",
    [VG_SQL_URL_AGAIN] = "UPDATE url SET due_at = $2 WHERE id = $1"
			 " AND (due_at < 9223372036854775807 OR $3 = 1)",
    [VG_SQL_VALIDATOR_PUT] =
	"INSERT INTO validator (url, etag, modified) VALUES ($1, $2, $3)"
	" ON CONFLICT (url) DO UPDATE SET etag = excluded.etag,"
	" modified = excluded.modified",
    [VG_SQL_URL_MISSING] =
	"UPDATE url SET pause = $3, note = 'soft_404',"
	" due_at = CASE WHEN due_at = 9223372036854775807 THEN due_at ELSE $4 END"
	" WHERE id = $1 AND visited_at = $2",
    [VG_SQL_VALIDATOR_DROP] = "DELETE FROM validator WHERE url = $1",
    [VG_SQL_SPENT_ADD] =
	"INSERT INTO spent (site, day, requests, bytes) VALUES ($1, $2, $3, $4)"
	" ON CONFLICT (site, day) DO UPDATE SET"
	" requests = spent.requests + excluded.requests,"
	" bytes = spent.bytes + excluded.bytes RETURNING requests, bytes",
    [VG_SQL_SCHEDULE_LIST] =
	"SELECT s.name, c.text, c.since, c.planned, c.started, c.ended, c.failures,"
	" c.outcome FROM schedule c JOIN site s ON s.id = c.site ORDER BY s.name",
    [VG_SQL_SCHEDULE_PUT] =
	"INSERT INTO schedule (site, text, since, planned, started, ended, failures,"
	" outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
	" ON CONFLICT (site) DO UPDATE SET text = excluded.text,"
	" since = excluded.since, planned = excluded.planned,"
	" started = excluded.started, ended = excluded.ended,"
	" failures = excluded.failures, outcome = excluded.outcome",
    /* Held URLs have a rank that the claim of work does not look at. */
    [VG_SQL_FRONTIER_LIST] =
	"SELECT u.url, s.name, h.name, u.rank, u.depth, u.due_at, u.visited_at,"
	" u.failures, u.pause, u.note, h.next_at, h.failures, h.lease_until"
	" FROM url u JOIN site s ON s.id = u.site JOIN host h ON h.id = u.host"
	" WHERE ($1 = '' OR u.url = $1) AND ($2 = '' OR h.name = $2)"
	" AND ($3 = '' OR s.name = $3) AND ($4 = 0 OR (u.due_at <= $4 AND u.rank < 4))"
	" AND ($5 = 0 OR u.rank >= 4) ORDER BY u.due_at, u.id LIMIT $6",
    [VG_SQL_HOST_HOLD] = "UPDATE host SET held = $2 WHERE name = $1",
    [VG_SQL_FRONTIER_HOLD] =
	"UPDATE url SET rank = rank + 4 WHERE rank < 4 AND (url = $1"
	" OR host = (SELECT id FROM host WHERE name = $1))",
    [VG_SQL_FRONTIER_RELEASE] =
	"UPDATE url SET rank = rank - 4 WHERE rank >= 4 AND (url = $1"
	" OR host = (SELECT id FROM host WHERE name = $1))",
    [VG_SQL_FRONTIER_DROP] =
	"UPDATE url SET due_at = 9223372036854775807 WHERE url = $1"
	" OR host = (SELECT id FROM host WHERE name = $1)",
    [VG_SQL_FRONTIER_STATS] =
	"SELECT h.name, count(u.id),"
	" coalesce(sum(CASE WHEN u.due_at <= $1 AND u.rank < 4 THEN 1 ELSE 0 END), 0),"
	" coalesce(sum(CASE WHEN u.rank >= 4 THEN 1 ELSE 0 END), 0),"
	" coalesce(sum(CASE WHEN u.visited_at > 0 THEN 1 ELSE 0 END), 0),"
	" coalesce(sum(CASE WHEN u.failures > 0 THEN 1 ELSE 0 END), 0),"
	" h.next_at FROM host h LEFT JOIN url u ON u.host = h.id"
	" GROUP BY h.id, h.name, h.next_at ORDER BY h.name",
    [VG_SQL_FRONTIER_COUNT] =
	"SELECT coalesce(sum(CASE WHEN due_at <= $1 AND rank < 4 THEN 1 ELSE 0 END), "
	"0),"
	" coalesce(sum(CASE WHEN due_at > $1 AND due_at < $2 AND rank < 4"
	" THEN 1 ELSE 0 END), 0),"
	" coalesce(sum(CASE WHEN due_at < $2 AND rank >= 4 THEN 1 ELSE 0 END), 0),"
	" coalesce(sum(CASE WHEN due_at >= $2 THEN 1 ELSE 0 END), 0) FROM url",
    [VG_SQL_ROBOTS_GET] =
	"SELECT fetched_at, expires_at, status, body FROM robots WHERE origin = $1",
    [VG_SQL_ROBOTS_PUT] =
	"INSERT INTO robots (origin, fetched_at, expires_at, status, body)"
	" VALUES ($1, $2, $3, $4, $5) ON CONFLICT (origin) DO UPDATE SET"
	" fetched_at = excluded.fetched_at, expires_at = excluded.expires_at,"
	" status = excluded.status, body = excluded.body",
    [VG_SQL_RUN_ADD] = "INSERT INTO run (what, started) VALUES ($1, $2) RETURNING id",
    [VG_SQL_RUN_LAST] =
	"SELECT r.started, r.outcome FROM run r JOIN run_site x ON x.run = r.id"
	" JOIN site s ON s.id = x.site WHERE s.name = $1 ORDER BY r.id DESC LIMIT 1",
    [VG_SQL_RUN_AHEAD] =
	"SELECT 1 FROM run WHERE started > $1 OR ended > $1 UNION ALL"
	" SELECT 1 FROM capture WHERE seq = (SELECT max(seq) FROM capture)"
	" AND started > $1 LIMIT 1",
    [VG_SQL_URL_AHEAD] =
	"UPDATE url SET due_at = $1 + CASE WHEN visited_at = 0 THEN 0"
	" ELSE due_at - visited_at END,"
	" visited_at = CASE WHEN visited_at = 0 THEN 0 ELSE $1 END"
	" WHERE (visited_at > $1 OR (visited_at = 0 AND due_at > $1))"
	" AND due_at < 9223372036854775807",
    [VG_SQL_RUN_OTHERS] = "SELECT r.id, CASE WHEN r.idle = 1 OR NOT EXISTS (SELECT 1 FROM run_site a"
	" JOIN run_site b ON b.site = a.site WHERE a.run = r.id AND b.run = $1)"
	" THEN 1 ELSE 0 END FROM run r WHERE r.outcome = '' AND r.id <> $1",
    [VG_SQL_RUN_IDLE] = "UPDATE run SET idle = $2 WHERE id = $1",
    [VG_SQL_RUN_SITE] = "INSERT INTO run_site (run, site) VALUES ($1, $2)"
			" ON CONFLICT (run, site) DO NOTHING",
    /* What still waits for its analysis is compared by a later run. */
    [VG_SQL_RUN_JUDGED] =
	"UPDATE run SET judged = coalesce((SELECT min(capture) FROM visit"
	" WHERE pending = 1), (SELECT max(seq) + 1 FROM log_leaf), 0) WHERE id = $1",
    [VG_SQL_RUN_FIND] = "SELECT id, started, ended FROM run"
			" WHERE $1 = 0 OR id = $1 ORDER BY id DESC LIMIT 1",
    [VG_SQL_REQUESTS] =
	"SELECT c.url, c.peer, c.started, c.total_us, c.status, b.digest, c.notes"
	" FROM capture c LEFT JOIN blob b ON b.id = c.response_head"
	" WHERE c.started >= $1 AND c.started <= $2 ORDER BY c.seq",
    [VG_SQL_RUN_END] = "UPDATE run SET ended = $2, outcome = $3 WHERE id = $1",
    [VG_SQL_COUNT_EVIDENCE] =
	"SELECT (SELECT count(*) FROM capture), (SELECT count(*) FROM blob),"
	" (SELECT CAST(coalesce(sum(length), 0) AS BIGINT) FROM blob),"
	" (SELECT CAST(coalesce(sum(length(bytes)), 0) AS BIGINT) FROM blob_data)",
    [VG_SQL_COUNT_WORK] =
	"SELECT (SELECT count(*) FROM url),"
	" (SELECT count(*) FROM url WHERE due_at <= $1), (SELECT count(*) FROM host),"
	" (SELECT count(*) FROM visit WHERE pending = 1),"
	" (SELECT count(*) FROM visit WHERE problems > 0)",
    [VG_SQL_COUNT_DERIVED] =
	"SELECT (SELECT count(*) FROM listing),"
	" (SELECT count(*) FROM finding WHERE current = 1),"
	" (SELECT count(*) FROM finding WHERE current = 1 AND verdict = 'flagged')",
};

const char *vg_sql_shared(enum vg_sql sql)
{
	return statements[sql] ? statements[sql] : vg_sql_derived(sql);
}
