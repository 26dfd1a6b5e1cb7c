/* SPDX-License-Identifier: MIT */
/* Block-chained arena with registered cleanups. */
#include "config.h"

#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"

#define ALIGN alignof(max_align_t)
#define FIRST_BLOCK ((size_t)64 << 10)
#define LARGEST_BLOCK ((size_t)4 << 20)
#define KEPT_BYTES ((size_t)16 << 20) /* memory that a reset may keep */

struct block {
	struct block *previous;
	size_t used, size;
	alignas(max_align_t) char data[];
};

struct cleanup {
	struct cleanup *previous;
	void (*run)(void *ctx);
	void *ctx;
};

struct vg_arena {
	struct block *block; /* the newest */
	struct cleanup *cleanups;
	size_t used, held, max;
	size_t first; /* what the first block should hold */
};

struct vg_arena *vg_arena_new(size_t max_bytes)
{
	struct vg_arena *a = calloc(1, sizeof(*a));

	if (a)
		a->max = max_bytes;
	return a;
}

static void arena_run_cleanups(struct vg_arena *a)
{
	while (a->cleanups) {
		struct cleanup *c = a->cleanups;

		a->cleanups = c->previous;
		c->run(c->ctx);
	}
}

void vg_arena_free(struct vg_arena *a)
{
	if (!a)
		return;
	arena_run_cleanups(a);
	while (a->block) {
		struct block *b = a->block;

		a->block = b->previous;
		free(b);
	}
	free(a);
}

void vg_arena_reset(struct vg_arena *a)
{
	size_t held = a->held;

	arena_run_cleanups(a);
	a->used = 0;
	if (a->block && !a->block->previous && held <= KEPT_BYTES) {
		a->block->used = 0;
		return;
	}
	while (a->block) {
		struct block *b = a->block;

		a->block = b->previous;
		free(b);
	}
	a->held = 0;
	/* One block of that size from now on; a huge page must not be remembered. */
	a->first = held <= KEPT_BYTES ? held : 0;
}

static bool arena_add_block(struct vg_arena *a, size_t least)
{
	size_t size = a->block ? vg_size_min(a->block->size * 2, LARGEST_BLOCK)
			       : vg_size_max(a->first, FIRST_BLOCK);
	struct block *b = a->block;

	if (b && !b->used) { /* kept by a reset and too small: it must not count */
		a->block = b->previous;
		a->held -= b->size;
		free(b);
	}
	size = vg_size_max(size, least);
	if (size > a->max - vg_size_min(a->held, a->max))
		size = least; /* the cap is near: take no more than is asked */
	if (size > a->max - vg_size_min(a->held, a->max) ||
	    size > SIZE_MAX - sizeof(*b))
		return false;
	b = malloc(sizeof(*b) + size);
	if (!b)
		return false;
	b->previous = a->block;
	b->used = 0;
	b->size = size;
	a->block = b;
	a->held += size;
	return true;
}

void *vg_arena_bytes(struct vg_arena *a, size_t size)
{
	size_t padded;
	void *p;

	if (!vg_size_add(size ? size : 1, ALIGN - 1, &padded))
		return NULL;
	padded &= ~(ALIGN - 1);
	if ((!a->block || padded > a->block->size - a->block->used) &&
	    !arena_add_block(a, padded))
		return NULL;
	p = a->block->data + a->block->used;
	a->block->used += padded;
	a->used += padded;
	return p;
}

void *vg_arena_alloc(struct vg_arena *a, size_t size)
{
	void *p = vg_arena_bytes(a, size);

	return p ? memset(p, 0, size ? size : 1) : NULL;
}

void *vg_arena_array(struct vg_arena *a, size_t count, size_t size)
{
	size_t bytes;

	return vg_size_mul(count, size, &bytes) ? vg_arena_alloc(a, bytes) : NULL;
}

void *vg_arena_grow(struct vg_arena *a, void *old, size_t old_size, size_t new_size)
{
	struct block *b = a->block;
	size_t padded_old = (old_size + ALIGN - 1) & ~(ALIGN - 1);
	void *grown;

	if (!old)
		return vg_arena_alloc(a, new_size);
	if (new_size <= old_size)
		return old;
	if (b && old_size && (char *)old + padded_old == b->data + b->used &&
	    new_size - old_size <= b->size - b->used) {
		size_t padded = (new_size + ALIGN - 1) & ~(ALIGN - 1);

		if (padded - padded_old <= b->size - b->used) {
			b->used += padded - padded_old;
			a->used += padded - padded_old;
			memset((char *)old + old_size, 0, new_size - old_size);
			return old;
		}
	}
	grown = vg_arena_alloc(a, new_size);
	if (grown)
		memcpy(grown, old, old_size);
	return grown;
}

struct vg_str vg_arena_str(struct vg_arena *a, struct vg_str s)
{
	char *copy = s.len < SIZE_MAX ? vg_arena_bytes(a, s.len + 1) : NULL;

	if (!copy)
		return (struct vg_str){NULL, 0};
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return (struct vg_str){copy, s.len};
}

struct vg_str vg_arena_printf(struct vg_arena *a, const char *fmt, ...)
{
	struct vg_str made = {NULL, 0};
	va_list args, again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	if (len >= 0) {
		char *text = vg_arena_alloc(a, (size_t)len + 1);

		if (text) {
			(void)vsnprintf(text, (size_t)len + 1, fmt, again);
			made = (struct vg_str){text, (size_t)len};
		}
	}
	va_end(again);
	va_end(args);
	return made;
}

enum vg_status vg_arena_defer(struct vg_arena *a, void (*cleanup)(void *ctx), void *ctx)
{
	struct cleanup *c = vg_arena_alloc(a, sizeof(*c));

	if (!c) {
		cleanup(ctx);
		return VG_E_NOMEM;
	}
	*c = (struct cleanup){a->cleanups, cleanup, ctx};
	a->cleanups = c;
	return VG_OK;
}

size_t vg_arena_used(const struct vg_arena *a)
{
	return a->used;
}
