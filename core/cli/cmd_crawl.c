/* SPDX-License-Identifier: MIT */
/* vigia crawl: visits what is due, judges it, keeps the evidence. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/crawl_tell.h"
#include "cli/schedules.h"
#include "conf/conf.h"
#include "crawl/crawl.h"
#include "store/operate.h"
#include "url/url.h"

#define PLAN_MEMORY ((size_t)256 << 20)

static volatile sig_atomic_t stop_requests;

static void on_signal(int number)
{
	(void)number;
	if (stop_requests < 2)
		stop_requests++;
}

static volatile sig_atomic_t status_wanted; /* SIGUSR1: one line of progress */

static void on_status(int number)
{
	(void)number;
	status_wanted = 1;
}

/* One run of the command. */
struct job {
	struct vg_cli *cli;
	struct vg_crawl_config config;
	struct vg_crawl_site *sites;
	struct vg_crawl_tell tell;
	struct vg_buf user_agent;
	struct vg_store *store;
	char temporary
	    [32]; /* folder of a case that ends with the run; "" for a real one */
};

static void job_release(struct job *j)
{
	char path[64];

	vg_crawl_tell_release(&j->tell);
	for (size_t i = 0; i < j->config.site_count; i++)
		vg_schedule_free(j->sites[i].schedule);
	free(j->sites);
	vg_buf_release(&j->user_agent);
	vg_store_close(j->store);
	if (!j->temporary[0])
		return;
	for (size_t i = 0; i < 4; i++) {
		static const char *const ends[] = {"", "-wal", "-shm", "-lock"};

		(void)snprintf(
		    path, sizeof(path), "%s/vigia.db%s", j->temporary, ends[i]);
		(void)unlink(path);
	}
	(void)rmdir(j->temporary);
}

/* Addresses of this machine written as such: a test that needs no operator. */
static bool is_loopback(const char *seed)
{
	struct vg_url url = VG_URL_INIT;
	bool loopback = false;

	if (!vg_url_parse(vg_str(seed), NULL, &url, NULL)) {
		struct vg_str host = vg_url_host(&url);

		loopback = vg_str_starts(host, VG_STR("127.")) ||
			   vg_str_eqz(host, "[::1]") || vg_str_eqz(host, "localhost");
	}
	vg_url_release(&url);
	return loopback;
}

static enum vg_status job_user_agent(struct job *j, struct vg_error *err)
{
	const struct vg_crawl_config *c = &j->config;
	bool stays_here = true;

	for (size_t i = 0; i < c->site_count; i++)
		for (const char *const *s = c->sites[i].seeds; *s; s++)
			stays_here &= is_loopback(*s);
	if (!vg_conf_user_agent(j->cli->conf, &j->user_agent, err))
		return VG_OK;
	if (!stays_here) {
		vg_cli_hint(
		    j->cli, "vigia %s --contact you@newsroom.example", j->cli->path);
		j->cli->exit_code = VG_EXIT_USAGE;
		return err->status;
	}
	vg_buf_clear(&j->user_agent);
	vg_buf_addz(&j->user_agent, "vigia/" PACKAGE_VERSION " (+loopback)");
	return VG_OK;
}

/* The command line over the configuration. */
static enum vg_status job_overrides(struct job *j, struct vg_error *err)
{
	static const struct {
		const char *option, *key;
	} rows[] = {{"delay", "crawl.delay"}, {"workers", "crawl.workers"},
	    {"contact", "operator.contact"}, {"max-depth", "crawl.max_depth"},
	    {"log-file", "crawl.log_file"}, {"log-format", "crawl.log_format"},
	    {"metrics", "crawl.metrics_listen"}};
	struct vg_cli *cli = j->cli;
	enum vg_status status = VG_OK;

