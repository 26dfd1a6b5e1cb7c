/* SPDX-License-Identifier: MIT */
/* Tests of detect/normalise and unmask: what folds to what, and where each byte came from. */
#include "config.h"

#include "support/unit.h"

#include <string.h>

#include "base/utf8.h"
#include "detect/normalise.h"

struct fixture {
	struct vg_arena *arena;
	struct vg_folder *folder;
};

static int setup(void **state)
{
	static struct fixture f;

	f.arena = vg_arena_new((size_t)64 << 20);
	*state = &f;
	return f.arena != NULL && vg_folder_new(f.arena, &f.folder, NULL) == VG_OK ? 0
										   : -1;
}

static int teardown(void **state)
{
	vg_arena_free(((struct fixture *)*state)->arena);
	return 0;
}

static void check_fold(struct fixture *f, const char *in, const char *want)
{
	struct vg_folded out = {.arena = f->arena};

	assert_true(vg_fold(f->folder, vg_str(in), &out));
	if (out.len != strlen(want) || memcmp(out.text, want, out.len) != 0)
		fail_msg("\"%s\" folds to \"%.*s\", not \"%s\"", in, (int)out.len,
		    out.text, want);
	for (size_t i = 0; i < out.len; i++) {
		assert_true(out.map[i] < out.stop[i]);
		assert_true(out.stop[i] <= strlen(in));
		assert_true(i == 0 || out.map[i - 1] <= out.map[i]);
	}
}

static void test_fold(void **state)
{
	struct fixture *f = *state;

	check_fold(f, "Tramadol 50 MG", "tramadol 50 mg");
	check_fold(f, "CODE\xc3\x8dNA a\xc3\xb1o", "codeina ano");
	check_fold(f,
	    "Stra\xc3\x9f"
	    "e",
	    "strasse");
	check_fold(f,
	    "tra\xe2\x80\x8bma\xc2\xad"
	    "dol",
	    "tramadol");
	check_fold(f, "\xef\xbc\xb4\xef\xbd\x92\xef\xbd\x81\xef\xbd\x8d", "tram");
	check_fold(f, "\xf0\x9d\x93\xa7\xf0\x9d\x93\xaa\xf0\x9d\x93\xb7", "xan");
	check_fold(f,
	    "don\xe2\x80\x99t\xc2\xa0"
	    "go \xe2\x80\x93 now",
	    "don't go - now");
	check_fold(f, "", "");
}

static void test_look_alikes_only_inside_mixed_words(void **state)
{
	struct fixture *f = *state;

	/* R, Cyrillic i, v, Cyrillic o, tril */
	check_fold(f, "R\xd1\x96v\xd0\xbetril", "rivotril");
	/* a Russian word stays Russian, even between Latin ones */
	check_fold(
	    f, "buy \xd1\x80\xd0\xbe\xd1\x82 now", "buy \xd1\x80\xd0\xbe\xd1\x82 now");
}

static bool unmasks_to(struct fixture *f, const char *in, const char *part)
{
	struct vg_folded out = {.arena = f->arena};
	unsigned how;
	size_t end;

	assert_true(vg_fold(f->folder, vg_str(in), &out));
	end = out.len;
	how = vg_disguises(&out, 0);
	for (unsigned drop = VG_UNMASK_LEET_I; how != 0 && drop <= VG_UNMASK_LEET_L;
	     drop <<= 1) {
		size_t start = out.len;

		assert_true(vg_unmask(&out, 0, end, how & ~drop));
		for (size_t i = start; i < out.len; i++)
			assert_true(
			    out.map[i] < out.stop[i] && out.stop[i] <= strlen(in));
		if (vg_str_find((struct vg_str){out.text + start, out.len - start},
			vg_str(part), 0) != SIZE_MAX)
			return true;
	}
	return false;
}

static void test_unmask(void **state)
{
	struct fixture *f = *state;

	assert_true(unmasks_to(f, "new t.r.a.m.a.d.o.l here", "new tramadol here"));
	assert_true(unmasks_to(f, "c-l-o-n-a-z-e-p-a-m 2mg", "clonazepam 2mg"));
	assert_true(unmasks_to(f, "o x y c o d o n e", "oxycodone"));
	assert_true(unmasks_to(f, "0xyc0d0ne 30mg", "oxycodone 30mg"));
	assert_true(unmasks_to(f, "n0 pr3scripti0n", "no prescription"));
	assert_true(unmasks_to(f, "a1praz0lam", "alprazolam"));
}

static void test_plain_text_wears_no_disguise(void **state)
{
	static const char *const plain[] = {"500mg tablets, 10ml and M30",
	    "call 555 0100 now", "A to Z of the U.S. law", "vitamin b12 and omega 3",
	    "x"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		struct vg_folded out = {.arena = f->arena};

		assert_true(vg_fold(f->folder, vg_str(plain[i]), &out));
		if (vg_disguises(&out, 0) != 0)
			fail_msg("\"%s\" is plain", plain[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_fold, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_look_alikes_only_inside_mixed_words, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_unmask, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_plain_text_wears_no_disguise, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
