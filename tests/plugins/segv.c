/* SPDX-License-Identifier: MIT */
/* Writes where nothing is. */
#include "config.h"

#include "fixture.h"

#include <signal.h>

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	(void)raise(SIGSEGV);
	return VIGIA_OK;
}

FIXTURE_MATCHES("segv.example");
static const struct vigia_plugin plugin = {
    FIXTURE_FRAME, FIXTURE_BODY, .name = "segv", .parse = parse};
FIXTURE_ENTRY(plugin)
