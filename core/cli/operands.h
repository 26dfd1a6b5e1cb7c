/* SPDX-License-Identifier: MIT */
/* Operands that come from a file. */
#ifndef VG_CLI_OPERANDS_H
#define VG_CLI_OPERANDS_H

#include "cli/command.h"

/*
 * Replaces each operand "@FILE" (@- is standard input) by the lines of FILE, of a command that takes any
 * number. Lines are divided by NUL where the file holds one; blank lines and those that start with '#'
 * are left out. vg_cli_close() frees what is made. VG_E_IO, VG_E_TOO_LARGE.
 */
VG_WARN_UNUSED enum vg_status vg_operands_expand(
    struct vg_cli *cli, struct vg_error *err);

#endif
