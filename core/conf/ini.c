/* SPDX-License-Identifier: MIT */
/* inih fed line by line, so that every entry knows where it stands. */
#include "config.h"

#include "conf/ini.h"

#include <ini.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

#define MAX_SECTION 49 /* inih cuts longer names without a word */

struct reader {
	const char *name;
	struct vg_str rest;
	unsigned line;
	vg_ini_handler *handler;
	void *ctx;
	struct vg_error *err;
	enum vg_status status;
	/* the entry being collected: further lines may follow */
	struct vg_buf section, key, value;
	bool open, indented;
	unsigned open_line;
};

static enum vg_status fail_at(struct reader *r, unsigned line, const char *why)
{
	r->status = vg_fail(r->err, VG_E_INVALID, "%s:%u: %s", r->name, line, why);
	return r->status;
}

static void call(struct reader *r, const struct vg_ini_entry *entry)
{
	if (r->status != VG_OK)
		return;
	r->status = r->handler(r->ctx, entry, r->err);
	if (r->status != VG_OK)
		vg_error_prefix(r->err, "%s:%u", r->name, entry->line);
}

/* The collected entry is complete. */
static void close_entry(struct reader *r)
{
	if (!r->open)
		return;
	r->open = false;
	call(r, &(struct vg_ini_entry){.section = vg_buf_cstr(&r->section),
		    .key = vg_buf_cstr(&r->key),
		    .value = vg_buf_cstr(&r->value),
		    .line = r->open_line});
}

static void open_section(struct reader *r, struct vg_str line)
{
	size_t end = vg_str_chr(line, ']', 1);

	close_entry(r);
	if (end == SIZE_MAX || end - 1 > MAX_SECTION) {
		fail_at(r, r->line,
		    end == SIZE_MAX ? "a section needs its ']'"
				    : "a section name longer than 49 bytes");
		return;
	}
	if (vg_str_trim(vg_str_sub(line, end + 1, line.len)).len > 0) {
		fail_at(r, r->line, "text after a section's ']'");
		return;
	}
	vg_buf_clear(&r->section);
	vg_buf_adds(&r->section, vg_str_sub(line, 1, end));
	call(r, &(struct vg_ini_entry){
		    .section = vg_buf_cstr(&r->section), .line = r->line});
}

static enum vg_status check_line(struct reader *r, struct vg_str line)
{
	if (line.len > VG_MAX_CONFIG_LINE)
		return fail_at(r, r->line, "a line longer than 4096 bytes");
	if (!vg_utf8_valid(line))
		return fail_at(r, r->line, "not UTF-8");
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];

		if ((c < 0x20 && c != '\t') || c == 0x7F)
			return fail_at(r, r->line, "a control character");
	}
	return VG_OK;
}

/* inih's reader: one line, which always fits since it was measured first. */
static char *read_line(char *to, int size, void *stream)
{
	struct reader *r = stream;
	struct vg_str line;

	if (r->status != VG_OK || r->rest.len == 0 ||
	    !vg_str_split(&r->rest, '\n', &line))
		return NULL;
	r->line++;
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (check_line(r, line) != VG_OK || line.len + 2 > (size_t)size)
		return NULL;
	r->indented = line.len > 0 && vg_is_space(line.ptr[0]);
	if (line.len > 0 && line.ptr[0] == '[')
		open_section(r, line);
	else if (r->indented && !r->open &&
		 vg_str_starts(vg_str_trim(line), VG_STR("[")))
		fail_at(r, r->line, "a section starts in the first column");
	if (r->status != VG_OK)
		return NULL;
	memcpy(to, line.ptr, line.len);
	memcpy(to + line.len, "\n", 2);
	return to;
}

static int take(void *user, const char *section, const char *key, const char *value)
{
	struct reader *r = user;

	(void)section; /* our own is never cut */
	if (r->open && r->indented) {
		vg_buf_addc(&r->value, '\n');
		vg_buf_addz(&r->value, value);
		return 1;
	}
	close_entry(r);
	vg_buf_clear(&r->key);
	vg_buf_addz(&r->key, key);
	vg_buf_clear(&r->value);
	vg_buf_addz(&r->value, value);
	r->open = true;
	r->open_line = r->line;
	return r->status == VG_OK;
}

/* inih keeps its options in variables of its own. */
static void set_up_inih(void)
{
	ini_use_stack = false;
	ini_initial_alloc = ini_max_line = VG_MAX_CONFIG_LINE + 4;
	ini_allow_inline_comments = false;
}

enum vg_status vg_ini_parse(const char *name, struct vg_str text,
    vg_ini_handler *handler, void *ctx, struct vg_error *err)
{
	struct reader r = {.name = name,
	    .rest = text,
	    .handler = handler,
	    .ctx = ctx,
	    .err = err,
	    .section = VG_BUF_INIT(MAX_SECTION),
	    .key = VG_BUF_INIT(VG_MAX_CONFIG_LINE),
	    .value = VG_BUF_INIT(VG_MAX_CONFIG)};
	int bad;

	if (text.len > VG_MAX_CONFIG)
		return vg_fail(err, VG_E_INVALID, "%s:1: larger than 1 MiB", name);
	if (vg_str_starts(text, VG_STR("\xEF\xBB\xBF")))
		r.rest = vg_str_sub(text, 3, text.len);
	set_up_inih();
	bad = ini_parse_stream(read_line, &r, take, &r);
	if (r.status == VG_OK && bad > 0)
		fail_at(&r, (unsigned)bad, "neither [section] nor key = value");
	if (r.status == VG_OK && bad < 0)
		r.status = vg_fail(err, VG_E_NOMEM, "out of memory");
	close_entry(&r);
	if (r.status == VG_OK)
		r.status = vg_buf_status(&r.value, err);
	vg_buf_release(&r.section);
	vg_buf_release(&r.key);
	vg_buf_release(&r.value);
	return r.status;
}
