/* SPDX-License-Identifier: MIT */
/* Special-use ranges and the operator's exceptions. */
#include "config.h"

#include "fetch/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/vec.h"

#define MAX_ENTRIES 10000 /* of each list */
#define ANY_PORT 0

/* IANA IPv4 Special-Purpose Address Registry, multicast, the former class E, and one that looks public. */
static const struct {
	uint32_t net;
	unsigned bits;
} special4[] = {
    {0x00000000, 8},  /* this network */
    {0x0A000000, 8},  /* private */
    {0x64400000, 10}, /* carrier-grade NAT */
    {0x7F000000, 8},  /* loopback */
    {0xA83F8110, 32}, /* metadata of a large cloud, from its machines only */
    {0xA9FE0000, 16}, /* link-local, cloud metadata */
    {0xAC100000, 12}, /* private */
    {0xC0000000, 24}, /* protocol assignments */
    {0xC0000200, 24}, /* documentation */
    {0xC0586300, 24}, /* 6to4 relays */
    {0xC0A80000, 16}, /* private */
    {0xC6120000, 15}, /* benchmarking */
    {0xC6336400, 24}, /* documentation */
    {0xCB007100, 24}, /* documentation */
    {0xE0000000, 4},  /* multicast */
    {0xF0000000, 4},  /* reserved, broadcast */
};

static bool is_special4(uint32_t ip)
{
	for (size_t i = 0; i < sizeof(special4) / sizeof(special4[0]); i++) {
		if ((ip ^ special4[i].net) >> (32 - special4[i].bits) == 0)
			return true;
	}
	return false;
}

/*
 * Only 2000::/3 is global unicast; that leaves out loopback, unique local, link-local, multicast,
 * IPv4-mapped and NAT64. Inside it, tunnels carry an IPv4 address that nobody checks.
 */
static bool is_special6(const uint8_t b[16])
{
	if ((b[0] & 0xE0) != 0x20)
		return true;
	if (b[0] == 0x20 && b[1] == 0x02) /* 2002::/16 6to4 */
		return true;
	if (b[0] == 0x20 && b[1] == 0x01 &&
	    (b[2] & 0xFE) == 0) /* 2001::/23 Teredo, ORCHID, … */
		return true;
	if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D &&
	    b[3] == 0xB8) /* documentation */
		return true;
	return b[0] == 0x3F && b[1] == 0xFF &&
	       (b[2] & 0xF0) == 0; /* 3fff::/20 documentation */
}

struct address {
	bool v6;
	uint8_t bytes[16]; /* 4 used by IPv4 */
	uint16_t port;     /* ANY_PORT in a rule: every port */
};

struct map {
	char *host;
	uint16_t port;
};

struct vg_guard {
	struct vg_vec allowed; /* struct address */
	struct vg_vec maps;    /* struct map */
	struct curl_slist *connect_to;
	bool allow_private;
};

static bool read_sockaddr(const struct sockaddr *sa, struct address *ret)
{
	*ret = (struct address){0};
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sa, sizeof(in));
		memcpy(ret->bytes, &in.sin_addr, 4);
		ret->port = ntohs(in.sin_port);
		return true;
	}
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in;

		memcpy(&in, sa, sizeof(in));
		memcpy(ret->bytes, &in.sin6_addr, 16);
		ret->port = ntohs(in.sin6_port);
		ret->v6 = true;
		return true;
	}
	return false;
}

static bool is_special(const struct address *a)
{
	uint32_t ip;

	if (a->v6)
		return is_special6(a->bytes);
	memcpy(&ip, a->bytes, sizeof(ip));
	return is_special4(ntohl(ip));
}

bool vg_address_is_special(const struct sockaddr *sa)
{
	struct address a;

	return !read_sockaddr(sa, &a) || is_special(&a);
}

static enum vg_guard_answer check(const struct vg_guard *g, const struct address *a)
{
	for (size_t i = 0; i < g->allowed.len; i++) {
		const struct address *rule = vg_vec_at(&g->allowed, i);

		if (rule->v6 == a->v6 && memcmp(rule->bytes, a->bytes, 16) == 0 &&
		    (rule->port == ANY_PORT || rule->port == a->port))
			return VG_GUARD_PERMITTED;
	}
	if (!is_special(a))
		return VG_GUARD_PUBLIC;
	return g->allow_private ? VG_GUARD_PERMITTED : VG_GUARD_REFUSED;
}

enum vg_guard_answer vg_guard_check(const struct vg_guard *g, const struct sockaddr *sa)
{
	struct address a;

	return read_sockaddr(sa, &a) ? check(g, &a) : VG_GUARD_REFUSED;
}

static bool read_ip(const char *text, struct address *ret)
{
	*ret = (struct address){0};
	ret->v6 = strchr(text, ':') != NULL;
	return inet_pton(ret->v6 ? AF_INET6 : AF_INET, text, ret->bytes) == 1;
}

enum vg_guard_answer vg_guard_check_text(
    const struct vg_guard *g, const char *ip, int port)
{
	struct address a;

	if (port < 0 || port > UINT16_MAX || !read_ip(ip, &a))
		return VG_GUARD_REFUSED;
	a.port = (uint16_t)port;
	return check(g, &a);
}

static bool read_port(struct vg_str s, uint16_t *ret)
{
	uint64_t port;

	if (!vg_str_to_u64(s, &port) || port == 0 || port > UINT16_MAX)
		return false;
	*ret = (uint16_t)port;
	return true;
}

