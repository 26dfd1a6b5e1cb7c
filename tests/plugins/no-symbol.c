/* SPDX-License-Identifier: MIT */
/* A shared object that is no plugin. */
#include "config.h"

#include "fixture.h"

VIGIA_EXPORT int vigia_plugin_v0(void);

int vigia_plugin_v0(void)
{
	return 0;
}
