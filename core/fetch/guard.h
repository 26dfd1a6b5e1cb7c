/* SPDX-License-Identifier: MIT */
/*
 * The address guard: which socket addresses may be connected to. It judges the address itself at
 * connect time, so the spelling of a host, redirects and rebinding do not matter.
 */
#ifndef VG_FETCH_GUARD_H
#define VG_FETCH_GUARD_H

#include <sys/socket.h>

#include "base/status.h"
#include "base/str.h"

struct curl_slist;
struct vg_guard;

enum vg_guard_answer {
	VG_GUARD_PUBLIC,
	VG_GUARD_PERMITTED, /* the operator permits exactly this address */
	VG_GUARD_REFUSED, /* special-use: private, loopback, link-local, multicast, … */
};

/*
 * Reads the operator's lists, NULL-terminated or NULL: "10.0.0.7:8080", "[::1]:80", "10.0.0.7"
 * (every port), and maps "host:80=127.0.1.7:8080". `allow_private` permits every special address.
 * VG_E_INVALID names the entry.
 */
VG_WARN_UNUSED enum vg_status vg_guard_new(const char *const *allow,
    const char *const *maps, bool allow_private, struct vg_guard **ret,
    struct vg_error *err);
void vg_guard_free(struct vg_guard *g); /* NULL allowed */
enum vg_guard_answer vg_guard_check(
    const struct vg_guard *g, const struct sockaddr *address);
/* The same for a textual IP address without brackets; text that is none is refused. */
enum vg_guard_answer vg_guard_check_text(
    const struct vg_guard *g, const char *ip, int port);
/* True when the address is exactly "IP:PORT" or "[IP]:PORT". */
bool vg_guard_is(const struct sockaddr *address, struct vg_str text);
/*
 * Whether somebody else may be asked to connect to a host of an address, as vg_url_host() tells it: an address that may
 * be connected to, or a name that is not one of private networks (RFC 6761, 6762, 8375).
 */
bool vg_guard_may_name(const struct vg_guard *g, struct vg_str host, int port);
/* True when a map names this host and port. */
bool vg_guard_maps(const struct vg_guard *g, struct vg_str host, int port);
/* The maps as curl takes them; owned by the guard. */
struct curl_slist *vg_guard_connect_to(const struct vg_guard *g);
/* True for every address that is not global unicast (IANA special-purpose registries). */
bool vg_address_is_special(const struct sockaddr *address);

#endif
