/* SPDX-License-Identifier: MIT */
/* Starts a process. */
#include "config.h"

#include "fixture.h"

#include <unistd.h>

static int32_t parse(PARSE_ARGS)
{
	pid_t pid = fork();

	(void)self, (void)page;
	if (pid == 0)
		_exit(0);
	return emit_title(api, call, pid > 0 ? STR("forked") : STR("refused"));
}

FIXTURE_MATCHES("fork.example");
static const struct vigia_plugin plugin = {
    FIXTURE_FRAME, FIXTURE_BODY, .name = "fork", .parse = parse};
FIXTURE_ENTRY(plugin)
