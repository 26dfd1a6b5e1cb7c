/* SPDX-License-Identifier: MIT */
/* Crawls in processes of their own: one that crashes costs its run, and is tried again. */
#include "config.h"

#include "cli/watch_job.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/commands.h"
#include "cli/terminal.h"

/* What the crawl takes over of the command line. */
static void keep_options(struct vg_options *options)
{
	size_t kept = 0;

	for (size_t i = 0; i < options->count; i++) {
		const char *name = options->values[i].row->name;

		if (!strcmp(name, "lexicon") || !strcmp(name, "plugins") ||
		    !strcmp(name, "allow-private"))
			options->values[kept++] = options->values[i];
	}
	options->count = kept;
}

/* The life of the child. The parent's signals must not reach it twice, nor may it outlive its parent. */
static int crawl(
    const struct vg_cli *watch, const struct vg_watch_site *const *sites, size_t count)
{
	struct vg_cli cli = *watch;
	struct vg_error err = {.msg = ""};
	enum vg_status st;
	char **names =
	    calloc(count + 1, sizeof(*names)); /* the process's end frees them */
	sigset_t none;

	for (size_t i = 0; names && i < count; i++)
		names[i] = strdup(sites[i]->name);
	if (!names || !names[count - 1])
		return VG_EXIT_FAILURE;
	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)unsetenv("NOTIFY_SOCKET");
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGUSR1, SIG_IGN); /* until the crawl answers it */
	(void)signal(SIGCHLD, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGTERM, SIG_DFL);
	(void)sigemptyset(&none);
	/* Lines for programs are those of the watch alone. */
	if (cli.json && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return VG_EXIT_FAILURE;
	cli.cmd = &vg_cmd_crawl;
	cli.path = "crawl";
	cli.operands = names;
	cli.operand_count = (int)count;
	cli.json = false;
	cli.json_fields = NULL;
	keep_options(&cli.options);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	st = vg_cmd_crawl.run(&cli, &err);
	if (st == VG_OK)
		st = vg_stdout_flush(&err);
	if (st != VG_OK && st != VG_E_STOP)
		vg_cli_notice(&cli, "%s", err.msg);
	return st == VG_OK || cli.exit_code ? cli.exit_code : (int)vg_exit_code(st);
}

enum vg_status vg_watch_job_start(struct vg_watch_jobs *j, const struct vg_cli *cli,
    const struct vg_watch_site *const *sites, size_t count, int64_t now,
    int64_t *ret_job, struct vg_error *err)
{
	struct vg_watch_job *slot = j->jobs;
	enum vg_status st = VG_OK;
	pid_t pid;

	while (slot < j->jobs + VG_WATCH_JOBS && slot->pid)
		slot++;
	(void)fflush(NULL); /* or the child writes it again */
	pid = slot < j->jobs + VG_WATCH_JOBS ? fork() : -1;
	if (pid == 0) {
		vg_close(&j->lock_fd);
		_exit(crawl(cli, sites, count));
	}
	if (pid < 0) {
		st = vg_fail_errno(err, errno, "cannot start a crawl");
	} else {
		*slot =
		    (struct vg_watch_job){.pid = pid, .started = now, .sites = count};
		*ret_job = pid;
	}
	return st;
}

static enum vg_schedule_end end_of(int status, char ret_how[64])
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (WIFSIGNALED(status))
		(void)snprintf(ret_how, 64, "killed by signal %d", WTERMSIG(status));
	else
		(void)snprintf(ret_how, 64, "exit code %d", code);
	if (code == VG_EXIT_OK || code == VG_EXIT_PARTIAL)
		return VG_SCHEDULE_DONE;
	if (code == VG_EXIT_INTERRUPTED)
		return VG_SCHEDULE_STOPPED;
	return code == VG_EXIT_BUSY ? VG_SCHEDULE_BUSY : VG_SCHEDULE_FAILED;
}

bool vg_watch_job_reap(struct vg_watch_jobs *j, int64_t *ret_job,
    enum vg_schedule_end *ret_end, char ret_how[64])
{
	for (size_t i = 0; i < VG_WATCH_JOBS; i++) {
		struct vg_watch_job *job = &j->jobs[i];
		int status;

		if (!job->pid || waitpid(job->pid, &status, WNOHANG) != job->pid)
			continue;
		*ret_job = job->pid;
		*ret_end = end_of(status, ret_how);
		job->pid = 0;
		return true;
	}
	return false;
}

void vg_watch_job_signal(const struct vg_watch_jobs *j, int number)
{
	for (size_t i = 0; i < VG_WATCH_JOBS; i++)
		if (j->jobs[i].pid)
			(void)kill(j->jobs[i].pid, number);
}

size_t vg_watch_job_count(const struct vg_watch_jobs *j)
{
	size_t count = 0;

	for (size_t i = 0; i < VG_WATCH_JOBS; i++)
		count += j->jobs[i].pid != 0;
	return count;
}
