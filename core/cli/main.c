/* SPDX-License-Identifier: MIT */
/* The vigia command: reads the command line, opens what the command needs, runs it. */
#include "config.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/worker.h"
#include "base/escape.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/operands.h"
#include "cli/terminal.h"

/* "vigia: cause: detail", then "hint: command"; nothing when the reader of our output left. */
static void report(const struct vg_cli *cli, const struct vg_error *err)
{
	struct vg_buf line = VG_BUF_INIT(8192);

	if (err->msg[0] == '\0')
		return;
	vg_escape_terminal(&line, vg_str(err->msg));
	(void)fprintf(stderr, "%svigia:%s %s\n", vg_sgr(cli->color_err, VG_SGR_RED),
	    vg_sgr(cli->color_err, VG_SGR_RESET), vg_buf_cstr(&line));
	if (cli->hint[0]) {
		vg_buf_clear(&line);
		vg_escape_terminal(&line, vg_str(cli->hint));
		(void)fprintf(stderr, "hint: %s\n", vg_buf_cstr(&line));
	}
	vg_buf_release(&line);
}

/* The command word: a row of `table`, or an error with the nearest name as hint. */
static enum vg_status choose(struct vg_cli *cli, const struct vg_cmd *const *table,
    const char *word, char path[64], struct vg_error *err)
{
	const char *near = vg_help_nearest(table, word);
	bool sub = cli->cmd != NULL;

	for (; *table; table++) {
		if (strcmp((*table)->name, word) != 0)
			continue;
		cli->cmd = *table;
		(void)snprintf(path + strlen(path), 64 - strlen(path), "%s%s",
		    sub ? " " : "", word);
		return VG_OK;
	}
	if (near)
		vg_cli_hint(cli, "vigia %s%s%s", path, sub ? " " : "", near);
	else
		vg_cli_hint(cli, sub ? "vigia %s --help" : "vigia --help", path);
	return vg_cli_usage(
	    cli, err, "unknown command: %s%s%s", path, sub ? " " : "", word);
}

/* Operands are moved to the front of argv; options may stand anywhere before "--". */
static enum vg_status parse(
    struct vg_cli *cli, int argc, char **argv, char path[64], struct vg_error *err)
{
	const struct vg_cmd *const *table = vg_commands;
	bool options_end = false;
	char near[256] = "";

	cli->operands = argv;
	for (int i = 0; i < argc;) {
		char *word = argv[i];

		if (!options_end && strcmp(word, "--") == 0) {
			options_end = true;
			i++;
		} else if (!options_end && word[0] == '-' && word[1]) {
			const struct vg_option *tables[VG_OPTION_TABLES];
			enum vg_status st;

			vg_cmd_tables(cli->cmd, tables);
			st = vg_option_parse(
			    tables, argc, argv, &i, &cli->options, near, err);

			if (st != VG_OK) {
				vg_cli_hint(cli,
				    near[0] ? "vigia %s%s%s" : "vigia %s%s--help", path,
				    *path ? " " : "", near);
				cli->exit_code = VG_EXIT_USAGE;
				return st;
			}
		} else if (table) {
			enum vg_status st = choose(cli, table, word, path, err);

			if (st != VG_OK)
				return st;
			table = cli->cmd->commands;
			i++;
		} else {
			argv[cli->operand_count++] = word;
			i++;
		}
	}
	return VG_OK;
}

static bool given_as(int argc, char **argv, const char *word)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], word) == 0)
			return true;
	return false;
}

static enum vg_status print_help(
    struct vg_cli *cli, const char *path, bool full, struct vg_error *err)
{
	struct vg_buf out = VG_BUF_INIT(1 << 20);

	vg_help_print(&out, cli->cmd, path, full);
	return vg_cli_print(cli, &out, full, err);
}

/* --json=?: the names, one a line; --json=a,b: each must be one of them. */
static enum vg_status check_json(
    struct vg_cli *cli, bool *ret_done, struct vg_error *err)
{
	const char *known = cli->cmd->json_fields;
	struct vg_str rest = vg_str(cli->json_fields), field;

	if (!cli->json_fields)
		return VG_OK;
	if (!known)
		return vg_cli_usage(cli, err, "--json takes no fields here");
	if (strcmp(cli->json_fields, "?") == 0) {
		for (rest = vg_str(known); vg_str_split(&rest, ' ', &field);)
			printf("%.*s\n", VG_STR_ARG(field));
		*ret_done = true;
		return VG_OK;
	}
	while (vg_str_split(&rest, ',', &field)) {
		struct vg_str names = vg_str(known), name = {0};

		while (vg_str_split(&names, ' ', &name) && !vg_str_eq(name, field))
			name.len = 0;
		if (field.len == 0 || !vg_str_eq(name, field)) {
			vg_cli_hint(cli, "vigia %s --json=?", cli->path);
			return vg_cli_usage(
			    cli, err, "--json: no field '%.*s'", VG_STR_ARG(field));
		}
	}
	return VG_OK;
}

