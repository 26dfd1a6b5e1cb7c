/* SPDX-License-Identifier: MIT */
/* Which character encoding a document is in (WHATWG Encoding and HTML standards). */
#ifndef VG_DOC_CHARSET_H
#define VG_DOC_CHARSET_H

#include "doc/doc.h"

#define VG_CHARSET_LABEL_COUNT 228
#define VG_SINGLE_BYTE_COUNT 27

struct vg_charset_label {
	const char *label, *name;
};
struct vg_single_byte {
	const char *name;
	uint16_t high[128]; /* code points of bytes 0x80 to 0xFF */
};

extern const struct vg_charset_label vg_charset_labels[VG_CHARSET_LABEL_COUNT];
extern const struct vg_single_byte vg_single_bytes[VG_SINGLE_BYTE_COUNT];

/* The WHATWG name of a label (any case, white space around it), or NULL. */
const char *vg_charset_name(struct vg_str label);
/* The charset parameter of a Content-Type value as a WHATWG name, or NULL. */
const char *vg_charset_of_type(struct vg_str content_type);

/*
 * Decides: byte order mark, header, meta, UTF-8 by validity (`valid_utf8` and a byte >= 0x80), a
 * statistical guess, windows-1252. *ret_bom is the length of a mark at the front.
 */
const char *vg_charset_detect(struct vg_str document, struct vg_str content_type,
    bool valid_utf8, enum vg_charset_source *ret_source, size_t *ret_bom);

#endif
