/* SPDX-License-Identifier: MIT */
/*
 * The pool against workers that crash, hang, lie and try to get out. This program is its own worker:
 * started as one, it serves the operations of support/hostile.c.
 */
#include "config.h"

#include "support/hostile.h"
#include "support/unit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analyse/pool.h"
#include "analyse/worker.h"
#include "base/limits.h"

#define MOST 400u

struct owner {
	struct vg_pool *pool;
	size_t done;
	unsigned times[MOST]; /* by tag: answers */
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
	o->done++;
	o->status[tag] = answer->status;
	o->bytes[tag] = answer->json.len;
	snprintf(o->message[tag], sizeof(o->message[tag]), "%s", answer->message);
	snprintf(o->last, sizeof(o->last), "%s", vg_buf_cstr(&answer->json));
	if (o->kill_every && o->done % o->kill_every == 0 &&
	    sscanf(o->last, "{\"pid\":%ld", &pid) == 1 &&
	    kill((pid_t)pid, SIGKILL) == 0)
		o->kills++;
}

static struct owner *owner_with(const struct vg_pool_config *config)
{
	struct owner *o = calloc(1, sizeof(*o));
	struct vg_error err = {0};

	assert_non_null(o);
	if (vg_pool_new(config, on_done, o, &o->pool, &err) != VG_OK)
		fail_msg("%s", err.msg);
	return o;
}

static struct owner *owner_new(int workers, int deadline_ms)
{
	return owner_with(&(struct vg_pool_config){
	    .analyser = {.extra = hostile_ops},
	    .workers = workers,
	    .deadline_ms = deadline_ms,
	});
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

static void submit_task(struct owner *o, size_t tag, const struct vg_task *task)
{
	struct vg_error err = {0};

	while (vg_pool_room(o->pool) == 0)
		run_once(o);
	if (vg_pool_submit(o->pool, tag, task, &err) != VG_OK)
		fail_msg("%s", err.msg);
}

static void submit(struct owner *o, size_t tag, const char *op, struct vg_str content)
{
	submit_task(o, tag, &(struct vg_task){vg_str(op), VG_STR("{}"), content});
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
	assert_non_null(strstr(o->message[2], "the analysis took more than 1000 ms: "));
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

/* Plugins of tests/plugins, each between pages for a good one. */
static void run__faulty_plugin__costs_its_page_only(void **state)
{
	static const struct {
		const char *params;
		enum vg_status want;
	} pages[] = {
		{"{\"plugin\":\"segv\"}", VG_E_INTERNAL},
		{"{\"plugin\":\"hang\"}", VG_E_LIMIT},
#if defined HAVE_SECCOMP && !defined VG_SANITIZED
		{"{\"plugin\":\"fork\"}", VG_E_INTERNAL},
#endif
	};
	const char *build = getenv("VIGIA_BUILD_DIR");
	char dir[4096];
	struct vg_pool_config config = {
	    .analyser = {.plugins = true, .plugin_dir = dir},
	    .workers = 2,
	    .deadline_ms = 2000,
	};
	struct owner *o;
	size_t tag = 0;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/tests/plugins/.libs", build ? build : ".");
	o = owner_with(&config);
	assert_true(
	    vg_str_find(vg_pool_plugins(o->pool), VG_STR("\"segv\""), 0) != SIZE_MAX);
	assert_true(vg_str_find(vg_pool_refusals(o->pool), VG_STR("bad-magic.so"), 0) !=
		    SIZE_MAX);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		for (size_t k = 0; k < 5; k++)
			submit_task(o, tag++,
			    &(struct vg_task){VG_STR("plugin.run"),
				vg_str(
				    k == 2 ? pages[i].params : "{\"plugin\":\"good\"}"),
				VG_STR("<title>t</title><p>page</p>")});
	}
	drain(o);
	assert_answered_once(o, tag);
	for (size_t t = 0; t < tag; t++) {
		if (o->status[t] != (t % 5 == 2 ? pages[t / 5].want : VG_OK))
			fail_msg("%zu: %s %s", t, vg_status_name(o->status[t]),
			    o->message[t]);
	}
	owner_free(o);
}

static void new__folder_that_is_not_there__is_an_error_that_names_it(void **state)
{
	static const struct vg_analyser_config cases[] = {
	    {.lexicon = true, .lexicon_dir = "/nonexistent/lexicon"},
	    {.plugins = true, .plugin_dir = "/nonexistent/plugins"},
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const struct vg_pool_config config = {
		    .analyser = cases[i / 2], .workers = (int)(i % 2)};
		struct vg_pool *pool = NULL;
		struct vg_error err = {0};

		assert_int_not_equal(
		    vg_pool_new(&config, on_done, NULL, &pool, &err), VG_OK);
		assert_null(pool);
		if (!strstr(err.msg, "/nonexistent/"))
			fail_msg("%s", err.msg);
	}
}

/* Findings of one run must come from one rule set. */
static void run__plugins_change_under_it__no_worker_is_started_any_more(void **state)
{
	char dir[] = "/tmp/vigia-pool-XXXXXX", path[64];
	struct owner *o;
	struct vg_error err = {0};
	long pid = 0;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	o = owner_with(&(struct vg_pool_config){
	    .analyser = {.extra = hostile_ops, .plugins = true, .plugin_dir = dir},
	    .workers = 1});
	submit(o, 0, "test.echo", VG_STR(""));
	drain(o);
	assert_int_equal(sscanf(o->last, "{\"pid\":%ld", &pid), 1);
	snprintf(path, sizeof(path), "%s/new.so", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	submit(o, 1, "test.echo", VG_STR(""));
	while (vg_pool_pending(o->pool) > 0 && err.status == VG_OK)
		(void)!vg_pool_run(o->pool, -1, &err);
	assert_status(err.status, VG_E_CORRUPT);
	assert_non_null(strstr(err.msg, "changed while they were in use"));
	assert_int_equal(o->times[1], 0);
	owner_free(o);
	unlink(path);
	rmdir(dir);
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
	    cmocka_unit_test(run__faulty_plugin__costs_its_page_only),
	    cmocka_unit_test(new__folder_that_is_not_there__is_an_error_that_names_it),
	    cmocka_unit_test(
		run__plugins_change_under_it__no_worker_is_started_any_more),
	    cmocka_unit_test(worker__at_work_when_its_parent_dies__dies_too),
	};

	if (vg_worker_wanted(argc, argv))
		return vg_worker_main_extra(argc, argv, hostile_ops);
	return cmocka_run_group_tests_name("analyse/pool", tests, NULL, NULL);
}
