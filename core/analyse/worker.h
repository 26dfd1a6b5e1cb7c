/* SPDX-License-Identifier: MIT */
/*
 * The main of an analysis worker: loads lexicon and plugins, confines itself, then answers tasks on
 * the socket it was born with until that closes. Started by pool.c as
 *	vigia --analysis-worker PARENT_PID LEXICON_DIR PLUGIN_DIR [PLUGIN KEY VALUE]...
 * where an empty folder is not loaded.
 */
#ifndef VG_ANALYSE_WORKER_H
#define VG_ANALYSE_WORKER_H

#include "analyse/analyse.h"

#define VG_WORKER_ARG "--analysis-worker"
#define VG_WORKER_FD 3 /* the worker's end of the socketpair */

/* Whether this process was started as a worker: main() asks before it does anything else. */
bool vg_worker_wanted(int argc, char **argv);
int vg_worker_main(int argc, char **argv);
/* The same with more operations, for test binaries that serve as workers. */
int vg_worker_main_extra(int argc, char **argv, const struct vg_op *extra);

#endif
