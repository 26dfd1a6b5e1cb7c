/* SPDX-License-Identifier: MIT */
/* Wants ten gigabytes. */
#include "config.h"

#include "fixture.h"

#include <stdlib.h>

static int32_t parse(PARSE_ARGS)
{
	/* volatile: a compiler may leave out an allocation that nobody looks at */
	char *volatile all = malloc((size_t)10 << 30);

	(void)self, (void)page;
	if (all == NULL)
		return VIGIA_E_NOMEM;
	memset(all, 1, (size_t)10 << 30);
	free(all);
	return emit_title(api, call, STR("got it"));
}

FIXTURE_MATCHES("alloc.example");
static const struct vigia_plugin plugin = {
    FIXTURE_FRAME, FIXTURE_BODY, .name = "alloc", .parse = parse};
FIXTURE_ENTRY(plugin)
