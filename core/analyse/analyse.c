/* SPDX-License-Identifier: MIT */
/* One task in this process: find the operation, run it in an arena, fill the answer. */
#include "config.h"

#include "analyse/analyse.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/ops.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "detect/detect.h"
#include "doc/doc.h"
#include "plugin/plugin.h"

#define KEEP_BYTES ((size_t)4 << 20) /* answer memory kept from task to task */
#define MAX_DESCRIPTORS ((size_t)16 << 20)
#define ANSWER_ROOM 4096u /* of a frame, for what is no JSON */

struct vg_analyser {
	struct vg_lexicon *lexicon;
	struct vg_plugins *plugins;
	const struct vg_op *extra;
	struct vg_arena *arena; /* of the current task */
	struct vg_buf descriptors, refusals;
};

static enum vg_status load_plugins(struct vg_analyser *a,
    const struct vg_analyser_config *config, struct vg_error *err)
{
	enum vg_status st = vg_plugins_load(config->plugin_dir, config->settings,
	    config->setting_count, &a->plugins, err);
	struct vg_json_writer descriptors = vg_json_writer(&a->descriptors);
	struct vg_json_writer refusals = vg_json_writer(&a->refusals);

	if (st != VG_OK) {
		vg_error_prefix(err, "plugins");
		return st;
	}
	vg_plugins_describe(a->plugins, &descriptors);
	vg_plugins_describe_refusals(a->plugins, &refusals);
	st = vg_buf_status(&a->descriptors, err);
	return st == VG_OK ? vg_buf_status(&a->refusals, err) : st;
}

enum vg_status vg_analyser_new(const struct vg_analyser_config *config,
    struct vg_analyser **ret, struct vg_error *err)
{
	struct vg_analyser *a = calloc(1, sizeof(*a));
	struct vg_digest first;
	enum vg_status st = VG_OK;

	if (!a)
		return vg_fail(err, VG_E_NOMEM, "out of memory for an analyser");
	a->extra = config->extra;
	a->descriptors = a->refusals = VG_BUF_INIT(MAX_DESCRIPTORS);
	a->arena = vg_arena_new(VG_MAX_PAGE_ARENA);
	if (!a->arena)
		st = vg_fail(err, VG_E_NOMEM, "out of memory for an analyser");
	if (st == VG_OK)
		st = vg_doc_prepare(err);
	if (st == VG_OK && config->lexicon && config->lexicon_dir)
		st = vg_lexicon_load(config->lexicon_dir, &a->lexicon, err);
	/* libcrypto reads its files at the first digest, which a sandbox forbids. */
	if (st == VG_OK)
		st = vg_sha256(VG_STR(""), &first, err);
	if (st == VG_OK && config->plugins && config->plugin_dir)
		st = load_plugins(a, config, err);
	if (st == VG_OK)
		*ret = a;
	else
		vg_analyser_free(a);
	return st;
}

void vg_analyser_free(struct vg_analyser *a)
{
	if (!a)
		return;
	vg_arena_free(a->arena);
	vg_lexicon_free(a->lexicon);
	vg_plugins_free(a->plugins);
	vg_buf_release(&a->descriptors);
	vg_buf_release(&a->refusals);
	free(a);
}

const char *vg_analyser_lexicon(const struct vg_analyser *a)
{
	return a->lexicon ? vg_lexicon_version(a->lexicon) : "";
}

static struct vg_str array_of(const struct vg_buf *json)
{
	return json->len ? vg_buf_str(json) : VG_STR("[]");
}

struct vg_str vg_analyser_plugins(const struct vg_analyser *a)
{
	return array_of(&a->descriptors);
}

struct vg_str vg_analyser_refusals(const struct vg_analyser *a)
{
	return array_of(&a->refusals);
}

void vg_answer_release(struct vg_answer *a)
{
	if (!a)
		return;
	vg_buf_release(&a->json);
	a->message[0] = '\0';
}

static void clear_answer(struct vg_answer *answer)
{
	if (answer->json.cap > KEEP_BYTES)
		vg_buf_release(&answer->json);
	vg_buf_clear(&answer->json);
	answer->json.max = VG_MAX_FRAME - ANSWER_ROOM;
	answer->status = VG_OK;
	answer->message[0] = '\0';
}

static enum vg_status run(struct vg_analyser *a, const struct vg_task *task,
    struct vg_buf *out, struct vg_error *err)
{
	const struct vg_op *op = vg_op_find(task->op, a->extra);
	struct vg_json_writer writer = vg_json_writer(out);
	struct vg_json *params = NULL;
	struct vg_op_call call = {
	    .lexicon = a->lexicon,
	    .plugins = a->plugins,
	    .content = task->content,
	    .arena = a->arena,
	    .out = &writer,
	    .err = err,
	};
	enum vg_status st;

	if (!op)
		return vg_fail(err, VG_E_UNSUPPORTED, "there is no operation \"%.*s\"",
		    (int)(task->op.len < 40 ? task->op.len : 40), task->op.ptr);
	st = vg_json_parse(
	    a->arena, task->params.len ? task->params : VG_STR("{}"), 0, &params, err);
	if (st == VG_OK && params->type != VG_JSON_OBJECT)
		st = vg_fail(err, VG_E_INVALID, "not an object");
	if (st != VG_OK) {
		vg_error_prefix(err, "parameters of %s", op->name);
		return st;
	}
	call.params = params;
	st = op->run(&call);
	if (st == VG_OK)
		st = vg_buf_status(out, err);
	if (st == VG_OK && out->len == 0)
		st = vg_fail(err, VG_E_INTERNAL, "%s gave no answer", op->name);
	return st;
}

/* Messages quote pages: one line of valid UTF-8 leaves, whatever went in. */
static void set_message(struct vg_answer *answer, const char *text)
{
	const struct vg_str in = vg_str(text);
	size_t len = 0, pos = 0;

	while (pos < in.len) {
		char c[4];
		uint32_t point = vg_utf8_next(in, &pos);
		size_t n = vg_utf8_put(point < 0x20 || point == 0x7f ? ' ' : point, c);

		if (len + n >= sizeof(answer->message))
			break;
		memcpy(answer->message + len, c, n);
		len += n;
	}
	answer->message[len] = '\0';
}

void vg_analyse(
    struct vg_analyser *a, const struct vg_task *task, struct vg_answer *ret)
{
	struct vg_error err = {0};

	clear_answer(ret);
	ret->status = run(a, task, &ret->json, &err);
	if (ret->status != VG_OK) {
		vg_buf_clear(&ret->json);
		set_message(ret, err.msg[0] ? err.msg : vg_status_name(ret->status));
	}
	vg_arena_reset(a->arena);
}
