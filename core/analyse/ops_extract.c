/* SPDX-License-Identifier: MIT */
/* The operations "extract.price", "extract.phone" and "extract.wallet": identifiers of a plain text. */
#include "config.h"

#include "analyse/ops.h"
#include "detect/phone.h"
#include "detect/price.h"
#include "detect/wallet.h"

#include <string.h>

static void write_span(struct vg_op_call *call, size_t start, size_t end)
{
	vg_jw_kint(call->out, "start", (int64_t)start);
	vg_jw_kint(call->out, "end", (int64_t)end);
}

static const char *or_null(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

enum vg_status vg_op_extract_price(struct vg_op_call *call)
{
	struct vg_price_options options = {
	    .currency_hint = vg_json_get_str(call->params, "currency_hint"),
	};
	struct vg_str separator = vg_json_get_str(call->params, "decimal_separator");
	const struct vg_price *prices;
	size_t count;
	enum vg_status st;

	/* A currency sign as separator ("35€99") is read without being told. */
	if (vg_str_eqz(separator, ".") || vg_str_eqz(separator, ","))
		options.decimal_separator = separator.ptr[0];
	st = vg_price_parse(
	    call->arena, call->content, &options, &prices, &count, call->err);
	if (st != VG_OK)
		return st;
	vg_jw_array(call->out);
	for (size_t i = 0; i < count; i++) {
		vg_jw_object(call->out);
		vg_jw_kstr(call->out, "amount", prices[i].amount);
		vg_jw_kstrz(call->out, "currency", or_null(prices[i].currency));
		vg_jw_kstr(call->out, "currency_text", prices[i].currency_text);
		write_span(call, prices[i].start, prices[i].end);
		vg_jw_end_object(call->out);
	}
	vg_jw_end_array(call->out);
	return VG_OK;
}

/* A region of two letters, upper case; "" when the parameter is absent. */
static enum vg_status read_region(struct vg_op_call *call, char ret[3])
{
	struct vg_str region = vg_json_get_str(call->params, "region");

	ret[0] = '\0';
	if (region.ptr == NULL)
		return VG_OK;
	if (region.len != 2 || !vg_is_alpha(region.ptr[0]) ||
	    !vg_is_alpha(region.ptr[1]))
		return vg_fail(
		    call->err, VG_E_INVALID, "region is not two letters (MX, US)");
	for (size_t i = 0; i < 2; i++)
		ret[i] = (char)(vg_lower(region.ptr[i]) - 'a' + 'A');
	ret[2] = '\0';
	return VG_OK;
}

enum vg_status vg_op_extract_phone(struct vg_op_call *call)
{
	const struct vg_phone *phones;
	char region[3];
	size_t count;
	enum vg_status st = read_region(call, region);

	if (st == VG_OK)
		st = vg_phones_find(
		    call->arena, call->content, region, &phones, &count, call->err);
	if (st != VG_OK)
		return st;
	vg_jw_array(call->out);
	for (size_t i = 0; i < count; i++) {
		const struct vg_phone *p = &phones[i];
		vg_jw_object(call->out);
		vg_jw_kstrz(call->out, "e164", p->e164);
		vg_jw_kstrz(call->out, "extension", or_null(p->extension));
		vg_jw_kstrz(call->out, "region", or_null(p->region));
		vg_jw_kstr(
		    call->out, "raw", vg_str_sub(call->content, p->start, p->end));
		write_span(call, p->start, p->end);
		vg_jw_end_object(call->out);
	}
	vg_jw_end_array(call->out);
	return VG_OK;
}

enum vg_status vg_op_extract_wallet(struct vg_op_call *call)
{
	const struct vg_wallet *wallets;
	size_t count;
	enum vg_status st =
	    vg_wallets_find(call->arena, call->content, &wallets, &count, call->err);

	if (st != VG_OK)
		return st;
	vg_jw_array(call->out);
	for (size_t i = 0; i < count; i++) {
		const struct vg_wallet *w = &wallets[i];
		vg_jw_object(call->out);
		vg_jw_kstrz(call->out, "kind", w->kind);
		vg_jw_kstr(call->out, "value", w->value);
		if (w->network != NULL) {
			vg_jw_kstrz(call->out, "network", w->network);
			vg_jw_kstrz(call->out, "form", w->form);
		}
		if (w->witness_version >= 0) {
			vg_jw_kint(call->out, "witness_version", w->witness_version);
			vg_jw_kstr(call->out, "program", w->program);
		}
		vg_jw_kstr(
		    call->out, "raw", vg_str_sub(call->content, w->start, w->end));
		write_span(call, w->start, w->end);
		vg_jw_end_object(call->out);
	}
	vg_jw_end_array(call->out);
	return VG_OK;
}
