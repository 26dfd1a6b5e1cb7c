/* SPDX-License-Identifier: MIT */
/* Status codes and the caller-owned error that carries their detail. */
#ifndef VG_BASE_STATUS_H
#define VG_BASE_STATUS_H

/*
 * Every fallible function returns one of these: 0 is success, all else negative.
 * NOT_FOUND, AGAIN and STOP are answers, not faults: nobody logs them.
 */
enum vg_status {
	VG_OK = 0,
	VG_E_NOMEM = -1,        /* out of memory */
	VG_E_INVALID = -2,      /* the input is not what this function reads */
	VG_E_TOO_LARGE = -3,    /* a size limit was met */
	VG_E_LIMIT = -4,        /* a time, step or count limit was met */
	VG_E_IO = -5,           /* the system refused: see sys_errno */
	VG_E_NOT_FOUND = -6,    /* nothing by that name */
	VG_E_AGAIN = -7,        /* nothing now: call again later */
	VG_E_STOP = -8,         /* stopped on request */
	VG_E_DENIED = -9,       /* refused by a rule (robots, scope, address guard) */
	VG_E_UNSUPPORTED = -10, /* understood, but not offered */
	VG_E_NETWORK = -11,  /* the network or the far end failed: retry is sensible */
	VG_E_CORRUPT = -12,  /* stored data does not match its digest or format */
	VG_E_BUSY = -13,     /* locked by another process */
	VG_E_INTERNAL = -14, /* a defect, or a helper process that died */
};

#define VG_WARN_UNUSED __attribute__((warn_unused_result))
#define VG_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Detail of a failure, in storage of the caller. No heap, so it works when out of memory. */
struct vg_error {
	enum vg_status status;
	int sys_errno; /* 0 when no system call was at fault */
	char msg[256]; /* one line, no full stop, cut when longer */
};

/* Stable lower-case name ("invalid", "too_large"): the `error` word of batch answers. */
const char *vg_status_name(enum vg_status status);

/*
 * Sets *err (NULL allowed) and returns `status`, so that a failure is one statement:
 *	return vg_fail(err, VG_E_INVALID, "port is not a number");
 */
enum vg_status vg_fail(
    struct vg_error *err, enum vg_status status, const char *fmt, ...) VG_PRINTF(3, 4);

/* As vg_fail with status VG_E_IO; appends strerror(sys_errno) to the message. */
enum vg_status vg_fail_errno(struct vg_error *err, int sys_errno, const char *fmt, ...)
    VG_PRINTF(3, 4);

/* Puts "prefix: " before the message as the error rises. NULL allowed. */
void vg_error_prefix(struct vg_error *err, const char *fmt, ...) VG_PRINTF(2, 3);

#endif
