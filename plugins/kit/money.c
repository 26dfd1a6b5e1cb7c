/* SPDX-License-Identifier: MIT */
/* Prices as people write them: 22.320, 10 000,00, 2,999.00, 1'250.-, R$ 75. */
#include "kit.h"

#include <string.h>

struct sign {
	const char *text, *iso; /* iso NULL: it depends on where the page stands */
};

/* Longer signs before those that they begin with. */
static const struct sign signs[] = {
    {"US$", "USD"},
    {"U$S", "USD"},
    {"AU$", "AUD"},
    {"CA$", "CAD"},
    {"NZ$", "NZD"},
    {"HK$", "HKD"},
    {"NT$", "TWD"},
    {"MX$", "MXN"},
    {"RD$", "DOP"},
    {"R$", "BRL"},
    {"A$", "AUD"},
    {"C$", "CAD"},
    {"S$", "SGD"},
    {"S/", "PEN"},
    {"$", NULL},
    {"\xE2\x82\xAC", "EUR"},
    {"\xC2\xA3", "GBP"},
    {"\xE2\x82\xB9", "INR"},
    {"\xE2\x82\xBD", "RUB"},
    {"\xE2\x82\xAA", "ILS"},
    {"\xE2\x82\xBA", "TRY"},
    {"\xE2\x82\xA9", "KRW"},
    {"\xC2\xA5", "JPY"},
    {"\xE2\x82\xB1", "PHP"},
    {"\xE0\xB8\xBF", "THB"},
    {"\xE2\x82\xAB", "VND"},
    {"\xE2\x82\xB4", "UAH"},
    {"\xE2\x82\xB8", "KZT"},
    {"\xE2\x82\xB2", "PYG"},
    {"\xE2\x82\xA6", "NGN"},
    {"z\xC5\x82", "PLN"},
    {"K\xC4\x8D", "CZK"},
    {"\xD1\x80\xD1\x83\xD0\xB1", "RUB"},
    {"\xD0\xB3\xD1\x80\xD0\xBD", "UAH"},
    {"\xD1\x82\xD0\xB3", "KZT"},
    {"\xD0\xBB\xD0\xB2", "BGN"},
    {"\xE5\x86\x86", "JPY"},
    {"\xD8\xB1.\xD8\xB3", "SAR"},
    {"\xD8\xAF.\xD8\xA5", "AED"},
    {"FCFA", "XOF"},
    {"CFA", "XOF"},
    {"euros", "EUR"},
    {"euro", "EUR"},
    {"pesos", NULL},
    {"d\xC3\xB3lares", "USD"},
    {"dolares", "USD"},
    {"dollars", "USD"},
    {"kn", "HRK"},
    {"Kn", "HRK"},
    {"Ft", "HUF"},
    {"lei", "RON"},
    {"Rs.", "INR"},
    {"Rs", "INR"},
    {"M.N.", "MXN"},
    {"p.", "RUB"},
};

static const char codes[] =
    "AED AFN ALL AMD ARS AUD AZN BAM BBD BDT BGN BHD BOB BRL BSD BYN BZD CAD CHF "
    "CLP CNY COP CRC CUP CZK DKK DOP DZD EGP ETB EUR FJD GBP GEL GHS GTQ HKD HNL "
    "HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KRW KWD KZT LAK LBP "
    "LKR MAD MDL MKD MMK MNT MOP MUR MXN MYR NAD NGN NIO NOK NPR NZD OMR PAB PEN "
    "PHP PKR PLN PYG QAR RON RSD RUB SAR SEK SGD SYP THB TND TRY TTD TWD TZS UAH "
    "UGX USD UYU UZS VES VND XAF XOF YER ZAR";

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

static bool is_code(const char *at)
{
	for (const char *p = codes; *p != '\0'; p += 4) {
		if (strncmp(p, at, 3) == 0)
			return true;
		if (p[3] == '\0')
			break;
	}
	return false;
}

