/* SPDX-License-Identifier: MIT */
/* One line of --batch: from JSON to parameters and content, or to the reason why not. */
#ifndef VG_CLI_REQUEST_H
#define VG_CLI_REQUEST_H

#include "base/json.h"
#include "cli/options.h"

struct vg_request {
	const char
	    *field; /* the member that holds the content; NULL: text, base64, file */
	struct vg_str id;     /* the JSON text of the id, "null" when there is none */
	struct vg_buf params; /* a JSON object for the operation */
	struct vg_buf content;
	struct vg_arena *arena; /* of the line; reset for each */
};

VG_WARN_UNUSED enum vg_status vg_request_init(
    struct vg_request *r, struct vg_error *err);
void vg_request_release(struct vg_request *r);

/*
 * Reads `line` against the VG_OPT_REQUEST rows of `rows`, with `given` from the command line as
 * defaults. *ret_error, on failure, is the `error` word of the answer: "bad_request" or
 * another. The id is set whenever it could be read. Borrowed from `line` until the next call.
 */
VG_WARN_UNUSED enum vg_status vg_request_read(struct vg_request *r,
    const struct vg_option *rows, const struct vg_options *given, struct vg_str line,
    const char **ret_error, struct vg_error *err);

/* The parameters that the command line alone gives. VG_E_INVALID when a required one is missing. */
VG_WARN_UNUSED enum vg_status vg_request_defaults(const struct vg_option *rows,
    const struct vg_options *given, struct vg_buf *ret_params, struct vg_error *err);

/* Appends a file's bytes; only regular files with `regular`. VG_E_IO or VG_E_TOO_LARGE. */
VG_WARN_UNUSED enum vg_status vg_request_file(
    const char *path, bool regular, struct vg_buf *ret, struct vg_error *err);

/* The `error` word for a status. */
const char *vg_request_error(enum vg_status status);

#endif
