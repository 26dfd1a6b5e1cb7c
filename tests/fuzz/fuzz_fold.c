/* SPDX-License-Identifier: MIT */
/* detect/normalise: every byte of folded and of unmasked text comes from bytes of the text, in order. */
#include "config.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "detect/normalise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct vg_folded *f, size_t start, size_t source_len)
{
	for (size_t i = start; i < f->len; i++) {
		if (f->map[i] >= f->stop[i] || f->stop[i] > source_len)
			abort();
		if (i > start &&
		    (f->map[i] < f->map[i - 1] || f->stop[i] < f->stop[i - 1]))
			abort();
	}
	if (!vg_utf8_valid((struct vg_str){f->text + start, f->len - start}))
		abort();
}

static const struct vg_folder *tables(void)
{
	static struct vg_arena *arena;
	static struct vg_folder *folder;

	if (arena == NULL && ((arena = vg_arena_new((size_t)64 << 20)) == NULL ||
				 vg_folder_new(arena, &folder, NULL) != VG_OK))
		abort();
	return folder;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct vg_folder *folder = tables();
	struct vg_str text = {(const char *)data, size};
	struct vg_arena *a = vg_arena_new((size_t)64 << 20);
	struct vg_folded folded = {.arena = a}, again = {.arena = a};
	unsigned disguises;
	size_t len;

	if (a == NULL || !vg_utf8_valid(text) || !vg_fold(folder, text, &folded) ||
	    folded.len == 0)
		goto out;
	check(&folded, 0, size);
	len = folded.len;
	if (!vg_fold(folder, (struct vg_str){folded.text, len}, &again))
		goto out;
	check(&again, 0, len);
	disguises = vg_disguises(&folded, 0);
	if (disguises != 0 && vg_unmask(&folded, 0, len, disguises))
		check(&folded, len, size);
out:
	vg_arena_free(a);
	return 0;
}
