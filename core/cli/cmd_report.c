/* SPDX-License-Identifier: MIT */
/* vigia report: what a finished crawl can show for itself, read from its evidence. */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "conf/conf.h"
#include "crawl/crawl.h"
#include "fetch/guard.h"
#include "fetch/http.h"
#include "policy/rate.h"
#include "policy/robots.h"
#include "policy/scope.h"
#include "store/operate.h"
#include "url/url.h"

#define ARENA ((size_t)1 << 30)
#define MAX_TOLD 20 /* requests before their time that are told one by one */

/* A request and the host it went to. */
struct asked {
	const struct vg_request_row *row;
	struct vg_str host, origin;
};

/* What was found of one host. */
struct host_report {
	struct vg_str host;
	int64_t requests, least_gap, need; /* microseconds; -1: only one request */
	int64_t patience;                  /* answers that said when to come again */
	int64_t early;                     /* requests before their time */
	const char *why;                   /* of the last of them */
};

struct report {
	struct vg_cli *cli;
	struct vg_arena *arena;
	struct vg_buf out, head;
	struct vg_run_row run;
	int64_t delay; /* what the operator promised */
	int64_t hosts, requests, early;
};

static int by_host(const void *a, const void *b)
{
	const struct asked *x = a, *y = b;
	size_t len = x->host.len < y->host.len ? x->host.len : y->host.len;
	int order = len ? memcmp(x->host.ptr, y->host.ptr, len) : 0;

	if (!order)
		order = (x->host.len > y->host.len) - (x->host.len < y->host.len);
	if (!order)
		order = (x->row->started > y->row->started) -
			(x->row->started < y->row->started);
	return order;
}

/* A special address is only reached when the operator permits exactly it: then there is no floor. */
static bool is_permitted(struct vg_str peer)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	char text[INET6_ADDRSTRLEN];
	size_t start = peer.len && peer.ptr[0] == '[', end = peer.len;

	while (end > start && peer.ptr[end - 1] != ':')
		end--;
	if (end <= start + 1 + start || end - 1 - 2 * start >= sizeof(text))
		return false;
	end -= 1 + start;
	memcpy(text, peer.ptr + start, end - start);
	text[end - start] = '\0';
	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return vg_address_is_special((struct sockaddr *)&v4);
	return inet_pton(AF_INET6, text, &v6.sin6_addr) == 1 &&
	       vg_address_is_special((struct sockaddr *)&v6);
}

/* What robots.txt asks of whoever comes after it was read; 0: nothing. */
static enum vg_status crawl_delay(struct report *r, struct vg_str origin,
    int64_t *ret_delay, int64_t *ret_since, struct vg_error *err)
{
	struct vg_robots_entry entry;
	struct vg_robots *robots = NULL;
	enum vg_status st =
	    vg_store_get_robots(r->cli->store, r->arena, origin, &entry, err);

	*ret_delay = 0;
	*ret_since = INT64_MAX;
	if (st == VG_E_NOT_FOUND)
		return VG_OK;
	if (st == VG_OK && vg_robots_outcome((int)entry.status) != VG_ROBOTS_RULES)
		return VG_OK;
	if (st == VG_OK)
		st = vg_robots_parse(entry.body, &robots, err);
	if (st != VG_OK)
		return st;
	*ret_delay = vg_robots_delay(robots, VG_STR("vigia"));
	if (*ret_delay > VG_RATE_CRAWL_DELAY_MAX)
		*ret_delay = VG_RATE_CRAWL_DELAY_MAX;
	*ret_since = entry.fetched_at;
	vg_robots_free(robots);
	return VG_OK;
}

/* When the answer asks us to come again; 0: it does not say. */
static enum vg_status asked_patience(struct report *r, const struct vg_request_row *row,
    int64_t *ret_at, struct vg_error *err)
{
	struct vg_str value;
	enum vg_status st;

	*ret_at = 0;
	if (!row->has_head || (row->status != 429 && row->status != 503))
		return VG_OK;
	vg_buf_clear(&r->head);
	st = vg_store_read_blob(r->cli->store, &row->head, &r->head, err);
	if (st != VG_OK)
		return st;
	value = vg_http_header(vg_buf_str(&r->head), "retry-after", 0);
	if (!vg_retry_after_parse(value, row->started + row->total_us, ret_at))
		*ret_at = 0;
	return VG_OK;
}

static void tell_early(struct report *r, const struct asked *request,
    struct host_report *h, const char *why)
{
	char time[VG_RFC3339_LEN];

	h->early++;
	h->why = why;
	if (r->cli->json || ++r->early > MAX_TOLD)
		return;
	vg_time_format(request->row->started, time);
	vg_buf_addf(&r->out, "%s before its time (%s): ", time, why);
	vg_escape_terminal(&r->out, request->row->url);
	vg_buf_addc(&r->out, '\n');
}

