/* SPDX-License-Identifier: MIT */
/* Attributes: scanning a start tag, and what the values say to people. */
#include "config.h"

#include "doc/page.h"

#include <string.h>

#include "base/size.h"
#include "doc/references.h"

#define MAX_ATTRS 16384 /* of one tag that are remembered */

struct vg_str vg_attr_raw(const struct vg_page *p, enum vg_attr_id id)
{
	const struct vg_attr *a;

	if (!(p->attrs_seen >> id & 1))
		return (struct vg_str){NULL, 0};
	a = vg_vec_at(&p->attrs, p->attr_at[id]);
	return (struct vg_str){p->s + a->value, a->value_len};
}

struct vg_str vg_attr_value(struct vg_page *p, enum vg_attr_id id)
{
	struct vg_str raw = vg_attr_raw(p, id);

	return raw.ptr ? vg_str_trim(vg_reference_decode(p->arena, raw)) : raw;
}

static void keep_attr(struct vg_page *p, const struct vg_attr *a, size_t name_end)
{
	struct vg_attr *kept;
	enum vg_attr_id id = vg_attr_find(vg_page_sub(p, a->name, name_end));

	/* Of two with one name the first counts. */
	if ((id != VG_ATTR_COUNT && p->attrs_seen >> id & 1) ||
	    p->attrs.len >= MAX_ATTRS)
		return;
	kept = vg_vec_push(&p->attrs);
	if (!kept) {
		vg_page_cut(p);
		return;
	}
	*kept = *a;
	kept->id = id;
	kept->name_len = (uint32_t)(name_end - a->name);
	if (id == VG_ATTR_COUNT)
		return;
	p->attrs_seen |= UINT64_C(1) << id;
	p->attr_at[id] = (uint16_t)(p->attrs.len - 1);
}

static size_t skip_space(const char *s, size_t i, size_t end)
{
	while (i < end && vg_is_space(s[i]))
		i++;
	return i;
}

/* The value at `i`, after the equals sign; returns where it ends, SIZE_MAX at the end of the text. */
static size_t scan_value(const char *s, size_t i, size_t end, struct vg_attr *a)
{
	const char *quote;

	if (i < end && (s[i] == '"' || s[i] == '\'')) {
		quote = memchr(s + i + 1, s[i], end - i - 1);
		if (!quote)
			return SIZE_MAX;
		a->value = (uint32_t)(i + 1);
		a->value_len = (uint32_t)((size_t)(quote - s) - i - 1);
		return (size_t)(quote - s) + 1;
	}
	a->value = (uint32_t)i;
	while (i < end && s[i] != '>' && !vg_is_space(s[i]))
		i++;
	a->value_len = (uint32_t)(i - a->value);
	return i;
}

/* HTML standard, sections 13.2.5.32 to 13.2.5.40. */
static size_t scan(
    const char *s, size_t i, size_t end, struct vg_page *p, struct vg_tag_source *t)
{
	while (i < end) {
		struct vg_attr a = {VG_ATTR_COUNT, 0, 0, 0, 0};
		size_t name_end;

		if (vg_is_space(s[i])) {
			i++;
			continue;
		}
		if (s[i] == '>') {
			t->self_closing = i > t->attrs && s[i - 1] == '/';
			t->attrs_end = i - t->self_closing;
			t->end = i + 1;
			return t->end;
		}
		if (s[i] == '/') {
			i++;
			continue;
		}
		a.name = (uint32_t)i++; /* an equals sign here belongs to the name */
		while (i < end && s[i] != '=' && s[i] != '>' && s[i] != '/' &&
		       !vg_is_space(s[i]))
			i++;
		name_end = i;
		a.value = (uint32_t)i;
		i = skip_space(s, i, end);
		if (i < end && s[i] == '=') {
			i = scan_value(s, skip_space(s, i + 1, end), end, &a);
			if (i == SIZE_MAX)
				return SIZE_MAX;
		}
		if (p)
			keep_attr(p, &a, name_end);
	}
	return SIZE_MAX;
}

size_t vg_attrs_scan(struct vg_page *p, size_t at, struct vg_tag_source *t)
{
	vg_vec_clear(&p->attrs);
	p->attrs_seen = 0;
	t->attrs = at;
	return scan(p->s, at, p->len, p, t);
}

