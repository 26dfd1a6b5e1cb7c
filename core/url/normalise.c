/* SPDX-License-Identifier: MIT */
/* One address for one page: what tells visits apart, without what only tracks the visitor. */
#include "config.h"

#include "url/url_priv.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PAIRS 512 /* parameters of a query; with more it keeps its order */

/* Parameters that carry no content, by exact name in lower case. */
static const char *const tracking[] = {"_ga", "_gac", "_gl", "_hsenc", "_hsmi", "dclid",
    "fb_action_ids", "fb_action_types", "fb_source", "fbclid", "gad_campaignid",
    "gad_source", "gbraid", "gclid", "gclsrc", "igsh", "igshid", "mc_cid", "mc_eid",
    "mkt_tok", "msclkid", "oly_anon_id", "oly_enc_id", "srsltid", "ttclid", "twclid",
    "vero_conv", "vero_id", "wbraid", "wickedid", "yclid", "ysclid"};
static const char *const sessions[] = {"cfid", "cftoken", "jsessionid", "oscsid",
    "phpsessid", "session_id", "sessionid", "zenid"};
static const char *const prefixes[] = {
    "utm_", "aspsessionid", "__hs", "hsa_", "pk_", "mtm_"};

static bool listed(struct vg_str name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (vg_str_ieqz(name, list[i]))
			return true;
	}
	return false;
}

/* "sid" names many things; only a long random value makes it a session. */
static bool is_session_value(struct vg_str value)
{
	bool digit = false;

	if (value.len < 20)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		if (!vg_is_alnum(value.ptr[i]))
			return false;
		digit = digit || vg_is_digit(value.ptr[i]);
	}
	return digit;
}

static struct vg_str name_of(struct vg_str pair)
{
	return vg_str_sub(pair, 0, vg_str_chr(pair, '=', 0));
}

static bool is_noise(struct vg_str pair)
{
	struct vg_str name = name_of(pair);

	if (name.len == 0)
		return true;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (vg_str_istarts(name, vg_str(prefixes[i])))
			return true;
	}
	if (vg_str_ieqz(name, "sid"))
		return is_session_value(vg_str_sub(pair, name.len + 1, pair.len));
	return listed(name, tracking, sizeof(tracking) / sizeof(tracking[0])) ||
	       listed(name, sessions, sizeof(sessions) / sizeof(sessions[0]));
}

static bool is_unreserved(int c)
{
	return c > 0 && c < 0x80 && (vg_is_alnum((char)c) || strchr("-._~", c) != NULL);
}

/* Escapes in one form (RFC 3986 6.2.2): unreserved bytes plain, digits upper case. */
static void add_canonical(struct vg_buf *out, struct vg_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		int high, low;

		if (c != '%') {
			if (strchr("\"<>[\\]^`{|}", c) != NULL ||
			    (unsigned char)c <= ' ')
				vg_url_add_hex(out, c);
			else
				vg_buf_addc(out, c);
			continue;
		}
		high = s.len - i > 2 ? vg_hex_digit(s.ptr[i + 1]) : -1;
		low = high >= 0 ? vg_hex_digit(s.ptr[i + 2]) : -1;
		if (low < 0) {
			vg_buf_addz(out, "%25");
			continue;
		}
		if (is_unreserved(high * 16 + low))
			vg_buf_addc(out, (char)(high * 16 + low));
		else
			vg_url_add_hex(out, (char)(high * 16 + low));
		i += 2;
	}
}

/* Path without doubled slashes and without ";jsessionid=…" at the end of a segment. */
static enum vg_status add_path(
    struct vg_buf *out, struct vg_str path, struct vg_error *err)
{
	struct vg_buf clean = VG_BUF_INIT(VG_URL_MAX_PARSE);
	struct vg_str rest, segment;
	enum vg_status rc;

	add_canonical(&clean, path);
	rc = vg_buf_status(&clean, err);
	rest = vg_str_sub(vg_buf_str(&clean), 1, clean.len); /* after the first slash */
	if (rest.len == 0)
		vg_buf_addc(out, '/');
	while (rc == VG_OK && rest.len > 0 && vg_str_split(&rest, '/', &segment)) {
		size_t cut = vg_str_ifind(segment, VG_STR(";jsessionid="), 0);

		if (segment.len == 0)
			continue;
		/* What is left must not become a dot segment. */
		if (cut != SIZE_MAX && cut > 0 && segment.ptr[cut - 1] != '.')
			segment = vg_str_sub(segment, 0, cut);
		vg_buf_addc(out, '/');
		vg_buf_adds(out, segment);
	}
	if (clean.len > 1 && clean.ptr[clean.len - 1] == '/')
		vg_buf_addc(out, '/');
	vg_buf_release(&clean);
	return rc;
}

