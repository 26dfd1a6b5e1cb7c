/* SPDX-License-Identifier: MIT */
/* How people write currencies: signs, codes (ISO 4217) and words. */
#ifndef VG_DETECT_PRICE_CURRENCY_H
#define VG_DETECT_PRICE_CURRENCY_H

#include "base/str.h"

struct vg_currency {
	char iso[4];       /* "": several countries write it so ("$", "kr", "pesos") */
	size_t start, end; /* bytes of the text */
	bool weak;         /* a letter or two that need not be money */
	bool dollar;       /* the bare dollar sign */
	bool code;         /* an ISO code */
};

/* The longest currency that begins (ends) at `at`. False: none. */
bool vg_currency_at(struct vg_str text, size_t at, struct vg_currency *ret);
bool vg_currency_before(struct vg_str text, size_t at, struct vg_currency *ret);
/* The first at or after `from`; `weak` ones only when asked for. */
bool vg_currency_find(
    struct vg_str text, size_t from, bool weak, struct vg_currency *ret);

#endif
