/* SPDX-License-Identifier: MIT */
/* Any bytes as a .site file, behind a line of "%%" the page that it reads: records, or an error. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "site.h"

static char folder[] = "/tmp/fuzz-site-XXXXXX", path[64];

static void remove_folder(void)
{
	(void)unlink(path);
	(void)rmdir(folder);
}

static bool write_site(struct vg_str text)
{
	static bool made;
	ssize_t n = -1;
	int fd;

	if (!made) {
		if (mkdtemp(folder) == NULL)
			abort();
		(void)snprintf(path, sizeof(path), "%s/x.site", folder);
		(void)atexit(remove_folder);
		made = true;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0) {
		n = write(fd, text.ptr, text.len);
		(void)close(fd);
	}
	return n == (ssize_t)text.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vg_str input = {(const char *)data, size};
	size_t at = vg_str_find(input, VG_STR("\n%%\n"), 0);
	struct vg_str text = vg_str_sub(input, 0, at != SIZE_MAX ? at + 1 : size);
	struct vg_str page =
	    at != SIZE_MAX ? vg_str_sub(input, at + 4, size) : VG_STR("");
	struct vg_plugins *set = new_set();
	struct vg_error err = {0};

	if (set == NULL || !write_site(text))
		goto out;
	if (vg_plugins_add(set, path, &err) == VG_OK) {
		read_page(set, "x", "", page);
		read_page(set, "auto", "", page);
	} else if (err.msg[0] == '\0' || !vg_utf8_valid(vg_str(err.msg))) {
		abort();
	}
out:
	vg_plugins_free(set);
	return 0;
}
