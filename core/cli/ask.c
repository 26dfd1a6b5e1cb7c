/* SPDX-License-Identifier: MIT */
/* A pool of one worker, asked one thing at a time. */
#include "config.h"

#include "cli/ask.h"

#include <limits.h>
#include <stdlib.h>

#include "analyse/pool.h"
#include "cli/content.h"

struct vg_ask {
	struct vg_pool *pool;
	struct vg_buf dirs;
	struct vg_buf *answer;
	enum vg_status status;
	struct vg_error *err;
};

static void done(void *ctx, uint64_t tag, struct vg_answer *answer)
{
	struct vg_ask *a = ctx;

	(void)tag;
	a->status = answer->status;
	if (answer->status != VG_OK)
		(void)vg_fail(a->err, answer->status, "%s", answer->message);
	else
		vg_buf_adds(a->answer, vg_buf_str(&answer->json));
}

enum vg_status vg_ask_open(struct vg_cli *cli, const char *dir,
    const struct vg_plugin_setting *settings, size_t setting_count, struct vg_ask **ret,
    struct vg_error *err)
{
	struct vg_ask *a = calloc(1, sizeof(*a));
	struct vg_pool_config config;
	enum vg_status st;

	if (!a)
		return vg_fail(err, VG_E_NOMEM, "out of memory");
	a->dirs = VG_BUF_INIT(4 * PATH_MAX);
	vg_content_pool(cli, true, true, &config);
	if (dir)
		vg_buf_addf(&a->dirs, "%s:%s", dir, config.analyser.plugin_dir);
	else
		vg_buf_addz(&a->dirs, config.analyser.plugin_dir);
	config.analyser.plugin_dir = vg_buf_cstr(&a->dirs);
	config.analyser.settings = settings;
	config.analyser.setting_count = setting_count;
	config.workers = 1;
	st = vg_buf_status(&a->dirs, err);
	if (st == VG_OK)
		st = vg_pool_new(&config, done, a, &a->pool, err);
	if (st == VG_OK)
		*ret = a;
	else
		vg_ask_close(a);
	return st;
}

void vg_ask_close(struct vg_ask *a)
{
	if (!a)
		return;
	vg_pool_free(a->pool);
	vg_buf_release(&a->dirs);
	free(a);
}

enum vg_status vg_ask(struct vg_ask *a, const char *op, struct vg_str params,
    struct vg_str content, struct vg_buf *ret, struct vg_error *err)
{
	enum vg_status st;

	vg_buf_clear(ret);
	a->answer = ret;
	a->err = err;
	a->status = VG_OK;
	st = vg_pool_submit(a->pool, 0,
	    &(struct vg_task){.op = vg_str(op), .params = params, .content = content},
	    err);
	while (st == VG_OK && vg_pool_pending(a->pool) > 0)
		st = vg_pool_run(a->pool, -1, err);
	if (st == VG_OK)
		st = a->status;
	return st == VG_OK ? vg_buf_status(ret, err) : st;
}

struct vg_str vg_ask_refusals(const struct vg_ask *a)
{
	return vg_pool_refusals(a->pool);
}

struct vg_str vg_ask_plugins(const struct vg_ask *a)
{
	return vg_pool_plugins(a->pool);
}
