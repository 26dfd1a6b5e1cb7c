/* SPDX-License-Identifier: MIT */
/* Reading one number: country code, trunk prefix, national number, extension. */
#include "config.h"

#include "detect/phone_parse.h"

#include <string.h>

#include "base/utf8.h"
#include "detect/phone_plan.h"

unsigned char vg_phone_cell(struct vg_str text, size_t *at)
{
	unsigned char byte = (unsigned char)text.ptr[*at];

	if (byte < 0x80) {
		(*at)++;
		if (byte == 'X')
			return 'x';
		return vg_is_digit((char)byte) ||
			       strchr(" +-()[]./~x#,;", (int)byte) != NULL
			   ? byte
			   : VG_CELL_OTHER;
	}
	uint32_t c = vg_utf8_next(text, at);
	if (c >= 0xFF10 && c <= 0xFF19)
		return (unsigned char)('0' + (c - 0xFF10));
	switch (c) {
	case 0xFF0B:
		return '+';
	case 0xFF08:
		return '(';
	case 0xFF09:
		return ')';
	case 0xFF3B:
		return '[';
	case 0xFF3D:
		return ']';
	case 0xFF0E:
		return '.';
	case 0xFF0F:
		return '/';
	case 0xFF03:
		return '#';
	case 0xFF38:
	case 0xFF58:
		return 'x';
	case 0x2053:
	case 0x223C:
	case 0xFF5E:
		return '~';
	case 0x00AD:
	case 0x200B:
	case 0x2060:
		return VG_CELL_SOFT;
	case 0x2010:
	case 0x2011:
	case 0x2212:
	case 0x30FC:
		return VG_CELL_HYPHEN;
	case 0xFF0D:
		return VG_CELL_DASH;
	case 0x00A0:
	case 0x202F:
	case 0x205F:
	case 0x3000:
		return VG_CELL_SPACE;
	default:
		if (c >= 0x2012 && c <= 0x2015)
			return VG_CELL_DASH;
		return c >= 0x2000 && c <= 0x200A ? VG_CELL_SPACE : VG_CELL_OTHER;
	}
}

bool vg_phone_punctuation(unsigned char cell)
{
	return cell != VG_CELL_OTHER && !vg_is_digit((char)cell) && cell != '+' &&
	       cell != '#' && cell != ',' && cell != ';';
}

/* Code point at text[at] with full-width letters made ASCII and ASCII letters lower. */
static uint32_t letter_at(struct vg_str text, size_t *at)
{
	uint32_t c = *at < text.len ? vg_utf8_next(text, at) : 0;
	if (c >= 0xFF21 && c <= 0xFF5A)
		c = c - 0xFF21 + 'A';
	return c < 0x80 ? (uint32_t)(unsigned char)vg_lower((char)c) : c;
}

/* Past one of the words for "extension", or `at`; *ret_long: a word that cannot be a separator. */
static size_t extension_word(struct vg_str text, size_t at, bool *ret_long)
{
	static const char *const words[] = {"extensi\u00f3n", "extensio\u0301n",
	    "extension", "extensi", "extn", "ext", "xtn", "xt", "int", "anexo",
	    "\u0434\u043e\u0431", "x", "#", "~"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct vg_str word = vg_str(words[i]);
		size_t w = 0, t = at;
		while (w < word.len && t < text.len) {
			uint32_t want = vg_utf8_next(word, &w);
			if (letter_at(text, &t) != want)
				break;
			if (w == word.len) {
				*ret_long = word.len > 1;
				return t;
			}
		}
	}
	return at;
}

size_t vg_phone_extension(struct vg_str text, size_t at, char ret[8])
{
	size_t p = at, digits = 0, mark, q;
	bool word = false, american;

	ret[0] = '\0';
	if (vg_str_istarts(vg_str_sub(text, at, text.len), VG_STR(";ext="))) {
		p = mark = at + 5;
		word = true;
	} else {
		for (q = p; q < text.len; p = q) {
			unsigned char c = vg_phone_cell(text, &q);
			if (c != ' ' && c != ',' && text.ptr[p] != '\t' && c != '-')
				break;
		}
		mark = extension_word(text, p, &word);
	}
	american = mark == p && !word;
	if (american && p == at)
		return at;
	if (!american && memchr(text.ptr + at, '-', p - at) != NULL)
		return at;
	p = mark;
	while (!american && p < text.len && strchr(":. ,-\t", text.ptr[p]) != NULL)
		p++;
	while (p < text.len && digits <= 7) {
		q = p;
		unsigned char c = vg_phone_cell(text, &q);
		if (!vg_is_digit((char)c))
			break;
		if (digits < 7)
			ret[digits] = (char)c;
		digits++;
		p = q;
	}
	if (digits == 0 || digits > 7 ||
	    (american && (digits > 6 || p >= text.len || text.ptr[p] != '#'))) {
		ret[0] = '\0';
		return at;
	}
	ret[digits] = '\0';
	return p < text.len && text.ptr[p] == '#' ? p + 1 : p;
}

