/* SPDX-License-Identifier: MIT */
/* The layers of the generic plugin, most trusted first. */
#ifndef GENERIC_GENERIC_H
#define GENERIC_GENERIC_H

#include "kit/kit.h"

enum thing { THING_OTHER, THING_PRODUCT, THING_PLACE, THING_ARTICLE };

/* What a schema.org type name stands for; full addresses are cut to their last part. */
enum thing thing_of(struct vigia_str type);
/* "InStock", "https://schema.org/OutOfStock" … as "in", "out", "preorder"; or empty. */
struct vigia_str stock_of(struct vigia_str availability);

/* Each adds what it emits to *ret_count. */
int32_t read_jsonld(const struct kit *k, size_t *ret_count);
int32_t read_microdata(const struct kit *k, size_t *ret_count);
/* Unless the price next to the heading stands in one of `cards`. */
int32_t read_product_page(
    const struct kit *k, const struct vigia_nodes *cards, size_t *ret_count);
/* Does the page's JSON-LD call it an article, a report or questions and answers? */
bool has_article(const struct kit *k);

#endif
