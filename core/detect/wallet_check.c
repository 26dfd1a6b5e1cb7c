/* SPDX-License-Identifier: MIT */
/* Check sums of addresses; those of bank accounts are in wallet_iban.c. */
#include "config.h"

#include "detect/wallet_check.h"

#include <string.h>

#include "base/digest.h"

static const char base58_digits[] =
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const char bech32_digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static int digit_of(const char *digits, char c)
{
	const char *at = c == '\0' ? NULL : strchr(digits, c);
	return at == NULL ? -1 : (int)(at - digits);
}

size_t vg_base58check(struct vg_str text, uint8_t ret[64])
{
	uint8_t big[64] = {0}; /* big-endian, filled from its end */
	size_t used = 0, zeros = 0;
	struct vg_digest once, twice;

	if (text.len > 80)
		return 0;
	while (zeros < text.len && text.ptr[zeros] == '1')
		zeros++;
	for (size_t i = 0; i < text.len; i++) {
		int digit = digit_of(base58_digits, text.ptr[i]);
		if (digit < 0)
			return 0;
		unsigned carry = (unsigned)digit;
		for (size_t k = 0; k < used || carry != 0; k++) {
			if (k == sizeof(big))
				return 0;
			carry += 58u * big[sizeof(big) - 1 - k];
			big[sizeof(big) - 1 - k] = (uint8_t)(carry & 0xff);
			carry >>= 8;
			if (k >= used)
				used = k + 1;
		}
	}
	size_t len = zeros + used;
	if (len < 5 || len > sizeof(big))
		return 0;
	memset(ret, 0, zeros);
	memcpy(ret + zeros, big + sizeof(big) - used, used);
	if (vg_sha256((struct vg_str){(const char *)ret, len - 4}, &once, NULL) !=
		VG_OK ||
	    vg_sha256((struct vg_str){(const char *)once.bytes, VG_SHA256_LEN}, &twice,
		NULL) != VG_OK ||
	    memcmp(twice.bytes, ret + len - 4, 4) != 0)
		return 0;
	return len - 4;
}

static uint64_t rotate(uint64_t x, unsigned by)
{
	return by == 0 ? x : x << by | x >> (64 - by);
}

/* Keccak-f[1600], FIPS 202 section 3. */
static void keccak_permute(uint64_t s[25])
{
	static const uint8_t turns[24] = {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14,
	    27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
	static const uint8_t lanes[24] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15,
	    23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};
	unsigned lfsr = 1;

	for (int round = 0; round < 24; round++) {
		uint64_t c[5];
		for (size_t i = 0; i < 5; i++)
			c[i] = s[i] ^ s[i + 5] ^ s[i + 10] ^ s[i + 15] ^ s[i + 20];
		for (size_t i = 0; i < 25; i++)
			s[i] ^= c[(i + 4) % 5] ^ rotate(c[(i + 1) % 5], 1);
		uint64_t moving = s[1];
		for (size_t i = 0; i < 24; i++) {
			uint64_t kept = s[lanes[i]];
			s[lanes[i]] = rotate(moving, turns[i]);
			moving = kept;
		}
		for (size_t row = 0; row < 25; row += 5) {
			memcpy(c, s + row, sizeof(c));
			for (size_t i = 0; i < 5; i++)
				s[row + i] = c[i] ^ (~c[(i + 1) % 5] & c[(i + 2) % 5]);
		}
		for (unsigned bit = 0; bit < 7; bit++) {
			if ((lfsr & 1) != 0)
				s[0] ^= UINT64_C(1) << ((1u << bit) - 1);
			lfsr = (lfsr << 1) ^ ((lfsr & 0x80) != 0 ? 0x171u : 0);
		}
	}
}

void vg_keccak256(const void *bytes, size_t len, uint8_t ret[32])
{
	enum { RATE = 136 };
	const uint8_t *in = bytes;
	uint64_t state[25] = {0};

	for (size_t i = 0; i < len; i++) {
		size_t at = i % RATE;
		state[at / 8] ^= (uint64_t)in[i] << (8 * (at % 8));
		if (at == RATE - 1)
			keccak_permute(state);
	}
	size_t at = len % RATE;
	state[at / 8] ^= UINT64_C(1) << (8 * (at % 8));
	state[(RATE - 1) / 8] ^= UINT64_C(0x80) << 56;
	keccak_permute(state);
	for (size_t i = 0; i < 32; i++)
		ret[i] = (uint8_t)(state[i / 8] >> (8 * (i % 8)));
}

