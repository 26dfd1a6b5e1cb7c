/* SPDX-License-Identifier: MIT */
/* evidence/leaf: the format is fixed, so its bytes are written down here. */
#include "config.h"

#include "support/unit.h"

#include <stdlib.h>

#include "evidence/leaf.h"

static struct vg_leaf small_leaf(void)
{
	struct vg_leaf leaf = {
	    .url = VG_STR("http://a/"),
	    .method = VG_STR("GET"),
	    .started = 1,
	    .dns_us = 2,
	    .connect_us = 3,
	    .tls_us = 4,
	    .first_byte_us = 5,
	    .total_us = 256,
	    .outcome = VG_STR("ok"),
	    .detail = VG_STR(""),
	    .notes = VG_STR("truncated"),
	    .status = 200,
	    .payload_length = 7,
	    .peer = VG_STR("192.0.2.7:80"),
	};

	leaf.payload.present = true;
	memset(leaf.payload.digest.bytes, 0xab, sizeof(leaf.payload.digest.bytes));
	return leaf;
}

#define INT(last) 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, (last)
#define AB4 0xab, 0xab, 0xab, 0xab
#define AB16 AB4, AB4, AB4, AB4

static const unsigned char small_bytes[] = {
    1,                                                       /* version */
    0, 0, 0, 9, 'h', 't', 't', 'p', ':', '/', '/', 'a', '/', /* url */
    0, 0, 0, 3, 'G', 'E', 'T',                               /* method */
    INT(1), INT(2), INT(3), INT(4), INT(5), /* started … first_byte_us */
    0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 1, 0,     /* total_us */
    0, 0, 0, 2, 'o', 'k',                   /* outcome */
    0, 0, 0, 0,                             /* detail */
    0, 0, 0, 9, 't', 'r', 'u', 'n', 'c', 'a', 't', 'e', 'd', /* notes */
    INT(200),                                                /* status */
    0, 0, 0, 0, 0, 0, 0, 0,  /* request_head, response_head */
    0, 0, 0, 32, AB16, AB16, /* payload */
    INT(7),                  /* payload_length */
    0, 0, 0, 12, '1', '9', '2', '.', '0', '.', '2', '.', '7', ':', '8', '0', /* peer */
    0, 0, 0, 0, 0, 0, 0, 0,             /* tls_version, tls_cipher */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* chain, previous, parent */
};

static void leaf_encode__small_leaf__gives_the_written_bytes(void **state)
{
	struct vg_leaf leaf = small_leaf();
	struct vg_buf out = VG_BUF_INIT(VG_LEAF_MAX);

	(void)state;
	assert_status(vg_leaf_encode(&leaf, &out, NULL), VG_OK);
	assert_int_equal(out.len, sizeof(small_bytes));
	assert_memory_equal(out.ptr, small_bytes, sizeof(small_bytes));
	vg_buf_release(&out);
}

static void leaf_id__small_leaf__is_the_known_hash(void **state)
{
	/* SHA-256 of 0x00 and the bytes above, by sha256sum. */
	static const char expected[] =
	    "c04630e66ca7a00cae82cbe3290f4d52ca8257c055118229f98684041c24897e";
	struct vg_leaf leaf = small_leaf();
	struct vg_digest id;
	char hex[VG_SHA256_HEX];

	(void)state;
	assert_status(vg_leaf_id(&leaf, &id, NULL), VG_OK);
	vg_hex(id.bytes, sizeof(id.bytes), hex);
	assert_string_equal(hex, expected);
}

static void leaf_hash__empty_input__is_that_of_rfc_6962(void **state)
{
	/* Leaf hash of the empty string, in the test vectors of RFC 6962's logs. */
	static const char expected[] =
	    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
	struct vg_digest id;
	char hex[VG_SHA256_HEX];

	(void)state;
	assert_status(vg_leaf_hash(VG_STR(""), &id, NULL), VG_OK);
	vg_hex(id.bytes, sizeof(id.bytes), hex);
	assert_string_equal(hex, expected);
}

static void leaf_encode__negative_time__is_twos_complement(void **state)
{
	static const unsigned char minus_two[] = {
	    0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 254};
	struct vg_leaf leaf = small_leaf();
	struct vg_buf out = VG_BUF_INIT(VG_LEAF_MAX);

	(void)state;
	leaf.started = -2;
	assert_status(vg_leaf_encode(&leaf, &out, NULL), VG_OK);
	assert_memory_equal(out.ptr + 21, minus_two, sizeof(minus_two));
	vg_buf_release(&out);
}

/* Where one field ends and the next begins must show in the bytes. */
static void leaf_id__bytes_moved_between_fields__differ(void **state)
{
	struct vg_leaf a = small_leaf(), b = small_leaf();
	struct vg_digest id_a, id_b;

	(void)state;
	a.tls_version = VG_STR("TLSv1.3");
	b.tls_version = VG_STR("TLSv1.");
	b.tls_cipher = VG_STR("3");
	assert_status(vg_leaf_id(&a, &id_a, NULL), VG_OK);
	assert_status(vg_leaf_id(&b, &id_b, NULL), VG_OK);
	assert_false(vg_digest_eq(&id_a, &id_b));
}

static void leaf_id__each_field_changed__differs(void **state)
{
	struct vg_leaf base = small_leaf(), changed[22];
	struct vg_digest ids[23];

	(void)state;
	for (size_t i = 0; i < 22; i++)
		changed[i] = base;
	changed[0].url = changed[1].method = VG_STR("x");
	changed[2].started = changed[3].dns_us = changed[4].connect_us = 99;
	changed[5].tls_us = changed[6].first_byte_us = changed[7].total_us = 99;
	changed[8].outcome = changed[9].detail = changed[10].notes = VG_STR("x");
	changed[11].status = changed[12].payload_length = 99;
	changed[13].request_head = changed[14].response_head = base.payload;
	changed[15].payload.present = false;
	changed[16].peer = changed[17].tls_version = changed[18].tls_cipher =
	    VG_STR("x");
	changed[19].chain = changed[20].previous = changed[21].parent = base.payload;
	assert_status(vg_leaf_id(&base, &ids[22], NULL), VG_OK);
	for (size_t i = 0; i < 22; i++) {
		assert_status(vg_leaf_id(&changed[i], &ids[i], NULL), VG_OK);
		for (size_t j = 0; j < i; j++)
			assert_false(vg_digest_eq(&ids[i], &ids[j]));
		assert_false(vg_digest_eq(&ids[i], &ids[22]));
	}
}

static void leaf_id__text_past_the_limit__is_refused(void **state)
{
	struct vg_leaf leaf = small_leaf();
	struct vg_digest id;
	char *text = calloc(1, VG_LEAF_MAX);

	(void)state;
	assert_non_null(text);
	leaf.detail = (struct vg_str){text, VG_LEAF_MAX};
	assert_status(vg_leaf_id(&leaf, &id, NULL), VG_E_TOO_LARGE);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leaf_encode__small_leaf__gives_the_written_bytes),
	    cmocka_unit_test(leaf_id__small_leaf__is_the_known_hash),
	    cmocka_unit_test(leaf_hash__empty_input__is_that_of_rfc_6962),
	    cmocka_unit_test(leaf_encode__negative_time__is_twos_complement),
	    cmocka_unit_test(leaf_id__bytes_moved_between_fields__differ),
	    cmocka_unit_test(leaf_id__each_field_changed__differs),
	    cmocka_unit_test(leaf_id__text_past_the_limit__is_refused),
	};

	return cmocka_run_group_tests_name("evidence/leaf", tests, NULL, NULL);
}
