/* SPDX-License-Identifier: MIT */
/* Notices of an example gazette: every heading of <article class=notice> is an advert. */
#include <vigia/plugin.h>

static int32_t parse(const struct vigia_host_api *api, struct vigia_call *call,
    void *self, const struct vigia_page *page)
{
	struct vigia_nodes cards;
	int32_t st = api->select(call, NULL, VIGIA_CSS, "article.notice h2", &cards);

	(void)self, (void)page;
	for (size_t i = 0; st == VIGIA_OK && i < cards.count; i++) {
		struct vigia_field f = {.key = VIGIA_TITLE};
		struct vigia_record r = {.struct_size = sizeof(r),
		    .kind = VIGIA_KIND_ADVERT,
		    .node = cards.items[i],
		    .fields = &f,
		    .field_count = 1};

		st = api->text(
		    call, cards.items[i], &f.value); /* the text, and its bytes */
		if (st == VIGIA_OK)
			st = api->emit_record(call, &r);
	}
	return st != VIGIA_OK ? st : cards.count == 0 ? VIGIA_PASS : VIGIA_OK;
}

static const struct vigia_match matches[] = {
    {.host = "gazette.example", .path_regex = "/notices.*"}};
static const struct vigia_plugin gazette = {
    .magic = VIGIA_PLUGIN_MAGIC,
    .struct_size = sizeof(gazette),
    .abi_major = VIGIA_ABI_MAJOR,
    .caps_required = VIGIA_CAP_TREE,
    .name = "gazette",
    .version = "1.0",
    .license = "MIT",
    .summary = "notices of the example gazette",
    .matches = matches,
    .match_count = 1,
    .parse = parse,
};

const struct vigia_plugin *vigia_plugin_v1(void)
{
	return &gazette;
}
