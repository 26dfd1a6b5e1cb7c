/* SPDX-License-Identifier: MIT */
/* Addresses a page holds, where they stand and what they resolve to. */
#include "config.h"

#include "support/unit.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "doc/doc.h"

static struct vg_doc *read_html(struct vg_arena *arena, const char *html)
{
	struct vg_doc_input in = {.payload = vg_str(html),
	    .content_type = VG_STR("text/html; charset=utf-8"),
	    .url = VG_STR("http://shop.example/dir/page.html")};
	struct vg_doc *doc = NULL;
	struct vg_error err;

	assert_int_equal(vg_doc_read(arena, &in, &doc, &err), VG_OK);
	return doc;
}

static void links__table__as_listed(void **state)
{
	/* "tag.attr url|…" */
	static const struct {
		const char *html, *expected;
	} cases[] = {
	    {"<a href=x>t</a>", "a.href http://shop.example/dir/x"},
	    {"<a href=' /a&amp;b '>t</a>", "a.href http://shop.example/a&b"},
	    {"<a href=''>t</a><a>u</a>", ""},
	    {"<base href=/b/><a href=x><base href=/c/>",
		"base.href http://shop.example/b/|a.href "
		"http://shop.example/b/x|base.href "
		"http://shop.example/c/"},
	    {"<base href='http://[bad'><a href=x>",
		"base.href |a.href http://shop.example/dir/x"},
	    {"<img src=1 srcset='2 1x, 3 2x,4'>",
		"img.src http://shop.example/dir/1|img.srcset "
		"http://shop.example/dir/2|"
		"img.srcset http://shop.example/dir/3|img.srcset "
		"http://shop.example/dir/4"},
	    {"<a ping='1 2' href=3>", "a.ping http://shop.example/dir/1|a.ping "
				      "http://shop.example/dir/2|a.href "
				      "http://shop.example/dir/3"},
	    {"<meta http-equiv=Refresh content=\"5; URL='/r'\">",
		"meta.content http://shop.example/r"},
	    {"<meta property=og:url content=http://o.example/>",
		"meta.content http://o.example/"},
	    {"<meta name=a content='no /link'>", ""},
	    {"<div data-href=/d data-name='a b' style=\"background:url( 'i.png' )\">",
		"div.data-href http://shop.example/d|div.style "
		"http://shop.example/dir/i.png"},
	    {"<style>@import \"a.css\"; p{background:url(b.png)}</style>",
		"#style. http://shop.example/dir/a.css|#style. "
		"http://shop.example/dir/b.png"},
	    {"<iframe srcdoc='<img src=/s>'></iframe>",
		"iframe.srcdoc http://shop.example/s"},
	    {"<!--[if IE]><link href='/c'><![endif]-->",
		"#comment. http://shop.example/c"},
	    {"<!-- see http://c.example/x. -->", "#comment. http://c.example/x"},
	    {"<script>u='http:\\/\\/s.example\\/x'; // https://t.example/y\n</script>",
		"#script. http://s.example/x|#script. https://t.example/y"},
	    {"see http://t.example/a_(b), (https://u.example/) or www.v.example.",
		"#text. http://t.example/a_(b)|#text. https://u.example/|#text. "
		"http://www.v.example/"},
	    {"join t.me/farmacia or wa.me/529981234567 now; 24/7, 5mg/ml, and/or",
		"#text. http://t.me/farmacia|#text. http://wa.me/529981234567"},
	    {"get ../up/list, ./here and /price.pdf not /usr nor a/b",
		"#text. http://shop.example/up/list|#text. "
		"http://shop.example/dir/here|#text. "
		"http://shop.example/price.pdf"},
	    {"<form action=f><button formaction=g><input src=h>",
		"form.action http://shop.example/dir/f|button.formaction "
		"http://shop.example/dir/g|input.src http://shop.example/dir/h"},
	    {"<x-y href=z>", "x-y.href http://shop.example/dir/z"},
	    {"<object data=o><div data=n>", "object.data http://shop.example/dir/o"},
	    {"<!DOCTYPE html PUBLIC '-//W3C//DTD' 'http://w.example/x.dtd'>", ""},
	    {"<svg><image xlink:href=i /></svg>",
		"image.xlink:href http://shop.example/dir/i"},
	    {"<a href='javascript:void(0)'>", "a.href javascript:void(0)"},
	    {"<img src=\"data:image/svg+xml,%3Cimage href='/q'/%3E\">",
		"img.src data:image/svg+xml,%3Cimage href='/q'/%3E|img.src "
		"http://shop.example/q"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
		struct vg_doc *doc = read_html(arena, cases[i].html);
		struct vg_buf all = VG_BUF_INIT(1u << 20);

		for (size_t k = 0; k < doc->link_count; k++) {
			vg_buf_addf(&all, "%s%s.%s ", k ? "|" : "", doc->links[k].tag,
			    doc->links[k].attr);
			vg_buf_adds(&all, doc->links[k].url);
		}
		assert_string_equal(vg_buf_cstr(&all), cases[i].expected);
		vg_buf_release(&all);
		vg_arena_free(arena);
	}
}

static void links__details__are_kept(void **state)
{
	const char *html = "<p>Pay <a class=b REL='NoFollow sponsored' "
			   "href='/x?a=1&amp;b'> buy <b>now</b> "
			   "</a> or <a href=/i><img alt='the &lt;pic&gt;' src=p></a>"
			   "<a href=/l>one<p>two</a> at shop&period;example/z";
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_doc *doc = read_html(arena, html);
	const struct vg_link *l = doc->links;

	(void)state;
	assert_int_equal(doc->link_count, 5);
	assert_str(l[0].text, "buy now");
	assert_str(l[0].raw, "/x?a=1&b");
	assert_str(l[0].rel, "nofollow sponsored");
	assert_str(vg_str_sub(vg_str(html), l[0].start, l[0].end), "/x?a=1&amp;b");
	assert_str(doc->elements[l[0].element].name, "a");
	assert_str(l[1].text, "the <pic>");
	assert_string_equal(l[2].tag, "img");
	assert_str(l[3].text, "one two");
	assert_string_equal(l[4].tag, "#text");
	assert_str(l[4].url, "http://shop.example/z");
	assert_str(
	    vg_str_sub(vg_str(html), l[4].start, l[4].end), "shop&period;example/z");
	vg_arena_free(arena);
}

/* A link in running text stands before one that follows it in the same paragraph. */
static void links__order__is_the_documents(void **state)
{
	struct vg_arena *arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_doc *doc =
	    read_html(arena, "<p>http://a.example/ <a href=b>b</a> http://c.example/");

	(void)state;
	assert_int_equal(doc->link_count, 3);
	assert_str(doc->links[0].url, "http://a.example/");
	assert_str(doc->links[1].url, "http://shop.example/dir/b");
	assert_str(doc->links[2].url, "http://c.example/");
	vg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(links__table__as_listed),
	    cmocka_unit_test(links__details__are_kept),
	    cmocka_unit_test(links__order__is_the_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
