/* SPDX-License-Identifier: MIT */
/* vigia watch: stays, and crawls the sites of a case by their schedules. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/notify.h"
#include "cli/schedules.h"
#include "cli/watch_job.h"
#include "cli/watch_plan.h"
#include "store/schedule.h"

#define LONGEST_WAIT (30 * VG_SECOND) /* a clock that is set is noticed then */
#define SAVE_AGAIN VG_SECOND          /* while another process writes */
#define STATE_MEMORY ((size_t)64 << 20)
#define PLAN_DEFAULT 20

static volatile sig_atomic_t stops, reload_wanted, status_wanted;

static void on_signal(int number)
{
	if (number == SIGHUP)
		reload_wanted = 1;
	else if (number == SIGUSR1)
		status_wanted = 1;
	else if (number != SIGCHLD && stops < 2) /* that one only wakes us */
		stops++;
}

struct watch {
	struct vg_cli *cli;
	struct vg_watch *sites;
	struct vg_watch_jobs jobs;
	int stops_sent;
	bool save_failed;
	sigset_t while_waiting;
};

static enum vg_status store_path(
    const struct watch *w, const char *name, char ret[4096], struct vg_error *err)
{
	int n = snprintf(ret, 4096, "%s/%s", w->cli->case_dir, name);

	return n > 0 && n < 4096
		   ? VG_OK
		   : vg_fail(err, VG_E_INVALID, "the path of the case is too long");
}

/* One watch a case. The file stays; the lock goes with the process. */
static enum vg_status take_case(struct watch *w, struct vg_error *err)
{
	char path[4096], who[64];
	enum vg_status st = store_path(w, "vigia.db-watch", path, err);
	ssize_t n;

	if (st)
		return st;
	w->jobs.lock_fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (w->jobs.lock_fd < 0)
		return vg_fail_errno(err, errno, "%s: cannot open", path);
	if (flock(w->jobs.lock_fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK)
			return vg_fail_errno(err, errno, "%s: cannot lock", path);
		n = pread(w->jobs.lock_fd, who, sizeof(who) - 1, 0);
		who[n > 0 ? n : 0] = '\0';
		vg_cli_hint(w->cli,
		    "kill -HUP %.10s   # it reads the configuration again",
		    who[0] ? who : "PID");
		return vg_fail(err, VG_E_BUSY,
		    "%s is watched already, by process %.10s", w->cli->case_dir,
		    who[0] ? who : "?");
	}
	n = snprintf(who, sizeof(who), "%ld", (long)getpid());
	if (ftruncate(w->jobs.lock_fd, 0) ||
	    pwrite(w->jobs.lock_fd, who, (size_t)n, 0) != n)
		return vg_fail_errno(err, errno, "%s: cannot write", path);
	return VG_OK;
}

static enum vg_status restore(struct watch *w, struct vg_error *err)
{
	struct vg_arena *arena = vg_arena_new(STATE_MEMORY);
	struct vg_store *store = NULL;
	struct vg_store_schedule *rows = NULL;
	size_t count = 0;
	char path[4096];
	enum vg_status st = arena ? store_path(w, "vigia.db", path, err)
				  : vg_fail(err, VG_E_NOMEM, "out of memory");

	if (!st)
		st = vg_store_open(path, VG_STORE_READ, &store, err);
	if (!st)
		st = vg_store_schedules(store, arena, &rows, &count, err);
	for (size_t i = 0; !st && i < count; i++) {
		const struct vg_store_schedule *r = &rows[i];
		const struct vg_schedule_state state = {.since = r->since,
		    .planned = r->planned,
		    .started = r->started,
		    .ended = r->ended,
		    .failures = r->failures,
		    .end = r->end >= 0 && r->end <= VG_SCHEDULE_BUSY
			       ? (enum vg_schedule_end)r->end
			       : VG_SCHEDULE_DONE};

		st = vg_watch_restore(w->sites, r->site, r->text, &state, err);
	}
	vg_store_close(store);
	vg_arena_free(arena);
	return st;
}

