/* SPDX-License-Identifier: MIT */
/*
 * Addresses as browsers read them (WHATWG URL Standard): one parser for every room, so that
 * what scope and robots.txt judged is what the transport asks for. Not locale-dependent.
 * A parsed URL is immutable and may be shared by threads.
 */
#ifndef VG_URL_URL_H
#define VG_URL_URL_H

#include "base/buf.h"

#define VG_URL_NO_PORT (-1)
#define VG_URL_MAX_PARSE                                                               \
	(1u << 20) /* bytes of input and of output that the parser takes */

/*
 * The serialised address and where its parts lie. Read it through the accessors below.
 *
 *	https://user:pass@example.com:1234/foo/bar?baz#quux
 *	     |      |    |           |    |       |   |
 *	     |      |    host_start  |    |       |   fragment
 *	     |      username_end     |    path    query
 *	     scheme_end              host_end
 */
struct vg_url {
	struct vg_buf href;
	uint32_t scheme_end;   /* of the colon */
	uint32_t username_end; /* of the colon or @ after the user name */
	uint32_t host_start;   /* of the first byte of the host, after any @ */
	uint32_t host_end;
	uint32_t path;     /* of its first byte */
	uint32_t query;    /* of the question mark; == fragment when there is none */
	uint32_t fragment; /* of the number sign; == href.len when there is none */
	int32_t port;      /* VG_URL_NO_PORT when absent or the scheme's default */
	bool special;      /* http, https, ws, wss, ftp, file */
	bool has_host;     /* false: mailto:, data:, … */
	bool opaque; /* the path is no list of segments: nothing resolves against it */
};

#define VG_URL_INIT ((struct vg_url){.href = {.max = VG_URL_MAX_PARSE}})

/*
 * Basic URL parser (URL Standard 4.4). `base` may be NULL. *ret is initialised by VG_URL_INIT or
 * an earlier parse, whose memory is used again; on failure it holds no URL but stays usable.
 * VG_E_INVALID: no URL; VG_E_TOO_LARGE; VG_E_NOMEM.
 */
VG_WARN_UNUSED enum vg_status vg_url_parse(struct vg_str input,
    const struct vg_url *base, struct vg_url *ret, struct vg_error *err);
void vg_url_release(struct vg_url *u); /* NULL allowed */

/* All borrowed from the URL; parts come without their delimiters. */
struct vg_str vg_url_href(const struct vg_url *u);
struct vg_str vg_url_scheme(const struct vg_url *u);
struct vg_str vg_url_username(const struct vg_url *u); /* percent-encoded */
struct vg_str vg_url_password(const struct vg_url *u); /* percent-encoded */
struct vg_str vg_url_host(
    const struct vg_url *u); /* ASCII, lower case, [] around IPv6 */
struct vg_str vg_url_path(const struct vg_url *u);
struct vg_str vg_url_query(const struct vg_url *u);
struct vg_str vg_url_fragment(const struct vg_url *u);
struct vg_str vg_url_target(
    const struct vg_url *u); /* path and query: the request target */
struct vg_str vg_url_origin(
    const struct vg_url *u);                /* "https://host:port"; has_host only */
int vg_url_port(const struct vg_url *u);    /* explicit or the scheme's, or -1 */
bool vg_url_is_web(const struct vg_url *u); /* http or https */
bool vg_url_has_credentials(const struct vg_url *u);

/*
 * Appends the serialised form of `ref` read against `base` to `out`; the same result as
 * vg_url_parse, without its cost for the usual kinds of link. VG_E_INVALID leaves `out` as it was.
 */
VG_WARN_UNUSED enum vg_status vg_url_resolve(struct vg_str ref,
    const struct vg_url *base, struct vg_buf *out, struct vg_error *err);

/*
 * Appends the crawl identity of an absolute address: parsed as above, then without fragment,
 * tracking parameters (utm_*, gclid, …) and session ids, percent-encoding in one form
 * (RFC 3986 6.2.2). For telling visits apart; requests use the address as found.
 */
VG_WARN_UNUSED enum vg_status vg_url_normalise(
    struct vg_str input, struct vg_buf *out, struct vg_error *err);

/*
 * 64-bit SipHash of a normalised URL. `key` is a secret of the case, so that no page author
 * can craft addresses that collide and hide a page from the crawl.
 */
uint64_t vg_url_fingerprint(struct vg_str normalised, uint64_t key);

/*
 * The registrable domain ("example.co.uk") and the public suffix of a host, as slices of `host`;
 * .ptr NULL where there is none (a bare suffix, an IP address, a leading dot). Any case, A-labels or
 * UTF-8; a name whose suffix is not listed counts as under a one-label suffix.
 */
void vg_url_domain(
    struct vg_str host, struct vg_str *ret_domain, struct vg_str *ret_suffix);

#endif
