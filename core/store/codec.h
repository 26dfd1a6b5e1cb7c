/* SPDX-License-Identifier: MIT */
/*
 * How bytes are kept small: Zstandard (RFC 8878), alone or with a similar text as prefix. Internal to
 * store/.
 */
#ifndef VG_STORE_CODEC_H
#define VG_STORE_CODEC_H

#include "base/buf.h"

struct vg_codec; /* contexts that are kept between calls; one thread */

/* Stored in blob_data.encoding: never renumber. */
enum vg_encoding {
	VG_ENCODING_RAW = 0,
	VG_ENCODING_ZSTD = 1,
	VG_ENCODING_ZSTD_PREFIX = 2,
};

struct vg_codec *vg_codec_new(void); /* NULL when out of memory */
void vg_codec_free(struct vg_codec *c);

/*
 * Appends the compressed bytes to `ret`. An empty prefix means none. `ret_encoding` says what was done;
 * what does not shrink is kept raw.
 */
VG_WARN_UNUSED enum vg_status vg_codec_pack(struct vg_codec *c, struct vg_str bytes,
    struct vg_str prefix, struct vg_buf *ret, enum vg_encoding *ret_encoding,
    struct vg_error *err);
/*
 * Appends exactly `length` bytes to `ret`. VG_E_CORRUPT when `bytes` does not hold that many;
 * VG_E_TOO_LARGE past ret->max.
 */
VG_WARN_UNUSED enum vg_status vg_codec_unpack(struct vg_codec *c, struct vg_str bytes,
    int64_t encoding, struct vg_str prefix, size_t length, struct vg_buf *ret,
    struct vg_error *err);

/* For derived text, of which nobody keeps the length: one frame, always. */
VG_WARN_UNUSED enum vg_status vg_codec_pack_text(
    struct vg_codec *c, struct vg_str text, struct vg_buf *ret, struct vg_error *err);
VG_WARN_UNUSED enum vg_status vg_codec_unpack_text(
    struct vg_codec *c, struct vg_str frame, struct vg_buf *ret, struct vg_error *err);

#endif
