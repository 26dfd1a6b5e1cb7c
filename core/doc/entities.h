/* SPDX-License-Identifier: MIT */
/* Named character references (HTML standard, section 13.5). Internal to doc/. */
#ifndef VG_DOC_ENTITIES_H
#define VG_DOC_ENTITIES_H

#define VG_ENTITY_COUNT 2125
#define VG_ENTITY_LEGACY_COUNT 106
#define VG_ENTITY_MAX 31       /* bytes of the longest name */
#define VG_ENTITY_LEGACY_MAX 6 /* of the longest legacy name */

struct vg_entity {
	const char *name;  /* without & and ; */
	const char *value; /* UTF-8, 1 to 6 bytes */
};

/* Sorted by name in byte order. */
extern const struct vg_entity vg_entities[VG_ENTITY_COUNT];
/* Those that also stand without a semicolon, sorted. */
extern const char *const vg_entities_legacy[VG_ENTITY_LEGACY_COUNT];

#endif
