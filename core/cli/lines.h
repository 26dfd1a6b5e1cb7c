/* SPDX-License-Identifier: MIT */
/* Lines of a descriptor, each with a maximum length; a longer one is skipped and reported in its turn. */
#ifndef VG_CLI_LINES_H
#define VG_CLI_LINES_H

#include "base/buf.h"

struct vg_lines {
	int fd;
	size_t max; /* bytes of a line without its newline */
	struct vg_buf buf;
	size_t start,
	    scanned; /* of the current line; up to where no newline was found */
	bool skipping, end;
};

enum vg_line {
	VG_LINE,      /* *ret is the line, borrowed until the next call */
	VG_LINE_LONG, /* a line past the maximum was skipped */
	VG_LINE_NONE, /* no complete line waits: call vg_lines_fill() */
	VG_LINE_END,  /* end of file, all lines taken */
};

void vg_lines_init(struct vg_lines *l, int fd, size_t max);
void vg_lines_release(struct vg_lines *l);
enum vg_line vg_lines_next(struct vg_lines *l, struct vg_str *ret);
/* One read(2); at the end of file a last line without newline counts as complete. */
VG_WARN_UNUSED enum vg_status vg_lines_fill(struct vg_lines *l, struct vg_error *err);

#endif
