/* SPDX-License-Identifier: MIT */
/* vigia url parse|normalize|resolve|domain: how addresses are read, told apart and attributed. */
#include "config.h"

#include <stdio.h>

#include "analyse/ops.h"
#include "base/escape.h"
#include "cli/commands.h"
#include "cli/content.h"
#include "url/url.h"

static const struct vg_option base_options[] = {{.name = "base",
						    .kind = VG_OPT_STR,
						    .flags = VG_OPT_REQUEST,
						    .arg = "URL",
						    .help = "what it is relative to"},
    {.name = NULL}};

/* A part with its delimiter in front; an empty part has none (URL Standard 6.1). */
static void write_part(struct vg_op_call *call, const char *key, struct vg_str part)
{
	if (part.len > 0) /* the delimiter is the byte before */
		part = (struct vg_str){part.ptr - 1, part.len + 1};
	vg_jw_kstr(call->out, key, part.len > 0 ? part : VG_STR(""));
}

static struct vg_str not_null(struct vg_str s)
{
	return s.ptr != NULL ? s : VG_STR("");
}

static void write_parts(struct vg_op_call *call, const struct vg_url *u)
{
	struct vg_json_writer *w = call->out;
	struct vg_str href = vg_url_href(u);
	char port[16] = "";

	if (u->port != VG_URL_NO_PORT)
		(void)snprintf(port, sizeof(port), "%d", (int)u->port);
	vg_jw_object(w);
	vg_jw_kstr(w, "href", href);
	vg_jw_kstr(w, "protocol", vg_str_sub(href, 0, (size_t)u->scheme_end + 1));
	vg_jw_kstr(w, "username", not_null(vg_url_username(u)));
	vg_jw_kstr(w, "password", not_null(vg_url_password(u)));
	vg_jw_kstr(w, "host",
	    vg_arena_printf(call->arena, "%.*s%s%s", VG_STR_ARG(vg_url_host(u)),
		port[0] ? ":" : "", port));
	vg_jw_kstr(w, "hostname", not_null(vg_url_host(u)));
	vg_jw_kstrz(w, "port", port);
	vg_jw_kstr(w, "pathname", not_null(vg_url_path(u)));
	write_part(call, "search", vg_url_query(u));
	write_part(call, "hash", vg_url_fragment(u));
	vg_jw_end_object(w);
}

/* Reads the member "base"; *ret is NULL when there is none, else `room`. */
static enum vg_status read_base(
    struct vg_op_call *call, struct vg_url *room, const struct vg_url **ret)
{
	struct vg_str base = vg_json_get_str(call->params, "base");

	*ret = base.ptr != NULL ? room : NULL;
	return base.ptr != NULL ? vg_url_parse(base, NULL, room, call->err) : VG_OK;
}

static enum vg_status op_parse(struct vg_op_call *call)
{
	struct vg_url room = VG_URL_INIT, u = VG_URL_INIT;
	const struct vg_url *base;
	enum vg_status st = read_base(call, &room, &base);

	if (st == VG_OK)
		st = vg_url_parse(call->content, base, &u, call->err);
	if (st == VG_OK)
		write_parts(call, &u);
	vg_url_release(&u);
	vg_url_release(&room);
	return st;
}

static void write_url(struct vg_op_call *call, const struct vg_buf *url)
{
	vg_jw_object(call->out);
	vg_jw_kstr(call->out, "url", vg_buf_str(url));
	vg_jw_end_object(call->out);
}

static enum vg_status op_normalize(struct vg_op_call *call)
{
	struct vg_buf out = VG_BUF_INIT(VG_URL_MAX_PARSE);
	enum vg_status st = vg_url_normalise(call->content, &out, call->err);

	if (st == VG_OK)
		write_url(call, &out);
	vg_buf_release(&out);
	return st;
}

static enum vg_status op_resolve(struct vg_op_call *call)
{
	struct vg_buf out = VG_BUF_INIT(VG_URL_MAX_PARSE);
	struct vg_url room = VG_URL_INIT, u = VG_URL_INIT;
	const struct vg_url *base;
	enum vg_status st = read_base(call, &room, &base);

