/* SPDX-License-Identifier: MIT */
/* Operands that come from a file. */
#include "config.h"

#include "cli/operands.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/vec.h"

#define MAX_LISTS ((size_t)64 << 20) /* bytes of all lists */

static bool add_word(struct vg_vec *words, char *word)
{
	char **slot = vg_vec_push(words);

	if (slot)
		*slot = word;
	return slot != NULL;
}

/* Cuts `text` into lines in place. */
static bool add_lines(struct vg_vec *words, char *text, size_t len)
{
	const char end = memchr(text, '\0', len) ? '\0' : '\n';
	char *next;

	for (char *line = text; line < text + len; line = next) {
		next = memchr(line, end, (size_t)(text + len - line));
		if (!next)
			next = text + len;
		*next++ = '\0';
		while (*line && vg_is_space(*line))
			line++;
		for (size_t n = strlen(line); n > 0 && vg_is_space(line[n - 1]); n--)
			line[n - 1] = '\0';
		if (*line && *line != '#' && !add_word(words, line))
			return false;
	}
	return true;
}

static enum vg_status add_list(
    struct vg_cli *cli, struct vg_vec *words, const char *path, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(MAX_LISTS);
	enum vg_status st = vg_read_file(path, &text, err);
	size_t len = text.len;
	char **kept;

	if (st == VG_OK) {
		vg_buf_addc(&text, '\0');
		st = vg_buf_status(&text, err);
	}
	kept = st == VG_OK ? vg_vec_push(&cli->lists) : NULL;
	if (kept) {
		*kept = vg_buf_take(&text, NULL);
		if (!add_lines(words, *kept, len))
			kept = NULL;
	}
	if (st == VG_OK && !kept)
		st = vg_fail(err, VG_E_NOMEM, "out of memory");
	vg_buf_release(&text);
	return st;
}

enum vg_status vg_operands_expand(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_vec words = VG_VEC_INIT(char *, SIZE_MAX / sizeof(char *), NULL);
	enum vg_status st = VG_OK;
	char **kept;
	bool any = false;

	for (int i = 0; i < cli->operand_count; i++)
		any |= cli->operands[i][0] == '@';
	if (!any || cli->cmd->max_operands != -1)
		return VG_OK;
	cli->lists = VG_VEC_INIT(char *, SIZE_MAX / sizeof(char *), NULL);
	for (int i = 0; st == VG_OK && i < cli->operand_count; i++) {
		char *word = cli->operands[i];

		if (word[0] == '@')
			st = add_list(cli, &words, word + 1, err);
		else if (!add_word(&words, word))
			st = vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	if (st == VG_OK && words.len == 0)
		st = vg_cli_usage(cli, err, "%s: the list is empty", cli->path);
	kept = st == VG_OK ? vg_vec_push(&cli->lists) : NULL;
	if (!kept) {
		vg_vec_release(&words);
		return st != VG_OK ? st : vg_fail(err, VG_E_NOMEM, "out of memory");
	}
	*kept = words.items;
	cli->operands = words.items;
	cli->operand_count = (int)words.len;
	return VG_OK;
}
