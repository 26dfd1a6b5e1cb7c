/* SPDX-License-Identifier: MIT */
/*
 * Tests of detect/ from lexicon to result, with the shipped lexicon and small pages: the same words
 * that sell on one page only report, refuse or mean something else on another.
 */
#include "config.h"

#include "support/lexicon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "detect/detect.h"
#include "detect/reading.h"

static struct vg_doc *read_page(struct vg_arena *a, const char *html)
{
	struct vg_doc_input in = {.payload = vg_str(html),
	    .content_type = VG_STR("text/html; charset=utf-8"),
	    .url = VG_STR("http://page.example/")};
	struct vg_doc *doc = NULL;

	assert_int_equal(vg_doc_read(a, &in, &doc, NULL), VG_OK);
	return doc;
}

static const struct vg_result *judge(struct vg_arena *a, const char *html)
{
	struct vg_result *r = NULL;

	assert_int_equal(vg_detect(lex, read_page(a, html), &r, NULL), VG_OK);
	return r;
}

static const char seller[] =
    "<html lang=en><title>Buy Tramadol online without prescription</title><body>"
    "<h1>Buy Tramadol 100mg online, no prescription needed</h1>"
    "<ul><li>Tramadol 100mg, 90 tablets $120 <button>Add to cart</button>"
    "<li>Xanax 2mg, 60 pills $150 <button>Add to cart</button></ul>"
    "<p>No prescription required. Discreet shipping, overnight delivery, pay with "
    "Bitcoin. Order on "
    "WhatsApp now.</p>";

static void test_seller_is_flagged_with_reasons(void **state)
{
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	const struct vg_result *r = judge(a, seller);
	bool tramadol = false;
	int keys = 0;

	(void)state;
	assert_int_equal(r->verdict, VG_FLAGGED);
	assert_int_equal(r->claim_count, 1);
	assert_int_equal(r->claims[0].family, VG_RX);
	assert_int_equal(r->claims[0].severity, VG_SEVERITY_CRITICAL);
	assert_true(r->claims[0].why_count >= 3);
	for (size_t i = 0; i < r->claims[0].why_count; i++) {
		const struct vg_reason *why = &r->claims[0].why[i];

		assert_true(
		    why->at.start <= why->at.end && why->at.end <= strlen(seller));
		assert_true(why->rule.len > 0);
		assert_true(why->quote.len > 0);
		keys += why->key;
	}
	assert_int_equal(keys, 1);
	for (size_t i = 0; i < r->substance_count; i++)
		tramadol |= vg_str_eqz(r->substances[i].inn, "tramadol") &&
			    r->substances[i].offered;
	assert_true(tramadol);
	assert_true(vg_str_eqz(r->lang, "en"));
	vg_arena_free(a);
}

/* The quote of the reason of one rule; .ptr NULL when it is not among them. */
static struct vg_str quote_of(const struct vg_claim *claim, const char *rule)
{
	for (size_t i = 0; i < claim->why_count; i++)
		if (vg_str_eqz(claim->why[i].rule, rule))
			return claim->why[i].quote;
	return (struct vg_str){NULL, 0};
}

static void test_reasons_quote_what_they_are_about(void **state)
{
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	const struct vg_result *r =
	    judge(a, "<html lang=en><title>Painkillers</title><div "
		     "class=product><h2>Tramadol 100mg</h2>"
		     "<p>$120</p><p>We ship without a prescription.</p><p>Pay with "
		     "Bitcoin.</p></div>");
	const struct vg_claim *c;

	(void)state;
	assert_int_equal(r->verdict, VG_FLAGGED);
	c = &r->claims[0];
	assert_str(quote_of(c, "rx.strength"), "Tramadol 100mg");
	assert_str(quote_of(c, "rx.price_near"), "$120");
	assert_str(quote_of(c, "rx.norx_sale"), "without a prescription");
	for (size_t i = 0; i < c->why_count; i++) {
		assert_true(c->why[i].quote.len > 0);
		if (c->why[i].key)
			assert_str(c->why[i].quote, "without a prescription");
	}
	assert_int_equal(r->substances[0].severity, VG_SEVERITY_CRITICAL);
	vg_arena_free(a);
}

static void test_honest_pages_are_not_flagged(void **state)
{
	static const char *const pages[] = {
	    /* a pharmacy that demands the prescription */
	    "<title>Tramadol</title><h1>Tramadol 100 mg</h1><p>$120</p><p>Prescription "
	    "required: "
	    "upload your prescription at checkout. A valid prescription is required "
	    "for this "
	    "medicine; our pharmacist will contact your doctor.</p>",
	    /* Spanish: the same words turned round */
	    "<html lang=es><title>Antibi\xc3\xb3ticos</title><p>La amoxicilina no se "
	    "vende sin receta. "
	    "Los antibi\xc3\xb3ticos requieren receta m\xc3\xa9"
	    "dica, que se retiene.</p>",
	    /* news */
	    "<meta property=og:type content=article><h1>Police seize fake "
	    "oxycodone</h1><p>By a "
	    "reporter</p><p>Police said tourists were offered oxycodone without a "
	    "prescription for "
	    "$30, according to prosecutors.</p>",
	    /* cooking */
	    "<html lang=es><h1>Cocinar sin receta</h1><p>Harina, horno y ganas: un "
	    "libro de cocina sin "
	    "receta. $320. A\xc3\xb1"
	    "adir al carrito.</p>",
	    "<p>Hello</p>",
	    "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
		const struct vg_result *r = judge(a, pages[i]);

		if (r->verdict == VG_FLAGGED)
			fail_msg("page %zu is flagged as %s", i,
			    vg_family_name(r->claims[0].family));
		vg_arena_free(a);
	}
}

