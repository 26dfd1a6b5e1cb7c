/* SPDX-License-Identifier: MIT */
/* Its magic number is another program's. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	return VIGIA_OK;
}

FIXTURE_MATCHES("bad-magic.example");
static const struct vigia_plugin plugin = {.struct_size = sizeof(struct vigia_plugin),
    FIXTURE_BODY,
    .name = "bad-magic",
    .parse = parse,
    .magic = 0x21474f4eu};
FIXTURE_ENTRY(plugin)
