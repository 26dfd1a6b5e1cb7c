/* SPDX-License-Identifier: MIT */
/* The human form of a detection result. */
#include "config.h"

#include "cli/evidence.h"

#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "cli/terminal.h"

#define CONTEXT 64 /* document bytes shown on each side of a quote */

/* The piece with its white space run together. */
static void add_plain(struct vg_buf *out, struct vg_str piece, size_t columns)
{
	struct vg_buf plain = VG_BUF_INIT(4096);

	for (size_t i = 0; i < piece.len; i++) {
		char c = vg_is_space(piece.ptr[i]) ? ' ' : piece.ptr[i];

		if (c != ' ' || plain.len == 0 || plain.ptr[plain.len - 1] != ' ')
			vg_buf_addc(&plain, c);
	}
	vg_escape_terminal_cut(out, vg_buf_str(&plain), columns);
	vg_buf_release(&plain);
}

/* The text that touches the quote: what lies beyond a tag or a comment may be seen by nobody. */
static struct vg_str touching_before(struct vg_str piece)
{
	for (size_t i = piece.len; i > 0; i--)
		if (piece.ptr[i - 1] == '>' || piece.ptr[i - 1] == '<')
			return vg_str_sub(piece, i, piece.len);
	return piece;
}

static struct vg_str touching_after(struct vg_str piece)
{
	return vg_str_sub(piece, 0, vg_str_chr(piece, '<', 0));
}

/* Moves to the start of a character. */
static size_t align(struct vg_str s, size_t pos)
{
	while (pos > 0 && pos < s.len && ((unsigned char)s.ptr[pos] & 0xC0) == 0x80)
		pos--;
	return pos;
}

void vg_evidence_quote(const struct vg_evidence_style *style, struct vg_str quote,
    size_t start, size_t end, struct vg_buf *out)
{
	struct vg_str d = style->document;
	bool inside = d.ptr && start < end && end <= d.len;
	size_t before = align(d, start > CONTEXT ? start - CONTEXT : 0);
	size_t after =
	    align(d, end < d.len && d.len - end > CONTEXT ? end + CONTEXT : d.len);

	if (inside && !vg_utf8_valid(vg_str_sub(d, before, after)))
		inside = false;
	if (inside) {
		if (before > 0)
			vg_buf_addz(out, "…");
		add_plain(out, touching_before(vg_str_sub(d, before, start)), CONTEXT);
	}
	vg_buf_addz(out, style->color ? VG_SGR_MARK : ">");
	vg_escape_terminal_cut(out, quote, 200);
	vg_buf_addz(out, style->color ? VG_SGR_RESET : "<");
	if (inside) {
		add_plain(out, touching_after(vg_str_sub(d, end, after)), CONTEXT);
		if (after < d.len)
			vg_buf_addz(out, "…");
	}
}

void vg_evidence_verdict(struct vg_str verdict, bool color, struct vg_buf *out)
{
	const char *sgr = vg_str_eqz(verdict, "flagged")  ? VG_SGR_MARK
			  : vg_str_eqz(verdict, "review") ? VG_SGR_YELLOW
							  : VG_SGR_GREEN;

	vg_buf_addz(out, vg_sgr(color, sgr));
	vg_escape_terminal(out, verdict);
	vg_buf_addz(out, vg_sgr(color, VG_SGR_RESET));
}

static size_t offset_of(const struct vg_json *object, const char *key)
{
	const struct vg_json *value = vg_json_get(object, key);
	int64_t n;

	return value && vg_json_to_i64(value, &n) && n >= 0 ? (size_t)n : SIZE_MAX;
}

static void add_member(struct vg_buf *out, const char *before,
    const struct vg_json *object, const char *key)
{
	struct vg_str s = vg_json_get_str(object, key);

	if (!s.ptr || s.len == 0)
		return;
	vg_buf_addz(out, before);
	vg_escape_terminal_cut(out, s, 160);
}

