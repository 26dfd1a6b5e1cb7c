/* SPDX-License-Identifier: MIT */
/* vigia show ID: a finding, listing or capture with its quotes in context and its proof. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/zone.h"
#include "cli/commands.h"
#include "cli/evidence.h"
#include "cli/terminal.h"
#include "store/finding.h"

struct shown {
	struct vg_cli *cli;
	struct vg_arena *arena;
	struct vg_store_capture capture;
	bool has_finding, has_listing;
	struct vg_finding finding; /* the newest of the listing, or the one asked for */
	struct vg_listing listing;
	struct vg_buf payload, head, out;
	struct vg_zone *zone; /* of --time-zone, or NULL */
};

static enum vg_status load_listing(
    struct shown *s, const struct vg_digest *key, struct vg_error *err)
{
	struct vg_finding *findings;
	size_t count = 0;
	enum vg_status st =
	    vg_store_get_listing(s->cli->store, s->arena, key, &s->listing, err);

	s->has_listing = st == VG_OK;
	if (st == VG_OK && !s->has_finding) {
		st = vg_store_listing_findings(
		    s->cli->store, s->arena, key, &findings, &count, err);
		if (st == VG_OK && count > 0) {
			s->finding = findings[0];
			s->has_finding = true;
		}
	}
	return st;
}

/* From any id to the capture that proves it. */
static enum vg_status load(struct shown *s, struct vg_str prefix, struct vg_error *err)
{
	struct vg_store *store = s->cli->store;
	enum vg_store_kind kind = VG_KIND_CAPTURE;
	struct vg_digest id;
	enum vg_status st = vg_store_find(store, prefix, &kind, &id, err);

	if (st != VG_OK)
		return st;
	if (kind == VG_KIND_FINDING) {
		st = vg_store_get_finding(store, s->arena, &id, &s->finding, err);
		s->has_finding = st == VG_OK;
		if (st == VG_OK) {
			id = s->finding.capture;
			st = load_listing(s, &s->finding.listing, err);
			if (st == VG_E_NOT_FOUND)
				st = VG_OK;
		}
	} else if (kind == VG_KIND_LISTING) {
		st = load_listing(s, &id, err);
		if (st == VG_OK)
			id = s->has_finding ? s->finding.capture
					    : s->listing.last_capture;
	}
	if (st == VG_OK)
		st = vg_store_get_capture(store, s->arena, &id, &s->capture, err);
	if (st == VG_OK && s->capture.leaf.payload.present)
		st = vg_store_read_blob(
		    store, &s->capture.leaf.payload.digest, &s->payload, err);
	if (st == VG_OK && s->capture.leaf.response_head.present)
		st = vg_store_read_blob(
		    store, &s->capture.leaf.response_head.digest, &s->head, err);
	return st;
}

static void add_line(struct vg_buf *out, const char *name, struct vg_str value)
{
	if (value.len == 0)
		return;
	vg_buf_addf(out, "  %-13s", name);
	vg_escape_terminal(out, value);
	vg_buf_addc(out, '\n');
}

static void add_digest(struct vg_buf *out, const char *name, const struct vg_digest *d)
{
	char hex[VG_SHA256_HEX];

	vg_hex(d->bytes, VG_SHA256_LEN, hex);
	add_line(out, name, vg_str(hex));
}

/* UTC, and with --time-zone what clocks there showed. */
static void add_time(struct shown *s, const char *name, int64_t us)
{
	char text[VG_RFC3339_LEN + VG_ZONE_TEXT + 3], local[VG_ZONE_TEXT];

	vg_time_format(us, text);
	if (s->zone) {
		vg_zone_format(s->zone, us - us % VG_SECOND, local);
		(void)snprintf(text + strlen(text), VG_ZONE_TEXT + 3, " (%s)", local);
	}
	add_line(&s->out, name, vg_str(text));
}

static enum vg_status set_time_zone(struct shown *s, struct vg_error *err)
{
	const char *zone = vg_option_str(&s->cli->options, "time-zone", NULL);

	if (!zone || !vg_zone_open(zone, &s->zone, err))
		return VG_OK;
	vg_cli_hint(
	    s->cli, "vigia show %s --time-zone America/Cancun", s->cli->operands[0]);
	s->cli->exit_code = VG_EXIT_USAGE;
	return VG_E_INVALID;
}

/* Whether the payload is the document itself, so that offsets can be shown in place. */
static bool is_identity(struct vg_str head)
{
	size_t at = vg_str_ifind(head, VG_STR("\ncontent-encoding:"), 0);

	return at == SIZE_MAX ||
	       vg_str_istarts(vg_str_trim(vg_str_sub(head, at + 18, head.len)),
		   VG_STR("identity"));
}

static void add_finding(struct shown *s)
{
	const struct vg_finding *f = &s->finding;

	vg_evidence_verdict(f->verdict, s->cli->color, &s->out);
	vg_buf_addz(&s->out, "  ");
	vg_escape_terminal(&s->out, f->severity);
	vg_buf_addc(&s->out, ' ');
	vg_escape_terminal(&s->out, f->family);
	vg_buf_addf(&s->out, ", confidence %.2f%s\n", f->confidence,
	    f->current ? "" : "; a later capture says otherwise");
	add_digest(&s->out, "finding", &f->id);
	add_line(&s->out, "rules", f->rules);
}

