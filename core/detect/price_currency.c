/* SPDX-License-Identifier: MIT */
/* The table of currencies and its look-up; longest spelling wins. */
#include "config.h"

#include "detect/price_currency.h"

#include <string.h>

enum {
	EXACT = 1, /* case matters */
	WEAK = 2,
	OPEN = 4, /* an ending may follow */
};

static const struct spelling {
	const char *text, *iso;
	int flags;
} spellings[] = {
    {"$", NULL, EXACT},
    {"US$", "USD", 0},
    {"US $", "USD", EXACT},
    {"AU $", "AUD", EXACT},
    {"MX $", "MXN", EXACT},
    {"U$S", "USD", 0},
    {"USD$", "USD", 0},
    {"U.S.$", "USD", 0},
    {"MX$", "MXN", 0},
    {"MXN$", "MXN", 0},
    {"Mex$", "MXN", 0},
    {"A$", "AUD", EXACT},
    {"AU$", "AUD", 0},
    {"C$", "CAD", EXACT},
    {"CA$", "CAD", 0},
    {"CAN$", "CAD", 0},
    {"CAD$", "CAD", 0},
    {"CDN$", "CAD", 0},
    {"NZ$", "NZD", 0},
    {"HK$", "HKD", 0},
    {"S$", "SGD", EXACT},
    {"NT$", "TWD", 0},
    {"AR$", "ARS", 0},
    {"CL$", "CLP", 0},
    {"CO$", "COP", 0},
    {"COL$", "COP", 0},
    {"CUC$", "CUC", 0},
    {"RD$", "DOP", 0},
    {"TT$", "TTD", 0},
    {"T$", "TOP", EXACT},
    {"J$", "JMD", EXACT},
    {"BZ$", "BZD", 0},
    {"Bds$", "BBD", 0},
    {"B$", "BSD", EXACT},
    {"BN$", "BND", 0},
    {"EC$", "XCD", 0},
    {"FJ$", "FJD", 0},
    {"G$", "GYD", EXACT},
    {"L$", "LRD", EXACT},
    {"MOP$", "MOP", 0},
    {"N$", "NAD", EXACT},
    {"SI$", "SBD", 0},
    {"Z$", "ZWL", EXACT},
    {"$U", "UYU", EXACT},
    {"$b", "BOB", EXACT},
    {"R$", "BRL", EXACT},
    {"WS$", "WST", 0},
    {"CI$", "KYD", 0},
    {"\u20ac", "EUR", EXACT},
    {"euro", "EUR", OPEN},
    {"euros", "EUR", 0},
    {"\u00a3", "GBP", EXACT},
    {"E\u00a3", "EGP", EXACT},
    {"\u20a4", NULL, EXACT},
    {"\u20b6", NULL, EXACT},
    {"pounds", "GBP", 0},
    {"libras", "GBP", 0},
    {"\u00a5", NULL, EXACT},
    {"\uffe5", NULL, EXACT},
    {"\u5186", "JPY", EXACT},
    {"yen", "JPY", 0},
    {"\u5143", "CNY", EXACT},
    {"\u4eba\u6c11\u5e01", "CNY", EXACT},
    {"\u5757\u94b1", "CNY", EXACT},
    {"yuan", "CNY", 0},
    {"RMB", "CNY", 0},
    {"\u20a9", "KRW", EXACT},
    {"\uc6d0", "KRW", EXACT},
    {"\u20b9", "INR", EXACT},
    {"\u0930", "INR", EXACT},
    {"Rs.", NULL, 0},
    {"Rs", NULL, EXACT},
    {"\u20a8", NULL, EXACT},
    {"rupees", NULL, 0},
    {"\u20bd", "RUB", EXACT},
    {"\u0440\u0443\u0431.", "RUB", EXACT},
    {"\u0420\u0443\u0431.", "RUB", EXACT},
    {"\u0440\u0443\u0431", "RUB", EXACT | OPEN},
    {"\u0420\u0443\u0431", "RUB", EXACT | OPEN},
    {"\u0440.", "RUB", EXACT},
    {"\u0440", "RUB", EXACT | WEAK},
    {"\u0420", "RUB", EXACT | WEAK},
    {"\u0420\u0423\u0411", "RUB", EXACT | OPEN},
    {"\u20b4", "UAH", EXACT},
    {"\u0433\u0440\u043d.", "UAH", EXACT},
    {"\u0433\u0440\u043d", "UAH", EXACT},
    {"\u043b\u0432.", "BGN", EXACT},
    {"\u043b\u0432", "BGN", EXACT},
    {"\u0434\u0438\u043d.", "RSD", EXACT},
    {"\u0434\u0438\u043d", "RSD", EXACT},
    {"\u0414\u0438\u043d", "RSD", EXACT},
    {"Dinara", "RSD", 0},
    {"\u0434\u0435\u043d", "MKD", EXACT},
    {"\u0414\u0415\u041d", "MKD", EXACT},
    {"\u0442\u04a3\u0433", "KZT", EXACT},
    {"\u20b8", "KZT", EXACT},
    {"K\u010d", "CZK", 0},
    {"k\u010d", "CZK", EXACT},
    {"z\u0142", "PLN", EXACT},
    {"Z\u0142", "PLN", EXACT},
    {"Z\u0141", "PLN", EXACT},
    {"zl", "PLN", WEAK},
    {"Ft", "HUF", EXACT},
    {"lei", "RON", 0},
    {"kn", "HRK", EXACT},
    {"KM", "BAM", EXACT},
    {"kr.", NULL, 0},
    {"kr", NULL, 0},
    {"CHF", "CHF", 0},
    {"SFr.", "CHF", 0},
    {"Fr.", NULL, EXACT},
    {"\u20a3", NULL, EXACT},
    {"franc", NULL, WEAK},
    {"francs", NULL, WEAK},
    {"TL", "TRY", EXACT},
    {"\u20ba", "TRY", EXACT},
    {"\u20aa", "ILS", EXACT},
    {"\u20ab", "VND", EXACT},
    {"\u0111", "VND", EXACT},
    {"\u0e3f", "THB", EXACT},
    {"\u0e1a\u0e32\u0e17", "THB", EXACT},
    {"baht", "THB", 0},
    {"Rp.", "IDR", EXACT},
    {"Rp", "IDR", EXACT},
    {"RM", "MYR", EXACT},
    {"\u20b1", "PHP", EXACT},
    {"\u17db", "KHR", EXACT},
    {"\u20ad", "LAK", EXACT},
    {"\u20ae", "MNT", EXACT},
    {"\u09f3", "BDT", EXACT},
    {"\u060b", "AFN", EXACT},
    {"\u058f", "AMD", EXACT},
    {"\u20bc", "AZN", EXACT},
    {"\u20be", "GEL", EXACT},
    {"\u20a1", "CRC", EXACT},
    {"\u20b2", "PYG", EXACT},
    {"\u20a6", "NGN", EXACT},
    {"GH\u20b5", "GHS", EXACT},
    {"\u20b5", "GHS", EXACT},
    {"\u20bf", "BTC", EXACT},
    {"\u0192", NULL, EXACT},
    {"\ufdfc", NULL, EXACT},
    {"\u0631\u06cc\u0627\u0644", "IRR", EXACT},
    {"\u062a\u0648\u0645\u0627\u0646", "IRR", EXACT},
    {"\u0631\u064a\u0627\u0644", NULL, EXACT},
    {"\u062f\u0631\u0647\u0645", NULL, EXACT},
    {"\u062c\u0646\u064a\u0647", "EGP", EXACT},
    {"\u062c.\u0645", "EGP", EXACT},
    {"\u0631.\u0633", "SAR", EXACT},
    {"\u062f.\u0625", "AED", EXACT},
    {"\u062f.\u0643", "KWD", EXACT},
    {"KD", "KWD", EXACT},
    {"BD", "BHD", EXACT},
    {"LD", "LYD", EXACT},
    {"DT", "TND", EXACT},
    {"Lek", "ALL", EXACT},
    {"Br", NULL, EXACT},
    {"Nu.", "BTN", EXACT},
    {"FBu", "BIF", EXACT},
    {"CFA", NULL, EXACT},
    {"FCFA", "XOF", EXACT},
    {"Fdj", "DJF", EXACT},
    {"Nfk", "ERN", EXACT},
    {"FG", "GNF", EXACT},
    {"MK", "MWK", EXACT},
    {"Rf", "MVR", EXACT},
    {"UM", "MRU", EXACT},
    {"MT", "MZN", EXACT | WEAK},
    {"B/.", "PAB", EXACT},
    {"S/.", "PEN", EXACT},
    {"S/", "PEN", EXACT},
    {"Db", "STN", EXACT},
    {"TSh", "TZS", EXACT},
    {"USh", "UGX", EXACT},
    {"KSh", "KES", EXACT},
    {"Ksh", "KES", EXACT},
    {"VT", "VUV", EXACT},
    {"Bs.", NULL, EXACT},
    {"Bs", NULL, EXACT},
    {"ZK", "ZMW", EXACT},
    {"GFr", "GNF", EXACT},
    {"FRw", "RWF", EXACT},
    {"RF", "RWF", EXACT | WEAK},
    {"R", "ZAR", EXACT | WEAK},
    {"L", NULL, EXACT | WEAK},
    {"Q", "GTQ", EXACT | WEAK},
    {"P", NULL, EXACT | WEAK},
    {"K", NULL, EXACT | WEAK},
    {"D", NULL, EXACT | WEAK},
    {"E", NULL, EXACT | WEAK},
    {"\u00a2", NULL, EXACT | WEAK},
    {"pesos", NULL, 0},
    {"peso", NULL, 0},
    {"pesitos", NULL, 0},
    {"pesos mexicanos", "MXN", 0},
    {"M.N.", "MXN", 0},
    {"MN", "MXN", EXACT},
    {"m.n", "MXN", 0},
    {"mx", "MXN", WEAK},
    {"pesos colombianos", "COP", 0},
    {"d\u00f3lares", "USD", 0},
    {"dolares", "USD", 0},
    {"d\u00f3lar", "USD", 0},
    {"dlls", "USD", 0},
    {"dlls.", "USD", 0},
    {"dls", "USD", 0},
    {"dls.", "USD", 0},
    {"dollars", "USD", 0},
    {"dollar", "USD", 0},
    {"bucks", "USD", 0},
    {"reais", "BRL", 0},
    {"real", "BRL", WEAK},
    {"soles", "PEN", WEAK},
    {"quetzales", "GTQ", 0},
    {"lempiras", "HNL", 0},
    {"USDT", "USD", 0},
};

