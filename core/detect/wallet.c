/* SPDX-License-Identifier: MIT */
/* Finds payment identifiers: one walk over runs of letters and digits, sums only for likely ones. */
#include "config.h"

#include "detect/wallet.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "base/vec.h"
#include "detect/wallet_check.h"

struct scan {
	struct vg_arena *arena;
	struct vg_str text;
	size_t start, end; /* the run of letters and digits under view */
	struct vg_wallet found;
};

static bool keep(struct scan *s, const char *kind, struct vg_str value)
{
	s->found.kind = kind;
	s->found.value = vg_arena_str(s->arena, value);
	return s->found.value.ptr != NULL;
}

static bool try_base58(struct scan *s, struct vg_str token)
{
	static const struct {
		uint8_t version;
		const char *kind, *network, *form;
	} versions[] = {
	    {0x00, "btc", "main", "p2pkh"},
	    {0x05, "btc", "main", "p2sh"},
	    {0x6f, "btc", "test", "p2pkh"},
	    {0xc4, "btc", "test", "p2sh"},
	    {0x30, "ltc", NULL, NULL},
	    {0x32, "ltc", NULL, NULL},
	    {0x1e, "doge", NULL, NULL},
	    {0x16, "doge", NULL, NULL},
	    {0x41, "trx", NULL, NULL},
	};
	uint8_t payload[64];

	if (token.len < 26 || token.len > 35 ||
	    strchr("123mn9ADLMT", token.ptr[0]) == NULL ||
	    vg_base58check(token, payload) != 21)
		return false;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		if (versions[i].version == payload[0]) {
			s->found.network = versions[i].network;
			s->found.form = versions[i].form;
			return keep(s, versions[i].kind, token);
		}
	}
	return false;
}

static bool try_bech32(struct scan *s, struct vg_str token)
{
	struct vg_bech32 address;
	char lower[90], hex[2 * VG_BECH32_PROGRAM + 1];

	if (strchr("btlBTL", token.ptr[0]) == NULL ||
	    !vg_bech32_address(token, &address))
		return false;
	for (size_t i = 0; i < token.len; i++)
		lower[i] = vg_lower(token.ptr[i]);
	token.ptr = lower;
	if (strcmp(address.hrp, "ltc") == 0)
		return keep(s, "ltc", token);
	vg_hex(address.program, address.len, hex);
	s->found.program = vg_arena_str(s->arena, vg_str(hex));
	s->found.witness_version = address.version;
	s->found.form = address.version == 0 ? "bech32" : "bech32m";
	s->found.network = strcmp(address.hrp, "bc") == 0   ? "main"
			   : strcmp(address.hrp, "tb") == 0 ? "test"
							    : "regtest";
	return s->found.program.ptr != NULL && keep(s, "btc", token);
}

static bool try_eth(struct scan *s, struct vg_str token)
{
	char value[42] = "0x";

	if (token.len != 42 || token.ptr[0] != '0' || (token.ptr[1] | 0x20) != 'x' ||
	    !vg_eip55(vg_str_sub(token, 2, 42), value + 2))
		return false;
	return keep(s, "eth", (struct vg_str){value, sizeof(value)});
}

/* Bytes of a separator inside a printed number: a space, a no-break space, or (digits) a hyphen. */
static size_t gap(struct vg_str text, size_t at, bool hyphen)
{
	if (at < text.len && (text.ptr[at] == ' ' || (hyphen && text.ptr[at] == '-')))
		return 1;
	if (at + 1 < text.len && memcmp(text.ptr + at, "\xC2\xA0", 2) == 0)
		return 2;
	return 0;
}

