/* SPDX-License-Identifier: MIT */
/* Amounts: finding them, telling thousands from decimals, giving them their currency. */
#include "config.h"

#include "detect/price.h"

#include <string.h>

#include "base/limits.h"
#include "base/vec.h"
#include "detect/price_currency.h"

#define MAX_DIGITS 32 /* of an amount */

struct number {
	size_t start, end; /* bytes of the text */
	char digits[MAX_DIGITS + 8];
	size_t len;
};

/* Bytes of the white space at text[at]: ASCII, no-break, narrow no-break and thin spaces. */
static size_t space_at(struct vg_str text, size_t at)
{
	struct vg_str rest = vg_str_sub(text, at, text.len);

	if (rest.len > 0 && vg_is_space(rest.ptr[0]))
		return 1;
	if (vg_str_starts(rest, VG_STR("\u00a0")))
		return 2;
	if (vg_str_starts(rest, VG_STR("\u202f")) ||
	    vg_str_starts(rest, VG_STR("\u2009")))
		return 3;
	return 0;
}

static size_t skip_space(struct vg_str text, size_t at)
{
	size_t n;
	while ((n = space_at(text, at)) > 0)
		at += n;
	return at;
}

static size_t space_before(struct vg_str text, size_t at)
{
	if (at >= 1 && vg_is_space(text.ptr[at - 1]))
		return 1;
	if (at >= 2 && space_at(text, at - 2) == 2)
		return 2;
	return at >= 3 && space_at(text, at - 3) == 3 ? 3 : 0;
}

static size_t digits_at(struct vg_str text, size_t at)
{
	size_t n = 0;
	while (at + n < text.len && vg_is_digit(text.ptr[at + n]))
		n++;
	return n;
}

/* Where the digits go on behind a separator at `at`, or 0: marks, spaced thousands, ". 95". */
static size_t next_group(struct vg_str text, size_t at, bool after_decimal)
{
	size_t p = at, spaces = skip_space(text, at), digits;

	if (spaces > at) {
		digits = digits_at(text, spaces);
		bool thin = spaces == at + space_at(text, at);
		return thin && digits == 3 && !after_decimal ? spaces : 0;
	}
	if (text.ptr[p] != '.' && text.ptr[p] != ',' && text.ptr[p] != '\'' &&
	    !vg_str_starts(vg_str_sub(text, p, text.len), VG_STR("\u2019")))
		return 0;
	bool mark = text.ptr[p] == '.' || text.ptr[p] == ',';
	p += mark || text.ptr[p] == '\'' ? 1 : 3;
	digits = digits_at(text, p);
	if (digits > 0)
		return mark || digits == 3 ? p : 0;
	spaces = skip_space(text, p);
	return mark && !after_decimal && spaces > p && digits_at(text, spaces) == 2
		   ? spaces
		   : 0;
}

/* Reads the number that starts at `at`; digits, with separators kept as '.', ',' or '\''. */
static bool read_number(struct vg_str text, size_t at, struct number *ret)
{
	size_t p = at, next;

	*ret = (struct number){.start = at};
	if (text.ptr[p] == '.')
		ret->digits[ret->len++] = *(text.ptr + p++);
	for (;;) {
		size_t n = digits_at(text, p);
		if (ret->len + n > MAX_DIGITS)
			return false;
		memcpy(ret->digits + ret->len, text.ptr + p, n);
		ret->len += n;
		p += n;
		ret->end = p;
		if (p >= text.len ||
		    (next = next_group(text, p,
			 memchr(ret->digits, '.', ret->len) != NULL && n <= 2)) == 0)
			return true;
		char mark =
		    text.ptr[p] == '.' || text.ptr[p] == ',' ? text.ptr[p] : '\'';
		if (ret->len == MAX_DIGITS)
			return false;
		ret->digits[ret->len++] = mark;
		p = next;
	}
}

/* The index of the decimal separator among the digits, or len when there is none. */
static size_t decimal_of(const struct number *n, char given)
{
	size_t last = n->len, count[2] = {0};

	for (size_t i = 0; i < n->len; i++) {
		if (n->digits[i] == '.' || n->digits[i] == ',') {
			last = i;
			count[n->digits[i] == ',']++;
		}
	}
	if (last == n->len)
		return last;
	if (given == '.' || given == ',')
		return n->digits[last] == given ? last : n->len;
	size_t behind = n->len - last - 1;
	bool both = count[0] > 0 && count[1] > 0;
	if (last == 0 || (both && count[n->digits[last] == ','] == 1))
		return last;
	/* Three digits are thousands, save after a lone zero. */
	if (behind == 3)
		return last == 1 && n->digits[0] == '0' ? last : n->len;
	return both || count[n->digits[last] == ','] == 1 || behind <= 2 ? last
									 : n->len;
}

