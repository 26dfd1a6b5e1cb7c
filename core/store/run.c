/* SPDX-License-Identifier: MIT */
/*
 * Runs that share a database. Each holds a lock on the byte of "<database>-lock" that its number names: the kernel
 * takes it away when the process ends, however it ends, so the others know at once whose leases are of the dead.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/vec.h"
#include "store/store_priv.h"

#define TURN 0              /* the byte of whoever waits for the database next */
#define TURN_NS 1000000L    /* between looks */
#define TURN_TRIES 60000    /* looks before one goes without */
#define MAX_RUNS (1u << 20) /* without an end */

static struct flock byte_of(int64_t run, short type)
{
	return (struct flock){
	    .l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)run, .l_len = 1};
}

static bool take_byte(const struct vg_store *s, int64_t run)
{
	struct flock lock = byte_of(run, F_WRLCK);

	return !fcntl(s->lock_fd, F_OFD_SETLK, &lock);
}

static void give_byte(const struct vg_store *s, int64_t run)
{
	struct flock lock = byte_of(run, F_UNLCK);

	(void)fcntl(s->lock_fd, F_OFD_SETLK, &lock);
}

/* What cannot be told counts as alive: its leases run out by themselves. */
static bool is_dead(const struct vg_store *s, int64_t run)
{
	struct flock lock = byte_of(run, F_WRLCK);

	return s->lock_fd >= 0 && !fcntl(s->lock_fd, F_OFD_GETLK, &lock) &&
	       lock.l_type == F_UNLCK;
}

/* `create` is 0 for who only looks whether there are runs. */
static enum vg_status open_locks(struct vg_store *s, int create, struct vg_error *err)
{
	struct vg_buf name = VG_BUF_INIT(4096);
	enum vg_status st;

	if (s->lock_fd >= 0)
		return VG_OK;
	vg_buf_addf(&name, "%s-lock", s->path);
	st = vg_buf_status(&name, err);
	if (st == VG_OK) {
		s->lock_fd = open(
		    vg_buf_cstr(&name), create | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (s->lock_fd < 0)
			st = vg_fail_errno(
			    err, errno, "%s: cannot open", vg_buf_cstr(&name));
	}
	vg_buf_release(&name);
	return st;
}

/*
 * SQLite gives its lock to whoever asks at the right moment; one that commits and begins again would keep it.
 * Only one process at a time may wait for it, and that one has it next.
 */
enum vg_status vg_run_wait_turn(
    struct vg_store *s, const char *file, int line, struct vg_error *err)
{
	const struct timespec pause = {.tv_nsec = TURN_NS};
	bool turn = false;
	enum vg_status st = open_locks(s, 0, NULL);
	int tries = st == VG_OK ? TURN_TRIES : 0;

	for (int i = 0; !turn && i < tries; i++) {
		turn = take_byte(s, TURN);
		if (!turn)
			(void)nanosleep(&pause, NULL);
	}
	st = vg_db_begin(s->db, file, line, err);
	if (turn)
		give_byte(s, TURN);
	return st;
}

enum vg_status vg_store_peers(
    struct vg_store *s, struct vg_peers *ret, struct vg_error *err)
{
	struct vg_peers peers = {0};
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_RUN_OTHERS, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, s->run);
	while ((st = vg_stmt_step(q, err)) == VG_OK) {
		if (is_dead(s, vg_column_int(q, 0))) {
			peers.dead++;
			continue;
		}
		peers.alive++;
		peers.busy += !vg_column_int(q, 1);
	}
	vg_stmt_end(q);
	if (st == VG_E_NOT_FOUND) {
		*ret = peers;
		st = VG_OK;
	}
	return st;
}

static enum vg_status find_dead(
    struct vg_store *s, struct vg_vec *ret, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_RUN_OTHERS, &q, err);

	if (st != VG_OK)
		return st;
	vg_bind_int(q, 1, s->run);
	while ((st = vg_stmt_step(q, err)) == VG_OK) {
		int64_t *run;

		if (!is_dead(s, vg_column_int(q, 0)))
			continue;
		run = vg_vec_push(ret);
		if (!run) {
			st = vg_fail(err, VG_E_NOMEM, "out of memory");
			break;
		}
		*run = vg_column_int(q, 0);
	}
	vg_stmt_end(q);
	return st == VG_E_NOT_FOUND ? VG_OK : st;
}

