/* SPDX-License-Identifier: MIT */
/* Reading the values people write: whole numbers, durations, sizes, addresses. Exact, no locale. */
#ifndef VG_CONF_VALUE_H
#define VG_CONF_VALUE_H

#include "base/status.h"
#include "base/str.h"

/* "yes" "true" "on" "1", "no" "false" "off" "0". */
bool vg_value_bool(struct vg_str text, bool *ret);
/* Microseconds of "250ms", "5s", "1h30m", "2d", "1w"; "0" needs no unit. */
bool vg_value_duration(struct vg_str text, int64_t *ret_us);
/* Bytes of "4096", "512K", "8M", "1G": powers of 1024, also "KiB" "MiB" "GiB". */
bool vg_value_size(struct vg_str text, int64_t *ret);
/* The index of the word in "a|b|c", or -1. */
int vg_value_enum(struct vg_str text, const char *words);

struct vg_address {
	char ip[46]; /* as inet_ntop writes it */
	uint16_t port;
};
/* "127.0.1.7:8080" or "[::1]:8080", numeric. */
bool vg_value_address(struct vg_str text, struct vg_address *ret);

/* The shortest spelling that vg_value_duration reads back; `ret` holds 32 bytes. */
void vg_duration_format(int64_t us, char ret[32]);
void vg_size_format(int64_t bytes, char ret[32]);

/* Changes (insert, delete, replace, swap) between two words, at most 64 bytes each. */
size_t vg_word_distance(struct vg_str a, struct vg_str b);
/* Whether `word` is near enough to `known` to suggest it, and nearer than *io_best. */
bool vg_word_nearer(struct vg_str word, const char *known, size_t *io_best);

#endif
