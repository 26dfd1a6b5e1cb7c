/* SPDX-License-Identifier: MIT */
/* Hosts: domains with IDNA, opaque hosts, and what makes one an IP address. */
#include "config.h"

#include "url/url_priv.h"

#include <idn2.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define MAX_HOST 4096 /* bytes of a host as written; names in use end at 253 */

static bool forbidden_host_byte(char c)
{
	return c == '\0' || c == '\t' || c == '\n' || c == '\r' ||
	       (c != '\0' && strchr(" #/:<>?@[\\]^|", c) != NULL);
}

static bool forbidden_domain_byte(char c)
{
	unsigned char u = (unsigned char)c;

	return u <= 0x1F || u == 0x7F || c == '%' || forbidden_host_byte(c);
}

static enum vg_status add_opaque(
    struct vg_buf *out, struct vg_str input, struct vg_error *err)
{
	for (size_t i = 0; i < input.len; i++) {
		if (forbidden_host_byte(input.ptr[i]))
			return vg_fail(
			    err, VG_E_INVALID, "host holds a forbidden character");
	}
	vg_url_add_escaped(out, input, VG_SET_C0);
	return VG_OK;
}

static void percent_decode(struct vg_str s, struct vg_buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		int high = -1, low = -1;

		if (s.ptr[i] == '%' && s.len - i > 2) {
			high = vg_hex_digit(s.ptr[i + 1]);
			low = vg_hex_digit(s.ptr[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			vg_buf_addc(out, (char)(high * 16 + low));
			i += 2;
		} else {
			vg_buf_addc(out, s.ptr[i]);
		}
	}
}

/* IDNA (UTS 46, non-transitional). The empty name and a name over DNS limits are refused. */
static enum vg_status add_idna(
    struct vg_buf *out, struct vg_buf *name, struct vg_error *err)
{
	uint8_t *ascii = NULL;
	const char *text = vg_buf_cstr(name);
	int rc;

	if (strlen(text) != name->len)
		return vg_fail(err, VG_E_INVALID, "host holds a NUL");
	if (!vg_utf8_valid(vg_buf_str(name)))
		return vg_fail(err, VG_E_INVALID, "host is not UTF-8");
	rc = idn2_lookup_u8(
	    (const uint8_t *)text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc == IDN2_MALLOC)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	if (rc != IDN2_OK)
		return vg_fail(
		    err, VG_E_INVALID, "host is no valid name: %s", idn2_strerror(rc));
	vg_buf_addz(out, (const char *)ascii);
	idn2_free(ascii);
	return VG_OK;
}

static enum vg_status add_domain(
    struct vg_buf *out, struct vg_str input, struct vg_error *err)
{
	struct vg_buf name = VG_BUF_INIT(MAX_HOST);
	size_t start = out->len;
	enum vg_status rc;
	struct vg_str host;

	percent_decode(input, &name);
	rc = vg_buf_status(&name, err);
	if (rc != VG_OK)
		goto out;
	if (vg_ascii_only(vg_buf_str(&name))) { /* A-labels are taken as they are */
		for (size_t i = 0; i < name.len; i++)
			vg_buf_addc(out, vg_lower(name.ptr[i]));
	} else {
		rc = add_idna(out, &name, err);
	}
	if (rc == VG_OK)
		rc = vg_buf_status(out, err);
	if (rc != VG_OK)
		goto out;
	host = vg_str_sub(vg_buf_str(out), start, out->len);
	if (host.len == 0)
		rc = vg_fail(err, VG_E_INVALID, "host is empty");
	for (size_t i = 0; rc == VG_OK && i < host.len; i++) {
		if (forbidden_domain_byte(host.ptr[i]))
			rc = vg_fail(
			    err, VG_E_INVALID, "host holds a forbidden character");
	}
	if (rc == VG_OK && vg_url_ends_in_number(host)) {
		uint32_t ip;

		rc = vg_url_parse_ipv4(host, &ip, err);
		if (rc == VG_OK) {
			vg_buf_truncate(out, start);
			vg_buf_addf(out, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255,
			    ip >> 8 & 255, ip & 255);
		}
	}
out:
	vg_buf_release(&name);
	return rc;
}

enum vg_status vg_url_add_host(
    struct vg_buf *out, struct vg_str input, bool special, struct vg_error *err)
{
	enum vg_status rc;

	if (input.len > MAX_HOST)
		return vg_fail(err, VG_E_INVALID, "host is too long");
	if (input.len > 0 && input.ptr[0] == '[') {
		if (input.ptr[input.len - 1] != ']' || input.len < 2)
			return vg_fail(
			    err, VG_E_INVALID, "IPv6 address lacks its bracket");
		vg_buf_addc(out, '[');
		rc = vg_url_add_ipv6(out, vg_str_sub(input, 1, input.len - 1), err);
		vg_buf_addc(out, ']');
		return rc;
	}
	return special ? add_domain(out, input, err) : add_opaque(out, input, err);
}
