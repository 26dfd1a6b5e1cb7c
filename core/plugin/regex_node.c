/* SPDX-License-Identifier: MIT */
/* Matches of a regular expression as nodes. */
#include "config.h"

#include "plugin/plugin_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#define MAX_MATCHES 20000u
#define MAX_SHOWN 120u /* bytes of a pattern in a problem */

/* A regex that runs away is told to whoever checks plugins. */
static int32_t judge(struct vigia_call *call, struct vg_cached_regex *slot)
{
	if (!vg_call_checks(call))
		return VIGIA_OK;
	if (!slot->judged &&
	    !vg_regex_runs_away(slot->regex, vg_str(slot->pattern), slot->why))
		return VIGIA_E_NOMEM;
	slot->judged = true;
	if (slot->why[0] != '\0')
		vg_call_tell(call, slot->pattern, slot->why);
	return VIGIA_OK;
}

/* Patterns are constants of plugins: each is compiled once a process. */
static int32_t find_regex(
    struct vigia_call *call, const char *pattern, struct vg_regex **ret)
{
	struct vg_vec *cache = &call->set->regexes;
	struct vg_cached_regex *slot;
	struct vg_error err = {0};
	enum vg_status st;

	for (size_t i = 0; i < cache->len; i++) {
		slot = vg_vec_at(cache, i);
		if (strcmp(slot->pattern, pattern) == 0) {
			*ret = slot->regex;
			return judge(call, slot);
		}
	}
	slot = vg_vec_push(cache);
	if (slot == NULL)
		return VIGIA_E_LIMIT;
	slot->pattern = strdup(pattern);
	st = slot->pattern != NULL
		 ? vg_regex_new(vg_str(pattern), VG_REGEX_UTF, &slot->regex, &err)
		 : VG_E_NOMEM;
	if (st != VG_OK) {
		free(slot->pattern);
		vg_vec_pop(cache);
		if (st == VG_E_INVALID)
			vg_call_tell(call, pattern, err.msg);
		return vg_abi_status(st);
	}
	*ret = slot->regex;
	return judge(call, slot);
}

static struct vigia_node *new_match(struct vigia_call *call, struct vg_str subject,
    const struct vg_regex_match *m, size_t text_at)
{
	struct vigia_node *n = vg_arena_alloc(call->doc->arena, sizeof(*n));
	struct vg_str *groups =
	    vg_arena_array(call->doc->arena, m->count, sizeof(*groups));

	if (n == NULL || groups == NULL)
		return NULL;
	for (size_t i = 0; i < m->count; i++)
		if (m->group[i].start != SIZE_MAX)
			groups[i] = vg_regex_group(m, subject, i);
	*n = (struct vigia_node){.kind = VIGIA_NODE_MATCH,
	    .text = vg_regex_group(m, subject, 0),
	    .groups = groups,
	    .group_count = m->count,
	    .start = SIZE_MAX,
	    .end = SIZE_MAX,
	    .text_at = SIZE_MAX};
	if (text_at != SIZE_MAX) {
		n->text_at = text_at + m->group[0].start;
		vg_doc_utf8_span(call->doc, n->text_at, n->text_at + n->text.len,
		    &n->start, &n->end);
	}
	return n;
}

/* What was found so far is given all the same; the operator hears of it. */
static void note_limit(struct vigia_call *call, const char *pattern)
{
	char what[sizeof("regex met a limit: ") + MAX_SHOWN];

	(void)snprintf(
	    what, sizeof(what), "regex met a limit: %.*s", (int)MAX_SHOWN, pattern);
	vg_call_tell(call, pattern, what);
}

int32_t vg_regex_select(struct vigia_call *call, const struct vigia_node *context,
    const char *pattern, struct vigia_nodes *ret)
{
	struct vg_vec found =
	    VG_VEC_INIT(const struct vigia_node *, MAX_MATCHES, call->doc->arena);
	struct vg_str subject = call->doc->utf8;
	size_t text_at = 0, at = 0;
	struct vg_regex *re = NULL;
	struct vg_regex_match m;
	struct vigia_value text;
	int32_t st = find_regex(call, pattern, &re);

	if (st == VIGIA_OK && context != NULL) {
		st = vg_host_text(call, context, &text);
		subject = (struct vg_str){text.text.ptr, text.text.len};
		text_at =
		    context->kind == VIGIA_NODE_MATCH ? context->text_at : SIZE_MAX;
	}
	while (st == VIGIA_OK && at <= subject.len) {
		enum vg_status answer = vg_regex_find(re, subject, at, &m);
		const struct vigia_node **slot;

		if (answer == VG_E_NOT_FOUND)
			break;
		if (answer == VG_E_LIMIT ||
		    (answer == VG_OK && found.len >= MAX_MATCHES)) {
			note_limit(call, pattern);
			break;
		}
		if (answer != VG_OK)
			return vg_abi_status(answer);
		slot = vg_vec_push(&found);
		if (slot == NULL)
			return VIGIA_E_NOMEM;
		*slot = new_match(call, subject, &m, text_at);
		if (*slot == NULL)
			return VIGIA_E_NOMEM;
		at = m.group[0].end;
		if (m.group[0].end == m.group[0].start) {
			at++; /* an empty match: on to the next character */
			while (at < subject.len &&
			       ((unsigned char)subject.ptr[at] & 0xC0) == 0x80)
				at++;
		}
	}
	if (st == VIGIA_OK)
		*ret = (struct vigia_nodes){found.items, found.len};
	return st;
}
