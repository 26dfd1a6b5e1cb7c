/* SPDX-License-Identifier: MIT */
/* The pool's queue and its run loop. */
#include "config.h"

#include "analyse/pool.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "analyse/pool_priv.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/size.h"

#define JOBS_PER_SLOT 4u /* a bounded queue: submitters wait, memory does not grow */
#define LOCAL_JOBS 8u
#define DEADLINE_MS 10000

static struct vg_job *job_new(
    uint64_t tag, const struct vg_task *task, struct vg_error *err)
{
	const struct vg_frame frame = {
	    .type = VG_FRAME_TASK,
	    .tag = tag,
	    .part = {task->op, task->params, task->content},
	};
	uint8_t head[VG_FRAME_HEAD];
	struct vg_str copy[VG_FRAME_PARTS];
	struct vg_job *job;
	size_t len = VG_FRAME_HEAD;

	if (vg_frame_head(&frame, head, err) != VG_OK) {
		vg_error_prefix(err, "the content is too large to analyse");
		return NULL;
	}
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++)
		len += frame.part[i].len;
	job = malloc(sizeof(*job) + len);
	if (!job) {
		vg_fail(err, VG_E_NOMEM, "out of memory for a task");
		return NULL;
	}
	*job = (struct vg_job){.tag = tag, .len = len};
	memcpy(job->frame, head, VG_FRAME_HEAD);
	len = VG_FRAME_HEAD;
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++) {
		if (frame.part[i].len)
			memcpy(job->frame + len, frame.part[i].ptr, frame.part[i].len);
		copy[i] =
		    (struct vg_str){(const char *)job->frame + len, frame.part[i].len};
		len += frame.part[i].len;
	}
	job->task = (struct vg_task){copy[0], copy[1], copy[2]};
	return job;
}

static struct vg_job *shift(struct vg_pool *p)
{
	struct vg_job *job = p->first;

	if (job) {
		p->first = job->next;
		if (!p->first)
			p->last = NULL;
		job->next = NULL;
		p->waiting--;
	}
	return job;
}

void vg_pool_unshift(struct vg_pool *p, struct vg_job *job)
{
	job->next = p->first;
	p->first = job;
	if (!p->last)
		p->last = job;
	p->waiting++;
}

static void append(struct vg_pool *p, struct vg_job *job)
{
	if (p->last)
		p->last->next = job;
	else
		p->first = job;
	p->last = job;
	p->waiting++;
}

void vg_pool_finish(struct vg_pool *p, struct vg_job *job, struct vg_answer *answer)
{
	p->pending--;
	p->finished++;
	p->done(p->ctx, job->tag, answer);
	free(job);
}

static struct vg_slot *find_ready(struct vg_pool *p, size_t jobs)
{
	for (size_t i = 0; i < p->slot_count; i++) {
		struct vg_slot *s = &p->slots[i];

		if (s->state == VG_SLOT_READY && s->jobs == jobs && !vg_slot_worn(s) &&
		    (jobs == 0 || s->job[0]->deaths == 0))
			return s;
	}
	return NULL;
}

static struct vg_slot *find_startable(struct vg_pool *p, int64_t now)
{
	for (size_t i = 0; i < p->slot_count && now >= p->start_due; i++) {
		struct vg_slot *s = &p->slots[i];

		if (s->state == VG_SLOT_DOWN && s->jobs == 0)
			return s;
	}
	return NULL;
}

/* Replaces worn workers, restarts those whose job waits for its second try; counts those to come. */
static size_t tend(struct vg_pool *p, int64_t now)
{
	size_t coming = 0;

	for (size_t i = 0; i < p->slot_count; i++) {
		struct vg_slot *s = &p->slots[i];

		if (s->state == VG_SLOT_READY && s->jobs == 0 && vg_slot_worn(s))
			vg_slot_kill(s);
		if (s->state == VG_SLOT_DOWN && s->jobs > 0 && now >= p->start_due)
			vg_slot_start(p, s, now);
		if (s->state == VG_SLOT_STARTING && s->jobs == 0)
			coming++;
	}
	return coming;
}

