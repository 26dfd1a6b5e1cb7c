/* SPDX-License-Identifier: MIT */
/* SipHash-2-4 (Aumasson, Bernstein 2012) of an address. */
#include "config.h"

#include "url/url.h"

static uint64_t rotl(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void rounds(uint64_t v[4], unsigned n)
{
	while (n-- > 0) {
		v[0] += v[1];
		v[1] = rotl(v[1], 13) ^ v[0];
		v[0] = rotl(v[0], 32);
		v[2] += v[3];
		v[3] = rotl(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotl(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotl(v[1], 17) ^ v[2];
		v[2] = rotl(v[2], 32);
	}
}

static uint64_t word_at(struct vg_str s, size_t from, size_t len)
{
	uint64_t word = 0;

	for (size_t i = 0; i < len; i++)
		word |= (uint64_t)(unsigned char)s.ptr[from + i] << (8 * i);
	return word;
}

uint64_t vg_url_fingerprint(struct vg_str normalised, uint64_t key)
{
	/* The second half of SipHash's key is the first one's complement. */
	uint64_t v[4] = {key ^ UINT64_C(0x736f6d6570736575),
	    ~key ^ UINT64_C(0x646f72616e646f6d), key ^ UINT64_C(0x6c7967656e657261),
	    ~key ^ UINT64_C(0x7465646279746573)};
	size_t i = 0;
	uint64_t word;

	for (; normalised.len - i >= 8; i += 8) {
		word = word_at(normalised, i, 8);
		v[3] ^= word;
		rounds(v, 2);
		v[0] ^= word;
	}
	word = word_at(normalised, i, normalised.len - i) | (uint64_t)normalised.len
								<< 56;
	v[3] ^= word;
	rounds(v, 2);
	v[0] ^= word;
	v[2] ^= 0xff;
	rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
