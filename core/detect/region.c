/* SPDX-License-Identifier: MIT */
/* Votes for countries: each piece of evidence has its weight, the heaviest country speaks. */
#include "config.h"

#include "detect/region.h"

#include <string.h>

static const struct country {
	char code[3], currency[4];
	const char *calling; /* with its plus, NULL where several share it */
	const char *tld;     /* ".mx" */
	const char
	    *names[9]; /* country, cities and words nobody else uses; NULL ends */
} countries[] = {
    {"US", "USD", NULL, ".us",
	{"USA", "United States", "U.S.", "Texas", "California", "Florida", "New York",
	    "Arizona", NULL}},
    {"MX", "MXN", "+52", ".mx",
	{"M\u00e9xico", "Mexico", "CDMX", "Guadalajara", "Tijuana", "Canc\u00fan",
	    "Monterrey", "MXN", NULL}},
    {"CA", "CAD", NULL, ".ca",
	{"Canada", "Toronto", "Vancouver", "Ontario", "British Columbia", "Alberta",
	    "CAD", NULL}},
    {"GB", "GBP", "+44", ".uk",
	{"United Kingdom", "London", "England", "Manchester", "Scotland", "GBP", "NHS",
	    NULL}},
    {"ES", "EUR", "+34", ".es",
	{"Espa\u00f1a", "Madrid", "Barcelona", "Valencia", "Sevilla", "M\u00e1laga",
	    "Correos", NULL}},
    {"CO", "COP", "+57", ".co",
	{"Colombia", "Bogot\u00e1", "Medell\u00edn", "Cali", "Barranquilla", "COP",
	    "Cartagena", NULL}},
    {"AR", "ARS", "+54", ".ar",
	{"Argentina", "Buenos Aires", "C\u00f3rdoba", "Rosario", "CABA", "ARS",
	    "Mendoza", NULL}},
    {"CL", "CLP", "+56", ".cl",
	{"Chile", "Santiago", "Valpara\u00edso", "Concepci\u00f3n", "CLP", NULL}},
    {"PE", "PEN", "+51", ".pe", {"Per\u00fa", "Lima", "Arequipa", "PEN", NULL}},
    {"BR", "BRL", "+55", ".br",
	{"Brasil", "S\u00e3o Paulo", "Rio de Janeiro", "Sedex", "BRL", "Pix", NULL}},
    {"PT", "EUR", "+351", ".pt", {"Portugal", "Lisboa", "Porto", "CTT", NULL}},
    {"FR", "EUR", "+33", ".fr",
	{"France", "Paris", "Lyon", "Marseille", "Colissimo", NULL}},
    {"BE", "EUR", "+32", ".be",
	{"Belgique", "Bruxelles", "Li\u00e8ge", "Louvain", NULL}},
    {"CH", "CHF", "+41", ".ch",
	{"Suisse", "Schweiz", "Gen\u00e8ve", "Z\u00fcrich", "CHF", NULL}},
    {"DE", "EUR", "+49", ".de",
	{"Deutschland", "Berlin", "Hamburg", "M\u00fcnchen", "DHL", NULL}},
    {"AT", "EUR", "+43", ".at", {"\u00d6sterreich", "Wien", "Graz", NULL}},
    {"RU", "RUB", "+7", ".ru",
	{"\u0420\u043e\u0441\u0441\u0438", "\u041c\u043e\u0441\u043a\u0432",
	    "\u043f\u043e \u0420\u0424", "\u0441\u043f\u0431", NULL}},
    {"IN", "INR", "+91", ".in", {"India", "Mumbai", "Delhi", "INR", "Bangalore", NULL}},
    {"CN", "CNY", "+86", ".cn", {"\u4e2d\u56fd", "\u5317\u4eac", "\u4e0a\u6d77", NULL}},
    {"CR", "CRC", "+506", ".cr", {"Costa Rica", NULL}},
    {"EC", "USD", "+593", ".ec", {"Ecuador", "Quito", "Guayaquil", NULL}},
    {"GT", "GTQ", "+502", ".gt", {"Guatemala", NULL}},
    {"DO", "DOP", NULL, ".do", {"Rep\u00fablica Dominicana", "Punta Cana", NULL}},
    {"AU", "AUD", "+61", ".au", {"Australia", "Sydney", "Melbourne", "AUD", NULL}},
};
#define COUNTRIES (sizeof(countries) / sizeof(countries[0]))