static enum vg_status save_all(
    struct watch *w, struct vg_store *store, struct vg_error *err)
{
	enum vg_status st = vg_store_begin(store, VG_HERE, err);

	for (size_t i = 0; !st && i < vg_watch_count(w->sites); i++) {
		const struct vg_watch_site *site = vg_watch_at(w->sites, i);
		const struct vg_schedule_state *state = &site->state;

		if (site->unsaved && site->schedule)
			st = vg_store_put_schedule(store,
			    &(struct vg_store_schedule){.site = vg_str(site->name),
				.text = vg_str(vg_schedule_text(site->schedule)),
				.since = state->since,
				.planned = state->planned,
				.started = state->started,
				.ended = state->ended,
				.failures = state->failures,
				.end = (int64_t)state->end},
			    err);
	}
	return st ? st : vg_store_commit(store, err);
}

/* Whether all is saved. Another process may be writing: then later. */
static bool save(struct watch *w)
{
	struct vg_store *store = NULL;
	struct vg_error err;
	char path[4096];
	bool any = false;
	enum vg_status st;

	for (size_t i = 0; i < vg_watch_count(w->sites); i++)
		any |= vg_watch_at(w->sites, i)->unsaved;
	if (!any)
		return true;
	st = store_path(w, "vigia.db", path, &err);
	if (!st)
		st = vg_store_open(path, VG_STORE_WRITE, &store, &err);
	if (!st)
		st = save_all(w, store, &err);
	vg_store_close(store);
	for (size_t i = 0; !st && i < vg_watch_count(w->sites); i++)
		vg_watch_at(w->sites, i)->unsaved = false;
	if (st && st != VG_E_BUSY && !w->save_failed)
		vg_cli_notice(w->cli,
		    "the state of the schedules cannot be saved, is tried again: %s",
		    err.msg);
	w->save_failed = st && st != VG_E_BUSY;
	return !st;
}

/* Hands the schedules of the enabled sites to the scheduler. */
static enum vg_status configure(
    struct watch *w, const struct vg_conf *conf, struct vg_error *err)
{
	const char **names = calloc(conf->site_count + 1, sizeof(*names));
	struct vg_schedule **schedules =
	    calloc(conf->site_count + 1, sizeof(struct vg_schedule *));
	size_t count = 0, i = 0;
	enum vg_status st =
	    names && schedules ? VG_OK : vg_fail(err, VG_E_NOMEM, "out of memory");

	for (; !st && i < conf->site_count; i++) {
		if (!conf->sites[i].enabled)
			continue;
		st = vg_cli_schedule(&conf->sites[i], &schedules[count], err);
		if (!st && !vg_schedule_is_automatic(schedules[count]))
			vg_schedule_free(schedules[count]);
		else if (!st)
			names[count++] = conf->sites[i].name;
	}
	if (!st)
		st = vg_watch_configure(
		    w->sites, names, schedules, count, vg_clock_now(), err);
	else
		while (count--)
			vg_schedule_free(schedules[count]);
	free(names);
	free(schedules);
	return st;
}

static size_t scheduled(struct watch *w)
{
	size_t count = 0;

	for (size_t i = 0; i < vg_watch_count(w->sites); i++)
		count += vg_watch_at(w->sites, i)->schedule != NULL;
	return count;
}

static void tell(struct watch *w, const char *event, const char *site,
    const char *detail, const char *text)
{
	struct vg_buf line = VG_BUF_INIT(4096);
	struct vg_json_writer j = vg_json_writer(&line);
	char now[VG_RFC3339_LEN];

	if (!w->cli->json) {
		vg_cli_notice(
		    w->cli, "%s%s%s", site ? site : "", site ? ": " : "", text);
		return;
	}
	vg_time_format(vg_clock_now(), now);
	vg_jw_object(&j);
	vg_jw_kstrz(&j, "event", event);
	vg_jw_kstrz(&j, "time", now);
	if (site)
		vg_jw_kstrz(&j, "site", site);
	vg_jw_kstrz(&j, "detail", detail);
	vg_jw_end_object(&j);
	printf("%s\n", vg_buf_cstr(&line));
	vg_buf_release(&line);
}

