/* SPDX-License-Identifier: MIT */
/* Cannot make its instance; destroy must then not be called. */
#include "config.h"

#include "fixture.h"

#include <stdlib.h>

static int32_t create(
    const struct vigia_host_api *api, struct vigia_host *host, void **ret_self)
{
	(void)api, (void)host, (void)ret_self;
	return VIGIA_E_INTERNAL;
}

static void destroy(void *self)
{
	(void)self;
	abort();
}

static int32_t parse(PARSE_ARGS)
{
	(void)api, (void)call, (void)self, (void)page;
	return VIGIA_OK;
}

FIXTURE_MATCHES("create-fails.example");
static const struct vigia_plugin plugin = {FIXTURE_FRAME, FIXTURE_BODY,
    .name = "create-fails", .create = create, .destroy = destroy, .parse = parse};
FIXTURE_ENTRY(plugin)
