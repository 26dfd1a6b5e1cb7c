/* SPDX-License-Identifier: MIT */
/* Every address a page holds: attributes, style sheets, scripts, comments, running text. */
#include "config.h"

#include "doc/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "doc/address.h"
#include "doc/references.h"
#include "url/url.h"

/* Where an address stands that is about to be added. */
struct site {
	const char *tag, *attr;
	uint32_t element;
	size_t start, end; /* UTF-8 span of the value */
};

static struct vg_link *add_link(
    struct vg_page *p, const struct site *at, struct vg_str raw)
{
	struct vg_link *link;

	raw = vg_str_trim(raw);
	if (!raw.len)
		return NULL;
	link = vg_vec_push(&p->links);
	if (!link) {
		vg_page_cut(p);
		return NULL;
	}
	link->raw = raw;
	link->tag = at->tag;
	link->attr = at->attr;
	link->element = at->element;
	link->start = at->start;
	link->end = at->end;
	return link;
}

static void add_list(struct vg_page *p, const struct site *at, struct vg_str value)
{
	size_t start = 0;

	for (size_t i = 0; i <= value.len; i++) {
		if (i < value.len && !vg_is_space(value.ptr[i]) && value.ptr[i] != ',')
			continue;
		(void)add_link(p, at, vg_str_sub(value, start, i));
		start = i + 1;
	}
}

/* HTML standard, section 2.4.8 ("srcset attributes"): address, descriptors, comma. */
static void add_srcset(struct vg_page *p, const struct site *at, struct vg_str value)
{
	size_t i = 0;

	while (i < value.len) {
		size_t start, end;
		bool more;

		while (
		    i < value.len && (vg_is_space(value.ptr[i]) || value.ptr[i] == ','))
			i++;
		for (start = i; i < value.len && !vg_is_space(value.ptr[i]);)
			i++;
		end = i;
		more = end > start && value.ptr[end - 1] == ',';
		while (end > start && value.ptr[end - 1] == ',')
			end--;
		(void)add_link(p, at, vg_str_sub(value, start, end));
		for (size_t depth = 0; !more && i < value.len; i++) {
			depth += (value.ptr[i] == '(') -
				 (size_t)(value.ptr[i] == ')' && depth);
			if (value.ptr[i] == ',' && !depth)
				break;
		}
	}
}

/* Addresses of href, src and the like in markup that is no part of the tree. */
static void add_markup(
    struct vg_page *p, const struct site *at, struct vg_str s, bool in_place)
{
	size_t i = 0;

	while ((i = vg_str_chr(s, '=', i)) != SIZE_MAX) {
		size_t name_end = i, name, start = i + 1, end;
		struct site here = *at;
		enum vg_attr_kind kind;

		while (name_end && i - name_end < 8 && vg_is_space(s.ptr[name_end - 1]))
			name_end--;
		for (name = name_end;
		     name && name_end - name < 16 &&
		     (vg_is_alpha(s.ptr[name - 1]) || s.ptr[name - 1] == ':' ||
			 s.ptr[name - 1] == '-');)
			name--;
		i++;
		kind = vg_attr_kind(vg_attr_find(vg_str_sub(s, name, name_end)));
		if (kind != VG_VALUE_URL && kind != VG_VALUE_SRCSET)
			continue;
		while (start < s.len && vg_is_space(s.ptr[start]))
			start++;
		if (start < s.len && (s.ptr[start] == '"' || s.ptr[start] == '\'')) {
			end = vg_str_chr(s, s.ptr[start], start + 1);
			start++;
			end = end == SIZE_MAX ? s.len : end;
		} else {
			for (end = start; end < s.len && !vg_is_space(s.ptr[end]) &&
					  s.ptr[end] != '>';)
				end++;
		}
		if (in_place) {
			here.start = at->start + start;
			here.end = at->start + end;
		}
		if (kind == VG_VALUE_SRCSET)
			add_srcset(p, &here, vg_str_sub(s, start, end));
		else
			(void)add_link(p, &here,
			    vg_reference_decode(p->arena, vg_str_sub(s, start, end)));
		i = vg_size_max(i, vg_size_min(end, s.len));
	}
}

