/* SPDX-License-Identifier: MIT */
/* Its descriptor ends before version 1.0 does. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	return VIGIA_OK;
}

FIXTURE_MATCHES("short-struct.example");
static const struct vigia_plugin plugin = {.magic = VIGIA_PLUGIN_MAGIC,
    FIXTURE_BODY,
    .name = "short-struct",
    .parse = parse,
    .struct_size = 64};
FIXTURE_ENTRY(plugin)
