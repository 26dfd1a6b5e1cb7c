/* SPDX-License-Identifier: MIT */
/* What a worker gives up before it meets hostile bytes. Internal to analyse/. */
#ifndef VG_ANALYSE_SANDBOX_H
#define VG_ANALYSE_SANDBOX_H

#include "base/status.h"

/* What holds, as bits; the worker reports them in its handshake. */
enum {
	VG_SANDBOX_SECCOMP =
	    1 << 0, /* no system call but those of computing and answering */
	VG_SANDBOX_LANDLOCK = 1 << 1, /* no file by path */
	VG_SANDBOX_RLIMITS = 1 << 2,  /* address space, files, processes, core */
};

/*
 * Step 1, before anything is loaded: no new privileges, death with the parent. Fails when the parent,
 * whose process id is given, is gone already.
 */
VG_WARN_UNUSED enum vg_status vg_sandbox_enter(int parent_pid, struct vg_error *err);
/*
 * Step 2, after loading: for good. Only `fd` can still be read and written; standard output and error
 * lead nowhere. Any forbidden system call kills the process; asking for executable memory merely fails, so
 * that PCRE2 falls back to its interpreter. Fails closed when a part that was built in is refused;
 * Landlock alone is optional, since kernels before 5.13 lack it.
 */
VG_WARN_UNUSED enum vg_status vg_sandbox_close(
    int fd, unsigned *ret_held, struct vg_error *err);

#endif
