/* SPDX-License-Identifier: MIT */
/* Speaks a version that does not exist yet. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	return VIGIA_OK;
}

FIXTURE_MATCHES("wrong-major.example");
static const struct vigia_plugin plugin = {FIXTURE_FRAME,
    .abi_major = VIGIA_ABI_MAJOR + 1, .name = "wrong-major", .version = "1.0",
    .license = "MIT", .summary = "a fixture", .matches = matches, .match_count = 1,
    .parse = parse};
FIXTURE_ENTRY(plugin)
