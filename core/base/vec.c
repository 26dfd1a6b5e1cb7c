/* SPDX-License-Identifier: MIT */
/* The growing array. */
#include "config.h"

#include "base/vec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"

static bool vec_grow(struct vg_vec *v)
{
	size_t cap = v->cap ? v->cap * 2 : 16, bytes, old_bytes = v->cap * v->item_size;
	void *grown;

	cap = vg_size_min(cap, v->max);
	if (cap <= v->cap || !vg_size_mul(cap, v->item_size, &bytes))
		return false;
	if (v->arena)
		grown = vg_arena_grow(v->arena, v->items, old_bytes, bytes);
	else
		grown = realloc(v->items, bytes);
	if (!grown)
		return false;
	v->items = grown;
	v->cap = cap;
	return true;
}

void *vg_vec_push(struct vg_vec *v)
{
	if (v->len == v->cap && !vec_grow(v))
		return NULL;
	v->len++;
	return memset(vg_vec_at(v, v->len - 1), 0, v->item_size);
}

void *vg_vec_at(const struct vg_vec *v, size_t i)
{
	assert(i < v->len);
	return (char *)v->items + i * v->item_size;
}

void vg_vec_pop(struct vg_vec *v)
{
	assert(v->len);
	v->len--;
}

void vg_vec_clear(struct vg_vec *v)
{
	v->len = 0;
}

void vg_vec_release(struct vg_vec *v)
{
	if (!v)
		return;
	if (!v->arena)
		free(v->items);
	v->items = NULL;
	v->len = v->cap = 0;
}
