/* SPDX-License-Identifier: MIT */
/* Tests of detect/missing: pages that say they do not exist, and pages that only speak of such. */
#include "config.h"

#include "support/lexicon.h"

#include <stdlib.h>

#include "base/limits.h"
#include "detect/detect.h"

static void check(const char *html, bool missing)
{
	struct vg_arena *a = vg_arena_new(VG_MAX_PAGE_ARENA);
	struct vg_doc_input in = {.payload = vg_str(html),
	    .content_type = VG_STR("text/html; charset=utf-8"),
	    .url = VG_STR("http://page.example/")};
	struct vg_result *r = NULL;
	struct vg_doc *doc = NULL;

	assert_non_null(a);
	assert_int_equal(vg_doc_read(a, &in, &doc, NULL), VG_OK);
	assert_int_equal(vg_detect(lex, doc, &r, NULL), VG_OK);
	if (r->missing != missing)
		fail_msg("%smissing: %s", r->missing ? "" : "not ", html);
	vg_arena_free(a);
}

static void test_missing(void **state)
{
	static const char *const pages[] = {
	    "<title>Page not found</title><p>Sorry.",
	    "<title>Shop</title><h1>404 Not Found</h1><p>Back to the <a href=/>start</a>",
	    "<title>404</title><body>nothing here",
	    "<title>404 - Farmacia Sol</title><body>",
	    "<title>Farmacia Sol</title><h1>Página no encontrada</h1>",
	    "<title>Producto no encontrado | Farmacia Sol</title><body><p>Ver otros.",
	    "<title>Loja</title><h1>Página não encontrada</h1><p>Voltar",
	    "<title>Oups</title><h1>Page introuvable</h1><p>Revenir",
	    "<title>Shop</title><h1>Error 404</h1><form>search<input></form>",
	    "<title>Not found</title><body>",
	    "<title>Seite nicht gefunden – Apotheke</title><body>",
	    "<title>Страница не найдена</title><body><p>Вернитесь на главную",
	    "<title>页面不存在</title><body>",
	    "<nav>Tramadol Xanax</nav><h2>Error 404</h2><p>The link is old.",
	    "<title>x</title><h1>This page does not exist</h1><aside>Popular: Aspirin</aside>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		check(pages[i], true);
}

#define SENTENCE                                                                       \
	"<p>We deliver vitamins, creams and bandages to your door on working days, "   \
	"from eight to six.</p>"

static void test_not_missing(void **state)
{
	static const char *const pages[] = {
	    "<title>Farmacia Sol</title><h1>Catálogo</h1><aside><h2>Producto no "
	    "encontrado</h2></aside><p>Aspirina",
	    "<title>Farmacia Sol</title><h1>Catálogo</h1><form>Producto no encontrado"
	    "<input name=q></form><p>Aspirina",
	    "<title>Farmacia Sol</title><h1>Catálogo</h1><p>Producto no encontrado",
	    "<title>Farmacia Sol</title><aside><h1>Página no encontrada</h1></aside>",
	    "<title>Farmacia Sol</title><h1>Catálogo</h1><h2>Página no encontrada</h2>",
	    /* What is sold is sold, whatever the title says. */
	    "<html lang=en><title>Page not found</title><h1>404 Not Found</h1>"
	    "<ul><li>Tramadol 100mg, 90 tablets $120 <button>Add to cart</button>"
	    "<li>Xanax 2mg, 60 pills $150 <button>Add to cart</button></ul>"
	    "<p>No prescription required. Discreet shipping, pay with Bitcoin.",
	    "<html lang=en><title>Page not found</title><p>Buy Tramadol without "
	    "prescription, WhatsApp +52 612 123 4567, discreet shipping worldwide",
	    "<title>404 Main Street Pharmacy</title><h1>Opening hours</h1>",
	    "<title>Suite 404</title><h1>How to find us</h1>",
	    "<title>Lost and found</title><h1>Found</h1>",
	    "<title>Farmacia Sol</title><h1>Bienvenidos</h1>",
	    "<title>Farmacia Sol</title><script>var m = 'Page not found';</script>",
	    "<title>Farmacia Sol</title><h1 hidden>Page not found</h1><p>Hola",
	    "<title>Farmacia Sol</title><footer><h2>Page not found</h2></footer>",
	    "<title>What to do when it says: page not found</title><h1>Guide</h1>" SENTENCE
		SENTENCE SENTENCE SENTENCE SENTENCE SENTENCE SENTENCE SENTENCE,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		check(pages[i], false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_missing),
	    cmocka_unit_test(test_not_missing),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
