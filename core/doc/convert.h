/* SPDX-License-Identifier: MIT */
/* Any charset to UTF-8, with a map back to the document's bytes. Internal to doc/. */
#ifndef VG_DOC_CONVERT_H
#define VG_DOC_CONVERT_H

#include "base/vec.h"

/*
 * Runs of characters that took the same number of document bytes each. `bytes` 0: as many as in UTF-8.
 * How many UTF-8 bytes a character has is read off the text, so a run of a single-byte charset is
 * one entry, cut every few hundred bytes to bound the walk.
 */
struct vg_convert_run {
	uint32_t utf8;
	uint32_t document : 29, bytes : 3;
};

struct vg_convert_map {
	struct vg_vec
	    runs; /* struct vg_convert_run; none: the identity shifted by `bom` */
	size_t bom, document_len;
};

#define VG_CONVERT_MAX ((size_t)1 << 28) /* document bytes the map can count */

VG_WARN_UNUSED enum vg_status vg_convert_prepare(struct vg_error *err);

/* Length of the front part that is valid UTF-8; *ret_ascii: it has no byte above 0x7F. */
size_t vg_convert_valid_utf8(struct vg_str s, bool *ret_ascii);

struct vg_convert_input {
	struct vg_str document;
	const char *charset; /* WHATWG name */
	size_t bom;          /* bytes at the front that are no text */
	size_t valid;        /* what vg_convert_valid_utf8() said */
	bool ascii;
};

struct vg_converted {
	struct vg_str
	    utf8; /* borrows the document when that is possible, else lives in the arena */
	struct vg_convert_map map;
	bool truncated; /* the document is larger than the map can tell */
};

/* Malformed bytes become U+FFFD. */
VG_WARN_UNUSED enum vg_status vg_convert(struct vg_arena *arena,
    const struct vg_convert_input *in, struct vg_converted *ret, struct vg_error *err);

/* Document offset of the character that holds byte `at` of the text; `end`: just past it if inside. */
size_t vg_convert_offset(const struct vg_converted *c, size_t at, bool end);

#endif