/* The same lure: reported by a newspaper, and dressed as news with a number to call. */
static void test_journalism_is_clear_and_its_disguise_is_not(void **state)
{
#define NEWS                                                                           \
	"<html lang=es><meta property=og:type content=article><h1>Compradores de "     \
	"tiempos compartidos</h1><p class=byline>Por Ana. <time>18 de "                \
	"noviembre</time>"                                                             \
	"<p>Un comprador ofrece por su tiempo compartido $90,000 d\u00f3lares; pague " \
	"por "                                                                         \
	"adelantado un impuesto de 16% para liberar su dinero."
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_reading r;

	(void)state;
	assert_int_equal(judge(a, NEWS "<p>As\u00ed enga\u00f1an, advirti\u00f3 la "
				       "fiscal\u00eda. Nunca pague por adelantado.")
			     ->claim_count,
	    0);
	assert_int_equal(vg_reading_of(lex,
			     read_page(a, NEWS "<p>Advirti\u00f3 que quedan pocos. "
					       "Llame al +52 998 555 0123."),
			     &r, NULL),
	    VG_OK);
	assert_true(vg_features_count(&r.features, "page.press") <= 0);
	vg_arena_free(a);
#undef NEWS
}

static void test_no_prescription_required_is_no_demand(void **state)
{
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	const struct vg_result *r;

	(void)state;
	/* a name without a strength, on a page of its own */
	r = judge(a, "<html lang=en><title>Sustanon 250, 3 ampoules</title><div "
		     "class=product><h1>Sustanon 250, 3 ampoules</h1><p "
		     "class=price>USD$65.00</p><p>Testosterone blend. No prescription "
		     "required, no questions asked. Delivery to your hotel.</p><p>In "
		     "stock</p><button>Add to cart</button></div>");
	assert_int_not_equal(r->verdict, VG_CLEAR);
	assert_true(r->claims[0].why[0].key);
	assert_str(r->claims[0].why[0].quote, "No prescription required");
	/* a shop's policy names no medicine: a person should look */
	r = judge(a,
	    "<html lang=en><title>Beach Pharmacy</title><h1>Beach Pharmacy</h1>"
	    "<p>Medicines delivered to your hotel. No prescription "
	    "needed.</p>");
	assert_int_equal(r->verdict, VG_REVIEW);
	r = judge(a, "<html lang=en><h1>Beach Pharmacy</h1><p>No prescription needed "
		     "for sunglasses and reading glasses.</p>");
	assert_int_equal(r->verdict, VG_CLEAR);
	vg_arena_free(a);
}

static bool names(const char *html, const char *inn)
{
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	const struct vg_result *r = judge(a, html);
	bool found = false;

	for (size_t i = 0; i < r->substance_count; i++)
		found |= vg_str_eqz(r->substances[i].inn, inn);
	vg_arena_free(a);
	return found;
}

static void test_names(void **state)
{
	(void)state;
	assert_true(names("<p>Rivotril 2mg</p>", "clonazepam"));
	assert_true(names("<p>t.r.a.m.a.d.o.l</p>", "tramadol"));
	assert_true(names("<p>0xyc0d0ne</p>", "oxycodone"));
	assert_true(names("<p>0xyc0d0ne, a1prazolam</p>", "alprazolam"));
	assert_true(names(
	    "<p>\xd1\x82\xd1\x80\xd0\xb0\xd0\xbc\xd0\xb0\xd0\xb4\xd0\xbe\xd0\xbb</p>",
	    "tramadol"));
	assert_true(names("<p>tra<b>ma</b>dol</p>", "tramadol"));
	assert_true(names("<p>Soma 350 mg</p>", "carisoprodol"));
	assert_false(names("<p>Soma bicycles, 21 gears</p>", "carisoprodol"));
	assert_false(names("<p>tramadolic stress</p>", "tramadol"));
	assert_false(names("<p>New album by Morphine</p>", "morphine"));
}

