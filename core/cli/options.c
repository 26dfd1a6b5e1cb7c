/* SPDX-License-Identifier: MIT */
/* Parsing of command-line options against their rows. */
#include "config.h"

#include "cli/options.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conf/value.h"

const struct vg_option_value *vg_option_find(
    const struct vg_options *o, const char *name)
{
	for (size_t i = o->count; i > 0; i--)
		if (strcmp(o->values[i - 1].row->name, name) == 0)
			return &o->values[i - 1];
	return NULL;
}

bool vg_option_is_set(const struct vg_options *o, const char *name)
{
	return vg_option_find(o, name) != NULL;
}

const char *vg_option_str(
    const struct vg_options *o, const char *name, const char *otherwise)
{
	const struct vg_option_value *v = vg_option_find(o, name);

	return v && v->text ? v->text : otherwise;
}

int64_t vg_option_num(const struct vg_options *o, const char *name, int64_t otherwise)
{
	const struct vg_option_value *v = vg_option_find(o, name);

	return v ? v->number : otherwise;
}

const struct vg_option_value *vg_option_nth(
    const struct vg_options *o, const char *name, size_t nth)
{
	for (size_t i = 0; i < o->count; i++)
		if (strcmp(o->values[i].row->name, name) == 0 && nth-- == 0)
			return &o->values[i];
	return NULL;
}

static enum vg_status read_int(
    const struct vg_option *row, struct vg_str text, int64_t *ret, struct vg_error *err)
{
	int64_t n;

	if (!vg_str_to_i64(text, &n))
		return vg_fail(err, VG_E_INVALID, "--%s: '%.*s' is not a whole number",
		    row->name, VG_STR_ARG(text));
	if ((row->min != 0 || row->max != 0) && (n < row->min || n > row->max))
		return vg_fail(err, VG_E_INVALID,
		    "--%s: %" PRId64 " is not between %" PRId64 " and %" PRId64,
		    row->name, n, row->min, row->max);
	*ret = n;
	return VG_OK;
}

enum vg_status vg_option_read(const struct vg_option *row, const char *text,
    struct vg_option_value *ret, struct vg_error *err)
{
	struct vg_option_value v = {.row = row, .text = text};
	struct vg_str s = vg_str(text);
	enum vg_status st = VG_OK;

	switch (row->kind) {
	case VG_OPT_FLAG:
	case VG_OPT_STR:
	case VG_OPT_MAYBE:
		break;
	case VG_OPT_INT:
		st = read_int(row, s, &v.number, err);
		break;
	case VG_OPT_DURATION:
		if (!vg_value_duration(s, &v.number))
			st = vg_fail(err, VG_E_INVALID,
			    "--%s: '%s' is not a duration such as 90s or 1h30m",
			    row->name, text);
		break;
	case VG_OPT_SIZE:
		if (!vg_value_size(s, &v.number))
			st = vg_fail(err, VG_E_INVALID,
			    "--%s: '%s' is not a size such as 512K or 8M", row->name,
			    text);
		break;
	case VG_OPT_ENUM:
		v.number = vg_value_enum(s, row->arg);
		if (v.number < 0)
			st = vg_fail(err, VG_E_INVALID, "--%s: '%s' is not one of %s",
			    row->name, text, row->arg);
		break;
	}
	if (st == VG_OK)
		*ret = v;
	return st;
}

const struct vg_option *vg_option_row(
    const struct vg_option *const *tables, struct vg_str name)
{
	for (; *tables; tables++)
		for (const struct vg_option *row = *tables; row->name; row++)
			if (vg_str_eqz(name, row->name))
				return row;
	return NULL;
}

static const struct vg_option *find_letter(
    const struct vg_option *const *tables, char letter)
{
	for (; *tables; tables++)
		for (const struct vg_option *row = *tables; row->name; row++)
			if (row->letter != 0 && row->letter == letter)
				return row;
	return NULL;
}

static void suggest(
    const struct vg_option *const *tables, struct vg_str name, char *hint)
{
	size_t best = SIZE_MAX;

	for (; *tables; tables++)
		for (const struct vg_option *row = *tables; row->name; row++)
			if (vg_word_nearer(name, row->name, &best))
				(void)snprintf(hint, 256, "--%s", row->name);
}

static enum vg_status append(struct vg_options *ret, const struct vg_option *row,
    const char *text, struct vg_error *err)
{
	struct vg_option_value v;
	enum vg_status st;

	if (ret->count == VG_MAX_OPTIONS)
		return vg_fail(
		    err, VG_E_INVALID, "more than %d options", VG_MAX_OPTIONS);
	if (!(row->flags & VG_OPT_MANY) && row->kind != VG_OPT_FLAG &&
	    vg_option_is_set(ret, row->name))
		return vg_fail(err, VG_E_INVALID, "--%s is given twice", row->name);
	st = vg_option_read(row, text, &v, err);
	if (st == VG_OK)
		ret->values[ret->count++] = v;
	return st;
}

/* "-qv": flags may be bundled, the last letter may take an argument: "-CDIR" or "-C DIR". */
static enum vg_status parse_letters(const struct vg_option *const *tables, int argc,
    char *const *argv, int *io_next, struct vg_options *ret, struct vg_error *err)
{
	for (const char *p = argv[*io_next] + 1; *p; p++) {
		const struct vg_option *row = find_letter(tables, *p);
		const char *text = NULL;
		enum vg_status st;
		bool takes;

		if (!row)
			return vg_fail(err, VG_E_INVALID, "unknown option -%c", *p);
		takes = row->kind != VG_OPT_FLAG && row->kind != VG_OPT_MAYBE;
		if (takes) {
			text = p[1]                  ? p + 1
			       : *io_next + 1 < argc ? argv[++*io_next]
						     : NULL;
			if (!text)
				return vg_fail(
				    err, VG_E_INVALID, "-%c needs an argument", *p);
		}
		st = append(ret, row, text, err);
		if (st != VG_OK || takes)
			return st;
	}
	return VG_OK;
}

enum vg_status vg_option_parse(const struct vg_option *const *tables, int argc,
    char *const *argv, int *io_next, struct vg_options *ret, char *hint,
    struct vg_error *err)
{
	struct vg_str word = vg_str(argv[*io_next]), name;
	const struct vg_option *row;
	const char *text = NULL;
	size_t equals;
	enum vg_status st;

	assert(word.len > 1 && word.ptr[0] == '-');
	hint[0] = '\0';
	if (word.ptr[1] != '-') {
		st = parse_letters(tables, argc, argv, io_next, ret, err);
		goto out;
	}
	equals = vg_str_chr(word, '=', 0);
	name = vg_str_sub(word, 2, equals);
	row = vg_option_row(tables, name);
	if (!row) {
		suggest(tables, name, hint);
		return vg_fail(
		    err, VG_E_INVALID, "unknown option --%.*s", VG_STR_ARG(name));
	}
	if (equals != SIZE_MAX) {
		if (row->kind == VG_OPT_FLAG)
			return vg_fail(
			    err, VG_E_INVALID, "--%s takes no argument", row->name);
		text = word.ptr + equals + 1;
	} else if (row->kind != VG_OPT_FLAG && row->kind != VG_OPT_MAYBE) {
		if (*io_next + 1 >= argc)
			return vg_fail(
			    err, VG_E_INVALID, "--%s needs an argument", row->name);
		text = argv[++*io_next];
	}
	st = append(ret, row, text, err);
out:
	if (st == VG_OK)
		(*io_next)++;
	return st;
}
