/* SPDX-License-Identifier: MIT */
/* What the parts of the entity finder share. Internal to entity*.c and site_id.c. */
#ifndef VG_DETECT_ENTITY_PRIV_H
#define VG_DETECT_ENTITY_PRIV_H

#include "base/vec.h"
#include "detect/entity.h"

struct vg_entity_scan {
	const struct vg_identifiers *ids; /* NULL allowed */
	const struct vg_doc *doc;
	const struct vg_region *region;
	struct vg_vec found;    /* struct vg_entity_item */
	uint32_t buckets[1024]; /* 1 + index of the newest item of each hash, 0: none */
	enum vg_status status;  /* VG_E_NOMEM sticks */
};

struct vg_entity_item {
	struct vg_entity entity;
	uint32_t next; /* 1 + index of an older item of the same hash */
};

/*
 * Adds a value once per kind; a phone later seen as whatsapp or signal becomes that. `value` is
 * copied. No-op past VG_MAX_FINDINGS.
 */
void vg_entity_add(struct vg_entity_scan *s, const char *kind, struct vg_str value,
    struct vg_str surface, struct vg_place at);

/* Bytes [start, end) of a block's text as the place of an entity. */
void vg_entity_add_block(struct vg_entity_scan *s, const struct vg_block *block,
    const char *kind, struct vg_str value, size_t start, size_t end);

void vg_entity_scan_block(struct vg_entity_scan *s, const struct vg_block *block);
/* Written names: e-mail, obfuscated e-mail, @handles, "Skype: name". */
void vg_entity_scan_names(struct vg_entity_scan *s, const struct vg_block *block);
void vg_entity_scan_links(struct vg_entity_scan *s);
/* Analytics, tags, chat boxes and keys in the page's source. */
void vg_site_ids_find(struct vg_entity_scan *s);

/* The platform whose name ends right before text[at] (spaces, colons and quotes skipped), or NULL. */
const char *vg_platform_before(struct vg_str text, size_t at);
/* A handle in its platform's alphabet; `value` may be cut of trailing dots. */
bool vg_handle_valid(const char *kind, struct vg_str *value);
/* Bytes of an e-mail address around the `@` at `at`; false when it is none. */
bool vg_email_around(struct vg_str text, size_t at, size_t *ret_start, size_t *ret_end);
/* Is one of the words (NUL-terminated list, NULL at its end) in text[from, to)? ASCII case folds. */
bool vg_any_word(struct vg_str text, size_t from, size_t to, const char *const *words);

#endif
