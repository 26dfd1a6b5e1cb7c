/* SPDX-License-Identifier: MIT */
/* analyse/wire: frames in pieces of a size the input chooses; what decodes encodes to the same bytes. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/wire.h"
#include "base/size.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void encode_again(const struct vg_frame *frame, const uint8_t *bytes, size_t len)
{
	uint8_t head[VG_FRAME_HEAD];
	size_t at = VG_FRAME_HEAD;

	if (vg_frame_head(frame, head, NULL) != VG_OK || len < at ||
	    memcmp(head, bytes, at) != 0)
		abort();
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++) {
		size_t n = frame->part[i].len;

		if (n > len - at ||
		    (n && memcmp(bytes + at, frame->part[i].ptr, n) != 0))
			abort();
		at += n;
	}
	if (at != len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_decoder d = VG_DECODER_INIT;
	/* The first byte: how much comes at a time. */
	size_t step = size ? (size_t)data[0] + 1 : 1, at = size ? 1 : 0, start = at;
	enum vg_status st = VG_OK;

	while (at < size && (st == VG_OK || st == VG_E_AGAIN)) {
		size_t room;
		void *space = vg_decoder_space(&d, &room);

		if (!space || room == 0)
			abort();
		room = vg_size_min(vg_size_min(room, step), size - at);
		memcpy(space, data + at, room);
		at += room;
		st = vg_decoder_advance(&d, room, NULL);
		if (st == VG_OK) {
			encode_again(&d.frame, data + start, at - start);
			start = at;
		}
	}
	vg_decoder_release(&d);
	return 0;
}
