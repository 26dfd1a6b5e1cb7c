/* SPDX-License-Identifier: MIT */
/* Records under construction, and links. */
#include "kit.h"

#include <string.h>

const struct vigia_value *kit_get(const struct kit_record *r, uint32_t key)
{
	for (uint64_t i = 0; i < r->count; i++)
		if (r->fields[i].key == key)
			return &r->fields[i].value;
	return NULL;
}

void kit_set(struct kit_record *r, uint32_t key, struct vigia_value value)
{
	value.text = kit_trim(value.text);
	if (value.text.len == 0 || kit_get(r, key) != NULL ||
	    r->count >= sizeof(r->fields) / sizeof(r->fields[0]))
		return;
	r->fields[r->count].key = key;
	r->fields[r->count].value = value;
	r->count++;
}

static struct vigia_value made(const char *text, struct vigia_value from)
{
	return (struct vigia_value){{text, strlen(text)}, from.start, from.end};
}

bool kit_set_price(
    struct kit_record *r, struct vigia_value text, const char *hint, bool bare)
{
	struct kit_money money;

	if (kit_get(r, VIGIA_PRICE) != NULL ||
	    !kit_price(text.text, hint, bare, &money))
		return false;
	memcpy(r->money.amount, money.amount, sizeof(money.amount));
	kit_set(r, VIGIA_PRICE, made(r->money.amount, text));
	if (money.currency[0] != '\0' && kit_get(r, VIGIA_CURRENCY) == NULL) {
		memcpy(r->money.currency, money.currency, sizeof(money.currency));
		kit_set(r, VIGIA_CURRENCY, made(r->money.currency, text));
	}
	return true;
}

void kit_set_currency(struct kit_record *r, struct vigia_value text, const char *hint)
{
	char iso[4];

	if (kit_get(r, VIGIA_CURRENCY) != NULL)
		return;
	kit_currency(text.text, hint, iso);
	if (iso[0] == '\0')
		return;
	memcpy(r->money.currency, iso, sizeof(iso));
	kit_set(r, VIGIA_CURRENCY, made(r->money.currency, text));
}

void kit_set_coordinate(struct kit_record *r, uint32_t key, struct vigia_value text)
{
	char *out = r->coordinates[key == VIGIA_LON];
	size_t digits = 0, points = 0;

	if (text.text.len == 0 || text.text.len >= sizeof(r->coordinates[0]))
		return;
	for (size_t i = 0; i < text.text.len; i++) {
		char c = text.text.ptr[i] == ',' ? '.' : text.text.ptr[i];

		if (c >= '0' && c <= '9')
			digits++;
		else if (c == '.' && i > 0 && i + 1 < text.text.len)
			points++;
		else if (c != '-' || i > 0)
			return;
		out[i] = c;
	}
	if (digits == 0 || points != 1)
		return;
	out[text.text.len] = '\0';
	kit_set(r, key, made(out, text));
}

int32_t kit_emit(const struct kit *k, const struct kit_record *r, uint32_t kind,
    const struct vigia_node *node)
{
	struct vigia_record record = {.struct_size = sizeof(record),
	    .kind = kind,
	    .node = node,
	    .fields = r->fields,
	    .field_count = r->count};

	return k->api->emit_record(k->call, &record);
}

int32_t kit_link(const struct kit *k, uint32_t kind, struct vigia_str href)
{
	struct vigia_link link = {
	    .struct_size = sizeof(link), .kind = kind, .href = href};

	return href.len > 0 ? k->api->emit_link(k->call, &link) : VIGIA_OK;
}