/* An idle worker first, then a new one, and only then a place behind another task. */
static void assign(struct vg_pool *p, int64_t now)
{
	size_t coming = tend(p, now);

	while (p->first && p->broken.status == VG_OK) {
		struct vg_slot *s = find_ready(p, 0);

		if (!s && coming < p->waiting) {
			struct vg_slot *down = find_startable(p, now);

			if (down) {
				vg_slot_start(p, down, now);
				coming += down->state == VG_SLOT_STARTING;
				continue;
			}
		}
		if (!s && coming == 0)
			s = find_ready(p, 1);
		if (!s)
			break;
		vg_slot_give(p, s, shift(p), now);
	}
}

size_t vg_pool_pollfds_max(const struct vg_pool *p)
{
	return p->analyser ? 1 : p->slot_count;
}

size_t vg_pool_pollfds(const struct vg_pool *p, struct pollfd *ret, size_t max)
{
	size_t n = 0;

	if (p->analyser) {
		if (max > 0)
			ret[n++] = (struct pollfd){.fd = p->wake, .events = POLLIN};
		return n;
	}
	for (size_t i = 0; i < p->slot_count && n < max; i++) {
		const struct vg_slot *s = &p->slots[i];

		if (s->state == VG_SLOT_DOWN)
			continue;
		ret[n++] = (struct pollfd){
		    .fd = s->fd,
		    .events = vg_slot_unsent(s) ? POLLIN | POLLOUT : POLLIN,
		};
	}
	return n;
}

static int timeout_at(const struct vg_pool *p, int64_t now)
{
	int64_t due = INT64_MAX;
	bool wanted = p->waiting > 0;

	for (size_t i = 0; i < p->slot_count; i++) {
		const struct vg_slot *s = &p->slots[i];

		if (s->state == VG_SLOT_DOWN)
			wanted |= s->jobs > 0;
		else if ((s->state == VG_SLOT_STARTING || s->jobs > 0) && s->due < due)
			due = s->due;
	}
	if (wanted && p->start_due > now && p->start_due < due)
		due = p->start_due;
	if (due == INT64_MAX)
		return -1;
	return due <= now ? 0 : (int)((due - now + 999) / 1000);
}

int vg_pool_timeout(const struct vg_pool *p)
{
	return timeout_at(p, vg_clock_monotonic());
}

static void serve(struct vg_pool *p, size_t fd_count, int64_t now)
{
	size_t n = 0;

	for (size_t i = 0; i < p->slot_count && n < fd_count; i++) {
		struct vg_slot *s = &p->slots[i];

		if (s->state == VG_SLOT_DOWN || s->fd != p->fds[n].fd)
			continue;
		if (p->fds[n].revents & (POLLIN | POLLHUP | POLLERR))
			vg_slot_read(p, s, now);
		if (p->fds[n].revents & POLLOUT && s->state != VG_SLOT_DOWN)
			vg_slot_write(s);
		n++;
	}
}

/* One round: deadlines, new work, then what the sockets say within `timeout_ms`. */
static enum vg_status wait_and_serve(
    struct vg_pool *p, int timeout_ms, int64_t now, struct vg_error *err)
{
	size_t n = vg_pool_pollfds(p, p->fds, p->slot_count);
	int due_ms = timeout_at(p, now);
	int rc;

	if (due_ms >= 0 && (timeout_ms < 0 || due_ms < timeout_ms))
		timeout_ms = due_ms;
	rc = poll(p->fds, n, timeout_ms);
	if (rc < 0 && errno != EINTR)
		return vg_fail_errno(err, errno, "cannot wait for the workers");
	if (rc > 0)
		serve(p, n, vg_clock_monotonic());
	return VG_OK;
}

