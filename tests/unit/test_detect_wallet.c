/* SPDX-License-Identifier: MIT */
/* Wallets and accounts: a changed character is refused. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "detect/wallet.h"

static void expect(const char *text, const char *kind, const char *value)
{
	struct vg_arena *arena = vg_arena_new(1 << 20);
	const struct vg_wallet *found;
	size_t count;

	assert_int_equal(
	    vg_wallets_find(arena, vg_str(text), &found, &count, NULL), VG_OK);
	assert_int_equal(count, kind == NULL ? 0 : 1);
	if (kind != NULL) {
		assert_string_equal(found[0].kind, kind);
		assert_true(vg_str_eqz(found[0].value, value));
	}
	vg_arena_free(arena);
}

static void test_each_kind(void **state)
{
	static const char *const rows[][2] = {
	    {"btc", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
	    {"btc", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
	    {"ltc", "Lh8fs1DwXRSTPF1du93fNKVfNAnSXdhC7b"},
	    {"doge", "D7CGEiroS8yGRhtCMaqjha5qoxkZyEg6Dv"},
	    {"trx", "TSZEFuMnbHx2WcHctVEk6LR5KuMbzUxb9E"},
	    {"eth", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
	    {"iban", "DE89370400440532013000"},
	    {"clabe", "002010077777777771"},
	    {"xmr", "4Ak8a8gCySQNnu9RKfxY3mTWqbuwM5udJUmmFgtie5LdZBQ7G16a76TaKCuhJ9uX18"
		    "EZ3VH9FYspST6LXnx"
		    "xjffh4n3CrEU"},
	};
	char text[160];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text), "pay (%s), thanks", rows[i][1]);
		expect(text, rows[i][0], rows[i][1]);
		/* The character before the last but one, changed within its alphabet. */
		char *c = strstr(text, ")") - 3;
		*c = *c == '7' ? '8' : '7';
		expect(text, NULL, NULL);
	}
}

static void test_printed_forms(void **state)
{
	(void)state;
	expect("IBAN: DE89 3704 0044 0532 0130 00", "iban", "DE89370400440532013000");
	expect("de89370400440532013000", NULL, NULL);
	expect("CLABE 002 010 07777777777 1", "clabe", "002010077777777771");
	expect("000000000000000000", NULL, NULL);
	expect("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "btc",
	    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");
	expect("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "eth",
	    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_kind),
	    cmocka_unit_test(test_printed_forms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
