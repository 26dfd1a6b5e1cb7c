/* SPDX-License-Identifier: MIT */
/* What a short hexadecimal prefix names. */
#include "config.h"

#include <string.h>

#include "store/store_priv.h"

#define MIN_DIGITS 4
#define MAX_SHOWN 6
#define SHOWN_DIGITS 16

struct candidates {
	struct {
		enum vg_store_kind kind;
		struct vg_digest id;
	} all[3 * 8];
	size_t count;
};

static const char *kind_name(enum vg_store_kind kind)
{
	switch (kind) {
	case VG_KIND_CAPTURE:
		return "capture";
	case VG_KIND_LISTING:
		return "listing";
	case VG_KIND_FINDING:
		return "finding";
	}
	return "";
}

/* The smallest and the largest digest with this prefix. */
static bool range(
    struct vg_str prefix, struct vg_digest *ret_low, struct vg_digest *ret_high)
{
	char low[VG_SHA256_HEX], high[VG_SHA256_HEX];

	if (prefix.len < MIN_DIGITS || prefix.len > VG_SHA256_HEX - 1)
		return false;
	memset(low, '0', sizeof(low));
	memset(high, 'f', sizeof(high));
	memcpy(low, prefix.ptr, prefix.len);
	memcpy(high, prefix.ptr, prefix.len);
	return vg_unhex((struct vg_str){low, VG_SHA256_HEX - 1}, ret_low->bytes,
		   sizeof(ret_low->bytes)) &&
	       vg_unhex((struct vg_str){high, VG_SHA256_HEX - 1}, ret_high->bytes,
		   sizeof(ret_high->bytes));
}

static enum vg_status collect(struct vg_store *s, enum vg_sql sql,
    enum vg_store_kind kind, const struct vg_digest *low, const struct vg_digest *high,
    struct candidates *c, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, sql, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_digest(q, 1, low);
	vg_bind_digest(q, 2, high);
	while ((st = vg_stmt_step(q, err)) == VG_OK) {
		if (c->count == sizeof(c->all) / sizeof(c->all[0]))
			break;
		c->all[c->count].kind = kind;
		st = vg_column_digest(q, 0, &c->all[c->count].id, err);
		if (st != VG_OK)
			break;
		c->count++;
	}
	vg_stmt_end(q);
	return st == VG_E_NOT_FOUND ? VG_OK : st;
}

static enum vg_status ambiguous(
    struct vg_str prefix, const struct candidates *c, struct vg_error *err)
{
	struct vg_buf list = VG_BUF_INIT(1024);
	enum vg_status st;

	for (size_t i = 0; i < c->count && i < MAX_SHOWN; i++) {
		char hex[VG_SHA256_HEX];

		vg_hex(c->all[i].id.bytes, sizeof(c->all[i].id.bytes), hex);
		vg_buf_addf(&list, "%s%s %.*s", i ? ", " : "",
		    kind_name(c->all[i].kind), SHOWN_DIGITS, hex);
	}
	if (c->count > MAX_SHOWN)
		vg_buf_addz(&list, ", …");
	st = vg_fail(err, VG_E_INVALID, "%.*s fits more than one thing: %s",
	    VG_STR_ARG(prefix), vg_buf_cstr(&list));
	vg_buf_release(&list);
	return st;
}

enum vg_status vg_store_find(struct vg_store *s, struct vg_str prefix,
    enum vg_store_kind *ret_kind, struct vg_digest *ret_id, struct vg_error *err)
{
	struct vg_digest low, high;
	struct candidates c = {.count = 0};
	enum vg_status st;

	if (!range(prefix, &low, &high))
		return vg_fail(err, VG_E_INVALID,
		    "an id is %d to %d hexadecimal digits", MIN_DIGITS,
		    VG_SHA256_HEX - 1);
	st = collect(s, VG_SQL_FINDING_PREFIX, VG_KIND_FINDING, &low, &high, &c, err);
	if (st == VG_OK)
		st = collect(
		    s, VG_SQL_LISTING_PREFIX, VG_KIND_LISTING, &low, &high, &c, err);
	if (st == VG_OK)
		st = collect(
		    s, VG_SQL_LEAF_PREFIX, VG_KIND_CAPTURE, &low, &high, &c, err);
	if (st != VG_OK)
		return st;
	if (!c.count)
		return vg_fail(err, VG_E_NOT_FOUND, "nothing here has the id %.*s",
		    VG_STR_ARG(prefix));
	if (c.count > 1)
		return ambiguous(prefix, &c, err);
	*ret_kind = c.all[0].kind;
	*ret_id = c.all[0].id;
	return VG_OK;
}
