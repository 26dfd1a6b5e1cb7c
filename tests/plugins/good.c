/* SPDX-License-Identifier: MIT */
/* Does everything right: an instance, a setting, every language of select, records and links. */
#include "config.h"

#include "fixture.h"

#include <stdlib.h>

struct self {
	struct vigia_str greeting;
};

static int32_t create(
    const struct vigia_host_api *api, struct vigia_host *host, void **ret_self)
{
	struct self *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return VIGIA_E_NOMEM;
	if (api->config(host, "greeting", &s->greeting) != VIGIA_OK)
		s->greeting = STR("hello");
	*ret_self = s;
	return VIGIA_OK;
}

static void destroy(void *self)
{
	free(self);
}

static int32_t emit_row(const struct vigia_host_api *api, struct vigia_call *call,
    const struct vigia_node *row)
{
	struct vigia_nodes name, links;
	struct vigia_field fields[2] = {{.key = VIGIA_TITLE}, {.key = VIGIA_URL}};
	struct vigia_record record = {.struct_size = sizeof(record),
	    .kind = VIGIA_KIND_PRODUCT,
	    .node = row,
	    .fields = fields,
	    .field_count = 2};
	struct vigia_link link = {.struct_size = sizeof(link), .kind = VIGIA_LINK_ITEM};
	int32_t st = api->select(call, row, VIGIA_CSS, "b", &name);

	if (st == VIGIA_OK)
		st = api->select(call, row, VIGIA_XPATH, ".//a[@href]", &links);
	if (st != VIGIA_OK || name.count == 0 || links.count == 0)
		return st;
	(void)api->text(call, name.items[0], &fields[0].value);
	(void)api->attr(call, links.items[0], "href", &fields[1].value);
	link.href = fields[1].value.text;
	st = api->emit_link(call, &link);
	return st == VIGIA_OK ? api->emit_record(call, &record) : st;
}

static int32_t parse(PARSE_ARGS)
{
	const struct self *s = self;
	struct vigia_nodes rows;
	int32_t st = api->select(call, NULL, VIGIA_CSS, "li.row", &rows);

	(void)page;
	if (st != VIGIA_OK)
		return st;
	if (rows.count == 0)
		return VIGIA_PASS;
	st = emit_title(api, call, s->greeting);
	for (size_t i = 0; i < rows.count && st == VIGIA_OK; i++)
		st = emit_row(api, call, rows.items[i]);
	return st;
}

static const struct vigia_match matches[] = {
    {.host = "*.good.example", .path_regex = "/list(/\\d+)?", .page_type = 7}};
static const struct vigia_seed seeds[] = {
    {.url = "https://www.good.example/list", .page_type = 7, .recrawl_s = 3600}};
static const struct vigia_plugin plugin = {FIXTURE_FRAME, FIXTURE_BODY, .name = "good",
    .caps_required = VIGIA_CAP_TREE | VIGIA_CAP_LINKS, .seeds = seeds, .seed_count = 1,
    .limits = {.min_delay_ms = 2000, .max_pages = 50}, .create = create,
    .destroy = destroy, .parse = parse};
FIXTURE_ENTRY(plugin)
