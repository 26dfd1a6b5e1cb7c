/* SPDX-License-Identifier: MIT */
/* Structural features of a page. */
#include "config.h"

#include "detect/page.h"

#include <string.h>

struct sign {
	const char *text, *feature;
};

/* schema.org types, as "@type" values or in itemtype. */
static const struct sign types[] = {
    {"NewsArticle", "page.news"},
    {"ReportageNewsArticle", "page.news"},
    {"Article", "page.article"},
    {"BlogPosting", "page.article"},
    {"ScholarlyArticle", "page.academic"},
    {"MedicalScholarlyArticle", "page.academic"},
    {"MedicalWebPage", "page.medical"},
    {"Drug", "page.drug_type"},
    {"Product", "page.product"},
    {"Offer", "page.product"},
    {"AggregateOffer", "page.product"},
    {"JobPosting", "page.job"},
    {"Recipe", "page.recipe"},
    {"Event", "page.event"},
    {"MusicGroup", "page.art"},
    {"MusicAlbum", "page.art"},
    {"Book", "page.art"},
    {"Movie", "page.art"},
    {"Review", "page.reviews"},
    {"DiscussionForumPosting", "page.forum"},
    {"QAPage", "page.forum"},
    {"GovernmentOrganization", "page.official"},
    {"GovernmentService", "page.official"},
    {"Course", "page.course"},
    {"Hotel", "page.hotel"},
    {"LodgingBusiness", "page.hotel"},
    {"Pharmacy", "page.pharmacy_type"},
    {"ItemList", "page.list"},
};

static const struct sign meta_names[] = {
    {"article:published_time", "page.article"},
    {"article:author", "page.article"},
    {"citation_title", "page.academic"},
    {"citation_doi", "page.academic"},
    {"dc.identifier", "page.academic"},
    {"product:price:amount", "page.product"},
    {"parsely-pub-date", "page.news"},
};