/* A data: address may hold markup of its own, percent-encoded (RFC 2397). */
static void add_data_url(struct vg_page *p, const struct site *at, struct vg_str raw)
{
	size_t comma = vg_str_chr(vg_str_sub(raw, 0, 256), ',', 0), len = 0;
	char *text;

	if (comma == SIZE_MAX || (!vg_str_istarts(raw, VG_STR("data:image/svg")) &&
				     !vg_str_istarts(raw, VG_STR("data:text/html"))))
		return;
	text = vg_arena_alloc(p->arena, raw.len - comma);
	if (!text) {
		vg_page_cut(p);
		return;
	}
	for (size_t i = comma + 1; i < raw.len; i++) {
		int high = raw.ptr[i] == '%' && i + 2 < raw.len
			       ? vg_hex_digit(raw.ptr[i + 1])
			       : -1;
		int low = high >= 0 ? vg_hex_digit(raw.ptr[i + 2]) : -1;

		text[len++] =
		    low >= 0 ? (char)((unsigned)high << 4 | (unsigned)low) : raw.ptr[i];
		i += low >= 0 ? 2 : 0;
	}
	add_markup(p, at, (struct vg_str){text, len}, false);
}

static bool looks_absolute(struct vg_str s)
{
	return vg_str_istarts(s, VG_STR("http://")) ||
	       vg_str_istarts(s, VG_STR("https://")) || (s.len > 1 && s.ptr[0] == '/');
}

static bool has_space(struct vg_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (vg_is_space(s.ptr[i]))
			return true;
	return false;
}

static void add_css(
    struct vg_page *p, const struct site *at, struct vg_str css, bool in_place)
{
	size_t i = 0;

	while ((i = vg_str_chr(css, '(', i)) != SIZE_MAX) {
		size_t start = ++i, end;
		struct site here = *at;

		if (start < 4 ||
		    !vg_str_ieqz(vg_str_sub(css, start - 4, start - 1), "url"))
			continue;
		end = vg_str_chr(css, ')', start);
		if (end == SIZE_MAX)
			return;
		i = end;
		while (
		    start < end && (vg_is_space(css.ptr[start]) ||
				       css.ptr[start] == '"' || css.ptr[start] == '\''))
			start++;
		while (end > start &&
		       (vg_is_space(css.ptr[end - 1]) || css.ptr[end - 1] == '"' ||
			   css.ptr[end - 1] == '\''))
			end--;
		if (in_place) {
			here.start = at->start + start;
			here.end = at->start + end;
		}
		(void)add_link(p, &here, vg_str_sub(css, start, end));
	}
}

/* @import "address" */
static void add_css_imports(struct vg_page *p, const struct site *at, struct vg_str css)
{
	size_t i = 0;

	while ((i = vg_str_chr(css, '@', i)) != SIZE_MAX) {
		struct site here = *at;
		size_t start = i + 7, end;

		if (!vg_str_istarts(vg_str_sub(css, i++, css.len), VG_STR("@import")))
			continue;
		while (start < css.len && vg_is_space(css.ptr[start]))
			start++;
		if (start >= css.len ||
		    (css.ptr[start] != '"' && css.ptr[start] != '\''))
			continue;
		end = vg_str_chr(css, css.ptr[start], start + 1);
		if (end == SIZE_MAX)
			return;
		here.start = at->start + start + 1;
		here.end = at->start + end;
		(void)add_link(p, &here, vg_str_sub(css, start + 1, end));
		i = end;
	}
}

static void meta_links(struct vg_page *p, const struct site *at, struct vg_str content)
{
	struct vg_str pragma = vg_attr_value(p, VG_ATTR_HTTP_EQUIV);
	size_t i;

	if (vg_str_ieqz(pragma, "refresh")) {
		i = vg_str_ifind(content, VG_STR("url"), 0);
		if (i == SIZE_MAX)
			return;
		for (i += 3; i < content.len && strchr(" \t\r\n='\"", content.ptr[i]);)
			i++;
		content = vg_str_sub(content, i, content.len);
		while (content.len && strchr("'\"", content.ptr[content.len - 1]))
			content.len--;
		(void)add_link(p, at, content);
		return;
	}
	i = vg_str_ifind(content, VG_STR("report-uri "), 0);
	if (i != SIZE_MAX && pragma.len) {
		size_t end = vg_str_chr(content, ';', i);

		add_list(p, at, vg_str_sub(content, i + 11, end));
		return;
	}
	if (vg_str_chr(content, '<', 0) != SIZE_MAX)
		add_markup(p, at, content, false);
	else if (looks_absolute(content) && !has_space(content))
		(void)add_link(p, at, content);
}

/* data-* and attributes that only some elements read as an address. */
static void other_attr(
    struct vg_page *p, struct site *at, const struct vg_attr *a, enum vg_tag tag)
{
	struct vg_str name = vg_page_sub(p, a->name, (size_t)a->name + a->name_len);
	struct vg_str value = vg_page_sub(p, a->value, (size_t)a->value + a->value_len),
		      copy;

