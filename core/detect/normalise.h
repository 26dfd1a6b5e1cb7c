/* SPDX-License-Identifier: MIT */
/*
 * Text as a person reads it, for matching only: NFKC, case folded, accents off, invisible characters out,
 * look-alike letters resolved inside mixed words (UTS #39, section 4). Every byte keeps the offset of
 * the source bytes it came from.
 */
#ifndef VG_DETECT_NORMALISE_H
#define VG_DETECT_NORMALISE_H

#include "base/arena.h"

struct vg_folder; /* read-only tables, shared */

VG_WARN_UNUSED enum vg_status vg_folder_new(
    struct vg_arena *arena, struct vg_folder **ret, struct vg_error *err);

/* Folded text that grows; `map[i]` is the source offset behind text[i], `stop[i]` where it ends. */
struct vg_folded {
	struct vg_arena *arena;
	char *text;
	uint32_t *map, *stop;
	size_t len, cap;
};

/* Appends the folding of `in`, which is valid UTF-8 below 4 GiB. False when out of memory. */
VG_WARN_UNUSED bool vg_fold(
    const struct vg_folder *f, struct vg_str in, struct vg_folded *out);

enum {
	VG_UNMASK_LEET_I = 1 << 0, /* digits and signs that stand for letters; 1 is i */
	VG_UNMASK_LEET_L = 1 << 1, /* the same; 1 is l */
	VG_UNMASK_JOIN = 1 << 2,   /* single letters parted by dots, dashes or spaces */
	VG_UNMASK_SCRIPT =
	    1 << 3, /* whole words of look-alike letters in a Latin text */
};

/*
 * Which disguises the bytes [start, len) of `text` may wear: VG_UNMASK_ bits, 0 for plain text. Cheap:
 * one pass.
 */
unsigned vg_disguises(const struct vg_folded *text, size_t start);
/*
 * Appends the bytes [start, end) of `text` itself with those disguises taken off. False when out of
 * memory.
 */
VG_WARN_UNUSED bool vg_unmask(
    struct vg_folded *text, size_t start, size_t end, unsigned disguises);
/* Room for `more` bytes; false when out of memory. */
VG_WARN_UNUSED bool vg_folded_reserve(struct vg_folded *out, size_t more);
/* The Latin letter drawn like a folded Greek or Cyrillic one, or 0. */
char vg_latin_twin(uint32_t code_point);
/* True when the code point is part of a word of an alphabetic script (letters and digits). */
bool vg_is_word(uint32_t code_point);

#endif
