/* SPDX-License-Identifier: MIT */
/* SHA-256 by libcrypto; hexadecimal and base64. */
#include "config.h"

#include "base/digest.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/buf.h"

struct vg_sha256 {
	EVP_MD_CTX *ctx;
	const EVP_MD *md;
	bool failed;
};

struct vg_sha256 *vg_sha256_new(void)
{
	struct vg_sha256 *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->ctx = EVP_MD_CTX_new();
	h->md = EVP_sha256();
	if (!h->ctx) {
		free(h);
		return NULL;
	}
	h->failed = !EVP_DigestInit_ex(h->ctx, h->md, NULL);
	return h;
}

void vg_sha256_free(struct vg_sha256 *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->ctx);
	free(h);
}

void vg_sha256_add(struct vg_sha256 *h, const void *bytes, size_t len)
{
	if (len && !EVP_DigestUpdate(h->ctx, bytes, len))
		h->failed = true;
}

enum vg_status vg_sha256_finish(
    struct vg_sha256 *h, struct vg_digest *ret, struct vg_error *err)
{
	struct vg_digest made;
	bool ok = !h->failed && EVP_DigestFinal_ex(h->ctx, made.bytes, NULL);

	h->failed = !EVP_DigestInit_ex(h->ctx, h->md, NULL);
	if (!ok)
		return vg_fail(
		    err, VG_E_INTERNAL, "libcrypto could not compute SHA-256");
	*ret = made;
	return VG_OK;
}

enum vg_status vg_sha256(
    struct vg_str bytes, struct vg_digest *ret, struct vg_error *err)
{
	struct vg_digest made;

	if (!EVP_Digest(bytes.ptr, bytes.len, made.bytes, NULL, EVP_sha256(), NULL))
		return vg_fail(
		    err, VG_E_INTERNAL, "libcrypto could not compute SHA-256");
	*ret = made;
	return VG_OK;
}

bool vg_digest_eq(const struct vg_digest *a, const struct vg_digest *b)
{
	return !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

void vg_hex(const void *bytes, size_t len, char *ret)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *b = bytes;

	for (size_t i = 0; i < len; i++) {
		ret[2 * i] = digits[b[i] >> 4];
		ret[2 * i + 1] = digits[b[i] & 15];
	}
	ret[2 * len] = '\0';
}

bool vg_unhex(struct vg_str hex, void *ret, size_t len)
{
	unsigned char *b = ret;

	if (hex.len != 2 * len)
		return false;
	for (size_t i = 0; i < hex.len; i++)
		if (vg_hex_digit(hex.ptr[i]) < 0)
			return false;
	for (size_t i = 0; i < len; i++)
		b[i] = (unsigned char)(vg_hex_digit(hex.ptr[2 * i]) << 4 |
				       vg_hex_digit(hex.ptr[2 * i + 1]));
	return true;
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (vg_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

enum vg_status vg_base64_decode(
    struct vg_str text, struct vg_buf *ret, struct vg_error *err)
{
	size_t pad = 0;

	if (text.len % 4)
		return vg_fail(
		    err, VG_E_INVALID, "base64 length is not a multiple of 4");
	while (pad < 2 && text.len && text.ptr[text.len - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < text.len; i += 4) {
		size_t digits = i + 4 == text.len ? 4 - pad : 4;
		unsigned long group = 0;
		char bytes[3];

		for (size_t k = 0; k < 4; k++) {
			int d = k < digits ? base64_digit(text.ptr[i + k]) : 0;

			if (d < 0)
				return vg_fail(err, VG_E_INVALID,
				    "no base64 digit at offset %zu", i + k);
			group = group << 6 | (unsigned)d;
		}
		bytes[0] = (char)(group >> 16);
		bytes[1] = (char)(group >> 8 & 255);
		bytes[2] = (char)(group & 255);
		vg_buf_add(ret, bytes, digits - 1);
	}
	return vg_buf_status(ret, err);
}

void vg_base64_encode(struct vg_str bytes, struct vg_buf *ret)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		unsigned long group = 0;

		for (size_t k = 0; k < 3; k++)
			group =
			    group << 8 | (k < n ? (unsigned char)bytes.ptr[i + k] : 0u);
		for (size_t k = 0; k < 4; k++)
			vg_buf_addc(
			    ret, k <= n ? digits[group >> (18 - 6 * k) & 63] : '=');
	}
}
