/* SPDX-License-Identifier: MIT */
/* Links against their page: a fast path for the spellings that need no change. */
#include "config.h"

#include "url/url_priv.h"

#include <string.h>

/* Bytes that stay as they are, by part; dots and % are looked at apart. */
enum { PLAIN_HOST = 1, PLAIN_PATH = 2, PLAIN_QUERY = 4, PLAIN_FRAGMENT = 8 };

#define PQF (PLAIN_PATH | PLAIN_QUERY | PLAIN_FRAGMENT)
#define ALL (PQF | PLAIN_HOST)

static const uint8_t plain[256] = {
    ['!'] = PQF,
    ['$'] = PQF,
    ['%'] = PQF,
    ['&'] = PQF,
    ['('] = PQF,
    [')'] = PQF,
    ['*'] = PQF,
    ['+'] = PQF,
    [','] = PQF,
    ['/'] = PQF,
    [':'] = PQF,
    [';'] = PQF,
    ['='] = PQF,
    ['@'] = PQF,
    ['['] = PQF,
    [']'] = PQF,
    ['|'] = PQF,
    ['^'] = PLAIN_QUERY | PLAIN_FRAGMENT,
    ['~'] = PQF,
    ['.'] = ALL,
    ['-'] = ALL,
    ['_'] = ALL,
    ['\''] = PLAIN_PATH | PLAIN_FRAGMENT,
    ['?'] = PLAIN_QUERY | PLAIN_FRAGMENT,
    ['{'] = PLAIN_QUERY | PLAIN_FRAGMENT,
    ['}'] = PLAIN_QUERY | PLAIN_FRAGMENT,
    ['`'] = PLAIN_QUERY,
    ['\\'] = PLAIN_QUERY | PLAIN_FRAGMENT,
    ['#'] = PLAIN_FRAGMENT,
    ['0'] = ALL,
    ['1'] = ALL,
    ['2'] = ALL,
    ['3'] = ALL,
    ['4'] = ALL,
    ['5'] = ALL,
    ['6'] = ALL,
    ['7'] = ALL,
    ['8'] = ALL,
    ['9'] = ALL,
    ['a'] = ALL,
    ['b'] = ALL,
    ['c'] = ALL,
    ['d'] = ALL,
    ['e'] = ALL,
    ['f'] = ALL,
    ['g'] = ALL,
    ['h'] = ALL,
    ['i'] = ALL,
    ['j'] = ALL,
    ['k'] = ALL,
    ['l'] = ALL,
    ['m'] = ALL,
    ['n'] = ALL,
    ['o'] = ALL,
    ['p'] = ALL,
    ['q'] = ALL,
    ['r'] = ALL,
    ['s'] = ALL,
    ['t'] = ALL,
    ['u'] = ALL,
    ['v'] = ALL,
    ['w'] = ALL,
    ['x'] = ALL,
    ['y'] = ALL,
    ['z'] = ALL,
    ['A'] = PQF,
    ['B'] = PQF,
    ['C'] = PQF,
    ['D'] = PQF,
    ['E'] = PQF,
    ['F'] = PQF,
    ['G'] = PQF,
    ['H'] = PQF,
    ['I'] = PQF,
    ['J'] = PQF,
    ['K'] = PQF,
    ['L'] = PQF,
    ['M'] = PQF,
    ['N'] = PQF,
    ['O'] = PQF,
    ['P'] = PQF,
    ['Q'] = PQF,
    ['R'] = PQF,
    ['S'] = PQF,
    ['T'] = PQF,
    ['U'] = PQF,
    ['V'] = PQF,
    ['W'] = PQF,
    ['X'] = PQF,
    ['Y'] = PQF,
    ['Z'] = PQF,
};

static size_t run_of(struct vg_str s, size_t i, uint8_t kind)
{
	while (i < s.len && (plain[(unsigned char)s.ptr[i]] & kind) != 0)
		i++;
	return i;
}

/* True when [from, end) of `s`, a path, a query and a fragment, is its own serialised form. */
static bool is_plain_tail(struct vg_str s, size_t from)
{
	bool segment_start = true;
	size_t i = from;

	for (; i < s.len && (plain[(unsigned char)s.ptr[i]] & PLAIN_PATH) != 0; i++) {
		/* A segment that begins so may be a dot segment. */
		if (segment_start && (s.ptr[i] == '.' || s.ptr[i] == '%'))
			return false;
		segment_start = s.ptr[i] == '/';
	}
	if (i < s.len && s.ptr[i] == '?')
		i = run_of(s, i + 1, PLAIN_QUERY);
	if (i < s.len && s.ptr[i] == '#')
		i = run_of(s, i + 1, PLAIN_FRAGMENT);
	return i == s.len;
}

