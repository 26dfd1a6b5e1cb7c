/* SPDX-License-Identifier: MIT */
/* What a descriptor claims about its plugin, doubted member by member. */
#include "config.h"

#include "plugin/plugin_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "url/url.h"

#define MAX_NAME 32u
#define MAX_PATTERN 512u
#define MAX_DELAY_MS 3600000u

static enum vg_status check_caps(const struct vigia_plugin *d, struct vg_error *err)
{
	uint64_t unknown = d->caps_required & ~VG_PLUGIN_CAPS;

	if (unknown != 0)
		return vg_fail(err, VG_E_UNSUPPORTED,
		    "requires capability bit %d, unknown to this host",
		    __builtin_ctzll(unknown));
	return VG_OK;
}

static enum vg_status check_name(const struct vg_loaded *l, struct vg_error *err)
{
	const char *name = l->desc.name;
	size_t len = name != NULL ? strnlen(name, MAX_NAME + 1) : 0;
	bool ok = len > 0 && len <= MAX_NAME && name[0] >= 'a' && name[0] <= 'z';

	for (size_t i = 0; ok && i < len; i++)
		ok = (name[i] >= 'a' && name[i] <= 'z') || vg_is_digit(name[i]) ||
		     name[i] == '-';
	if (!ok)
		return vg_fail(
		    err, VG_E_INVALID, "its name is not [a-z][a-z0-9-]{0,31}");
	if (l->site == NULL &&
	    (strncmp(l->file, name, len) != 0 || strcmp(l->file + len, ".so") != 0))
		return vg_fail(err, VG_E_INVALID,
		    "calls itself %s, so its file must be %s.so", name, name);
	return VG_OK;
}

static bool is_line(const char *s, size_t max)
{
	size_t len = s != NULL ? strnlen(s, max + 1) : 0;

	if (len == 0 || len > max || !vg_utf8_valid((struct vg_str){s, len}))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7F)
			return false;
	return true;
}

static enum vg_status check_words(const struct vigia_plugin *d, struct vg_error *err)
{
	if (!is_line(d->version, 31))
		return vg_fail(
		    err, VG_E_INVALID, "its version is missing or no short line");
	if (!is_line(d->license, 63))
		return vg_fail(
		    err, VG_E_INVALID, "its license is missing or no SPDX identifier");
	if (!is_line(d->summary, 120))
		return vg_fail(err, VG_E_INVALID,
		    "its summary is missing or no line of 120 bytes");
	return VG_OK;
}

static enum vg_status check_calls(const struct vigia_plugin *d, struct vg_error *err)
{
	if (d->parse == NULL)
		return vg_fail(err, VG_E_INVALID, "has no parse function");
	if ((d->create == NULL) != (d->destroy == NULL))
		return vg_fail(err, VG_E_INVALID,
		    "has one of create and destroy without the other");
	return VG_OK;
}

static enum vg_status check_limits(const struct vigia_plugin *d, struct vg_error *err)
{
	if (d->limits.min_delay_ms > MAX_DELAY_MS)
		return vg_fail(err, VG_E_INVALID,
		    "asks for a delay of %u ms, more than %u", d->limits.min_delay_ms,
		    MAX_DELAY_MS);
	return VG_OK;
}

static bool is_host_pattern(const char *host)
{
	size_t len = strnlen(host, 254);
	bool dot = false;

	if (strncmp(host, "*.", 2) == 0) {
		host += 2;
		len -= 2;
	}
	if (len == 0 || len > 253)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = host[i];

		if (!(c >= 'a' && c <= 'z') && !vg_is_digit(c) && c != '-' && c != '.')
			return false;
		dot |= c == '.';
	}
	return dot;
}

static enum vg_status check_rule(struct vg_rule *rule, uint32_t i, struct vg_error *err)
{
	const struct vigia_match *m = &rule->match;
	enum vg_status st;

	if (m->by > VIGIA_BY_START)
		return vg_fail(err, VG_E_INVALID,
		    "match %u: by is %u, which means nothing", i, m->by);
	if (m->reserved != 0)
		return vg_fail(err, VG_E_INVALID, "match %u: reserved is not 0", i);
	if (m->by == VIGIA_BY_HOST) {
		if (m->host == NULL || !is_host_pattern(m->host))
			return vg_fail(err, VG_E_INVALID,
			    "match %u: host is no lower-case host name", i);
		if (m->content != NULL)
			return vg_fail(err, VG_E_INVALID,
			    "match %u: by host, yet it has content", i);
		if (m->path_regex == NULL)
			return VG_OK;
		if (strnlen(m->path_regex, MAX_PATTERN + 1) > MAX_PATTERN)
			return vg_fail(
			    err, VG_E_TOO_LARGE, "match %u: path_regex is too long", i);
		st = vg_regex_new(vg_str(m->path_regex), VG_REGEX_UTF | VG_REGEX_FULL,
		    &rule->path, err);
		if (st != VG_OK)
			vg_error_prefix(err, "match %u", i);
		return st;
	}
	if (m->host != NULL || m->path_regex != NULL)
		return vg_fail(err, VG_E_INVALID,
		    "match %u: by content, yet it has a host or path", i);
	if (m->by != VIGIA_BY_ANY &&
	    (m->content == NULL || !is_line(m->content, MAX_PATTERN)))
		return vg_fail(err, VG_E_INVALID,
		    "match %u: content is missing or no short line", i);
	return VG_OK;
}

