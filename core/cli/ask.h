/* SPDX-License-Identifier: MIT */
/* One question after another to one sandboxed worker: for commands that look at a page step by step. */
#ifndef VG_CLI_ASK_H
#define VG_CLI_ASK_H

#include "cli/command.h"

struct vg_ask;
struct vg_plugin_setting;

/*
 * `dir` (NULL or absolute) stands before the plugin folders of the command line; `settings` are
 * borrowed until vg_ask_close().
 */
VG_WARN_UNUSED enum vg_status vg_ask_open(struct vg_cli *cli, const char *dir,
    const struct vg_plugin_setting *settings, size_t setting_count, struct vg_ask **ret,
    struct vg_error *err);
void vg_ask_close(struct vg_ask *a); /* NULL allowed */
/* The JSON answer of one operation, cleared into `ret`; its failure is the status. */
VG_WARN_UNUSED enum vg_status vg_ask(struct vg_ask *a, const char *op,
    struct vg_str params, struct vg_str content, struct vg_buf *ret,
    struct vg_error *err);
/* Refused plugin files, as vg_pool_refusals(). */
struct vg_str vg_ask_refusals(const struct vg_ask *a);
struct vg_str vg_ask_plugins(const struct vg_ask *a);

#endif
