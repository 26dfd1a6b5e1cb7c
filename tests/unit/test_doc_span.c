/* SPDX-License-Identifier: MIT */
/* The promise behind every quote: the document bytes of a piece of text read as that text again. */
#include "config.h"

#include "support/unit.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "doc/doc.h"

static const struct {
	const char *charset;
	const char *const *words; /* in that charset */
} languages[] = {
    {"utf-8",
	(const char *const[]){"tramadol", "sin", "receta", "\xC3\xB1o", "\xE2\x82\xAC",
	    "\xF0\x9F\x92\x8A", "\xD0\xB1\xD0\xB5\xD0\xB7", "\xFFz", NULL}},
    {"windows-1252", (const char *const[]){"tramadol", "sin", "receta", "\xF1o", "\x80",
			 "caf\xE9", NULL}},
    {"windows-1251", (const char *const[]){"\xF2\xF0\xE0\xEC\xE0\xE4\xEE\xEB",
			 "\xE1\xE5\xE7", "x", NULL}},
    {"shift_jis",
	(const char *const[]){"\x83\x65\x83\x58\x83\x67", "\xB1\xB2", "abc", NULL}},
    {"gb18030",
	(const char *const[]){"\xC4\xE3\xBA\xC3", "\x81\x30\x81\x30", "abc", NULL}},
    {"euc-jp", (const char *const[]){"\xA5\xC6\xA5\xB9", "\x8E\xB1", "abc", NULL}},
};

static const char *const glue[] = {" ", "\n\t ", "<b>", "</b>", "<i class=x>", "</i>",
    "&amp;", "&eacute;", "&#x41;", "&lt;", "<!-- c -->", "<p>", "</p>", "<br>",
    "<span hidden>y</span>", "<a href='/z'>", "</a>", "<div>", "</div>", "  ", "<li>",
    "<s>", "</s>", "<script>var a=['x y'];</script>"};

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static struct vg_doc *read_page(struct vg_arena *arena, struct vg_str payload,
    const char *type, const char *charset)
{
	struct vg_doc_input in = {.payload = payload,
	    .content_type = vg_arena_printf(arena, "%s; charset=%s", type, charset)};
	struct vg_doc *doc = NULL;
	struct vg_error err;

	assert_int_equal(vg_doc_read(arena, &in, &doc, &err), VG_OK);
	return doc;
}

static bool is_edge(struct vg_str text, size_t at)
{
	return at == text.len || ((unsigned char)text.ptr[at] & 0xC0) != 0x80;
}

/* The first block of running text of the span, read as a page of its own. */
static void check_span(struct vg_arena *arena, const struct vg_doc *doc,
    const struct vg_block *b, size_t from, size_t to)
{
	struct vg_str slice = vg_str_trim(vg_str_sub(b->text, from, to)),
		      again = {"", 0};
	struct vg_doc *part;
	size_t start, end;

	vg_doc_block_span(doc, b, from, to, &start, &end);
	assert_true(start <= end && end <= doc->document.len);
	part = read_page(arena, vg_str_sub(doc->document, start, end), "text/html",
	    doc->charset.ptr);
	for (size_t i = 0; i < part->block_count && !again.len; i++)
		if (part->blocks[i].where == VG_WHERE_TEXT)
			again = part->blocks[i].text;
	assert_int_equal(again.len, slice.len);
	assert_memory_equal(again.ptr, slice.ptr, slice.len);
}

static void block_span__random_pages__read_back(void **state)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	uint32_t random = 20261124;

	(void)state;
	for (size_t round = 0; round < 600; round++) {
		size_t k = round % (sizeof(languages) / sizeof(*languages)), count = 0;
		struct vg_buf page = VG_BUF_INIT(1u << 20);
		struct vg_doc *doc;

		while (languages[k].words[count])
			count++;
		for (size_t i = 0, n = 1 + next_random(&random) % 60; i < n; i++) {
			vg_buf_addz(
			    &page, languages[k].words[next_random(&random) % count]);
			vg_buf_addz(&page, glue[next_random(&random) %
						(sizeof(glue) / sizeof(*glue))]);
		}
		doc = read_page(
		    arena, vg_buf_str(&page), "text/html", languages[k].charset);
		for (size_t i = 0; i < doc->block_count; i++) {
			const struct vg_block *b = &doc->blocks[i];
			size_t from = next_random(&random) % b->text.len;
			size_t to =
			    from + 1 + next_random(&random) % (b->text.len - from);

			while (!is_edge(b->text, from))
				from--;
			while (!is_edge(b->text, to))
				to++;
			if (b->where == VG_WHERE_TEXT)
				check_span(arena, doc, b, from, to);
		}
		vg_buf_release(&page);
		vg_arena_reset(arena);
	}
	vg_arena_free(arena);
}

/* Every element begins at its `<`, whatever the charset did to the text before it. */
static void elements__random_charsets__begin_at_their_tag(void **state)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	uint32_t random = 7;

	(void)state;
	for (size_t round = 0; round < 120; round++) {
		size_t k = round % (sizeof(languages) / sizeof(*languages)), count = 0;
		struct vg_buf page = VG_BUF_INIT(1u << 20);
		struct vg_doc *doc;

		while (languages[k].words[count])
			count++;
		for (size_t i = 0; i < 300; i++) {
			vg_buf_addz(
			    &page, languages[k].words[next_random(&random) % count]);
			vg_buf_addz(&page, "<x y='");
			vg_buf_addz(
			    &page, languages[k].words[next_random(&random) % count]);
			vg_buf_addz(&page, "'>");
		}
		doc = read_page(
		    arena, vg_buf_str(&page), "text/html", languages[k].charset);
		assert_int_equal(doc->element_count, 300);
		for (size_t i = 0; i < doc->element_count; i++)
			assert_memory_equal(
			    doc->document.ptr + doc->elements[i].start, "<x y='", 6);
		vg_buf_release(&page);
		vg_arena_reset(arena);
	}
	vg_arena_free(arena);
}

/* Escapes of JSON strings map back too. */
static void block_span__json_escapes__cover_their_source(void **state)
{
	const char *html = "<script type='application/json'>{\"t\":\"caf\\u00e9 "
			   "\\\"uno\\\" \\ud83d\\udc8a z\"}</script>";
	static const struct {
		const char *word, *source;
	} cases[] = {
	    {"\xC3\xA9", "\\u00e9"},
	    {"\"uno\"", "\\\"uno\\\""},
	    {"\xF0\x9F\x92\x8A", "\\ud83d\\udc8a"},
	    {"z", "z"},
	};
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_doc *doc = read_page(arena, vg_str(html), "text/html", "utf-8");

	(void)state;
	assert_int_equal(doc->block_count, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t at = vg_str_find(doc->blocks[0].text, vg_str(cases[i].word), 0),
		       start, end;

		assert_true(at != SIZE_MAX);
		vg_doc_block_span(
		    doc, &doc->blocks[0], at, at + strlen(cases[i].word), &start, &end);
		assert_str(vg_str_sub(vg_str(html), start, end), cases[i].source);
	}
	vg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(block_span__random_pages__read_back),
	    cmocka_unit_test(elements__random_charsets__begin_at_their_tag),
	    cmocka_unit_test(block_span__json_escapes__cover_their_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
