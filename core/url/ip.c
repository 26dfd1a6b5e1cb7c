/* SPDX-License-Identifier: MIT */
/* IP addresses in every spelling that browsers take: octal, hexadecimal, short, compressed. */
#include "config.h"

#include "url/url_priv.h"

#include <string.h>

/* A number as IPv4 parts spell it: decimal, 0octal, 0xhex. False when it is none. */
static bool parse_number(struct vg_str s, uint64_t *ret)
{
	unsigned base = 10;
	uint64_t value = 0;

	if (s.len == 0)
		return false;
	if (s.len >= 2 && s.ptr[0] == '0' && (s.ptr[1] == 'x' || s.ptr[1] == 'X')) {
		base = 16;
		s = vg_str_sub(s, 2, s.len);
	} else if (s.len >= 2 && s.ptr[0] == '0') {
		base = 8;
		s = vg_str_sub(s, 1, s.len);
	}
	for (size_t i = 0; i < s.len; i++) {
		int digit = vg_hex_digit(s.ptr[i]);

		if (digit < 0 || (unsigned)digit >= base)
			return false;
		if (value <=
		    UINT32_MAX) /* beyond that it only needs to stay too large */
			value = value * base + (unsigned)digit;
	}
	*ret = value;
	return true;
}

static struct vg_str without_final_dot(struct vg_str host)
{
	if (host.len > 0 && host.ptr[host.len - 1] == '.')
		host.len--;
	return host;
}

bool vg_url_ends_in_number(struct vg_str host)
{
	struct vg_str last = without_final_dot(host);
	size_t dot = last.len;
	uint64_t ignored;
	bool digits = true;

	while (dot > 0 && last.ptr[dot - 1] != '.')
		dot--;
	last = vg_str_sub(last, dot, last.len);
	if (last.len == 0)
		return false;
	for (size_t i = 0; i < last.len; i++)
		digits = digits && vg_is_digit(last.ptr[i]);
	return digits || (last.len >= 2 && vg_lower(last.ptr[1]) == 'x' &&
			     parse_number(last, &ignored));
}

enum vg_status vg_url_parse_ipv4(
    struct vg_str host, uint32_t *ret, struct vg_error *err)
{
	struct vg_str rest = without_final_dot(host), part;
	uint64_t parts[4];
	size_t n = 0;
	uint64_t ip;

	while (vg_str_split(&rest, '.', &part)) {
		if (n == 4 || !parse_number(part, &parts[n]))
			return vg_fail(
			    err, VG_E_INVALID, "host is no valid IPv4 address");
		n++;
	}
	if (n == 0)
		return vg_fail(err, VG_E_INVALID, "host is no valid IPv4 address");
	ip = parts[n - 1];
	if (ip >= UINT64_C(1) << (8 * (5 - n)))
		return vg_fail(
		    err, VG_E_INVALID, "number in IPv4 address is too large");
	for (size_t i = 0; i + 1 < n; i++) {
		if (parts[i] > 255)
			return vg_fail(
			    err, VG_E_INVALID, "number in IPv4 address is too large");
		ip += parts[i] << (8 * (3 - i));
	}
	*ret = (uint32_t)ip;
	return VG_OK;
}

/* "1.2.3.4" at the end of an IPv6 address: strict decimal, no leading zeros. */
static bool parse_embedded_ipv4(struct vg_str s, uint16_t pieces[8], size_t *piece)
{
	struct vg_str rest = s, part;
	unsigned bytes[4];
	size_t n = 0;

	if (*piece > 6)
		return false;
	while (vg_str_split(&rest, '.', &part)) {
		uint64_t value;

		if (n == 4 || part.len > 3 || !vg_str_to_u64(part, &value) ||
		    value > 255)
			return false;
		if (part.len > 1 && part.ptr[0] == '0')
			return false;
		bytes[n++] = (unsigned)value;
	}
	if (n != 4)
		return false;
	pieces[(*piece)++] = (uint16_t)(bytes[0] << 8 | bytes[1]);
	pieces[(*piece)++] = (uint16_t)(bytes[2] << 8 | bytes[3]);
	return true;
}

/* URL Standard, IPv6 parser. */
static bool parse_ipv6(struct vg_str s, uint16_t pieces[8])
{
	size_t piece = 0, compress = SIZE_MAX, i = 0;

	if (s.len >= 1 && s.ptr[0] == ':') {
		if (s.len < 2 || s.ptr[1] != ':')
			return false;
		i = 2;
		compress = ++piece;
	}
	while (i < s.len) {
		size_t start = i;
		unsigned value = 0;

		if (piece == 8)
			return false;
		if (s.ptr[i] == ':') {
			if (compress != SIZE_MAX)
				return false;
			i++;
			compress = ++piece;
			continue;
		}
		for (; i < s.len && i - start < 4 && vg_hex_digit(s.ptr[i]) >= 0; i++)
			value = value * 16 + (unsigned)vg_hex_digit(s.ptr[i]);
		if (i < s.len && s.ptr[i] == '.') {
			if (!parse_embedded_ipv4(
				vg_str_sub(s, start, s.len), pieces, &piece))
				return false;
			break;
		}
		if (i < s.len && (s.ptr[i] != ':' || ++i == s.len))
			return false;
		pieces[piece++] = (uint16_t)value;
	}
	if (compress != SIZE_MAX) {
		size_t tail = piece - compress;

		memmove(pieces + 8 - tail, pieces + compress, tail * sizeof(pieces[0]));
		memset(pieces + compress, 0, (8 - tail - compress) * sizeof(pieces[0]));
		return true;
	}
	return piece == 8;
}

enum vg_status vg_url_add_ipv6(
    struct vg_buf *out, struct vg_str s, struct vg_error *err)
{
	uint16_t pieces[8] = {0};
	size_t best = 8, best_len = 1;

	if (!parse_ipv6(s, pieces))
		return vg_fail(err, VG_E_INVALID, "host is no valid IPv6 address");
	for (size_t i = 0; i < 8; i++) {
		size_t run = 0;

		while (i + run < 8 && pieces[i + run] == 0)
			run++;
		if (run > best_len) {
			best = i;
			best_len = run;
		}
		i += run > 0 ? run - 1 : 0;
	}
	for (size_t i = 0; i < 8; i++) {
		if (i == best) {
			vg_buf_addz(out, i == 0 ? "::" : ":");
			i += best_len - 1;
			continue;
		}
		vg_buf_addf(out, i < 7 ? "%x:" : "%x", pieces[i]);
	}
	return VG_OK;
}
