/* SPDX-License-Identifier: MIT */
/* The main of an analysis worker. */
#include "config.h"

#include "analyse/worker.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "analyse/sandbox.h"
#include "analyse/wire.h"
#include "plugin/plugin.h"

enum { ARG_PARENT = 2, ARG_LEXICON, ARG_PLUGINS, ARG_COUNT };

bool vg_worker_wanted(int argc, char **argv)
{
	return argc >= ARG_COUNT && strcmp(argv[1], VG_WORKER_ARG) == 0;
}

static enum vg_status answer_tasks(struct vg_analyser *a, int fd, struct vg_error *err)
{
	struct vg_decoder in = VG_DECODER_INIT;
	struct vg_answer answer = {0};
	enum vg_status st;

	while ((st = vg_decoder_read(&in, fd, err)) == VG_OK) {
		const struct vg_frame *f = &in.frame;
		const struct vg_task task = {f->part[0], f->part[1], f->part[2]};
		struct vg_frame out = {.type = VG_FRAME_ANSWER, .tag = f->tag};

		if (f->type != VG_FRAME_TASK) {
			st = vg_fail(err, VG_E_CORRUPT, "a worker takes tasks only");
			break;
		}
		vg_analyse(a, &task, &answer);
		out.code = answer.status;
		out.part[0] = vg_buf_str(&answer.json);
		out.part[1] = vg_str(answer.message);
		st = vg_frame_send(fd, &out, err);
		if (st != VG_OK)
			break;
	}
	vg_answer_release(&answer);
	vg_decoder_release(&in);
	return st == VG_E_STOP ? VG_OK : st;
}

/* Plugin, key and value after the fixed arguments; NULL when out of memory. */
static struct vg_plugin_setting *read_settings(char **argv, size_t count)
{
	struct vg_plugin_setting *settings = calloc(count + 1, sizeof(*settings));

	for (size_t i = 0; settings && i < count; i++) {
		char **at = argv + ARG_COUNT + 3 * i;

		settings[i] = (struct vg_plugin_setting){at[0], at[1], at[2]};
	}
	return settings;
}

static enum vg_status prepare(char **argv, const struct vg_analyser_config *config,
    struct vg_analyser **ret, unsigned *ret_held, struct vg_error *err)
{
	uint64_t parent;
	enum vg_status st;

	if (!vg_str_to_u64(vg_str(argv[ARG_PARENT]), &parent) || parent > INT32_MAX)
		return vg_fail(
		    err, VG_E_INVALID, "the worker's parent is no process id");
	if (!config->settings)
		return vg_fail(err, VG_E_NOMEM, "out of memory for settings");
	/* Descriptors the parent left open are none of ours. */
	syscall(SYS_close_range, VG_WORKER_FD + 1, ~0u, 0);
	st = vg_sandbox_enter((int)parent, err);
	if (st == VG_OK)
		st = vg_analyser_new(config, ret, err);
	if (st == VG_OK)
		st = vg_sandbox_close(VG_WORKER_FD, ret_held, err);
	return st;
}

int vg_worker_main_extra(int argc, char **argv, const struct vg_op *extra)
{
	struct vg_analyser_config config = {.extra = extra};
	struct vg_plugin_setting *settings;
	struct vg_analyser *a = NULL;
	struct vg_frame hello = {.type = VG_FRAME_HELLO};
	struct vg_error err = {0};
	unsigned held = 0;
	enum vg_status st;

	if (!vg_worker_wanted(argc, argv))
		return 2;
	config.setting_count = (size_t)(argc - ARG_COUNT) / 3;
	settings = read_settings(argv, config.setting_count);
	config.settings = settings;
	config.lexicon_dir = argv[ARG_LEXICON];
	config.lexicon = argv[ARG_LEXICON][0] != '\0';
	config.plugin_dir = argv[ARG_PLUGINS];
	config.plugins = argv[ARG_PLUGINS][0] != '\0';
	hello.code = prepare(argv, &config, &a, &held, &err);
	hello.tag = held;
	if (hello.code == VG_OK) {
		hello.part[VG_HELLO_PLUGINS] = vg_analyser_plugins(a);
		hello.part[VG_HELLO_LEXICON] = vg_str(vg_analyser_lexicon(a));
		hello.part[VG_HELLO_REFUSALS] = vg_analyser_refusals(a);
	} else {
		hello.part[VG_FRAME_PARTS - 1] = vg_str(err.msg);
	}
	st = vg_frame_send(VG_WORKER_FD, &hello, NULL);
	if (st == VG_OK && hello.code == VG_OK)
		st = answer_tasks(a, VG_WORKER_FD, NULL);
	vg_analyser_free(a);
	free(settings);
	return st == VG_OK && hello.code == VG_OK ? 0 : 1;
}

int vg_worker_main(int argc, char **argv)
{
	return vg_worker_main_extra(argc, argv, NULL);
}
