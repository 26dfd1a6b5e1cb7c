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

static bool add_sign(
    struct vg_features *fs, const struct sign *signs, size_t count, struct vg_str text)
{
	for (size_t i = 0; i < count; i++)
		if (vg_str_eqz(text, signs[i].text))
			return vg_features_page(fs, signs[i].feature, 1);
	return true;
}

/* Every string after "@type" in the source of a JSON text: cheaper than parsing, and enough. */
static bool read_types(struct vg_features *fs, struct vg_str json)
{
	size_t at = 0;

	while ((at = vg_str_find(json, VG_STR("\"@type\""), at)) != SIZE_MAX) {
		size_t open = vg_str_chr(json, '"', at + 7), close;

		if (open == SIZE_MAX)
			break;
		close = vg_str_chr(json, '"', open + 1);
		if (close == SIZE_MAX)
			break;
		if (!add_sign(
			fs, types, COUNT(types), vg_str_sub(json, open + 1, close)))
			return false;
		at = open;
	}
	return true;
}

/* Calls add_sign for each word of the value of id=, class= or itemtype= in a start tag's source. */
static bool read_attrs(struct vg_features *fs, struct vg_str attrs)
{
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
		while (vg_str_split(&value, type ? '/' : ' ', &word))
			if (!add_sign(fs, type ? types : classes,
				type ? COUNT(types) : COUNT(classes), word))
				return false;
	}
	return true;
}

static bool read_metas(struct vg_features *fs, const struct vg_doc *doc)
{
	for (size_t i = 0; i < doc->meta_count; i++) {
		const struct vg_meta *m = &doc->metas[i];
		bool ok = add_sign(fs, meta_names, COUNT(meta_names), m->name);

		if (vg_str_eqz(m->name, "og:type") &&
		    vg_str_ieqz(m->content, "article"))
			ok = vg_features_page(fs, "page.article", 1);
		if (vg_str_eqz(m->name, "og:type") &&
		    vg_str_istarts(m->content, VG_STR("product")))
			ok = vg_features_page(fs, "page.product", 1);
		if (!ok)
			return false;
	}
	return true;
}

bool vg_page_features(struct vg_features *fs)
{
	const struct vg_doc *doc = fs->text->doc;
	double words = 0, hidden = 0, times = 0;

	if (!read_metas(fs, doc))
		return false;
	for (size_t i = 0; i < doc->json_count; i++)
		if (!read_types(fs, doc->jsons[i].text))
			return false;
	for (size_t i = 0; i < doc->element_count; i++) {
		if (!read_attrs(fs, doc->elements[i].attrs))
			return false;
		times += vg_str_eqz(doc->elements[i].name, "time");
	}
	for (size_t i = 0; i < doc->block_count; i++) {
		words += (double)doc->blocks[i].text.len / 6;
		hidden += doc->blocks[i].where == VG_WHERE_HIDDEN;
	}
	return vg_features_page(fs, "page.words", words / 100) &&
	       vg_features_page(fs, "page.hidden", hidden) &&
	       vg_features_page(fs, "page.time", times);
}