static enum vg_status check_rules(struct vg_loaded *l, struct vg_error *err)
{
	if (l->desc.match_count == 0 && vg_is_engine(l))
		return VG_OK;
	if (l->desc.matches == NULL || l->desc.match_count == 0)
		return vg_fail(err, VG_E_INVALID, "has no match rule");
	if (l->desc.match_count > VG_MAX_PLUGIN_RULES)
		return vg_fail(err, VG_E_TOO_LARGE, "has more than %u match rules",
		    VG_MAX_PLUGIN_RULES);
	l->rules = calloc(l->desc.match_count, sizeof(*l->rules));
	if (l->rules == NULL)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < l->desc.match_count; i++) {
		enum vg_status st;

		l->rules[i].match = l->desc.matches[i];
		st = check_rule(&l->rules[i], i, err);
		if (st != VG_OK)
			return st;
	}
	return VG_OK;
}

static enum vg_status check_seed(
    const struct vg_loaded *l, uint32_t i, struct vg_error *err)
{
	const char *text = l->desc.seeds[i].url;
	struct vg_url url = VG_URL_INIT;
	bool own = false;
	enum vg_status st = VG_E_INVALID;

	if (text != NULL && strnlen(text, VG_MAX_URL + 1) <= VG_MAX_URL)
		st = vg_url_parse(vg_str(text), NULL, &url, NULL);
	if (st != VG_OK || !vg_url_is_web(&url)) {
		st = vg_fail(err, VG_E_INVALID, "seed %u: no http or https address", i);
		goto out;
	}
	for (uint32_t k = 0; k < l->desc.match_count && !own; k++)
		own = vg_rule_by_host(
		    &l->rules[k], vg_url_host(&url), vg_url_target(&url));
	if (!own)
		st = vg_fail(err, VG_E_INVALID,
		    "seed %u: none of its own rules by host holds", i);
out:
	vg_url_release(&url);
	return st;
}

static enum vg_status check_seeds(const struct vg_loaded *l, struct vg_error *err)
{
	enum vg_status st = VG_OK;

	if (l->desc.seed_count > VG_MAX_PLUGIN_RULES)
		return vg_fail(
		    err, VG_E_TOO_LARGE, "has more than %u seeds", VG_MAX_PLUGIN_RULES);
	if (l->desc.seed_count > 0 && l->desc.seeds == NULL)
		return vg_fail(err, VG_E_INVALID, "counts seeds but has none");
	for (uint32_t i = 0; st == VG_OK && i < l->desc.seed_count; i++)
		st = check_seed(l, i, err);
	return st;
}

enum vg_status vg_loaded_check(struct vg_loaded *l, struct vg_error *err)
{
	enum vg_status st;

	if ((st = check_caps(&l->desc, err)) != VG_OK ||
	    (st = check_name(l, err)) != VG_OK ||
	    (st = check_words(&l->desc, err)) != VG_OK ||
	    (st = check_calls(&l->desc, err)) != VG_OK ||
	    (st = check_limits(&l->desc, err)) != VG_OK ||
	    (st = check_rules(l, err)) != VG_OK)
		return st;
	return check_seeds(l, err);
}

static bool hosts_meet(const char *a, const char *b)
{
	struct vg_str x = vg_str(a), y = vg_str(b);

	if (x.ptr[0] == '*' && y.ptr[0] == '*') {
		x = vg_str_sub(x, 1, x.len);
		y = vg_str_sub(y, 1, y.len);
		return vg_str_ends(x, y) || vg_str_ends(y, x);
	}
	if (x.ptr[0] == '*')
		return vg_str_ends(y, vg_str_sub(x, 1, x.len)) ||
		       vg_str_eq(y, vg_str_sub(x, 2, x.len));
	if (y.ptr[0] == '*')
		return hosts_meet(b, a);
	return vg_str_eq(x, y);
}

/*
 * Whether two regexes can match one path is not decidable here in general; equal ones and a
 * missing one can, and what two plugins really share is still resolved by name at run time.
 */
static bool rules_meet(const struct vigia_match *a, const struct vigia_match *b)
{
	if (a->priority != b->priority || a->by != b->by)
		return false;
	if (a->by == VIGIA_BY_ANY)
		return true;
	if (a->by != VIGIA_BY_HOST)
		return strcmp(a->content, b->content) == 0;
	return hosts_meet(a->host, b->host) &&
	       (a->path_regex == NULL || b->path_regex == NULL ||
		   strcmp(a->path_regex, b->path_regex) == 0);
}

enum vg_status vg_loaded_overlap(
    const struct vg_loaded *a, const struct vg_loaded *b, struct vg_error *err)
{
	for (uint32_t i = 0; i < a->desc.match_count; i++)
		for (uint32_t k = 0; k < b->desc.match_count; k++) {
			const struct vigia_match *m = &a->rules[i].match;

			if (!rules_meet(m, &b->rules[k].match))
				continue;
			return vg_fail(err, VG_E_DENIED,
			    "%s and %s claim the same pages (%.80s) at priority %d",
			    b->desc.name, a->desc.name,
			    m->by == VIGIA_BY_HOST
				? m->host
				: (m->by == VIGIA_BY_ANY ? "any" : m->content),
			    m->priority);
		}
	return VG_OK;
}