struct vg_str vg_doc_attr(const struct vg_doc *doc, uint32_t element, const char *name)
{
	struct vg_str s = {NULL, 0};
	size_t i = 0;

	if (element >= doc->element_count)
		return s;
	s = doc->elements[element].attrs;
	while (i < s.len) {
		struct vg_attr a = {VG_ATTR_COUNT, 0, 0, 0, 0};
		size_t start, name_end;

		if (vg_is_space(s.ptr[i]) || s.ptr[i] == '/') {
			i++;
			continue;
		}
		for (start = i++; i < s.len && s.ptr[i] != '=' && s.ptr[i] != '/' &&
				  !vg_is_space(s.ptr[i]);)
			i++;
		name_end = i;
		i = skip_space(s.ptr, i, s.len);
		if (i < s.len && s.ptr[i] == '=')
			i = scan_value(
			    s.ptr, skip_space(s.ptr, i + 1, s.len), s.len, &a);
		if (vg_str_ieqz(vg_str_sub(s, start, name_end), name))
			return vg_reference_decode(
			    doc->arena, (struct vg_str){s.ptr + a.value, a.value_len});
		if (i == SIZE_MAX)
			break;
	}
	return (struct vg_str){NULL, 0};
}

/* Words in class, id, role and itemprop that tell what a container is for. */
static const struct {
	const char *word;
	uint32_t in;
} container_words[] = {
    {"nav", VG_IN_NAV},
    {"navbar", VG_IN_NAV},
    {"navigation", VG_IN_NAV},
    {"menu", VG_IN_NAV},
    {"breadcrumb", VG_IN_NAV},
    {"breadcrumbs", VG_IN_NAV},
    {"topbar", VG_IN_NAV},
    {"footer", VG_IN_FOOTER},
    {"contentinfo", VG_IN_FOOTER},
    {"colophon", VG_IN_FOOTER},
    {"sidebar", VG_IN_ASIDE},
    {"aside", VG_IN_ASIDE},
    {"complementary", VG_IN_ASIDE},
    {"widget", VG_IN_ASIDE},
    {"comments", VG_IN_COMMENTS},
    {"comment", VG_IN_COMMENTS},
    {"commentlist", VG_IN_COMMENTS},
    {"review", VG_IN_COMMENTS},
    {"reviews", VG_IN_COMMENTS},
    {"reviewbody", VG_IN_COMMENTS},
    {"testimonial", VG_IN_COMMENTS},
    {"testimonials", VG_IN_COMMENTS},
    {"reply", VG_IN_COMMENTS},
    {"button", VG_IN_BUTTON},
    {"btn", VG_IN_BUTTON},
    {"main", VG_IN_ARTICLE},
    {"article", VG_IN_ARTICLE},
};

static uint32_t word_in(struct vg_str word)
{
	if (word.len < 3 || word.len > 14)
		return 0;
	for (size_t i = 0; i < sizeof(container_words) / sizeof(*container_words); i++)
		if (vg_lower(word.ptr[0]) == container_words[i].word[0] &&
		    vg_str_ieqz(word, container_words[i].word))
			return container_words[i].in;
	return 0;
}

/* "site-footer" and "mainFooter" speak of a footer, "footnote" does not. */
static uint32_t words_in(struct vg_str s)
{
	size_t start = 0;
	uint32_t in = 0;

	s.len = vg_size_min(s.len, 512);
	for (size_t i = 0; i <= s.len; i++) {
		bool letter = i < s.len && vg_is_alpha(s.ptr[i]);

		if (letter && i > start && s.ptr[i] < 'a' && s.ptr[i - 1] >= 'a') {
			in |= word_in(vg_str_sub(s, start, i));
			start = i;
		} else if (!letter) {
			in |= word_in(vg_str_sub(s, start, i));
			start = i + 1;
		}
	}
	return in;
}

