/* SPDX-License-Identifier: MIT */
/* The --batch loop of content commands: requests in, answers out in order, workers busy in between. */
#ifndef VG_CLI_BATCH_H
#define VG_CLI_BATCH_H

#include "cli/content.h"

/*
 * Answers every line of standard input until its end. Refused requests are answers. VG_E_IO, with exit
 * code 3, when input or output breaks.
 */
enum vg_status vg_batch_run(struct vg_cli *cli, struct vg_error *err);

#endif
