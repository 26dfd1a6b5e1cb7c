/* SPDX-License-Identifier: MIT */
/* Reading the parts of a parsed address. */
#include "config.h"

#include "url/url_priv.h"

void vg_url_release(struct vg_url *u)
{
	if (u == NULL)
		return;
	vg_buf_release(&u->href);
	*u = (struct vg_url){.href = u->href, .port = VG_URL_NO_PORT};
}

static struct vg_str part(const struct vg_url *u, size_t start, size_t end)
{
	return vg_str_sub(vg_buf_str(&u->href), start, end);
}

struct vg_str vg_url_href(const struct vg_url *u)
{
	return vg_buf_str(&u->href);
}

struct vg_str vg_url_scheme(const struct vg_url *u)
{
	return part(u, 0, u->scheme_end);
}

struct vg_str vg_url_username(const struct vg_url *u)
{
	return u->has_host ? part(u, u->scheme_end + 3, u->username_end)
			   : (struct vg_str){0};
}

struct vg_str vg_url_password(const struct vg_url *u)
{
	if (u->host_start < u->username_end + 2) /* at least ":" and "@" */
		return (struct vg_str){0};
	return part(u, u->username_end + 1, u->host_start - 1);
}

struct vg_str vg_url_host(const struct vg_url *u)
{
	return part(u, u->host_start, u->host_end);
}

struct vg_str vg_url_path(const struct vg_url *u)
{
	return part(u, u->path, u->query);
}

struct vg_str vg_url_query(const struct vg_url *u)
{
	return u->query < u->fragment ? part(u, u->query + 1, u->fragment)
				      : (struct vg_str){0};
}

struct vg_str vg_url_fragment(const struct vg_url *u)
{
	return part(u, (size_t)u->fragment + 1, u->href.len);
}

struct vg_str vg_url_target(const struct vg_url *u)
{
	return part(u, u->path, u->fragment);
}

struct vg_str vg_url_origin(const struct vg_url *u)
{
	return part(u, 0, u->path);
}

int vg_url_port(const struct vg_url *u)
{
	static const struct {
		const char *scheme;
		int port;
	} defaults[] = {
	    {"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}, {"ftp", 21}};
	struct vg_str scheme = vg_url_scheme(u);

	if (u->port != VG_URL_NO_PORT)
		return u->port;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		if (vg_str_eqz(scheme, defaults[i].scheme))
			return defaults[i].port;
	}
	return VG_URL_NO_PORT;
}

bool vg_url_is_web(const struct vg_url *u)
{
	struct vg_str scheme = vg_url_scheme(u);

	return vg_str_eqz(scheme, "https") || vg_str_eqz(scheme, "http");
}

bool vg_url_has_credentials(const struct vg_url *u)
{
	return u->has_host && u->host_start > u->scheme_end + 3;
}
