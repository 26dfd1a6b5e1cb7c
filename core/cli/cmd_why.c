/* SPDX-License-Identifier: MIT */
/* vigia why: everything that decides about one address, in the order in which it is decided. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "conf/conf.h"
#include "crawl/crawl.h"
#include "policy/rate.h"
#include "policy/robots.h"
#include "store/operate.h"

#define ARENA ((size_t)64 << 20)

/* The facts of one answer, as lines or as members of an object. */
struct report {
	struct vg_cli *cli;
	struct vg_arena *arena;
	struct vg_buf out;
	struct vg_json_writer json;
};

static void say(struct report *r, const char *key, struct vg_str value)
{
	if (r->cli->json) {
		vg_jw_kstr(&r->json, key, value);
		return;
	}
	vg_buf_addf(&r->out, "%-10s ", key);
	vg_escape_terminal(&r->out, value);
	vg_buf_addc(&r->out, '\n');
}

static void say_number(struct report *r, const char *key, int64_t value)
{
	if (r->cli->json)
		vg_jw_kint(&r->json, key, value);
	else
		vg_buf_addf(&r->out, "%-10s %lld\n", key, (long long)value);
}

static void say_time(struct report *r, const char *key, int64_t at)
{
	char text[VG_RFC3339_LEN];

	if (at <= 0)
		return;
	vg_time_format(at, text);
	say(r, key, at == VG_NEVER ? VG_STR("never") : vg_str(text));
}

/* Which sites would take the address, and why the others do not. */
static enum vg_status say_scope(
    struct report *r, const struct vg_url *url, uint32_t depth, struct vg_error *err)
{
	const struct vg_conf *conf = r->cli->conf;
	enum vg_status st = VG_OK;

	for (size_t i = 0; st == VG_OK && i < conf->site_count; i++) {
		const struct vg_conf_site *site = &conf->sites[i];
		struct vg_crawl_site config = {.name = site->name,
		    .seeds = site->seeds,
		    .exclude = site->exclude,
		    .scope = (enum vg_scope_kind)site->scope,
		    .max_depth = (uint32_t)site->limits.max_depth};
		struct vg_scope *scope = NULL;
		enum vg_scope_answer answer;
		struct vg_str text;

		st = vg_crawl_scope(&config, &scope, err);
		if (st != VG_OK)
			break;
		answer = vg_scope_check(scope, url, depth);
		vg_scope_free(scope);
		if (answer == VG_SCOPE_OTHER_SITE)
			continue;
		text = vg_arena_printf(r->arena, "%s: %s%s", site->name,
		    vg_scope_answer_name(answer), site->enabled ? "" : ", not enabled");
		say(r, "scope", text);
	}
	return st;
}

static enum vg_status say_robots(
    struct report *r, const struct vg_url *url, struct vg_error *err)
{
	struct vg_robots_entry entry;
	struct vg_robots_verdict verdict;
	struct vg_robots *robots = NULL;
	enum vg_status st = vg_store_get_robots(
	    r->cli->store, r->arena, vg_url_origin(url), &entry, err);

	if (st == VG_E_NOT_FOUND) {
		say(r, "robots", VG_STR("not asked for yet"));
		return VG_OK;
	}
	if (st != VG_OK)
		return st;
	switch (vg_robots_outcome((int)entry.status)) {
	case VG_ROBOTS_RULES:
		st = vg_robots_parse(entry.body, &robots, err);
		if (st != VG_OK)
			return st;
		verdict = vg_robots_test(robots, VG_STR("vigia"), vg_url_href(url));
		say(r, "robots",
		    vg_arena_printf(r->arena, "%s%s%.*s",
			verdict.allowed ? "allowed" : "refused",
			verdict.line ? ", by the rule " : "",
			VG_STR_ARG(verdict.rule)));
		if (verdict.line)
			say_number(r, "line", verdict.line);
		if (vg_robots_delay(robots, VG_STR("vigia")) > 0)
			say_number(r, "delay_ms",
			    vg_robots_delay(robots, VG_STR("vigia")) / 1000);
		vg_robots_free(robots);
		break;
	case VG_ROBOTS_DISALLOW_ALL:
		say(r, "robots", VG_STR("could not be read: nothing is fetched"));
		break;
	default:
		say(r, "robots", VG_STR("there is none: everything is allowed"));
		break;
	}
	say_time(r, "until", entry.expires_at);
	return VG_OK;
}

