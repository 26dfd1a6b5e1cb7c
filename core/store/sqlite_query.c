/* SPDX-License-Identifier: MIT */
/* Free questions on SQLite: temporary views, an authorizer that lets nothing else be read, a deadline. */
#include "config.h"

#include "store/query.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/sqlite_priv.h"
#include "store/store_priv.h"

#define STEPS_PER_CHECK 10000 /* of SQLite's machine between two looks at the clock */
#define MAX_COLUMNS 256

#define HEX(column) "lower(hex(" column "))"
#define TIME(us)                                                                       \
	"CASE WHEN " us " > 0 AND " us " < 253402300800000000"                         \
	" THEN strftime('%Y-%m-%dT%H:%M:%S', " us " / 1000000, 'unixepoch')"           \
	" || printf('.%06dZ', " us " % 1000000) END"

static const char *const views[] =
    {
	"CREATE TEMP VIEW captures AS SELECT " HEX(
	    "l.hash") " AS id, c.url AS url,"
		      " s.name AS site, " TIME(
			  "c.started") " AS fetched, c.outcome AS outcome,"
				       " c.detail AS detail, c.status AS "
				       "status, b.length AS bytes, " HEX(
					   "b.digest") " AS sha256, "
						       "c.peer AS peer, "
						       "c.tls_version AS "
						       "tls, c.total_us "
						       "AS total_us"
						       " FROM capture c "
						       "JOIN log_leaf l "
						       "ON l.seq = c.seq"
						       " LEFT JOIN blob b "
						       "ON b.id = "
						       "c.payload LEFT "
						       "JOIN visit v ON "
						       "v.capture = c.seq"
						       " LEFT JOIN site s "
						       "ON s.id = v.site",

	"CREATE TEMP VIEW "
	"entities AS "
	"SELECT i.kind AS "
	"kind, i.value AS "
	"value,"
	" i.ubiquitous AS "
	"ubiquitous, c.url "
	"AS url, s.name AS "
	"site, " HEX("l.hash") " AS "
			       "capt"
			       "ure,"
			       " e."
			       "span"
			       "_sta"
			       "rt "
			       "AS "
			       "span"
			       "_sta"
			       "rt, "
			       "e."
			       "span"
			       "_end"
			       " AS "
			       "span"
			       "_end"
			       " FRO"
			       "M "
			       "enti"
			       "ty "
			       "e "
			       "JOIN"
			       " ide"
			       "ntif"
			       "ier "
			       "i "
			       "ON "
			       "i."
			       "id "
			       "= "
			       "e."
			       "iden"
			       "tifi"
			       "er"
			       " JOI"
			       "N "
			       "capt"
			       "ure "
			       "c "
			       "ON "
			       "c."
			       "seq "
			       "= "
			       "e."
			       "capt"
			       "ure "
			       "JOIN"
			       " log"
			       "_lea"
			       "f l "
			       "ON "
			       "l."
			       "seq "
			       "= "
			       "e."
			       "capt"
			       "ure"
			       " LEF"
			       "T "
			       "JOIN"
			       " vis"
			       "it "
			       "v "
			       "ON "
			       "v."
			       "capt"
			       "ure "
			       "= "
			       "e."
			       "capt"
			       "ure "
			       "LEFT"
			       " JOI"
			       "N "
			       "site"
			       " s "
			       "ON "
			       "s."
			       "id "
			       "= "
			       "v."
			       "site"
			       "",

	"CREA"
	"TE "
	"TEMP"
	" VIE"
	"W "
	"find"
	"ings"
	" AS "
	"SELE"
	"CT"
	" " HEX("f.digest") " AS id,"
			    " f.verdict AS verdict, CASE f.severity WHEN 3 THEN "
			    "'critical' WHEN 2 THEN 'high'"
			    " WHEN 1 THEN 'medium' ELSE 'low' END AS severity, "
			    "f.confidence AS confidence,"
			    " f.family AS family, f.subkind AS subkind, s.name AS "
			    "site, g.url AS url,"
			    " g.title AS title, f.what AS what, f.price AS price, "
			    "f.currency AS currency,"
			    " f.why AS why, f.why_rule AS rule, r.name AS rules, "
			    "g.plugin AS plugin, " HEX("l.hash") " AS capture, " HEX("g"
										     "."
										     "k"
										     "e"
										     "y") " AS listing, " TIME(
				"c1.started") " AS first_seen, " TIME("c2.started") " A"
										    "S "
										    "la"
										    "st"
										    "_s"
										    "ee"
										    "n,"
										    " f"
										    ".c"
										    "ur"
										    "re"
										    "nt"
										    " A"
										    "S "
										    "cu"
										    "rr"
										    "en"
										    "t"
										    " F"
										    "RO"
										    "M "
										    "fi"
										    "nd"
										    "in"
										    "g "
										    "f "
										    "JO"
										    "IN"
										    " l"
										    "is"
										    "ti"
										    "ng"
										    " g"
										    " O"
										    "N "
										    "g."
										    "id"
										    " ="
										    " f"
										    ".l"
										    "is"
										    "ti"
										    "ng"
										    " J"
										    "OI"
										    "N "
										    "lo"
										    "g_"
										    "le"
										    "af"
										    " l"
										    " O"
										    "N "
										    "l."
										    "se"
										    "q "
										    "= "
										    "f."
										    "ca"
										    "pt"
										    "ur"
										    "e "
										    "JO"
										    "IN"
										    " r"
										    "ul"
										    "es"
										    "et"
										    " r"
										    " O"
										    "N "
										    "r."
										    "id"
										    " ="
										    " f"
										    ".r"
										    "ul"
										    "es"
										    "et"
										    " J"
										    "OI"
										    "N "
										    "ca"
										    "pt"
										    "ur"
										    "e "
										    "c1"
										    " O"
										    "N "
										    "c1"
										    ".s"
										    "eq"
										    " ="
										    " g"
										    ".f"
										    "ir"
										    "st"
										    "_c"
										    "ap"
										    "tu"
										    "re"
										    " J"
										    "OI"
										    "N "
										    "ca"
										    "pt"
										    "ur"
										    "e "
										    "c2"
										    " O"
										    "N "
										    "c2"
										    ".s"
										    "eq"
										    " ="
										    " g"
										    ".l"
										    "as"
										    "t_"
										    "ca"
										    "pt"
										    "ur"
										    "e "
										    "LE"
										    "FT"
										    " J"
										    "OI"
										    "N "
										    "si"
										    "te"
										    " s"
										    " O"
										    "N "
										    "s."
										    "id"
										    " ="
										    " f"
										    ".s"
										    "it"
										    "e",

	"CREATE TEMP VIEW listings AS SELECT " HEX(
	    "g.key") " AS id, s.name AS site,"
		     " g.plugin AS plugin, g.url AS url, g.natural_key AS natural_key, "
		     "g.kind AS kind,"
		     " g.title AS title, g.fields AS fields, " TIME(
			 "c1.started") " AS first_seen, " TIME("c2.started") " AS "
									     "last_"
									     "seen "
									     "FROM "
									     "listing g"
									     " JOIN "
									     "capture "
									     "c1 ON "
									     "c1.seq = "
									     "g.first_"
									     "capture"
									     " JOIN "
									     "capture "
									     "c2 ON "
									     "c2.seq = "
									     "g.last_"
									     "capture "
									     "LEFT "
									     "JOIN "
									     "site s "
									     "ON s.id "
									     "= g.site",

	"CREATE TEMP VIEW offers AS SELECT c.url AS url, s.name AS site, o.title AS "
	"title,"
	" o.substance AS substance, o.strength AS strength, o.quantity AS quantity,"
	" o.price AS price, o.currency AS currency, " HEX(
	    "l.hash") " AS capture,"
		      " o.span_start AS span_start, o.span_end AS span_end FROM offer o"
		      " JOIN capture c ON c.seq = o.capture JOIN log_leaf l ON l.seq = "
		      "o.capture"
		      " LEFT JOIN visit v ON v.capture = o.capture LEFT JOIN site s ON "
		      "s.id = v.site",

	"CREATE TEMP VIEW problems AS SELECT c.url AS url, s.name AS site,"
	" v.reason AS reason, v.problems AS times, " TIME(
	    "v.problem_at") " AS last_at, " HEX("l.hash") " AS capture FROM visit v "
							  "JOIN capture c ON c.seq = "
							  "v.capture"
							  " JOIN log_leaf l ON l.seq = "
							  "v.capture LEFT JOIN site s "
							  "ON s.id = v.site"
							  " WHERE v.problems > 0",

	"CREATE TEMP VIEW urls AS SELECT u.url AS url, h.name AS host, s.name AS site,"
	" u.depth AS depth, " TIME("u.due_at") " AS due, " TIME(
	    "u.visited_at") " AS visited, u.failures AS failures FROM url u JOIN host "
			    "h ON h.id = u.host"
			    " JOIN site s ON s.id = u.site",
};

