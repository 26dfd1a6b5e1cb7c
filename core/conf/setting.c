/* SPDX-License-Identifier: MIT */
/* Checking, storing and printing values by the type of their key. */
#include "config.h"

#include "conf/keys.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/cron.h"
#include "base/hours.h"
#include "base/vec.h"
#include "conf/value.h"

#define MAX_LIST 10000u /* items of one list */

static bool is_printable_ascii(struct vg_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < 0x20 || s.ptr[i] > 0x7E)
			return false;
	return true;
}

static bool is_web(struct vg_str s)
{
	size_t slashes = vg_str_istarts(s, VG_STR("http://"))    ? 7
			 : vg_str_istarts(s, VG_STR("https://")) ? 8
								 : 0;

	return slashes > 0 && s.len > slashes && vg_str_chr(s, ' ', 0) == SIZE_MAX;
}

static bool is_contact(struct vg_str s)
{
	size_t at = vg_str_chr(s, '@', 0);

	/* '(' ')' would end the comment of the User-Agent early. */
	if (!is_printable_ascii(s) || s.len > 200 ||
	    vg_str_chr(s, ' ', 0) != SIZE_MAX || vg_str_chr(s, '(', 0) != SIZE_MAX ||
	    vg_str_chr(s, ')', 0) != SIZE_MAX)
		return false;
	return is_web(s) || (at != SIZE_MAX && at > 0 && at + 1 < s.len &&
				vg_str_chr(s, '@', at + 1) == SIZE_MAX &&
				vg_str_chr(s, '.', at + 1) != SIZE_MAX);
}

static bool is_ip(struct vg_str s)
{
	unsigned char raw[sizeof(struct in6_addr)];
	char text[64];

	if (s.len >= sizeof(text))
		return false;
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	return inet_pton(AF_INET, text, raw) == 1 ||
	       inet_pton(AF_INET6, text, raw) == 1;
}

static bool is_connect(struct vg_str s)
{
	size_t equals = vg_str_chr(s, '=', 0), colon;
	struct vg_address a;
	struct vg_str from;
	uint64_t port;

	if (equals == SIZE_MAX ||
	    !vg_value_address(vg_str_sub(s, equals + 1, s.len), &a))
		return false;
	from = vg_str_sub(s, 0, equals);
	colon = from.len;
	while (colon > 0 && from.ptr[colon - 1] != ':')
		colon--;
	return colon > 1 && vg_str_to_u64(vg_str_sub(from, colon, from.len), &port) &&
	       port >= 1 && port <= 65535;
}

/* By number, so that no name server says where everything goes. */
static bool is_proxy(struct vg_str s)
{
	static const char *const schemes[] = {"http://", "socks5h://"};
	struct vg_address a;

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (vg_str_starts(s, vg_str(schemes[i])))
			return vg_value_address(
			    vg_str_sub(s, strlen(schemes[i]), s.len), &a);
	return !s.len;
}

static bool is_item(enum vg_key_type type, struct vg_str s)
{
	struct vg_hours hours = {.count = 0};
	struct vg_address a;

	switch (type) {
	case VG_KEY_URLS:
		return is_web(s);
	case VG_KEY_PATTERNS:
		return s.ptr[0] == '/' || s.ptr[0] == '*';
	case VG_KEY_ADDRESSES:
		return is_ip(s) || vg_value_address(s, &a);
	case VG_KEY_CONNECTS:
		return is_connect(s);
	case VG_KEY_HOURS:
		return vg_hours_add(&hours, s);
	case VG_KEY_WORDS:
	case VG_KEY_BOOL:
	case VG_KEY_INT:
	case VG_KEY_DURATION:
	case VG_KEY_SIZE:
	case VG_KEY_ENUM:
	case VG_KEY_SCHEDULE:
	case VG_KEY_ZONE:
	case VG_KEY_STRING:
	case VG_KEY_HEADER:
	case VG_KEY_CONTACT:
	case VG_KEY_PROXY:
		break;
	}
	return true;
}

static enum vg_status bad(
    const struct vg_key *key, struct vg_str text, struct vg_error *err)
{
	text =
	    vg_str_sub(text, 0, vg_str_chr(text, '\n', 0)); /* messages are one line */
	if (key->type == VG_KEY_ENUM)
		return vg_fail(err, VG_E_INVALID, "%s: '%.*s' is not one of %s",
		    key->name, VG_STR_ARG(text), key->words);
	return vg_fail(err, VG_E_INVALID, "%s: '%.*s' is not %s", key->name,
	    (int)vg_str_sub(text, 0, 100).len, text.ptr, vg_key_type_name(key));
}