static enum vg_status start_job(void *ctx, const struct vg_watch_site *const *sites,
    size_t count, int64_t *ret_job, struct vg_error *err)
{
	struct watch *w = ctx;
	enum vg_status st = vg_watch_job_start(
	    &w->jobs, w->cli, sites, count, vg_clock_now(), ret_job, err);

	for (size_t i = 0; !st && i < count; i++) {
		const char *why = vg_schedule_why_name(sites[i]->next.why);
		char text[64];

		(void)snprintf(text, sizeof(text), "crawl begins (%s)", why);
		tell(w, "started", sites[i]->name, why, text);
	}
	return st;
}

static void start_failed(void *ctx, const struct vg_error *err)
{
	tell(ctx, "failed", NULL, err->msg, err->msg);
}

static void reap(struct watch *w)
{
	enum vg_schedule_end end;
	int64_t job;
	char how[64], text[128];

	while (vg_watch_job_reap(&w->jobs, &job, &end, how)) {
		if (stops) /* whatever came of it, it goes on after a restart */
			end = end == VG_SCHEDULE_DONE ? end : VG_SCHEDULE_STOPPED;
		(void)snprintf(text, sizeof(text), "crawl %s (%s)",
		    end == VG_SCHEDULE_DONE      ? "ended"
		    : end == VG_SCHEDULE_STOPPED ? "stopped, and goes on another time"
		    : end == VG_SCHEDULE_BUSY    ? "has to wait for another one"
						 : "failed, and is tried again",
		    how);
		for (size_t i = 0; i < vg_watch_count(w->sites); i++)
			if (vg_watch_at(w->sites, i)->job == job)
				tell(w, "ended", vg_watch_at(w->sites, i)->name, how,
				    text);
		vg_watch_ended(w->sites, job, end, vg_clock_now());
	}
}

/* A configuration that is wrong is told, and the one before stays. */
static void reload(struct watch *w)
{
	struct vg_conf *conf = NULL;
	struct vg_error err;
	char text[384];
	enum vg_status st;

	vg_notify("RELOADING=1\nMONOTONIC_USEC=%lld", (long long)vg_clock_monotonic());
	st = vg_conf_load(w->cli->case_dir, (const char *const *)environ, &conf, &err);
	if (!st)
		st = configure(w, conf, &err);
	if (st) {
		vg_conf_free(conf);
		(void)snprintf(text, sizeof(text),
		    "the new configuration is not taken, the one before stays: %s",
		    err.msg);
		tell(w, "refused", NULL, err.msg, text);
	} else {
		vg_conf_free(w->cli->conf);
		w->cli->conf = conf;
		(void)snprintf(text, sizeof(text),
		    "configuration read again: %zu sites with a schedule",
		    scheduled(w));
		tell(w, "reloaded", NULL, "", text);
	}
	vg_notify("READY=1");
}

static void show_status(struct watch *w)
{
	char text[VG_ZONE_TEXT + 64], when[VG_ZONE_TEXT];

	for (size_t i = 0; i < vg_watch_count(w->sites); i++) {
		const struct vg_watch_site *site = vg_watch_at(w->sites, i);

		if (!site->schedule)
			continue;
		if (site->job) {
			(void)snprintf(text, sizeof(text), "is being crawled");
		} else if (site->next.at == VG_ZONE_NEVER) {
			(void)snprintf(text, sizeof(text), "has no next crawl");
		} else {
			vg_watch_time(site, site->next.at, when);
			(void)snprintf(text, sizeof(text), "next crawl at %s (%s)",
			    when, vg_schedule_why_name(site->next.why));
		}
		tell(w, "status", site->name, text, text);
	}
	vg_watch_job_signal(&w->jobs, SIGUSR1); /* a line of progress of each */
}

