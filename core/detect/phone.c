/* SPDX-License-Identifier: MIT */
/*
 * Finding numbers in text: a candidate is lead characters, then blocks of digits with at most four
 * marks between them. What is no number as a whole is tried again in pieces, as libphonenumber's
 * PhoneNumberMatcher does.
 */
#include "config.h"

#include "detect/phone.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "detect/phone_parse.h"

/* The candidate under view, a cell a code point. */
struct candidate {
	struct vg_str text;
	const char *region;
	size_t start, end;
	unsigned char cells[VG_PHONE_CELLS];
	size_t offsets[VG_PHONE_CELLS + 1]; /* of each cell in the text, then the end */
	size_t count;
	struct vg_phone found;
};

static bool digit(unsigned char cell)
{
	return vg_is_digit((char)cell);
}

static bool push(struct candidate *c, unsigned char cell, size_t offset, size_t next)
{
	if (c->count == VG_PHONE_CELLS)
		return false;
	c->cells[c->count] = cell;
	c->offsets[c->count++] = offset;
	c->offsets[c->count] = next;
	return true;
}

/* Appends up to four marks and the digit after them; false, and nothing appended, otherwise. */
static bool more_digits(struct candidate *c, size_t *at)
{
	size_t kept = c->count, p = *at;

	for (int marks = 0; marks <= 4 && p < c->text.len; marks++) {
		size_t here = p;
		unsigned char cell = vg_phone_cell(c->text, &p);
		if (!digit(cell) && !vg_phone_punctuation(cell))
			break;
		if (!push(c, cell, here, p))
			break;
		if (digit(cell)) {
			*at = p;
			return true;
		}
	}
	c->count = kept;
	return false;
}

/* Reads a candidate whose first lead character or digit stands at `at`. */
static bool read_candidate(struct candidate *c, size_t at)
{
	size_t p = at, leads = 0;
	char extension[8];

	c->count = 0;
	c->start = at;
	while (leads < 2 && p < c->text.len) {
		size_t here = p;
		unsigned char cell = vg_phone_cell(c->text, &p);
		if (cell != '+' && cell != '(' && cell != '[') {
			p = here;
			break;
		}
		if (!push(c, cell, here, p))
			return false;
		leads++;
		for (int marks = 0; marks < 4 && p < c->text.len; marks++) {
			here = p;
			cell = vg_phone_cell(c->text, &p);
			if (!vg_phone_punctuation(cell) || cell == '(' || cell == '[') {
				p = here;
				break;
			}
			if (!push(c, cell, here, p))
				return false;
		}
	}
	if (leads > 0 ? !more_digits(c, &p)
		      : !more_digits(c, &p) || !digit(c->cells[0]))
		return false;
	while (more_digits(c, &p)) {
	}
	c->end = p;
	size_t after = vg_phone_extension(c->text, p, extension);
	while (p < after) {
		size_t here = p;
		unsigned char cell = vg_phone_cell(c->text, &p);
		if (!push(c, cell, here, p))
			return true;
		c->end = p;
	}
	return true;
}

/* One closing or opening bracket may be missing at the front; pairs never nest. */
static bool brackets_match(const struct candidate *c, size_t from, size_t to)
{
	bool open = false, first = true;

	for (size_t i = from; i < to; i++) {
		if (c->cells[i] == '(' || c->cells[i] == '[') {
			if (open)
				return false;
			open = true;
			first &= i == from;
		} else if (c->cells[i] == ')' || c->cells[i] == ']') {
			if (!open && !first)
				return false;
			open = first = false;
		}
	}
	return !open || first;
}

/* "211-227 (2003)": pages of a publication. */
static bool looks_like_pages(const struct candidate *c, size_t from, size_t to)
{
	for (size_t i = from; i + 2 < to; i++) {
		size_t p = i + 1, a, b;
		if (c->cells[i] != '-' || i == from || !digit(c->cells[i - 1]))
			continue;
		for (a = p; p < to && digit(c->cells[p]); p++) {
		}
		if (p == a || p - a > 5)
			continue;
		for (b = p; p < to && c->cells[p] == ' ' && p - b < 4; p++) {
		}
		if (p + 1 < to && c->cells[p] == '(' && digit(c->cells[p + 1]))
			return true;
	}
	return false;
}

static size_t digits_at(const struct candidate *c, size_t i)
{
	size_t n = 0;
	while (i + n < c->count && digit(c->cells[i + n]))
		n++;
	return n;
}

static unsigned value_at(const struct candidate *c, size_t i, size_t n)
{
	unsigned value = 0;
	for (size_t k = 0; k < n; k++)
		value = value * 10 + (unsigned)(c->cells[i + k] - '0');
	return value;
}

/* "31/8/2011" anywhere, or "2012-01-02 08" before ":00". */
static bool looks_like_date(const struct candidate *c)
{
	for (size_t i = 0; i < c->count; i++) {
		size_t a = digits_at(c, i), b, y;
		if (a == 0 || a > 2 || i + a >= c->count || c->cells[i + a] != '/')
			continue;
		b = digits_at(c, i + a + 1);
		size_t year = i + a + 1 + b + 1;
		if (b == 0 || b > 2 || year >= c->count || c->cells[year - 1] != '/')
			continue;
		y = digits_at(c, year);
		unsigned va = value_at(c, i, a), vb = value_at(c, i + a + 1, b);
		if (y >= 2 && ((va < 40 && vb < 20) || (va < 20 && vb < 40)))
			return true;
	}
	if (c->end + 2 < c->text.len && c->text.ptr[c->end] == ':' &&
	    vg_is_digit(c->text.ptr[c->end + 1]) && c->count >= 11) {
		size_t p = c->count - 2;
		while (p > 0 && c->cells[p - 1] == ' ')
			p--;
		return p < c->count - 2 && p >= 8 && digits_at(c, c->count - 2) == 2 &&
		       (c->cells[p - 3] == '-' || c->cells[p - 3] == '/' ||
			   digit(c->cells[p - 3])) &&
		       value_at(c, p - 2, 2) < 32;
	}
	return false;
}

