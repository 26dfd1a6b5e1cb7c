/* SPDX-License-Identifier: MIT */
/* Canonical bytes and hash of a capture's leaf. */
#include "config.h"

#include "evidence/leaf.h"

static void add_be(struct vg_buf *out, uint64_t value, size_t width)
{
	for (size_t i = width; i-- > 0;)
		vg_buf_addc(out, (char)(unsigned char)(value >> (8 * i) & 0xff));
}

static void add_field(struct vg_buf *out, const void *bytes, size_t len)
{
	if (len > UINT32_MAX) {
		out->status = VG_E_TOO_LARGE;
		return;
	}
	add_be(out, len, 4);
	vg_buf_add(out, bytes, len);
}

static void add_text(struct vg_buf *out, struct vg_str text)
{
	add_field(out, text.ptr, text.len);
}

static void add_int(struct vg_buf *out, int64_t value)
{
	add_be(out, 8, 4);
	add_be(out, (uint64_t)value, 8);
}

static void add_digest(struct vg_buf *out, const struct vg_leaf_digest *d)
{
	add_field(out, d->digest.bytes, d->present ? sizeof(d->digest.bytes) : 0);
}

enum vg_status vg_leaf_encode(
    const struct vg_leaf *leaf, struct vg_buf *ret, struct vg_error *err)
{
	vg_buf_addc(ret, VG_LEAF_VERSION);
	add_text(ret, leaf->url);
	add_text(ret, leaf->method);
	add_int(ret, leaf->started);
	add_int(ret, leaf->dns_us);
	add_int(ret, leaf->connect_us);
	add_int(ret, leaf->tls_us);
	add_int(ret, leaf->first_byte_us);
	add_int(ret, leaf->total_us);
	add_text(ret, leaf->outcome);
	add_text(ret, leaf->detail);
	add_text(ret, leaf->notes);
	add_int(ret, leaf->status);
	add_digest(ret, &leaf->request_head);
	add_digest(ret, &leaf->response_head);
	add_digest(ret, &leaf->payload);
	add_int(ret, leaf->payload_length);
	add_text(ret, leaf->peer);
	add_text(ret, leaf->tls_version);
	add_text(ret, leaf->tls_cipher);
	add_digest(ret, &leaf->chain);
	add_digest(ret, &leaf->previous);
	add_digest(ret, &leaf->parent);
	return vg_buf_status(ret, err);
}

enum vg_status vg_leaf_hash(
    struct vg_str bytes, struct vg_digest *ret, struct vg_error *err)
{
	struct vg_sha256 *h = vg_sha256_new();
	enum vg_status st;

	if (!h)
		return vg_fail(err, VG_E_NOMEM, "no memory for a hash");
	vg_sha256_add(h, "", 1); /* the leaf prefix 0x00 */
	vg_sha256_add(h, bytes.ptr, bytes.len);
	st = vg_sha256_finish(h, ret, err);
	vg_sha256_free(h);
	return st;
}

enum vg_status vg_leaf_id(
    const struct vg_leaf *leaf, struct vg_digest *ret, struct vg_error *err)
{
	struct vg_buf bytes = VG_BUF_INIT(VG_LEAF_MAX);
	enum vg_status st = vg_leaf_encode(leaf, &bytes, err);

	if (st == VG_OK)
		st = vg_leaf_hash(vg_buf_str(&bytes), ret, err);
	vg_buf_release(&bytes);
	return st;
}
