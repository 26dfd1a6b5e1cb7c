/* SPDX-License-Identifier: MIT */
/* Operations that crash, hang, lie and try to get out of the sandbox. */
#include "config.h"

#include "support/hostile.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "analyse/wire.h"
#include "analyse/worker.h"
#include "base/regex.h"

static enum vg_status op_echo(struct vg_op_call *call)
{
	vg_jw_object(call->out);
	vg_jw_kint(call->out, "pid", getpid());
	vg_jw_kstr(call->out, "content", call->content);
	vg_jw_end_object(call->out);
	return VG_OK;
}

static enum vg_status op_refuse(struct vg_op_call *call)
{
	return vg_fail(
	    call->err, VG_E_INVALID, "no page: %.*s", VG_STR_ARG(call->content));
}

static enum vg_status op_segv(struct vg_op_call *call)
{
	(void)call;
	raise(SIGSEGV);
	return VG_OK;
}

static enum vg_status op_abort(struct vg_op_call *call)
{
	(void)call;
	abort();
}

static enum vg_status op_exit(struct vg_op_call *call)
{
	(void)call;
	_exit(3);
}

static enum vg_status op_hang(struct vg_op_call *call)
{
	volatile bool more = true;

	(void)call;
	while (more) {
	}
	return VG_OK;
}

static enum vg_status op_garbage(struct vg_op_call *call)
{
	static const char junk[] =
	    "HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n";

	send(VG_WORKER_FD, junk, sizeof(junk), 0);
	return op_echo(call);
}

static enum vg_status op_oversize(struct vg_op_call *call)
{
	const struct vg_frame frame = {VG_FRAME_ANSWER, VG_OK, 1, {VG_STR("{}")}};
	uint8_t head[VG_FRAME_HEAD];
	enum vg_status st = vg_frame_head(&frame, head, call->err);

	head[19] = 0x7f; /* now it promises two GiB */
	send(VG_WORKER_FD, head, sizeof(head), 0);
	return st == VG_OK ? op_echo(call) : st;
}

static enum vg_status op_wrong_tag(struct vg_op_call *call)
{
	const struct vg_frame frame = {VG_FRAME_ANSWER, VG_OK, 99999, {VG_STR("{}")}};

	return vg_frame_send(VG_WORKER_FD, &frame, call->err);
}

static enum vg_status op_second_hello(struct vg_op_call *call)
{
	const struct vg_frame frame = {VG_FRAME_HELLO, VG_OK, 0, {VG_STR("[]")}};

	return vg_frame_send(VG_WORKER_FD, &frame, call->err);
}

static enum vg_status op_raw_control(struct vg_op_call *call)
{
	vg_jw_raw(call->out, VG_STR("\"\x1b]0;owned\x07\""));
	return VG_OK;
}

static enum vg_status op_hang_up(struct vg_op_call *call)
{
	shutdown(VG_WORKER_FD, SHUT_RDWR);
	return op_hang(call);
}

static enum vg_status op_large(struct vg_op_call *call)
{
	char *bytes = vg_arena_alloc(call->arena, 5000000);

	if (!bytes)
		return vg_fail(call->err, VG_E_NOMEM, "no 5 MB");
	memset(bytes, 'x', 5000000);
	vg_jw_str(call->out, (struct vg_str){bytes, 5000000});
	return VG_OK;
}

static int by_value(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* What honest operations need although the sandbox is closed. */
static enum vg_status op_compute(struct vg_op_call *call)
{
	static int numbers[100000];
	struct vg_regex *re = NULL;
	struct vg_regex_match m;
	char text[64];
	enum vg_status st;

	for (int i = 0; i < 100000; i++)
		numbers[i] = (i * 7919) % 100000;
	qsort(numbers, 100000, sizeof(numbers[0]), by_value);
	st = vg_regex_new(VG_STR("(a+)b"), VG_REGEX_UTF, &re, call->err);
	if (st != VG_OK)
		return st;
	st = vg_regex_find(re, VG_STR("xxaaab"), 0, &m);
	vg_regex_free(re);
	if (st != VG_OK || m.group[1].start != 2)
		return vg_fail(call->err, VG_E_INTERNAL, "no match");
	snprintf(text, sizeof(text), "%.3f", (double)numbers[99999] / 8);
	printf("%s\n", text);
	fflush(stdout);
	(void)time(NULL);
	vg_jw_strz(call->out, text);
	return VG_OK;
}

#ifndef VG_SANITIZED
static enum vg_status op_open(struct vg_op_call *call)
{
	vg_jw_int(call->out, open("/etc/passwd", O_RDONLY));
	return VG_OK;
}

static enum vg_status op_socket(struct vg_op_call *call)
{
	vg_jw_int(call->out, socket(AF_INET, SOCK_STREAM, 0));
	return VG_OK;
}

static enum vg_status op_fork(struct vg_op_call *call)
{
	vg_jw_int(call->out, fork());
	return VG_OK;
}

static enum vg_status op_exec(struct vg_op_call *call)
{
	execl("/bin/true", "true", (char *)NULL);
	vg_jw_bool(call->out, true);
	return VG_OK;
}

static enum vg_status op_kill_parent(struct vg_op_call *call)
{
	vg_jw_int(call->out, kill(getppid(), SIGTERM));
	return VG_OK;
}

static enum vg_status op_kill_other(struct vg_op_call *call)
{
	vg_jw_int(call->out, kill(1, 0));
	return VG_OK;
}

/* Executable memory is refused, without a death. */
static enum vg_status op_exec_memory(struct vg_op_call *call)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *q = mmap(
	    NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vg_jw_bool(call->out, p == MAP_FAILED && q != MAP_FAILED &&
				  mprotect(q, 4096, PROT_READ | PROT_EXEC) != 0);
	return VG_OK;
}

static enum vg_status op_ten_gigabytes(struct vg_op_call *call)
{
	for (int i = 0; i < 160; i++) {
		volatile char *p = malloc((size_t)64 << 20);

		if (!p)
			return vg_fail(call->err, VG_E_NOMEM, "no more memory");
		p[0] = 1;
	}
	vg_jw_bool(call->out, true);
	return VG_OK;
}
#endif

const struct vg_op hostile_ops[] = {
    {"test.echo", op_echo},
    {"test.refuse", op_refuse},
    {"test.segv", op_segv},
    {"test.abort", op_abort},
    {"test.exit", op_exit},
    {"test.hang", op_hang},
    {"test.garbage", op_garbage},
    {"test.oversize", op_oversize},
    {"test.wrong_tag", op_wrong_tag},
    {"test.second_hello", op_second_hello},
    {"test.raw_control", op_raw_control},
    {"test.hang_up", op_hang_up},
    {"test.large", op_large},
    {"test.compute", op_compute},
#ifndef VG_SANITIZED
    {"test.open", op_open},
    {"test.socket", op_socket},
    {"test.fork", op_fork},
    {"test.exec", op_exec},
    {"test.kill_parent", op_kill_parent},
    {"test.kill_other", op_kill_other},
    {"test.exec_memory", op_exec_memory},
    {"test.ten_gigabytes", op_ten_gigabytes},
#endif
    {NULL, NULL},
};
