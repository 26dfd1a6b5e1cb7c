/* SPDX-License-Identifier: MIT */
/* What the files of url/ share: percent-encode sets and the host parser. */
#ifndef VG_URL_URL_PRIV_H
#define VG_URL_URL_PRIV_H

#include "url/url.h"

/* Percent-encode sets (URL Standard 1.3), one bit each, looked up by ASCII byte. */
enum {
	VG_SET_C0 = 1 << 0,
	VG_SET_FRAGMENT = 1 << 1,
	VG_SET_QUERY = 1 << 2,
	VG_SET_SPECIAL_QUERY = 1 << 3,
	VG_SET_PATH = 1 << 4,
	VG_SET_USERINFO = 1 << 5,
};

/* True when `c` must be escaped in that set; bytes above 0x7E always must. */
bool vg_url_must_escape(char c, unsigned set);
/* Appends `s` with UTF-8 percent-encoding; malformed bytes become an escaped U+FFFD. */
void vg_url_add_escaped(struct vg_buf *out, struct vg_str s, unsigned set);
void vg_url_add_hex(struct vg_buf *out, char c); /* %XX */

/*
 * Host parser (URL Standard 3.5): appends the serialised host. `special` selects domains and IPv4
 * over opaque hosts. VG_E_INVALID when it is no host.
 */
VG_WARN_UNUSED enum vg_status vg_url_add_host(
    struct vg_buf *out, struct vg_str input, bool special, struct vg_error *err);
/* Digits of an IPv6 or IPv4 address, appended in their one form. */
VG_WARN_UNUSED enum vg_status vg_url_add_ipv6(
    struct vg_buf *out, struct vg_str s, struct vg_error *err);
/* True when the last label makes the host an IPv4 address, valid or not. */
bool vg_url_ends_in_number(struct vg_str host);
VG_WARN_UNUSED enum vg_status vg_url_parse_ipv4(
    struct vg_str host, uint32_t *ret, struct vg_error *err);

#endif