/* What the sites promise that the host's pages belong to, the least of them; else crawl.delay. */
static enum vg_status promised(struct report *r, const struct asked *all, size_t count,
    int64_t *ret, struct vg_error *err)
{
	const struct vg_conf *conf = r->cli->conf;
	struct vg_url url = VG_URL_INIT;
	int64_t least = INT64_MAX;
	enum vg_status st = VG_OK;

	*ret = r->delay;
	if (vg_option_is_set(&r->cli->options, "delay"))
		return VG_OK;
	for (size_t i = 0; st == VG_OK && i < conf->site_count; i++) {
		const struct vg_conf_site *site = &conf->sites[i];
		struct vg_crawl_site config = {.name = site->name,
		    .seeds = site->seeds,
		    .exclude = site->exclude,
		    .scope = (enum vg_scope_kind)site->scope,
		    .max_depth = (uint32_t)site->limits.max_depth};
		struct vg_scope *scope = NULL;
		bool found = site->limits.delay >= least;

		st = vg_crawl_scope(&config, &scope, err);
		for (size_t k = 0; st == VG_OK && !found && k < count; k++)
			if (vg_url_parse(all[k].row->url, NULL, &url, NULL) == VG_OK &&
			    vg_scope_check(scope, &url, 0) == VG_SCOPE_IN) {
				least = site->limits.delay;
				found = true;
			}
		vg_scope_free(scope);
	}
	vg_url_release(&url);
	if (least != INT64_MAX)
		*ret = least;
	return st;
}

/* The requests of one host, in the order of their start. */
static enum vg_status read_host(struct report *r, const struct asked *all, size_t count,
    struct host_report *h, struct vg_error *err)
{
	int64_t end = 0, retry_at = 0, delay = 0, since = INT64_MAX;
	struct vg_str origin = {0};
	int64_t promise;
	enum vg_status st = promised(r, all, count, &promise, err);

	*h = (struct host_report){
	    .host = all->host, .requests = (int64_t)count, .least_gap = -1};
	for (size_t i = 0; st == VG_OK && i < count; i++) {
		const struct vg_request_row *row = all[i].row;
		int64_t gap = row->started - end, need = promise;

		if (!vg_str_eq(origin, all[i].origin))
			st = crawl_delay(r, all[i].origin, &delay, &since, err);
		origin = all[i].origin;
		if ((row->proxied || !is_permitted(row->peer)) && need < VG_RATE_FLOOR)
			need = VG_RATE_FLOOR;
		if (row->started >= since && delay > need)
			need = delay;
		h->need = need > h->need ? need : h->need;
		if (i && (h->least_gap < 0 || gap < h->least_gap))
			h->least_gap = gap > 0 ? gap : 0;
		if (i && gap < 0)
			tell_early(r, &all[i], h, "another was not answered yet");
		else if (i && gap < need)
			tell_early(r, &all[i], h, "the gap");
		else if (row->started < retry_at)
			tell_early(r, &all[i], h, "Retry-After");
		if (row->started + row->total_us > end)
			end = row->started + row->total_us;
		if (st == VG_OK)
			st = asked_patience(r, row, &retry_at, err);
		h->patience += retry_at != 0;
	}
	return st;
}

static void print_host(struct report *r, const struct host_report *h)
{
	struct vg_json_writer w = vg_json_writer(&r->out);

	if (!r->cli->json) {
		vg_buf_addf(&r->out, "%8lld %9.3f %9.3f %8lld %6lld  ",
		    (long long)h->requests,
		    h->least_gap < 0 ? 0.0 : (double)h->least_gap / (double)VG_SECOND,
		    (double)h->need / (double)VG_SECOND, (long long)h->patience,
		    (long long)h->early);
		vg_escape_terminal(&r->out, h->host);
		vg_buf_addc(&r->out, '\n');
		return;
	}
	vg_jw_object(&w);
	vg_jw_kstr(&w, "host", h->host);
	vg_jw_kint(&w, "requests", h->requests);
	vg_jw_key(&w, "least_gap_us");
	if (h->least_gap < 0)
		vg_jw_null(&w);
	else
		vg_jw_int(&w, h->least_gap);
	vg_jw_kint(&w, "asked_gap_us", h->need);
	vg_jw_kint(&w, "asked_patience", h->patience);
	vg_jw_kint(&w, "early", h->early);
	if (h->why)
		vg_jw_kstrz(&w, "why", h->why);
	vg_jw_end_object(&w);
	vg_buf_addc(&r->out, '\n');
}

