/* SPDX-License-Identifier: MIT */
/* A commented configuration file, written from the table of keys. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "conf/keys.h"
#include "conf/value.h"

const char *vg_conf_nearest_key(const char *word)
{
	const struct vg_key *near = NULL;
	size_t best = SIZE_MAX;
	struct vg_str name = vg_str(word);
	size_t dot = vg_str_chr(name, '.', 0);

	if (dot != SIZE_MAX)
		name = vg_str_sub(name, dot + 1, name.len);
	for (const struct vg_key *key = vg_keys; key->name; key++)
		if (vg_word_nearer(name, key->name, &best))
			near = key;
	return near ? near->name : NULL;
}

static void add_help(struct vg_buf *out, const struct vg_key *key)
{
	vg_buf_addf(out, "# %s\n", key->help);
	if (key->type == VG_KEY_ENUM)
		vg_buf_addf(out, "# %s\n", key->words);
}

static void add_key(
    struct vg_buf *out, const struct vg_key *key, const char *contact, bool off)
{
	bool is_contact = key->type == VG_KEY_CONTACT;
	const char *value = is_contact && contact ? contact : key->otherwise;
	/* A list has no default worth a line; an empty contact is a question to the operator. */
	bool hidden = off ? !(is_contact && contact) : value[0] == '\0';

	add_help(out, key);
	vg_buf_addf(out, "%s%s =%s%s\n\n", hidden ? "#" : "", key->name,
	    value[0] ? " " : "", value);
}

static const char head[] = "# Configuration of a vigia case. '#' and ';' start a "
			   "comment at the start of a line;\n"
			   "# a value goes on over indented lines. 'vigia config "
			   "explain' says where each value\n"
			   "# comes from: command line, VIGIA_SECTION_KEY, this file, "
			   "your own file, default.\n"
			   "# Times: 250ms 5s 1h30m 2d. Sizes: 512K 8M.\n";

static const char site[] =
    "# One section for each site. What it leaves out is taken from [crawl].\n"
    "#[site NAME]\n";

void vg_conf_write_template(struct vg_buf *out, const char *contact, bool keys_off)
{
	const char *section = "";

	vg_buf_addz(out, head);
	for (const struct vg_key *key = vg_keys; key->name; key++) {
		bool of_site = strcmp(key->section, "site") == 0;

		if (strcmp(section, key->section) != 0) {
			section = key->section;
			if (of_site)
				vg_buf_addf(out, "\n%s", site);
			else
				vg_buf_addf(out, "\n[%s]\n", section);
		}
		if (of_site && key->flags & VG_KEY_INHERIT)
			vg_buf_addf(out, "#%s =\n", key->name);
		else
			add_key(out, key, contact, keys_off || of_site);
	}
}
