/* SPDX-License-Identifier: MIT */
/*
 * What analysis made of the captures: listings with their history, findings, offers, entities, problems.
 * Derived: each row cites a capture, and all can be made again from the evidence.
 */
#ifndef VG_STORE_FINDING_H
#define VG_STORE_FINDING_H

#include "base/json.h"
#include "store/store.h"

struct vg_analysis {
	struct vg_digest capture;
	struct vg_str rules; /* rule-set version (vg_lexicon_version) */
	/*
	 * The answer of the operation "page" (analyse/ops.h) as parsed. "plugin", "title", "soft_404", "scan",
	 * "coverage" and "listings" are read; members that are missing or of another type count as absent.
	 */
	const struct vg_json *page;
};

struct vg_analysis_recorded {
	size_t listings, new_listings, findings, new_findings;
	bool
	    unchanged; /* the same payload was judged by the same rules before: only last_seen moved */
};

/*
 * Records the analysis, replaces what the page's earlier capture said, keeps listing history. A finding is
 * one family of claims on one listing; a claim outside of any listing belongs to the page, which is
 * then its own listing with an empty natural key.
 */
VG_WARN_UNUSED enum vg_status vg_store_record_analysis(struct vg_store *s,
    const struct vg_analysis *analysis, struct vg_analysis_recorded *ret,
    struct vg_error *err);

/*
 * What pages are judged by from now on: the rule-set version, and a digest of the plugins that read them. A page that
 * others judged or read is judged again when it is visited, changed or not. Inside a transaction.
 */
VG_WARN_UNUSED enum vg_status vg_store_judge_by(struct vg_store *s, struct vg_str rules,
    const char readers[VG_SHA256_HEX], struct vg_error *err);
/*
 * The page of this capture says that it has not changed: what was found on it was seen again. VG_E_NOT_FOUND
 * when its last body was not judged, or not by the rules of vg_store_judge_by().
 */
VG_WARN_UNUSED enum vg_status vg_store_record_unchanged(
    struct vg_store *s, const struct vg_digest *capture, struct vg_error *err);
/*
 * Marks a capture whose analysis failed. `retry` keeps it in vg_store_pending(). *ret_count (NULL
 * allowed): how many times it has failed now.
 */
VG_WARN_UNUSED enum vg_status vg_store_record_problem(struct vg_store *s,
    const struct vg_digest *capture, int64_t now, struct vg_str reason, bool retry,
    int64_t *ret_count, struct vg_error *err);

struct vg_problem {
	struct vg_digest capture;
	struct vg_str url, site, reason;
	int64_t at, count;
};

VG_WARN_UNUSED enum vg_status vg_store_list_problems(struct vg_store *s,
    struct vg_arena *arena, size_t max, struct vg_problem **ret, size_t *ret_count,
    struct vg_error *err);

/* A finding as listed. Words are those of the result format; strings live in the arena. */
struct vg_finding {
	struct vg_digest id, capture, listing;
	struct vg_str site, url, plugin, title, natural_key;
	struct vg_str verdict, family, subkind, severity, rules;
	double confidence;
	struct vg_str what; /* substances, species or title, for people */
	struct vg_str price,
	    currency; /* of the first offer that states one; may be empty */
	/* The weightiest reason: rule, quote and its document bytes. */
	struct vg_str why, why_rule;
	int64_t why_start, why_end;
	int64_t captured_at;           /* of `capture` */
	int64_t first_seen, last_seen; /* of the listing: UTC microseconds */
	bool current;                  /* false: a later capture said otherwise */
};

struct vg_finding_filter {
	struct vg_str verdict, site, family; /* empty: any */
	int64_t since;                       /* last seen at or after; 0: any */
	bool history;                        /* not only current ones */
	size_t max;                          /* 0: 10,000 */
};

/* Severity, then confidence, both falling; then site and URL. An array in the arena. */
VG_WARN_UNUSED enum vg_status vg_store_list_findings(struct vg_store *s,
    struct vg_arena *arena, const struct vg_finding_filter *filter,
    struct vg_finding **ret, size_t *ret_count, struct vg_error *err);
VG_WARN_UNUSED enum vg_status vg_store_get_finding(struct vg_store *s,
    struct vg_arena *arena, const struct vg_digest *id, struct vg_finding *ret,
    struct vg_error *err);

struct vg_listing {
	struct vg_digest key;
	struct vg_str site, plugin, url, natural_key, kind, title;
	struct vg_str fields; /* JSON object */
	int64_t start, end;   /* document bytes in last_capture */
	struct vg_digest first_capture, last_capture;
	int64_t first_seen, last_seen; /* UTC microseconds */
};

VG_WARN_UNUSED enum vg_status vg_store_get_listing(struct vg_store *s,
    struct vg_arena *arena, const struct vg_digest *key, struct vg_listing *ret,
    struct vg_error *err);
/* Findings on one listing, the newest capture first. */
VG_WARN_UNUSED enum vg_status vg_store_listing_findings(struct vg_store *s,
    struct vg_arena *arena, const struct vg_digest *key, struct vg_finding **ret,
    size_t *ret_count, struct vg_error *err);

/*
 * The scan result ("claims", "offers", … of the result format) that was recorded for a capture, or for the
 * earlier capture with the same payload; JSON text in the arena. VG_E_NOT_FOUND: not analysed.
 */
VG_WARN_UNUSED enum vg_status vg_store_get_scan(struct vg_store *s,
    struct vg_arena *arena, const struct vg_digest *capture, struct vg_str *ret,
    struct vg_error *err);

/* Hash of plugin name, canonical URL and natural key. */
VG_WARN_UNUSED enum vg_status vg_listing_key(struct vg_str plugin, struct vg_str url,
    struct vg_str natural_key, struct vg_digest *ret, struct vg_error *err);
/* Hash of capture id, listing key, family and rule-set version. */
VG_WARN_UNUSED enum vg_status vg_finding_id(const struct vg_digest *capture,
    const struct vg_digest *listing, struct vg_str family, struct vg_str rules,
    struct vg_digest *ret, struct vg_error *err);

#endif
