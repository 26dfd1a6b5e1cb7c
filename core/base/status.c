/* SPDX-License-Identifier: MIT */
/* Status names and error formatting. */
#include "config.h"

#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *vg_status_name(enum vg_status status)
{
	switch (status) {
	case VG_OK:
		return "ok";
	case VG_E_NOMEM:
		return "out_of_memory";
	case VG_E_INVALID:
		return "invalid";
	case VG_E_TOO_LARGE:
		return "too_large";
	case VG_E_LIMIT:
		return "limit";
	case VG_E_IO:
		return "unreadable";
	case VG_E_NOT_FOUND:
		return "not_found";
	case VG_E_AGAIN:
		return "again";
	case VG_E_STOP:
		return "stopped";
	case VG_E_DENIED:
		return "denied";
	case VG_E_UNSUPPORTED:
		return "unsupported";
	case VG_E_NETWORK:
		return "network";
	case VG_E_CORRUPT:
		return "corrupt";
	case VG_E_BUSY:
		return "busy";
	case VG_E_INTERNAL:
		return "internal";
	}
	return "internal";
}

VG_PRINTF(4, 0)
static void vg_error_set(struct vg_error *err, enum vg_status status, int sys_errno,
    const char *fmt, va_list args)
{
	if (!err)
		return;
	err->status = status;
	err->sys_errno = sys_errno;
	if (vsnprintf(err->msg, sizeof(err->msg), fmt, args) < 0)
		err->msg[0] = '\0';
}

enum vg_status vg_fail(
    struct vg_error *err, enum vg_status status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vg_error_set(err, status, 0, fmt, args);
	va_end(args);
	return status;
}

enum vg_status vg_fail_errno(struct vg_error *err, int sys_errno, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vg_error_set(err, VG_E_IO, sys_errno, fmt, args);
	va_end(args);
	if (err) {
		size_t len = strlen(err->msg);
		char reason[96];

		(void)snprintf(err->msg + len, sizeof(err->msg) - len, ": %s",
		    strerror_r(sys_errno, reason, sizeof(reason)));
	}
	return VG_E_IO;
}

void vg_error_prefix(struct vg_error *err, const char *fmt, ...)
{
	char prefix[sizeof(err->msg)];
	va_list args;
	size_t len, room;
	int made;

	if (!err)
		return;
	va_start(args, fmt);
	made = vsnprintf(prefix, sizeof(prefix) - 2, fmt, args);
	va_end(args);
	if (made < 0)
		return;
	memcpy(prefix + strlen(prefix), ": ", 3);
	len = strlen(prefix);
	room = sizeof(err->msg) - len - 1; /* what is left for the old message */
	memmove(err->msg + len, err->msg, room);
	err->msg[len + room] = '\0';
	memcpy(err->msg, prefix, len);
}