/* A currency at offset `at`: its length, and its code or "" when it depends. */
static size_t currency_at(struct vigia_str s, size_t at, char iso[4])
{
	struct vigia_str rest = kit_sub(s, at, s.len);
	bool word_before = at > 0 && is_letter(s.ptr[at - 1]);

	iso[0] = '\0';
	if (rest.len >= 3 && !word_before &&
	    (rest.len == 3 || !is_letter(rest.ptr[3]))) {
		char code[4] = {0};

		for (size_t i = 0; i < 3; i++)
			code[i] = (char)(rest.ptr[i] >= 'a' && rest.ptr[i] <= 'z'
					     ? rest.ptr[i] - 32
					     : rest.ptr[i]);
		if (is_code(code)) {
			memcpy(iso, code, 4);
			return 3;
		}
	}
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t len = strlen(signs[i].text);
		bool word = (signs[i].text[0] >= 'A' && signs[i].text[0] <= 'Z') ||
			    (signs[i].text[0] >= 'a' && signs[i].text[0] <= 'z');

		if (rest.len < len || memcmp(rest.ptr, signs[i].text, len) != 0)
			continue;
		if (word && (word_before ||
				(rest.len > len && is_letter(signs[i].text[len - 1]) &&
				    is_letter(rest.ptr[len]))))
			continue;
		if (signs[i].iso != NULL)
			memcpy(iso, signs[i].iso, 4);
		return len;
	}
	return 0;
}

void kit_currency(struct vigia_str text, const char *hint, char ret[4])
{
	ret[0] = '\0';
	for (size_t i = 0; i < text.len; i++) {
		size_t len = currency_at(text, i, ret);

		if (len == 0)
			continue;
		if (ret[0] == '\0' && strlen(hint) == 3)
			memcpy(ret, hint, 4);
		return;
	}
}

/* Bytes of a thousands separator that is no '.' or ',': space kinds and apostrophes. */
static size_t soft_separator(struct vigia_str s, size_t at)
{
	static const char *const kinds[] = {
	    " ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "'", "\xE2\x80\x99"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t len = strlen(kinds[i]);

		if (s.len - at >= len && memcmp(s.ptr + at, kinds[i], len) == 0)
			return len;
	}
	return 0;
}

static size_t digits_from(struct vigia_str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.len && is_digit(s.ptr[at + n]))
		n++;
	return n;
}

/* Reads one number: its groups of digits and the separators '.' ',' or ' ' before each. */
struct number {
	char digits[32];
	size_t count;
	size_t group_len[12]; /* digits of each group */
	char before[12];
	size_t groups;
	size_t end;
};

static bool read_number(struct vigia_str s, size_t at, struct number *n)
{
	memset(n, 0, sizeof(*n));
	for (;;) {
		size_t len = digits_from(s, at), soft;

		if (n->groups == 12 || n->count + len > 24)
			return false;
		memcpy(n->digits + n->count, s.ptr + at, len);
		n->count += len;
		n->group_len[n->groups++] = len;
		at += len;
		n->end = at;
		if (at + 1 < s.len && (s.ptr[at] == '.' || s.ptr[at] == ',') &&
		    is_digit(s.ptr[at + 1])) {
			if (n->groups < 12)
				n->before[n->groups] = s.ptr[at];
			at++;
			continue;
		}
		soft = at < s.len ? soft_separator(s, at) : 0;
		if (soft > 0 && len <= 3 && digits_from(s, at + soft) == 3) {
			if (n->groups < 12)
				n->before[n->groups] = ' ';
			at += soft;
			continue;
		}
		return true;
	}
}

static bool three_decimals(const char *iso)
{
	return strcmp(iso, "KWD") == 0 || strcmp(iso, "BHD") == 0 ||
	       strcmp(iso, "OMR") == 0 || strcmp(iso, "JOD") == 0 ||
	       strcmp(iso, "TND") == 0;
}

/* How many of the last digits are the fraction. */
static size_t fraction_digits(const struct number *n, const char *iso)
{
	size_t last = n->groups - 1, same = 0;
	char sep = n->before[last];

	if (last == 0 || sep == ' ')
		return 0;
	for (size_t i = 1; i <= last; i++)
		same += n->before[i] == sep;
	if (same > 1)
		return 0;
	if (n->group_len[last] != 3 || last > 1)
		return n->group_len[last];
	/* One separator and three digits: thousands, unless "0.125" or a currency with three. */
	if (n->group_len[0] > 3 || n->digits[0] == '0' || three_decimals(iso))
		return 3;
	return 0;
}

