/* SPDX-License-Identifier: MIT */
/* Offers: a line, a card, a shipping price that is none. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/offer.h"

static const char page[] =
    "<ul><li>Tramadol 50 mg 100 tabs - $80</li></ul>"
    "<div class=card><h3>Diazepam 10 mg</h3><p>blister</p><span>120,00 EUR</span></div>"
    "<p>Tramadol: shipping $15</p>"
    "<div class=card><h3>Socks</h3><span>$5</span></div>";

static struct vg_substance named(const char *word, const char *inn, size_t from)
{
	struct vg_substance s = {.inn = vg_str(inn)};
	s.at.start = vg_str_find(VG_STR(page), vg_str(word), from);
	s.at.end = s.at.start + strlen(word);
	return s;
}

static void test_page(void **state)
{
	struct vg_arena *arena = vg_arena_new(16 << 20);
	struct vg_doc_input in = {
	    .payload = VG_STR(page), .content_type = VG_STR("text/html")};
	struct vg_region region = {.country = "US", .currency = "USD"};
	struct vg_substance substances[] = {
	    named("Diazepam", "diazepam", 0),
	    named("Tramadol", "tramadol", 0),
	    named("Tramadol", "tramadol", 40),
	};
	struct vg_doc *doc;
	const struct vg_offer *o;
	size_t count;

	(void)state;
	assert_int_equal(vg_doc_read(arena, &in, &doc, NULL), VG_OK);
	assert_int_equal(
	    vg_offers_find(doc, &region, substances, 3, &o, &count, NULL), VG_OK);
	assert_int_equal(count, 2);
	assert_true(vg_str_eqz(o[0].substance, "tramadol"));
	assert_true(vg_str_eqz(o[0].title, "Tramadol 50 mg 100 tabs"));
	assert_true(vg_str_eqz(o[0].strength, "50 mg"));
	assert_true(vg_str_eqz(o[0].quantity, "100 tabs"));
	assert_true(vg_str_eqz(o[0].price, "80"));
	assert_true(vg_str_eqz(o[0].currency, "USD"));
	assert_true(vg_str_eqz(o[1].substance, "diazepam"));
	assert_true(vg_str_eqz(o[1].price, "120.00"));
	assert_true(vg_str_eqz(o[1].currency, "EUR"));
	vg_arena_free(arena);
}

/* Strength and price of "<li>`line`", which names oxycodone. */
static void check_line(const char *line, const char *strength, const char *price)
{
	struct vg_arena *arena = vg_arena_new(16 << 20);
	struct vg_str html = vg_arena_printf(arena, "<ul><li>%s</ul>", line);
	struct vg_doc_input in = {.payload = html, .content_type = VG_STR("text/html")};
	struct vg_region region = {.country = "MX", .currency = "MXN"};
	struct vg_substance s = {.inn = VG_STR("oxycodone")};
	struct vg_doc *doc;
	const struct vg_offer *o;
	size_t count;

	s.at.start = vg_str_find(html, VG_STR("Percocet"), 0);
	s.at.end = s.at.start + strlen("Percocet");
	assert_int_equal(vg_doc_read(arena, &in, &doc, NULL), VG_OK);
	assert_int_equal(vg_offers_find(doc, &region, &s, 1, &o, &count, NULL), VG_OK);
	assert_int_equal(count, 1);
	if (strength == NULL)
		assert_null(o[0].strength.ptr);
	else
		assert_true(vg_str_eqz(o[0].strength, strength));
	assert_true(vg_str_eqz(o[0].price, price));
	assert_true(vg_str_eqz(o[0].currency, "USD"));
	vg_arena_free(arena);
}

static void test_combinations(void **state)
{
	(void)state;
	check_line("Percocet 10/325 $35 USD", "10/325 mg", "35");
	check_line("Percocet 7.5/325, US$30", "7.5/325 mg", "30");
	check_line("Percocet 875/125 mg 40 USD", "875/125 mg", "40");
	check_line("Percocet 24/7 35 USD", NULL, "35");
	check_line("Percocet 12/11/2026 35 USD", NULL, "35");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_page),
	    cmocka_unit_test(test_combinations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