uint32_t vg_attrs_in(struct vg_page *p, enum vg_tag tag)
{
	static const enum vg_attr_id spoken[] = {
	    VG_ATTR_CLASS, VG_ATTR_ID, VG_ATTR_ROLE, VG_ATTR_ITEMPROP};
	uint32_t in = vg_tags[tag].in, said = 0;
	struct vg_str type = vg_attr_raw(p, VG_ATTR_TYPE);

	if (tag == VG_TAG_A && p->attrs_seen >> VG_ATTR_HREF & 1)
		in |= VG_IN_LINK;
	if (tag == VG_TAG_INPUT &&
	    (vg_str_ieqz(type, "submit") || vg_str_ieqz(type, "button")))
		in |= VG_IN_BUTTON;
	if (tag == VG_TAG_BODY || tag == VG_TAG_HTML)
		return in; /* their classes speak of the page's template */
	for (size_t i = 0; i < sizeof(spoken) / sizeof(*spoken); i++)
		if (p->attrs_seen >> spoken[i] & 1)
			said |= words_in(vg_attr_raw(p, spoken[i]));
	/* What is a button, a review or an article says so itself; a span named so is only a span. */
	if (!(vg_tags[tag].flags & VG_TAG_BLOCK) && tag != VG_TAG_A)
		said &= (uint32_t)VG_IN_BUTTON;
	return in | said;
}

static void value_span(
    const struct vg_page *p, enum vg_attr_id id, size_t *start, size_t *end)
{
	const struct vg_attr *a = vg_vec_at(&p->attrs, p->attr_at[id]);

	*start = a->value;
	*end = a->value + a->value_len;
}

static void meta(struct vg_page *p, const struct vg_text_place *place)
{
	static const enum vg_attr_id names[] = {
	    VG_ATTR_NAME, VG_ATTR_PROPERTY, VG_ATTR_HTTP_EQUIV, VG_ATTR_ITEMPROP};
	struct vg_text_place here = {VG_WHERE_META, place->in, place->element};
	struct vg_meta *m;
	struct vg_str name = {NULL, 0};
	char *lower;

	if (!(p->attrs_seen >> VG_ATTR_CONTENT & 1))
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !name.len; i++)
		name = vg_attr_value(p, names[i]);
	name = vg_arena_str(p->arena, name);
	m = vg_vec_push(&p->metas);
	if (!m || !name.ptr) {
		vg_page_cut(p);
		return;
	}
	memcpy(&lower, &name.ptr, sizeof(lower)); /* our own copy */
	for (size_t i = 0; i < name.len; i++)
		lower[i] = vg_lower(lower[i]);
	m->name = name;
	m->content = vg_attr_value(p, VG_ATTR_CONTENT);
	value_span(p, VG_ATTR_CONTENT, &m->start, &m->end);
	if (!(p->attrs_seen >> VG_ATTR_HTTP_EQUIV & 1))
		(void)vg_text_aside(p, &here, m->start, m->end, VG_TEXT_ATTRIBUTE);
}

void vg_attrs_text(
    struct vg_page *p, const struct vg_tag_source *t, const struct vg_text_place *place)
{
	struct vg_text_place here = {VG_WHERE_ATTRIBUTE, place->in, place->element};
	struct vg_str type;
	size_t start, end;

	if (t->tag == VG_TAG_HTML && !p->doc->declared_lang.len)
		p->doc->declared_lang = vg_attr_value(p, VG_ATTR_LANG);
	if (t->tag == VG_TAG_META) {
		meta(p, place);
		return;
	}
	for (size_t i = 0; i < p->attrs.len; i++) {
		const struct vg_attr *a = vg_vec_at(&p->attrs, i);

		if (vg_attr_kind(a->id) != VG_VALUE_SPOKEN || !a->value_len)
			continue;
		(void)vg_text_aside(p, &here, a->value, (size_t)a->value + a->value_len,
		    VG_TEXT_ATTRIBUTE);
	}
	if (!(p->attrs_seen >> VG_ATTR_VALUE & 1))
		return;
	type = vg_attr_raw(p, VG_ATTR_TYPE);
	if (t->tag != VG_TAG_BUTTON && t->tag != VG_TAG_DATA &&
	    !(t->tag == VG_TAG_INPUT &&
		(vg_str_ieqz(type, "submit") || vg_str_ieqz(type, "button"))))
		return;
	value_span(p, VG_ATTR_VALUE, &start, &end);
	(void)vg_text_aside(p, &here, start, end, VG_TEXT_ATTRIBUTE);
}
