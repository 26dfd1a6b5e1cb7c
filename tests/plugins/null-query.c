/* SPDX-License-Identifier: MIT */
/* Answers the only question with NULL. */
#include "config.h"

#include "fixture.h"

const struct vigia_plugin *vigia_plugin_v1(void)
{
	return NULL;
}
