/* SPDX-License-Identifier: MIT */
/* Frames: encoding, and a decoder that takes them in any pieces. */
#include "config.h"

#include "analyse/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/size.h"

#define WIRE_MAGIC 0x31574756u /* "VGW1" */
#define WIRE_VERSION 1u
#define KEEP_BYTES ((size_t)1 << 20)  /* more than this is given back between frames */
#define STEP_BYTES ((size_t)64 << 10) /* reserved ahead of what has arrived, at least */

static void put_u32(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t get_u32(const uint8_t *p)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < 4; i++)
		v |= (uint32_t)p[i] << (8 * i);
	return v;
}

enum vg_status vg_frame_head(
    const struct vg_frame *frame, uint8_t ret[VG_FRAME_HEAD], struct vg_error *err)
{
	size_t sum = 0;

	for (unsigned i = 0; i < VG_FRAME_PARTS; i++) {
		if (!vg_size_add(sum, frame->part[i].len, &sum) || sum > VG_MAX_FRAME)
			return vg_fail(err, VG_E_TOO_LARGE, "a frame may hold %u bytes",
			    VG_MAX_FRAME);
	}
	put_u32(ret, WIRE_MAGIC);
	ret[4] = WIRE_VERSION;
	ret[5] = (uint8_t)frame->type;
	ret[6] = (uint8_t)((unsigned)frame->code & 0xff);
	ret[7] = (uint8_t)((unsigned)frame->code >> 8 & 0xff);
	put_u32(ret + 8, (uint32_t)frame->tag);
	put_u32(ret + 12, (uint32_t)(frame->tag >> 32));
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++)
		put_u32(ret + 16 + 4 * i, (uint32_t)frame->part[i].len);
	return VG_OK;
}

enum vg_status vg_frame_send(int fd, const struct vg_frame *frame, struct vg_error *err)
{
	uint8_t head[VG_FRAME_HEAD];
	struct iovec iov[1 + VG_FRAME_PARTS] = {{head, sizeof(head)}};
	size_t at = 0, count = 1 + VG_FRAME_PARTS;
	enum vg_status st = vg_frame_head(frame, head, err);

	if (st != VG_OK)
		return st;
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++) {
		/* sendmsg() only reads, but its struct says otherwise. */
		memcpy(&iov[1 + i].iov_base, &frame->part[i].ptr, sizeof(void *));
		iov[1 + i].iov_len = frame->part[i].len;
	}
	while (at < count) {
		struct msghdr msg = {.msg_iov = iov + at, .msg_iovlen = count - at};
		ssize_t n = sendmsg(fd, &msg, MSG_NOSIGNAL);
		size_t left;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vg_fail_errno(err, errno, "cannot send a frame");
		left = (size_t)n;
		while (at < count && left >= iov[at].iov_len)
			left -= iov[at++].iov_len;
		if (at < count) {
			iov[at].iov_base = (char *)iov[at].iov_base + left;
			iov[at].iov_len -= left;
		}
	}
	return VG_OK;
}

void vg_decoder_release(struct vg_decoder *d)
{
	vg_buf_release(&d->body);
	*d = VG_DECODER_INIT;
}

void vg_decoder_reset(struct vg_decoder *d)
{
	if (d->body.cap > KEEP_BYTES)
		vg_buf_release(&d->body);
	vg_buf_clear(&d->body);
	d->head_len = 0;
	d->want = 0;
	d->done = false;
}

void *vg_decoder_space(struct vg_decoder *d, size_t *ret_len)
{
	size_t room;

	if (d->done)
		vg_decoder_reset(d);
	if (d->head_len < VG_FRAME_HEAD) {
		*ret_len = VG_FRAME_HEAD - d->head_len;
		return d->head + d->head_len;
	}
	/* A length is only a claim: never reserve more than twice what has come. */
	room = vg_size_max(STEP_BYTES, d->body.len);
	if (d->body.cap > d->body.len)
		room = vg_size_max(room, d->body.cap - d->body.len - 1);
	*ret_len = vg_size_min(d->want - d->body.len, room);
	return vg_buf_reserve(&d->body, *ret_len);
}

static enum vg_status read_head(struct vg_decoder *d, struct vg_error *err)
{
	const uint8_t *h = d->head;
	uint64_t sum = 0;

	if (get_u32(h) != WIRE_MAGIC)
		return vg_fail(err, VG_E_CORRUPT,
		    "no frame starts with %02x%02x%02x%02x", h[0], h[1], h[2], h[3]);
	if (h[4] != WIRE_VERSION)
		return vg_fail(err, VG_E_CORRUPT, "frame version %u, expected %u", h[4],
		    WIRE_VERSION);
	if (h[5] < VG_FRAME_HELLO || h[5] > VG_FRAME_ANSWER)
		return vg_fail(err, VG_E_CORRUPT, "frame of unknown type %u", h[5]);
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++) {
		sum += get_u32(h + 16 + 4 * i);
		d->frame.part[i] = (struct vg_str){NULL, get_u32(h + 16 + 4 * i)};
	}
	if (sum > VG_MAX_FRAME)
		return vg_fail(err, VG_E_TOO_LARGE, "a frame of %llu bytes is too long",
		    (unsigned long long)sum);
	d->frame.type = (enum vg_frame_type)h[5];
	d->frame.code = (enum vg_status)(int16_t)(uint16_t)(h[6] | h[7] << 8);
	d->frame.tag = get_u32(h + 8) | (uint64_t)get_u32(h + 12) << 32;
	d->want = (size_t)sum;
	return VG_OK;
}

enum vg_status vg_decoder_advance(
    struct vg_decoder *d, size_t len, struct vg_error *err)
{
	size_t at = 0;

	if (d->head_len < VG_FRAME_HEAD) {
		enum vg_status st;

		d->head_len += len;
		if (d->head_len < VG_FRAME_HEAD)
			return VG_E_AGAIN;
		st = read_head(d, err);
		if (st != VG_OK)
			return st;
	} else {
		d->body.len += len;
		d->body.ptr[d->body.len] =
		    '\0'; /* as every vg_buf; room was reserved */
	}
	if (d->body.len < d->want)
		return VG_E_AGAIN;
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++) {
		d->frame.part[i].ptr = d->body.ptr ? d->body.ptr + at : "";
		at += d->frame.part[i].len;
	}
	d->done = true;
	return VG_OK;
}

enum vg_status vg_decoder_read(struct vg_decoder *d, int fd, struct vg_error *err)
{
	for (;;) {
		size_t room;
		void *space = vg_decoder_space(d, &room);
		enum vg_status st;
		ssize_t n;

		if (!space)
			return vg_fail(err, VG_E_NOMEM, "out of memory for a frame");
		n = recv(fd, space, room, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return VG_E_AGAIN;
		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return VG_E_STOP;
		if (n < 0)
			return vg_fail_errno(err, errno, "cannot read a frame");
		st = vg_decoder_advance(d, (size_t)n, err);
		if (st != VG_E_AGAIN)
			return st;
	}
}
