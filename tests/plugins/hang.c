/* SPDX-License-Identifier: MIT */
/* Never returns. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	for (volatile int i = 0; i == 0;)
		;
	return VIGIA_OK;
}

FIXTURE_MATCHES("hang.example");
static const struct vigia_plugin plugin = {
    FIXTURE_FRAME, FIXTURE_BODY, .name = "hang", .parse = parse};
FIXTURE_ENTRY(plugin)
