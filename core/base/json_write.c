/* SPDX-License-Identifier: MIT */
/* The JSON writer. */
#include "config.h"

#include "base/json.h"

#include <assert.h>
#include <math.h>

#include "base/utf8.h"

struct vg_json_writer vg_json_writer(struct vg_buf *out)
{
	return (struct vg_json_writer){.out = out};
}

/* Before a value: the comma that separates it from its neighbour. */
static void jw_separate(struct vg_json_writer *w)
{
	uint64_t bit = UINT64_C(1) << w->depth;

	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->has_member & bit)
		vg_buf_addc(w->out, ',');
	w->has_member |= bit;
}

static void jw_open(struct vg_json_writer *w, char bracket)
{
	assert(w->depth + 1 < VG_JSON_DEPTH);
	jw_separate(w);
	vg_buf_addc(w->out, bracket);
	w->depth++;
	w->has_member &= ~(UINT64_C(1) << w->depth);
}

static void jw_close(struct vg_json_writer *w, char bracket)
{
	assert(w->depth);
	w->depth--;
	vg_buf_addc(w->out, bracket);
}

void vg_jw_object(struct vg_json_writer *w)
{
	jw_open(w, '{');
}

void vg_jw_end_object(struct vg_json_writer *w)
{
	jw_close(w, '}');
}

void vg_jw_array(struct vg_json_writer *w)
{
	jw_open(w, '[');
}

void vg_jw_end_array(struct vg_json_writer *w)
{
	jw_close(w, ']');
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static void jw_quoted(struct vg_buf *out, struct vg_str s)
{
	vg_buf_addc(out, '"');
	for (size_t pos = 0; pos < s.len;) {
		size_t start = pos;
		uint32_t c;

		while (pos < s.len && is_plain((unsigned char)s.ptr[pos]))
			pos++;
		vg_buf_adds(out, vg_str_sub(s, start, pos));
		if (pos == s.len)
			break;
		c = vg_utf8_next(s, &pos);
		if (c == '"' || c == '\\')
			vg_buf_addf(out, "\\%c", (char)c);
		else if (c == '\n')
			vg_buf_addz(out, "\\n");
		else if (c < 0x20 || c == 0x7F)
			vg_buf_addf(out, "\\u%04x", (unsigned)c);
		else
			vg_buf_add_utf8(out, c);
	}
	vg_buf_addc(out, '"');
}

void vg_jw_key(struct vg_json_writer *w, const char *key)
{
	jw_separate(w);
	jw_quoted(w->out, vg_str(key));
	vg_buf_addc(w->out, ':');
	w->after_key = true;
}

void vg_jw_str(struct vg_json_writer *w, struct vg_str value)
{
	if (!value.ptr) {
		vg_jw_null(w);
		return;
	}
	jw_separate(w);
	jw_quoted(w->out, value);
}

void vg_jw_strz(struct vg_json_writer *w, const char *value)
{
	vg_jw_str(w, vg_str(value));
}

void vg_jw_int(struct vg_json_writer *w, int64_t value)
{
	jw_separate(w);
	vg_buf_addf(w->out, "%lld", (long long)value);
}

void vg_jw_fixed(struct vg_json_writer *w, double value, int decimals)
{
	if (!isfinite(value)) {
		vg_jw_null(w);
		return;
	}
	jw_separate(w);
	vg_buf_addf(w->out, "%.*f", decimals, value);
}

void vg_jw_bool(struct vg_json_writer *w, bool value)
{
	jw_separate(w);
	vg_buf_addz(w->out, value ? "true" : "false");
}

void vg_jw_null(struct vg_json_writer *w)
{
	jw_separate(w);
	vg_buf_addz(w->out, "null");
}

void vg_jw_raw(struct vg_json_writer *w, struct vg_str json)
{
	jw_separate(w);
	vg_buf_adds(w->out, json);
}

/* Depth is bounded: a parsed value has at most VG_JSON_DEPTH levels. */
void vg_jw_value(struct vg_json_writer *w, const struct vg_json *value)
{
	bool object = value->type == VG_JSON_OBJECT;

	switch (value->type) {
	case VG_JSON_NULL:
		vg_jw_null(w);
		return;
	case VG_JSON_FALSE:
	case VG_JSON_TRUE:
		vg_jw_bool(w, value->type == VG_JSON_TRUE);
		return;
	case VG_JSON_NUMBER:
		vg_jw_raw(w, value->text);
		return;
	case VG_JSON_STRING:
		vg_jw_str(w, value->text);
		return;
	case VG_JSON_ARRAY:
	case VG_JSON_OBJECT:
		break;
	}
	if (w->depth + 2 >= VG_JSON_DEPTH) {
		w->out->status = w->out->status ? w->out->status : VG_E_LIMIT;
		vg_jw_null(w);
		return;
	}
	jw_open(w, object ? '{' : '[');
	for (const struct vg_json *child = value->first; child; child = child->next) {
		if (object) {
			jw_separate(w);
			jw_quoted(w->out, child->key);
			vg_buf_addc(w->out, ':');
			w->after_key = true;
		}
		vg_jw_value(w, child);
	}
	jw_close(w, object ? '}' : ']');
}

void vg_jw_kstr(struct vg_json_writer *w, const char *key, struct vg_str value)
{
	vg_jw_key(w, key);
	vg_jw_str(w, value);
}

void vg_jw_kstrz(struct vg_json_writer *w, const char *key, const char *value)
{
	vg_jw_key(w, key);
	vg_jw_strz(w, value);
}

void vg_jw_kint(struct vg_json_writer *w, const char *key, int64_t value)
{
	vg_jw_key(w, key);
	vg_jw_int(w, value);
}

void vg_jw_kbool(struct vg_json_writer *w, const char *key, bool value)
{
	vg_jw_key(w, key);
	vg_jw_bool(w, value);
}
