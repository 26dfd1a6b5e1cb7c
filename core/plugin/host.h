/* SPDX-License-Identifier: MIT */
/* The table of functions that plugins call. */
#ifndef VG_PLUGIN_HOST_H
#define VG_PLUGIN_HOST_H

#include <vigia/plugin.h>

extern const struct vigia_host_api vg_host_api;

#endif
