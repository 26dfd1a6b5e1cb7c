/* SPDX-License-Identifier: MIT */
/*
 * One pass of libxml2's SAX parser with our callbacks alone, so that no entity is declared, no file opened
 * and no tree built. Element names count without their namespace: half of the web gets that wrong.
 */
#include "config.h"

#include "doc/sitemap.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/parserInternals.h>

#include "base/limits.h"
#include "base/vec.h"
#include "doc/charset.h"
#include "doc/convert.h"
#include "doc/decode.h"
#include "url/url.h"

#define MAX_VALUE ((size_t)4096) /* bytes of one field */

enum field { NO_FIELD, LOC, GUID, MODIFIED, CHANGEFREQ, PRIORITY, FIELD_COUNT };

struct reader {
	struct vg_arena *arena;
	struct vg_url base, scratch;
	bool has_base, rooted, known, no_memory, truncated;
	enum vg_sitemap_kind kind;
	const xmlChar *prefix; /* of the root; NULL: none */
	struct vg_vec entries;
	unsigned depth, entry_depth, field_depth; /* 0: outside */
	enum field field;
	struct vg_buf values[FIELD_COUNT];
};

const char *vg_sitemap_kind_name(enum vg_sitemap_kind kind)
{
	static const char *const names[] = {"urlset", "index", "text", "rss", "atom"};

	return names[kind];
}

/* Without ASCII white space and the spaces of Unicode. */
static struct vg_str trim_spaces(struct vg_str s)
{
	static const char *const spaces[] = {"\u00a0", "\u1680", "\u2000", "\u2001",
	    "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
	    "\u2009", "\u200a", "\u200b", "\u2028", "\u2029", "\u202f", "\u205f",
	    "\u3000", "\ufeff"};
	size_t before;

	do {
		s = vg_str_trim(s);
		before = s.len;
		for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
			struct vg_str space = vg_str(spaces[i]);

			if (vg_str_starts(s, space))
				s = vg_str_sub(s, space.len, s.len);
			if (vg_str_ends(s, space))
				s.len -= space.len;
		}
	} while (s.len < before);
	return s;
}

/* Appends an entry unless its address is none of the web. */
static void add_entry(struct reader *r, struct vg_str loc)
{
	struct vg_sitemap_entry entry = {.modified = INT64_MIN, .priority = -1}, *slot;
	struct vg_str priority = vg_str_trim(vg_buf_str(&r->values[PRIORITY]));
	char *end;

	loc = trim_spaces(loc);
	if (!loc.len ||
	    vg_url_parse(loc, r->has_base ? &r->base : NULL, &r->scratch, NULL) ||
	    !vg_url_is_web(&r->scratch))
		return;
	slot = vg_vec_push(&r->entries);
	if (!slot) {
		r->truncated |= r->entries.len == r->entries.max;
		r->no_memory |= r->entries.len < r->entries.max;
		return;
	}
	if (!vg_feed_date_parse(vg_buf_str(&r->values[MODIFIED]), &entry.modified))
		entry.modified = INT64_MIN;
	if (priority.len && (vg_is_digit(priority.ptr[0]) || priority.ptr[0] == '.')) {
		double number = strtod(vg_buf_cstr(&r->values[PRIORITY]), &end);

		entry.priority = number >= 0 && number <= 1 ? number : -1;
	}
	entry.loc = vg_arena_str(r->arena, vg_url_href(&r->scratch));
	entry.changefreq =
	    vg_arena_str(r->arena, vg_str_trim(vg_buf_str(&r->values[CHANGEFREQ])));
	r->no_memory |= !entry.loc.ptr || !entry.changefreq.ptr;
	*slot = entry;
}

/* Ends what was read of an entry. */
static void flush_entry(struct reader *r)
{
	struct vg_str loc = vg_buf_str(&r->values[LOC]);

	if (!trim_spaces(loc).len)
		loc = vg_buf_str(&r->values[GUID]);
	if (!trim_spaces(loc).len) /* an address that stands where its element should */
		loc = vg_buf_str(&r->values[NO_FIELD]);
	add_entry(r, loc);
	for (int i = 0; i < FIELD_COUNT; i++)
		vg_buf_clear(&r->values[i]);
}

