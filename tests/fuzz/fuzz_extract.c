/* SPDX-License-Identifier: MIT */
/* detect: phones, wallets and prices of any bytes; each finding lies inside the text, in order. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "detect/phone.h"
#include "detect/price.h"
#include "detect/wallet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(size_t *at, size_t start, size_t end, size_t len)
{
	if (start < *at || start >= end || end > len)
		abort();
	*at = end;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_arena *arena = vg_arena_new(64 << 20);
	struct vg_str text = {(const char *)data, size};
	const struct vg_phone *phones;
	const struct vg_wallet *wallets;
	const struct vg_price *prices;
	struct vg_price_options options = {.currency_hint = text};
	size_t count, at = 0;

	if (arena == NULL)
		return 0;
	if (vg_phones_find(arena, text, "MX", &phones, &count, NULL) == VG_OK) {
		for (size_t i = 0; i < count; i++)
			check(&at, phones[i].start, phones[i].end, size);
	}
	at = 0;
	if (vg_wallets_find(arena, text, &wallets, &count, NULL) == VG_OK) {
		for (size_t i = 0; i < count; i++)
			check(&at, wallets[i].start, wallets[i].end, size);
	}
	if (vg_prices_find(arena, text, &prices, &count, NULL) == VG_OK) {
		for (size_t i = 0; i < count; i++) {
			if (prices[i].start >= prices[i].end || prices[i].end > size)
				abort();
		}
	}
	if (vg_price_parse(arena, text, &options, &prices, &count, NULL) != VG_OK &&
	    count > size)
		abort();
	vg_arena_free(arena);
	return 0;
}
