/* SPDX-License-Identifier: MIT */
/* The tables for SQLite. */
#include "config.h"

#include "store/schema.h"

#include <stddef.h>

/*
 * REPLACE deletes without firing delete triggers, unless recursive triggers are on; so each guarded table
 * refuses an insert that meets an existing key, too.
 */
static const char evidence_1[] =
    "PRAGMA application_id = 1986488673;"

    "CREATE TABLE blob ("
    " id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),"
    " length INTEGER NOT NULL) STRICT;"
    "CREATE TABLE blob_data ("
    " blob INTEGER PRIMARY KEY REFERENCES blob (id),"
    " encoding INTEGER NOT NULL, base INTEGER REFERENCES blob_data (blob),"
    " depth INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE log_leaf ("
    " seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL,"
    " hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32)) STRICT;"
    "CREATE TABLE capture ("
    " seq INTEGER PRIMARY KEY REFERENCES log_leaf (seq),"
    " fingerprint INTEGER NOT NULL, url TEXT NOT NULL, method TEXT NOT NULL,"
    " started INTEGER NOT NULL, dns_us INTEGER NOT NULL, connect_us INTEGER NOT NULL,"
    " tls_us INTEGER NOT NULL, first_byte_us INTEGER NOT NULL,"
    " total_us INTEGER NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL,"
    " notes TEXT NOT NULL, status INTEGER NOT NULL,"
    " request_head INTEGER REFERENCES blob (id),"
    " response_head INTEGER REFERENCES blob (id),"
    " payload INTEGER REFERENCES blob (id),"
    " peer TEXT NOT NULL, tls_version TEXT NOT NULL, tls_cipher TEXT NOT NULL,"
    " chain INTEGER REFERENCES blob (id),"
    " previous INTEGER REFERENCES capture (seq),"
    " parent INTEGER REFERENCES capture (seq)) STRICT;"
    "CREATE INDEX capture_fingerprint ON capture (fingerprint);"

    "CREATE TRIGGER blob_update BEFORE UPDATE ON blob BEGIN"
    " SELECT raise(ABORT, 'evidence never changes: blob'); END;"
    "CREATE TRIGGER blob_delete BEFORE DELETE ON blob BEGIN"
    " SELECT raise(ABORT, 'evidence is never removed: blob'); END;"
    "CREATE TRIGGER blob_replace BEFORE INSERT ON blob WHEN EXISTS ("
    " SELECT 1 FROM blob WHERE id = NEW.id OR digest = NEW.digest) BEGIN"
    " SELECT raise(ABORT, 'evidence is never replaced: blob'); END;"
    "CREATE TRIGGER log_leaf_update BEFORE UPDATE ON log_leaf BEGIN"
    " SELECT raise(ABORT, 'evidence never changes: log_leaf'); END;"
    "CREATE TRIGGER log_leaf_delete BEFORE DELETE ON log_leaf BEGIN"
    " SELECT raise(ABORT, 'evidence is never removed: log_leaf'); END;"
    "CREATE TRIGGER log_leaf_replace BEFORE INSERT ON log_leaf WHEN EXISTS ("
    " SELECT 1 FROM log_leaf WHERE seq = NEW.seq OR hash = NEW.hash) BEGIN"
    " SELECT raise(ABORT, 'evidence is never replaced: log_leaf'); END;"
    "CREATE TRIGGER capture_update BEFORE UPDATE ON capture BEGIN"
    " SELECT raise(ABORT, 'evidence never changes: capture'); END;"
    "CREATE TRIGGER capture_delete BEFORE DELETE ON capture BEGIN"
    " SELECT raise(ABORT, 'evidence is never removed: capture'); END;"
    "CREATE TRIGGER capture_replace BEFORE INSERT ON capture WHEN EXISTS ("
    " SELECT 1 FROM capture WHERE seq = NEW.seq) BEGIN"
    " SELECT raise(ABORT, 'evidence is never replaced: capture'); END;";

