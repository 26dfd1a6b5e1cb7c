/* SPDX-License-Identifier: MIT */
/* Checked size arithmetic: true and a written result only when it does not overflow. */
#ifndef VG_BASE_SIZE_H
#define VG_BASE_SIZE_H

#include <stdbool.h>
#include <stddef.h>

static inline bool vg_size_add(size_t a, size_t b, size_t *ret)
{
	return !__builtin_add_overflow(a, b, ret);
}
static inline bool vg_size_mul(size_t a, size_t b, size_t *ret)
{
	return !__builtin_mul_overflow(a, b, ret);
}
static inline size_t vg_size_min(size_t a, size_t b)
{
	return a < b ? a : b;
}
static inline size_t vg_size_max(size_t a, size_t b)
{
	return a > b ? a : b;
}

#endif
