/* SPDX-License-Identifier: MIT */
/*
 * Commands as rows: core/cli/cmd_<name>.c defines one `const struct vg_cmd` and nothing else that is
 * visible. main() parses, opens what the row's flags ask for, runs, and maps the outcome to an exit code.
 */
#ifndef VG_CLI_COMMAND_H
#define VG_CLI_COMMAND_H

#include "base/buf.h"
#include "base/vec.h"
#include "cli/options.h"

struct vg_content_row; /* cli/content.h */
struct vg_conf;        /* conf/conf.h */
struct vg_store;       /* store/store.h */

/* Documented in the man page, tested, never re-used. */
enum vg_exit {
	VG_EXIT_OK = 0,
	VG_EXIT_NEGATIVE = 1, /* a negative answer, a refused input */
	VG_EXIT_USAGE = 2,    /* command line or configuration */
	VG_EXIT_FAILURE = 3,
	VG_EXIT_VERIFICATION = 4, /* stored bytes do not match their digest */
	VG_EXIT_PARTIAL = 5,      /* some targets failed */
	VG_EXIT_BUSY = 6,         /* locked by another process */
	VG_EXIT_NETWORK = 7,      /* retry is sensible */
	VG_EXIT_INTERRUPTED = 130,
};
enum vg_exit vg_exit_code(enum vg_status status);

enum {
	VG_CMD_CASE = 1 << 0, /* needs a case: sets case_dir, loads its configuration */
	VG_CMD_CONF = 1 << 1, /* loads the configuration of a case if there is one */
	VG_CMD_STORE_RO = 1 << 2, /* opens the database of the case for reading */
	VG_CMD_STORE_RW = 1 << 3, /* or for writing */
	VG_CMD_HIDDEN = 1 << 4,   /* not listed */
	VG_CMD_FIND = 1 << 5,     /* sets case_dir when it is run inside of a case */
};

struct vg_cli;

struct vg_cmd {
	const char *name, *summary; /* one line without a full stop */
	const char
	    *usage; /* operands and main options, without "vigia NAME"; "" for none */
	const char *about;               /* paragraphs of --help, NULL for none */
	const char *examples;            /* lines of --help, NULL for none */
	const struct vg_option *options; /* NULL: none but the global ones */
	const struct vg_cmd *const
	    *commands; /* sub-commands, NULL-terminated; then run is NULL */
	const struct vg_content_row *content; /* with run == vg_content_run */
	const char *
	    json_fields; /* names that --json=a,b may select, divided by blanks; NULL: none */
	unsigned flags;
	int min_operands, max_operands; /* max -1: any number */
	/*
	 * VG_OK: exit with cli->exit_code. Otherwise main prints "vigia: <err->msg>" and cli->hint,
	 * and exits with cli->exit_code if it was set, else vg_exit_code(status).
	 */
	enum vg_status (*run)(struct vg_cli *cli, struct vg_error *err);
};

struct vg_cli {
	const struct vg_cmd *cmd;
	const char *path;          /* "html text": words that lead to cmd */
	struct vg_options options; /* of the command and global ones */
	char *const *operands;
	int operand_count;
	struct vg_vec lists;     /* char *: memory of operands that came from files */
	bool json;               /* --json */
	const char *json_fields; /* --json=a,b, checked; NULL: all */
	bool quiet;
	int verbose;
	bool color;             /* on standard output */
	bool color_err;         /* on standard error */
	char *case_dir;         /* absolute; NULL outside a case */
	struct vg_conf *conf;   /* NULL unless the flags ask */
	struct vg_store *store; /* NULL unless the flags ask */
	int exit_code;
	char hint[256]; /* a runnable command, or "" */
};

/* Every command, sorted by name, NULL-terminated. */
extern const struct vg_cmd *const vg_commands[];
/* Options every command takes. */
extern const struct vg_option vg_global_options[];

#define VG_OPTION_TABLES 4
/* The option rows of `cmd` (NULL: vigia itself), its own first, NULL-terminated. */
void vg_cmd_tables(
    const struct vg_cmd *cmd, const struct vg_option *ret[VG_OPTION_TABLES]);

/* Opens what `flags` (VG_CMD_…) ask for; main does so with cmd->flags. vg_cli_close() undoes it. */
VG_WARN_UNUSED enum vg_status vg_cli_open(
    struct vg_cli *cli, unsigned flags, struct vg_error *err);
void vg_cli_close(struct vg_cli *cli);

/* A wrong command line: sets the exit code to 2 and returns VG_E_INVALID. */
enum vg_status vg_cli_usage(
    struct vg_cli *cli, struct vg_error *err, const char *fmt, ...) VG_PRINTF(3, 4);
void vg_cli_hint(struct vg_cli *cli, const char *fmt, ...) VG_PRINTF(2, 3);
/* "vigia: <message>" on standard error, escaped; silent with --quiet when `level` is a notice. */
void vg_cli_notice(const struct vg_cli *cli, const char *fmt, ...) VG_PRINTF(2, 3);
/*
 * Prints and releases a finished buffer; `paged` sends a terminal's through the pager. Fails with the
 * buffer's own status (too large, out of memory), having printed nothing.
 */
VG_WARN_UNUSED enum vg_status vg_cli_print(
    const struct vg_cli *cli, struct vg_buf *out, bool paged, struct vg_error *err);

/* Directory of the lexicon tables: --lexicon, VIGIA_LEXICON_DIR, installed, build tree. */
const char *vg_cli_lexicon_dir(const struct vg_cli *cli);
/*
 * Directories of the plugins, divided by ':': --plugins, VIGIA_PLUGIN_DIR, else the user's own if there is
 * one and what was installed with vigia, or built beside it.
 */
const char *vg_cli_plugin_dir(const struct vg_cli *cli);
/* $XDG_DATA_HOME/vigia/plugins, which need not exist; PATH_MAX bytes. False without a home. */
bool vg_cli_user_plugin_dir(char *ret);

#endif
