/* SPDX-License-Identifier: MIT */
/* Sets of fingerprints, one a host: open addressing, at most three quarters full. */
#include "config.h"

#include "store/fingerprint.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/size.h"

struct set {
	int64_t host;
	uint64_t *slots; /* 0: free */
	size_t cap, len; /* cap: a power of two, or 0 */
	bool loaded, stale;
	int64_t version; /* of the database when it was loaded */
	struct set *next;
};

#define BUCKETS 1024

struct vg_fingerprints {
	struct set *hosts[BUCKETS];
};

enum vg_status vg_fingerprint(struct vg_str url, int64_t *ret, struct vg_error *err)
{
	struct vg_digest digest;
	uint64_t value = 0;
	enum vg_status st = vg_sha256(url, &digest, err);

	if (st != VG_OK)
		return st;
	for (size_t i = 0; i < 8; i++)
		value = value << 8 | digest.bytes[i];
	*ret = (int64_t)value;
	return VG_OK;
}

struct vg_fingerprints *vg_fingerprints_new(void)
{
	return calloc(1, sizeof(struct vg_fingerprints));
}

static struct set **link_of(struct vg_fingerprints *f, int64_t host)
{
	struct set **link = &f->hosts[(uint64_t)host % BUCKETS];

	while (*link && (*link)->host != host)
		link = &(*link)->next;
	return link;
}

void vg_fingerprints_drop(struct vg_fingerprints *f, int64_t host)
{
	struct set **link = link_of(f, host), *gone = *link;

	if (!gone)
		return;
	*link = gone->next;
	free(gone->slots);
	free(gone);
}

void vg_fingerprints_forget(struct vg_fingerprints *f)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct set *s = f->hosts[i]; s; s = s->next) {
			free(s->slots);
			s->slots = NULL;
			s->cap = s->len = 0;
			s->stale = s->stale || s->loaded;
			s->loaded = false;
		}
	}
}

void vg_fingerprints_free(struct vg_fingerprints *f)
{
	for (size_t i = 0; f && i < BUCKETS; i++)
		while (f->hosts[i])
			vg_fingerprints_drop(f, f->hosts[i]->host);
	free(f);
}

static struct set *get(struct vg_fingerprints *f, int64_t host)
{
	struct set **link = link_of(f, host);

	if (!*link && (*link = calloc(1, sizeof(**link))))
		(*link)->host = host;
	return *link;
}

/* The slot that holds the value, or the free one where it belongs. */
static size_t slot_of(const uint64_t *slots, size_t cap, uint64_t value)
{
	size_t i = value & (cap - 1);

	while (slots[i] && slots[i] != value)
		i = (i + 1) & (cap - 1);
	return i;
}

static bool grow(struct set *s)
{
	size_t cap = s->cap ? s->cap : 32;
	uint64_t *slots;

	if (s->cap && !vg_size_mul(s->cap, 2, &cap))
		return false;
	slots = calloc(cap, sizeof(*slots));
	if (!slots)
		return false;
	for (size_t i = 0; i < s->cap; i++)
		if (s->slots[i])
			slots[slot_of(slots, cap, s->slots[i])] = s->slots[i];
	free(s->slots);
	s->slots = slots;
	s->cap = cap;
	return true;
}

static const struct set *set_of(const struct vg_fingerprints *f, int64_t host)
{
	const struct set *s = f->hosts[(uint64_t)host % BUCKETS];

	while (s && s->host != host)
		s = s->next;
	return s;
}

/* 0 marks a free slot; its fingerprint shares 1's place. */
static uint64_t stored(int64_t fingerprint)
{
	return fingerprint ? (uint64_t)fingerprint : 1;
}

size_t vg_fingerprints_count(const struct vg_fingerprints *f, int64_t host)
{
	const struct set *s = set_of(f, host);

	return s ? s->len : 0;
}

bool vg_fingerprints_has(
    const struct vg_fingerprints *f, int64_t host, int64_t fingerprint)
{
	const struct set *s = set_of(f, host);

	return s && s->cap && s->slots[slot_of(s->slots, s->cap, stored(fingerprint))];
}

enum vg_status vg_fingerprints_add(struct vg_fingerprints *f, int64_t host,
    int64_t fingerprint, bool *ret_new, struct vg_error *err)
{
	uint64_t value = stored(fingerprint);
	struct set *s = get(f, host);
	size_t i;

	if (!s || (s->len >= s->cap / 4 * 3 && !grow(s)))
		return vg_fail(err, VG_E_NOMEM, "out of memory for the frontier");
	i = slot_of(s->slots, s->cap, value);
	*ret_new = !s->slots[i];
	if (*ret_new) {
		s->slots[i] = value;
		s->len++;
	}
	return VG_OK;
}

bool vg_fingerprints_is_stale(const struct vg_fingerprints *f, int64_t host)
{
	const struct set *s = set_of(f, host);

	return s && s->stale;
}

bool vg_fingerprints_is_behind(
    const struct vg_fingerprints *f, int64_t host, int64_t version)
{
	const struct set *s = set_of(f, host);

	return !s || !s->loaded || s->version != version;
}

enum vg_status vg_fingerprints_set_loaded(struct vg_fingerprints *f, int64_t host,
    int64_t version, struct vg_error *err)
{
	struct set *s = get(f, host);

	if (!s)
		return vg_fail(err, VG_E_NOMEM, "out of memory for the frontier");
	s->loaded = true;
	s->version = version;
	s->stale = false;
	return VG_OK;
}
