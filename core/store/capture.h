/* SPDX-License-Identifier: MIT */
/* Reading captures, for the files of the room. */
#ifndef VG_STORE_CAPTURE_H
#define VG_STORE_CAPTURE_H

#include "store/store_priv.h"

/* A capture with the row numbers that the room works with. */
struct vg_capture_row {
	struct vg_store_capture capture;
	int64_t payload_blob; /* 0: none */
	int64_t fingerprint;  /* of the URL */
};

VG_WARN_UNUSED enum vg_status vg_capture_get(struct vg_store *s, struct vg_arena *arena,
    const struct vg_digest *id, struct vg_capture_row *ret, struct vg_error *err);
/* The last capture of a URL before log position `before`. VG_E_NOT_FOUND. */
VG_WARN_UNUSED enum vg_status vg_capture_before(struct vg_store *s,
    struct vg_arena *arena, struct vg_str url, int64_t before,
    struct vg_capture_row *ret, struct vg_error *err);
/* The blob of the last body that a URL gave; 0: none did. */
VG_WARN_UNUSED enum vg_status vg_capture_last_body(struct vg_store *s,
    struct vg_str url, int64_t fingerprint, int64_t *ret, struct vg_error *err);
/* As vg_store_list_captures(). */
VG_WARN_UNUSED enum vg_status vg_capture_list(struct vg_store *s,
    struct vg_arena *arena, int64_t from, size_t max, struct vg_capture_row **ret,
    size_t *ret_count, struct vg_error *err);

#endif
