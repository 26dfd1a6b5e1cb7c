/* SPDX-License-Identifier: MIT */
/* Batch requests: strict JSON in, parameters and content out. */
#include "config.h"

#include "cli/request.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "conf/value.h"

#define MAX_PARAMS ((size_t)VG_MAX_BATCH_LINE * 2) /* escapes may grow a string */

enum vg_status vg_request_init(struct vg_request *r, struct vg_error *err)
{
	*r = (struct vg_request){.params = VG_BUF_INIT(MAX_PARAMS),
	    .content = VG_BUF_INIT(VG_MAX_BATCH_LINE),
	    .arena = vg_arena_new((size_t)VG_MAX_BATCH_LINE * 4)};
	return r->arena ? VG_OK : vg_fail(err, VG_E_NOMEM, "out of memory");
}

void vg_request_release(struct vg_request *r)
{
	vg_buf_release(&r->params);
	vg_buf_release(&r->content);
	vg_arena_free(r->arena);
	r->arena = NULL;
}

const char *vg_request_error(enum vg_status status)
{
	switch (status) {
	case VG_E_INVALID:
	case VG_E_TOO_LARGE:
	case VG_E_LIMIT:
	case VG_E_UNSUPPORTED:
	case VG_E_IO:
		return vg_status_name(status);
	case VG_OK:
	case VG_E_NOMEM:
	case VG_E_NOT_FOUND:
	case VG_E_AGAIN:
	case VG_E_STOP:
	case VG_E_DENIED:
	case VG_E_NETWORK:
	case VG_E_CORRUPT:
	case VG_E_BUSY:
	case VG_E_INTERNAL:
		break;
	}
	return "internal";
}

/* The option "content-type" is the field "content_type". */
static bool is_field(const char *option, struct vg_str key)
{
	size_t i = 0;

	for (; i < key.len && option[i]; i++)
		if (key.ptr[i] != (option[i] == '-' ? '_' : option[i]))
			return false;
	return option[i] == '\0' && i == key.len;
}

static void add_key(struct vg_json_writer *w, const char *option)
{
	char key[64];
	size_t i = 0;

	for (; option[i] && i + 1 < sizeof(key); i++)
		key[i] = option[i] == '-' ? '_' : option[i];
	key[i] = '\0';
	vg_jw_key(w, key);
}

static bool well_typed(const struct vg_option *row, const struct vg_json *value)
{
	int64_t n;

	switch (row->kind) {
	case VG_OPT_FLAG:
		return value->type == VG_JSON_TRUE || value->type == VG_JSON_FALSE;
	case VG_OPT_INT:
		return vg_json_to_i64(value, &n) &&
		       ((row->min == 0 && row->max == 0) ||
			   (n >= row->min && n <= row->max));
	case VG_OPT_ENUM:
		return value->type == VG_JSON_STRING &&
		       vg_value_enum(value->text, row->arg) >= 0;
	case VG_OPT_STR:
	case VG_OPT_MAYBE:
	case VG_OPT_DURATION:
	case VG_OPT_SIZE:
		break;
	}
	if (!(row->flags & VG_OPT_MANY))
		return value->type == VG_JSON_STRING;
	if (value->type != VG_JSON_ARRAY)
		return false;
	for (value = value->first; value; value = value->next)
		if (value->type != VG_JSON_STRING)
			return false;
	return true;
}

static void add_given(struct vg_json_writer *w, const struct vg_option *row,
    const struct vg_options *given)
{
	const struct vg_option_value *v = vg_option_find(given, row->name);

	add_key(w, row->name);
	if (row->kind == VG_OPT_FLAG) {
		vg_jw_bool(w, true);
	} else if (row->kind == VG_OPT_INT) {
		vg_jw_int(w, v->number);
	} else if (row->flags & VG_OPT_MANY) {
		vg_jw_array(w);
		for (size_t i = 0; (v = vg_option_nth(given, row->name, i)); i++)
			vg_jw_strz(w, v->text);
		vg_jw_end_array(w);
	} else {
		vg_jw_strz(w, v->text);
	}
}

static enum vg_status write_params(const struct vg_option *rows,
    const struct vg_options *given, const struct vg_json *request, struct vg_buf *out,
    struct vg_error *err)
{
	struct vg_json_writer w = vg_json_writer(out);

	vg_jw_object(&w);
	for (; rows && rows->name; rows++) {
		const struct vg_json *value = request ? request->first : NULL;

		if (!(rows->flags & VG_OPT_REQUEST))
			continue;
		while (value && !is_field(rows->name, value->key))
			value = value->next;
		if (value) {
			add_key(&w, rows->name);
			vg_jw_value(&w, value);
		} else if (vg_option_is_set(given, rows->name)) {
			add_given(&w, rows, given);
		} else if (rows->flags & VG_OPT_REQUIRED) {
			return vg_fail(err, VG_E_INVALID, "--%s is missing", rows->name);
		}
	}
	vg_jw_end_object(&w);
	return vg_buf_status(out, err);
}

enum vg_status vg_request_defaults(const struct vg_option *rows,
    const struct vg_options *given, struct vg_buf *ret_params, struct vg_error *err)
{
	enum vg_status st = write_params(rows, given, NULL, ret_params, err);

	if (st == VG_E_INVALID)
		vg_error_prefix(err, "option missing");
	return st;
}

