/* SPDX-License-Identifier: MIT */
/* Path, query and fragment of the basic URL parser. */
#include "config.h"

#include "url/parser_priv.h"

static struct vg_str path_so_far(const struct parser *p)
{
	return vg_str_sub(vg_buf_str(&p->u->href), p->u->path, p->u->href.len);
}

void vg_url_shorten(struct parser *p)
{
	struct vg_str path = path_so_far(p);

	if (p->file && path.len == 3 && vg_is_alpha(path.ptr[1]) && path.ptr[2] == ':')
		return;
	while (path.len > 0 && path.ptr[path.len - 1] != '/')
		path.len--;
	vg_buf_truncate(&p->u->href, p->u->path + (path.len > 0 ? path.len - 1 : 0));
}

/* 1 or 2 when the segment is "." or ".." in any spelling, else 0. */
static int dots(struct vg_str segment)
{
	int count = 0;

	for (size_t i = 0; i < segment.len; count++) {
		if (count == 2)
			return 0;
		if (segment.ptr[i] == '.')
			i++;
		else if (vg_str_istarts(
			     vg_str_sub(segment, i, segment.len), VG_STR("%2e")))
			i += 3;
		else
			return 0;
	}
	return count;
}

static void add_segment(struct parser *p, struct vg_str segment)
{
	struct vg_buf *out = &p->u->href;

	if (p->file && out->len == p->u->path && segment.len == 2 &&
	    starts_with_drive(segment)) {
		vg_buf_addc(out, '/');
		vg_buf_addc(out, segment.ptr[0]);
		vg_buf_addc(out, ':');
		return;
	}
	vg_buf_addc(out, '/');
	vg_url_add_escaped(out, segment, VG_SET_PATH);
}

/* Path state: from the first byte of a segment on. */
void vg_url_parse_path(struct parser *p)
{
	for (;;) {
		size_t start = p->pos;
		struct vg_str segment;
		int c, n;

		while (
		    (c = peek(p, 0)) != -1 && c != '?' && c != '#' && !is_slash(p, c))
			p->pos++;
		segment = vg_str_sub(p->in, start, p->pos);
		n = dots(segment);
		if (n == 2)
			vg_url_shorten(p);
		if (n == 0)
			add_segment(p, segment);
		else if (!is_slash(p, c))
			add_segment(p, (struct vg_str){0});
		if (!is_slash(p, c))
			return;
		p->pos++;
	}
}

/* Path start state. */
void vg_url_parse_path_start(struct parser *p)
{
	int c = peek(p, 0);

	if (is_slash(p, c))
		p->pos++;
	else if (!p->u->special && (c == -1 || c == '?' || c == '#'))
		return;
	vg_url_parse_path(p);
}

/* Query and fragment: all that is left. */
void vg_url_parse_tail(struct parser *p)
{
	struct vg_url *u = p->u;

	if (peek(p, 0) == '?') {
		size_t end = vg_str_chr(p->in, '#', p->pos);
		struct vg_str query = vg_str_sub(p->in, p->pos + 1, end);

		u->query = here(p);
		vg_buf_addc(&u->href, '?');
		vg_url_add_escaped(
		    &u->href, query, u->special ? VG_SET_SPECIAL_QUERY : VG_SET_QUERY);
		p->pos = end == SIZE_MAX ? p->in.len : end;
		u->fragment = here(p);
	}
	if (peek(p, 0) == '#') {
		u->fragment = here(p);
		vg_buf_addc(&u->href, '#');
		vg_url_add_escaped(&u->href, vg_str_sub(p->in, p->pos + 1, p->in.len),
		    VG_SET_FRAGMENT);
	}
}
