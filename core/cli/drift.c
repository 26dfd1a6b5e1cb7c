/* SPDX-License-Identifier: MIT */
/* Alerts of drift, printed. */
#include "config.h"

#include "cli/drift.h"

#include "base/clock.h"
#include "base/escape.h"

#define SHOWN_ID 16 /* digits of a capture's id */

static size_t same_alert(const struct vg_drift *rows, size_t count)
{
	size_t n = 1;

	while (n < count && rows[n].at == rows->at &&
	       vg_str_eq(rows[n].site, rows->site) &&
	       vg_str_eq(rows[n].plugin, rows->plugin))
		n++;
	return n;
}

size_t vg_drift_print(const struct vg_drift *rows, size_t count, struct vg_buf *out)
{
	size_t n = same_alert(rows, count);
	char hex[VG_SHA256_HEX];

	vg_escape_terminal(out, rows->plugin);
	vg_buf_addz(out, " on ");
	vg_escape_terminal(out, rows->site);
	for (size_t i = 0; i < n; i++) {
		const struct vg_drift *d = &rows[i];

		vg_buf_addz(out, i ? ", " : ": ");
		if (vg_str_eqz(d->what, "listings"))
			vg_buf_addf(out, "%lld listings, were %lld", (long long)d->now,
			    (long long)d->was);
		else if (vg_str_eqz(d->what, "layout"))
			vg_buf_addf(out, "another layout");
		else
			vg_buf_addf(out, "%.*s in %lld %% of listings, was in %lld %%",
			    VG_STR_ARG(d->what), (long long)d->now, (long long)d->was);
		vg_buf_addf(out, " (%lld of %lld pages)", (long long)d->pages,
		    (long long)d->of_pages);
	}
	vg_hex(rows->capture.bytes, sizeof(rows->capture.bytes), hex);
	vg_buf_addf(out, "; capture %.*s, ", SHOWN_ID, hex);
	vg_escape_terminal(out, rows->url);
	vg_buf_addc(out, '\n');
	return n;
}

size_t vg_drift_write(
    const struct vg_drift *rows, size_t count, struct vg_json_writer *w)
{
	size_t n = same_alert(rows, count);
	char hex[VG_SHA256_HEX], at[VG_RFC3339_LEN];

	vg_hex(rows->capture.bytes, sizeof(rows->capture.bytes), hex);
	vg_time_format(rows->at, at);
	vg_jw_kstr(w, "site", rows->site);
	vg_jw_kstr(w, "plugin", rows->plugin);
	vg_jw_kstr(w, "url", rows->url);
	vg_jw_kstrz(w, "capture", hex);
	vg_jw_kstrz(w, "at", at);
	vg_jw_key(w, "changes");
	vg_jw_array(w);
	for (size_t i = 0; i < n; i++) {
		vg_jw_object(w);
		vg_jw_kstr(w, "what", rows[i].what);
		vg_jw_kint(w, "was", rows[i].was);
		vg_jw_kint(w, "now", rows[i].now);
		vg_jw_kint(w, "pages", rows[i].pages);
		vg_jw_kint(w, "of", rows[i].of_pages);
		vg_jw_kbool(w, "open", rows[i].closed_at == 0);
		vg_jw_end_object(w);
	}
	vg_jw_end_array(w);
	return n;
}
