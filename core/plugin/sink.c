/* SPDX-License-Identifier: MIT */
/* What a plugin emits: doubted, copied, counted. */
#include "config.h"

#include "plugin/plugin_priv.h"

#include "base/limits.h"
#include "base/size.h"
#include "base/utf8.h"
#include "url/url.h"

#define MAX_KEY 1024u    /* bytes of a natural key */
#define MAX_PROBLEM 200u /* bytes of a problem */

static const char *const kinds[] = {
    NULL, "product", "place", "advert", "message", "entry"};
static const char *const keys[] = {NULL, "title", "price", "currency", "phone", "email",
    "address", "text", "date", "url", "id", "lat", "lon", "seller", "stock"};
static const char *const link_kinds[] = {
    NULL, "item", "next", "older", "detail", "seed"};

/* What version 1.0 had: later members are at the tail, and older plugins go on without. */
#define FLOOR(type, last) (offsetof(type, last) + sizeof(((type *)NULL)->last))

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct vg_str ours(struct vigia_str s)
{
	return (struct vg_str){s.ptr, s.len};
}

static int32_t complain(struct vigia_call *call, int32_t code, const char *what)
{
	vg_call_tell(call, NULL, what);
	return code;
}

static bool is_text(struct vigia_str s)
{
	return s.len == 0 || (s.ptr != NULL && vg_utf8_valid(ours(s)));
}