/* Where a language alone points. */
static const struct {
	const char *lang, *country;
} by_language[] = {{"es", "MX"}, {"pt", "BR"}, {"fr", "FR"}, {"de", "DE"}, {"ru", "RU"},
    {"zh", "CN"}, {"en", "US"}};

enum {
	BY_LANGUAGE = 2,
	BY_NAME = 3,
	BY_DOMAIN = 12,
	BY_CODE = 8,
	BY_LOCALE = 8,
	CAP = 40
};

struct votes {
	unsigned of[COUNTRIES];
};

static void vote(struct votes *v, size_t country, unsigned weight)
{
	if (v->of[country] < CAP)
		v->of[country] += weight;
}

static size_t country_index(struct vg_str code)
{
	for (size_t i = 0; i < COUNTRIES; i++) {
		if (vg_str_ieqz(code, countries[i].code))
			return i;
	}
	return COUNTRIES;
}

/* "es-MX", "es_MX": the region. */
static void locale(struct votes *v, struct vg_str tag)
{
	size_t at = vg_str_chr(tag, '-', 0), country;

	if (at == SIZE_MAX)
		at = vg_str_chr(tag, '_', 0);
	if (at == SIZE_MAX)
		return;
	country = country_index(vg_str_sub(tag, at + 1, at + 3));
	/* en-US is what builders put on every page. */
	if (country < COUNTRIES && tag.len == at + 3)
		vote(v, country, country == 0 ? 1 : BY_LOCALE);
}

static void domain(struct votes *v, struct vg_str url)
{
	size_t at = vg_str_find(url, VG_STR("://"), 0);
	struct vg_str host = at == SIZE_MAX ? url : vg_str_sub(url, at + 3, url.len);
	size_t end = 0;

	while (end < host.len && strchr("/?#:", host.ptr[end]) == NULL)
		end++;
	host = vg_str_sub(host, 0, end);
	for (size_t i = 0; i < COUNTRIES; i++) {
		if (vg_str_ends(host, vg_str(countries[i].tld)))
			vote(v, i, BY_DOMAIN);
	}
}

/* A calling code at text[at], behind its plus. */
static void calling_code(struct votes *v, struct vg_str text, size_t at)
{
	for (size_t i = 0; i < COUNTRIES; i++) {
		struct vg_str rest = vg_str_sub(text, at, text.len);
		if (countries[i].calling != NULL &&
		    vg_str_starts(rest, vg_str(countries[i].calling)))
			vote(v, i, BY_CODE);
	}
	/* +1: which country the area code tells, but most are the United States. */
	if (at + 2 < text.len && text.ptr[at + 1] == '1')
		vote(v, 0, BY_CODE / 2);
}

static bool word_start(struct vg_str text, size_t at)
{
	return at == 0 || (!vg_is_alnum(text.ptr[at - 1]) &&
			      (unsigned char)text.ptr[at - 1] < 0xC0);
}

static void names(struct votes *v, struct vg_str text, size_t at)
{
	for (size_t i = 0; i < COUNTRIES; i++) {
		for (size_t k = 0; countries[i].names[k] != NULL; k++) {
			struct vg_str name = vg_str(countries[i].names[k]);
			if (name.ptr[0] != text.ptr[at] ||
			    !vg_str_eq(vg_str_sub(text, at, at + name.len), name))
				continue;
			if (at + name.len >= text.len ||
			    !vg_is_alpha(text.ptr[at + name.len]) ||
			    (unsigned char)name.ptr[0] >= 0x80)
				vote(v, i, BY_NAME);
		}
	}
}

