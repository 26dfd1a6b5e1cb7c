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
#include "base/log.h"
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

struct plan {
	struct vg_cli *cli;
	const char *dir;
	char ini[PATH_MAX], db[PATH_MAX];
	bool dry;
};

/* One line of what is done: printed by --dry-run, logged otherwise. */
static void tell(const struct plan *p, const char *what, const char *path)
{
	if (p->dry)
		printf("%s %s\n", what, path);
	else
		vg_log(VG_LOG_INFO, "init", "%s %s", what, path);
}

static enum vg_status check_new(const struct plan *p, struct vg_error *err)
{
	if (access(p->ini, F_OK) != 0)
		return VG_OK;
	vg_cli_hint(p->cli, "vigia -C %s config check", p->dir);
	return vg_fail(
	    err, VG_E_INVALID, "%s is a case already; nothing was changed", p->dir);
}

static enum vg_status make_folder(const struct plan *p, struct vg_error *err)
{
	struct stat sb;
	enum vg_status st = VG_OK;

	if (stat(p->dir, &sb) == 0)
		return S_ISDIR(sb.st_mode)
			   ? VG_OK
			   : vg_fail(err, VG_E_IO, "%s: not a folder", p->dir);
	tell(p, "make", p->dir);
	if (!p->dry && mkdir(p->dir, 0700) != 0) {
		st = vg_fail_errno(err, errno, "%s", p->dir);
		vg_cli_hint(p->cli, "mkdir -p %s", p->dir);
	}
	return st;
}

/* The database first: a folder with only that is no case yet, and init can be repeated. */
static enum vg_status make_files(
    const struct plan *p, struct vg_str configuration, struct vg_error *err)
{
	bool is_left = access(p->db, F_OK) == 0;
	enum vg_status st = VG_OK;

	tell(p, is_left ? "keep" : "write", p->db);
	if (!p->dry)
		st = is_left ? check_database(p->db, err) : vg_store_create(p->db, err);
	if (st != VG_OK)
		return st;
	tell(p, "write", p->ini);
	if (!p->dry)
		st = write_new(p->ini, configuration, err);
	if (st != VG_OK)
		(void)unlink(p->db);
	return st;
}

static enum vg_status init(struct vg_cli *cli, struct vg_error *err)
{
	struct vg_buf text = VG_BUF_INIT(1 << 20);
	const char *contact = vg_option_str(&cli->options, "contact", NULL);
	struct plan p = {.cli = cli,
	    .dir = cli->operands[0],
	    .dry = vg_option_is_set(&cli->options, "dry-run")};
	int a = snprintf(p.ini, sizeof(p.ini), "%s/vigia.ini", p.dir);
	int b = snprintf(p.db, sizeof(p.db), "%s/vigia.db", p.dir);
	enum vg_status st;

	if (a < 0 || b < 0 || a >= PATH_MAX || b >= PATH_MAX)
		return vg_cli_usage(cli, err, "the path is too long");
	st = make_template(contact, &text, err);
	if (st != VG_OK) {
		cli->exit_code = VG_EXIT_USAGE;
		vg_cli_hint(cli, "vigia init %s --contact you@newsroom.example", p.dir);
	}
	if (st == VG_OK)
		st = check_new(&p, err);
	if (st == VG_OK)
		st = make_folder(&p, err);
	if (st == VG_OK)
		st = make_files(&p, vg_buf_str(&text), err);
	if (st == VG_OK && !p.dry) {
		vg_cli_notice(cli,
		    "case %s is ready; add sites to %s, then: vigia -C %s crawl", p.dir,
		    p.ini, p.dir);
		if (!contact)
			vg_cli_notice(cli,
			    "nothing is requested before [operator] contact is set");
	}
	vg_buf_release(&text);
	return st;
}

static const struct vg_option options[] = {
    {.name = "contact",
	.kind = VG_OPT_STR,
	.arg = "CONTACT",
	.help =
	    "your e-mail address or web page; part of the User-Agent of every request"},
    {.name = "dry-run",
	.kind = VG_OPT_FLAG,
	.help = "say what would be made, and make nothing"},
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
