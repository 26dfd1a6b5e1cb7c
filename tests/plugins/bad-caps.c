/* SPDX-License-Identifier: MIT */
/* Requires a capability that no host offers. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	return VIGIA_OK;
}

FIXTURE_MATCHES("bad-caps.example");
static const struct vigia_plugin plugin = {FIXTURE_FRAME, FIXTURE_BODY,
    .name = "bad-caps", .parse = parse, .caps_required = UINT64_C(1) << 63};
FIXTURE_ENTRY(plugin)
