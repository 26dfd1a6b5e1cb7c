/* SPDX-License-Identifier: MIT */
/* A correct descriptor that each faulty plugin spoils in one place. */
#ifndef TESTS_PLUGINS_FIXTURE_H
#define TESTS_PLUGINS_FIXTURE_H

#include <string.h>

#include <vigia/plugin.h>

#define STR(lit) ((struct vigia_str){(lit), sizeof(lit) - 1})
#define PARSE_ARGS                                                                     \
	const struct vigia_host_api *api, struct vigia_call *call, void *self,         \
	    const struct vigia_page *page

#define FIXTURE_MATCHES(test_host)                                                     \
	static const struct vigia_match matches[] = {{.host = (test_host)}}
#define FIXTURE_FRAME                                                                  \
	.magic = VIGIA_PLUGIN_MAGIC, .struct_size = sizeof(struct vigia_plugin)
#define FIXTURE_BODY                                                                   \
	.abi_major = VIGIA_ABI_MAJOR, .version = "1.0", .license = "MIT",              \
	.summary = "a fixture", .matches = matches, .match_count = 1

#define FIXTURE_ENTRY(descriptor)                                                      \
	const struct vigia_plugin *vigia_plugin_v1(void)                               \
	{                                                                              \
		return &(descriptor);                                                  \
	}

static inline int32_t emit_title(
    const struct vigia_host_api *api, struct vigia_call *call, struct vigia_str title)
{
	const struct vigia_field field = {
	    .key = VIGIA_TITLE, .value = {title, VIGIA_NO_SPAN, VIGIA_NO_SPAN}};
	const struct vigia_record record = {.struct_size = sizeof(record),
	    .kind = VIGIA_KIND_ADVERT,
	    .fields = &field,
	    .field_count = 1};

	return api->emit_record(call, &record);
}

#endif
