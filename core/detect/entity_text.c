/* SPDX-License-Identifier: MIT */
/* Numbers in a block: phones, wallets, accounts, cards, tax ids. */
#include "config.h"

#include "detect/entity_priv.h"

#include <string.h>

#include "base/size.h"
#include "detect/phone.h"
#include "detect/wallet.h"
#include "detect/wallet_check.h"

/* Bytes [start, end) already read as something: later readers leave them alone. */
struct taken {
	size_t start, end;
};

struct block_scan {
	struct vg_entity_scan *s;
	const struct vg_block *block;
	struct vg_vec taken; /* struct taken */
};

bool vg_any_word(struct vg_str text, size_t from, size_t to, const char *const *words)
{
	struct vg_str part = vg_str_sub(text, from, to);

	for (; *words != NULL; words++) {
		struct vg_str word = vg_str(*words);
		for (size_t at = 0; (at = vg_str_ifind(part, word, at)) != SIZE_MAX;
		     at++) {
			if ((at == 0 || !vg_is_alnum(part.ptr[at - 1])) &&
			    (at + word.len >= part.len ||
				!vg_is_alpha(part.ptr[at + word.len])))
				return true;
		}
	}
	return false;
}

static size_t back(size_t at, size_t by)
{
	return at > by ? at - by : 0;
}

static bool overlaps(const struct block_scan *b, size_t start, size_t end)
{
	for (size_t i = 0; i < b->taken.len; i++) {
		const struct taken *t = vg_vec_at(&b->taken, i);
		if (start < t->end && end > t->start)
			return true;
	}
	return false;
}

static void take(struct block_scan *b, const char *kind, struct vg_str value,
    size_t start, size_t end)
{
	struct taken *t = vg_vec_push(&b->taken);

	if (t != NULL)
		*t = (struct taken){start, end};
	vg_entity_add_block(b->s, b->block, kind, value, start, end);
}

static void wallets(struct block_scan *b)
{
	const struct vg_wallet *found;
	size_t count;

	if (vg_wallets_find(b->s->doc->arena, b->block->text, &found, &count, NULL) !=
	    VG_OK) {
		b->s->status = VG_E_NOMEM;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (found[i].network == NULL || strcmp(found[i].network, "main") == 0)
			take(b, found[i].kind, found[i].value, found[i].start,
			    found[i].end);
	}
}

/* Copies the digits from `at` on, marks between them skipped; returns where they end. */
static size_t gather_digits(struct vg_str text, size_t at, const char *marks, char *ret,
    size_t max, size_t *ret_len)
{
	size_t end = at;

	*ret_len = 0;
	while (at < text.len && *ret_len < max) {
		if (vg_is_digit(text.ptr[at])) {
			ret[(*ret_len)++] = text.ptr[at];
			end = at + 1;
		} else if (strchr(marks, text.ptr[at]) == NULL || at != end) {
			break;
		}
		at++;
	}
	return end;
}

/* ISO/IEC 7812: a payment card in one piece or in fours. */
static bool card(struct block_scan *b, size_t at)
{
	struct vg_str text = b->block->text;
	char digits[20];
	size_t len, end = gather_digits(text, at, " -", digits, sizeof(digits), &len);
	static const char *const words[] = {"tarjeta", "card", "oxxo", "debito",
	    "d\u00e9bito", "credito", "dep\u00f3sito", "deposito", "deposita", "aparta",
	    "transfer", "spin", "cuenta", "banco", "pago", "7-eleven", "saldazo", NULL};

	if (len < 15 || len > 16 || digits[0] < '3' || digits[0] > '6' ||
	    overlaps(b, at, end) || (end < text.len && vg_is_alnum(text.ptr[end])) ||
	    !vg_luhn_valid((struct vg_str){digits, len}))
		return false;
	/* Fours, or one piece with a word for it nearby. */
	bool fours = end - at == len + 3 && !vg_is_digit(text.ptr[at + 4]) &&
		     !vg_is_digit(text.ptr[at + 9]) && !vg_is_digit(text.ptr[at + 14]);
	if (!fours && !vg_any_word(text, back(at, 80), at, words))
		return false;
	take(b, "card", (struct vg_str){digits, len}, at, end);
	return true;
}

/* Receita Federal: two check digits mod 11. */
static bool cnpj(struct block_scan *b, size_t at)
{
	struct vg_str text = b->block->text;
	char d[20];
	size_t len, end = gather_digits(text, at, "./-", d, sizeof(d), &len);
	static const char *const words[] = {"cnpj", NULL};

	if (len != 14 || overlaps(b, at, end) ||
	    (end - at != 18 && !vg_any_word(text, back(at, 24), at, words)))
		return false;
	for (size_t n = 12; n < 14; n++) {
		unsigned sum = 0;
		for (size_t i = 0; i < n; i++)
			sum += (unsigned)(d[i] - '0') * (unsigned)((n - 1 - i) % 8 + 2);
		unsigned want = sum % 11 < 2 ? 0 : 11 - sum % 11;
		if ((unsigned)(d[n] - '0') != want)
			return false;
	}
	take(b, "cnpj", (struct vg_str){d, len}, at, end);
	return true;
}

