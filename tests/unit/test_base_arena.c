/* SPDX-License-Identifier: MIT */
/* base/arena and base/vec: one life, one cap, cleanups newest first. */
#include "config.h"

#include "support/unit.h"

#include "base/vec.h"

static void append_digit(void *ctx)
{
	int *digits = ctx;

	*digits = *digits * 10 + 1;
}

static void append_two(void *ctx)
{
	int *digits = ctx;

	*digits = *digits * 10 + 2;
}

static void arena_defer__reset__runs_newest_first(void **state)
{
	struct vg_arena *a = vg_arena_new(1 << 20);
	int order = 0;

	(void)state;
	assert_status(vg_arena_defer(a, append_digit, &order), VG_OK);
	assert_status(vg_arena_defer(a, append_two, &order), VG_OK);
	vg_arena_reset(a);
	assert_int_equal(order, 21);
	vg_arena_free(a);
	assert_int_equal(order, 21);
}

static void arena_alloc__past_the_cap__is_null(void **state)
{
	struct vg_arena *a = vg_arena_new(200000);

	(void)state;
	assert_non_null(vg_arena_alloc(a, 100000));
	assert_null(vg_arena_alloc(a, 150000));
	assert_non_null(vg_arena_alloc(a, 1000));
	vg_arena_reset(a);
	assert_non_null(vg_arena_alloc(a, 150000));
	assert_null(vg_arena_array(a, SIZE_MAX / 2, 3));
	vg_arena_free(a);
}

static void arena_grow__last_allocation__stays_in_place(void **state)
{
	struct vg_arena *a = vg_arena_new(1 << 20);
	char *first = vg_arena_alloc(a, 10), *grown, *moved;

	(void)state;
	memset(first, 'a', 10);
	grown = vg_arena_grow(a, first, 10, 100);
	assert_ptr_equal(grown, first);
	assert_int_equal(grown[99], 0);
	assert_non_null(vg_arena_alloc(a, 1));
	moved = vg_arena_grow(a, grown, 100, 200);
	assert_ptr_not_equal(moved, grown);
	assert_memory_equal(moved, "aaaaaaaaaa", 10);
	assert_int_equal(moved[199], 0);
	vg_arena_free(a);
}

static void vec_push__heap_and_arena__keep_items_and_maximum(void **state)
{
	struct vg_arena *a = vg_arena_new(1 << 20);
	struct vg_vec vecs[] = {
	    VG_VEC_INIT(int, 1000, NULL), VG_VEC_INIT(int, 1000, a)};

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		for (int i = 0; i < 1000; i++)
			*(int *)vg_vec_push(&vecs[k]) = i;
		assert_null(vg_vec_push(&vecs[k]));
		for (size_t i = 0; i < 1000; i++)
			assert_int_equal(*(int *)vg_vec_at(&vecs[k], i), i);
		vg_vec_pop(&vecs[k]);
		assert_int_equal(*(int *)vg_vec_push(&vecs[k]), 0);
		vg_vec_release(&vecs[k]);
	}
	vg_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(arena_defer__reset__runs_newest_first),
	    cmocka_unit_test(arena_alloc__past_the_cap__is_null),
	    cmocka_unit_test(arena_grow__last_allocation__stays_in_place),
	    cmocka_unit_test(vec_push__heap_and_arena__keep_items_and_maximum),
	};

	return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
