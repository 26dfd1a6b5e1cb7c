/* SPDX-License-Identifier: MIT */
/* vigia flags: the table a person wants first. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "conf/conf.h"
#include "conf/value.h"
#include "store/finding.h"

#define FIELDS                                                                         \
	"id verdict severity confidence family subkind site url title what price "     \
	"currency why plugin capture listing first_seen last_seen current"
#define SHORT_ID 10 /* digits of an id in the table */

static bool is_selected(const struct vg_cli *cli, const char *field)
{
	struct vg_str rest = vg_str(cli->json_fields), name;

	if (!cli->json_fields)
		return true;
	while (vg_str_split(&rest, ',', &name))
		if (vg_str_eqz(name, field))
			return true;
	return false;
}

struct row {
	const struct vg_cli *cli;
	struct vg_json_writer w;
};

static void add_str(struct row *r, const char *key, struct vg_str value)
{
	if (is_selected(r->cli, key))
		vg_jw_kstr(
		    &r->w, key, value.len > 0 ? value : (struct vg_str){NULL, 0});
}

static void add_id(struct row *r, const char *key, const struct vg_digest *id)
{
	char hex[VG_SHA256_HEX];

	vg_hex(id->bytes, VG_SHA256_LEN, hex);
	add_str(r, key, vg_str(hex));
}

static void add_time(struct row *r, const char *key, int64_t us)
{
	char text[VG_RFC3339_LEN];

	vg_time_format(us, text);
	add_str(r, key, vg_str(text));
}

static void add_json(
    const struct vg_cli *cli, const struct vg_finding *f, struct vg_buf *out)
{
	struct row r = {.cli = cli, .w = vg_json_writer(out)};

	vg_jw_object(&r.w);
	add_id(&r, "id", &f->id);
	add_str(&r, "verdict", f->verdict);
	add_str(&r, "severity", f->severity);
	if (is_selected(cli, "confidence")) {
		vg_jw_key(&r.w, "confidence");
		vg_jw_fixed(&r.w, f->confidence, 3);
	}
	add_str(&r, "family", f->family);
	add_str(&r, "subkind", f->subkind);
	add_str(&r, "site", f->site);
	add_str(&r, "url", f->url);
	add_str(&r, "title", f->title);
	add_str(&r, "what", f->what);
	add_str(&r, "price", f->price);
	add_str(&r, "currency", f->currency);
	add_str(&r, "why", f->why);
	add_str(&r, "plugin", f->plugin);
	add_id(&r, "capture", &f->capture);
	add_id(&r, "listing", &f->listing);
	add_time(&r, "first_seen", f->first_seen);
	add_time(&r, "last_seen", f->last_seen);
	if (is_selected(cli, "current"))
		vg_jw_kbool(&r.w, "current", f->current);
	vg_jw_end_object(&r.w);
	vg_buf_addc(out, '\n');
}

/* One cell, cut and padded to `width` columns; width 0: neither. */
static void add_cell(struct vg_buf *out, struct vg_str s, size_t width)
{
	size_t used = 0;

	if (width > 0)
		used = vg_escape_terminal_cut(out, s, width);
	else
		vg_escape_terminal(out, s);
	for (; used < width; used++)
		vg_buf_addc(out, ' ');
	vg_buf_addz(out, width > 0 ? "  " : "\t");
}

static const char *severity_color(struct vg_str severity)
{
	return vg_str_eqz(severity, "critical") ? VG_SGR_MARK
	       : vg_str_eqz(severity, "high")   ? VG_SGR_RED
	       : vg_str_eqz(severity, "medium") ? VG_SGR_YELLOW
						: VG_SGR_DIM;
}

/* Widths of site, what, price, why for a terminal of `columns`; all 0 in a pipe: tabs, uncut. */
struct widths {
	size_t id, severity, confidence, site, what, price, why;
};

static struct widths widths_for(size_t columns)
{
	struct widths w = {SHORT_ID, 8, 4, 14, 20, 12, 0};
	size_t fixed = w.id + w.severity + w.confidence + w.price + 6 * 2;
	size_t rest = columns > fixed + 34 ? columns - fixed : 34;

