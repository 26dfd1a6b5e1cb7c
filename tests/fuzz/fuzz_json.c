/* SPDX-License-Identifier: MIT */
/* base/json: what the reader takes, the writer writes and the reader takes again, the same. */
#include "config.h"

#include <stdlib.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(struct vg_arena *a, const struct vg_json *value)
{
	struct vg_buf first = VG_BUF_INIT((size_t)64 << 20),
		      second = VG_BUF_INIT((size_t)64 << 20);
	struct vg_json_writer w = vg_json_writer(&first),
			      again = vg_json_writer(&second);
	struct vg_json *read;

	vg_jw_value(&w, value);
	if (!first.status) {
		if (vg_json_parse(a, vg_buf_str(&first), 0, &read, NULL))
			abort();
		vg_jw_value(&again, read);
		if (!vg_str_eq(vg_buf_str(&first), vg_buf_str(&second)))
			abort();
	}
	vg_buf_release(&first);
	vg_buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_str text = {(const char *)data, size};
	struct vg_arena *a = vg_arena_new((size_t)64 << 20);
	struct vg_json *value;

	for (unsigned lenient = 0; a && lenient < 2; lenient++)
		if (!vg_json_parse(
			a, text, lenient ? VG_JSON_LENIENT : 0, &value, NULL))
			write_again(a, value);
	vg_arena_free(a);
	return 0;
}