enum vg_status vg_request_file(
    const char *path, bool regular, struct vg_buf *ret, struct vg_error *err)
{
	enum vg_status st = VG_OK;
	struct stat sb;
	int fd;

	if (!regular)
		return vg_read_file(path, ret, err);
	/* O_NONBLOCK: opening a FIFO that nobody writes to must not hold the batch. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return vg_fail_errno(err, errno, "%s", path);
	if (fstat(fd, &sb) != 0)
		st = vg_fail_errno(err, errno, "%s", path);
	else if (!S_ISREG(sb.st_mode))
		st = vg_fail(err, VG_E_IO, "%s: not a regular file", path);
	else
		st = vg_read_fd(fd, ret, err);
	vg_close(&fd);
	return st;
}

static enum vg_status read_content(struct vg_request *r, const struct vg_json *value,
    const char **ret_error, struct vg_error *err)
{
	enum vg_status st;
	char path[4096];

	if (r->field || vg_str_eqz(value->key, "text")) {
		vg_buf_adds(&r->content, value->text);
		return vg_buf_status(&r->content, err);
	}
	if (vg_str_eqz(value->key, "base64")) {
		st = vg_base64_decode(value->text, &r->content, err);
		if (st == VG_E_INVALID)
			*ret_error = "bad_request";
		return st;
	}
	if (value->text.len == 0 || value->text.len >= sizeof(path) ||
	    memchr(value->text.ptr, 0, value->text.len))
		return vg_fail(err, VG_E_IO, "file: no such path");
	memcpy(path, value->text.ptr, value->text.len);
	path[value->text.len] = '\0';
	return vg_request_file(path, true, &r->content, err);
}

static bool is_content(const char *field, struct vg_str key)
{
	if (field)
		return vg_str_eqz(key, field);
	return vg_str_eqz(key, "text") || vg_str_eqz(key, "base64") ||
	       vg_str_eqz(key, "file");
}

/* Each member known, of the right type, given once; exactly one content. */
static enum vg_status check_members(const char *field, const struct vg_option *rows,
    const struct vg_json *request, const struct vg_json **ret_content,
    struct vg_error *err)
{
	const struct vg_json *content = NULL;

	for (const struct vg_json *m = request->first; m; m = m->next) {
		const struct vg_option *row = rows;

		for (const struct vg_json *n = request->first; n != m; n = n->next)
			if (vg_str_eq(n->key, m->key))
				return vg_fail(err, VG_E_INVALID, "%.*s is given twice",
				    VG_STR_ARG(m->key));
		if (vg_str_eqz(m->key, "id"))
			continue;
		if (is_content(field, m->key)) {
			if (content)
				return vg_fail(err, VG_E_INVALID,
				    "more than one of text, base64 and file");
			if (m->type != VG_JSON_STRING)
				return vg_fail(err, VG_E_INVALID,
				    "%.*s must be a string", VG_STR_ARG(m->key));
			content = m;
			continue;
		}
		while (row && row->name &&
		       !(row->flags & VG_OPT_REQUEST && is_field(row->name, m->key)))
			row++;
		if (!row || !row->name)
			return vg_fail(err, VG_E_INVALID, "unknown field: %.*s",
			    (int)vg_str_sub(m->key, 0, 100).len, m->key.ptr);
		if (!well_typed(row, m))
			return vg_fail(err, VG_E_INVALID, "%.*s: wrong type or value",
			    VG_STR_ARG(m->key));
	}
	if (!content)
		return vg_fail(err, VG_E_INVALID, "%s is missing",
		    field ? field : "one of text, base64, file");
	*ret_content = content;
	return VG_OK;
}

enum vg_status vg_request_read(struct vg_request *r, const struct vg_option *rows,
    const struct vg_options *given, struct vg_str line, const char **ret_error,
    struct vg_error *err)
{
	const struct vg_json *content = NULL, *id;
	struct vg_json *request;
	enum vg_status st;

	r->id = VG_STR("null");
	*ret_error = "bad_request";
	vg_buf_clear(&r->params);
	vg_buf_clear(&r->content);
	vg_arena_reset(r->arena);
	st = vg_json_parse(r->arena, line, 0, &request, err);
	if (st == VG_E_NOMEM) {
		*ret_error = "too_large";
		return st;
	}
	if (st != VG_OK)
		return st;
	if (request->type != VG_JSON_OBJECT)
		return vg_fail(err, VG_E_INVALID, "not a JSON object");
	id = vg_json_get(request, "id");
	if (id && vg_utf8_valid(vg_str_sub(line, id->start, id->end)))
		r->id = vg_str_sub(line, id->start, id->end);
	if (!vg_utf8_valid(line))
		return vg_fail(err, VG_E_INVALID, "not UTF-8");
	st = check_members(r->field, rows, request, &content, err);
	if (st != VG_OK)
		return st;
	st = write_params(rows, given, request, &r->params, err);
	if (st != VG_OK) {
		if (st != VG_E_INVALID)
			*ret_error = vg_request_error(st);
		return st;
	}
	*ret_error = NULL;
	st = read_content(r, content, ret_error, err);
	if (st != VG_OK && !*ret_error)
		*ret_error = vg_request_error(st);
	return st;
}