/* ISO 4217 codes in use, with two that old pages still show. */
static const char codes[] = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN "
			    "BHD BIF BMD BND BOB BRL BSD BTN BWP "
			    "BYN BZD CAD CDF CHF CLP CNY COP CRC CUC CUP CVE CZK DEM "
			    "DJF DKK DOP DZD EGP ERN ETB EUR FJD "
			    "FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF "
			    "IDR ILS INR IQD IRR ISK JMD JOD JPY "
			    "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL "
			    "LYD MAD MDL MGA MKD MMK MNT MOP MRU "
			    "MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB "
			    "PEN PGK PHP PKR PLN PTE PYG QAR RON "
			    "RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLL SOS SRD SSP "
			    "STN SVC SYP SZL THB TJS TMT TND TOP "
			    "TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF "
			    "XCD XOF XPF YER ZAR ZMW ZWL";
/* Codes that are no words, so that lower case will do. */
static const char lower_codes[] =
    "AUD BRL CHF CLP COP CZK DKK EUR GBP HUF MXN NOK NZD PLN RON USD";

static const char *code_in(const char *list, const char *code)
{
	for (const char *p = list; *p != '\0'; p += p[3] == '\0' ? 3 : 4) {
		if (memcmp(p, code, 3) == 0)
			return p;
	}
	return NULL;
}