	if (st == VG_OK && base != NULL) {
		st = vg_url_resolve(call->content, base, &out, call->err);
	} else if (st == VG_OK) {
		st = vg_url_parse(call->content, NULL, &u, call->err);
		if (st == VG_OK)
			vg_buf_adds(&out, vg_url_href(&u));
	}
	if (st == VG_OK)
		st = vg_buf_status(&out, call->err);
	if (st == VG_OK)
		write_url(call, &out);
	vg_url_release(&u);
	vg_url_release(&room);
	vg_buf_release(&out);
	return st;
}

static enum vg_status op_domain(struct vg_op_call *call)
{
	struct vg_buf host = VG_BUF_INIT(VG_URL_MAX_PARSE);
	struct vg_str domain, suffix;

	for (size_t i = 0; i < call->content.len; i++)
		vg_buf_addc(&host, (char)vg_lower(call->content.ptr[i]));
	vg_url_domain(vg_buf_str(&host), &domain, &suffix);
	vg_jw_object(call->out);
	vg_jw_kstr(call->out, "domain", domain);
	vg_jw_kstr(call->out, "suffix", suffix);
	vg_jw_end_object(call->out);
	vg_buf_release(&host);
	return VG_OK;
}

static const struct vg_op ops[] = {
    {"url.parse", op_parse},
    {"url.normalize", op_normalize},
    {"url.resolve", op_resolve},
    {"url.domain", op_domain},
    {NULL, NULL},
};

static void print_parse(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	(void)cli;
	(void)content;
	for (const struct vg_json *part = result->first; part; part = part->next) {
		if (part->text.len == 0)
			continue;
		vg_buf_addf(out, "%.*s\t", VG_STR_ARG(part->key));
		vg_escape_terminal(out, part->text);
		vg_buf_addc(out, '\n');
	}
}

static void print_url(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	(void)cli;
	(void)content;
	vg_escape_terminal(out, vg_json_get_str(result, "url"));
	vg_buf_addc(out, '\n');
}

static void print_domain(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	struct vg_str domain = vg_json_get_str(result, "domain");

	(void)content;
	if (domain.ptr == NULL) {
		vg_cli_notice(cli, "url domain: nobody can register this name");
		return;
	}
	vg_escape_terminal(out, domain);
	vg_buf_addc(out, '\n');
}

static bool has_no_domain(const struct vg_json *result)
{
	return vg_json_get_str(result, "domain").ptr == NULL;
}

static const struct vg_cmd cmd_domain = {
    .name = "domain",
    .summary = "print the domain that somebody registered to have this host",
    .usage = "HOST | --batch",
    .content = &(const struct vg_content_row){.op = "url.domain",
	.text = true,
	.field = "host",
	.local = ops,
	.is_negative = has_no_domain,
	.print = print_domain},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd cmd_normalize = {
    .name = "normalize",
    .summary = "print the address by which visits are told apart",
    .usage = "URL | --batch",
    .content = &(const struct vg_content_row){.op = "url.normalize",
	.text = true,
	.field = "input",
	.local = ops,
	.print = print_url},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd cmd_parse = {
    .name = "parse",
    .summary = "print the parts of an address as browsers read it",
    .usage = "URL [BASE] | --batch",
    .options = base_options,
    .content = &(const struct vg_content_row){.op = "url.parse",
	.text = true,
	.field = "input",
	.second = "base",
	.local = ops,
	.print = print_parse},
    .max_operands = 2,
    .run = vg_content_run,
};

static const struct vg_cmd cmd_resolve = {
    .name = "resolve",
    .summary = "print where a link of a page leads",
    .usage = "REFERENCE [BASE] | --batch",
    .options = base_options,
    .content = &(const struct vg_content_row){.op = "url.resolve",
	.text = true,
	.field = "ref",
	.second = "base",
	.local = ops,
	.print = print_url},
    .max_operands = 2,
    .run = vg_content_run,
};

static const struct vg_cmd *const commands[] = {
    &cmd_domain, &cmd_normalize, &cmd_parse, &cmd_resolve, NULL};

const struct vg_cmd vg_cmd_url = {
    .name = "url",
    .summary = "read an address: its parts, normal form, target or domain",
    .commands = commands,
};