struct pair {
	struct vg_str text;
	size_t order;
};

static int compare(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int by_name = vg_str_cmp(name_of(x->text), name_of(y->text));

	if (by_name != 0)
		return by_name;
	return x->order < y->order ? -1 : x->order > y->order;
}

static enum vg_status add_query(
    struct vg_buf *out, struct vg_str query, struct vg_error *err)
{
	struct vg_buf clean = VG_BUF_INIT(VG_URL_MAX_PARSE);
	struct pair *pairs = calloc(MAX_PAIRS, sizeof(*pairs));
	struct vg_str rest, piece;
	size_t n = 0;
	enum vg_status rc;

	if (pairs == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	add_canonical(&clean, query);
	rc = vg_buf_status(&clean, err);
	if (rc != VG_OK)
		goto out;
	rest = vg_buf_str(&clean);
	while (vg_str_split(&rest, '&', &piece)) {
		if (is_noise(piece))
			continue;
		if (n ==
		    MAX_PAIRS) { /* no page has so many: leave the query as it is */
			vg_buf_addc(out, '?');
			vg_buf_adds(out, vg_buf_str(&clean));
			goto out;
		}
		if (name_of(piece).len + 1 == piece.len)
			piece.len--; /* "a=" says what "a" says */
		pairs[n] = (struct pair){piece, n};
		n++;
	}
	qsort(pairs, n, sizeof(*pairs), compare);
	for (size_t i = 0; i < n; i++) {
		vg_buf_addc(out, i == 0 ? '?' : '&');
		vg_buf_adds(out, pairs[i].text);
	}
out:
	free(pairs);
	vg_buf_release(&clean);
	return rc;
}

static enum vg_status parse_seed(
    struct vg_str input, struct vg_url *u, struct vg_error *err)
{
	struct vg_buf with_scheme = VG_BUF_INIT(VG_URL_MAX_PARSE);
	enum vg_status rc = vg_url_parse(input, NULL, u, err);

	input = vg_str_trim(input);
	/* "shop.example/a" is what people type; "ftp:/" is a broken address. */
	if (rc != VG_E_INVALID ||
	    vg_str_chr(vg_str_sub(input, 0, vg_str_chr(input, '/', 0)), ':', 0) !=
		SIZE_MAX)
		return rc;
	vg_buf_addz(&with_scheme, "http://");
	vg_buf_adds(&with_scheme, input);
	rc = vg_buf_status(&with_scheme, err);
	if (rc == VG_OK)
		rc = vg_url_parse(vg_buf_str(&with_scheme), NULL, u, err);
	vg_buf_release(&with_scheme);
	return rc;
}

enum vg_status vg_url_normalise(
    struct vg_str input, struct vg_buf *out, struct vg_error *err)
{
	struct vg_url u = VG_URL_INIT;
	struct vg_str host;
	size_t start = out->len;
	enum vg_status rc = parse_seed(input, &u, err);

	if (rc != VG_OK)
		goto out;
	if (!vg_url_is_web(&u)) {
		vg_buf_adds(out, vg_str_sub(vg_url_href(&u), 0, u.fragment));
		goto out;
	}
	host = vg_url_host(&u);
	vg_buf_adds(out, vg_str_sub(vg_url_href(&u), 0, u.host_start));
	if (host.len > 1 && host.ptr[host.len - 1] == '.' &&
	    host.ptr[host.len - 2] != '.')
		host.len--;
	vg_buf_adds(out, host);
	vg_buf_adds(out, vg_str_sub(vg_url_href(&u), u.host_end, u.path));
	rc = add_path(out, vg_url_path(&u), err);
	if (rc == VG_OK)
		rc = add_query(out, vg_url_query(&u), err);
out:
	vg_url_release(&u);
	if (rc == VG_OK)
		rc = vg_buf_status(out, err);
	if (rc != VG_OK && out->status == VG_OK)
		vg_buf_truncate(out, start);
	return rc;
}
