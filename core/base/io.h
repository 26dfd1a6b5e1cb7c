/* SPDX-License-Identifier: MIT */
/* Files and descriptors: whole reads and writes, with limits and EINTR handled. */
#ifndef VG_BASE_IO_H
#define VG_BASE_IO_H

#include "base/buf.h"

/* Appends the whole file to `ret`; "-" is standard input. VG_E_TOO_LARGE past ret->max. */
VG_WARN_UNUSED enum vg_status vg_read_file(
    const char *path, struct vg_buf *ret, struct vg_error *err);
/* Appends until end of file. */
VG_WARN_UNUSED enum vg_status vg_read_fd(
    int fd, struct vg_buf *ret, struct vg_error *err);
/* Exactly `len` bytes; VG_E_STOP when the peer closed before the first byte. */
VG_WARN_UNUSED enum vg_status vg_read_exact(
    int fd, void *ret, size_t len, struct vg_error *err);
VG_WARN_UNUSED enum vg_status vg_write_all(
    int fd, struct vg_str bytes, struct vg_error *err);
/* Writes to a temporary neighbour, syncs, renames: the file is old or new, never half. */
VG_WARN_UNUSED enum vg_status vg_write_file(
    const char *path, struct vg_str bytes, struct vg_error *err);
void vg_close(int *fd); /* closes if >= 0 and sets -1 */

#endif
