/* SPDX-License-Identifier: MIT */
/* Help, the manual page and completions: all written from the command rows. */
#ifndef VG_CLI_HELP_H
#define VG_CLI_HELP_H

#include "cli/command.h"

/* The command at words[0..count) and the path that leads to it; NULL when there is none. */
const struct vg_cmd *vg_help_find(char *const *words, int count, char path[64]);
/* The nearest name to `word` in a table, or NULL. */
const char *vg_help_nearest(const struct vg_cmd *const *table, const char *word);

/* One screen (-h) or everything (--help). `cmd` NULL is vigia itself. */
void vg_help_print(
    struct vg_buf *out, const struct vg_cmd *cmd, const char *path, bool full);
/* The page of a command, or vigia(1) for NULL, in man(7) macros. */
void vg_help_man(struct vg_buf *out, const struct vg_cmd *cmd);

#endif
