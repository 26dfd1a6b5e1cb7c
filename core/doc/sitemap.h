/* SPDX-License-Identifier: MIT */
/* Sitemaps (sitemaps.org 0.9: urlset, index, text) and feeds (RSS, RDF, Atom): which addresses they name. */
#ifndef VG_DOC_SITEMAP_H
#define VG_DOC_SITEMAP_H

#include "base/arena.h"

enum vg_sitemap_kind {
	VG_SITEMAP_URLSET,
	VG_SITEMAP_INDEX, /* names other sitemaps */
	VG_SITEMAP_TEXT,
	VG_SITEMAP_RSS,
	VG_SITEMAP_ATOM,
};

/* "urlset", "index", "text", "rss" or "atom". */
const char *vg_sitemap_kind_name(enum vg_sitemap_kind kind);

struct vg_sitemap_entry {
	struct vg_str loc; /* resolved and serialised: http or https */
	struct vg_str changefreq;
	int64_t modified; /* UTC microseconds; INT64_MIN: absent or unreadable */
	double priority;  /* below 0: absent or unreadable */
};

struct vg_sitemap {
	enum vg_sitemap_kind kind;
	const struct vg_sitemap_entry *entries; /* at most VG_MAX_LINKS */
	size_t count;
	bool truncated; /* it ends inside, or a limit was met */
};

/*
 * Reads one, unpacked first when it begins like gzip. `url` is its own address, against which entries are
 * resolved; may be empty. Nothing outside of `payload` is read and no entity but the built-in ones is
 * replaced. Everything lives in `arena`. VG_E_INVALID: neither a sitemap nor a feed; VG_E_NOMEM.
 */
VG_WARN_UNUSED enum vg_status vg_sitemap_read(struct vg_arena *arena,
    struct vg_str payload, struct vg_str url, struct vg_sitemap *ret,
    struct vg_error *err);
/* Whether a body looks like an XML one, from its first bytes and its root element. */
bool vg_sitemap_is(struct vg_arena *arena, struct vg_str payload);

/* RFC 3339, its W3C short forms ("2005", "2005-01-01", no seconds), or RFC 822 with a zone. */
bool vg_feed_date_parse(struct vg_str text, int64_t *ret_us);

#endif
