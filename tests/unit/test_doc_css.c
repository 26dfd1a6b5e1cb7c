/* SPDX-License-Identifier: MIT */
/* Selectors by what they select, and what is refused. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "doc/css.h"
#include "doc/tree.h"

static const char page[] =
    "<html lang=es-MX><body class='a  b'>"
    "<div id=d1 class=\"card Big\"><h2 title=\"it's &quot;x&quot;\">T1</h2><p>p1<p "
    "class=x>p2</div>"
    "<div id=d2 class='card'><h2>T2</h2><ul><li>1<li>2<li "
    "class=x>3<li>4<li>5</ul></div>"
    "<div id=d3 data-k='V'><a href='/a.PDF'>l</a><span></span></div>"
    "<svg xlink:href='#q'></svg></body></html>";

static struct vg_arena *arena;
static struct vg_tree *tree;

/* The ids, else the texts, of what a selector finds, joined by commas. */
static void selects(const char *css, const char *expected)
{
	const struct vg_tree_node *const *nodes = NULL;
	struct vg_buf got = VG_BUF_INIT(4096);
	struct vg_error err = {0};
	size_t count = 0, start, end;

	if (vg_tree_css(tree, NULL, css, &nodes, &count, &err) != VG_OK)
		fail_msg("%s: %s", css, err.msg);
	for (size_t i = 0; i < count; i++) {
		struct vg_str said = vg_tree_attr(tree, nodes[i], "id", &start, &end);

		if (i > 0)
			vg_buf_addc(&got, ',');
		if (said.len == 0)
			assert_int_equal(
			    vg_tree_text(tree, nodes[i], &said, NULL), VG_OK);
		vg_buf_adds(&got, said);
	}
	if (strcmp(vg_buf_cstr(&got), expected) != 0)
		fail_msg("%s: wanted %s, got %s", css, expected, vg_buf_cstr(&got));
	vg_buf_release(&got);
}

static void css__selectors__select(void **state)
{
	(void)state;
	selects(".card", "d1,d2");
	selects("div.card.Big", "d1");
	selects("DIV.big", "");
	selects("#d2 h2, #d1 h2", "T1,T2");
	selects("div > p", "p1,p2");
	selects("h2 + p", "p1");
	selects("h2 ~ p", "p1,p2");
	selects("body.a.b > div:last-of-type", "d3");
	selects("li:first-child", "1");
	selects("li:last-child", "5");
	selects("li:nth-child(2n+1)", "1,3,5");
	selects("li:nth-child(even)", "2,4");
	selects("li:nth-child(-n+2)", "1,2");
	selects("li:nth-child( 3 )", "3");
	selects("li:nth-last-child(2)", "4");
	selects("p:nth-of-type(2)", "p2");
	selects("li:not(.x):not(:first-child)", "2,4,5");
	selects("li:not(.x, :last-child)", "1,2,4");
	selects("div:has(> ul > li.x)", "d2");
	selects("div:has(a)", "d3");
	selects("h2:has(+ ul)", "T2");
	selects(":is(h2, a)", "T1,T2,l");
	selects("span:empty", "");
	selects("p:not(del *)", "p1,p2");
	selects("[data-k]", "d3");
	selects("[data-k=v]", "");
	selects("[data-k=v i]", "d3");
	selects("[class~=Big]", "d1");
	selects("[lang|=es] .x", "p2,3");
	selects("[href$='.pdf' i]", "l");
	selects("[href^='/a']", "l");
	selects("[href*=\"PD\"]", "l");
	selects("[href^='']", "");
	selects("[title=\"it's \\\"x\\\"\"]", "T1");
	selects("#d\\31", "d1");
	selects("svg[xlink\\:href]", "");
	selects("[nothing|='']", "");
	selects("*:root > body > div#d1", "d1");
}

static void css__malformed__names_the_byte(void **state)
{
	static const char *const bad[] = {"", "div >", "div,", "[a", "[a=", "[a='x]",
	    ".", "#", "li:nth-child(x)", "li:nth-child(2n+)", ":not(", ":not()", "a]",
	    "div {", "1a", "> a", "a:nth-child", "\\"};
	const struct vg_css *read;
	struct vg_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum vg_status st = vg_css_read(arena, vg_str(bad[i]), &read, &err);

		if (st != VG_E_INVALID)
			fail_msg("%s: %s", bad[i], vg_status_name(st));
		assert_non_null(strstr(err.msg, "selector, byte "));
	}
}

static void css__not_offered__unsupported(void **state)
{
	static const char *const rows[] = {
	    "a::before", "a:hover", "*:first-of-type", "svg|a", "p:contains(x)"};
	const struct vg_css *read;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    vg_css_read(arena, vg_str(rows[i]), &read, NULL), VG_E_UNSUPPORTED);
}

static void css__too_deep_or_long__limits(void **state)
{
	char text[5000];
	const struct vg_css *read;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 20; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, ":not(");
	assert_int_equal(vg_css_read(arena, vg_str(text), &read, NULL), VG_E_LIMIT);
	memset(text, 'a', sizeof(text));
	assert_int_equal(
	    vg_css_read(arena, (struct vg_str){text, sizeof(text)}, &read, NULL),
	    VG_E_TOO_LARGE);
	for (size_t i = 0; i < 200; i += 2)
		memcpy(text + i, "a ", 2);
	assert_int_equal(
	    vg_css_read(arena, (struct vg_str){text, 199}, &read, NULL), VG_E_LIMIT);
}

static int setup(void **state)
{
	struct vg_doc_input in = {.payload = {page, sizeof(page) - 1}};
	struct vg_doc *doc = NULL;

	(void)state;
	arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	if (arena == NULL || vg_doc_read(arena, &in, &doc, NULL) != VG_OK)
		return -1;
	return vg_tree_new(doc, &tree, NULL);
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
	    cmocka_unit_test(css__selectors__select),
	    cmocka_unit_test(css__malformed__names_the_byte),
	    cmocka_unit_test(css__not_offered__unsupported),
	    cmocka_unit_test(css__too_deep_or_long__limits),
	};

	return cmocka_run_group_tests_name("doc/css", tests, setup, teardown);
}
