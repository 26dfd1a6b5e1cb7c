/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4, by libcrypto) and hexadecimal. */
#ifndef VG_BASE_DIGEST_H
#define VG_BASE_DIGEST_H

#include "base/status.h"
#include "base/str.h"

#define VG_SHA256_LEN 32
#define VG_SHA256_HEX 65 /* 64 digits and NUL */

struct vg_digest {
	uint8_t bytes[VG_SHA256_LEN];
};

struct vg_sha256; /* a running hash */

/* NULL when out of memory. */
struct vg_sha256 *vg_sha256_new(void);
void vg_sha256_free(struct vg_sha256 *h); /* NULL allowed */
void vg_sha256_add(struct vg_sha256 *h, const void *bytes, size_t len);
/* The digest so far; the hash starts again from nothing. */
VG_WARN_UNUSED enum vg_status vg_sha256_finish(
    struct vg_sha256 *h, struct vg_digest *ret, struct vg_error *err);
/* One call for a whole string. */
VG_WARN_UNUSED enum vg_status vg_sha256(
    struct vg_str bytes, struct vg_digest *ret, struct vg_error *err);
bool vg_digest_eq(const struct vg_digest *a, const struct vg_digest *b);
/* Lower-case, NUL-terminated; `ret` holds 2 * len + 1 bytes. */
void vg_hex(const void *bytes, size_t len, char *ret);
/* False unless `hex` is exactly 2 * len digits, of either case. */
bool vg_unhex(struct vg_str hex, void *ret, size_t len);
/* RFC 4648 base64 decoding, padding required, no white space; appends to a vg_buf-like sink. */
struct vg_buf;
VG_WARN_UNUSED enum vg_status vg_base64_decode(
    struct vg_str text, struct vg_buf *ret, struct vg_error *err);
void vg_base64_encode(struct vg_str bytes, struct vg_buf *ret);

#endif
