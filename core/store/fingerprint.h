/* SPDX-License-Identifier: MIT */
/*
 * Which URLs of which host this process knows: 64-bit fingerprints in memory decide, so that the table needs
 * no unique index. About 16 bytes a URL. Internal to store/.
 */
#ifndef VG_STORE_FINGERPRINT_H
#define VG_STORE_FINGERPRINT_H

#include "store/store.h"

struct vg_fingerprints;

/* First 8 bytes of SHA-256: nobody makes two addresses meet at will. */
VG_WARN_UNUSED enum vg_status vg_fingerprint(
    struct vg_str url, int64_t *ret, struct vg_error *err);

struct vg_fingerprints *vg_fingerprints_new(void); /* NULL when out of memory */
void vg_fingerprints_free(struct vg_fingerprints *f);
/* Adds one; *ret_new is false when the host had it. VG_E_NOMEM. */
VG_WARN_UNUSED enum vg_status vg_fingerprints_add(struct vg_fingerprints *f,
    int64_t host, int64_t fingerprint, bool *ret_new, struct vg_error *err);
/* How many the host has here. */
size_t vg_fingerprints_count(const struct vg_fingerprints *f, int64_t host);
bool vg_fingerprints_has(
    const struct vg_fingerprints *f, int64_t host, int64_t fingerprint);
/* A host is loaded when every row of it in the database was added here. */
VG_WARN_UNUSED enum vg_status vg_fingerprints_set_loaded(struct vg_fingerprints *f,
    int64_t host, int64_t version, struct vg_error *err);
/* True unless it is loaded as of `version`: other processes may have added to it since. */
bool vg_fingerprints_is_behind(
    const struct vg_fingerprints *f, int64_t host, int64_t version);
/* True when it was loaded before vg_fingerprints_forget() and must be loaded again. */
bool vg_fingerprints_is_stale(const struct vg_fingerprints *f, int64_t host);
void vg_fingerprints_drop(struct vg_fingerprints *f, int64_t host);
/* After a rollback: the sets hold what the database does not. */
void vg_fingerprints_forget(struct vg_fingerprints *f);

#endif
