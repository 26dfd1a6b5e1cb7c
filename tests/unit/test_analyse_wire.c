/* SPDX-License-Identifier: MIT */
/* Frames in pieces, and what no peer of ours sends. */
#include "config.h"

#include "support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "analyse/wire.h"

/* The bytes of a frame; caller frees. */
static uint8_t *encode(const struct vg_frame *f, size_t *ret_len)
{
	size_t len = VG_FRAME_HEAD;
	uint8_t *bytes;

	for (unsigned i = 0; i < VG_FRAME_PARTS; i++)
		len += f->part[i].len;
	bytes = malloc(len);
	assert_non_null(bytes);
	assert_int_equal(vg_frame_head(f, bytes, NULL), VG_OK);
	len = VG_FRAME_HEAD;
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++) {
		if (f->part[i].len)
			memcpy(bytes + len, f->part[i].ptr, f->part[i].len);
		len += f->part[i].len;
	}
	*ret_len = len;
	return bytes;
}

/* Feeds at most `step` bytes at a time; returns the last status. */
static enum vg_status feed(struct vg_decoder *d, const uint8_t *bytes, size_t len,
    size_t step, size_t *ret_used)
{
	enum vg_status st = VG_E_AGAIN;
	size_t used = 0;

	while (used < len && st == VG_E_AGAIN) {
		size_t room;
		void *space = vg_decoder_space(d, &room);

		assert_non_null(space);
		assert_true(room > 0);
		if (room > step)
			room = step;
		if (room > len - used)
			room = len - used;
		memcpy(space, bytes + used, room);
		used += room;
		st = vg_decoder_advance(d, room, NULL);
	}
	*ret_used = used;
	return st;
}

static void assert_same(const struct vg_frame *a, const struct vg_frame *b)
{
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->code, b->code);
	assert_true(a->tag == b->tag);
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++)
		assert_true(vg_str_eq(a->part[i], b->part[i]));
}

static void decoder__frames_in_pieces_of_any_size__come_out_whole(void **state)
{
	static char big[300000];
	const struct vg_frame frames[] = {
	    {VG_FRAME_TASK, VG_OK, 7,
		{VG_STR("scan"), VG_STR("{}"), {big, sizeof(big)}}},
	    {VG_FRAME_ANSWER, VG_E_INTERNAL, UINT64_MAX, {{NULL, 0}, VG_STR("why")}},
	    {VG_FRAME_HELLO, VG_OK, 0, {{NULL, 0}}},
	    {VG_FRAME_ANSWER, VG_OK, UINT64_C(1) << 40, {VG_STR("[1]")}},
	};
	static const size_t steps[] = {1, 2, 27, 28, 29, 4096, SIZE_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 31);
	for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
		struct vg_decoder d = VG_DECODER_INIT;

		for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
			size_t len, used;
			uint8_t *bytes = encode(&frames[i], &len);

			assert_int_equal(feed(&d, bytes, len, steps[s], &used), VG_OK);
			assert_true(used == len);
			assert_same(&d.frame, &frames[i]);
			free(bytes);
		}
		vg_decoder_release(&d);
	}
}

static void decoder__what_is_no_frame__is_refused_before_memory_is_taken(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
		enum vg_status want;
	} lies[] = {
	    {0, 0, VG_E_CORRUPT},       /* magic */
	    {4, 9, VG_E_CORRUPT},       /* version */
	    {5, 0, VG_E_CORRUPT},       /* type */
	    {5, 4, VG_E_CORRUPT},       /* type */
	    {19, 0x7f, VG_E_TOO_LARGE}, /* two GiB of operation */
	    {27, 0xff, VG_E_TOO_LARGE}, /* four GiB of content */
	};
	const struct vg_frame frame = {
	    VG_FRAME_TASK, VG_OK, 1, {VG_STR("a"), VG_STR("b")}};

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct vg_decoder d = VG_DECODER_INIT;
		size_t len, used;
		uint8_t *bytes = encode(&frame, &len);

		bytes[lies[i].at] = lies[i].value;
		assert_int_equal(feed(&d, bytes, len, SIZE_MAX, &used), lies[i].want);
		assert_true(used == VG_FRAME_HEAD);
		assert_true(d.body.cap == 0);
		vg_decoder_release(&d);
		free(bytes);
	}
}

