/* SPDX-License-Identifier: MIT */
/* vigia verify: does the evidence of the case still say what it said? */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/json.h"
#include "cli/commands.h"
#include "store/store.h"

#define MAX_FAULTS ((size_t)64 << 20) /* bytes of them that are printed */

struct report {
	const struct vg_cli *cli;
	struct vg_buf out; /* the faults: lines, or JSON strings */
	struct vg_json_writer w;
};

static void add_fault(void *ctx, const char *what)
{
	struct report *r = ctx;

	if (r->cli->json) {
		vg_jw_strz(&r->w, what);
		return;
	}
	vg_escape_terminal(&r->out, vg_str(what));
	vg_buf_addc(&r->out, '\n');
}

static enum vg_status verify(struct vg_cli *cli, struct vg_error *err)
{
	struct report r = {.cli = cli, .out = VG_BUF_INIT(MAX_FAULTS)};
	struct vg_store_counts n = {0};
	int64_t faults = 0;
	enum vg_status st;

	r.w = vg_json_writer(&r.out);
	if (cli->json) {
		vg_jw_object(&r.w);
		vg_jw_key(&r.w, "faults");
		vg_jw_array(&r.w);
	}
	st = vg_store_verify(cli->store, add_fault, &r, &faults, err);
	if (st == VG_OK)
		st = vg_store_count(cli->store, vg_clock_now(), &n, err);
	if (st == VG_OK && cli->json) {
		vg_jw_end_array(&r.w);
		vg_jw_kint(&r.w, "captures", n.captures);
		vg_jw_kint(&r.w, "bodies", n.blobs);
		vg_jw_kint(&r.w, "bytes", n.blob_bytes);
		vg_jw_kbool(&r.w, "holds", faults == 0);
		vg_jw_end_object(&r.w);
		vg_buf_addc(&r.out, '\n');
	} else if (st == VG_OK && faults == 0) {
		vg_buf_addf(&r.out,
		    "the evidence holds: %" PRId64 " captures, %" PRId64
		    " bodies, %" PRId64 " bytes\n",
		    n.captures, n.blobs, n.blob_bytes);
	}
	if (st == VG_OK)
		st = vg_cli_print(cli, &r.out, false, err);
	if (st == VG_OK && faults > 0)
		st = vg_fail(err, VG_E_CORRUPT,
		    "verify: %" PRId64 " things do not hold; keep this database and "
		    "restore a copy",
		    faults);
	vg_buf_release(&r.out);
	return st;
}

const struct vg_cmd vg_cmd_verify = {
    .name = "verify",
    .summary = "check that the stored evidence still matches its digests",
    .usage = "",
    .about = "Reads every body back, computes every digest, capture id and link "
	     "between captures "
	     "again, and checks the database file and the guards of its tables. Prints "
	     "what does "
	     "not hold, a line each, and then exits with 4.",
    .examples = "  vigia verify --case my-case\n",
    .flags = VG_CMD_CASE | VG_CMD_STORE_RO,
    .run = verify,
};
