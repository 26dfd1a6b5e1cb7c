/* SPDX-License-Identifier: MIT */
/* Parts of `vigia plugin`, one file each. */
#ifndef VG_CLI_PLUGIN_H
#define VG_CLI_PLUGIN_H

#include "base/json.h"
#include "cli/command.h"

extern const struct vg_cmd vg_cmd_plugin_install; /* cmd_plugin_new.c */
extern const struct vg_cmd vg_cmd_plugin_new;
extern const struct vg_cmd vg_cmd_plugin_record; /* cmd_plugin_test.c */
extern const struct vg_cmd vg_cmd_plugin_test;

/* cmd_plugin.c: the answer of plugin.run for people, appended to `out`. */
void vg_plugin_print(const struct vg_json *result, struct vg_buf *out);
/* plugin_c.c: C source of a plugin with the guessed selectors, appended to `out`. */
void vg_plugin_write_c(const char *name, const struct vg_json *guess,
    struct vg_str host, struct vg_buf *out);

#endif