	if (columns == 0)
		return (struct widths){0};
	w.site = rest / 4 < 8 ? 8 : rest / 4 > 24 ? 24 : rest / 4;
	w.what = rest / 4 < 10 ? 10 : rest / 4 > 30 ? 30 : rest / 4;
	w.why = rest > w.site + w.what + 9 ? rest - w.site - w.what - 1 : 8;
	return w;
}

static void add_row(const struct vg_cli *cli, const struct vg_finding *f,
    const struct widths *w, struct vg_buf *out)
{
	char hex[VG_SHA256_HEX], confidence[16], price[160];

	vg_hex(f->id.bytes, VG_SHA256_LEN, hex);
	hex[SHORT_ID] = '\0';
	(void)snprintf(confidence, sizeof(confidence), "%.2f", f->confidence);
	(void)snprintf(price, sizeof(price), "%.*s%s%.*s", VG_STR_ARG(f->price),
	    f->price.len > 0 ? " " : "", VG_STR_ARG(f->currency));
	add_cell(out, vg_str(hex), w->id);
	vg_buf_addz(out, vg_sgr(cli->color, severity_color(f->severity)));
	add_cell(out, f->severity, w->severity);
	vg_buf_addz(out, vg_sgr(cli->color, VG_SGR_RESET));
	add_cell(out, vg_str(confidence), w->confidence);
	add_cell(out, f->site, w->site);
	add_cell(out, f->what.len > 0 ? f->what : f->title, w->what);
	add_cell(out, vg_str(price), w->price);
	if (w->why > 0)
		(void)vg_escape_terminal_cut(out, f->why, w->why);
	else
		vg_escape_terminal(out, f->why);
	vg_buf_addc(out, '\n');
}

static void add_heading(
    const struct vg_cli *cli, const struct widths *w, struct vg_buf *out)
{
	vg_buf_addz(out, vg_sgr(cli->color, VG_SGR_BOLD));
	add_cell(out, VG_STR("ID"), w->id);
	add_cell(out, VG_STR("SEVERITY"), w->severity);
	add_cell(out, VG_STR("CONF"), w->confidence);
	add_cell(out, VG_STR("SITE"), w->site);
	add_cell(out, VG_STR("WHAT"), w->what);
	add_cell(out, VG_STR("PRICE"), w->price);
	vg_buf_addz(out, "WHY");
	vg_buf_addz(out, vg_sgr(cli->color, VG_SGR_RESET));
	vg_buf_addc(out, '\n');
}

/* --since: a point in time, a day, or how long ago. */
static enum vg_status read_since(struct vg_cli *cli, int64_t *ret, struct vg_error *err)
{
	const char *text = vg_option_str(&cli->options, "since", NULL);
	char day[64];
	int64_t ago;

	if (!text)
		return VG_OK;
	if (vg_time_parse(vg_str(text), ret))
		return VG_OK;
	(void)snprintf(day, sizeof(day), "%.32sT00:00:00Z", text);
	if (vg_time_parse(vg_str(day), ret))
		return VG_OK;
	if (vg_value_duration(vg_str(text), &ago)) {
		*ret = vg_clock_now() - ago;
		return VG_OK;
	}
	vg_cli_hint(cli, "vigia flags --since 7d");
	return vg_cli_usage(cli, err,
	    "--since: '%s' is neither a day, nor a time, nor a duration", text);
}

/* A name that neither the configuration nor any finding knows is a slip of the keyboard. */
static enum vg_status check_site(struct vg_cli *cli, size_t found, struct vg_error *err)
{
	const char *name = vg_option_str(&cli->options, "site", NULL);

	if (!name || found > 0 || vg_conf_find_site(cli->conf, vg_str(name)))
		return VG_OK;
	vg_cli_hint(cli, "vigia completion sites");
	return vg_cli_usage(
	    cli, err, "no [site %s] in vigia.ini, and no finding of it", name);
}

