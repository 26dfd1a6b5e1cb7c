/* SPDX-License-Identifier: MIT */
/* Progress lines. */
#include "config.h"

#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/terminal.h"

enum mode { NONE, LINE, LINES, JSON }; /* order of the words of --progress */

struct vg_progress {
	enum mode mode;
	int64_t next; /* monotonic time of the next line */
	bool visible;
};

enum vg_status vg_progress_new(
    const struct vg_cli *cli, struct vg_progress **ret, struct vg_error *err)
{
	bool terminal = isatty(STDERR_FILENO) == 1 && !cli->quiet;
	struct vg_progress *p = calloc(1, sizeof(*p));

	if (!p)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	p->mode =
	    (enum mode)vg_option_num(&cli->options, "progress", terminal ? LINE : NONE);
	/* A line that rewrites itself is for a terminal only. */
	if (p->mode == LINE && !terminal)
		p->mode = NONE;
	*ret = p;
	return VG_OK;
}

void vg_progress_clear(struct vg_progress *p)
{
	if (!p || !p->visible)
		return;
	(void)fputs("\r\033[K", stderr);
	p->visible = false;
}

void vg_progress_free(struct vg_progress *p)
{
	vg_progress_clear(p);
	free(p);
}

static double rate_of(const struct vg_progress_state *s)
{
	return s->elapsed > 0
		   ? (double)s->pages * (double)VG_SECOND / (double)s->elapsed
		   : 0;
}

void vg_progress_line(
    const struct vg_progress_state *state, size_t width, struct vg_buf *out)
{
	size_t start = out->len;

	vg_buf_addf(out,
	    "%" PRId64 " pages, %.1f/s, %" PRId64 " waiting, %" PRId64 " flagged",
	    state->pages, rate_of(state), state->queue, state->flags);
	for (size_t i = 0; i < VG_PROGRESS_CLASSES; i++)
		if (state->classes[i].name && state->classes[i].count > 0)
			vg_buf_addf(out, ", %" PRId64 " %s", state->classes[i].count,
			    state->classes[i].name);
	if (width > 0 && out->len - start > width - 1)
		vg_buf_truncate(out, start + width - 1);
}

static void add_json(const struct vg_progress_state *s, struct vg_buf *out)
{
	struct vg_json_writer w = vg_json_writer(out);

	vg_jw_object(&w);
	vg_jw_kint(&w, "pages", s->pages);
	vg_jw_key(&w, "rate");
	vg_jw_fixed(&w, rate_of(s), 1);
	vg_jw_kint(&w, "queue", s->queue);
	vg_jw_kint(&w, "flags", s->flags);
	vg_jw_kint(&w, "elapsed_us", s->elapsed);
	vg_jw_key(&w, "errors");
	vg_jw_object(&w);
	for (size_t i = 0; i < VG_PROGRESS_CLASSES; i++)
		if (s->classes[i].name && s->classes[i].count > 0)
			vg_jw_kint(&w, s->classes[i].name, s->classes[i].count);
	vg_jw_end_object(&w);
	vg_jw_end_object(&w);
}

void vg_progress_show(struct vg_progress *p, const struct vg_progress_state *state)
{
	struct vg_buf line = VG_BUF_INIT(4096);
	int64_t now = vg_clock_monotonic();

	if (!p || p->mode == NONE || now < p->next)
		return;
	p->next = now + (p->mode == LINE ? VG_SECOND / 5 : 5 * VG_SECOND);
	if (p->mode == JSON)
		add_json(state, &line);
	else
		vg_progress_line(state,
		    p->mode == LINE ? vg_terminal_width(STDERR_FILENO) : 0, &line);
	(void)fprintf(
	    stderr, p->mode == LINE ? "\r%s\033[K" : "%s\n", vg_buf_cstr(&line));
	p->visible = p->mode == LINE;
	vg_buf_release(&line);
}
