/* SPDX-License-Identifier: MIT */
/* vigia frontier: what is to be visited, and changing it by hand. */
#include "config.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "conf/conf.h"
#include "store/operate.h"
#include "url/url.h"

#define ARENA ((size_t)512 << 20)

static void write_time(struct vg_json_writer *w, const char *key, int64_t at)
{
	char text[VG_RFC3339_LEN];

	vg_jw_key(w, key);
	if (at <= 0 || at == VG_NEVER) {
		vg_jw_null(w);
		return;
	}
	vg_time_format(at, text);
	vg_jw_str(w, vg_str(text));
}

static const char *state_of(const struct vg_frontier_row *row, int64_t now)
{
	if (row->due_at == VG_NEVER)
		return "dropped";
	if (row->held)
		return "held";
	return row->due_at <= now ? "due" : "waiting";
}

static void print_row(const struct vg_cli *cli, const struct vg_frontier_row *row,
    int64_t now, struct vg_buf *out)
{
	struct vg_json_writer w = vg_json_writer(out);
	char due[VG_RFC3339_LEN];

	if (!cli->json) {
		vg_time_format(row->due_at, due);
		vg_buf_addf(out, "%-8s %.19s  ", state_of(row, now),
		    row->due_at == VG_NEVER ? "never              " : due);
		vg_escape_terminal(out, row->url);
		vg_buf_addc(out, '\n');
		return;
	}
	vg_jw_object(&w);
	vg_jw_kstr(&w, "url", row->url);
	vg_jw_kstr(&w, "site", row->site);
	vg_jw_kstrz(&w, "state", state_of(row, now));
	write_time(&w, "due", row->due_at);
	write_time(&w, "visited", row->visited_at);
	vg_jw_kint(&w, "rank", row->rank);
	vg_jw_kint(&w, "depth", row->depth);
	vg_jw_kint(&w, "failures", row->failures);
	vg_jw_kstr(&w, "note", row->note);
	vg_jw_end_object(&w);
	vg_buf_addc(out, '\n');
}

static enum vg_status run_list(struct vg_cli *cli, struct vg_error *err)
{
	int64_t now = vg_clock_now();
	struct vg_frontier_filter filter = {
	    .host = vg_str(vg_option_str(&cli->options, "host", "")),
	    .site = vg_str(vg_option_str(&cli->options, "site", "")),
	    .due_by = vg_option_is_set(&cli->options, "due") ? now : 0,
	    .held = vg_option_is_set(&cli->options, "held"),
	    .max = (size_t)vg_option_num(&cli->options, "max", 1000)};
	struct vg_arena *arena = vg_arena_new(ARENA);
	struct vg_buf out = VG_BUF_INIT(ARENA);
	struct vg_frontier_row *rows = NULL;
	size_t count = 0;
	enum vg_status st = arena ? VG_OK : vg_fail(err, VG_E_NOMEM, "out of memory");

	if (st == VG_OK)
		st = vg_store_frontier_list(
		    cli->store, arena, &filter, &rows, &count, err);
	for (size_t i = 0; st == VG_OK && i < count; i++)
		print_row(cli, &rows[i], now, &out);
	if (st == VG_OK)
		st = vg_buf_status(&out, err);
	if (st == VG_OK)
		vg_stdout_add(&out);
	vg_buf_release(&out);
	vg_arena_free(arena);
	return st;
}

