/* SPDX-License-Identifier: MIT */
/* Reading robots.txt: lines, keys with the usual slips of the pen, groups. */
#include "config.h"

#include "policy/robots_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"

/* Bytes read of one line: eight addresses of the longest kind, less one. */
#define MAX_LINE 16663u
#define MAX_SITEMAPS 1000u
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

static enum vg_status add_sitemap(struct reader *in, struct vg_str value)
{
	struct vg_vec *list = &in->r->sitemaps;
	struct vg_str *slot;

	if (value.len == 0 || list->len == MAX_SITEMAPS)
		return VG_OK;
	for (size_t i = 0; i < list->len; i++) {
		if (vg_str_eq(*(struct vg_str *)vg_vec_at(list, i), value))
			return VG_OK;
	}
	slot = vg_vec_push(list);
	if (slot == NULL)
		return no_memory(in);
	*slot = value;
	return VG_OK;
}

static bool is_web_address(struct vg_str s)
{
	return vg_str_istarts(s, VG_STR("http://")) ||
	       vg_str_istarts(s, VG_STR("https://"));
}

/* One address a line, or several divided by blanks. */
static enum vg_status add_sitemaps(struct reader *in, struct vg_str value)
{
	enum vg_status rc = VG_OK;
	size_t start = 0;

	for (size_t i = 0; rc == VG_OK && i < value.len; i++) {
		if (!vg_is_space(value.ptr[i]) ||
		    !is_web_address(vg_str_sub(value, i + 1, value.len)))
			continue;
		rc = add_sitemap(in, vg_str_trim(vg_str_sub(value, start, i)));
		start = i + 1;
	}
	return rc == VG_OK
		   ? add_sitemap(in, vg_str_trim(vg_str_sub(value, start, value.len)))
		   : rc;
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
	struct vg_robots_agent *agent;

	if (!in->open_agents) {
		g = vg_vec_push(&r->groups);
		if (g == NULL)
			return no_memory(in);
		*g = (struct vg_robots_part){
		    r->agents.len, r->agents.len, r->rules.len, r->rules.len};
		in->open_agents = true;
	}
	agent = vg_vec_push(&r->agents);
	if (agent == NULL)
		return no_memory(in);
	/* Somebody serves the file as a page: what is markup is no part of a name. */
	value = vg_str_trim(vg_str_sub(value, 0, vg_str_chr(value, '<', 0)));
	*agent = (struct vg_robots_agent){value, -1};
	g->end_agent = r->agents.len;
	return VG_OK;
}

/* A delay holds for the agents of the group named so far; the first one counts. */
static void set_delay(struct reader *in, int64_t delay)
{
	struct vg_robots_part *g = last_group(in);

	for (size_t i = g ? g->first_agent : 0; g && i < g->end_agent; i++) {
		struct vg_robots_agent *agent = vg_vec_at(&in->r->agents, i);

		if (agent->delay < 0)
			agent->delay = delay;
	}
}

void vg_robots_canonical(struct vg_str s, bool pattern, struct vg_buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		bool escaped = c == '%' && s.len - i > 2 &&
			       vg_hex_digit(s.ptr[i + 1]) >= 0 &&
			       vg_hex_digit(s.ptr[i + 2]) >= 0;
		bool special =
		    pattern && !escaped && (c == '*' || (c == '$' && i + 1 == s.len));

		if (escaped) {
			c = (unsigned char)(vg_hex_digit(s.ptr[i + 1]) << 4 |
					    vg_hex_digit(s.ptr[i + 2]));
			i += 2;
			escaped = !vg_is_alnum((char)c) &&
				  (c == '\0' || strchr("-._~", c) == NULL);
		} else if (!special) {
			escaped = c <= ' ' || c >= 0x7F ||
				  strchr("\"$*<>[\\]^`{|}", c) != NULL;
		}
		if (escaped)
			vg_buf_addf(out, "%%%02X", (unsigned)c);
		else
			vg_buf_addc(out, (char)c);
	}
}

static struct vg_str canonical(struct reader *in, struct vg_str pattern)
{
	struct vg_buf out = VG_BUF_INIT(3 * (size_t)MAX_LINE);
	struct vg_str copy = {0};

	vg_robots_canonical(pattern, true, &out);
	if (vg_buf_status(&out, NULL) == VG_OK)
		copy = vg_arena_str(in->r->arena, vg_buf_str(&out));
	vg_buf_release(&out);
	return copy;
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
		struct vg_str path = canonical(in, vg_str_sub(value, 0, slash));
		struct vg_str folder =
		    vg_arena_printf(in->r->arena, "%.*s$", VG_STR_ARG(path));
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
		return add_sitemaps(in, value);
	case KEY_DELAY:
		set_delay(in, read_delay(value));
		return VG_OK;
	case KEY_OTHER: /* a sitemap whose key was forgotten */
		line = vg_str_trim(line);
		return is_web_address(line) ? add_sitemaps(in, line) : VG_OK;
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
	r->agents = VG_VEC_INIT(struct vg_robots_agent, MAX_ITEMS, r->arena);
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
