/* SPDX-License-Identifier: MIT */
/* fetch/: heads and chunks; more bytes never unsay what fewer bytes said. */
#include "config.h"

#include <stdlib.h>

#include "fetch/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_str raw = {(const char *)data, size};
	struct vg_buf whole = VG_BUF_INIT((size_t)1 << 20),
		      half = VG_BUF_INIT((size_t)1 << 20);
	enum vg_chunked end = vg_http_dechunk(raw, &whole);
	enum vg_chunked early = vg_http_dechunk(vg_str_sub(raw, 0, size / 2), &half);
	char version[8];
	int status;

	if (!vg_str_starts(vg_buf_str(&whole), vg_buf_str(&half)) || whole.len > size ||
	    (early != VG_CHUNKED_INCOMPLETE && early != end && size < (size_t)1 << 20))
		abort();
	if (vg_http_status_line(raw, &status, version) && (status < 0 || status > 999))
		abort();
	(void)vg_http_is_chunked(raw);
	for (size_t n = 0; vg_http_header(raw, "a", n).ptr != NULL; n++)
		;
	vg_buf_release(&whole);
	vg_buf_release(&half);
	return 0;
}
