/* SPDX-License-Identifier: MIT */
/*
 * The canonical bytes of one capture: what the log's leaf hash, and so the capture's id, stand for.
 * The format is fixed; a change is a new version byte, and old leaves keep their version.
 *
 * Version 1: one byte 0x01, then the fields below in this order, each as a 32-bit big-endian length
 * and that many bytes. Texts are their bytes; integers are 8 bytes, big-endian two's complement;
 * digests are 32 bytes, or length 0 when there is none (never 32 zero bytes).
 *
 *	 1 url            text     as requested, serialised
 *	 2 method         text     "GET"
 *	 3 started        integer  UTC microseconds since 1970-01-01T00:00:00Z
 *	 4 dns_us         integer  microseconds from start until the name was resolved; 0: not reached
 *	 5 connect_us     integer  … the connection stood
 *	 6 tls_us         integer  … TLS was agreed
 *	 7 first_byte_us  integer  … the first byte of the response
 *	 8 total_us       integer  … the end
 *	 9 outcome        text     one word: "ok", "dns", "connect", "tls", "timeout", …
 *	10 detail         text     the reason in words when the fetch failed, else empty
 *	11 notes          text     words apart by one space: "truncated", "length_mismatch", …
 *	12 status         integer  HTTP status, 0: none
 *	13 request_head   digest   of the request bytes as sent
 *	14 response_head  digest   of status line and header bytes as received
 *	15 payload        digest   of the body after de-chunking, as received
 *	16 payload_length integer  its bytes
 *	17 peer           text     address and port: "192.0.2.7:443", "[2001:db8::1]:443"
 *	18 tls_version    text     empty without TLS
 *	19 tls_cipher     text
 *	20 chain          digest   of the certificate chain as kept (PEM, leaf first)
 *	21 previous       digest   id of the capture before this one of the same URL
 *	22 parent         digest   id of the capture whose redirect led here
 */
#ifndef VG_EVIDENCE_LEAF_H
#define VG_EVIDENCE_LEAF_H

#include "base/buf.h"
#include "base/digest.h"

#define VG_LEAF_VERSION 1
#define VG_LEAF_MAX (1u << 20) /* bytes of a whole leaf: texts are short */

/* A digest that may be absent. */
struct vg_leaf_digest {
	bool present;
	struct vg_digest digest;
};

struct vg_leaf {
	struct vg_str url, method;
	int64_t started, dns_us, connect_us, tls_us, first_byte_us, total_us;
	struct vg_str outcome, detail, notes;
	int64_t status;
	struct vg_leaf_digest request_head, response_head, payload;
	int64_t payload_length;
	struct vg_str peer, tls_version, tls_cipher;
	struct vg_leaf_digest chain, previous, parent;
};

/* Appends the canonical bytes. VG_E_TOO_LARGE past ret->max. */
VG_WARN_UNUSED enum vg_status vg_leaf_encode(
    const struct vg_leaf *leaf, struct vg_buf *ret, struct vg_error *err);
/* RFC 6962 section 2.1: SHA-256(0x00 || bytes). The capture's id. */
VG_WARN_UNUSED enum vg_status vg_leaf_hash(
    struct vg_str bytes, struct vg_digest *ret, struct vg_error *err);
/* Both steps; VG_E_TOO_LARGE when the leaf is longer than VG_LEAF_MAX. */
VG_WARN_UNUSED enum vg_status vg_leaf_id(
    const struct vg_leaf *leaf, struct vg_digest *ret, struct vg_error *err);

#endif
