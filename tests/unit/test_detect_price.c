/* SPDX-License-Identifier: MIT */
/* Prices: thousands and decimals, currencies, running text. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "detect/price.h"

static void expect(
    const char *text, const char *amount, const char *iso, const char *sign)
{
	struct vg_arena *arena = vg_arena_new(1 << 20);
	struct vg_price_options options = {.decimal_separator = 0};
	const struct vg_price *p;
	size_t count;

	assert_int_equal(
	    vg_price_parse(arena, vg_str(text), &options, &p, &count, NULL), VG_OK);
	if (amount == NULL) {
		assert_int_equal(count, 0);
	} else {
		assert_true(count > 0);
		assert_true(vg_str_eqz(p[0].amount, amount));
		assert_string_equal(p[0].currency, iso);
		assert_true(sign == NULL ? p[0].currency_text.ptr == NULL
					 : vg_str_eqz(p[0].currency_text, sign));
	}
	vg_arena_free(arena);
}

static void test_one_price(void **state)
{
	(void)state;
	expect("$1,234.50", "1234.50", "", "$");
	expect("1.234,50 \u20ac", "1234.50", "EUR", "\u20ac");
	expect("R$ 1.500", "1500", "BRL", "R$");
	expect("0,29 \u20ac", "0.29", "EUR", "\u20ac");
	expect("12 990 \u0440\u0443\u0431.", "12990", "RUB", "\u0440\u0443\u0431.");
	expect("$1,190.00 AUD", "1190.00", "AUD", "AUD");
	expect("40% off", NULL, "", NULL);
	expect("Free!", "0", "", NULL);
	expect("From 26 to 50 \u20ac", "26", "EUR", "\u20ac");
	expect("123456789012345678901234567890123456789 $", NULL, "", NULL);
}

static void test_running_text(void **state)
{
	struct vg_arena *arena = vg_arena_new(1 << 20);
	struct vg_str text =
	    VG_STR("Tafil 2 mg 30 tabletas $650, dos cajas 1200 pesos, tel 12");
	const struct vg_price *p;
	size_t count;

	(void)state;
	assert_int_equal(vg_prices_find(arena, text, &p, &count, NULL), VG_OK);
	assert_int_equal(count, 2);
	assert_true(vg_str_eqz(p[0].amount, "650"));
	assert_true(vg_str_eqz(vg_str_sub(text, p[0].start, p[0].end), "$650"));
	assert_true(vg_str_eqz(vg_str_sub(text, p[1].start, p[1].end), "1200 pesos"));
	/* the strength of a combination leaves the sign to the price behind it */
	assert_int_equal(
	    vg_prices_find(arena, VG_STR("Percocet 10/325 $35 USD"), &p, &count, NULL),
	    VG_OK);
	assert_int_equal(count, 1);
	assert_true(vg_str_eqz(p[0].amount, "35"));
	assert_string_equal(p[0].currency, "USD");
	vg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_one_price),
	    cmocka_unit_test(test_running_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
