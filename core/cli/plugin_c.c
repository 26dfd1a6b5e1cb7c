/* SPDX-License-Identifier: MIT */
/* The C source that `vigia plugin new --c` writes. */
#include "config.h"

#include "cli/plugin.h"

#include <ctype.h>
#include <string.h>

static const char includes[] =
    "#include <string.h>\n#include <vigia/plugin.h>\n\n#define ITEM ";

static const char head[] = "\n\n"
			   "/* Selectors are tried in turn; the second word is an "
			   "attribute, NULL the text. */\n"
			   "static const struct {\n\tuint32_t key;\n\tconst char *css, "
			   "*attr;\n} fields[] = {\n";

static const char body[] =
    "};\n\n"
    "/* \"$1,299.50\" as 1299.50; a comma before two last figures is a point. */\n"
    "static void price(struct vigia_str *s, char out[32])\n"
    "{\n"
    "\tsize_t len = 0;\n\n"
    "\tfor (size_t i = 0; i < s->len && len < 30; i++) {\n"
    "\t\tchar c = s->ptr[i];\n\n"
    "\t\tif (c >= '0' && c <= '9')\n\t\t\tout[len++] = c;\n"
    "\t\telse if (len > 0 && (c == '.' || c == ',') && s->len - i == 3)\n"
    "\t\t\tout[len++] = '.';\n"
    "\t}\n"
    "\t*s = (struct vigia_str){out, len};\n"
    "}\n\n"
    "static int32_t value(const struct vigia_host_api *api, struct vigia_call *call,\n"
    "    const struct vigia_node *item, size_t i, struct vigia_value *ret)\n"
    "{\n"
    "\tstruct vigia_nodes found;\n"
    "\tint32_t st = api->select(call, item, VIGIA_CSS, fields[i].css, &found);\n\n"
    "\tif (st != VIGIA_OK || found.count == 0)\n"
    "\t\treturn st != VIGIA_OK ? st : VIGIA_E_NOT_FOUND;\n"
    "\tif (fields[i].attr != NULL)\n"
    "\t\treturn api->attr(call, found.items[0], fields[i].attr, ret);\n"
    "\treturn api->text(call, found.items[0], ret);\n"
    "}\n\n"
    "static int32_t read_item(const struct vigia_host_api *api, struct vigia_call "
    "*call,\n"
    "    const struct vigia_node *item)\n"
    "{\n"
    "\tstruct vigia_field set[sizeof(fields) / sizeof(fields[0])];\n"
    "\tstruct vigia_record r = {.struct_size = sizeof(r), .kind = VIGIA_KIND_PRODUCT,\n"
    "\t    .node = item, .fields = set};\n"
    "\tchar amount[32];\n\n"
    "\tfor (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {\n"
    "\t\tstruct vigia_field f = {.key = fields[i].key};\n"
    "\t\tint32_t st = value(api, call, item, i, &f.value);\n\n"
    "\t\tif (st == VIGIA_E_NOT_FOUND)\n\t\t\tcontinue;\n"
    "\t\tif (st != VIGIA_OK)\n\t\t\treturn st;\n"
    "\t\tif (f.key == VIGIA_PRICE)\n\t\t\tprice(&f.value.text, amount);\n"
    "\t\tset[r.field_count++] = f;\n"
    "\t}\n"
    "\treturn r.field_count > 0 ? api->emit_record(call, &r) : VIGIA_OK;\n"
    "}\n\n"
    "static int32_t parse(const struct vigia_host_api *api, struct vigia_call *call,\n"
    "    void *self, const struct vigia_page *page)\n"
    "{\n"
    "\tstruct vigia_nodes items;\n"
    "\tint32_t st = api->select(call, NULL, VIGIA_CSS, ITEM, &items);\n\n"
    "\t(void)self, (void)page;\n"
    "\tfor (size_t i = 0; st == VIGIA_OK && i < items.count; i++)\n"
    "\t\tst = read_item(api, call, items.items[i]);\n"
    "\treturn st != VIGIA_OK ? st : items.count == 0 ? VIGIA_PASS : VIGIA_OK;\n"
    "}\n\n";

/* A C string; selectors are short and printable, so only quotes and backslashes matter. */
static void add_string(struct vg_buf *out, struct vg_str s)
{
	vg_buf_addc(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"' || s.ptr[i] == '\\')
			vg_buf_addc(out, '\\');
		vg_buf_addc(out, s.ptr[i]);
	}
	vg_buf_addc(out, '"');
}

static void add_field(struct vg_buf *out, const char *key, struct vg_str value)
{
	size_t at = value.len;

	while (at > 0 && value.ptr[at - 1] != '@')
		at--;
	vg_buf_addz(out, "\t{VIGIA_");
	for (const char *p = key; *p; p++)
		vg_buf_addc(out, (char)toupper((unsigned char)*p));
	vg_buf_addz(out, ", ");
	add_string(out, vg_str_trim(vg_str_sub(value, 0, at > 0 ? at - 1 : value.len)));
	vg_buf_addz(out, ", ");
	if (at > 0)
		add_string(out, vg_str_sub(value, at, value.len));
	else
		vg_buf_addz(out, "NULL");
	vg_buf_addz(out, "},\n");
}

void vg_plugin_write_c(const char *name, const struct vg_json *guess,
    struct vg_str host, struct vg_buf *out)
{
	static const char *const keys[] = {"title", "price", "phone", "url"};
	const struct vg_json *s = vg_json_get(guess, "selectors");
	struct vg_str item = vg_json_get_str(s, "item");

	vg_buf_addf(out, "/* Listings of %.*s. */\n", VG_STR_ARG(host));
	vg_buf_addz(out, includes);
	add_string(out, item.len > 0 ? item : VG_STR("body"));
	vg_buf_addz(out, head);
	if (vg_json_get_str(s, "title").len == 0)
		add_field(out, "title", VG_STR("h1"));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct vg_str value = vg_json_get_str(s, keys[i]);

		if (value.len > 0 && !vg_str_starts(value, VG_STR("meta:")) &&
		    value.ptr[0] != '@')
			add_field(out, keys[i], value);
	}
	vg_buf_addz(out, body);
	vg_buf_addz(out, "static const struct vigia_match matches[] = {{.host = ");
	add_string(out, host);
	vg_buf_addf(out,
	    ", .priority = 100}};\nstatic const struct vigia_plugin plugin = {\n"
	    "    .magic = VIGIA_PLUGIN_MAGIC, .struct_size = sizeof(plugin),\n"
	    "    .abi_major = VIGIA_ABI_MAJOR, .caps_required = VIGIA_CAP_TREE,\n"
	    "    .name = \"%s\", .version = \"1.0\", .license = \"MIT\",\n"
	    "    .summary = \"listings of %.*s\",\n"
	    "    .matches = matches, .match_count = 1, .parse = parse,\n};\n\n"
	    "const struct vigia_plugin *vigia_plugin_v1(void)\n{\n\treturn "
	    "&plugin;\n}\n",
	    name, VG_STR_ARG(host));
}