	if (a->id == VG_ATTR_STYLE) {
		add_css(p, at, vg_reference_decode(p->arena, value), false);
	} else if (a->id == VG_ATTR_CONTENT && tag == VG_TAG_META) {
		meta_links(p, at, vg_attr_value(p, VG_ATTR_CONTENT));
	} else if (a->id == VG_ATTR_VALUE && tag == VG_TAG_PARAM) {
		value = vg_attr_value(p, VG_ATTR_VALUE);
		if (looks_absolute(value) && !has_space(value))
			(void)add_link(p, at, value);
	} else if (vg_str_istarts(name, VG_STR("data-")) && value.len < 4096 &&
		   looks_absolute(vg_str_trim(value)) &&
		   !has_space(vg_str_trim(value))) {
		copy = vg_arena_str(p->arena, name);
		at->attr = copy.ptr ? copy.ptr : "data-";
		(void)add_link(p, at, vg_reference_decode(p->arena, value));
	}
}

static void set_rel(struct vg_page *p, size_t first)
{
	struct vg_str rel;
	char *lower;

	if (!(p->attrs_seen >> VG_ATTR_REL & 1) || first == p->links.len)
		return;
	rel = vg_arena_str(p->arena, vg_attr_value(p, VG_ATTR_REL));
	memcpy(&lower, &rel.ptr, sizeof(lower)); /* our own copy */
	for (size_t i = 0; lower && i < rel.len; i++)
		lower[i] = vg_lower(lower[i]);
	for (; first < p->links.len; first++)
		((struct vg_link *)vg_vec_at(&p->links, first))->rel = rel;
}

static void url_attr(struct vg_page *p, const struct site *at, enum vg_attr_id id)
{
	struct vg_str value = vg_attr_value(p, id);

	switch (vg_attr_kind(id)) {
	case VG_VALUE_URLS:
		add_list(p, at, value);
		break;
	case VG_VALUE_SRCSET:
		add_srcset(p, at, value);
		break;
	case VG_VALUE_MARKUP:
		add_markup(p, at, value, false);
		break;
	default:
		(void)add_link(p, at, value);
		add_data_url(p, at, value);
		break;
	}
}

void vg_links_tag(struct vg_page *p, const struct vg_tag_source *t, uint32_t element)
{
	size_t first = p->links.len;
	const char *tag = vg_tags[t->tag].name;

	if (!p->attrs.len)
		return;
	if (t->tag == VG_TAG_COUNT && element != VG_NONE)
		tag = ((struct vg_element *)vg_vec_at(&p->elements, element))->name.ptr;
	for (size_t i = 0; i < p->attrs.len; i++) {
		const struct vg_attr *a = vg_vec_at(&p->attrs, i);
		struct site at = {tag, vg_attr_name(a->id), element, a->value,
		    (size_t)a->value + a->value_len};
		enum vg_attr_kind kind = vg_attr_kind(a->id);

		if (!a->value_len)
			continue;
		if (kind == VG_VALUE_PLAIN || kind == VG_VALUE_SPOKEN ||
		    (a->id == VG_ATTR_DATA && t->tag != VG_TAG_OBJECT))
			other_attr(p, &at, a, t->tag);
		else
			url_attr(p, &at, a->id);
	}
	set_rel(p, first);
	if (t->tag == VG_TAG_BASE && !p->seen_base &&
	    p->attrs_seen >> VG_ATTR_HREF & 1) {
		p->seen_base = true;
		p->base = vg_attr_value(p, VG_ATTR_HREF);
	}
}

void vg_links_css(struct vg_page *p, size_t start, size_t end)
{
	struct site at = {"#style", "", VG_NONE, start, end};

	add_css_imports(p, &at, vg_page_sub(p, start, end));
	add_css(p, &at, vg_page_sub(p, start, end), true);
}

/* Absolute addresses in source text. `\/` is how scripts write a slash. */
static void absolute_links(struct vg_page *p, const char *tag, size_t start, size_t end)
{
	struct vg_str s = vg_page_sub(p, start, end);
	struct vg_address_search search = {.s = s};
	struct vg_address found;

	while (vg_address_next(&search, &found)) {
		struct site at = {
		    tag, "", VG_NONE, start + found.start, start + found.end};
		struct vg_str raw = vg_str_sub(s, found.start, found.end);

		if (vg_str_chr(raw, '\\', 0) != SIZE_MAX) {
			char *copy = vg_arena_alloc(p->arena, raw.len);
			size_t len = 0;

			for (size_t i = 0; copy && i < raw.len; i++)
				if (raw.ptr[i] != '\\')
					copy[len++] = raw.ptr[i];
			raw = (struct vg_str){copy, len};
		}
		(void)add_link(p, &at, raw);
	}
}

void vg_links_comment(struct vg_page *p, size_t start, size_t end)
{
	struct site at = {"#comment", "", VG_NONE, start, end};
	size_t first = p->links.len;

	add_markup(p, &at, vg_page_sub(p, start, end), true);
	if (p->links.len == first)
		absolute_links(p, "#comment", start, end);
}

