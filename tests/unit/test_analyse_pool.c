/* SPDX-License-Identifier: MIT */
/*
 * The pool against workers that crash, hang, lie and try to get out. This program is its own worker:
 * started as one, it serves the operations below.
 */
#include "config.h"

#include "support/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analyse/ops.h"
#include "analyse/pool.h"
#include "analyse/wire.h"
#include "analyse/worker.h"
#include "base/regex.h"

/* --- operations of the hostile worker --- */

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

static const struct vg_op hostile[] = {
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

/* --- the owner --- */

#define MOST 400u

struct owner {
	struct vg_pool *pool;
	size_t done;
	unsigned times[MOST]; /* by tag: answers */
	size_t order[MOST];   /* by tag: how many were done before */
	enum vg_status status[MOST];
	size_t bytes[MOST]; /* of JSON */
	char message[MOST][256];
	char last[256];      /* beginning of the last JSON */
	unsigned kill_every; /* kill the worker of each Nth answer; 0: none */
	unsigned kills;
};

static void on_done(void *ctx, uint64_t tag, struct vg_answer *answer)
{
	struct owner *o = ctx;
	long pid;

	assert_true(tag < MOST);
	o->times[tag]++;
	o->order[tag] = o->done++;
	o->status[tag] = answer->status;
	o->bytes[tag] = answer->json.len;
	snprintf(o->message[tag], sizeof(o->message[tag]), "%s", answer->message);
	snprintf(o->last, sizeof(o->last), "%s", vg_buf_cstr(&answer->json));
	if (o->kill_every && o->done % o->kill_every == 0 &&
	    sscanf(o->last, "{\"pid\":%ld", &pid) == 1 &&
	    kill((pid_t)pid, SIGKILL) == 0)
		o->kills++;
}

static struct owner *owner_new(int workers, int deadline_ms)
{
	struct vg_pool_config config = {
	    .analyser = {.extra = hostile},
	    .workers = workers,
	    .deadline_ms = deadline_ms,
	};
	struct owner *o = calloc(1, sizeof(*o));
	struct vg_error err = {0};

	assert_non_null(o);
	if (vg_pool_new(&config, on_done, o, &o->pool, &err) != VG_OK)
		fail_msg("%s", err.msg);
	return o;
}

static void owner_free(struct owner *o)
{
	vg_pool_free(o->pool);
	free(o);
	/* No zombie, no child: it was the only one with children. */
	assert_true(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static void run_once(struct owner *o)
{
	struct vg_error err = {0};

	if (vg_pool_run(o->pool, -1, &err) != VG_OK)
		fail_msg("%s", err.msg);
}

static void submit(struct owner *o, size_t tag, const char *op, struct vg_str content)
{
	const struct vg_task task = {vg_str(op), VG_STR("{}"), content};
	struct vg_error err = {0};

	while (vg_pool_room(o->pool) == 0)
		run_once(o);
	if (vg_pool_submit(o->pool, tag, &task, &err) != VG_OK)
		fail_msg("%s", err.msg);
}

static void drain(struct owner *o)
{
	while (vg_pool_pending(o->pool) > 0)
		run_once(o);
}

static void assert_answered_once(const struct owner *o, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(o->times[i], 1);
	assert_true(o->done == count);
}

/* --- tests --- */

static void run__many_tasks_of_many_sizes__each_answered_once(void **state)
{
	static const int workers[] = {0, 1, 3};
	static char bytes[3000000];

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	for (size_t w = 0; w < 3; w++) {
		struct owner *o = owner_new(workers[w], 0);

		for (size_t i = 0; i < 200; i++)
			submit(o, i, "test.echo",
			    (struct vg_str){
				bytes, i % 50 == 7 ? sizeof(bytes) : i * 100});
		drain(o);
		assert_answered_once(o, 200);
		for (size_t i = 0; i < 200; i++) {
			assert_int_equal(o->status[i], VG_OK);
			assert_true(
			    o->bytes[i] > (i % 50 == 7 ? sizeof(bytes) : i * 100));
		}
		owner_free(o);
	}
}

static const struct {
	const char *op;
	enum vg_status want;
	const char *says; /* part of the message */
} rows[] = {
    {"test.refuse", VG_E_INVALID, "no page: it"},
    {"no.such", VG_E_UNSUPPORTED, "no.such"},
    {"test.exit", VG_E_INTERNAL, "ended with status 3"},
    {"test.garbage", VG_E_INTERNAL, "nonsense: no frame starts"},
    {"test.oversize", VG_E_INTERNAL, "nonsense: a frame of"},
    {"test.wrong_tag", VG_E_INTERNAL, "nonsense"},
    {"test.second_hello", VG_E_INTERNAL, "nonsense"},
    {"test.raw_control", VG_E_INTERNAL, "nonsense"},
    {"test.hang_up", VG_E_INTERNAL, "worker died"},
    {"test.large", VG_OK, ""},
    {"test.compute", VG_OK, ""},
#ifdef VG_SANITIZED
    {"test.segv", VG_E_INTERNAL, "the analysis worker"},
    {"test.abort", VG_E_INTERNAL, "the analysis worker"},
#else
    {"test.segv", VG_E_INTERNAL, "died (SIGSEGV)"},
    {"test.abort", VG_E_INTERNAL, "died (SIGABRT)"},
    {"test.ten_gigabytes", VG_E_NOMEM, "no more memory"},
#endif
#if defined HAVE_SECCOMP && !defined VG_SANITIZED
    {"test.open", VG_E_INTERNAL, "died (SIGSYS"},
    {"test.socket", VG_E_INTERNAL, "died (SIGSYS"},
    {"test.fork", VG_E_INTERNAL, "died (SIGSYS"},
    {"test.exec", VG_E_INTERNAL, "died (SIGSYS"},
    {"test.kill_parent", VG_E_INTERNAL, "died (SIGSYS"},
    {"test.kill_other", VG_E_INTERNAL, "died (SIGSYS"},
    {"test.exec_memory", VG_OK, ""},
#endif
};

static void run__hostile_task__costs_that_task_only(void **state)
{
	struct owner *o = owner_new(2, 0);
	size_t tag = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t first = tag;

		/* Innocents before, beside and behind it. */
		for (int k = 0; k < 7; k++)
			submit(
			    o, tag++, k == 3 ? rows[i].op : "test.echo", VG_STR("it"));
		drain(o);
		for (size_t t = first; t < tag; t++) {
			if (t != first + 3) {
				assert_int_equal(o->status[t], VG_OK);
				continue;
			}
			if (o->status[t] != rows[i].want ||
			    !strstr(o->message[t], rows[i].says))
				fail_msg("%s: %d %s", rows[i].op, o->status[t],
				    o->message[t]);
			if (strcmp(rows[i].op, "test.exec_memory") == 0)
				assert_true(o->bytes[t] == strlen("true"));
		}
	}
	assert_answered_once(o, tag);
	owner_free(o);
}

static void run__task_past_its_deadline__is_a_limit(void **state)
{
	struct owner *o = owner_new(2, 1000);

	(void)state;
	for (size_t i = 0; i < 8; i++)
		submit(o, i, i == 2 ? "test.hang" : "test.echo", VG_STR("x"));
	drain(o);
	assert_answered_once(o, 8);
	for (size_t i = 0; i < 8; i++)
		assert_status(o->status[i], i == 2 ? VG_E_LIMIT : VG_OK);
	assert_string_equal(o->message[2], "the analysis took more than 1000 ms");
	owner_free(o);
}

static void run__one_worker_hangs__the_other_goes_on(void **state)
{
	struct owner *o = owner_new(2, 0);

	(void)state;
	submit(o, 0, "test.hang", VG_STR(""));
	/* Too few to be put behind the one that hangs. */
	for (size_t i = 1; i < 30; i++) {
		submit(o, i, "test.echo", VG_STR("x"));
		while (o->times[i] == 0)
			run_once(o);
		assert_int_equal(o->status[i], VG_OK);
	}
	assert_int_equal(o->times[0], 0);
	owner_free(o);
}

static void run__workers_killed_at_random__every_task_is_answered(void **state)
{
	struct owner *o = owner_new(3, 0);

	(void)state;
	o->kill_every = 13;
	for (size_t i = 0; i < 200; i++)
		submit(o, i, "test.echo", VG_STR("content"));
	drain(o);
	assert_answered_once(o, 200);
	assert_true(o->kills >= 5);
	for (size_t i = 0; i < 200; i++)
		assert_int_equal(o->status[i], VG_OK);
	owner_free(o);
}

static void submit__without_room__says_again(void **state)
{
	static const int workers[] = {0, 2};

	(void)state;
	for (size_t w = 0; w < 2; w++) {
		struct owner *o = owner_new(workers[w], 0);
		const struct vg_task task = {.op = VG_STR("test.echo")};
		size_t n = 0;

		while (vg_pool_room(o->pool) > 0)
			assert_int_equal(
			    vg_pool_submit(o->pool, n++, &task, NULL), VG_OK);
		assert_true(n >= 2);
		assert_int_equal(vg_pool_submit(o->pool, n, &task, NULL), VG_E_AGAIN);
		drain(o);
		assert_answered_once(o, n);
		owner_free(o);
	}
}

static void submit__more_than_a_frame__is_too_large(void **state)
{
	struct owner *o = owner_new(0, 0);
	const struct vg_task task = {
	    .op = VG_STR("test.echo"), .content = {"", VG_MAX_FRAME}};

	(void)state;
	assert_int_equal(vg_pool_submit(o->pool, 1, &task, NULL), VG_E_TOO_LARGE);
	assert_true(vg_pool_pending(o->pool) == 0);
	owner_free(o);
}

static void pollfds__owner_polls_itself__is_woken_for_each_answer(void **state)
{
	static const int workers[] = {0, 2};

	(void)state;
	for (size_t w = 0; w < 2; w++) {
		struct owner *o = owner_new(workers[w], 0);
		struct pollfd fds[2];

		assert_true(vg_pool_pollfds_max(o->pool) <= 2);
		submit(o, 0, "test.echo", VG_STR("x"));
		while (vg_pool_pending(o->pool) > 0) {
			size_t n = vg_pool_pollfds(o->pool, fds, 2);

			assert_true(n > 0);
			assert_true(poll(fds, n, 30000) > 0);
			assert_int_equal(vg_pool_run(o->pool, 0, NULL), VG_OK);
		}
		assert_answered_once(o, 1);
		assert_int_equal(vg_pool_timeout(o->pool), -1);
		owner_free(o);
	}
}

static void free__with_tasks_in_flight__leaves_no_process(void **state)
{
	struct owner *o = owner_new(3, 0);

	(void)state;
	for (size_t i = 0; i < 6; i++)
		submit(o, i, "test.hang", VG_STR(""));
	assert_int_equal(vg_pool_run(o->pool, 0, NULL), VG_OK);
	assert_true(vg_pool_pending(o->pool) == 6);
	owner_free(o);
}

static void new__no_worker_to_be_had__is_an_error(void **state)
{
	static const struct {
		const char *self, *says;
	} cases[] = {
	    {"/nonexistent/vigia", "cannot start /nonexistent/vigia"},
	    {"/dev/null", "cannot start /dev/null"},
	    {"/bin/true", "at its start: the analysis worker ended with status 0"},
	    {"/bin/echo", "at its start: the analysis worker ended with status 0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vg_pool_config config = {.workers = 1, .self = cases[i].self};
		struct vg_pool *pool = NULL;
		struct vg_error err = {0};

		assert_int_not_equal(
		    vg_pool_new(&config, on_done, NULL, &pool, &err), VG_OK);
		assert_null(pool);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("%s", err.msg);
	}
	assert_true(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

/* True when the process is gone or only waits to be reaped by whoever inherited it. */
static bool is_dead(long pid)
{
	char path[40], state = '?';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = fopen(path, "r");
	if (!f)
		return true;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'X';
	fclose(f);
	return state == 'Z' || state == 'X';
}

static void worker__at_work_when_its_parent_dies__dies_too(void **state)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	int pipe_fds[2];
	long pid = 0;
	pid_t owner_pid;

	(void)state;
	assert_int_equal(pipe(pipe_fds), 0);
	owner_pid = fork();
	if (owner_pid == 0) {
		struct owner *o = owner_new(1, 0);
		ssize_t n;

		submit(o, 0, "test.echo", VG_STR(""));
		drain(o);
		submit(o, 1, "test.hang", VG_STR(""));
		n = write(pipe_fds[1], o->last, sizeof(o->last));
		_exit(n < 0);
	}
	assert_true(owner_pid > 0);
	char text[256] = "";

	assert_true(read(pipe_fds[0], text, sizeof(text) - 1) > 0);
	assert_int_equal(sscanf(text, "{\"pid\":%ld", &pid), 1);
	assert_true(pid > 0);
	assert_int_equal(waitpid(owner_pid, NULL, 0), owner_pid);
	for (int i = 0; i < 1000 && !is_dead(pid); i++)
		nanosleep(&pause, NULL);
	assert_true(is_dead(pid));
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(run__many_tasks_of_many_sizes__each_answered_once),
	    cmocka_unit_test(run__hostile_task__costs_that_task_only),
	    cmocka_unit_test(run__task_past_its_deadline__is_a_limit),
	    cmocka_unit_test(run__one_worker_hangs__the_other_goes_on),
	    cmocka_unit_test(run__workers_killed_at_random__every_task_is_answered),
	    cmocka_unit_test(submit__without_room__says_again),
	    cmocka_unit_test(submit__more_than_a_frame__is_too_large),
	    cmocka_unit_test(pollfds__owner_polls_itself__is_woken_for_each_answer),
	    cmocka_unit_test(free__with_tasks_in_flight__leaves_no_process),
	    cmocka_unit_test(new__no_worker_to_be_had__is_an_error),
	    cmocka_unit_test(worker__at_work_when_its_parent_dies__dies_too),
	};

	if (vg_worker_wanted(argc, argv))
		return vg_worker_main_extra(argc, argv, hostile);
	return cmocka_run_group_tests_name("analyse/pool", tests, NULL, NULL);
}
