/* SPDX-License-Identifier: MIT */
/* Telling journalism from what dresses as it: advertorials keep the mark-up and add a way to buy. */
#include "config.h"

#include "detect/press.h"

static const char *const reporting[] = {
    "reported_speech", "news_word", "news_scam", "advice", NULL};
static const char *const soliciting[] = {"advertorial", "cart", "order_now", "call_now",
    "invitation", "vendor_contact", NULL};
/* Ways to reach or pay somebody; a newspaper's own stand outside the article. */
static const char *const reach[] = {"phone", "whatsapp", "telegram", "signal", "wechat",
    "btc", "eth", "trx", "ltc", "doge", "clabe", "iban", "card", "pix", NULL};

static bool names_any(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (vg_str_eqz(vg_str(name), *list))
			return true;
	return false;
}

static bool aside(const struct vg_block *b)
{
	return b->where == VG_WHERE_TITLE || b->where == VG_WHERE_ATTRIBUTE ||
	       b->in & (VG_IN_NAV | VG_IN_FOOTER | VG_IN_ASIDE | VG_IN_COMMENTS);
}

/* Whether a hit of one of these concepts counts; what is only reported solicits nobody. */
static bool says(const struct vg_lexicon *lex, const struct vg_text *text,
    const char *const *concepts, unsigned unless)
{
	for (size_t i = 0; i < text->hit_count; i++) {
		const struct vg_hit *h = &text->hits[i];

		if (h->kind == VG_TERM_CONCEPT &&
		    !(h->flags & (VG_HIT_VOID | unless)) &&
		    !aside(&text->doc->blocks[h->block]) &&
		    names_any(vg_lexicon_concept_name(lex, h->index), concepts))
			return true;
	}
	return false;
}

/* Whether a place that can be acted on stands in what the page itself says. */
static bool reachable(
    const struct vg_doc *doc, const struct vg_entity *entities, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct vg_entity *e = &entities[i];
		bool far = true;

		for (const char *const *k = reach; far && *k != NULL; k++)
			far = !vg_str_eqz(e->kind, *k);
		if (far || e->ubiquitous)
			continue;
		far = false;
		for (size_t b = 0; b < doc->block_count && !far; b++) {
			size_t start, end;

			if (!aside(&doc->blocks[b]))
				continue;
			vg_doc_block_span(doc, &doc->blocks[b], 0,
			    doc->blocks[b].text.len, &start, &end);
			far = e->at.start >= start && e->at.end <= end;
		}
		if (!far)
			return true;
	}
	return false;
}

bool vg_press_feature(const struct vg_lexicon *lex, struct vg_features *fs,
    const struct vg_entity *entities, size_t entity_count)
{
	const struct vg_feature *article = vg_features_find(fs, "page.news");
	bool news = article != NULL;

	if (article == NULL)
		article = vg_features_find(fs, "page.article");
	if (article == NULL || (vg_features_count(fs, "page.byline") <= 0 &&
				   vg_features_count(fs, "page.time") <= 0))
		return true;
	if (vg_features_count(fs, "page.cart") > 0 ||
	    (!news && !says(lex, fs->text, reporting, 0)) ||
	    says(lex, fs->text, soliciting, VG_HIT_REPORTED | VG_HIT_NEGATED) ||
	    reachable(fs->text->doc, entities, entity_count))
		return true;
	return vg_features_cite(
	    fs, VG_STR("page.press"), 1, article->quote, article->at);
}
