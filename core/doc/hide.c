/* SPDX-License-Identifier: MIT */
/*
 * What does not show: the hidden attribute, aria-hidden, style attributes, and classes or ids that a
 * style sheet in the page hides by a simple selector.
 */
#include "config.h"

#include "doc/page.h"

#include <string.h>

/* The number a CSS length begins with, in whole units; false when it begins with none. */
static bool css_number(struct vg_str s, long *ret)
{
	bool minus = s.len && s.ptr[0] == '-', digits = false;
	long value = 0;

	for (size_t i = minus; i < s.len && i < 8 && vg_is_digit(s.ptr[i]); i++) {
		value = value * 10 + (s.ptr[i] - '0');
		digits = true;
	}
	*ret = minus ? -value : value;
	return digits;
}

/* "0", "0px" and "0.0", not "0.9em". */
static bool is_zero(struct vg_str s)
{
	size_t i = 0;

	while (i < s.len && (s.ptr[i] == '0' || s.ptr[i] == '.'))
		i++;
	return i && !(i < s.len && vg_is_digit(s.ptr[i]));
}

static bool declaration_hides(struct vg_str property, struct vg_str value)
{
	long number;

	if (vg_str_ieqz(property, "display"))
		return vg_str_istarts(value, VG_STR("none"));
	if (vg_str_ieqz(property, "visibility"))
		return vg_str_istarts(value, VG_STR("hidden")) ||
		       vg_str_istarts(value, VG_STR("collapse"));
	if (vg_str_ieqz(property, "left") || vg_str_ieqz(property, "top") ||
	    vg_str_ieqz(property, "right") || vg_str_ieqz(property, "text-indent") ||
	    vg_str_ieqz(property, "margin-left"))
		return css_number(value, &number) && number <= -500;
	if (vg_str_ieqz(property, "font-size") || vg_str_ieqz(property, "opacity"))
		return is_zero(value);
	return false;
}

static bool declarations_hide(struct vg_str css)
{
	struct vg_str one;

	while (vg_str_split(&css, ';', &one)) {
		size_t colon = vg_str_chr(one, ':', 0);

		if (colon != SIZE_MAX &&
		    declaration_hides(vg_str_trim(vg_str_sub(one, 0, colon)),
			vg_str_trim(vg_str_sub(one, colon + 1, one.len))))
			return true;
	}
	return false;
}

/* FNV over the mark and the name; the case of classes counts. */
static uint64_t name_hash(char mark, struct vg_str name)
{
	return vg_str_hash(name) * 31 + (unsigned char)mark;
}

static bool is_hiding(const struct vg_page *p, char mark, struct vg_str name)
{
	uint64_t hash = name_hash(mark, name);

	for (size_t i = 0; i < p->hiding_count; i++)
		if (p->hiding[i] == hash)
			return true;
	return false;
}

static bool class_hides(const struct vg_page *p, struct vg_str classes)
{
	size_t start = 0;

	for (size_t i = 0; i <= classes.len && i < 1024; i++) {
		if (i < classes.len && !vg_is_space(classes.ptr[i]))
			continue;
		if (i > start && is_hiding(p, '.', vg_str_sub(classes, start, i)))
			return true;
		start = i + 1;
	}
	return false;
}

bool vg_hide_tag(struct vg_page *p)
{
	const uint64_t telling = UINT64_C(1) << VG_ATTR_HIDDEN |
				 UINT64_C(1) << VG_ATTR_STYLE |
				 UINT64_C(1) << VG_ATTR_ARIA_HIDDEN;

	if (p->attrs_seen & telling) {
		if (p->attrs_seen >> VG_ATTR_HIDDEN & 1)
			return true;
		if (vg_str_ieqz(
			vg_str_trim(vg_attr_raw(p, VG_ATTR_ARIA_HIDDEN)), "true"))
			return true;
		if (declarations_hide(vg_attr_value(p, VG_ATTR_STYLE)))
			return true;
	}
	if (!p->hiding_count)
		return false;
	if (p->attrs_seen >> VG_ATTR_ID & 1 &&
	    is_hiding(p, '#', vg_str_trim(vg_attr_raw(p, VG_ATTR_ID))))
		return true;
	return p->attrs_seen >> VG_ATTR_CLASS & 1 &&
	       class_hides(p, vg_attr_raw(p, VG_ATTR_CLASS));
}

/* ".name", "#name" or one of them after an element name; anything longer is no simple selector. */
static void learn_selector(struct vg_page *p, struct vg_str selector)
{
	size_t mark = 0;

	while (mark < selector.len && vg_is_alnum(selector.ptr[mark]))
		mark++;
	if (mark + 1 >= selector.len ||
	    (selector.ptr[mark] != '.' && selector.ptr[mark] != '#'))
		return;
	for (size_t i = mark + 1; i < selector.len; i++) {
		char c = selector.ptr[i];

		if (!vg_is_alnum(c) && c != '-' && c != '_' && (unsigned char)c < 0x80)
			return;
	}
	if (p->hiding_count < VG_MAX_HIDING)
		p->hiding[p->hiding_count++] = name_hash(
		    selector.ptr[mark], vg_str_sub(selector, mark + 1, selector.len));
}

void vg_hide_learn(struct vg_page *p, struct vg_str css)
{
	size_t at = 0, open;

	while ((open = vg_str_chr(css, '{', at)) != SIZE_MAX) {
		size_t close = vg_str_chr(css, '}', open), depth = 1, i;
		struct vg_str selectors, one;

		for (; at < open; at++) {
			size_t comment;

			if (vg_is_space(css.ptr[at]))
				continue;
			if (!vg_str_starts(vg_str_sub(css, at, css.len), VG_STR("/*")))
				break;
			comment = vg_str_find(css, VG_STR("*/"), at + 2);
			if (comment == SIZE_MAX)
				return;
			at = comment + 1;
		}
		if (at > open)
			continue; /* the brace stood in a comment */
		selectors = vg_str_sub(css, at, open);
		if (selectors.len && selectors.ptr[0] == '@') {
			/* Rules for print or a narrow screen say little: pass over the whole. */
			for (i = open + 1; i < css.len && depth; i++)
				depth +=
				    (css.ptr[i] == '{') - (size_t)(css.ptr[i] == '}');
			at = i;
			continue;
		}
		if (close == SIZE_MAX)
			return;
		if (declarations_hide(vg_str_sub(css, open + 1, close)))
			while (vg_str_split(&selectors, ',', &one))
				learn_selector(p, vg_str_trim(one));
		at = close + 1;
	}
}