/* Words in id or class of an element; whole words between separators. */
static const struct sign classes[] = {
    {"byline", "page.byline"},
    {"dateline", "page.byline"},
    {"author", "page.byline"},
    {"add-to-cart", "page.cart"},
    {"add_to_cart_button", "page.cart"},
    {"single_add_to_cart_button", "page.cart"},
    {"btn-cart", "page.cart"},
    {"product_type_simple", "page.cart"},
    {"woocommerce-Price-amount", "page.prices"},
    {"price", "page.prices"},
    {"product-price", "page.prices"},
    {"comment", "page.comments"},
    {"comments", "page.comments"},
    {"post", "page.posts"},
    {"message", "page.posts"},
    {"tgme_widget_message", "page.posts"},
    {"references", "page.academic"},
    {"abstract", "page.academic"},
    {"subject", "page.mail"},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Where a sign was read. */
struct spot {
	struct vg_str quote;
	struct vg_place at;
};

static bool add(struct vg_features *fs, const char *feature, const struct spot *spot)
{
	return vg_features_cite(fs, vg_str(feature), 1, spot->quote, spot->at);
}

static const struct sign *find_sign(
    const struct sign *signs, size_t count, struct vg_str text)
{
	for (size_t i = 0; i < count; i++)
		if (vg_str_eqz(text, signs[i].text))
			return &signs[i];
	return NULL;
}

/* Every string after "@type" in the source of a JSON text: cheaper than parsing, and enough. */
static bool read_types(struct vg_features *fs, const struct vg_page_json *json)
{
	const struct vg_doc *doc = fs->text->doc;
	struct vg_str text = json->text;
	size_t at = 0;

	while ((at = vg_str_find(text, VG_STR("\"@type\""), at)) != SIZE_MAX) {
		size_t open = vg_str_chr(text, '"', at + 7), close;
		struct spot spot = {.at = {.where = VG_WHERE_JSONLD}};
		const struct sign *sign;

		if (open == SIZE_MAX)
			break;
		close = vg_str_chr(text, '"', open + 1);
		if (close == SIZE_MAX)
			break;
		at = open;
		spot.quote = vg_str_sub(text, open + 1, close);
		sign = find_sign(types, COUNT(types), spot.quote);
		if (sign == NULL)
			continue;
		vg_doc_utf8_span(doc, json->utf8_start + open + 1,
		    json->utf8_start + close, &spot.at.start, &spot.at.end);
		if (!add(fs, sign->feature, &spot))
			return false;
	}
	return true;
}

/* What stands in an element, or its start tag when nothing does. */
static struct spot element_spot(const struct vg_doc *doc, const struct vg_element *e)
{
	struct spot spot = {.quote = e->name,
	    .at = {.start = e->start, .end = e->end, .where = VG_WHERE_ATTRIBUTE}};

	for (uint32_t b = e->first_block; b < e->end_block; b++) {
		const struct vg_block *block = &doc->blocks[b];

		if (block->text.len == 0 || block->where == VG_WHERE_ATTRIBUTE)
			continue;
		spot.quote = block->text;
		spot.at.where = block->where;
		vg_doc_block_span(
		    doc, block, 0, block->text.len, &spot.at.start, &spot.at.end);
		break;
	}
	return spot;
}

/* The words of the value of id=, class= or itemtype= in a start tag's source. */
static bool read_attrs(struct vg_features *fs, const struct vg_element *e)
{
	struct vg_str attrs = e->attrs;
	size_t at = 0;

	while ((at = vg_str_chr(attrs, '=', at)) != SIZE_MAX) {
		bool type =
		    at >= 8 && vg_str_ieqz(vg_str_sub(attrs, at - 8, at), "itemtype");
		bool class =
		    (at >= 5 && vg_str_ieqz(vg_str_sub(attrs, at - 5, at), "class")) ||
		    (at >= 2 && vg_str_ieqz(vg_str_sub(attrs, at - 2, at), "id"));
		size_t from, to;
		struct vg_str value, word;
		char quote;

		from = ++at;
		if (from >= attrs.len || (!type && !class))
			continue;
		quote = attrs.ptr[from];
		if (quote == '"' || quote == '\'')
			to = vg_str_chr(attrs, quote, ++from);
		else
			to = vg_str_chr(attrs, ' ', from);
		value = vg_str_sub(attrs, from, to == SIZE_MAX ? attrs.len : to);
		while (vg_str_split(&value, type ? '/' : ' ', &word)) {
			const struct sign *sign = find_sign(type ? types : classes,
			    type ? COUNT(types) : COUNT(classes), word);
			struct spot spot;

			if (sign == NULL)
				continue;
			spot = element_spot(fs->text->doc, e);
			if (!add(fs, sign->feature, &spot))
				return false;
		}
	}
	return true;
}

static bool read_metas(struct vg_features *fs, const struct vg_doc *doc)
{
	for (size_t i = 0; i < doc->meta_count; i++) {
		const struct vg_meta *m = &doc->metas[i];
		struct spot spot = {m->content, {m->start, m->end, VG_WHERE_META}};
		const struct sign *sign =
		    find_sign(meta_names, COUNT(meta_names), m->name);
		bool ok = sign == NULL || add(fs, sign->feature, &spot);

		if (vg_str_eqz(m->name, "og:type") &&
		    vg_str_ieqz(m->content, "article"))
			ok = add(fs, "page.article", &spot);
		if (vg_str_eqz(m->name, "og:type") &&
		    vg_str_istarts(m->content, VG_STR("product")))
			ok = add(fs, "page.product", &spot);
		if (!ok)
			return false;
	}
	return true;
}

bool vg_page_features(struct vg_features *fs)
{
	const struct vg_doc *doc = fs->text->doc;

	if (!read_metas(fs, doc))
		return false;
	for (size_t i = 0; i < doc->json_count; i++)
		if (!read_types(fs, &doc->jsons[i]))
			return false;
	for (size_t i = 0; i < doc->element_count; i++) {
		const struct vg_element *e = &doc->elements[i];

		if (!read_attrs(fs, e))
			return false;
		if (vg_str_eqz(e->name, "time")) {
			struct spot spot = element_spot(doc, e);

			if (!add(fs, "page.time", &spot))
				return false;
		}
	}
	return true;
}
