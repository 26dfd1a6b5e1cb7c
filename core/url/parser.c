/* SPDX-License-Identifier: MIT */
/* The basic URL parser (URL Standard 4.4), writing the serialised address part after part. */
#include "config.h"

#include "url/parser_priv.h"

#include <string.h>

static struct vg_str rest_of(const struct parser *p)
{
	return vg_str_sub(p->in, p->pos, p->in.len);
}

static enum vg_status parse_port(struct parser *p, struct vg_str digits)
{
	uint32_t port = 0;

	for (size_t i = 0; i < digits.len; i++) {
		if (!vg_is_digit(digits.ptr[i]))
			return vg_fail(p->err, VG_E_INVALID, "port is not a number");
		port = port * 10 + (uint32_t)(digits.ptr[i] - '0');
		if (port > 65535)
			return vg_fail(
			    p->err, VG_E_INVALID, "port is greater than 65535");
	}
	if (digits.len > 0 && (int)port != vg_url_port(p->u)) {
		p->u->port = (int32_t)port;
		vg_buf_addf(&p->u->href, ":%u", port);
	}
	return VG_OK;
}

static void add_credentials(struct parser *p, struct vg_str text)
{
	struct vg_url *u = p->u;
	size_t colon = vg_str_chr(text, ':', 0);
	struct vg_str name = vg_str_sub(text, 0, colon), password = {0};

	if (colon != SIZE_MAX)
		password = vg_str_sub(text, colon + 1, text.len);
	vg_url_add_escaped(&u->href, name, VG_SET_USERINFO);
	u->username_end = here(p);
	if (password.len > 0) {
		vg_buf_addc(&u->href, ':');
		vg_url_add_escaped(&u->href, password, VG_SET_USERINFO);
	}
	if (name.len > 0 || password.len > 0)
		vg_buf_addc(&u->href, '@');
}

/* Where the host ends and ":port" begins: the first colon outside brackets. */
static size_t find_port(struct vg_str s)
{
	bool inside = false;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '[')
			inside = true;
		else if (s.ptr[i] == ']')
			inside = false;
		else if (s.ptr[i] == ':' && !inside)
			return i;
	}
	return SIZE_MAX;
}

/* Marks an empty host: "//" is written, nothing stands before the path. */
static void begin_authority(struct parser *p)
{
	struct vg_url *u = p->u;

	vg_buf_addz(&u->href, "//");
	u->has_host = true;
	u->username_end = u->host_start = u->host_end = here(p);
}

/* Authority, host and port states. */
static enum vg_status parse_authority(struct parser *p)
{
	struct vg_url *u = p->u;
	struct vg_str text;
	size_t start = p->pos, at, colon;
	enum vg_status rc;
	int c;

	while ((c = peek(p, 0)) != -1 && c != '?' && c != '#' && !is_slash(p, c))
		p->pos++;
	text = vg_str_sub(p->in, start, p->pos);
	begin_authority(p);
	for (at = text.len; at > 0 && text.ptr[at - 1] != '@'; at--)
		;
	if (at > 0) {
		if (at == text.len)
			return vg_fail(p->err, VG_E_INVALID, "host is empty");
		add_credentials(p, vg_str_sub(text, 0, at - 1));
		text = vg_str_sub(text, at, text.len);
	}
	u->host_start = here(p);
	colon = find_port(text);
	if (colon == 0 || (text.len == 0 && u->special))
		return vg_fail(p->err, VG_E_INVALID, "host is empty");
	rc = vg_url_add_host(&u->href, vg_str_sub(text, 0, colon), u->special, p->err);
	u->host_end = here(p);
	if (rc == VG_OK && colon != SIZE_MAX)
		rc = parse_port(p, vg_str_sub(text, colon + 1, text.len));
	u->path = here(p);
	if (rc == VG_OK)
		vg_url_parse_path_start(p);
	return rc;
}

/* Starts again as the base up to byte `end` of it, where end >= base->path. */
static void copy_base(struct parser *p, uint32_t end)
{
	const struct vg_url *b = p->base;
	struct vg_url *u = p->u;
	uint32_t guard = 0; /* the "/." before a path like "//x" without a host */

	if (!b->has_host && !b->opaque)
		guard = b->path - (b->scheme_end + 1);
	vg_buf_clear(&u->href);
	vg_buf_add(&u->href, b->href.ptr, b->path - guard);
	vg_buf_add(&u->href, b->href.ptr + b->path, end - b->path);
	u->scheme_end = b->scheme_end;
	u->username_end = b->username_end;
	u->host_start = b->host_start;
	u->host_end = b->host_end;
	u->path = b->path - guard;
	u->query = b->query < end ? b->query - guard : UINT32_MAX;
	u->port = b->port;
	u->special = b->special;
	u->has_host = b->has_host;
	u->opaque = b->opaque;
}

