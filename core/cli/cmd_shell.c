/* SPDX-License-Identifier: MIT */
/* vigia shell: tries selectors, plugins and detection on one page. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/limits.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/evidence.h"
#include "cli/plugin.h"
#include "cli/request.h"
#include "cli/terminal.h"

#define CONTEXT 40u     /* bytes of the page on each side of a match */
#define SHOWN_TEXT 200u /* bytes of a match */

static const struct vg_option options[] = {
    {.name = "url",
	.kind = VG_OPT_STR,
	.arg = "URL",
	.help = "the address the page came from"},
    {.name = "lexicon",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folder of the detection tables"},
    {.name = "plugins",
	.kind = VG_OPT_STR,
	.arg = "DIR",
	.help = "folders of the site plugins, divided by ':'"},
    {.name = NULL}};

struct shell {
	struct vg_cli *cli;
	struct vg_ask *ask;
	struct vg_buf page, answer, out;
	bool terminal;
};

static const char help[] =
    "css SELECTOR    xpath EXPRESSION    json PATH    regex PATTERN\n"
    "plugin [NAME]   what a plugin reads here (default: the one the page belongs to)\n"
    "scan            what detection says\n"
    "text            what a reader sees\n"
    "quit\n";

static void add_cut(struct vg_buf *out, struct vg_str s, size_t max)
{
	vg_escape_terminal(out, vg_str_sub(s, 0, max));
	if (s.len > max)
		vg_buf_addz(out, " ...");
}

/* The bytes around the match, the match itself marked. */
static void add_context(struct shell *s, size_t start, size_t end)
{
	struct vg_str page = vg_buf_str(&s->page);
	size_t from = start > CONTEXT ? start - CONTEXT : 0;

	if (end > page.len || start > end)
		return;
	vg_buf_addz(&s->out, "      ");
	vg_escape_terminal(&s->out, vg_str_sub(page, from, start));
	vg_buf_addz(&s->out, vg_sgr(s->cli->color, VG_SGR_MARK));
	add_cut(&s->out, vg_str_sub(page, start, end), SHOWN_TEXT);
	vg_buf_addz(&s->out, vg_sgr(s->cli->color, VG_SGR_RESET));
	vg_escape_terminal(&s->out, vg_str_sub(page, end, end + CONTEXT));
	vg_buf_addc(&s->out, '\n');
}

static void show_nodes(struct shell *s, const struct vg_json *result)
{
	const struct vg_json *nodes = vg_json_get(result, "nodes");
	size_t i = 0;

	for (const struct vg_json *n = nodes ? nodes->first : NULL; n; n = n->next) {
		struct vg_str start = vg_json_get_str(n, "start"),
			      end = vg_json_get_str(n, "end");
		uint64_t from, to;

		vg_buf_addf(&s->out, "%4zu  ", ++i);
		add_cut(&s->out, vg_json_get_str(n, "text"), SHOWN_TEXT);
		vg_buf_addc(&s->out, '\n');
		if (vg_str_to_u64(start, &from) && vg_str_to_u64(end, &to))
			add_context(s, (size_t)from, (size_t)to);
	}
	vg_buf_addz(&s->out, "found ");
	vg_buf_adds(&s->out, vg_json_get_str(result, "count"));
	vg_buf_addc(&s->out, '\n');
}

static void show_text(struct shell *s, const struct vg_json *result)
{
	vg_escape_lines(&s->out, vg_json_get_str(result, "text"));
	vg_buf_addc(&s->out, '\n');
}

static void show_plugin(struct shell *s, const struct vg_json *result)
{
	vg_plugin_print(result, &s->out);
}

static void show_scan(struct shell *s, const struct vg_json *result)
{
	struct vg_evidence_style style = {
	    .color = s->cli->color, .document = vg_buf_str(&s->page)};

	vg_evidence_verdict(vg_json_get_str(result, "verdict"), s->cli->color, &s->out);
	vg_buf_addc(&s->out, '\n');
	vg_evidence_print(result, &style, &s->out);
}

static void write_params(
    struct shell *s, struct vg_str word, struct vg_str rest, struct vg_buf *out)
{
	struct vg_json_writer w = vg_json_writer(out);

	vg_jw_object(&w);
	vg_jw_kstrz(&w, "url", vg_option_str(&s->cli->options, "url", ""));
	vg_jw_kstr(&w, "language", word);
	vg_jw_kstr(&w, "expression", rest);
	vg_jw_kstr(&w, "plugin", rest.len > 0 ? rest : VG_STR("auto"));
	vg_jw_end_object(&w);
}

static const struct {
	const char *word, *op;
	bool rest; /* wants an expression */
	void (*show)(struct shell *s, const struct vg_json *result);
} words[] = {
    {"css", "plugin.select", true, show_nodes},
    {"xpath", "plugin.select", true, show_nodes},
    {"json", "plugin.select", true, show_nodes},
    {"regex", "plugin.select", true, show_nodes},
    {"plugin", "plugin.run", false, show_plugin},
    {"scan", "scan", false, show_scan},
    {"text", "html.text", false, show_text},
};

static enum vg_status perform(struct shell *s, size_t i, struct vg_str word,
    struct vg_str rest, struct vg_error *err)
{
	struct vg_buf params = VG_BUF_INIT(1u << 17);
	struct vg_arena *arena = vg_arena_new((size_t)VG_MAX_FRAME * 4);
	struct vg_json *result = NULL;
	enum vg_status st = VG_E_NOMEM;

	write_params(s, word, rest, &params);
	if (arena)
		st = vg_ask(s->ask, words[i].op, vg_buf_str(&params),
		    vg_buf_str(&s->page), &s->answer, err);
	if (st == VG_OK)
		st = vg_json_parse(arena, vg_buf_str(&s->answer), 0, &result, err);
	if (st == VG_OK)
		words[i].show(s, result);
	vg_arena_free(arena);
	vg_buf_release(&params);
	return st;
}

/* A wrong line is told and forgotten; without a terminal it counts. */
static void take_line(struct shell *s, struct vg_str line)
{
	size_t blank = vg_str_chr(line, ' ', 0);
	struct vg_str word = vg_str_sub(line, 0, blank);
	struct vg_str rest = vg_str_trim(vg_str_sub(line, word.len, line.len));
	struct vg_error err = {0};
	enum vg_status st = VG_E_INVALID;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!vg_str_eqz(word, words[i].word))
			continue;
		if (words[i].rest && rest.len == 0)
			(void)vg_fail(
			    &err, st, "%s wants an expression", words[i].word);
		else
			st = perform(s, i, word, rest, &err);
		vg_stdout_add(&s->out);
		vg_buf_clear(&s->out);
		if (st != VG_OK)
			vg_cli_notice(s->cli, "%s", err.msg);
		break;
	}
	if (vg_str_eqz(word, "help")) {
		(void)fputs(help, stdout);
		st = VG_OK;
	} else if (st != VG_OK && !err.msg[0]) {
		vg_cli_notice(s->cli, "no such word; type help");
	}
	if (st != VG_OK && !s->terminal)
		s->cli->exit_code = VG_EXIT_NEGATIVE;
}

