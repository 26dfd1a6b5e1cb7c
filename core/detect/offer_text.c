/* SPDX-License-Identifier: MIT */
/* Strength and quantity as sellers write them. */
#include "config.h"

#include "detect/offer_priv.h"

#include <string.h>

static const char *const strength_units[] = {"mg/ml", "mg/dose", "mcg/h", "mcg/ml",
    "iu/ml", "ui/ml", "mcg", "\u00b5g", "ug", "mg", "g", "iu", "ui", "me", "%",
    "\u043c\u0433", NULL};
static const char *const quantity_units[] = {"tablets", "tablet", "tabletas", "tableta",
    "tabs", "tab", "pills", "pill", "pilulas", "pastillas", "pastilla", "capsules",
    "capsule", "capsulas", "c\u00e1psulas", "caps", "cap", "comprimidos",
    "comprim\u00e9s", "comprimes", "comp", "tabletten", "kapseln", "st\u00fcck", "stk",
    "st", "pcs", "pieces", "piezas", "pieza", "pzas", "pza", "ct", "count",
    "ampolletas", "ampollas", "amp", "amps", "ampoules", "vial", "vials", "viales",
    "plumas", "pluma", "pens", "pen", "cajas", "caja", "box", "boxes", "frasco",
    "frascos", "sobres", "parches", "patches", "ml", "bars", "strips", "blister",
    "blisters", "gotas", "dosis", "\u0442\u0430\u0431\u043b", "\u0442\u0430\u0431",
    "\u0448\u0442", "\u043a\u0430\u043f\u0441", NULL};

/* A number at `at` with its marks ("37.5", "875/125"); where it ends. */
static size_t number_end(struct vg_str t, size_t at)
{
	while (at < t.len && (vg_is_digit(t.ptr[at]) ||
				 (strchr(".,/", t.ptr[at]) != NULL && at + 1 < t.len &&
				     vg_is_digit(t.ptr[at + 1]))))
		at++;
	return at;
}

/* Number and unit, the unit's word ending there. */
static struct vg_str measured(struct vg_str t, const char *const *units)
{
	for (size_t at = 0; at < t.len; at++) {
		if (!vg_is_digit(t.ptr[at]) || (at > 0 && vg_is_digit(t.ptr[at - 1])))
			continue;
		size_t end = number_end(t, at), unit = end;
		while (unit < t.len && (t.ptr[unit] == ' ' || t.ptr[unit] == '-') &&
		       unit - end < 2)
			unit++;
		for (const char *const *u = units; *u != NULL; u++) {
			struct vg_str want = vg_str(*u);
			size_t stop = unit + want.len;
			if (vg_str_ieq(vg_str_sub(t, unit, stop), want) &&
			    (stop >= t.len || !vg_is_alpha(t.ptr[stop])))
				return vg_str_sub(t, at, stop);
		}
		at = end - 1;
	}
	return (struct vg_str){NULL, 0};
}

/* "10/325", "875/125": a combination's strengths, which sellers write without a unit. */
static struct vg_str combination(struct vg_str t)
{
	for (size_t at = 0; at < t.len; at++) {
		size_t end, slash, digits = 0;
		bool word = at > 0 && (vg_is_alnum(t.ptr[at - 1]) ||
					  strchr(".,/$", t.ptr[at - 1]) != NULL);

		if (!vg_is_digit(t.ptr[at]))
			continue;
		end = number_end(t, at);
		slash = vg_str_chr(t, '/', at);
		for (size_t p = at; p < end; p++)
			digits = vg_is_digit(t.ptr[p]) ? digits + 1 : 0;
		if (slash < end && vg_str_chr(t, '/', slash + 1) >= end && !word &&
		    (digits == 3 || slash - at == 3) &&
		    (end == t.len || !vg_is_alnum(t.ptr[end])))
			return vg_str_sub(t, at, end);
		at = end;
	}
	return (struct vg_str){NULL, 0};
}

struct vg_str vg_offer_strength(struct vg_arena *arena, struct vg_str title)
{
	struct vg_str found = measured(title, strength_units);

	if (found.ptr == NULL) {
		found = combination(title);
		if (found.ptr != NULL)
			found = vg_arena_printf(arena, "%.*s mg", VG_STR_ARG(found));
	}
	return found;
}

struct vg_str vg_offer_quantity(struct vg_str title)
{
	struct vg_str found = measured(title, quantity_units);

	for (size_t at = 0; found.ptr == NULL && at + 1 < title.len; at++) {
		bool times = (title.ptr[at] | 0x20) == 'x' &&
			     (at == 0 || !vg_is_alpha(title.ptr[at - 1]));
		size_t digits = at + 1 + (title.ptr[at + 1] == ' ');
		if (times && digits < title.len && vg_is_digit(title.ptr[digits]))
			found = vg_str_sub(title, at, number_end(title, digits));
	}
	return found;
}
