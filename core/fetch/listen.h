/* SPDX-License-Identifier: MIT */
/*
 * A listener on a loopback address that answers GET with one page of text, in the time that the owner's poll
 * loop leaves. Few clients at once, few answers a second, a small request and a short patience: nobody who
 * connects can hold the owner up.
 */
#ifndef VG_FETCH_LISTEN_H
#define VG_FETCH_LISTEN_H

#include "base/buf.h"

struct pollfd;
struct vg_listen;

#define VG_LISTEN_FDS 9 /* of vg_listen_pollfds(), at most */

/* Appends the page as it is now. */
typedef void vg_listen_page(void *ctx, struct vg_buf *out);

/*
 * `address` is "127.0.0.1:9464" or "[::1]:9464"; port 0 takes a free one. `path` is the only one that is
 * answered ("/metrics") and `type` its Content-Type; both are borrowed. VG_E_INVALID: no loopback address;
 * VG_E_IO: it is in use.
 */
VG_WARN_UNUSED enum vg_status vg_listen_new(const char *address, const char *path,
    const char *type, vg_listen_page *page, void *ctx, struct vg_listen **ret,
    struct vg_error *err);
void vg_listen_free(struct vg_listen *l); /* NULL allowed */
int vg_listen_port(const struct vg_listen *l);
/* What to wait for, as poll(2); returns the count, at most `max`. NULL allowed. */
size_t vg_listen_pollfds(const struct vg_listen *l, struct pollfd *ret, size_t max);
/* Moves what can be moved without waiting, and drops who is too slow. NULL allowed. */
void vg_listen_run(struct vg_listen *l);

#endif
