/* SPDX-License-Identifier: MIT */
/* Reading lines without trusting their length. */
#include "config.h"

#include "cli/lines.h"

#include <errno.h>
#include <unistd.h>

#define STEP ((size_t)256 << 10)

void vg_lines_init(struct vg_lines *l, int fd, size_t max)
{
	*l = (struct vg_lines){.fd = fd, .max = max, .buf = VG_BUF_INIT(max + STEP)};
}

void vg_lines_release(struct vg_lines *l)
{
	vg_buf_release(&l->buf);
}

enum vg_line vg_lines_next(struct vg_lines *l, struct vg_str *ret)
{
	struct vg_str all = vg_buf_str(&l->buf);
	size_t newline = vg_str_chr(all, '\n', l->scanned);
	bool was_long;

	if (newline == SIZE_MAX) {
		l->scanned = all.len;
		if (all.len - l->start > l->max)
			l->skipping = true;
		if (l->skipping) { /* what was read of it is of no use */
			vg_buf_clear(&l->buf);
			l->start = l->scanned = 0;
		}
		if (!l->end)
			return VG_LINE_NONE;
		if (!l->skipping && all.len == l->start)
			return VG_LINE_END;
		newline = all.len;
	}
	was_long = l->skipping || newline - l->start > l->max;
	*ret = vg_str_sub(all, l->start, newline);
	l->skipping = false;
	l->start = l->scanned = vg_buf_str(&l->buf).len == 0 ? 0
				: newline < all.len          ? newline + 1
							     : newline;
	return was_long ? VG_LINE_LONG : VG_LINE;
}

enum vg_status vg_lines_fill(struct vg_lines *l, struct vg_error *err)
{
	ssize_t n;
	char *to;

	vg_buf_consume(&l->buf, l->start);
	l->scanned -= l->start;
	l->start = 0;
	to = vg_buf_reserve(&l->buf, STEP);
	if (!to)
		return vg_buf_status(&l->buf, err);
	do
		n = read(l->fd, to, STEP);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return vg_fail_errno(err, errno, "standard input");
	l->buf.len += (size_t)n;
	l->end = n == 0;
	return VG_OK;
}
