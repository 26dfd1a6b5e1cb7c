/* SPDX-License-Identifier: MIT */
/* Status line, fields and chunks. */
#include "config.h"

#include "fetch/http.h"

#include <stdio.h>
#include <string.h>

#define MAX_FIELD_VALUE 4096

bool vg_http_status_line(struct vg_str head, int *ret_status, char ret_version[8])
{
	struct vg_str line = vg_str_sub(head, 0, vg_str_chr(head, '\n', 0));
	size_t space = vg_str_chr(line, ' ', 0);
	int status = 0;

	if (!vg_str_istarts(line, VG_STR("HTTP/")) || space == SIZE_MAX ||
	    line.len < space + 4)
		return false;
	for (size_t i = space + 1; i < space + 4; i++) {
		if (!vg_is_digit(line.ptr[i]))
			return false;
		status = status * 10 + (line.ptr[i] - '0');
	}
	*ret_status = status;
	(void)snprintf(
	    ret_version, 8, "%.*s", (int)(space > 12 ? 7 : space - 5), line.ptr + 5);
	return true;
}

struct vg_str vg_http_header(struct vg_str head, const char *name, size_t n)
{
	struct vg_str rest = head, line;
	size_t len = strlen(name);

	(void)vg_str_split(&rest, '\n', &line); /* the status line */
	while (vg_str_split(&rest, '\n', &line)) {
		if (line.len <= len || line.ptr[len] != ':' ||
		    !vg_str_ieqz(vg_str_sub(line, 0, len), name))
			continue;
		if (n-- == 0)
			return vg_str_trim(vg_str_sub(line, len + 1, line.len));
	}
	return (struct vg_str){0};
}

struct vg_str vg_http_content_type(struct vg_str head)
{
	struct vg_str value, type, last = {0};

	for (size_t i = 0;
	     (value = vg_http_header(head, "content-type", i)).ptr != NULL; i++) {
		while (vg_str_split(&value, ',', &type)) {
			size_t slash = vg_str_chr(type, '/', 0);

			type = vg_str_trim(type);
			if (slash != SIZE_MAX && slash > 0 &&
			    !vg_str_starts(type, VG_STR("*/*")))
				last = type;
		}
	}
	return last;
}

bool vg_http_is_field_value(struct vg_str value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];

		if ((c < ' ' && c != '\t') || c == 0x7F)
			return false;
	}
	return value.len <= MAX_FIELD_VALUE;
}

bool vg_http_is_chunked(struct vg_str head)
{
	struct vg_str value, last = {0};

	for (size_t i = 0;
	     (value = vg_http_header(head, "transfer-encoding", i)).ptr != NULL; i++) {
		struct vg_str coding;

		while (vg_str_split(&value, ',', &coding)) {
			coding = vg_str_trim(coding);
			if (coding.len > 0)
				last = coding;
		}
	}
	return vg_str_ieqz(last, "chunked");
}

/* Reads one chunk-size line at *pos. */
static enum vg_chunked read_size(struct vg_str raw, size_t *pos, uint64_t *ret)
{
	size_t i = *pos, end = vg_str_chr(raw, '\n', *pos), start = *pos;
	uint64_t size = 0;
	int digit;

	while (i < raw.len && (digit = vg_hex_digit(raw.ptr[i])) >= 0) {
		if (size > UINT64_MAX >> 4)
			return VG_CHUNKED_BROKEN;
		size = size << 4 | (unsigned)digit;
		i++;
	}
	if (i == raw.len)
		return VG_CHUNKED_INCOMPLETE;
	if (i == start || strchr(" \t;\r\n", raw.ptr[i]) == NULL || raw.ptr[i] == '\0')
		return VG_CHUNKED_BROKEN;
	if (end == SIZE_MAX)
		return VG_CHUNKED_INCOMPLETE;
	*pos = end + 1;
	*ret = size;
	return VG_CHUNKED_DONE;
}

enum vg_chunked vg_http_dechunk(struct vg_str raw, struct vg_buf *out)
{
	size_t pos = 0;

	while (pos < raw.len) {
		uint64_t size;
		enum vg_chunked rc = read_size(raw, &pos, &size);

		if (rc != VG_CHUNKED_DONE)
			return rc;
		if (size == 0)
			return VG_CHUNKED_DONE;
		if (size > raw.len - pos) {
			vg_buf_add(out, raw.ptr + pos, raw.len - pos);
			return out->status == VG_OK ? VG_CHUNKED_INCOMPLETE
						    : VG_CHUNKED_BROKEN;
		}
		vg_buf_add(out, raw.ptr + pos, (size_t)size);
		if (out->status != VG_OK)
			return VG_CHUNKED_BROKEN;
		pos += (size_t)size;
		if (pos < raw.len && raw.ptr[pos] == '\r')
			pos++;
		if (pos == raw.len)
			return VG_CHUNKED_INCOMPLETE;
		if (raw.ptr[pos++] != '\n')
			return VG_CHUNKED_BROKEN;
	}
	return VG_CHUNKED_INCOMPLETE;
}
