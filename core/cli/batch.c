/* SPDX-License-Identifier: MIT */
/* Batch mode over the pool of workers. */
#include "config.h"

#include "cli/batch.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "analyse/pool.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cli/lines.h"
#include "cli/request.h"

#define WINDOW 256u                               /* requests between in and out */
#define IN_FLIGHT ((size_t)2 * VG_MAX_BATCH_LINE) /* bytes of content in that window */
#define OUT_STEP ((size_t)256 << 10)
#define POLLFDS 260u

struct slot {
	bool done;
	size_t size;       /* bytes of content in flight */
	struct vg_buf id;  /* its JSON text */
	struct vg_buf out; /* the answer, without its newline */
};

struct batch {
	struct vg_cli *cli;
	struct vg_pool *pool;
	struct vg_lines lines;
	struct vg_request request;
	struct slot
	    slots[WINDOW]; /* of requests first..next, by number modulo WINDOW */
	uint64_t first, next;
	size_t in_flight;
	struct vg_buf out; /* finished answers not yet written */
};

static void write_error(struct slot *s, const char *error, const char *message)
{
	struct vg_json_writer w;

	vg_buf_clear(&s->out);
	w = vg_json_writer(&s->out);
	vg_jw_object(&w);
	vg_jw_key(&w, "id");
	vg_jw_raw(&w, vg_buf_str(&s->id));
	vg_jw_kbool(&w, "ok", false);
	vg_jw_kstrz(&w, "error", error);
	vg_jw_kstrz(&w, "message", message);
	vg_jw_end_object(&w);
	s->done = true;
}

static void task_done(void *ctx, uint64_t tag, struct vg_answer *answer)
{
	struct batch *b = ctx;
	struct slot *s = &b->slots[tag % WINDOW];
	struct vg_str json = vg_buf_str(&answer->json);

	b->in_flight -= s->size;
	s->size = 0;
	if (answer->status != VG_OK) {
		write_error(s, vg_request_error(answer->status), answer->message);
		return;
	}
	/* A worker that parsed hostile bytes does not get to break the framing. */
	if (json.len == 0 || vg_str_chr(json, '\n', 0) != SIZE_MAX ||
	    !vg_utf8_valid(json)) {
		write_error(s, "internal", "the worker's answer is not one JSON line");
		return;
	}
	vg_buf_addz(&s->out, "{\"id\":");
	vg_buf_adds(&s->out, vg_buf_str(&s->id));
	vg_buf_addz(&s->out, ",\"ok\":true,\"result\":");
	vg_buf_adds(&s->out, json);
	vg_buf_addc(&s->out, '}');
	s->done = true;
}

static struct slot *open_slot(struct batch *b, struct vg_str id)
{
	struct slot *s = &b->slots[b->next % WINDOW];

	s->done = false;
	s->size = 0;
	vg_buf_clear(&s->id);
	vg_buf_adds(&s->id, id);
	vg_buf_clear(&s->out);
	b->next++;
	return s;
}

static enum vg_status take_line(
    struct batch *b, enum vg_line kind, struct vg_str line, struct vg_error *err)
{
	const struct vg_cmd *cmd = b->cli->cmd;
	struct vg_error why = {.msg = ""};
	const char *error;
	struct slot *s;

	if (kind == VG_LINE_LONG) {
		write_error(open_slot(b, VG_STR("null")), "too_large",
		    "the request line is longer than 64 MiB");
		return VG_OK;
	}
	if (vg_request_read(&b->request, cmd->options, &b->cli->options, line, &error,
		&why) != VG_OK) {
		write_error(open_slot(b, b->request.id), error, why.msg);
		return VG_OK;
	}
	s = open_slot(b, b->request.id);
	s->size = b->request.content.len;
	b->in_flight += s->size;
	return vg_pool_submit(b->pool, b->next - 1,
	    &(struct vg_task){.op = vg_str(cmd->content->op),
		.params = vg_buf_str(&b->request.params),
		.content = vg_buf_str(&b->request.content)},
	    err);
}

static bool has_room(const struct batch *b)
{
	return b->next - b->first < WINDOW && b->in_flight < IN_FLIGHT &&
	       vg_pool_room(b->pool) > 0;
}

/* Submits lines while there is room. *ret_kind: what stopped it, VG_LINE for want of room. */
static enum vg_status take_lines(
    struct batch *b, enum vg_line *ret_kind, struct vg_error *err)
{
	enum vg_status st = VG_OK;

