/* SPDX-License-Identifier: MIT */
/*
 * Frames between coordinator and worker. A head of 28 bytes, little-endian:
 *	u32 magic, u8 version, u8 type, i16 code, u64 tag, u32 length of each of three parts
 * and then the parts. A peer is never trusted: lengths are checked before a byte is reserved for
 * them, and memory grows only with the bytes that arrived. Internal to analyse/.
 */
#ifndef VG_ANALYSE_WIRE_H
#define VG_ANALYSE_WIRE_H

#include "base/buf.h"
#include "base/limits.h"

#define VG_FRAME_HEAD 28
#define VG_FRAME_PARTS 3

enum vg_frame_type {
	VG_FRAME_HELLO = 1, /* code: status; tag: sandbox bits; parts: VG_HELLO_ */
	VG_FRAME_TASK,      /* parts: operation, params, content */
	VG_FRAME_ANSWER,    /* code: status; tag of its task; parts: JSON, message */
};

/* The parts of a hello; the last is the message when its code is a failure. */
enum { VG_HELLO_PLUGINS, VG_HELLO_LEXICON, VG_HELLO_REFUSALS };

struct vg_frame {
	enum vg_frame_type type;
	enum vg_status code;
	uint64_t tag;
	struct vg_str part[VG_FRAME_PARTS];
};

/* The head of a frame; VG_E_TOO_LARGE when its parts exceed VG_MAX_FRAME together. */
VG_WARN_UNUSED enum vg_status vg_frame_head(
    const struct vg_frame *frame, uint8_t ret[VG_FRAME_HEAD], struct vg_error *err);
/* Sends a whole frame on a blocking socket. */
VG_WARN_UNUSED enum vg_status vg_frame_send(
    int fd, const struct vg_frame *frame, struct vg_error *err);

/* Reads one frame after the other, in whatever pieces they come. */
struct vg_decoder {
	uint8_t head[VG_FRAME_HEAD];
	size_t head_len;
	struct vg_buf body; /* the parts, one after the other */
	struct vg_frame frame;
	size_t want; /* bytes of body */
	bool done;
};

#define VG_DECODER_INIT ((struct vg_decoder){.body = VG_BUF_INIT(VG_MAX_FRAME)})

void vg_decoder_release(struct vg_decoder *d);
/* Forgets the frame in progress; keeps its memory unless it is large. */
void vg_decoder_reset(struct vg_decoder *d);
/* Where the next bytes of this frame go, at most *ret_len of them; NULL when out of memory. */
void *vg_decoder_space(struct vg_decoder *d, size_t *ret_len);
/*
 * `len` bytes were put there. VG_OK: d->frame is complete, its parts borrow from d->body until the next
 * vg_decoder_space(), which starts the next frame. VG_E_AGAIN: more is needed. VG_E_CORRUPT: no frame of
 * ours; VG_E_TOO_LARGE: past VG_MAX_FRAME.
 */
VG_WARN_UNUSED enum vg_status vg_decoder_advance(
    struct vg_decoder *d, size_t len, struct vg_error *err);
/*
 * The two above over a socket: VG_OK with a frame in d->frame, VG_E_AGAIN when a nonblocking socket is
 * empty, VG_E_STOP when the peer closed, or a failure.
 */
VG_WARN_UNUSED enum vg_status vg_decoder_read(
    struct vg_decoder *d, int fd, struct vg_error *err);

#endif
