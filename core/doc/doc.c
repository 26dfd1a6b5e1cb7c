/* SPDX-License-Identifier: MIT */
/* Reading a page from payload to blocks, and the way back to its bytes. */
#include "config.h"

#include "doc/doc.h"

#include <stdlib.h>
#include <string.h>

#include "doc/charset.h"
#include "doc/convert.h"
#include "doc/decode.h"
#include "doc/page.h"

struct vg_doc_map {
	struct vg_converted converted;
	struct vg_flow flows[VG_FLOWS];
};

const char *vg_where_name(enum vg_where where)
{
	static const char *const names[] = {"text", "title", "meta", "attribute",
	    "script", "jsonld", "hidden", "comment", "noscript", "url"};

	return names[where];
}

const char *vg_charset_source_name(enum vg_charset_source source)
{
	static const char *const names[] = {
	    "bom", "header", "meta", "guess", "default"};

	return names[source];
}

enum vg_status vg_doc_prepare(struct vg_error *err)
{
	return vg_convert_prepare(err);
}

static enum vg_page_kind kind_of(const struct vg_doc_input *in, struct vg_str utf8)
{
	struct vg_str type = vg_str_trim(
	    vg_str_sub(in->content_type, 0, vg_str_chr(in->content_type, ';', 0)));
	struct vg_str text = vg_str_trim(vg_str_sub(utf8, 0, 256));
	char last;

	if (vg_str_ieqz(type, "text/plain"))
		return VG_PAGE_PLAIN;
	if (vg_str_ieqz(type, "text/css"))
		return VG_PAGE_CSS;
	if (vg_str_ifind(type, VG_STR("javascript"), 0) != SIZE_MAX)
		return VG_PAGE_SCRIPT;
	if (vg_str_ifind(type, VG_STR("json"), 0) != SIZE_MAX)
		return VG_PAGE_JSON;
	if (vg_str_ifind(type, VG_STR("html"), 0) != SIZE_MAX || !text.len)
		return VG_PAGE_HTML;
	/* A file without a type: JSON is what looks so at both ends. */
	last = vg_str_trim(utf8).ptr[vg_str_trim(utf8).len - 1];
	if ((text.ptr[0] == '{' && last == '}') || (text.ptr[0] == '[' && last == ']'))
		return VG_PAGE_JSON;
	return VG_PAGE_HTML;
}

static void release_page(void *ctx)
{
	struct vg_page *p = ctx;

	for (size_t i = 0; i < VG_FLOWS; i++) {
		vg_buf_release(&p->flows[i].text);
		vg_vec_release(&p->flows[i].pieces);
	}
	vg_vec_release(&p->blocks);
	vg_vec_release(&p->elements);
	vg_vec_release(&p->links);
	vg_vec_release(&p->metas);
	vg_vec_release(&p->jsons);
	vg_vec_release(&p->attrs);
}

static struct vg_page *page_new(struct vg_arena *arena, struct vg_doc *doc)
{
	struct vg_page *p = vg_arena_alloc(arena, sizeof(*p));

	if (!p || vg_arena_defer(arena, release_page, p))
		return NULL;
	p->arena = arena;
	p->doc = doc;
	p->s = doc->utf8.len ? doc->utf8.ptr : "";
	p->len = doc->utf8.len;
	for (size_t i = 0; i < VG_FLOWS; i++) {
		p->flows[i].text = VG_BUF_INIT(UINT32_MAX);
		p->flows[i].pieces = VG_VEC_INIT(struct vg_piece, SIZE_MAX, NULL);
	}
	p->blocks = VG_VEC_INIT(struct vg_block, VG_MAX_BLOCKS, NULL);
	p->elements = VG_VEC_INIT(struct vg_element, SIZE_MAX, NULL);
	p->links = VG_VEC_INIT(struct vg_link, VG_MAX_LINKS, NULL);
	p->metas = VG_VEC_INIT(struct vg_meta, VG_MAX_RECORDS, NULL);
	p->jsons = VG_VEC_INIT(struct vg_page_json, VG_MAX_RECORDS, NULL);
	p->attrs = VG_VEC_INIT(struct vg_attr, SIZE_MAX, NULL);
	return p;
}