	for (size_t i = 0; !status && i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct vg_option_value *value =
		    vg_option_find(&cli->options, rows[i].option);
		char origin[32];

		(void)snprintf(origin, sizeof(origin), "--%s", rows[i].option);
		if (value)
			status = vg_conf_set(
			    cli->conf, rows[i].key, value->text, origin, err);
	}
	for (int i = 0; !status && i < cli->operand_count; i++)
		if (!vg_conf_find_site(cli->conf, vg_str(cli->operands[i])))
			status = vg_conf_add_site(cli->conf, cli->operands[i],
			    cli->operands[i], "command line", err);
	if (status)
		cli->exit_code = VG_EXIT_USAGE;
	return status;
}

/* With operands only they are crawled; with --site only those; else every enabled site. */
static bool job_wants(const struct job *j, const struct vg_conf_site *site)
{
	const struct vg_option_value *named;

	for (int i = 0; i < j->cli->operand_count; i++)
		if (!strcmp(site->name, j->cli->operands[i]))
			return true;
	if (j->cli->operand_count)
		return false;
	for (size_t n = 0; (named = vg_option_nth(&j->cli->options, "site", n)); n++)
		if (!strcmp(site->name, named->text))
			return true;
	return !vg_option_is_set(&j->cli->options, "site") && site->enabled;
}

static enum vg_status job_check_names(const struct job *j, struct vg_error *err)
{
	const struct vg_option_value *named;

	for (size_t n = 0; (named = vg_option_nth(&j->cli->options, "site", n)); n++)
		if (!vg_conf_find_site(j->cli->conf, vg_str(named->text)))
			return vg_cli_usage(
			    j->cli, err, "no [site %s] in vigia.ini", named->text);
	return VG_OK;
}

/* A site that is not asked now needs an explanation. */
static void tell_hours(const struct job *j, const struct vg_conf_site *site,
    const struct vg_schedule *schedule)
{
	int64_t now = vg_clock_now();
	char text[VG_ZONE_TEXT];

	if (vg_schedule_is_open(schedule, now))
		return;
	now -= now % VG_SECOND;
	vg_zone_format(
	    vg_schedule_zone(schedule), vg_schedule_opens(schedule, now), text);
	vg_cli_notice(j->cli,
	    "%s: nothing is asked outside of its allowed_hours, which begin at %s",
	    site->name, text);
}

static enum vg_status job_sites(struct job *j, struct vg_error *err)
{
	const struct vg_conf *conf = j->cli->conf;
	enum vg_status status = job_check_names(j, err);

	if (status)
		return status;
	j->sites = calloc(conf->site_count + 1, sizeof(*j->sites));
	if (!j->sites)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	j->config.sites = j->sites;
	for (size_t i = 0; i < conf->site_count; i++) {
		const struct vg_conf_site *site = &conf->sites[i];
		struct vg_schedule *schedule;

		if (!job_wants(j, site))
			continue;
		status = vg_cli_schedule(site, &schedule, err);
		if (status)
			return status;
		tell_hours(j, site, schedule);
		j->sites[j->config.site_count++] = (struct vg_crawl_site){
		    .name = site->name,
		    .seeds = site->seeds,
		    .exclude = site->exclude,
		    .plugin = site->plugin,
		    .proxy = site->proxy,
		    .scope = (enum vg_scope_kind)site->scope,
		    .delay = site->limits.delay,
		    .max_pages = site->limits.max_pages,
		    .daily_requests = site->limits.daily_requests,
		    .daily_bytes = site->limits.daily_bytes,
		    .max_body = (size_t)site->limits.max_bytes,
		    .max_depth = (uint32_t)site->limits.max_depth,
		    .schedule = schedule,
		};
	}
	if (j->config.site_count)
		return VG_OK;
	vg_cli_hint(j->cli,
	    "add a [site NAME] with seeds to %s/vigia.ini, or vigia crawl URL",
	    j->cli->case_dir ? j->cli->case_dir : "DIR");
	return vg_cli_usage(j->cli, err, "no site to crawl");
}

