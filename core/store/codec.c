/* SPDX-License-Identifier: MIT */
/* Zstandard with a prefix. */
#include "config.h"

#include "store/codec.h"

#include <stdlib.h>

#include <zstd.h>

#include "base/size.h"

#define LEVEL 1
#define WINDOW_MIN 10
#define WINDOW_MAX 26 /* a frame that needs more is refused on reading */

struct vg_codec {
	ZSTD_CCtx *pack;
	ZSTD_DCtx *unpack;
};

struct vg_codec *vg_codec_new(void)
{
	struct vg_codec *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->pack = ZSTD_createCCtx();
	c->unpack = ZSTD_createDCtx();
	if (c->pack && c->unpack &&
	    !ZSTD_isError(
		ZSTD_DCtx_setParameter(c->unpack, ZSTD_d_windowLogMax, WINDOW_MAX)))
		return c;
	vg_codec_free(c);
	return NULL;
}

void vg_codec_free(struct vg_codec *c)
{
	if (!c)
		return;
	ZSTD_freeCCtx(c->pack);
	ZSTD_freeDCtx(c->unpack);
	free(c);
}

/* The window must reach from the last byte back to the first of the prefix. */
static int window_log(size_t span)
{
	int log = WINDOW_MIN;

	while (log < WINDOW_MAX && ((size_t)1 << log) < span)
		log++;
	return log;
}

/* Compressed size, or an error code of zstd. */
static size_t compress(struct vg_codec *c, struct vg_str bytes, struct vg_str prefix,
    char *out, size_t room)
{
	ZSTD_CCtx *z = c->pack;
	size_t span, code;

	if (!vg_size_add(bytes.len, prefix.len, &span))
		span = SIZE_MAX;
	ZSTD_CCtx_reset(z, ZSTD_reset_session_and_parameters);
	code = ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, LEVEL);
	if (!ZSTD_isError(code) && prefix.len)
		code = ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, window_log(span));
	if (!ZSTD_isError(code) && prefix.len)
		code = ZSTD_CCtx_refPrefix(z, prefix.ptr, prefix.len);
	return ZSTD_isError(code) ? code
				  : ZSTD_compress2(z, out, room, bytes.ptr, bytes.len);
}

static enum vg_status pack_frame(struct vg_codec *c, struct vg_str bytes,
    struct vg_str prefix, struct vg_buf *ret, size_t *ret_len, struct vg_error *err)
{
	size_t room = ZSTD_compressBound(bytes.len), made;
	char *out = vg_buf_reserve(ret, room);

	if (!out)
		return vg_buf_status(ret, err);
	made = compress(c, bytes, prefix, out, room);
	if (ZSTD_isError(made))
		return vg_fail(err, VG_E_NOMEM, "compressing %zu bytes: %s", bytes.len,
		    ZSTD_getErrorName(made));
	*ret_len = made;
	return VG_OK;
}

enum vg_status vg_codec_pack(struct vg_codec *c, struct vg_str bytes,
    struct vg_str prefix, struct vg_buf *ret, enum vg_encoding *ret_encoding,
    struct vg_error *err)
{
	size_t len = 0;
	enum vg_status st = pack_frame(c, bytes, prefix, ret, &len, err);

	if (st != VG_OK)
		return st;
	if (len < bytes.len) {
		ret->len += len;
		*ret_encoding = prefix.len ? VG_ENCODING_ZSTD_PREFIX : VG_ENCODING_ZSTD;
		return VG_OK;
	}
	vg_buf_adds(ret, bytes);
	*ret_encoding = VG_ENCODING_RAW;
	return vg_buf_status(ret, err);
}

enum vg_status vg_codec_unpack(struct vg_codec *c, struct vg_str bytes,
    int64_t encoding, struct vg_str prefix, size_t length, struct vg_buf *ret,
    struct vg_error *err)
{
	char *out;
	size_t made;

	if (encoding == VG_ENCODING_RAW) {
		if (bytes.len != length)
			return vg_fail(err, VG_E_CORRUPT, "%zu bytes kept of %zu",
			    bytes.len, length);
		vg_buf_adds(ret, bytes);
		return vg_buf_status(ret, err);
	}
	if (encoding != VG_ENCODING_ZSTD && encoding != VG_ENCODING_ZSTD_PREFIX)
		return vg_fail(
		    err, VG_E_CORRUPT, "unknown encoding %lld", (long long)encoding);
	out = vg_buf_reserve(ret, length);
	if (!out)
		return vg_buf_status(ret, err);
	ZSTD_DCtx_reset(c->unpack, ZSTD_reset_session_only);
	made = ZSTD_DCtx_refPrefix(c->unpack, prefix.ptr, prefix.len);
	if (!ZSTD_isError(made))
		made =
		    ZSTD_decompressDCtx(c->unpack, out, length, bytes.ptr, bytes.len);
	if (ZSTD_isError(made))
		return vg_fail(err, VG_E_CORRUPT, "%s", ZSTD_getErrorName(made));
	if (made != length)
		return vg_fail(
		    err, VG_E_CORRUPT, "%zu bytes kept of %zu", made, length);
	ret->len += made;
	return VG_OK;
}

enum vg_status vg_codec_pack_text(
    struct vg_codec *c, struct vg_str text, struct vg_buf *ret, struct vg_error *err)
{
	size_t len = 0;
	enum vg_status st = pack_frame(c, text, VG_STR(""), ret, &len, err);

	if (st == VG_OK)
		ret->len += len;
	return st;
}

enum vg_status vg_codec_unpack_text(
    struct vg_codec *c, struct vg_str frame, struct vg_buf *ret, struct vg_error *err)
{
	unsigned long long len = ZSTD_getFrameContentSize(frame.ptr, frame.len);

	if (len == ZSTD_CONTENTSIZE_UNKNOWN || len == ZSTD_CONTENTSIZE_ERROR)
		return vg_fail(err, VG_E_CORRUPT, "no compressed text");
	if (len > ret->max)
		return vg_fail(err, VG_E_TOO_LARGE, "text of %llu bytes", len);
	return vg_codec_unpack(
	    c, frame, VG_ENCODING_ZSTD, VG_STR(""), (size_t)len, ret, err);
}