static void read_lines(struct shell *s)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	for (;;) {
		struct vg_str text;

		if (s->terminal)
			(void)fputs("vigia> ", stdout);
		(void)fflush(stdout);
		len = getline(&line, &size, stdin);
		if (len < 0)
			break;
		text = vg_str_trim((struct vg_str){line, (size_t)len});
		if (vg_str_eqz(text, "quit") || vg_str_eqz(text, "exit"))
			break;
		if (text.len > 0 && text.ptr[0] != '#')
			take_line(s, text);
	}
	free(line);
}

static enum vg_status run(struct vg_cli *cli, struct vg_error *err)
{
	struct shell s = {.cli = cli,
	    .page = VG_BUF_INIT(VG_MAX_BODY),
	    .answer = VG_BUF_INIT(VG_MAX_FRAME),
	    .out = VG_BUF_INIT(VG_MAX_FRAME),
	    .terminal = isatty(STDIN_FILENO)};
	enum vg_status st = vg_request_file(cli->operands[0], false, &s.page, err);

	if (st == VG_OK)
		st = vg_ask_open(cli, NULL, NULL, 0, &s.ask, err);
	if (st == VG_OK)
		read_lines(&s);
	vg_ask_close(s.ask);
	vg_buf_release(&s.page);
	vg_buf_release(&s.answer);
	vg_buf_release(&s.out);
	return st;
}

const struct vg_cmd vg_cmd_shell = {
    .name = "shell",
    .summary = "try selectors, plugins and detection on a saved page",
    .usage = "[--url URL] FILE",
    .about =
	"Reads words from standard input: css, xpath, json, regex, plugin, scan, text, "
	"help, quit. Matches are shown with the bytes around them. The page is opened "
	"only in the sandboxed worker.",
    .examples = "  vigia shell page.html\n"
		"  echo 'css h2 a' | vigia shell page.html\n",
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