static bool letter_before(struct vg_str text, size_t at)
{
	if (at == 0)
		return false;
	unsigned char c = (unsigned char)text.ptr[at - 1];
	return vg_is_alpha((char)c) ||
	       (c >= 0x80 && at >= 2 && c < 0xC0 &&
		   ((unsigned char)text.ptr[at - 2] & 0xFC) == 0xD0) ||
	       (c >= 0x80 && at >= 2 && (unsigned char)text.ptr[at - 2] == 0xC3);
}

static bool letter_after(struct vg_str text, size_t at)
{
	if (at >= text.len)
		return false;
	unsigned char c = (unsigned char)text.ptr[at];
	return vg_is_alpha((char)c) || c == 0xC3 || (c & 0xFC) == 0xD0;
}

/* First or last byte of a spelling that is a letter of a word: Latin, or Cyrillic in UTF-8. */
static bool letter_byte(const char *text, bool last)
{
	size_t len = strlen(text);
	unsigned char c = (unsigned char)(last ? text[len - 1] : text[0]);
	if (last && c >= 0x80 && len >= 2)
		c = (unsigned char)text[len - 2];
	return vg_is_alpha((char)c) || (c & 0xFC) == 0xD0;
}

static bool spelled_at(struct vg_str text, size_t at, const struct spelling *s)
{
	struct vg_str want = vg_str(s->text);
	struct vg_str have = vg_str_sub(text, at, at + want.len);

	if (!((s->flags & EXACT) != 0 ? vg_str_eq(have, want) : vg_str_ieq(have, want)))
		return false;
	if (letter_byte(s->text, false) && letter_before(text, at))
		return false;
	return (s->flags & OPEN) != 0 || !letter_byte(s->text, true) ||
	       !letter_after(text, at + want.len);
}

