/* SPDX-License-Identifier: MIT */
/*
 * Which rules can hold at all: one pass over a page for the words of every rule by content, however many plugins
 * there are. A rule whose word is nowhere in the source is not looked at again.
 */
#include "config.h"

#include "plugin/plugin_priv.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024u

struct word {
	struct vg_str text;
	uint32_t next; /* in its bucket, plus one; 0: the last */
};

struct vg_prefilter {
	uint8_t pairs[65536 / 8]; /* first two bytes of some word, in lower case */
	uint32_t buckets[BUCKETS];
	struct word *words;
	size_t count;
};

static uint32_t pair_at(const char *p)
{
	return (uint32_t)(unsigned char)vg_lower(p[0]) << 8 |
	       (unsigned char)vg_lower(p[1]);
}

static bool has_word(const struct vg_rule *rule)
{
	return rule->match.by != VIGIA_BY_HOST && rule->match.by != VIGIA_BY_ANY;
}

/* The word as it must stand in the source; a class may end in '*'. */
static struct vg_str word_of(const struct vg_rule *rule)
{
	struct vg_str s = vg_str(rule->match.content);

	if (rule->match.by == VIGIA_BY_CLASS && s.len > 1 && s.ptr[s.len - 1] == '*')
		s.len--;
	return s;
}

static void add_word(struct vg_prefilter *f, struct vg_str text)
{
	uint32_t pair = text.len >= 2 ? pair_at(text.ptr) : 0;
	uint32_t *bucket = &f->buckets[pair % BUCKETS];

	f->words[f->count] = (struct word){.text = text};
	if (text.len >= 2) {
		f->pairs[pair / 8] |= (uint8_t)(1u << pair % 8);
		f->words[f->count].next = *bucket;
		*bucket = (uint32_t)f->count + 1;
	}
	f->count++;
}

struct vg_prefilter *vg_prefilter_new(struct vg_loaded *const *loaded, size_t count)
{
	struct vg_prefilter *f = calloc(1, sizeof(*f));
	size_t words = 0;

	for (size_t i = 0; i < count; i++)
		words += loaded[i]->desc.match_count;
	if (f)
		f->words = calloc(words + 1, sizeof(*f->words));
	if (!f || !f->words) {
		vg_prefilter_free(f);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < loaded[i]->desc.match_count; k++) {
			struct vg_rule *rule = &loaded[i]->rules[k];

			if (!has_word(rule))
				continue;
			rule->word = (uint32_t)f->count;
			add_word(f, word_of(rule));
		}
	return f;
}

void vg_prefilter_free(struct vg_prefilter *f)
{
	if (!f)
		return;
	free(f->words);
	free(f);
}

bool *vg_prefilter_run(
    const struct vg_prefilter *f, struct vg_str source, struct vg_arena *arena)
{
	bool *found = vg_arena_array(arena, f->count + 1, sizeof(*found));

	if (!found)
		return NULL;
	for (size_t i = 0; i < f->count; i++)
		found[i] = f->words[i].text.len < 2;
	for (size_t i = 0; i + 1 < source.len; i++) {
		uint32_t pair = pair_at(source.ptr + i);

		if (!(f->pairs[pair / 8] >> pair % 8 & 1))
			continue;
		for (uint32_t w = f->buckets[pair % BUCKETS]; w > 0;
		     w = f->words[w - 1].next)
			if (!found[w - 1] &&
			    vg_str_istarts(vg_str_sub(source, i, source.len),
				f->words[w - 1].text))
				found[w - 1] = true;
	}
	return found;
}
