/* SPDX-License-Identifier: MIT */
/* Finding a document's character encoding. */
#include "config.h"

#include "doc/charset.h"

#include <string.h>
#include <uchardet.h>

#include "base/size.h"
#include "base/utf8.h"

#define PRESCAN_BYTES                                                                  \
	((size_t)64 << 10) /* browsers stop at 1024, then switch while parsing */
#define GUESS_BYTES ((size_t)256 << 10)
#define GUESS_HIGH_BYTES 12 /* fewer tell a statistical guess nothing */

const char *vg_charset_name(struct vg_str label)
{
	size_t low = 0, high = VG_CHARSET_LABEL_COUNT;
	char key[24];
	struct vg_str s = vg_str_trim(label);

	if (!s.len || s.len >= sizeof(key))
		return NULL;
	for (size_t i = 0; i < s.len; i++)
		key[i] = vg_lower(s.ptr[i]);
	key[s.len] = '\0';
	if (strlen(key) != s.len)
		return NULL;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strcmp(vg_charset_labels[mid].label, key);

		if (!order)
			return vg_charset_labels[mid].name;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* HTML standard, "algorithm for extracting a character encoding from a meta element". */
static const char *charset_in(struct vg_str s)
{
	size_t at = 0;

	while ((at = vg_str_ifind(s, VG_STR("charset"), at)) != SIZE_MAX) {
		size_t i = at + 7, end;

		at = i;
		while (i < s.len && vg_is_space(s.ptr[i]))
			i++;
		if (i >= s.len || s.ptr[i] != '=')
			continue;
		i++;
		while (i < s.len && vg_is_space(s.ptr[i]))
			i++;
		if (i < s.len && (s.ptr[i] == '"' || s.ptr[i] == '\'')) {
			end = vg_str_chr(s, s.ptr[i], i + 1);
			return end == SIZE_MAX
				   ? NULL
				   : vg_charset_name(vg_str_sub(s, i + 1, end));
		}
		for (end = i;
		     end < s.len && !vg_is_space(s.ptr[end]) && s.ptr[end] != ';';)
			end++;
		return vg_charset_name(vg_str_sub(s, i, end));
	}
	return NULL;
}

const char *vg_charset_of_type(struct vg_str content_type)
{
	return charset_in(content_type);
}

/* One attribute as the prescan reads it; false at the end of the tag or of the bytes. */
static bool prescan_attr(
    struct vg_str s, size_t *pos, struct vg_str *name, struct vg_str *value)
{
	size_t i = *pos, start;
	char quote;

	while (i < s.len && (vg_is_space(s.ptr[i]) || s.ptr[i] == '/'))
		i++;
	start = i;
	*value = (struct vg_str){NULL, 0};
	for (; i < s.len && !(s.ptr[i] == '=' && i > start); i++)
		if (vg_is_space(s.ptr[i]) || s.ptr[i] == '/' || s.ptr[i] == '>')
			break;
	*name = vg_str_sub(s, start, i);
	while (i < s.len && vg_is_space(s.ptr[i]))
		i++;
	*pos = i;
	if (i >= s.len || s.ptr[i] != '=')
		return name->len && i < s.len;
	for (i++; i < s.len && vg_is_space(s.ptr[i]);)
		i++;
	*pos = i;
	if (i >= s.len)
		return false;
	quote = s.ptr[i];
	if (quote == '"' || quote == '\'') {
		size_t end = vg_str_chr(s, quote, i + 1);

		*pos = end == SIZE_MAX ? s.len : end + 1;
		*value = vg_str_sub(s, i + 1, end);
		return end != SIZE_MAX;
	}
	for (start = i; i < s.len && !vg_is_space(s.ptr[i]) && s.ptr[i] != '>';)
		i++;
	*pos = i;
	*value = vg_str_sub(s, start, i);
	return i < s.len;
}

/* What browsers make of a declaration that cannot be true of bytes they could read so far. */
static const char *charset_of_meta(const char *name)
{
	if (!strcmp(name, "utf-16le") || !strcmp(name, "utf-16be"))
		return "utf-8";
	return strcmp(name, "x-user-defined") ? name : "windows-1252";
}

static const char *prescan_meta(struct vg_str s, size_t *pos)
{
	struct vg_str name, value;
	const char *found = NULL, *in_content = NULL;
	bool pragma = false, seen_charset = false;

	while (prescan_attr(s, pos, &name, &value)) {
		if (vg_str_ieqz(name, "http-equiv")) {
			pragma = vg_str_ieqz(value, "content-type");
		} else if (vg_str_ieqz(name, "content") && !in_content) {
			in_content = charset_in(value);
		} else if (vg_str_ieqz(name, "charset") && !seen_charset) {
			seen_charset = true;
			found = vg_charset_name(value);
		}
	}
	if (*pos >= s.len)
		return NULL;
	if (!seen_charset && pragma)
		found = in_content;
	return found ? charset_of_meta(found) : NULL;
}

static const char *prescan_xml(struct vg_str s)
{
	size_t end, at;

	if (!vg_str_starts(s, VG_STR("<?xml")))
		return NULL;
	end = vg_str_chr(s, '>', 0);
	s = vg_str_sub(s, 0, end);
	at = vg_str_find(s, VG_STR("encoding"), 0);
	if (at == SIZE_MAX)
		return NULL;
	for (at += 8; at < s.len && (vg_is_space(s.ptr[at]) || s.ptr[at] == '=');)
		at++;
	if (at >= s.len || (s.ptr[at] != '"' && s.ptr[at] != '\''))
		return NULL;
	end = vg_str_chr(s, s.ptr[at], at + 1);
	return end == SIZE_MAX ? NULL : vg_charset_name(vg_str_sub(s, at + 1, end));
}

/* HTML standard, "prescan a byte stream to determine its encoding". */
static const char *charset_prescan(struct vg_str s)
{
	size_t i = 0;
	const char *found = prescan_xml(s);

	if (found)
		return charset_of_meta(found);
	while ((i = vg_str_chr(s, '<', i)) != SIZE_MAX) {
		struct vg_str rest = vg_str_sub(s, i, s.len), name, value;

		if (vg_str_starts(rest, VG_STR("<!--"))) {
			/* "<!-->" is a whole comment. */
			i = vg_str_find(s, VG_STR("-->"), i + 2);
			if (i == SIZE_MAX)
				return NULL;
		} else if (vg_str_istarts(rest, VG_STR("<meta")) && rest.len > 5 &&
			   (vg_is_space(rest.ptr[5]) || rest.ptr[5] == '/')) {
			i += 5;
			found = prescan_meta(s, &i);
			if (found)
				return found;
		} else if (rest.len > 2 &&
			   vg_is_alpha(
			       rest.ptr[1] == '/' ? rest.ptr[2] : rest.ptr[1])) {
			while (i < s.len && !vg_is_space(s.ptr[i]) && s.ptr[i] != '>')
				i++;
			while (prescan_attr(s, &i, &name, &value))
				;
		} else if (rest.len > 1 && strchr("!/?", rest.ptr[1])) {
			i = vg_str_chr(s, '>', i);
			if (i == SIZE_MAX)
				return NULL;
		} else {
			i++;
		}
	}
	return NULL;
}

static const char *charset_guess(struct vg_str document)
{
	struct vg_str sample = vg_str_sub(document, 0, GUESS_BYTES);
	const char *name = NULL;
	size_t high = 0;
	uchardet_t detector;

	for (size_t i = 0; i < sample.len && high < GUESS_HIGH_BYTES; i++)
		high += (unsigned char)sample.ptr[i] >= 0x80;
	if (high < GUESS_HIGH_BYTES)
		return NULL;
	detector = uchardet_new();
	if (!detector)
		return NULL;
	if (!uchardet_handle_data(detector, sample.ptr, sample.len)) {
		uchardet_data_end(detector);
		name = vg_charset_name(vg_str(uchardet_get_charset(detector)));
	}
	uchardet_delete(detector);
	/* It is not UTF-8 by validity, and UTF-16 of a page would be full of NULs. */
	if (name && (!strcmp(name, "utf-8") || !strncmp(name, "utf-16", 6)) &&
	    !memchr(sample.ptr, 0, sample.len))
		name = NULL;
	return name;
}

const char *vg_charset_detect(struct vg_str document, struct vg_str content_type,
    bool valid_utf8, enum vg_charset_source *ret_source, size_t *ret_bom)
{
	const char *name;

	*ret_source = VG_CHARSET_BOM;
	*ret_bom = 3;
	if (vg_str_starts(document, VG_STR("\xEF\xBB\xBF")))
		return "utf-8";
	*ret_bom = 2;
	if (vg_str_starts(document, VG_STR("\xFE\xFF")))
		return "utf-16be";
	if (vg_str_starts(document, VG_STR("\xFF\xFE")))
		return "utf-16le";
	*ret_bom = 0;
	*ret_source = VG_CHARSET_HEADER;
	name = vg_charset_of_type(content_type);
	if (name)
		return name;
	*ret_source = VG_CHARSET_META;
	name = charset_prescan(vg_str_sub(document, 0, PRESCAN_BYTES));
	if (name)
		return name;
	*ret_source = VG_CHARSET_GUESS;
	if (valid_utf8)
		return "utf-8";
	name = charset_guess(document);
	if (name)
		return name;
	*ret_source = VG_CHARSET_DEFAULT;
	return "windows-1252";
}
