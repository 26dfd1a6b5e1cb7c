/* SPDX-License-Identifier: MIT */
/*
 * Writes a site for the benchmark: a shop's pages of varied size, the same for the same arguments. As on a real
 * site, style sheet, menu and most of the script are those of the site, cards and texts those of the page.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"

#define PAGE_BYTES ((size_t)1 << 20)

static const char *const words[] = {"casa", "playa", "hotel", "envío", "price", "order",
    "caja", "the", "with", "para", "market", "semana", "week", "nuevo", "stock",
    "cliente", "service", "mar", "sol", "calle", "open", "daily", "farmacia",
    "pharmacy", "tableta", "health", "viaje", "tour", "beach", "centro", "abierto",
    "horario", "call", "email", "review", "bueno", "excelente", "rápido", "ship",
    "costo", "total", "oferta", "sale", "model", "color", "size", "talla", "grande",
    "small"};
static const char *const rare[] = {"tramadol 50 mg", "amoxicilina 500 mg", "sin receta",
    "no prescription needed", "receta médica", "guaranteed returns", "timeshare",
    "WhatsApp +52 984 555 0123", "alprazolam 2 mg", "ventas@tienda.example"};

static uint64_t next_random(
    uint64_t *state) /* xorshift64*: the same on every machine */
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545F4914F6CDD1Du;
}

static size_t pick(uint64_t *state, size_t below)
{
	return (size_t)(next_random(state) >> 33) % below;
}

static void add_words(struct vg_buf *b, uint64_t *state, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		vg_buf_addz(b, words[pick(state, sizeof(words) / sizeof(words[0]))]);
		vg_buf_addz(b, i % 12 == 11 ? ". " : " ");
	}
	if (pick(state, 8) == 0)
		vg_buf_addz(b, rare[pick(state, sizeof(rare) / sizeof(rare[0]))]);
}

/* The style sheet of one of a shop's kinds of page: all pages of that kind share it. */
static void add_style(struct vg_buf *b, size_t kind)
{
	uint64_t state = 77 + kind;

	vg_buf_addz(b, "<style>");
	for (size_t i = 0; i < 160; i++)
		vg_buf_addf(b,
		    ".c%zu-%zu{margin:%zupx %zupx;color:#%06zx;display:block}\n", i,
		    pick(&state, 90), pick(&state, 40), pick(&state, 40),
		    pick(&state, 0xFFFFFF));
	vg_buf_addz(b, "</style>\n");
}

static void add_card(struct vg_buf *b, uint64_t *state, size_t pages)
{
	size_t to = pick(state, pages);

	vg_buf_addf(b,
	    "<li class=\"product type-product post-%zu\"><a class=\"loop-link\" "
	    "href=\"/p/%zu.html\">"
	    "<img src=\"/img/%zu.jpg\" width=\"300\" height=\"300\" alt=\"",
	    to, to, to);
	add_words(b, state, 2);
	vg_buf_addz(b, "\"><h2 class=\"product__title\">");
	add_words(b, state, 3);
	vg_buf_addf(b,
	    "</h2><span class=\"price\"><span "
	    "class=\"amount\">$%zu.%02zu</span></span></a>"
	    "<a href=\"/p/%zu.html#reviews\" class=\"button\" "
	    "data-id=\"%zu\">Ver</a></li>\n",
	    10 + pick(state, 900), pick(state, 100), to, to);
}

static void write_page(struct vg_buf *b, uint64_t *state, size_t number, size_t pages)
{
	size_t scale = 1 + pick(state, 4) * pick(state, 3);

	vg_buf_addf(b,
	    "<!DOCTYPE html>\n<html lang=\"es\"><head><meta "
	    "charset=\"utf-8\"><title>Página %zu</title>\n",
	    number);
	add_style(b, scale);
	vg_buf_addz(b, "</head><body class=\"archive\"><nav><ul>\n");
	for (size_t i = 0; i < 24; i++)
		vg_buf_addf(b,
		    "<li class=\"menu-item menu-item-%zu\"><a "
		    "href=\"/p/%zu.html\">%s</a></li>\n",
		    i, i * 37 % pages, words[i]);
	vg_buf_addz(b, "</ul></nav><main><h1>");
	add_words(b, state, 4);
	vg_buf_addz(b, "</h1><ul class=\"products\">\n");
	for (size_t i = 0; i < 9 * scale; i++)
		add_card(b, state, pages);
	vg_buf_addz(b, "</ul>\n");
	for (size_t i = 0; i < 10 * scale; i++) {
		vg_buf_addz(b, "<div class=\"entry\"><p>");
		add_words(b, state, 60);
		vg_buf_addz(b, "</p></div>\n");
	}
	vg_buf_addz(b, "<script>var state={");
	for (size_t i = 0; i < 600; i++) /* a few values are the page's own */
		vg_buf_addf(b, "\"k%zu\":%zu,", i,
		    i % 16 == 0 ? pick(state, 100000) : i * 7919 % 100000);
	vg_buf_addf(b,
	    "\"end\":0};</script></main><footer><a "
	    "href=\"/p/%zu.html\">next</a></footer></body></html>\n",
	    (number + 1) % pages);
}

static int generate(const char *dir, size_t pages, uint64_t seed)
{
	struct vg_buf page = VG_BUF_INIT(PAGE_BYTES);
	struct vg_error err;
	char path[4096];
	int status = 3;

	(void)snprintf(path, sizeof(path), "%s/p", dir);
	if ((mkdir(dir, 0755) && errno != EEXIST) ||
	    (mkdir(path, 0755) && errno != EEXIST)) {
		perror(dir);
		return 3;
	}
	for (size_t i = 0; i <= pages; i++) {
		uint64_t state = seed * 1000003 + i + 1;

		vg_buf_clear(&page);
		write_page(&page, &state, i % pages, pages);
		if (i < pages)
			(void)snprintf(path, sizeof(path), "%s/p/%zu.html", dir, i);
		else
			(void)snprintf(path, sizeof(path), "%s/index.html", dir);
		if (vg_buf_status(&page, &err) ||
		    vg_write_file(path, vg_buf_str(&page), &err)) {
			(void)fprintf(stderr, "generate: %s\n", err.msg);
			goto out;
		}
	}
	status = 0;
out:
	vg_buf_release(&page);
	return status;
}

int main(int argc, char **argv)
{
	uint64_t pages, seed = 7;

	if (argc < 3 || !vg_str_to_u64(vg_str(argv[2]), &pages) || !pages ||
	    pages > 1000000 || (argc > 3 && !vg_str_to_u64(vg_str(argv[3]), &seed))) {
		(void)fputs("usage: generate DIR PAGES [SEED]\n", stderr);
		return 2;
	}
	return generate(argv[1], (size_t)pages, seed);
}
