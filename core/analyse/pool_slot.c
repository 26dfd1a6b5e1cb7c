/* SPDX-License-Identifier: MIT */
/* One worker of a pool: birth, tasks, death. */
#include "config.h"

#include "analyse/pool_priv.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analyse/sandbox.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/utf8.h"

#define START_US (60 * VG_SECOND)    /* loading may be slow on a busy machine */
#define BACK_OFF_US (VG_SECOND / 10) /* after a failed start; doubles */
#define BACK_OFF_STEPS 6u
#define RSS_EVERY 64u /* tasks between two looks at a worker's memory */
#define END_MS 2000   /* a worker may take this long to end by itself */

/* --- birth --- */

/*
 * Nothing answers yet: what refuses now will refuse again. Later a start may fail for a passing reason,
 * and the other workers carry on.
 */
static void note_failed_start(
    struct vg_pool *p, const struct vg_error *why, bool certain, int64_t now)
{
	unsigned steps =
	    p->start_fails < BACK_OFF_STEPS ? p->start_fails : BACK_OFF_STEPS;

	p->start_fails++;
	p->start_due = now + (BACK_OFF_US << steps);
	for (size_t i = 0; i < p->slot_count; i++) {
		if (p->slots[i].state != VG_SLOT_DOWN)
			return;
	}
	if (p->start_fails >= (p->greeted ? VG_RESTART_TRIES : VG_START_TRIES) ||
	    (certain && !p->greeted))
		p->broken = *why;
}

void vg_slot_start(struct vg_pool *p, struct vg_slot *s, int64_t now)
{
	struct vg_error err = {0};

	if (vg_slot_spawn(p, s, &err) != VG_OK) {
		note_failed_start(p, &err, true, now);
		return;
	}
	s->state = VG_SLOT_STARTING;
	s->due = now + START_US;
	s->tasks = 0;
	s->sending = s->sent = 0;
	vg_decoder_reset(&s->in);
}

/* --- death --- */

void vg_slot_close(struct vg_slot *s)
{
	if (s->state == VG_SLOT_DOWN)
		return;
	/* A worker at work or still loading would not notice that the socket closed. */
	if (s->state == VG_SLOT_STARTING || s->jobs > 0)
		(void)kill(s->pid, SIGKILL);
	vg_close(&s->fd);
}

/* The wait status, or -1 when somebody else has taken it. */
static int reap(struct vg_slot *s, int patience_ms)
{
	const struct timespec ms = {.tv_nsec = 1000000};
	int status = -1;
	pid_t got;

	for (int waited = 0;; waited++) {
		got = waitpid(s->pid, &status, waited < patience_ms ? WNOHANG : 0);
		if (got == s->pid)
			break;
		if (got < 0 && errno != EINTR) {
			status = -1;
			break;
		}
		if (waited < patience_ms)
			(void)nanosleep(&ms, NULL);
		if (waited + 1 == patience_ms)
			(void)kill(s->pid, SIGKILL);
	}
	vg_close(&s->fd);
	s->pid = 0;
	s->state = VG_SLOT_DOWN;
	return status;
}

void vg_slot_kill(struct vg_slot *s)
{
	(void)kill(s->pid, SIGKILL);
	(void)reap(s, 0);
}

void vg_slot_reap(struct vg_slot *s)
{
	if (s->state != VG_SLOT_DOWN)
		(void)reap(s, END_MS);
}

static void describe_end(int status, struct vg_error *err)
{
	if (status == -1)
		vg_fail(err, VG_E_INTERNAL, "the analysis worker died");
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		vg_fail(err, VG_E_INTERNAL,
		    "the analysis worker died (SIGSYS: a system call it may not make)");
	else if (WIFSIGNALED(status))
		vg_fail(err, VG_E_INTERNAL, "the analysis worker died (SIG%s)",
		    sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status))
						   : "?");
	else
		vg_fail(err, VG_E_INTERNAL, "the analysis worker ended with status %d",
		    WEXITSTATUS(status));
}

/*
 * The worker is gone or must go. Who was at work is to blame; who stood behind goes back to the queue
 * unharmed. `why` VG_E_STOP: it hung up by itself, and its end is the reason.
 */
static void lose(
    struct vg_pool *p, struct vg_slot *s, const struct vg_error *why, int64_t now)
{
	const bool starting = s->state == VG_SLOT_STARTING;
	struct vg_error err = *why;
	struct vg_job *job;