enum vg_status vg_store_bury(struct vg_store *s, int64_t now, struct vg_error *err)
{
	struct vg_vec dead = VG_VEC_INIT(int64_t, MAX_RUNS, NULL);
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = find_dead(s, &dead, err);
	for (size_t i = 0; st == VG_OK && i < dead.len; i++) {
		int64_t run = *(int64_t *)vg_vec_at(&dead, i);

		st = vg_store_run_ints(
		    s, VG_SQL_HOST_BREAK_LEASES, &run, 1, NULL, err);
		if (st == VG_OK)
			st = vg_store_run_end(s, run, now, VG_STR("killed"), err);
	}
	vg_vec_release(&dead);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_run_begin(struct vg_store *s, int64_t now, struct vg_str what,
    int64_t *ret_run, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	int64_t run = 0;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = open_locks(s, O_CREAT, err);
	if (st == VG_OK)
		st = vg_store_bury(s, now, err);
	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_RUN_ADD, &q, err);
	if (st == VG_OK) {
		vg_bind_text(q, 1, what);
		vg_bind_int(q, 2, now);
		st = vg_stmt_int(q, &run, err);
	}
	if (st == VG_OK && !take_byte(s, run))
		st = vg_fail(err, VG_E_BUSY,
		    "%s-lock: the lock of this run is held or cannot be had (%s); try "
		    "again",
		    s->path, strerror(errno));
	if (st == VG_OK) {
		s->run = *ret_run = run;
		vg_db_be_patient(s->db);
	}
	return vg_store_settle(s, st);
}

enum vg_status vg_store_run_site(
    struct vg_store *s, struct vg_str site, struct vg_error *err)
{
	int64_t refs[] = {s->run, 0};
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_store_site(s, site, &refs[1], err);
	if (st == VG_OK)
		st = vg_store_run_ints(s, VG_SQL_RUN_SITE, refs, 2, NULL, err);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_run_idle(struct vg_store *s, bool idle, struct vg_error *err)
{
	const int64_t values[] = {s->run, idle};
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_store_run_ints(s, VG_SQL_RUN_IDLE, values, 2, NULL, err);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_clock_set_back(
    struct vg_store *s, int64_t now, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_store_check_open(s, err);

	/* Few runs against many URLs: these are read only when there is need. */
	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_RUN_AHEAD, &q, err);
	if (st == VG_OK) {
		vg_bind_int(q, 1, now);
		st = vg_stmt_step(q, err);
		vg_stmt_end(q);
	}
	if (st == VG_E_NOT_FOUND)
		return VG_OK;
	if (st == VG_OK)
		st = vg_store_run_ints(s, VG_SQL_URL_AHEAD, &now, 1, NULL, err);
	return vg_store_settle(s, st);
}

enum vg_status vg_store_last_run(struct vg_store *s, struct vg_str site,
    int64_t *ret_started, char ret_outcome[16], struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_db_prepare(s->db, VG_SQL_RUN_LAST, &q, err);

	if (st == VG_OK) {
		vg_bind_text(q, 1, site);
		st = vg_stmt_step(q, err);
	}
	if (st == VG_OK) {
		struct vg_str outcome = vg_column_str(q, 1);
		size_t len = outcome.len < 15 ? outcome.len : 15;

		*ret_started = vg_column_int(q, 0);
		if (len)
			memcpy(ret_outcome, outcome.ptr, len);
		ret_outcome[len] = '\0';
	}
	vg_stmt_end(q);
	return st;
}

enum vg_status vg_store_run_end(struct vg_store *s, int64_t run, int64_t now,
    struct vg_str outcome, struct vg_error *err)
{
	struct vg_stmt *q = NULL;
	enum vg_status st = vg_store_check_open(s, err);

	if (st == VG_OK)
		st = vg_db_prepare(s->db, VG_SQL_RUN_END, &q, err);
	if (st == VG_OK) {
		vg_bind_int(q, 1, run);
		vg_bind_int(q, 2, now);
		vg_bind_text(q, 3, outcome);
		st = vg_stmt_run(q, NULL, err);
	}
	return vg_store_settle(s, st);
}