static void map_span(const struct vg_doc *doc, size_t *start, size_t *end)
{
	vg_doc_utf8_span(doc, *start, *end, start, end);
}

/* Turns offsets into document offsets and hands the arrays over. */
static void page_finish(struct vg_page *p)
{
	struct vg_doc *doc = p->doc;
	struct vg_block *blocks = p->blocks.items;
	struct vg_element *elements = p->elements.items;
	struct vg_link *links = p->links.items;
	struct vg_meta *metas = p->metas.items;
	struct vg_page_json *jsons = p->jsons.items;

	memcpy(doc->map->flows, p->flows, sizeof(p->flows));
	for (size_t i = 0; i < p->blocks.len; i++)
		blocks[i].text = vg_text_of_block(p, &blocks[i]);
	for (size_t i = 0; i < p->elements.len; i++)
		map_span(doc, &elements[i].start, &elements[i].end);
	for (size_t i = 0; i < p->links.len; i++)
		map_span(doc, &links[i].start, &links[i].end);
	for (size_t i = 0; i < p->metas.len; i++)
		map_span(doc, &metas[i].start, &metas[i].end);
	for (size_t i = 0; i < p->jsons.len; i++)
		map_span(doc, &jsons[i].start, &jsons[i].end);
	doc->blocks = blocks;
	doc->elements = elements;
	doc->links = links;
	doc->metas = metas;
	doc->jsons = jsons;
	doc->block_count = p->blocks.len;
	doc->element_count = p->elements.len;
	doc->link_count = p->links.len;
	doc->meta_count = p->metas.len;
	doc->json_count = p->jsons.len;
}

/* Payload to UTF-8. */
static enum vg_status read_text(
    struct vg_doc *doc, const struct vg_doc_input *in, struct vg_error *err)
{
	struct vg_decoded decoded;
	struct vg_convert_input text = {.bom = 0};
	enum vg_status status = vg_decode(doc->arena, in->payload, in->content_encoding,
	    in->max_document ? in->max_document : VG_MAX_DOCUMENT, &decoded, err);

	if (status)
		return status;
	text.document = doc->document = decoded.bytes;
	text.valid = vg_convert_valid_utf8(decoded.bytes, &text.ascii);
	text.charset = vg_charset_detect(decoded.bytes, in->content_type,
	    !text.ascii && text.valid == decoded.bytes.len, &doc->charset_source,
	    &text.bom);
	status = vg_convert(doc->arena, &text, &doc->map->converted, err);
	if (status)
		return status;
	doc->charset = vg_str(text.charset);
	doc->utf8 = doc->map->converted.utf8;
	doc->truncated = decoded.truncated || doc->map->converted.truncated;
	return VG_OK;
}

enum vg_status vg_doc_read(struct vg_arena *arena, const struct vg_doc_input *in,
    struct vg_doc **ret, struct vg_error *err)
{
	struct vg_doc *doc = vg_arena_alloc(arena, sizeof(*doc));
	struct vg_page *p;
	enum vg_status status;

	if (!doc || !(doc->map = vg_arena_alloc(arena, sizeof(*doc->map))))
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	doc->arena = arena;
	doc->url = doc->base = in->url;
	status = read_text(doc, in, err);
	if (status)
		return status;
	p = page_new(arena, doc);
	if (!p)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	vg_page_parse(p, kind_of(in, doc->utf8));
	for (size_t i = 0; i < VG_FLOWS; i++)
		if (p->flows[i].text.status)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
	vg_links_resolve(p);
	page_finish(p);
	*ret = doc;
	return VG_OK;
}

void vg_doc_utf8_span(const struct vg_doc *doc, size_t start, size_t end,
    size_t *ret_start, size_t *ret_end)
{
	const struct vg_converted *c = &doc->map->converted;
	size_t from = vg_convert_offset(c, start, false);

	*ret_end = end > start ? vg_convert_offset(c, end, true) : from;
	*ret_start = from;
}

void vg_doc_block_span(const struct vg_doc *doc, const struct vg_block *block,
    size_t start, size_t end, size_t *ret_start, size_t *ret_end)
{
	size_t from, to;

	vg_text_source(doc->map->flows, block, start, end, &from, &to);
	vg_doc_utf8_span(doc, from, to, ret_start, ret_end);
}
