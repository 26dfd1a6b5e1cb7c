/* SPDX-License-Identifier: MIT */
/* What differs between a terminal and a pipe: colour, width, a pager. */
#ifndef VG_CLI_TERMINAL_H
#define VG_CLI_TERMINAL_H

#include "base/buf.h"

enum vg_color { VG_COLOR_AUTO, VG_COLOR_ALWAYS, VG_COLOR_NEVER };

/*
 * Whether to colour what goes to `fd`: --color, then NO_COLOR, CLICOLOR_FORCE, CLICOLOR=0,
 * TERM=dumb, then whether it is a terminal.
 */
bool vg_terminal_color(int fd, enum vg_color mode);
size_t vg_terminal_width(int fd); /* columns; 0 when it is no terminal: do not cut */

/* SGR attributes, "" when `on` is false. */
#define VG_SGR_BOLD "\033[1m"
#define VG_SGR_DIM "\033[2m"
#define VG_SGR_RED "\033[31m"
#define VG_SGR_GREEN "\033[32m"
#define VG_SGR_YELLOW "\033[33m"
#define VG_SGR_MARK "\033[1;31m"
#define VG_SGR_RESET "\033[0m"
const char *vg_sgr(bool on, const char *sequence);

/* Appends page text with its lines kept; every other control character is escaped. */
void vg_escape_lines(struct vg_buf *out, struct vg_str s);

/*
 * Sends standard output through VIGIA_PAGER, else PAGER, else less, if it is a terminal. Does nothing
 * otherwise, or when the pager cannot start. vg_pager_stop waits for the reader to finish.
 */
void vg_pager_start(void);
void vg_pager_stop(void);

/* Writes a buffer to standard output; failures show when it is flushed. */
void vg_stdout_add(const struct vg_buf *b);
/* Flushes standard output. VG_E_IO; a reader that went away (EPIPE) has an empty message. */
VG_WARN_UNUSED enum vg_status vg_stdout_flush(struct vg_error *err);

#endif