static enum vg_status job_store(struct job *j, struct vg_error *err)
{
	char path[4096];
	enum vg_status status = VG_OK;

	if (j->cli->case_dir) {
		(void)snprintf(path, sizeof(path), "%s/vigia.db", j->cli->case_dir);
		return vg_store_open(path, VG_STORE_WRITE, &j->store, err);
	}
	if (!j->cli->operand_count) {
		vg_cli_hint(
		    j->cli, "vigia init DIR --contact EMAIL, or vigia crawl URL");
		return vg_cli_usage(
		    j->cli, err, "crawl: not inside a case, and no URL");
	}
	memcpy(
	    j->temporary, "/tmp/vigia-case-XXXXXX", sizeof("/tmp/vigia-case-XXXXXX"));
	if (!mkdtemp(j->temporary)) {
		j->temporary[0] = '\0';
		return vg_fail(err, VG_E_IO, "cannot make a temporary case in /tmp");
	}
	(void)snprintf(path, sizeof(path), "%s/vigia.db", j->temporary);
	status = vg_store_create(path, err);
	return status ? status : vg_store_open(path, VG_STORE_WRITE, &j->store, err);
}

static enum vg_status job_setup(struct job *j, struct vg_error *err)
{
	struct vg_cli *cli = j->cli;
	struct vg_crawl_config *c = &j->config;
	enum vg_status status;

	if (vg_option_is_set(&cli->options, "resume") &&
	    (vg_option_is_set(&cli->options, "fresh") ||
		vg_option_is_set(&cli->options, "again")))
		return vg_cli_usage(cli, err,
		    "crawl: --resume goes on, --fresh and --again begin anew");
	status = job_overrides(j, err);
	if (!status)
		status = job_sites(j, err);
	if (!status)
		status = job_user_agent(j, err);
	if (!status)
		status = job_store(j, err);
	if (status)
		return status;
	c->fetch = (struct vg_fetch_config){
	    .user_agent = vg_buf_cstr(&j->user_agent),
	    .connect_to = cli->conf->connect_to,
	    .allow_address = cli->conf->allow_address,
	    .allow_private = vg_option_is_set(&cli->options, "allow-private"),
	    .accept_encoding = cli->conf->accept_encoding,
	    .ca_file = cli->conf->ca_file[0] ? cli->conf->ca_file : NULL,
	    .max_body = (size_t)cli->conf->limits.max_bytes,
	    .max_time = cli->conf->limits.timeout,
	    .max_idle = cli->conf->limits.idle_timeout,
	};
	c->pool = (struct vg_pool_config){
	    .analyser = {.lexicon_dir = vg_cli_lexicon_dir(cli),
		.plugin_dir = vg_cli_plugin_dir(cli),
		.lexicon = true,
		.plugins = true},
	    .workers = (int)cli->conf->workers,
	    .deadline_ms = (int)(cli->conf->deadline / 1000),
	};
	c->group_pages = (int)cli->conf->commit_pages;
	c->group_time = cli->conf->commit_interval;
	c->max_urls = (size_t)cli->conf->max_urls;
	c->backoff = cli->conf->backoff;
	c->again = vg_option_is_set(&cli->options, "again");
	if (vg_option_is_set(&cli->options, "resume"))
		c->resume = VG_CRAWL_RESUME_ALWAYS;
	else if (vg_option_is_set(&cli->options, "fresh"))
		c->resume = VG_CRAWL_RESUME_NEVER;
	c->max_pages = vg_option_num(&cli->options, "max-pages", 0);
	c->max_time = vg_option_num(&cli->options, "for", 0);
	c->stop = &stop_requests;
	c->event = vg_crawl_tell_event;
	c->progress = vg_crawl_tell_progress;
	c->pollfds = vg_crawl_tell_pollfds;
	c->polled = vg_crawl_tell_polled;
	c->ctx = &j->tell;
	j->tell.stop = &stop_requests;
	j->tell.status_wanted = &status_wanted;
	return VG_OK;
}

