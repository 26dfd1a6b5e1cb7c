/* SPDX-License-Identifier: MIT */
/*
 * Progress of a long command, on standard error. --progress=line rewrites one line at most five times a
 * second (the default on a terminal), lines and json print a new one every few seconds, none nothing.
 */
#ifndef VG_CLI_PROGRESS_H
#define VG_CLI_PROGRESS_H

#include "cli/command.h"

#define VG_PROGRESS_CLASSES 12

struct vg_progress_state {
	int64_t pages, queue, flags; /* done; in flight or waiting; pages flagged */
	int64_t elapsed;             /* microseconds since the start */
	struct {
		const char *name;       /* NULL: unused */
		int64_t count;          /* 0: not shown */
	} classes[VG_PROGRESS_CLASSES]; /* errors by class */
};

struct vg_progress;

/* As --progress, --quiet and the terminal say. */
VG_WARN_UNUSED enum vg_status vg_progress_new(
    const struct vg_cli *cli, struct vg_progress **ret, struct vg_error *err);
void vg_progress_free(struct vg_progress *p); /* clears the line; NULL allowed */
/* Call as often as you like. */
void vg_progress_show(struct vg_progress *p, const struct vg_progress_state *state);
/* Takes the line away before something else is written to the terminal. */
void vg_progress_clear(struct vg_progress *p);
/* One line of text for the state, at most `width` columns (0: any). For tests too. */
void vg_progress_line(
    const struct vg_progress_state *state, size_t width, struct vg_buf *out);

#endif