void vg_links_script(struct vg_page *p, size_t start, size_t end)
{
	absolute_links(p, "#script", start, end);
}

/* The system identifier, unless it names a DTD. */
void vg_links_doctype(struct vg_page *p, size_t start, size_t end)
{
	struct vg_str s = vg_page_sub(p, start, end);

	for (size_t i = 0; i < s.len; i++) {
		size_t close;

		if (s.ptr[i] != '"' && s.ptr[i] != '\'')
			continue;
		close = vg_str_chr(s, s.ptr[i], i + 1);
		if (close == SIZE_MAX)
			return;
		if (looks_absolute(vg_str_sub(s, i + 1, close)) &&
		    !vg_str_ends(vg_str_sub(s, i + 1, close), VG_STR(".dtd"))) {
			struct site at = {"!doctype", "system", VG_NONE, start + i + 1,
			    start + close};

			(void)add_link(p, &at, vg_str_sub(s, i + 1, close));
		}
		i = close;
	}
}

void vg_links_block(struct vg_page *p, const struct vg_block *b)
{
	struct vg_str s = vg_text_of_block(p, b), copy = {NULL, 0};
	struct vg_address_search search = {.s = s, .loose = true};
	struct vg_address found;

	while (vg_address_next(&search, &found)) {
		struct site at = {"#text", "", b->element, 0, 0};

		if (p->links.len >= VG_MAX_LINKS) {
			vg_page_cut(p);
			return;
		}
		vg_text_source(p->flows, b, found.start, found.end, &at.start, &at.end);
		copy = vg_arena_str(p->arena, vg_str_sub(s, found.start, found.end));
		if (!copy.ptr)
			return;
		(void)add_link(p, &at, copy);
	}
}

/* What `raw` is once the scheme that people leave out is put back. */
static struct vg_str with_scheme(struct vg_buf *scratch, const struct vg_link *link)
{
	struct vg_address_search search = {.s = link->raw, .loose = true};
	struct vg_address found;

	if (link->tag[0] != '#' || !vg_address_next(&search, &found) || !found.bare)
		return link->raw;
	vg_buf_clear(scratch);
	vg_buf_addz(scratch, "http://");
	vg_buf_adds(scratch, link->raw);
	return vg_buf_str(scratch);
}

/* The base of the page's links: its own address, moved by the first base element. */
static bool resolve_base(struct vg_page *p, struct vg_url *base)
{
	struct vg_url own = VG_URL_INIT;
	bool has_own = p->doc->url.len && !vg_url_parse(p->doc->url, NULL, &own, NULL);
	bool has_base = p->seen_base && p->base.len <= VG_MAX_URL &&
			!vg_url_parse(p->base, has_own ? &own : NULL, base, NULL) &&
			vg_url_href(base).len <= VG_MAX_URL;

	if (!has_base && has_own && vg_url_href(&own).len <= VG_MAX_URL) {
		vg_url_release(base);
		*base = own;
		own = VG_URL_INIT;
		has_base = true;
	}
	vg_url_release(&own);
	if (has_base)
		p->doc->base = vg_arena_str(p->arena, vg_url_href(base));
	return has_base;
}

/* Document order; of two at one place, the one written first. */
static int compare_links(const void *a, const void *b)
{
	const struct vg_link *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->raw.ptr > y->raw.ptr) - (x->raw.ptr < y->raw.ptr);
}

void vg_links_resolve(struct vg_page *p)
{
	struct vg_url base = VG_URL_INIT;
	struct vg_buf out = VG_BUF_INIT(VG_MAX_FIELD),
		      scratch = VG_BUF_INIT(VG_MAX_FIELD);
	bool has_base = resolve_base(p, &base);

	/* Addresses in running text are added when their block ends; most pages have none. */
	for (size_t i = 1; i < p->links.len; i++) {
		const struct vg_link *l = vg_vec_at(&p->links, i);

		if (compare_links(l - 1, l) > 0) {
			qsort(p->links.items, p->links.len, sizeof(*l), compare_links);
			break;
		}
	}
	for (size_t i = 0; i < p->links.len; i++) {
		struct vg_link *link = vg_vec_at(&p->links, i);

		vg_buf_clear(&out);
		/* What is longer is listed as written only: no page needs it. */
		if (link->raw.len > VG_MAX_FIELD / 2 ||
		    vg_url_resolve(with_scheme(&scratch, link), has_base ? &base : NULL,
			&out, NULL))
			continue;
		link->url = vg_arena_str(p->arena, vg_buf_str(&out));
		if (!link->url.ptr) {
			link->url.len = 0;
			vg_page_cut(p);
		}
	}
	vg_buf_release(&out);
	vg_buf_release(&scratch);
	vg_url_release(&base);
}
