/* SPDX-License-Identifier: MIT */
/* Emits records without end, deaf to the host's refusals. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)self, (void)page;
	for (int i = 0; i < 100000; i++)
		(void)emit_title(api, call, STR("flood"));
	return VIGIA_OK;
}

FIXTURE_MATCHES("flood.example");
static const struct vigia_plugin plugin = {
    FIXTURE_FRAME, FIXTURE_BODY, .name = "flood", .parse = parse};
FIXTURE_ENTRY(plugin)
