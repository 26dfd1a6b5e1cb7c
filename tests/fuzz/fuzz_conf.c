/* SPDX-License-Identifier: MIT */
/* conf: any bytes as a vigia.ini either load or fail with a message that names the line. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void visit(void *ctx, const struct vg_conf_fact *fact)
{
	(void)ctx;
	if (!fact->section[0] || !fact->key[0] || !fact->origin[0])
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_str text = {(const char *)data, size};
	struct vg_error err = {.msg = ""};
	struct vg_conf *conf;

	if (vg_conf_parse("fuzz.ini", text, &conf, &err) != VG_OK) {
		if (strncmp(err.msg, "fuzz.ini:", 9) != 0 || strchr(err.msg, '\n'))
			abort();
		return 0;
	}
	vg_conf_explain(conf, visit, NULL);
	vg_conf_free(conf);
	return 0;
}
