/* SPDX-License-Identifier: MIT */
/* Strings and selections. */
#include "kit.h"

#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct vigia_str kit_str(const char *z)
{
	return (struct vigia_str){z, strlen(z)};
}

struct vigia_str kit_trim(struct vigia_str s)
{
	while (s.len > 0 && is_space(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool kit_starts(struct vigia_str s, const char *z)
{
	size_t i = 0;

	while (i < s.len && z[i] != '\0' && lower(s.ptr[i]) == lower(z[i]))
		i++;
	return z[i] == '\0';
}

bool kit_is(struct vigia_str s, const char *z)
{
	return s.len == strlen(z) && kit_starts(s, z);
}

size_t kit_find(struct vigia_str s, const char *z)
{
	/* The rest of a page is passed over in long strides, to the next byte that may begin it. */
	char low = lower(z[0]), up = low >= 'a' && low <= 'z' ? (char)(low - 32) : low;
	const char *end = s.ptr + s.len, *at_low, *at_up;

	if (s.len == 0)
		return SIZE_MAX;
	if (low == '\0')
		return 0;
	at_low = memchr(s.ptr, low, s.len);
	at_up = up != low ? memchr(s.ptr, up, s.len) : NULL;
	while (at_low != NULL || at_up != NULL) {
		bool is_low = at_up == NULL || (at_low != NULL && at_low < at_up);
		const char *at = is_low ? at_low : at_up, *next;

		if (kit_starts(kit_sub(s, (size_t)(at - s.ptr), s.len), z))
			return (size_t)(at - s.ptr);
		next = memchr(at + 1, is_low ? low : up, (size_t)(end - at - 1));
		if (is_low)
			at_low = next;
		else
			at_up = next;
	}
	return SIZE_MAX;
}

bool kit_has_word(struct vigia_str list, const char *word)
{
	size_t at = 0;

	while (at < list.len) {
		size_t from = at;

		while (at < list.len && !is_space(list.ptr[at]))
			at++;
		if (kit_is(kit_sub(list, from, at), word))
			return true;
		at++;
	}
	return false;
}

struct vigia_str kit_sub(struct vigia_str s, size_t start, size_t end)
{
	if (end > s.len)
		end = s.len;
	if (start > end)
		start = end;
	return (struct vigia_str){s.ptr + start, end - start};
}

size_t kit_digits(struct vigia_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] >= '0' && s.ptr[i] <= '9';
	return n;
}

struct vigia_nodes kit_all(const struct kit *k, const struct vigia_node *ctx,
    uint32_t language, const char *expression)
{
	struct vigia_nodes nodes = {NULL, 0};

	if (k->api->select(k->call, ctx, language, expression, &nodes) != VIGIA_OK)
		nodes.count = 0;
	return nodes;
}

const struct vigia_node *kit_first(
    const struct kit *k, const struct vigia_node *ctx, const char *css)
{
	struct vigia_nodes nodes = kit_all(k, ctx, VIGIA_CSS, css);

	return nodes.count > 0 ? nodes.items[0] : NULL;
}

struct vigia_info kit_info(const struct kit *k, const struct vigia_node *node)
{
	struct vigia_info info = {.struct_size = sizeof(info)};

	if (node == NULL || k->api->info(k->call, node, &info) != VIGIA_OK)
		info =
		    (struct vigia_info){.start = VIGIA_NO_SPAN, .end = VIGIA_NO_SPAN};
	return info;
}

static struct vigia_value nothing(void)
{
	return (struct vigia_value){{"", 0}, VIGIA_NO_SPAN, VIGIA_NO_SPAN};
}

struct vigia_value kit_text(const struct kit *k, const struct vigia_node *node)
{
	struct vigia_value v;

	if (node == NULL || k->api->text(k->call, node, &v) != VIGIA_OK ||
	    v.text.ptr == NULL)
		return nothing();
	v.text = kit_trim(v.text);
	return v;
}

struct vigia_value kit_attr(
    const struct kit *k, const struct vigia_node *node, const char *name)
{
	struct vigia_value v;

	if (node == NULL || k->api->attr(k->call, node, name, &v) != VIGIA_OK ||
	    v.text.ptr == NULL)
		return nothing();
	v.text = kit_trim(v.text);
	return v;
}

struct vigia_value kit_css_text(
    const struct kit *k, const struct vigia_node *ctx, const char *css)
{
	return kit_text(k, kit_first(k, ctx, css));
}

struct vigia_value kit_css_attr(const struct kit *k, const struct vigia_node *ctx,
    const char *css, const char *name)
{
	return kit_attr(k, kit_first(k, ctx, css), name);
}

struct vigia_value kit_meta(const struct kit *k, const char *name)
{
	struct vigia_nodes metas = kit_all(k, NULL, VIGIA_CSS, "meta[content]");

	for (size_t i = 0; i < metas.count; i++) {
		if (kit_is(kit_attr(k, metas.items[i], "property").text, name) ||
		    kit_is(kit_attr(k, metas.items[i], "name").text, name))
			return kit_attr(k, metas.items[i], "content");
	}
	return nothing();
}
