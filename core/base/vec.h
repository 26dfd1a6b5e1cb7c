/* SPDX-License-Identifier: MIT */
/* A growing array of equal items, from the heap or from an arena, with a maximum count. */
#ifndef VG_BASE_VEC_H
#define VG_BASE_VEC_H

#include "base/arena.h"

struct vg_vec {
	void *items; /* cast to the item type; moves when the vector grows */
	size_t len, cap, max, item_size;
	struct vg_arena *arena; /* NULL: heap, and vg_vec_release() frees it */
};

#define VG_VEC_INIT(type, limit, from_arena)                                           \
	((struct vg_vec){                                                              \
	    .max = (limit), .item_size = sizeof(type), .arena = (from_arena)})

/* A zeroed new item at the end; NULL when the maximum or the memory is spent. */
void *vg_vec_push(struct vg_vec *v);
void *vg_vec_at(const struct vg_vec *v, size_t i); /* i < len, asserted */
void vg_vec_pop(struct vg_vec *v);                 /* len > 0, asserted */
void vg_vec_clear(struct vg_vec *v);
void vg_vec_release(struct vg_vec *v); /* NULL allowed */

#endif
