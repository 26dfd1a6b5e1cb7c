/* SPDX-License-Identifier: MIT */
/* The walls around a worker: prctl, resource limits, Landlock, seccomp. */
#include "config.h"

#include "analyse/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __has_include
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif
#endif
#if defined HAVE_SECCOMP && !defined VG_SANITIZED
#include <seccomp.h>
#endif

#include "base/limits.h"

enum vg_status vg_sandbox_enter(int parent_pid, struct vg_error *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return vg_fail_errno(err, errno, "cannot give up new privileges");
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		return vg_fail_errno(err, errno, "cannot tie the worker to its parent");
	if (getppid() != parent_pid)
		return vg_fail(err, VG_E_STOP, "the worker's parent is gone");
	return VG_OK;
}

/* The leak check at exit reads /proc. */
#if defined LANDLOCK_CREATE_RULESET_VERSION && !defined VG_SANITIZED
/* An empty ruleset: every right it names is denied everywhere. */
static unsigned close_landlock(void)
{
	/* All rights of ABI 1, which every kernel with Landlock knows. */
	const struct landlock_ruleset_attr attr = {
	    .handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1,
	};
	long ruleset = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	long rc;

	if (ruleset < 0)
		return 0;
	rc = syscall(SYS_landlock_restrict_self, (int)ruleset, 0);
	close((int)ruleset);
	return rc == 0 ? VG_SANDBOX_LANDLOCK : 0;
}
#else
static unsigned close_landlock(void)
{
	return 0;
}
#endif

#ifdef VG_SANITIZED
/* The sanitizers' shadow memory, reports and leak check need what the limits and the filter deny. */
static enum vg_status close_rlimits(unsigned *held, struct vg_error *err)
{
	(void)held, (void)err;
	return VG_OK;
}
#else
static enum vg_status close_rlimits(unsigned *held, struct vg_error *err)
{
	static const struct {
		__rlimit_resource_t what;
		rlim_t most;
	} limits[] = {
	    {RLIMIT_AS, VG_MAX_WORKER_AS},
	    {RLIMIT_NOFILE, 0},
	    {RLIMIT_FSIZE, 0},
	    {RLIMIT_NPROC, 0},
	    {RLIMIT_CORE, 0},
	    {RLIMIT_MEMLOCK, 0},
	    {RLIMIT_MSGQUEUE, 0},
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit r = {limits[i].most, limits[i].most};

		if (setrlimit(limits[i].what, &r) != 0)
			return vg_fail_errno(
			    err, errno, "cannot limit the worker's resources");
	}
	/* No debugger, no /proc/PID/mem: not even from another process of the same user. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return vg_fail_errno(err, errno, "cannot make the worker undumpable");
	*held |= VG_SANDBOX_RLIMITS;
	return VG_OK;
}
#endif

#if defined HAVE_SECCOMP && !defined VG_SANITIZED
/* Calls of computing, without arguments that could reach outside the process. */
static const int allowed[] = {
    SCMP_SYS(brk), SCMP_SYS(clock_getres), SCMP_SYS(clock_gettime), SCMP_SYS(exit),
    SCMP_SYS(exit_group), SCMP_SYS(futex), SCMP_SYS(getpid), SCMP_SYS(getrandom),
    SCMP_SYS(getrusage), SCMP_SYS(gettid), SCMP_SYS(gettimeofday), SCMP_SYS(madvise),
    SCMP_SYS(mremap), SCMP_SYS(munmap), SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_yield),
    SCMP_SYS(sysinfo), /* glibc's qsort() asks how much memory there is */
};

/* What glibc asks of a stream or a terminal in passing: refused, not fatal. */
static const int refused[] = {
    SCMP_SYS(fstat),
    SCMP_SYS(ioctl),
    SCMP_SYS(lseek),
    SCMP_SYS(newfstatat),
};

static int add_rules(scmp_filter_ctx filter, int fd)
{
	/* Written out: the macros of seccomp.h leave a member uninitialised. */
	const struct scmp_arg_cmp on_fd = {
	    .arg = 0, .op = SCMP_CMP_EQ, .datum_a = (scmp_datum_t)fd};
	const struct scmp_arg_cmp streams[] = {
	    {.arg = 0, .op = SCMP_CMP_EQ, .datum_a = STDOUT_FILENO},
	    {.arg = 0, .op = SCMP_CMP_EQ, .datum_a = STDERR_FILENO}};
	const struct scmp_arg_cmp own_pid = {
	    .arg = 0, .op = SCMP_CMP_EQ, .datum_a = (scmp_datum_t)getpid()};
	const struct scmp_arg_cmp no_exec = {
	    .arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = 0};
	const struct scmp_arg_cmp exec = {.arg = 2,
	    .op = SCMP_CMP_MASKED_EQ,
	    .datum_a = PROT_EXEC,
	    .datum_b = PROT_EXEC};
	static const int on_socket[] = {SCMP_SYS(read), SCMP_SYS(recvfrom),
	    SCMP_SYS(recvmsg), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(sendto),
	    SCMP_SYS(sendmsg), SCMP_SYS(shutdown)};
	static const int mapping[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
	int rc = 0;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]) && rc == 0; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]) && rc == 0; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
	for (size_t i = 0; i < sizeof(on_socket) / sizeof(on_socket[0]) && rc == 0; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, on_socket[i], 1, on_fd);
	for (size_t i = 0; i < sizeof(mapping) / sizeof(mapping[0]) && rc == 0; i++) {
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, mapping[i], 1, no_exec);
		if (rc == 0)
			rc = seccomp_rule_add(
			    filter, SCMP_ACT_ERRNO(EACCES), mapping[i], 1, exec);
	}
	/* What is printed goes nowhere, but is no crime; abort() must look like one. */
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]) && rc == 0; i++) {
		rc = seccomp_rule_add(
		    filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, streams[i]);
		if (rc == 0)
			rc = seccomp_rule_add(
			    filter, SCMP_ACT_ALLOW, SCMP_SYS(writev), 1, streams[i]);
	}
	if (rc == 0)
		rc = seccomp_rule_add(
		    filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, own_pid);
	return rc;
}

static enum vg_status close_seccomp(int fd, unsigned *held, struct vg_error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc = filter ? add_rules(filter, fd) : -ENOMEM;

	if (rc == 0)
		rc = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	if (rc != 0)
		return vg_fail_errno(err, -rc, "cannot confine the worker by seccomp");
	*held |= VG_SANDBOX_SECCOMP;
	return VG_OK;
}
#else
static enum vg_status close_seccomp(int fd, unsigned *held, struct vg_error *err)
{
	(void)fd, (void)held, (void)err;
	return VG_OK;
}
#endif

enum vg_status vg_sandbox_close(int fd, unsigned *ret_held, struct vg_error *err)
{
	unsigned held = 0;
	enum vg_status st;

#ifndef VG_SANITIZED
	/* A worker in foreign hands must not write control sequences to a terminal. */
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 ||
	    dup2(nowhere, STDERR_FILENO) < 0)
		return vg_fail_errno(err, errno, "cannot redirect standard error");
	close(nowhere);
#endif
	held |= close_landlock();
	st = close_rlimits(&held, err);
	if (st == VG_OK)
		st = close_seccomp(fd, &held, err);
	if (st == VG_OK)
		*ret_held = held;
	return st;
}