static void print_reason(const struct vg_json *why,
    const struct vg_evidence_style *style, struct vg_buf *out)
{
	double weight = 0;
	const struct vg_json *w = vg_json_get(why, "weight");

	if (w)
		(void)vg_json_to_double(w, &weight);
	vg_buf_addf(out, "    %s%5.2f%s  ",
	    vg_sgr(style->color, weight < 0 ? VG_SGR_GREEN : VG_SGR_RED), weight,
	    vg_sgr(style->color, VG_SGR_RESET));
	vg_evidence_quote(style, vg_json_get_str(why, "quote"), offset_of(why, "start"),
	    offset_of(why, "end"), out);
	vg_buf_addz(out, "\n           ");
	add_member(out, "", why, "rule");
	add_member(out, ", in ", why, "where");
	if (offset_of(why, "start") != SIZE_MAX)
		vg_buf_addf(out, ", bytes %zu-%zu", offset_of(why, "start"),
		    offset_of(why, "end"));
	vg_buf_addc(out, '\n');
}

static void print_claims(const struct vg_json *claims,
    const struct vg_evidence_style *style, struct vg_buf *out)
{
	for (const struct vg_json *c = claims ? claims->first : NULL; c; c = c->next) {
		const struct vg_json *why = vg_json_get(c, "why");

		vg_buf_addz(out, "\n  ");
		vg_buf_addz(out, vg_sgr(style->color, VG_SGR_BOLD));
		add_member(out, "", c, "severity");
		add_member(out, " ", c, "family");
		add_member(out, " ", c, "subkind");
		vg_buf_addz(out, vg_sgr(style->color, VG_SGR_RESET));
		add_member(out, ", confidence ", c, "confidence");
		vg_buf_addc(out, '\n');
		for (why = why ? why->first : NULL; why; why = why->next)
			print_reason(why, style, out);
	}
}

static void print_offers(const struct vg_json *offers, struct vg_buf *out)
{
	if (offers && offers->count > 0)
		vg_buf_addz(out, "\n  Offers\n");
	for (const struct vg_json *o = offers ? offers->first : NULL; o; o = o->next) {
		vg_buf_addz(out, "    ");
		add_member(out, "", o, "title");
		add_member(out, "  [", o, "substance");
		add_member(out, " ", o, "strength");
		add_member(out, " x ", o, "quantity");
		if (vg_json_get_str(o, "substance").len > 0)
			vg_buf_addc(out, ']');
		add_member(out, "  ", o, "price");
		add_member(out, " ", o, "currency");
		vg_buf_addc(out, '\n');
	}
}

#define ENTITIES_SHOWN 1000u

static void print_entities(const struct vg_json *entities, struct vg_buf *out)
{
	size_t n = 0;

	if (entities && entities->count > 0)
		vg_buf_addz(out, "\n  Entities\n");

	for (const struct vg_json *e = entities ? entities->first : NULL;
	     e && n++ < ENTITIES_SHOWN; e = e->next) {
		const struct vg_json *seen = entities->first;

		/* Each once, however often the page repeats it. */
		while (seen != e && !(vg_str_eq(vg_json_get_str(seen, "kind"),
					  vg_json_get_str(e, "kind")) &&
					vg_str_eq(vg_json_get_str(seen, "value"),
					    vg_json_get_str(e, "value"))))
			seen = seen->next;
		if (seen != e)
			continue;
		vg_buf_addz(out, "    ");
		add_member(out, "", e, "kind");
		add_member(out, "  ", e, "value");
		vg_buf_addc(out, '\n');
	}
}

void vg_evidence_print(const struct vg_json *result,
    const struct vg_evidence_style *style, struct vg_buf *out)
{
	print_claims(vg_json_get(result, "claims"), style, out);
	print_offers(vg_json_get(result, "offers"), out);
	print_entities(vg_json_get(result, "entities"), out);
}
