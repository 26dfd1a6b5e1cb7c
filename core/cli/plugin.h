/* SPDX-License-Identifier: MIT */
/* Parts of `vigia plugin`, one file each. */
#ifndef VG_CLI_PLUGIN_H
#define VG_CLI_PLUGIN_H

#include "base/json.h"
#include "cli/command.h"

extern const struct vg_cmd vg_cmd_plugin_heal;    /* cmd_plugin_heal.c */
extern const struct vg_cmd vg_cmd_plugin_install; /* cmd_plugin_new.c */
extern const struct vg_cmd vg_cmd_plugin_new;
extern const struct vg_cmd vg_cmd_plugin_record; /* cmd_plugin_test.c */
extern const struct vg_cmd vg_cmd_plugin_test;

/* cmd_plugin.c: the answer of plugin.run for people, appended to `out`. */
void vg_plugin_print(const struct vg_json *result, struct vg_buf *out);
/*
 * cmd_plugin_new.c: the body of the last capture of a URL in the case; VG_E_NOT_FOUND with a hint. The answer of
 * plugin.guess for a page that `plugin` ("auto" or a name) reads. One value of that answer, or empty.
 */
VG_WARN_UNUSED enum vg_status vg_plugin_capture(
    struct vg_cli *cli, const char *url, struct vg_buf *ret, struct vg_error *err);
VG_WARN_UNUSED enum vg_status vg_plugin_guess(struct vg_cli *cli, struct vg_str page,
    const char *url, const char *plugin, struct vg_buf *ret, struct vg_error *err);
struct vg_str vg_plugin_guessed(const struct vg_json *from, const char *key);
/* plugin_c.c: C source of a plugin with the guessed selectors, appended to `out`. */
void vg_plugin_write_c(const char *name, const struct vg_json *guess,
    struct vg_str host, struct vg_buf *out);

#endif