static const char operational_1[] =
    "CREATE TABLE site (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE host ("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " next_at INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,"
    " lease_until INTEGER NOT NULL DEFAULT 0, lease_token INTEGER NOT NULL DEFAULT 0,"
    " lease_run INTEGER NOT NULL DEFAULT 0," /* run that has not given it back */
    " orphaned INTEGER NOT NULL DEFAULT 0,"  /* whoever leased it before never did */
    /* Added to the rank of addresses that are discovered: 4 holds them. */
    " held INTEGER NOT NULL DEFAULT 0,"
    /* Blobs that the next request, response and page of this host compress against. */
    " base_request INTEGER, base_response INTEGER, base_payload INTEGER) STRICT;"
    "CREATE TABLE url ("
    " id INTEGER PRIMARY KEY, host INTEGER NOT NULL REFERENCES host (id),"
    " site INTEGER NOT NULL REFERENCES site (id), fingerprint INTEGER NOT NULL,"
    " url TEXT NOT NULL, rank INTEGER NOT NULL, depth INTEGER NOT NULL,"
    " due_at INTEGER NOT NULL, visited_at INTEGER NOT NULL DEFAULT 0,"
    " failures INTEGER NOT NULL DEFAULT 0,"
    " pause INTEGER NOT NULL DEFAULT 0,"      /* between visits, as it was observed */
    " note TEXT NOT NULL DEFAULT '') STRICT;" /* what came of the last visit */
    /* What the next request of a page may be conditional on (RFC 9110 8.8). */
    "CREATE TABLE validator ("
    " url INTEGER PRIMARY KEY REFERENCES url (id), etag TEXT NOT NULL,"
    " modified TEXT NOT NULL) STRICT;"
    "CREATE TABLE spent ("
    " site INTEGER NOT NULL REFERENCES site (id), day INTEGER NOT NULL,"
    " requests INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    " PRIMARY KEY (site, day)) STRICT;"
    /* Of `vigia watch`: store/schedule.h. */
    "CREATE TABLE schedule ("
    " site INTEGER PRIMARY KEY REFERENCES site (id), text TEXT NOT NULL,"
    " since INTEGER NOT NULL, planned INTEGER NOT NULL, started INTEGER NOT NULL,"
    " ended INTEGER NOT NULL, failures INTEGER NOT NULL,"
    " outcome INTEGER NOT NULL) STRICT;"
    "CREATE INDEX url_due ON url (host, rank, due_at);"
    "CREATE TABLE robots ("
    " origin TEXT PRIMARY KEY, fetched_at INTEGER NOT NULL, expires_at INTEGER NOT "
    "NULL,"
    " status INTEGER NOT NULL, body BLOB NOT NULL) STRICT;"
    "CREATE TABLE run ("
    " id INTEGER PRIMARY KEY, what TEXT NOT NULL, started INTEGER NOT NULL,"
    " ended INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '',"
    " judged INTEGER NOT NULL DEFAULT 0," /* the first capture that drift did not see */
    " idle INTEGER NOT NULL DEFAULT 0) STRICT;" /* waits for what others discover */
    "CREATE TABLE run_site ("
    " run INTEGER NOT NULL REFERENCES run (id),"
    " site INTEGER NOT NULL REFERENCES site (id),"
    " PRIMARY KEY (run, site)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE visit ("
    " capture INTEGER PRIMARY KEY REFERENCES capture (seq),"
    " site INTEGER REFERENCES site (id), run INTEGER REFERENCES run (id),"
    " pending INTEGER NOT NULL, problems INTEGER NOT NULL DEFAULT 0,"
    " problem_at INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',"
    " depth INTEGER NOT NULL DEFAULT 0, robots TEXT NOT NULL DEFAULT '',"
    " judge INTEGER NOT NULL DEFAULT 0) STRICT;" /* run that analyses it */
    "CREATE INDEX visit_pending ON visit (capture) WHERE pending = 1;"
    "CREATE INDEX visit_problem ON visit (capture) WHERE problems > 0;";

