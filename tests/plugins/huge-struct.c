/* SPDX-License-Identifier: MIT */
/* Its descriptor claims to be larger than any will be. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	return VIGIA_OK;
}

FIXTURE_MATCHES("huge-struct.example");
static const struct vigia_plugin plugin = {.magic = VIGIA_PLUGIN_MAGIC,
    FIXTURE_BODY,
    .name = "huge-struct",
    .parse = parse,
    .struct_size = 1u << 20};
FIXTURE_ENTRY(plugin)
