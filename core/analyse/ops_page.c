/* SPDX-License-Identifier: MIT */
/* page: everything a crawl keeps of one captured page, from one reading of it. */
#include "config.h"

#include "analyse/ops.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "detect/detect.h"
#include "plugin/plugin.h"

#define MAX_HEADERS 1024u

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

static bool has_word(struct vg_str list, const char *word)
{
	struct vg_str piece;

	while (vg_str_split(&list, ',', &piece)) {
		piece = vg_str_trim(piece);
		/* X-Robots-Tag may name an agent: "otherbot: noindex" is not for us */
		if (vg_str_ieqz(piece, word) || vg_str_ieqz(piece, "none"))
			return true;
	}
	return false;
}

/* A robots word of the page's meta element or of its head. */
static bool robots_says(
    const struct vg_doc *doc, const struct vg_page_facts *facts, const char *word)
{
	for (size_t i = 0; i < doc->meta_count; i++)
		if (vg_str_eqz(doc->metas[i].name, "robots") &&
		    has_word(doc->metas[i].content, word))
			return true;
	for (size_t i = 0; i < facts->header_count; i++)
		if (vg_str_ieqz(facts->headers[i].name, "x-robots-tag") &&
		    has_word(facts->headers[i].value, word))
			return true;
	return false;
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

/* "page": something to visit; "asset": something a page is drawn with; NULL: neither. */
static const char *kind_of(const struct vg_link *link)
{
	static const char *const pages[] = {
	    "a", "area", "frame", "iframe", "meta", "#text"};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strcmp(link->tag, pages[i]) == 0)
			return "page";
	if (strcmp(link->tag, "form") == 0 || strcmp(link->tag, "base") == 0)
		return NULL;
	if (strcmp(link->tag, "link") != 0)
		return "asset";
	if (rel_has(link->rel, "next") || rel_has(link->rel, "prev") ||
	    rel_has(link->rel, "canonical") || rel_has(link->rel, "alternate"))
		return "page";
	if (rel_has(link->rel, "stylesheet") || rel_has(link->rel, "icon"))
		return "asset";
	return NULL; /* preconnect, dns-prefetch, pingback, … */
}

static void write_link(struct vg_json_writer *w, struct vg_str url, const char *kind)
{
	vg_jw_object(w);
	vg_jw_kstr(w, "url", url);
	vg_jw_kstrz(w, "kind", kind);
	vg_jw_end_object(w);
}

/* The plugin's links first: it knows best what they lead to. */
static enum vg_status write_links(struct vg_op_call *call, const struct vg_doc *doc,
    const struct vg_plugin_result *result)
{
	struct seen seen = {0};

	if (!seen_init(&seen, call->arena, result->link_count + doc->link_count))
		return vg_fail(call->err, VG_E_NOMEM, "out of memory");
	vg_jw_key(call->out, "links");
	vg_jw_array(call->out);
	for (size_t i = 0; i < result->link_count; i++) {
		struct vg_str url = without_fragment(result->links[i].url);

		if (seen_add(&seen, url))
			write_link(call->out, url, result->links[i].kind);
	}
	for (size_t i = 0; i < doc->link_count; i++) {
		const struct vg_link *link = &doc->links[i];
		struct vg_str url = without_fragment(link->url);
		const char *kind = kind_of(link);

		if (kind == NULL || !is_web(url) || url.len > VG_MAX_URL ||
		    rel_has(link->rel, "nofollow"))
			continue;
		if (seen_add(&seen, url))
			write_link(call->out, url, kind);
	}
	vg_jw_end_array(call->out);
	return VG_OK;
}

/* "headers": [[name, value], …] */
static enum vg_status read_headers(struct vg_op_call *call, struct vg_page_facts *facts)
{
	const struct vg_json *list = vg_json_get(call->params, "headers");
	struct vg_page_header *headers;

	if (list == NULL || list->type != VG_JSON_ARRAY)
		return VG_OK;
	headers = vg_arena_array(call->arena, MAX_HEADERS, sizeof(*headers));
	if (headers == NULL)
		return vg_fail(call->err, VG_E_NOMEM, "out of memory");
	for (const struct vg_json *h = list->first; h != NULL; h = h->next) {
		if (h->type != VG_JSON_ARRAY || h->count != 2 ||
		    facts->header_count == MAX_HEADERS)
			continue;
		headers[facts->header_count].name = h->first->text;
		headers[facts->header_count].value = h->first->next->text;
		facts->header_count++;
	}
	facts->headers = headers;
	return VG_OK;
}

/* As browsers do, the last of several counts. */
static struct vg_str last_header(const struct vg_page_facts *facts, const char *name)
{
	struct vg_str last = {0};

	for (size_t i = 0; i < facts->header_count; i++)
		if (vg_str_ieqz(facts->headers[i].name, name) &&
		    facts->headers[i].value.len > 0)
			last = facts->headers[i].value;
	return last;
}

static enum vg_status read_facts(struct vg_op_call *call, struct vg_page_facts *facts)
{
	const struct vg_json *status = vg_json_get(call->params, "status");
	struct vg_str fetched = vg_json_get_str(call->params, "fetched_at");
	int64_t number = 0;

	if (status != NULL && vg_json_to_i64(status, &number) && number > 0 &&
	    number < 1000)
		facts->http_status = (int32_t)number;
	if (fetched.len > 0 && !vg_time_parse(fetched, &facts->fetched_at))
		return vg_fail(
		    call->err, VG_E_INVALID, "fetched_at is no RFC 3339 time");
	return read_headers(call, facts);
}

enum vg_status vg_op_page(struct vg_op_call *call)
{
	struct vg_doc_input in = {
	    .payload = call->content,
	    .url = vg_json_get_str(call->params, "url"),
	};
	struct vg_page_facts facts = {0};
	struct vg_plugin_result found = {0};
	struct vg_result *verdict = NULL;
	struct vg_doc *doc = NULL;
	enum vg_status st;

	if (call->lexicon == NULL)
		return vg_fail(call->err, VG_E_UNSUPPORTED, "no lexicon is loaded");
	if ((st = read_facts(call, &facts)) != VG_OK)
		return st;
	in.content_type = facts.content_type = last_header(&facts, "content-type");
	in.content_encoding = last_header(&facts, "content-encoding");
	if ((st = vg_doc_read(call->arena, &in, &doc, call->err)) != VG_OK)
		return st;
	if (call->plugins != NULL)
		st = vg_plugins_run(call->plugins,
		    vg_json_get_str(call->params, "plugin"), doc, &facts, &found,
		    call->err);
	if (st == VG_OK)
		st = vg_detect(call->lexicon, doc, &verdict, call->err);
	if (st != VG_OK)
		return st;
	vg_jw_object(call->out);
	vg_jw_kstr(call->out, "title", doc->title);
	vg_jw_kbool(call->out, "noindex", robots_says(doc, &facts, "noindex"));
	vg_jw_kbool(call->out, "nofollow", robots_says(doc, &facts, "nofollow"));
	vg_jw_kstr(call->out, "plugin", found.plugin);
	vg_jw_kstr(call->out, "plugin_problem", found.problem);
	vg_jw_kstrz(call->out, "rules", vg_lexicon_version(call->lexicon));
	vg_jw_key(call->out, "scan");
	vg_result_write(verdict, call->out);
	vg_jw_key(call->out, "listings");
	vg_jw_array(call->out);
	for (size_t i = 0; i < found.listing_count; i++)
		vg_listing_write(&found.listings[i], false, call->out);
	vg_jw_end_array(call->out);
	st = write_links(call, doc, &found);
	vg_jw_end_object(call->out);
	return st;
}