static void tell_manager(struct watch *w, int64_t next)
{
	char when[VG_RFC3339_LEN] = "";

	if (next != VG_ZONE_NEVER)
		vg_time_format(next, when);
	vg_notify("WATCHDOG=1\nSTATUS=%zu sites, %zu crawls running%s%.19s%s",
	    scheduled(w), vg_watch_job_count(&w->jobs), *when ? ", next at " : "", when,
	    *when ? "Z" : "");
}

static void wait_until(struct watch *w, int64_t next, bool saved)
{
	int64_t wait = next == VG_ZONE_NEVER ? LONGEST_WAIT : next - vg_clock_now();
	int64_t watchdog = vg_notify_watchdog();
	struct timespec time;

	wait = wait < LONGEST_WAIT ? wait : LONGEST_WAIT;
	if (watchdog && wait > watchdog)
		wait = watchdog;
	if (!saved && wait > SAVE_AGAIN)
		wait = SAVE_AGAIN;
	wait = wait > 0 ? wait : 0;
	time = (struct timespec){.tv_sec = (time_t)(wait / VG_SECOND),
	    .tv_nsec = (long)(wait % VG_SECOND) * 1000};
	(void)ppoll(NULL, 0, &time, &w->while_waiting);
}

static void loop(struct watch *w)
{
	bool saved = true;

	while (!stops || vg_watch_job_count(&w->jobs)) {
		int64_t next = VG_ZONE_NEVER;

		if (w->stops_sent < stops) {
			w->stops_sent = stops;
			vg_notify("STOPPING=1");
			vg_watch_job_signal(&w->jobs, SIGTERM);
			if (vg_watch_job_count(&w->jobs))
				tell(w, "stopping", NULL, "",
				    "finishing what is in flight; once more stops at "
				    "once");
		}
		reap(w);
		if (reload_wanted) {
			reload_wanted = 0;
			reload(w);
		}
		if (!stops)
			next = vg_watch_step(w->sites, vg_clock_now());
		if (status_wanted) {
			status_wanted = 0;
			show_status(w);
		}
		saved = save(w);
		tell_manager(w, next);
		if (!stops || vg_watch_job_count(&w->jobs))
			wait_until(w, next, saved);
	}
	for (int i = 0; !saved && i < 10 && !(saved = save(w)); i++)
		(void)poll(NULL, 0, 100);
}

static void catch_signals(struct watch *w)
{
	static const int numbers[] = {SIGHUP, SIGUSR1, SIGINT, SIGTERM, SIGCHLD};
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)sigaddset(&set, numbers[i]);
	(void)sigprocmask(SIG_BLOCK, &set, &w->while_waiting);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		(void)sigdelset(&w->while_waiting, numbers[i]);
		(void)sigaction(numbers[i], &action, NULL);
	}
}

static enum vg_status stay(struct watch *w, struct vg_error *err)
{
	struct vg_buf agent = VG_BUF_INIT(4096);
	char text[64];
	enum vg_status st = vg_conf_user_agent(w->cli->conf, &agent, err);

	vg_buf_release(&agent);
	if (st) {
		w->cli->exit_code = VG_EXIT_USAGE;
		return st;
	}
	(void)snprintf(text, sizeof(text), "watching %zu sites", scheduled(w));
	catch_signals(w);
	tell(w, "watching", NULL, w->cli->case_dir, text);
	vg_notify("READY=1");
	loop(w);
	tell(w, "stopped", NULL, "", "stopped; what was begun goes on another time");
	return VG_OK;
}

static enum vg_status plan(struct watch *w, struct vg_error *err)
{
	const struct vg_options *o = &w->cli->options;
	int64_t now = vg_clock_now(), time = vg_option_num(o, "for", 0);
	int64_t count = vg_option_num(o, "next", time ? INT32_MAX : PLAN_DEFAULT);