/* What the relative and the file state do once no slash was seen: stay near the base's path. */
static void parse_beside(struct parser *p)
{
	int c = peek(p, 0);

	if (c == '?' || c == -1 || c == '#') {
		copy_base(p, c == '?' ? p->base->query : p->base->fragment);
		return;
	}
	copy_base(p, p->base->query);
	if (p->file && starts_with_drive(rest_of(p)))
		vg_buf_truncate(&p->u->href, p->u->path);
	else
		vg_url_shorten(p);
	vg_url_parse_path(p);
}

/* Relative and relative slash states. */
static enum vg_status parse_relative(struct parser *p)
{
	if (!is_slash(p, peek(p, 0))) {
		parse_beside(p);
		return VG_OK;
	}
	if (p->u->special && is_slash(p, peek(p, 1))) {
		while (is_slash(p, peek(p, 0)))
			p->pos++;
		return parse_authority(p);
	}
	if (peek(p, 1) == '/') {
		p->pos += 2;
		return parse_authority(p);
	}
	copy_base(p, p->base->path);
	p->pos++;
	vg_url_parse_path(p);
	return VG_OK;
}

/* File host state. */
static enum vg_status parse_file_host(struct parser *p)
{
	struct vg_url *u = p->u;
	size_t start = p->pos;
	struct vg_str host;
	enum vg_status rc;
	int c;

	while ((c = peek(p, 0)) != -1 && c != '?' && c != '#' && !is_slash(p, c))
		p->pos++;
	host = vg_str_sub(p->in, start, p->pos);
	begin_authority(p);
	u->path = here(p);
	if (host.len == 2 && starts_with_drive(host)) { /* the host that is a drive */
		p->pos = start;
		vg_url_parse_path(p);
		return VG_OK;
	}
	if (host.len > 0) {
		rc = vg_url_add_host(&u->href, host, true, p->err);
		if (rc != VG_OK)
			return rc;
		if (vg_str_eqz(
			vg_str_sub(vg_buf_str(&u->href), u->host_start, u->href.len),
			"localhost"))
			vg_buf_truncate(&u->href, u->host_start);
		u->host_end = u->path = here(p);
	}
	vg_url_parse_path_start(p);
	return VG_OK;
}

/* File and file slash states. */
static enum vg_status parse_file(struct parser *p)
{
	const struct vg_url *b = p->base;
	bool near = b != NULL && vg_str_eqz(vg_url_scheme(b), "file");

	if (!is_slash(p, peek(p, 0))) {
		if (near) {
			parse_beside(p);
			return VG_OK;
		}
		begin_authority(p);
		p->u->path = here(p);
		vg_url_parse_path(p);
		return VG_OK;
	}
	p->pos++;
	if (is_slash(p, peek(p, 0))) {
		p->pos++;
		return parse_file_host(p);
	}
	if (near) {
		struct vg_str path = vg_url_path(b);

		copy_base(p, b->path);
		if (!starts_with_drive(rest_of(p)) && path.len >= 3 &&
		    vg_is_alpha(path.ptr[1]) && path.ptr[2] == ':' &&
		    (path.len == 3 || path.ptr[3] == '/'))
			vg_buf_adds(&p->u->href, vg_str_sub(path, 0, 3));
	} else {
		begin_authority(p);
		p->u->path = here(p);
	}
	vg_url_parse_path(p);
	return VG_OK;
}

static void parse_opaque(struct parser *p)
{
	size_t start = p->pos, end;
	int c;

	p->u->opaque = true;
	p->u->path = here(p);
	while ((c = peek(p, 0)) != -1 && c != '?' && c != '#')
		p->pos++;
	/* A final space would be lost if the query and the fragment were taken away. */
	end = p->pos;
	if (c != -1 && end > start && p->in.ptr[end - 1] == ' ')
		end--;
	vg_url_add_escaped(&p->u->href, vg_str_sub(p->in, start, end), VG_SET_C0);
	if (end < p->pos)
		vg_buf_addz(&p->u->href, "%20");
}

/* After "scheme:" was read and written. */
static enum vg_status parse_after_scheme(struct parser *p)
{
	const struct vg_url *b = p->base;

	if (p->file)
		return parse_file(p);
	if (p->u->special) {
		bool same =
		    b != NULL && vg_str_eq(vg_url_scheme(b), vg_url_scheme(p->u));

		if (same && !(peek(p, 0) == '/' && peek(p, 1) == '/'))
			return parse_relative(p);
		while (is_slash(p, peek(p, 0)))
			p->pos++;
		return parse_authority(p);
	}
	if (peek(p, 0) == '/' && peek(p, 1) == '/') {
		p->pos += 2;
		return parse_authority(p);
	}
	p->u->username_end = p->u->host_start = p->u->host_end = p->u->path = here(p);
	if (peek(p, 0) == '/') {
		p->pos++;
		vg_url_parse_path(p);
	} else {
		parse_opaque(p);
	}
	return VG_OK;
}

/* No scheme: the base decides. */
static enum vg_status parse_no_scheme(struct parser *p)
{
	const struct vg_url *b = p->base;