#define COLUMNS(...)                                                                   \
	(const struct vg_query_column[])                                               \
	{                                                                              \
		__VA_ARGS__,                                                           \
		{                                                                      \
			NULL, NULL                                                     \
		}                                                                      \
	}

const struct vg_query_view vg_query_views[] = {
    {"captures", "every fetch that was made, failures too",
	COLUMNS({"id", "hash of all that was recorded"}, {"url", "address asked for"},
	    {"site", "name in vigia.ini"}, {"fetched", "when the request began, UTC"},
	    {"outcome", "ok, or the class of the failure"},
	    {"detail", "the failure in words"},
	    {"status", "HTTP status, 0 without an answer"},
	    {"bytes", "length of the body"}, {"sha256", "digest of the body"},
	    {"peer", "address and port that answered"},
	    {"tls", "version of TLS, empty without"},
	    {"total_us", "how long it took, microseconds"})},
    {"entities", "telephone numbers, handles, wallets and the like, by page",
	COLUMNS({"kind", "phone, whatsapp, btc, …"}, {"value", "canonical spelling"},
	    {"ubiquitous", "1: too common to link sites"}, {"url", "page it stands on"},
	    {"site", "name in vigia.ini"}, {"capture", "id of the capture"},
	    {"span_start", "first byte in the document"},
	    {"span_end", "byte after the last"})},
    {"findings", "what was judged, as vigia flags --all lists it",
	COLUMNS({"id", "hash of capture, listing, family and rules"},
	    {"verdict", "flagged, review or clear"}, {"severity", "low to critical"},
	    {"confidence", "0 to 1"}, {"family", "rx, timeshare, cyberscam, wildlife"},
	    {"subkind", "kind within the family"}, {"site", "name in vigia.ini"},
	    {"url", "page"}, {"title", "of the listing"},
	    {"what", "substances, species or title"}, {"price", "decimal"},
	    {"currency", "ISO 4217"}, {"why", "the weightiest words"},
	    {"rule", "the rule they met"}, {"rules", "version of the rule set"},
	    {"plugin", "that read the listing"}, {"capture", "id of the capture"},
	    {"listing", "id of the listing"}, {"first_seen", "of the listing, UTC"},
	    {"last_seen", "of the listing, UTC"},
	    {"current", "0: a later capture said otherwise"})},
    {"listings", "what plugins read: products, adverts, places",
	COLUMNS({"id", "hash of plugin, url and natural key"},
	    {"site", "name in vigia.ini"}, {"plugin", "that read it"}, {"url", "page"},
	    {"natural_key", "the site's own id"}, {"kind", "product, advert, place, …"},
	    {"title", "as printed"}, {"fields", "all fields, JSON"},
	    {"first_seen", "UTC"}, {"last_seen", "UTC"})},
    {"offers", "substance, strength, price, by page",
	COLUMNS({"url", "page"}, {"site", "name in vigia.ini"}, {"title", "as printed"},
	    {"substance", "INN"}, {"strength", "as printed"},
	    {"quantity", "as printed"}, {"price", "decimal"}, {"currency", "ISO 4217"},
	    {"capture", "id of the capture"},
	    {"span_start", "first byte in the document"},
	    {"span_end", "byte after the last"})},
    {"problems", "captures that could not be judged",
	COLUMNS({"url", "page"}, {"site", "name in vigia.ini"}, {"reason", "in words"},
	    {"times", "how often it failed"}, {"last_at", "when, UTC"},
	    {"capture", "id of the capture"})},
    {"urls", "what is to be visited, and when",
	COLUMNS({"url", "address"}, {"host", "that shares one delay"},
	    {"site", "name in vigia.ini"}, {"depth", "links from a seed"},
	    {"due", "next visit, UTC; empty: never"}, {"visited", "last visit, UTC"},
	    {"failures", "in a row"})},
    {NULL, NULL, NULL},
};