static const char derived_1[] =
    /* What pages are judged by: the lexicon, and the plugins that read them. */
    "CREATE TABLE ruleset ("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL, readers TEXT NOT NULL,"
    " UNIQUE (name, readers)) STRICT;"
    "CREATE TABLE analysis ("
    " capture INTEGER PRIMARY KEY REFERENCES capture (seq),"
    " last_capture INTEGER NOT NULL REFERENCES capture (seq),"
    " ruleset INTEGER NOT NULL REFERENCES ruleset (id), plugin TEXT NOT NULL,"
    " title TEXT NOT NULL, verdict TEXT NOT NULL, current INTEGER NOT NULL,"
    " soft_404 INTEGER NOT NULL," /* 1: it says that it does not exist */
    " previous INTEGER REFERENCES analysis (capture)," /* what it replaced */
    " coverage TEXT NOT NULL,"     /* listings and fields that were read, JSON */
    " scan BLOB NOT NULL) STRICT;" /* the result, zstd */
    "CREATE INDEX analysis_capture ON analysis (last_capture);"
    "CREATE TABLE listing ("
    " id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE,"
    " site INTEGER REFERENCES site (id), plugin TEXT NOT NULL, url TEXT NOT NULL,"
    " natural_key TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,"
    " fields TEXT NOT NULL, span_start INTEGER NOT NULL, span_end INTEGER NOT NULL,"
    " first_capture INTEGER NOT NULL REFERENCES capture (seq),"
    " last_capture INTEGER NOT NULL REFERENCES capture (seq)) STRICT;"
    /* How many listings of a run have each field, and what the layouts have in common. */
    "CREATE TABLE run_coverage ("
    " run INTEGER NOT NULL REFERENCES run (id), site TEXT NOT NULL,"
    " plugin TEXT NOT NULL, pages INTEGER NOT NULL, listings INTEGER NOT NULL,"
    " fields TEXT NOT NULL, layout TEXT NOT NULL,"
    " PRIMARY KEY (run, site, plugin)) STRICT;"
    "CREATE TABLE alert ("
    " id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id),"
    " site TEXT NOT NULL, plugin TEXT NOT NULL, what TEXT NOT NULL,"
    " was INTEGER NOT NULL, now_is INTEGER NOT NULL, pages INTEGER NOT NULL,"
    " of_pages INTEGER NOT NULL, capture INTEGER NOT NULL REFERENCES capture (seq),"
    " at INTEGER NOT NULL, closed_at INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE INDEX listing_capture ON listing (last_capture);"
    "CREATE TABLE finding ("
    " id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE,"
    " capture INTEGER NOT NULL REFERENCES capture (seq),"
    " last_capture INTEGER NOT NULL REFERENCES capture (seq),"
    " listing INTEGER NOT NULL REFERENCES listing (id),"
    " site INTEGER REFERENCES site (id),"
    " ruleset INTEGER NOT NULL REFERENCES ruleset (id),"
    " verdict TEXT NOT NULL, family TEXT NOT NULL, subkind TEXT NOT NULL,"
    " severity INTEGER NOT NULL, confidence REAL NOT NULL, what TEXT NOT NULL,"
    " price TEXT NOT NULL, currency TEXT NOT NULL, why TEXT NOT NULL,"
    " why_rule TEXT NOT NULL, why_start INTEGER NOT NULL, why_end INTEGER NOT NULL,"
    " current INTEGER NOT NULL) STRICT;"
    "CREATE INDEX finding_capture ON finding (last_capture);"
    "CREATE INDEX finding_listing ON finding (listing);"
    "CREATE TABLE offer ("
    " capture INTEGER NOT NULL REFERENCES capture (seq),"
    " span_start INTEGER NOT NULL, span_end INTEGER NOT NULL, title TEXT NOT NULL,"
    " substance TEXT NOT NULL, strength TEXT NOT NULL, quantity TEXT NOT NULL,"
    " price TEXT NOT NULL, currency TEXT NOT NULL) STRICT;"
    "CREATE INDEX offer_capture ON offer (capture);"
    "CREATE TABLE identifier ("
    " id INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL,"
    " ubiquitous INTEGER NOT NULL, UNIQUE (kind, value)) STRICT;"
    "CREATE TABLE entity ("
    " identifier INTEGER NOT NULL REFERENCES identifier (id),"
    " capture INTEGER NOT NULL REFERENCES capture (seq),"
    " span_start INTEGER NOT NULL, span_end INTEGER NOT NULL,"
    " PRIMARY KEY (identifier, capture)) STRICT, WITHOUT ROWID;"

    "PRAGMA user_version = 1;";

static const char *const version_1[] = {evidence_1, operational_1, derived_1, NULL};

const char *const *const vg_schema_sqlite[VG_SCHEMA_VERSION] = {version_1};
