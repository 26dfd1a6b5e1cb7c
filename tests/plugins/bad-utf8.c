/* SPDX-License-Identifier: MIT */
/* Emits bytes that are no UTF-8. */
#include "config.h"

#include "fixture.h"

static int32_t parse(PARSE_ARGS)
{
	(void)self, (void)page;
	return emit_title(api, call, STR("caf\xE9"));
}

FIXTURE_MATCHES("bad-utf8.example");
static const struct vigia_plugin plugin = {
    FIXTURE_FRAME, FIXTURE_BODY, .name = "bad-utf8", .parse = parse};
FIXTURE_ENTRY(plugin)