static enum vg_status settle(struct job *j, enum vg_status status,
    const struct vg_crawl_stats *s, struct vg_error *err)
{
	struct vg_cli *cli = j->cli;

	if (status == VG_E_NOT_FOUND && j->config.resume == VG_CRAWL_RESUME_ALWAYS) {
		cli->exit_code = VG_EXIT_NEGATIVE;
		vg_cli_hint(cli, "vigia crawl");
		return status;
	}
	if (status && status != VG_E_STOP) {
		vg_cli_hint(
		    cli, "what was committed is safe; vigia crawl goes on from there");
		return status;
	}
	vg_crawl_tell_summary(&j->tell, s, j->config.site_count);
	if (status == VG_E_STOP && stop_requests) {
		cli->exit_code = VG_EXIT_INTERRUPTED;
		vg_cli_hint(cli, "vigia crawl goes on from there");
		return vg_fail(
		    err, VG_E_STOP, "stopped; everything fetched is committed");
	}
	if (status == VG_E_STOP)
		vg_cli_notice(
		    cli, "a limit was met; what is left waits for the next crawl");
	if (vg_crawl_failed(s) && !s->outcomes[VG_FETCH_OK])
		cli->exit_code = VG_EXIT_NETWORK;
	else if (vg_crawl_failed(s) || s->problems)
		cli->exit_code = VG_EXIT_PARTIAL;
	if (!s->pages && !s->refused && !status)
		vg_cli_notice(cli, "nothing is due yet; --again visits the seeds now");
	return VG_OK;
}

/* --dry-run: an address a line, in the order of their visit. */
static enum vg_status print_plan(struct job *j, struct vg_error *err)
{
	struct vg_arena *arena = vg_arena_new(PLAN_MEMORY);
	struct vg_buf out = VG_BUF_INIT(PLAN_MEMORY);
	struct vg_frontier_row *rows = NULL;
	size_t count = 0;
	enum vg_status status =
	    arena ? vg_crawl_plan(&j->config, j->store, arena, &rows, &count, err)
		  : vg_fail(err, VG_E_NOMEM, "out of memory");

	for (size_t i = 0; !status && i < count; i++) {
		struct vg_json_writer w = vg_json_writer(&out);

		if (j->cli->json) {
			vg_jw_object(&w);
			vg_jw_kstrz(&w, "event", "planned");
			vg_jw_kstr(&w, "url", rows[i].url);
			vg_jw_kstr(&w, "site", rows[i].site);
			vg_jw_end_object(&w);
		} else {
			vg_escape_terminal(&out, rows[i].url);
		}
		vg_buf_addc(&out, '\n');
	}
	if (!status)
		status = vg_cli_print(j->cli, &out, !j->cli->json, err);
	if (!status)
		vg_cli_notice(j->cli,
		    "%zu pages would be visited, and what they link to; nothing was "
		    "requested",
		    count);
	vg_buf_release(&out);
	vg_arena_free(arena);
	return status;
}

static enum vg_status visit(struct job *j, struct vg_error *err)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct sigaction status_action = {
	    .sa_handler = on_status, .sa_flags = SA_RESTART};
	struct vg_crawl_stats stats = {0};
	enum vg_status status = vg_crawl_tell_init(&j->tell, j->cli, j->store, err);

	if (status)
		return status;
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGUSR1, &status_action, NULL);
	status = vg_crawl_run(&j->config, j->store, &stats, err);
	vg_progress_clear(j->tell.progress);
	return settle(j, status, &stats, err);
}

static enum vg_status run(struct vg_cli *cli, struct vg_error *err)
{
	struct job j = {
	    .cli = cli, .tell = {.cli = cli}, .user_agent = VG_BUF_INIT(4096)};
	enum vg_status status = job_setup(&j, err);