/* The views may read the tables; the question may read the views. */
static int authorize(void *ctx, int action, const char *first, const char *second,
    const char *database, const char *view)
{
	(void)ctx, (void)first;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return strcmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_READ:
		return view || !database || strcmp(database, "temp") == 0 ? SQLITE_OK
									  : SQLITE_DENY;
	}
	return SQLITE_DENY;
}

static int past_deadline(void *ctx)
{
	return vg_clock_monotonic() > *(const int64_t *)ctx;
}

/* The question is at fault for what SQLite does not understand; the rest is the file's. */
static enum vg_status fail(
    struct vg_store *s, const struct vg_query *query, int code, struct vg_error *err)
{
	sqlite3 *db = vg_sqlite_handle(s->db);

	switch (code & 0xff) {
	case SQLITE_ERROR:
	case SQLITE_MISMATCH:
	case SQLITE_RANGE:
		return vg_fail(err, VG_E_INVALID, "query: %s", sqlite3_errmsg(db));
	case SQLITE_AUTH:
		return vg_fail(err, VG_E_INVALID,
		    "query: only SELECT, and only from the views (%s)",
		    sqlite3_errmsg(db));
	case SQLITE_INTERRUPT:
		return vg_fail(err, VG_E_LIMIT, "query: stopped after %" PRId64 " s",
		    query->deadline / VG_SECOND);
	}
	return vg_sqlite_fail(s->db, code, err);
}

