/* SPDX-License-Identifier: MIT */
/* Colour, width and pager of the terminal, if there is one. */
#include "config.h"

#include "cli/terminal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/escape.h"

static pid_t pager; /* 0: none */

static bool env_is(const char *name, const char *value)
{
	const char *v = getenv(name);

	return v && strcmp(v, value) == 0;
}

static bool env_set(const char *name)
{
	const char *v = getenv(name);

	return v && *v;
}

bool vg_terminal_color(int fd, enum vg_color mode)
{
	if (mode != VG_COLOR_AUTO)
		return mode == VG_COLOR_ALWAYS;
	if (env_set("NO_COLOR"))
		return false;
	if (env_set("CLICOLOR_FORCE") && !env_is("CLICOLOR_FORCE", "0"))
		return true;
	return !env_is("CLICOLOR", "0") && !env_is("TERM", "dumb") && isatty(fd) == 1;
}

size_t vg_terminal_width(int fd)
{
	struct winsize ws;

	if (isatty(fd) != 1)
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &ws) != 0 || ws.ws_col == 0)
		return 80;
	return ws.ws_col;
}

const char *vg_sgr(bool on, const char *sequence)
{
	return on ? sequence : "";
}

void vg_escape_lines(struct vg_buf *out, struct vg_str s)
{
	struct vg_str line;
	bool first = true;

	while (vg_str_split(&s, '\n', &line)) {
		if (!first)
			vg_buf_addc(out, '\n');
		first = false;
		vg_escape_terminal(out, line);
	}
}

/* Whether the shell would find the first word of `command`; what only a shell can tell counts as yes. */
static bool can_run(const char *command)
{
	size_t len = strcspn(command, " \t");
	struct vg_str path = vg_str(getenv("PATH")), dir;
	char name[4096];

	if (command[strcspn(command, "'\"$`\\=;&|()<>~")])
		return true;
	if (memchr(command, '/', len))
		path = VG_STR(".");
	while (vg_str_split(&path, ':', &dir)) {
		int n = command[0] == '/'
			    ? snprintf(name, sizeof(name), "%.*s", (int)len, command)
			    : snprintf(name, sizeof(name), "%.*s/%.*s", VG_STR_ARG(dir),
				  (int)len, command);

		if (n > 0 && (size_t)n < sizeof(name) && access(name, X_OK) == 0)
			return true;
	}
	return false;
}

/* NULL: print without one. */
static const char *pager_command(void)
{
	const char *command = getenv("VIGIA_PAGER");

	if (!command)
		command = getenv("PAGER");
	if (!command)
		command = "less";
	return *command && strcmp(command, "cat") != 0 && can_run(command) ? command
									   : NULL;
}

void vg_pager_start(void)
{
	const char *command = pager_command();
	int ends[2];

	if (!command || isatty(STDOUT_FILENO) != 1 || pipe(ends) != 0)
		return;
	(void)fflush(stdout);
	pager = fork();
	if (pager == 0) {
		(void)dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		(void)setenv("LESS", "FRX", 0);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (pager > 0)
		(void)dup2(ends[1], STDOUT_FILENO);
	else
		pager = 0;
	close(ends[0]);
	close(ends[1]);
}

void vg_pager_stop(void)
{
	if (pager == 0)
		return;
	(void)fflush(stdout);
	(void)close(STDOUT_FILENO);
	while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
		;
	pager = 0;
}

void vg_stdout_add(const struct vg_buf *b)
{
	if (b->len > 0)
		(void)fwrite(b->ptr, 1, b->len, stdout);
}

/* An earlier write failed: because nobody reads the pipe any more? */
static bool reader_left(void)
{
	struct pollfd fd = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&fd, 1, 0) == 1 && fd.revents & POLLERR;
}

enum vg_status vg_stdout_flush(struct vg_error *err)
{
	bool failed = ferror(stdout) != 0;

	errno = 0;
	if (fflush(stdout) == 0 && !failed)
		return VG_OK;
	if (errno == EPIPE || (errno == 0 && reader_left()))
		return vg_fail(err, VG_E_IO, "%s", "");
	return vg_fail_errno(err, errno ? errno : EIO, "standard output");
}
