/* SPDX-License-Identifier: MIT */
/* The check sums behind wallets: base58check, bech32, EIP-55, monero, IBAN, CLABE, Luhn. */
#ifndef VG_DETECT_WALLET_CHECK_H
#define VG_DETECT_WALLET_CHECK_H

#include "base/str.h"

#define VG_BECH32_PROGRAM 40 /* bytes of the longest witness program (BIP-141) */

/* Bitcoin's base58check. Payload with its version byte, at most 64 bytes; 0 when it fails. */
size_t vg_base58check(struct vg_str text, uint8_t ret[64]);
/* Monero's base58 in blocks of 8, checked by Keccak-256 (standard, sub- and integrated address). */
bool vg_monero_address(struct vg_str text);

struct vg_bech32 {
	const char *hrp; /* "bc", "tb", "bcrt" or "ltc" */
	int version;     /* 0 to 16 */
	uint8_t program[VG_BECH32_PROGRAM];
	size_t len;
};
/* A segregated witness address: BIP-173 for version 0, BIP-350 above. One case only. */
bool vg_bech32_address(struct vg_str text, struct vg_bech32 *ret);

void vg_keccak256(const void *bytes, size_t len, uint8_t ret[32]);
/* `hex` is 40 digits; one case only needs no sum. Writes them in EIP-55 case when they hold. */
bool vg_eip55(struct vg_str hex, char ret[40]);

/* ISO 13616: letters of the country's length, or 0 when it has no IBAN. */
size_t vg_iban_length(const char country[2]);
/* Upper case, no spaces: country's layout and mod 97. */
bool vg_iban_valid(struct vg_str iban);
/* 18 digits, bank code other than 000, check digit (3, 7, 1). */
bool vg_clabe_valid(struct vg_str digits);
bool vg_luhn_valid(struct vg_str digits);

#endif