	p->lost++;
	if (why->status != VG_E_STOP)
		(void)kill(s->pid, SIGKILL);
	vg_log(VG_LOG_DEBUG, "analyse", "worker %ld lost: %s", (long)s->pid, err.msg);
	if (why->status == VG_E_STOP)
		describe_end(reap(s, END_MS), &err);
	else
		(void)reap(s, 0);
	while (s->jobs > 1)
		vg_pool_unshift(p, s->job[--s->jobs]);
	if (starting) {
		if (why->status == VG_E_STOP)
			vg_error_prefix(&err, "at its start");
		if (s->jobs > 0)
			vg_pool_unshift(p, s->job[--s->jobs]);
		note_failed_start(p, &err, why->status != VG_E_STOP, now);
		return;
	}
	if (s->jobs == 0)
		return;
	job = s->job[0];
	if (++job->deaths >= VG_JOB_TRIES) {
		struct vg_answer answer = {.status = err.status};

		snprintf(answer.message, sizeof(answer.message), "%s", err.msg);
		s->jobs = 0;
		vg_pool_finish(p, job, &answer);
	}
}

static void lose_for(struct vg_pool *p, struct vg_slot *s, int64_t now,
    const char *what, const struct vg_error *detail)
{
	struct vg_error err = {0};

	vg_fail(&err, VG_E_INTERNAL, "the analysis worker %s%s%s", what,
	    detail && detail->msg[0] ? ": " : "", detail ? detail->msg : "");
	lose(p, s, &err, now);
}

void vg_slot_expire(struct vg_pool *p, struct vg_slot *s, int64_t now)
{
	struct vg_error err = {0};

	if (s->state == VG_SLOT_DOWN || now < s->due ||
	    (s->state == VG_SLOT_READY && s->jobs == 0))
		return;
	if (s->state == VG_SLOT_STARTING)
		vg_fail(&err, VG_E_LIMIT, "the analysis worker does not get ready");
	else
		vg_fail(&err, VG_E_LIMIT,
		    "the analysis took more than %d ms: the page is too large for it, or the "
		    "machine too busy",
		    p->deadline_ms);
	lose(p, s, &err, now);
}

/* --- work --- */

bool vg_slot_unsent(const struct vg_slot *s)
{
	return s->state == VG_SLOT_READY && s->sending < s->jobs;
}

void vg_slot_write(struct vg_slot *s)
{
	while (vg_slot_unsent(s)) {
		const struct vg_job *job = s->job[s->sending];
		ssize_t n =
		    send(s->fd, job->frame + s->sent, job->len - s->sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		/* It hung up: what there is to know is read at the socket's other end. */
		if (n < 0) {
			s->sending = s->jobs;
			s->sent = 0;
			return;
		}
		s->sent += (size_t)n;
		if (s->sent == job->len) {
			s->sending++;
			s->sent = 0;
		}
	}
}

void vg_slot_give(struct vg_pool *p, struct vg_slot *s, struct vg_job *job, int64_t now)
{
	if (s->jobs == 0)
		s->due = now + (int64_t)p->deadline_ms * 1000;
	s->job[s->jobs++] = job;
	vg_slot_write(s);
}

static bool grown(pid_t pid)
{
	char path[40], text[64];
	unsigned long pages = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/statm", (long)pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (fgets(text, sizeof(text), f) && sscanf(text, "%*u %lu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages > VG_MAX_WORKER_RSS / (unsigned long)sysconf(_SC_PAGESIZE);
}

bool vg_slot_worn(const struct vg_slot *s)
{
	return s->tasks >= VG_MAX_WORKER_TASKS;
}

/* Our workers write compact, valid JSON: raw control bytes mean that a worker is in foreign hands. */
static bool is_clean(struct vg_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] < 0x20)
			return false;
	}
	return vg_utf8_valid(s);
}

static void note_walls(unsigned held)
{
	enum vg_log_level level = VG_LOG_WARN;

#ifdef VG_SANITIZED
	level = VG_LOG_DEBUG;
#endif
	if (!(held & VG_SANDBOX_SECCOMP))
		vg_log(level, "analyse",
		    "this build has no seccomp: a hostile page that takes over an "
		    "analysis worker could use the network%s",
		    held & VG_SANDBOX_LANDLOCK ? "" : " and your files");
}