static void read_block(struct votes *v, struct vg_str text)
{
	for (size_t at = 0; at < text.len; at++) {
		char c = text.ptr[at];
		if (c == '+')
			calling_code(v, text, at);
		else if (((c >= 'A' && c <= 'Z') || (unsigned char)c >= 0xC3) &&
			 word_start(text, at))
			names(v, text, at);
	}
}

static void links(struct votes *v, const struct vg_doc *doc)
{
	for (size_t i = 0; i < doc->link_count; i++) {
		struct vg_str raw = doc->links[i].raw;
		char plus[8] = "+";
		size_t at = vg_str_find(raw, VG_STR("wa.me/"), 0), skip = 6;
		if (at == SIZE_MAX) {
			at = vg_str_find(raw, VG_STR("phone="), 0);
			if (at != SIZE_MAX &&
			    vg_str_find(raw, VG_STR("whatsapp"), 0) == SIZE_MAX)
				at = SIZE_MAX;
		}
		if (at == SIZE_MAX && vg_str_istarts(raw, VG_STR("tel:+"))) {
			at = 0;
			skip = 5;
		}
		if (at == SIZE_MAX || raw.len < at + skip + 6)
			continue;
		at += skip;
		at += raw.ptr[at] == '+';
		struct vg_str digits = vg_str_sub(raw, at, at + 6);
		memcpy(plus + 1, digits.ptr, digits.len);
		calling_code(v, (struct vg_str){plus, 1 + digits.len}, 0);
	}
}

/* What a bare dollar sign means there: dollars in English, the country's peso otherwise. */
static void currency(
    const struct vg_doc *doc, struct vg_str lang, size_t country, struct vg_region *ret)
{
	size_t peso = 0, dollar = 0;

	memcpy(ret->currency, countries[country].currency, 4);
	if (!vg_str_istarts(lang, VG_STR("en")) || country == 0)
		return;
	for (size_t i = 0; i < doc->block_count; i++) {
		struct vg_str text = doc->blocks[i].text;
		if (doc->blocks[i].where == VG_WHERE_SCRIPT)
			continue;
		peso += vg_str_find(text, vg_str(countries[country].currency), 0) !=
			    SIZE_MAX ||
			vg_str_ifind(text, VG_STR("pesos"), 0) != SIZE_MAX;
		dollar += vg_str_find(text, VG_STR("USD"), 0) != SIZE_MAX ||
			  vg_str_ifind(text, VG_STR("dollar"), 0) != SIZE_MAX;
	}
	if (peso <= dollar || peso == 0)
		memcpy(ret->currency, "USD", 4);
}

void vg_region_of(const struct vg_doc *doc, struct vg_str lang, struct vg_region *ret)
{
	struct votes v = {{0}};
	size_t best = 0;

	domain(&v, doc->url);
	locale(&v, doc->declared_lang);
	for (size_t i = 0; i < doc->meta_count; i++) {
		if (vg_str_eqz(doc->metas[i].name, "og:locale"))
			locale(&v, doc->metas[i].content);
	}
	links(&v, doc);
	for (size_t i = 0; i < doc->block_count; i++)
		read_block(&v, doc->blocks[i].text);
	unsigned evidence = 0;
	for (size_t i = 0; i < COUNTRIES; i++)
		evidence += v.of[i];
	for (size_t i = 0; i < sizeof(by_language) / sizeof(by_language[0]); i++) {
		if (vg_str_istarts(lang, vg_str(by_language[i].lang)))
			vote(&v, country_index(vg_str(by_language[i].country)),
			    BY_LANGUAGE);
	}
	for (size_t i = 1; i < COUNTRIES; i++) {
		if (v.of[i] > v.of[best])
			best = i;
	}
	*ret = (struct vg_region){.certain = evidence > 0};
	memcpy(ret->country, countries[best].code, 3);
	currency(doc, lang, best, ret);
}
