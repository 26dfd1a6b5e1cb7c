/* SPDX-License-Identifier: MIT */
/*
 * Payment identifiers in text, returned only when their checksum holds: bitcoin, litecoin,
 * dogecoin, tron, ethereum and monero addresses, IBAN (ISO 13616) and CLABE. Pure.
 */
#ifndef VG_DETECT_WALLET_H
#define VG_DETECT_WALLET_H

#include "base/arena.h"

struct vg_wallet {
	const char *kind;    /* "btc" "ltc" "doge" "trx" "eth" "xmr" "iban" "clabe" */
	struct vg_str value; /* canonical; in the arena */
	const char *network; /* btc: "main", "test", "regtest"; else NULL */
	const char *form;    /* btc: "p2pkh", "p2sh", "bech32", "bech32m"; else NULL */
	int witness_version; /* -1 unless bech32 */
	struct vg_str program; /* witness program, hex; .ptr NULL unless bech32 */
	size_t start, end;     /* bytes of the text */
};

/* In order of appearance, at most VG_MAX_FINDINGS. */
VG_WARN_UNUSED enum vg_status vg_wallets_find(struct vg_arena *arena,
    struct vg_str text, const struct vg_wallet **ret, size_t *ret_count,
    struct vg_error *err);

#endif