static void expire(struct vg_pool *p, int64_t now)
{
	for (size_t i = 0; i < p->slot_count; i++)
		vg_slot_expire(p, &p->slots[i], now);
}

static enum vg_status run_workers(
    struct vg_pool *p, int timeout_ms, struct vg_error *err)
{
	const uint64_t before = p->finished;
	int64_t now = vg_clock_monotonic();
	const int64_t end = now + (int64_t)timeout_ms * 1000;
	bool last = false;

	for (;;) {
		int left = timeout_ms;
		enum vg_status st;

		/* What already lies in a socket came in time, however late we look. */
		st = wait_and_serve(p, 0, now, err);
		if (st != VG_OK)
			return st;
		expire(p, now);
		assign(p, now);
		if (p->broken.status != VG_OK) {
			if (err)
				*err = p->broken;
			return p->broken.status;
		}
		if (last || p->finished != before ||
		    (timeout_ms < 0 && p->pending == 0))
			return VG_OK;
		if (timeout_ms > 0)
			left = now >= end ? 0 : (int)((end - now + 999) / 1000);
		st = wait_and_serve(p, left, now, err);
		if (st != VG_OK)
			return st;
		now = vg_clock_monotonic();
		last = timeout_ms >= 0 && now >= end;
	}
}

static void run_local(struct vg_pool *p)
{
	eventfd_t drained;

	for (size_t n = p->waiting; n > 0 && p->first; n--) {
		struct vg_job *job = shift(p);

		vg_analyse(p->analyser, &job->task, &p->answer);
		vg_pool_finish(p, job, &p->answer);
	}
	if (!p->first)
		(void)eventfd_read(p->wake, &drained);
}

enum vg_status vg_pool_run(struct vg_pool *p, int timeout_ms, struct vg_error *err)
{
	enum vg_status st = VG_OK;

	p->running = true;
	if (p->analyser)
		run_local(p);
	else
		st = run_workers(p, timeout_ms, err);
	p->running = false;
	return st;
}

size_t vg_pool_room(const struct vg_pool *p)
{
	return p->capacity - p->pending;
}

size_t vg_pool_pending(const struct vg_pool *p)
{
	return p->pending;
}

uint64_t vg_pool_lost(const struct vg_pool *p)
{
	return p->lost;
}

struct vg_str vg_pool_plugins(const struct vg_pool *p)
{
	return p->analyser ? vg_analyser_plugins(p->analyser)
			   : vg_buf_str(&p->hello[VG_HELLO_PLUGINS]);
}

struct vg_str vg_pool_refusals(const struct vg_pool *p)
{
	return p->analyser ? vg_analyser_refusals(p->analyser)
			   : vg_buf_str(&p->hello[VG_HELLO_REFUSALS]);
}

const char *vg_pool_lexicon(const struct vg_pool *p)
{
	if (p->analyser)
		return vg_analyser_lexicon(p->analyser);
	return p->hello[VG_HELLO_LEXICON].len ? p->hello[VG_HELLO_LEXICON].ptr : "";
}

enum vg_status vg_pool_submit(
    struct vg_pool *p, uint64_t tag, const struct vg_task *task, struct vg_error *err)
{
	struct vg_error own = {0};
	struct vg_job *job;

	if (vg_pool_room(p) == 0)
		return VG_E_AGAIN;
	job = job_new(tag, task, err ? err : &own);
	if (!job)
		return err ? err->status : own.status;
	append(p, job);
	p->pending++;
	if (p->analyser)
		(void)eventfd_write(p->wake, 1);
	else if (!p->running)
		assign(p, vg_clock_monotonic());
	return VG_OK;
}

static enum vg_status start_local(
    struct vg_pool *p, const struct vg_pool_config *config, struct vg_error *err)
{
	p->capacity = LOCAL_JOBS;
	p->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->wake < 0)
		return vg_fail_errno(err, errno, "cannot make an eventfd");
	return vg_analyser_new(&config->analyser, &p->analyser, err);
}

