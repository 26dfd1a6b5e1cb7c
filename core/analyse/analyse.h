/* SPDX-License-Identifier: MIT */
/*
 * The pure function of the house: (operation, parameters, content) -> JSON. Whatever opens an outside
 * document is an operation here, so that commands and crawls share one sandboxed pool.
 */
#ifndef VG_ANALYSE_ANALYSE_H
#define VG_ANALYSE_ANALYSE_H

#include "base/json.h"

/*
 * One piece of work. `params` is a JSON object, its members named in the operation's own docstring (ops.c).
 * Operations: "html.text", "html.links", "html.charset", "scan", "plugin.run", and "page", which a crawl
 * uses: it answers scan, listings and links of one captured page in one object.
 */
struct vg_task {
	struct vg_str op;
	struct vg_str params;  /* JSON object text */
	struct vg_str content; /* payload bytes */
};

/* The answer: a JSON value, or a status with a message for people. */
struct vg_answer {
	enum vg_status status;
	struct vg_buf
	    json;          /* one compact JSON value when status is VG_OK, else empty */
	char message[256]; /* when not: one line, still to be escaped for a terminal */
};

void vg_answer_release(struct vg_answer *a); /* NULL allowed */

struct vg_op;             /* ops.h */
struct vg_plugin_setting; /* plugin/plugin.h */

/*
 * What a process must hold before it can do operations; loaded before the sandbox closes. `settings` and
 * `extra` are borrowed until the analyser, or the pool made with this, is freed.
 */
struct vg_analyser_config {
	const char *lexicon_dir; /* NULL: "scan" and "page" answer unsupported */
	const char *plugin_dir;  /* absolute; NULL: no plugins */
	bool plugins, lexicon;   /* what to load: the html operations need neither */
	const struct vg_plugin_setting
	    *settings; /* for plugins' create(); may be NULL */
	size_t setting_count;
	const struct vg_op
	    *extra; /* more operations, ended by a NULL name: for tests */
};

struct vg_analyser; /* lexicon and plugins of one process */

VG_WARN_UNUSED enum vg_status vg_analyser_new(const struct vg_analyser_config *config,
    struct vg_analyser **ret, struct vg_error *err);
void vg_analyser_free(struct vg_analyser *a); /* NULL allowed */
/*
 * Does the work in this process. Never fails but through ret->status. `ret` starts zeroed or as an
 * earlier answer, whose memory is used again.
 */
void vg_analyse(
    struct vg_analyser *a, const struct vg_task *task, struct vg_answer *ret);
/* SHA-256 of the lexicon, hex; "" without one. Lives as long as `a`. */
const char *vg_analyser_lexicon(const struct vg_analyser *a);
/* Descriptors of the loaded plugins, a JSON array. Lives as long as `a`. */
struct vg_str vg_analyser_plugins(const struct vg_analyser *a);
/* The plugin files that were refused, a JSON array of {"file","error","message"}. Likewise. */
struct vg_str vg_analyser_refusals(const struct vg_analyser *a);

#endif