static enum vg_status greet(
    struct vg_pool *p, const struct vg_frame *f, struct vg_error *err)
{
	bool clean = f->type == VG_FRAME_HELLO && f->code <= 0;

	for (unsigned i = 0; i < VG_FRAME_PARTS; i++)
		clean = clean && is_clean(f->part[i]);
	if (!clean)
		return vg_fail(
		    err, VG_E_CORRUPT, "the analysis worker did not say hello");
	if (f->code != VG_OK)
		return vg_fail(
		    err, f->code, "%.*s", VG_STR_ARG(f->part[VG_FRAME_PARTS - 1]));
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++) {
		enum vg_status st;

		if (!p->greeted)
			vg_buf_adds(&p->hello[i], f->part[i]);
		st = vg_buf_status(&p->hello[i], err);
		if (st != VG_OK)
			return st;
		if (!vg_str_eq(f->part[i], vg_buf_str(&p->hello[i])))
			return vg_fail(err, VG_E_CORRUPT,
			    "lexicon or plugins changed while they were in use");
	}
	if (!p->greeted)
		note_walls((unsigned)f->tag);
	p->greeted = true;
	return VG_OK;
}

/* Hands the answer over without a copy: its JSON is the first part of the frame's body. */
static void deliver(struct vg_pool *p, struct vg_slot *s, int64_t now)
{
	const struct vg_frame f = s->in.frame;
	struct vg_answer answer = {.status = f.code};
	struct vg_job *job = s->job[0];

	snprintf(answer.message, sizeof(answer.message), "%.*s", VG_STR_ARG(f.part[1]));
	vg_buf_truncate(&s->in.body, f.part[0].len);
	answer.json = s->in.body;
	s->in.body = VG_BUF_INIT(VG_MAX_FRAME);
	s->job[0] = s->job[1];
	s->jobs--;
	s->sending--;
	s->due = now + (int64_t)p->deadline_ms * 1000;
	s->tasks++;
	if (s->tasks % RSS_EVERY == 0 && grown(s->pid))
		s->tasks = VG_MAX_WORKER_TASKS;
	vg_pool_finish(p, job, &answer);
	/* The owner may have taken the text; what is left serves the next answer. */
	vg_buf_release(&s->in.body);
	s->in.body = answer.json;
	s->in.body.max = VG_MAX_FRAME;
}

static bool is_answer(const struct vg_slot *s, const struct vg_frame *f)
{
	struct vg_str json = f->part[0], message = f->part[1];

	return f->type == VG_FRAME_ANSWER && s->jobs > 0 && s->sending > 0 &&
	       f->tag == s->job[0]->tag && f->code <= 0 && f->code >= VG_E_INTERNAL &&
	       message.len < sizeof(((struct vg_answer *)NULL)->message) &&
	       (f->code == VG_OK) == (json.len > 0) && is_clean(json) &&
	       is_clean(message);
}

/* False when the worker was lost. */
static bool take_frame(struct vg_pool *p, struct vg_slot *s, int64_t now)
{
	struct vg_error err = {0};
	enum vg_status st;

	if (s->state == VG_SLOT_STARTING) {
		st = greet(p, &s->in.frame, &err);
		if (st != VG_OK) {
			lose(p, s, &err, now);
			return false;
		}
		s->state = VG_SLOT_READY;
		s->due = now + (int64_t)p->deadline_ms * 1000;
		p->start_fails = 0;
		p->start_due = 0;
		vg_slot_write(s);
		return true;
	}
	if (!is_answer(s, &s->in.frame)) {
		lose_for(p, s, now, "answered nonsense", NULL);
		return false;
	}
	deliver(p, s, now);
	return true;
}

void vg_slot_read(struct vg_pool *p, struct vg_slot *s, int64_t now)
{
	do {
		struct vg_error err = {0};
		enum vg_status st = vg_decoder_read(&s->in, s->fd, &err);

		if (st == VG_E_AGAIN)
			return;
		if (st == VG_E_STOP) {
			vg_fail(&err, VG_E_STOP, "hung up");
			lose(p, s, &err, now);
			return;
		}
		if (st != VG_OK) {
			lose_for(p, s, now, "answered nonsense", &err);
			return;
		}
		if (!take_frame(p, s, now))
			return;
	} while (s->jobs > 0);
}