/* Divides "host:port" or "[v6]:port"; false without a port. The host keeps its brackets. */
static bool split_port(struct vg_str s, struct vg_str *ret_host, uint16_t *ret_port)
{
	struct vg_str host;
	size_t colon = s.len;
	uint16_t port;

	while (colon > 0 && s.ptr[colon - 1] != ':')
		colon--;
	if (colon < 2 || !read_port(vg_str_sub(s, colon, s.len), &port))
		return false;
	host = vg_str_sub(s, 0, colon - 1);
	if (host.ptr[0] == '[' ? host.ptr[host.len - 1] != ']'
			       : vg_str_chr(host, ':', 0) != SIZE_MAX)
		return false;
	*ret_host = host;
	*ret_port = port;
	return true;
}

static bool read_address(struct vg_str s, bool need_port, struct address *ret)
{
	char text[INET6_ADDRSTRLEN];
	struct vg_str host = s;
	uint16_t port = ANY_PORT;

	if (!split_port(s, &host, &port) && need_port)
		return false;
	if (host.len >= 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
		host = vg_str_sub(host, 1, host.len - 1);
	if (host.len == 0 || host.len >= sizeof(text))
		return false;
	memcpy(text, host.ptr, host.len);
	text[host.len] = '\0';
	if (!read_ip(text, ret))
		return false;
	ret->port = port;
	return true;
}

static enum vg_status add_address(
    struct vg_guard *g, const struct address *a, struct vg_error *err)
{
	struct address *slot = vg_vec_push(&g->allowed);

	if (slot == NULL)
		return vg_fail(err, VG_E_NOMEM, "too many permitted addresses");
	*slot = *a;
	return VG_OK;
}

static enum vg_status add_map(
    struct vg_guard *g, const char *entry, struct vg_error *err)
{
	struct vg_str s = vg_str_trim(vg_str(entry)), host, target;
	size_t equals = vg_str_chr(s, '=', 0);
	char text[1024];
	struct address a;
	struct map *map;
	struct curl_slist *list;
	uint16_t port;

	target = equals == SIZE_MAX ? (struct vg_str){0}
				    : vg_str_trim(vg_str_sub(s, equals + 1, s.len));
	if (equals == SIZE_MAX ||
	    !split_port(vg_str_trim(vg_str_sub(s, 0, equals)), &host, &port) ||
	    !read_address(target, true, &a) || s.len >= sizeof(text))
		return vg_fail(err, VG_E_INVALID,
		    "\"%.80s\" is no map: write host:port=address:port", entry);
	(void)snprintf(text, sizeof(text), "%.*s:%u:%.*s", VG_STR_ARG(host), port,
	    VG_STR_ARG(target));
	list = curl_slist_append(g->connect_to, text);
	map = vg_vec_push(&g->maps);
	if (list != NULL)
		g->connect_to = list;
	if (list == NULL || map == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	map->port = port;
	map->host = strndup(host.ptr, host.len);
	if (map->host == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	return add_address(g, &a, err);
}

enum vg_status vg_guard_new(const char *const *allow, const char *const *maps,
    bool allow_private, struct vg_guard **ret, struct vg_error *err)
{
	struct vg_guard *g = calloc(1, sizeof(*g));
	enum vg_status rc = VG_OK;

	if (g == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	g->allowed = VG_VEC_INIT(struct address, 2 * MAX_ENTRIES, NULL);
	g->maps = VG_VEC_INIT(struct map, MAX_ENTRIES, NULL);
	g->allow_private = allow_private;
	for (; rc == VG_OK && allow != NULL && *allow != NULL; allow++) {
		struct address a;

		if (read_address(vg_str_trim(vg_str(*allow)), false, &a))
			rc = add_address(g, &a, err);
		else
			rc = vg_fail(err, VG_E_INVALID,
			    "\"%.80s\" is no IP address, nor one with a port", *allow);
	}
	for (; rc == VG_OK && maps != NULL && *maps != NULL; maps++)
		rc = add_map(g, *maps, err);
	if (rc != VG_OK) {
		vg_guard_free(g);
		return rc;
	}
	*ret = g;
	return VG_OK;
}

void vg_guard_free(struct vg_guard *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->maps.len; i++)
		free(((struct map *)vg_vec_at(&g->maps, i))->host);
	vg_vec_release(&g->maps);
	vg_vec_release(&g->allowed);
	curl_slist_free_all(g->connect_to);
	free(g);
}

bool vg_guard_is(const struct sockaddr *sa, struct vg_str text)
{
	struct address a, want;

	return read_sockaddr(sa, &a) && read_address(text, true, &want) &&
	       a.v6 == want.v6 && a.port == want.port &&
	       !memcmp(a.bytes, want.bytes, sizeof(a.bytes));
}

static bool is_private_name(struct vg_str host)
{
	static const char *const zones[] = {".localhost", ".local", ".internal",
	    ".home.arpa", ".lan", ".intranet", ".corp", ".home", ".private"};

	/* A name without a dot is completed by the resolver's own search list. */
	if (vg_str_chr(host, '.', 0) == SIZE_MAX)
		return true;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (vg_str_ends(host, vg_str(zones[i])))
			return true;
	return false;
}

bool vg_guard_may_name(const struct vg_guard *g, struct vg_str host, int port)
{
	struct address a;

	while (host.len && host.ptr[host.len - 1] == '.')
		host.len--;
	if (!read_address(host, false, &a))
		return !is_private_name(host);
	a.port = (uint16_t)port;
	return check(g, &a) != VG_GUARD_REFUSED;
}

bool vg_guard_maps(const struct vg_guard *g, struct vg_str host, int port)
{
	for (size_t i = 0; i < g->maps.len; i++) {
		const struct map *map = vg_vec_at(&g->maps, i);

		if (map->port == port && vg_str_ieqz(host, map->host))
			return true;
	}
	return false;
}

struct curl_slist *vg_guard_connect_to(const struct vg_guard *g)
{
	return g->connect_to;
}
