/* SPDX-License-Identifier: MIT */
/* Prices in text: an exact decimal amount and its currency as written. Pure. */
#ifndef VG_DETECT_PRICE_H
#define VG_DETECT_PRICE_H

#include "base/arena.h"

struct vg_price {
	struct vg_str amount; /* canonical decimal, "." as separator; in the arena */
	char currency[4];     /* ISO 4217, "" when the sign alone does not tell */
	struct vg_str currency_text; /* as written, .ptr NULL when there is none */
	size_t start, end; /* bytes of the text, amount and currency together */
};

struct vg_price_options {
	struct vg_str currency_hint; /* text that may name the currency; may be empty */
	char decimal_separator;      /* '.' or ','; 0: decided from the text */
};

/*
 * For a text that is known to be a price ("19,90 €", "Free", "from 12"): its prices in order,
 * those with a currency first choice; a bare number counts when nothing better is there.
 */
VG_WARN_UNUSED enum vg_status vg_price_parse(struct vg_arena *arena, struct vg_str text,
    const struct vg_price_options *options, const struct vg_price **ret,
    size_t *ret_count, struct vg_error *err);
/* For running text: only amounts with a currency beside them. At most VG_MAX_FINDINGS. */
VG_WARN_UNUSED enum vg_status vg_prices_find(struct vg_arena *arena, struct vg_str text,
    const struct vg_price **ret, size_t *ret_count, struct vg_error *err);

#endif
