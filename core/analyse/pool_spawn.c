/* SPDX-License-Identifier: MIT */
/* Birth of a worker: what it inherits from its coordinator, which is next to nothing. */
#include "config.h"

#include "analyse/pool_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "analyse/worker.h"
#include "base/io.h"
#include "plugin/plugin.h"

#define SOCKET_BYTES (512 << 10) /* asked for; the kernel may give less */

/* The variables a worker may see: what its libraries need, and nothing of the user's. */
static void fill_environment(char *ret[8])
{
	static const char *const kept[] = {"LD_LIBRARY_PATH=", "ASAN_OPTIONS=",
	    "LSAN_OPTIONS=", "UBSAN_OPTIONS=", "TSAN_OPTIONS="};
	static char locale[] = "LC_ALL=C.UTF-8";
	size_t n = 0;

	ret[n++] = locale;
	for (size_t k = 0; k < sizeof(kept) / sizeof(kept[0]); k++) {
		for (char **e = environ; e && *e; e++) {
			if (strncmp(*e, kept[k], strlen(kept[k])) == 0) {
				ret[n++] = *e;
				break;
			}
		}
	}
	ret[n] = NULL;
}

/* The worker's command line, ended by NULL; it borrows from the pool and `parent`. */
static char **make_argv(const struct vg_pool *p, const char *parent)
{
	const char *const fixed[] = {
	    "vigia", VG_WORKER_ARG, parent, p->lexicon_dir, p->plugin_dir};
	const size_t count = sizeof(fixed) / sizeof(fixed[0]);
	const char **argv = calloc(count + 3 * p->setting_count + 1, sizeof(*argv));
	size_t n = 0;
	char **ret;

	if (!argv)
		return NULL;
	for (; n < count; n++)
		argv[n] = fixed[n];
	for (size_t i = 0; i < p->setting_count; i++) {
		argv[n++] = p->settings[i].plugin;
		argv[n++] = p->settings[i].key;
		argv[n++] = p->settings[i].value;
	}
	/* posix_spawn() only reads, but its type says otherwise. */
	memcpy(&ret, &argv, sizeof(ret));
	return ret;
}

static int spawn_with(struct vg_pool *p, int child_fd, pid_t *ret_pid,
    posix_spawn_file_actions_t *files, posix_spawnattr_t *attr)
{
	char parent[24], **argv, *env[8];
	sigset_t none, all;
	int rc;

	snprintf(parent, sizeof(parent), "%ld", (long)getpid());
	argv = make_argv(p, parent);
	if (!argv)
		return ENOMEM;
	fill_environment(env);
	sigemptyset(&none);
	sigfillset(&all);
	rc = posix_spawn_file_actions_adddup2(files, child_fd, VG_WORKER_FD);
	if (rc == 0)
		rc = posix_spawn_file_actions_addopen(
		    files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	/* What a plugin prints must not end up between our answers. */
	if (rc == 0)
		rc = posix_spawn_file_actions_addopen(
		    files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	/* Its own process group: Ctrl-C is for the coordinator, which then ends its workers. */
	if (rc == 0)
		rc = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP |
							POSIX_SPAWN_SETSIGMASK |
							POSIX_SPAWN_SETSIGDEF);
	if (rc == 0)
		rc = posix_spawnattr_setsigmask(attr, &none);
	if (rc == 0)
		rc = posix_spawnattr_setsigdefault(attr, &all);
	if (rc == 0)
		rc = posix_spawn(ret_pid, p->self, files, attr, argv, env);
	free(argv);
	return rc;
}

enum vg_status vg_slot_spawn(struct vg_pool *p, struct vg_slot *s, struct vg_error *err)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int pair[2], rc, size = SOCKET_BYTES;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return vg_fail_errno(err, errno, "cannot make a socket for a worker");
	for (int i = 0; i < 2; i++)
		(void)setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	rc = fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0 ? errno : 0;
	if (rc == 0)
		rc = posix_spawn_file_actions_init(&files);
	if (rc == 0) {
		rc = posix_spawnattr_init(&attr);
		if (rc == 0) {
			rc = spawn_with(p, pair[1], &s->pid, &files, &attr);
			posix_spawnattr_destroy(&attr);
		}
		posix_spawn_file_actions_destroy(&files);
	}
	vg_close(&pair[1]);
	if (rc != 0) {
		vg_close(&pair[0]);
		return vg_fail_errno(err, rc, "cannot start %s", p->self);
	}
	s->fd = pair[0];
	return VG_OK;
}