static void say_row(struct report *r, const struct vg_frontier_row *row)
{
	say(r, "site", row->site);
	say_number(r, "depth", row->depth);
	say(r, "state",
	    row->due_at == VG_NEVER         ? VG_STR("dropped")
	    : row->held                     ? VG_STR("held")
	    : row->due_at <= vg_clock_now() ? VG_STR("due")
					    : VG_STR("waiting"));
	say_time(r, "due", row->due_at);
	say_time(r, "visited", row->visited_at);
	if (row->note.len)
		say(r, "last", row->note);
	if (row->failures)
		say_number(r, "failures", row->failures);
	say_time(r, "host_next", row->host_next_at);
	if (row->host_failures)
		say_number(r, "host_fails", row->host_failures);
	if (row->host_failures >= VG_RATE_BREAK)
		say(r, "breaker",
		    row->host_next_at > vg_clock_now()
			? VG_STR("open: its host failed too often, and rests")
			: VG_STR("half open: the next request is a probe"));
	if (row->lease_until > vg_clock_boot())
		say(r, "leased", VG_STR("by a crawl that runs"));
}

static enum vg_status say_capture(
    struct report *r, struct vg_str url, struct vg_error *err)
{
	struct vg_store_capture capture;
	char id[VG_SHA256_HEX];
	enum vg_status st =
	    vg_store_latest_capture(r->cli->store, r->arena, url, &capture, err);

	if (st != VG_OK)
		return st == VG_E_NOT_FOUND ? VG_OK : st;
	vg_hex(capture.id.bytes, sizeof(capture.id.bytes), id);
	say(r, "capture", vg_str(id));
	say_time(r, "captured", capture.leaf.started);
	say(r, "outcome", capture.leaf.outcome);
	say_number(r, "status", capture.leaf.status);
	if (capture.leaf.detail.len)
		say(r, "detail", capture.leaf.detail);
	if (capture.reason.len)
		say(r, "unjudged", capture.reason);
	if (capture.robots.len)
		say(r, "robots_tag", capture.robots);
	return VG_OK;
}

static enum vg_status report(
    struct report *r, struct vg_str address, struct vg_error *err)
{
	struct vg_frontier_row *rows = NULL;
	struct vg_frontier_filter filter = {.max = 1};
	struct vg_buf identity = VG_BUF_INIT(VG_URL_MAX_PARSE);
	struct vg_url url = VG_URL_INIT;
	size_t count = 0;
	enum vg_status st = vg_url_parse(address, NULL, &url, err);

	/* As asked for, and as a link of a page would be known. */
	if (st == VG_OK) {
		filter.url = vg_str_sub(vg_url_href(&url), 0, url.fragment);
		st = vg_store_frontier_list(
		    r->cli->store, r->arena, &filter, &rows, &count, err);
	}
	if (st == VG_OK && !count &&
	    vg_url_normalise(address, &identity, NULL) == VG_OK) {
		filter.url = vg_buf_str(&identity);
		st = vg_store_frontier_list(
		    r->cli->store, r->arena, &filter, &rows, &count, err);
	}
	if (st == VG_OK) {
		say(r, "url", filter.url);
		st = say_scope(r, &url, count ? (uint32_t)rows[0].depth : 0, err);
	}
	if (st == VG_OK)
		st = say_robots(r, &url, err);
	if (st == VG_OK && count)
		say_row(r, &rows[0]);
	else if (st == VG_OK)
		say(r, "state", VG_STR("unknown: no page linked to it"));
	if (st == VG_OK)
		st = say_capture(r, filter.url, err);
	if (st == VG_OK && !count)
		r->cli->exit_code = VG_EXIT_NEGATIVE;
	vg_buf_release(&identity);
	vg_url_release(&url);
	return st;
}

static enum vg_status run(struct vg_cli *cli, struct vg_error *err)
{
	struct report r = {.cli = cli, .out = VG_BUF_INIT(1u << 20)};
	enum vg_status st;

	r.arena = vg_arena_new(ARENA);
	if (!r.arena)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	r.json = vg_json_writer(&r.out);
	if (cli->json)
		vg_jw_object(&r.json);
	st = report(&r, vg_str(cli->operands[0]), err);
	if (cli->json) {
		vg_jw_end_object(&r.json);
		vg_buf_addc(&r.out, '\n');
	}
	if (st == VG_OK)
		st = vg_buf_status(&r.out, err);
	if (st == VG_OK)
		vg_stdout_add(&r.out);
	vg_buf_release(&r.out);
	vg_arena_free(r.arena);
	return st;
}

const struct vg_cmd vg_cmd_why = {
    .name = "why",
    .summary = "say all that decides about one address",
    .usage = "URL",
    .about =
	"Scope, the line of robots.txt, when it is due, what holds its host, what came "
	"of its "
	"last visit and why that was not judged. Exit code 1: no page led to it yet.",
    .examples = "  vigia why http://farmacia-sol.example/catalogo\n",
    .flags = VG_CMD_CASE | VG_CMD_STORE_RO,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
