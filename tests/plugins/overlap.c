/* SPDX-License-Identifier: MIT */
/* Claims pages of `good` at the same priority. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	return VIGIA_OK;
}

FIXTURE_MATCHES("www.good.example");
static const struct vigia_plugin plugin = {
    FIXTURE_FRAME, FIXTURE_BODY, .name = "overlap", .parse = parse};
FIXTURE_ENTRY(plugin)
