/* SPDX-License-Identifier: MIT */
/*
 * From a page to its verdict: what is offered, by whom, which step is missing, and why we say so.
 * Pure: no clock, no files, no network once the lexicon is loaded. Every start and end counts in
 * document bytes, so that evidence can be shown in place.
 */
#ifndef VG_DETECT_DETECT_H
#define VG_DETECT_DETECT_H

#include "base/json.h"
#include "doc/doc.h"

struct vg_lexicon; /* read-only after loading; one per worker */

/*
 * Loads every table of a lexicon folder (plugins/lexicon). The error names file and line. Opens all
 * files and compiles all regexes now, since a worker can do neither later.
 */
VG_WARN_UNUSED enum vg_status vg_lexicon_load(
    const char *dir, struct vg_lexicon **ret, struct vg_error *err);
void vg_lexicon_free(struct vg_lexicon *lex); /* NULL allowed */
/* SHA-256 over the tables, hex: the rule-set version in every finding id. */
const char *vg_lexicon_version(const struct vg_lexicon *lex);

enum vg_family { VG_RX, VG_TIMESHARE, VG_CYBERSCAM, VG_WILDLIFE, VG_FAMILIES };
enum vg_severity {
	VG_SEVERITY_LOW,
	VG_SEVERITY_MEDIUM,
	VG_SEVERITY_HIGH,
	VG_SEVERITY_CRITICAL
};
enum vg_verdict { VG_CLEAR, VG_REVIEW, VG_FLAGGED };

const char *vg_family_name(enum vg_family family);
const char *vg_severity_name(enum vg_severity severity);
const char *vg_verdict_name(enum vg_verdict verdict);

/* Where something was read. */
struct vg_place {
	size_t start, end; /* document bytes */
	enum vg_where where;
};

struct vg_reason { /* a row of why[] */
	struct vg_str rule, quote;
	double weight; /* what it added to the sum; negative weighs against */
	bool
	    key; /* at most one a claim: best states the missing step or the mechanism */
	struct vg_place at;
};

struct vg_claim {
	enum vg_family family;
	struct vg_str subkind;
	double confidence; /* 0..1 */
	enum vg_severity severity;
	const struct vg_reason *why;
	size_t why_count;
};

struct vg_substance {
	struct vg_str inn, surface;
	enum vg_severity severity; /* of its class in the lexicon */
	bool offered;              /* without prescription; false: only named */
	struct vg_place at;
};

struct vg_offer {
	struct vg_str title, substance, strength,
	    quantity; /* .ptr NULL when not stated */
	struct vg_str price,
	    currency; /* decimal string, ISO 4217; .ptr NULL when not stated */
	struct vg_place at;
};

struct vg_marker {
	struct vg_str id, kind, quote;
	enum vg_family family;
	double weight;
	struct vg_place at;
};

struct vg_species {
	struct vg_str name, surface;
	struct vg_place at;
};

struct vg_entity {
	struct vg_str kind, value, surface;
	bool ubiquitous; /* must not link sites */
	struct vg_place at;
};

struct vg_result {
	struct vg_str url, charset, lang;
	enum vg_verdict verdict;
	bool missing; /* clear, and says of itself that it does not exist */
	const struct vg_claim *claims;
	const struct vg_substance *substances;
	const struct vg_offer *offers;
	const struct vg_marker *markers;
	const struct vg_species *species;
	const struct vg_entity *entities;
	size_t claim_count, substance_count, offer_count, marker_count, species_count,
	    entity_count;
};

/* Judges a page. All memory from doc->arena. */
VG_WARN_UNUSED enum vg_status vg_detect(const struct vg_lexicon *lex,
    const struct vg_doc *doc, struct vg_result **ret, struct vg_error *err);

/* The result as one JSON object: what `vigia scan --json` prints. */
void vg_result_write(const struct vg_result *result, struct vg_json_writer *w);
/* Its claims alone, as an array. */
void vg_claims_write(const struct vg_result *result, struct vg_json_writer *w);

#endif