/* Drops the trunk prefix if what remains is a number. Returns whether there was one. */
static bool strip_trunk(const struct vg_plan *plan, struct vg_str *national)
{
	char region[3];
	size_t at = 0, len;

	while ((len = vg_plan_prefix(plan->trunk, &at, *national)) > 0) {
		struct vg_str rest = vg_str_sub(*national, len, national->len);
		if (vg_plan_valid(plan, rest, region)) {
			*national = rest;
			return true;
		}
	}
	return false;
}

/*
 * Argentina writes mobiles as area, 15, subscriber at home and 9, area, subscriber abroad: `buf`
 * takes the latter.
 */
static void argentine_mobile(struct vg_str *national, char buf[16])
{
	struct vg_str n = *national;

	if (n.len == 13 && n.ptr[0] == '0')
		n = vg_str_sub(n, 1, n.len);
	for (size_t area = 2; n.len == 12 && area <= 4; area++) {
		if (memcmp(n.ptr + area, "15", 2) != 0)
			continue;
		buf[0] = '9';
		memcpy(buf + 1, n.ptr, area);
		memcpy(buf + 1 + area, n.ptr + area + 2, 10 - area);
		*national = (struct vg_str){buf, 11};
		return;
	}
}

static bool finish(const struct vg_plan *plan, struct vg_str code,
    struct vg_str national, struct vg_phone *ret)
{
	char mobile[16];

	if (strcmp(plan->code, "54") == 0)
		argentine_mobile(&national, mobile);
	if (code.len + national.len > 15 || !vg_plan_valid(plan, national, ret->region))
		return false;
	ret->e164[0] = '+';
	memcpy(ret->e164 + 1, code.ptr, code.len);
	memcpy(ret->e164 + 1 + code.len, national.ptr, national.len);
	ret->e164[1 + code.len + national.len] = '\0';
	return true;
}

static bool read_international(struct vg_str digits, struct vg_phone *ret)
{
	size_t len;
	const struct vg_plan *plan = vg_plan_of_code(digits, &len);

	if (plan == NULL)
		return false;
	struct vg_str code = vg_str_sub(digits, 0, len);
	struct vg_str national = vg_str_sub(digits, len, digits.len);
	/* Kazakhstan lives inside Russia's code. */
	if (code.len == 1 && code.ptr[0] == '7' && national.len > 0 &&
	    national.ptr[0] == '7')
		plan = vg_plan_of_region("KZ");
	if (strcmp(plan->code, "54") != 0)
		(void)strip_trunk(plan, &national);
	return finish(plan, code, national, ret);
}

static bool read_national(
    struct vg_str digits, const struct vg_plan *plan, bool strict, struct vg_phone *ret)
{
	char region[3];
	size_t at = 0, len;
	struct vg_str code = vg_str(plan->code);

	if ((len = vg_plan_prefix(plan->idd, &at, digits)) > 0 && digits.len > len &&
	    digits.ptr[len] != '0' &&
	    read_international(vg_str_sub(digits, len, digits.len), ret))
		return true;
	if (vg_str_starts(digits, code) && !vg_plan_valid(plan, digits, region)) {
		struct vg_str rest = vg_str_sub(digits, code.len, digits.len);
		(void)strip_trunk(plan, &rest);
		if (finish(plan, code, rest, ret))
			return true;
	}
	if (!strip_trunk(plan, &digits) && strict && plan->trunk_needed)
		return false;
	if (!finish(plan, code, digits, ret))
		return false;
	/* Canada's 310-xxxx is dialled in Canada only. */
	return digits.len != 7 || plan->numbers != NULL ||
	       strcmp(plan->region, "CA") == 0;
}

bool vg_phone_read(struct vg_str text, size_t start, size_t end, const char *region,
    bool strict, struct vg_phone *ret)
{
	const struct vg_plan *plan = vg_plan_of_region(region == NULL ? "" : region);
	char digits[32], extension[8];
	struct vg_str piece = vg_str_sub(text, start, end);
	size_t len = 0, p = 0;
	bool plus = false;

	ret->extension[0] = '\0';
	while (p < piece.len) {
		size_t here = p,
		       after = len >= 3 ? vg_phone_extension(piece, p, extension) : p;
		if (after == piece.len && after > p) {
			memcpy(ret->extension, extension, sizeof(extension));
			break;
		}
		unsigned char cell = vg_phone_cell(piece, &p);
		if (cell == 'x')
			return false; /* a letter that begins no extension */
		plus |= cell == '+' && len == 0;
		if (vg_is_digit((char)cell) && len < sizeof(digits))
			digits[len++] = (char)cell;
		if (len > 0 && (cell == ';' || cell == ',') && here > 0)
			break;
	}
	struct vg_str number = {digits, len};
	if (len < 7 || len > 20)
		return false;
	if (plus && read_international(number, ret))
		return true;
	return plan != NULL && (!plus || digits[0] == '0') &&
	       read_national(number, plan, strict, ret);
}