	if (b == NULL)
		return vg_fail(p->err, VG_E_INVALID, "address has no scheme");
	if (b->opaque) {
		if (peek(p, 0) != '#')
			return vg_fail(
			    p->err, VG_E_INVALID, "nothing is relative to this base");
		copy_base(p, b->fragment);
		return VG_OK;
	}
	p->u->special = b->special;
	p->u->scheme_end = b->scheme_end;
	p->file = vg_str_eqz(vg_url_scheme(b), "file");
	vg_buf_add(&p->u->href, b->href.ptr, b->scheme_end + 1);
	return p->file ? parse_file(p) : parse_relative(p);
}

/* Length of a scheme at the front, without its colon; 0 when there is none. */
static size_t find_scheme(struct vg_str s)
{
	if (s.len == 0 || !vg_is_alpha(s.ptr[0]))
		return 0;
	for (size_t i = 1; i < s.len; i++) {
		char c = s.ptr[i];

		if (c == ':')
			return i;
		if (!vg_is_alnum(c) && c != '+' && c != '-' && c != '.')
			return 0;
	}
	return 0;
}

static bool is_special(struct vg_str scheme)
{
	static const char *const names[] = {
	    "http", "https", "file", "ftp", "ws", "wss"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (vg_str_eqz(scheme, names[i]))
			return true;
	}
	return false;
}

static enum vg_status run(struct parser *p)
{
	struct vg_url *u = p->u;
	size_t n = find_scheme(p->in);
	enum vg_status rc;

	for (size_t i = 0; i < n; i++)
		vg_buf_addc(&u->href, vg_lower(p->in.ptr[i]));
	if (n > 0) {
		vg_buf_addc(&u->href, ':');
		rc = vg_buf_status(&u->href, p->err);
		if (rc != VG_OK)
			return rc;
		u->scheme_end = (uint32_t)n;
		u->special = is_special(vg_url_scheme(u));
		p->file = vg_str_eqz(vg_url_scheme(u), "file");
		p->pos = n + 1;
		rc = parse_after_scheme(p);
	} else {
		rc = parse_no_scheme(p);
	}
	if (rc != VG_OK)
		return rc;
	if (u->query == UINT32_MAX)
		u->query = here(p);
	u->fragment = here(p);
	vg_url_parse_tail(p);
	return vg_buf_status(&u->href, p->err);
}

/* A path that begins with "//" and has no host would read as one: "/." keeps them apart. */
static enum vg_status guard_path(struct vg_url *u, struct vg_error *err)
{
	struct vg_str path = vg_str_sub(vg_buf_str(&u->href), u->path, u->query);

	if (u->has_host || u->opaque || !vg_str_starts(path, VG_STR("//")))
		return VG_OK;
	vg_buf_addz(&u->href, "/.");
	if (vg_buf_status(&u->href, err) != VG_OK)
		return u->href.status;
	memmove(u->href.ptr + u->path + 2, u->href.ptr + u->path,
	    u->href.len - 2 - u->path);
	memcpy(u->href.ptr + u->path, "/.", 2);
	u->path += 2;
	u->query += 2;
	u->fragment += 2;
	return VG_OK;
}

static struct vg_str trim(struct vg_str s)
{
	while (s.len > 0 && (unsigned char)s.ptr[0] <= ' ') {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && (unsigned char)s.ptr[s.len - 1] <= ' ')
		s.len--;
	return s;
}

enum vg_status vg_url_parse(struct vg_str input, const struct vg_url *base,
    struct vg_url *ret, struct vg_error *err)
{
	struct vg_buf clean = VG_BUF_INIT(VG_URL_MAX_PARSE);
	struct vg_buf href = ret->href;
	struct parser p = {.u = ret, .base = base, .in = trim(input), .err = err};
	enum vg_status rc = VG_OK;

	vg_buf_clear(&href);
	*ret =
	    (struct vg_url){.href = href, .port = VG_URL_NO_PORT, .query = UINT32_MAX};
	if (p.in.len > VG_URL_MAX_PARSE)
		return vg_fail(err, VG_E_TOO_LARGE, "address is too long");
	if (vg_str_chr(p.in, '\t', 0) != SIZE_MAX ||
	    vg_str_chr(p.in, '\n', 0) != SIZE_MAX ||
	    vg_str_chr(p.in, '\r', 0) != SIZE_MAX) {
		for (size_t i = 0; i < p.in.len; i++) {
			if (memchr("\t\n\r", p.in.ptr[i], 3) == NULL)
				vg_buf_addc(&clean, p.in.ptr[i]);
		}
		rc = vg_buf_status(&clean, err);
		p.in = vg_buf_str(&clean);
	}
	if (rc == VG_OK)
		rc = run(&p);
	if (rc == VG_OK)
		rc = guard_path(ret, err);
	if (rc != VG_OK) {
		vg_buf_clear(&ret->href);
		*ret = (struct vg_url){.href = ret->href, .port = VG_URL_NO_PORT};
	}
	vg_buf_release(&clean);
	return rc;
}
