/* SPDX-License-Identifier: MIT */
/*
 * The case's database: evidence that is only ever added, findings derived from it, and the crawl's
 * own state. All SQL lives in this room. One struct vg_store is one connection, for one thread.
 *
 * Everything that writes happens between vg_store_begin() and vg_store_commit(): the caller groups
 * as many pages into one commit as it likes. When a writing call fails, for whatever reason (disk full,
 * I/O error, lock), the whole transaction has been rolled back (VG_E_NOT_FOUND is an answer, not a failure); the database opens again as of the
 * last commit, and the message names file and remedy. Row numbers never leave the room: captures,
 * listings and findings are known by digests (vg_store_find() takes any unique prefix).
 *
 * Frontier and robots cache: store/frontier.h. Findings and listings: store/finding.h.
 */
#ifndef VG_STORE_STORE_H
#define VG_STORE_STORE_H

#include "base/arena.h"
#include "evidence/leaf.h"

struct vg_store;

#define VG_NEVER INT64_MAX         /* a time that does not come */
#define VG_HERE __FILE__, __LINE__ /* who began a transaction, for the messages */

enum vg_store_mode { VG_STORE_READ, VG_STORE_WRITE };

/* Makes a new database file, readable by its owner only. VG_E_INVALID when the path exists. */
VG_WARN_UNUSED enum vg_status vg_store_create(const char *path, struct vg_error *err);
/*
 * Opens one; with VG_STORE_WRITE an older schema is migrated first. VG_E_NOT_FOUND: no such file;
 * VG_E_INVALID: no vigia database; VG_E_UNSUPPORTED: of a newer vigia, or an older one opened to read;
 * VG_E_BUSY: another process holds it.
 */
VG_WARN_UNUSED enum vg_status vg_store_open(const char *path, enum vg_store_mode mode,
    struct vg_store **ret, struct vg_error *err);
void vg_store_close(struct vg_store *s); /* rolls back what is open; NULL allowed */

/* Takes the write lock, waiting some seconds for other processes: then VG_E_BUSY. Begins do not nest. */
VG_WARN_UNUSED enum vg_status vg_store_begin(
    struct vg_store *s, const char *file, int line, struct vg_error *err);
/* Reads every body written in this transaction back, compares digests, commits to the disk. */
VG_WARN_UNUSED enum vg_status vg_store_commit(struct vg_store *s, struct vg_error *err);
void vg_store_rollback(struct vg_store *s); /* no-op outside a transaction */
bool vg_store_in_transaction(const struct vg_store *s);

/* One fetch as it is kept. */
struct vg_fetch_record {
	/*
	 * The store fills leaf.previous, the digests and payload_length from the bytes below.
	 * The caller sets leaf.parent on the later hops of a redirect.
	 */
	struct vg_leaf leaf;
	/* .ptr NULL: there was none, which is not the same as an empty one */
	struct vg_str request_head, response_head, payload, chain;
	struct vg_str host; /* key as in frontier.h: its pages compress each other */
	struct vg_str site; /* name it was fetched for; may be empty */
	int64_t run;        /* from vg_store_run_begin(); 0: none */
	int64_t depth;      /* links from a seed */
	/* Why it is kept and not analysed; empty: pending until an analysis or a problem is recorded. */
	struct vg_str unjudged;
	struct vg_str robots; /* "noindex nofollow", as the answer's head asks */
};

struct vg_recorded {
	struct vg_digest id;
	bool had_previous; /* this URL was captured before */
	bool unchanged;    /* with this very payload */
};

/* Appends capture, bodies and log leaf. */
VG_WARN_UNUSED enum vg_status vg_store_record_fetch(struct vg_store *s,
    const struct vg_fetch_record *record, struct vg_recorded *ret,
    struct vg_error *err);

/* A capture as read back. Strings live in the arena. */
struct vg_store_capture {
	struct vg_digest id;
	int64_t seq; /* position in the log, from 0 */
	struct vg_str site;
	struct vg_leaf leaf;
	int64_t depth;        /* links from a seed */
	struct vg_str reason; /* why it was not judged; may be empty */
	struct vg_str robots; /* the same, and what the page asks once it is judged */
};

/* VG_E_NOT_FOUND when there is none. */
VG_WARN_UNUSED enum vg_status vg_store_get_capture(struct vg_store *s,
    struct vg_arena *arena, const struct vg_digest *id, struct vg_store_capture *ret,
    struct vg_error *err);
/* The newest capture of exactly this URL. */
VG_WARN_UNUSED enum vg_status vg_store_latest_capture(struct vg_store *s,
    struct vg_arena *arena, struct vg_str url, struct vg_store_capture *ret,
    struct vg_error *err);
/*
 * Captures in log order, from position `from`, at most `max`. An array in the arena; *ret_count 0 at
 * the end of the log.
 */