/* An IBAN from the start of the run, groups set apart by single spaces allowed. */
static bool try_iban(struct scan *s, struct vg_str token)
{
	char value[34];
	size_t want, len = 0, at = s->start;

	if (token.len < 2 || token.ptr[0] < 'A' || token.ptr[0] > 'Z' ||
	    (want = vg_iban_length(token.ptr)) == 0)
		return false;
	while (len < want && at < s->text.len) {
		char c = s->text.ptr[at];
		size_t skip = vg_is_alnum(c) ? 0 : gap(s->text, at, false);
		if (skip == 0 && !vg_is_alnum(c))
			return false;
		if (skip == 0)
			value[len++] = c;
		at += skip == 0 ? 1 : skip;
	}
	if (len != want || (at < s->text.len && vg_is_alnum(s->text.ptr[at])) ||
	    !vg_iban_valid((struct vg_str){value, len}))
		return false;
	s->found.end = at;
	return keep(s, "iban", (struct vg_str){value, len});
}

/* Printed in groups, a CLABE is believed in its bank-city-account grouping, fours, or by name. */
static bool grouping_known(const uint8_t sizes[18])
{
	static const uint8_t usual[][18] = {{3, 3, 11, 1}, {3, 3, 12}, {3, 15},
	    {4, 4, 4, 4, 2}, {6, 6, 6}, {6, 11, 1}, {3, 3, 3, 3, 3, 3}};
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (memcmp(usual[i], sizes, sizeof(usual[i])) == 0)
			return true;
	}
	return false;
}

static bool named_before(const struct scan *s, struct vg_str name, size_t within)
{
	size_t from = s->start > within ? s->start - within : 0;
	return vg_str_ifind(vg_str_sub(s->text, from, s->start), name, 0) != SIZE_MAX;
}

static bool try_clabe(struct scan *s, struct vg_str token)
{
	char value[18];
	uint8_t sizes[18] = {0}; /* digits of each group */
	size_t len = 0, group = 0, at = s->start;

	if (!vg_is_digit(token.ptr[0]) || token.len > 18)
		return false;
	while (len < 18 && at < s->text.len) {
		size_t skip = gap(s->text, at, true);
		if (vg_is_digit(s->text.ptr[at])) {
			value[len++] = s->text.ptr[at++];
			sizes[group]++;
		} else if (skip > 0 && sizes[group] > 0) {
			group++;
			at += skip;
		} else {
			return false;
		}
	}
	if (len != 18 || (at < s->text.len && vg_is_alnum(s->text.ptr[at])) ||
	    !vg_clabe_valid((struct vg_str){value, len}))
		return false;
	if (group > 0 && !grouping_known(sizes) &&
	    !named_before(s, VG_STR("clabe"), 40))
		return false;
	s->found.end = at;
	return keep(s, "clabe", (struct vg_str){value, len});
}

static bool examine(struct scan *s)
{
	struct vg_str token = vg_str_sub(s->text, s->start, s->end);

	s->found =
	    (struct vg_wallet){.witness_version = -1, .start = s->start, .end = s->end};
	if (try_iban(s, token) || try_clabe(s, token))
		return true;
	if (token.len < 14)
		return false;
	if (try_bech32(s, token) || try_eth(s, token) || try_base58(s, token))
		return true;
	return vg_monero_address(token) && keep(s, "xmr", token);
}

enum vg_status vg_wallets_find(struct vg_arena *arena, struct vg_str text,
    const struct vg_wallet **ret, size_t *ret_count, struct vg_error *err)
{
	struct vg_vec found = VG_VEC_INIT(struct vg_wallet, VG_MAX_FINDINGS, arena);
	struct scan s = {.arena = arena, .text = text};
	size_t at = 0;

	while (at < text.len) {
		if (!vg_is_alnum(text.ptr[at])) {
			at++;
			continue;
		}
		s.start = at;
		while (at < text.len && vg_is_alnum(text.ptr[at]))
			at++;
		s.end = at;
		if (!examine(&s))
			continue;
		struct vg_wallet *w = vg_vec_push(&found);
		if (w == NULL && found.len < found.max)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		if (w == NULL)
			break;
		*w = s.found;
		at = s.found.end;
	}
	*ret = found.items;
	*ret_count = found.len;
	return VG_OK;
}
