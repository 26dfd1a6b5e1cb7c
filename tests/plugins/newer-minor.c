/* SPDX-License-Identifier: MIT */
/* Needs a minor version that does not exist yet. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	return VIGIA_OK;
}

FIXTURE_MATCHES("newer-minor.example");
static const struct vigia_plugin plugin = {FIXTURE_FRAME, FIXTURE_BODY,
    .name = "newer-minor", .parse = parse, .abi_minor = VIGIA_ABI_MINOR + 1};
FIXTURE_ENTRY(plugin)
