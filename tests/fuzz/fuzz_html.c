/* SPDX-License-Identifier: MIT */
/* Any bytes are a page; spans of all it finds stay inside the document and in order. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/limits.h"
#include "doc/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The first byte chooses what the headers say. */
static const struct {
	const char *type, *coding;
} headers[] = {
    {"", ""},
    {"text/html; charset=utf-8", ""},
    {"text/html; charset=windows-1251", ""},
    {"text/html; charset=gb18030", ""},
    {"text/html; charset=shift_jis", ""},
    {"text/html; charset=iso-2022-jp", ""},
    {"text/html; charset=utf-16le", ""},
    {"text/html; charset=euc-jp", ""},
    {"text/html; charset=big5", ""},
    {"text/javascript", ""},
    {"application/json", ""},
    {"text/plain", ""},
    {"text/css", ""},
    {"", "gzip"},
    {"", "br"},
    {"", "zstd, deflate"},
};

static void check(bool good)
{
	if (!good)
		abort();
}

static void check_blocks(const struct vg_doc *doc)
{
	size_t start, end, n = doc->document.len;

	for (size_t i = 0; i < doc->block_count; i++) {
		const struct vg_block *b = &doc->blocks[i];

		check(b->element == VG_NONE || b->element < doc->element_count);
		vg_doc_block_span(doc, b, 0, b->text.len, &start, &end);
		check(start <= end && end <= n);
		vg_doc_block_span(
		    doc, b, b->text.len / 3, b->text.len / 2, &start, &end);
		check(start <= end && end <= n);
	}
	for (size_t i = 0; i < doc->element_count; i++) {
		const struct vg_element *e = &doc->elements[i];

		check(e->parent == VG_NONE || e->parent < i);
		check(e->first_block <= doc->block_count &&
		      e->end_block <= doc->block_count);
		check(e->start <= e->end && e->end <= n);
		(void)vg_doc_attr(doc, (uint32_t)i, "href");
	}
	for (size_t i = 0; i < doc->link_count; i++)
		check(
		    doc->links[i].start <= doc->links[i].end && doc->links[i].end <= n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct vg_arena *arena;
	size_t choice = len ? bytes[0] % (sizeof(headers) / sizeof(*headers)) : 0;
	struct vg_doc_input in = {.content_type = vg_str(headers[choice].type),
	    .content_encoding = vg_str(headers[choice].coding),
	    .url = VG_STR("http://shop.example/dir/page.html")};
	struct vg_doc *doc;
	struct vg_error err;

	if (!arena)
		arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	if (len)
		in.payload = (struct vg_str){(const char *)bytes + 1, len - 1};
	if (arena && !vg_doc_read(arena, &in, &doc, &err))
		check_blocks(doc);
	if (arena)
		vg_arena_reset(arena);
	return 0;
}
