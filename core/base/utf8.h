/* SPDX-License-Identifier: MIT */
/* UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF. */
#ifndef VG_BASE_UTF8_H
#define VG_BASE_UTF8_H

#include "base/str.h"

#define VG_REPLACEMENT 0xFFFDu

/*
 * Decodes one code point at s.ptr[*pos] and moves *pos past it. Malformed bytes give U+FFFD and
 * advance as the WHATWG decoder does (one maximal subpart). Needs *pos < s.len.
 */
uint32_t vg_utf8_next(struct vg_str s, size_t *pos);
/* Writes 1..4 bytes and returns their count; surrogates and out-of-range become U+FFFD. */
size_t vg_utf8_put(uint32_t code_point, char ret[4]);
bool vg_utf8_valid(struct vg_str s);
/* True when every byte is below 0x80. */
bool vg_ascii_only(struct vg_str s);

#endif
