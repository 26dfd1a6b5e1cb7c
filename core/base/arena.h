/* SPDX-License-Identifier: MIT */
/*
 * Memory with one life: each page is worked on in one arena and freed in one call.
 * Not thread-safe. Foreign objects register a cleanup, run newest first on release.
 */
#ifndef VG_BASE_ARENA_H
#define VG_BASE_ARENA_H

#include "base/status.h"
#include "base/str.h"

struct vg_arena;

/* `max_bytes` caps the sum of all blocks. NULL when out of memory. */
struct vg_arena *vg_arena_new(size_t max_bytes);
void vg_arena_free(struct vg_arena *a); /* NULL allowed */
/* Runs cleanups; up to 16 MiB stay for reuse, so that tasks alike allocate nothing anew. */
void vg_arena_reset(struct vg_arena *a);
/* Zeroed, aligned for any type; NULL when the cap or the memory is spent. size 0 is valid. */
void *vg_arena_alloc(struct vg_arena *a, size_t size);
/* The same, not zeroed: for what is written before it is read. */
void *vg_arena_bytes(struct vg_arena *a, size_t size);
void *vg_arena_array(
    struct vg_arena *a, size_t count, size_t size); /* checks the product */
/*
 * Grows an array that was allocated from this arena: in place if it was the last allocation,
 * by copy otherwise. New bytes are zero. NULL leaves the old array valid.
 */
void *vg_arena_grow(struct vg_arena *a, void *old, size_t old_size, size_t new_size);
/* A NUL-terminated copy; .ptr is NULL when out of memory (even for an empty string). */
struct vg_str vg_arena_str(struct vg_arena *a, struct vg_str s);
struct vg_str vg_arena_printf(struct vg_arena *a, const char *fmt, ...) VG_PRINTF(2, 3);
/* `cleanup(ctx)` runs at reset or free; on failure it runs at once. */
VG_WARN_UNUSED enum vg_status vg_arena_defer(
    struct vg_arena *a, void (*cleanup)(void *ctx), void *ctx);
size_t vg_arena_used(
    const struct vg_arena *a); /* bytes handed out since the last reset */

#endif
