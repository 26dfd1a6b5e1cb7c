/* SPDX-License-Identifier: MIT */
/* Loses memory on every page. */
#include "config.h"

#include "fixture.h"

#include <stdlib.h>

static int32_t parse(PARSE_ARGS)
{
	char *lost = malloc(1 << 20);

	(void)self, (void)page;
	if (lost != NULL)
		memset(lost, 1, 1 << 20);
	return emit_title(api, call, lost != NULL ? STR("leaked") : STR("full"));
}

FIXTURE_MATCHES("leak.example");
static const struct vigia_plugin plugin = {
    FIXTURE_FRAME, FIXTURE_BODY, .name = "leak", .parse = parse};
FIXTURE_ENTRY(plugin)
