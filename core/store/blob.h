/* SPDX-License-Identifier: MIT */
/*
 * Bytes of evidence, once per SHA-256. Those of one host resemble each other, so each is compressed with an
 * earlier one of its host and role as prefix. Reading checks the digest. Internal to store/.
 */
#ifndef VG_STORE_BLOB_H
#define VG_STORE_BLOB_H

#include "store/store.h"

struct vg_blobs; /* codec and recently used bases */

#define VG_BLOB_DEPTH 8          /* bases behind a base, at most */
#define VG_BLOB_MAX (192u << 20) /* bytes of one blob */

enum vg_blob_role {
	VG_BLOB_REQUEST, /* the first three have a base per host */
	VG_BLOB_RESPONSE,
	VG_BLOB_PAYLOAD,
	VG_BLOB_OTHER,
};

struct vg_blobs *vg_blobs_new(void); /* NULL when out of memory */
void vg_blobs_free(struct vg_blobs *b);
/* After a rollback: what the cache says of the database may be wrong. */
void vg_blobs_forget(struct vg_blobs *b);

struct vg_blob_input {
	struct vg_str bytes;
	enum vg_blob_role role;
	int64_t host;     /* row number, 0: none */
	int64_t previous; /* blob row of an earlier visit to the same page, 0: none */
};

/* Adds the bytes unless they are there, reads them back and compares the digest. */
VG_WARN_UNUSED enum vg_status vg_blob_put(struct vg_store *s,
    const struct vg_blob_input *in, int64_t *ret_id, struct vg_digest *ret_digest,
    struct vg_error *err);
/* Appends the bytes of a blob by its row number. */
VG_WARN_UNUSED enum vg_status vg_blob_get(
    struct vg_store *s, int64_t id, struct vg_buf *ret, struct vg_error *err);

#endif
