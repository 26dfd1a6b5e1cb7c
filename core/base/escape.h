/* SPDX-License-Identifier: MIT */
/* Making outside bytes harmless before a person or a terminal sees them. */
#ifndef VG_BASE_ESCAPE_H
#define VG_BASE_ESCAPE_H

#include "base/buf.h"

/*
 * Appends `s` for a terminal or a log: control characters (C0, C1, DEL), bidirectional controls,
 * and malformed bytes appear as \xNN or \u{N}; a newline or tab becomes a space.
 */
void vg_escape_terminal(struct vg_buf *out, struct vg_str s);
/* The same, cut to `columns` display columns with an ellipsis. Returns the columns used. */
size_t vg_escape_terminal_cut(struct vg_buf *out, struct vg_str s, size_t columns);

#endif