static enum vg_status prepare(struct vg_store *s, const struct vg_query *query,
    sqlite3_stmt **ret, struct vg_error *err)
{
	sqlite3 *db = vg_sqlite_handle(s->db);
	struct vg_str sql = query->sql, rest;
	const char *tail = NULL;
	int code;

	sqlite3_set_authorizer(db, NULL, NULL);
	code = sqlite3_exec(db, "PRAGMA query_only = OFF", NULL, NULL, NULL);
	for (size_t i = 0; code == SQLITE_OK && i < sizeof(views) / sizeof(views[0]);
	     i++)
		code = sqlite3_exec(db, views[i], NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "PRAGMA query_only = ON", NULL, NULL, NULL);
	if (code != SQLITE_OK)
		return vg_sqlite_fail(s->db, code, err);
	sqlite3_set_authorizer(db, authorize, NULL);
	code = sqlite3_prepare_v2(db, sql.ptr, (int)sql.len, ret, &tail);
	if (code != SQLITE_OK)
		return fail(s, query, code, err);
	rest = vg_str_trim((struct vg_str){tail, sql.len - (size_t)(tail - sql.ptr)});
	if (!*ret || rest.len > 0)
		return vg_fail(
		    err, VG_E_INVALID, "query: one statement, not none or several");
	if (!sqlite3_stmt_readonly(*ret) || sqlite3_column_count(*ret) > MAX_COLUMNS)
		return vg_fail(err, VG_E_INVALID,
		    "query: only SELECT, of at most %d columns", MAX_COLUMNS);
	return VG_OK;
}

static enum vg_status tell_columns(
    sqlite3_stmt *q, const struct vg_query_reader *reader, struct vg_error *err)
{
	const char *names[MAX_COLUMNS];
	int count = sqlite3_column_count(q);

	for (int i = 0; i < count; i++)
		names[i] = sqlite3_column_name(q, i);
	return reader->columns(reader->ctx, names, (size_t)count, err);
}

static enum vg_status tell_row(
    sqlite3_stmt *q, const struct vg_query_reader *reader, struct vg_error *err)
{
	struct vg_query_value values[MAX_COLUMNS];
	int count = sqlite3_column_count(q);

	for (int i = 0; i < count; i++) {
		struct vg_query_value *v = &values[i];
		int type = sqlite3_column_type(q, i);

		*v = (struct vg_query_value){
		    .type = type == SQLITE_INTEGER ? VG_QUERY_INT
			    : type == SQLITE_FLOAT ? VG_QUERY_REAL
			    : type == SQLITE_NULL  ? VG_QUERY_NULL
						   : VG_QUERY_TEXT};
		v->integer = sqlite3_column_int64(q, i);
		v->real = sqlite3_column_double(q, i);
		v->text.ptr = (const char *)sqlite3_column_text(q, i);
		v->text.len = (size_t)sqlite3_column_bytes(q, i);
	}
	return reader->row(reader->ctx, values, (size_t)count, err);
}

enum vg_status vg_store_query(struct vg_store *s, const struct vg_query *query,
    const struct vg_query_reader *reader, bool *ret_cut, struct vg_error *err)
{
	sqlite3 *db = vg_sqlite_handle(s->db);
	int64_t end = vg_clock_monotonic() + query->deadline, rows = 0;
	sqlite3_stmt *q = NULL;
	enum vg_status st = VG_OK;
	int code;

	*ret_cut = false;
	if (query->sql.len > INT32_MAX)
		return vg_fail(err, VG_E_TOO_LARGE, "query: too long");
	sqlite3_progress_handler(db, STEPS_PER_CHECK, past_deadline, &end);
	st = prepare(s, query, &q, err);
	if (st == VG_OK)
		st = tell_columns(q, reader, err);
	while (st == VG_OK && (code = sqlite3_step(q)) != SQLITE_DONE) {
		if (code != SQLITE_ROW)
			st = fail(s, query, code, err);
		else if ((*ret_cut = rows++ >= query->max_rows))
			break;
		else
			st = tell_row(q, reader, err);
	}
	sqlite3_finalize(q);
	sqlite3_progress_handler(db, 0, NULL, NULL);
	return st;
}