VG_WARN_UNUSED enum vg_status vg_store_list_captures(struct vg_store *s,
    struct vg_arena *arena, int64_t from, size_t max, struct vg_store_capture **ret,
    size_t *ret_count, struct vg_error *err);
/*
 * Captures that wait for analysis, oldest first: what an interrupted crawl left. Once a run began they are its own
 * to analyse, and those of other living runs are not told; then inside a transaction.
 */
VG_WARN_UNUSED enum vg_status vg_store_pending(struct vg_store *s,
    struct vg_arena *arena, size_t max, struct vg_store_capture **ret,
    size_t *ret_count, struct vg_error *err);

/*
 * Appends the bytes of a body to `ret` after checking them against the digest. VG_E_NOT_FOUND;
 * VG_E_CORRUPT names the blob.
 */
VG_WARN_UNUSED enum vg_status vg_store_read_blob(struct vg_store *s,
    const struct vg_digest *digest, struct vg_buf *ret, struct vg_error *err);

enum vg_store_kind { VG_KIND_CAPTURE, VG_KIND_LISTING, VG_KIND_FINDING };

/*
 * What a hexadecimal prefix (4 digits or more) names. VG_E_NOT_FOUND; VG_E_INVALID when it is
 * no prefix, or fits more than one thing: the message then lists candidates.
 */
VG_WARN_UNUSED enum vg_status vg_store_find(struct vg_store *s, struct vg_str prefix,
    enum vg_store_kind *ret_kind, struct vg_digest *ret_id, struct vg_error *err);

/*
 * A run of `vigia crawl`. `what` says which, for people. Several may work on one database: a lock that goes
 * with the process tells which of them live, leases (frontier.h) what they work on. VG_E_BUSY: the lock cannot be had.
 */
VG_WARN_UNUSED enum vg_status vg_store_run_begin(struct vg_store *s, int64_t now,
    struct vg_str what, int64_t *ret_run, struct vg_error *err);
/* From then on the run claims hosts, and is given URLs, of such sites. */
VG_WARN_UNUSED enum vg_status vg_store_run_site(
    struct vg_store *s, struct vg_str site, struct vg_error *err);

struct vg_peers {
	int64_t alive; /* other runs that work on the database */
	int64_t busy;  /* of these, not idle */
	int64_t dead;  /* ended without saying so */
};

/* The other runs. */
VG_WARN_UNUSED enum vg_status vg_store_peers(
    struct vg_store *s, struct vg_peers *ret, struct vg_error *err);
/* Ends the dead runs ("killed"): their hosts and captures are for whoever claims them. */
VG_WARN_UNUSED enum vg_status vg_store_bury(
    struct vg_store *s, int64_t now, struct vg_error *err);
/* Whether the run only waits for what others discover. */
VG_WARN_UNUSED enum vg_status vg_store_run_idle(
    struct vg_store *s, bool idle, struct vg_error *err);
/*
 * When the newest run that worked on a site began, and its outcome: "" while it runs or when it was
 * killed, at most 15 bytes. VG_E_NOT_FOUND: there was none.
 */
VG_WARN_UNUSED enum vg_status vg_store_last_run(struct vg_store *s, struct vg_str site,
    int64_t *ret_started, char ret_outcome[16], struct vg_error *err);
/*
 * When a run or the newest capture lies after `now`, the clock was set back: visits after `now` count as
 * made now, each with the pause that followed it, and what was only discovered is due.
 */
VG_WARN_UNUSED enum vg_status vg_store_clock_set_back(
    struct vg_store *s, int64_t now, struct vg_error *err);
/* `outcome`: "done", "stopped", "failed". */
VG_WARN_UNUSED enum vg_status vg_store_run_end(struct vg_store *s, int64_t run,
    int64_t now, struct vg_str outcome, struct vg_error *err);

struct vg_store_counts {
	int64_t captures, blobs, blob_bytes,
	    stored_bytes; /* before and after compression */
	int64_t urls, urls_due, hosts, pending, problems;
	int64_t listings, findings, flagged; /* current ones */
};

VG_WARN_UNUSED enum vg_status vg_store_count(
    struct vg_store *s, int64_t now, struct vg_store_counts *ret, struct vg_error *err);

/* Called for each thing that does not hold: `what` is one line for people. */
typedef void vg_store_fault(void *ctx, const char *what);

/*
 * Recomputes every digest, leaf hash, link and count, and checks that the guards of the evidence tables
 * stand. VG_OK with *ret_faults > 0 when evidence does not hold; other statuses when it could not be read.
 */
VG_WARN_UNUSED enum vg_status vg_store_verify(struct vg_store *s, vg_store_fault *fault,
    void *ctx, int64_t *ret_faults, struct vg_error *err);

#endif
