/* SPDX-License-Identifier: MIT */
/* Finding and opening the case a command works on, and the folders of tables and plugins. */
#include "config.h"

#include "cli/command.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/conf.h"
#include "store/store.h"

static bool is_case(const char *dir)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/vigia.ini", dir);

	if (n < 0 || (size_t)n >= sizeof(path) || access(path, F_OK) != 0)
		return false;
	n = snprintf(path, sizeof(path), "%s/vigia.db", dir);
	return n > 0 && (size_t)n < sizeof(path) && access(path, F_OK) == 0;
}

/* The nearest folder upwards that is a case, or NULL. */
static char *find_upwards(void)
{
	char *dir = getcwd(NULL, 0);

	while (dir && !is_case(dir)) {
		char *slash = strrchr(dir, '/');

		if (!slash || strcmp(dir, "/") == 0) {
			free(dir);
			return NULL;
		}
		slash[slash == dir] = '\0';
	}
	return dir;
}

static enum vg_status find_case(struct vg_cli *cli, bool needed, struct vg_error *err)
{
	const char *named = vg_option_str(&cli->options, "case", getenv("VIGIA_CASE"));

	if (named && *named) {
		cli->case_dir = realpath(named, NULL);
		if (!cli->case_dir) {
			cli->exit_code = VG_EXIT_USAGE;
			vg_cli_hint(cli, "vigia init %s", named);
			return vg_fail_errno(err, errno, "case %s", named);
		}
		if (!is_case(cli->case_dir)) {
			vg_cli_hint(cli, "vigia init %s", named);
			return vg_cli_usage(cli, err,
			    "%s is no case: vigia.ini or vigia.db is missing", named);
		}
		return VG_OK;
	}
	cli->case_dir = find_upwards();
	if (!cli->case_dir && needed) {
		vg_cli_hint(cli,
		    "vigia init DIR --contact EMAIL, or vigia %s --case DIR",
		    cli->path);
		return vg_cli_usage(
		    cli, err, "%s: not inside a case, and no --case", cli->path);
	}
	return VG_OK;
}

static enum vg_status open_store(
    struct vg_cli *cli, enum vg_store_mode mode, struct vg_error *err)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/vigia.db", cli->case_dir);

	if (n < 0 || (size_t)n >= sizeof(path))
		return vg_fail(err, VG_E_INVALID, "the path of the case is too long");
	return vg_store_open(path, mode, &cli->store, err);
}

enum vg_status vg_cli_open(struct vg_cli *cli, unsigned flags, struct vg_error *err)
{
	bool needed = flags & (VG_CMD_CASE | VG_CMD_STORE_RO | VG_CMD_STORE_RW);
	enum vg_status st = VG_OK;

	if (!cli->case_dir && (needed || flags & (VG_CMD_CONF | VG_CMD_FIND)))
		st = find_case(cli, needed, err);
	if (st == VG_OK && flags & (VG_CMD_CASE | VG_CMD_CONF)) {
		st = vg_conf_load(
		    cli->case_dir, (const char *const *)environ, &cli->conf, err);
		if (st == VG_E_INVALID) {
			cli->exit_code = VG_EXIT_USAGE;
			vg_cli_hint(cli, "vigia config --defaults");
		}
	}
	if (st == VG_OK && flags & (VG_CMD_STORE_RO | VG_CMD_STORE_RW))
		st = open_store(
		    cli, flags & VG_CMD_STORE_RW ? VG_STORE_WRITE : VG_STORE_READ, err);
	return st;
}

void vg_cli_close(struct vg_cli *cli)
{
	vg_store_close(cli->store);
	cli->store = NULL;
	vg_conf_free(cli->conf);
	cli->conf = NULL;
	free(cli->case_dir);
	cli->case_dir = NULL;
	for (size_t i = 0; i < cli->lists.len; i++)
		free(*(char **)vg_vec_at(&cli->lists, i));
	vg_vec_release(&cli->lists);
}

/* The folder of the running binary when it lies in a build tree, else "". */
static const char *build_dir(void)
{
	static char dir[PATH_MAX];
	char mark[PATH_MAX + 32];
	ssize_t n = readlink("/proc/self/exe", dir, sizeof(dir) - 1);
	char *slash;

	dir[n > 0 ? n : 0] = '\0';
	slash = strrchr(dir, '/');
	if (!slash)
		return "";
	*slash = '\0';
	(void)snprintf(mark, sizeof(mark), "%s/config.status", dir);
	return access(mark, F_OK) == 0 ? dir : "";
}

/* The first that exists of the environment's, the build tree's and the installed folder. */
static const char *choose_dir(char path[PATH_MAX], const char *variable,
    const char *const *beside, const char *installed)
{
	const char *named = getenv(variable);
	const char *build = build_dir();

	if (named && *named)
		return named;
	for (; *build && *beside; beside++) {
		int n = snprintf(path, PATH_MAX, "%s/%s", build, *beside);

		if (n > 0 && n < PATH_MAX && access(path, F_OK) == 0)
			return path;
	}
	return installed;
}

const char *vg_cli_lexicon_dir(const struct vg_cli *cli)
{
	static const char *const beside[] = {
	    "plugins/lexicon", "../plugins/lexicon", NULL};
	static char path[PATH_MAX];
	const char *named = vg_option_str(&cli->options, "lexicon", NULL);

	return named ? named
		     : choose_dir(path, "VIGIA_LEXICON_DIR", beside, VG_LEXICON_DIR);
}

bool vg_cli_user_plugin_dir(char *ret)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	int n = -1;

	if (data && data[0] == '/')
		n = snprintf(ret, PATH_MAX, "%s/vigia/plugins", data);
	else if (home && home[0] == '/')
		n = snprintf(ret, PATH_MAX, "%s/.local/share/vigia/plugins", home);
	return n > 0 && n < PATH_MAX;
}

const char *vg_cli_plugin_dir(const struct vg_cli *cli)
{
	static const char *const beside[] = {"plugins/.libs", NULL};
	static char path[PATH_MAX], absolute[PATH_MAX], both[2 * PATH_MAX + 2];
	const char *named = vg_option_str(&cli->options, "plugins", NULL);
	const char *variable = getenv("VIGIA_PLUGIN_DIR");
	bool chosen = named || (variable && *variable);
	char user[PATH_MAX];

	if (!named)
		named = choose_dir(path, "VIGIA_PLUGIN_DIR", beside, VG_PLUGIN_DIR);
	/* The loader takes absolute folders only; what does not exist is its to report. */
	if (realpath(named, absolute))
		named = absolute;
	if (chosen || !vg_cli_user_plugin_dir(user) || access(user, R_OK) != 0)
		return named;
	(void)snprintf(both, sizeof(both), "%s:%s", user, named);
	return both;
}
