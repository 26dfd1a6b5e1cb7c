/* SPDX-License-Identifier: MIT */
/* cli/lines: lines of any length, from a pipe that gives them in any pieces. */
#include "config.h"

#include "support/unit.h"

#include <unistd.h>

#include "cli/lines.h"

/* Writes the pieces one by one and spells what comes out: "<abc>", "L" for too long, "E" for the end. */
static void read_all(const char *const *pieces, size_t max, struct vg_buf *out)
{
	struct vg_lines lines;
	struct vg_str line;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	vg_lines_init(&lines, ends[0], max);
	for (;;) {
		enum vg_line kind = vg_lines_next(&lines, &line);

		if (kind == VG_LINE) {
			vg_buf_addc(out, '<');
			vg_buf_adds(out, line);
			vg_buf_addc(out, '>');
		} else if (kind == VG_LINE_LONG) {
			vg_buf_addc(out, 'L');
		} else if (kind == VG_LINE_END) {
			vg_buf_addc(out, 'E');
			break;
		} else {
			if (*pieces)
				assert_int_equal(
				    write(ends[1], *pieces, strlen(*pieces)),
				    strlen(*pieces));
			else
				close(ends[1]);
			pieces += *pieces != NULL;
			assert_status(vg_lines_fill(&lines, NULL), VG_OK);
		}
	}
	vg_lines_release(&lines);
	close(ends[0]);
}

static void vg_lines_next__pieces__lines_in_order(void **state)
{
	static const struct {
		const char *pieces[8];
		const char *want;
	} rows[] = {{{NULL}, "E"}, {{"a\n", NULL}, "<a>E"},
	    {{"\n", "\n", NULL}, "<><>E"}, {{"a", "b", "\nc", NULL}, "<ab><c>E"},
	    {{"a\nb\nc\n", NULL}, "<a><b><c>E"}, {{"12345\n", NULL}, "<12345>E"},
	    {{"123456\nx\n", NULL}, "L<x>E"},
	    {{"123", "456", "789", "\nx", NULL}, "L<x>E"}, {{"1234567", NULL}, "LE"},
	    {{"a\n123456", "7\n12345", "\n", NULL}, "<a>L<12345>E"},
	    {{"123456", "\n1234567", "\n\nz", NULL}, "LL<><z>E"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vg_buf out = VG_BUF_INIT(1000);

		read_all(rows[i].pieces, 5, &out);
		assert_string_equal(vg_buf_cstr(&out), rows[i].want);
		vg_buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vg_lines_next__pieces__lines_in_order)};

	return cmocka_run_group_tests_name("cli/lines", tests, NULL, NULL);
}
