/* SPDX-License-Identifier: MIT */
/* Entities of a small page: value, kind, place. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/entity.h"

static const char page[] =
    "<html lang=es-MX><title>x</title>"
    "<a href='https://wa.me/5213225550134'>chat</a>"
    "<p>Escribe a ventas (arroba) tienda (punto) example o +52 322 555 0134</p>"
    "<p>Telegram @vendedor_77 y CLABE 002010077777777771</p>"
    "<script>gtag('config','G-ABCDEF1234'); fbq('init','123456789012345');</script>"
    "<img src=\"logo@2x.png\"><p>ID 12345</p>";

static const struct vg_entity *find(
    const struct vg_entity *list, size_t count, const char *kind)
{
	for (size_t i = 0; i < count; i++) {
		if (vg_str_eqz(list[i].kind, kind))
			return &list[i];
	}
	return NULL;
}

static void test_page(void **state)
{
	static const char *const want[][2] = {
	    {"whatsapp", "+523225550134"},
	    {"email", "ventas@tienda.example"},
	    {"telegram", "vendedor_77"},
	    {"clabe", "002010077777777771"},
	    {"ga", "G-ABCDEF1234"},
	    {"fbpixel", "123456789012345"},
	};
	struct vg_arena *arena = vg_arena_new(16 << 20);
	struct vg_doc_input in = {
	    .payload = VG_STR(page), .content_type = VG_STR("text/html")};
	struct vg_doc *doc;
	struct vg_region region;
	const struct vg_entity *list;
	size_t count;

	(void)state;
	assert_int_equal(vg_doc_read(arena, &in, &doc, NULL), VG_OK);
	vg_region_of(doc, VG_STR("es"), &region);
	assert_string_equal(region.country, "MX");
	assert_string_equal(region.currency, "MXN");
	assert_int_equal(
	    vg_entities_find(NULL, doc, &region, &list, &count, NULL), VG_OK);
	assert_int_equal(count, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		const struct vg_entity *e = find(list, count, want[i][0]);
		assert_non_null(e);
		assert_true(vg_str_eqz(e->value, want[i][1]));
		assert_true(e->at.start < e->at.end && e->at.end <= sizeof(page) - 1);
	}
	const struct vg_entity *clabe = find(list, count, "clabe");
	assert_memory_equal(page + clabe->at.start, "002010077777777771", 18);
	vg_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_page)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