/* Digits, at most one '.', digits on both sides of it; a sign where `sign` allows it. */
static bool is_decimal(struct vg_str s, bool sign)
{
	size_t digits = 0, dots = 0;

	if (sign && s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+'))
		s = vg_str_sub(s, 1, s.len);
	for (size_t i = 0; i < s.len; i++) {
		if (vg_is_digit(s.ptr[i])) {
			digits++;
		} else if (s.ptr[i] == '.' && dots == 0 && i > 0 && i + 1 < s.len) {
			dots++;
		} else {
			return false;
		}
	}
	return digits > 0 && digits <= 32;
}

static bool is_currency(struct vg_str s)
{
	return s.len == 3 && s.ptr[0] >= 'A' && s.ptr[0] <= 'Z' && s.ptr[1] >= 'A' &&
	       s.ptr[1] <= 'Z' && s.ptr[2] >= 'A' && s.ptr[2] <= 'Z';
}

static bool fits_key(uint32_t key, struct vg_str value)
{
	switch (key) {
	case VIGIA_PRICE:
		return is_decimal(value, false);
	case VIGIA_CURRENCY:
		return is_currency(value);
	case VIGIA_LAT:
	case VIGIA_LON:
		return is_decimal(value, true);
	default:
		return true;
	}
}

/* The address against the page's base; *ret stays empty when it is none. */
static int32_t resolve(struct vigia_call *call, struct vg_str href, struct vg_str *ret)
{
	struct vg_url base = VG_URL_INIT, url = VG_URL_INIT;
	struct vg_str own = call->doc->base.len > 0 ? call->doc->base : call->doc->url;
	bool based = own.len > 0 && vg_url_parse(own, NULL, &base, NULL) == VG_OK;
	int32_t st = VIGIA_OK;

	if (vg_url_parse(href, based ? &base : NULL, &url, NULL) == VG_OK &&
	    vg_url_is_web(&url)) {
		*ret = vg_arena_str(call->doc->arena, vg_url_href(&url));
		if (ret->ptr == NULL)
			st = VIGIA_E_NOMEM;
	}
	vg_url_release(&base);
	vg_url_release(&url);
	return st;
}

static int32_t copy_field(
    struct vigia_call *call, const struct vigia_field *f, struct vg_listing_field *ret)
{
	struct vg_str value = vg_str_trim(ours(f->value.text));
	size_t doc_len = call->doc->document.len;
	int32_t st = VIGIA_OK;

	ret->key = keys[f->key];
	if (f->key == VIGIA_URL) {
		ret->value = (struct vg_str){0};
		st = resolve(call, value, &ret->value);
		if (st == VIGIA_OK &&
		    ret->value.ptr == NULL) /* no base: as it stands */
			ret->value = vg_arena_str(call->doc->arena, value);
	} else {
		ret->value = vg_arena_str(call->doc->arena, value);
	}
	if (ret->value.ptr == NULL)
		return VIGIA_E_NOMEM;
	ret->start = ret->end = SIZE_MAX;
	if (f->value.start <= f->value.end && f->value.end <= doc_len) {
		ret->start = (size_t)f->value.start;
		ret->end = (size_t)f->value.end;
	}
	return st;
}

static int32_t copy_fields(
    struct vigia_call *call, const struct vigia_record *r, struct vg_listing *ret)
{
	uint32_t seen = 0;

	ret->fields =
	    vg_arena_array(call->doc->arena, r->field_count, sizeof(*ret->fields));
	if (ret->fields == NULL)
		return VIGIA_E_NOMEM;
	for (uint64_t i = 0; i < r->field_count; i++) {
		const struct vigia_field *f = &r->fields[i];
		int32_t st;

		if (f->key == 0 || f->key >= COUNT(keys))
			return complain(
			    call, VIGIA_E_INVALID, "a record has an unknown field key");
		if (f->value.text.len > VG_MAX_FIELD)
			return complain(
			    call, VIGIA_E_LIMIT, "a field is longer than the limit");
		if (!is_text(f->value.text))
			return complain(call, VIGIA_E_INVALID, "a field is not UTF-8");
		if (seen & (1u << f->key))
			return complain(
			    call, VIGIA_E_INVALID, "a record has a field twice");
		seen |= 1u << f->key;
		if (vg_str_trim(ours(f->value.text)).len == 0)
			continue; /* not stated */
		if (!fits_key(f->key, vg_str_trim(ours(f->value.text))))
			return complain(call, VIGIA_E_INVALID,
			    "a price, currency or coordinate is not in its normal "
			    "form");
		st = copy_field(call, f, &ret->fields[ret->field_count]);
		if (st != VIGIA_OK)
			return st;
		ret->field_count++;
	}
	return VIGIA_OK;
}

static struct vg_str field_value(const struct vg_listing *l, uint32_t key)
{
	for (size_t i = 0; i < l->field_count; i++)
		if (l->fields[i].key == keys[key])
			return l->fields[i].value;
	return (struct vg_str){0};
}

static int32_t set_natural_key(
    struct vigia_call *call, const struct vigia_record *r, struct vg_listing *l)
{
	static const uint32_t order[] = {VIGIA_ID, VIGIA_URL, VIGIA_TITLE};
	struct vg_str key = ours(r->natural_key);

	for (size_t i = 0; i < COUNT(order) && key.len == 0; i++)
		key = field_value(l, order[i]);
	key = vg_str_sub(key, 0, vg_size_min(key.len, MAX_KEY));
	while (key.len > 0 && !vg_utf8_valid(key)) /* the cut was inside a character */
		key.len--;
	l->natural_key = vg_arena_str(call->doc->arena, key);
	return l->natural_key.ptr != NULL ? VIGIA_OK : VIGIA_E_NOMEM;
}

int32_t vg_host_emit_record(struct vigia_call *call, const struct vigia_record *r)
{
	struct vg_listing l = {.start = SIZE_MAX, .end = SIZE_MAX}, *slot;
	int32_t st;

	if (call == NULL || r == NULL ||
	    r->struct_size < FLOOR(struct vigia_record, field_count) ||
	    r->struct_size > 4096)
		return VIGIA_E_INVALID;
	if (call->listings.len >= VG_MAX_RECORDS)
		return complain(
		    call, VIGIA_E_LIMIT, "more records than the limit of a page");
	if (r->kind == 0 || r->kind >= COUNT(kinds))
		return complain(call, VIGIA_E_INVALID, "a record has an unknown kind");
	if (r->field_count == 0 || r->field_count >= COUNT(keys) || r->fields == NULL)
		return complain(
		    call, VIGIA_E_INVALID, "a record has no fields or too many");
	if (!is_text(r->natural_key))
		return complain(call, VIGIA_E_INVALID, "a natural key is not UTF-8");
	l.kind = kinds[r->kind];
	st = copy_fields(call, r, &l);
	if (st == VIGIA_OK)
		st = set_natural_key(call, r, &l);
	if (st != VIGIA_OK)
		return st;
	if (l.field_count == 0)
		return complain(
		    call, VIGIA_E_INVALID, "a record has only empty fields");
	if (r->node != NULL) {
		l.start = r->node->start;
		l.end = r->node->end;
	}
	slot = vg_vec_push(&call->listings);
	if (slot == NULL)
		return VIGIA_E_NOMEM;
	*slot = l;
	return VIGIA_OK;
}

int32_t vg_host_emit_link(struct vigia_call *call, const struct vigia_link *link)
{
	struct vg_plugin_link l = {0}, *slot;
	int32_t st;

	if (call == NULL || link == NULL ||
	    link->struct_size < FLOOR(struct vigia_link, href) ||
	    link->struct_size > 4096)
		return VIGIA_E_INVALID;
	if (!((call->plugin->desc.caps_required | call->plugin->desc.caps_optional) &
		VIGIA_CAP_LINKS))
		return complain(
		    call, VIGIA_E_INVALID, "emits a link without VIGIA_CAP_LINKS");
	if (call->links.len >= VG_MAX_LINKS)
		return complain(
		    call, VIGIA_E_LIMIT, "more links than the limit of a page");
	if (link->kind == 0 || link->kind >= COUNT(link_kinds))
		return complain(call, VIGIA_E_INVALID, "a link has an unknown kind");
	if (!is_text(link->href))
		return complain(call, VIGIA_E_INVALID, "a link is not UTF-8");
	if (link->href.len > VG_MAX_FIELD)
		return VIGIA_OK;
	l.kind = link_kinds[link->kind];
	l.page_type = link->page_type;
	st = resolve(call, vg_str_trim(ours(link->href)), &l.url);
	if (st != VIGIA_OK || l.url.len == 0 || l.url.len > VG_MAX_URL)
		return st;
	slot = vg_vec_push(&call->links);
	if (slot == NULL)
		return VIGIA_E_NOMEM;
	*slot = l;
	return VIGIA_OK;
}

int32_t vg_host_emit_problem(
    struct vigia_call *call, int32_t code, struct vigia_str why)
{
	struct vg_str text = ours(why);

	if (call == NULL || !is_text(why))
		return VIGIA_E_INVALID;
	if (call->problem.ptr != NULL)
		return VIGIA_OK;
	text = vg_str_sub(text, 0, vg_size_min(text.len, MAX_PROBLEM));
	while (text.len > 0 && !vg_utf8_valid(text))
		text.len--;
	call->problem = code == VIGIA_E_LAYOUT
			    ? vg_arena_printf(call->doc->arena, "layout changed: %.*s",
				  VG_STR_ARG(text))
			    : vg_arena_str(call->doc->arena, text);
	return call->problem.ptr != NULL ? VIGIA_OK : VIGIA_E_NOMEM;
}
