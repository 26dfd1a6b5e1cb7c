/* SPDX-License-Identifier: MIT */
/* url/: the fast path agrees with the parser, and what was serialised is stable. */
#include "config.h"

#include <stdlib.h>

#include "url/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* First line: the base; the rest: a reference. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_str ref = {(const char *)data, size}, first;
	struct vg_url base = VG_URL_INIT, u = VG_URL_INIT, again = VG_URL_INIT;
	struct vg_buf out = VG_BUF_INIT(VG_URL_MAX_PARSE),
		      twice = VG_BUF_INIT(VG_URL_MAX_PARSE);
	struct vg_str domain, suffix;
	const struct vg_url *against = NULL;
	enum vg_status rc;

	if (vg_str_split(&ref, '\n', &first) && !vg_url_parse(first, NULL, &base, NULL))
		against = &base;
	rc = vg_url_parse(ref, against, &u, NULL);
	require(vg_url_resolve(ref, against, &out, NULL) == rc);
	require(vg_str_eq(vg_buf_str(&out), vg_url_href(&u)));
	if (rc == VG_OK) {
		require(vg_url_parse(vg_url_href(&u), NULL, &again, NULL) == VG_OK);
		require(vg_str_eq(vg_url_href(&u), vg_url_href(&again)));
		require(vg_str_eq(vg_url_host(&u), vg_url_host(&again)));
		require(vg_str_eq(vg_url_target(&u), vg_url_target(&again)));
		vg_url_domain(vg_url_host(&u), &domain, &suffix);
		require(vg_str_ends(vg_url_host(&u), domain) ||
			u.host_end == u.host_start ||
			u.href.ptr[u.host_end - 1] == '.');
	}
	vg_buf_clear(&out);
	if (rc == VG_OK && vg_url_normalise(vg_url_href(&u), &out, NULL) == VG_OK) {
		require(vg_url_normalise(vg_buf_str(&out), &twice, NULL) == VG_OK);
		require(vg_str_eq(vg_buf_str(&out), vg_buf_str(&twice)));
	}
	vg_buf_release(&out);
	vg_buf_release(&twice);
	vg_url_release(&base);
	vg_url_release(&u);
	vg_url_release(&again);
	return 0;
}
