/* SPDX-License-Identifier: MIT */
/* Whole reads and writes. */
#include "config.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/size.h"

#define READ_STEP ((size_t)64 << 10)

enum vg_status vg_read_fd(int fd, struct vg_buf *ret, struct vg_error *err)
{
	for (;;) {
		/* One byte past the maximum tells "just fits" from "too large". */
		size_t room = vg_size_min(READ_STEP, ret->max - ret->len + 1);
		char *to =
		    room <= ret->max - ret->len ? vg_buf_reserve(ret, room) : NULL;
		char extra;
		ssize_t n;

		if (!to && ret->status)
			return vg_buf_status(ret, err);
		if (!to)
			room = ret->max > ret->len ? ret->max - ret->len : 1;
		if (!to && ret->max > ret->len)
			to = vg_buf_reserve(ret, room);
		n = read(fd, to ? to : &extra, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vg_fail_errno(err, errno, "cannot read");
		if (n == 0)
			return vg_buf_status(ret, err);
		if (!to)
			return vg_fail(
			    err, VG_E_TOO_LARGE, "more than %zu bytes", ret->max);
		ret->len += (size_t)n;
		ret->ptr[ret->len] = '\0';
	}
}

enum vg_status vg_read_file(const char *path, struct vg_buf *ret, struct vg_error *err)
{
	bool standard_input = !strcmp(path, "-");
	int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	enum vg_status status;

	if (fd < 0)
		return vg_fail_errno(err, errno, "cannot open %s", path);
	status = vg_read_fd(fd, ret, err);
	if (status)
		vg_error_prefix(err, "%s", standard_input ? "standard input" : path);
	if (!standard_input)
		vg_close(&fd);
	return status;
}

enum vg_status vg_read_exact(int fd, void *ret, size_t len, struct vg_error *err)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(fd, (char *)ret + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vg_fail_errno(err, errno, "cannot read");
		if (n == 0)
			return done ? vg_fail(err, VG_E_IO,
					  "ended after %zu of %zu bytes", done, len)
				    : VG_E_STOP;
		done += (size_t)n;
	}
	return VG_OK;
}

enum vg_status vg_write_all(int fd, struct vg_str bytes, struct vg_error *err)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vg_fail_errno(err, errno, "cannot write");
		bytes = vg_str_sub(bytes, (size_t)n, bytes.len);
	}
	return VG_OK;
}

enum vg_status vg_write_file(
    const char *path, struct vg_str bytes, struct vg_error *err)
{
	enum vg_status status = VG_OK;
	char *temporary = NULL;
	int fd = -1;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		status = vg_fail_errno(err, errno, "cannot create %s", temporary);
		goto out;
	}
	status = vg_write_all(fd, bytes, err);
	if (!status && (fchmod(fd, 0644) || fsync(fd)))
		status = vg_fail_errno(err, errno, "cannot write");
	if (!status && rename(temporary, path))
		status = vg_fail_errno(err, errno, "cannot rename");
	if (status) {
		vg_error_prefix(err, "%s", path);
		(void)unlink(temporary);
	}
out:
	vg_close(&fd);
	free(temporary);
	return status;
}

void vg_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}
