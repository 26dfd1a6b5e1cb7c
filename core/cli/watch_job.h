/* SPDX-License-Identifier: MIT */
/* The crawls of `vigia watch`: each a process of its own, forked with the configuration that was read. */
#ifndef VG_CLI_WATCH_JOB_H
#define VG_CLI_WATCH_JOB_H

#include <sys/types.h>

#include "cli/command.h"
#include "crawl/watch.h"

struct vg_watch_job {
	pid_t pid; /* 0: none */
	int64_t started;
	size_t sites;
};

struct vg_watch_jobs {
	struct vg_watch_job jobs[VG_WATCH_JOBS];
	int lock_fd; /* of the watch: not for its children */
};

/* Forks a crawl of the named sites; its number is its process id. No threads and no open database, please. */
VG_WARN_UNUSED enum vg_status vg_watch_job_start(struct vg_watch_jobs *j,
    const struct vg_cli *cli, const struct vg_watch_site *const *sites, size_t count,
    int64_t now, int64_t *ret_job, struct vg_error *err);
/* A crawl that ended since the last call: its number and how; false when there is none. */
bool vg_watch_job_reap(struct vg_watch_jobs *j, int64_t *ret_job,
    enum vg_schedule_end *ret_end, char ret_how[64]);
void vg_watch_job_signal(const struct vg_watch_jobs *j, int number); /* all of them */
size_t vg_watch_job_count(const struct vg_watch_jobs *j);

#endif
