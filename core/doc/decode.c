/* SPDX-License-Identifier: MIT */
/* Undoing Content-Encoding: one pull function a coding behind one loop that holds the cap. */
#include "config.h"

#include "doc/decode.h"

#include <brotli/decode.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/size.h"

#define MAX_CODINGS 4
#define RATIO_FLOOR ((size_t)4 << 20)
#define STEP ((size_t)64 << 10)

enum coding { IDENTITY, GZIP, DEFLATE, BROTLI, ZSTD };

/* The last step of a decoder. */
enum pulled { MORE, DONE, STARVED, BROKEN, NO_MEMORY };

struct decoder {
	enum coding coding;
	struct vg_str in; /* not yet read */
	z_stream z;
	BrotliDecoderState *brotli;
	ZSTD_DStream *zstd;
};

static enum coding coding_of(struct vg_str word)
{
	if (vg_str_ieqz(word, "gzip") || vg_str_ieqz(word, "x-gzip"))
		return GZIP;
	if (vg_str_ieqz(word, "deflate"))
		return DEFLATE;
	if (vg_str_ieqz(word, "br"))
		return BROTLI;
	return vg_str_ieqz(word, "zstd") ? ZSTD : IDENTITY;
}

/* zlib's header: method 8 and a check that makes the pair a multiple of 31 (RFC 1950). */
static bool has_zlib_header(struct vg_str s)
{
	return s.len >= 2 && (s.ptr[0] & 0xF) == 8 &&
	       ((unsigned)(unsigned char)s.ptr[0] << 8 | (unsigned char)s.ptr[1]) %
		       31 ==
		   0;
}

static bool decoder_open(struct decoder *d, enum coding coding, struct vg_str in)
{
	int window = 15 + 16; /* gzip */

	*d = (struct decoder){.coding = coding, .in = in};
	switch (coding) {
	case BROTLI:
		d->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
		return d->brotli;
	case ZSTD:
		d->zstd = ZSTD_createDStream();
		/* RFC 9659: a browser's window is 8 MiB. */
		return d->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(
				      d->zstd, ZSTD_d_windowLogMax, 23));
	case DEFLATE:
		window = has_zlib_header(in) ? 15 : -15;
		return inflateInit2(&d->z, window) == Z_OK;
	default:
		return inflateInit2(&d->z, window) == Z_OK;
	}
}

static void decoder_close(struct decoder *d)
{
	if (d->brotli)
		BrotliDecoderDestroyInstance(d->brotli);
	ZSTD_freeDStream(d->zstd);
	if (d->coding == GZIP || d->coding == DEFLATE)
		(void)inflateEnd(&d->z);
}

static enum pulled pull_zlib(struct decoder *d, char *out, size_t room, size_t *ret_len)
{
	size_t in = vg_size_min(d->in.len, (size_t)1 << 30);
	int rc;

	/* zlib only reads it, whatever its type says. */
	memcpy(&d->z.next_in, &d->in.ptr, sizeof(d->z.next_in));
	d->z.avail_in = (uInt)in;
	d->z.next_out = (Bytef *)out;
	d->z.avail_out = (uInt)room;
	rc = inflate(&d->z, Z_NO_FLUSH);
	*ret_len = room - d->z.avail_out;
	d->in.ptr += in - d->z.avail_in;
	d->in.len -= in - d->z.avail_in;
	if (rc == Z_STREAM_END) {
		/* RFC 1952: members may follow one another; other trailing bytes are padding. */
		if (d->coding != GZIP || !vg_str_starts(d->in, VG_STR("\x1F\x8B")))
			return DONE;
		return inflateReset(&d->z) == Z_OK ? MORE : BROKEN;
	}
	if (rc == Z_MEM_ERROR)
		return NO_MEMORY;
	if (rc != Z_OK && rc != Z_BUF_ERROR)
		return BROKEN;
	return !d->in.len && d->z.avail_out ? STARVED : MORE;
}

static enum pulled pull_brotli(
    struct decoder *d, char *out, size_t room, size_t *ret_len)
{
	const uint8_t *in = (const uint8_t *)d->in.ptr;
	uint8_t *next = (uint8_t *)out;
	size_t len = d->in.len, left = room;
	BrotliDecoderResult rc =
	    BrotliDecoderDecompressStream(d->brotli, &len, &in, &left, &next, NULL);

