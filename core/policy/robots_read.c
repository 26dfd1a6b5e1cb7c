/* SPDX-License-Identifier: MIT */
/* Reading robots.txt: lines, keys with the usual slips of the pen, groups. */
#include "config.h"

#include "policy/robots_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"

#define MAX_LINE                                                                       \
	16664u /* bytes read of one line: eight addresses of the longest kind */
#define MAX_ITEMS VG_MAX_ROBOTS
#define MAX_ARENA (64u << 20)
#define MAX_DELAY (1000000 * VG_SECOND)

struct reader {
	struct vg_robots *r;
	bool
	    open_agents; /* the last group line was a user-agent: the next one joins it */
	struct vg_error *err;
};

enum key { KEY_OTHER, KEY_AGENT, KEY_ALLOW, KEY_DISALLOW, KEY_SITEMAP, KEY_DELAY };

/* Keys count by their beginning, and in spellings that are common in the wild. */
static enum key read_key(struct vg_str key)
{
	static const struct {
		const char *prefix;
		enum key key;
	} keys[] = {
	    {"user-agent", KEY_AGENT},
	    {"useragent", KEY_AGENT},
	    {"user agent", KEY_AGENT},
	    {"allow", KEY_ALLOW},
	    {"disallow", KEY_DISALLOW},
	    {"dissallow", KEY_DISALLOW},
	    {"dissalow", KEY_DISALLOW},
	    {"disalow", KEY_DISALLOW},
	    {"diasllow", KEY_DISALLOW},
	    {"disallaw", KEY_DISALLOW},
	    {"sitemap", KEY_SITEMAP},
	    {"site-map", KEY_SITEMAP},
	    {"crawl-delay", KEY_DELAY},
	    {"crawldelay", KEY_DELAY},
	    {"crawl delay", KEY_DELAY},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (vg_str_istarts(key, vg_str(keys[i].prefix)))
			return keys[i].key;
	}
	return KEY_OTHER;
}

/* "key: value # comment"; without a colon, exactly two words. False when it is neither. */
static bool split_line(
    struct vg_str line, struct vg_str *ret_key, struct vg_str *ret_value)
{
	size_t colon, i;

	line = vg_str_trim(vg_str_sub(line, 0, vg_str_chr(line, '#', 0)));
	colon = vg_str_chr(line, ':', 0);
	if (colon != SIZE_MAX) {
		*ret_key = vg_str_trim(vg_str_sub(line, 0, colon));
		*ret_value = vg_str_trim(vg_str_sub(line, colon + 1, line.len));
		return ret_key->len > 0;
	}
	for (i = 0; i < line.len && !vg_is_space(line.ptr[i]); i++)
		;
	*ret_key = vg_str_sub(line, 0, i);
	*ret_value = vg_str_trim(vg_str_sub(line, i, line.len));
	for (i = 0; i < ret_value->len; i++) {
		if (vg_is_space(ret_value->ptr[i]))
			return false;
	}
	return ret_key->len > 0 && ret_value->len > 0;
}

/* Seconds with a fraction, in microseconds; -1 when it is no number. */
static int64_t read_delay(struct vg_str s)
{
	int64_t us = 0, unit = VG_SECOND;
	bool digits = false, fraction = false;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (!vg_is_digit(s.ptr[i]))
			break;
		digits = true;
		if (fraction) {
			unit /= 10;
			us += unit * (s.ptr[i] - '0');
		} else if (us < MAX_DELAY) {
			us = us * 10 + (s.ptr[i] - '0') * VG_SECOND;
		}
	}
	return digits ? us : -1;
}

static enum vg_status no_memory(struct reader *in)
{
	return vg_fail(in->err, VG_E_NOMEM, "out of memory");
}

static enum vg_status add_str(
    struct reader *in, struct vg_vec *list, struct vg_str value)
{
	struct vg_str *slot = vg_vec_push(list);