static enum vg_status store_list(const struct vg_key *key, struct vg_arena *arena,
    struct vg_str text, const char *const **ret, struct vg_error *err)
{
	struct vg_vec items = VG_VEC_INIT(const char *, MAX_LIST, arena);
	bool commas = key->type == VG_KEY_WORDS || key->type == VG_KEY_HOURS;
	size_t i = 0;
	const char **end;

	while (i < text.len) {
		size_t start = i;
		struct vg_str item;

		while (i < text.len && !vg_is_space(text.ptr[i]) &&
		       !(commas && text.ptr[i] == ','))
			i++;
		item = vg_str_sub(text, start, i++);
		if (item.len == 0)
			continue;
		if (!is_item(key->type, item))
			return bad(key, item, err);
		const char **slot = vg_vec_push(&items);
		if (!slot)
			return vg_fail(err, VG_E_INVALID, "%s: more than %u items",
			    key->name, MAX_LIST);
		*slot = vg_arena_str(arena, item).ptr;
		if (!*slot)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	end = vg_vec_push(&items);
	if (!end)
		return vg_fail(
		    err, VG_E_INVALID, "%s: more than %u items", key->name, MAX_LIST);
	*ret = items.items;
	return VG_OK;
}

static enum vg_status store_number(
    const struct vg_key *key, struct vg_str text, int64_t *ret, struct vg_error *err)
{
	int64_t n = 0;
	bool ok = key->type == VG_KEY_INT        ? vg_str_to_i64(text, &n)
		  : key->type == VG_KEY_DURATION ? vg_value_duration(text, &n)
		  : key->type == VG_KEY_SIZE
		      ? vg_value_size(text, &n)
		      : (n = vg_value_enum(text, key->words)) >= 0;

	if (!ok)
		return bad(key, text, err);
	if (key->max > key->min && (n < key->min || n > key->max)) {
		struct vg_buf range = VG_BUF_INIT(256);
		int64_t limits[2] = {key->min, key->max};

		for (int i = 0; i < 2; i++) {
			struct vg_key copy = *key;

			copy.offset = 0;
			vg_buf_addz(&range, i ? " and " : "");
			vg_key_print(&copy, &limits[i], &range);
		}
		vg_fail(err, VG_E_INVALID, "%s: %.*s is not between %s", key->name,
		    VG_STR_ARG(text), vg_buf_cstr(&range));
		vg_buf_release(&range);
		return VG_E_INVALID;
	}
	*ret = n;
	return VG_OK;
}

/* What follows from the text is made where it is used; here it is checked. */
static enum vg_status store_schedule(const struct vg_key *key, struct vg_arena *arena,
    struct vg_str text, struct vg_conf_schedule *ret, struct vg_error *err)
{
	struct vg_conf_schedule schedule = {.every = 0};
	struct vg_key as_duration = *key;
	struct vg_cron cron;
	enum vg_status st = VG_OK;

	as_duration.type = VG_KEY_DURATION;
	as_duration.min = VG_SECOND;
	if (text.len && vg_is_digit(text.ptr[0]) &&
	    vg_str_chr(text, ' ', 0) == SIZE_MAX) {
		st = vg_value_duration(text, &schedule.every)
			 ? store_number(&as_duration, text, &schedule.every, err)
			 : bad(key, text, err);
	} else if (!vg_str_eqz(text, "always") && vg_cron_parse(text, 0, &cron, err)) {
		vg_error_prefix(err, "%s", key->name);
		st = VG_E_INVALID;
	}
	if (st)
		return st;
	schedule.text = vg_arena_str(arena, text).ptr;
	if (!schedule.text)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	*ret = schedule;
	return VG_OK;
}

static enum vg_status check_zone(
    const struct vg_key *key, const char *name, struct vg_error *err)
{
	struct vg_zone *zone = NULL;

	if (vg_zone_open(name, &zone, err)) {
		vg_error_prefix(err, "%s", key->name);
		return VG_E_INVALID;
	}
	vg_zone_free(zone);
	return VG_OK;
}

static enum vg_status store_string(const struct vg_key *key, struct vg_arena *arena,
    struct vg_str text, const char **ret, struct vg_error *err)
{
	const char *copy;

