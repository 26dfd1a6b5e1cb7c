/* SPDX-License-Identifier: MIT */
/*
 * INI files, with the line of every entry. A value may go on over indented lines, which are joined by
 * newlines. '#' and ';' start a comment only at the start of a line. Bytes are checked first: valid
 * UTF-8, no control characters but tab and line ends, lines up to VG_MAX_CONFIG_LINE.
 */
#ifndef VG_CONF_INI_H
#define VG_CONF_INI_H

#include "base/status.h"
#include "base/str.h"

struct vg_ini_entry {
	const char *section; /* "" before the first section */
	const char *key;     /* NULL: the section's own header */
	const char *value;   /* trimmed */
	unsigned line;       /* of the header or the key, from 1 */
};

/* Everything in `entry` is borrowed until it returns. A status other than VG_OK ends the parse. */
typedef enum vg_status vg_ini_handler(
    void *ctx, const struct vg_ini_entry *entry, struct vg_error *err);

/*
 * Calls `handler` for each header and entry in order. Errors are VG_E_INVALID and start with
 * "name:line: ", those of the handler included.
 */
VG_WARN_UNUSED enum vg_status vg_ini_parse(const char *name, struct vg_str text,
    vg_ini_handler *handler, void *ctx, struct vg_error *err);

#endif
