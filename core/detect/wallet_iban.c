/* SPDX-License-Identifier: MIT */
/* Bank accounts and cards: IBAN layouts (ISO 13616 registry), CLABE, Luhn. */
#include "config.h"

#include "detect/wallet_check.h"

#include <string.h>

/*
 * BBAN layout by country, as in the registry: n digits, a upper-case letters, c either.
 * Territories that use another country's layout follow at the end.
 */
static const struct layout {
	char country[3];
	const char *bban;
} layouts[] = {
    {"AD", "4n4n12c"},
    {"AE", "3n16n"},
    {"AL", "8n16c"},
    {"AT", "5n11n"},
    {"AZ", "4a20c"},
    {"BA", "3n3n8n2n"},
    {"BE", "3n7n2n"},
    {"BG", "4a4n2n8c"},
    {"BH", "4a14c"},
    {"BI", "5n5n11n2n"},
    {"BR", "8n5n10n1a1c"},
    {"BY", "4c4n16c"},
    {"CH", "5n12c"},
    {"CR", "4n14n"},
    {"CY", "3n5n16c"},
    {"CZ", "4n6n10n"},
    {"DE", "8n10n"},
    {"DJ", "5n5n11n2n"},
    {"DK", "4n9n1n"},
    {"DO", "4c20n"},
    {"EE", "2n14n"},
    {"EG", "4n4n17n"},
    {"ES", "4n4n1n1n10n"},
    {"FI", "3n11n"},
    {"FK", "2a12n"},
    {"FO", "4n9n1n"},
    {"FR", "5n5n11c2n"},
    {"GB", "4a6n8n"},
    {"GE", "2a16n"},
    {"GI", "4a15c"},
    {"GL", "4n9n1n"},
    {"GR", "3n4n16c"},
    {"GT", "4c20c"},
    {"HN", "4a20n"},
    {"HR", "7n10n"},
    {"HU", "3n4n1n15n1n"},
    {"IE", "4a6n8n"},
    {"IL", "3n3n13n"},
    {"IQ", "4a3n12n"},
    {"IS", "4n2n6n10n"},
    {"IT", "1a5n5n12c"},
    {"JO", "4a4n18c"},
    {"KW", "4a22c"},
    {"KZ", "3n13c"},
    {"LB", "4n20c"},
    {"LC", "4a24c"},
    {"LI", "5n12c"},
    {"LT", "5n11n"},
    {"LU", "3n13c"},
    {"LV", "4a13c"},
    {"LY", "3n3n15n"},
    {"MC", "5n5n11c2n"},
    {"MD", "2c18c"},
    {"ME", "3n13n2n"},
    {"MK", "3n10c2n"},
    {"MN", "4n12n"},
    {"MR", "5n5n11n2n"},
    {"MT", "4a5n18c"},
    {"MU", "4a2n2n12n3n3a"},
    {"NI", "4a20n"},
    {"NL", "4a10n"},
    {"NO", "4n6n1n"},
    {"OM", "3n16c"},
    {"PK", "4a16c"},
    {"PL", "8n16n"},
    {"PS", "4a21c"},
    {"PT", "4n4n11n2n"},
    {"QA", "4a21c"},
    {"RO", "4a16c"},
    {"RS", "3n13n2n"},
    {"RU", "9n5n15c"},
    {"SA", "2n18c"},
    {"SC", "4a2n2n16n3a"},
    {"SD", "2n12n"},
    {"SE", "3n16n1n"},
    {"SI", "5n8n2n"},
    {"SK", "4n6n10n"},
    {"SM", "1a5n5n12c"},
    {"SO", "4n3n12n"},
    {"ST", "8n11n2n"},
    {"SV", "4a20n"},
    {"TL", "3n14n2n"},
    {"TN", "2n3n13n2n"},
    {"TR", "5n1n16c"},
    {"UA", "6n19c"},
    {"VA", "3n15n"},
    {"VG", "4a16n"},
    {"XK", "4n10n2n"},
    {"YE", "4a4n18c"},
    {"AX", "3n11n"},
    {"BL", "5n5n11c2n"},
    {"GF", "5n5n11c2n"},
    {"GP", "5n5n11c2n"},
    {"MF", "5n5n11c2n"},
    {"MQ", "5n5n11c2n"},
    {"NC", "5n5n11c2n"},
    {"PF", "5n5n11c2n"},
    {"PM", "5n5n11c2n"},
    {"RE", "5n5n11c2n"},
    {"TF", "5n5n11c2n"},
    {"WF", "5n5n11c2n"},
    {"YT", "5n5n11c2n"},
    {"GG", "4a6n8n"},
    {"IM", "4a6n8n"},
    {"JE", "4a6n8n"},
};

static const struct layout *layout_of(const char country[2])
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		if (memcmp(layouts[i].country, country, 2) == 0)
			return &layouts[i];
	}
	return NULL;
}

size_t vg_iban_length(const char country[2])
{
	const struct layout *layout = layout_of(country);
	size_t len = 4, count = 0;

	if (layout == NULL)
		return 0;
	for (const char *p = layout->bban; *p != '\0'; p++) {
		if (vg_is_digit(*p)) {
			count = count * 10 + (size_t)(*p - '0');
		} else {
			len += count;
			count = 0;
		}
	}
	return len;
}

static bool fits(char kind, char c)
{
	bool digit = vg_is_digit(c), letter = c >= 'A' && c <= 'Z';
	return kind == 'n' ? digit : kind == 'a' ? letter : digit || letter;
}

static bool layout_matches(const char *bban, const char *p)
{
	size_t count = 0;

	for (; *bban != '\0'; bban++) {
		if (vg_is_digit(*bban)) {
			count = count * 10 + (size_t)(*bban - '0');
			continue;
		}
		for (; count > 0; count--) {
			if (!fits(*bban, *p++))
				return false;
		}
	}
	return true;
}

bool vg_iban_valid(struct vg_str iban)
{
	const struct layout *layout;
	unsigned rest = 0;

	if (iban.len < 5 || (layout = layout_of(iban.ptr)) == NULL ||
	    iban.len != vg_iban_length(iban.ptr) || !vg_is_digit(iban.ptr[2]) ||
	    !vg_is_digit(iban.ptr[3]) || !layout_matches(layout->bban, iban.ptr + 4))
		return false;
	for (size_t i = 0; i < iban.len; i++) {
		char c = iban.ptr[(i + 4) % iban.len];
		rest = vg_is_digit(c) ? rest * 10 + (unsigned)(c - '0')
				      : rest * 100 + (unsigned)(c - 'A') + 10;
		rest %= 97;
	}
	return rest == 1;
}

bool vg_clabe_valid(struct vg_str digits)
{
	static const unsigned weights[3] = {3, 7, 1};
	unsigned sum = 0;

	if (digits.len != 18 || memcmp(digits.ptr, "000", 3) == 0)
		return false;
	for (size_t i = 0; i < 18; i++) {
		if (!vg_is_digit(digits.ptr[i]))
			return false;
		if (i < 17)
			sum += (unsigned)(digits.ptr[i] - '0') * weights[i % 3] % 10;
	}
	return (10 - sum % 10) % 10 == (unsigned)(digits.ptr[17] - '0');
}

bool vg_luhn_valid(struct vg_str digits)
{
	unsigned sum = 0;

	for (size_t i = 0; i < digits.len; i++) {
		char c = digits.ptr[digits.len - 1 - i];
		unsigned value = (unsigned)(c - '0') << (i % 2);
		if (!vg_is_digit(c))
			return false;
		sum += value > 9 ? value - 9 : value;
	}
	return digits.len > 0 && sum % 10 == 0;
}
