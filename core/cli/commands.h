/* SPDX-License-Identifier: MIT */
/* The rows of core/cli/cmd_*.c, named once. */
#ifndef VG_CLI_COMMANDS_H
#define VG_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct vg_cmd vg_cmd_completion;
extern const struct vg_cmd vg_cmd_config;
extern const struct vg_cmd vg_cmd_crawl;
extern const struct vg_cmd vg_cmd_explain;
extern const struct vg_cmd vg_cmd_extract;
extern const struct vg_cmd vg_cmd_flags;
extern const struct vg_cmd vg_cmd_frontier;
extern const struct vg_cmd vg_cmd_help;
extern const struct vg_cmd vg_cmd_html;
extern const struct vg_cmd vg_cmd_init;
extern const struct vg_cmd vg_cmd_lexicon;
extern const struct vg_cmd vg_cmd_plugin;
extern const struct vg_cmd vg_cmd_query;
extern const struct vg_cmd vg_cmd_report;
extern const struct vg_cmd vg_cmd_robots;
extern const struct vg_cmd vg_cmd_scan;
extern const struct vg_cmd vg_cmd_shell;
extern const struct vg_cmd vg_cmd_show;
extern const struct vg_cmd vg_cmd_sitemap;
extern const struct vg_cmd vg_cmd_url;
extern const struct vg_cmd vg_cmd_verify;
extern const struct vg_cmd vg_cmd_version;
extern const struct vg_cmd vg_cmd_watch;
extern const struct vg_cmd vg_cmd_why;

#endif