	if (!status)
		status = vg_option_is_set(&cli->options, "dry-run")
			     ? print_plan(&j, err)
			     : visit(&j, err);
	job_release(&j);
	return status;
}

static const struct vg_option options[] = {
    {"again", 0, VG_OPT_FLAG, 0, NULL, 0, 0,
	"visit the seeds even if they are not due yet"},
    {"allow-private", 0, VG_OPT_FLAG, 0, NULL, 0, 0,
	"let requests reach private and loopback addresses: for tests only"},
    {"contact", 0, VG_OPT_STR, 0, "ADDRESS", 0, 0,
	"your e-mail address or web page, sent with every request"},
    {"delay", 0, VG_OPT_STR, 0, "TIME", 0, 0,
	"least gap between two requests to one host; never below a second for the "
	"public web"},
    {"dry-run", 0, VG_OPT_FLAG, 0, NULL, 0, 0,
	"list the addresses that would be visited first, and request nothing"},
    {"for", 0, VG_OPT_DURATION, 0, "TIME", 0, 0, "stop after this time"},
    {"fresh", 0, VG_OPT_FLAG, 0, NULL, 0, 0,
	"visit what is due now, even if an interrupted crawl of today visited it"},
    {"lexicon", 0, VG_OPT_STR, 0, "DIR", 0, 0, "read the detection tables from DIR"},
    {"log-file", 0, VG_OPT_STR, 0, "FILE", 0, 0,
	"append one line for each request, refusal and verdict to FILE; - is standard "
	"error"},
    {"log-format", 0, VG_OPT_ENUM, 0, "json|text", 0, 0,
	"how such a line is written (default: json); alone it means --log-file -"},
    {"max-depth", 0, VG_OPT_STR, 0, "N", 0, 0, "links away from a seed, at most"},
    {"max-pages", 0, VG_OPT_INT, 0, "N", 1, INT32_MAX, "stop after N pages"},
    {"metrics", 0, VG_OPT_STR, 0, "ADDRESS", 0, 0,
	"answer /metrics for Prometheus on a loopback address such as 127.0.0.1:9464"},
    {"plugins", 0, VG_OPT_STR, 0, "DIR", 0, 0, "load the site plugins from DIR"},
    {"progress", 0, VG_OPT_ENUM, 0, "none|line|lines|json", 0, 0,
	"how progress is shown; by default one line on a terminal, none elsewhere"},
    {"resume", 0, VG_OPT_FLAG, 0, NULL, 0, 0,
	"go on with the crawl that was interrupted, however long ago; without it one "
	"of "
	"the last day is continued"},
    {"site", 0, VG_OPT_STR, VG_OPT_MANY, "NAME", 0, 0,
	"crawl only this site; may be repeated"},
    {"workers", 0, VG_OPT_STR, 0, "N", 0, 0,
	"analysis processes; 0 analyses in this process, without the sandbox"},
    {0},
};

const struct vg_cmd vg_cmd_crawl = {
    .name = "crawl",
    .summary = "visit what is due, judge it and keep the evidence",
    .usage = "[SITE|URL...] [--site NAME] [--max-pages N] [--for TIME] [--dry-run]",
    .about =
	"Visits every page of the case's sites that is due, and what it discovers "
	"in their scope, "
	"then ends. robots.txt is obeyed, one request at a time goes to a host, "
	"and nothing is "
	"bought, posted or logged into. A SITE is one of the configuration. With a URL "
	"and outside of a case the "
	"results go to a "
	"temporary case that ends with the run. An interrupt finishes what is in "
	"flight and "
	"commits it; the next crawl goes on from there. SIGUSR1 prints one line of "
	"progress.",
    .examples =
	"  vigia crawl\n"
	"  vigia crawl --site farmacia-sol --max-pages 50\n"
	"  vigia crawl http://127.0.0.1:8080/ --json --delay 0 --allow-private\n",
    .options = options,
    .flags = VG_CMD_CONF,
    .max_operands = -1,
    .run = run,
};
