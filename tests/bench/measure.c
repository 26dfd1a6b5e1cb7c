/* SPDX-License-Identifier: MIT */
/* Runs a command, output discarded; prints "user+sys seconds, wall seconds, peak KiB of its largest process". */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	int64_t began = vg_clock_monotonic();
	struct rusage used;
	int status = 0;
	pid_t child;

	if (argc < 2) {
		(void)fputs("usage: measure COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_RDWR);

		if (null >= 0 && dup2(null, 0) >= 0 && dup2(null, 1) >= 0)
			(void)execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	while (child > 0 && wait4(child, &status, 0, &used) < 0 && errno == EINTR)
		;
	if (child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
		return 3;
	printf("%.3f %.3f %ld\n", seconds(used.ru_utime) + seconds(used.ru_stime),
	    (double)(vg_clock_monotonic() - began) / 1e6, used.ru_maxrss);
	return 0;
}
