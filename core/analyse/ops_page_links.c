/* SPDX-License-Identifier: MIT */
/* What a captured page, style sheet, script, sitemap or feed leads to. */
#include "config.h"

#include "analyse/ops_page.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"

/* Addresses already written: open addressing, keyed without fragment. */
struct seen {
	struct vg_str *slots;
	size_t mask;
};

static struct vg_str without_fragment(struct vg_str url)
{
	return vg_str_sub(url, 0, vg_str_chr(url, '#', 0));
}

static bool seen_init(struct seen *s, struct vg_arena *arena, size_t count)
{
	size_t size = 16;

	while (size < count * 2)
		size *= 2;
	s->slots = vg_arena_array(arena, size, sizeof(*s->slots));
	s->mask = size - 1;
	return s->slots != NULL;
}

/* True the first time. A page can make hashes collide, so that probing is bounded: then it is new. */
static bool seen_add(struct seen *s, struct vg_str url)
{
	size_t at = (size_t)vg_str_hash(url) & s->mask;

	for (int probe = 0; probe < 64; probe++, at = (at + 1) & s->mask) {
		if (s->slots[at].ptr == NULL) {
			s->slots[at] = url;
			return true;
		}
		if (vg_str_eq(s->slots[at], url))
			return false;
	}
	return true;
}

static bool rel_has(struct vg_str rel, const char *word)
{
	struct vg_str piece;

	while (vg_str_split(&rel, ' ', &piece))
		if (vg_str_eqz(piece, word))
			return true;
	return false;
}

static bool is_web(struct vg_str url)
{
	return vg_str_starts(url, VG_STR("http://")) ||
	       vg_str_starts(url, VG_STR("https://"));
}

/*
 * "page": something to visit; "part": style sheets and scripts, which name addresses too; "asset": known, not
 * visited; NULL: nothing.
 */
static const char *kind_of(const struct vg_link *link)
{
	static const char *const pages[] = {
	    "a", "area", "frame", "iframe", "meta", "#text"};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strcmp(link->tag, pages[i]) == 0)
			return "page";
	if (strcmp(link->tag, "script") == 0)
		return "part";
	if (strcmp(link->tag, "link") != 0)
		return "asset"; /* forms too: a look-out submits nothing */
	if (rel_has(link->rel, "next") || rel_has(link->rel, "prev") ||
	    rel_has(link->rel, "canonical") || rel_has(link->rel, "alternate"))
		return "page";
	if (rel_has(link->rel, "stylesheet"))
		return "part";
	if (rel_has(link->rel, "icon") || rel_has(link->rel, "prefetch") ||
	    rel_has(link->rel, "preload"))
		return "asset";
	return NULL; /* preconnect, dns-prefetch, pingback, … */
}

struct links {
	struct vg_json_writer *out;
	struct seen seen;
};

static void write_link(
    struct links *l, struct vg_str url, const char *kind, int64_t modified)
{
	char when[VG_RFC3339_LEN];

	url = without_fragment(url);
	if (!is_web(url) || url.len > VG_MAX_URL || !seen_add(&l->seen, url))
		return;
	vg_jw_object(l->out);
	vg_jw_kstr(l->out, "url", url);
	vg_jw_kstrz(l->out, "kind", kind);
	if (modified != INT64_MIN) {
		vg_time_format(modified, when);
		vg_jw_kstrz(l->out, "modified", when);
	}
	vg_jw_end_object(l->out);
}

/* Writes `value` of a header, resolved. */
static void write_header_link(
    struct links *l, struct vg_str base, struct vg_str value, const char *kind)
{
	struct vg_url from = VG_URL_INIT, url = VG_URL_INIT;

	if (vg_url_parse(base, NULL, &from, NULL) == VG_OK &&
	    vg_url_parse(value, &from, &url, NULL) == VG_OK)
		write_link(l, vg_url_href(&url), kind, INT64_MIN);
	vg_url_release(&from);
	vg_url_release(&url);
}

/* "Link: <a>; rel=…, <b>" (RFC 8288) */
static void write_link_header(struct links *l, struct vg_str base, struct vg_str value)
{
	size_t at = 0, end;

	while ((at = vg_str_chr(value, '<', at)) != SIZE_MAX &&
	       (end = vg_str_chr(value, '>', at)) != SIZE_MAX) {
		size_t next = vg_str_chr(value, '<', end);
		struct vg_str rest = vg_str_sub(value, end, next);
		bool page = vg_str_ifind(rest, VG_STR("next"), 0) != SIZE_MAX ||
			    vg_str_ifind(rest, VG_STR("prev"), 0) != SIZE_MAX ||
			    vg_str_ifind(rest, VG_STR("canonical"), 0) != SIZE_MAX ||
			    vg_str_ifind(rest, VG_STR("alternate"), 0) != SIZE_MAX;

		write_header_link(
		    l, base, vg_str_sub(value, at + 1, end), page ? "page" : "asset");
		at = end;
	}
}

static void write_header_links(
    struct links *l, struct vg_str base, const struct vg_page_facts *facts)
{
	for (size_t i = 0; i < facts->header_count; i++) {
		struct vg_str name = facts->headers[i].name,
			      value = facts->headers[i].value;
		size_t url = vg_str_ifind(value, VG_STR("url="), 0);

		if (vg_str_ieqz(name, "link"))
			write_link_header(l, base, value);
		else if (vg_str_ieqz(name, "content-location"))
			write_header_link(l, base, value, "page");
		else if (vg_str_ieqz(name, "refresh") && url != SIZE_MAX)
			write_header_link(
			    l, base, vg_str_sub(value, url + 4, value.len), "page");
	}
}

/* The plugin's links first: it knows best what they lead to. */
enum vg_status vg_page_links_write(
    struct vg_op_call *call, const struct vg_page_links *from)
{
	struct links l = {.out = call->out};
	const struct vg_plugin_result *found = from->found;
	size_t count = found->link_count + from->doc->link_count +
		       from->facts->header_count * 8 + from->sitemap.count;

	if (!seen_init(&l.seen, call->arena, count))
		return vg_fail(call->err, VG_E_NOMEM, "out of memory");
	vg_jw_key(call->out, "links");
	vg_jw_array(call->out);
	for (size_t i = 0; i < found->link_count; i++)
		write_link(&l, found->links[i].url, found->links[i].kind, INT64_MIN);
	for (size_t i = 0; i < from->sitemap.count; i++)
		write_link(&l, from->sitemap.entries[i].loc,
		    from->sitemap.kind == VG_SITEMAP_INDEX ? "sitemap" : "page",
		    from->sitemap.entries[i].modified);
	write_header_links(&l, from->doc->url, from->facts);
	for (size_t i = 0; i < from->doc->link_count; i++) {
		const struct vg_link *link = &from->doc->links[i];
		const char *kind = kind_of(link);

		if (kind != NULL && !rel_has(link->rel, "nofollow"))
			write_link(&l, link->url, kind, INT64_MIN);
	}
	vg_jw_end_array(call->out);
	return VG_OK;
}
