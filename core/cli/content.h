/* SPDX-License-Identifier: MIT */
/*
 * Commands that read one document or text: each is a row over an operation of the analyser. One input
 * comes from the command line, or many with --batch: one JSON object a line in, one answer a line out,
 * in order. Request fields are the options marked VG_OPT_REQUEST.
 */
#ifndef VG_CLI_CONTENT_H
#define VG_CLI_CONTENT_H

#include "base/json.h"
#include "cli/command.h"

/* Appends the form for people; `content` is the input as given. */
typedef void vg_content_print(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out);

struct vg_op; /* analyse/ops.h */

struct vg_content_row {
	const char *op;        /* "html.text": a name in analyse/ops.c or in `local` */
	bool text;             /* the operand is the text itself; otherwise a FILE */
	bool lexicon, plugins; /* what the operation needs */
	/* The request field of the content; NULL: exactly one of text, base64 and file. */
	const char *field;
	const char *second; /* the option that a second operand stands for, or NULL */
	/* Operations that read no outside document: done in this process. NULL: in a worker. */
	const struct vg_op *local;
	/* Whether one result means exit code 1; NULL: none does. */
	bool (*is_negative)(const struct vg_json *result);
	vg_content_print *print;
};

/* Rows that most commands over a saved page share: what is known of it besides its bytes. */
#define VG_ROW_URL                                                                     \
	{                                                                              \
		.name = "url", .kind = VG_OPT_STR, .flags = VG_OPT_REQUEST,            \
		.arg = "URL", .help = "the address the page came from"                 \
	}
#define VG_ROW_CONTENT_TYPE                                                            \
	{                                                                              \
		.name = "content-type", .kind = VG_OPT_STR, .flags = VG_OPT_REQUEST,   \
		.arg = "TYPE", .help = "the Content-Type header that came with it"     \
	}
#define VG_ROW_CONTENT_ENCODING                                                        \
	{                                                                              \
		.name = "content-encoding", .kind = VG_OPT_STR,                        \
		.flags = VG_OPT_REQUEST, .arg = "CODING",                              \
		.help = "the Content-Encoding header that came with it"                \
	}

/* --batch, --workers, --lexicon, --plugins: of every such command. */
extern const struct vg_option vg_content_options[];

/* The run() of these commands. */
enum vg_status vg_content_run(struct vg_cli *cli, struct vg_error *err);

struct vg_pool_config;
/* Fills `ret` from --workers, --lexicon and --plugins of the command line. */
void vg_content_pool(
    struct vg_cli *cli, bool lexicon, bool plugins, struct vg_pool_config *ret);

#endif
