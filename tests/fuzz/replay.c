/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over saved inputs, so that every build checks what a fuzzer once found. */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"

#define MAX_REPLAY ((size_t)16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool replay_file(const char *path)
{
	struct vg_buf input = VG_BUF_INIT(MAX_REPLAY);
	struct vg_error err;
	bool ok = !vg_read_file(path, &input, &err);

	if (ok) {
		/* A copy of the exact size, so that a sanitizer sees one byte too far. */
		size_t len = 0;
		char *exact = vg_buf_take(&input, &len);
		char *copy = exact ? realloc(exact, len ? len : 1) : NULL;

		ok = copy && LLVMFuzzerTestOneInput((const uint8_t *)copy, len) == 0;
		free(copy ? copy : exact);
	} else {
		(void)fprintf(stderr, "replay: %s\n", err.msg);
	}
	vg_buf_release(&input);
	return ok;
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	struct dirent **entries = NULL;
	int count = argc == 2 ? scandir(argv[1], &entries, is_input, alphasort) : -1,
	    bad = 0;

	if (count <= 0) {
		(void)fputs(
		    "usage: fuzz_X CORPUS-DIR (with at least one file)\n", stderr);
		return 2;
	}
	for (int i = 0; i < count; i++) {
		char path[4096];

		(void)snprintf(
		    path, sizeof(path), "%s/%s", argv[1], entries[i]->d_name);
		bad += !replay_file(path);
		free(entries[i]);
	}
	free(entries);
	(void)printf("%d inputs\n", count);
	return bad ? 1 : 0;
}