/* The bytes at start..end, read again as a page, hold the term that was reported there. */
static void check_spans(const char *html)
{
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_doc *doc = read_page(a, html);
	struct vg_reading r;

	assert_int_equal(vg_reading_of(lex, doc, &r, NULL), VG_OK);
	assert_true(r.text->hit_count > 0);
	for (size_t i = 0; i < r.text->hit_count; i++) {
		const struct vg_hit *h = &r.text->hits[i];
		struct vg_place at = vg_text_place(doc, h->block, h->start, h->end);
		struct vg_arena *b = vg_arena_new(VG_MAX_PAGE_ARENA);
		struct vg_buf cut = VG_BUF_INIT(65536);
		struct vg_reading again;
		bool found = false;

		assert_true(at.start < at.end && at.end <= strlen(html));
		/* "-80%" folds to " 80%", and a page's first space is lost */
		if (doc->document.ptr[at.start] == ' ')
			vg_buf_addc(&cut, 'x');
		vg_buf_adds(&cut, vg_str_sub(doc->document, at.start, at.end));
		assert_int_equal(
		    vg_reading_of(lex, read_page(b, vg_buf_cstr(&cut)), &again, NULL),
		    VG_OK);
		for (size_t k = 0; k < again.text->hit_count; k++)
			found |= again.text->hits[k].term == h->term;
		if (!found && !(h->term_flags & VG_TERM_REGEX))
			fail_msg("\"%s\" does not hold the term of %s:%u",
			    vg_buf_cstr(&cut), vg_lexicon_term(lex, h->term)->table,
			    vg_lexicon_term(lex, h->term)->line);
		vg_buf_release(&cut);
		vg_arena_free(b);
	}
	vg_arena_free(a);
}

static void test_spans_hold_their_terms(void **state)
{
	(void)state;
	check_spans(seller);
	check_spans("<p>Vendo c&oacute;digo: code&iacute;na y t.r.a.m.a.d.o.l, "
		    "<i>R\xd1\x96v\xd0\xbe"
		    "tril</i> sin re<!-- x -->ceta");
	check_spans("<p>n0 pr3scripti0n: 0xyc0d0ne, x4n4x</p>");
}

static void test_result_is_json(void **state)
{
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_buf out = VG_BUF_INIT(1 << 20);
	struct vg_json_writer w = vg_json_writer(&out);
	struct vg_json *json;
	const struct vg_json *claim;

	(void)state;
	vg_result_write(judge(a, seller), &w);
	assert_int_equal(vg_json_parse(a, vg_buf_str(&out), 0, &json, NULL), VG_OK);
	assert_true(vg_str_eqz(vg_json_get_str(json, "verdict"), "flagged"));
	claim = vg_json_get(json, "claims")->first;
	assert_true(vg_str_eqz(vg_json_get_str(claim, "family"), "rx"));
	assert_non_null(vg_json_get(vg_json_get(claim, "why")->first, "where"));
	vg_buf_release(&out);
	vg_arena_free(a);
}

static void write_table(const char *dir, const char *name, const char *text)
{
	char path[512];

	assert_true(
	    snprintf(path, sizeof(path), "%s/%s", dir, name) < (int)sizeof(path));
	assert_int_equal(vg_write_file(path, vg_str(text), NULL), VG_OK);
}

/* A lexicon of which only the first tables are there: loading ends at the row that is wrong. */
static void check_load_error(const char *phrases, const char *message)
{
	char dir[] = "/tmp/vigia-lexicon-XXXXXX", path[512];
	struct vg_lexicon *bad = NULL;
	struct vg_error err = {0};

	assert_non_null(mkdtemp(dir));
	write_table(dir, "phrases.tsv", phrases);
	assert_true(vg_lexicon_load(dir, &bad, &err) != VG_OK);
	assert_null(bad);
	if (strstr(err.msg, message) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.msg, message);
	assert_true(
	    snprintf(path, sizeof(path), "%s/phrases.tsv", dir) < (int)sizeof(path));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void test_load_errors(void **state)
{
	(void)state;
	check_load_error("lang\tkind\tphrase\n", "phrases.tsv:1: no column \"form\"");
	check_load_error(
	    "kind\tphrase\tform\na\tb\tglob\n", "phrases.tsv:2: phrase: form \"glob\"");
	check_load_error(
	    "kind\tphrase\tform\na\tb\tliteral\na\t(x\tregex\n", "phrases.tsv:3");
	check_load_error("kind\tphrase\tform\na\t[0-9]+\tregex\n",
	    "phrases.tsv:2: phrase: the regex demands no literal");
	check_load_error("kind\tphrase\tform\n", "concepts.tsv");
}

static void test_version_names_the_tables(void **state)
{
	(void)state;
	assert_int_equal(strlen(vg_lexicon_version(lex)), 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_seller_is_flagged_with_reasons),
	    cmocka_unit_test(test_reasons_quote_what_they_are_about),
	    cmocka_unit_test(test_honest_pages_are_not_flagged),
	    cmocka_unit_test(test_journalism_is_clear_and_its_disguise_is_not),
	    cmocka_unit_test(test_no_prescription_required_is_no_demand),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_spans_hold_their_terms),
	    cmocka_unit_test(test_result_is_json),
	    cmocka_unit_test(test_load_errors),
	    cmocka_unit_test(test_version_names_the_tables),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
