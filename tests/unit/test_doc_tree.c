/* SPDX-License-Identifier: MIT */
/* The tree against hostile and untidy pages: text, spans, limits. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "doc/tree.h"

static struct vg_arena *arena;
static struct vg_doc *doc;

static struct vg_tree *tree_of(struct vg_str html, const char *type)
{
	struct vg_doc_input in = {.payload = html, .content_type = vg_str(type)};
	struct vg_tree *t = NULL;

	vg_arena_reset(arena);
	assert_int_equal(vg_doc_read(arena, &in, &doc, NULL), VG_OK);
	assert_int_equal(vg_tree_new(doc, &t, NULL), VG_OK);
	return t;
}

static const struct vg_tree_node *only(struct vg_tree *t, const char *xpath)
{
	const struct vg_tree_node *const *nodes = NULL;
	struct vg_error err = {0};
	size_t count = 0;

	if (vg_tree_xpath(t, NULL, xpath, &nodes, &count, &err) != VG_OK)
		fail_msg("%s: %s", xpath, err.msg);
	assert_int_equal(count, 1);
	return nodes[0];
}

static struct vg_str text_of(struct vg_tree *t, const struct vg_tree_node *node)
{
	struct vg_str text = {0};

	assert_int_equal(vg_tree_text(t, node, &text, NULL), VG_OK);
	return text;
}

static void text_is(const char *html, const char *xpath, const char *expected)
{
	struct vg_tree *t = tree_of(vg_str(html), "text/html; charset=utf-8");
	struct vg_str got = text_of(t, only(t, xpath));

	if (!vg_str_eqz(got, expected))
		fail_msg(
		    "%s: wanted \"%s\", got \"%.*s\"", html, expected, VG_STR_ARG(got));
}

static void text__as_a_reader_sees_it(void **state)
{
	(void)state;
	text_is("<p>a<b>b</b> \n c</p>", "//p", "ab c");
	text_is("<ul><li>one<li>two</ul>after", "//ul", "one two");
	text_is("<div>x<br>y<script>z</script><style>q</style></div>", "//div", "x y");
	text_is("<div>10&nbsp;&euro; &amp;lt; &#8364;&#128;</div>", "//div",
	    "10 \xE2\x82\xAC &lt; \xE2\x82\xAC\xE2\x82\xAC");
	text_is("<div>a<!-- <b>no</b> -->c<template><i>t</i></template></div>", "//div",
	    "ac");
	text_is("<div>1 < 2 & 3 <3 </div>", "//div", "1 < 2 & 3 <3");
	text_is("<title>a <b> &amp; c</title>", "//title", "a <b> & c");
	text_is("<p title='a > b'>x</p>", "//p[@title='a > b']", "x");
	text_is("<div>a</span></p>b</div>", "//div", "ab");
}

static void text__comments__end_where_the_tokenizer_ends_them(void **state)
{
	(void)state;
	text_is("<div>a<!-->b<!--->c</div>", "//div", "abc");
	text_is("<div>a<!--!>b-->c<!----!>d</div>", "//div", "acd");
	text_is("<div>a<!-- x --!>b<!-- - -- --->c</div>", "//div", "abc");
	text_is("<div>a<!-- x --!", "//div", "a");
}

static void text__read_over_and_over__meets_its_limit(void **state)
{
	struct vg_buf html = VG_BUF_INIT(2u << 20);
	enum vg_status st = VG_OK;
	struct vg_str text;
	struct vg_tree *t;
	size_t read = 0;

	(void)state;
	vg_buf_addz(&html, "<i>x</i><p>");
	while (html.len < 1u << 20)
		vg_buf_addz(&html, "0123456789");
	t = tree_of(vg_buf_str(&html), "text/html");
	while ((st = vg_tree_text(t, only(t, "//p"), &text, NULL)) == VG_OK)
		read += text.len;
	assert_int_equal(st, VG_E_LIMIT);
	assert_true(read > 0 && read <= VG_MAX_TREE_TEXT);
	assert_int_equal(vg_tree_text(t, only(t, "//i"), &text, NULL), VG_E_LIMIT);
	vg_buf_release(&html);
}

static void span__node__bytes_of_the_document(void **state)
{
	static const char latin[] = "<p>caf\xE9</p><i title=\"\xE9\xE9&eacute;\">x</i>";
	struct vg_tree *t = tree_of(
	    (struct vg_str){latin, sizeof(latin) - 1}, "text/html; charset=iso-8859-1");
	const struct vg_tree_node *n = only(t, "//p");

	(void)state;
	assert_int_equal(n->start, 0);
	assert_int_equal(n->end, 11);
	assert_true(vg_str_eqz(text_of(t, n), "caf\xC3\xA9"));
	n = only(t, "//p/text()");
	assert_int_equal(n->start, 3);
	assert_int_equal(n->end, 7);
	n = only(t, "//i/@title");
	assert_true(vg_str_eqz(n->value, "\xC3\xA9\xC3\xA9\xC3\xA9"));
	assert_memory_equal(latin + n->start, "\xE9\xE9&eacute;\"", 11);
	assert_int_equal(n->end - n->start, 10);
	n = only(t, "string(//p)");
	assert_true(n->start == SIZE_MAX);
}

static void element__asked_twice__same_node(void **state)
{
	struct vg_tree *t = tree_of(VG_STR("<div><p>x</p></div>"), "text/html");
	const struct vg_tree_node *p = only(t, "//p");

	(void)state;
	assert_ptr_equal(p, only(t, "descendant::p[1]"));
	assert_ptr_equal(vg_tree_parent(t, p), only(t, "//div"));
	assert_ptr_equal(vg_tree_parent(t, only(t, "//p/text()")), p);
}

/* Answered without libxml2: as it would. */
static void xpath__texts__in_document_order(void **state)
{
	struct vg_tree *t =
	    tree_of(VG_STR("<div>a<p> </p><b>c</b></div><i>d</i>"), "text/html");
	const struct vg_tree_node *const *nodes = NULL;
	const struct vg_tree_node *div = only(t, "//div");
	size_t count = 0;

	(void)state;
	assert_int_equal(
	    vg_tree_xpath(t, div, "//text()", &nodes, &count, NULL), VG_OK);
	assert_int_equal(count, 4);
	assert_true(vg_str_eqz(nodes[3]->value, "d"));
	assert_int_equal(
	    vg_tree_xpath(t, div, ".//text()[normalize-space()]", &nodes, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 2);
	assert_true(vg_str_eqz(nodes[1]->value, "c"));
}

/* Deep, wide, broken: built in one pass, and still selectable. */
static void new__hostile_pages__stay_small(void **state)
{
	struct vg_buf html = VG_BUF_INIT(1 << 24);
	const struct vg_tree_node *const *nodes = NULL;
	struct vg_tree *t;
	size_t count = 0;

	(void)state;
	for (int i = 0; i < 200000; i++)
		vg_buf_addz(&html, "<div>");
	t = tree_of(vg_buf_str(&html), "text/html");
	assert_int_equal(vg_tree_css(t, NULL, "div", &nodes, &count, NULL), VG_OK);
	assert_true(count > 0 && count <= 200000);
	vg_buf_clear(&html);
	for (int i = 0; i < 200000; i++)
		vg_buf_addz(&html, "</p></x><");
	t = tree_of(vg_buf_str(&html), "text/html");
	vg_buf_clear(&html);
	vg_buf_addz(&html, "<p ");
	for (int i = 0; i < 20000; i++)
		vg_buf_addf(&html, "a%d=1 ", i);
	vg_buf_addz(&html, ">x");
	t = tree_of(vg_buf_str(&html), "text/html");
	assert_true(vg_str_eqz(text_of(t, only(t, "//p[@a1]")), "x"));
	t = tree_of(
	    VG_STR("<p a='<q' b=\"\0x\" =c a=2>t\0u<![CDATA[ v ]]></p"), "text/html");
	assert_int_equal(
	    vg_tree_css(t, NULL, "p[a='<q']", &nodes, &count, NULL), VG_OK);
	assert_int_equal(count, 1);
	vg_buf_release(&html);
}

static void xpath__expensive__limit(void **state)
{
	struct vg_buf html = VG_BUF_INIT(1 << 24);
	const struct vg_tree_node *const *nodes = NULL;
	struct vg_tree *t;
	size_t count = 0;
	struct vg_error err = {0};

	(void)state;
	for (int i = 0; i < 20000; i++)
		vg_buf_addz(&html, "<p>");
	t = tree_of(vg_buf_str(&html), "text/html");
	assert_int_equal(vg_tree_xpath(t, NULL,
			     "//p[count(preceding-sibling::p) = 3]/"
			     "following-sibling::p[count(following-sibling::p) > 2]",
			     &nodes, &count, &err),
	    VG_E_LIMIT);
	assert_string_equal(err.msg, "XPath steps of this page are used up");
	vg_buf_release(&html);
}

static void xpath__malformed__invalid_and_silent(void **state)
{
	struct vg_tree *t = tree_of(VG_STR("<p>x"), "text/html");
	const struct vg_tree_node *const *nodes = NULL;
	size_t count = 0;

	(void)state;
	assert_int_equal(
	    vg_tree_xpath(t, NULL, "//p[", &nodes, &count, NULL), VG_E_INVALID);
	assert_int_equal(
	    vg_tree_xpath(t, NULL, "nofn(//p)", &nodes, &count, NULL), VG_E_INVALID);
	assert_int_equal(
	    vg_tree_xpath(t, NULL, "document('/etc/passwd')", &nodes, &count, NULL),
	    VG_E_INVALID);
}

static int setup(void **state)
{
	(void)state;
	arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	return arena == NULL ? -1 : 0;
}

static int teardown(void **state)
{
	(void)state;
	vg_arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text__as_a_reader_sees_it),
	    cmocka_unit_test(text__comments__end_where_the_tokenizer_ends_them),
	    cmocka_unit_test(text__read_over_and_over__meets_its_limit),
	    cmocka_unit_test(span__node__bytes_of_the_document),
	    cmocka_unit_test(element__asked_twice__same_node),
	    cmocka_unit_test(xpath__texts__in_document_order),
	    cmocka_unit_test(new__hostile_pages__stay_small),
	    cmocka_unit_test(xpath__expensive__limit),
	    cmocka_unit_test(xpath__malformed__invalid_and_silent),
	};

	return cmocka_run_group_tests_name("doc/tree", tests, setup, teardown);
}