	if (slot == NULL)
		return no_memory(in);
	*slot = value;
	return VG_OK;
}

static struct vg_robots_part *last_group(struct reader *in)
{
	size_t n = in->r->groups.len;

	return n == 0 ? NULL : vg_vec_at(&in->r->groups, n - 1);
}

static enum vg_status add_agent(struct reader *in, struct vg_str value)
{
	struct vg_robots *r = in->r;
	struct vg_robots_part *g = last_group(in);
	enum vg_status rc;

	if (!in->open_agents) {
		g = vg_vec_push(&r->groups);
		if (g == NULL)
			return no_memory(in);
		*g = (struct vg_robots_part){
		    r->agents.len, r->agents.len, r->rules.len, r->rules.len, -1};
		in->open_agents = true;
	}
	rc = add_str(in, &r->agents, value);
	if (rc == VG_OK)
		g->end_agent = r->agents.len;
	return rc;
}

/* Escapes in upper case, bytes beyond ASCII escaped (RFC 9309 2.2.2). */
static struct vg_str canonical(struct reader *in, struct vg_str pattern)
{
	static const char digits[] = "0123456789ABCDEF";
	bool change = false;
	char *out;
	size_t n = 0;

	for (size_t i = 0; i < pattern.len; i++)
		change = change || pattern.ptr[i] == '%' ||
			 (unsigned char)pattern.ptr[i] >= 0x80;
	if (!change)
		return pattern;
	out = vg_arena_array(in->r->arena, pattern.len, 3);
	if (out == NULL)
		return (struct vg_str){0};
	for (size_t i = 0; i < pattern.len; i++) {
		unsigned char c = (unsigned char)pattern.ptr[i];

		if (c == '%' && pattern.len - i > 2 &&
		    vg_hex_digit(pattern.ptr[i + 1]) >= 0 &&
		    vg_hex_digit(pattern.ptr[i + 2]) >= 0) {
			out[n++] = '%';
			out[n++] = digits[vg_hex_digit(pattern.ptr[++i])];
			out[n++] = digits[vg_hex_digit(pattern.ptr[++i])];
		} else if (c >= 0x80) {
			out[n++] = '%';
			out[n++] = digits[c >> 4];
			out[n++] = digits[c & 15];
		} else {
			out[n++] = (char)c;
		}
	}
	return (struct vg_str){out, n};
}

static enum vg_status add_rule(
    struct reader *in, bool allow, struct vg_str value, uint32_t line)
{
	struct vg_robots_part *g = last_group(in);
	struct vg_robots_line *rule;
	size_t slash;

	if (g == NULL) /* before any user-agent */
		return VG_OK;
	in->open_agents = false;
	rule = vg_vec_push(&in->r->rules);
	if (rule == NULL)
		return no_memory(in);
	*rule = (struct vg_robots_line){value, canonical(in, value), line, allow};
	g->end_rule = in->r->rules.len;
	if (value.len > 0 && rule->match.ptr == NULL)
		return no_memory(in);
	/* Allowing ".../index.htm…" allows the folder that is the same page. */
	for (slash = value.len; slash > 0 && value.ptr[slash - 1] != '/'; slash--)
		;
	if (allow && slash > 0 &&
	    vg_str_starts(vg_str_sub(value, slash, value.len), VG_STR("index.htm"))) {
		struct vg_str folder = vg_arena_printf(in->r->arena, "%.*s$",
		    VG_STR_ARG(vg_str_sub(
			rule->match, 0, rule->match.len - (value.len - slash))));
		struct vg_robots_line *also = vg_vec_push(&in->r->rules);

		if (also == NULL || folder.ptr == NULL)
			return no_memory(in);
		*also = (struct vg_robots_line){value, folder, line, allow};
		g->end_rule = in->r->rules.len;
	}
	return VG_OK;
}

static enum vg_status read_line(struct reader *in, struct vg_str line, uint32_t number)
{
	struct vg_str key, value;
	struct vg_robots_part *g = last_group(in);