/* A bank routing number of the United States, named as such. */
static bool aba(struct block_scan *b, size_t at)
{
	struct vg_str text = b->block->text;
	char d[12];
	size_t len, end = gather_digits(text, at, "", d, sizeof(d), &len);
	static const char *const words[] = {"routing", "aba", "rtn", NULL};
	unsigned sum = 0;

	if (len != 9 || overlaps(b, at, end) ||
	    !vg_any_word(text, back(at, 32), at, words))
		return false;
	for (size_t i = 0; i < 9; i++)
		sum += (unsigned)(d[i] - '0') * (i % 3 == 0      ? 3u
						    : i % 3 == 1 ? 7u
								 : 1u);
	if (sum == 0 || sum % 10 != 0)
		return false;
	take(b, "aba", (struct vg_str){d, len}, at, end);
	return true;
}

static void digit_runs(struct block_scan *b)
{
	struct vg_str text = b->block->text;

	for (size_t at = 0; at < text.len; at++) {
		if (!vg_is_digit(text.ptr[at]) ||
		    (at > 0 && vg_is_alnum(text.ptr[at - 1])))
			continue;
		if (!card(b, at) && !cnpj(b, at))
			(void)aba(b, at);
		while (at + 1 < text.len && vg_is_digit(text.ptr[at + 1]))
			at++;
	}
}

/* WhatsApp or Signal, if the text just before the number (or right behind it) says so. */
static const char *phone_kind(
    struct vg_str text, const struct vg_phone *phone, size_t earliest)
{
	static const char *const whatsapp[] = {"whatsapp", "whats app", "whatsap",
	    "wsp", "whats", "wa", "wapp", "wats", "watsap", "guasap", "wasap", "zap",
	    "\u0432\u0430\u0442\u0441\u0430\u043f", NULL};
	static const char *const signal[] = {"signal", NULL};
	size_t from = back(phone->start, 40);

	if (from < earliest)
		from = earliest;
	bool is_signal = vg_any_word(text, from, phone->start, signal);
	bool is_whatsapp = vg_any_word(text, from, phone->start, whatsapp);
	if (is_signal && is_whatsapp) {
		struct vg_str part = vg_str_sub(text, from, phone->start);
		size_t last = 0;
		for (size_t p = 0;
		     (p = vg_str_ifind(part, VG_STR("signal"), p)) != SIZE_MAX; p++)
			last = p;
		return vg_str_ifind(part, VG_STR("wh"), last) != SIZE_MAX ? "whatsapp"
									  : "signal";
	}
	if (is_signal || is_whatsapp)
		return is_signal ? "signal" : "whatsapp";
	struct vg_str behind = vg_str_sub(text, phone->end, phone->end + 14);
	size_t open = vg_str_chr(behind, '(', 0);
	if (open != SIZE_MAX && vg_any_word(behind, open, behind.len, whatsapp))
		return "whatsapp";
	return open != SIZE_MAX && vg_any_word(behind, open, behind.len, signal)
		   ? "signal"
		   : "phone";
}

/* Words before digits that are no phone number. */
static bool phone_denied(struct vg_str text, size_t start)
{
	static const char *const words[] = {"isbn", "folio", "sku", "ean", "upc",
	    "gtin", "issn", "lote", "batch", "c\u00e9dula", "cedula", "npi", "ncpdp",
	    "gphc", "ndc", "tracking", "gu\u00eda", "order no", "order #", "invoice",
	    "licencia", "license", "licence", "registro", "cuenta", "account",
	    "expediente", "doi", "pmid", "ref", "id", NULL};
	return vg_any_word(text, back(start, 18), start, words);
}

static void phones(struct block_scan *b)
{
	struct vg_str text = b->block->text;
	const struct vg_phone *found;
	size_t count, earliest = 0;
	bool source =
	    b->block->where == VG_WHERE_SCRIPT || b->block->where == VG_WHERE_JSONLD;

	if (vg_phones_find(b->s->doc->arena, text, b->s->region->country, &found,
		&count, NULL) != VG_OK) {
		b->s->status = VG_E_NOMEM;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const struct vg_phone *p = &found[i];
		bool plain =
		    p->end - p->start <= strlen(p->e164) && text.ptr[p->start] != '+';
		for (size_t k = p->start; plain && k < p->end; k++)
			plain = vg_is_digit(text.ptr[k]);
		/* A bare run of digits in a script is an id, unless it is all there is of a string. */
		if (overlaps(b, p->start, p->end) || phone_denied(text, p->start) ||
		    (plain && source && p->end - p->start < text.len))
			continue;
		take(b, phone_kind(text, p, earliest), vg_str(p->e164), p->start,
		    p->end);
		earliest = p->end;
	}
}

