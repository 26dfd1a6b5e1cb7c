/* SPDX-License-Identifier: MIT */
/* page: everything a crawl keeps of one captured page, from one reading of it. */
#include "config.h"

#include "analyse/ops_page.h"

#include <stdio.h>
#include <string.h>

#include "analyse/layout.h"
#include "base/clock.h"
#include "base/limits.h"
#include "detect/detect.h"
#include "doc/decode.h"
#include "policy/robots.h"

#define MAX_HEADERS 1024u

/* What the page's meta elements and its head ask of crawlers, or of us by name. */
static struct vg_robots_tag robots_tag(
    const struct vg_doc *doc, const struct vg_page_facts *facts)
{
	const struct vg_str agent = VG_STR("vigia");
	struct vg_robots_tag tag = {0};

	for (size_t i = 0; i < doc->meta_count; i++)
		if (vg_str_eqz(doc->metas[i].name, "robots") ||
		    vg_str_eq(doc->metas[i].name, agent))
			vg_robots_tag_add(&tag, doc->metas[i].content, agent);
	for (size_t i = 0; i < facts->header_count; i++)
		if (vg_str_ieqz(facts->headers[i].name, "x-robots-tag"))
			vg_robots_tag_add(&tag, facts->headers[i].value, agent);
	return tag;
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

/* Style sheets and scripts: read for the addresses they name. */
static enum vg_status read_part(struct vg_op_call *call, const char *element,
    const struct vg_doc_input *in, struct vg_doc **ret)
{
	struct vg_doc_input wrapped = *in;
	size_t name = strlen(element), len = in->payload.len;
	char *text = vg_arena_alloc(call->arena, len + 2 * name + 6);

	if (text == NULL)
		return vg_fail(call->err, VG_E_NOMEM, "out of memory");
	wrapped.payload = (struct vg_str){text, len + 2 * name + 5};
	(void)snprintf(text, name + 3, "<%s>", element);
	if (len > 0)
		memcpy(text + name + 2, in->payload.ptr, len);
	(void)snprintf(text + name + 2 + len, name + 4, "</%s>", element);
	return vg_doc_read(call->arena, &wrapped, ret, call->err);
}

static const char *part_of(struct vg_str type)
{
	type = vg_str_trim(vg_str_sub(type, 0, vg_str_chr(type, ';', 0)));
	if (vg_str_ieqz(type, "text/css"))
		return "style";
	return vg_str_ieqz(type, "text/javascript") ||
		       vg_str_ieqz(type, "application/javascript") ||
		       vg_str_ieqz(type, "application/x-javascript")
		   ? "script"
		   : NULL;
}

/* Undoes the content-decoding, so that it is done once; what does not decode is left to the reader. */
static void decode_body(struct vg_op_call *call, struct vg_doc_input *in)
{
	struct vg_decoded decoded;

	if (vg_decode(call->arena, in->payload, in->content_encoding, VG_MAX_DOCUMENT,
		&decoded, NULL) != VG_OK ||
	    decoded.truncated)
		return;
	in->payload = decoded.bytes;
	in->content_encoding = VG_STR("");
}

/* What a browser shows as a page, whatever it starts with. */
static bool is_shown(const struct vg_doc_input *in)
{
	return vg_str_istarts(vg_str_trim(in->content_type), VG_STR("text/html")) ||
	       vg_str_istarts(
		   vg_str_trim(in->content_type), VG_STR("application/xhtml")) ||
	       vg_str_ifind(in->payload, VG_STR("<html"), 0) != SIZE_MAX ||
	       vg_str_ifind(in->payload, VG_STR("<body"), 0) != SIZE_MAX;
}

/* Reads the body as what it is; *ret is what is judged, and from->doc what holds the links. */
static enum vg_status read_body(struct vg_op_call *call, struct vg_doc_input *in,
    struct vg_page_links *from, struct vg_doc **ret)
{
	const char *part = part_of(in->content_type);
	struct vg_doc *doc = NULL;
	enum vg_status st;

	decode_body(call, in);
	if (part == NULL && vg_sitemap_is(call->arena, in->payload) &&
	    vg_sitemap_read(call->arena, in->payload, in->url, &from->sitemap, NULL) !=
		VG_OK)
		from->sitemap = (struct vg_sitemap){0};
	if (part != NULL) {
		st = read_part(call, part, in, &doc);
		if (st != VG_OK)
			return st;
		from->doc = doc;
	}
	/* Nothing is offered in a list of addresses, nor in a program; in a feed there may be. */
	if (part != NULL || (from->sitemap.count > 0 && !is_shown(in) &&
				(from->sitemap.kind == VG_SITEMAP_URLSET ||
				    from->sitemap.kind == VG_SITEMAP_INDEX)))
		in->payload = VG_STR("");
	st = vg_doc_read(call->arena, in, ret, call->err);
	if (st == VG_OK && from->doc == NULL)
		from->doc = *ret;
	return st;
}

/*
 * After the judgement: a plugin that spends the memory of the page costs only its own records. One that cost the
 * last worker this page is known by its "plugin_problem", and not asked again.
 */
static enum vg_status run_plugins(struct vg_op_call *call, const struct vg_doc *doc,
    const struct vg_page_facts *facts, struct vg_plugin_result *ret)
{
	enum vg_status st;

	ret->problem = vg_json_get_str(call->params, "plugin_problem");
	if (ret->problem.len > 0)
		return VG_OK;
	st = vg_plugins_run(call->plugins, vg_json_get_str(call->params, "plugin"), doc,
	    facts, ret, call->err);
	if (st != VG_E_NOMEM)
		return st;
	*ret = (struct vg_plugin_result){.problem = VG_STR("out of memory")};
	return VG_OK;
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
	struct vg_page_links links = {.facts = &facts, .found = &found};
	struct vg_robots_tag robots;
	struct vg_doc *doc = NULL;
	enum vg_status st;

	if (call->lexicon == NULL)
		return vg_fail(call->err, VG_E_UNSUPPORTED, "no lexicon is loaded");
	if ((st = read_facts(call, &facts)) != VG_OK)
		return st;
	in.content_type = facts.content_type = last_header(&facts, "content-type");
	in.content_encoding = last_header(&facts, "content-encoding");
	if ((st = read_body(call, &in, &links, &doc)) != VG_OK)
		return st;
	st = vg_detect(call->lexicon, doc, &verdict, call->err);
	if (st == VG_OK && call->plugins != NULL)
		st = run_plugins(call, doc, &facts, &found);
	if (st != VG_OK)
		return st;
	robots = robots_tag(doc, &facts);
	vg_jw_object(call->out);
	vg_jw_kstr(call->out, "title", doc->title);
	vg_jw_kbool(call->out, "noindex", robots.noindex);
	vg_jw_kbool(call->out, "nofollow", robots.nofollow);
	vg_jw_kbool(call->out, "soft_404",
	    facts.http_status == 200 && verdict->missing && found.listing_count == 0);
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
	vg_coverage_write(doc, &found, call->out);
	st = vg_page_links_write(call, &links);
	vg_jw_end_object(call->out);
	return st;
}