/* The amount as a decimal string in the arena. */
static struct vg_str amount_of(
    struct vg_arena *arena, const struct number *n, char given)
{
	char out[MAX_DIGITS + 8];
	size_t len = 0, decimal = decimal_of(n, given);

	for (size_t i = 0; i < n->len; i++) {
		if (i == decimal) {
			if (len == 0)
				out[len++] = '0';
			out[len++] = '.';
		} else if (vg_is_digit(n->digits[i])) {
			if (len == 1 && out[0] == '0')
				len = 0;
			out[len++] = n->digits[i];
		}
	}
	return vg_arena_str(arena, (struct vg_str){out, len});
}

/* A percentage, or digits inside a word ("B12", "2x4"). */
static bool no_amount(struct vg_str text, const struct number *n)
{
	size_t after = skip_space(text, n->end);
	return after < text.len && text.ptr[after] == '%';
}

static bool next_number(struct vg_str text, size_t from, struct number *ret)
{
	for (; from < text.len; from++) {
		bool point = text.ptr[from] == '.' && from + 1 < text.len &&
			     vg_is_digit(text.ptr[from + 1]) &&
			     (from == 0 || !vg_is_alnum(text.ptr[from - 1]));
		if (!point && !vg_is_digit(text.ptr[from]))
			continue;
		if (!read_number(text, from, ret)) {
			from += digits_at(text, from);
			continue;
		}
		if (!no_amount(text, ret))
			return true;
		from = ret->end - 1;
	}
	return false;
}

/* "35€ 99": cents behind the sign. */
static void cents_behind(
    struct vg_str text, struct number *n, const struct vg_currency *sign)
{
	size_t p = skip_space(text, sign->end);

	if (strcmp(sign->iso, "EUR") != 0 || sign->code || digits_at(text, p) != 2 ||
	    p - sign->end > 1 || memchr(n->digits, '.', n->len) != NULL ||
	    memchr(n->digits, ',', n->len) != NULL)
		return;
	if (vg_str_find(text, vg_str_sub(text, sign->start, sign->end), p) != SIZE_MAX)
		return;
	n->digits[n->len++] = '.';
	memcpy(n->digits + n->len, text.ptr + p, 2);
	n->len += 2;
	n->end = p + 2;
}

/*
 * The currency beside a number: before it (spaces or a colon between), behind it (a space, ",-"
 * or ".-" between). A code beats a bare dollar.
 */
static bool beside(struct vg_str text, struct number *n, struct vg_currency *ret)
{
	struct vg_currency before = {0}, behind = {0};
	size_t p = n->start, step;
	bool has_before, has_behind;

	while ((step = space_before(text, p)) > 0 && n->start - p < 4)
		p -= step;
	if (p > 0 && text.ptr[p - 1] == ':')
		p--;
	has_before = vg_currency_before(text, p, &before);
	if (has_before && before.weak && before.end != n->start)
		has_before = false;
	p = n->end;
	if (p + 1 < text.len && (text.ptr[p] == ',' || text.ptr[p] == '.') &&
	    (text.ptr[p + 1] == '-' || text.ptr[p + 1] == ' '))
		p += 2;
	size_t spaced = skip_space(text, p);
	has_behind = spaced - p <= 4 && vg_currency_at(text, spaced, &behind);
	/* "$80 $70", "10/325 $35": the second sign is the next price's. */
	if (has_behind && !behind.code &&
	    (has_before ? digits_at(text, skip_space(text, behind.end)) > 0
			: spaced > n->end && digits_at(text, behind.end) > 0))
		has_behind = false;
	if (has_behind && behind.weak && has_before)
		has_behind = false;
	if (has_behind && !has_before)
		cents_behind(text, n, &behind);
	if (!has_before && !has_behind)
		return false;
	bool take_behind = !has_before || (has_behind && before.iso[0] == '\0' &&
					      behind.iso[0] != '\0');
	*ret = take_behind ? behind : before;
	if (has_before && before.dollar && !take_behind) {
		/* "NZD $100.70": the code before the sign. */
		size_t q = before.start;
		struct vg_currency code;
		while ((step = space_before(text, q)) > 0)
			q -= step;
		if (vg_currency_before(text, q, &code) && code.code)
			*ret = code;
	}
	n->start = has_before && before.start < n->start ? before.start : n->start;
	n->end = has_behind && behind.end > n->end ? behind.end : n->end;
	return true;
}

