/* SPDX-License-Identifier: MIT */
/* What a reader sees of small pages: blocks, where they stand, what encloses them. */
#include "config.h"

#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "doc/doc.h"

static struct vg_doc *read_as(
    struct vg_arena *arena, struct vg_str payload, const char *type)
{
	struct vg_doc_input in = {.payload = payload, .content_type = vg_str(type)};
	struct vg_doc *doc = NULL;
	struct vg_error err;

	in.url = VG_STR("http://shop.example/dir/page.html");
	assert_int_equal(vg_doc_read(arena, &in, &doc, &err), VG_OK);
	return doc;
}

static struct vg_doc *read_html(struct vg_arena *arena, const char *html)
{
	return read_as(arena, vg_str(html), "text/html; charset=utf-8");
}

/* "where:text|where:text" of all blocks. */
static void check_blocks(const char *html, const char *expected)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_doc *doc = read_html(arena, html);
	struct vg_buf all = VG_BUF_INIT(1u << 20);

	for (size_t i = 0; i < doc->block_count; i++) {
		if (i)
			vg_buf_addc(&all, '|');
		vg_buf_addz(&all, vg_where_name(doc->blocks[i].where));
		vg_buf_addc(&all, ':');
		vg_buf_adds(&all, doc->blocks[i].text);
	}
	assert_string_equal(vg_buf_cstr(&all), expected);
	vg_buf_release(&all);
	vg_arena_free(arena);
}

