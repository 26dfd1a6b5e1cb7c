/* SPDX-License-Identifier: MIT */
/*
 * JSON (RFC 8259). The reader keeps numbers as text (money never becomes a float), gives the byte
 * span of every value, and reads a lone surrogate escape as U+FFFD. The writer always emits
 * valid UTF-8.
 */
#ifndef VG_BASE_JSON_H
#define VG_BASE_JSON_H

#include "base/arena.h"
#include "base/buf.h"

#define VG_JSON_DEPTH 64 /* levels of nesting, for reader and writer */

enum vg_json_type {
	VG_JSON_NULL,
	VG_JSON_FALSE,
	VG_JSON_TRUE,
	VG_JSON_NUMBER,
	VG_JSON_STRING,
	VG_JSON_ARRAY,
	VG_JSON_OBJECT,
};

enum {
	/* For JSON-LD in the wild: raw control characters inside strings, a trailing comma,
	 * leading and trailing comments (<!-- -->, CDATA, //, slash-star) and `;` at the end. */
	VG_JSON_LENIENT = 1 << 0,
};

struct vg_json {
	enum vg_json_type type;
	struct vg_str text; /* decoded string, or the number's own digits */
	struct vg_str key;  /* decoded member name when the parent is an object */
	size_t start, end;  /* of the value in the source; strings with their quotes */
	size_t count;       /* members or elements */
	struct vg_json *first; /* first child */
	struct vg_json *next;  /* next sibling */
};

/*
 * Parses one value and nothing after it but white space. Everything is allocated from `arena`;
 * strings without escapes borrow from `text`. Duplicate keys are kept, the first is found.
 * VG_E_INVALID with "line L column C: reason", VG_E_LIMIT when too deep, VG_E_NOMEM.
 */
VG_WARN_UNUSED enum vg_status vg_json_parse(struct vg_arena *arena, struct vg_str text,
    unsigned flags, struct vg_json **ret, struct vg_error *err);
/* The member of that name, or NULL; NULL too when `object` is NULL or no object. */
const struct vg_json *vg_json_get(const struct vg_json *object, const char *key);
/* The member's text if it is a string (or number), else an empty slice with .ptr NULL. */
struct vg_str vg_json_get_str(const struct vg_json *object, const char *key);
/* True when there is a member of that name and it is `true`. */
bool vg_json_get_true(const struct vg_json *object, const char *key);
bool vg_json_to_i64(
    const struct vg_json *number, int64_t *ret); /* whole numbers only */
bool vg_json_to_double(const struct vg_json *number, double *ret);

struct vg_json_writer {
	struct vg_buf *out;
	unsigned depth;
	uint64_t has_member; /* bit per level: a comma is due */
	bool after_key;
};

/* Writes compact JSON to the end of `out`; failures stick in the buffer. */
struct vg_json_writer vg_json_writer(struct vg_buf *out);
void vg_jw_object(struct vg_json_writer *w);
void vg_jw_end_object(struct vg_json_writer *w);
void vg_jw_array(struct vg_json_writer *w);
void vg_jw_end_array(struct vg_json_writer *w);
void vg_jw_key(struct vg_json_writer *w, const char *key); /* then exactly one value */
/* Malformed UTF-8 becomes U+FFFD; a slice with .ptr NULL is written as null. */
void vg_jw_str(struct vg_json_writer *w, struct vg_str value);
void vg_jw_strz(struct vg_json_writer *w, const char *value); /* NULL gives null */
void vg_jw_int(struct vg_json_writer *w, int64_t value);
void vg_jw_fixed(
    struct vg_json_writer *w, double value, int decimals); /* finite, or null */
void vg_jw_bool(struct vg_json_writer *w, bool value);
void vg_jw_null(struct vg_json_writer *w);
void vg_jw_raw(
    struct vg_json_writer *w, struct vg_str json); /* trusted: already one value */
void vg_jw_value(
    struct vg_json_writer *w, const struct vg_json *value); /* a parsed value */
/* key and value in one call */
void vg_jw_kstr(struct vg_json_writer *w, const char *key, struct vg_str value);
void vg_jw_kstrz(struct vg_json_writer *w, const char *key, const char *value);
void vg_jw_kint(struct vg_json_writer *w, const char *key, int64_t value);
void vg_jw_kbool(struct vg_json_writer *w, const char *key, bool value);

#endif