/* Each row with its host, by host and time. */
static enum vg_status by_hosts(struct report *r, const struct vg_request_row *rows,
    size_t count, struct asked **ret, struct vg_error *err)
{
	struct asked *all = vg_arena_array(r->arena, count ? count : 1, sizeof(*all));
	struct vg_url url = VG_URL_INIT;

	for (size_t i = 0; all && i < count; i++) {
		all[i] = (struct asked){.row = &rows[i]};
		if (vg_url_parse(rows[i].url, NULL, &url, NULL) != VG_OK)
			continue;
		all[i].host = vg_arena_str(r->arena, vg_url_host(&url));
		all[i].origin = vg_arena_str(r->arena, vg_url_origin(&url));
		if (!all[i].host.ptr || !all[i].origin.ptr)
			all = NULL;
	}
	vg_url_release(&url);
	if (!all)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	qsort(all, count, sizeof(*all), by_host);
	*ret = all;
	return VG_OK;
}

static enum vg_status report_hosts(struct report *r, struct vg_error *err)
{
	struct vg_request_row *rows = NULL;
	struct asked *all = NULL;
	size_t count = 0, next;
	int64_t end = r->run.ended ? r->run.ended : vg_clock_now();
	enum vg_status st = vg_store_requests(
	    r->cli->store, r->arena, r->run.started, end, &rows, &count, err);

	if (st == VG_OK)
		st = by_hosts(r, rows, count, &all, err);
	if (st == VG_OK && !r->cli->json)
		vg_buf_addf(&r->out, "%8s %9s %9s %8s %6s  host\n", "requests",
		    "least gap", "asked for", "patience", "early");
	r->requests = (int64_t)count;
	for (size_t i = 0; st == VG_OK && i < count; i = next) {
		struct host_report h;

		for (next = i + 1;
		     next < count && vg_str_eq(all[i].host, all[next].host);)
			next++;
		st = read_host(r, all + i, next - i, &h, err);
		if (st == VG_OK)
			print_host(r, &h);
		r->hosts++;
		if (h.early)
			r->cli->exit_code = VG_EXIT_NEGATIVE;
	}
	return st;
}

static enum vg_status run_politeness(struct vg_cli *cli, struct vg_error *err)
{
	struct report r = {.cli = cli,
	    .arena = vg_arena_new(ARENA),
	    .out = VG_BUF_INIT(ARENA),
	    .head = VG_BUF_INIT(VG_MAX_HEADERS),
	    .delay = vg_option_num(&cli->options, "delay", cli->conf->limits.delay)};
	int64_t wanted = vg_option_num(&cli->options, "run", 0);
	enum vg_status st = r.arena ? vg_store_find_run(cli->store, wanted, &r.run, err)
				    : vg_fail(err, VG_E_NOMEM, "out of memory");

	if (st == VG_E_NOT_FOUND) {
		vg_cli_hint(cli, "vigia crawl");
		st = vg_fail(err, VG_E_NOT_FOUND,
		    wanted ? "there is no such crawl" : "nothing was crawled yet");
	}
	if (st == VG_OK)
		st = report_hosts(&r, err);
	if (st == VG_OK)
		st = vg_cli_print(cli, &r.out, !cli->json, err);
	if (st == VG_OK)
		vg_cli_notice(cli, "crawl %lld: %lld requests to %lld hosts, %s",
		    (long long)r.run.id, (long long)r.requests, (long long)r.hosts,
		    cli->exit_code ? "some before their time" : "none before its time");
	vg_buf_release(&r.head);
	vg_buf_release(&r.out);
	vg_arena_free(r.arena);
	return st;
}

static const struct vg_option politeness_options[] = {
    {"delay", 0, VG_OPT_DURATION, 0, "TIME", 0, 0,
	"the gap that was promised (default: that of the site in vigia.ini)"},
    {"run", 0, VG_OPT_INT, 0, "N", 1, INT64_MAX,
	"the crawl of this number (default: the last)"},
    {0},
};

static const struct vg_cmd cmd_politeness = {
    .name = "politeness",
    .summary = "show how each host was treated by a crawl",
    .usage = "[--run N] [--delay TIME]",
    .about = "Reads the captures of a crawl, whoever made them, and checks for each "
	     "host that "
	     "one request waited for the answer to the one before, that the gap was "
	     "kept that "
	     "the "
	     "operator, robots.txt and one second for the public web ask for, and that "
	     "nobody "
	     "came before the time an answer asked for (Retry-After). Seconds. Exit "
	     "code 1: a "
	     "request came before its time.",
    .examples = "  vigia report politeness --json\n",
    .options = politeness_options,
    .flags = VG_CMD_CASE | VG_CMD_STORE_RO,
    .run = run_politeness,
};

static const struct vg_cmd *const commands[] = {&cmd_politeness, NULL};

const struct vg_cmd vg_cmd_report = {
    .name = "report",
    .summary = "say what a finished crawl can show for itself",
    .commands = commands,
};
