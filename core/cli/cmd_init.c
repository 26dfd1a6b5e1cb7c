/* SPDX-License-Identifier: MIT */
/* vigia init DIR: a new case, its commented configuration and its database. Never overwrites. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/commands.h"
#include "conf/conf.h"
#include "store/store.h"

/* Writes the file only if there is none: O_EXCL decides, not a look beforehand. */
static enum vg_status write_new(
    const char *path, struct vg_str bytes, struct vg_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum vg_status st;

	if (fd < 0)
		return vg_fail_errno(err, errno, "%s", path);
	st = vg_write_all(fd, bytes, err);
	if (st == VG_OK && fsync(fd) != 0)
		st = vg_fail_errno(err, errno, "%s", path);
	vg_close(&fd);
	if (st != VG_OK)
		(void)unlink(path);
	return st;
}

/* The template, after the reader has read it: a contact that it refuses never gets written. */
static enum vg_status make_template(
    const char *contact, struct vg_buf *ret, struct vg_error *err)
{
	struct vg_conf *conf = NULL;
	enum vg_status st;

	vg_conf_write_template(ret, contact, true);
	st = vg_buf_status(ret, err);
	if (st == VG_OK)
		st = vg_conf_parse("vigia.ini", vg_buf_str(ret), &conf, err);
	vg_conf_free(conf);
	return st;
}

/* The database that an interrupted init left. */
static enum vg_status check_database(const char *db, struct vg_error *err)
{
	struct vg_store *store = NULL;
	enum vg_status st = vg_store_open(db, VG_STORE_WRITE, &store, err);

	vg_store_close(store);
	return st;
}

static enum vg_status make_dir(const char *dir, struct vg_error *err)
{
	struct stat sb;

	if (mkdir(dir, 0700) == 0)
		return VG_OK;
	if (errno != EEXIST)
		return vg_fail_errno(err, errno, "%s", dir);
	if (stat(dir, &sb) != 0)
		return vg_fail_errno(err, errno, "%s", dir);
	return S_ISDIR(sb.st_mode) ? VG_OK
				   : vg_fail(err, VG_E_IO, "%s: not a folder", dir);
}

static enum vg_status init(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(1 << 20);
	const char *dir = cli->operands[0];
	const char *contact = vg_option_str(&cli->options, "contact", NULL);
	char ini[PATH_MAX], db[PATH_MAX];
	int a = snprintf(ini, sizeof(ini), "%s/vigia.ini", dir);
	int b = snprintf(db, sizeof(db), "%s/vigia.db", dir);
	enum vg_status st;

	if (a < 0 || b < 0 || a >= PATH_MAX || b >= PATH_MAX)
		return vg_cli_usage(cli, err, "the path is too long");
	st = make_template(contact, &text, err);
	if (st != VG_OK) {
		cli->exit_code = VG_EXIT_USAGE;
		vg_cli_hint(cli, "vigia init %s --contact you@newsroom.example", dir);
		goto out;
	}
	st = make_dir(dir, err);
	if (st != VG_OK)
		goto out;
	if (access(ini, F_OK) == 0) {
		vg_cli_hint(cli, "vigia -C %s config check", dir);
		st = vg_fail(err, VG_E_INVALID,
		    "%s is a case already; nothing was changed", dir);
		goto out;
	}
	/* The database first: a folder with only that is no case yet, and init can be repeated. */
	st = access(db, F_OK) == 0 ? check_database(db, err) : vg_store_create(db, err);
	if (st == VG_OK) {
		st = write_new(ini, vg_buf_str(&text), err);
		if (st != VG_OK)
			(void)unlink(db);
	}
	if (st == VG_OK)
		vg_cli_notice(cli,
		    "case %s is ready; add sites to %s, then: vigia -C %s crawl", dir,
		    ini, dir);
	if (st == VG_OK && !contact)
		vg_cli_notice(
		    cli, "nothing is requested before [operator] contact is set");
out:
	vg_buf_release(&text);
	return st;
}

static const struct vg_option options[] = {
    {.name = "contact",
	.kind = VG_OPT_STR,
	.arg = "CONTACT",
	.help =
	    "your e-mail address or web page; part of the User-Agent of every request"},
    {.name = NULL},
};

const struct vg_cmd vg_cmd_init = {
    .name = "init",
    .summary = "make a case: a folder with vigia.ini and vigia.db",
    .usage = "DIR [--contact CONTACT]",
    .about = "DIR is made if need be. What is there already is never overwritten.",
    .examples = "  vigia init cancun --contact desk@newsroom.example\n",
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
    .run = init,
};
