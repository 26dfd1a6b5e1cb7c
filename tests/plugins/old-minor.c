/* SPDX-License-Identifier: MIT */
/* Compiled against the header as version 1.0 had it: it must load in every later 1.x. */
#include "config.h"

#include "plugin-1.0.h"

static int32_t parse(const struct vigia_host_api *api, struct vigia_call *call,
    void *self, const struct vigia_page *page)
{
	struct vigia_nodes heads;
	struct vigia_field field = {.key = VIGIA_TITLE};
	struct vigia_record record = {.struct_size = sizeof(record),
	    .kind = VIGIA_KIND_ADVERT,
	    .fields = &field,
	    .field_count = 1};
	int32_t st = api->select(call, NULL, VIGIA_CSS, "h1", &heads);

	(void)self, (void)page;
	if (st != VIGIA_OK || heads.count == 0)
		return st != VIGIA_OK ? st : VIGIA_PASS;
	st = api->text(call, heads.items[0], &field.value);
	return st == VIGIA_OK ? api->emit_record(call, &record) : st;
}

static const struct vigia_match matches[] = {{.host = "old-minor.example"}};
static const struct vigia_plugin plugin = {
    .magic = VIGIA_PLUGIN_MAGIC,
    .struct_size = sizeof(plugin),
    .abi_major = VIGIA_ABI_MAJOR,
    .abi_minor = VIGIA_ABI_MINOR,
    .caps_required = VIGIA_CAP_TREE,
    .name = "old-minor",
    .version = "1.0",
    .license = "MIT",
    .summary = "a fixture",
    .matches = matches,
    .match_count = 1,
    .parse = parse,
};

const struct vigia_plugin *vigia_plugin_v1(void)
{
	return &plugin;
}
