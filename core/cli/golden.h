/* SPDX-License-Identifier: MIT */
/*
 * Golden cases of a plugin: FOLDER/golden/CASE/ holds page.html (or .json, .csv, .txt), url, and expect.txt, what
 * must be read in that page. The folder's own NAME.site or NAME.so stands before the installed plugins.
 */
#ifndef VG_CLI_GOLDEN_H
#define VG_CLI_GOLDEN_H

#include "base/vec.h"
#include "cli/command.h"

struct vg_golden_case {
	char name[128];
	const char *content_type; /* by the page's file name */
	struct vg_buf page, url, expect;
	struct vg_buf
	    got; /* filled by vg_golden_run(): the answer, or "error MESSAGE" */
};

struct vg_golden {
	char dir[4096];      /* absolute, without a final slash */
	const char *name;    /* its last part: the plugin's name */
	struct vg_vec cases; /* struct vg_golden_case, by name */
};

/* VG_E_NOT_FOUND: there is no such folder, or no case in it when `cases` are wanted. */
VG_WARN_UNUSED enum vg_status vg_golden_load(
    const char *dir, bool cases, struct vg_golden *ret, struct vg_error *err);
void vg_golden_release(struct vg_golden *g);
/*
 * Replays every case in sandboxed workers. `dir` (absolute) is where the plugin under test is taken from; other
 * plugins are those of the command line. VG_E_INVALID when the file of that name was refused.
 */
VG_WARN_UNUSED enum vg_status vg_golden_run(
    struct vg_cli *cli, struct vg_golden *g, const char *dir, struct vg_error *err);
/* Writes expect.txt of a case from what was got. */
VG_WARN_UNUSED enum vg_status vg_golden_update(
    const struct vg_golden *g, const struct vg_golden_case *c, struct vg_error *err);
/* Adds a case: page, url and no expectation yet. VG_E_DENIED: it exists. */
VG_WARN_UNUSED enum vg_status vg_golden_add(const struct vg_golden *g, const char *name,
    struct vg_str page, struct vg_str url, struct vg_error *err);

#endif