	if ((key->type == VG_KEY_HEADER && !is_printable_ascii(text)) ||
	    (key->type == VG_KEY_CONTACT && text.len > 0 && !is_contact(text)) ||
	    (key->type == VG_KEY_PROXY && !is_proxy(text)))
		return bad(key, text, err);
	copy = vg_arena_str(arena, text).ptr;
	if (!copy)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	if (key->type == VG_KEY_ZONE && check_zone(key, copy, err))
		return VG_E_INVALID;
	*ret = copy;
	return VG_OK;
}

enum vg_status vg_key_store(const struct vg_key *key, struct vg_arena *arena,
    struct vg_str text, void *object, struct vg_error *err)
{
	void *at = (char *)object + key->offset;

	switch (key->type) {
	case VG_KEY_BOOL:
		return vg_value_bool(text, at) ? VG_OK : bad(key, text, err);
	case VG_KEY_INT:
	case VG_KEY_DURATION:
	case VG_KEY_SIZE:
	case VG_KEY_ENUM:
		return store_number(key, text, at, err);
	case VG_KEY_SCHEDULE:
		return store_schedule(key, arena, text, at, err);
	case VG_KEY_ZONE:
	case VG_KEY_STRING:
	case VG_KEY_HEADER:
	case VG_KEY_CONTACT:
	case VG_KEY_PROXY:
		return store_string(key, arena, text, at, err);
	case VG_KEY_WORDS:
	case VG_KEY_HOURS:
	case VG_KEY_PATTERNS:
	case VG_KEY_URLS:
	case VG_KEY_ADDRESSES:
	case VG_KEY_CONNECTS:
		return store_list(key, arena, text, at, err);
	}
	return vg_fail(err, VG_E_INTERNAL, "%s: no such type", key->name);
}

static void print_list(const char *const *items, struct vg_buf *out)
{
	for (size_t i = 0; items && items[i]; i++) {
		vg_buf_addz(out, i ? " " : "");
		vg_buf_addz(out, items[i]);
	}
}

static void print_number(const struct vg_key *key, int64_t n, struct vg_buf *out)
{
	struct vg_str words = vg_str(key->words), word = {NULL, 0};
	char text[32];

	switch (key->type) {
	case VG_KEY_DURATION:
		vg_duration_format(n, text);
		vg_buf_addz(out, text);
		return;
	case VG_KEY_SIZE:
		vg_size_format(n, text);
		vg_buf_addz(out, text);
		return;
	case VG_KEY_ENUM:
		for (int64_t i = 0; i <= n && vg_str_split(&words, '|', &word); i++)
			;
		vg_buf_adds(out, word);
		return;
	case VG_KEY_BOOL:
	case VG_KEY_INT:
	case VG_KEY_SCHEDULE:
	case VG_KEY_ZONE:
	case VG_KEY_STRING:
	case VG_KEY_HEADER:
	case VG_KEY_CONTACT:
	case VG_KEY_PROXY:
	case VG_KEY_WORDS:
	case VG_KEY_HOURS:
	case VG_KEY_PATTERNS:
	case VG_KEY_URLS:
	case VG_KEY_ADDRESSES:
	case VG_KEY_CONNECTS:
		break;
	}
	vg_buf_addf(out, "%" PRId64, n);
}

void vg_key_print(const struct vg_key *key, const void *object, struct vg_buf *out)
{
	const void *at = (const char *)object + key->offset;

	switch (key->type) {
	case VG_KEY_BOOL:
		vg_buf_addz(out, *(const bool *)at ? "yes" : "no");
		return;
	case VG_KEY_INT:
	case VG_KEY_DURATION:
	case VG_KEY_SIZE:
	case VG_KEY_ENUM:
		print_number(key, *(const int64_t *)at, out);
		return;
	case VG_KEY_SCHEDULE:
		vg_buf_addz(out, ((const struct vg_conf_schedule *)at)->text);
		return;
	case VG_KEY_ZONE:
	case VG_KEY_STRING:
	case VG_KEY_HEADER:
	case VG_KEY_CONTACT:
	case VG_KEY_PROXY:
		vg_buf_addz(out, *(const char *const *)at);
		return;
	case VG_KEY_WORDS:
	case VG_KEY_HOURS:
	case VG_KEY_PATTERNS:
	case VG_KEY_URLS:
	case VG_KEY_ADDRESSES:
	case VG_KEY_CONNECTS:
		print_list(*(const char *const *const *)at, out);
		return;
	}
}
