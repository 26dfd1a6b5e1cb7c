/* SPDX-License-Identifier: MIT */
/* Starts at an address that none of its own rules covers. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	return VIGIA_OK;
}

FIXTURE_MATCHES("bad-seed.example");
static const struct vigia_seed seeds[] = {{.url = "https://elsewhere.example/"}};
static const struct vigia_plugin plugin = {FIXTURE_FRAME, FIXTURE_BODY,
    .name = "bad-seed", .seeds = seeds, .seed_count = 1, .parse = parse};
FIXTURE_ENTRY(plugin)
