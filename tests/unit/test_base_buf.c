/* SPDX-License-Identifier: MIT */
/* base/buf, base/io and base/status: limits are kept and failures stick. */
#include "config.h"

#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"

static void buf_add__past_the_maximum__sticks(void **state)
{
	struct vg_buf b = VG_BUF_INIT(5);
	struct vg_error err;

	(void)state;
	vg_buf_addz(&b, "1234");
	vg_buf_addz(&b, "56");
	vg_buf_addz(&b, "5");
	assert_str(vg_buf_str(&b), "1234");
	assert_status(vg_buf_status(&b, &err), VG_E_TOO_LARGE);
	assert_string_equal(err.msg, "more than 5 bytes");
	assert_null(vg_buf_take(&b, NULL));
	vg_buf_addz(&b, "12345");
	assert_status(vg_buf_status(&b, NULL), VG_OK);
	vg_buf_release(&b);
}

static void buf_take__empty__is_a_string(void **state)
{
	struct vg_buf b = VG_BUF_INIT(5);
	size_t len = 9;
	char *taken = vg_buf_take(&b, &len);

	(void)state;
	assert_string_equal(taken, "");
	assert_int_equal(len, 0);
	free(taken);
}

static void buf_addf__long_text__grows(void **state)
{
	struct vg_buf b = VG_BUF_INIT(1000);

	(void)state;
	for (int i = 0; i < 100; i++)
		vg_buf_addf(&b, "%03d,", i);
	assert_int_equal(b.len, 400);
	vg_buf_consume(&b, 396);
	assert_str(vg_buf_str(&b), "099,");
	vg_buf_truncate(&b, 1);
	assert_str(vg_buf_str(&b), "0");
	vg_buf_release(&b);
}

static void error_prefix__long_message__is_cut_not_overrun(void **state)
{
	struct vg_error err;
	char letters[300];

	(void)state;
	memset(letters, 'x', sizeof(letters) - 1);
	letters[sizeof(letters) - 1] = '\0';
	assert_status(vg_fail(&err, VG_E_INVALID, "%s", letters), VG_E_INVALID);
	vg_error_prefix(&err, "file %d", 3);
	assert_memory_equal(err.msg, "file 3: xxx", 11);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
	vg_error_prefix(&err, "%s", letters);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
}

static void read_file__at_its_limit__fits_exactly(void **state)
{
	char path[] = "/tmp/vigia-test-XXXXXX";
	int fd = mkstemp(path);
	struct vg_buf b = VG_BUF_INIT(10);
	struct vg_error err;

	(void)state;
	assert_true(fd >= 0);
	vg_close(&fd);
	assert_status(vg_write_file(path, VG_STR("0123456789"), NULL), VG_OK);
	assert_status(vg_read_file(path, &b, NULL), VG_OK);
	assert_str(vg_buf_str(&b), "0123456789");
	vg_buf_clear(&b);
	assert_status(vg_write_file(path, VG_STR("0123456789a"), NULL), VG_OK);
	assert_status(vg_read_file(path, &b, &err), VG_E_TOO_LARGE);
	assert_int_equal(unlink(path), 0);
	assert_status(vg_read_file(path, &b, &err), VG_E_IO);
	assert_non_null(strstr(err.msg, "No such file"));
	vg_buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(buf_add__past_the_maximum__sticks),
	    cmocka_unit_test(buf_take__empty__is_a_string),
	    cmocka_unit_test(buf_addf__long_text__grows),
	    cmocka_unit_test(error_prefix__long_message__is_cut_not_overrun),
	    cmocka_unit_test(read_file__at_its_limit__fits_exactly),
	};

	return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