static bool is(const xmlChar *name, const char *word)
{
	return !strcmp((const char *)name, word);
}

static const struct {
	const char *name;
	enum vg_sitemap_kind kind;
} roots[] = {{"urlset", VG_SITEMAP_URLSET}, {"sitemapindex", VG_SITEMAP_INDEX},
    {"rss", VG_SITEMAP_RSS}, {"RDF", VG_SITEMAP_RSS}, {"feed", VG_SITEMAP_ATOM}};

static void read_root(struct reader *r, const xmlChar *name)
{
	r->rooted = true;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (is(name, roots[i].name)) {
			r->known = true;
			r->kind = roots[i].kind;
		}
}

static bool is_entry(const struct reader *r, const xmlChar *name)
{
	static const char *const names[] = {"url", "sitemap", "", "item", "entry"};

	return is(name, names[r->kind]);
}

static enum field field_of(
    const struct reader *r, const xmlChar *name, const xmlChar *prefix)
{
	static const struct {
		const char *name;
		enum field field;
		bool feed;
	} rows[] = {{"loc", LOC, false}, {"lastmod", MODIFIED, false},
	    {"changefreq", CHANGEFREQ, false}, {"priority", PRIORITY, false},
	    {"link", LOC, true}, {"guid", GUID, true}, {"pubDate", MODIFIED, true},
	    {"date", MODIFIED, true}, {"updated", MODIFIED, true},
	    {"modified", MODIFIED, true}};
	bool feed = r->kind == VG_SITEMAP_RSS || r->kind == VG_SITEMAP_ATOM;

	/* Only extensions of feeds say what we read: image:loc is no page. */
	if (prefix && !(r->prefix && xmlStrEqual(prefix, r->prefix)) &&
	    !is(prefix, "dc") && !is(prefix, "dcterms"))
		return NO_FIELD;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].feed == feed && is(name, rows[i].name))
			return rows[i].field;
	return NO_FIELD;
}

/* Atom's links are attributes; the first that leads to the entry itself counts. */
static void atom_link(struct reader *r, int count, const xmlChar **attributes)
{
	struct vg_str href = {0}, rel = VG_STR("alternate");

	for (int i = 0; i < count; i++) {
		const xmlChar **a = attributes + (ptrdiff_t)i * 5;
		struct vg_str value = {(const char *)a[3], (size_t)(a[4] - a[3])};

		if (is(a[0], "href"))
			href = value;
		else if (is(a[0], "rel"))
			rel = value;
	}
	if (!r->values[LOC].len && vg_str_eqz(rel, "alternate") && href.len < MAX_VALUE)
		vg_buf_adds(&r->values[LOC], href);
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int namespace_count, const xmlChar **namespaces, int count,
    int defaulted, const xmlChar **attributes)
{
	struct reader *r = ctx;
	enum field field;

	(void)uri, (void)namespace_count, (void)namespaces, (void)defaulted;
	r->depth++;
	if (!r->rooted) {
		read_root(r, name);
		r->prefix = prefix;
	}
	if (!r->known || r->field_depth)
		return;
	if (!r->entry_depth) {
		if (is_entry(r, name))
			r->entry_depth = r->depth;
		return;
	}
	if (r->depth != r->entry_depth + 1)
		return;
	field = field_of(r, name, prefix);
	if (field == LOC && r->kind == VG_SITEMAP_ATOM) {
		atom_link(r, count, attributes);
		return;
	}
	/* A second address in one entry: somebody forgot to close the first. */
	if (field == LOC && trim_spaces(vg_buf_str(&r->values[LOC])).len)
		flush_entry(r);
	if (field == NO_FIELD || (field == MODIFIED && r->values[MODIFIED].len))
		return;
	r->field = field;
	r->field_depth = r->depth;
}

