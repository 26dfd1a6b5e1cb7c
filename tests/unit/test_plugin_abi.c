/* SPDX-License-Identifier: MIT */
/* Sizes and offsets that plugins compiled today rely on for ever (LP64). */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <vigia/plugin.h>

#include "plugin/plugin_priv.h"

#define AT(type, field, offset) assert_int_equal(offsetof(struct type, field), (offset))
#define SIZE(type, size) assert_int_equal(sizeof(struct type), (size))

static void frozen_structs__lp64__as_in_1_0(void **state)
{
	(void)state;
	SIZE(vigia_str, 16);
	SIZE(vigia_value, 32);
	AT(vigia_value, start, 16);
	AT(vigia_value, end, 24);
	SIZE(vigia_header, 32);
	SIZE(vigia_match, 40);
	AT(vigia_match, path_regex, 8);
	AT(vigia_match, content, 16);
	AT(vigia_match, by, 24);
	AT(vigia_match, page_type, 28);
	AT(vigia_match, priority, 32);
	AT(vigia_match, reserved, 36);
	SIZE(vigia_seed, 16);
	AT(vigia_seed, page_type, 8);
	AT(vigia_seed, recrawl_s, 12);
	SIZE(vigia_limits, 16);
	SIZE(vigia_nodes, 16);
	SIZE(vigia_field, 40);
	AT(vigia_field, value, 8);
}

static void grown_structs__lp64__begin_as_in_1_0(void **state)
{
	(void)state;
	assert_true(sizeof(struct vigia_page) >= 80);
	AT(vigia_page, page_type, 4);
	AT(vigia_page, http_status, 8);
	AT(vigia_page, header_count, 12);
	AT(vigia_page, fetched_at, 16);
	AT(vigia_page, url, 24);
	AT(vigia_page, content_type, 40);
	AT(vigia_page, text, 56);
	AT(vigia_page, headers, 72);
	assert_true(sizeof(struct vigia_info) >= 48);
	AT(vigia_info, kind, 4);
	AT(vigia_info, name, 8);
	AT(vigia_info, parent, 24);
	AT(vigia_info, start, 32);
	AT(vigia_info, end, 40);
	assert_true(sizeof(struct vigia_record) >= 48);
	AT(vigia_record, kind, 4);
	AT(vigia_record, natural_key, 8);
	AT(vigia_record, node, 24);
	AT(vigia_record, fields, 32);
	AT(vigia_record, field_count, 40);
	assert_true(sizeof(struct vigia_link) >= 32);
	AT(vigia_link, kind, 4);
	AT(vigia_link, page_type, 8);
	AT(vigia_link, href, 16);
}

static void tables__lp64__begin_as_in_1_0(void **state)
{
	(void)state;
	assert_true(sizeof(struct vigia_host_api) >= 72);
	AT(vigia_host_api, abi_minor, 4);
	AT(vigia_host_api, config, 8);
	AT(vigia_host_api, select, 16);
	AT(vigia_host_api, info, 24);
	AT(vigia_host_api, text, 32);
	AT(vigia_host_api, attr, 40);
	AT(vigia_host_api, emit_record, 48);
	AT(vigia_host_api, emit_link, 56);
	AT(vigia_host_api, emit_problem, 64);
	assert_true(sizeof(struct vigia_plugin) >= VG_PLUGIN_FLOOR);
	assert_int_equal(VG_PLUGIN_FLOOR, 128);
	AT(vigia_plugin, struct_size, 4);
	AT(vigia_plugin, abi_major, 8);
	AT(vigia_plugin, abi_minor, 12);
	AT(vigia_plugin, caps_required, 16);
	AT(vigia_plugin, caps_optional, 24);
	AT(vigia_plugin, name, 32);
	AT(vigia_plugin, version, 40);
	AT(vigia_plugin, license, 48);
	AT(vigia_plugin, summary, 56);
	AT(vigia_plugin, matches, 64);
	AT(vigia_plugin, seeds, 72);
	AT(vigia_plugin, match_count, 80);
	AT(vigia_plugin, seed_count, 84);
	AT(vigia_plugin, limits, 88);
	AT(vigia_plugin, create, 104);
	AT(vigia_plugin, destroy, 112);
	AT(vigia_plugin, parse, 120);
}

static void constants__any__as_in_1_0(void **state)
{
	(void)state;
	assert_int_equal(VIGIA_PLUGIN_MAGIC, 0x56474931);
	assert_int_equal(VIGIA_E_NOT_FOUND, -6);
	assert_int_equal(VIGIA_STOCK, 14);
	assert_int_equal(VIGIA_BY_ANY, 6);
	assert_int_equal(VIGIA_BY_START, 7);
	assert_int_equal(VIGIA_LINK_SEED, 5);
	assert_int_equal(VIGIA_NODE_MATCH, 10);
	assert_int_equal(VIGIA_REGEX, 4);
	assert_int_equal(VIGIA_KIND_MESSAGE, 4);
	assert_int_equal(VIGIA_KIND_ENTRY, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(frozen_structs__lp64__as_in_1_0),
	    cmocka_unit_test(grown_structs__lp64__begin_as_in_1_0),
	    cmocka_unit_test(tables__lp64__begin_as_in_1_0),
	    cmocka_unit_test(constants__any__as_in_1_0),
	};

	return cmocka_run_group_tests_name("plugin/abi", tests, NULL, NULL);
}