static bool code_at(struct vg_str text, size_t at, struct vg_currency *ret)
{
	char code[4] = "";
	bool upper = true;

	if (at + 3 > text.len || letter_before(text, at) || letter_after(text, at + 3))
		return false;
	for (size_t i = 0; i < 3; i++) {
		char c = text.ptr[at + i];
		if (!vg_is_alpha(c))
			return false;
		upper &= c < 'a';
		code[i] = c >= 'a' ? (char)(c - 'a' + 'A') : c;
	}
	if (code_in(upper ? codes : lower_codes, code) == NULL)
		return false;
	*ret = (struct vg_currency){.start = at, .end = at + 3, .code = true};
	memcpy(ret->iso, code, 4);
	return true;
}

bool vg_currency_at(struct vg_str text, size_t at, struct vg_currency *ret)
{
	const struct spelling *best = NULL;
	size_t best_len = 0;
	char first;

	if (at >= text.len)
		return false;
	first = vg_lower(text.ptr[at]);
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		const struct spelling *s = &spellings[i];
		if (vg_lower(s->text[0]) != first || strlen(s->text) <= best_len ||
		    !spelled_at(text, at, s))
			continue;
		best = s;
		best_len = strlen(s->text);
	}
	if (best_len <= 3 && code_at(text, at, ret))
		return true;
	if (best == NULL)
		return false;
	*ret = (struct vg_currency){.start = at, .end = at + best_len};
	ret->weak = (best->flags & WEAK) != 0;
	ret->dollar = best_len == 1 && first == '$';
	if (best->iso != NULL)
		memcpy(ret->iso, best->iso, 4);
	return true;
}

bool vg_currency_before(struct vg_str text, size_t at, struct vg_currency *ret)
{
	enum { LONGEST = 24 };
	struct vg_currency c;
	size_t from = at > LONGEST ? at - LONGEST : 0;

	for (; from < at; from++) {
		unsigned char byte = (unsigned char)text.ptr[from];
		if ((byte & 0xC0) == 0x80 || vg_is_digit((char)byte) || byte == ' ')
			continue;
		if (vg_currency_at(vg_str_sub(text, 0, at), from, &c) && c.end == at) {
			*ret = c;
			return true;
		}
	}
	return false;
}

bool vg_currency_find(
    struct vg_str text, size_t from, bool weak, struct vg_currency *ret)
{
	for (; from < text.len; from++) {
		if (((unsigned char)text.ptr[from] & 0xC0) != 0x80 &&
		    text.ptr[from] > ' ' && !vg_is_digit(text.ptr[from]) &&
		    vg_currency_at(text, from, ret) && (weak || !ret->weak))
			return true;
		if ((unsigned char)text.ptr[from] >= 0xC0 &&
		    vg_currency_at(text, from, ret) && (weak || !ret->weak))
			return true;
	}
	return false;
}