static void decoder__a_large_claim__takes_memory_only_as_bytes_come(void **state)
{
	static char megabyte[1 << 20];
	/* The head promises 100 MB. */
	const struct vg_frame frame = {
	    VG_FRAME_ANSWER, VG_OK, 1, {{megabyte, (size_t)100 << 20}}};
	struct vg_decoder d = VG_DECODER_INIT;
	uint8_t head[VG_FRAME_HEAD];
	size_t used;

	(void)state;
	assert_int_equal(vg_frame_head(&frame, head, NULL), VG_OK);
	assert_int_equal(feed(&d, head, sizeof(head), SIZE_MAX, &used), VG_E_AGAIN);
	assert_int_equal(
	    feed(&d, (const uint8_t *)megabyte, sizeof(megabyte), SIZE_MAX, &used),
	    VG_E_AGAIN);
	assert_true(d.body.len == sizeof(megabyte));
	assert_true(d.body.cap <= 5 * sizeof(megabyte));
	vg_decoder_release(&d);
}

static void head__parts_past_the_cap__are_refused(void **state)
{
	const struct vg_frame frame = {
	    VG_FRAME_TASK, VG_OK, 1, {VG_STR("x"), {NULL, 0}, {"", VG_MAX_FRAME}}};
	const struct vg_frame wrapping = {
	    VG_FRAME_TASK, VG_OK, 1, {{"", SIZE_MAX}, {"", SIZE_MAX}, {"", 2}}};
	uint8_t head[VG_FRAME_HEAD];

	(void)state;
	assert_int_equal(vg_frame_head(&frame, head, NULL), VG_E_TOO_LARGE);
	assert_int_equal(vg_frame_head(&wrapping, head, NULL), VG_E_TOO_LARGE);
}

static void read__socket_with_frames_then_end__gives_frames_then_stop(void **state)
{
	const struct vg_frame one = {VG_FRAME_ANSWER, VG_OK, 1, {VG_STR("[1]")}};
	const struct vg_frame two = {
	    VG_FRAME_ANSWER, VG_E_LIMIT, 2, {{NULL, 0}, VG_STR("slow")}};
	struct vg_decoder d = VG_DECODER_INIT;
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	assert_int_equal(vg_decoder_read(&d, pair[0], NULL), VG_E_AGAIN);
	assert_int_equal(vg_frame_send(pair[1], &one, NULL), VG_OK);
	assert_int_equal(vg_frame_send(pair[1], &two, NULL), VG_OK);
	close(pair[1]);
	assert_int_equal(vg_decoder_read(&d, pair[0], NULL), VG_OK);
	assert_same(&d.frame, &one);
	assert_int_equal(vg_decoder_read(&d, pair[0], NULL), VG_OK);
	assert_same(&d.frame, &two);
	assert_int_equal(vg_decoder_read(&d, pair[0], NULL), VG_E_STOP);
	/* Nobody listens: an error, no SIGPIPE. */
	assert_int_equal(vg_frame_send(pair[0], &one, NULL), VG_E_IO);
	close(pair[0]);
	vg_decoder_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decoder__frames_in_pieces_of_any_size__come_out_whole),
	    cmocka_unit_test(
		decoder__what_is_no_frame__is_refused_before_memory_is_taken),
	    cmocka_unit_test(decoder__a_large_claim__takes_memory_only_as_bytes_come),
	    cmocka_unit_test(head__parts_past_the_cap__are_refused),
	    cmocka_unit_test(read__socket_with_frames_then_end__gives_frames_then_stop),
	};

	return cmocka_run_group_tests_name("analyse/wire", tests, NULL, NULL);
}