static void add_capture(struct shown *s)
{
	const struct vg_leaf *leaf = &s->capture.leaf;
	char number[64];

	vg_buf_addz(&s->out, "\n  Evidence\n");
	add_digest(&s->out, "capture", &s->capture.id);
	(void)snprintf(number, sizeof(number), "%" PRId64, s->capture.seq);
	add_line(&s->out, "log entry", vg_str(number));
	add_line(&s->out, "url", leaf->url);
	add_time(s, "fetched", leaf->started);
	(void)snprintf(number, sizeof(number), "%" PRId64, leaf->status);
	add_line(&s->out, "status", vg_str(number));
	add_line(&s->out, "outcome", leaf->outcome);
	add_line(&s->out, "detail", leaf->detail);
	add_line(&s->out, "notes", leaf->notes);
	add_line(&s->out, "peer", leaf->peer);
	add_line(&s->out, "tls", leaf->tls_version);
	if (leaf->payload.present) {
		add_digest(&s->out, "sha256", &leaf->payload.digest);
		(void)snprintf(
		    number, sizeof(number), "%" PRId64 " bytes", leaf->payload_length);
		add_line(&s->out, "payload", vg_str(number));
	}
}

static void add_fields(struct shown *s)
{
	struct vg_json *fields;

	if (vg_json_parse(s->arena, s->listing.fields, 0, &fields, NULL) != VG_OK)
		return;
	for (const struct vg_json *f = fields->first; f; f = f->next) {
		vg_buf_addz(&s->out, "  ");
		vg_escape_terminal_cut(&s->out, f->key, 24);
		vg_buf_addz(&s->out, ": ");
		vg_escape_terminal_cut(&s->out, f->text, 200);
		vg_buf_addc(&s->out, '\n');
	}
}

static enum vg_status print_people(struct shown *s, struct vg_error *err)
{
	struct vg_evidence_style style = {.color = s->cli->color};
	struct vg_json *result = NULL;
	struct vg_str scan;
	enum vg_status st =
	    vg_store_get_scan(s->cli->store, s->arena, &s->capture.id, &scan, err);

	if (st == VG_OK)
		st = vg_json_parse(s->arena, scan, 0, &result, err);
	if (st != VG_OK && st != VG_E_NOT_FOUND)
		return st;
	if (is_identity(vg_buf_str(&s->head)))
		style.document = vg_buf_str(&s->payload);
	if (s->has_finding)
		add_finding(s);
	if (s->has_listing) {
		add_digest(&s->out, "listing", &s->listing.key);
		add_line(&s->out, "title", s->listing.title);
		add_line(&s->out, "site", s->listing.site);
		add_line(&s->out, "plugin", s->listing.plugin);
		add_time(s, "first seen", s->listing.first_seen);
		add_time(s, "last seen", s->listing.last_seen);
		add_fields(s);
	}
	if (result)
		vg_evidence_print(result, &style, &s->out);
	else
		vg_buf_addz(&s->out, "\n  not analysed\n");
	add_capture(s);
	return VG_OK;
}

static void add_json_digest(
    struct vg_json_writer *w, const char *key, const struct vg_digest *d, bool present)
{
	char hex[VG_SHA256_HEX];

	vg_hex(d->bytes, VG_SHA256_LEN, hex);
	vg_jw_kstrz(w, key, present ? hex : NULL);
}

static void add_json_time(struct vg_json_writer *w, const char *key, int64_t us)
{
	char text[VG_RFC3339_LEN];

	vg_time_format(us, text);
	vg_jw_kstrz(w, key, text);
}

static enum vg_status print_json(struct shown *s, struct vg_error *err)
{
	struct vg_json_writer w = vg_json_writer(&s->out);
	const struct vg_leaf *leaf = &s->capture.leaf;
	struct vg_str scan;
	enum vg_status st =
	    vg_store_get_scan(s->cli->store, s->arena, &s->capture.id, &scan, err);

	if (st != VG_OK && st != VG_E_NOT_FOUND)
		return st;
	vg_jw_object(&w);
	add_json_digest(&w, "finding", &s->finding.id, s->has_finding);
	add_json_digest(&w, "listing", &s->listing.key, s->has_listing);
	add_json_digest(&w, "capture", &s->capture.id, true);
	vg_jw_kint(&w, "log_position", s->capture.seq);
	vg_jw_kstr(&w, "site", s->capture.site);
	vg_jw_kstr(&w, "url", leaf->url);
	add_json_time(&w, "fetched_at", leaf->started);
	vg_jw_kint(&w, "status", leaf->status);
	vg_jw_kstr(&w, "outcome", leaf->outcome);
	vg_jw_kstr(&w, "peer", leaf->peer);
	add_json_digest(&w, "sha256", &leaf->payload.digest, leaf->payload.present);
	vg_jw_kint(&w, "payload_length", leaf->payload_length);
	vg_jw_key(&w, "fields");
	if (s->has_listing && s->listing.fields.len > 0)
		vg_jw_raw(&w, s->listing.fields);
	else
		vg_jw_null(&w);
	vg_jw_key(&w, "scan");
	if (st == VG_OK)
		vg_jw_raw(&w, scan);
	else
		vg_jw_null(&w);
	vg_jw_end_object(&w);
	vg_buf_addc(&s->out, '\n');
	return VG_OK;
}

