/* SPDX-License-Identifier: MIT */
/* The tokenizer (HTML standard, section 13.2.5), one pass from `<` to `<`. */
#include "config.h"

#include "doc/page.h"

#include <string.h>

#include "base/size.h"
static size_t find(const struct vg_page *p, char c, size_t from)
{
	const char *hit = from < p->len ? memchr(p->s + from, c, p->len - from) : NULL;

	return hit ? (size_t)(hit - p->s) : p->len;
}

static bool starts(const struct vg_page *p, size_t at, struct vg_str prefix)
{
	return vg_str_istarts(vg_page_sub(p, at, p->len), prefix);
}

static struct vg_text_place place_here(struct vg_page *p, enum vg_where where)
{
	struct vg_open *top = vg_page_top(p);

	return (struct vg_text_place){where, top->in, top->block_element};
}

/* Text of the element that is open, into the flow it belongs to. */
static void text(struct vg_page *p, size_t start, size_t end)
{
	struct vg_open *top = vg_page_top(p);
	struct vg_text_place place = place_here(p, top->where);
	bool lines = top->tag == VG_TAG_PRE || top->tag == VG_TAG_LISTING;

	if (start < end && !top->skip)
		vg_text_add(p,
		    top->where == VG_WHERE_TEXT ? VG_FLOW_SEEN : VG_FLOW_UNSEEN, &place,
		    start, end, lines ? VG_TEXT_LINES : VG_TEXT_REFS);
}

/* From `<!--`; returns past its end, and where the content ends. */
static size_t comment_end(const struct vg_page *p, size_t at, size_t *ret_content)
{
	size_t i = at + 4;

	*ret_content = i;
	if (i < p->len && p->s[i] == '>')
		return i + 1;
	if (i + 1 < p->len && p->s[i] == '-' && p->s[i + 1] == '>')
		return i + 2;
	for (; (i = find(p, '-', i)) < p->len; i++) {
		if (i + 1 >= p->len || p->s[i + 1] != '-')
			continue;
		*ret_content = i;
		if (i + 2 < p->len && p->s[i + 2] == '>')
			return i + 3;
		if (i + 3 < p->len && p->s[i + 2] == '!' && p->s[i + 3] == '>')
			return i + 4;
	}
	*ret_content = p->len;
	return p->len;
}

static void comment(struct vg_page *p, size_t start, size_t end)
{
	struct vg_text_place place = place_here(p, VG_WHERE_COMMENT);

	(void)vg_text_aside(p, &place, start, end, VG_TEXT_REFS);
	vg_links_comment(p, start, end);
}

/* Something that begins with `<!` or `<?`, or `</` without a letter: a comment that any `>` ends. */
static size_t bogus(struct vg_page *p, size_t at, size_t content)
{
	size_t end = find(p, '>', content);

	if (starts(p, at, VG_STR("<!doctype")))
		vg_links_doctype(p, content, end);
	else if (p->s[at + 1] == '!')
		comment(p, content, end);
	return end < p->len ? end + 1 : end;
}

static size_t declaration(struct vg_page *p, size_t at)
{
	size_t content, end;

	if (starts(p, at, VG_STR("<!--"))) {
		end = comment_end(p, at, &content);
		comment(p, at + 4, vg_size_max(content, at + 4));
		return end;
	}
	if (vg_page_top(p)->foreign != VG_HTML &&
	    vg_str_starts(vg_page_sub(p, at, p->len), VG_STR("<![CDATA["))) {
		struct vg_text_place place = place_here(p, vg_page_top(p)->where);

		content = vg_str_find(vg_page_sub(p, 0, p->len), VG_STR("]]>"), at + 9);
		end = content == SIZE_MAX ? p->len : content;
		if (!vg_page_top(p)->skip)
			vg_text_add(p,
			    place.where == VG_WHERE_TEXT ? VG_FLOW_SEEN
							 : VG_FLOW_UNSEEN,
			    &place, at + 9, end, VG_TEXT_RAW);
		return content == SIZE_MAX ? p->len : end + 3;
	}
	return bogus(p, at, at + 2);
}

/* Whether the end tag `</name` stands at `at`. */
static bool is_end_tag(const struct vg_page *p, size_t at, struct vg_str name)
{
	size_t after = at + 2 + name.len;

	return after < p->len && p->s[at + 1] == '/' && starts(p, at + 2, name) &&
	       (vg_is_space(p->s[after]) || p->s[after] == '/' || p->s[after] == '>');
}

static size_t raw_end(const struct vg_page *p, size_t at, struct vg_str name)
{
	while ((at = find(p, '<', at)) < p->len && !is_end_tag(p, at, name))
		at++;
	return at;
}

