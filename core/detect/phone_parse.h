/* SPDX-License-Identifier: MIT */
/* One written number to E.164. Internal to phone.c and phone_parse.c. */
#ifndef VG_DETECT_PHONE_PARSE_H
#define VG_DETECT_PHONE_PARSE_H

#include "detect/phone.h"

#define VG_PHONE_CELLS 250 /* code points of a candidate */

/* What a code point is to a phone number; letters of the ASCII alphabet stand for themselves. */
enum {
	VG_CELL_OTHER = 0,
	VG_CELL_SPACE = ' ',  /* any space separator (Zs) */
	VG_CELL_SOFT = 1,     /* soft hyphen, zero-width space, word joiner */
	VG_CELL_DASH = 2,     /* figure dash to horizontal bar, full-width hyphen */
	VG_CELL_HYPHEN = '-', /* the other hyphens */
	/* digits '0' to '9', '+', '(', ')', '[', ']', '.', '/', '~', 'x', '#', ',', ';' */
};

/* Class of the code point at text[*at]; moves past it. */
unsigned char vg_phone_cell(struct vg_str text, size_t *at);
bool vg_phone_punctuation(unsigned char cell);
/* An extension ("ext. 12", "x12", " - 12#") at text[at]: its end, or `at` when there is none. */
size_t vg_phone_extension(struct vg_str text, size_t at, char ret[8]);
/*
 * Reads bytes [start, end) of `text` as one number of `region` (may be ""). `strict` asks for the
 * trunk prefix where the country always writes it. Fills all of `ret` but start and end.
 */
bool vg_phone_read(struct vg_str text, size_t start, size_t end, const char *region,
    bool strict, struct vg_phone *ret);

#endif