static void on_end(
    void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct reader *r = ctx;

	(void)name, (void)prefix, (void)uri;
	if (r->field_depth == r->depth)
		r->field_depth = 0;
	if (r->entry_depth == r->depth) {
		r->entry_depth = 0;
		flush_entry(r);
	}
	r->depth -= r->depth > 0;
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
	struct reader *r = ctx;
	struct vg_buf *value = &r->values[r->field_depth ? r->field : NO_FIELD];

	if (r->entry_depth && (r->field_depth || r->depth == r->entry_depth) &&
	    value->len + (size_t)len <= MAX_VALUE)
		vg_buf_add(value, (const char *)text, (size_t)len);
}

/* What a document says of its own encoding, in its first line. */
static const char *declared_charset(struct vg_str document)
{
	struct vg_str head = vg_str_sub(document, 0, vg_str_chr(document, '>', 0));
	size_t at = vg_str_ifind(head, VG_STR("encoding"), 0), end;

	if (!vg_str_starts(head, VG_STR("<?xml")) || at == SIZE_MAX)
		return NULL;
	for (at += 8; at < head.len && strchr(" \t\r\n=", head.ptr[at]); at++)
		;
	if (at >= head.len || (head.ptr[at] != '"' && head.ptr[at] != '\''))
		return NULL;
	end = vg_str_chr(head, head.ptr[at], at + 1);
	return end == SIZE_MAX ? NULL : vg_charset_name(vg_str_sub(head, at + 1, end));
}

/* To UTF-8, without byte order mark and leading white space, which XML does not forgive. */
static enum vg_status to_utf8(struct vg_arena *arena, struct vg_str document,
    struct vg_str *ret, struct vg_error *err)
{
	struct vg_convert_input in = {.document = document};
	struct vg_converted converted;
	enum vg_charset_source source;
	bool valid;
	enum vg_status st;

	in.valid = vg_convert_valid_utf8(document, &in.ascii);
	valid = in.valid == document.len;
	in.charset =
	    vg_charset_detect(document, (struct vg_str){0}, valid, &source, &in.bom);
	if (source != VG_CHARSET_BOM) {
		const char *declared = declared_charset(vg_str_trim(document));

		/* XML is UTF-8 unless it says otherwise, and so is what is valid. */
		in.charset = declared && !valid ? declared : "utf-8";
	}
	st = vg_convert(arena, &in, &converted, err);
	if (st == VG_OK)
		*ret = trim_spaces(converted.utf8);
	return st;
}

static enum vg_status unpack(struct vg_arena *arena, struct vg_str *io,
    bool *ret_truncated, struct vg_error *err)
{
	struct vg_decoded decoded;
	enum vg_status st;

	if (!vg_str_starts(*io, VG_STR("\x1f\x8b")))
		return VG_OK;
	st = vg_decode(arena, *io, VG_STR("gzip"), VG_MAX_DOCUMENT, &decoded, err);
	if (st != VG_OK)
		return st;
	*io = decoded.bytes;
	*ret_truncated = decoded.truncated;
	return VG_OK;
}

static enum vg_status read_xml(
    struct reader *r, struct vg_str text, struct vg_error *err)
{
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
	    .startElementNs = on_start,
	    .endElementNs = on_end,
	    .characters = on_text,
	    .cdataBlock = on_text,
	    .ignorableWhitespace = on_text};
	xmlParserCtxtPtr ctxt;

	if (text.len > INT32_MAX)
		return vg_fail(err, VG_E_TOO_LARGE, "larger than 2 GiB");
	ctxt = xmlCreateMemoryParserCtxt(text.ptr, (int)text.len);
	if (!ctxt)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	*ctxt->sax = sax;
	ctxt->userData = r;
	(void)xmlCtxtUseOptions(ctxt, XML_PARSE_RECOVER | XML_PARSE_NONET |
					  XML_PARSE_IGNORE_ENC | XML_PARSE_NOERROR |
					  XML_PARSE_NOWARNING);
	(void)xmlParseDocument(ctxt);
	r->truncated |= r->depth > 0 || text.ptr[text.len - 1] != '>';
	if (ctxt->myDoc)
		xmlFreeDoc(ctxt->myDoc);
	xmlFreeParserCtxt(ctxt);
	if (r->entry_depth)
		flush_entry(r);
	return r->known ? VG_OK
			: vg_fail(err, VG_E_INVALID, "neither a sitemap nor a feed");
}

