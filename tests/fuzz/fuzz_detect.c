/* SPDX-License-Identifier: MIT */
/* detect: folding, unmasking and the whole reading of a page keep every offset inside it. */
#include "config.h"

#include <stdlib.h>

#include "base/limits.h"
#include "detect/detect.h"
#include "detect/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct vg_lexicon *lexicon(void)
{
	static struct vg_lexicon *lex;
	struct vg_error err;

	if (lex == NULL &&
	    vg_lexicon_load(getenv("VIGIA_LEXICON_DIR"), &lex, &err) != VG_OK)
		abort();
	return lex;
}

static void check_hits(const struct vg_lexicon *lex, const struct vg_doc *doc)
{
	struct vg_reading r;

	if (vg_reading_of(lex, doc, &r, NULL) != VG_OK)
		return;
	for (size_t i = 0; i < r.text->hit_count; i++) {
		const struct vg_hit *h = &r.text->hits[i];

		if (h->block >= doc->block_count || h->start >= h->end ||
		    h->end > doc->blocks[h->block].text.len ||
		    h->sentence >= r.text->sentence_count)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_doc_input in = {
	    .payload = {(const char *)data, size}, .content_type = VG_STR("text/html")};
	struct vg_result *result;
	struct vg_doc *doc;

	if (a != NULL && vg_doc_read(a, &in, &doc, NULL) == VG_OK) {
		check_hits(lexicon(), doc);
		if (vg_detect(lexicon(), doc, &result, NULL) == VG_OK) {
			struct vg_buf out = VG_BUF_INIT((size_t)64 << 20);
			struct vg_json_writer w = vg_json_writer(&out);

			vg_result_write(result, &w);
			vg_buf_release(&out);
		}
	}
	vg_arena_free(a);
	return 0;
}