static enum vg_status run_stats(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_arena *arena = vg_arena_new(ARENA);
	struct vg_buf out = VG_BUF_INIT(ARENA);
	struct vg_json_writer w = vg_json_writer(&out);
	struct vg_frontier_host *rows = NULL;
	size_t count = 0;
	enum vg_status st = arena ? VG_OK : vg_fail(err, VG_E_NOMEM, "out of memory");

	if (st == VG_OK)
		st = vg_store_frontier_stats(
		    cli->store, arena, vg_clock_now(), &rows, &count, err);
	if (st == VG_OK && !cli->json && count)
		vg_buf_addf(&out, "%8s %8s %8s %8s %8s  host\n", "urls", "due", "held",
		    "visited", "failing");
	for (size_t i = 0; st == VG_OK && i < count; i++) {
		const struct vg_frontier_host *h = &rows[i];

		if (!cli->json) {
			vg_buf_addf(&out, "%8lld %8lld %8lld %8lld %8lld  ",
			    (long long)h->urls, (long long)h->due, (long long)h->held,
			    (long long)h->visited, (long long)h->failing);
			vg_escape_terminal(&out, h->host);
			vg_buf_addc(&out, '\n');
			continue;
		}
		vg_jw_object(&w);
		vg_jw_kstr(&w, "host", h->host);
		vg_jw_kint(&w, "urls", h->urls);
		vg_jw_kint(&w, "due", h->due);
		vg_jw_kint(&w, "held", h->held);
		vg_jw_kint(&w, "visited", h->visited);
		vg_jw_kint(&w, "failing", h->failing);
		write_time(&w, "next", h->next_at);
		vg_jw_end_object(&w);
		vg_buf_addc(&out, '\n');
	}
	if (st == VG_OK)
		st = vg_buf_status(&out, err);
	if (st == VG_OK)
		vg_stdout_add(&out);
	vg_buf_release(&out);
	vg_arena_free(arena);
	return st;
}

/* Keeps what was done, or takes it back after --dry-run, and says how much it was. */
static enum vg_status finish(struct vg_cli *cli, int64_t changed, struct vg_error *err)
{
	bool dry = vg_option_is_set(&cli->options, "dry-run");
	enum vg_status st = VG_OK;

	if (dry)
		vg_store_rollback(cli->store);
	else
		st = vg_store_commit(cli->store, err);
	if (st != VG_OK)
		return st;
	if (cli->json)
		printf("{\"changed\":%lld,\"dry_run\":%s}\n", (long long)changed,
		    dry ? "true" : "false");
	else
		printf("%lld addresses%s\n", (long long)changed,
		    dry ? " would change" : "");
	return VG_OK;
}

static enum vg_status run_add(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_str site = vg_str(vg_option_str(&cli->options, "site", ""));
	struct vg_url url = VG_URL_INIT;
	enum vg_status st = VG_OK;

	if (!site.len || !vg_conf_find_site(cli->conf, site))
		return vg_cli_usage(
		    cli, err, "frontier add: --site must name a [site]");
	st = vg_store_begin(cli->store, VG_HERE, err);
	for (int i = 0; st == VG_OK && i < cli->operand_count; i++) {
		struct vg_new_url entry = {.due_at = vg_clock_now()};

		st = vg_url_parse(vg_str(cli->operands[i]), NULL, &url, err);
		if (st == VG_OK && !vg_url_is_web(&url))
			st = vg_fail(err, VG_E_INVALID, "neither http nor https");
		if (st != VG_OK) {
			vg_error_prefix(err, "%s", cli->operands[i]);
			break;
		}
		entry.url = vg_str_sub(vg_url_href(&url), 0, url.fragment);
		entry.host = vg_url_host(&url);
		st = vg_store_add_seed(cli->store, site, &entry, VG_SEED_REVIVE, err);
	}
	if (st == VG_OK)
		st = finish(cli, cli->operand_count, err);
	vg_url_release(&url);
	return st;
}

static enum vg_status act(
    struct vg_cli *cli, enum vg_frontier_act action, struct vg_error *err)
{
	int64_t total = 0;
	enum vg_status st = vg_store_begin(cli->store, VG_HERE, err);

	for (int i = 0; st == VG_OK && i < cli->operand_count; i++) {
		int64_t changed = 0;

		st = vg_store_frontier_act(
		    cli->store, vg_str(cli->operands[i]), action, &changed, err);
		total += changed;
	}
	if (st == VG_OK)
		st = finish(cli, total, err);
	if (st != VG_OK)
		return st;
	if (!total)
		cli->exit_code = VG_EXIT_NEGATIVE;
	return VG_OK;
}