/*
 * End of a host from `from` on that is its own serialised form, followed by a slash or by nothing;
 * SIZE_MAX when only the parser can tell.
 */
static size_t plain_host_end(struct vg_str s, size_t from)
{
	size_t end = run_of(s, from, PLAIN_HOST), label = end;

	if (end == from || (end < s.len && s.ptr[end] != '/'))
		return SIZE_MAX;
	while (label > from && s.ptr[label - 1] != '.')
		label--;
	/* An empty or numeric last label needs the rules. */
	return label == end || vg_is_digit(s.ptr[label]) ? SIZE_MAX : end;
}

static bool add(struct vg_buf *out, struct vg_str a, struct vg_str b)
{
	char *at = vg_buf_reserve(out, a.len + b.len);

	if (at == NULL)
		return false;
	memcpy(at, a.ptr, a.len);
	memcpy(at + a.len, b.ptr, b.len);
	out->len += a.len + b.len;
	out->ptr[out->len] = '\0';
	return true;
}

/* An absolute address; `from` is where its host begins. */
static bool resolve_absolute(
    struct vg_str scheme, struct vg_str ref, size_t from, struct vg_buf *out)
{
	size_t end = plain_host_end(ref, from);

	if (end == SIZE_MAX)
		return false;
	if (end == ref.len)
		return add(out, scheme, ref) && add(out, VG_STR("/"), VG_STR(""));
	return is_plain_tail(ref, end) && add(out, scheme, ref);
}

/* A path, a query or a fragment relative to a web page. */
static bool resolve_beside(
    struct vg_str ref, const struct vg_url *base, struct vg_buf *out)
{
	struct vg_str href = vg_url_href(base);
	size_t keep, first;

	if (ref.ptr[0] == '?' || ref.ptr[0] == '#') {
		keep = ref.ptr[0] == '?' ? base->query : base->fragment;
		return is_plain_tail(ref, 0) &&
		       add(out, vg_str_sub(href, 0, keep), ref);
	}
	/* A colon in the first segment may end a scheme. */
	for (first = 0; first < ref.len && memchr("/?#", ref.ptr[first], 3) == NULL;
	     first++) {
		if (ref.ptr[first] == ':')
			return false;
	}
	for (keep = base->query; keep > base->path && href.ptr[keep - 1] != '/'; keep--)
		;
	return keep > base->path && is_plain_tail(ref, 0) &&
	       add(out, vg_str_sub(href, 0, keep), ref);
}

/* True when the result was written. */
static bool resolve_fast(
    struct vg_str ref, const struct vg_url *base, struct vg_buf *out)
{
	if (ref.len == 0 || ref.len > VG_URL_MAX_PARSE / 2)
		return false;
	if (vg_str_starts(ref, VG_STR("https://")))
		return resolve_absolute(VG_STR(""), ref, 8, out);
	if (vg_str_starts(ref, VG_STR("http://")))
		return resolve_absolute(VG_STR(""), ref, 7, out);
	if (base == NULL || base->href.len == 0 || !vg_url_is_web(base))
		return false;
	if (vg_str_starts(ref, VG_STR("//")))
		return resolve_absolute(
		    vg_str_sub(vg_url_href(base), 0, base->scheme_end + 1), ref, 2,
		    out);
	if (ref.ptr[0] == '/')
		return is_plain_tail(ref, 0) && add(out, vg_url_origin(base), ref);
	return resolve_beside(ref, base, out);
}

enum vg_status vg_url_resolve(struct vg_str ref, const struct vg_url *base,
    struct vg_buf *out, struct vg_error *err)
{
	struct vg_url u = VG_URL_INIT;
	enum vg_status rc;

	rc = vg_buf_status(out, err);
	if (rc != VG_OK)
		return rc;
	if (resolve_fast(ref, base, out))
		return VG_OK;
	rc = vg_url_parse(ref, base, &u, err);
	if (rc == VG_OK) {
		vg_buf_adds(out, vg_url_href(&u));
		rc = vg_buf_status(out, err);
	}
	vg_url_release(&u);
	return rc;
}