/* One address a line; a text of anything else is no sitemap. */
static enum vg_status read_text(
    struct reader *r, struct vg_str text, struct vg_error *err)
{
	struct vg_str line;
	bool first = true;

	r->kind = VG_SITEMAP_TEXT;
	r->has_base = false;
	while (vg_str_split(&text, '\n', &line)) {
		line = vg_str_trim(line);
		if (!line.len)
			continue;
		if (first && !vg_str_istarts(line, VG_STR("http://")) &&
		    !vg_str_istarts(line, VG_STR("https://")))
			break;
		first = false;
		add_entry(r, line);
	}
	return r->entries.len
		   ? VG_OK
		   : vg_fail(err, VG_E_INVALID, "neither a sitemap nor a feed");
}

enum vg_status vg_sitemap_read(struct vg_arena *arena, struct vg_str payload,
    struct vg_str url, struct vg_sitemap *ret, struct vg_error *err)
{
	struct reader r = {.arena = arena,
	    .base = VG_URL_INIT,
	    .scratch = VG_URL_INIT,
	    .entries = VG_VEC_INIT(struct vg_sitemap_entry, VG_MAX_LINKS, arena)};
	struct vg_str text = {0};
	enum vg_status st;

	for (int i = 0; i < FIELD_COUNT; i++)
		r.values[i] = VG_BUF_INIT(MAX_VALUE);
	r.has_base = url.len > 0 && vg_url_parse(url, NULL, &r.base, NULL) == VG_OK;
	st = unpack(arena, &payload, &r.truncated, err);
	if (st == VG_OK)
		st = to_utf8(arena, payload, &text, err);
	if (st == VG_OK)
		st = vg_str_starts(text, VG_STR("<")) ? read_xml(&r, text, err)
						      : read_text(&r, text, err);
	if (st == VG_OK && r.no_memory)
		st = vg_fail(err, VG_E_NOMEM, "out of memory");
	if (st == VG_OK)
		*ret = (struct vg_sitemap){
		    r.kind, r.entries.items, r.entries.len, r.truncated};
	for (int i = 0; i < FIELD_COUNT; i++)
		vg_buf_release(&r.values[i]);
	vg_url_release(&r.base);
	vg_url_release(&r.scratch);
	return st;
}

/* The name of the first element, without its prefix. */
static struct vg_str root_name(struct vg_str s)
{
	size_t at = 0, end;

	while ((at = vg_str_chr(s, '<', at)) != SIZE_MAX && at + 1 < s.len) {
		struct vg_str rest = vg_str_sub(s, at, s.len);
		bool comment = vg_str_starts(rest, VG_STR("<!--"));

		if (!comment && s.ptr[at + 1] != '?' && s.ptr[at + 1] != '!')
			break;
		end = vg_str_find(s, comment ? VG_STR("-->") : VG_STR(">"), at);
		at = end == SIZE_MAX ? s.len : end;
	}
	if (at == SIZE_MAX)
		return (struct vg_str){0};
	for (end = ++at; end < s.len && (vg_is_alnum(s.ptr[end]) || s.ptr[end] == ':');
	     end++)
		if (s.ptr[end] == ':')
			at = end + 1;
	return vg_str_sub(s, at, end);
}

bool vg_sitemap_is(struct vg_arena *arena, struct vg_str payload)
{
	struct vg_str head, root;
	bool truncated;

	if (unpack(arena, &payload, &truncated, NULL) != VG_OK)
		return false;
	head = trim_spaces(vg_str_sub(payload, 0, 4096));
	if (!vg_str_starts(head, VG_STR("<")))
		return false;
	root = root_name(head);
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (vg_str_eqz(root, roots[i].name))
			return true;
	return false;
}
