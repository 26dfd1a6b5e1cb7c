/* SPDX-License-Identifier: MIT */
/*
 * Command-line options as rows. The same rows drive parsing, help, the man page, completion and
 * the fields of batch requests, so none of them can drift.
 */
#ifndef VG_CLI_OPTIONS_H
#define VG_CLI_OPTIONS_H

#include "base/status.h"
#include "base/str.h"

enum vg_option_kind {
	VG_OPT_FLAG,     /* no argument */
	VG_OPT_STR,      /* any text */
	VG_OPT_MAYBE,    /* an argument only as --name=ARG */
	VG_OPT_INT,      /* min..max */
	VG_OPT_DURATION, /* "90s", "1h30m"; read as microseconds */
	VG_OPT_SIZE,     /* "8M"; read as bytes */
	VG_OPT_ENUM,     /* one of the words of `arg`, divided by '|' */
};

enum {
	VG_OPT_REQUEST = 1 << 0,  /* also a field of batch requests, '-' written '_' */
	VG_OPT_REQUIRED = 1 << 1, /* with VG_OPT_REQUEST: an answer needs it */
	VG_OPT_MANY =
	    1 << 2, /* may be given again; otherwise a second time is an error */
};

struct vg_option {
	const char *name; /* long name without dashes; NULL ends the rows */
	char letter;      /* 0: none */
	enum vg_option_kind kind;
	unsigned flags;
	const char *arg;  /* name of the argument, or the words of VG_OPT_ENUM */
	int64_t min, max; /* VG_OPT_INT; both 0: any */
	const char *help; /* one sentence without a full stop */
};

struct vg_option_value {
	const struct vg_option *row;
	const char *text; /* NULL for flags and a bare VG_OPT_MAYBE */
	int64_t number;   /* of INT, DURATION and SIZE; index of the ENUM word */
};

#define VG_MAX_OPTIONS 64 /* options given on one command line */

struct vg_options {
	struct vg_option_value values[VG_MAX_OPTIONS]; /* in the order given */
	size_t count;
};

/* The last value given for that name, or NULL. */
const struct vg_option_value *vg_option_find(
    const struct vg_options *o, const char *name);
bool vg_option_is_set(const struct vg_options *o, const char *name);
const char *vg_option_str(
    const struct vg_options *o, const char *name, const char *otherwise);
int64_t vg_option_num(const struct vg_options *o, const char *name, int64_t otherwise);
/* The nth value of a VG_OPT_MANY option, or NULL past the last. */
const struct vg_option_value *vg_option_nth(
    const struct vg_options *o, const char *name, size_t nth);

/*
 * Reads argv[*io_next], an option, and its argument if it takes one, against the rows of each of
 * `tables` (NULL-terminated); appends to `ret`. Abbreviations are refused. VG_E_INVALID with the
 * nearest name in `hint` (256 bytes, "" when nothing is near).
 */
VG_WARN_UNUSED enum vg_status vg_option_parse(const struct vg_option *const *tables,
    int argc, char *const *argv, int *io_next, struct vg_options *ret, char *hint,
    struct vg_error *err);
/* The row of that name in any of the tables, or NULL. */
const struct vg_option *vg_option_row(
    const struct vg_option *const *tables, struct vg_str name);
/* Checks `text` as the row's kind and fills `ret`. */
VG_WARN_UNUSED enum vg_status vg_option_read(const struct vg_option *row,
    const char *text, struct vg_option_value *ret, struct vg_error *err);

#endif