/* Nothing to show: which of the reasons is it? */
static enum vg_status say_why_empty(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_store_counts n;
	enum vg_status st = vg_store_count(cli->store, vg_clock_now(), &n, err);

	if (st != VG_OK)
		return st;
	if (n.captures == 0)
		vg_cli_notice(cli, "nothing was crawled yet: vigia crawl");
	else
		vg_cli_notice(cli,
		    "nothing matches, of %" PRId64 " findings in %" PRId64
		    " captures; %" PRId64 " wait, %" PRId64
		    " could not be judged: vigia flags --all",
		    n.findings, n.captures, n.pending, n.problems);
	return VG_OK;
}

static enum vg_status print(struct vg_cli *cli, const struct vg_finding *findings,
    size_t count, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT((size_t)256 << 20);
	struct widths w = widths_for(vg_terminal_width(STDOUT_FILENO));

	if (!cli->json && count > 0)
		add_heading(cli, &w, &out);
	for (size_t i = 0; i < count; i++) {
		if (cli->json)
			add_json(cli, &findings[i], &out);
		else
			add_row(cli, &findings[i], &w, &out);
	}
	return vg_cli_print(cli, &out, !cli->json, err);
}

static enum vg_status flags(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_arena *arena = vg_arena_new((size_t)512 << 20);
	bool all = vg_option_is_set(&cli->options, "all");
	struct vg_finding_filter filter = {
	    .verdict =
		vg_str(vg_option_str(&cli->options, "verdict", all ? "" : "flagged")),
	    .site = vg_str(vg_option_str(&cli->options, "site", "")),
	    .family = vg_str(vg_option_str(&cli->options, "family", "")),
	    .history = all,
	    .max = (size_t)vg_option_num(&cli->options, "limit", 0)};
	struct vg_finding *findings = NULL;
	size_t count = 0;
	enum vg_status st = arena ? read_since(cli, &filter.since, err)
				  : vg_fail(err, VG_E_NOMEM, "out of memory");

	if (st == VG_OK)
		st = vg_store_list_findings(
		    cli->store, arena, &filter, &findings, &count, err);
	if (st == VG_OK)
		st = check_site(cli, count, err);
	if (st == VG_OK)
		st = print(cli, findings, count, err);
	if (st == VG_OK && count == 0)
		st = say_why_empty(cli, err);
	vg_arena_free(arena);
	return st;
}

static const struct vg_option options[] = {
    {.name = "verdict",
	.kind = VG_OPT_ENUM,
	.arg = "flagged|review|clear",
	.help = "only findings of that verdict (default: flagged)"},
    {.name = "site", .kind = VG_OPT_STR, .arg = "NAME", .help = "only of that site"},
    {.name = "family",
	.kind = VG_OPT_ENUM,
	.arg = "rx|timeshare|cyberscam|wildlife",
	.help = "only of that family"},
    {.name = "since",
	.kind = VG_OPT_STR,
	.arg = "TIME",
	.help = "only what was seen since: 2026-11-24, an RFC 3339 time, or 7d ago"},
    {.name = "limit",
	.kind = VG_OPT_INT,
	.arg = "N",
	.min = 1,
	.max = 1000000,
	.help = "the first N at most (default: 10000)"},
    {.name = "all",
	.kind = VG_OPT_FLAG,
	.help = "every verdict, and what later captures no longer show"},
    {.name = NULL},
};

const struct vg_cmd vg_cmd_flags = {
    .name = "flags",
    .summary = "list what was flagged: severity, confidence, site, what, price, why",
    .usage = "[--site NAME] [--family FAMILY] [--since TIME] [--all]",
    .about =
	"The gravest first, then the surest. On a terminal the table fits its width; "
	"in "
	"a pipe the columns are complete and divided by tabs. --json prints one object "
	"a line.",
    .examples = "  vigia flags --family rx --since 7d\n"
		"  vigia flags --json=id,severity,url\n",
    .options = options,
    .json_fields = FIELDS,
    .flags = VG_CMD_CASE | VG_CMD_CONF | VG_CMD_STORE_RO,
    .run = flags,
};