	if (!split_line(vg_str_sub(line, 0, MAX_LINE), &key, &value))
		return VG_OK;
	switch (read_key(key)) {
	case KEY_AGENT:
		return add_agent(in, value);
	case KEY_ALLOW:
		return add_rule(in, true, value, number);
	case KEY_DISALLOW:
		return add_rule(in, false, value, number);
	case KEY_SITEMAP:
		return value.len > 0 ? add_str(in, &in->r->sitemaps, value) : VG_OK;
	case KEY_DELAY:
		if (g != NULL && g->delay < 0)
			g->delay = read_delay(value);
		return VG_OK;
	case KEY_OTHER:
		return VG_OK;
	}
	return VG_OK;
}

/* UTF-16 with its mark becomes UTF-8; a UTF-8 mark, whole or cut, goes. */
static struct vg_str decode(struct vg_str text, struct vg_buf *scratch)
{
	static const char mark[] = "\xEF\xBB\xBF";
	size_t n = 0;
	bool little;

	if (text.len >= 2 && (memcmp(text.ptr, "\xFF\xFE", 2) == 0 ||
				 memcmp(text.ptr, "\xFE\xFF", 2) == 0)) {
		little = text.ptr[0] == '\xFF';
		for (size_t i = 2; i + 1 < text.len; i += 2) {
			unsigned a = (unsigned char)text.ptr[i],
				 b = (unsigned char)text.ptr[i + 1];

			vg_buf_add_utf8(scratch, little ? b << 8 | a : a << 8 | b);
		}
		return vg_buf_str(scratch);
	}
	while (n < 3 && n < text.len && text.ptr[n] == mark[n])
		n++;
	return vg_str_sub(text, n, text.len);
}

static enum vg_status read_lines(struct reader *in, struct vg_str text)
{
	uint32_t number = 0;
	enum vg_status rc = VG_OK;

	while (rc == VG_OK && text.len > 0) {
		size_t end = 0;

		while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r')
			end++;
		rc = read_line(in, vg_str_sub(text, 0, end), ++number);
		if (end + 1 < text.len && text.ptr[end] == '\r' &&
		    text.ptr[end + 1] == '\n')
			end++;
		text = vg_str_sub(text, end + 1, text.len);
	}
	return rc;
}

enum vg_status vg_robots_parse(
    struct vg_str text, struct vg_robots **ret, struct vg_error *err)
{
	struct vg_buf scratch = VG_BUF_INIT(4 * VG_MAX_ROBOTS);
	struct vg_robots *r = calloc(1, sizeof(*r));
	struct reader in = {.r = r, .err = err};
	struct vg_str copy;
	enum vg_status rc;

	if (r == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	r->arena = vg_arena_new(MAX_ARENA);
	if (r->arena == NULL) {
		free(r);
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	r->agents = VG_VEC_INIT(struct vg_str, MAX_ITEMS, r->arena);
	r->rules = VG_VEC_INIT(struct vg_robots_line, MAX_ITEMS, r->arena);
	r->groups = VG_VEC_INIT(struct vg_robots_part, MAX_ITEMS, r->arena);
	r->sitemaps = VG_VEC_INIT(struct vg_str, MAX_ITEMS, r->arena);
	text = decode(vg_str_sub(text, 0, VG_MAX_ROBOTS), &scratch);
	copy = vg_arena_str(r->arena, text);
	rc = vg_buf_status(&scratch, err);
	if (rc == VG_OK)
		rc = copy.ptr == NULL ? no_memory(&in) : read_lines(&in, copy);
	vg_buf_release(&scratch);
	if (rc != VG_OK) {
		vg_robots_free(r);
		return rc;
	}
	*ret = r;
	return VG_OK;
}

void vg_robots_free(struct vg_robots *r)
{
	if (r == NULL)
		return;
	vg_arena_free(r->arena);
	free(r);
}