	*ret_len = room - left;
	d->in = (struct vg_str){(const char *)in, len};
	switch (rc) {
	case BROTLI_DECODER_RESULT_SUCCESS:
		return DONE;
	case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
		return STARVED;
	case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
		return MORE;
	default:
		return BROKEN;
	}
}

static enum pulled pull_zstd(struct decoder *d, char *out, size_t room, size_t *ret_len)
{
	ZSTD_inBuffer in = {d->in.ptr, d->in.len, 0};
	ZSTD_outBuffer to = {out, room, 0};
	size_t rc = ZSTD_decompressStream(d->zstd, &to, &in);

	*ret_len = to.pos;
	d->in = vg_str_sub(d->in, in.pos, d->in.len);
	if (ZSTD_isError(rc))
		return BROKEN;
	if (!rc && !d->in.len)
		return DONE;
	return !d->in.len && to.pos < room ? STARVED : MORE;
}

static enum pulled decoder_pull(
    struct decoder *d, char *out, size_t room, size_t *ret_len)
{
	if (d->coding == BROTLI)
		return pull_brotli(d, out, room, ret_len);
	if (d->coding == ZSTD)
		return pull_zstd(d, out, room, ret_len);
	return pull_zlib(d, out, room, ret_len);
}

static enum pulled decode_all(struct decoder *d, struct vg_buf *out)
{
	enum pulled step = MORE;

	while (step == MORE) {
		size_t len, room = vg_size_min(STEP, out->max - out->len);
		char *to = room ? vg_buf_reserve(out, room) : NULL;

		if (!to)
			return room ? NO_MEMORY : MORE;
		step = decoder_pull(d, to, room, &len);
		out->len += len;
	}
	return step;
}

static void release_buf(void *ctx)
{
	vg_buf_release(ctx);
}

/* One coding. The input is what the layer outside it gave. */
static enum vg_status undo(struct vg_arena *arena, enum coding coding, size_t max,
    struct vg_decoded *io, struct vg_error *err)
{
	struct vg_buf *out = vg_arena_alloc(arena, sizeof(*out));
	enum vg_status status;
	enum pulled end;
	struct decoder d;

	if (!out)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	*out = VG_BUF_INIT(max);
	status = vg_arena_defer(arena, release_buf, out);
	if (status)
		return vg_fail(err, status, "out of memory");
	end = decoder_open(&d, coding, io->bytes) ? decode_all(&d, out) : NO_MEMORY;
	decoder_close(&d);
	if (end == NO_MEMORY)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	if (end == BROKEN && !out->len)
		return vg_fail(
		    err, VG_E_INVALID, "the body is not in its Content-Encoding");
	if (end != DONE)
		io->truncated = true;
	io->bytes = vg_buf_str(out);
	return VG_OK;
}

enum vg_status vg_decode(struct vg_arena *arena, struct vg_str payload,
    struct vg_str encoding, size_t max, struct vg_decoded *ret, struct vg_error *err)
{
	enum coding codings[MAX_CODINGS];
	size_t count = 0, cap = max, ratio;
	struct vg_decoded so_far = {payload, false};
	struct vg_str word;

	while (vg_str_split(&encoding, ',', &word)) {
		enum coding coding = coding_of(vg_str_trim(word));

		if (coding == IDENTITY)
			continue;
		if (count == MAX_CODINGS)
			return vg_fail(err, VG_E_INVALID,
			    "more than %d content codings", MAX_CODINGS);
		codings[count++] = coding;
	}
	if (vg_size_mul(payload.len, VG_MAX_RATIO, &ratio))
		cap = vg_size_min(max, vg_size_max(ratio, RATIO_FLOOR));
	/* They are listed in the order in which they were applied. */
	while (count && so_far.bytes.len) {
		enum vg_status status =
		    undo(arena, codings[--count], cap, &so_far, err);

		if (status)
			return status;
	}
	if (so_far.bytes.len > max) {
		so_far.bytes.len = max;
		so_far.truncated = true;
	}
	*ret = so_far;
	return VG_OK;
}