static bool keep(struct vg_arena *arena, struct vg_vec *prices, struct vg_str text,
    const struct number *n, const struct vg_currency *currency, char decimal)
{
	struct vg_price *price = vg_vec_push(prices);

	if (price == NULL)
		return prices->len == prices->max;
	price->amount = amount_of(arena, n, decimal);
	price->start = n->start;
	price->end = n->end;
	if (currency != NULL) {
		memcpy(price->currency, currency->iso, 4);
		price->currency_text = vg_str_sub(text, currency->start, currency->end);
	}
	return price->amount.ptr != NULL;
}

enum vg_status vg_prices_find(struct vg_arena *arena, struct vg_str text,
    const struct vg_price **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_vec prices = VG_VEC_INIT(struct vg_price, VG_MAX_FINDINGS, arena);
	struct vg_currency currency;
	struct number n;

	for (size_t at = 0; next_number(text, at, &n); at = n.end) {
		if (beside(text, &n, &currency) &&
		    !keep(arena, &prices, text, &n, &currency, 0))
			return vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	*ret = prices.items;
	*ret_count = prices.len;
	return VG_OK;
}

/* Between the two ends of a range ("26 to 50 €") there is a dash or a short word. */
static bool range_between(struct vg_str gap)
{
	gap = vg_str_trim(gap);
	return vg_str_eqz(gap, "-") || vg_str_eqz(gap, "\u2013") ||
	       vg_str_ieqz(gap, "to") || vg_str_ieqz(gap, "a") ||
	       vg_str_ieqz(gap, "bis") || vg_str_eqz(gap, "\u0434\u043e");
}

/* The currency of the first price of a text that is one: beside it, anywhere, in the hint. */
static bool find_currency(struct vg_str text, struct vg_str hint,
    struct vg_currency *ret, struct vg_str *ret_in)
{
	const struct vg_str places[] = {text, hint, text, hint};

	for (size_t i = 0; i < 4; i++) {
		if (vg_currency_find(places[i], 0, i >= 2, ret)) {
			*ret_in = places[i];
			return true;
		}
	}
	return false;
}

/* A dollar code anywhere in a text with a dollar sign says which dollar. */
static bool dollar_code(struct vg_str text, struct vg_currency *ret)
{
	if (vg_str_chr(text, '$', 0) == SIZE_MAX)
		return false;
	for (size_t at = 0; vg_currency_find(text, at, false, ret); at = ret->end) {
		if (ret->code && ret->iso[2] == 'D' &&
		    vg_str_eq(vg_str_sub(text, ret->start, ret->end), vg_str(ret->iso)))
			return true;
	}
	return false;
}

static bool says_free(struct vg_str text)
{
	static const char *const words[] = {
	    "free", "gratis", "gr\u00e1tis", "gratuit", "kostenlos"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (vg_str_ifind(text, vg_str(words[i]), 0) != SIZE_MAX)
			return true;
	}
	return false;
}

static enum vg_status free_price(struct vg_arena *arena, struct vg_str text,
    struct vg_vec *prices, struct vg_error *err)
{
	struct number zero = {.digits = "0", .len = 1, .end = text.len};
	if (says_free(text) && !keep(arena, prices, text, &zero, NULL, 0))
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	return VG_OK;
}

enum vg_status vg_price_parse(struct vg_arena *arena, struct vg_str text,
    const struct vg_price_options *options, const struct vg_price **ret,
    size_t *ret_count, struct vg_error *err)
{
	struct vg_vec prices = VG_VEC_INIT(struct vg_price, VG_MAX_FINDINGS, arena);
	struct vg_currency currency = {0}, other;
	struct number first = {0}, n;
	struct vg_str in = text;
	bool bare = false, found = false;

	for (size_t at = 0; next_number(text, at, &n); at = n.end) {
		struct number plain = n;
		bool has = beside(text, &n, &currency);
		if (!has && !bare && prices.len == 0) {
			first = plain;
			bare = true;
		}
		if (!has)
			continue;
		if (bare && prices.len == 0 && n.start == plain.start &&
		    range_between(vg_str_sub(text, first.end, n.start)) &&
		    !keep(arena, &prices, text, &first, &currency,
			options->decimal_separator))
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		if (!keep(arena, &prices, text, &n, &currency,
			options->decimal_separator))
			return vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	if (prices.len == 0 && bare) {
		found = find_currency(text, options->currency_hint, &currency, &in);
		if (!keep(arena, &prices, in, &first, found ? &currency : NULL,
			options->decimal_separator))
			return vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	if (prices.len == 0 && free_price(arena, text, &prices, err) != VG_OK)
		return err == NULL ? VG_E_NOMEM : err->status;
	if (prices.len > 0 && dollar_code(text, &other)) {
		struct vg_price *price = vg_vec_at(&prices, 0);
		memcpy(price->currency, other.iso, 4);
		price->currency_text = vg_str_sub(text, other.start, other.end);
	}
	*ret = prices.items;
	*ret_count = prices.len;
	return VG_OK;
}
