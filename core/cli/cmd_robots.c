/* SPDX-License-Identifier: MIT */
/* vigia robots test|show: what a robots.txt says, and what it says about one address. */
#include "config.h"

#include "analyse/ops.h"
#include "base/clock.h"
#include "base/escape.h"
#include "cli/commands.h"
#include "cli/content.h"
#include "policy/robots.h"
#include "url/url.h"

static const struct vg_option test_options[] = {
    {.name = "agent",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST | VG_OPT_REQUIRED,
	.arg = "NAME",
	.help = "the crawler that asks, by its product token"},
    {.name = "url",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST | VG_OPT_REQUIRED,
	.arg = "URL",
	.help = "the address it wants, or its path"},
    {.name = NULL}};

static const struct vg_option show_options[] = {
    {.name = "agent",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "NAME",
	.help = "the crawler whose delay to tell (default: any)"},
    {.name = "url",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "URL",
	.help = "the address of the file, against which sitemaps are resolved"},
    {.name = NULL}};

static enum vg_status op_test(struct vg_op_call *call)
{
	struct vg_robots *robots;
	struct vg_robots_verdict v;
	enum vg_status st = vg_robots_parse(call->content, &robots, call->err);

	if (st != VG_OK)
		return st;
	v = vg_robots_test(robots, vg_json_get_str(call->params, "agent"),
	    vg_json_get_str(call->params, "url"));
	vg_jw_object(call->out);
	vg_jw_kbool(call->out, "allowed", v.allowed);
	vg_jw_kstr(call->out, "rule", v.rule);
	vg_jw_key(call->out, "line");
	if (v.line > 0)
		vg_jw_int(call->out, v.line);
	else
		vg_jw_null(call->out);
	vg_jw_end_object(call->out);
	vg_robots_free(robots);
	return VG_OK;
}

static void write_delay(struct vg_json_writer *w, int64_t us)
{
	vg_jw_key(w, "crawl_delay");
	if (us < 0)
		vg_jw_null(w);
	else if (us % VG_SECOND == 0)
		vg_jw_int(w, us / VG_SECOND);
	else
		vg_jw_fixed(w, (double)us / (double)VG_SECOND, 6);
}

static void write_group(
    struct vg_json_writer *w, const struct vg_robots *robots, size_t n)
{
	struct vg_robots_group group = vg_robots_group(robots, n);

	vg_jw_object(w);
	vg_jw_key(w, "agents");
	vg_jw_array(w);
	for (size_t i = 0; i < group.agent_count; i++)
		vg_jw_str(w, vg_robots_group_agent(robots, n, i));
	vg_jw_end_array(w);
	for (int allow = 1; allow >= 0; allow--) {
		vg_jw_key(w, allow ? "allow" : "disallow");
		vg_jw_array(w);
		for (size_t i = 0; i < group.rule_count; i++) {
			struct vg_robots_rule rule = vg_robots_group_rule(robots, n, i);

			if (rule.allow == (allow != 0))
				vg_jw_str(w, rule.pattern);
		}
		vg_jw_end_array(w);
	}
	write_delay(w, group.delay);
	vg_jw_end_object(w);
}

/* As written, or resolved when the address of the file is known and it is an address at all. */
static void write_sitemaps(
    struct vg_json_writer *w, const struct vg_robots *robots, const struct vg_url *base)
{
	struct vg_buf url = VG_BUF_INIT(VG_URL_MAX_PARSE);

	vg_jw_key(w, "sitemaps");
	vg_jw_array(w);
	for (size_t i = 0; i < vg_robots_sitemap_count(robots); i++) {
		struct vg_str sitemap = vg_robots_sitemap(robots, i);

		vg_buf_clear(&url);
		if (base != NULL && vg_url_resolve(sitemap, base, &url, NULL) == VG_OK)
			sitemap = vg_buf_str(&url);
		vg_jw_str(w, sitemap);
	}
	vg_jw_end_array(w);
	vg_buf_release(&url);
}

static enum vg_status op_show(struct vg_op_call *call)
{
	struct vg_str url = vg_json_get_str(call->params, "url"),
		      agent = vg_json_get_str(call->params, "agent");
	struct vg_robots *robots = NULL;
	struct vg_url base = VG_URL_INIT;
	enum vg_status st = VG_OK;

	if (url.ptr != NULL)
		st = vg_url_parse(url, NULL, &base, call->err);
	if (st == VG_OK)
		st = vg_robots_parse(call->content, &robots, call->err);
	if (st != VG_OK)
		goto out;
	vg_jw_object(call->out);
	vg_jw_key(call->out, "groups");
	vg_jw_array(call->out);
	for (size_t i = 0; i < vg_robots_group_count(robots); i++)
		write_group(call->out, robots, i);
	vg_jw_end_array(call->out);
	write_delay(call->out,
	    vg_robots_delay(robots, agent.ptr != NULL ? agent : VG_STR("*")));
	write_sitemaps(call->out, robots, url.ptr != NULL ? &base : NULL);
	vg_jw_end_object(call->out);
out:
	vg_robots_free(robots);
	vg_url_release(&base);
	return st;
}

static const struct vg_op ops[] = {
    {"robots.test", op_test},
    {"robots.show", op_show},
    {NULL, NULL},
};

static bool is_disallowed(const struct vg_json *result)
{
	return !vg_json_get_true(result, "allowed");
}

static void print_test(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	(void)cli;
	(void)content;
	vg_buf_addz(out, is_disallowed(result) ? "disallowed\n" : "allowed\n");
}

static void print_lines(
    const struct vg_json *values, const char *label, struct vg_buf *out)
{
	for (values = values ? values->first : NULL; values; values = values->next) {
		vg_buf_addz(out, label);
		vg_escape_terminal(out, values->text);
		vg_buf_addc(out, '\n');
	}
}

static void print_show(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	const struct vg_json *group = vg_json_get(result, "groups");

	(void)cli;
	(void)content;
	for (group = group ? group->first : NULL; group; group = group->next) {
		struct vg_str delay = vg_json_get_str(group, "crawl_delay");

		print_lines(vg_json_get(group, "agents"), "User-agent: ", out);
		print_lines(vg_json_get(group, "allow"), "Allow: ", out);
		print_lines(vg_json_get(group, "disallow"), "Disallow: ", out);
		if (delay.ptr != NULL)
			vg_buf_addf(out, "Crawl-delay: %.*s\n", VG_STR_ARG(delay));
		vg_buf_addc(out, '\n');
	}
	print_lines(vg_json_get(result, "sitemaps"), "Sitemap: ", out);
}

static const struct vg_cmd cmd_show = {
    .name = "show",
    .summary = "print the groups, rules and sitemaps of a robots.txt as we read it",
    .usage = "[--url URL] FILE | --batch",
    .options = show_options,
    .content =
	&(const struct vg_content_row){
	    .op = "robots.show", .local = ops, .print = print_show},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd cmd_test = {
    .name = "test",
    .summary = "say whether a robots.txt allows an address; exit code 1 when not",
    .usage = "--agent NAME --url URL FILE | --batch",
    .options = test_options,
    .content = &(const struct vg_content_row){.op = "robots.test",
	.local = ops,
	.is_negative = is_disallowed,
	.print = print_test},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd *const commands[] = {&cmd_show, &cmd_test, NULL};

const struct vg_cmd vg_cmd_robots = {
    .name = "robots",
    .summary = "read a saved robots.txt",
    .commands = commands,
};