/* --range a-b: those bytes of the payload, as they are. */
static enum vg_status cut_range(
    struct vg_cli *cli, struct vg_str *io_bytes, struct vg_error *err)
{
	struct vg_str rest = vg_str(vg_option_str(&cli->options, "range", "")), from;
	uint64_t start, end;

	if (!vg_str_split(&rest, '-', &from) || !vg_str_to_u64(from, &start) ||
	    !vg_str_to_u64(rest, &end) || start > end)
		return vg_cli_usage(
		    cli, err, "--range: give two byte offsets, as 120-180");
	if (end > io_bytes->len)
		return vg_fail(err, VG_E_INVALID,
		    "--range: the payload has only %zu bytes", io_bytes->len);
	*io_bytes = vg_str_sub(*io_bytes, (size_t)start, (size_t)end);
	return VG_OK;
}

/* Stored bytes go out as they are, except to a terminal, which they could take over. */
static void add_bytes(struct shown *s, struct vg_str bytes)
{
	if (isatty(STDOUT_FILENO) == 1)
		vg_escape_lines(&s->out, bytes);
	else
		vg_buf_adds(&s->out, bytes);
}

static enum vg_status print_shown(struct shown *s, struct vg_error *err)
{
	const struct vg_options *o = &s->cli->options;
	struct vg_str bytes = vg_buf_str(&s->payload);
	enum vg_status st;

	if (vg_option_is_set(o, "headers")) {
		add_bytes(s, vg_buf_str(&s->head));
		return VG_OK;
	}
	if (vg_option_is_set(o, "range")) {
		st = cut_range(s->cli, &bytes, err);
		if (st == VG_OK)
			add_bytes(s, bytes);
		return st;
	}
	if (vg_option_is_set(o, "body")) {
		add_bytes(s, bytes);
		return VG_OK;
	}
	return s->cli->json ? print_json(s, err) : print_people(s, err);
}

static enum vg_status show(struct vg_cli *cli, struct vg_error *err)
{
	struct shown s = {.cli = cli,
	    .arena = vg_arena_new((size_t)512 << 20),
	    .payload = VG_BUF_INIT(VG_MAX_FRAME),
	    .head = VG_BUF_INIT(VG_MAX_FRAME),
	    .out = VG_BUF_INIT((size_t)VG_MAX_FRAME * 4)};
	enum vg_status st = s.arena ? set_time_zone(&s, err)
				    : vg_fail(err, VG_E_NOMEM, "out of memory");
	bool named = st == VG_OK;

	if (st == VG_OK)
		st = load(&s, vg_str(cli->operands[0]), err);

	if (named && (st == VG_E_NOT_FOUND || st == VG_E_INVALID))
		vg_cli_hint(cli, "vigia flags --all");
	if (st == VG_E_INVALID)
		cli->exit_code = VG_EXIT_USAGE;
	if (st == VG_OK)
		st = print_shown(&s, err);
	if (st == VG_OK)
		st = vg_cli_print(cli, &s.out, !cli->json, err);
	vg_buf_release(&s.payload);
	vg_buf_release(&s.head);
	vg_buf_release(&s.out);
	vg_arena_free(s.arena);
	vg_zone_free(s.zone);
	return st;
}

static const struct vg_option options[] = {
    {.name = "body",
	.kind = VG_OPT_FLAG,
	.help = "print the stored bytes of the page, checked against their digest"},
    {.name = "headers",
	.kind = VG_OPT_FLAG,
	.help = "print the response head as it was received"},
    {.name = "range",
	.kind = VG_OPT_STR,
	.arg = "A-B",
	.help = "print bytes A to B of the stored page, B not included"},
    {.name = "time-zone",
	.kind = VG_OPT_STR,
	.arg = "ZONE",
	.help = "print times in this zone too, as America/Cancun"},
    {.name = NULL},
};

const struct vg_cmd vg_cmd_show = {
    .name = "show",
    .summary = "show a finding, listing or capture: quotes in context, digests, times",
    .usage = "ID [--body | --headers | --range A-B]",
    .about = "ID is any unique beginning, of 4 digits or more, of the id of a finding, "
	     "listing or capture.",
    .examples = "  vigia show 3f9a1c\n"
		"  vigia show 3f9a1c --body > page.html\n",
    .options = options,
    .flags = VG_CMD_CASE | VG_CMD_CONF | VG_CMD_STORE_RO,
    .min_operands = 1,
    .max_operands = 1,
    .run = show,
};
