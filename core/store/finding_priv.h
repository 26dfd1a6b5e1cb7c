/* SPDX-License-Identifier: MIT */
/* One page while its analysis is being recorded. */
#ifndef VG_STORE_FINDING_PRIV_H
#define VG_STORE_FINDING_PRIV_H

#include "store/capture.h"
#include "store/finding.h"

struct vg_page_listing {
	int64_t id; /* row; 0: not yet there */
	struct vg_digest key;
	int64_t start, end; /* document bytes */
	struct vg_str title, price, currency;
};

struct vg_page_work {
	struct vg_store *s;
	struct vg_arena *arena;
	struct vg_capture_row row;
	int64_t site, ruleset;
	struct vg_str rules, plugin, title, verdict;
	const struct vg_json *page, *scan; /* scan: NULL when absent */
	struct vg_page_listing *listings;
	size_t listing_count;
	struct vg_page_listing self; /* the page as its own listing */
};

VG_WARN_UNUSED enum vg_status vg_page_add_listings(
    struct vg_page_work *w, struct vg_analysis_recorded *made, struct vg_error *err);
VG_WARN_UNUSED enum vg_status vg_page_add_findings(
    struct vg_page_work *w, struct vg_analysis_recorded *made, struct vg_error *err);
/* The page's own listing, made when a finding first needs it. */
VG_WARN_UNUSED enum vg_status vg_page_self(
    struct vg_page_work *w, struct vg_analysis_recorded *made, struct vg_error *err);

/* A copy of at most `max` bytes, cut between characters, without NUL. */
struct vg_str vg_clean_text(struct vg_arena *arena, struct vg_str text, size_t max);
/* Members of an object, with an empty or zero value for what is not there. */
struct vg_str vg_member_text(
    struct vg_arena *arena, const struct vg_json *object, const char *key);
int64_t vg_member_int(const struct vg_json *object, const char *key);
/* First element of a list, or NULL. */
const struct vg_json *vg_member_list(const struct vg_json *object, const char *key);

/* Severity words by number, lowest first. */
const char *vg_severity_word(int64_t severity);
int64_t vg_severity_rank(struct vg_str word);

#endif
