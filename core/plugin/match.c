/* SPDX-License-Identifier: MIT */
/* Whose page is this: by host and path, then by what the page holds. */
#include "config.h"

#include "plugin/plugin_priv.h"

#include <stdlib.h>
#include <string.h>

#include "url/url.h"

#define MAX_START 4096u /* bytes of a first line that are looked at */

bool vg_rule_by_host(
    const struct vg_rule *rule, struct vg_str host, struct vg_str target)
{
	const struct vigia_match *m = &rule->match;
	struct vg_regex_match found;
	struct vg_str pattern;

	if (m->by != VIGIA_BY_HOST)
		return false;
	pattern = vg_str(m->host);
	if (pattern.ptr[0] == '*') {
		if (!vg_str_ends(host, vg_str_sub(pattern, 1, pattern.len)) &&
		    !vg_str_eq(host, vg_str_sub(pattern, 2, pattern.len)))
			return false;
	} else if (!vg_str_eq(host, pattern)) {
		return false;
	}
	return rule->path == NULL ||
	       vg_regex_find(rule->path, target, 0, &found) == VG_OK;
}

static bool by_generator(const struct vg_doc *doc, struct vg_str content)
{
	for (size_t i = 0; i < doc->meta_count; i++)
		if (vg_str_eqz(doc->metas[i].name, "generator") &&
		    vg_str_istarts(vg_str_trim(doc->metas[i].content), content))
			return true;
	return false;
}

/* The path of an address as written: scripts and styles of a platform betray it best. */
static bool by_path(const struct vg_doc *doc, struct vg_str content)
{
	if (vg_str_find(doc->url, content, 0) != SIZE_MAX)
		return true;
	for (size_t i = 0; i < doc->link_count; i++)
		if (vg_str_find(doc->links[i].raw, content, 0) != SIZE_MAX)
			return true;
	return false;
}

static bool has_class(struct vg_str classes, struct vg_str want, bool prefix)
{
	size_t at = 0;

	while (at < classes.len) {
		size_t from = at;
		struct vg_str word;

		while (at < classes.len && !vg_is_space(classes.ptr[at]))
			at++;
		word = vg_str_sub(classes, from, at);
		if (prefix ? vg_str_starts(word, want) : vg_str_eq(word, want))
			return true;
		at++;
	}
	return false;
}

static bool by_class(const struct vg_doc *doc, struct vg_str content)
{
	bool prefix = content.len > 1 && content.ptr[content.len - 1] == '*';
	struct vg_str want = vg_str_sub(content, 0, content.len - prefix);

	/* Cheap first: most pages do not hold the word at all, nor do most start tags. */
	if (vg_str_find(doc->utf8, want, 0) == SIZE_MAX)
		return false;
	for (size_t i = 0; i < doc->element_count; i++) {
		if (vg_str_find(doc->elements[i].attrs, want, 0) == SIZE_MAX)
			continue;
		if (has_class(vg_doc_attr(doc, (uint32_t)i, "class"), want, prefix))
			return true;
	}
	return false;
}

static bool is_json(const struct vg_doc *doc)
{
	struct vg_str s = vg_str_trim(doc->utf8);

	return s.len > 0 && (s.ptr[0] == '{' || s.ptr[0] == '[');
}

static bool by_start(const struct vg_doc *doc, struct vg_str content)
{
	struct vg_str s = vg_str_trim(doc->utf8);

	if (s.len == 0 || s.ptr[0] == '<' || s.ptr[0] == '{' || s.ptr[0] == '[')
		return false;
	s = vg_str_sub(s, 0, vg_str_chr(s, '\n', 0));
	s = vg_str_sub(s, 0, MAX_START);
	return vg_str_ifind(s, content, 0) != SIZE_MAX;
}

/* `words`: the prefilter's, or NULL. */
static bool by_content(
    const struct vg_rule *rule, const struct vg_doc *doc, const bool *words)
{
	struct vg_str content = vg_str(rule->match.content);

	switch (rule->match.by) {
	case VIGIA_BY_GENERATOR:
		return by_generator(doc, content);
	case VIGIA_BY_PATH:
		return by_path(doc, content);
	case VIGIA_BY_CLASS:
		return by_class(doc, content);
	case VIGIA_BY_LITERAL:
		/* The prefilter knows no words of one byte. */
		return words && content.len > 1
			   ? words[rule->word]
			   : vg_str_ifind(doc->utf8, content, 0) != SIZE_MAX;
	case VIGIA_BY_JSON:
		return is_json(doc) && vg_str_find(doc->utf8, content, 0) != SIZE_MAX;
	case VIGIA_BY_START:
		return by_start(doc, content);
	default:
		return false;
	}
}

/* An address may come from elsewhere than the source. */
static bool may_hold(
    const struct vg_rule *rule, const struct vg_doc *doc, const bool *found)
{
	return !found || found[rule->word] ||
	       (rule->match.by == VIGIA_BY_PATH &&
		   vg_str_find(doc->url, vg_str(rule->match.content), 0) != SIZE_MAX);
}

static bool judge(struct vg_loaded *l, const struct vg_doc *doc,
    const struct vg_url *url, const bool *words, struct vg_candidate *ret)
{
	bool found = false;

	for (uint32_t i = 0; i < l->desc.match_count; i++) {
		const struct vg_rule *rule = &l->rules[i];
		int rank = rule->match.by == VIGIA_BY_HOST  ? 0
			   : rule->match.by == VIGIA_BY_ANY ? 2
							    : 1;

		if (found &&
		    (rank > ret->rank ||
			(rank == ret->rank && rule->match.priority <= ret->priority)))
			continue;
		if (rank == 0 &&
		    (url == NULL ||
			!vg_rule_by_host(rule, vg_url_host(url), vg_url_target(url))))
			continue;
		if (rank == 1 &&
		    (!may_hold(rule, doc, words) || !by_content(rule, doc, words)))
			continue;
		*ret = (struct vg_candidate){.plugin = l,
		    .page_type = rule->match.page_type,
		    .priority = rule->match.priority,
		    .rank = rank};
		found = true;
	}
	return found;
}

static int compare(const void *left, const void *right)
{
	const struct vg_candidate *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->priority != b->priority)
		return a->priority > b->priority ? -1 : 1;
	return strcmp(a->plugin->desc.name, b->plugin->desc.name);
}

size_t vg_match_page(struct vg_plugins *p, const struct vg_doc *doc,
    struct vg_candidate *ret, size_t max)
{
	struct vg_url url = VG_URL_INIT;
	bool parsed =
	    doc->url.len > 0 && vg_url_parse(doc->url, NULL, &url, NULL) == VG_OK;
	const bool *words = NULL;
	size_t count = 0;

	if (!p->filter)
		p->filter = vg_prefilter_new(p->loaded.items, p->loaded.len);
	if (p->filter)
		words = vg_prefilter_run(p->filter, doc->utf8, doc->arena);
	for (size_t i = 0; i < p->loaded.len && count < max; i++) {
		struct vg_loaded *l = *(struct vg_loaded **)vg_vec_at(&p->loaded, i);

		count += judge(l, doc, parsed ? &url : NULL, words, &ret[count]);
	}
	vg_url_release(&url);
	if (count > 1)
		qsort(ret, count, sizeof(*ret), compare);
	return count;
}