	return vg_watch_plan(w->cli, w->sites, now, (size_t)count,
	    time && time < VG_ZONE_NEVER - now ? now + time : VG_ZONE_NEVER - 1, err);
}

static enum vg_status run(struct vg_cli *cli, struct vg_error *err)
{
	struct watch w = {.cli = cli, .jobs = {.lock_fd = -1}};
	const struct vg_watch_ops ops = {
	    .start = start_job, .failed = start_failed, .ctx = &w};
	bool dry = vg_option_is_set(&cli->options, "dry-run") ||
		   vg_option_is_set(&cli->options, "next") ||
		   vg_option_is_set(&cli->options, "for");
	enum vg_status st = VG_OK;

	w.sites = vg_watch_new(&ops);
	if (!w.sites)
		st = vg_fail(err, VG_E_NOMEM, "out of memory");
	if (!st && !dry)
		st = take_case(&w, err);
	if (!st)
		st = restore(&w, err);
	if (!st)
		st = configure(&w, cli->conf, err);
	if (!st && !scheduled(&w)) {
		vg_cli_hint(cli, "schedule = 30 6 * * *   # in [crawl] or a [site] of "
				 "vigia.ini");
		st =
		    vg_cli_usage(cli, err, "watch: no site of the case has a schedule");
	}
	if (!st)
		st = dry ? plan(&w, err) : stay(&w, err);
	vg_watch_free(w.sites);
	vg_close(&w.jobs.lock_fd);
	return st;
}

static const struct vg_option options[] = {
    {"allow-private", 0, VG_OPT_FLAG, 0, NULL, 0, 0,
	"let requests reach private and loopback addresses: for tests only"},
    {"dry-run", 0, VG_OPT_FLAG, 0, NULL, 0, 0,
	"print the next runs in the time of their sites, and start nothing"},
    {"for", 0, VG_OPT_DURATION, 0, "TIME", 0, 0,
	"print the runs of this time to come, and start nothing"},
    {"lexicon", 0, VG_OPT_STR, 0, "DIR", 0, 0, "read the detection tables from DIR"},
    {"next", 0, VG_OPT_INT, 0, "N", 1, INT32_MAX,
	"print the next N runs, and start nothing"},
    {"plugins", 0, VG_OPT_STR, 0, "DIR", 0, 0, "load the site plugins from DIR"},
    {0},
};

const struct vg_cmd vg_cmd_watch = {
    .name = "watch",
    .summary = "crawl the sites of a case by their schedules, until stopped",
    .usage = "[--dry-run] [--next N] [--for TIME]",
    .about =
	"Stays in the foreground and crawls each site when its schedule says so "
	"(schedule, time_zone, schedule_jitter, allowed_hours and missed_runs in "
	"vigia.ini). Each crawl is a process of its own. The state is kept in the "
	"case: after a restart or a sleep of the machine, runs that were missed are "
	"made up for by one, and a run that was interrupted goes on. A run that "
	"failed is tried again, after five minutes and ever later. Where clocks "
	"change, a time of day that is skipped comes right after the change, and one "
	"that is shown twice comes once; an expression of every hour follows the "
	"clock.\n\n"
	"SIGHUP reads the configuration again: a wrong one is told, and the one "
	"before stays. SIGUSR1 tells what is being done and what comes next. SIGTERM "
	"and SIGINT stop: the crawls commit what is in flight. One watch a case; "
	"vigia crawl may be used beside it. Under systemd it says when it is ready, "
	"reloading, stopping and alive (Type=notify, WatchdogSec=).",
    .examples = "  vigia watch --case my-case\n"
		"  vigia watch --for 7d\n"
		"  vigia watch --next 5 --json\n",
    .options = options,
    .flags = VG_CMD_CASE,
    .max_operands = 0,
    .run = run,
};