	*ret_kind = VG_LINE;
	while (st == VG_OK && has_room(b)) {
		struct vg_str line;

		*ret_kind = vg_lines_next(&b->lines, &line);
		if (*ret_kind == VG_LINE_NONE || *ret_kind == VG_LINE_END)
			return VG_OK;
		st = take_line(b, *ret_kind, line, err);
		*ret_kind = VG_LINE;
	}
	return st;
}

static enum vg_status write_out(struct batch *b, struct vg_error *err)
{
	enum vg_status st = vg_buf_status(&b->out, err);

	if (st == VG_OK && b->out.len > 0)
		st = vg_write_all(STDOUT_FILENO, vg_buf_str(&b->out), err);
	if (st == VG_E_IO && err->sys_errno == EPIPE)
		err->msg[0] = '\0'; /* the reader left: nobody to tell */
	vg_buf_clear(&b->out);
	return st;
}

/* Moves answers, in order, to the output. */
static enum vg_status collect(struct batch *b, struct vg_error *err)
{
	enum vg_status st = VG_OK;

	while (st == VG_OK && b->first < b->next) {
		struct slot *s = &b->slots[b->first % WINDOW];

		if (!s->done)
			break;
		st = vg_buf_status(&s->out, err);
		vg_buf_adds(&b->out, vg_buf_str(&s->out));
		vg_buf_addc(&b->out, '\n');
		if (s->out.cap > OUT_STEP)
			vg_buf_release(&s->out);
		b->first++;
		if (st == VG_OK && b->out.len >= OUT_STEP)
			st = write_out(b, err);
	}
	return st;
}

/* Nothing to take: waits for a worker or for input. */
static enum vg_status wait_for_more(
    struct batch *b, enum vg_line kind, struct vg_error *err)
{
	struct pollfd fds[POLLFDS];
	size_t count = vg_pool_pollfds(b->pool, fds + 1, POLLFDS - 1);
	bool busy = vg_pool_pending(b->pool) > 0;
	int n;

	if (kind == VG_LINE || kind == VG_LINE_END)
		return busy ? vg_pool_run(b->pool, -1, err) : VG_OK;
	fds[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
	/* Deadlines of tasks are the pool's business: look in at least every 100 ms. */
	n = poll(fds, count + 1, !busy ? -1 : count == 0 ? 0 : 100);
	if (n < 0 && errno != EINTR)
		return vg_fail_errno(err, errno, "poll");
	if (n > 0 && fds[0].revents != 0) {
		enum vg_status st = vg_lines_fill(&b->lines, err);

		if (st != VG_OK)
			return st;
	}
	return busy ? vg_pool_run(b->pool, 0, err) : VG_OK;
}

static enum vg_status loop(struct batch *b, struct vg_error *err)
{
	for (;;) {
		enum vg_line kind;
		enum vg_status st = take_lines(b, &kind, err);

		if (st == VG_OK)
			st = collect(b, err);
		if (st == VG_OK && kind != VG_LINE)
			st = write_out(b, err);
		if (st != VG_OK)
			return st;
		if (kind == VG_LINE_END && b->first == b->next)
			return VG_OK;
		if (kind == VG_LINE && has_room(b))
			continue;
		st = wait_for_more(b, kind, err);
		if (st == VG_OK)
			st = collect(b, err);
		if (st != VG_OK)
			return st;
	}
}

enum vg_status vg_batch_run(struct vg_cli *cli, struct vg_error *err)
{
	struct batch b = {.cli = cli, .out = VG_BUF_INIT((size_t)VG_MAX_FRAME * 3)};
	struct vg_pool_config config;
	enum vg_status st;

	vg_lines_init(&b.lines, STDIN_FILENO, VG_MAX_BATCH_LINE);
	for (size_t i = 0; i < WINDOW; i++) {
		b.slots[i].id = VG_BUF_INIT(VG_MAX_BATCH_LINE);
		b.slots[i].out = VG_BUF_INIT((size_t)VG_MAX_FRAME * 2);
	}
	st = vg_request_init(&b.request, err);
	b.request.field = cli->cmd->content->field;
	if (st == VG_OK) {
		vg_content_pool(cli, cli->cmd->content->lexicon,
		    cli->cmd->content->plugins, &config);
		st = vg_pool_new(&config, task_done, &b, &b.pool, err);
	}
	if (st == VG_OK)
		st = loop(&b, err);
	if (st != VG_OK)
		cli->exit_code = VG_EXIT_FAILURE;
	vg_pool_free(b.pool);
	vg_request_release(&b.request);
	vg_lines_release(&b.lines);
	for (size_t i = 0; i < WINDOW; i++) {
		vg_buf_release(&b.slots[i].id);
		vg_buf_release(&b.slots[i].out);
	}
	vg_buf_release(&b.out);
	return st;
}