static bool format_amount(const struct number *n, const char *iso, char ret[40])
{
	size_t fraction = fraction_digits(n, iso), whole = n->count - fraction,
	       from = 0, out = 0;

	while (from + 1 < whole && n->digits[from] == '0')
		from++;
	if (whole == 0 || whole - from > 15)
		return false;
	memcpy(ret, n->digits + from, whole - from);
	out = whole - from;
	if (fraction > 0) {
		ret[out++] = '.';
		memcpy(ret + out, n->digits + whole, fraction);
		out += fraction;
	}
	ret[out] = '\0';
	return true;
}

/* The currency that stands next to bytes [start, end); false when none does. */
static bool currency_beside(
    struct vigia_str s, size_t start, size_t end, const char *hint, char iso[4])
{
	char found[4];
	size_t at = end, len, soft;

	/* before: the sign ends right there, or one space earlier */
	for (size_t back = 1; back <= 12 && back <= start; back++) {
		len = currency_at(s, start - back, found);
		if (len == 0 || start - back + len > start)
			continue;
		for (at = start - back + len; at<start; at += soft> 0 ? soft : 1) {
			soft = soft_separator(s, at);
			if (soft == 0 && s.ptr[at] != ':' && s.ptr[at] != '.')
				break;
		}
		if (at < start)
			continue;
		/* "US$": the longest sign that ends there */
		for (size_t more = back + 1; more <= back + 3 && more <= start;
		     more++) {
			char longer[4];

			if (currency_at(s, start - more, longer) == len + more - back &&
			    longer[0])
				memcpy(found, longer, 4);
		}
		goto hit;
	}
	at = end;
	while (at < s.len && at < end + 4 &&
	       (s.ptr[at] == '.' || s.ptr[at] == ',' || s.ptr[at] == '-'))
		at++;
	while (at < s.len && (soft = soft_separator(s, at)) > 0)
		at += soft;
	if (at >= s.len || currency_at(s, at, found) == 0)
		return false;
hit:
	memcpy(iso, found, 4);
	/* "$ 450 MXN": the code behind says what the sign in front means */
	if (iso[0] == '\0') {
		at = end;
		while (at < s.len && (soft = soft_separator(s, at)) > 0)
			at += soft;
		if (at < s.len && currency_at(s, at, found) == 3 && found[0] != '\0')
			memcpy(iso, found, 4);
	}
	if (iso[0] == '\0' && strlen(hint) == 3)
		memcpy(iso, hint, 4);
	return true;
}

bool kit_price(
    struct vigia_str text, const char *hint, bool bare, struct kit_money *ret)
{
	for (size_t i = 0; i < text.len; i++) {
		struct kit_money m = {.start = i};
		struct number n;
		bool told;

		if (!is_digit(text.ptr[i]))
			continue;
		if (!read_number(text, i, &n)) {
			i += digits_from(text, i);
			continue;
		}
		m.end = n.end;
		told = currency_beside(text, i, n.end, hint, m.currency);
		if ((told || bare) && (i == 0 || !is_letter(text.ptr[i - 1]) || told) &&
		    (n.end >= text.len || text.ptr[n.end] != '%') &&
		    format_amount(&n, m.currency[0] ? m.currency : hint, m.amount)) {
			*ret = m;
			return true;
		}
		i = n.end - 1;
	}
	return false;
}

const char *kit_dollar(const struct vigia_page *page)
{
	static const struct {
		const char *tld, *iso;
	} rows[] = {{".mx", "MXN"}, {".cl", "CLP"}, {".ar", "ARS"}, {".co", "COP"},
	    {".au", "AUD"}, {".ca", "CAD"}, {".nz", "NZD"}, {".uy", "UYU"},
	    {".sg", "SGD"}, {".hk", "HKD"}, {".tw", "TWD"}, {".do", "DOP"},
	    {".us", "USD"}};
	struct vigia_str url = page->url;
	size_t from = kit_find(url, "://"), end;

	if (from == SIZE_MAX)
		return "";
	from += 3;
	for (end = from; end < url.len && url.ptr[end] != '/' && url.ptr[end] != ':' &&
			 url.ptr[end] != '?';
	     end++)
		;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (end - from > 3 && kit_is(kit_sub(url, end - 3, end), rows[i].tld))
			return rows[i].iso;
	return "";
}