/* A letter of the Latin script, a currency sign or %, before or after: no phone number. */
static bool forbidden_neighbour(uint32_t c)
{
	bool ascii = c < 0x80 && vg_is_alpha((char)c);
	bool latin = (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
		     (c >= 0x1E00 && c <= 0x1EFF) || (c >= 0x300 && c <= 0x36F) ||
		     c == 0xAA || c == 0xBA;
	bool money =
	    c == '$' || (c >= 0xA2 && c <= 0xA5) || (c >= 0x20A0 && c <= 0x20CF);
	return ascii || latin || money || c == '%';
}

static uint32_t code_point_before(struct vg_str text, size_t at)
{
	size_t p = at - 1;
	while (p > 0 && ((unsigned char)text.ptr[p] & 0xC0) == 0x80 && at - p < 4)
		p--;
	return vg_utf8_next(text, &p);
}

/* Cells [from, to) as one number in its surroundings. */
static bool verify(struct candidate *c, size_t from, size_t to)
{
	if (from >= to || !brackets_match(c, from, to) || looks_like_pages(c, from, to))
		return false;
	size_t start = c->offsets[from], end = c->offsets[to];
	bool lead =
	    c->cells[from] == '+' || c->cells[from] == '(' || c->cells[from] == '[';
	if (!lead && start > 0 &&
	    forbidden_neighbour(code_point_before(c->text, start)))
		return false;
	size_t p = end;
	if (p < c->text.len && forbidden_neighbour(vg_utf8_next(c->text, &p)))
		return false;
	c->found.start = start;
	c->found.end = end;
	return vg_phone_read(c->text, start, end, c->region, true, &c->found);
}

/*
 * The ways to take a candidate apart. From cell `from`: where the cut begins (return value, or
 * c->count when there is none) and the piece [*piece, *end) behind it.
 */
static size_t cut(
    const struct candidate *c, int way, size_t from, size_t *piece, size_t *end)
{
	for (size_t i = from; i < c->count; i++) {
		unsigned char a = c->cells[i],
			      b = i + 1 < c->count ? c->cells[i + 1] : 0;
		size_t p = i + 1;
		bool hit = way == 0   ? a == '/'
			   : way == 1 ? a == '('
			   : way == 2 ? (a == ' ' && b == '-') || (a == '-' && b == ' ')
			   : way == 3 ? a == VG_CELL_DASH
			   : way == 4 ? a == '.'
				      : a == ' ';
		if (!hit)
			continue;
		if (way == 2)
			p++;
		while (p < c->count && (way == 0 || way == 4) && c->cells[p] == a)
			p++;
		while (p < c->count && way >= 2 && c->cells[p] == ' ')
			p++;
		*piece = way == 1 ? i : p;
		*end = c->count;
		for (size_t k = p; way != 0 && way != 2 && way != 3 && k < c->count;
		     k++) {
			if (c->cells[k] == a) {
				*end = k;
				break;
			}
		}
		return i;
	}
	return c->count;
}

/* Without marks at the end (a '#' stays). */
static size_t trim_end(const struct candidate *c, size_t from, size_t to)
{
	while (to > from && !digit(c->cells[to - 1]) && c->cells[to - 1] != '#' &&
	       c->cells[to - 1] != VG_CELL_OTHER)
		to--;
	return to;
}

static bool verify_pieces(struct candidate *c)
{
	for (int way = 0; way < 6; way++) {
		size_t from = 0, piece = 0, end = 0, at;
		bool first = true;
		while ((at = cut(c, way, from, &piece, &end)) < c->count) {
			if (first && verify(c, 0, trim_end(c, 0, at)))
				return true;
			first = false;
			if (verify(c, piece, trim_end(c, piece, end)))
				return true;
			from = end > at ? end : at + 1;
		}
	}
	return false;
}

/* A byte that may begin a candidate. */
static bool may_begin(char c)
{
	return vg_is_digit(c) || c == '+' || c == '(' || c == '[' || c == '\xEF';
}

enum vg_status vg_phones_find(struct vg_arena *arena, struct vg_str text,
    const char *region, const struct vg_phone **ret, size_t *ret_count,
    struct vg_error *err)
{
	struct vg_vec found = VG_VEC_INIT(struct vg_phone, VG_MAX_FINDINGS, arena);
	struct candidate c = {.text = text, .region = region == NULL ? "" : region};
	size_t at = 0;

	while (at < text.len) {
		if (!may_begin(text.ptr[at]) || !read_candidate(&c, at)) {
			at++;
			continue;
		}
		at = c.end;
		size_t digits = 0;
		for (size_t i = 0; i < c.count; i++)
			digits += digit(c.cells[i]);
		if (digits < 7 || looks_like_date(&c) ||
		    (!verify(&c, 0, c.count) && !verify_pieces(&c)))
			continue;
		struct vg_phone *phone = vg_vec_push(&found);
		if (phone == NULL && found.len < found.max)
			return vg_fail(err, VG_E_NOMEM, "out of memory");
		if (phone == NULL)
			break;
		*phone = c.found;
		at = c.found.end;
	}
	*ret = found.items;
	*ret_count = found.len;
	return VG_OK;
}

bool vg_phone_parse(struct vg_str digits, const char *region, struct vg_phone *ret)
{
	ret->start = 0;
	ret->end = digits.len;
	return vg_phone_read(digits, 0, digits.len, region, false, ret);
}
