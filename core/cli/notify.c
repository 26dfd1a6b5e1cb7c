/* SPDX-License-Identifier: MIT */
/* One datagram to the service manager. */
#include "config.h"

#include "cli/notify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/io.h"

void vg_notify(const char *fmt, ...)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t len = path ? strlen(path) : 0;
	char text[512];
	va_list args;
	int fd, n;

	/* A path, or a name of the abstract kind, written with an '@' for its NUL. */
	if (len < 2 || len >= sizeof(to.sun_path) || !strchr("/@", path[0]))
		return;
	memcpy(to.sun_path, path, len);
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (n < 0 || fd < 0)
		return;
	n = n < (int)sizeof(text) ? n : (int)sizeof(text) - 1;
	(void)sendto(fd, text, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT,
	    (struct sockaddr *)&to,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	vg_close(&fd);
}

int64_t vg_notify_watchdog(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	int64_t every, whose;

	if (!us || !vg_str_to_i64(vg_str(us), &every) || every <= 0)
		return 0;
	if (pid && (!vg_str_to_i64(vg_str(pid), &whose) || whose != getpid()))
		return 0;
	return every / 2;
}