/* The first worker's handshake. */
static enum vg_status start_workers(
    struct vg_pool *p, size_t count, struct vg_error *err)
{
	p->slots = calloc(count, sizeof(*p->slots));
	p->fds = calloc(count, sizeof(*p->fds));
	if (!p->slots || !p->fds)
		return vg_fail(err, VG_E_NOMEM, "out of memory for the workers");
	p->slot_count = count;
	p->capacity = count * JOBS_PER_SLOT;
	for (size_t i = 0; i < count; i++)
		p->slots[i] = (struct vg_slot){.fd = -1, .in = VG_DECODER_INIT};
	while (!p->greeted) {
		int64_t now = vg_clock_monotonic();
		enum vg_status st;

		expire(p, now);
		if (p->slots[0].state == VG_SLOT_DOWN && now >= p->start_due)
			vg_slot_start(p, &p->slots[0], now);
		if (p->broken.status != VG_OK) {
			*err = p->broken;
			return err->status;
		}
		st = wait_and_serve(
		    p, p->slots[0].state == VG_SLOT_DOWN ? 10 : -1, now, err);
		if (st != VG_OK)
			return st;
	}
	return VG_OK;
}

static size_t count_workers(int wanted)
{
	long cores = wanted < 0 ? sysconf(_SC_NPROCESSORS_ONLN) : wanted;

	return cores < 1 ? 1 : vg_size_min((size_t)cores, VG_MAX_WORKERS);
}

enum vg_status vg_pool_new(const struct vg_pool_config *config, vg_pool_done *done,
    void *ctx, struct vg_pool **ret, struct vg_error *err)
{
	const struct vg_analyser_config *a = &config->analyser;
	struct vg_error own = {0};
	struct vg_pool *p = calloc(1, sizeof(*p));
	enum vg_status st;

	if (!err)
		err = &own;
	if (!p)
		return vg_fail(err, VG_E_NOMEM, "out of memory for a pool");
	p->wake = -1;
	p->done = done;
	p->ctx = ctx;
	p->deadline_ms = config->deadline_ms > 0 ? config->deadline_ms : DEADLINE_MS;
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++)
		p->hello[i] = VG_BUF_INIT(VG_MAX_FRAME);
	p->settings = a->settings;
	p->setting_count = a->setting_count;
	p->self = strdup(config->self ? config->self : "/proc/self/exe");
	p->lexicon_dir = strdup(a->lexicon && a->lexicon_dir ? a->lexicon_dir : "");
	p->plugin_dir = strdup(a->plugins && a->plugin_dir ? a->plugin_dir : "");
	if (!p->self || !p->lexicon_dir || !p->plugin_dir)
		st = vg_fail(err, VG_E_NOMEM, "out of memory for a pool");
	else if (config->workers == 0)
		st = start_local(p, config, err);
	else
		st = start_workers(p, count_workers(config->workers), err);
	if (st == VG_OK)
		*ret = p;
	else
		vg_pool_free(p);
	return st;
}

void vg_pool_free(struct vg_pool *p)
{
	struct vg_job *job;

	if (!p)
		return;
	for (size_t i = 0; i < p->slot_count; i++)
		vg_slot_close(&p->slots[i]);
	for (size_t i = 0; i < p->slot_count; i++) {
		struct vg_slot *s = &p->slots[i];

		vg_slot_reap(s);
		while (s->jobs > 0)
			free(s->job[--s->jobs]);
		vg_decoder_release(&s->in);
	}
	while ((job = shift(p)))
		free(job);
	vg_answer_release(&p->answer);
	vg_analyser_free(p->analyser);
	vg_close(&p->wake);
	for (unsigned i = 0; i < VG_FRAME_PARTS; i++)
		vg_buf_release(&p->hello[i]);
	free(p->fds);
	free(p->slots);
	free(p->self);
	free(p->lexicon_dir);
	free(p->plugin_dir);
	free(p);
}