/* HTML standard, sections 13.2.5.4 and 13.2.5.15 to 31: "<!--" and "<script" inside a script. */
static size_t script_end(const struct vg_page *p, size_t at)
{
	enum { DATA, ESCAPED, DOUBLE_ESCAPED } state = DATA;
	const struct vg_str name = VG_STR("script");

	for (; at < p->len; at++) {
		if (state == DATA) {
			at = find(p, '<', at);
			if (at >= p->len || is_end_tag(p, at, name))
				return vg_size_min(at, p->len);
			if (!starts(p, at, VG_STR("<!--")))
				continue;
			state = ESCAPED;
			at += 1; /* so that "<!-->" ends it at once */
			continue;
		}
		if (p->s[at] == '-' && starts(p, at, VG_STR("-->"))) {
			state = DATA;
		} else if (p->s[at] == '<' && is_end_tag(p, at, name)) {
			if (state == ESCAPED)
				return at;
			state = ESCAPED;
		} else if (p->s[at] == '<' && state == ESCAPED &&
			   starts(p, at + 1, name) && at + 7 < p->len &&
			   (vg_is_space(p->s[at + 7]) || strchr("/>", p->s[at + 7]))) {
			state = DOUBLE_ESCAPED;
		}
	}
	return p->len;
}

/* "Application/LD+JSON; charset=utf-8" without parameters, lower case; .ptr NULL: no memory. */
static struct vg_str media_type(struct vg_page *p, struct vg_str value)
{
	struct vg_str type = vg_arena_str(
	    p->arena, vg_str_trim(vg_str_sub(value, 0, vg_str_chr(value, ';', 0))));
	char *lower;

	memcpy(&lower, &type.ptr, sizeof(lower)); /* our own copy */
	for (size_t i = 0; lower && i < type.len; i++)
		lower[i] = vg_lower(lower[i]);
	return type;
}

static void page_json(
    struct vg_page *p, struct vg_str type, struct vg_str id, size_t start, size_t end)
{
	struct vg_page_json *json = vg_vec_push(&p->jsons);

	if (!json) {
		vg_page_cut(p);
		return;
	}
	json->type = type;
	json->id = id;
	json->text = vg_page_sub(p, start, end);
	json->utf8_start = start;
	json->start = start;
	json->end = end;
}

static void script(
    struct vg_page *p, struct vg_str type, struct vg_str id, size_t start, size_t end)
{
	bool json = vg_str_ifind(type, VG_STR("json"), 0) != SIZE_MAX;
	bool ld = vg_str_ifind(type, VG_STR("ld+json"), 0) != SIZE_MAX;
	struct vg_text_place place =
	    place_here(p, ld ? VG_WHERE_JSONLD : VG_WHERE_SCRIPT);

	place.in = 0;
	if (json)
		page_json(p, media_type(p, type), id, start, end);
	vg_script_strings(p, start, end, &place, json);
	vg_links_script(p, start, end);
}

/* Content that is no markup, up to its end tag; returns where that begins. */
static size_t raw_content(struct vg_page *p, const struct vg_tag_source *t)
{
	struct vg_str type = {NULL, 0}, id = {NULL, 0};
	struct vg_text_place place;
	size_t end;

	if (t->tag == VG_TAG_SCRIPT) {
		type = vg_attr_value(p, VG_ATTR_TYPE);
		id = vg_attr_value(p, VG_ATTR_ID);
	}
	vg_open_start(p, t);
	end = t->tag == VG_TAG_SCRIPT ? script_end(p, t->end)
				      : raw_end(p, t->end, t->name);
	place = place_here(p, vg_page_top(p)->where);
	switch (t->tag) {
	case VG_TAG_SCRIPT:
		script(p, type, id, t->end, end);
		break;
	case VG_TAG_STYLE:
		vg_hide_learn(p, vg_page_sub(p, t->end, end));
		vg_links_css(p, t->end, end);
		break;
	case VG_TAG_TITLE:
		place.where = VG_WHERE_TITLE;
		if (vg_text_aside(p, &place, t->end, end, VG_TEXT_REFS) != VG_NONE &&
		    !p->doc->title.ptr)
			p->doc->title = vg_arena_str(p->arena,
			    vg_text_of_block(p,
				vg_vec_at(&p->blocks, p->flows[VG_FLOW_SIDE].block)));
		break;
	case VG_TAG_TEXTAREA:
	case VG_TAG_XMP:
		vg_text_add(p,
		    place.where == VG_WHERE_TEXT ? VG_FLOW_SEEN : VG_FLOW_UNSEEN,
		    &place, t->end, end,
		    t->tag == VG_TAG_TEXTAREA ? VG_TEXT_LINES : VG_TEXT_RAW);
		break;
	case VG_TAG_NOEMBED:
	case VG_TAG_NOFRAMES:
		place.where = VG_WHERE_NOSCRIPT;
		(void)vg_text_aside(p, &place, t->end, end, VG_TEXT_RAW);
		break;
	default:
		break; /* what stands in an iframe is never shown */
	}
	return end;
}

