/* SPDX-License-Identifier: MIT */
/* The plugin ABI, version 1. */
#ifndef VIGIA_PLUGIN_H
#define VIGIA_PLUGIN_H
#endif