static void blocks(void **state)
{
	static const struct {
		const char *html, *expected;
	} cases[] = {
	    {"", ""},
	    {" \n\t ", ""},
	    {"tra<b>ma</b>dol <i> 50 </i>\n mg", "text:tramadol 50 mg"},
	    {"a<br>b<p>c<div>d</div>e", "text:a|text:b|text:c|text:d|text:e"},
	    {"<ul><li>one<li>two</ul>x", "text:one|text:two|text:x"},
	    {"<table><tr><td>a<td>b<tr><td>c</table>d", "text:a|text:b|text:c|text:d"},
	    {"<p>a<p>b</p>c</p>d", "text:a|text:b|text:c|text:d"},
	    {"a &amp; b &lt;c&gt; caf&eacute; &notit; &nosuch; &#x41;&#0;&#128;",
		"text:a & b <c> café ¬it; &nosuch; A\xEF\xBF\xBD€"},
	    {"1 < 2 <3 </ ", "text:1 < 2 <3"},
	    {"a<!-- b -->c<!-->d<!--->e<!--f--!>g", "text:acdeg|comment:b|comment:f"},
	    {"<title> A &amp; B </title>x", "title:A & B|text:x"},
	    {"<script>a('<p>')</script>x<style>p{}</style>y", "text:xy"},
	    {"x<script><!-- <script> </script> --></script>y", "text:xy"},
	    {"<script>never ends <p>x", ""},
	    {"<textarea>a<b>c\nd</textarea>e", "text:a<b>c|text:d|text:e"},
	    {"<pre>a\nb</pre>", "text:a|text:b"},
	    {"<noscript>n</noscript><template>t</template>x",
		"noscript:n|noscript:t|text:x"},
	    {"x<iframe>y</iframe>z", "text:xz"},
	    {"<svg><title>logo</title><text>in</text></svg>x",
		"attribute:logo|text:inx"},
	    {"<svg><![CDATA[a<b]]></svg><p>c", "text:a<b|text:c"},
	    {"<![CDATA[a]]>b", "comment:[CDATA[a]]|text:b"},
	    {"<plaintext>a<b>c", "text:a<b>c"},
	    {"<p>tra<span hidden>x</span>madol</p>", "text:tramadol|hidden:x"},
	    {"<p>tra<div style='display : none'>x</div>madol",
		"text:tra|hidden:x|text:madol"},
	    {"<style>.h,#i{display:none} @media print{.p{display:none}}</style>"
	     "<b class='a h'>1</b><b id=i>2</b><b class=p>3</b>",
		"hidden:1|hidden:2|text:3"},
	    {"<i style='font-size:0.9em'>a</i><i style='font-size:0px'>b</i>",
		"text:a|hidden:b"},
	    {"<i style='position:absolute;left:-9999px'>a</i>", "hidden:a"},
	    {"<i aria-hidden=TRUE>a</i><i aria-hidden=false>b</i>", "hidden:a|text:b"},
	    {"a<img alt='b &amp; c' title=d>e", "text:ae|attribute:b & c|attribute:d"},
	    {"<input placeholder=p value=v><input type=submit value=go>",
		"attribute:p|attribute:go"},
	    {"<meta name=description content=' x  y '><meta http-equiv=refresh "
	     "content=5>",
		"meta:x y"},
	    {"<script type=application/ld+json>{\"name\":\"Tramadol "
	     "\\u0035\\u0030\",\"n\":[\"a\\nb\"]}"
	     "</script>",
		"jsonld:Tramadol 50|jsonld:a b"},
	    {"<script>window.S={title:'sin receta', k:\"caf\\xe9\", "
	     "f:function(){g('x')}}; /* 'no'*/"
	     "</script>",
		"script:sin receta|script:café"},
	    {"a\xF0\x9F\x98\x80"
	     "b",
		"text:a\xF0\x9F\x98\x80"
		"b"},
	    {"a<b", "text:a"},
	    {"</p>a</br>b</nosuch>c", "text:a|text:bc"},
	    {"<p><b>a</p>b</b>c", "text:a|text:bc"},
	    {"<dl><dt>a<dd>b<dt>c</dl>", "text:a|text:b|text:c"},
	    {"<select><option>a<option>b</select>", "text:a|text:b"},
	    {"x<template><table></template>y", "text:xy"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_blocks(cases[i].html, cases[i].expected);
}

static void enclosing(void **state)
{
	static const struct {
		const char *html;
		uint32_t in;
	} cases[] = {
	    {"<p>x", 0},
	    {"<p><a href=/>x</a>", VG_IN_LINK},
	    {"<p><a href=/>x</a> y", 0},
	    {"<a name=n>x</a>", 0},
	    {"<ul><li><h2><a href=/>x</a></h2></ul>",
		VG_IN_LIST | VG_IN_HEADING | VG_IN_LINK},
	    {"<div class='site-footer'>x</div>", VG_IN_FOOTER},
	    {"<div class='footnote'>x</div>", 0},
	    {"<section id=customerReviews>x", VG_IN_COMMENTS},
	    {"<header><nav>x", VG_IN_NAV},
	    {"<p><s>x<p>y</s>z", VG_IN_DEL},
	    {"<table><td><del>x", VG_IN_TABLE | VG_IN_DEL},
	    {"<form><label>x", VG_IN_FORM | VG_IN_LABEL},
	    {"<main><article><blockquote><q>x", VG_IN_ARTICLE | VG_IN_QUOTE},
	    {"<form><button>x", VG_IN_FORM | VG_IN_BUTTON},
	    {"<aside><pre>x", VG_IN_ASIDE | VG_IN_CODE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
		struct vg_doc *doc = read_html(arena, cases[i].html);

		assert_true(doc->block_count > 0);
		assert_int_equal(doc->blocks[0].in, cases[i].in);
		vg_arena_free(arena);
	}
}

static void elements(void **state)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	const char *html =
	    "<HTML lang=es><body><X-Card Data-A='1 &lt; 2' b>one<p>two</x-card>three";
	struct vg_doc *doc = read_html(arena, html);
	const struct vg_element *card = &doc->elements[2];

	(void)state;
	assert_int_equal(doc->element_count, 4);
	assert_true(vg_str_eqz(doc->declared_lang, "es"));
	assert_true(vg_str_eqz(card->name, "x-card"));
	assert_int_equal(card->parent, 1);
	assert_int_equal(card->start, 20);
	assert_memory_equal(html + doc->elements[3].start, "<p>two", 6);
	assert_true(vg_str_eqz(vg_doc_attr(doc, 2, "data-a"), "1 < 2"));
	assert_non_null(vg_doc_attr(doc, 2, "b").ptr);
	assert_int_equal(vg_doc_attr(doc, 2, "b").len, 0);
	assert_null(vg_doc_attr(doc, 2, "c").ptr);
	assert_null(vg_doc_attr(doc, 99, "c").ptr);
	vg_arena_free(arena);
}

static void data(void **state)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	const char *html = "<meta Property=OG:Title content='T &amp; U'>"
			   "<script id=s type='Application/LD+JSON; "
			   "x'>{\"a\":1}</script><title>t</title>";
	struct vg_doc *doc = read_html(arena, html);

	(void)state;
	assert_int_equal(doc->meta_count, 1);
	assert_true(vg_str_eqz(doc->metas[0].name, "og:title"));
	assert_true(vg_str_eqz(doc->metas[0].content, "T & U"));
	assert_memory_equal(html + doc->metas[0].start, "T &amp; U'", 10);
	assert_int_equal(doc->json_count, 1);
	assert_true(vg_str_eqz(doc->jsons[0].type, "application/ld+json"));
	assert_true(vg_str_eqz(doc->jsons[0].id, "s"));
	assert_true(vg_str_eqz(doc->jsons[0].text, "{\"a\":1}"));
	assert_memory_equal(html + doc->jsons[0].start, "{\"a\":1}<", 8);
	assert_true(vg_str_eqz(doc->title, "t"));
	vg_arena_free(arena);
}

static void other_types(void **state)
{
	static const struct {
		const char *type, *body, *first;
		size_t blocks, jsons;
	} cases[] = {
	    {"text/plain", "a <b>\nc\n\nd", "a <b> c", 2, 0},
	    {"application/json", "{\"a\":\"x y\",\"b\":[\"z\"]}", "x y", 2, 1},
	    {"", "[{\"a\":\"x\"}]\n", "x", 1, 1},
	    {"", "[see] <b>x</b>", "[see] x", 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
		struct vg_doc *doc =
		    read_as(arena, vg_str(cases[i].body), cases[i].type);

		assert_int_equal(doc->block_count, cases[i].blocks);
		assert_int_equal(doc->json_count, cases[i].jsons);
		assert_true(vg_str_eqz(doc->blocks[0].text, cases[i].first));
		vg_arena_free(arena);
	}
}

/* Repeats `unit` to a megabyte and more; what matters is that it ends, and within its memory. */
static void hostile(void **state)
{
	static const char *const units[] = {"<div>", "<b>", "<table><td>", "<a href=x>",
	    "</b>", "<!--", "<p><b>", "<script>", "<b><p></b>", "&lt;a", "&", "<a b",
	    "<x a='", "<svg><p>", "<style>{", "<i class=a hidden>x</i>", "<", "</",
	    "\"\\\"", ",/a", "./a ", "http://a ", "www.", "=", "<img alt=x>", "<li>",
	    "a(b:c", "<template>", "<button>", "<select><option>", "\0"};

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
		struct vg_buf page = VG_BUF_INIT(4u << 20);
		struct vg_doc *doc;

		while (page.len < 1u << 20)
			vg_buf_add(&page, units[i], units[i][0] ? strlen(units[i]) : 1);
		doc = read_as(arena, vg_buf_str(&page), "text/html");
		assert_true(doc->block_count <= VG_MAX_BLOCKS);
		assert_true(doc->link_count <= VG_MAX_LINKS);
		doc = read_as(arena, vg_buf_str(&page), "text/javascript");
		assert_non_null(doc);
		vg_buf_release(&page);
		vg_arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(blocks),
	    cmocka_unit_test(enclosing),
	    cmocka_unit_test(elements),
	    cmocka_unit_test(data),
	    cmocka_unit_test(other_types),
	    cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