bool vg_monero_address(struct vg_str text)
{
	enum { BLOCK = 11, BYTES = 8 };
	/* bytes that a short last block of so many digits holds */
	static const int short_block[BLOCK + 1] = {
	    0, -1, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8};
	uint8_t bytes[96] = {0}, sum[32];
	size_t len = 0;

	if (text.len != 95 && text.len != 106)
		return false;
	for (size_t from = 0; from < text.len; from += BLOCK) {
		size_t count = text.len - from < BLOCK ? text.len - from : BLOCK;
		int size = short_block[count];
		uint64_t value = 0;
		for (size_t i = 0; i < count; i++) {
			int digit = digit_of(base58_digits, text.ptr[from + i]);
			if (digit < 0 || __builtin_mul_overflow(value, 58u, &value) ||
			    __builtin_add_overflow(value, (uint64_t)digit, &value))
				return false;
		}
		if (size < 0 || (size < BYTES && value >> (8 * size) != 0))
			return false;
		for (int i = size - 1; i >= 0; i--)
			bytes[len++] = (uint8_t)(value >> (8 * i));
	}
	vg_keccak256(bytes, len - 4, sum);
	return (bytes[0] == 18 || bytes[0] == 19 || bytes[0] == 42) &&
	       memcmp(sum, bytes + len - 4, 4) == 0;
}

static uint32_t bech32_step(uint32_t sum, uint32_t value)
{
	static const uint32_t generators[5] = {
	    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (unsigned i = 0; i < 5; i++)
		sum ^= (top >> i & 1) != 0 ? generators[i] : 0;
	return sum;
}

/* Five-bit groups to bytes; padding must be short and zero. */
static bool bech32_bytes(const uint8_t *groups, size_t count, struct vg_bech32 *ret)
{
	uint32_t bits = 0;
	unsigned have = 0;

	ret->len = 0;
	for (size_t i = 0; i < count; i++) {
		bits = bits << 5 | groups[i];
		have += 5;
		if (have >= 8) {
			have -= 8;
			if (ret->len == VG_BECH32_PROGRAM)
				return false;
			ret->program[ret->len++] = (uint8_t)(bits >> have & 0xff);
		}
	}
	return have < 5 && (bits & ((1u << have) - 1)) == 0;
}

bool vg_bech32_address(struct vg_str text, struct vg_bech32 *ret)
{
	static const char *const prefixes[] = {"bc", "tb", "bcrt", "ltc"};
	uint8_t groups[90];
	size_t count = 0, hrp_len = 0;
	uint32_t sum = 1;
	bool lower = false, upper = false;

	if (text.len < 8 || text.len > sizeof(groups))
		return false;
	ret->hrp = NULL;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		hrp_len = strlen(prefixes[i]);
		if (vg_str_istarts(text, vg_str(prefixes[i])) &&
		    text.ptr[hrp_len] == '1') {
			ret->hrp = prefixes[i];
			break;
		}
	}
	if (ret->hrp == NULL || text.len < hrp_len + 1 + 7)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		lower |= text.ptr[i] >= 'a' && text.ptr[i] <= 'z';
		upper |= text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
	}
	if (lower && upper)
		return false;
	for (size_t i = 0; i < hrp_len; i++)
		sum = bech32_step(sum, (uint32_t)ret->hrp[i] >> 5);
	sum = bech32_step(sum, 0);
	for (size_t i = 0; i < hrp_len; i++)
		sum = bech32_step(sum, (uint32_t)ret->hrp[i] & 31);
	for (size_t i = hrp_len + 1; i < text.len; i++) {
		int digit = digit_of(bech32_digits, vg_lower(text.ptr[i]));
		if (digit < 0)
			return false;
		groups[count++] = (uint8_t)digit;
		sum = bech32_step(sum, (uint32_t)digit);
	}
	ret->version = groups[0];
	if (ret->version > 16 || sum != (ret->version == 0 ? 1u : 0x2bc830a3u) ||
	    !bech32_bytes(groups + 1, count - 7, ret))
		return false;
	return ret->version == 0 ? ret->len == 20 || ret->len == 32 : ret->len >= 2;
}

bool vg_eip55(struct vg_str hex, char ret[40])
{
	uint8_t sum[32];
	bool lower = false, upper = false, same = true;

	if (hex.len != 40)
		return false;
	for (size_t i = 0; i < 40; i++) {
		if (vg_hex_digit(hex.ptr[i]) < 0)
			return false;
		lower |= hex.ptr[i] >= 'a';
		upper |= hex.ptr[i] >= 'A' && hex.ptr[i] <= 'F';
		ret[i] = vg_lower(hex.ptr[i]);
	}
	vg_keccak256(ret, 40, sum);
	for (size_t i = 0; i < 40; i++) {
		unsigned nibble = i % 2 == 0 ? sum[i / 2] >> 4 : sum[i / 2] & 15u;
		if (nibble >= 8 && ret[i] >= 'a')
			ret[i] = (char)(ret[i] - 'a' + 'A');
		same &= ret[i] == hex.ptr[i];
	}
	return same || !lower || !upper;
}