static enum vg_status check_operands(struct vg_cli *cli, struct vg_error *err)
{
	const struct vg_cmd *cmd = cli->cmd;

	if (cmd->max_operands >= 0 && cli->operand_count > cmd->max_operands) {
		vg_cli_hint(cli, "vigia %s --help", cli->path);
		return vg_cli_usage(cli, err, "%s: too many arguments: %s", cli->path,
		    cli->operands[cmd->max_operands]);
	}
	if (cli->operand_count < cmd->min_operands) {
		vg_cli_hint(cli, "vigia %s --help", cli->path);
		return vg_cli_usage(cli, err, "%s: missing argument: %s %s", cli->path,
		    cli->path, cmd->usage);
	}
	return VG_OK;
}

static void settle(struct vg_cli *cli)
{
	enum vg_color mode =
	    (enum vg_color)vg_option_num(&cli->options, "color", VG_COLOR_AUTO);

	for (size_t i = 0; i < cli->options.count; i++)
		cli->verbose +=
		    strcmp(cli->options.values[i].row->name, "verbose") == 0;
	cli->json = vg_option_is_set(&cli->options, "json");
	cli->json_fields = vg_option_str(&cli->options, "json", NULL);
	cli->quiet = vg_option_is_set(&cli->options, "quiet");
	cli->color = vg_terminal_color(STDOUT_FILENO, mode);
	cli->color_err = vg_terminal_color(STDERR_FILENO, mode);
	vg_log_setup(cli->quiet          ? VG_LOG_ERROR
		     : cli->verbose == 0 ? VG_LOG_WARN
		     : cli->verbose == 1 ? VG_LOG_INFO
					 : VG_LOG_DEBUG,
	    VG_LOG_TEXT);
}

static enum vg_status run(struct vg_cli *cli, struct vg_error *err)
{
	bool done = false;
	enum vg_status st = check_json(cli, &done, err);

	if (st != VG_OK || done)
		return st;
	st = vg_operands_expand(cli, err);
	if (st == VG_OK)
		st = check_operands(cli, err);
	if (st == VG_OK)
		st = vg_cli_open(cli, cli->cmd->flags, err);
	if (st == VG_OK)
		st = cli->cmd->run(cli, err);
	return st;
}

static enum vg_status start(
    struct vg_cli *cli, int argc, char **argv, struct vg_error *err)
{
	static char path[64];
	bool full = given_as(argc, argv, "--help");
	enum vg_status st = parse(cli, argc, argv, path, err);

	cli->path = path;
	settle(cli); /* what was read so far decides how an error is shown */
	if (st != VG_OK)
		return st;
	if (vg_option_is_set(&cli->options, "version"))
		return puts("vigia " PACKAGE_VERSION) < 0 ? VG_E_IO : VG_OK;
	if (vg_option_is_set(&cli->options, "help"))
		return print_help(cli, path, full, err);
	if (!cli->cmd || cli->cmd->commands) {
		vg_cli_hint(cli, "vigia %s%s--help", path, *path ? " " : "");
		return vg_cli_usage(
		    cli, err, "%s%smissing command", path, *path ? ": " : "");
	}
	return run(cli, err);
}

/*
 * A closed standard stream would be the next file opened: a database, a worker's socket. Puts something
 * there on which reading, or writing, fails.
 */
static bool hold_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) != -1)
			continue;
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct vg_cli cli = {.exit_code = 0};
	struct vg_error err = {.status = VG_OK};
	enum vg_status st, flushed;
	int code;

	if (!hold_standard_streams())
		return VG_EXIT_FAILURE;
	/* Page after page needs the same memory: giving it back and faulting it in costs more. */
	(void)mallopt(M_MMAP_THRESHOLD, 4 << 20);
	(void)mallopt(M_TRIM_THRESHOLD, 16 << 20);
	if (vg_worker_wanted(argc, argv))
		return vg_worker_main(argc, argv);
	/* A reader that goes away is an answer to a write (EPIPE), not the end of a crawl. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (isatty(STDOUT_FILENO) != 1)
		(void)setvbuf(stdout, NULL, _IOLBF, 0);
	st = start(&cli, argc > 0 ? argc - 1 : 0, argv + 1, &err);
	flushed = vg_stdout_flush(st == VG_OK ? &err : NULL);
	if (st == VG_OK)
		st = flushed;
	vg_pager_stop();
	code =
	    st == VG_OK || cli.exit_code != 0 ? cli.exit_code : (int)vg_exit_code(st);
	if (flushed != VG_OK)
		code = VG_EXIT_FAILURE;
	if (code == VG_EXIT_USAGE && !cli.hint[0])
		vg_cli_hint(&cli, "vigia %s%s--help", cli.path, *cli.path ? " " : "");
	if (st != VG_OK)
		report(&cli, &err);
	vg_cli_close(&cli);
	return code;
}
