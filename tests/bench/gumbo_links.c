/* SPDX-License-Identifier: MIT */
/* What addresses gumbo, which parses as HTML5 says, finds in DIR/N.html: lines "N address". Built by stages.sh. */
#include <ctype.h>
#include <gumbo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void walk(const GumboNode *node, unsigned page)
{
	const GumboVector *children;

	if (node->type == GUMBO_NODE_DOCUMENT) {
		children = &node->v.document.children;
	} else if (node->type == GUMBO_NODE_ELEMENT ||
		   node->type == GUMBO_NODE_TEMPLATE) {
		const GumboAttribute *href =
		    gumbo_get_attribute(&node->v.element.attributes, "href");

		children = &node->v.element.children;
		if (node->v.element.tag == GUMBO_TAG_A && href != NULL) {
			const char *at = href->value;
			size_t len;

			while (isspace((unsigned char)*at))
				at++;
			len = strlen(at);
			while (len > 0 && isspace((unsigned char)at[len - 1]))
				len--;
			printf("%u %.*s\n", page, (int)len, at);
		}
	} else {
		return;
	}
	for (unsigned i = 0; i < children->length; i++)
		walk(children->data[i], page);
}

int main(int argc, char **argv)
{
	static char html[1 << 22];
	char path[4096];

	for (unsigned page = 0; argc == 2; page++) {
		GumboOutput *out;
		FILE *file;
		size_t len;

		(void)snprintf(path, sizeof(path), "%s/%u.html", argv[1], page);
		file = fopen(path, "rb");
		if (file == NULL)
			return page == 0;
		len = fread(html, 1, sizeof(html), file);
		(void)fclose(file);
		out = gumbo_parse_with_options(&kGumboDefaultOptions, html, len);
		walk(out->document, page);
		gumbo_destroy_output(&kGumboDefaultOptions, out);
	}
	return 2;
}
