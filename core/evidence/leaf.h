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
 *	 4 first_byte_us  integer  microseconds from start to the first response byte, -1: none came
 *	 5 total_us       integer  microseconds from start to the end
 *	 6 outcome        text     one word: "ok", "dns", "connect", "tls", "timeout", …
 *	 7 detail         text     the reason in words when the fetch failed, else empty
 *	 8 status         integer  HTTP status, 0: none
 *	 9 request_head   digest   of the request bytes as sent
 *	10 response_head  digest   of status line and header bytes as received
 *	11 payload        digest   of the body after de-chunking, as received
 *	12 payload_length integer  its bytes
 *	13 peer           text     address and port of the connection: "192.0.2.7:443", "[2001:db8::1]:443"
 *	14 tls_version    text     empty without TLS
 *	15 tls_cipher     text
 *	16 chain          digest   of the certificate chain as kept (PEM, leaf first)
 *	17 previous       digest   id of the capture before this one of the same URL
 *	18 parent         digest   id of the capture whose redirect led here
 */
#ifndef VG_EVIDENCE_LEAF_H
#define VG_EVIDENCE_LEAF_H

#include "base/buf.h"
#include "base/digest.h"

#define VG_LEAF_VERSION 1

/* A digest that may be absent. */
struct vg_leaf_digest {
	bool present;
	struct vg_digest digest;
};

struct vg_leaf {
	struct vg_str url, method;
	int64_t started, first_byte_us, total_us;
	struct vg_str outcome, detail;
	int64_t status;
	struct vg_leaf_digest request_head, response_head, payload;
	int64_t payload_length;
	struct vg_str peer, tls_version, tls_cipher;
	struct vg_leaf_digest chain, previous, parent;
};

/* Appends the canonical bytes. VG_E_TOO_LARGE when a text is longer than UINT32_MAX. */
VG_WARN_UNUSED enum vg_status vg_leaf_encode(
    const struct vg_leaf *leaf, struct vg_buf *ret, struct vg_error *err);
/* RFC 6962 section 2.1: SHA-256(0x00 || bytes). The capture's id. */
VG_WARN_UNUSED enum vg_status vg_leaf_hash(
    struct vg_str bytes, struct vg_digest *ret, struct vg_error *err);
/* Both steps. */
VG_WARN_UNUSED enum vg_status vg_leaf_id(
    const struct vg_leaf *leaf, struct vg_digest *ret, struct vg_error *err);

#endif
