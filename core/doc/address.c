/* SPDX-License-Identifier: MIT */
/* Finding addresses: every kind has a slash or "www." in it, so the search jumps from one to the next. */
#include "config.h"

#include "doc/address.h"

#include <string.h>

#define MAX_HOST 253

/* Bytes that end an address in text. */
static bool ends_address(struct vg_str s, size_t i)
{
	unsigned char c = (unsigned char)s.ptr[i];

	if (c <= ' ' || c == 0x7F || strchr("<>\"'`{}|^[]", c))
		return true;
	if (c == '\\')
		return i + 1 >= s.len || s.ptr[i + 1] != '/';
	/* Latin, Greek and Cyrillic letters may belong to it; other scripts run on without a space. */
	return c >= 0xE0 || (c == 0xC2 && i + 1 < s.len);
}

static size_t address_end(struct vg_str s, size_t from)
{
	size_t i = from, open = 0, close = 0;

	for (; i < s.len && !ends_address(s, i); i++) {
		open += s.ptr[i] == '(';
		close += s.ptr[i] == ')';
	}
	/* Marks of the sentence around it. */
	for (; i > from; i--) {
		char c = s.ptr[i - 1];

		if (c == ')' && close > open)
			close--;
		else if (!strchr(".,;:!?*\\", c))
			break;
	}
	return i;
}

/* Start of the name that ends at `at`, letters, digits, dots and hyphens; at most a host's length. */
static size_t token_start(struct vg_str s, size_t at, size_t floor)
{
	size_t i = at;

	while (
	    i > floor && at - i <= MAX_HOST &&
	    (vg_is_alnum(s.ptr[i - 1]) || s.ptr[i - 1] == '.' || s.ptr[i - 1] == '-'))
		i--;
	return i;
}

/* Only what also ends an address begins one, so that no byte is read for two of them. */
static bool is_boundary(struct vg_str s, size_t at)
{
	return !at || ends_address(s, at - 1);
}

/* "example.com", "t.me": two labels at least, the last of letters only. */
static bool is_host(struct vg_str s)
{
	static const char *const files[] = {"html", "htm", "php", "asp", "aspx", "js",
	    "css", "jpg", "png", "gif", "pdf", "txt", "xml", "json"};
	size_t dot = s.len;
	struct vg_str last;

	while (dot && s.ptr[dot - 1] != '.')
		dot--;
	last = vg_str_sub(s, dot, s.len);
	if (dot < 2 || last.len < 2 || last.len > 18 || s.ptr[0] == '.' ||
	    s.ptr[0] == '-' || vg_str_find(s, VG_STR(".."), 0) != SIZE_MAX)
		return false;
	for (size_t i = 0; i < last.len; i++)
		if (!vg_is_alpha(last.ptr[i]))
			return false;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (vg_str_ieqz(last, files[i]))
			return false;
	return true;
}

static bool has_known_extension(struct vg_str path)
{
	static const char *const known[] = {"html", "htm", "php", "asp", "aspx", "jsp",
	    "pdf", "doc", "docx", "xls", "xlsx", "csv", "txt", "xml", "json", "zip",
	    "jpg", "jpeg", "png"};
	size_t end = path.len, dot;

	for (size_t i = 0; i < path.len; i++) {
		if (path.ptr[i] == '?' || path.ptr[i] == '#') {
			end = i;
			break;
		}
	}
	for (dot = end; dot && path.ptr[dot - 1] != '.' && path.ptr[dot - 1] != '/';)
		dot--;
	if (!dot || path.ptr[dot - 1] != '.')
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (vg_str_ieqz(vg_str_sub(path, dot, end), known[i]))
			return true;
	return false;
}

/* With `slash` at the first of "//" after a colon: where "http" or "https" begins, or SIZE_MAX. */
static size_t scheme_start(struct vg_str s, size_t colon, size_t floor)
{
	static const struct vg_str schemes[] = {{"https", 5}, {"http", 4}};

	for (size_t i = 0; i < 2; i++) {
		size_t start = colon - schemes[i].len;

		if (colon >= floor + schemes[i].len &&
		    vg_str_ieq(vg_str_sub(s, start, colon), schemes[i]) &&
		    (start == floor || !vg_is_alnum(s.ptr[start - 1])))
			return start;
	}
	return SIZE_MAX;
}

/* An absolute address whose first slash is at `slash`. */
static bool absolute_at(
    struct vg_str s, size_t slash, size_t floor, struct vg_address *ret)
{
	size_t before = slash, after = slash + 1;

	if (before > floor && s.ptr[before - 1] == '\\')
		before--;
	if (after < s.len && s.ptr[after] == '\\')
		after++;
	if (before <= floor || s.ptr[before - 1] != ':' || after >= s.len ||
	    s.ptr[after] != '/')
		return false;
	ret->start = scheme_start(s, before - 1, floor);
	if (ret->start == SIZE_MAX)
		return false;
	ret->end = address_end(s, after + 1);
	ret->bare = false;
	return ret->end > after + 1;
}

/* A path or a host and path whose slash is at `slash`. */
static bool relative_at(
    struct vg_str s, size_t slash, size_t floor, struct vg_address *ret)
{
	size_t start = token_start(s, slash, floor);
	struct vg_str token = vg_str_sub(s, start, slash);

	if (slash + 1 >= s.len || !is_boundary(s, start))
		return false;
	ret->start = start;
	ret->end = address_end(s, slash + 1);
	ret->bare = false;
	if (ret->end <= slash + 1)
		return false;
	if (vg_str_eqz(token, ".") || vg_str_eqz(token, ".."))
		return vg_is_alnum(s.ptr[slash + 1]) || s.ptr[slash + 1] == '.';
	if (!token.len)
		return vg_is_alnum(s.ptr[slash + 1]) &&
		       has_known_extension(vg_str_sub(s, slash, ret->end));
	ret->bare = true;
	return is_host(token);
}

/* "www." not inside a longer name; the next one at or after `from`. */
static size_t find_www(struct vg_str s, size_t from)
{
	while ((from = vg_str_find(s, VG_STR("www."), from)) != SIZE_MAX) {
		if (is_boundary(s, from))
			return from;
		from += 4;
	}
	return SIZE_MAX;
}

bool vg_address_next(struct vg_address_search *search, struct vg_address *ret)
{
	struct vg_str s = search->s;
	size_t floor = search->pos, i = floor;

	if (!search->loose)
		search->www = SIZE_MAX;
	else if (!floor || search->www < floor)
		search->www = find_www(s, floor);
	while ((i = vg_str_chr(s, '/', i)) != SIZE_MAX || search->www != SIZE_MAX) {
		if (search->www < i) {
			size_t www = search->www;

			*ret = (struct vg_address){www, address_end(s, www), true};
			if (ret->end > www + 6) {
				search->pos = ret->end;
				return true;
			}
			search->www = find_www(s, www + 4);
			i = i == SIZE_MAX ? www : i;
			continue;
		}
		if (absolute_at(s, i, floor, ret) ||
		    (search->loose && relative_at(s, i, floor, ret))) {
			search->pos = ret->end;
			return true;
		}
		/* "//" after no scheme is passed over as one. */
		while (i < s.len && s.ptr[i] == '/')
			i++;
	}
	search->pos = s.len;
	return false;
}
