/* SPDX-License-Identifier: MIT */
/* What pool.c (queue, run loop) and pool_slot.c (one worker) share. Internal to analyse/. */
#ifndef VG_ANALYSE_POOL_PRIV_H
#define VG_ANALYSE_POOL_PRIV_H

#include <sys/types.h>

#include "analyse/pool.h"
#include "analyse/wire.h"

#define VG_SLOT_JOBS                                                                   \
	2 /* one at work and one in the socket, so that the worker never waits */
#define VG_JOB_TRIES 2u   /* in how many workers a task may die */
#define VG_START_TRIES 3u /* failed starts in a row before the first that succeeded */
#define VG_RESTART_TRIES                                                               \
	10u /* and after it: memory or processes may run short for a while */

/* A submitted task, laid out as the frame that is sent. */
struct vg_job {
	struct vg_job *next;
	uint64_t tag;
	unsigned deaths;     /* of workers that had it at work */
	struct vg_task task; /* slices of `frame` */
	size_t len;
	uint8_t frame[];
};

enum vg_slot_state {
	VG_SLOT_DOWN,     /* no process; started when there is work */
	VG_SLOT_STARTING, /* a process that has not said hello */
	VG_SLOT_READY,
};

/* The place of one worker; processes come and go in it. */
struct vg_slot {
	enum vg_slot_state state;
	pid_t pid;   /* > 0 when not down */
	int fd;      /* >= 0 when not down */
	int64_t due; /* monotonic: when the hello or the job at work is overdue */
	/* The job at work and the next one; when down, at most one that waits for its second try. */
	struct vg_job *job[VG_SLOT_JOBS];
	size_t jobs;
	size_t sending, sent; /* index of the job being written, bytes of it written */
	unsigned tasks;       /* answered by this process */
	struct vg_decoder in;
};

struct vg_pool {
	char *self;
	char *lexicon_dir, *plugin_dir; /* "" when not loaded */
	const struct vg_plugin_setting *settings;
	size_t setting_count;
	int deadline_ms;
	vg_pool_done *done;
	void *ctx;
	struct vg_analyser *analyser; /* in this process; NULL with workers */
	int wake; /* with it: an eventfd that is readable while jobs wait */
	struct vg_answer answer; /* with it: memory of the last answer */
	struct vg_slot *slots;
	size_t slot_count;
	struct pollfd *fds;
	struct vg_job *first, *last; /* waiting for a worker */
	size_t waiting, pending, capacity;
	uint64_t finished, lost;
	bool running;         /* inside vg_pool_run: callbacks must not move slots */
	unsigned start_fails; /* in a row */
	int64_t start_due;    /* monotonic: no start before */
	bool greeted; /* a worker has said hello: what follows must say the same */
	struct vg_buf hello[VG_FRAME_PARTS]; /* its words, by VG_HELLO_ */
	struct vg_error broken; /* when set, no worker can be started any more */
};

/* pool.c */
void vg_pool_finish(struct vg_pool *p, struct vg_job *job, struct vg_answer *answer);
void vg_pool_unshift(struct vg_pool *p, struct vg_job *job);

/* pool_spawn.c: a new process, its id and our end of its socket in the slot. */
VG_WARN_UNUSED enum vg_status vg_slot_spawn(
    struct vg_pool *p, struct vg_slot *s, struct vg_error *err);

/* pool_slot.c. None of these fails: what goes wrong ends in a lost worker, and at last in p->broken. */
void vg_slot_start(struct vg_pool *p, struct vg_slot *s, int64_t now);
void vg_slot_give(
    struct vg_pool *p, struct vg_slot *s, struct vg_job *job, int64_t now);
void vg_slot_write(struct vg_slot *s);
void vg_slot_read(struct vg_pool *p, struct vg_slot *s, int64_t now);
void vg_slot_expire(struct vg_pool *p, struct vg_slot *s, int64_t now);
bool vg_slot_unsent(const struct vg_slot *s);
/* Whether the process has served long enough or grown too much to get more work. */
bool vg_slot_worn(const struct vg_slot *s);
void vg_slot_kill(struct vg_slot *s);  /* an idle process, at once */
void vg_slot_close(struct vg_slot *s); /* asks the process to end; then reap */
void vg_slot_reap(struct vg_slot *s);  /* waits for its end, kills when it takes long */

#endif
