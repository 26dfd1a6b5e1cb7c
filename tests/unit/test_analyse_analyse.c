/* SPDX-License-Identifier: MIT */
/* One task in this process: what becomes of good, bad and failing operations. */
#include "config.h"

#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/ops.h"
#include "base/utf8.h"

static enum vg_status echo(struct vg_op_call *call)
{
	vg_jw_object(call->out);
	vg_jw_kstr(call->out, "word", vg_json_get_str(call->params, "word"));
	vg_jw_kint(call->out, "bytes", (int64_t)call->content.len);
	vg_jw_end_object(call->out);
	return VG_OK;
}

static enum vg_status fail_rudely(struct vg_op_call *call)
{
	vg_jw_strz(call->out, "half an answer");
	return vg_fail(call->err, VG_E_LIMIT, "page says \x1b[2J\n\xff\xc3");
}

static enum vg_status say_nothing(struct vg_op_call *call)
{
	(void)call;
	return VG_OK;
}

static enum vg_status use_memory(struct vg_op_call *call)
{
	if (!vg_arena_alloc(call->arena, (size_t)16 << 20))
		return vg_fail(call->err, VG_E_NOMEM, "no 16 MiB");
	vg_jw_bool(call->out, true);
	return VG_OK;
}

static const struct vg_op extra[] = {
    {"test.echo", echo},
    {"test.fail", fail_rudely},
    {"test.nothing", say_nothing},
    {"test.memory", use_memory},
    {NULL, NULL},
};

static const struct vg_analyser_config config = {.extra = extra};

static void analyse__known_operation__answers_json(void **state)
{
	struct vg_analyser *a = NULL;
	struct vg_answer answer = {0};

	(void)state;
	assert_int_equal(vg_analyser_new(&config, &a, NULL), VG_OK);
	vg_analyse(a,
	    &(struct vg_task){
		VG_STR("test.echo"), VG_STR("{\"word\":\"ñ\"}"), VG_STR("abc")},
	    &answer);
	assert_int_equal(answer.status, VG_OK);
	assert_string_equal(vg_buf_cstr(&answer.json), "{\"word\":\"ñ\",\"bytes\":3}");
	/* The answer's memory is used again, its text is not. */
	vg_analyse(a, &(struct vg_task){.op = VG_STR("test.echo")}, &answer);
	assert_string_equal(vg_buf_cstr(&answer.json), "{\"word\":null,\"bytes\":0}");
	vg_answer_release(&answer);
	vg_analyser_free(a);
}

static void analyse__bad_task__answers_a_status_and_a_clean_message(void **state)
{
	const struct {
		struct vg_str op, params;
		enum vg_status want;
	} cases[] = {
	    {VG_STR(""), VG_STR("{}"), VG_E_UNSUPPORTED},
	    {VG_STR("no.such\x1b"), VG_STR("{}"), VG_E_UNSUPPORTED},
	    {VG_STR("test.echo"), VG_STR("{"), VG_E_INVALID},
	    {VG_STR("test.echo"), VG_STR("[]"), VG_E_INVALID},
	    {VG_STR("test.echo"), VG_STR("{} {}"), VG_E_INVALID},
	    {VG_STR("test.fail"), VG_STR("{}"), VG_E_LIMIT},
	    {VG_STR("test.nothing"), VG_STR("{}"), VG_E_INTERNAL},
	};
	struct vg_analyser *a = NULL;
	struct vg_answer answer = {0};

	(void)state;
	assert_int_equal(vg_analyser_new(&config, &a, NULL), VG_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		vg_analyse(a,
		    &(struct vg_task){cases[i].op, cases[i].params, VG_STR("")},
		    &answer);
		assert_int_equal(answer.status, cases[i].want);
		assert_true(answer.json.len == 0);
		assert_true(answer.message[0] != '\0');
		assert_true(vg_utf8_valid(vg_str(answer.message)));
		assert_null(strchr(answer.message, '\x1b'));
		assert_null(strchr(answer.message, '\n'));
	}
	vg_answer_release(&answer);
	vg_analyser_free(a);
}

static void analyse__many_large_tasks__each_gets_the_whole_allowance(void **state)
{
	struct vg_analyser *a = NULL;
	struct vg_answer answer = {0};

	(void)state;
	assert_int_equal(vg_analyser_new(&config, &a, NULL), VG_OK);
	/* 40 times 16 MiB would not fit into one arena. */
	for (int i = 0; i < 40; i++) {
		vg_analyse(a, &(struct vg_task){.op = VG_STR("test.memory")}, &answer);
		assert_int_equal(answer.status, VG_OK);
	}
	vg_answer_release(&answer);
	vg_analyser_free(a);
}

static void page__robots_words__count_for_all_or_for_us(void **state)
{
	const struct {
		const char *header, *meta;
		bool noindex, nofollow;
	} cases[] = {
	    {"all", "<meta name=robots content=all>", false, false},
	    {"noindex, nofollow", "", true, true},
	    {"otherbot: noindex, nofollow", "", false, false},
	    {"vigia: nofollow", "", false, true},
	    {"unavailable_after: 25 Jun 2030 15:00:00 PST, noindex", "", true, false},
	    {"", "<meta name=robots content='NOFOLLOW'>", false, true},
	    {"", "<meta name=vigia content=none>", true, true},
	    {"", "<meta name=otherbot content=none>", false, false},
	};
	char params[512], want[64];
	struct vg_analyser_config real = {
	    .lexicon = true, .lexicon_dir = getenv("VIGIA_LEXICON_DIR")};
	struct vg_analyser *a = NULL;
	struct vg_answer answer = {0};

	(void)state;
	assert_int_equal(vg_analyser_new(&real, &a, NULL), VG_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(params, sizeof(params),
		    "{\"url\":\"http://a.example/\",\"status\":200,\"headers\":[["
		    "\"X-Robots-Tag\",\"%s\"]]}",
		    cases[i].header);
		(void)snprintf(want, sizeof(want), "\"noindex\":%s,\"nofollow\":%s,",
		    cases[i].noindex ? "true" : "false",
		    cases[i].nofollow ? "true" : "false");
		vg_analyse(a,
		    &(struct vg_task){
			VG_STR("page"), vg_str(params), vg_str(cases[i].meta)},
		    &answer);
		assert_int_equal(answer.status, VG_OK);
		assert_non_null(strstr(vg_buf_cstr(&answer.json), want));
	}
	vg_answer_release(&answer);
	vg_analyser_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(analyse__known_operation__answers_json),
	    cmocka_unit_test(analyse__bad_task__answers_a_status_and_a_clean_message),
	    cmocka_unit_test(analyse__many_large_tasks__each_gets_the_whole_allowance),
	    cmocka_unit_test(page__robots_words__count_for_all_or_for_us),
	};

	return cmocka_run_group_tests_name("analyse/analyse", tests, NULL, NULL);
}
