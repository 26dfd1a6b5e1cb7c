/* SPDX-License-Identifier: MIT */
/* What the two halves of the parser share: where it stands, and the states of path, query and fragment. */
#ifndef VG_URL_PARSER_PRIV_H
#define VG_URL_PARSER_PRIV_H

#include <string.h>

#include "url/url_priv.h"

struct parser {
	struct vg_url *u;
	const struct vg_url *base; /* may be NULL */
	struct vg_str in;          /* trimmed, without tabs and newlines */
	size_t pos;
	bool file;
	struct vg_error *err;
};

/* The byte so far ahead, or -1 past the end. */
static inline int peek(const struct parser *p, size_t ahead)
{
	size_t at = p->pos + ahead;

	return at < p->in.len ? (unsigned char)p->in.ptr[at] : -1;
}

static inline bool is_slash(const struct parser *p, int c)
{
	return c == '/' || (c == '\\' && p->u->special);
}

static inline uint32_t here(const struct parser *p)
{
	return (uint32_t)p->u->href.len;
}

/* True for "C:" or "C|" followed by an end or a slash. */
static inline bool starts_with_drive(struct vg_str s)
{
	return s.len >= 2 && vg_is_alpha(s.ptr[0]) &&
	       (s.ptr[1] == ':' || s.ptr[1] == '|') &&
	       (s.len == 2 || memchr("/\\?#", s.ptr[2], 4) != NULL);
}

/* Path start, path, query and fragment states (URL Standard 4.4), in path.c. */
void vg_url_parse_path_start(struct parser *p);
void vg_url_parse_path(struct parser *p);
void vg_url_parse_tail(struct parser *p);
/* "Shorten a URL's path" (4.2): drops the last segment, never a drive. */
void vg_url_shorten(struct parser *p);

#endif