static enum vg_status run_hold(struct vg_cli *cli, struct vg_error *err)
{
	return act(cli, VG_FRONTIER_HOLD, err);
}

static enum vg_status run_release(struct vg_cli *cli, struct vg_error *err)
{
	return act(cli, VG_FRONTIER_RELEASE, err);
}

static enum vg_status run_drop(struct vg_cli *cli, struct vg_error *err)
{
	return act(cli, VG_FRONTIER_DROP, err);
}

static const struct vg_option list_options[] = {
    {"due", 0, VG_OPT_FLAG, 0, NULL, 0, 0, "only what is due now"},
    {"held", 0, VG_OPT_FLAG, 0, NULL, 0, 0, "only what is held"},
    {"host", 0, VG_OPT_STR, 0, "HOST", 0, 0, "only addresses of this host"},
    {"max", 0, VG_OPT_INT, 0, "N", 1, 1000000, "at most so many (default: 1000)"},
    {"site", 0, VG_OPT_STR, 0, "NAME", 0, 0, "only addresses of this site"},
    {0},
};

#define DRY_RUN                                                                        \
	{                                                                              \
		"dry-run", 0, VG_OPT_FLAG, 0, NULL, 0, 0, "say how many would change"  \
	}

static const struct vg_option act_options[] = {DRY_RUN, {0}};

static const struct vg_option add_options[] = {
    DRY_RUN,
    {"site", 0, VG_OPT_STR, 0, "NAME", 0, 0, "the site that they belong to"},
    {0},
};

static const struct vg_cmd cmd_add = {
    .name = "add",
    .summary = "make addresses due now",
    .usage = "--site NAME URL...",
    .options = add_options,
    .flags = VG_CMD_CASE | VG_CMD_STORE_RW,
    .min_operands = 1,
    .max_operands = -1,
    .run = run_add,
};

static const struct vg_cmd cmd_drop = {
    .name = "drop",
    .summary = "never visit addresses again",
    .usage = "URL|HOST...",
    .options = act_options,
    .flags = VG_CMD_CASE | VG_CMD_STORE_RW,
    .min_operands = 1,
    .max_operands = -1,
    .run = run_drop,
};

static const struct vg_cmd cmd_hold = {
    .name = "hold",
    .summary = "leave addresses, or all of a host, also what is discovered there, "
	       "alone until they are released",
    .usage = "URL|HOST...",
    .options = act_options,
    .flags = VG_CMD_CASE | VG_CMD_STORE_RW,
    .min_operands = 1,
    .max_operands = -1,
    .run = run_hold,
};

static const struct vg_cmd cmd_list = {
    .name = "list",
    .summary = "list addresses by the time they are due",
    .usage = "[--due] [--held] [--host HOST] [--site NAME]",
    .options = list_options,
    .flags = VG_CMD_CASE | VG_CMD_STORE_RO,
    .run = run_list,
};

static const struct vg_cmd cmd_release = {
    .name = "release",
    .summary = "visit held addresses again",
    .usage = "URL|HOST...",
    .options = act_options,
    .flags = VG_CMD_CASE | VG_CMD_STORE_RW,
    .min_operands = 1,
    .max_operands = -1,
    .run = run_release,
};

static const struct vg_cmd cmd_stats = {
    .name = "stats",
    .summary = "count addresses by host",
    .usage = "",
    .flags = VG_CMD_CASE | VG_CMD_STORE_RO,
    .run = run_stats,
};

static const struct vg_cmd *const commands[] = {
    &cmd_add, &cmd_drop, &cmd_hold, &cmd_list, &cmd_release, &cmd_stats, NULL};

const struct vg_cmd vg_cmd_frontier = {
    .name = "frontier",
    .summary = "see and change what is to be visited",
    .commands = commands,
};
