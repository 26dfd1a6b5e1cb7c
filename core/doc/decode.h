/* SPDX-License-Identifier: MIT */
/* Content-Encoding (RFC 9110, section 8.4), undone under a cap. */
#ifndef VG_DOC_DECODE_H
#define VG_DOC_DECODE_H

#include "base/arena.h"

struct vg_decoded {
	struct vg_str bytes;
	bool truncated;
};

/*
 * Undoes `encoding`, a Content-Encoding value: gzip, deflate (zlib or raw), br, zstd in any listed
 * order. At most `max` bytes come out, and no more than VG_MAX_RATIO times the payload (with a floor
 * that lets small pages of blanks through); what is cut off, or never arrived, sets truncated.
 * The bytes borrow `payload` when nothing was encoded, else live in `arena`. Words that name no coding are
 * passed over, as browsers do. VG_E_INVALID: not in its declared coding.
 */
VG_WARN_UNUSED enum vg_status vg_decode(struct vg_arena *arena, struct vg_str payload,
    struct vg_str encoding, size_t max, struct vg_decoded *ret, struct vg_error *err);

#endif
