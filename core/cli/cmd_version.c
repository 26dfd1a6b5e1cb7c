/* SPDX-License-Identifier: MIT */
/* vigia version: which build this is, for a bug report. */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "cli/commands.h"

/* "a=1 b=2" as members of one object. */
static void write_pairs(struct vg_json_writer *w, const char *key, const char *pairs)
{
	struct vg_str rest = vg_str(pairs), pair, name;

	vg_jw_key(w, key);
	vg_jw_object(w);
	while (vg_str_split(&rest, ' ', &pair)) {
		char word[64];

		if (!vg_str_split(&pair, '=', &name) || name.len == 0)
			continue;
		(void)snprintf(word, sizeof(word), "%.*s", VG_STR_ARG(name));
		vg_jw_kstr(w, word, pair);
	}
	vg_jw_end_object(w);
}

static void print_pairs(const char *title, const char *pairs)
{
	struct vg_str rest = vg_str(pairs), pair;

	printf("%s", title);
	while (vg_str_split(&rest, ' ', &pair))
		if (pair.len > 0)
			printf(" %.*s", VG_STR_ARG(pair));
	(void)putchar('\n');
}

static enum vg_status version(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(1 << 16);
	struct vg_json_writer w = vg_json_writer(&out);
	enum vg_status st = VG_OK;

	if (!cli->json) {
		(void)puts("vigia " PACKAGE_VERSION);
		print_pairs("libraries:", VG_LIBRARIES);
		print_pairs("options:", VG_OPTIONS);
		goto out;
	}
	vg_jw_object(&w);
	vg_jw_kstrz(&w, "version", PACKAGE_VERSION);
	write_pairs(&w, "libraries", VG_LIBRARIES);
	write_pairs(&w, "options", VG_OPTIONS);
	vg_jw_end_object(&w);
	st = vg_buf_status(&out, err);
	if (st == VG_OK)
		printf("%.*s\n", VG_STR_ARG(vg_buf_str(&out)));
out:
	vg_buf_release(&out);
	return st;
}

const struct vg_cmd vg_cmd_version = {
    .name = "version",
    .summary = "print the version, the libraries and the build options",
    .usage = "[--json]",
    .run = version,
};
