/* SPDX-License-Identifier: MIT */
/* vigia extract price|phone|wallet: what a text says, in canonical form, with offsets. */
#include "config.h"

#include "base/escape.h"
#include "cli/commands.h"
#include "cli/content.h"

static const struct vg_option price_options[] = {
    {.name = "currency-hint",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "TEXT",
	.help = "a currency code or symbol that stands elsewhere"},
    {.name = "decimal-separator",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST,
	.arg = "CHAR",
	.help = "the decimal separator, '.' or ',', where it is known"},
    {.name = NULL}};

static const struct vg_option phone_options[] = {
    {.name = "region",
	.kind = VG_OPT_STR,
	.flags = VG_OPT_REQUEST | VG_OPT_REQUIRED,
	.arg = "CC",
	.help = "the country whose national numbers to read, as MX"},
    {.name = NULL}};

/* One row each: the canonical value, then what stood there. */
static void print_rows(const struct vg_json *result, const char *key,
    const char *second, const char *raw, struct vg_buf *out)
{
	for (const struct vg_json *row = result->first; row; row = row->next) {
		vg_escape_terminal(out, vg_json_get_str(row, key));
		vg_buf_addc(out, '\t');
		vg_escape_terminal(out, vg_json_get_str(row, second));
		vg_buf_addc(out, '\t');
		vg_escape_terminal(out, vg_json_get_str(row, raw));
		vg_buf_addc(out, '\n');
	}
}

static void print_price(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	(void)cli;
	(void)content;
	print_rows(result, "amount", "currency", "currency_text", out);
}

static void print_phone(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	(void)cli;
	(void)content;
	print_rows(result, "e164", "region", "raw", out);
}

static void print_wallet(struct vg_cli *cli, const struct vg_json *result,
    struct vg_str content, struct vg_buf *out)
{
	(void)cli;
	(void)content;
	print_rows(result, "kind", "value", "raw", out);
}

static const struct vg_cmd cmd_price = {
    .name = "price",
    .summary = "find prices: amount, currency, what stood there",
    .usage = "[--currency-hint TEXT] TEXT | --batch",
    .options = price_options,
    .content =
	&(const struct vg_content_row){
	    .op = "extract.price", .text = true, .print = print_price},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd cmd_phone = {
    .name = "phone",
    .summary = "find telephone numbers: E.164, country, what stood there",
    .usage = "--region CC TEXT | --batch",
    .options = phone_options,
    .content =
	&(const struct vg_content_row){
	    .op = "extract.phone", .text = true, .print = print_phone},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd cmd_wallet = {
    .name = "wallet",
    .summary = "find wallets and bank accounts whose check digits hold",
    .usage = "TEXT | --batch",
    .content =
	&(const struct vg_content_row){
	    .op = "extract.wallet", .text = true, .print = print_wallet},
    .max_operands = 1,
    .run = vg_content_run,
};

static const struct vg_cmd *const commands[] = {
    &cmd_phone, &cmd_price, &cmd_wallet, NULL};

const struct vg_cmd vg_cmd_extract = {
    .name = "extract",
    .summary = "read prices, telephone numbers or wallets out of a text",
    .commands = commands,
};