/* ISO 9362 code behind the word SWIFT or BIC. */
static void swift(struct block_scan *b)
{
	static const char *const words[] = {"swift", "bic"};
	struct vg_str text = b->block->text;

	for (size_t w = 0; w < 2; w++) {
		struct vg_str word = vg_str(words[w]);
		for (size_t at = 0; (at = vg_str_ifind(text, word, at)) != SIZE_MAX;
		     at += word.len) {
			if (at > 0 && vg_is_alnum(text.ptr[at - 1]))
				continue;
			size_t limit = vg_size_min(text.len, at + word.len + 20),
			       p = at + word.len;
			while (p < limit) {
				size_t start = p, letters = 0;
				while (p < text.len &&
				       ((text.ptr[p] >= 'A' && text.ptr[p] <= 'Z') ||
					   vg_is_digit(text.ptr[p])))
					p++;
				for (size_t k = start; k < p && k < start + 6; k++)
					letters += !vg_is_digit(text.ptr[k]);
				size_t len = p - start;
				if ((len == 8 || len == 11) && letters == 6 &&
				    (p >= text.len || !vg_is_alnum(text.ptr[p]))) {
					take(b, "swift", vg_str_sub(text, start, p),
					    start, p);
					break;
				}
				p += len == 0;
			}
		}
	}
}

/* SAT: a company's RFC, three letters, six digits of a date, three of homoclave, mod 11. */
static bool rfc_valid(struct vg_str t)
{
	static const char values[] = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ ";
	unsigned sum =
	    47 * 13; /* the space that stands before three letters has value 37 */

	sum = 13 * 37;
	for (size_t i = 0; i < 11; i++) {
		const char *v = strchr(values, t.ptr[i]);
		if (v == NULL || vg_is_digit(t.ptr[i]) != (i >= 3 && i < 9) ? i < 9
									    : false)
			return false;
		sum += (unsigned)(v - values) * (unsigned)(12 - i);
	}
	unsigned check = sum % 11;
	char want = check == 0 ? '0' : check == 1 ? 'A' : (char)('0' + (11 - check));
	return t.ptr[11] == want;
}

static void rfc(struct block_scan *b)
{
	static const char *const words[] = {"rfc", "r.f.c", NULL};
	struct vg_str text = b->block->text;

	if (vg_str_ifind(text, VG_STR("rfc"), 0) == SIZE_MAX &&
	    vg_str_ifind(text, VG_STR("r.f.c"), 0) == SIZE_MAX)
		return;
	for (size_t at = 0; at < text.len; at++) {
		size_t start = at;
		while (
		    at < text.len && (vg_is_alnum(text.ptr[at]) || text.ptr[at] == '&'))
			at++;
		if (at - start == 12 && rfc_valid(vg_str_sub(text, start, at)) &&
		    vg_any_word(text, back(start, 24), start, words))
			take(b, "rfc", vg_str_sub(text, start, at), start, at);
	}
}

/* A random key of Brazil's Pix: a UUID behind the word. */
static void pix(struct block_scan *b)
{
	struct vg_str text = b->block->text;

	for (size_t at = 0; (at = vg_str_ifind(text, VG_STR("pix"), at)) != SIZE_MAX;
	     at += 3) {
		for (size_t p = at + 3; p < at + 50 && p + 36 <= text.len; p++) {
			bool uuid = true;
			for (size_t i = 0; i < 36 && uuid; i++) {
				bool dash = i == 8 || i == 13 || i == 18 || i == 23;
				uuid = dash ? text.ptr[p + i] == '-'
					    : vg_hex_digit(text.ptr[p + i]) >= 0;
			}
			if (uuid) {
				char value[36];
				for (size_t i = 0; i < 36; i++)
					value[i] = vg_lower(text.ptr[p + i]);
				take(b, "pix", (struct vg_str){value, 36}, p, p + 36);
				break;
			}
		}
	}
}

void vg_entity_scan_block(struct vg_entity_scan *s, const struct vg_block *block)
{
	struct block_scan b = {.s = s, .block = block};
	struct vg_str text = block->text;
	size_t digits = 0, wordy = 0, run = 0;

	b.taken = VG_VEC_INIT(struct taken, 4096, s->doc->arena);
	for (size_t i = 0; i < text.len; i++) {
		digits += vg_is_digit(text.ptr[i]) || text.ptr[i] == '\xEF';
		run = vg_is_alnum(text.ptr[i]) ? run + 1 : 0;
		wordy = run > wordy ? run : wordy;
	}
	if (digits >= 14 || wordy >= 14)
		wallets(&b);
	if (digits >= 9)
		digit_runs(&b);
	if (digits >= 7)
		phones(&b);
	if (digits >= 6)
		rfc(&b);
	if (digits >= 4)
		pix(&b);
	if (wordy >= 8)
		swift(&b);
	vg_entity_scan_names(s, block);
}