static bool is_raw(enum vg_tag tag)
{
	switch (tag) {
	case VG_TAG_SCRIPT:
	case VG_TAG_STYLE:
	case VG_TAG_TITLE:
	case VG_TAG_TEXTAREA:
	case VG_TAG_XMP:
	case VG_TAG_IFRAME:
	case VG_TAG_NOEMBED:
	case VG_TAG_NOFRAMES:
		return true;
	default:
		return false;
	}
}

/* Scans name and attributes of the tag whose name begins at `at`; false at the end of the text. */
static bool scan_tag(struct vg_page *p, size_t at, struct vg_tag_source *t)
{
	size_t i = at;

	while (i < p->len && p->s[i] != '>' && p->s[i] != '/' && !vg_is_space(p->s[i]))
		i++;
	t->name = vg_page_sub(p, at, i);
	t->tag = vg_tag_find(t->name);
	return vg_attrs_scan(p, i, t) != SIZE_MAX;
}

static size_t start_tag(struct vg_page *p, size_t at)
{
	struct vg_tag_source t = {.start = at};

	if (!scan_tag(p, at + 1, &t))
		return p
		    ->len; /* a tag that the end of the text cuts is dropped, as in browsers */
	if (t.tag == VG_TAG_IMAGE && vg_page_top(p)->foreign == VG_HTML)
		t.tag = VG_TAG_IMG;
	if (t.tag == VG_TAG_PLAINTEXT && vg_page_top(p)->foreign == VG_HTML) {
		struct vg_text_place place;

		vg_open_start(p, &t);
		place = place_here(p, VG_WHERE_TEXT);
		vg_text_add(p, VG_FLOW_SEEN, &place, t.end, p->len, VG_TEXT_RAW);
		return p->len;
	}
	if (is_raw(t.tag) && vg_page_top(p)->foreign == VG_HTML)
		return raw_content(p, &t);
	vg_open_start(p, &t);
	return t.end;
}

static size_t end_tag(struct vg_page *p, size_t at)
{
	struct vg_tag_source t = {.start = at};

	if (!scan_tag(p, at + 2, &t))
		return p->len;
	vg_open_end_tag(p, t.tag, t.name, t.start, t.end);
	return t.end;
}

/* What stands at a `<`. Returns past it. */
static size_t markup(struct vg_page *p, size_t at)
{
	char next = at + 1 < p->len ? p->s[at + 1] : '\0';

	if (vg_is_alpha(next))
		return start_tag(p, at);
	if (next == '/' && at + 2 < p->len) {
		if (vg_is_alpha(p->s[at + 2]))
			return end_tag(p, at);
		return bogus(p, at, at + 2);
	}
	if (next == '!')
		return declaration(p, at);
	if (next == '?')
		return bogus(p, at, at + 1);
	text(p, at, at + 1);
	return at + 1;
}

static void parse_html(struct vg_page *p)
{
	size_t at = 0;

	while (at < p->len) {
		size_t mark = find(p, '<', at);

		text(p, at, mark);
		at = mark < p->len ? markup(p, mark) : mark;
	}
}

/* Plain text: paragraphs are apart by empty lines. */
static void parse_plain(struct vg_page *p)
{
	struct vg_text_place place = place_here(p, VG_WHERE_TEXT);
	size_t start = 0;

	while (start < p->len) {
		size_t end = find(p, '\n', start), next = end < p->len ? end + 1 : end;

		if (!vg_str_trim(vg_page_sub(p, start, end)).len)
			vg_text_end_block(p, VG_FLOW_SEEN);
		vg_text_add(p, VG_FLOW_SEEN, &place, start, next, VG_TEXT_RAW);
		start = next;
	}
}

void vg_page_parse(struct vg_page *p, enum vg_page_kind kind)
{
	vg_open_init(p);
	switch (kind) {
	case VG_PAGE_HTML:
		parse_html(p);
		break;
	case VG_PAGE_PLAIN:
		parse_plain(p);
		break;
	case VG_PAGE_CSS:
		vg_links_css(p, 0, p->len);
		break;
	case VG_PAGE_JSON:
		script(
		    p, VG_STR("application/json"), (struct vg_str){NULL, 0}, 0, p->len);
		break;
	case VG_PAGE_SCRIPT:
		script(
		    p, VG_STR("text/javascript"), (struct vg_str){NULL, 0}, 0, p->len);
		break;
	}
	vg_open_finish(p);
}
